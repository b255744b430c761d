"""Update rounds (Aktualisierungsrunden): every unit says of each activity whether it is still true."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ForeignKeyConstraint, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from compliance.access import Identity, Permission, demand, may, units_of
from compliance.agenda import Matter, assign
from compliance.database import today
from compliance.entry import Area, Entry, Record, State
from compliance.errors import Refused
from compliance.fields import Term, choice, day, line, prose, references, section
from compliance.language import Text
from compliance.people import Unit
from registers.processing import ProcessingActivity, Stage
from registers.reviews import confirm_unchanged


class RoundReply(Term):
    """What a unit says of one activity."""

    UNCHANGED = Text("Unverändert", "Unchanged")
    CHANGED = Text("Geändert", "Changed")
    DROPPED = Text("Entfallen", "No longer performed")


class UpdateRound(Entry):
    """One round through some units until a day, led by the data protection officer."""

    slug = "update-rounds"
    prefix = "AR"
    area = Area.OFFICER
    title = Text("Aktualisierungsrunden", "Update rounds")
    one = Text("Aktualisierungsrunde", "Update round")
    due = ("answer_until",)

    with section("general", "Grundangaben", "General"):
        units: Mapped[list[Unit]] = references(
            "Unit",
            "Organisationseinheiten",
            "Units",
            help=Text(
                "Wer gefragt wird; nachgeordnete Einheiten gehören dazu.",
                "Who is asked; units below them are included.",
            ),
            basis="Art. 30, Art. 24 Abs. 1 Satz 2 DSGVO",
            expected=True,
        )
        answer_until: Mapped[date | None] = day(
            "Rückmeldung bis",
            "Answer until",
            help=Text("Erscheint bei den gefragten Einheiten.", "Appears at the units that are asked."),
            basis="Art. 24 Abs. 1 Satz 2 DSGVO",
            expected=True,
            listed=True,
        )
        message: Mapped[str] = prose(
            "Hinweis an die Einheiten",
            "Message to the units",
            help=Text("Steht über der Liste der Tätigkeiten.", "Stands above the list of activities."),
            basis="Art. 39 Abs. 1 lit. a DSGVO",
        )
        started_on: Mapped[date | None] = day("Begonnen am", "Started on", fixed=True, listed=True)


class RoundAnswer(Record):
    """What was said in one round of one activity."""

    round_id: Mapped[uuid.UUID] = mapped_column()
    activity_id: Mapped[uuid.UUID] = mapped_column()
    unit_id: Mapped[uuid.UUID | None] = mapped_column(default=None)
    subject: Mapped[str] = line("Zu", "On", length=300, fixed=True)
    reply: Mapped[RoundReply | None] = choice(RoundReply, "Rückmeldung", "Reply")
    given_by: Mapped[str] = line("Von", "By", personal=True)
    given_on: Mapped[date | None] = day("Am", "On")

    @classmethod
    def _indexes(cls) -> Any:
        owner = ["organisation_id"]
        yield ForeignKeyConstraint(
            [*owner, "round_id"], ["update_round.organisation_id", "update_round.id"], ondelete="CASCADE"
        )
        yield Index(None, "organisation_id", "round_id", "activity_id", unique=True)


@dataclass(frozen=True)
class Asked:
    """One activity in a round, with the reply if there is one."""

    id: uuid.UUID
    number: int
    name: str
    unit_id: uuid.UUID | None
    changed_at: datetime
    reply: RoundReply | None
    given_on: date | None

    @property
    def designation(self) -> str:
        return ProcessingActivity.designate(self.number)


@dataclass(frozen=True)
class Progress:
    """How far one unit is."""

    unit: Unit
    total: int
    answered: int

    @property
    def is_complete(self) -> bool:
        return self.answered >= self.total


def asked(session: Session, of: UpdateRound, units: frozenset[uuid.UUID] | None = None) -> list[Asked]:
    """Every activity of the round, or of those of *units*, by unit and name."""
    wanted = _units_below(session, [unit.id for unit in of.units])
    if units is not None:
        wanted &= units
    answer = (RoundAnswer.organisation_id == ProcessingActivity.organisation_id) & (
        (RoundAnswer.activity_id == ProcessingActivity.id) & (RoundAnswer.round_id == of.id)
    )
    query = (
        select(
            ProcessingActivity.id,
            ProcessingActivity.number,
            ProcessingActivity.name,
            ProcessingActivity.unit_id,
            ProcessingActivity.changed_at,
            RoundAnswer.reply,
            RoundAnswer.given_on,
        )
        .join(Unit, Unit.id == ProcessingActivity.unit_id)
        .outerjoin(RoundAnswer, answer)
        .where(ProcessingActivity.unit_id.in_(wanted), ProcessingActivity.state != State.ENDED)
        .order_by(Unit.key, Unit.name, ProcessingActivity.sort_key, ProcessingActivity.number)
    )
    return [Asked(**row._mapping) for row in session.execute(query)]


def _units_below(session: Session, roots: Sequence[uuid.UUID]) -> frozenset[uuid.UUID]:
    """*roots* and every unit below them."""
    parents = {row.id: row.parent_id for row in session.execute(select(Unit.id, Unit.parent_id))}
    found = set(roots)
    while more := {unit for unit, parent in parents.items() if parent in found} - found:
        found |= more
    return frozenset(found)


def progress(session: Session, of: UpdateRound) -> list[Progress]:
    """How far each unit with activities in the round is."""
    rows = asked(session, of)
    units = session.scalars(select(Unit).where(Unit.id.in_({row.unit_id for row in rows if row.unit_id})))
    found = []
    for unit in sorted(units, key=str):
        mine = [row for row in rows if row.unit_id == unit.id]
        found.append(Progress(unit, len(mine), sum(1 for row in mine if row.reply is not None)))
    return found


def start(session: Session, of: UpdateRound, *, by: Identity) -> None:
    """Puts the round on the desk of each unit. Raises :class:`Refused` without units or a day."""
    demand(by, Permission.EDIT, of)
    if not of.units or of.answer_until is None:
        raise Refused(_INCOMPLETE)
    of.started_on = today()
    session.info["action"] = "start"
    session.flush()
    _put_on_desks(session, of)


def finish(session: Session, of: UpdateRound, *, by: Identity) -> None:
    """Ends the round; what was not answered stays unanswered."""
    demand(by, Permission.EDIT, of)
    of.state = State.ENDED
    session.info["action"] = "end"
    session.flush()
    assign(session, of, Matter.ROUND, {})


def _put_on_desks(session: Session, of: UpdateRound) -> None:
    open_units = [one.unit for one in progress(session, of) if not one.is_complete]
    assign(session, of, Matter.ROUND, dict.fromkeys(open_units, of.answer_until or today()))


def may_answer(identity: Identity) -> bool:
    """Whether *identity* answers in rounds at all."""
    return may(identity, Permission.EDIT, Area.DATA_PROTECTION)


def answerable(session: Session, of: UpdateRound, identity: Identity) -> list[Asked]:
    """The activities of the round that *identity* answers for."""
    return asked(session, of, units_of(identity)) if may_answer(identity) and of.started_on else []


def answer(
    session: Session, of: UpdateRound, activity: ProcessingActivity, reply: RoundReply, *, by: Identity
) -> None:
    """Records what *by* says of *activity*, and does what follows from it.

    Unchanged moves the review; no longer performed retires the activity. Raises
    :class:`Refused` where the round does not ask for it.
    """
    demand(by, Permission.EDIT, activity)
    if of.state is State.ENDED or activity.id not in {one.id for one in answerable(session, of, by)}:
        raise Refused(_NOT_ASKED)
    known = select(RoundAnswer).where(RoundAnswer.round_id == of.id, RoundAnswer.activity_id == activity.id)
    record = session.scalar(known) or RoundAnswer(round_id=of.id, activity_id=activity.id)
    record.subject, record.unit_id = str(activity)[:300], activity.unit_id
    record.reply, record.given_by, record.given_on = reply, by.name, today()
    session.add(record)
    match reply:
        case RoundReply.UNCHANGED:
            confirm_unchanged(session, activity, by=by)
        case RoundReply.DROPPED:
            activity.stage = Stage.RETIRED
            session.info["action"] = "retire"
        case RoundReply.CHANGED:
            session.info["action"] = "answer"
    session.flush()
    _put_on_desks(session, of)


_INCOMPLETE: Final = Text(
    "Eine Aktualisierungsrunde braucht mindestens eine Einheit und einen Tag für die Rückmeldung.",
    "An update round needs at least one unit and a day for the answers.",
)
_NOT_ASKED: Final = Text(
    "Diese Aktualisierungsrunde fragt Sie nicht nach dieser Tätigkeit.",
    "This update round does not ask you about this activity.",
)
