"""Projects of the demo city whose gates are all met, and others that run although one is red."""

from __future__ import annotations

import tomllib
import uuid
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from importlib.resources import files
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.grundschutz.check import RequirementAnswer, Status, applicable
from assessments.grundschutz.domain import Approach, InformationDomain
from assessments.grundschutz.interviews import CheckInterview, Interview, record_interview
from assessments.grundschutz.modelling import Assignment, assign, propose_assignments
from compliance.access import Identity
from compliance.advice import give_opinion
from compliance.database import Actor, today
from compliance.deviations import record_deviation
from compliance.entry import everything
from compliance.people import Role
from compliance.web.site import Site
from registers.objects import TargetObject
from registers.projects import Project


def load_project_decisions(site: Site, organisation: uuid.UUID, people: Mapping[Role, Identity]) -> None:
    """Lets the officer advise and management decide on projects whose gates are red."""
    content = tomllib.loads(files(__package__).joinpath("project_decisions.toml").read_text(encoding="utf-8"))
    officer, management = people[Role.DSB], people[Role.MANAGEMENT]
    with site.database.writing(organisation, actor=Actor(officer.name, officer.person_id)) as session:
        for data in content["decisions"]:
            give_opinion(session, _project(session, data), data["verdict"], data["opinion"], by=officer)
    with site.database.writing(organisation, actor=Actor(management.name, management.person_id)) as session:
        for data in content["decisions"]:
            until = today() + timedelta(days=data["days"])
            project = _project(session, data)
            record_deviation(session, project, data["rule"], data["reason"], until, by=management)


def check_sensors(site: Site, organisation: uuid.UUID, by: Identity) -> None:
    """Models and checks the sensor network in full, so that its projects have nothing open."""
    with site.database.writing(organisation, actor=Actor(by.name, by.person_id)) as session:
        session.info["action"] = "demo"
        query = select(TargetObject).where(TargetObject.name == "Funknetz für Sensoren")
        network = session.scalars(query.options(*everything(TargetObject))).one()
        domain = InformationDomain(
            name="Sensornetz",
            unit=network.unit,
            approach=Approach.STANDARD,
            scope="Antennenstandorte, Sensoren und Übergabe der Messwerte in das Verwaltungsnetz.",
            responsible="Henrik Sörensen, Informationssicherheitsbeauftragter",
            objects=[network],
        )
        session.add(domain)
        session.flush()
        places = [
            (suggestion.target.id, suggestion.proposal.module_id)
            for suggestion in propose_assignments(session, domain)
            if suggestion.target and not suggestion.proposal.conditional
        ]
        day = today() - timedelta(days=40)
        assigned = assign(session, domain, places, by=by)
        talk = Interview(day, "Jonas Brandt, Digitalisierung und Strategie", by.name)
        said_in = record_interview(session, assigned, talk, by=by)
        for assignment in assigned:
            session.add_all(_met(assignment, day, said_in))


def _met(assignment: Assignment, day: date, said_in: CheckInterview) -> Iterator[RequirementAnswer]:
    for requirement in applicable(assignment.domain.extent, assignment.module_id):
        yield RequirementAnswer(
            domain=assignment.domain,
            assignment=assignment,
            requirement_id=requirement.id,
            status=Status.YES,
            answered_on=day,
            interview=said_in,
        )


def _project(session: Session, data: Mapping[str, Any]) -> Project:
    query = select(Project).where(Project.name == data["project"])
    return session.scalars(query.options(*everything(Project))).one()
