"""The threshold analysis gives every reason, and „nicht erforderlich“ only on answers."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.dpia.dpia import Dpia
from assessments.dpia.grades import RiskLevel
from assessments.dpia.published_lists import LIST_ENTRIES, place_of
from assessments.dpia.threshold import ThresholdAnalysis
from assessments.dpia.threshold_known import indicators, proposed_answers
from assessments.dpia.threshold_questions import CASES, CRITERIA
from assessments.dpia.threshold_table import Outcome, outcome, unanswered
from compliance.fields import Code, fields
from registers.processing import DataCategory, DataSource, ProcessingActivity, Scale, Secrecy, Subjects

NO: dict[str, Any] = {
    "personal_data": True,
    "done_by_law": False,
    "listed_case": False,
    **dict.fromkeys((*CASES, *CRITERIA), False),
    "rough_risk": RiskLevel.LOW,
    "high_risk": False,
}
INDICATORS = ("listed_case", *CASES, *CRITERIA)


def analysis(**answers: Any) -> ThresholdAnalysis:
    """Everything denied, except for *answers*."""
    return ThresholdAnalysis(**(NO | answers))


def result(**answers: Any) -> Outcome:
    return outcome(analysis(**answers)).outcome


def reasons(**answers: Any) -> list[str]:
    return [reason.id for reason in outcome(analysis(**answers)).reasons]


# --- Nothing, something, everything answered -----------------------------------------------------


def test_an_empty_analysis_is_undecided_without_a_reason() -> None:
    found = outcome(ThresholdAnalysis())
    assert (found.outcome, found.reasons) == (Outcome.UNDECIDED, ())
    assert found.unanswered == (
        "personal_data",
        "done_by_law",
        "listed_case",
        *CASES,
        *CRITERIA,
        "rough_severity",
        "rough_likelihood",
        "high_risk",
    )


def test_everything_denied_means_not_required() -> None:
    assert (result(), reasons()) == (Outcome.NOT_REQUIRED, ["NO-INDICATION"])


@pytest.mark.parametrize("name", [name for name in NO if name != "rough_risk"])
def test_a_no_needs_every_question_answered(name: str) -> None:
    found = outcome(analysis(**{name: None}))
    assert (found.outcome, found.unanswered) == (Outcome.UNDECIDED, (name,))


@pytest.mark.parametrize("name", ["listed_case", *CASES])
def test_one_mandatory_case_decides_while_all_else_is_open(name: str) -> None:
    assert outcome(ThresholdAnalysis(**{name: True})).outcome is Outcome.REQUIRED


@pytest.mark.parametrize("entry", list(LIST_ENTRIES), ids=lambda entry: entry.name)
def test_each_entry_of_the_list_decides_and_is_cited(entry: Code) -> None:
    found = outcome(ThresholdAnalysis(list_entries=(entry,)))
    published, listed = place_of(entry.name)
    assert found.outcome is Outcome.REQUIRED
    assert [reason.source for reason in found.reasons] == [
        f"Art. 35 Abs. 4 DSGVO, {published.citation}, Nr. {listed.number}"
    ]


# --- Counting the criteria -----------------------------------------------------------------------


def test_two_criteria_require_an_assessment_unless_the_deviation_is_reasoned() -> None:
    two = {"vulnerable": True, "large_scale": True}
    assert result(**two) is Outcome.REQUIRED
    assert result(**two, reason="  ") is Outcome.REQUIRED
    assert result(**two, reason="Nur Kontaktdaten.") is Outcome.NOT_REQUIRED
    assert reasons(**two, reason="Nur Kontaktdaten.") == ["DEVIATION", "CRITERION-5", "CRITERION-7"]


@pytest.mark.parametrize("name", CRITERIA)
def test_one_criterion_needs_a_reasoned_decision(name: str) -> None:
    assert outcome(analysis(**{name: True})).unanswered == ("reason",)
    assert result(**{name: True}) is Outcome.UNDECIDED
    assert result(**{name: True}, reason="Nur Kontaktdaten.") is Outcome.NOT_REQUIRED
    assert result(**{name: True}, high_risk=True) is Outcome.REQUIRED


@pytest.mark.parametrize(
    ("criteria", "high_risk", "reason"), list(product(range(10), [None, False, True], ["", "Weil."]))
)
def test_the_count_of_criteria_decides(criteria: int, high_risk: bool | None, reason: str) -> None:
    met = dict.fromkeys(list(CRITERIA)[:criteria], True)
    found = result(**met, high_risk=high_risk, reason=reason)
    if high_risk or (criteria >= 2 and (high_risk is None or not reason)):
        assert found is Outcome.REQUIRED
    elif high_risk is None or (criteria and not reason):
        assert found is Outcome.UNDECIDED
    else:
        assert found is Outcome.NOT_REQUIRED


def test_a_high_rough_risk_requires_an_assessment_and_a_normal_one_does_not() -> None:
    assert [result(rough_risk=level) for level in RiskLevel] == [
        Outcome.NOT_REQUIRED,
        Outcome.NOT_REQUIRED,
        Outcome.NOT_REQUIRED,
        Outcome.REQUIRED,
        Outcome.REQUIRED,
    ]


def test_no_reason_lifts_the_list_or_a_case_of_the_law() -> None:
    for name in ("listed_case", *CASES):
        assert result(**{name: True}, reason="Weil.") is Outcome.REQUIRED


# --- Exclusions ----------------------------------------------------------------------------------


def test_anonymous_data_need_no_assessment_once_reidentification_is_ruled_out() -> None:
    claim = ThresholdAnalysis(personal_data=False)
    assert outcome(claim).unanswered[:2] == ("anonymity", "reidentifiable")
    assert outcome(claim).outcome is Outcome.UNDECIDED
    proven = ThresholdAnalysis(personal_data=False, anonymity="Nur Zählwerte.", reidentifiable=False)
    found = outcome(proven)
    assert (found.outcome, found.unanswered) == (Outcome.NOT_REQUIRED, ())


def test_data_that_can_be_reidentified_are_judged_like_personal_data() -> None:
    claim = ThresholdAnalysis(personal_data=False, anonymity="Nur Zählwerte.", reidentifiable=True)
    assert outcome(claim).outcome is Outcome.UNDECIDED
    assert "large_scale" in unanswered(claim)


def test_a_claim_of_anonymity_does_not_outweigh_an_indication() -> None:
    claim = {"personal_data": False, "anonymity": "Nur Zählwerte.", "reidentifiable": False}
    assert result(**claim, public_monitoring=True) is Outcome.REQUIRED


def test_an_assessment_by_the_legislator_counts_with_its_source_and_after_all_answers() -> None:
    assert result(large_scale=True, vulnerable=True, done_by_law=True) is Outcome.REQUIRED
    assert outcome(analysis(done_by_law=True)).unanswered == ("done_by_law_source",)
    by_law = {"done_by_law": True, "done_by_law_source": "LT-Drs. 19/429"}
    assert result(**by_law, large_scale=True, vulnerable=True) is Outcome.NOT_REQUIRED
    assert result(**by_law, listed_case=None) is Outcome.UNDECIDED


def test_covered_means_required_and_covered() -> None:
    assert result(covered_by=Dpia(), extensive_sensitive_data=True) is Outcome.COVERED
    assert reasons(covered_by=Dpia(), extensive_sensitive_data=True) == ["COVERED", "CASE-B"]
    assert result(covered_by=Dpia()) is Outcome.NOT_REQUIRED


def test_voluntary_means_not_required_and_known_to_be_so() -> None:
    assert result(voluntary=True) is Outcome.VOLUNTARY
    assert result(voluntary=True, vulnerable=True, large_scale=True, reason="Weil.") is Outcome.VOLUNTARY
    assert result(voluntary=True, matching=None) is Outcome.UNDECIDED
    assert result(voluntary=True, public_monitoring=True) is Outcome.REQUIRED


# --- What holds for any answers ------------------------------------------------------------------

FLAG = st.sampled_from([None, False, True])
ANSWERS = st.fixed_dictionaries(
    {
        **dict.fromkeys(INDICATORS, FLAG),
        **dict.fromkeys(("personal_data", "reidentifiable", "done_by_law", "high_risk", "voluntary"), FLAG),
        **dict.fromkeys(("anonymity", "done_by_law_source", "reason"), st.sampled_from(["", "Weil."])),
        "rough_risk": st.sampled_from([None, *RiskLevel]),
        "list_entries": st.lists(st.sampled_from(list(LIST_ENTRIES)), max_size=2, unique=True).map(tuple),
        "covered_by": st.builds(Dpia) | st.none(),
    }
)


@settings(max_examples=300, deadline=None)
@given(answers=ANSWERS, added=st.sampled_from(INDICATORS))
def test_one_more_indication_never_lifts_the_duty(answers: dict[str, Any], added: str) -> None:
    duty = (Outcome.REQUIRED, Outcome.COVERED)
    before = outcome(ThresholdAnalysis(**answers)).outcome
    after = outcome(ThresholdAnalysis(**(answers | {added: True}))).outcome
    if before in duty:
        assert after in duty


@settings(max_examples=300, deadline=None)
@given(answers=ANSWERS)
def test_a_no_never_stands_beside_an_open_question(answers: dict[str, Any]) -> None:
    found = outcome(ThresholdAnalysis(**answers))
    if found.outcome in (Outcome.NOT_REQUIRED, Outcome.VOLUNTARY):
        assert found.unanswered == ()
    if found.outcome is Outcome.UNDECIDED:
        assert found.unanswered != ()


@settings(max_examples=200, deadline=None)
@given(answers=ANSWERS)
def test_every_indication_given_is_among_the_reasons(answers: dict[str, Any]) -> None:
    found = {reason.id for reason in outcome(ThresholdAnalysis(**answers)).reasons}
    expected = {f"CRITERION-{n}" for n, name in enumerate(CRITERIA, 1) if answers[name]}
    expected |= {f"CASE-{letter}" for letter, name in zip("ABC", CASES, strict=True) if answers[name]}
    expected |= {f"LIST-{entry.name}" for entry in answers["list_entries"]}
    assert expected <= found


def test_every_question_says_why_it_is_asked() -> None:
    asked = {
        name: spec
        for name, spec in fields(ThresholdAnalysis).items()
        if name not in ("name", "unit") and not spec.fixed
    }
    assert [name for name, spec in asked.items() if not (spec.help and spec.basis)] == []


def test_the_result_follows_before_saving() -> None:
    entry = analysis()
    entry.derive()
    assert entry.result is Outcome.NOT_REQUIRED


# --- What the record already tells ---------------------------------------------------------------


def test_a_plain_activity_proposes_nothing_but_that_it_concerns_persons() -> None:
    activity = ProcessingActivity(name="Hundesteuer", subjects=(Subjects.TAXPAYERS,))
    assert {name: each.value for name, each in proposed_answers(activity).items()} == {"personal_data": True}
    assert indicators(activity) == ()


def test_the_record_of_a_day_care_portal_proposes_its_indications_with_reasons() -> None:
    activity = ProcessingActivity(
        name="Kita-Portal",
        subjects=(Subjects.PARENTS, Subjects.CHILDREN),
        secrecy=(Secrecy.SOCIAL,),
        scale=Scale.MORE,
        data=[DataCategory(text="Förderbedarf", special=True)],
        automated_decision=False,
        ai=True,
        profiling=True,
    )
    proposals = proposed_answers(activity)
    assert {name: each.value for name, each in proposals.items()} == {
        "personal_data": True,
        "evaluation": True,
        "sensitive": True,
        "extensive_sensitive_data": True,
        "large_scale": True,
        "vulnerable": True,
        "innovative": True,
        "listed_case": True,
        "list_entries": (LIST_ENTRIES["DSK_03"], LIST_ENTRIES["DSK_11"]),
        "automated_decision": False,
    }
    assert proposals["vulnerable"].why.de == "Betroffen sind: Kinder und Jugendliche."
    assert proposals["sensitive"].why.de == "Laut Verzeichnis: Förderbedarf, Sozialgeheimnis, § 35 SGB I."


def test_cameras_and_sensors_propose_monitoring() -> None:
    camera = proposed_answers(ProcessingActivity(video=True))
    assert (camera["monitoring"].value, camera["public_monitoring"].value) == (True, True)
    sensor = proposed_answers(ProcessingActivity(sources=(DataSource.SENSOR,)))
    assert (sensor["monitoring"].value, "public_monitoring" in sensor) == (True, False)


def test_proposals_are_answers_to_questions_of_the_analysis() -> None:
    everything = ProcessingActivity(
        video=True, profiling=True, automated_decision=True, ai=True, change_of_purpose=True, scale=Scale.MORE
    )
    proposals = proposed_answers(everything)
    assert set(proposals) <= set(fields(ThresholdAnalysis))
    assert all(each.why.de and each.why.en for each in proposals.values())
    values = {name: each.value for name, each in proposals.items()}
    assert outcome(ThresholdAnalysis(**values)).outcome is Outcome.REQUIRED
