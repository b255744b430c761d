"""Two versions of a catalogue are told apart control by control."""

from __future__ import annotations

from typing import Any

from hypothesis import given

from assessments.grundschutz.oscal import OscalCatalogue, read
from assessments.grundschutz.oscal_differences import Aspect, Change, Differences, compare, fingerprint
from tests.assessments.grundschutz.oscal_documents import catalogue, catalogues, control, stable


def _version(*controls: dict[str, Any]) -> OscalCatalogue:
    return read(catalogue(*controls))


BEFORE = _version(
    control("K.1", "Sichern", prose="SOLLTE sichern.", props=stable(1)),
    control("K.2", "Löschen", prose="SOLLTE löschen.", props=stable(2), links=[{"href": "#K.1"}]),
    control("K.3", "Entfällt", prose="KANN.", props=stable(3)),
)
AFTER = _version(
    control("K.1", "Neu hier", prose="MUSS.", props=stable(4)),
    control("K.2", "Sichern", prose="MUSS sichern.", props=stable(1)),
    control("K.3", "Löschen", prose="SOLLTE löschen.", props=stable(2), links=[{"href": "#K.2"}]),
)


def test_controls_are_the_same_by_their_uuid_whatever_id_they_have_now() -> None:
    found = compare(BEFORE, AFTER)
    assert found.counts() == {"added": 1, "removed": 1, "renumbered": 2, "changed": 1, "unchanged": 0}
    assert [each.title for each in found.added] == ["Neu hier"]
    assert [each.title for each in found.removed] == ["Entfällt"]
    assert [(old.id, new.id) for old, new in found.renumbered] == [("K.1", "K.2"), ("K.2", "K.3")]
    assert [(each.after.id, each.changes) for each in found.changed] == [
        ("K.2", (Change(Aspect.STATEMENT, "SOLLTE sichern.", "MUSS sichern."),))
    ]


def test_a_fingerprint_changes_with_the_statement_and_not_with_the_number() -> None:
    old = {each.title: fingerprint(BEFORE, each) for each in BEFORE.controls}
    new = {each.title: fingerprint(AFTER, each) for each in AFTER.controls}
    assert old["Löschen"] == new["Löschen"]
    assert old["Sichern"] != new["Sichern"]


def test_a_change_of_everything_else_is_named() -> None:
    level = {"name": "level", "value": "hoch"}
    parts = [{"name": "guidance", "prose": "Gemeint ist dies."}]
    after = _version(
        control("K.1", "Sichern!", prose="SOLLTE sichern.", props=[*stable(1), level]),
        {**control("K.2", "Löschen", prose="SOLLTE löschen.", props=stable(2)), "links": []},
        control("K.3", "Entfällt", props=stable(3)) | {"parts": parts},
    )
    assert [[change.aspect for change in each.changes] for each in compare(BEFORE, after).changed] == [
        [Aspect.TITLE, Aspect.PROPERTIES],
        [Aspect.LINKS],
        [Aspect.STATEMENT, Aspect.GUIDANCE],
    ]


def test_catalogues_without_a_common_control_are_no_versions_of_one() -> None:
    assert not compare(BEFORE, _version(control("ganz-anders"))).kept


def test_every_aspect_has_a_name_in_both_languages() -> None:
    assert all(aspect.label.de and aspect.label.en for aspect in Aspect)


@given(catalogues(), catalogues())
def test_what_one_way_is_added_is_removed_the_other_way(one: dict[str, Any], other: dict[str, Any]) -> None:
    first, second = read(one), read(other)
    forth, back = compare(first, second), compare(second, first)
    assert (forth.added, forth.removed) == (back.removed, back.added)
    assert forth.unchanged == back.unchanged
    assert len(forth.added) + len(forth.changed) + forth.unchanged == len(second.controls)
    assert compare(first, first) == Differences(unchanged=len(first.controls))
