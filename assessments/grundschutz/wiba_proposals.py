"""From WiBA to the IT-Grundschutz check: what the answers propose for the requirements they are about."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ForeignKeyConstraint, Index, select
from sqlalchemy.orm import Mapped, Session

from assessments.grundschutz.check import Given, RequirementAnswer, Status, answer, applicable
from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.kompendium import Requirement, reading_order
from assessments.grundschutz.modelling import Assignment
from assessments.grundschutz.taking_over import Confidence, Proposal, Standing, checksum
from assessments.grundschutz.wiba import links
from assessments.grundschutz.wiba_check import WibaAnswer, WibaStatus
from compliance.access import Identity, Permission, demand
from compliance.database import today
from compliance.entry import Record, everything
from compliance.errors import Refused
from compliance.fields import choice, day, line, reference
from compliance.language import Text, shown_day

_WIBA: Final = "BSI, Zuordnung von WiBA zum IT-Grundschutz-Kompendium"


class WibaSource(Record):
    """That the answer to a requirement was taken over from questions of WiBA."""

    domain: Mapped[InformationDomain] = reference(
        "InformationDomain", "Informationsverbund", "Information domain", basis=_WIBA, fixed=True
    )
    assignment: Mapped[Assignment] = reference(
        "Assignment", "Zuordnung", "Assignment", basis=_WIBA, fixed=True
    )
    requirement_id: Mapped[str] = line(
        "Anforderung",
        "Requirement",
        length=20,
        help=Text("Die Anforderung, die beantwortet wurde.", "The requirement that was answered."),
        basis=_WIBA,
        fixed=True,
    )
    questions: Mapped[str] = line(
        "Quelle",
        "Source",
        length=500,
        help=Text("Fragen von WiBA mit ihrer Antwort.", "Questions of WiBA with their answer."),
        basis=_WIBA,
        fixed=True,
    )
    source_state: Mapped[str] = line(
        "Stand der Quelle",
        "State of the source",
        length=64,
        help=Text(
            "Prüfsumme der Antworten zur Quelle, damit Änderungen auffallen.",
            "Checksum of the answers to the source, so that changes are noticed.",
        ),
        basis=_WIBA,
        fixed=True,
    )
    taken_status: Mapped[Status | None] = choice(
        Status,
        "Übernommene Antwort",
        "Answer taken over",
        help=Text("Was als Antwort gespeichert wurde.", "What was stored as the answer."),
        basis=_WIBA,
        fixed=True,
    )
    taken_on: Mapped[date | None] = day(
        "Übernommen am",
        "Taken over on",
        help=Text("Tag der Übernahme.", "Day on which it was taken over."),
        basis=_WIBA,
        fixed=True,
    )

    if TYPE_CHECKING:
        domain_id: Mapped[uuid.UUID]
        assignment_id: Mapped[uuid.UUID]

    def __str__(self) -> str:
        return f"WiBA → {self.requirement_id}"

    @classmethod
    def _indexes(cls) -> Iterator[Index | ForeignKeyConstraint]:
        yield Index("ix_wiba_source_once", "organisation_id", "assignment_id", "requirement_id", unique=True)


@dataclass(frozen=True)
class Asked:
    """What was answered to one question."""

    key: str
    status: WibaStatus
    note: str
    on: date | None


@dataclass(frozen=True)
class WibaLine:
    """A requirement of an assigned module with what WiBA proposes for it."""

    assignment_id: uuid.UUID
    requirement: Requirement
    asked: tuple[Asked, ...]
    unanswered: int
    """Questions about the requirement that nobody has answered yet."""
    proposal: Proposal
    standing: Standing
    current: Status = Status.OPEN
    taken: WibaSource | None = None

    @property
    def word(self) -> str:
        """The line as one word of a form."""
        return f"{self.assignment_id.hex}:{self.requirement.id}"

    @property
    def is_takeable(self) -> bool:
        """Whether the proposal may be taken over without losing what somebody has answered."""
        return self.proposal.is_takeable(self.standing)

    @property
    def state(self) -> str:
        """Changes with every answer to the questions."""
        return checksum([(each.key, each.status.name, each.note) for each in self.asked])


def proposed(asked: Sequence[Asked], unanswered: int = 0) -> Proposal:
    """What answered questions say about the requirement they are about.

    WiBA asks in its own words and for parts of a requirement, so it is never of high confidence.
    """
    counted = {each.status for each in asked} - {WibaStatus.NOT_RELEVANT}
    if not asked:
        return Proposal()
    sure = Confidence.LOW if unanswered else Confidence.MEDIUM
    if not counted:
        return Proposal(Status.UNNECESSARY, Confidence.LOW)
    if counted == {WibaStatus.YES}:
        return Proposal(Status.PARTIAL, Confidence.LOW) if unanswered else Proposal(Status.YES, sure)
    if counted == {WibaStatus.NO}:
        return Proposal(Status.NO, sure)
    return Proposal(Status.PARTIAL, sure)


def wiba_lines(session: Session, domain: InformationDomain) -> list[WibaLine]:
    """What WiBA proposes for the requirements asked of *domain*, by module; five queries."""
    answers = _answers(session, domain)
    linked = links(session)
    if not answers or not linked:
        return []
    applied = session.execute(
        select(Assignment.id, Assignment.module_id).where(
            Assignment.domain_id == domain.id, Assignment.relevant.is_not(False)
        )
    ).all()
    stored, taken = _stored(session, domain), _taken(session, domain)
    found: list[WibaLine] = []
    for row in sorted(applied, key=lambda row: (reading_order(row.module_id), row.id)):
        for requirement in applicable(domain.extent, row.module_id):
            keys = linked.get(requirement.id, ())
            asked = tuple(answers[key] for key in keys if key in answers)
            if asked:
                place = (row.id, requirement.id)
                current = stored.get(place) or Status.OPEN
                found.append(
                    _line(row.id, requirement, asked, len(keys) - len(asked), current, taken.get(place))
                )
    return found


def _line(
    assignment_id: uuid.UUID,
    requirement: Requirement,
    asked: tuple[Asked, ...],
    unanswered: int,
    current: Status,
    taken: WibaSource | None,
) -> WibaLine:
    bare = WibaLine(
        assignment_id,
        requirement,
        asked,
        unanswered,
        proposed(asked, unanswered),
        Standing.OPEN,
        current,
        taken,
    )
    changed = taken is not None and taken.source_state != bare.state
    standing = bare.proposal.standing(current, taken.taken_status if taken else None, changed=changed)
    return replace(bare, standing=standing)


def outdated_requirements(session: Session, domain: InformationDomain) -> list[str]:
    """Requirements whose answers were taken over from questions answered otherwise by now, each once."""
    if not _taken(session, domain):
        return []
    stale = (each for each in wiba_lines(session, domain) if each.standing is Standing.STALE)
    return list(dict.fromkeys(each.requirement.id for each in stale))


def outdated_at(session: Session, assignment: Assignment) -> list[str]:
    """Those of the requirements of *assignment*, which is loaded whole; no query where there are none."""
    if not assignment.domain.outdated_requirements:
        return []
    lines = wiba_lines(session, assignment.domain)
    here = (each for each in lines if each.assignment_id == assignment.id)
    return [each.requirement.id for each in here if each.standing is Standing.STALE]


def take_over_wiba(session: Session, domain: InformationDomain, words: Sequence[str], *, by: Identity) -> int:
    """Answers the requirements called *words* as WiBA proposes, keeps the source, and says how many.

    What somebody has answered in the check stays. Raises :class:`Refused` where nothing is proposed.
    """
    demand(by, Permission.EDIT, domain)
    lines = {each.word: each for each in wiba_lines(session, domain)}
    wanted = [lines[word] for word in dict.fromkeys(words) if word in lines and lines[word].is_takeable]
    if not wanted:
        raise Refused(_NOTHING)
    query = select(Assignment).where(Assignment.id.in_([each.assignment_id for each in wanted]))
    assignments = {each.id: each for each in session.scalars(query.options(*everything(Assignment)))}
    for each in wanted:
        assignment = assignments[each.assignment_id]
        answer(session, assignment, each.requirement.id, _given(each), by=by)
        kept = each.taken or WibaSource(
            domain=domain, assignment=assignment, requirement_id=each.requirement.id
        )
        if each.taken is None:
            session.add(kept)
        kept.questions, kept.source_state = _named(each)[:500], each.state
        kept.taken_status, kept.taken_on = each.proposal.status, today()
    session.info["action"] = "take over"
    return len(wanted)


def _given(line: WibaLine) -> Given:
    notes = "\n".join(dict.fromkeys(each.note for each in line.asked if each.note))
    status = line.proposal.status or Status.OPEN
    origin = f"Übernommen aus WiBA: {_named(line)}."
    if status is Status.UNNECESSARY:
        return Given(status, reason=notes, remark=origin)
    return Given(status, remark="\n\n".join(filter(None, (origin, notes))))


def _named(line: WibaLine) -> str:
    """The questions with their answers; kept in German, as answers are."""
    return ", ".join(
        f"{each.key} „{each.status.text.de}“" + (f" ({shown_day(each.on, 'de')})" if each.on else "")
        for each in line.asked
    )


def _answers(session: Session, domain: InformationDomain) -> dict[str, Asked]:
    columns = (WibaAnswer.question_key, WibaAnswer.status, WibaAnswer.note, WibaAnswer.answered_on)
    query = select(*columns).where(WibaAnswer.domain_id == domain.id, WibaAnswer.status.is_not(None))
    return {
        row.question_key: Asked(row.question_key, row.status, row.note, row.answered_on)
        for row in session.execute(query)
    }


def _stored(session: Session, domain: InformationDomain) -> Mapping[tuple[uuid.UUID, str], Any]:
    query = select(
        RequirementAnswer.assignment_id, RequirementAnswer.requirement_id, RequirementAnswer.status
    ).where(RequirementAnswer.domain_id == domain.id)
    return {(row.assignment_id, row.requirement_id): row.status for row in session.execute(query)}


def _taken(session: Session, domain: InformationDomain) -> dict[tuple[uuid.UUID, str], WibaSource]:
    query = select(WibaSource).where(WibaSource.domain_id == domain.id)
    found = session.scalars(query.options(*everything(WibaSource)))
    return {(each.assignment_id, each.requirement_id): each for each in found}


_NOTHING: Final = Text(
    "Für die ausgewählten Anforderungen ist aus WiBA nichts zu übernehmen.",
    "There is nothing to take over from WiBA for the selected requirements.",
)
