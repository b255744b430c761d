"""What the data centre says about its servers, taken over by the city, and how the check came about."""

from __future__ import annotations

import uuid
from collections import Counter
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.grundschutz.borrowing import offers, settle_by_process, take_over
from assessments.grundschutz.check import (
    Given,
    MetBy,
    RequirementAnswer,
    Status,
    answer_each,
    applicable,
)
from assessments.grundschutz.course import store
from assessments.grundschutz.domain import Approach, Catalogue, InformationDomain
from assessments.grundschutz.interviews import Interview, record_interview
from assessments.grundschutz.modelling import Assignment, assign, load_assignment
from assessments.grundschutz.progress import Tally, overview, summed
from compliance.access import Identity
from compliance.database import Actor, today
from compliance.entry import everything
from compliance.web.site import Site
from registers.objects import TargetObject
from registers.processors import Processor

_PROVIDER: Final = "Küstenrechenzentrum AöR"
_SERVERS: Final = "Serververbund im Küstenrechenzentrum"
_MODULE: Final = "SYS.1.1"
_SHARED: Final = ("SYS.1.1.A2", "SYS.1.1.A9")
"""Met by the data centre and the city together."""
_CHANGED: Final = "SYS.1.1.A5"
"""What the data centre said differently after the city had taken it over."""


def load_checks(site: Site, organisation: uuid.UUID, by: Identity) -> None:
    """Adds what the data centre answers, takes it over, and tells the course of each check."""
    actor = Actor(by.name, by.person_id)
    with site.database.writing(organisation, actor=actor) as session:
        session.info["action"] = "demo"
        theirs = _provided(session, by)
        mine = _assigned_here(session)
        asked = [each.id for each in applicable(mine.domain.extent, mine.module_id)]
        [offer, *_rest] = offers(session, mine, asked, by=by)
        taken = [each for each in asked if each in offer.answers]
        take_over(session, mine, theirs, taken, by=by)
    with site.database.writing(organisation, actor=actor) as session:
        theirs = load_assignment(session, theirs.id)
        changed = Given(
            Status.PARTIAL, measure="Schnittstellen der neuen Server sperren", responsible=_PROVIDER
        )
        answer_each(session, theirs, {_CHANGED: changed}, by=by)
        _settle(session, by)
    with site.database.writing(organisation, actor=actor) as session:
        query = select(InformationDomain).options(*everything(InformationDomain))
        for domain in session.scalars(query).all():
            _tell_course(session, domain)


def _provided(session: Session, by: Identity) -> Assignment:
    """The domain that the city keeps for its data centre, with answers from its last report."""
    servers = _named(session, TargetObject, _SERVERS)
    provider = _named(session, Processor, _PROVIDER)
    domain = InformationDomain(
        name="Betrieb im Küstenrechenzentrum",
        approach=Approach.STANDARD,
        operator=provider,
        catalogue=Catalogue.KOMPENDIUM_2023,
        scope="Virtuelle Server, die das Küstenrechenzentrum für die Stadt betreibt, nach seinem Bericht.",
        responsible="Informationssicherheit des Küstenrechenzentrums",
        unit=servers.unit,
        objects=[servers],
    )
    session.add(domain)
    session.flush()
    [assignment] = assign(session, domain, [(servers.id, _MODULE)], by=by)
    reported = today() - timedelta(days=90)
    talk = Interview(reported, "Informationssicherheit des Küstenrechenzentrums", by.name)
    said_in = record_interview(session, [assignment], talk, by=by)
    session.add_all(
        RequirementAnswer(
            domain=domain,
            assignment=assignment,
            requirement_id=requirement.id,
            status=Status.YES,
            met_by=MetBy.BOTH if requirement.id in _SHARED else MetBy.PROVIDER,
            evidence="Zertifikat und Bericht des Küstenrechenzentrums, Abschnitt 4",
            evidence_on=reported - timedelta(days=30),
            answered_on=reported,
            interview=said_in,
        )
        for requirement in applicable(domain.extent, _MODULE)
    )
    session.flush()
    return assignment


def _assigned_here(session: Session) -> Assignment:
    query = (
        select(Assignment.id)
        .join(Assignment.target)
        .join(Assignment.domain)
        .where(
            TargetObject.name == _SERVERS,
            Assignment.module_id == _MODULE,
            InformationDomain.operator_id.is_(None),
        )
    )
    return load_assignment(session, session.scalars(query).one())


def _settle(session: Session, by: Identity) -> None:
    """Lets the rules for accounts settle what the file server asks about them."""
    process = session.scalars(
        select(RequirementAnswer)
        .where(RequirementAnswer.requirement_id == "ORP.4.A8", RequirementAnswer.status == Status.YES)
        .limit(1)
    ).first()
    place = session.scalars(
        select(Assignment.id)
        .join(Assignment.target)
        .where(TargetObject.name == "Virtualisierungsserver", Assignment.module_id == _MODULE)
    ).first()
    if process is not None and place is not None:
        assignment = load_assignment(session, place)
        if assignment.domain_id == process.domain_id:
            settle_by_process(session, assignment, ["SYS.1.1.A2"], process.id, by=by)


def _named(session: Session, model: type[Any], name: str) -> Any:
    return session.scalars(select(model).where(model.name == name).options(*everything(model))).one()


# --- The course of the check ---------------------------------------------------------------------


def _tell_course(session: Session, domain: InformationDomain) -> None:
    """Writes the days on which interviews took place, as each of them would have done it."""
    total = summed(each.tally for each in overview(session, domain)).total
    columns = (RequirementAnswer.answered_on, RequirementAnswer.status)
    rows = session.execute(select(*columns).where(RequirementAnswer.domain_id == domain.id)).all()
    days: list[date] = sorted(
        {row.answered_on for row in rows if row.answered_on and row.answered_on < today()}
    )
    for day in days:
        until = Counter(
            row.status or Status.OPEN for row in rows if row.answered_on and row.answered_on <= day
        )
        answered = {status: until[status] for status in Status if status is not Status.OPEN}
        store(session, domain, day, Tally(answered | {Status.OPEN: total - sum(answered.values())}))
