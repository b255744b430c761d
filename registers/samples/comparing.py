"""Three wordings of an activity side by side: the sample as it was taken, the sample now, and the entry.

Where only the sample changed, its change is proposed. Where the department
changed the same answer too, the two stand against each other and nothing is
proposed. Rows are compared one by one and known again by how they begin.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, TypeAlias

from compliance.database import folded
from compliance.entry import Part
from compliance.fields import (
    Choices,
    Kind,
    Reference,
    References,
    Rows,
    Simple,
    empty,
    fields,
    plain,
    restored,
    worded,
)
from registers.processing import ProcessingActivity

Content: TypeAlias = Mapping[str, Any]
"""Answers as :func:`compliance.fields.plain` gives them, by field; rows without their ids."""

_NEVER_IN_A_SAMPLE: Final = frozenset({"notes"})


def content_of(activity: ProcessingActivity) -> Content:
    """Every answer of *activity* that a sample can give."""
    found = {name: _plain(spec, getattr(activity, name)) for name, spec in _compared().items()}
    return {name: value for name, value in found.items() if value is not None}


@cache
def _compared() -> Mapping[str, Simple | Rows]:
    return {
        name: spec
        for name, spec in fields(ProcessingActivity).items()
        if not (isinstance(spec, Reference | References) or spec.fixed or name in _NEVER_IN_A_SAMPLE)
    }


@cache
def _inner(part: type[Part]) -> Mapping[str, Simple]:
    """The fields of a row that a sample can answer."""
    return {
        name: spec
        for name, spec in fields(part).items()
        if not isinstance(spec, Reference | References | Rows)
    }


def _plain(spec: Simple | Rows, value: Any) -> Any:
    if isinstance(spec, Rows):
        return [_row(spec, part) for part in value] or None
    return plain(spec, value)


def _row(spec: Rows, part: Part) -> dict[str, Any]:
    found = {name: plain(kind, getattr(part, name)) for name, kind in _inner(spec.part).items()}
    return {name: value for name, value in found.items() if value is not None}


# --- Comparing -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """One answer, or one row, on which the wordings differ; ``None`` stands for nothing at all."""

    name: str
    """The field."""
    row: _Place | None
    """Which of its rows, if it has rows."""
    before: Any
    """The sample as it was taken."""
    now: Any
    """The sample as it is."""
    mine: Any
    """The entry as it is."""
    proposed: Any
    """The entry once the change of the sample is made in it."""
    conflict: bool
    """The department changed the same answer too."""

    @property
    def spec(self) -> Kind:
        return _compared()[self.name]

    @property
    def key(self) -> str:
        """Names the change in a form; the same for the same place, whatever stands there."""
        if self.row is None:
            return self.name
        begins, position = self.row
        return f"{self.name}:{hashlib.sha256(f'{position} {begins}'.encode()).hexdigest()[:16]}"

    def said(self, value: Any, language: str) -> str:
        """One of the wordings, as a reader of *language* expects to see it."""
        if value is None:
            return ""
        return worded(self.spec, [value] if self.row is not None else value, language)


_Place: TypeAlias = tuple[str, int]
"""How a row begins, and the how manieth of the rows that begin alike it is."""


@dataclass(frozen=True)
class Comparison:
    """Everything on which the three wordings differ."""

    proposals: tuple[Change, ...]
    """What the sample changed and the entry does not say yet."""
    own: tuple[Change, ...]
    """What only the department changed; it stays."""


def compare(before: Content, now: Content, mine: Content) -> Comparison:
    """What became of *before* in the sample *now* and in *mine*, the entry."""
    proposals, own = [], []
    for change in _places(before, now, mine):
        if change.before == change.now:
            if change.mine != change.now:
                own.append(change)
        elif change.proposed != change.mine:
            proposals.append(change)
    return Comparison(tuple(proposals), tuple(own))


def _places(before: Content, now: Content, mine: Content) -> Iterator[Change]:
    """Each answer and each row that the sample gives or gave."""
    for name, spec in _compared().items():
        values = (before.get(name), now.get(name), mine.get(name))
        if values[:2] == (None, None):
            continue
        if isinstance(spec, Rows):
            yield from _rows(name, spec, *values)
        else:
            proposed, conflict = _merged_set(spec, *values) if isinstance(spec, Choices) else _merged(*values)
            yield Change(name, None, *values, proposed, conflict)


def _rows(name: str, spec: Rows, *lists: Sequence[Mapping[str, Any]] | None) -> Iterator[Change]:
    before, now, mine = (dict(_placed(spec, rows or ())) for rows in lists)
    for place in dict.fromkeys((*mine, *now, *before)):
        rows = (before.get(place), now.get(place), mine.get(place))
        yield Change(name, place, *rows, *_merged_row(*rows))


def _placed(spec: Rows, rows: Iterable[Mapping[str, Any]]) -> Iterator[tuple[_Place, Mapping[str, Any]]]:
    return _with_places(rows, lambda row: row.get(_first(spec)) or "")


def _first(spec: Rows) -> str:
    return next(iter(_inner(spec.part)))


def _with_places(items: Iterable[Any], begins: Callable[[Any], str]) -> Iterator[tuple[_Place, Any]]:
    seen: Counter[str] = Counter()
    for item in items:
        beginning = folded(begins(item))
        yield (beginning, seen[beginning]), item
        seen[beginning] += 1


def _merged(before: Any, now: Any, mine: Any) -> tuple[Any, bool]:
    """*mine* with the change from *before* to *now*, and whether that overrides a change of its own."""
    if now in (before, mine):
        return mine, False
    return now, mine != before


def _merged_set(spec: Choices, before: Any, now: Any, mine: Any) -> tuple[Any, bool]:
    """As :func:`_merged`; what is added and what is taken away never stand against each other."""
    old, new = set(before or ()), set(now or ())
    chosen = (set(mine or ()) | (new - old)) - (old - new)
    return [word.name for word in spec.words if word.name in chosen] or None, False


_Row: TypeAlias = "Mapping[str, Any] | None"


def _merged_row(before: _Row, now: _Row, mine: _Row) -> tuple[_Row, bool]:
    """As :func:`_merged`, answer by answer where all have the row."""
    if now is None or mine is None:
        return _merged(before, now, mine)
    known = before or {}
    merged, conflicts = {}, []
    for name in dict.fromkeys((*mine, *now, *known)):
        value, conflict = _merged(known.get(name), now.get(name), mine.get(name))
        conflicts.append(conflict)
        if value is not None:
            merged[name] = value
    return merged, any(conflicts)


# --- Taking over ---------------------------------------------------------------------------------


def take(activity: ProcessingActivity, changes: Iterable[Change]) -> None:
    """Makes *changes* in *activity*; rows that stay keep their ids, new ones come last."""
    # Places are counted once: a row that goes must not let the next one answer for it.
    rows = {
        name: dict(_with_places(getattr(activity, name), _beginning_of(spec)))
        for name, spec in _compared().items()
        if isinstance(spec, Rows)
    }
    for change in changes:
        spec = _compared()[change.name]
        if isinstance(spec, Rows):
            part = rows[change.name].get(change.row) if change.row else None
            _take_row(getattr(activity, change.name), spec, part, change.proposed)
        else:
            setattr(activity, change.name, restored(spec, change.proposed))


def _beginning_of(spec: Rows) -> Callable[[Part], str]:
    name = _first(spec)
    return lambda part: str(getattr(part, name))


def _take_row(parts: list[Part], spec: Rows, part: Part | None, wanted: _Row) -> None:
    if wanted is None:
        if part is not None:
            parts.remove(part)
        return
    if part is None:
        part = spec.part()
        parts.append(part)
    for name, kind in _inner(spec.part).items():
        value = restored(kind, wanted[name]) if name in wanted else empty(kind)
        if getattr(part, name) != value:
            setattr(part, name, value)
