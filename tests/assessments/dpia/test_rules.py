"""Every rule about impact assessments finds what it is meant to find, and nothing else."""

from __future__ import annotations

import re
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments.dpia.dpia import Dpia, DpiaDecision
from assessments.dpia.rules import RULES
from assessments.dpia.threshold import ThresholdAnalysis
from assessments.dpia.threshold_table import Outcome
from compliance.advice import Verdict
from compliance.entry import Entry, State
from compliance.fields import fields
from compliance.findings import findings_of
from compliance.judging import Judge
from compliance.language import LANGUAGES
from compliance.rules import Rule, Severity, Situation
from registers.processing import ProcessingActivity, Stage
from tests.city import City
from tests.strategies import DAYS, entries

TODAY = date(2026, 11, 23)

each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)


def severities(entry: Entry, id: str, **near: list[dict[str, Any]]) -> list[Severity]:
    """How much the objections of the rule *id* weigh."""
    rule = Judge(RULES).rule(id, entry.slug)
    beside = {model: [SimpleNamespace(**row) for row in rows] for model, rows in near.items()}
    hits = rule.check(entry, Situation(TODAY, near=beside))
    return [hit.severity or rule.severity for hit in hits]


def opinion(verdict: Verdict, day: int = 1, by: str = "Dr. Ines Falk") -> dict[str, Any]:
    return {"id": day, "verdict": verdict, "given_on": date(2026, 3, day), "given_by": by}


# --- What holds for every rule -------------------------------------------------------------------


def test_the_rules_are_those_of_the_catalogue() -> None:
    assert {rule.id: rule.judges.slug for rule in RULES} == {
        "DSF-001": "processing-activities",
        "DSF-002": "threshold-analyses",
        "DSF-003": "processing-activities",
        "DSF-004": "threshold-analyses",
        "DSF-005": "dpias",
        "DSF-006": "dpias",
        "DSF-007": "dpias",
        "DSF-008": "dpias",
    }


@each_rule
def test_a_rule_hits_its_bad_example(rule: Rule[Any]) -> None:
    case = rule.breaks()
    assert list(rule.check(case.entry, case.situation)) != []


@each_rule
def test_a_rule_leaves_its_good_example_alone(rule: Rule[Any]) -> None:
    case = rule.keeps()
    assert list(rule.check(case.entry, case.situation)) == []


@each_rule
def test_a_rule_has_an_id_a_source_and_a_field_of_its_register(rule: Rule[Any]) -> None:
    assert re.fullmatch(r"DSF-\d{3}", rule.id)
    assert re.search(r"(Art\.|§) \d", rule.source)
    assert rule.field in fields(rule.judges)


@each_rule
def test_a_hit_fills_every_placeholder_in_every_language(rule: Rule[Any]) -> None:
    case = rule.breaks()
    for hit in rule.check(case.entry, case.situation):
        said = rule.said(hit.words)
        assert [said[language] for language in LANGUAGES if set("{}") & set(said[language])] == []


@pytest.mark.parametrize("model", [ProcessingActivity, ThresholdAnalysis, Dpia])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), today=DAYS)
def test_no_rule_fails_on_anything_that_can_be_written_down(
    model: type[Entry], data: st.DataObject, today: date
) -> None:
    entry = data.draw(entries(model))
    entry.derive()
    for rule in RULES:
        if rule.judges is model:
            for hit in rule.check(entry, Situation(today)):
                assert all(rule.said(hit.words)[language] for language in LANGUAGES)


# --- Single rules --------------------------------------------------------------------------------


def test_a_missing_analysis_is_an_error_only_with_an_indication() -> None:
    assert severities(ProcessingActivity(), "DSF-001") == [Severity.WARNING]
    assert severities(ProcessingActivity(video=True), "DSF-001") == [Severity.ERROR]
    assert severities(ProcessingActivity(video=True, stage=Stage.RETIRED), "DSF-001") == []


