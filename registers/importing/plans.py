"""What an import will do, worked out before anything is done: created, changed, refused, left over."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from compliance.entry import Entry, Part
from compliance.fields import Kind, Reference, References, Rows, fields, plain
from compliance.journal import canonical
from compliance.language import Text
from registers.importing.columns import Column


@dataclass(frozen=True)
class Refusal:
    """A row that cannot be taken over, and one reason for it."""

    row: int
    """As the spreadsheet shows it; the header is row 1 where nothing stands above it."""
    column: str
    """Header of the column; empty if the row as a whole is meant."""
    reason: Text


@dataclass(frozen=True)
class Leftover:
    """Words that no answer takes."""

    row: int
    column: str
    words: str
    kept_in: Text | None
    """Label of the field that keeps them; ``None`` if none does."""
    too_long: bool = False
    """The words are known but too long for their field, which holds how they begin."""


@dataclass(frozen=True)
class PartDraft:
    """A row of an entry as it shall be."""

    part: type[Part]
    values: Mapping[str, Any]
    stored: Part | None = None
    """The row that exists already; *values* are then what changes in it."""

    def made(self) -> Part:
        """The row as it will read, without touching the stored one."""
        if self.stored is None:
            return self.part(**self.values)
        return self.part(**(answers_of(self.stored) | dict(self.values)))


@dataclass(frozen=True)
class Creation:
    """An entry that will be created."""

    rows: tuple[int, ...]
    values: Mapping[str, Any]
    """Only what is answered; rows as lists of :class:`PartDraft`."""

    @property
    def name(self) -> str:
        return str(self.values.get("name", ""))


@dataclass(frozen=True)
class Change:
    """One answer that will be another one."""

    name: str
    spec: Kind
    before: Any
    after: Any
    """Rows as a list of :class:`PartDraft`, everything else as stored."""

    @property
    def shown_after(self) -> Any:
        """The new answer in the shape in which answers are shown."""
        return made(self.after)


@dataclass(frozen=True)
class Alteration:
    """An entry that will be changed."""

    rows: tuple[int, ...]
    entry: Any
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Unchanged:
    """An entry of which the file says what is stored already."""

    rows: tuple[int, ...]
    entry: Any


@dataclass(frozen=True)
class Plan:
    """Everything that an import will do and will not do."""

    model: type[Entry]
    file: str
    columns: tuple[Column, ...]
    created: tuple[Creation, ...]
    changed: tuple[Alteration, ...]
    unchanged: tuple[Unchanged, ...]
    refused: tuple[Refusal, ...]
    leftovers: tuple[Leftover, ...]

    @property
    def unknown_words(self) -> tuple[Leftover, ...]:
        """The leftovers that match no known word or entry."""
        return tuple(left for left in self.leftovers if not left.too_long)

    @property
    def unmatched(self) -> tuple[str, ...]:
        """Headers of the columns that are left out."""
        return tuple(column.header for column in self.columns if not column.target and column.header)

    @property
    def refused_rows(self) -> int:
        return len({refusal.row for refusal in self.refused})

    def counts(self) -> dict[str, int]:
        """How many entries, rows and words, by what becomes of them."""
        return {
            "created": len(self.created),
            "changed": len(self.changed),
            "unchanged": len(self.unchanged),
            "refused": self.refused_rows,
            "unknown_words": len(self.unknown_words),
        }

    def fingerprint(self) -> str:
        """The same for two plans that do the same to the same versions of the same entries."""
        done: list[Any] = [[list(item.rows), plain_values(self.model, item.values)] for item in self.created]
        done += [
            [
                item.entry.id.hex,
                item.entry.version,
                plain_values(self.model, {c.name: c.after for c in item.changes}),
            ]
            for item in self.changed
        ]
        return hashlib.sha256(canonical(done).encode()).hexdigest()


def self_references(model: type[Any]) -> Mapping[str, Reference | References]:
    """The fields by which entries of *model* refer to each other."""
    return {
        name: spec
        for name, spec in fields(model).items()
        if isinstance(spec, Reference | References) and spec.target == model.__name__
    }


def made(value: Any) -> Any:
    """A planned answer in the shape in which answers are shown."""
    if isinstance(value, list) and value and isinstance(value[0], PartDraft):
        return [draft.made() for draft in value]
    return value


def plain_values(model: type[Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Planned answers as JSON, to be compared."""
    specs = fields(model)
    return {
        name: [plain_values(draft.part, answers_of(draft.made())) for draft in value]
        if isinstance(specs[name], Rows)
        else plain(specs[name], value)
        for name, value in values.items()
    }


def answers_of(part: Part) -> dict[str, Any]:
    """Everything that stands in *part*."""
    return {name: getattr(part, name) for name in fields(type(part))}
