"""Work in progress in the demo city: an update round half answered, findings that somebody answers for."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.access import Identity
from compliance.advice import give_opinion
from compliance.database import Actor, today
from compliance.deviations import record_deviation
from compliance.entry import Entry, State, everything
from compliance.findings import Finding
from compliance.people import Role, Unit
from compliance.rules import Severity
from compliance.web.site import Site
from registers import rounds
from registers.processing import ProcessingActivity
from registers.rounds import RoundReply, UpdateRound


def load_work(site: Site, organisation: uuid.UUID, people: Mapping[Role, Identity]) -> None:
    """Lets the people of the demo city do some of their work."""
    officer, coordinator = people[Role.DSB], people[Role.COORDINATOR]
    with site.database.writing(organisation, actor=_actor(officer)) as session:
        number = _begin_round(session, officer)
    with site.database.writing(organisation, actor=_actor(coordinator)) as session:
        _answer_some(session, number, coordinator)
    _answer_for_findings(site, organisation, people)


def _actor(identity: Identity) -> Actor:
    return Actor(identity.name, identity.person_id)


def _begin_round(session: Session, officer: Identity) -> int:
    roots = session.scalars(select(Unit).where(Unit.parent_id.is_(None)).order_by(Unit.key).limit(2)).all()
    found = UpdateRound(
        name=f"Jahresabfrage {today().year}",
        units=list(roots),
        answer_until=today() + timedelta(days=12),
        message="Bitte sehen Sie Ihre Tätigkeiten durch. Neue legen Sie bitte aus einem Muster an.",
    )
    session.add(found)
    session.flush()
    rounds.start(session, found, by=officer)
    return found.number


def _answer_some(session: Session, number: int, coordinator: Identity) -> None:
    query = select(UpdateRound).where(UpdateRound.number == number)
    found = session.scalars(query.options(*everything(UpdateRound))).one()
    for position, one in enumerate(rounds.answerable(session, found, coordinator)):
        if position % 3:
            continue
        loaded = select(ProcessingActivity).where(ProcessingActivity.id == one.id)
        activity = session.scalars(loaded.options(*everything(ProcessingActivity))).one()
        reply = RoundReply.CHANGED if position % 4 == 3 else RoundReply.UNCHANGED
        rounds.answer(session, found, activity, reply, by=coordinator)


def _answer_for_findings(site: Site, organisation: uuid.UUID, people: Mapping[Role, Identity]) -> None:
    """One known deviation by management, and one warning set aside by the unit."""
    officer, management, coordinator = people[Role.DSB], people[Role.MANAGEMENT], people[Role.COORDINATOR]
    with site.database.reading(organisation) as session:
        error = _first_finding(session, Severity.ERROR)
        warning = _first_finding(session, Severity.WARNING)
    text = "Der Mangel ist bekannt. Bis zur Umstellung ist das Risiko gering, danach ist er zu beheben."
    with site.database.writing(organisation, actor=_actor(officer)) as session:
        give_opinion(session, _entry(session, error), "RECOMMENDATIONS", text, by=officer)
    with site.database.writing(organisation, actor=_actor(management)) as session:
        reason = "Wird mit der Ablösung des Fachverfahrens behoben; Auftrag ist erteilt."
        until = today() + timedelta(days=180)
        record_deviation(session, _entry(session, error), error.rule, reason, until, by=management)
    with site.database.writing(organisation, actor=_actor(coordinator)) as session:
        reason = "Die Stelle wird neu besetzt; bis dahin antwortet die Amtsleitung."
        until = today() + timedelta(days=60)
        record_deviation(session, _entry(session, warning), warning.rule, reason, until, by=coordinator)


def _first_finding(session: Session, severity: Severity) -> Finding:
    query = (
        select(Finding)
        .join(ProcessingActivity, ProcessingActivity.id == Finding.entry_id)
        .where(Finding.severity == severity, ProcessingActivity.state == State.DRAFT)
    )
    return session.scalars(query.order_by(ProcessingActivity.number, Finding.rule).limit(1)).one()


def _entry(session: Session, finding: Finding) -> Entry:
    query = select(ProcessingActivity).where(ProcessingActivity.id == finding.entry_id)
    return session.scalars(query.options(*everything(ProcessingActivity))).one()
