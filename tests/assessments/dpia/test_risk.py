"""Risks lie where the matrix puts them, and fall only by measures that exist."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.dpia.risk import (
    DEFAULT_MATRIX,
    DpiaMeasure,
    DpiaRisk,
    Grade,
    MeasureState,
    RiskLevel,
    RiskMatrix,
    Standing,
    give_keys,
    overall,
    rank,
    risk_keys,
    standing,
    unknown_keys,
    unsupported,
)
from compliance.errors import Refused

LOW, MEDIUM, HIGH = RiskLevel
NEGLIGIBLE, LIMITED, SUBSTANTIAL, MAJOR = Grade
GRADES = st.sampled_from(Grade)


def risk(before: tuple[Grade, Grade], planned: Grade | None = None, today: Grade | None = None) -> DpiaRisk:
    """A risk whose likelihood, not severity, is said to change."""
    severity, likelihood = before
    return DpiaRisk(
        key="R1",
        severity_before=severity,
        likelihood_before=likelihood,
        severity_planned=planned and severity,
        likelihood_planned=planned,
        severity_today=today and severity,
        likelihood_today=today,
    )


def measure(state: MeasureState, against: str = "R1") -> DpiaMeasure:
    return DpiaMeasure(title="Verschlüsselung", risks=against, state=state)


# --- The matrix ----------------------------------------------------------------------------------


def test_the_default_matrix_reads_as_agreed() -> None:
    letters = {LOW: "L", MEDIUM: "M", HIGH: "H"}
    rows = [" ".join(letters[level] for level in row) for row in reversed(DEFAULT_MATRIX.table)]
    assert rows == ["M H H H", "M M H H", "L M M H", "L L M M"]


@given(GRADES, GRADES, GRADES, GRADES)
def test_a_graver_and_likelier_event_never_weighs_less(a: Grade, b: Grade, c: Grade, d: Grade) -> None:
    order = list(Grade).index
    if order(a) <= order(c) and order(b) <= order(d):
        assert rank(DEFAULT_MATRIX.level(a, b)) <= rank(DEFAULT_MATRIX.level(c, d))


LEVEL_ROWS = st.lists(st.sampled_from(RiskLevel), min_size=4, max_size=4)


@given(st.lists(LEVEL_ROWS, min_size=4, max_size=4))
def test_any_matrix_that_is_accepted_survives_its_json(table: list[list[RiskLevel]]) -> None:
    rising = all(
        rank(table[s][w]) <= rank(table[t][v])
        for s in range(4)
        for w in range(4)
        for t in range(s, 4)
        for v in range(w, 4)
    )
    rows = tuple(tuple(row) for row in table)
    if not rising:
        with pytest.raises(Refused):
            replace(DEFAULT_MATRIX, table=rows)
        return
    matrix = replace(DEFAULT_MATRIX, table=rows)
    assert RiskMatrix.from_json(matrix.to_json()) == matrix


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "null",
        DEFAULT_MATRIX.to_json().replace('"HIGH"', '"AWFUL"'),
        DEFAULT_MATRIX.to_json().replace('"fair"', '"pink"'),
        DEFAULT_MATRIX.to_json().replace(', ["substanziell", "substantial"]', ""),
    ],
)
def test_what_is_no_matrix_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="Risikomatrix"):
        RiskMatrix.from_json(text)


# --- Three values --------------------------------------------------------------------------------


def test_a_risk_without_measures_stays_where_it_was() -> None:
    claimed = risk((SUBSTANTIAL, MAJOR), planned=NEGLIGIBLE, today=NEGLIGIBLE)
    assert standing(claimed, []) == Standing(HIGH, HIGH, HIGH)
    assert unsupported(claimed, []) == ("planned", "today")


def test_a_planned_measure_lowers_the_plan_but_not_today() -> None:
    claimed = risk((SUBSTANTIAL, MAJOR), planned=LIMITED, today=LIMITED)
    planned = [measure(MeasureState.IN_PROGRESS)]
    assert standing(claimed, planned) == Standing(HIGH, MEDIUM, HIGH)
    assert unsupported(claimed, planned) == ("today",)


@pytest.mark.parametrize("state", [MeasureState.IMPLEMENTED, MeasureState.VERIFIED])
def test_an_implemented_measure_lowers_today(state: MeasureState) -> None:
    claimed = risk((SUBSTANTIAL, MAJOR), planned=LIMITED, today=SUBSTANTIAL)
    assert standing(claimed, [measure(state)]) == Standing(HIGH, MEDIUM, HIGH)
    lowered = risk((SUBSTANTIAL, MAJOR), planned=LIMITED, today=LIMITED)
    assert standing(lowered, [measure(state)]) == Standing(HIGH, MEDIUM, MEDIUM)
    assert unsupported(lowered, [measure(state)]) == ()


def test_a_measure_against_another_risk_lowers_nothing() -> None:
    claimed = risk((SUBSTANTIAL, MAJOR), planned=LIMITED)
    assert standing(claimed, [measure(MeasureState.VERIFIED, "R11, R2")]) == Standing(HIGH, HIGH, HIGH)


def test_a_risk_that_has_grown_counts_as_grown() -> None:
    assert standing(risk((LIMITED, NEGLIGIBLE), today=MAJOR), []) == Standing(LOW, LOW, HIGH)


def test_what_was_not_assessed_anew_stays_as_before() -> None:
    assert standing(risk((LIMITED, MAJOR)), [measure(MeasureState.VERIFIED)]) == Standing(HIGH, HIGH, HIGH)


def test_an_unassessed_risk_leaves_the_whole_open() -> None:
    assert overall([risk((LIMITED, MAJOR)), DpiaRisk(key="R2")], []) == Standing(None, None, None)
    assert overall([], []) == Standing(None, None, None)


def test_the_highest_risk_stands_for_all() -> None:
    other = DpiaRisk(key="R2", severity_before=NEGLIGIBLE, likelihood_before=NEGLIGIBLE)
    assert overall([other, risk((LIMITED, MAJOR))], []) == Standing(HIGH, HIGH, HIGH)


@given(before=st.tuples(GRADES, GRADES), today=GRADES, states=st.lists(st.sampled_from(MeasureState)))
def test_today_is_never_lower_than_before_without_an_implemented_measure(
    before: tuple[Grade, Grade], today: Grade, states: list[MeasureState]
) -> None:
    now = standing(risk(before, today=today), [measure(state) for state in states])
    assert now.before is not None
    assert now.today is not None
    if not {MeasureState.IMPLEMENTED, MeasureState.VERIFIED}.intersection(states):
        assert rank(now.today) >= rank(now.before)


# --- Keys ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("R1, R3", ("R1", "R3")),
        ("r1 und R03; R1", ("R1", "R3")),
        ("", ()),
        ("alle", ()),
        ("R0", ()),
        ("R12", ("R12",)),
    ],
)
def test_measures_name_risks_by_key(text: str, keys: tuple[str, ...]) -> None:
    assert risk_keys(text) == keys


def test_a_new_risk_never_inherits_the_measures_of_a_removed_one() -> None:
    risks = [DpiaRisk(), DpiaRisk()]
    last = give_keys(risks, 0)
    risks[1:] = [DpiaRisk(title="Neu")]
    assert give_keys(risks, last) == 3
    assert [each.key for each in risks] == ["R1", "R3"]
    assert unknown_keys(risks, [measure(MeasureState.PLANNED, "R1, R2")]) == ("R2",)


def test_keys_stay_with_their_risks_when_the_order_changes() -> None:
    risks = [DpiaRisk(title="A"), DpiaRisk(title="B")]
    last = give_keys(risks, 0)
    risks.reverse()
    give_keys(risks, last)
    assert [(each.title, each.key) for each in risks] == [("B", "R2"), ("A", "R1")]
