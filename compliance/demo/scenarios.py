"""Scenarios, a template and an assessment begun from it, in the invented city."""

from __future__ import annotations

import tomllib
import uuid
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.dpia.answers import answers_of
from assessments.dpia.copied import unconfirmed
from assessments.dpia.copying import begin, make_template
from assessments.dpia.dpia import Dpia
from assessments.dpia.prefill import sources_of
from assessments.dpia.scenario import RiskScenario
from assessments.dpia.scenarios import adapted, of_entry, shipped, take_in
from compliance.access import Identity
from compliance.database import Actor, today
from compliance.entry import everything
from compliance.people import Role
from compliance.web.site import Site
from registers.building import build
from registers.measures import Measure
from registers.processing import ProcessingActivity

Data = dict[str, Any]


def load_scenarios(site: Site, organisation: uuid.UUID, people: Mapping[Role, Identity]) -> None:
    """Adds them to a city that has assessments already; the project lead does all of it."""
    content = tomllib.loads(files(__package__).joinpath("scenarios.toml").read_text(encoding="utf-8"))
    lead = people[Role.PROJECT_LEAD]
    with site.database.writing(organisation, actor=Actor(lead.name, lead.person_id)) as session:
        _add_scenarios(session, content)
        session.flush()
        template = _add_template(session, content["template"])
        session.flush()
        _begin(session, template, content["begun"], lead)


def _add_scenarios(session: Session, content: Data) -> None:
    own = Measure.library.is_not(True)
    measures = {measure.name: measure for measure in session.scalars(select(Measure).where(own))}
    for data in content["scenarios"]:
        session.add(build(RiskScenario, data, lambda _class, name: measures[name]))
    for change in content["adapted"]:
        scenario = adapted(shipped()[change["key"]])
        scenario.event = change["event"]
        scenario.shipped_version = change["version"]
        session.add(scenario)


def _called(session: Session, model: type[Any], name: str) -> Any:
    return session.scalars(select(model).where(model.name == name).options(*everything(model))).one()


def _add_template(session: Session, data: Data) -> Dpia:
    source = _called(session, Dpia, data["source"])
    made = make_template(session, source, answers_of(session, source), on=today())
    made.name = data["name"]
    for name, text in data["texts"].items():
        setattr(made, name, text)
    return made


def _begin(session: Session, template: Dpia, data: Data, lead: Identity) -> None:
    """Begins an assessment from the template, takes a scenario in, and confirms a part of it."""
    activity = _called(session, ProcessingActivity, data["activity"])
    dpia = Dpia(name=data["name"], unit=activity.unit, activities=[activity], team=lead.name)
    session.add(dpia)
    answers = answers_of(session, template)
    begin(session, dpia, template, answers, sources_of(session, dpia), on=today())
    session.flush()
    own = of_entry(_called(session, RiskScenario, data["scenario"]))
    take_in(dpia, own, own.remedies[:1], on=today())
    for row in unconfirmed(dpia):
        if row.place in data["confirmed"]:
            row.confirmed_on, row.confirmed_by = today(), lead.name
    session.flush()
