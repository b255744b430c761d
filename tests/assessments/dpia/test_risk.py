"""Risks lie where the matrix puts them, and fall only by measures that exist."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from assessments.dpia.dpia import Dpia
from assessments.dpia.grades import GRADES as ALL_GRADES
from assessments.dpia.grades import LEVELS, Grade, RiskLevel, is_high, rank
from assessments.dpia.matrix import DEFAULT_MATRIX, Position, RiskMatrix, Shade, nearest
from assessments.dpia.risk import DpiaMeasure, DpiaRisk, MeasureState, give_keys, risk_keys, unknown_keys
from assessments.dpia.risk_rules import RULES
from assessments.dpia.standing import (
    Standing,
    by_reason,
    entered,
    fallen_back,
    overall,
    positions,
    standing,
    unsupported,
)
from compliance.errors import Refused
from compliance.language import Text
from compliance.rules import Situation
from registers.measures import Measure, Progress

LOW, MEDIUM, HIGH = LEVELS[1:4]
NEGLIGIBLE, LIMITED, SUBSTANTIAL, MAJOR = ALL_GRADES[1:5]
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


@st.composite
def matrices(draw: st.DrawFn) -> RiskMatrix:
    """Any matrix from three by three to six by six, with two to five levels."""

    def axis() -> dict[Grade, Text]:
        chosen = draw(st.sets(GRADES, min_size=3))
        return {grade: draw(TEXTS) for grade in sorted(chosen, key=ALL_GRADES.index)}

    levels = sorted(draw(st.sets(st.sampled_from(RiskLevel), min_size=2)), key=rank)
    assume(any(map(is_high, levels)) and not all(map(is_high, levels)))
    severities, likelihoods = axis(), axis()
    # Any rising table is the highest of what its rows and its columns ask for at least.
    rows = sorted(
        draw(st.lists(st.sampled_from(levels), min_size=len(severities), max_size=len(severities))), key=rank
    )
    columns = sorted(
        draw(st.lists(st.sampled_from(levels), min_size=len(likelihoods), max_size=len(likelihoods))),
        key=rank,
    )
    table = tuple(tuple(max(row, column, key=rank) for column in columns) for row in rows)
    shades = {
        level: Shade(draw(TEXTS), draw(st.sampled_from(["good", "fair", "poor", "bad"]))) for level in levels
    }
    return RiskMatrix(severities, likelihoods, shades, table)


TEXTS = st.builds(Text, st.text(min_size=1, max_size=5), st.text(min_size=1, max_size=5))


@given(matrices())
def test_a_matrix_of_any_size_survives_its_json(matrix: RiskMatrix) -> None:
    assert RiskMatrix.from_json(matrix.to_json()) == matrix


@given(matrices(), GRADES, GRADES, GRADES, GRADES)
def test_in_no_matrix_a_graver_and_likelier_event_weighs_less(
    matrix: RiskMatrix, a: Grade, b: Grade, c: Grade, d: Grade
) -> None:
    order = ALL_GRADES.index
    if order(a) <= order(c) and order(b) <= order(d):
        assert rank(matrix.level(a, b)) <= rank(matrix.level(c, d))


@given(matrices(), matrices())
def test_another_size_keeps_what_it_can(old: RiskMatrix, new: RiskMatrix) -> None:
    resized = old.resized(new.severities, new.likelihoods, new.levels)
    assert (list(resized.severities), list(resized.likelihoods)) == (
        list(new.severities),
        list(new.likelihoods),
    )
    for severity in resized.severities:
        for likelihood in resized.likelihoods:
            was = old.level(severity, likelihood)
            assert resized.level(severity, likelihood) is nearest(resized.levels, was)
    assert old.resized(old.severities, old.likelihoods, old.levels) == old


def test_a_grade_that_is_no_longer_offered_counts_as_the_next_higher() -> None:
    smaller = DEFAULT_MATRIX.resized(
        [NEGLIGIBLE, SUBSTANTIAL, MAJOR], DEFAULT_MATRIX.likelihoods, [LOW, HIGH]
    )
    assert smaller.placed(Position(LIMITED, LIMITED)) == Position(SUBSTANTIAL, LIMITED)
    assert smaller.level(NEGLIGIBLE, MAJOR) is HIGH


@pytest.mark.parametrize(
    ("severities", "levels"),
    [(ALL_GRADES[:2], LEVELS), (ALL_GRADES, (LOW, MEDIUM)), (ALL_GRADES, (HIGH,)), (ALL_GRADES, ())],
)
def test_a_matrix_needs_its_sizes_and_a_high_level(
    severities: tuple[Grade, ...], levels: tuple[RiskLevel, ...]
) -> None:
    with pytest.raises(Refused, match="Risikomatrix"):
        DEFAULT_MATRIX.resized(severities, ALL_GRADES, levels)


def test_a_falling_matrix_is_refused() -> None:
    with pytest.raises(Refused, match="nie geringer wiegen"):
        replace(DEFAULT_MATRIX, table=tuple(reversed(DEFAULT_MATRIX.table)))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "null",
        DEFAULT_MATRIX.to_json().replace('"HIGH"', '"AWFUL"'),
        DEFAULT_MATRIX.to_json().replace('"fair"', '"pink"'),
        DEFAULT_MATRIX.to_json().replace('"SUBSTANTIAL": ["substanziell", "substantial"], ', ""),
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


@pytest.mark.parametrize(
    ("state", "objected"),
    [
        (MeasureState.PLANNED, ["likelihood_planned"]),
        (MeasureState.VERIFIED, ["likelihood_planned", "likelihood_today"]),
    ],
)
def test_a_value_that_its_measures_leave_unmoved_is_objected_to(
    state: MeasureState, objected: list[str]
) -> None:
    assessed = risk((SUBSTANTIAL, MAJOR), planned=MAJOR, today=MAJOR)
    [rule] = [rule for rule in RULES if rule.id == "DSF-011"]
    dpia = Dpia(name="Sensoren", risks=[assessed], measures=[measure(state)])
    assert [hit.words["field"] for hit in rule.check(dpia, Situation(date(2026, 3, 2)))] == objected


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


@given(
    before=st.tuples(GRADES, GRADES),
    planned=st.tuples(GRADES, GRADES),
    today=st.tuples(GRADES, GRADES),
    states=st.lists(st.sampled_from(MeasureState)),
    reason=st.sampled_from(["", "Grund"]),
)
def test_what_counts_follows_from_measures_and_reasons(
    before: tuple[Grade, Grade],
    planned: tuple[Grade, Grade],
    today: tuple[Grade, Grade],
    states: list[MeasureState],
    reason: str,
) -> None:
    assessed = DpiaRisk(
        key="R1",
        lower_planned=reason,
        severity_before=before[0],
        likelihood_before=before[1],
        severity_planned=planned[0],
        likelihood_planned=planned[1],
        severity_today=today[0],
        likelihood_today=today[1],
    )
    measures = [measure(state) for state in states]
    now = positions(assessed, measures)
    assert now.planned is not None
    assert now.today is not None

    # Today is never better than the plan, and nothing counts as lower than it was entered.
    assert not now.today.below(now.planned)
    for moment in ("planned", "today"):
        stated, counted = entered(assessed, moment), getattr(now, moment)
        assert stated is not None
        assert not counted.below(stated)
        assert (moment in unsupported(assessed, measures)) == (stated != counted)
    # One more measure never raises the plan.
    more = positions(assessed, [*measures, measure(MeasureState.PLANNED)]).planned
    assert more is not None
    assert more == now.planned or more.below(now.planned)
    assert by_reason(assessed, measures) == (
        ("planned",) if reason and not measures and Position(*planned).below(Position(*before)) else ()
    )


def test_a_recorded_reason_lets_a_lower_value_count() -> None:
    claimed = risk((SUBSTANTIAL, MAJOR), planned=LIMITED, today=NEGLIGIBLE)
    claimed.lower_planned, claimed.lower_today = "Der Platz ist gesperrt.", "Der Platz ist gesperrt."
    assert standing(claimed, []) == Standing(HIGH, MEDIUM, MEDIUM)
    assert (unsupported(claimed, []), by_reason(claimed, [])) == ((), ("planned", "today"))


def registered(progress: Progress, unmet: str = "") -> DpiaMeasure:
    entry = Measure(name="Verschlüsselung", progress=progress, unmet=unmet)
    return DpiaMeasure(key="M1", risks="R1", measure=entry, state=MeasureState.VERIFIED)


def test_the_register_says_whether_a_measure_is_in_force() -> None:
    lowered = risk((SUBSTANTIAL, MAJOR), planned=LIMITED, today=LIMITED)
    lowered.rests_on = "M1"
    assert standing(lowered, [registered(Progress.CHECKED)]).today is MEDIUM
    for fallen in (registered(Progress.IN_PROGRESS), registered(Progress.CHECKED, unmet="ORP.4.A1")):
        assert standing(lowered, [fallen]).today is HIGH
        assert fallen_back(lowered, [fallen]) == ("M1",)


def test_one_of_two_measures_falling_back_raises_the_risk_even_with_an_old_reason() -> None:
    lowered = risk((SUBSTANTIAL, MAJOR), planned=LIMITED, today=LIMITED)
    lowered.rests_on, lowered.lower_today = "M1, M2", "Wirkt zusammen."
    kept = DpiaMeasure(key="M2", risks="R1", state=MeasureState.VERIFIED)
    assert standing(lowered, [registered(Progress.CHECKED), kept]).today is MEDIUM
    assert standing(lowered, [registered(Progress.PLANNED), kept]).today is HIGH


def test_once_everything_planned_is_done_today_is_as_planned() -> None:
    planned = risk((SUBSTANTIAL, MAJOR), planned=LIMITED)
    assert standing(planned, [measure(MeasureState.PLANNED)]).today is HIGH
    assert standing(planned, [measure(MeasureState.IMPLEMENTED)]).today is MEDIUM


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