def test_an_analysis_that_has_ended_counts_no_more() -> None:
    ended = {"state": State.ENDED, "result": Outcome.REQUIRED}
    assert severities(ProcessingActivity(), "DSF-001", ThresholdAnalysis=[ended]) == [Severity.WARNING]
    assert severities(ProcessingActivity(stage=Stage.OPERATION), "DSF-003", ThresholdAnalysis=[ended]) == []


@pytest.mark.parametrize("stage", [None, *Stage])
@pytest.mark.parametrize("result", [None, *Outcome])
@pytest.mark.parametrize("decision", [None, *DpiaDecision])
def test_operation_needs_an_approval_wherever_an_assessment_is_required(
    stage: Stage | None, result: Outcome | None, decision: DpiaDecision | None
) -> None:
    found = severities(
        ProcessingActivity(stage=stage),
        "DSF-003",
        ThresholdAnalysis=[{"state": State.DRAFT, "result": result}],
        Dpia=[{"state": State.DRAFT, "decision": decision}],
    )
    approved = decision in (DpiaDecision.APPROVED, DpiaDecision.APPROVED_WITH_CONDITIONS)
    required = result in (Outcome.REQUIRED, Outcome.COVERED)
    assert found == ([Severity.ERROR] if stage is Stage.OPERATION and required and not approved else [])


def test_denying_without_a_reason_weighs_by_the_number_of_criteria() -> None:
    one = ThresholdAnalysis(high_risk=False, vulnerable=True)
    two = ThresholdAnalysis(high_risk=False, vulnerable=True, matching=True)
    listed = ThresholdAnalysis(high_risk=False, listed_case=True)
    found = [(severities(each, "DSF-002"), severities(each, "DSF-004")) for each in (one, two, listed)]
    assert found == [([], [Severity.WARNING]), ([Severity.ERROR], []), ([Severity.ERROR], [])]


def test_the_latest_opinion_counts() -> None:
    approved = Dpia(decision=DpiaDecision.APPROVED)
    earlier, later = opinion(Verdict.AGAINST, 1), opinion(Verdict.NO_OBJECTIONS, 2)
    assert severities(approved, "DSF-006", Opinion=[later, earlier]) == []
    later["given_on"], earlier["given_on"] = earlier["given_on"], later["given_on"]
    assert severities(approved, "DSF-006", Opinion=[later, earlier]) == [Severity.WARNING]


def test_deciding_as_adviser_is_an_error_and_as_author_a_warning() -> None:
    decided = Dpia(decision=DpiaDecision.APPROVED, decided_by="Karin Holm", team="Tom Behrens, Karin Holm")
    assert severities(decided, "DSF-007") == [Severity.WARNING]
    own = opinion(Verdict.NO_OBJECTIONS, by="Karin Holm")
    assert severities(decided, "DSF-007", Opinion=[own]) == [Severity.ERROR]


def test_each_empty_part_of_the_law_is_named() -> None:
    rule = Judge(RULES).rule("DSF-008", "dpias")
    hits = rule.check(Dpia(), Situation(TODAY))
    assert [hit.words["letter"] for hit in hits] == ["a", "b", "c", "d"]


def test_a_covering_assessment_lets_the_activity_operate_only_as_long_as_it_is_approved(city: City) -> None:
    activity = ProcessingActivity(name="Grundsicherung", stage=Stage.OPERATION)
    dpia = Dpia(name="Sozialleistungen", decision=DpiaDecision.APPROVED, state=State.RELEASED)
    city.save(activity, dpia)
    city.save(ThresholdAnalysis(name="Grundsicherung", activity=activity, covered_by=dpia, high_risk=True))

    def objections() -> set[str]:
        with city.site.database.reading(city.id) as session:
            return {one.rule for one in findings_of(session, [activity.id]) if one.rule == "DSF-003"}

    approved = objections()
    city.change(dpia, decision=DpiaDecision.REJECTED)
    assert (approved, objections()) == (set(), {"DSF-003"})
