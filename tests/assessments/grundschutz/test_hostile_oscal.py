"""Documents in OSCAL that are broken or made to harm are refused, naming the place, and in little time."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from assessments.grundschutz.kompendium import UnreadableCatalogue
from assessments.grundschutz.library import CatalogueDocument, import_oscal
from assessments.grundschutz.oscal import MAX_CHAIN, MAX_GROUPS, MAX_INSERTS, document, read
from assessments.grundschutz.oscal_mapping import read as read_mapping
from assessments.grundschutz.oscal_profile import MAX_IMPORTS, Source, resolve
from assessments.grundschutz.oscal_returned import read_returned
from compliance.database import Actor, Database
from registers.importing.archive import LARGEST_FILE
from tests.assessments.grundschutz.mapping_documents import collection, mapped
from tests.assessments.grundschutz.oscal_documents import (
    catalogue,
    catalogues,
    control,
    profile,
    stable,
    written,
)
from tests.databases import bare_database

MEGABYTE = 1024 * 1024


def insert(*ids: str) -> str:
    return "".join(f"{{{{ insert: param, {identity} }}}}" for identity in ids)


def with_parameters(**values: str) -> dict[str, Any]:
    """A catalogue whose parameters have these values."""
    params = [{"id": identity, "values": [value]} for identity, value in values.items()]
    return catalogue(control("c", prose=insert("p0"), params=params))


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = bare_database(f"sqlite:///{tmp_path / 'nachweis.db'}")
    yield database
    database.engine.dispose()


# --- What multiplies -----------------------------------------------------------------------------


def test_parameters_that_double_each_other_are_refused() -> None:
    values = {f"p{number}": insert(f"p{number + 1}", f"p{number + 1}") for number in range(30)}
    with pytest.raises(UnreadableCatalogue, match="Der Parameter „p0“ setzt mehr als 200 andere ein"):
        read(with_parameters(**values, p30="Ha!"))


def test_parameters_that_all_put_in_each_other_are_refused() -> None:
    names = [f"p{number}" for number in range(20)]
    values = {name: insert(*(other for other in names if other != name)) for name in names}
    with pytest.raises(UnreadableCatalogue, match="Der Parameter „p0“"):
        read(with_parameters(**values))


def test_a_long_chain_of_parameters_is_refused() -> None:
    values = {f"p{number}": insert(f"p{number + 1}") for number in range(20_000)}
    with pytest.raises(UnreadableCatalogue, match=f"mehr als {MAX_CHAIN} nacheinander"):
        read(with_parameters(**values, p20000="Ende"))


def test_as_many_parameters_as_allowed_are_put_in() -> None:
    inner = {f"p{number}": "x" for number in range(1, MAX_INSERTS)}
    found = read(with_parameters(p0=insert(*inner), **inner))
    assert found.wording(found.controls[0]) == "x" * (MAX_INSERTS - 1)


def test_a_small_circle_is_refused_by_an_import(database: Database) -> None:
    root = with_parameters(p0=insert("p1"), p1=insert("p2"), p2=insert("p1"))
    with pytest.raises(UnreadableCatalogue, match="Bei c verweisen Parameter im Kreis: p1 → p2 → p1"):
        import_oscal(database, Source("kreis.json", written(root)), actor=Actor("Test"))
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(CatalogueDocument)) == 0


def test_a_circle_that_is_there_already_does_no_harm() -> None:
    found = read(with_parameters(p0=insert("p1"), p1=insert("p0")))
    assert found.wording(found.controls[0]) == "[p0]"


def test_profiles_that_double_each_other_are_refused() -> None:
    last = Source("14.json", written(catalogue(control("a"))))
    files = [last]
    for number in range(13, -1, -1):
        wish = {"href": f"{number + 1}.json"}
        root = profile(wish, wish)
        root["profile"]["uuid"] = f"5f4a8c3e-0000-4000-8000-{number:012}"
        files.append(Source(f"{number}.json", written(root)))
    with pytest.raises(UnreadableCatalogue, match=f"mehr als {MAX_IMPORTS} Kataloge ein"):
        resolve(files[-1].root, files)


def test_too_many_groups_are_refused() -> None:
    root = catalogue(control("a"))
    root["catalog"]["groups"] += [{"title": "leer"}] * MAX_GROUPS
    with pytest.raises(UnreadableCatalogue, match=rf"mehr als 5000 Gruppen: catalog.groups\[{MAX_GROUPS}\]"):
        read(root)


def test_what_is_nested_without_end_is_refused_in_a_profile_too() -> None:
    deep: Any = []
    for _ in range(800):
        deep = [deep]
    root = catalogue(control("a"), unknown=deep)
    with pytest.raises(UnreadableCatalogue, match="tiefer verschachtelt"):
        resolve(profile({"href": "haus.json"}), [Source("haus.json", written(root))])


@pytest.mark.parametrize("opening", [b'{"a":', b"["])
def test_brackets_without_end_are_refused(opening: bytes) -> None:
    with pytest.raises(UnreadableCatalogue, match="tiefer verschachtelt"):
        document(opening * 100_000)


def test_fifty_megabytes_are_refused_before_they_are_read(database: Database) -> None:
    source = Source("gross.json", b'{"catalog": "' + b"a" * (50 * MEGABYTE) + b'"}')
    with pytest.raises(UnreadableCatalogue, match="Die Datei ist größer als 32 MB"):
        import_oscal(database, source, actor=Actor("Test"))
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(CatalogueDocument)) == 0


def test_of_a_large_file_on_disk_no_more_is_read_than_needed(tmp_path: Path) -> None:
    path = tmp_path / "gross.json"
    with path.open("wb") as file:
        file.truncate(2 * LARGEST_FILE)
    assert len(Source.at(path).data) == LARGEST_FILE + 1


# --- What is there twice or missing --------------------------------------------------------------


def test_an_object_with_the_same_key_twice_is_refused() -> None:
    data = written(catalogue(control("a", "Sichern"))).replace(
        b'"title": "Sichern"', b'"title": "Sichern", "title": "L\xc3\xb6schen"'
    )
    with pytest.raises(UnreadableCatalogue, match="Im Objekt „a“ kommt der Schlüssel „title“ zweimal vor"):
        document(data)


def test_a_resource_that_a_profile_lists_twice_is_refused() -> None:
    twin = {"uuid": "5f4a8c3e-0000-4000-8000-00000000000a", "rlinks": [{"href": "haus.json"}]}
    root = profile({"href": f"#{twin['uuid']}"})
    root["profile"]["back-matter"] = {"resources": [twin, twin]}
    said = r"zweimal vor: back-matter.resources\[0\] und back-matter.resources\[1\]"
    with pytest.raises(UnreadableCatalogue, match=said):
        resolve(root, [Source("haus.json", written(catalogue(control("a"))))])


def test_what_is_wrong_in_a_chosen_catalogue_is_named_with_its_file() -> None:
    source = Source("haus.json", written(catalogue(control("a"), control("a"))))
    with pytest.raises(UnreadableCatalogue, match=r"In der Datei „haus\.json“: „a“ kommt zweimal vor"):
        resolve(profile({"href": "haus.json"}), [source])


def places(parent: dict[str, Any], place: str) -> Iterator[tuple[dict[str, Any], str]]:
    """Every control in a catalogue or group, with its place."""
    for key in ("groups", "controls"):
        for index, each in enumerate(parent.get(key, ())):
            at = f"{place}.{key}[{index}]"
            if key == "controls":
                yield each, at
            yield from places(each, at)


@given(catalogues(), st.data())
def test_a_control_without_id_is_refused_with_its_place(root: dict[str, Any], data: st.DataObject) -> None:
    found, place = data.draw(st.sampled_from(list(places(root["catalog"], "catalog"))))
    found.pop("id")
    with pytest.raises(UnreadableCatalogue) as refusal:
        read(root)
    assert refusal.value.text.de.startswith(f"Bei {place} fehlt die Angabe „id“.")


@given(catalogues(), st.data())
def test_an_id_that_occurs_twice_is_refused_with_both_places(
    root: dict[str, Any], data: st.DataObject
) -> None:
    every = list(places(root["catalog"], "catalog"))
    found, place = data.draw(st.sampled_from(every))
    twin = {"title": "Zwilling", "id": found["id"]}
    root["catalog"]["groups"].append({"title": "Letzte", "controls": [twin]})
    index = len(root["catalog"]["groups"]) - 1
    with pytest.raises(UnreadableCatalogue) as refusal:
        read(root)
    said = f"„{found['id']}“ kommt zweimal vor: {place} und catalog.groups[{index}].controls[0]."
    assert refusal.value.text.de.startswith(said)


def leaves(value: Any, trail: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to everything in a document."""
    if trail:
        yield trail
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inner:
        yield from leaves(each, (*trail, key))


