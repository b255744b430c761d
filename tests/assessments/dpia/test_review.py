"""A released assessment collects why it must be reviewed, and a review answers every reason."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from assessments.dpia.comparison import Difference, compare, folded, since_release
from assessments.dpia.dpia import Dpia, DpiaDecision
from assessments.dpia.grades import Grade, RiskLevel
from assessments.dpia.occasions import Occasion
from assessments.dpia.review import (
    Changed,
    DpiaReview,
    ReviewReason,
    answer,
    begin,
    changes_from_json,
    changes_to_json,
    finish,
    merged,
    open_reasons,
    reviews_of,
)
from assessments.dpia.review_cycle import DEFAULT_CYCLE, ReviewCycle, cycle_of, keep_cycle
from assessments.dpia.review_rules import RULES
from assessments.dpia.risk import DpiaMeasure, DpiaRisk
from assessments.dpia.threshold import ThresholdAnalysis
from assessments.dpia.threshold_review import confirm
from compliance.agenda import AgendaItem, Desk, Matter, items
from compliance.database import today
from compliance.entry import Entry, State, everything
from compliance.errors import Forbidden, NachweisError, Refused
from compliance.findings import findings_of
from compliance.journal import Change, differences, verify
from compliance.language import LANGUAGES
from compliance.people import Role
from compliance.release import Step, content_hash, take
from compliance.rules import Severity
from registers.authority_cases import AuthorityCase, CaseKind, CaseOutcome
from registers.authority_lists import AuthorityListItem
from registers.breaches import Breach
from registers.countries import COUNTRIES
from registers.measures import Measure, Progress
from registers.norms import Land, Norm
from registers.objects import TargetObject
from registers.processing import DataCategory, ProcessingActivity, Purpose, Scale, Stage, Subjects
from registers.processors import Processor
from registers.projects import Project, ProjectStage
from tests.city import City

# --- What the tests stand on ---------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Ground:
    """A released assessment with everything it rests on."""

    city: City
    dpia: Dpia
    activity: ProcessingActivity
    processor: Processor
    target: TargetObject
    project: Project
    norm: Norm
    measure: Measure


def ground(city: City) -> Ground:
    unit = city.units["office"]
    processor = Processor(name="Fördewolke GmbH", unit=unit)
    target = TargetObject(name="Portal", unit=unit)
    norm = Norm(name="Kindertagesförderungsgesetz", unit=unit)
    measure = Measure(name="Protokollierung", unit=unit, progress=Progress.IMPLEMENTED)
    project = Project(name="Kita-Portal", unit=unit, stage=ProjectStage.PILOT)
    activity = ProcessingActivity(
        name="Kita-Portal",
        unit=unit,
        project=project,
        stage=Stage.TEST,
        scale=Scale.THOUSAND,
        purposes=[Purpose(text="Plätze vergeben", law=norm)],
        data=[DataCategory(text="Name")],
        subjects=(Subjects.PARENTS,),
        processors=[processor],
        objects=[target],
    )
    city.save(processor, target, norm, measure, project, activity)
    dpia = Dpia(
        name="Kita-Portal",
        unit=unit,
        activities=[activity],
        project=project,
        description="Eltern melden Kinder an.",
        decision=DpiaDecision.APPROVED,
        decided_on=today(),
        decided_risk=RiskLevel.MEDIUM,
        next_review=today() + timedelta(days=300),
        risks=[DpiaRisk(title="Einsicht", severity_before=Grade.LIMITED, likelihood_before=Grade.LIMITED)],
        measures=[DpiaMeasure(measure=measure, risks="R1")],
        state=State.REVIEW,
    )
    city.save(dpia, by=Role.PROJECT_LEAD)
    release(city, dpia)
    return Ground(city, dpia, activity, processor, target, project, norm, measure)


def release(city: City, dpia: Dpia) -> None:
    """Releases it as if nothing stood against it, which other tests are about."""
    with city.site.database.writing(city.id, actor=city.actor(Role.MANAGEMENT)) as session:
        stored = session.get_one(Dpia, (city.id, dpia.id), options=everything(Dpia))
        stored.state = State.RELEASED
        stored.released_hash = content_hash(stored)
        stored.released_version = stored.version + 1
        stored.changed_since_release = False
        session.info["action"] = Step.RELEASE


def noted(city: City, dpia: Dpia) -> list[tuple[Occasion | None, str, list[tuple[str, Any, Any]]]]:
    """Occasion, cause and changes of every open reason."""
    with city.site.database.reading(city.id) as session:
        return [
            (reason.occasion, reason.cause, [(one.field, one.old, one.new) for one in reason.changed])
            for reason in open_reasons(session, dpia)
        ]


def occasions(city: City, dpia: Dpia) -> list[Occasion | None]:
    return [occasion for occasion, _cause, _changes in noted(city, dpia)]


def found(city: City, dpia: Entry) -> list[tuple[str, Severity, str]]:
    with city.site.database.reading(city.id) as session:
        objections = findings_of(session, [dpia.id])
    return [(one.rule, one.severity, one.words["cause"]) for one in objections if one.rule == "DSF-015"]


def desk(city: City, role: Role) -> list[tuple[str, str]]:
    """What has to be looked at again: entry and what it is called, for somebody with *role*."""
    with city.site.database.reading(city.id) as session:
        registers = city.site.registers
        condition = Desk(city.identity(role), registers).of(Matter.REVIEW)
        return [(item.name, item.what) for item in items(session, condition, limit=20)]


def act(
    city: City,
    dpia: Dpia,
    step: Callable[..., Any],
    *values: Any,
    role: Role = Role.PROJECT_LEAD,
    **more: Any,
) -> Any:
    """Takes a step with the stored assessment in the name of *role*."""
    with city.site.database.writing(city.id, actor=city.actor(role)) as session:
        stored = session.get_one(Dpia, (city.id, dpia.id), options=everything(Dpia))
        return step(session, stored, *values, by=city.identity(role), **more)


def answer_all(session: Any, dpia: Dpia, influence: str = "NONE", *, by: Any) -> None:
    for reason in open_reasons(session, dpia):
        answer(session, dpia, reason, influence, "Berührt kein Risiko.", by=by)


# --- Triggers ------------------------------------------------------------------------------------


def other_purposes(g: Ground) -> None:
    g.city.change(g.activity, purposes=[Purpose(text="Beiträge berechnen")])


def repealed(g: Ground) -> None:
    g.city.change(g.norm, repealed=True)


TRIGGERS: dict[str, tuple[Callable[[Ground], Any], Occasion, str]] = {
    "purpose": (other_purposes, Occasion.PURPOSE, "VT-0001 Kita-Portal"),
    "data": (
        lambda g: g.city.change(g.activity, data=[DataCategory(text="Gesundheit", special=True)]),
        Occasion.DATA,
        "VT-0001 Kita-Portal",
    ),
    "subjects": (
        lambda g: g.city.change(g.activity, subjects=(Subjects.PARENTS, Subjects.CHILDREN)),
        Occasion.SUBJECTS,
        "VT-0001 Kita-Portal",
    ),
    "scale": (
        lambda g: g.city.change(g.activity, scale=Scale.MORE),
        Occasion.SCALE,
        "VT-0001 Kita-Portal",
    ),
    "technology": (
        lambda g: g.city.change(g.activity, ai=True),
        Occasion.TECHNOLOGY,
        "VT-0001 Kita-Portal",
    ),
    "system": (
        lambda g: g.city.change(g.target, platform="Neues Rechenzentrum"),
        Occasion.TECHNOLOGY,
        "ZO-0001 Portal",
    ),
    "processor": (
        lambda g: g.city.change(g.activity, processors=[]),
        Occasion.PROCESSOR,
        "VT-0001 Kita-Portal",
    ),
    "country": (
        lambda g: g.city.change(g.processor, country=COUNTRIES["US"]),
        Occasion.COUNTRY,
        "AV-0001 Fördewolke GmbH",
    ),
    "law": (repealed, Occasion.LAW, "N-0001 Kindertagesförderungsgesetz"),
    "list": (
        lambda g: g.city.save(AuthorityListItem(name="Platzvergabe durch Algorithmen", land=Land.SH)),
        Occasion.LIST,
        "ML-0001 Platzvergabe durch Algorithmen",
    ),
    "incident": (
        lambda g: g.city.save(Breach(name="Fehlversand", activities=[g.city.stored(g.activity)])),
        Occasion.INCIDENT,
        "DV-0001 Fehlversand",
    ),
    "measure": (
        lambda g: g.city.change(g.measure, progress=Progress.IN_PROGRESS),
        Occasion.MEASURE,
        "M-0001 Protokollierung",
    ),
    "complaint": (
        lambda g: g.city.save(
            AuthorityCase(
                name="Elternbeirat", kind=CaseKind.COMPLAINT, activities=[g.city.stored(g.activity)]
            )
        ),
        Occasion.COMPLAINT,
        "AB-0001 Elternbeirat",
    ),
    "order": (
        lambda g: g.city.save(
            AuthorityCase(name="Anweisung", outcome=CaseOutcome.ORDER, activities=[g.city.stored(g.activity)])
        ),
        Occasion.ORDER,
        "AB-0001 Anweisung",
    ),
    "operation": (
        lambda g: g.city.change(g.project, stage=ProjectStage.OPERATION),
        Occasion.OPERATION,
        "PR-0001 Kita-Portal",
    ),
    "activity in operation": (
        lambda g: g.city.change(g.activity, stage=Stage.OPERATION),
        Occasion.OPERATION,
        "VT-0001 Kita-Portal",
    ),
}


@pytest.mark.parametrize("name", TRIGGERS)
def test_each_trigger_gives_a_reason_a_finding_and_a_task_at_once(city: City, name: str) -> None:
    cause, occasion, entry = TRIGGERS[name]
    g = ground(city)
    before = noted(city, g.dpia)
    cause(g)

    (reason,) = noted(city, g.dpia)
    task = ("Kita-Portal", f"review.{occasion.name}")
    assert before == []
    assert reason[0] is occasion
    assert reason[1].split(" ", 1)[1] == entry.split(" ", 1)[1]
    assert found(city, g.dpia) == [("DSF-015", Severity.WARNING, reason[1])]
    assert (desk(city, Role.PROJECT_LEAD), desk(city, Role.DSB)) == ([task], [task])
    assert (desk(city, Role.MANAGEMENT), desk(city, Role.READER)) == ([], [])
