"""Reads one row of a table as answers about one entry."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from compliance.database import folded
from compliance.entry import Entry, Part
from compliance.fields import Choices, Kind, Line, Rows, fields, is_empty, tidy_line
from compliance.language import Text
from registers.importing import cells
from registers.importing.cells import Unreadable
from registers.importing.columns import Column, first_inner
from registers.importing.known import Known
from registers.importing.plans import Leftover, PartDraft, Refusal
from registers.importing.synonyms import OTHERWISE
from registers.importing.tables import Row, words_of

NOTES: Final = "notes"
"""Name of the field that keeps what nothing else takes, in registers that have it."""


@dataclass
class Reading:
    """What one row of the table says."""

    row: int
    values: dict[str, Any] = field(default_factory=dict)
    leftovers: list[Leftover] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    """Sentences for the notes."""


class RowReader:
    """Reads rows as answers about entries of one register."""

    def __init__(self, model: type[Entry], columns: Sequence[Column], known: Known) -> None:
        self._specs = fields(model)
        self._known = known
        self._width = len(columns)
        self._simple: list[tuple[Column, Kind]] = []
        self._rows: defaultdict[str, list[Column]] = defaultdict(list)
        for column in columns:
            spec = self._specs.get(column.field)
            if isinstance(spec, Rows):
                self._rows[column.field].append(column)
            elif spec is not None:
                self._simple.append((column, spec))

    def read(self, row: Row, entry: Entry | None) -> Reading:
        """Everything *row* says, in view of the *entry* that it is about."""
        reading = Reading(row.number)
        if any(words_of(cell) for cell in row.cells[self._width :]):
            reading.refusals.append(Refusal(row.number, "", _TOO_MANY_CELLS))
        for column, spec in self._simple:
            if words_of(row[column.index]):
                self._answer(reading, column, spec, row, entry)
        for name, columns in self._rows.items():
            if any(words_of(row[column.index]) for column in columns):
                spec = self._specs[name]
                assert isinstance(spec, Rows)  # noqa: S101 -- sorted so above
                reading.values[name] = self._parts(
                    reading, spec, columns, row, list(getattr(entry, name, ()))
                )
        self._keep_notes(reading, entry)
        return reading

    def _answer(self, reading: Reading, column: Column, spec: Kind, row: Row, entry: Entry | None) -> None:
        cell = row[column.index]
        if entry is not None and cells.says(spec, getattr(entry, column.field), cell):
            return
        answer = self._understood(reading, column, spec, cell)
        if answer is None:
            return
        if not is_empty(answer.value):
            reading.values[column.field] = answer.value
        if answer.rest:
            self._leave_over(reading, column, spec, answer, entry)

    def _understood(self, reading: Reading, column: Column, spec: Kind, cell: Any) -> cells.Answer | None:
        try:
            return cells.read(spec, cell, self._known.find)
        except Unreadable as error:
            reading.refusals.append(Refusal(reading.row, column.header, error.reason))
            return None

    def _leave_over(
        self, reading: Reading, column: Column, spec: Kind, answer: cells.Answer, entry: Entry | None
    ) -> None:
        """Puts words that match nothing where they are not lost."""
        other = self._specs.get(spec.other) if isinstance(spec, Choices) and spec.other else None
        if isinstance(spec, Choices) and isinstance(other, Line):
            held = str(reading.values.get(spec.other) or getattr(entry, spec.other, ""))
            together = _joined(held, answer.rest)
            if len(together) <= other.length:
                reading.values[spec.other] = together
                reading.leftovers.append(Leftover(reading.row, column.header, answer.rest, other.label))
                return
        self._note(reading, column, answer)

    def _note(self, reading: Reading, column: Column, answer: cells.Answer) -> None:
        notes = self._specs.get(NOTES)
        if notes is not None:
            reading.kept.append(_KEPT.format(column=column.header, words=answer.rest).de)
        label = notes.label if notes is not None else None
        reading.leftovers.append(Leftover(reading.row, column.header, answer.rest, label, answer.too_long))

    def _keep_notes(self, reading: Reading, entry: Entry | None) -> None:
        held = str(reading.values.get(NOTES) or getattr(entry, NOTES, ""))
        new = [sentence for sentence in dict.fromkeys(reading.kept) if sentence not in held]
        if new:
            reading.values[NOTES] = "\n".join(filter(None, (held, *new)))

    # --- Rows inside an entry --------------------------------------------------------------------

    def _parts(
        self, reading: Reading, spec: Rows, columns: Sequence[Column], row: Row, stored: list[Part]
    ) -> list[PartDraft]:
        first = next((column for column in columns if not column.inner), None)
        words = row[first.index] if first is not None else None
        if first is not None and words_of(words):
            drafts = self._drafts(reading, spec, first, words, stored)
        else:
            drafts = [PartDraft(spec.part, {}, part) for part in stored]
        # What other columns say comes before words that look for a place.
        for column in sorted(columns, key=lambda column: column.target in OTHERWISE):
            if column.inner and words_of(row[column.index]):
                drafts = self._completed(reading, spec, column, row[column.index], drafts)
        return drafts

    def _drafts(
        self, reading: Reading, spec: Rows, column: Column, cell: Any, stored: list[Part]
    ) -> list[PartDraft]:
        if cells.says(spec, stored, cell):
            return [PartDraft(spec.part, {}, part) for part in stored]
        if self._understood(reading, column, spec, cell) is None:
            return []
        free = list(stored)
        pieces = cells.rows_in(
            spec, words_of(cell), lambda words: _taken(spec, words, free), self._known.find
        )
        return [
            piece
            if isinstance(piece, PartDraft)
            else PartDraft(spec.part, self._of_line(reading, spec, column, piece))
            for piece in pieces
        ]

    def _of_line(self, reading: Reading, spec: Rows, column: Column, line: str) -> dict[str, Any]:
        spoken = cells.read_sentence(spec.part, line, self._known.find)
        if spoken is not None:
            return spoken
        name = first_inner(spec)
        answer = cells.read(fields(spec.part)[name], line)
        if answer.rest:
            self._note(reading, column, answer)
        return {name: answer.value}

    def _completed(
        self, reading: Reading, spec: Rows, column: Column, cell: Any, drafts: list[PartDraft]
    ) -> list[PartDraft]:
        """*drafts* with what the column of one of their fields says: line by line, or one answer for all."""
        kind = fields(spec.part)[column.inner]
        lines = [line for line in words_of(cell).split("\n") if line.strip()]
        drafts = drafts or [PartDraft(spec.part, {}) for _ in lines]
        spread = [cell] * len(drafts) if len(lines) != len(drafts) or len(lines) == 1 else lines
        completed = []
        for index, (draft, own) in enumerate(zip(drafts, spread, strict=True)):
            values = dict(draft.values)
            # What stands once in the file and fits nowhere is told once.
            self._inner_answer(reading, column, kind, own, values, draft, quiet=index > 0 and own is cell)
            completed.append(PartDraft(draft.part, values, draft.stored))
        return completed

    def _inner_answer(
        self,
        reading: Reading,
        column: Column,
        kind: Kind,
        cell: Any,
        values: dict[str, Any],
        draft: PartDraft,
        *,
        quiet: bool,
    ) -> None:
        if draft.stored is not None and cells.says(kind, getattr(draft.stored, column.inner), cell):
            return
        aside = Reading(reading.row) if quiet else reading
        answer = self._understood(aside, column, kind, cell)
        if answer is None:
            return
        if not is_empty(answer.value):
            values[column.inner] = answer.value
        if answer.rest:
            self._leave_inside(aside, column, answer, values, draft)

    def _leave_inside(
        self, reading: Reading, column: Column, answer: cells.Answer, values: dict[str, Any], draft: PartDraft
    ) -> None:
        """Puts words that match nothing into the field of the same row that is made for them."""
        understood = not is_empty(answer.value)
        name = OTHERWISE.get(column.target, ("", ""))[0 if understood else 1]
        if not name or answer.too_long:
            self._note(reading, column, answer)
            return
        other = fields(draft.part)[name]
        fitted = cells.read(other, answer.rest)
        held = str(values.setdefault(name, getattr(draft.stored, name, "") or fitted.value))
        if fitted.rest or cells.comparable(held) != cells.comparable(str(fitted.value)):
            self._note(reading, column, cells.Answer(None, answer.rest, too_long=understood))
        elif not understood:
            reading.leftovers.append(Leftover(reading.row, column.header, answer.rest, other.label))


def _joined(held: str, words: str) -> str:
    missing = [word for word in words.split("; ") if folded(word) not in folded(held)]
    return tidy_line("; ".join(filter(None, (held, *missing))))


def _taken(spec: Rows, words: str, free: list[Part]) -> PartDraft | None:
    """The stored row that *words* stand for, taken out of those still *free*."""
    name = first_inner(spec)
    for part in free:
        if cells.says(spec, [part], words) or cells.begins(
            fields(spec.part)[name], getattr(part, name), words
        ):
            free.remove(part)
            return PartDraft(spec.part, {}, part)
    return None


_KEPT: Final = Text(
    "Aus dem Import, Spalte „{column}“: {words}", "From the import, column “{column}”: {words}"
)
_TOO_MANY_CELLS: Final = Text(
    "Die Zeile hat mehr Zellen als die Tabelle Spalten; vielleicht fehlt ein Anführungszeichen.",
    "The row has more cells than the table has columns; perhaps a quotation mark is missing.",
)
