"""A sample as it was taken, the sample now, and the entry: what is proposed, and what taking over does."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compliance.fields import Span, TimeUnit
from compliance.rules import Situation
from exports.reports.processing_activity import NEEDED
from registers.building import build
from registers.processing import (
    DataCategory,
    OpenPoint,
    ProcessingActivity,
    StartType,
    Subjects,
)
from registers.sample_rules import RULES
from registers.samples import UNCHECKED, Sample, compared, newer_sample, sample, samples, take_over
from registers.samples.comparing import Change, Comparison, Content, compare, content_of, take

# --- Whatever the three may say ------------------------------------------------------------------

_ROWS = st.lists(
    st.fixed_dictionaries(
        {"text": st.sampled_from(["Stammdaten", "stammdaten", "Bankverbindung", "Fotos"])},
        optional={
            "period": st.sampled_from(["P1Y", "P2Y", "P10Y"]),
            "special": st.booleans(),
            "archive": st.sampled_from(["OFFER", "NOT_WORTHY"]),
        },
    ),
    min_size=1,
    max_size=4,
)
_WORDS = [word.name for word in Subjects][:5]
CONTENTS: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {"name": st.sampled_from(["Hundesteuer", "Katzensteuer"])},
    optional={
        "description": st.sampled_from(["Die Stadt erhebt die Steuer.", "Das Amt setzt die Steuer fest."]),
        "subjects": st.sets(st.sampled_from(_WORDS), min_size=1).map(
            lambda chosen: [word for word in _WORDS if word in chosen]
        ),
        "risk": st.sampled_from(["NORMAL", "HIGH"]),
        "review_cycle": st.sampled_from(["P1Y", "P2Y"]),
        "video": st.booleans(),
        "data": _ROWS,
        "open_points": st.lists(
            st.fixed_dictionaries(
                {"text": st.sampled_from(["Satzung eintragen.", "Fristen trennen."])},
                optional={"decided": st.booleans(), "decision": st.just("Satzung von 2024")},
            ),
            min_size=1,
            max_size=2,
        ),
    },
)


def sorted_rows(value: Any) -> Any:
    is_rows = isinstance(value, list) and all(isinstance(item, dict) for item in value)
    return sorted(value, key=lambda row: sorted(map(repr, row.items()))) if is_rows else value


def taken(mine: Content, changes: tuple[Change, ...]) -> Content:
    """What the entry says once *changes* are taken over."""
    activity = build(ProcessingActivity, mine)
    take(activity, changes)
    return content_of(activity)


def same(content: Content) -> Content:
    """*content* without the order of its rows, since new ones come last."""
    return {name: sorted_rows(value) for name, value in content.items()}


@given(CONTENTS, CONTENTS)
@settings(max_examples=50, deadline=None)
def test_who_changed_nothing_gets_the_new_sample_and_no_conflict(before: Content, now: Content) -> None:
    found = compare(before, now, before)

    assert same(taken(before, found.proposals)) == same(now)
    assert [change for change in found.proposals if change.conflict] == []
    assert found.own == ()


@given(CONTENTS, CONTENTS)
@settings(max_examples=50, deadline=None)
def test_a_sample_that_stayed_proposes_nothing(before: Content, mine: Content) -> None:
    assert compare(before, before, mine).proposals == ()


@given(CONTENTS, CONTENTS)
@settings(max_examples=50, deadline=None)
def test_who_already_says_what_the_sample_says_gets_no_proposal(before: Content, now: Content) -> None:
    assert compare(before, now, now) == Comparison((), ())


@given(CONTENTS, CONTENTS, CONTENTS)
@settings(max_examples=50, deadline=None)
def test_what_is_not_taken_over_changes_nothing(before: Content, now: Content, mine: Content) -> None:
    compare(before, now, mine)

    assert taken(mine, ()) == mine


@given(CONTENTS, CONTENTS, CONTENTS)
@settings(max_examples=50, deadline=None)
def test_taking_over_all_leaves_what_only_the_department_changed(
    before: Content, now: Content, mine: Content
) -> None:
    found = compare(before, now, mine)
    after = taken(mine, found.proposals)

    assert compare(before, now, after).proposals == ()
    stayed = {change.key: change.mine for change in compare(before, now, after).own}
    kept = {change.key: change.mine for change in found.own}
    assert kept == {key: value for key, value in stayed.items() if key in kept}


@given(CONTENTS, CONTENTS, CONTENTS)
@settings(max_examples=50, deadline=None)
def test_a_conflict_is_what_both_changed_in_different_ways(
    before: Content, now: Content, mine: Content
) -> None:
    for change in compare(before, now, mine).proposals:
        assert change.before != change.now
        assert change.proposed != change.mine
        if change.conflict:
            assert change.mine != change.before
            assert change.mine != change.now


@given(CONTENTS, CONTENTS, CONTENTS)
@settings(max_examples=50, deadline=None)
def test_each_change_has_a_name_of_its_own(before: Content, now: Content, mine: Content) -> None:
    found = compare(before, now, mine)
    keys = [change.key for change in (*found.proposals, *found.own)]

    assert len(set(keys)) == len(keys)


# --- Single cases --------------------------------------------------------------------------------

BEFORE = {"name": "Hundesteuer", "data": [{"text": "Bankverbindung", "period": "P1Y"}]}


def row(**answers: Any) -> dict[str, Any]:
    return {"name": "Hundesteuer", "data": [{"text": "Bankverbindung", **answers}]}


@pytest.mark.parametrize(
    ("now", "mine", "proposed", "conflict"),
    [
        (row(period="P2Y"), row(period="P1Y"), {"period": "P2Y"}, False),
        (row(period="P2Y"), row(period="P1Y", special=False), {"period": "P2Y", "special": False}, False),
        (row(period="P2Y"), row(period="P3Y"), {"period": "P2Y"}, True),
        (row(), row(period="P1Y", special=False), {"special": False}, False),
    ],
)
def test_a_row_is_merged_answer_by_answer(
    now: Content, mine: Content, proposed: dict[str, Any], conflict: bool
) -> None:
    (change,) = compare(BEFORE, now, mine).proposals

    assert (change.proposed, change.conflict) == ({"text": "Bankverbindung"} | proposed, conflict)


def test_a_row_that_the_department_removed_stays_away_unless_it_is_chosen() -> None:
    (change,) = compare(BEFORE, row(period="P2Y"), {"name": "Hundesteuer"}).proposals

    assert change.conflict
    assert change.proposed == {"text": "Bankverbindung", "period": "P2Y"}


def test_a_row_that_stays_keeps_its_id() -> None:
    activity = ProcessingActivity(
        name="Hundesteuer",
        data=[DataCategory(text="Bankverbindung", period=Span(1, TimeUnit.Y)), DataCategory(text="Fotos")],
    )
    ids = [part.id for part in activity.data]

    take(activity, compare(BEFORE, row(period="P2Y"), content_of(activity)).proposals)

    assert [part.id for part in activity.data] == ids
    assert activity.data[0].period == Span(2, TimeUnit.Y)


def test_added_and_removed_words_never_stand_against_each_other() -> None:
    before = {"subjects": ["RESIDENTS", "STAFF"]}
    (change,) = compare(
        before, {"subjects": ["RESIDENTS", "CHILDREN"]}, {"subjects": ["STAFF", "PUPILS"]}
    ).proposals

    assert (change.proposed, change.conflict) == (["CHILDREN", "PUPILS"], False)


# --- Samples -------------------------------------------------------------------------------------


@pytest.mark.parametrize("found", samples(), ids=lambda found: found.id)
def test_what_was_just_taken_differs_in_nothing(found: Sample) -> None:
    activity = found.activity()

    assert compared(activity, found) == Comparison((), ())
    assert newer_sample(activity) is None


def test_taking_over_a_new_wording_opens_the_unchecked_point_again() -> None:
    old = sample("dog-tax")
    activity = old.activity()
    for point in activity.open_points:
        point.decided = True
    new = replace(
        old,
        version=date(2027, 5, 1),
        data={**old.data, "review_cycle": "P5Y"},
        open_points=("Für Assistenzhunde ist die Befreiung zu regeln.", *old.open_points),
    )

    take_over(activity, new, compared(activity, new).proposals)

    assert activity.review_cycle == Span(5, TimeUnit.Y)
    assert activity.sample_version == new.version
    assert [point.text for point in activity.open_points if not point.decided] == [
        UNCHECKED,
        "Für Assistenzhunde ist die Befreiung zu regeln.",
    ]
    assert compared(activity, new).proposals == ()


def test_an_activity_whose_taken_wording_is_unknown_never_loses_what_it_says() -> None:
    activity = sample("dog-tax").activity()
    activity.sample_taken = ""
    activity.data[0].start_type = StartType.COLLECTION

    found = compared(activity, sample("dog-tax"))

    assert [change.name for change in found.proposals] == ["data"]
    assert found.proposals[0].conflict


def hits(activity: ProcessingActivity) -> list[tuple[str, dict[str, str]]]:
    situation = Situation(date(2026, 11, 27))
    return [(rule.id, dict(hit.words)) for rule in RULES for hit in rule.check(activity, situation)]


def test_open_points_and_a_newer_wording_are_findings() -> None:
    activity = sample("dog-tax").activity()
    activity.sample_version = date(2025, 1, 1)
    activity.open_points[0].decided = True

    assert hits(activity) == [
        ("MUS-001", {"count": str(len(activity.open_points) - 1)}),
        ("MUS-002", {"day": "2026-11-01"}),
    ]


def test_an_activity_from_no_sample_or_from_one_that_is_gone_is_not_objected_to() -> None:
    gone = ProcessingActivity(
        name="Hundesteuer",
        sample_id="cat-tax",
        sample_version=date(2025, 1, 1),
        open_points=[OpenPoint(text="Satzung eintragen.", decided=True)],
    )

    assert hits(gone) == hits(ProcessingActivity(name="Hundesteuer")) == []


def test_nothing_of_a_sample_is_in_the_version_for_the_authority() -> None:
    assert {"sample_id", "sample_version", "open_points", "notes"} & set(NEEDED) == set()
