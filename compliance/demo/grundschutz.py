"""The IT-Grundschutz check of the demo city: one information domain, half way through its interviews.

What was said in the interviews stands in ``grundschutz.toml``. Everything else is
spread over the requirements by a checksum of their names, so that every loading
gives the same city. Some answers are faulty on purpose: „entbehrlich“ without a
reason, and open measures for which nobody stands.
"""

from __future__ import annotations

import tomllib
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any, Final
from zlib import crc32

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.grundschutz.check import Given, MetBy, RequirementAnswer, Status, applicable
from assessments.grundschutz.domain import Approach, Catalogue, InformationDomain
from assessments.grundschutz.interviews import CheckInterview, Interview, record_interview
from assessments.grundschutz.kompendium import Level, Requirement
from assessments.grundschutz.modelling import (
    Assignment,
    Place,
    assign,
    propose_assignments,
    set_relevance,
)
from compliance.access import Identity
from compliance.database import Actor, today
from compliance.entry import everything
from compliance.people import Unit
from compliance.web.site import Site
from registers.objects import TargetObject
from registers.processors import Processor

_SHARES: Final = {
    Level.BASIC: ((76, Status.YES), (91, Status.PARTIAL), (100, Status.NO)),
    Level.STANDARD: ((55, Status.YES), (81, Status.PARTIAL), (100, Status.NO)),
    Level.HIGH: ((30, Status.YES), (60, Status.PARTIAL), (100, Status.NO)),
}
"""Up to which of a hundred requirements of a level have which status; unnecessary needs its own reason."""
_FAULTY: Final = 23
"""One in so many open measures names nobody."""
_LATEST: Final = 240


def load_grundschutz(site: Site, organisation: uuid.UUID, by: Identity) -> None:
    """Adds the information domain „Kernverwaltung“ to the demo city, whose objects are stored already."""
    with site.database.writing(organisation, actor=Actor(by.name, by.person_id)) as session:
        session.info["action"] = "demo"
        domain = _domain(session)
        session.add(domain)
        session.flush()
        assigned = [*_model(session, domain, by), *_exclude(session, domain, by)]
        about: dict[_Talk, list[Assignment]] = {}
        for assignment in assigned:
            if assignment.relevant and (talk := _talk(assignment.module_id)):
                about.setdefault(talk, []).append(assignment)
        for talk, modules in about.items():
            said_in = record_interview(session, modules, Interview(talk.on, talk.people, by.name), by=by)
            for assignment in modules:
                session.add_all(_answers(assignment, talk, said_in))


@cache
def _content() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("grundschutz.toml").read_text(encoding="utf-8"))


def _domain(session: Session) -> InformationDomain:
    content = _content()["domain"]
    objects = _named(session, TargetObject, content["objects"])
    providers = _named(session, Processor, content["providers"])
    return InformationDomain(
        name=content["name"],
        unit=session.scalars(select(Unit).where(Unit.key == content["unit"])).one(),
        approach=Approach[content["approach"]],
        catalogue=Catalogue.KOMPENDIUM_2023,
        scope=content["scope"],
        exclusions=content["exclusions"],
        responsible=content["responsible"],
        objects=objects,
        providers=providers,
    )


def _named(session: Session, model: type[Any], names: Sequence[str]) -> list[Any]:
    query = select(model).where(model.name.in_(names)).options(*everything(model))
    found = {entry.name: entry for entry in session.scalars(query)}
    return [found[name] for name in names]


# --- Modelling -----------------------------------------------------------------------------------


def _model(session: Session, domain: InformationDomain, by: Identity) -> list[Assignment]:
    """Assigns what is proposed, and of what is proposed under a condition what the city has."""
    wanted = set(_content()["domain"]["conditional"])
    places: list[Place] = [
        (suggestion.target.id if suggestion.target else None, suggestion.proposal.module_id)
        for suggestion in propose_assignments(session, domain)
        if not suggestion.proposal.conditional or suggestion.proposal.module_id in wanted
    ]
    assigned = assign(session, domain, places, by=by)
    session.flush()
    return assigned


def _exclude(session: Session, domain: InformationDomain, by: Identity) -> list[Assignment]:
    ids: dict[str, uuid.UUID | None] = {target.name: target.id for target in domain.objects}
    excluded = []
    for entry in _content()["excluded"]:
        place = (ids[entry["at"]] if "at" in entry else None, entry["module"])
        for assignment in assign(session, domain, [place], by=by):
            set_relevance(assignment, relevant=False, reason=entry["reason"], by=by)
            excluded.append(assignment)
    return excluded


# --- Interviews ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Talk:
    """An interview: when it took place, who was asked, and how far it got."""

    on: date
    people: str
    share: int


def _talk(module_id: str) -> _Talk | None:
    for entry in _content()["interviews"]:
        if module_id.startswith(entry["modules"]):
            return _Talk(today() - timedelta(days=entry["days"]), entry["people"], entry["share"])
    return None


# --- Answers -------------------------------------------------------------------------------------


def _answers(assignment: Assignment, talk: _Talk, said_in: CheckInterview) -> Iterator[RequirementAnswer]:
    found = _found(assignment.target.name if assignment.target else "")
    for requirement in applicable(assignment.domain.extent, assignment.module_id):
        given = found.get(requirement.id) or _spread(assignment, requirement, talk.share)
        if given.status is not Status.OPEN:
            yield RequirementAnswer(
                domain=assignment.domain,
                assignment=assignment,
                requirement_id=requirement.id,
                answered_on=talk.on,
                interview=said_in,
                **vars(given),
            )


def _found(at: str) -> dict[str, Given]:
    """What was written down about the target object called *at*, or about the domain, by requirement."""
    return {entry["requirement"]: _given(entry) for entry in _content()["found"] if entry.get("at", "") == at}


def _given(entry: dict[str, Any]) -> Given:
    return Given(
        Status[entry["status"]],
        reason=entry.get("reason", ""),
        measure=entry.get("measure", ""),
        responsible=entry.get("responsible", ""),
        due=today() + timedelta(days=entry["due"]) if "due" in entry else None,
        remark=entry.get("remark", ""),
        evidence=entry.get("evidence", ""),
        evidence_on=today() - timedelta(days=entry["evidence_days"]) if "evidence_days" in entry else None,
        met_by=MetBy[entry["met_by"]] if "met_by" in entry else None,
    )


def _spread(assignment: Assignment, requirement: Requirement, share: int) -> Given:
    """An answer as likely as such answers are; open beyond the *share* that the interview reached."""
    target = assignment.target
    number = crc32(f"{target.name if target else ''}/{requirement.id}".encode())
    if number % 100 >= share:
        return Given()
    chosen = number // 100 % 100
    status = next(status for limit, status in _SHARES[requirement.level] if chosen < limit)
    if status is Status.YES:
        return Given(status, met_by=MetBy.PROVIDER if target and target.provider else None)
    return _planned(status, requirement.id.partition(".")[0], number // 10_000)


def _planned(status: Status, layer: str, number: int) -> Given:
    measures = _content()["measures"][layer]
    return Given(
        status,
        measure=measures[number % len(measures)],
        responsible="" if number % _FAULTY == 0 else _content()["responsible"][layer],
        due=today() + timedelta(days=7 + number % _LATEST),
    )
