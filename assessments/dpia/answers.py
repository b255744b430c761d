"""Answers to the questions of an impact assessment, each saved alone and vouched for by its release."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, TypeAlias

from sqlalchemy import ForeignKeyConstraint, Index, select
from sqlalchemy.orm import Mapped, Session
from sqlalchemy.orm.attributes import set_committed_value

from assessments.dpia.dpia import Dpia
from assessments.dpia.prefill import Suggestion
from compliance.access import Identity, Permission, demand
from compliance.database import today
from compliance.entry import Appended
from compliance.errors import Outdated
from compliance.fields import day, line, prose, reference, tidy
from compliance.journal import changes_after, history
from compliance.language import Text

Place: TypeAlias = tuple[str, str]
"""A question, and the purpose for which it is asked; the second is empty where it is asked once."""


class DpiaAnswer(Appended):
    """The answer to one question, and where its text comes from if it was taken over."""

    belongs_to = "dpia"
    vouched = ("question", "part", "text")

    dpia: Mapped[Dpia] = reference(
        "Dpia",
        "Folgenabschätzung",
        "Impact assessment",
        help=Text("Zu der die Antwort gehört.", "To which the answer belongs."),
        basis="Art. 35 Abs. 7 DSGVO",
        fixed=True,
    )
    question: Mapped[str] = line(
        "Frage",
        "Question",
        length=40,
        help=Text("Kennung im Fragenkatalog.", "Identifier in the catalogue."),
        basis="intern",
        fixed=True,
    )
    part: Mapped[str] = line(
        "Kennung des Zwecks",
        "Identifier of the purpose",
        length=32,
        help=Text("Nur bei Fragen, die je Zweck gestellt werden.", "Only where asked for each purpose."),
        basis="intern",
        fixed=True,
    )
    part_title: Mapped[str] = line(
        "Zweck",
        "Purpose",
        length=500,
        help=Text("Wie der Zweck hieß, als geantwortet wurde.", "What the purpose was called then."),
        basis="Art. 35 Abs. 7 lit. b DSGVO",
        fixed=True,
    )
    text: Mapped[str] = prose(
        "Antwort",
        "Answer",
        help=Text("In eigenen Worten oder wie übernommen.", "In one's own words or as adopted."),
        basis="Art. 35 Abs. 7 DSGVO",
        expected=True,
    )
    answered_by: Mapped[str] = line(
        "Beantwortet von",
        "Answered by",
        help=Text("Wer zuletzt geantwortet hat.", "Who answered last."),
        basis="Art. 5 Abs. 2 DSGVO",
        personal=True,
        fixed=True,
    )
    answered_on: Mapped[date | None] = day(
        "Beantwortet am",
        "Answered on",
        help=Text("Tag der letzten Änderung.", "Day of the last change."),
        basis="Art. 5 Abs. 2 DSGVO",
        fixed=True,
    )
    source: Mapped[str] = line(
        "Quelle",
        "Source",
        help=Text("Verarbeitungstätigkeiten mit Nummer.", "Processing activities by number."),
        basis="Art. 30 Abs. 1 DSGVO",
        fixed=True,
    )
    fingerprint: Mapped[str] = line(
        "Prüfsumme der Quelle",
        "Checksum of the source",
        length=64,
        help=Text("Zeigt, ob sich die Quelle geändert hat.", "Tells whether the source has changed."),
        basis="intern",
        fixed=True,
    )
    taken_text: Mapped[str] = prose(
        "Übernommener Text",
        "Adopted text",
        help=Text("Wortlaut der Quelle bei der Übernahme.", "Wording of the source when it was adopted."),
        basis="Art. 30 Abs. 1 DSGVO",
        fixed=True,
    )
    taken_on: Mapped[date | None] = day(
        "Stand",
        "As of",
        help=Text("Tag der Übernahme.", "Day it was adopted."),
        basis="intern",
        fixed=True,
    )

    if TYPE_CHECKING:
        dpia_id: Mapped[uuid.UUID]

    def __str__(self) -> str:
        return self.question

    @property
    def place(self) -> Place:
        return self.question, self.part

    @classmethod
    def _indexes(cls) -> Iterator[Index | ForeignKeyConstraint]:
        yield Index("ix_dpia_answer_once", "organisation_id", "dpia_id", "question", "part", unique=True)


def answers_of(session: Session, dpia: Dpia) -> Mapping[Place, DpiaAnswer]:
    """Every answer stored for *dpia*, also to questions that are not asked any more."""
    query = select(DpiaAnswer).where(DpiaAnswer.dpia_id == dpia.id)
    found = session.scalars(query.order_by(DpiaAnswer.id))
    return {answer.place: _of(dpia, answer) for answer in found}


def _of(dpia: Dpia, answer: DpiaAnswer) -> DpiaAnswer:
    # It is known already; loading it beside each answer would cost more than the answers.
    set_committed_value(answer, "dpia", dpia)
    return answer


def answer_at(session: Session, dpia: Dpia, place: Place) -> DpiaAnswer | None:
    """The answer stored at *place*, if any."""
    question, part = place
    mine = (DpiaAnswer.dpia_id == dpia.id, DpiaAnswer.question == question, DpiaAnswer.part == part)
    found = session.scalar(select(DpiaAnswer).where(*mine))
    return _of(dpia, found) if found else None


def give(
    session: Session,
    dpia: Dpia,
    place: Place,
    text: str,
    *,
    by: Identity,
    version: int,
    part_title: str = "",
    taken: Suggestion | None = None,
) -> DpiaAnswer:
    """Stores *text* as the answer at *place*, and from where it was *taken* if it was.

    *version* is that of the answer the person saw, 0 where there was none; raises
    :class:`Outdated` if another one is stored by now, and
    :class:`compliance.errors.Forbidden` without the right to edit the assessment.
    """
    demand(by, Permission.EDIT, dpia)
    answer = answer_at(session, dpia, place)
    if version != (answer.version if answer else 0):
        raise Outdated(_ANSWERED)
    if answer is None:
        answer = DpiaAnswer(dpia=dpia, question=place[0], part=place[1])
        session.add(answer)
    else:
        # The page was made for this version; anything newer must stop the write.
        set_committed_value(answer, "version", version)
    if taken is not None:
        answer.source = ", ".join(taken.sources)
        answer.fingerprint, answer.taken_text, answer.taken_on = taken.fingerprint, taken.text, today()
    answer.text, answer.part_title = tidy(text), part_title or answer.part_title
    answer.answered_by, answer.answered_on = by.name, today()
    return answer


def answered_since_decision(session: Session, dpia: Dpia) -> tuple[str, ...]:
    """The questions whose answers were changed after the decision on *dpia*; empty if none was taken."""
    if dpia.decided_version is None:
        return ()
    decided = next((change.seq for change in history(session, dpia) if change.action == "decide"), None)
    if decided is None:
        return ()
    records = {answer.id: answer for answer in answers_of(session, dpia).values()}
    later = changes_after(session, [*records.values()], decided)
    told = (change for change in later if change.action == "create" or "text" in change.changes)
    return tuple(dict.fromkeys(records[change.record_id].question for change in told))


_ANSWERED = Text(
    "Die Frage hat inzwischen jemand anderes beantwortet.",
    "Somebody else has answered the question in the meantime.",
)
