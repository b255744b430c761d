"""Measures in words in the demo city: some that departments stand for, and some that have become stale."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.described.description import Describing, confirm, description_of, fingerprint, take, written
from assessments.dpia.dpia import Dpia
from assessments.grundschutz.check import Given, Status, answer
from assessments.grundschutz.modelling import Assignment
from compliance.access import Identity
from compliance.database import Actor, today
from compliance.entry import everything
from compliance.people import Role
from compliance.web.site import Site
from registers.objects import TargetObject
from registers.processing import ProcessingActivity

_CONFIRMED: Final[tuple[tuple[type[Describing], str, Role], ...]] = (
    (ProcessingActivity, "Elektronische Akte", Role.COORDINATOR),
    (ProcessingActivity, "Website und Kontaktformular", Role.COORDINATOR),
    (Dpia, "Drohnen bei der Personensuche", Role.PROJECT_LEAD),
)
_CHANGED: Final = "Internetauftritt"
"""The application of which an answer changes afterwards; only the second entry above uses it."""


def load_described(site: Site, organisation: uuid.UUID, people: Mapping[Role, Identity]) -> None:
    """Lets departments take over what the check says, and the ISB find something missing later."""
    for model, name, role in _CONFIRMED:
        who = people[role]
        with site.database.writing(organisation, actor=_actor(who)) as session:
            entry = _called(session, model, name)
            take(session, entry, description_of(session, entry).fingerprint, by=who)
        with site.database.writing(organisation, actor=_actor(who)) as session:
            entry = _called(session, model, name)
            confirm(session, entry, fingerprint(written(entry)), by=who)
    officer = people[Role.ISB]
    with site.database.writing(organisation, actor=_actor(officer)) as session:
        _find_something_missing(session, officer)


def _actor(who: Identity) -> Actor:
    return Actor(who.name, who.person_id)


def _called(session: Session, model: type[Any], name: str) -> Any:
    return session.scalars(select(model).where(model.name == name).options(*everything(model))).one()


def _find_something_missing(session: Session, officer: Identity) -> None:
    """The first requirement that is met by the website alone turns out to be met in part."""
    website = _called(session, TargetObject, _CHANGED)
    basis = description_of(session, _called(session, ProcessingActivity, _CONFIRMED[1][1])).basis
    only_here = (
        each
        for each, met in basis.met.items()
        if [place.designation for place in met.places] == [website.designation]
    )
    requirement = next(only_here)
    module = requirement.rpartition(".A")[0]
    query = select(Assignment).where(Assignment.target_id == website.id, Assignment.module_id == module)
    assignment = session.scalars(query.options(*everything(Assignment))).one()
    given = Given(
        Status.PARTIAL,
        measure="Nach dem Umzug auf den neuen Webserver erneut einrichten und prüfen.",
        responsible="Malte Friis",
        due=today() + timedelta(days=30),
    )
    answer(session, assignment, requirement, given, by=officer)
