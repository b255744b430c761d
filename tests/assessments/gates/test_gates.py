"""Each gate says what the registers say: met, open, due and open, or not applicable."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.dpia.dpia import DpiaDecision
from assessments.dpia.threshold_table import Outcome
from assessments.gates.gate import DUTIES, Gate, GateKind, gates, next_step
from assessments.gates.look import Standing
from assessments.gates.rules import activity, analysis, processor, target
from assessments.grundschutz.check import Status, applicable
from assessments.grundschutz.domain import Approach, Extent
from compliance.entry import State
from compliance.people import Role
from registers.ai import AiClass
from registers.objects import ObjectStatus
from registers.processing import NoticeStatus, Stage, Subjects
from registers.processors import ContractState, Instrument
from registers.projects import Project, ProjectStage

DAY = date(2026, 3, 2)
MET, OPEN, RED, NONE = Standing.MET, Standing.OPEN, Standing.RED, Standing.NOT_APPLICABLE
ID = activity().id
OBJECT = target().id


def found(kind: GateKind, near: Mapping[str, Any], **answers: Any) -> Gate:
    asked = {"stage": ProjectStage.OPERATION, "personal_data": True} | answers
    project = Project(number=3, **asked)
    return next(gate for gate in gates(project, near, DAY) if gate.kind is kind)


def with_activities(*activities: Any, **rows: Any) -> dict[str, Any]:
    return {"ProcessingActivity": activities or (activity(),), **rows}


def dpia(state: State = State.RELEASED, decision: DpiaDecision | None = DpiaDecision.APPROVED) -> Any:
    return SimpleNamespace(activity_id=ID, number=8, state=state, decision=decision)


def assigned(approach: Approach = Approach.STANDARD, module: str = "SYS.1.1", profile: str = "") -> Any:
    return SimpleNamespace(
        id=uuid.UUID(int=9), target_id=OBJECT, module_id=module, approach=approach, profile_asks=profile
    )


def answered(status: Status = Status.YES, *, without: int = 0) -> list[Any]:
    asked = applicable(Extent(Approach.STANDARD), "SYS.1.1")
    return [
        SimpleNamespace(
            assignment_id=uuid.UUID(int=9), requirement_id=requirement.id, status=status, adopted=None
        )
        for requirement in asked[without:]
    ]


REQUIRED = [analysis(Outcome.REQUIRED)]
COVERED = analysis(
    Outcome.COVERED,
    covering_number=2,
    covering_state=State.RELEASED,
    covering_decision=DpiaDecision.APPROVED_WITH_CONDITIONS,
)
UNCOVERED = analysis(
    Outcome.COVERED,
    covering_number=2,
    covering_state=State.RELEASED,
    covering_decision=DpiaDecision.REJECTED,
)
STAFF = activity(subjects=(Subjects.STAFF,))
PLANNED = activity(stage=Stage.PLANNED, notice=NoticeStatus.DRAFT)

CASES: list[tuple[str, GateKind, dict[str, Any], dict[str, Any], Standing, list[str]]] = [
    ("registered", GateKind.ACTIVITIES, with_activities(), {}, MET, ["VT-0012"]),
    ("not registered", GateKind.ACTIVITIES, {}, {}, RED, ["PR-0003"]),
    (
        "retired only",
        GateKind.ACTIVITIES,
        with_activities(activity(stage=Stage.RETIRED)),
        {},
        RED,
        ["PR-0003"],
    ),
    ("no personal data", GateKind.ACTIVITIES, {}, {"personal_data": False}, NONE, []),
    ("nobody said", GateKind.ACTIVITIES, {}, {"personal_data": None}, OPEN, ["PR-0003"]),
    ("still an idea", GateKind.ACTIVITIES, {}, {"stage": ProjectStage.IDEA}, OPEN, ["PR-0003"]),
    ("rejected", GateKind.ACTIVITIES, {}, {"stage": ProjectStage.REJECTED}, NONE, []),
    ("analysed", GateKind.THRESHOLD, with_activities(ThresholdAnalysis=REQUIRED), {}, MET, []),
    ("not analysed", GateKind.THRESHOLD, with_activities(), {}, RED, ["VT-0012"]),
    (
        "analysis not released",
        GateKind.THRESHOLD,
        with_activities(ThresholdAnalysis=[analysis(Outcome.REQUIRED, State.DRAFT)]),
        {},
        RED,
        ["SWA-0003"],
    ),
    (
        "analysis undecided",
        GateKind.THRESHOLD,
        with_activities(ThresholdAnalysis=[analysis(Outcome.UNDECIDED)]),
        {},
        RED,
        ["SWA-0003"],
    ),
    ("nothing to analyse yet", GateKind.THRESHOLD, {}, {}, OPEN, []),
    ("a later phase", GateKind.NOTICE, with_activities(PLANNED), {}, OPEN, ["VT-0012"]),
    (
        "assessed",
        GateKind.DPIA,
        with_activities(ThresholdAnalysis=REQUIRED, Dpia=[dpia()]),
        {},
        MET,
        ["DSFA-0008"],
    ),
    ("not assessed", GateKind.DPIA, with_activities(ThresholdAnalysis=REQUIRED), {}, RED, ["VT-0012"]),
    (
        "rejected assessment",
        GateKind.DPIA,
        with_activities(ThresholdAnalysis=REQUIRED, Dpia=[dpia(decision=DpiaDecision.REJECTED)]),
        {},
        RED,
        ["DSFA-0008", "VT-0012"],
    ),
    (
        "decided, not released",
        GateKind.DPIA,
        with_activities(ThresholdAnalysis=REQUIRED, Dpia=[dpia(State.REVIEW)]),
        {},
        RED,
        ["DSFA-0008", "VT-0012"],
    ),
    ("covered", GateKind.DPIA, with_activities(ThresholdAnalysis=[COVERED]), {}, MET, ["DSFA-0002"]),
    (
        "covered by a rejected one",
        GateKind.DPIA,
        with_activities(ThresholdAnalysis=[UNCOVERED]),
        {},
        RED,
        ["VT-0012"],
    ),
    (
        "not required",
        GateKind.DPIA,
        with_activities(ThresholdAnalysis=[analysis(Outcome.NOT_REQUIRED)]),
        {},
        NONE,
        [],
    ),
    ("risk unknown", GateKind.DPIA, with_activities(), {}, OPEN, ["VT-0012"]),
    ("contract", GateKind.CONTRACTS, with_activities(Processor=[processor()]), {}, MET, ["AV-0005"]),
    (
        "by law",
        GateKind.CONTRACTS,
        with_activities(
            Processor=[
                processor(instrument=Instrument.STATUTE, document="§ 4 der Satzung", contract_state=None)
            ]
        ),
        {},
        MET,
        ["AV-0005"],
    ),
    (
        "expired",
        GateKind.CONTRACTS,
        with_activities(Processor=[processor(valid_until=date(2026, 3, 1))]),
        {},
        RED,
        ["AV-0005"],
    ),
    (
        "draft",
        GateKind.CONTRACTS,
        with_activities(Processor=[processor(contract_state=ContractState.DRAFT)]),
        {},
        RED,
        ["AV-0005"],
    ),
    ("nobody on behalf", GateKind.CONTRACTS, with_activities(), {}, NONE, []),
    ("need known", GateKind.PROTECTION, {"TargetObject": [target()]}, {}, MET, ["ZO-0007"]),
    ("need unknown", GateKind.PROTECTION, {"TargetObject": [target(needed_i=None)]}, {}, RED, ["ZO-0007"]),
    (
        "basic approach",
        GateKind.PROTECTION,
        {"TargetObject": [target(needed_i=None)], "Assignment": [assigned(Approach.BASIC)]},
        {},
        NONE,
        [],
    ),
    ("no object", GateKind.PROTECTION, {}, {}, OPEN, ["PR-0003"]),
    ("on paper", GateKind.PROTECTION, with_activities(activity(paper_only=True)), {}, NONE, []),
    ("not modelled", GateKind.GRUNDSCHUTZ, {"TargetObject": [target()]}, {}, RED, ["ZO-0007"]),
    (
        "not modelled in a pilot",
        GateKind.GRUNDSCHUTZ,
        {"TargetObject": [target()]},
        {"stage": ProjectStage.PILOT},
        OPEN,
        ["ZO-0007"],
    ),
    (
        "checked",
        GateKind.GRUNDSCHUTZ,
        {"TargetObject": [target()], "Assignment": [assigned()], "RequirementAnswer": answered()},
        {},
        MET,
        ["ZO-0007"],
    ),
    (
        "one requirement left",
        GateKind.GRUNDSCHUTZ,
        {"TargetObject": [target()], "Assignment": [assigned()], "RequirementAnswer": answered(without=1)},
        {},
        RED,
        ["ZO-0007"],
    ),
    (
        "checked by imported catalogues",
        GateKind.GRUNDSCHUTZ,
        {"TargetObject": [target(checked_by_imported=True)]},
        {},
        NONE,
        [],
    ),
    (
        "one requirement left that the profile does not ask for",
        GateKind.GRUNDSCHUTZ,
        {
            "TargetObject": [target()],
            "Assignment": [assigned(profile="SYS.1.1 B A2 A5")],
            "RequirementAnswer": answered(without=1),
        },
        {},
        MET,
        ["ZO-0007"],
    ),
    (
        "out of operation",
        GateKind.GRUNDSCHUTZ,
        {"TargetObject": [target(status=ObjectStatus.RETIRED)]},
        {},
        OPEN,
        ["PR-0003"],
    ),
    (
        "heard for the project",
        GateKind.STAFF_COUNCIL,
        with_activities(STAFF),
        {"staff_council_on": DAY},
        MET,
        ["VT-0012"],
    ),
    (
        "heard for the activity",
        GateKind.STAFF_COUNCIL,
        with_activities(activity(subjects=(Subjects.STAFF,), staff_council=True)),
        {},
        MET,
        ["VT-0012"],
    ),
    ("not heard", GateKind.STAFF_COUNCIL, with_activities(STAFF), {}, RED, ["VT-0012"]),
    (
        "waived",
        GateKind.STAFF_COUNCIL,
        with_activities(STAFF),
        {"staff_council_waived": "Ohne Bezug zu Beschäftigten."},
        NONE,
        [],
    ),
    ("nobody asked", GateKind.STAFF_COUNCIL, with_activities(), {}, OPEN, ["PR-0003"]),
    (
        "classified",
        GateKind.AI,
        with_activities(activity(ai=True, ai_class=AiClass.TRANSPARENCY)),
        {},
        MET,
        ["VT-0012"],
    ),
    ("unclassified", GateKind.AI, with_activities(activity(ai=True)), {}, RED, ["VT-0012"]),
    (
        "prohibited",
        GateKind.AI,
        with_activities(activity(ai=True, ai_class=AiClass.PROHIBITED)),
        {},
        RED,
        ["VT-0012"],
    ),
    ("outside of activities", GateKind.AI, {}, {"ai": True, "ai_class": AiClass.MINIMAL}, MET, ["PR-0003"]),
    ("no intelligence", GateKind.AI, with_activities(), {}, NONE, []),
    ("nobody said of intelligence", GateKind.AI, {}, {}, OPEN, ["PR-0003"]),
    ("informed", GateKind.NOTICE, with_activities(), {}, MET, []),
    ("exempt", GateKind.NOTICE, with_activities(activity(notice=NoticeStatus.EXEMPT)), {}, MET, []),
    ("not informed", GateKind.NOTICE, with_activities(activity(notice=None)), {}, RED, ["VT-0012"]),
    ("no open data", GateKind.ANONYMISATION, with_activities(), {}, NONE, []),
    (
        "proven by the activity",
        GateKind.ANONYMISATION,
        with_activities(activity(open_data=True, anonymisation="Prüfbogen vom 12. Februar.")),
        {},
        MET,
        [],
    ),
    (
        "not proven by the activity",
        GateKind.ANONYMISATION,
        with_activities(activity(open_data=True)),
        {},
        RED,
        ["VT-0012"],
    ),
    (
        "proven without a day",
        GateKind.ANONYMISATION,
        {},
        {"open_data": True, "anonymisation": "Prüfbogen."},
        RED,
        ["PR-0003"],
    ),
    (
        "proven by the project",
        GateKind.ANONYMISATION,
        {},
        {"open_data": True, "anonymisation": "Prüfbogen.", "anonymised_on": DAY},
        MET,
        [],
    ),
]


@pytest.mark.parametrize(
    ("kind", "near", "answers", "standing", "entries"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_each_gate_follows_from_what_is_registered(
    kind: GateKind, near: dict[str, Any], answers: dict[str, Any], standing: Standing, entries: list[str]
) -> None:
    gate = found(kind, near, **answers)
    assert (gate.standing, [linked.designation for linked in gate.entries]) == (standing, entries)


def test_every_gate_is_shown_on_both_sides() -> None:
    shown = {kind: {case[4] for case in CASES if case[1] is kind} for kind in GateKind}
    assert [kind for kind, standings in shown.items() if not {MET, RED} <= standings] == []
    assert [duty.kind for duty in DUTIES] == list(GateKind)


def test_a_decided_assessment_waits_for_management_and_a_draft_for_the_project_lead() -> None:
    turns = [
        found(GateKind.DPIA, with_activities(ThresholdAnalysis=REQUIRED, Dpia=[dpia(state)])).turn
        for state in (State.DRAFT, State.REVIEW)
    ]
    assert turns == [Role.PROJECT_LEAD, Role.MANAGEMENT]


def test_the_next_step_is_what_is_due_before_what_is_open() -> None:
    project = Project(number=3, stage=ProjectStage.OPERATION, personal_data=True)
    near = with_activities(activity(notice=None), ThresholdAnalysis=REQUIRED, Dpia=[dpia()])
    step = next_step(gates(project, near, DAY))
    assert step is not None
    assert (step.kind, step.turn) == (GateKind.NOTICE, Role.COORDINATOR)


def test_a_project_with_nothing_open_has_no_next_step() -> None:
    project = Project(number=3, stage=ProjectStage.REJECTED, personal_data=True)
    assert next_step(gates(project, {}, DAY)) is None


@given(
    stage=st.sampled_from(ProjectStage),
    personal_data=st.sampled_from((True, False, None)),
    staff=st.booleans(),
    activity_stage=st.sampled_from(Stage),
)
def test_nothing_is_red_before_a_pilot_or_after_the_end(
    stage: ProjectStage, personal_data: bool | None, staff: bool, activity_stage: Stage
) -> None:
    subjects = (Subjects.STAFF,) if staff else (Subjects.RESIDENTS,)
    near = with_activities(activity(stage=activity_stage, subjects=subjects, notice=None))
    project = Project(number=3, stage=stage, personal_data=personal_data)
    red = [gate for gate in gates(project, near, DAY) if gate.standing is RED]
    assert not red or stage in (ProjectStage.PILOT, ProjectStage.OPERATION)


@pytest.mark.parametrize(
    ("states", "turn"),
    [
        ([], Role.PROJECT_LEAD),
        ([State.DRAFT], Role.PROJECT_LEAD),
        ([State.REVIEW], Role.MANAGEMENT),
        ([State.REVIEW, State.DRAFT], Role.PROJECT_LEAD),
    ],
)
def test_a_threshold_analysis_in_review_waits_for_management(states: list[State], turn: Role) -> None:
    near = with_activities(ThresholdAnalysis=[analysis(Outcome.REQUIRED, state) for state in states])
    assert found(GateKind.THRESHOLD, near).turn is turn
