"""Decisions, conditions, consultations and high-risk AI are objected to exactly where the law is broken."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from assessments.dpia.conditions import Condition
from assessments.dpia.consultation import ConsultationOutcome
from assessments.dpia.decision_rules import RULES
from assessments.dpia.dpia import APPROVING, Dpia, DpiaDecision
from assessments.dpia.fundamental_rights import STATEMENTS
from assessments.dpia.grades import Grade, RiskLevel
from assessments.dpia.matrix import DEFAULT_MATRIX
from assessments.dpia.risk import DpiaRisk
from compliance.entry import Entry, State
from compliance.judging import Judge
from compliance.rules import Hit, Rule, Severity, Situation
from registers.ai import AiClass
from registers.processing import ProcessingActivity, Stage

TODAY = date(2026, 11, 23)
each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.id}-{rule.judges.slug}")


def found(entry: Entry, id: str, today: date = TODAY, **near: list[dict[str, Any]]) -> list[Hit]:
    rule = Judge(RULES).rule(id, entry.slug)
    beside = {model: [SimpleNamespace(**row) for row in rows] for model, rows in near.items()}
    return list(rule.check(entry, Situation(today, near=beside)))


def activity(**answers: Any) -> dict[str, Any]:
    known = {"name": "Drohnen", "stage": Stage.PLANNED, "since": None, "ai": False, "ai_class": None}
    return known | answers


AI: dict[str, Any] = {"ai": True, "ai_class": AiClass.HIGH_RISK}


@each_rule
def test_a_rule_hits_its_bad_example_and_spares_its_good_one(rule: Rule[Any]) -> None:
    bad, good = rule.breaks(), rule.keeps()

    assert list(rule.check(bad.entry, bad.situation))
    assert list(rule.check(good.entry, good.situation)) == []


def test_the_rules_are_those_of_the_catalogue() -> None:
    assert [(rule.id, rule.judges.slug) for rule in RULES] == [
        ("DSF-012", "dpias"),
        ("DSF-013", "dpias"),
        ("DSF-016", "dpias"),
        ("DSF-018", "dpias"),
        ("DSF-025", "dpias"),
        ("DSF-020", "dpias"),
        ("DSF-020", "processing-activities"),
    ]


# --- Consultation --------------------------------------------------------------------------------


def grave(**answers: Any) -> Dpia:
    risk = DpiaRisk(
        key="R1", title="Einblick", severity_before=Grade.MAJOR, likelihood_before=Grade.SUBSTANTIAL
    )
    return Dpia(name="Drohnen", risks=[risk], **answers)


@pytest.mark.parametrize(
    ("answers", "hits"),
    [
        ({"state": State.DRAFT}, 0),
        ({"state": State.REVIEW}, 1),
        ({"state": State.RELEASED}, 1),
        ({"state": State.DRAFT, "decision": DpiaDecision.CONSULT}, 1),
        ({"state": State.RELEASED, "decision": DpiaDecision.REJECTED}, 0),
        ({"state": State.REVIEW, "consulted_on": date(2026, 10, 5)}, 0),
    ],
)
def test_a_remaining_high_risk_needs_the_authority_unless_it_is_a_draft_or_rejected(
    answers: dict[str, Any], hits: int
) -> None:
    assert len(found(grave(**answers), "DSF-012")) == hits


def test_what_a_high_risk_is_follows_the_matrix_of_the_organisation() -> None:
    table = tuple(tuple(RiskLevel.LOW for _ in range(4)) for _ in range(4))
    calm = replace(DEFAULT_MATRIX, table=table)

    assert found(grave(state=State.REVIEW), "DSF-012", RiskMatrixSetting=[{"content": calm.to_json()}]) == []


@pytest.mark.parametrize(
    ("answers", "stage", "words"),
    [
        ({"consultation_due": date(2026, 11, 20)}, Stage.PLANNED, ["2026-11-20"]),
        ({"consultation_due": TODAY}, Stage.PLANNED, []),
        ({"consultation_due": None}, Stage.PLANNED, []),
        ({"consultation_due": date(2026, 11, 20)}, Stage.OPERATION, ["2026-11-20", "Drohnen"]),
        ({"consultation_result": "Keine Einwände."}, Stage.OPERATION, []),
        ({"consultation_outcome": ConsultationOutcome.WITHDRAWN}, Stage.OPERATION, []),
    ],
)
def test_a_consultation_is_overdue_after_its_last_day_and_forbids_operation(
    answers: dict[str, Any], stage: Stage, words: list[str]
) -> None:
    dpia = Dpia(name="Drohnen", consulted_on=date(2026, 9, 7), **answers)

    hits = found(dpia, "DSF-013", ProcessingActivity=[activity(stage=stage)])

    assert [hit.words["what"] for hit in hits] == words


# --- Decision ------------------------------------------------------------------------------------


def test_each_overdue_condition_is_one_finding_at_its_row() -> None:
    late, met, coming = (
        Condition(text="Spät", owner="Amt", due=date(2026, 11, 22)),
        Condition(text="Erfüllt", owner="Amt", due=date(2026, 11, 1), met_on=date(2026, 11, 20)),
        Condition(text="Heute", owner="Amt", due=TODAY),
    )
    dpia = Dpia(name="D", decision=DpiaDecision.APPROVED_WITH_CONDITIONS, imposed=[late, met, coming])

    assert [(hit.part, hit.words) for hit in found(dpia, "DSF-016")] == [
        (late, {"day": "2026-11-22", "what": "Spät"})
    ]


def test_a_second_approval_does_not_make_the_first_one_late() -> None:
    known = [activity(stage=Stage.OPERATION, since=date(2025, 6, 1))]
    answers = {"decision": DpiaDecision.APPROVED, "decided_on": date(2026, 11, 2)}

    again = Dpia(name="D", first_approved_on=date(2025, 5, 12), **answers)
    late = Dpia(name="D", **answers)

    assert found(again, "DSF-018", ProcessingActivity=known) == []
    assert [hit.words for hit in found(late, "DSF-018", ProcessingActivity=known)] == [
        {"what": "Drohnen", "day": "2025-06-01"}
    ]


# --- High-risk AI --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "stage", "severities"),
    [
        (date(2026, 3, 2), Stage.OPERATION, []),
        (date(2026, 11, 23), Stage.OPERATION, [None]),
        (date(2027, 12, 1), Stage.OPERATION, [None]),
        (date(2027, 12, 2), Stage.PLANNED, [None]),
        (date(2027, 12, 2), Stage.OPERATION, [Severity.ERROR]),
    ],
)
def test_the_warning_about_fundamental_rights_grows_as_its_day_comes(
    today: date, stage: Stage, severities: list[Severity | None]
) -> None:
    hits = found(Dpia(name="D"), "DSF-020", today, ProcessingActivity=[activity(stage=stage, **AI)])

    assert [hit.severity for hit in hits] == severities


def test_all_six_statements_or_a_reason_settle_it() -> None:
    known = [activity(**AI)]
    all_but_one: dict[str, Any] = dict.fromkeys(STATEMENTS[:-1], "Beschrieben.")

    assert len(found(Dpia(name="D", **all_but_one), "DSF-020", ProcessingActivity=known)) == 1
    exempt = Dpia(name="D", fria_exemption="Kritische Infrastruktur.")
    assert found(exempt, "DSF-020", ProcessingActivity=known) == []


def test_an_activity_is_objected_to_only_while_no_assessment_names_it() -> None:
    activity = ProcessingActivity(name="Platzvergabe", **AI)

    assert len(found(activity, "DSF-020")) == 1
    assert (
        len(found(activity, "DSF-020", Dpia=[{"state": State.ENDED, "decision": None, "names_it": True}]))
        == 1
    )
    assert found(activity, "DSF-020", Dpia=[{"state": State.DRAFT, "decision": None, "names_it": True}]) == []
    covering = {"state": State.RELEASED, "decision": DpiaDecision.APPROVED, "names_it": False}
    assert len(found(activity, "DSF-020", Dpia=[covering])) == 1
    assert found(activity, "DSF-020", TODAY - timedelta(days=365)) == []


@pytest.mark.parametrize("stage", list(Stage))
@pytest.mark.parametrize("decision", [None, *DpiaDecision])
@pytest.mark.parametrize("decided", [None, RiskLevel.MEDIUM, RiskLevel.HIGH])
def test_operation_needs_no_more_risk_today_than_was_decided_on(
    stage: Stage, decision: DpiaDecision | None, decided: RiskLevel | None
) -> None:
    grave = DpiaRisk(key="R1", severity_before=Grade.MAJOR, likelihood_before=Grade.MAJOR)
    assessed = Dpia(name="D", decision=decision, decided_risk=decided, risks=[grave])
    known = [{"name": "Drohnen", "stage": stage, "since": None, "ai": False, "ai_class": None}]
    expected = stage is Stage.OPERATION and decision in APPROVING and decided is RiskLevel.MEDIUM
    assert [hit.words for hit in found(assessed, "DSF-025", ProcessingActivity=known)] == (
        [{"what": "Drohnen"}] if expected else []
    )
