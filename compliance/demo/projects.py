"""Projects of the demo city that run although a gate is red, and who answers for it."""

from __future__ import annotations

import tomllib
import uuid
from collections.abc import Mapping
from datetime import timedelta
from importlib.resources import files
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.access import Identity
from compliance.advice import give_opinion
from compliance.database import Actor, today
from compliance.deviations import record_deviation
from compliance.entry import everything
from compliance.people import Role
from compliance.web.site import Site
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


def _project(session: Session, data: Mapping[str, Any]) -> Project:
    query = select(Project).where(Project.name == data["project"])
    return session.scalars(query.options(*everything(Project))).one()
