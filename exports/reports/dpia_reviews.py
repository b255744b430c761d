"""The chapter of the report on an impact assessment that says how it was kept up to date."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from assessments.dpia.review import DpiaReview, ReviewReason
from compliance.entry import register_called
from compliance.fields import fields
from compliance.language import Text, shown_day
from exports.document import Block, Column, Facts, Grid, Heading, Note, Prose


@dataclass(frozen=True)
class Reviews:
    """What was reviewed, the newest first, and every reason, the oldest first."""

    done: Sequence[DpiaReview] = ()
    reasons: Sequence[ReviewReason] = ()


NOT_REVIEWED: Final = Reviews()


def reviews(found: Reviews, language: str) -> Iterator[Block]:
    """Open reasons, then every finished review with what came of its reasons; nothing where there is none."""
    waiting = [reason for reason in found.reasons if reason.settled_on is None]
    finished = [review for review in found.done if review.finished_on is not None]
    if not (waiting or finished):
        return
    yield Heading(TITLE[language])
    if waiting:
        yield Note(_OPEN[language], _OPEN_TEXT.format(count=len(waiting))[language], "warning")
        yield _grid(waiting, _OPEN[language], language)
    for review in finished:
        yield from _one(review, [one for one in found.reasons if one.review_id == review.id], language)


def _one(review: DpiaReview, reasons: Sequence[ReviewReason], language: str) -> Iterator[Block]:
    day = shown_day(review.finished_on, language) if review.finished_on else ""
    yield Heading(_DONE.format(day=day)[language], 2)
    labels = fields(DpiaReview)
    following = shown_day(review.next_review, language) if review.next_review else ""
    yield Facts(
        (
            (labels["finished_by"].label[language], review.finished_by),
            (labels["dpia_version"].label[language], str(review.dpia_version or "")),
            (labels["next_review"].label[language], following),
        )
    )
    yield Prose(review.conclusion)
    yield _grid(reasons, _REASONS[language], language)


def _grid(reasons: Sequence[ReviewReason], caption: str, language: str) -> Grid:
    labels = {name: spec.label[language] for name, spec in fields(ReviewReason).items()}
    columns = (
        Column(_NUMBER[language], 0.6),
        Column(labels["occasion"], 2),
        Column(labels["cause"], 2),
        Column(labels["noted_on"], 1.2),
        Column(labels["influence"], 1.6),
        Column(labels["explanation"], 2.6),
    )
    rows = [
        (
            f"Ü{number}",
            reason.occasion.text[language] if reason.occasion else "",
            reason.told or _cause(reason, language),
            shown_day(reason.noted_on, language) if reason.noted_on else "",
            reason.influence.text[language] if reason.influence else _UNANSWERED[language],
            reason.explanation or "–",
        )
        for number, reason in enumerate(reasons, start=1)
    ]
    return Grid(columns, rows, caption)


def _cause(reason: ReviewReason, language: str) -> str:
    """The entry, and what changed in it."""
    if not reason.cause_register:
        return reason.cause
    specs = fields(register_called(reason.cause_register))
    names = dict.fromkeys(one.field for one in reason.changed if one.field in specs)
    changed = ", ".join(specs[name].label[language] for name in names)
    return f"{reason.cause} ({changed})" if changed else reason.cause


TITLE: Final = Text("Überprüfungen", "Reviews")
_OPEN: Final = Text("Offene Anlässe", "Open reasons")
_OPEN_TEXT: Final = Text(
    "Die Folgenabschätzung ist zu überprüfen (Anzahl der offenen Anlässe: {count}).",
    "The impact assessment has to be reviewed (number of open reasons: {count}).",
)
_DONE: Final = Text("Überprüfung vom {day}", "Review of {day}")
_REASONS: Final = Text("Anlässe und Antworten", "Reasons and answers")
_NUMBER: Final = Text("Nr.", "No.")
_UNANSWERED: Final = Text("Noch offen", "Still open")
