"""Run by the Python of ``.venv-oscal``: says what compliance-trestle objects to in the files of a folder.

``python judged_by_trestle.py FOLDER WORKSPACE PROFILE`` takes every JSON file into a workspace of trestle,
as its command line does, has trestle validate all of them together, and prints how many controls the
profile chooses.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from trestle.cli import run
from trestle.core.profile_resolver import ProfileResolver


def called(*words: str) -> None:
    """One command of trestle; stops where it fails."""
    sys.argv = ["trestle", *words]
    try:
        run()
    except SystemExit as stop:
        if stop.code:
            raise


def main(folder: Path, workspace: Path, profile: str) -> None:
    """Stops with an error at the first objection."""
    files, outside = workspace / "files", workspace.with_name(f"{workspace.name}-files")
    for place in (files, outside):
        place.mkdir(parents=True)
    written = {file.name: file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.json"))}
    for name, text in written.items():
        # Of files beside each other, trestle knows only those in its workspace, by an address of its own.
        for other in written:
            text = text.replace(f'"href": "{other}"', f'"href": "trestle://files/{other}"')
        for place in (files, outside):
            (place / name).write_text(text, encoding="utf-8")
    called("init", "--trestle-root", str(workspace), "--local")
    for name in written:
        # Import reads every part of the document by its model, and validates it.
        file = str(outside / name)
        called("import", "--trestle-root", str(workspace), "--file", file, "--output", Path(name).stem)
    called("validate", "--trestle-root", str(workspace), "--all")
    resolved = ProfileResolver.get_resolved_profile_catalog(workspace, str(files / profile))
    print(f"controls: {controls_in(resolved)}")


def controls_in(part: Any) -> int:
    """How many controls are in a catalogue or group, and in the groups within."""
    groups = getattr(part, "groups", None) or []
    return len(getattr(part, "controls", None) or []) + sum(controls_in(group) for group in groups)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
