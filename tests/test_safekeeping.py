"""What is lost with a machine comes back with one command, files and journal included."""

from __future__ import annotations

import io
import json
import shutil
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from compliance import cli
from compliance.app import assemble
from compliance.attachments import Attachment, attach, take_in
from compliance.config import Settings
from compliance.people import Role
from compliance.web.site import Site
from registers.processing import ProcessingActivity
from tests.city import City, found_city
from tests.files import TAKEN

Nachweis = Callable[..., tuple[int, Any]]
SECRET = "a secret that only the tests know, and nobody else"


@pytest.fixture
def nachweis(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Nachweis:
    """Runs a command on the installation in a folder; gives its status and what it said."""
    monkeypatch.setenv("NACHWEIS_SECRET_KEY", SECRET)
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")

    def run(folder: Path, *arguments: object) -> tuple[int, Any]:
        monkeypatch.setenv("NACHWEIS_DATABASE", f"sqlite:///{folder / 'nachweis.db'}")
        monkeypatch.setenv("NACHWEIS_DATA", str(folder))
        monkeypatch.setattr(sys, "argv", ["nachweis", *map(str, arguments)])
        try:
            cli.main()
            status = 0
        except SystemExit as stop:
            status = int(stop.code or 0)
        said = capsys.readouterr()
        return status, json.loads(said.out) if "--json" in arguments and not status else said.out + said.err

    return run


def site_in(folder: Path) -> Site:
    return assemble(Settings(f"sqlite:///{folder / 'nachweis.db'}", folder, SECRET))


@pytest.fixture
def old(tmp_path: Path, sqlite_template: Path) -> Path:
    """The folder of an installation with one entry and two files, one of which lies twice."""
    folder = tmp_path / "old"
    folder.mkdir()
    shutil.copyfile(sqlite_template, folder / "nachweis.db")
    site = site_in(folder)
    city = found_city(site)
    city.save(ProcessingActivity(name="Melderegister"))
    for name, ending in (("Vertrag.pdf", "pdf"), ("Kopie.pdf", "pdf"), ("Liste.csv", "csv")):
        add(city, name, TAKEN[ending])
    site.database.engine.dispose()
    return folder


def add(city: City, name: str, content: bytes) -> None:
    stream = io.BytesIO(content)
    taken = take_in(city.site.vault, city.id, name, stream)
    with city.site.database.writing(city.id, actor=city.actor(Role.DSB)) as session:
        entry = session.query(ProcessingActivity).one()
        attach(session, city.site.vault, entry, taken, stream, by=city.identity(Role.DSB))


def contents(folder: Path) -> dict[str, bytes]:
    """Every attached file of the installation, by name."""
    site = site_in(folder)
    with site.database.reading() as session:
        found = session.query(Attachment).all()
    read = {one.name: b"".join(site.vault.read(one.kept)) for one in found}
    site.database.engine.dispose()
    return read


def test_a_backup_makes_an_empty_folder_the_installation_that_it_was(
    nachweis: Nachweis, old: Path, tmp_path: Path
) -> None:
    file, new = tmp_path / "sicherung.zip", tmp_path / "new"
    status, made = nachweis(old, "backup", file, "--json")
    before = contents(old)
    shutil.rmtree(old)

    restored = nachweis(new, "restore", file, "--json")
    verified = nachweis(new, "journal", "verify", "--json")
    files = nachweis(new, "files", "verify", "--json")

    assert (status, made["missing"], len(made["checksums"])) == (0, [], 3)
    assert restored[0] == verified[0] == 0
    assert (restored[1]["breaks"], restored[1]["files"], restored[1]["missing"]) == (0, 2, [])
    assert verified[1] == {"records": restored[1]["records"], "breaks": []}
    assert files == (0, {"files": 2, "broken": []})
    assert (
        contents(new)
        == before
        == {
            "Vertrag.pdf": TAKEN["pdf"],
            "Kopie.pdf": TAKEN["pdf"],
            "Liste.csv": TAKEN["csv"],
        }
    )
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_backup_holds_no_key_and_no_file_that_could_be_read(
    nachweis: Nachweis, old: Path, tmp_path: Path
) -> None:
    (old / "secret.key").write_text(SECRET)
    _status, said = nachweis(old, "backup", tmp_path / "sicherung.zip")

    with zipfile.ZipFile(tmp_path / "sicherung.zip") as container:
        everything = b"".join(container.read(name) for name in container.namelist())
        names = {name.partition("/")[0] for name in container.namelist()}
    assert names == {"nachweis.db", "files", "manifest.json"}
    assert (SECRET.encode() in everything, TAKEN["pdf"] in everything) == (False, False)
    assert "secret.key" in said


def test_only_an_empty_installation_is_restored_into(nachweis: Nachweis, old: Path, tmp_path: Path) -> None:
    nachweis(old, "backup", tmp_path / "sicherung.zip")

    status, said = nachweis(old, "restore", tmp_path / "sicherung.zip")

    assert (status, "leere Installation" in said) == (2, True)


def test_another_key_is_noticed_before_anything_is_written(
    nachweis: Nachweis, old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nachweis(old, "backup", tmp_path / "sicherung.zip")
    monkeypatch.setenv("NACHWEIS_SECRET_KEY", "another secret of the same length, or so")

    status, said = nachweis(tmp_path / "new", "restore", tmp_path / "sicherung.zip")

    assert (status, "anderen Schlüssel" in said) == (2, True)
    assert not (tmp_path / "new").exists()


def altered(file: Path, name: str, content: bytes) -> None:
    """Exchanges one member of a backup."""
    with zipfile.ZipFile(file) as container:
        members = {one: container.read(one) for one in container.namelist()}
    with zipfile.ZipFile(file, "w") as container:
        for one, kept in (members | {name: content}).items():
            container.writestr(one, kept)


@pytest.mark.parametrize("damage", ["database", "manifest", "no zip", "leads out"])
def test_a_damaged_backup_is_refused_and_nothing_is_written(
    nachweis: Nachweis, old: Path, tmp_path: Path, damage: str
) -> None:
    file = tmp_path / "sicherung.zip"
    nachweis(old, "backup", file)
    match damage:
        case "database":
            altered(file, "nachweis.db", b"SQLite format 3\0")
        case "manifest":
            altered(file, "manifest.json", b"{}")
        case "leads out":
            with zipfile.ZipFile(file) as container:
                manifest = json.loads(container.read("manifest.json"))
            manifest["checksums"]["files/../../secret.key"] = "0" * 64
            altered(file, "manifest.json", json.dumps(manifest).encode())
        case _:
            file.write_bytes(file.read_bytes()[:1000])

    status, said = nachweis(tmp_path / "new", "restore", file)

    assert (status, "keine unversehrte Sicherung" in said) == (2, True)
    assert not (tmp_path / "new").exists()


def test_a_file_that_is_gone_is_named_and_the_rest_is_saved(
    nachweis: Nachweis, old: Path, tmp_path: Path
) -> None:
    lost = next(path for path in (old / "files").rglob("*") if path.is_file())
    lost.unlink()

    status, said = nachweis(old, "backup", tmp_path / "sicherung.zip")
    checked, named = nachweis(old, "files", "verify")
    restored, _said = nachweis(tmp_path / "new", "restore", tmp_path / "sicherung.zip")

    assert (status, lost.name in said) == (1, True)
    assert (checked, lost.name in named) == (1, True)
    assert restored == 0


def test_contents_without_an_entry_are_cleaned_and_others_stay(nachweis: Nachweis, old: Path) -> None:
    site = site_in(old)
    with site.database.reading() as session:
        owner = session.query(Attachment).first()
    assert owner is not None
    take_in(site.vault, owner.organisation_id, "unterbrochen.txt", io.BytesIO(b"unterbrochen"))
    site.database.engine.dispose()

    assert nachweis(old, "files", "clean", "--json") == (0, {"removed": 1})
    assert nachweis(old, "files", "clean", "--json") == (0, {"removed": 0})
    assert set(contents(old)) == {"Vertrag.pdf", "Kopie.pdf", "Liste.csv"}


def test_a_backup_is_taken_while_people_work(nachweis: Nachweis, old: Path, tmp_path: Path) -> None:
    site = site_in(old)
    with site.database.reading() as session:
        first = session.query(Attachment).first()
    assert first is not None
    with site.database.sessions() as open_session:
        open_session.query(Attachment).all()
        status, _made = nachweis(old, "backup", tmp_path / "sicherung.zip", "--json")
    site.database.engine.dispose()

    assert status == 0
