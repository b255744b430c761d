"""What became of an assessment, and of what it rests on, since its release: field by field, row by row."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.dpia.answers import DpiaAnswer, answers_of
from assessments.dpia.dpia import Dpia
from assessments.dpia.occasions import WATCHED
from assessments.dpia.prefill import RESTS_ON, sources_of
from compliance.entry import Entry, Journalled
from compliance.fields import Kind, Rows, fields
from compliance.journal import Change, changes_after, differences, facts, record_of
from registers.objects import TargetObject
from registers.processing import ProcessingActivity
from registers.processors import Processor

Row: TypeAlias = Mapping[str, Any]
Pair: TypeAlias = tuple[Any, Any]


@dataclass(frozen=True)
class RowDifference:
    """One row that came, went or changed."""

    old: Row | None
    new: Row | None
    fields: tuple[Difference, ...]
    """What changed in a row that stayed."""


@dataclass(frozen=True)
class Difference:
    """One answer with its old and its new content, as the journal writes them."""

    name: str
    spec: Kind
    old: Any
    new: Any
    rows: tuple[RowDifference, ...] = ()
    """The rows that differ; none of a field without rows, or whose rows only changed their order."""

    @property
    def only_moved(self) -> bool:
        """Whether the rows are the same in another order."""
        return isinstance(self.spec, Rows) and not self.rows


def compare(
    model: type[Any], pairs: Mapping[str, Pair], names: Collection[str] | None = None
) -> tuple[Difference, ...]:
    """*pairs* of old and new content by field name, in the order in which *model* asks.

    Narrowed to *names* where they are given.
    """
    wanted = (name for name in fields(model) if name in pairs and (names is None or name in names))
    return tuple(_difference(name, fields(model)[name], *pairs[name]) for name in wanted)


def _difference(name: str, spec: Kind, old: Any, new: Any) -> Difference:
    rows = tuple(_rows(spec, old or (), new or ())) if isinstance(spec, Rows) else ()
    return Difference(name, spec, old, new, rows)


def _rows(spec: Rows, old: Sequence[Row], new: Sequence[Row]) -> Iterator[RowDifference]:
    """The rows that stayed are known by their id."""
    before = {row["id"]: row for row in old}
    for row in new:
        past = before.pop(row["id"], None)
        if past is None:
            yield RowDifference(None, row, ())
        elif changed := compare(spec.part, differences(past, row)):
            yield RowDifference(past, row, changed)
    for row in before.values():
        yield RowDifference(row, None, ())


def overall(changes: Iterable[Change]) -> dict[str, Pair]:
    """The first old and the last new content by field, of *changes* of one thing in their order.

    What is again as it was is left out.
    """
    first: dict[str, Any] = {}
    last: dict[str, Any] = {}
    for change in changes:
        for name, (old, new) in change.changes.items():
            first.setdefault(name, old)
            last[name] = new
    return differences(first, last)


# --- Since the release ---------------------------------------------------------------------------

APART: Final = frozenset({"next_review", "under_review_since"})
"""Fields that a review itself moves."""


@dataclass(frozen=True)
class ChangedAnswer:
    """The answer to one question with its old and its new text."""

    question: str
    part_title: str
    old: str
    new: str


@dataclass(frozen=True)
class ChangedSource:
    """An entry on which the assessment rests, with what changed there and matters for it."""

    entry: Entry
    is_new: bool
    """It was entered after the release."""
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class SinceRelease:
    """How the assessment stands to what was released."""

    version: int | None
    """The version that was released; ``None`` where none was, or the journal no longer tells."""
    differences: tuple[Difference, ...] = ()
    answers: tuple[ChangedAnswer, ...] = ()
    sources: tuple[ChangedSource, ...] = ()

    @property
    def count(self) -> int:
        """How many answers of the assessment differ."""
        return len(self.differences) + len(self.answers)


def since_release(session: Session, dpia: Dpia) -> SinceRelease:
    """What changed in *dpia*, which must be loaded whole, and in its activities, processors and systems."""
    released = record_of(session, dpia, dpia.released_version) if dpia.released_version else None
    if released is None:
        return SinceRelease(None)
    answers = list(answers_of(session, dpia).values())
    sources = list(_sources(session, dpia))
    later = _by_record(changes_after(session, [dpia, *answers, *sources], released.seq))
    named = {name for name, spec in fields(Dpia).items() if name not in Dpia.technical | Dpia.moving | APART}
    return SinceRelease(
        dpia.released_version,
        compare(Dpia, differences(released.state, facts(dpia)), named),
        tuple(_answers(answers, later)),
        tuple(_changed_sources(sources, later)),
    )


def _by_record(changes: Iterable[Change]) -> dict[uuid.UUID, list[Change]]:
    found: dict[uuid.UUID, list[Change]] = {}
    for change in changes:
        found.setdefault(change.record_id, []).append(change)
    return found


def _answers(
    answers: Iterable[DpiaAnswer], later: Mapping[uuid.UUID, list[Change]]
) -> Iterator[ChangedAnswer]:
    for answer in answers:
        changes = later.get(answer.id, [])
        old = answer.text
        if any(_is_creation(change) for change in changes):
            old = ""
        elif "text" in (found := overall(changes)):
            old = found["text"][0] or ""
        if old != answer.text:
            yield ChangedAnswer(answer.question, answer.part_title, old, answer.text)


def _is_creation(change: Change) -> bool:
    """Whether nothing was there before; whatever the step was called that brought it."""
    return change.version == 1


def _sources(session: Session, dpia: Dpia) -> Iterator[Entry]:
    activities = sources_of(session, dpia)
    yield from activities
    for model, name in ((Processor, "processors"), (TargetObject, "objects")):
        wanted = {one.id for activity in activities for one in getattr(activity, name)}
        yield from session.scalars(select(model).where(model.id.in_(wanted)).order_by(model.number))


_NAMES: Final[Mapping[type[Journalled], frozenset[str]]] = {
    ProcessingActivity: frozenset({*WATCHED[ProcessingActivity], *RESTS_ON}),
    Processor: frozenset({*WATCHED[Processor], "contract_state"}),
    TargetObject: frozenset(WATCHED[TargetObject]),
}


def _changed_sources(
    sources: Iterable[Entry], later: Mapping[uuid.UUID, list[Change]]
) -> Iterator[ChangedSource]:
    for source in sources:
        changes = later.get(source.id, [])
        if any(_is_creation(change) for change in changes):
            yield ChangedSource(source, True, ())
        elif found := compare(type(source), overall(changes), _NAMES[type(source)]):
            yield ChangedSource(source, False, found)