def damaged(root: Any, trail: tuple[Any, ...], value: Any) -> Any:
    """*root* with *value* in the place of what *trail* leads to, or without it where that is ``...``."""
    found = copy.deepcopy(root)
    parent = found
    for key in trail[:-1]:
        parent = parent[key]
    if value is ...:
        del parent[trail[-1]]
    else:
        parent[trail[-1]] = value
    return found


_JUNK: st.SearchStrategy[Any] = st.sampled_from(
    [..., None, 0, 1.5, True, "", "x", [], {}, [[]], [{}], {"id": 1}, "\x00"]
)
WHOLE_PROFILE = profile(
    {
        "href": "#5f4a8c3e-0000-4000-8000-00000000000a",
        "include-controls": [{"with-ids": ["a"], "matching": [{"pattern": "b*"}]}],
        "exclude-controls": [{"with-ids": ["b2"]}],
    },
    modify={
        "set-parameters": [{"param-id": "p", "values": ["7"], "props": [{"name": "n", "value": "v"}]}],
        "alters": [
            {
                "control-id": "a",
                "removes": [{"by-name": "level"}],
                "adds": [{"position": "starting", "props": [{"name": "level", "value": "B"}]}],
            }
        ],
    },
)
WHOLE_PROFILE["profile"]["back-matter"] = {
    "resources": [
        {
            "uuid": "5f4a8c3e-0000-4000-8000-00000000000a",
            "rlinks": [{"href": "haus.json", "hashes": [{"algorithm": "SHA-256", "value": "ab"}]}],
        }
    ]
}
HOUSE = catalogue(
    control(
        "a",
        prose=insert("p"),
        params=[{"id": "p", "label": "Frist"}],
        props=[{"name": "level", "value": "S"}],
    ),
    control("b1"),
    control("b2"),
)
ANSWERED = {"status": "YES", "control": "SYS.1.1.A1", "due": "2026-09-30", "remark": "Gut."}
RESULTS = {
    "assessment-results": {
        "uuid": "5f4a8c3e-0000-4000-8000-00000000000b",
        "metadata": {"title": "Ergebnisse", "version": "1", "oscal-version": "1.1.3"},
        "results": [
            {
                "observations": [
                    {
                        "uuid": "5f4a8c3e-0000-4000-8000-00000000000c",
                        "description": ANSWERED["remark"],
                        "props": [
                            {"name": name, "ns": "urn:nachweis:oscal", "value": value, "remarks": value}
                            for name, value in ANSWERED.items()
                        ],
                    }
                ],
                "assessment-log": {
                    "entries": [
                        {
                            "description": "Baustein angewendet.",
                            "start": "2026-03-02T00:00:00Z",
                            "props": [
                                {"name": "module", "ns": "urn:nachweis:oscal", "value": "SYS.1.1"},
                                {"name": "interview-on", "ns": "urn:nachweis:oscal", "value": "2026-03-02"},
                            ],
                        }
                    ]
                },
            }
        ],
    }
}


