"""Answers for the single statements of a requirement (Teilanforderungen), for who wants to be that exact."""

from __future__ import annotations

import re
import uuid
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from sqlalchemy import ForeignKeyConstraint, Index, select
from sqlalchemy.orm import Mapped, Session

from assessments.grundschutz.check import (
    Given,
    RequirementAnswer,
    Status,
    answer,
    given_in,
    stored_answers,
)
from assessments.grundschutz.modelling import Assignment
from compliance.access import Identity
from compliance.entry import Record, everything
from compliance.fields import choice, number, prose, reference, tidy
from compliance.language import Text

_CHECK: Final = "BSI-Standard 200-2, IT-Grundschutz-Check"
_MODAL: Final = re.compile(r"\b(?:MUSS|MÜSSEN|DARF|DÜRFEN|SOLLTE|SOLLTEN)\b")
_SENTENCES: Final = re.compile(r"(?<=[.!?])\s+(?=[A-ZÄÖÜ„])")


class PartAnswer(Record):
    """What was found about one statement of a requirement; statements are counted from 1."""

    answer: Mapped[RequirementAnswer] = reference(
        "RequirementAnswer", "Antwort", "Answer", basis=_CHECK, fixed=True
    )
    number: Mapped[int | None] = number(
        "Teilanforderung",
        "Statement",
        help=Text("Stelle im Anforderungstext.", "Place in the text of the requirement."),
        basis=_CHECK,
        fixed=True,
    )
    status: Mapped[Status | None] = choice(
        Status,
        "Umsetzungsstatus",
        "Status",
        help=Text("Wie weit die Teilanforderung erfüllt ist.", "How far the statement is met."),
        basis=_CHECK,
    )
    remark: Mapped[str] = prose(
        "Bemerkung",
        "Remark",
        help=Text("Wie sie erfüllt ist, oder was fehlt.", "How it is met, or what is missing."),
        basis=_CHECK,
    )

    if TYPE_CHECKING:
        answer_id: Mapped[uuid.UUID]

    def __str__(self) -> str:
        return str(self.number)

    @classmethod
    def _indexes(cls) -> Iterator[Index | ForeignKeyConstraint]:
        yield Index("ix_part_answer_once", "organisation_id", "answer_id", "number", unique=True)


def statements(text: str) -> list[str]:
    """The statements of a requirement: each sentence that obliges, with what explains it until the next."""
    found: list[str] = []
    for sentence in _SENTENCES.split(" ".join(text.split())):
        if _MODAL.search(sentence):
            found.append(sentence)
        elif found and sentence:
            found[-1] = f"{found[-1]} {sentence}"
    return found


def overall(statuses: Collection[Status]) -> Status:
    """The status of a requirement whose statements have these; open as long as one of them is."""
    if not statuses or Status.OPEN in statuses:
        return Status.OPEN
    asked = {status for status in statuses if status is not Status.UNNECESSARY}
    if not asked:
        return Status.UNNECESSARY
    return asked.pop() if len(asked) == 1 else Status.PARTIAL


def parts_of(session: Session, assignment: Assignment, requirement_id: str) -> dict[int, PartAnswer]:
    """What is stored about the statements of one requirement, by their number."""
    query = (
        select(PartAnswer)
        .join(PartAnswer.answer)
        .where(
            RequirementAnswer.assignment_id == assignment.id,
            RequirementAnswer.requirement_id == requirement_id,
        )
    )
    found = session.scalars(query.options(*everything(PartAnswer)))
    return {part.number or 0: part for part in found}


def answer_parts(
    session: Session,
    assignment: Assignment,
    requirement_id: str,
    given: Mapping[int, tuple[Status, str]],
    *,
    settles: bool,
    by: Identity,
    version: int | None = None,
) -> RequirementAnswer:
    """Stores status and remark of several statements.

    With *settles* the requirement gets the status that follows from them; as long as one is
    open, none does. Raises :class:`compliance.errors.Refused` and
    :class:`compliance.errors.Outdated` as :func:`answer` does.
    """
    stored = stored_answers(session, assignment, [requirement_id]).get(requirement_id)
    before = given_in(stored) if stored is not None else Given()
    follows = overall([status for status, _remark in given.values()]) if settles else Status.OPEN
    settled = before if follows is Status.OPEN else replace(before, status=follows)
    whole = answer(session, assignment, requirement_id, settled, by=by, version=version)
    known = parts_of(session, assignment, requirement_id)
    for place, (said, remark) in given.items():
        part = known.get(place)
        if part is None:
            if said is Status.OPEN and not tidy(remark):
                continue
            part = PartAnswer(answer=whole, number=place)
            session.add(part)
        if (part.status, part.remark) != (said, tidy(remark)):
            part.status, part.remark = said, tidy(remark)
    return whole
