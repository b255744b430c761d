"""Keeping what is kept: backup, restore, and the files that belong to entries.

A backup is a zip with a copy of the database, the files as they lie, enciphered, and a
manifest with the checksum of each. The key is not in it: with the key, a stolen backup
would be the whole installation.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import click
from sqlalchemy import make_url

from compliance.app import assemble
from compliance.attachments import clean as clean_files
from compliance.attachments import every_content
from compliance.cli.ground import ACTOR, as_json, bring_up_to_date, open_site, print_json, say
from compliance.config import Settings
from compliance.crypto import CHUNK
from compliance.database import Database, now
from compliance.errors import Damaged, Refused
from compliance.journal import verify as verify_journal
from compliance.language import Text
from compliance.vault import Kept, Vault
from compliance.web.site import Site

_MANIFEST: Final = "manifest.json"
_DATABASE: Final = "nachweis.db"
_FILES: Final = "files/"
_FORMAT: Final = 1
_ROUNDS: Final = 5
"""So often the database is copied anew because a file was removed meanwhile."""


# --- Files ---------------------------------------------------------------------------------------


@click.group()
def files() -> None:
    """The files attached to entries."""


@files.command()
@as_json
def clean(*, as_json: bool) -> None:
    """Delete contents that no entry refers to, such as after an interrupted upload."""
    site = open_site()
    removed = clean_files(site.database, site.vault, actor=ACTOR)
    if as_json:
        print_json({"removed": removed})
    else:
        say(_CLEANED.format(count=removed))


@files.command()
@as_json
def verify(*, as_json: bool) -> None:
    """Read every file to its end; exit 1 if one is missing or was altered."""
    site = open_site()
    contents = list(every_content(site.database))
    broken = [kept.path for kept in contents if not _is_whole(site.vault, kept)]
    if as_json:
        print_json({"files": len(contents), "broken": broken})
    else:
        for path in broken:
            click.echo(path)
        say((_FILES_BROKEN if broken else _FILES_WHOLE).format(count=len(contents)))
    sys.exit(1 if broken else 0)


def _is_whole(vault: Vault, kept: Kept) -> bool:
    try:
        vault.check(kept)
    except Damaged:
        return False
    return True


# --- Backup --------------------------------------------------------------------------------------


@dataclass
class Manifest:
    """What a backup holds."""

    key: str
    """Fingerprint of the key without which the files cannot be read."""
    made_at: str = ""
    format: int = _FORMAT
    checksums: dict[str, str] = field(default_factory=dict)
    """SHA-256 of every member, by its name in the zip."""
    missing: list[str] = field(default_factory=list)
    """Files that entries refer to and that were not at their place."""


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@as_json
def backup(*, file: Path, as_json: bool) -> None:
    """Write database and files to one zip FILE, while the application runs."""
    site = open_site()
    unfinished = file.with_name(f".{file.name}.part")
    try:
        unfinished.touch(mode=0o600)
        manifest = _back_up(site, unfinished)
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)
    if as_json:
        print_json(asdict(manifest) | {"bytes": file.stat().st_size})
    else:
        say(_BACKED_UP.format(files=sum(name.startswith(_FILES) for name in manifest.checksums)))
        if _DATABASE not in manifest.checksums:
            say(_NO_DATABASE)
        for path in manifest.missing:
            say(_NOT_THERE.format(path=path))
    sys.exit(1 if manifest.missing else 0)


def _back_up(site: Site, target: Path) -> Manifest:
    manifest = Manifest(site.keys.fingerprint(), now().isoformat())
    # A part of the folder of the target: a system's folder for temporary files may be too small.
    with (
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as container,
        tempfile.TemporaryDirectory(dir=target.parent, prefix=".nachweis-") as folder,
    ):
        if site.database.dialect == "sqlite":
            copy = Path(folder) / _DATABASE
            _add_what_a_copy_needs(site, container, manifest, copy)
            _add(container, manifest, _DATABASE, _read(copy))
        else:
            manifest.missing = _add_files(site.vault, every_content(site.database), container, manifest)
        container.writestr(_MANIFEST, json.dumps(asdict(manifest), indent=2))
    return manifest


def _add_what_a_copy_needs(site: Site, container: zipfile.ZipFile, manifest: Manifest, copy: Path) -> None:
    """Copies the database, then adds its files; a file removed in between calls for a newer copy."""
    for _round in range(_ROUNDS):
        _copy_database(site.settings.database, copy)
        database = Database(f"sqlite:///{copy}")
        try:
            wanted = list(every_content(database))
        finally:
            database.engine.dispose()
        missing = manifest.missing
        manifest.missing = _add_files(site.vault, wanted, container, manifest)
        if manifest.missing == missing:
            return


def _copy_database(address: str, copy: Path) -> None:
    """One consistent state, whatever is written meanwhile."""
    copy.unlink(missing_ok=True)
    source = make_url(address).database or ""
    with closing(sqlite3.connect(source)) as original, closing(sqlite3.connect(copy)) as target:
        original.backup(target)


def _add_files(
    vault: Vault, wanted: Iterable[Kept], container: zipfile.ZipFile, manifest: Manifest
) -> list[str]:
    """Adds what is not in the backup yet; gives what is not at its place."""
    missing = []
    for kept in wanted:
        name = f"{_FILES}{kept.path}"
        if name in manifest.checksums:
            continue
        if vault.holds(kept):
            _add(container, manifest, name, vault.sealed(kept))
        else:
            missing.append(kept.path)
    return missing


def _add(container: zipfile.ZipFile, manifest: Manifest, name: str, chunks: Iterator[bytes]) -> None:
    digest = hashlib.sha256()
    info = zipfile.ZipInfo(name, now().timetuple()[:6])
    # What is enciphered does not get smaller.
    info.compress_type = zipfile.ZIP_DEFLATED if name == _DATABASE else zipfile.ZIP_STORED
    with container.open(info, "w", force_zip64=True) as member:
        for chunk in chunks:
            digest.update(chunk)
            member.write(chunk)
    manifest.checksums[name] = digest.hexdigest()


def _read(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            yield chunk


# --- Restore -------------------------------------------------------------------------------------


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_json
def restore(*, file: Path, as_json: bool) -> None:
    """Make an empty installation what the backup FILE holds, and verify the journal."""
    site = assemble(Settings.from_environ())
    try:
        with zipfile.ZipFile(file) as container:
            manifest = _manifest(container)
            _demand_fit(site, manifest)
            _check_all(container, manifest)
            _put_back(site, container, manifest)
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError) as error:
        raise Refused(_NO_BACKUP.format(file=file.name)) from error
    if _DATABASE not in manifest.checksums:
        say(_DATABASE_BY_ITS_OWN)
        return
    bring_up_to_date(site)
    found = verify_journal(site.database)
    figures = {"records": found.records, "breaks": len(found.breaks), "missing": manifest.missing}
    if as_json:
        print_json(figures | {"files": len(manifest.checksums) - 1})
    else:
        say((_BROKEN if found.breaks else _RESTORED).format(records=found.records))
    sys.exit(1 if found.breaks else 0)


def _manifest(container: zipfile.ZipFile) -> Manifest:
    data: dict[str, Any] = json.loads(container.read(_MANIFEST))
    manifest = Manifest(**data)
    if manifest.format != _FORMAT or not all(map(_is_member, manifest.checksums)):
        raise ValueError(_MANIFEST)
    return manifest


def _is_member(name: str) -> bool:
    return name == _DATABASE or (name.startswith(_FILES) and Kept.at(name.removeprefix(_FILES)) is not None)


def _demand_fit(site: Site, manifest: Manifest) -> None:
    """Raises :class:`Refused` if the installation is not empty or has another key."""
    if manifest.key != site.keys.fingerprint():
        raise Refused(_OTHER_KEY)
    path = _sqlite_path(site)
    occupied = path is not None and path.exists() and path.stat().st_size
    if occupied or next(site.vault.contents(), None) is not None:
        raise Refused(_NOT_EMPTY)
    if (_DATABASE in manifest.checksums) != (path is not None):
        raise Refused(_OTHER_DATABASE)


def _sqlite_path(site: Site) -> Path | None:
    """The file of the database; ``None`` on a database server."""
    if site.database.dialect != "sqlite":
        return None
    return Path(make_url(site.settings.database).database or "")


def _check_all(container: zipfile.ZipFile, manifest: Manifest) -> None:
    """Reads everything before anything is written. Raises :class:`ValueError`."""
    for name, checksum in manifest.checksums.items():
        digest = hashlib.sha256()
        for chunk in _member(container, name):
            digest.update(chunk)
        if digest.hexdigest() != checksum:
            raise ValueError(name)


def _member(container: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    with container.open(name) as member:
        while chunk := member.read(CHUNK):
            yield chunk


def _put_back(site: Site, container: zipfile.ZipFile, manifest: Manifest) -> None:
    """Files first: a database without its files would look whole and not be."""
    for name in manifest.checksums:
        if kept := Kept.at(name.removeprefix(_FILES)):
            site.vault.put_sealed(_member(container, name), kept)
    path = _sqlite_path(site)
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f".{path.name}.part")
        with unfinished.open("wb") as out:
            for chunk in _member(container, _DATABASE):
                out.write(chunk)
        unfinished.replace(path)


_CLEANED = Text(
    "{count} Dateien ohne Eintrag sind gelöscht.", "{count} files without an entry have been deleted."
)
_FILES_WHOLE = Text("Alle {count} Dateien sind unverändert.", "All {count} files are intact.")
_FILES_BROKEN = Text(
    "Die genannten von {count} Dateien fehlen oder sind verändert worden.",
    "Those named of {count} files are missing or were altered.",
)
_BACKED_UP = Text(
    "Gesichert, mit {files} Dateien. Der Schlüssel ist nicht dabei: Verwahren Sie die Datei secret.key "
    "(oder NACHWEIS_SECRET_KEY) an einem anderen Ort; ohne ihn sind die Dateien nicht lesbar.",
    "Backed up, with {files} files. The key is not included: keep the file secret.key (or "
    "NACHWEIS_SECRET_KEY) in another place; without it the files cannot be read.",
)
_NO_DATABASE = Text(
    "Die Datenbank sichert pg_dump; der Befehl steht in der Betriebsanleitung.",
    "The database is backed up by pg_dump; the manual for operations has the command.",
)
_NOT_THERE = Text("Am Ablageort fehlt {path}.", "{path} is missing from its place.")
_RESTORED = Text(
    "Wiederhergestellt. Alle {records} Einträge des Journals sind unverändert.",
    "Restored. All {records} journal records are intact.",
)
_BROKEN = Text(
    "Wiederhergestellt, aber das Journal ist verändert worden ({records} Einträge geprüft).",
    "Restored, but the journal was altered ({records} records checked).",
)
_DATABASE_BY_ITS_OWN = Text(
    "Die Dateien sind wiederhergestellt; die Datenbank stellt pg_restore wieder her.",
    "The files are restored; the database is restored by pg_restore.",
)
_NO_BACKUP = Text(
    "„{file}“ ist keine unversehrte Sicherung; es wurde nichts geändert.",
    "“{file}” is not an undamaged backup; nothing was changed.",
)
_OTHER_KEY = Text(
    "Die Sicherung stammt von einer Installation mit einem anderen Schlüssel. Legen Sie deren secret.key "
    "in den Datenordner (oder setzen Sie NACHWEIS_SECRET_KEY) und rufen Sie den Befehl noch einmal auf.",
    "The backup comes from an installation with another key. Put its secret.key into the data folder "
    "(or set NACHWEIS_SECRET_KEY) and run the command again.",
)
_NOT_EMPTY = Text(
    "Wiederhergestellt wird nur in eine leere Installation: ohne Datenbank und ohne Dateien.",
    "A backup is restored into an empty installation only: without a database and without files.",
)
_OTHER_DATABASE = Text(
    "Die Sicherung und NACHWEIS_DATABASE passen nicht zusammen: SQLite wird aus der Sicherung "
    "wiederhergestellt, PostgreSQL durch pg_restore.",
    "The backup and NACHWEIS_DATABASE do not match: SQLite is restored from the backup, "
    "PostgreSQL by pg_restore.",
)