@given(st.sampled_from(list(leaves(WHOLE_PROFILE))), _JUNK)
def test_a_damaged_profile_is_resolved_or_refused_in_words(trail: tuple[Any, ...], junk: Any) -> None:
    try:
        resolve(damaged(WHOLE_PROFILE, trail, junk), [Source("haus.json", written(HOUSE))])
    except UnreadableCatalogue as refusal:
        said = refusal.text
        assert said.de.endswith("Es wurde nichts übernommen.")


@given(st.sampled_from(list(leaves(HOUSE))), _JUNK)
def test_a_profile_of_a_damaged_catalogue_is_resolved_or_refused_in_words(
    trail: tuple[Any, ...], junk: Any
) -> None:
    source = Source("haus.json", written(damaged(HOUSE, trail, junk)))
    try:
        read(resolve(WHOLE_PROFILE, [source]).root)
    except UnreadableCatalogue as refusal:
        said = refusal.text
        assert said.de.endswith("Es wurde nichts übernommen.")


@given(st.sampled_from(list(leaves(RESULTS))), _JUNK)
def test_damaged_results_are_read_or_refused_in_words(trail: tuple[Any, ...], junk: Any) -> None:
    try:
        read_returned(damaged(RESULTS, trail, junk))
    except UnreadableCatalogue as refusal:
        said = refusal.text
        assert said.de.endswith("Es wurde nichts übernommen.")


MAPPED = collection(
    mapped("SYS.1.1.A1", "K.1", key=stable(1)[0]["value"]),
    mapped("SYS.1.1.A2-UA.1", "K.2", "subset-of", key=stable(2)[0]["value"], assumed=True),
)


@given(st.sampled_from(list(leaves(MAPPED))), _JUNK)
def test_a_damaged_mapping_is_read_or_refused_in_words(trail: tuple[Any, ...], junk: Any) -> None:
    try:
        read_mapping(damaged(MAPPED, trail, junk))
    except UnreadableCatalogue as refusal:
        said = refusal.text
        assert said.de.endswith("Es wurde nichts übernommen.")


def test_the_undamaged_documents_are_read() -> None:
    assert len(read_mapping(MAPPED).pairs) == 2
    found = read(resolve(WHOLE_PROFILE, [Source("haus.json", written(HOUSE))]).root)
    assert [(each.id, each.says("level")) for each in found.controls] == [("a", "B"), ("b1", "")]
    assert len(read_returned(json.loads(json.dumps(RESULTS))).outcomes) == 1
