"""Reminders by e-mail: each person gets what is newly due in one message, and never the same twice."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import String, and_, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from compliance.access import Identity, Permission, may, works_in
from compliance.agenda import AgendaItem, Desk, Matter, items, label_of
from compliance.config import Settings
from compliance.database import Actor, Base, Database, Owned, today
from compliance.entry import Area, Entry
from compliance.invitations import Invitation, address_of, another_link, reminder_message
from compliance.language import Text, shown_day, shown_moment
from compliance.mail import Message, Undelivered, send
from compliance.people import Organisation
from compliance.staff import Colleague, staff

AHEAD: Final = timedelta(days=14)
"""So long before a deadline the first reminder goes out; the second goes out when it has passed."""
MOST: Final = 200
"""So many items one message holds."""
ACTOR: Final = Actor("Erinnerung")


class Reminder(Owned, Base):
    """That one person was reminded of one thing; a later deadline is another thing."""

    __tablename__ = "reminder"

    person_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    entry_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    matter: Mapped[str] = mapped_column(String(16), primary_key=True)
    what: Mapped[str] = mapped_column(String(64), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    stage: Mapped[str] = mapped_column(String(8), primary_key=True)
    """``soon`` or ``late``."""


@dataclass(frozen=True)
class Sent:
    """What one run did."""

    messages: int
    reminders: int
    undelivered: tuple[str, ...]
    """Addresses whose message the server did not take; they are reminded by the next run."""


def remind(
    database: Database, settings: Settings, organisation: uuid.UUID, models: Mapping[str, type[Entry]]
) -> Sent:
    """Sends everybody in *organisation* what is newly due."""
    reminded, messages, failed = 0, 0, []
    for colleague in staff(database, organisation):
        fresh = _claim(database, colleague, models)
        if not fresh:
            continue
        try:
            send(settings, [_message(settings, colleague, fresh, models)])
        except Undelivered:
            _give_back(database, colleague.identity, fresh)
            failed.append(colleague.email)
        else:
            messages += 1
            reminded += len(fresh)
    for message, claimed in _to_invited(database, settings, organisation):
        try:
            send(settings, [message])
        except Undelivered:
            with database.writing(organisation, actor=ACTOR) as session:
                session.execute(delete(Reminder).where(Reminder.person_id == claimed))
            failed.append(message.to)
        else:
            messages += 1
            reminded += 1
    return Sent(messages, reminded, tuple(failed))


# --- People without an account -------------------------------------------------------------------

BEFORE: Final = timedelta(days=7)
"""So long before the day by which an answer is requested somebody who was invited is reminded, once."""
_INVITED: Final = "invited"


def _to_invited(
    database: Database, settings: Settings, organisation: uuid.UUID
) -> Sequence[tuple[Message, uuid.UUID]]:
    """A message to everybody who was invited by mail and has not answered yet, noted before it is sent.

    With it goes the id of the invitation, under which the reminder is noted. Without
    an address of the application there is nothing that a message could lead to.
    """
    if not settings.address:
        return ()
    try:
        with database.writing(organisation, actor=ACTOR) as session:
            name = session.scalar(select(Organisation.name).where(Organisation.id == organisation)) or ""
            return [
                (_claimed(session, settings, name, invitation, day), invitation.id)
                for invitation, day in _invited_until_soon(session)
            ]
    except IntegrityError:
        return ()


def _invited_until_soon(session: Session) -> Sequence[tuple[Invitation, date]]:
    """Open invitations whose day is near, with that day; what was answered has none any more."""
    reminded = select(Reminder.person_id).where(Reminder.matter == _INVITED)
    query = select(Invitation).where(
        Invitation.mailed_at.is_not(None),
        Invitation.answered_at.is_(None),
        Invitation.revoked_at.is_(None),
        Invitation.id.not_in(reminded),
    )
    near = AgendaItem.day.between(today(), today() + BEFORE)
    tasks = select(AgendaItem.what, AgendaItem.day).where(AgendaItem.matter == Matter.TASK.value, near)
    days = {what.rpartition(".")[2]: day for what, day in session.execute(tasks)}
    found = [one for one in session.scalars(query.order_by(Invitation.id)) if one.is_open and one.email]
    return [(one, days[one.part_id.hex]) for one in found if one.part_id.hex in days][:MOST]


def _claimed(
    session: Session, settings: Settings, organisation: str, invitation: Invitation, day: date
) -> Message:
    session.add(
        Reminder(
            organisation_id=invitation.organisation_id,
            person_id=invitation.id,
            entry_id=invitation.entry_id,
            matter=_INVITED,
            what=invitation.part_id.hex,
            day=day,
            stage="soon",
        )
    )
    address = address_of(settings, another_link(session, invitation))
    return reminder_message(invitation, organisation, day, address)


def _claim(
    database: Database, colleague: Colleague, models: Mapping[str, type[Entry]]
) -> Sequence[AgendaItem]:
    """What is newly due, noted as reminded before anything is sent.

    A crash in between loses one reminder; the other order would send one twice. Two runs
    at once meet at the key, and one of them finds nothing to do.
    """
    identity = colleague.identity
    try:
        with database.writing(identity.organisation_id, actor=ACTOR) as session:
            known = _known(session, identity)
            fresh = [item for item in _due(session, identity, models) if _key(item) not in known]
            for entry_id, matter, what, day, stage in map(_key, fresh):
                session.add(
                    Reminder(
                        organisation_id=identity.organisation_id,
                        person_id=identity.person_id,
                        entry_id=entry_id,
                        matter=matter,
                        what=what,
                        day=day,
                        stage=stage,
                    )
                )
    except IntegrityError:
        return ()
    return fresh


def _due(session: Session, identity: Identity, models: Mapping[str, type[Entry]]) -> Sequence[AgendaItem]:
    everything = Desk(identity, models)
    own = Desk(identity, {slug: model for slug, model in models.items() if works_in(identity, model.area)})
    decided = Desk(identity, {slug: m for slug, m in models.items() if _answers_for(identity, m.area)})
    until = AgendaItem.day <= today() + AHEAD
    wanted = [and_(decided.of(Matter.CLOCK), until), and_(own.of(Matter.DUE), until)]
    wanted += [and_(everything.of(matter), until) for matter in (Matter.TASK, Matter.ROUND)]
    wanted += [everything.of(matter) for matter in _WAITING]
    return items(session, *wanted, limit=MOST)


def _answers_for(identity: Identity, area: Area) -> bool:
    """A clock that runs in hours also concerns who decides; who only reads is not woken by it."""
    return works_in(identity, area) or may(identity, Permission.RELEASE, area)


_DATED: Final = (Matter.CLOCK, Matter.DUE, Matter.TASK, Matter.ROUND)
_WAITING: Final = (
    Matter.RELEASE,
    Matter.ADVISE,
    Matter.APPRAISE,
    Matter.ARRIVED,
    Matter.ASKED,
    Matter.ANSWERED,
    Matter.REVIEW,
    Matter.CONFIRM,
)


def _known(session: Session, identity: Identity) -> set[tuple[uuid.UUID, str, str, date, str]]:
    query = select(Reminder.entry_id, Reminder.matter, Reminder.what, Reminder.day, Reminder.stage)
    rows = session.execute(query.where(Reminder.person_id == identity.person_id))
    return {(row[0], row[1], row[2], row[3], row[4]) for row in rows}


def _key(item: AgendaItem) -> tuple[uuid.UUID, str, str, date, str]:
    dated = item.matter in _DATED
    late = dated and item.day < today()
    return item.entry_id, item.matter, item.what, item.day, "late" if late else "soon"


def _give_back(database: Database, identity: Identity, fresh: Sequence[AgendaItem]) -> None:
    with database.writing(identity.organisation_id, actor=ACTOR) as session:
        for entry_id, matter, what, day, stage in map(_key, fresh):
            session.execute(
                delete(Reminder).where(
                    Reminder.person_id == identity.person_id,
                    Reminder.entry_id == entry_id,
                    Reminder.matter == matter,
                    Reminder.what == what,
                    Reminder.day == day,
                    Reminder.stage == stage,
                )
            )


# --- The message ---------------------------------------------------------------------------------


def _message(
    settings: Settings, colleague: Colleague, fresh: Sequence[AgendaItem], models: Mapping[str, type[Entry]]
) -> Message:
    language = colleague.identity.language
    parts = [_GREETING.format(name=colleague.identity.name)[language], ""]
    for title, matters in _GROUPS:
        lines = [_line(item, models[item.register], language) for item in fresh if item.matter in matters]
        if lines:
            parts += [title[language], *lines, ""]
    if settings.address:
        parts += [f"{_WHERE[language]} {settings.address.rstrip('/')}/", ""]
    parts.append(_FOOT.format(organisation=colleague.identity.organisation)[language])
    subject = _SUBJECT.format(count=len(fresh)) if len(fresh) > 1 else _SUBJECT_ONE
    return Message(colleague.email, subject[language], "\n".join(parts))


def _line(item: AgendaItem, model: type[Entry], language: str) -> str:
    said = f"- {model.designate(item.number)} {item.name}"
    if (label := label_of(item, model)) is not model.one:
        said += f", {label[language]}"
    if item.moment is not None:
        return f"{said}: {shown_moment(item.moment, language)}"
    if item.matter in (Matter.DUE, Matter.TASK, Matter.ROUND):
        late = f" ({_LATE[language]})" if item.day < today() else ""
        return f"{said}: {shown_day(item.day, language)}{late}"
    return said


_GROUPS: Final = (
    (Text("Laufende Fristen:", "Running clocks:"), (Matter.CLOCK,)),
    (Text("Fristen:", "Deadlines:"), (Matter.DUE, Matter.TASK)),
    (Text("Aktualisierungsrunden, die auf Sie warten:", "Update rounds waiting for you:"), (Matter.ROUND,)),
    (Text("Um Ihre Antwort wird gebeten:", "Your answer is requested:"), (Matter.ASKED,)),
    (Text("Eingegangene Antworten:", "Answers received:"), (Matter.ANSWERED,)),
    (Text("Zur Freigabe:", "To be released:"), (Matter.RELEASE,)),
    (Text("Ihre Stellungnahme fehlt:", "Waiting for your opinion:"), (Matter.ADVISE,)),
    (Text("Vom Archiv zu bewerten:", "To be appraised by the archive:"), (Matter.APPRAISE,)),
    (Text("Neu eingegangen:", "Newly arrived:"), (Matter.ARRIVED,)),
    (Text("Neu zu prüfen:", "To be looked at again:"), (Matter.REVIEW,)),
    (Text("Vom Fachbereich zu bestätigen:", "To be confirmed by the department:"), (Matter.CONFIRM,)),
)
_GREETING: Final = Text("Guten Tag {name},", "Dear {name},")
_SUBJECT: Final = Text("Nachweis: {count} Erinnerungen", "Nachweis: {count} reminders")
_SUBJECT_ONE: Final = Text("Nachweis: eine Erinnerung", "Nachweis: one reminder")
_LATE: Final = Text("überfällig", "overdue")
_WHERE: Final = Text("Alles Weitere:", "Everything else:")
_FOOT: Final = Text(
    "Diese Nachricht schickt Nachweis für {organisation}. An dasselbe erinnert es nicht noch einmal.",
    "Nachweis sends this message for {organisation}. It does not remind you of the same thing again.",
)
