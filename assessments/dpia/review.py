"""Reviews of a released impact assessment, Art. 35 (11) GDPR: why, what came of each reason, and when again.

A reason is noted by the change that gives it, see :mod:`assessments.dpia.review_triggers`. Only a
person begins a review, answers each reason, and finishes it; a finished review sets the next day.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ForeignKeyConstraint, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from assessments.dpia.dpia import Dpia
from assessments.dpia.lists_known import lists_since, remember_lists
from assessments.dpia.occasions import Occasion
from assessments.dpia.published_lists import NewVersion, new_version, version_of
from assessments.dpia.review_cycle import ReviewCycle, cycle_of
from compliance.access import Identity, Permission, demand
from compliance.database import today
from compliance.entry import Record, everything
from compliance.errors import NotFound, Refused
from compliance.fields import Term, choice, day, line, number, prose, reference, tidy
from compliance.language import Text, day_words
from compliance.people import land_of
from compliance.release import keeping_release

BEGIN: Final = "begin review"
FINISH: Final = "finish review"
"""What the journal calls the two ends of a review."""

LIST_VERSION: Final = "version"
"""What changed where the reason is a shipped list; it is known by its series."""

_REVIEW: Final = "Art. 35 Abs. 11 DSGVO"


class Influence(Term):
    """What came of a reason."""

    NONE = Text("Ohne Einfluss auf die Risiken", "No influence on the risks")
    ADAPTED = Text("Abschätzung angepasst", "Assessment adapted")


class DpiaReview(Record):
    """One review of one assessment, from the day somebody began it."""

    dpia: Mapped[Dpia] = reference(
        "Dpia",
        "Folgenabschätzung",
        "Impact assessment",
        help=Text("Die überprüft wird.", "Which is reviewed."),
        basis=_REVIEW,
        fixed=True,
    )
    begun_on: Mapped[date | None] = day(
        "Begonnen am",
        "Begun on",
        help=Text("Tag, an dem jemand die Überprüfung begonnen hat.", "Day on which somebody began it."),
        basis=_REVIEW,
        fixed=True,
    )
    begun_by: Mapped[str] = line(
        "Begonnen von",
        "Begun by",
        help=Text("Wer die Überprüfung begonnen hat.", "Who began the review."),
        basis="Art. 5 Abs. 2 DSGVO",
        personal=True,
        fixed=True,
    )
    conclusion: Mapped[str] = prose(
        "Ergebnis",
        "Conclusion",
        help=Text(
            "Ob die Verarbeitung noch der Abschätzung entspricht und was zu tun ist.",
            "Whether the processing still is as assessed, and what is to be done.",
        ),
        basis=_REVIEW,
        expected=True,
    )
    finished_on: Mapped[date | None] = day(
        "Abgeschlossen am",
        "Finished on",
        help=Text("Tag, an dem jeder Anlass beantwortet war.", "Day on which every reason was answered."),
        basis=_REVIEW,
        fixed=True,
    )
    finished_by: Mapped[str] = line(
        "Abgeschlossen von",
        "Finished by",
        help=Text("Wer die Überprüfung abgeschlossen hat.", "Who finished the review."),
        basis="Art. 5 Abs. 2 DSGVO",
        personal=True,
        fixed=True,
    )
    next_review: Mapped[date | None] = day(
        "Danach nächste Überprüfung",
        "Next review after it",
        help=Text("Spätestens nach dem Turnus der Risikoklasse.", "At the latest by the cycle of the risk."),
        basis=_REVIEW,
        fixed=True,
    )
    dpia_version: Mapped[int | None] = number(
        "Fassung der Folgenabschätzung",
        "Version of the assessment",
        help=Text("Fassung, mit der die Überprüfung endete.", "Version with which the review ended."),
        basis="intern",
        fixed=True,
    )

    if TYPE_CHECKING:
        dpia_id: Mapped[uuid.UUID]

    def __str__(self) -> str:
        return str(self.begun_on)


class ReviewReason(Record):
    """One reason to review one assessment: which entry gave it, when, and what changed there."""

    dpia: Mapped[Dpia] = reference(
        "Dpia",
        "Folgenabschätzung",
        "Impact assessment",
        help=Text("Die zu überprüfen ist.", "Which has to be reviewed."),
        basis=_REVIEW,
        fixed=True,
    )
    review: Mapped[DpiaReview | None] = reference(
        "DpiaReview",
        "Überprüfung",
        "Review",
        help=Text("Die den Anlass erledigt hat.", "Which settled the reason."),
        basis=_REVIEW,
        fixed=True,
    )
    occasion: Mapped[Occasion | None] = choice(
        Occasion,
        "Anlass",
        "Occasion",
        help=Text("Warum die Abschätzung zu überprüfen ist.", "Why the assessment has to be reviewed."),
        basis=_REVIEW,
        fixed=True,
    )
    noted_on: Mapped[date | None] = day(
        "Vermerkt am",
        "Noted on",
        help=Text("Tag, an dem der Anlass entstand.", "Day on which the reason arose."),
        basis=_REVIEW,
        fixed=True,
    )
    cause: Mapped[str] = line(
        "Eintrag",
        "Entry",
        length=300,
        help=Text("Der Eintrag, der den Anlass gibt.", "The entry that gives the reason."),
        basis=_REVIEW,
        fixed=True,
    )
    told: Mapped[str] = prose(
        "Was geschehen ist",
        "What happened",
        help=Text("Wo kein Eintrag den Anlass gibt.", "Where no entry gives the reason."),
        basis=_REVIEW,
        fixed=True,
    )
    changes: Mapped[str] = prose(
        "Was sich geändert hat",
        "What changed",
        help=Text("Angaben mit altem und neuem Inhalt.", "Answers with old and new content."),
        basis=_REVIEW,
        fixed=True,
    )
    influence: Mapped[Influence | None] = choice(
        Influence,
        "Einfluss auf die Abschätzung",
        "Influence on the assessment",
        help=Text("Ob Risiken oder Maßnahmen anzupassen waren.", "Whether risks or measures were adapted."),
        basis=_REVIEW,
        expected=True,
    )
    explanation: Mapped[str] = prose(
        "Begründung",
        "Explanation",
        help=Text("Warum ohne Einfluss, oder was angepasst wurde.", "Why no influence, or what was adapted."),
        basis=_REVIEW,
        expected=True,
    )
    answered_on: Mapped[date | None] = day(
        "Beantwortet am",
        "Answered on",
        help=Text("Tag der Antwort.", "Day of the answer."),
        basis="Art. 5 Abs. 2 DSGVO",
        fixed=True,
    )
    answered_by: Mapped[str] = line(
        "Beantwortet von",
        "Answered by",
        help=Text("Wer geantwortet hat.", "Who answered."),
        basis="Art. 5 Abs. 2 DSGVO",
        personal=True,
        fixed=True,
    )

    cause_register: Mapped[str] = mapped_column(String(64), default="", server_default="")
    """Slug of the register of the entry that gives the reason; empty where none does."""
    cause_id: Mapped[uuid.UUID | None] = mapped_column(default=None)
    cause_number: Mapped[int | None] = mapped_column(default=None)
    settled_on: Mapped[date | None] = mapped_column(default=None)
    """When a review settled it."""

    if TYPE_CHECKING:
        dpia_id: Mapped[uuid.UUID]
        review_id: Mapped[uuid.UUID | None]

    def __str__(self) -> str:
        return self.cause

    @property
    def is_answered(self) -> bool:
        return self.influence is not None and bool(self.explanation.strip())

    @property
    def changed(self) -> tuple[Changed, ...]:
        """What changed in the entry, or in the shipped list, that gives the reason."""
        return changes_from_json(self.changes)

    @property
    def new_list(self) -> NewVersion | None:
        """The shipped list that gives the reason, as far as the versions are known here."""
        if self.cause_register or self.occasion is not Occasion.LIST:
            return None
        (changed,) = self.changed
        after = version_of(changed.of, changed.new)
        return new_version(changed.of, changed.old, after) if after else None

    @classmethod
    def _indexes(cls) -> Iterator[Index | ForeignKeyConstraint]:
        yield Index(None, "organisation_id", "dpia_id", "settled_on")


# --- What changed ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Changed:
    """One answer of one entry with its old and its new content, as the journal writes them."""

    of: str
    """Id of the entry."""
    field: str
    old: Any
    new: Any


def changes_to_json(changes: Iterable[Changed]) -> str:
    """*changes* as they are stored; nothing for none."""
    rows = [[one.of, one.field, one.old, one.new] for one in changes]
    return json.dumps(rows, ensure_ascii=False) if rows else ""


def changes_from_json(text: str) -> tuple[Changed, ...]:
    """The changes that :func:`changes_to_json` wrote."""
    return tuple(Changed(*row) for row in json.loads(text)) if text else ()


def merged(before: Iterable[Changed], later: Iterable[Changed]) -> tuple[Changed, ...]:
    """Both together, each answer once from its first to its last content; what went back is left out."""
    found = {(one.of, one.field): one for one in before}
    for one in later:
        first = found.get((one.of, one.field), one)
        found[one.of, one.field] = Changed(one.of, one.field, first.old, one.new)
    return tuple(one for one in found.values() if one.old != one.new)


# --- Reading -------------------------------------------------------------------------------------


def reasons_of(session: Session, dpia: Dpia) -> Sequence[ReviewReason]:
    """Every reason noted for *dpia*, the oldest first."""
    query = select(ReviewReason).options(*everything(ReviewReason)).where(ReviewReason.dpia_id == dpia.id)
    return session.scalars(query.order_by(ReviewReason.noted_on, ReviewReason.id)).all()


def open_reasons(session: Session, dpia: Dpia) -> list[ReviewReason]:
    """The reasons that no review has settled."""
    return [reason for reason in reasons_of(session, dpia) if reason.settled_on is None]


def reviews_of(session: Session, dpia: Dpia) -> Sequence[DpiaReview]:
    """Every review of *dpia*, the newest first."""
    query = select(DpiaReview).options(*everything(DpiaReview)).where(DpiaReview.dpia_id == dpia.id)
    return session.scalars(query.order_by(DpiaReview.id.desc())).all()


def running_review(session: Session, dpia: Dpia) -> DpiaReview | None:
    """The review that somebody has begun and nobody has finished."""
    return next((one for one in reviews_of(session, dpia) if one.finished_on is None), None)


def is_reviewed(dpia: Dpia) -> bool:
    """Whether reasons are noted for *dpia*: it was released, is still in use and not rejected."""
    return bool(dpia.released_hash) and not dpia.is_void


def due_by(dpia: Any, cycle: ReviewCycle) -> date | None:
    """The last day for the next review: as set, otherwise by the cycle since the decision."""
    if dpia.next_review is not None or dpia.decided_on is None:
        found: date | None = dpia.next_review
        return found
    return cycle.end(dpia.decided_on, dpia.decided_risk)


# --- The steps -----------------------------------------------------------------------------------


def begin(session: Session, dpia: Dpia, *, by: Identity, told: str = "") -> DpiaReview:
    """Begins a review of *dpia*; *told* adds a reason that no entry gives.

    Two reasons come of themselves: the fixed cycle once its day has come, where nothing is *told*,
    and every shipped list that counts in another version than at the decision. Raises
    :class:`compliance.errors.Forbidden` without the right to edit, and :class:`Refused` before
    a release, while a review is running, and without any reason.
    """
    demand(by, Permission.EDIT, dpia)
    if not is_reviewed(dpia):
        raise Refused(_NOT_RELEASED)
    if running_review(session, dpia) is not None:
        raise Refused(_RUNNING)
    reasons = [*_reasons_at_begin(session, dpia, tidy(told))]
    if not reasons and not open_reasons(session, dpia):
        raise Refused(_NO_REASON)
    session.add_all(reasons)
    remember_lists(session, dpia)
    review = DpiaReview(dpia=dpia, begun_on=today(), begun_by=by.name)
    session.add(review)
    dpia.under_review_since = today()
    session.info["action"] = BEGIN
    return review


def _reasons_at_begin(session: Session, dpia: Dpia, told: str) -> Iterator[ReviewReason]:
    """The reasons that no entry gives."""
    due = due_by(dpia, cycle_of(session))
    if told:
        yield _own_reason(dpia, Occasion.OWN, told=told)
    elif due is not None and due <= today():
        yield _own_reason(dpia, Occasion.CYCLE)
    for new in lists_since(dpia, land_of(session, dpia.organisation_id), today()):
        changed = Changed(new.series, LIST_VERSION, new.before, new.now.version)
        yield _own_reason(dpia, Occasion.LIST, cause=new.now.citation, changes=changes_to_json([changed]))


def _own_reason(dpia: Dpia, occasion: Occasion, **said: str) -> ReviewReason:
    cause = {"cause": dpia.designation}
    return ReviewReason(dpia=dpia, occasion=occasion, noted_on=today(), **(cause | said))


def reason_called(session: Session, dpia: Dpia, identity: str) -> ReviewReason:
    """The open reason of *dpia* with that id. Raises :class:`NotFound`."""
    for reason in open_reasons(session, dpia):
        if reason.id.hex == identity:
            return reason
    raise NotFound(_NO_SUCH_REASON)


def answer(
    session: Session, dpia: Dpia, reason: ReviewReason, influence: str, explanation: str, *, by: Identity
) -> None:
    """Records what came of *reason*.

    Raises :class:`compliance.errors.Forbidden` without the right to edit, and :class:`Refused`
    while no review is running and without a choice or an explanation.
    """
    demand(by, Permission.EDIT, dpia)
    if running_review(session, dpia) is None:
        raise Refused(_NOT_BEGUN)
    if influence not in Influence.__members__ or not tidy(explanation):
        raise Refused(_NO_ANSWER)
    reason.influence, reason.explanation = Influence[influence], tidy(explanation)
    reason.answered_on, reason.answered_by = today(), by.name


def latest_next_review(session: Session, dpia: Dpia) -> date:
    """The last day that the cycle allows after a review that ends today."""
    return cycle_of(session).end(today(), dpia.decided_risk)


def finish(
    session: Session, dpia: Dpia, conclusion: str, next_review: date | None, *, by: Identity
) -> DpiaReview:
    """Ends the review and sets the next day: *next_review*, or the last one that the cycle allows.

    The day is nothing that a release vouches for, so what was released stays released. Raises
    :class:`compliance.errors.Forbidden` without the right to edit, and :class:`Refused` while
    no review is running, while a reason is unanswered, without a conclusion, and for a day
    that has passed or that the cycle does not allow.
    """
    demand(by, Permission.EDIT, dpia)
    review = running_review(session, dpia)
    if review is None:
        raise Refused(_NOT_BEGUN)
    reasons = open_reasons(session, dpia)
    if not all(reason.is_answered for reason in reasons):
        raise Refused(_UNANSWERED)
    if not tidy(conclusion):
        raise Refused(_NO_CONCLUSION)
    latest = latest_next_review(session, dpia)
    if next_review is not None and not today() < next_review <= latest:
        raise Refused(_WRONG_DAY.format(latest=day_words(latest)))
    review.conclusion, review.finished_on, review.finished_by = tidy(conclusion), today(), by.name
    review.next_review = next_review or latest
    review.dpia_version = dpia.version + 1
    for reason in reasons:
        reason.review, reason.settled_on = review, today()
    with keeping_release(dpia):
        dpia.next_review = review.next_review
    dpia.under_review_since = None
    session.info["action"] = FINISH
    return review


_NOT_RELEASED = Text(
    "Überprüft wird eine freigegebene Folgenabschätzung.", "A review needs a released impact assessment."
)
_RUNNING = Text("Eine Überprüfung läuft bereits.", "A review is running already.")
_NO_REASON = Text(
    "Es liegt kein Anlass vor, und der Turnus ist noch nicht abgelaufen. Beschreiben Sie den Anlass.",
    "There is no reason, and the cycle has not ended yet. Describe the occasion.",
)
_NO_SUCH_REASON = Text("Diesen Anlass gibt es nicht.", "There is no such reason.")
_NOT_BEGUN = Text("Beginnen Sie zuerst die Überprüfung.", "Begin the review first.")
_NO_ANSWER = Text(
    "Wählen Sie, ob der Anlass die Abschätzung berührt, und begründen Sie es.",
    "Choose whether the reason affects the assessment, and explain it.",
)
_UNANSWERED = Text(
    "Jeder Anlass braucht eine Antwort, bevor die Überprüfung abgeschlossen werden kann.",
    "Every reason needs an answer before the review can be finished.",
)
_NO_CONCLUSION = Text("Bitte halten Sie das Ergebnis fest.", "Please record the conclusion.")
_WRONG_DAY = Text(
    "Die nächste Überprüfung liegt in der Zukunft, nach dem Turnus spätestens am {latest}.",
    "The next review lies in the future, by the cycle on {latest} at the latest.",
)
