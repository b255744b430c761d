"""Imported catalogues are kept whole, each version once, and nothing is half imported."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from sqlalchemy import func, select

from assessments.grundschutz.kompendium import UnreadableCatalogue
from assessments.grundschutz.library import (
    CatalogueDocument,
    ControlCatalogue,
    contents,
    control_catalogue,
    control_catalogues,
    exported,
    import_oscal,
    is_oscal,
    versions_of,
)
from assessments.grundschutz.oscal import read
from assessments.grundschutz.oscal_profile import Source
from compliance.database import Actor, Database
from compliance.errors import NotFound, Refused
from compliance.journal import JournalRecord, history, verify, write
from compliance.saving import watch
from tests.assessments.grundschutz.oscal_documents import (
    KERNEL,
    METHODS,
    NIST,
    PROFILE,
    RISKS,
    catalogue,
    catalogues,
    control,
    profile,
    written,
)
from tests.databases import bare_database

ACTOR = Actor("nachweis catalogue import")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = bare_database(f"sqlite:///{tmp_path / 'nachweis.db'}")
    watch(database, after=(write,))
    yield database
    database.engine.dispose()


def _source(*controls: dict[str, Any], version: str = "1", name: str = "haus.json") -> Source:
    return Source(name, written(catalogue(*controls, version=version)))


def _stored(database: Database) -> list[int | None]:
    with database.reading() as session:
        tables = (ControlCatalogue, CatalogueDocument, JournalRecord)
        return [session.scalar(select(func.count()).select_from(table)) for table in tables]


def test_a_catalogue_is_kept_byte_for_byte_and_recorded(database: Database) -> None:
    source = _source(control("a", "Sichern", links=[{"href": "#fort"}]))
    result = import_oscal(database, source, actor=ACTOR)
    assert (result.title, result.edition, result.changed) == ("Hausregeln", "1", True)
    assert result.counts == {"groups": 1, "controls": 1, "parameters": 0, "resources": 0, "problems": 1}
    with database.reading() as session:
        found = control_catalogue(session, result.short)
        assert exported(session, found) == source.data
        assert contents(session, found) is contents(session, found)
        assert contents(session, found) == read(source.root)
        assert (str(found), found.file_name, found.problems) == ("Hausregeln, 1", "haus.json", 1)
        assert [change.action for change in history(session, found)] == ["import"]
    assert verify(database).breaks == ()


def test_the_same_document_a_second_time_changes_nothing(database: Database) -> None:
    import_oscal(database, _source(control("a")), actor=ACTOR)
    before = _stored(database)
    assert import_oscal(database, _source(control("a")), actor=ACTOR).changed is False
    assert _stored(database) == before


def test_versions_are_told_apart_by_number_and_date(database: Database) -> None:
    for edition in ("1.10", "2026-01-15", "1", "1.9", "Entwurf"):
        import_oscal(database, _source(control("a"), version=edition), actor=ACTOR)
    with database.reading() as session:
        found = [each.edition for each in control_catalogues(session)]
    assert found == ["2026-01-15", "1.10", "1.9", "1", "Entwurf"]


def test_versions_of_a_catalogue_stand_together_with_the_newest_first(database: Database) -> None:
    for version in ("1", "2"):
        import_oscal(database, _source(control("a"), version=version), actor=ACTOR)
    with database.reading() as session:
        newest, oldest = control_catalogues(session)
        assert (newest.edition, oldest.edition) == ("2", "1")
        assert versions_of(session, newest) == [oldest]


def test_a_profile_finds_what_was_imported_before(database: Database) -> None:
    import_oscal(database, _source(control("a"), control("b")), actor=ACTOR)
    wish = {"href": "haus.json", "include-controls": [{"with-ids": ["b"]}]}
    result = import_oscal(database, Source("auswahl.json", written(profile(wish))), actor=ACTOR)
    assert (result.title, result.counts["controls"]) == ("Auswahl", 1)
    with database.reading() as session:
        document = json.loads(exported(session, control_catalogue(session, result.short)))
    assert [each.id for each in read(document).controls] == ["b"]


@pytest.mark.parametrize("name", ["", "fehlt", "%"])
def test_a_catalogue_that_is_not_there_is_not_found(database: Database, name: str) -> None:
    import_oscal(database, _source(control("a")), actor=ACTOR)
    with database.reading() as session, pytest.raises(NotFound):
        control_catalogue(session, name)


def test_a_name_that_fits_several_is_refused(database: Database) -> None:
    for number in range(20):
        import_oscal(database, _source(control("a"), version=str(number)), actor=ACTOR)
    with database.reading() as session:
        first_digits = [each.sha256[0] for each in control_catalogues(session)]
        twice = next(digit for digit in first_digits if first_digits.count(digit) > 1)
        with pytest.raises(Refused):
            control_catalogue(session, twice)


@pytest.mark.parametrize(
    "data",
    [
        b"{}",
        b"<book/>",
        written(catalogue()),
        written(catalogue(control("a"), control("a"))),
        written(catalogue(control(""))),
        written(profile({"href": "fehlt.json"})),
    ],
    ids=["empty", "xml", "no controls", "twice", "no id", "source missing"],
)
def test_what_is_refused_leaves_nothing_behind(database: Database, data: bytes) -> None:
    with pytest.raises(UnreadableCatalogue):
        import_oscal(database, Source("datei.json", data), actor=ACTOR)
    assert _stored(database) == [0, 0, 0]


@pytest.mark.skipif(not PROFILE.is_file(), reason="the catalogues of the BSI are not part of the repository")
def test_grundschutz_plus_plus_is_imported_from_its_profile(database: Database) -> None:
    others = [Source.at(path) for path in (KERNEL, METHODS, RISKS)]
    result = import_oscal(database, Source.at(PROFILE), others, actor=ACTOR)
    assert result.counts == {
        "groups": 160,
        "controls": 1000,
        "parameters": 222,
        "resources": 4,
        "problems": 0,
    }


@pytest.mark.skipif(not NIST.is_file(), reason="the catalogue of NIST is not part of the repository")
def test_nist_800_53_is_imported_as_a_generic_catalogue(database: Database) -> None:
    assert import_oscal(database, Source.at(NIST), actor=ACTOR).counts["controls"] == 149


@pytest.mark.parametrize(
    ("data", "json_or_not"),
    [(b' \n{"a": 1}', True), (b"\xef\xbb\xbf[", True), (b"<?xml ?>", False), (b"", False)],
)
def test_json_is_told_from_xml_by_its_beginning(data: bytes, json_or_not: bool) -> None:
    assert is_oscal(data) is json_or_not


@given(catalogues())
def test_every_document_of_a_catalogue_looks_like_json(root: dict[str, Any]) -> None:
    assert is_oscal(written(root))
