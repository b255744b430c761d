"""Any catalogue in OSCAL is read whole, or refused with the place of what is wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.grundschutz import oscal
from assessments.grundschutz.kompendium import UnreadableCatalogue
from assessments.grundschutz.oscal import Group, OscalCatalogue, Problem, Segment, document, read
from compliance.language import Text
from tests.assessments.grundschutz.oscal_documents import (
    JUNE,
    KERNEL,
    METHODS,
    NIST,
    RISKS,
    SHARED,
    STABLE,
    catalogue,
    catalogues,
    control,
    stable,
    written,
)

needs_the_files = pytest.mark.skipif(
    not NIST.is_file(), reason="the catalogues of BSI and NIST are not part of the repository"
)


@needs_the_files
@pytest.mark.parametrize(
    ("path", "counts"),
    [
        (KERNEL, {"groups": 117, "controls": 901, "parameters": 207, "resources": 0, "problems": 0}),
        (METHODS, {"groups": 41, "controls": 95, "parameters": 14, "resources": 0, "problems": 0}),
        (RISKS, {"groups": 2, "controls": 10, "parameters": 1, "resources": 0, "problems": 0}),
        (JUNE, {"groups": 159, "controls": 989, "parameters": 218, "resources": 1, "problems": 0}),
        (
            SHARED / "oscal" / "basic-catalog.json",
            {"groups": 4, "controls": 4, "parameters": 2, "resources": 0, "problems": 0},
        ),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_the_published_catalogues_are_read_completely(path: Any, counts: dict[str, int]) -> None:
    assert read(document(path.read_bytes())).counts() == counts


@needs_the_files
def test_nist_is_read_as_a_generic_catalogue_and_its_missing_controls_are_reported() -> None:
    found = read(document(NIST.read_bytes()))
    first = found.by_id["ac-1"]
    assert [found.counts()[name] for name in ("groups", "controls", "parameters", "resources")] == [
        18,
        149,
        445,
        135,
    ]
    assert (first.key, first.label, first.title) == ("ac-1", "AC-1", "Policy and Procedures")
    assert [group.title for group in found.path(first)] == ["Access Control"]
    assert found.wording(first, "statement").startswith(
        "a. Develop, document, and disseminate to [organization-defined personnel or roles]:\n"
        "1. [organization-level / mission/business process-level / system-level] access control policy"
    )
    assert Problem(
        "ac-1", Text("Der Verweis auf „pm-9“ führt ins Leere.", "The link to “pm-9” leads nowhere.")
    ) in (found.problems)


@needs_the_files
def test_controls_of_the_bsi_are_known_by_their_uuid() -> None:
    found = read(document(JUNE.read_bytes()))
    first = found.by_id["GC.1.1"]
    assert first.key == "80351189-6ffc-495e-a995-6219b9704724"
    assert found.control(first.key) is first
    assert [(first.says(name)) for name in ("modal_verb", "sec_level", "effort_level", "nothing")] == [
        "MUSS",
        "normal-SdT",
        "0",
        "",
    ]
    assert found.wording(first, "statement") == (
        "Governance und Compliance MUSS Verfahren und Regelungen zur Errichtung und Aufrechterhaltung eines "
        "ISMS nach BSI Grundschutz++ verankern."
    )
    assert [control.id for control in found.search("isms ERRICHTUNG")][:1] == ["GC.1.1"]


def test_groups_controls_and_parts_are_read_in_their_order_and_depth() -> None:
    root = catalogue(
        control("a", "Oben", controls=[control("a.1", "Darin", prose="Tun."), control("a.2", "Danach")]),
    )
    root["catalog"]["groups"][0]["groups"] = [
        {"id": "g2", "title": "Innen", "controls": [control("b")], "props": [{"name": "label", "value": "2"}]}
    ]
    found = read(root)
    assert found.groups == (Group("Erste Gruppe", "g1"), Group("Innen", "g2", parent=0, depth=1))
    assert [(each.id, each.parent, each.depth, each.group) for each in found.controls] == [
        ("b", "", 0, 1),
        ("a", "", 0, 0),
        ("a.1", "a", 1, 0),
        ("a.2", "a", 1, 0),
    ]
    assert [each.id for each in found.within(0)] == ["a", "a.1", "a.2"]
    assert [group.title for group in found.path(found.by_id["b"])] == ["Erste Gruppe", "Innen"]


def test_parameters_are_put_into_the_text_and_open_ones_are_told() -> None:
    prose = "Alle {{ insert: param, p1 }} nach {{insert: param, p2}} durch {{ insert: param, p3 }}."
    params = [
        {"id": "p1", "label": "Frist", "values": ["30 Tage"]},
        {"id": "p2", "label": "Standard"},
        {"id": "p3", "select": {"choice": ["Amt", "Stelle mit {{ insert: param, p2 }}"]}},
    ]
    found = read(catalogue(control("a", prose=prose, params=params)))
    assert found.filled(prose) == (
        Segment("Alle "),
        Segment("30 Tage", "p1"),
        Segment(" nach "),
        Segment("[Standard]", "p2", open=True),
        Segment(" durch "),
        Segment("[Amt / Stelle mit [Standard]]", "p3", open=True),
        Segment("."),
    )
    assert found.problems == ()


def test_what_leads_nowhere_is_reported_and_the_catalogue_can_be_used() -> None:
    links = [{"href": "#nirgends"}, {"href": "#a"}, {"href": "https://example.org/"}]
    prose = "Nach {{ insert: param, fremd }}"
    found = read(catalogue(control("a", prose=prose, links=links)))
    assert [(each.place, each.text.de) for each in found.problems] == [
        ("a", "Der Verweis auf „nirgends“ führt ins Leere."),
        ("a", "Den Parameter „fremd“, den der Text einsetzt, gibt es nicht."),
    ]
    assert found.said(prose) == "Nach [fremd]"


def test_unknown_keys_are_tolerated_and_resources_are_named() -> None:
    root = catalogue(control("a", etwas={"neues": [1, 2]}))
    root["$schema"] = "https://example.org/schema.json"
    root["catalog"]["back-matter"] = {
        "resources": [
            {"uuid": "r1", "citation": {"text": "BSIG"}, "rlinks": [{"href": "https://example.org"}]}
        ]
    }
    assert read(root).resources == (oscal.Resource("r1", "BSIG", "https://example.org"),)


def _without(*path: Any) -> dict[str, Any]:
    """A catalogue in which one entry is missing."""
    root = catalogue(control("a", prose="Tun."), control("b"))
    at: Any = root
    for key in path[:-1]:
        at = at[key]
    del at[path[-1]]
    return root


def _with(value: Any, *path: Any) -> dict[str, Any]:
    root = catalogue(control("a", prose="Tun."), control("b"))
    at: Any = root
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return root


_CONTROLS = ("catalog", "groups", 0, "controls")
_FIRST = "catalog.groups[0].controls[0]"


@pytest.mark.parametrize(
    ("root", "said"),
    [
        ({"profile": {}}, "Das Dokument ist kein OSCAL-Katalog; es enthält: profile."),
        ({"catalog": []}, "catalog ist kein Objekt."),
        (_without("catalog", "uuid"), "Bei catalog fehlt die Angabe „uuid“."),
        (_without("catalog", "metadata"), "Es fehlt catalog.metadata."),
        (_without("catalog", "metadata", "title"), "Bei catalog.metadata fehlt die Angabe „title“."),
        (
            _with("2.0", "catalog", "metadata", "oscal-version"),
            "Das Dokument folgt OSCAL 2.0; gelesen wird OSCAL 1 (1.0 bis 1.2).",
        ),
        (
            _without(*_CONTROLS, 1, "id"),
            "Bei catalog.groups[0].controls[1] fehlt die Angabe „id“.",
        ),
        (
            _without(*_CONTROLS, 1, "title"),
            "Bei catalog.groups[0].controls[1] (b) fehlt die Angabe „title“.",
        ),
        (
            _with("a", *_CONTROLS, 1, "id"),
            "„a“ kommt zweimal vor: catalog.groups[0].controls[0] und catalog.groups[0].controls[1].",
        ),
        (_with({}, *_CONTROLS), "catalog.groups[0].controls ist keine Liste."),
        (_with(["x"], *_CONTROLS), "catalog.groups[0].controls[0] ist kein Objekt."),
        (_with(7, *_CONTROLS, 0, "title"), "catalog.groups[0].controls[0] (a).title ist kein Text."),
        (_with([], *_CONTROLS), "Der Katalog enthält keine Anforderungen."),
        (
            catalogue(control("a", props=stable(1)), control("b", props=stable(1))),
            f"„{STABLE}1“ kommt zweimal vor: {_FIRST} und catalog.groups[0].controls[1].",
        ),
        (
            catalogue(control("a", params=[{"id": "p"}]), control("b", params=[{"id": "p"}])),
            "Der Parameter „p“ bei catalog.groups[0].controls[1] kommt zweimal vor.",
        ),
        (
            catalogue(control("x" * 200)),
            "Die Kennung bei catalog.groups[0].controls[0] ist länger als 120 Zeichen.",
        ),
    ],
    ids=range(16),
)
def test_a_document_is_refused_with_the_place_of_what_is_wrong(root: dict[str, Any], said: str) -> None:
    with pytest.raises(UnreadableCatalogue) as refused:
        read(root)
    assert refused.value.text.de == f"{said} Es wurde nichts übernommen."
    assert refused.value.text.en.endswith(" Nothing was imported.")


def test_controls_within_themselves_without_end_are_refused() -> None:
    root = control("c-0")
    for number in range(1, 60):
        root = control(f"c-{number}", controls=[root])
    with pytest.raises(UnreadableCatalogue, match="tiefer verschachtelt"):
        read(catalogue(root))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "Zeile 1, Spalte 1"),
        (b"{", "Zeile 1, Spalte 2"),
        (b'{"catalog": NaN}', "kein gültiges JSON"),
        (b'{"a": "\xff"}', "Byte 7"),
        (b"[]", "kein JSON-Objekt"),
        (b"[" * 200_000, "tiefer verschachtelt"),
        (b'{"catalog": "' + b"x" * 50 * 1024 * 1024 + b'"}', "größer als 32 MB"),
    ],
    ids=["empty", "cut off", "no number", "no text", "a list", "very deep", "50 MB"],
)
def test_a_file_that_is_no_document_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(UnreadableCatalogue, match=said):
        document(data)


def _controls_in(parent: dict[str, Any]) -> Iterator[str]:
    for group in parent.get("groups", ()):
        yield from _controls_in(group)
    for each in parent.get("controls", ()):
        yield each["id"]
        yield from _controls_in(each)


@given(catalogues())
def test_every_control_of_a_catalogue_is_found_once_by_key_id_and_words(root: dict[str, Any]) -> None:
    found = read(document(written(root)))
    assert [each.id for each in found.controls] == list(_controls_in(root["catalog"]))
    assert sum(len(found.within(index)) for index in range(len(found.groups))) == len(found.controls)
    for each in found.controls:
        assert found.by_key[each.key] is found.by_id[each.id] is each
        assert each in found.search(each.title)
        assert "".join(segment.text for segment in found.filled(each.parts[0].prose)) == each.parts[0].prose


def _outcome(data: bytes) -> OscalCatalogue | Text:
    """The catalogue in *data*, or why it is refused."""
    try:
        return read(document(data))
    except UnreadableCatalogue as refusal:
        return refusal.text


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(catalogues(), st.data())
def test_a_damaged_catalogue_is_read_or_refused_in_words(root: dict[str, Any], data: st.DataObject) -> None:
    at: Any = root
    while isinstance(at, dict | list) and at:
        keys = list(at) if isinstance(at, dict) else list(range(len(at)))
        key = data.draw(st.sampled_from(keys))
        if data.draw(st.booleans()) or not isinstance(at[key], dict | list):
            at[key] = data.draw(_JSON)
            break
        at = at[key]
    outcome = _outcome(written(root))
    if isinstance(outcome, Text):
        assert outcome.en.endswith("Nothing was imported.")
    else:
        assert outcome.counts()["controls"] == len(outcome.by_key)


@given(st.text(max_size=60))
def test_any_text_is_filled_without_loss_where_it_names_no_parameter(prose: str) -> None:
    found = read(catalogue(control("a")))
    assert found.said(prose) == prose or "insert" in prose


@given(st.binary(max_size=60))
def test_any_few_bytes_are_refused_in_words(data: bytes) -> None:
    assert isinstance(_outcome(data), Text)


def test_the_order_of_keys_does_not_matter() -> None:
    root = catalogue(control("a", prose="Tun."), control("b"))
    turned = json.loads(json.dumps(root, sort_keys=True))
    assert read(turned) == read(root)
