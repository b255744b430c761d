"""A mapping from Edition 2023 is read whoever wrote it, leads by UUID, and is kept once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.grundschutz.kompendium import UnreadableCatalogue, edition_2023
from assessments.grundschutz.mapping_library import (
    control_mapping,
    control_mappings,
    import_mapping,
    is_mapping,
    mappings_to,
    pairs_of,
)
from assessments.grundschutz.oscal import read as read_catalogue
from assessments.grundschutz.oscal_mapping import Pair, Relation, problems_with, read, target_of
from assessments.grundschutz.oscal_profile import Source
from compliance.database import Actor, Database
from compliance.errors import NotFound
from compliance.journal import verify, write
from compliance.saving import watch
from tests.assessments.grundschutz.mapping_documents import collection, mapped, source
from tests.assessments.grundschutz.oscal_documents import catalogue, control, stable
from tests.databases import bare_database

OFFICIAL = (
    Path(__file__).parents[3].parent / "shared/data/bsi/grundschutz++/ITGS-to-GS++-mapping_collection.json"
)
JUNE = OFFICIAL.with_name("Grundschutz++-resolved_2026-06-30.json")
ACTOR = Actor("nachweis catalogue import")
KEY = stable(1)[0]["value"]

needs_the_official_files = pytest.mark.skipif(
    not OFFICIAL.is_file(), reason="the files of the BSI are not part of the repository"
)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = bare_database(f"sqlite:///{tmp_path / 'nachweis.db'}")
    watch(database, after=(write,))
    yield database
    database.engine.dispose()


@needs_the_official_files
def test_the_official_mapping_is_read_whole_and_leads_by_uuid() -> None:
    found = read(Source.at(OFFICIAL).root)
    assert found.counts() == {
        "pairs": 1185,
        "mapped_requirements": 510,
        "mapped_controls": 339,
        "problems": 0,
    }
    assert (found.version, found.status) == ("gsmap-oscal-export-v1, 2026-07-21", "draft")
    relations = [pair.relation for pair in found.pairs]
    assert {each: relations.count(each) for each in Relation} == {
        Relation.EQUAL: 21,
        Relation.EQUIVALENT: 118,
        Relation.SUPERSET: 187,
        Relation.SUBSET: 464,
        Relation.INTERSECTS: 395,
    }
    assert sum(pair.assumed for pair in found.pairs) == 156
    june = read_catalogue(Source.at(JUNE).root)
    assert (found.targets(june), len(list(problems_with(found, june)))) == (1169, 16)


def test_an_id_that_has_moved_does_not_mislead() -> None:
    found = read_catalogue(catalogue(control("K.1", "Neu"), control("K.2", "Sichern", props=stable(1))))
    moved = Pair("SYS.1.1.A1", "", Relation.EQUAL, KEY, "K.1")
    gone = Pair("SYS.1.1.A1", "", Relation.EQUAL, stable(9)[0]["value"], "K.1")
    by_id = Pair("SYS.1.1.A1", "", Relation.EQUAL, "", "K.1")
    assert [target_of(found, each) for each in (moved, gone, by_id)] == [KEY, None, "K.1"]


def test_parts_of_requirements_and_assumed_relations_are_told() -> None:
    [pair] = read(collection(mapped("SYS.1.1.A1-UA.2", "K.1", "subset-of", key=KEY, assumed=True))).pairs
    assert pair == Pair("SYS.1.1.A1", "UA.2", Relation.SUBSET, KEY, "K.1", assumed=True)


def test_several_sources_and_targets_make_a_pair_each_and_none_twice() -> None:
    several = mapped("SYS.1.1.A1", "K.1") | {
        "sources": [{"type": "control", "id-ref": each} for each in ("SYS.1.1.A1", "SYS.1.1.A2")],
        "targets": [{"type": "control", "id-ref": each} for each in ("K.1", "K.2")],
    }
    assert [(each.requirement_id, each.control_id) for each in read(collection(several, several)).pairs] == [
        ("SYS.1.1.A1", "K.1"),
        ("SYS.1.1.A1", "K.2"),
        ("SYS.1.1.A2", "K.1"),
        ("SYS.1.1.A2", "K.2"),
    ]


def test_what_leads_nowhere_is_reported_and_what_says_none_is_silent() -> None:
    found = read(
        collection(
            mapped("SYS.1.1.A1", "K.1"),
            mapped("5.1", "K.1"),
            mapped("SYS.1.1.A2", "K.1", "inspired-by"),
            mapped("SYS.1.1.A2", "K.1", "no-relationship"),
            mapped("SYS.1.1.A2", "K.1") | {"targets": []},
        )
    )
    assert len(found.pairs) == 1
    assert [each.text.de for each in found.problems] == [
        "„5.1“ ist keine Anforderung der Edition 2023.",
        "Die Beziehung „inspired-by“ ist unbekannt; der Eintrag zählt nicht.",
        "Der Eintrag nennt kein Ziel.",
    ]


@pytest.mark.parametrize(
    ("root", "place"),
    [
        (catalogue(control("a")), "mapping-collection"),
        (collection(), "keine Anforderung der Edition 2023"),
        (collection(mapped("5.1", "K.1")), "keine Anforderung der Edition 2023"),
        (collection({"relationship": "equal-to", "sources": {}, "targets": []}), "maps[0].sources"),
        (collection({"sources": [], "targets": []}), "maps[0]"),
        (
            collection(mapped("SYS.1.1.A1", "K.1") | {"targets": [{"type": "control"}]}),
            "mapping-collection.mappings[0].maps[0].targets[0]",
        ),
    ],
)
def test_a_damaged_mapping_is_refused_with_its_place(root: Any, place: str) -> None:
    with pytest.raises(UnreadableCatalogue) as refused:
        read(root)
    assert place in refused.value.text.de
    assert "Nothing was imported" in refused.value.text.en


def test_a_mapping_is_kept_once_and_found_for_its_catalogue(database: Database) -> None:
    main = source(collection(mapped("SYS.1.1.A1", "K.1", key=KEY)))
    newer = source(collection(mapped("SYS.1.1.A1", "K.1", key=KEY), version="2"))
    other = source(collection(mapped("SYS.1.1.A1", "X.9")))
    first, again = (import_mapping(database, main, actor=ACTOR) for _ in range(2))
    second = import_mapping(database, newer, actor=ACTOR)
    import_mapping(database, other, actor=ACTOR)
    assert is_mapping(main)
    assert (first.changed, again.changed, first.short, second.changed) == (True, False, again.short, True)
    wanted = read_catalogue(catalogue(control("K.1", "Sichern", props=stable(1))))
    with database.reading() as session:
        assert len(control_mappings(session)) == 3
        assert {each.short for each in mappings_to(session, wanted)} == {first.short, second.short}
        header = control_mapping(session, first.short)
        assert pairs_of(session, header) == read(main.root)
        with pytest.raises(NotFound):
            control_mapping(session, "ffff")
    assert verify(database).breaks == ()


IDS = st.sampled_from([each.id for each in edition_2023().requirements][:50])
PAIRS = st.lists(
    st.builds(
        Pair,
        IDS,
        st.sampled_from(["", "UA.1", "UA.12"]),
        st.sampled_from(Relation),
        st.uuids().map(str),
        st.sampled_from(["K.1", "ARCH.1.1"]),
        st.booleans(),
    ),
    min_size=1,
    unique=True,
)
WORDS = {
    Relation.EQUAL: "equal-to",
    Relation.EQUIVALENT: "equivalent-to",
    Relation.SUPERSET: "superset-of",
    Relation.SUBSET: "subset-of",
    Relation.INTERSECTS: "intersects-with",
}


@given(PAIRS)
def test_every_pair_that_is_written_is_read(pairs: list[Pair]) -> None:
    written = [
        mapped(
            f"{each.requirement_id}-{each.part}" if each.part else each.requirement_id,
            each.control_id,
            WORDS[each.relation],
            key=each.key,
            assumed=each.assumed,
        )
        for each in pairs
    ]
    assert list(read(json.loads(json.dumps(collection(*written)))).pairs) == pairs
