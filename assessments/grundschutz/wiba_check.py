"""„Weg in die Basis-Absicherung“ (WiBA): what an information domain answers to the questions of the BSI."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from sqlalchemy import ForeignKeyConstraint, Index, select
from sqlalchemy.orm import Mapped, Session

from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.wiba import all_questions, question_counts, questions_of
from assessments.grundschutz.wiba_tables import Checklist, Filled, Question, checklists, in_order
from compliance.access import Identity, Permission, demand
from compliance.database import today
from compliance.entry import Record, everything
from compliance.errors import NotFound, Outdated, Refused
from compliance.fields import Term, choice, day, line, prose, reference, tidy
from compliance.language import Text

_WIBA: Final = "BSI, Weg in die Basis-Absicherung"


class WibaStatus(Term):
    """What may be answered to a question."""

    YES = Text("Ja", "Yes")
    NO = Text("Nein", "No")
    NOT_RELEVANT = Text("Nicht relevant", "Not relevant")


class WibaAnswer(Record):
    """What was found about one question."""

    domain: Mapped[InformationDomain] = reference(
        "InformationDomain", "Informationsverbund", "Information domain", basis=_WIBA, fixed=True
    )
    question_key: Mapped[str] = line(
        "Frage",
        "Question",
        length=10,
        help=Text(
            "Nummer der Checkliste und der Frage, etwa „3.7“.",
            "Number of the checklist and of the question, such as “3.7”.",
        ),
        basis=_WIBA,
        fixed=True,
    )
    wording: Mapped[str] = line(
        "Beantworteter Wortlaut",
        "Answered wording",
        length=64,
        help=Text(
            "Prüfsumme des Textes der Frage, als geantwortet wurde.",
            "Checksum of the text of the question when it was answered.",
        ),
        basis=_WIBA,
        fixed=True,
    )
    status: Mapped[WibaStatus | None] = choice(
        WibaStatus,
        "Umgesetzt?",
        "Implemented?",
        help=Text(
            "„Nicht relevant“ nur, wo es die Sache hier nicht gibt; sagen Sie in der Notiz, warum.",
            "“Not relevant” only where there is no such thing here; say why in the note.",
        ),
        basis=_WIBA,
        expected=True,
    )
    note: Mapped[str] = prose(
        "Notiz",
        "Note",
        help=Text("Wie es umgesetzt ist, oder was fehlt.", "How it is implemented, or what is missing."),
        basis=_WIBA,
    )
    answered_on: Mapped[date | None] = day(
        "Beantwortet am",
        "Answered on",
        help=Text("Tag der letzten Änderung der Antwort.", "Day of the last change of the answer."),
        basis=_WIBA,
        fixed=True,
    )

    if TYPE_CHECKING:
        domain_id: Mapped[uuid.UUID]

    def __str__(self) -> str:
        return f"WiBA {self.question_key}"

    @classmethod
    def _indexes(cls) -> Iterator[Index | ForeignKeyConstraint]:
        yield Index("ix_wiba_answer_once", "organisation_id", "domain_id", "question_key", unique=True)


@dataclass(frozen=True)
class WibaGiven:
    """An answer as a person gives it."""

    status: WibaStatus | None = None
    note: str = ""


@dataclass(frozen=True)
class WibaRow:
    """One question on the page, with what was found about it."""

    question: Question
    given: WibaGiven = WibaGiven()
    answered_on: date | None = None
    version: int = 0
    """0 where nothing has been stored yet."""
    reworded: bool = False
    """The question reads otherwise than when it was answered."""


@dataclass(frozen=True)
class WibaTally:
    """How far a checklist has come."""

    checklist: Checklist
    total: int
    answered: int
    missing: int
    """Questions answered with no."""


def wiba_tallies(session: Session, domain: InformationDomain) -> list[WibaTally]:
    """How far each of the 19 checklists is, the most urgent first; two queries."""
    counts = question_counts(session)
    query = select(WibaAnswer.question_key, WibaAnswer.status)
    rows = session.execute(query.where(WibaAnswer.domain_id == domain.id, WibaAnswer.status.is_not(None)))
    given = [(in_order(row.question_key)[0], row.status) for row in rows]
    found = [
        WibaTally(
            each,
            total=counts.get(each.number, 0),
            answered=sum(number == each.number for number, _status in given),
            missing=sum(number == each.number and status is WibaStatus.NO for number, status in given),
        )
        for each in checklists()
    ]
    return sorted(found, key=lambda each: (each.checklist.priority, each.checklist.number))


def wiba_checklist(number: int) -> Checklist:
    """The checklist with that number. Raises :class:`NotFound`."""
    for each in checklists():
        if each.number == number:
            return each
    raise NotFound(_NO_CHECKLIST)


def wiba_rows(session: Session, domain: InformationDomain, checklist: Checklist) -> list[WibaRow]:
    """The questions of a checklist with what was found; two queries."""
    questions = questions_of(session, checklist.number)
    stored = _stored(session, domain, [question.key for question in questions])
    return [_row(question, stored.get(question.key)) for question in questions]


def answer_question(
    session: Session,
    domain: InformationDomain,
    key: str,
    given: WibaGiven,
    *,
    by: Identity,
    version: int | None = None,
) -> WibaAnswer:
    """Stores what was found about one question. *version* is the one the person has read, 0 for none.

    Raises :class:`NotFound` for a question there is not, :class:`Outdated` where somebody else has
    answered meanwhile.
    """
    demand(by, Permission.EDIT, domain)
    question = all_questions(session).get(key)
    if question is None:
        raise NotFound(_NO_QUESTION.format(key=key))
    found = _stored(session, domain, [key]).get(key)
    if version is not None and version != (found.version if found else 0):
        raise Outdated(_OUTDATED.format(key=key))
    if found is None:
        found = WibaAnswer(domain=domain, question_key=key)
        session.add(found)
    note, wording = tidy(given.note), wording_of(question)
    if (found.status, found.note, found.wording) != (given.status, note, wording):
        found.status, found.note, found.wording = given.status, note, wording
        found.answered_on = today() if given.status else None
    return found


def take_answers(
    session: Session, domain: InformationDomain, filled: Mapping[str, Filled], *, by: Identity
) -> tuple[int, int]:
    """Takes what a filled in workbook answers; what is answered here already stays.

    Returns how many were taken and how many stayed. Raises :class:`Refused` where the workbook holds
    no answer to a question that was imported.
    """
    demand(by, Permission.EDIT, domain)
    questions = all_questions(session)
    wanted = {key: each for key, each in filled.items() if key in questions}
    if not wanted:
        raise Refused(_NO_ANSWERS)
    stored = _stored(session, domain, list(wanted))
    kept = [key for key, answer in stored.items() if answer.status is not None or answer.note]
    for key, each in wanted.items():
        if key not in kept:
            found = stored.get(key) or WibaAnswer(domain=domain, question_key=key)
            session.add(found)
            found.status = WibaStatus[each.answer] if each.answer else None
            found.note, found.wording = tidy(each.note), wording_of(questions[key])
            found.answered_on = today() if each.answer else None
    session.info["action"] = "import"
    return len(wanted) - len(kept), len(kept)


def wording_of(question: Question) -> str:
    """Tells whether a question still reads the same."""
    return hashlib.sha256(question.text.encode()).hexdigest()[:32]


def _row(question: Question, answer: WibaAnswer | None) -> WibaRow:
    if answer is None:
        return WibaRow(question)
    return WibaRow(
        question,
        WibaGiven(answer.status, answer.note),
        answer.answered_on,
        answer.version,
        reworded=answer.status is not None and answer.wording != wording_of(question),
    )


def _stored(session: Session, domain: InformationDomain, keys: Sequence[str]) -> dict[str, WibaAnswer]:
    query = select(WibaAnswer).where(WibaAnswer.domain_id == domain.id, WibaAnswer.question_key.in_(keys))
    found = session.scalars(query.options(*everything(WibaAnswer)))
    return {answer.question_key: answer for answer in found}


_NO_CHECKLIST: Final = Text("Diese Checkliste gibt es nicht.", "There is no such checklist.")
_NO_QUESTION: Final = Text("Die Frage {key} ist nicht eingelesen.", "The question {key} was not imported.")
_NO_ANSWERS: Final = Text(
    "In der Arbeitsmappe ist keine der eingelesenen Fragen beantwortet.",
    "The workbook answers none of the imported questions.",
)
_OUTDATED: Final = Text(
    "Die Frage {key} wurde inzwischen von jemand anderem beantwortet. Laden Sie die Seite neu.",
    "Somebody else has answered the question {key} meanwhile. Reload the page.",
)
