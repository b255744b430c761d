"""Interviews of the check: whom was asked about which modules, on which day, and who wrote it down."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session

from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.modelling import Assignment
from compliance.access import Identity, Permission, demand
from compliance.entry import Record, everything
from compliance.errors import Refused
from compliance.fields import day, line, prose, reference, references, tidy
from compliance.language import Text

_CHECK: Final = "BSI-Standard 200-2, IT-Grundschutz-Check"


class CheckInterview(Record):
    """One conversation about one or several modules; answers say in which of them they were found."""

    domain: Mapped[InformationDomain] = reference(
        "InformationDomain", "Informationsverbund", "Information domain", basis=_CHECK, fixed=True
    )
    assignments: Mapped[list[Assignment]] = references(
        "Assignment",
        "Bausteine",
        "Modules",
        help=Text("Worüber gesprochen wurde.", "What was talked about."),
        basis=_CHECK,
        fixed=True,
    )
    held_on: Mapped[date | None] = day(
        "Gespräch am",
        "Interview on",
        help=Text("Tag der Befragung.", "Day of the interview."),
        basis=_CHECK,
        expected=True,
    )
    participants: Mapped[str] = line(
        "Befragte Personen",
        "Interviewees",
        length=500,
        help=Text("Namen und Stellen.", "Names and posts."),
        basis=_CHECK,
        expected=True,
        personal=True,
    )
    recorded_by: Mapped[str] = line(
        "Erfasst von",
        "Recorded by",
        help=Text("Wer die Befragung geführt hat.", "Who conducted the interview."),
        basis=_CHECK,
        personal=True,
    )
    notes: Mapped[str] = prose(
        "Notizen",
        "Notes",
        help=Text(
            "Was zu keiner einzelnen Anforderung gehört, etwa eine Begehung.",
            "What belongs to no single requirement, such as an inspection.",
        ),
        basis=_CHECK,
        more=True,
    )

    if TYPE_CHECKING:
        domain_id: Mapped[uuid.UUID]

    def __str__(self) -> str:
        when = self.held_on.isoformat() if self.held_on else ""
        return " ".join(filter(None, (when, self.participants))) or "–"


@dataclass(frozen=True)
class Interview:
    """Who was asked, when, and who wrote it down."""

    on: date | None = None
    interviewees: str = ""
    recorded_by: str = ""
    notes: str = ""


def record_interview(
    session: Session, assignments: Sequence[Assignment], interview: Interview, *, by: Identity
) -> CheckInterview:
    """Records one interview about *assignments* of one domain, which are loaded whole.

    Raises :class:`Refused` without a day or without people, since neither could be proved later.
    """
    domain = assignments[0].domain
    demand(by, Permission.EDIT, domain)
    if any(assignment.domain.id != domain.id for assignment in assignments):
        raise Refused(_FOREIGN)
    held = CheckInterview(domain=domain, assignments=list(assignments))
    _fill(held, interview)
    session.add(held)
    return held


def correct_interview(held: CheckInterview, interview: Interview, *, by: Identity) -> None:
    """Changes what was written down about *held*; its answers stay with it."""
    demand(by, Permission.EDIT, held.domain)
    _fill(held, interview)


def _fill(held: CheckInterview, interview: Interview) -> None:
    people = " ".join(tidy(interview.interviewees).split())
    if interview.on is None or not people:
        raise Refused(_INCOMPLETE)
    held.held_on = interview.on
    held.participants = people
    held.recorded_by = interview.recorded_by
    held.notes = tidy(interview.notes)


def interviews_about(session: Session, assignment: Assignment) -> list[CheckInterview]:
    """The interviews about *assignment*, the latest first."""
    query = (
        select(CheckInterview)
        .where(CheckInterview.assignments.any(Assignment.id == assignment.id))
        .order_by(CheckInterview.held_on.desc(), CheckInterview.id.desc())
    )
    return list(session.scalars(query))


def interview_called(session: Session, assignment: Assignment, identity: uuid.UUID) -> CheckInterview:
    """The interview about *assignment* with that id, whole. Raises :class:`Refused` where there is none."""
    query = select(CheckInterview).where(
        CheckInterview.id == identity, CheckInterview.assignments.any(Assignment.id == assignment.id)
    )
    found = session.scalar(query.options(*everything(CheckInterview)))
    if found is None:
        raise Refused(_UNKNOWN)
    return found


def latest_interviews(session: Session, domain: InformationDomain) -> Mapping[uuid.UUID, Interview]:
    """The last interview about each module of *domain*, by the id of the assignment."""
    columns = (CheckInterview.held_on, CheckInterview.participants, CheckInterview.recorded_by)
    query: Any = (
        select(Assignment.id, *columns)
        .join(CheckInterview.assignments)
        .where(CheckInterview.domain_id == domain.id)
        .order_by(CheckInterview.held_on, CheckInterview.id)
    )
    return {identity: Interview(*rest) for identity, *rest in session.execute(query)}


def interviews_in(session: Session, domain: InformationDomain) -> Iterable[CheckInterview]:
    """All interviews of *domain* with their modules, by day."""
    query = select(CheckInterview).where(CheckInterview.domain_id == domain.id)
    return session.scalars(
        query.order_by(CheckInterview.held_on, CheckInterview.id).options(*everything(CheckInterview))
    ).all()


_FOREIGN: Final = Text(
    "Ein Gespräch gehört zu einem Informationsverbund.", "An interview belongs to one information domain."
)
_INCOMPLETE: Final = Text(
    "Nennen Sie den Tag des Gesprächs und wer befragt wurde.",
    "State the day of the interview and who was asked.",
)
_UNKNOWN: Final = Text(
    "Dieses Gespräch gibt es zu diesem Baustein nicht.", "There is no such interview about this module."
)
