"""What is stored about projects reaches their gates, their findings and their history."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from assessments.dpia.dpia import Dpia, DpiaDecision
from assessments.dpia.threshold import ThresholdAnalysis
from assessments.dpia.threshold_questions import CASES, CRITERIA
from assessments.gates.gate import GateKind
from assessments.gates.look import Standing
from assessments.gates.portfolio import ProjectStanding, standings
from assessments.grundschutz.check import RequirementAnswer, Status, applicable
from assessments.grundschutz.domain import Approach, Catalogue, Extent, InformationDomain
from assessments.grundschutz.modelling import Assignment
from compliance.advice import give_opinion
from compliance.database import today
from compliance.deviations import record_deviation
from compliance.entry import State, everything
from compliance.findings import findings_of, stored_findings
from compliance.people import Role
from registers.objects import ObjectKind, TargetObject
from registers.processing import NoticeStatus, ProcessingActivity, Stage
from registers.processors import ContractState, Instrument, Processor
from registers.projects import Project, ProjectStage, StageChange
from tests.city import City


def pilot(**answers: Any) -> Project:
    asked: dict[str, Any] = {"stage": ProjectStage.PILOT, "personal_data": True, "ai": False}
    return Project(name="Sprachassistent", **(asked | answers))


def assistant(project: Project, **answers: Any) -> ProcessingActivity:
    given = {"stage": Stage.TEST, "notice": NoticeStatus.PUBLISHED}
    return ProcessingActivity(name="Sprachassistent", project=project, **(given | answers))


def denied(activity: ProcessingActivity, **answers: Any) -> ThresholdAnalysis:
    """A released analysis in which nothing applies."""
    named = dict.fromkeys((*CASES, *CRITERIA, "listed_case", "done_by_law", "high_risk"), False)
    given = named | {"personal_data": True, "state": State.RELEASED}
    return ThresholdAnalysis(name="Sprachassistent", activity=activity, **(given | answers))


def how(city: City, *projects: Project) -> list[ProjectStanding]:
    with city.site.database.reading(city.id) as session:
        query = select(Project).where(Project.id.in_([project.id for project in projects]))
        stored = session.scalars(query.order_by(Project.number).options(*everything(Project))).all()
        return standings(session, stored)


def red(city: City, project: Project) -> list[GateKind]:
    return [gate.kind for gate in how(city, project)[0].red]


def found(city: City, project: Project) -> list[str]:
    """The rules about gates that the stored project breaks."""
    with city.site.database.reading(city.id) as session:
        return [one.rule for one in findings_of(session, [project.id])]


def test_findings_follow_each_entry_that_is_added_or_changed(city: City) -> None:
    project = pilot()
    city.save(project)
    history = [found(city, project)]
    activity = assistant(project, notice=None)
    city.save(activity)
    history.append(found(city, project))
    city.change(activity, notice=NoticeStatus.PUBLISHED)
    history.append(found(city, project))
    analysis = denied(city.stored(activity), high_risk=True)
    city.save(analysis)
    history.append(found(city, project))
    dpia = Dpia(
        name="Sprachassistent",
        activities=[city.stored(activity)],
        state=State.RELEASED,
        decision=DpiaDecision.APPROVED,
    )
    city.save(dpia)
    history.append(found(city, project))
    city.change(dpia, decision=DpiaDecision.REJECTED)
    history.append(found(city, project))
    assert history == [
        ["PRJ-001"],
        ["PRJ-009", "PRJ-002"],
        ["PRJ-002"],
        ["PRJ-003"],
        [],
        ["PRJ-003"],
    ]


def test_findings_follow_contracts_and_protection_needs(city: City) -> None:
    project = pilot()
    office = Processor(
        name="Sprachlabor GmbH", instrument=Instrument.CONTRACT, contract_state=ContractState.SIGNED
    )
    device = TargetObject(name="Sprachdienst", kind=ObjectKind.APPLICATION)
    activity = assistant(project)
    city.save(project, office, device, activity)
    city.save(denied(city.stored(activity), rough_risk=None, high_risk=True, voluntary=None))
    city.change(activity, processors=[city.stored(office)])
    before = red(city, project), found(city, project)
    city.change(office, contract_state=ContractState.EXPIRED)
    city.change(project, objects=[city.stored(device)])
    after = red(city, project), found(city, project)
    assert before == ([GateKind.DPIA], ["PRJ-003"])
    assert after == (
        [GateKind.DPIA, GateKind.CONTRACTS, GateKind.PROTECTION],
        ["PRJ-003", "PRJ-004", "PRJ-007"],
    )


def test_regular_operation_is_entered_although_a_gate_is_red(city: City) -> None:
    project = pilot()
    city.save(project)
    changed: Any = city.change(project, stage=ProjectStage.OPERATION)
    assert (changed.stage, found(city, project)) == (ProjectStage.OPERATION, ["PRJ-001"])


def test_what_management_decided_stands_beside_the_red_gate(city: City) -> None:
    project = pilot()
    city.save(project)
    dsb, management = city.identity(Role.DSB), city.identity(Role.MANAGEMENT)
    until = today() + timedelta(days=90)
    with city.site.database.writing(city.id, actor=city.actor(Role.DSB)) as session:
        stored = session.get_one(Project, (city.id, project.id), options=everything(Project))
        give_opinion(session, stored, "AGAINST", "Zuerst ist das Verzeichnis zu führen.", by=dsb)
    with city.site.database.writing(city.id, actor=city.actor(Role.MANAGEMENT)) as session:
        stored = session.get_one(Project, (city.id, project.id), options=everything(Project))
        record_deviation(session, stored, "PRJ-001", "Wird nachgeholt.", until, by=management)
    [one] = how(city, project)
    decided = one.decisions["PRJ-001"]
    assert next(gate.standing for gate in one.gates) is Standing.RED
    assert (decided.until, decided.opinion, one.answered) == (
        until,
        "Rät ab: Zuerst ist das Verzeichnis zu führen.",
        1,
    )


def test_a_red_project_does_not_stand_against_the_release_of_what_would_end_it(city: City) -> None:
    project = pilot()
    city.save(project)
    activity = assistant(project)
    city.save(activity)
    city.save(denied(city.stored(activity), high_risk=True))
    with city.site.database.reading(city.id) as session:
        stored = session.get_one(
            ProcessingActivity, (city.id, activity.id), options=everything(ProcessingActivity)
        )
        registers = {one.register for one in stored_findings(session, stored)}
    assert (found(city, project), Project.slug in registers) == (["PRJ-003"], False)


def test_each_change_of_stage_is_noted_once_with_its_day(city: City) -> None:
    project = pilot()
    city.save(project)
    city.change(project, description="Neu beschrieben.")
    stored: Any = city.change(project, stage=ProjectStage.OPERATION)
    noted = [(change.stage, change.since, change.position) for change in stored.stages]
    assert noted == [(ProjectStage.PILOT, today(), 0), (ProjectStage.OPERATION, today(), 1)]
    assert stored.since(ProjectStage.OPERATION) == today()


def test_a_day_that_was_entered_is_kept(city: City) -> None:
    long_ago = today() - timedelta(days=400)
    project = pilot(stages=[StageChange(stage=ProjectStage.PILOT, since=long_ago)])
    city.save(project)
    assert [(change.stage, change.since) for change in city.stored(project).stages] == [
        (ProjectStage.PILOT, long_ago)
    ]


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
def test_three_projects_take_as_many_queries_as_one(city: City) -> None:
    projects = [pilot() for _number in range(3)]
    city.save(*projects)
    for project in projects:
        activity = assistant(city.stored(project))
        city.save(activity)
        city.save(denied(city.stored(activity)))
    asked: list[int] = []
    for some in (projects[:1], projects):
        count: list[int] = []

        def note(*_: object, count: list[int] = count) -> None:
            count.append(1)

        event.listen(city.site.database.engine, "before_cursor_execute", note)
        try:
            assert len(how(city, *some)) == len(some)
        finally:
            event.remove(city.site.database.engine, "before_cursor_execute", note)
        asked.append(len(count))
    assert asked[0] == asked[1]


def test_a_status_in_the_check_reaches_the_gate_at_once(city: City) -> None:
    target = TargetObject(name="Sprachdienst", kind=ObjectKind.APPLICATION)
    domain = InformationDomain(name="Verwaltung", approach=Approach.STANDARD, objects=[target])
    place = Assignment(domain=domain, target=target, module_id="CON.3", relevant=True)
    project = pilot(stage=ProjectStage.OPERATION, objects=[target])
    asked = applicable(Extent(Approach.STANDARD), "CON.3")
    answers = [
        RequirementAnswer(domain=domain, assignment=place, requirement_id=requirement.id, status=Status.YES)
        for requirement in asked[1:]
    ]
    city.save(target, domain, place, project)
    city.save(*answers)
    last = RequirementAnswer(domain=domain, assignment=place, requirement_id=asked[0].id, status=Status.OPEN)
    city.save(last)

    def answer(status: Status) -> None:
        with city.site.database.writing(city.id, actor=city.actor(Role.ISB)) as session:
            options = everything(RequirementAnswer)
            session.get_one(RequirementAnswer, (city.id, last.id), options=options).status = status

    before = "PRJ-008" in found(city, project)
    answer(Status.YES)
    met = "PRJ-008" in found(city, project)
    answer(Status.OPEN)
    assert (before, met, "PRJ-008" in found(city, project)) == (True, False, True)


def test_an_object_that_only_imported_catalogues_check_needs_no_module(city: City) -> None:
    target = TargetObject(name="Sprachdienst", kind=ObjectKind.APPLICATION)
    domain = InformationDomain(name="Verwaltung", approach=Approach.STANDARD, objects=[target])
    project = pilot(stage=ProjectStage.OPERATION, objects=[target])
    city.save(target, domain, project)

    def standing() -> Standing:
        [found] = how(city, project)
        return next(gate.standing for gate in found.gates if gate.kind is GateKind.GRUNDSCHUTZ)

    def follow(catalogue: Catalogue) -> None:
        with city.site.database.writing(city.id, actor=city.actor(Role.ISB)) as session:
            query = select(InformationDomain).options(*everything(InformationDomain))
            session.scalars(query).one().catalogue = catalogue

    before = standing()
    follow(Catalogue.IMPORTED)
    after = standing()
    follow(Catalogue.KOMPENDIUM_2023)
    assert (before, after, standing()) == (before, Standing.NOT_APPLICABLE, before)
    assert before is not Standing.NOT_APPLICABLE
