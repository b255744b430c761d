"""Settings of one installation, read once from the environment."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from compliance.errors import Misconfigured
from compliance.language import Text

KEY_FILE = "secret.key"
"""Name of the key file under the data folder; ``nachweis init`` makes it."""

_SHORTEST_KEY = 32


@dataclass(frozen=True)
class Settings:
    """Everything an installation needs to know about its surroundings."""

    database: str
    """SQLAlchemy address of the database."""
    data: Path
    """Folder for the key file and everything that is not in the database."""
    secret_key: str
    """At least 32 characters; every other key is derived from it."""
    former_keys: tuple[str, ...] = ()
    """Secret keys used before; what they sealed can still be opened, see ``nachweis key reseal``."""
    https: bool = False
    """Whether people reach the application by https only; cookies are then marked secure."""
    smtp: str = ""
    """Address of the mail server, see :mod:`compliance.mail`; without one nothing is sent."""
    mail_from: str = ""
    """Who messages come from."""
    proxies: int = 0
    """How many trusted proxies stand in front and name the sender of a request."""
    address: str = ""
    """Where people reach the application, for links in messages."""
    files: str = ""
    """fsspec address of attached files, such as ``s3://bucket/prefix``; by default a folder under *data*."""

    @property
    def files_address(self) -> str:
        """Where attached files lie."""
        return self.files or str((self.data / "files").resolve())

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] = os.environ, *, make_key: bool = False) -> Settings:
        """The settings that *environ* describes.

        With *make_key*, a missing key file is created. Raises
        :class:`Misconfigured` naming every missing variable at once.
        """
        missing = [name for name in ("NACHWEIS_DATABASE", "NACHWEIS_DATA") if not environ.get(name)]
        if missing:
            raise Misconfigured(_MISSING.format(names=", ".join(missing)))
        data = Path(environ["NACHWEIS_DATA"])
        key = environ.get("NACHWEIS_SECRET_KEY") or _key_from_file(data, make_key=make_key)
        if len(key) < _SHORTEST_KEY:
            raise Misconfigured(_SHORT_KEY.format(length=_SHORTEST_KEY))
        https = environ.get("NACHWEIS_HTTPS", "") not in ("", "0", "no")
        return cls(
            database=environ["NACHWEIS_DATABASE"],
            data=data,
            secret_key=key,
            former_keys=tuple(environ.get("NACHWEIS_FORMER_KEYS", "").split()),
            https=https,
            smtp=environ.get("NACHWEIS_SMTP", ""),
            mail_from=environ.get("NACHWEIS_MAIL_FROM", ""),
            proxies=_whole(environ.get("NACHWEIS_PROXIES", "0")),
            address=environ.get("NACHWEIS_ADDRESS", ""),
            files=environ.get("NACHWEIS_FILES", ""),
        )


def _whole(text: str) -> int:
    if not text.isdecimal():
        raise Misconfigured(_NO_COUNT.format(text=text))
    return int(text)


def _key_from_file(data: Path, *, make_key: bool) -> str:
    path = data / KEY_FILE
    if not path.exists():
        if not make_key:
            raise Misconfigured(_NO_KEY.format(path=str(path)))
        data.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48) + "\n", encoding="ascii")
    return path.read_text(encoding="ascii").strip()


_MISSING = Text(
    "Es fehlen Einstellungen in der Umgebung: {names}. Beispiel: "
    "NACHWEIS_DATABASE=sqlite:///var/nachweis.db NACHWEIS_DATA=var",
    "Settings are missing from the environment: {names}. Example: "
    "NACHWEIS_DATABASE=sqlite:///var/nachweis.db NACHWEIS_DATA=var",
)
_NO_COUNT = Text(
    "NACHWEIS_PROXIES ist die Zahl der Proxys vor der Anwendung, nicht „{text}“.",
    "NACHWEIS_PROXIES is the number of proxies in front of the application, not “{text}”.",
)
_NO_KEY = Text(
    "Es gibt keinen Schlüssel: weder NACHWEIS_SECRET_KEY noch die Datei {path}. "
    "„nachweis init“ legt die Datei an.",
    "There is no key: neither NACHWEIS_SECRET_KEY nor the file {path}. “nachweis init” creates the file.",
)
_SHORT_KEY = Text(
    "Der geheime Schlüssel ist zu kurz; er braucht mindestens {length} Zeichen.",
    "The secret key is too short; it needs at least {length} characters.",
)
