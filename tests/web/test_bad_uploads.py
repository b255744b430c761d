"""Bad catalogues are refused in the browser and by command: in words, with their place, and whole."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select

from compliance import cli
from compliance.database import Base, Database
from compliance.people import Role
from tests.assessments.grundschutz.bad_files import BAD, OFFICIAL, Bad
from tests.browsers import Browser, Browsers
from tests.city import City
from tests.pages import Page

_MISSING = "the official catalogue is not beside the checkout"
CASES = [
    pytest.param(
        each,
        id=each.name,
        marks=pytest.mark.skipif(each.official and not OFFICIAL.exists(), reason=_MISSING),
    )
    for each in BAD
]


def counts(database: Database) -> dict[str, int | None]:
    """How many rows each table has, of all organisations."""
    with database.reading() as session:
        return {
            name: session.connection().scalar(select(func.count()).select_from(table))
            for name, table in Base.metadata.tables.items()
        }


def run(patch: pytest.MonkeyPatch, folder: Path, *arguments: str, language: str = "de_DE") -> int:
    """How a command ends in the installation in *folder*."""
    patch.setenv("NACHWEIS_DATABASE", f"sqlite:///{folder / 'nachweis.db'}")
    patch.setenv("NACHWEIS_DATA", str(folder))
    patch.setenv("LC_ALL", f"{language}.UTF-8")
    patch.setattr(sys, "argv", ["nachweis", *arguments])
    try:
        cli.main()
    except SystemExit as stop:
        return int(stop.code or 0)
    return 0


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new installation, to be copied."""
    folder = tmp_path_factory.mktemp("installation")
    with pytest.MonkeyPatch.context() as patch:
        assert run(patch, folder, "init") == 0
    return folder


@pytest.fixture
def isb(browsers: Browsers) -> Browser:
    return browsers.of(Role.ISB)


@pytest.mark.parametrize("bad", CASES)
def test_a_bad_upload_is_refused_with_its_place_and_leaves_nothing(
    city: City, isb: Browser, bad: Bad
) -> None:
    content, answers = bad.content(), {"title": "Profil", "edition": "1", "from": "2023"}
    for language, said in zip(("de", "en"), bad.said, strict=True):
        isb.post("/language", {"language": language, "next": "/"})
        before = counts(city.site.database)
        page = Page(isb.upload(bad.address, [(bad.file, content)], answers, status=422).text)
        assert said in " ".join(page.main.split())
        assert counts(city.site.database) == before


@pytest.mark.parametrize("bad", CASES)
def test_a_bad_file_ends_the_command_with_its_place_and_leaves_nothing(
    bad: Bad,
    installation: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    shutil.copytree(installation, tmp_path, dirs_exist_ok=True)
    path = tmp_path / bad.file
    path.write_bytes(bad.content())
    database = Database(f"sqlite:///{tmp_path / 'nachweis.db'}")
    before = counts(database)
    for language, said in zip(("de_DE", "en_GB"), bad.said, strict=True):
        arguments = ("catalogue", "import", str(path), *bad.arguments)
        assert run(monkeypatch, tmp_path, *arguments, language=language) == 2
        told = capsys.readouterr()
        assert (said in told.err, told.out) == (True, "")
    assert counts(database) == before
    database.engine.dispose()
