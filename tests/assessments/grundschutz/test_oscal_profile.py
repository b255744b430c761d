"""A profile becomes the catalogue that it describes."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from assessments.grundschutz.kompendium import UnreadableCatalogue
from assessments.grundschutz.oscal import OscalCatalogue, read
from assessments.grundschutz.oscal_differences import Differences, compare
from assessments.grundschutz.oscal_profile import Source, resolve
from tests.assessments.grundschutz.oscal_documents import (
    JUNE,
    KERNEL,
    LOW,
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

needs_the_files = pytest.mark.skipif(
    not PROFILE.is_file(), reason="the catalogues of BSI and NIST are not part of the repository"
)

HOUSE = catalogue(
    control("a", "Oben", prose="Alle {{ insert: param, p }}.", params=[{"id": "p", "label": "Frist"}],
            controls=[control("a.1", "Darin"), control("a.2", "Danach")]),
    control("b", "Zweite"),
)  # fmt: skip
SOURCE = Source("haus.json", written(HOUSE))
_CHECKSUM = hashlib.sha256(SOURCE.data).hexdigest()


def _resolved(root: Any, *sources: Source) -> OscalCatalogue:
    return read(resolve(root, sources).root)


@needs_the_files
def test_the_profile_of_the_bsi_gives_a_thousand_controls() -> None:
    sources = [Source.at(path) for path in (KERNEL, METHODS, RISKS)]
    resolved = resolve(Source.at(PROFILE).root, sources)
    found = read(resolved.root)
    assert (found.title, resolved.problems, found.problems) == ("Anwenderkatalog Grundschutz++", (), ())
    assert (len(found.controls), sum(group.parent is None for group in found.groups)) == (1000, 20)
    assert [each.id for each in found.controls if each.id.startswith("RISK.1")][:1] == ["RISK.1.1"]
    verbs = [each.says("modal_verb") for each in found.controls]
    assert {verb: verbs.count(verb) for verb in set(verbs)} == {"MUSS": 149, "SOLLTE": 627, "KANN": 224}
    assert found.parameters["gc.1.1-prm1"].values == ("BSI Grundschutz++",)


@needs_the_files
def test_a_month_of_the_bsi_shows_what_was_added_removed_and_renumbered() -> None:
    sources = [Source.at(path) for path in (KERNEL, METHODS, RISKS)]
    july = read(resolve(Source.at(PROFILE).root, sources).root)
    found = compare(read(Source.at(JUNE).root), july)
    assert {name: found.counts()[name] for name in ("added", "removed", "renumbered")} == {
        "added": 13,
        "removed": 2,
        "renumbered": 69,
    }
    assert found.kept


@needs_the_files
def test_the_low_baseline_of_nist_gives_its_149_controls() -> None:
    found = _resolved(Source.at(LOW).root, Source.at(NIST))
    assert (len(found.controls), found.by_id["at-2.2"].parent) == (149, "at-2")


@pytest.mark.parametrize(
    ("wish", "ids"),
    [
        ({"include-all": {}}, ["a", "a.1", "a.2", "b"]),
        ({}, ["a", "a.1", "a.2", "b"]),
        ({"include-controls": [{"with-ids": ["a"]}]}, ["a"]),
        ({"include-controls": [{"with-ids": ["a"], "with-child-controls": "yes"}]}, ["a", "a.1", "a.2"]),
        ({"include-controls": [{"with-ids": ["a.2"]}]}, ["a.2"]),
        ({"include-controls": [{"matching": [{"pattern": "a.*"}]}]}, ["a.1", "a.2"]),
        ({"include-all": {}, "exclude-controls": [{"with-ids": ["b", "a.1"]}]}, ["a", "a.2"]),
    ],
    ids=["all", "nothing said", "one", "with children", "a child alone", "by pattern", "all but two"],
)
def test_a_profile_chooses_its_controls(wish: dict[str, Any], ids: list[str]) -> None:
    found = _resolved(profile({"href": "haus.json", **wish}), SOURCE)
    assert [each.id for each in found.controls] == ids
    assert [group.title for group in found.groups] == ["Erste Gruppe"]


def test_without_a_merge_the_controls_stand_in_one_chapter() -> None:
    root = profile({"href": "haus.json"})
    del root["profile"]["merge"]
    found = _resolved(root, SOURCE)
    assert [group.title for group in found.groups] == ["Auswahl"]
    assert [(each.id, each.group) for each in found.controls] == [("a", 0), ("a.1", 0), ("a.2", 0), ("b", 0)]


def test_a_profile_sets_parameters_and_alters_controls() -> None:
    modify = {
        "set-parameters": [{"param-id": "p", "values": ["30 Tage"]}, {"param-id": "fehlt", "values": ["x"]}],
        "alters": [
            {
                "control-id": "b",
                "removes": [{"by-name": "statement"}],
                "adds": [
                    {
                        "title": "Zweite, bei uns",
                        "parts": [{"name": "guidance", "prose": "So ist es gemeint."}],
                        "props": [{"name": "level", "value": "hoch"}],
                    }
                ],
            },
            {"control-id": "fehlt"},
        ],
    }
    resolved = resolve(profile({"href": "haus.json"}, modify=modify), [SOURCE])
    found = read(resolved.root)
    assert found.wording(found.by_id["a"]) == "Alle 30 Tage."
    changed = found.by_id["b"]
    assert (changed.title, found.wording(changed), changed.says("level")) == (
        "Zweite, bei uns",
        "So ist es gemeint.",
        "hoch",
    )
    assert [(each.place, each.text.de) for each in resolved.problems] == [
        (
            "profile.modify.set-parameters[1]",
            "Den Parameter „fehlt“ gibt es in den eingebundenen Katalogen nicht.",
        ),
        (
            "profile.modify.alters[1]",
            "Die Anforderung „fehlt“ kommt in den eingebundenen Katalogen nicht vor.",
        ),
    ]


def test_a_chosen_control_that_does_not_exist_is_reported() -> None:
    wish = {"href": "haus.json", "include-controls": [{"with-ids": ["b", "fehlt"]}]}
    resolved = resolve(profile(wish), [SOURCE])
    assert [each.place for each in resolved.problems] == ["profile.imports[0].include-controls[0]"]
    assert [each.id for each in read(resolved.root).controls] == ["b"]


def test_the_same_control_from_two_catalogues_counts_once() -> None:
    resolved = resolve(profile({"href": "haus.json"}, {"href": "haus.json"}), [SOURCE])
    assert len(read(resolved.root).controls) == 4
    assert {each.place for each in resolved.problems} == {"a", "b"}


@pytest.mark.parametrize(
    "links",
    [
        [{"href": "../anderswo/haus.json"}],
        [{"href": "x.json", "hashes": [{"algorithm": "SHA-256", "value": _CHECKSUM}]}],
        [{"href": "umbenannt.json"}],
    ],
    ids=["by name", "by checksum", "as the only file left"],
)
def test_an_import_finds_its_file(links: list[dict[str, Any]]) -> None:
    root = profile({"href": "#r1"})
    root["profile"]["back-matter"] = {"resources": [{"uuid": "r1", "rlinks": links}]}
    assert len(_resolved(root, SOURCE).controls) == 4


def test_all_missing_files_are_named_at_once() -> None:
    names = ("fort.json", "haus.json", "weg.json")
    with pytest.raises(UnreadableCatalogue) as refused:
        resolve(profile(*({"href": f"../{name}"} for name in names)), [SOURCE])
    assert refused.value.text.de.startswith(
        "Es fehlen Dateien, die das Profil einbindet (2): "
        "fort.json (profile.imports[0]), weg.json (profile.imports[2])."
    )


def test_a_profile_may_import_another_but_not_itself() -> None:
    inner = Source("innen.json", written(profile({"href": "haus.json"}, identity=3)))
    assert len(_resolved(profile({"href": "innen.json"}), inner, SOURCE).controls) == 4
    circle = Source("innen.json", written(profile({"href": "aussen.json"}, identity=3)))
    outer = profile({"href": "innen.json"})
    with pytest.raises(UnreadableCatalogue, match="im Kreis"):
        resolve(outer, [circle, Source("aussen.json", written(outer))])


@pytest.mark.parametrize(
    "root", [{"profile": {}}, profile(), {"profile": profile({})["profile"]}, {"profile": 3}], ids=range(4)
)
def test_a_profile_that_is_not_well_formed_is_refused(root: Any) -> None:
    with pytest.raises(UnreadableCatalogue):
        resolve(root, [SOURCE])


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableCatalogue, match="lässt sich nicht öffnen"):
        Source.at(tmp_path / "fehlt.json")


@given(catalogues())
def test_a_profile_of_everything_changes_no_control_and_gives_the_same_again(root: dict[str, Any]) -> None:
    source = Source("alles.json", written(root))
    wanted = profile({"href": "alles.json", "include-all": {}})
    first = resolve(wanted, [source])
    assert first == resolve(wanted, [source])
    count = len(read(root).controls)
    assert compare(read(root), read(first.root)) == Differences(unchanged=count)
