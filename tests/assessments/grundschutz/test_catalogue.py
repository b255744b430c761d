"""Importing the official file adds the wordings once, and nothing else is taken for it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from assessments.grundschutz.catalogue import (
    CatalogueFile,
    ModuleText,
    RequirementText,
    available_catalogues,
    import_catalogue,
    with_text,
    with_texts,
)
from assessments.grundschutz.kompendium import UnreadableCatalogue, edition_2023
from compliance.database import Actor, Database
from compliance.journal import JournalRecord, history, verify, write
from compliance.saving import watch
from tests.databases import bare_database

OFFICIAL = Path(__file__).parents[3].parent / "shared" / "data" / "bsi" / "XML_Kompendium_2023.xml"
SMALL = Path(__file__).parent / "kompendium_small.xml"
ACTOR = Actor("nachweis catalogue import")

needs_the_official_file = pytest.mark.skipif(
    not OFFICIAL.is_file(), reason="the official XML file of the BSI is not part of the repository"
)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = bare_database(f"sqlite:///{tmp_path / 'nachweis.db'}")
    watch(database, after=(write,))
    yield database
    database.engine.dispose()


def _stored(database: Database) -> list[int | None]:
    with database.reading() as session:
        tables = (CatalogueFile, RequirementText, ModuleText, JournalRecord)
        return [session.scalar(select(func.count()).select_from(table)) for table in tables]


@needs_the_official_file
def test_the_official_file_is_imported_with_all_texts_within_three_seconds(database: Database) -> None:
    began = time.perf_counter()
    result = import_catalogue(database, OFFICIAL.read_bytes(), actor=ACTOR)
    assert time.perf_counter() - began < 3
    assert (result.name, result.edition, result.changed) == ("IT-Grundschutz-Kompendium", "2023", True)
    assert result.counts == {
        "layers": 10,
        "modules": 111,
        "requirements": 2125,
        "active": 1835,
        "withdrawn": 290,
        "threats": 47,
        "cross_references": 5888,
    }
    assert _stored(database) == [1, 2125, 111, 1]


@needs_the_official_file
def test_the_same_file_a_second_time_changes_nothing(database: Database) -> None:
    import_catalogue(database, OFFICIAL.read_bytes(), actor=ACTOR)
    before = _stored(database)
    with database.reading() as session:
        first = available_catalogues(session)
    assert import_catalogue(database, OFFICIAL.read_bytes(), actor=ACTOR).changed is False
    assert _stored(database) == before
    with database.reading() as session:
        assert available_catalogues(session) == first


@needs_the_official_file
def test_another_release_with_the_same_wordings_changes_nothing(database: Database) -> None:
    import_catalogue(database, OFFICIAL.read_bytes(), actor=ACTOR)
    assert import_catalogue(database, OFFICIAL.read_bytes() + b"\n", actor=ACTOR).changed is False


@needs_the_official_file
def test_a_release_with_another_wording_replaces_the_texts_and_is_recorded(
    database: Database,
) -> None:
    import_catalogue(database, OFFICIAL.read_bytes(), actor=ACTOR)
    content = OFFICIAL.read_text(encoding="utf-8")
    wording = "Diese Anforderung ist entfallen."
    assert wording in content
    other = content.replace(wording, "Diese Anforderung ist entfallen", 1).encode()
    assert import_catalogue(database, other, actor=ACTOR).changed is True
    assert _stored(database) == [1, 2125, 111, 2]
    with database.reading() as session:
        file = session.scalars(select(CatalogueFile)).one()
        assert [(change.action, change.version) for change in history(session, file)] == [
            ("import", 2),
            ("import", 1),
        ]
    assert verify(database).breaks == ()


@needs_the_official_file
def test_texts_appear_where_they_are_asked_for(database: Database) -> None:
    index = edition_2023()
    module, requirements = index.module("SYS.1.1"), index.requirements_of("SYS.1.1")
    with database.reading() as session:
        assert with_text(session, module) == module
        assert with_texts(session, requirements) == requirements
    import_catalogue(database, OFFICIAL.read_bytes(), actor=ACTOR)
    with database.reading() as session:
        assert with_text(session, module).objective
        found = with_texts(session, requirements)
    assert [each.id for each in found] == [each.id for each in requirements]
    assert all(each.text for each in found)


def test_without_an_import_the_index_is_available_without_texts(database: Database) -> None:
    with database.reading() as session:
        [found] = available_catalogues(session)
    assert (found.edition, found.counts["active"], found.imported_at, found.sha256) == (
        "2023",
        1835,
        None,
        "",
    )


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-1.7",
        SMALL.read_bytes(),
        SMALL.read_bytes()[:2000],
        SMALL.read_bytes().replace(b"Edition 2023", b"Edition 2022"),
        b'<!DOCTYPE b [<!ENTITY a "aaaaaaaaaa"><!ENTITY c "&a;&a;&a;&a;">]><b>&c;</b>',
        b" " * (17 * 1024 * 1024),
    ],
    ids=["empty", "pdf", "incomplete", "cut off", "another edition", "entities", "too large"],
)
def test_any_other_file_is_refused_and_changes_nothing(database: Database, content: bytes) -> None:
    with pytest.raises(UnreadableCatalogue) as refused:
        import_catalogue(database, content, actor=ACTOR)
    assert refused.value.text.de
    assert refused.value.text.en
    assert _stored(database) == [0, 0, 0, 0]
