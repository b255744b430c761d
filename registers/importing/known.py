"""What is stored already, as far as a table speaks of it."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.database import folded
from compliance.entry import Entry, State, class_called, everything
from compliance.fields import Reference, References, Rows, fields, tidy_line
from registers.importing.columns import NUMBER, Column
from registers.importing.tables import Cell, Table, words_of

BATCH: Final = 200
_DESIGNATION: Final = "[a-z]{2,4}-[0-9]{1,9}"
_ANNOUNCED: Final = uuid.UUID("3b2d0c52-5f0e-5d6b-9f63-6c1f6d1c7a10")
T = TypeVar("T")


@dataclass(frozen=True)
class Known:
    """The entries that a table may be about, and those it may refer to."""

    by_number: Mapping[int, Any] = field(default_factory=dict)
    by_name: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    """By :attr:`compliance.entry.Entry.sort_key`."""
    targets: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """By class and everything the entry can be called."""
    identified: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """By class and what the table itself calls the entry; what it is called here comes first."""

    def named(self, name: str) -> list[Any]:
        """The entries with that name that are not ended."""
        found = self.by_name.get(folded(name)[:200], ()) if name else ()
        return [entry for entry in found if entry.state is not State.ENDED]

    def find(self, class_name: str, words: str) -> Any:
        """The one record that is called so, by number, by name or by both."""
        called = self.targets.get(class_name, {})
        whole = folded(words)
        for names in (called, self.identified.get(class_name, {})):
            if whole in names:
                return names[whole]
        # A number with the name of another day. Of several numbers, each is looked for on its own.
        found = re.findall(rf"(?<![a-z0-9-]){_DESIGNATION}\b", whole) if ";" not in whole else []
        alone = len(found) == 1 and whole.startswith(found[0])
        return called.get(found[0]) if alone else None


def designated(model: type[Entry], cell: Cell) -> int | None:
    """The running number of this register that *cell* holds; numbers of other lists are none."""
    found = re.fullmatch(rf"{model.prefix}-0*([0-9]{{1,9}})", words_of(cell).strip(), re.IGNORECASE)
    return int(found[1]) if found else None


def known(session: Session, model: type[Entry], table: Table, columns: Sequence[Column]) -> Known:
    """Everything stored that *table* speaks of, read with few queries."""
    numbers, names = _mentioned(model, table, columns)
    by_number = {
        entry.number: entry for entry in entries_where(session, model, model.number, sorted(numbers))
    }
    by_name: dict[str, list[Any]] = {}
    for entry in entries_where(session, model, model.sort_key, sorted(names)):
        by_name.setdefault(entry.sort_key, []).append(entry)
    targets = {name: called(session, name) for name in _referred(model, columns)}
    if model.__name__ in targets:
        targets[model.__name__] = _announced(model, table, columns, by_name) | targets[model.__name__]
    found = Known(by_number, by_name, targets)
    if model.__name__ not in targets:
        return found
    return replace(found, identified={model.__name__: _identified(model, table, columns, found)})


def _announced(
    model: type[Entry], table: Table, columns: Sequence[Column], stored: Mapping[str, Sequence[Any]]
) -> dict[str, Any]:
    """Entries that the table itself will create, so that its rows can refer to each other.

    They stand for those entries and are never stored. The same name always gives the
    same id, so that two plans of one table are equal.
    """
    at = next((column.index for column in columns if column.target == "name"), None)
    if at is None:
        return {}
    names = (tidy_line(words_of(row[at])) for row in table.rows)
    found = {folded(name): name for name in names if name and folded(name)[:200] not in stored}
    return {key: model(id=uuid.uuid5(_ANNOUNCED, f"{model.slug}/{key}"), name=found[key]) for key in found}


def _identified(model: type[Entry], table: Table, columns: Sequence[Column], known: Known) -> dict[str, Any]:
    """The entries of the table's rows by the table's own identifiers, by which rows of a CMDB refer.

    A column that answers nothing holds identifiers if every row has another word in it.
    What two columns use for different entries identifies none.
    """
    at = {column.target: column.index for column in columns}
    if "name" not in at:
        return {}
    entries = [known.find(model.__name__, tidy_line(words_of(row[at["name"]]))) for row in table.rows]
    found: dict[str, Any] = {}
    often: set[str] = set()
    for column in columns:
        words = [folded(tidy_line(words_of(row[column.index]))) for row in table.rows]
        if column.target in ("", NUMBER) and "" not in words and len({*words}) == len(words):
            for word, entry in zip(words, entries, strict=True):
                if entry is not None and found.setdefault(word, entry) is not entry:
                    often.add(word)
    return {word: entry for word, entry in found.items() if word not in often}


def _mentioned(model: type[Entry], table: Table, columns: Sequence[Column]) -> tuple[set[int], set[str]]:
    at = {column.target: column.index for column in columns}
    numbers: set[int] = set()
    names: set[str] = set()
    for row in table.rows:
        number = designated(model, row[at[NUMBER]]) if NUMBER in at else None
        if number is not None:
            numbers.add(number)
        elif "name" in at and (name := tidy_line(words_of(row[at["name"]]))):
            names.add(folded(name)[:200])
    return numbers, names


def entries_where(session: Session, model: Any, column: Any, wanted: Sequence[Any]) -> Iterator[Any]:
    """The entries of *model* whose *column* holds one of the *wanted* values, whole."""
    for some in _batches(wanted):
        yield from session.scalars(select(model).where(column.in_(some)).options(*everything(model)))


def _batches(items: Sequence[T]) -> Iterator[Sequence[T]]:
    return (items[start : start + BATCH] for start in range(0, len(items), BATCH))


def _referred(model: type[Entry], columns: Sequence[Column]) -> set[str]:
    """Names of the classes to which matched columns refer, themselves or in their rows."""
    specs = [fields(model)[column.target] for column in columns if column.target in fields(model)]
    inner = (kind for spec in specs if isinstance(spec, Rows) for kind in fields(spec.part).values())
    return {spec.target for spec in (*specs, *inner) if isinstance(spec, Reference | References)}


def called(session: Session, class_name: str) -> dict[str, Any]:
    """Records by everything they can be called; what several are called names none."""
    target = class_called(class_name)
    found: dict[str, Any] = {}
    often: set[str] = set()
    for record in session.scalars(select(target)):
        for name in {folded(name) for name in _names(record)} - {""}:
            if found.setdefault(name, record) is not record:
                often.add(name)
    return {name: record for name, record in found.items() if name not in often}


def _names(record: Any) -> tuple[str, ...]:
    if isinstance(record, Entry):
        return str(record), record.designation, record.name
    return str(record), record.key, record.name
