"""Plans an import: which rows become which entries, and what changes in those that exist."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from compliance.database import folded
from compliance.entry import Entry, State
from compliance.errors import Refused
from compliance.fields import (
    Choices,
    Kind,
    Line,
    Prose,
    Reference,
    References,
    Rows,
    empty,
    fields,
    tidy_line,
)
from compliance.journal import canonical
from compliance.language import Text
from registers.importing import cells
from registers.importing.columns import NUMBER, Column
from registers.importing.known import Known, designated
from registers.importing.plans import (
    Alteration,
    Change,
    Creation,
    Leftover,
    PartDraft,
    Plan,
    Refusal,
    Unchanged,
    made,
    plain_values,
    self_references,
)
from registers.importing.reading import NOTES, Reading, RowReader
from registers.importing.tables import Row, Table, words_of

May: TypeAlias = Callable[[uuid.UUID | None], bool]
"""Whether whoever imports may create and change entries of the unit with that id."""


def everything_allowed(_unit_id: uuid.UUID | None) -> bool:
    """For those whom no unit limits, such as the command line."""
    return True


@dataclass
class _Group:
    """Rows of the table that are about the same entry."""

    entry: Any
    rows: list[int]
    values: dict[str, Any]


def plan(
    model: type[Entry],
    table: Table,
    columns: Sequence[Column],
    known: Known,
    may: May = everything_allowed,
) -> Plan:
    """What importing *table* would do; changes nothing.

    Rows without a running number that agree in name and unit and contradict each
    other nowhere are one entry. Raises :class:`Refused` if no column holds a name or
    a running number.
    """
    if not {"name", NUMBER} & {column.target for column in columns}:
        raise Refused(_NO_NAME.format(file=table.name, columns=", ".join(filter(None, table.headers))))
    planner = _Planner(model, columns, known, may)
    for row in table.rows:
        planner.take(row)
    return planner.planned(table.name)


class _Planner:
    def __init__(self, model: type[Entry], columns: Sequence[Column], known: Known, may: May) -> None:
        self._model = model
        self._columns = tuple(columns)
        self._known = known
        self._may = may
        self._reader = RowReader(model, columns, known)
        self._at = {column.target: column for column in columns if column.target}
        self._groups: dict[Any, list[_Group]] = {}
        self._leftovers: list[Leftover] = []
        self._refused: list[Refusal] = []

    def take(self, row: Row) -> None:
        number = self._number(row)
        entry = self._entry(row, number)
        reading = self._reader.read(row, entry)
        self._check(reading, entry)
        if not reading.refusals:
            self._add(row, number, entry, reading)
        if reading.refusals:
            self._refused += reading.refusals
        else:
            self._leftovers += reading.leftovers

    def _number(self, row: Row) -> int | None:
        column = self._at.get(NUMBER)
        return designated(self._model, row[column.index]) if column else None

    def _entry(self, row: Row, number: int | None) -> Any:
        if number is not None:
            return self._known.by_number.get(number)
        candidates = self._known.named(self._words(row, "name"))
        unit = self._unit(row)
        if unit is not None:
            candidates = [entry for entry in candidates if entry.unit_id in (None, unit.id)]
        candidates = [entry for entry in candidates if self._may(entry.unit_id)]
        return candidates[0] if len(candidates) == 1 else None

    def _words(self, row: Row, target: str) -> str:
        column = self._at.get(target)
        return tidy_line(words_of(row[column.index])) if column else ""

    def _unit(self, row: Row) -> Any:
        words = self._words(row, "unit")
        return self._known.find("Unit", words) if words else None

    def _check(self, reading: Reading, entry: Any) -> None:
        unit = reading.values.get("unit", getattr(entry, "unit", None))
        if entry is None and not reading.values.get("name"):
            column = self._at["name"].header if "name" in self._at else ""
            if not any(refusal.column == column for refusal in reading.refusals):
                reading.refusals.append(Refusal(reading.row, column, _NAMELESS))
        elif entry is not None and not self._may(entry.unit_id):
            reading.refusals.append(Refusal(reading.row, "", _FORBIDDEN.format(entry=str(entry))))
        elif not self._may(unit.id if unit is not None else None):
            column = self._at["unit"].header if "unit" in self._at else ""
            reading.refusals.append(Refusal(reading.row, column, _FORBIDDEN_UNIT))

    def _add(self, row: Row, number: int | None, entry: Any, reading: Reading) -> None:
        if number is not None:
            key: Any = ("number", number)
        elif entry is not None:
            key = ("number", entry.number)
        else:
            unit = reading.values.get("unit")
            key = (folded(reading.values["name"]), unit.id if unit is not None else None)
        groups = self._groups.setdefault(key, [])
        for group in groups:
            merged = _merged(self._model, group.values, reading.values) if number is None else None
            if merged is not None:
                group.values = merged
                group.rows.append(row.number)
                return
        if groups and (number is not None or entry is not None):
            rows = ", ".join(map(str, groups[0].rows))
            reading.refusals.append(Refusal(row.number, "", _AGAIN.format(rows=rows)))
            return
        groups.append(_Group(entry, [row.number], reading.values))

    def _withdraw_what_is_not_created(self, groups: Sequence[_Group]) -> None:
        """Takes back references to rows of the table that were refused."""
        created = {folded(group.values["name"]) for group in groups if group.entry is None}
        for group in groups:
            for name, spec in self_references(self._model).items():
                value = group.values.get(name)
                some = value if isinstance(value, list) else [value] if value is not None else []
                lost = [one for one in some if not one.number and folded(one.name) not in created]
                if not lost:
                    continue
                kept = [one for one in some if one not in lost]
                group.values[name] = kept if isinstance(spec, References) else None
                header = self._at[name].header
                self._leftovers += [Leftover(group.rows[0], header, one.name, None) for one in lost]

    def planned(self, file: str) -> Plan:
        groups = [group for groups in self._groups.values() for group in groups]
        groups.sort(key=lambda group: group.rows[0])
        self._withdraw_what_is_not_created(groups)
        changed: list[Alteration] = []
        unchanged: list[Unchanged] = []
        for group in groups:
            if group.entry is not None:
                changes = tuple(_changes(group.entry, group.values))
                rows = tuple(group.rows)
                if changes:
                    changed.append(Alteration(rows, group.entry, changes))
                else:
                    unchanged.append(Unchanged(rows, group.entry))
        return Plan(
            model=self._model,
            file=file,
            columns=self._columns,
            created=tuple(Creation(tuple(g.rows), g.values) for g in groups if g.entry is None),
            changed=tuple(changed),
            unchanged=tuple(unchanged),
            refused=tuple(self._refused),
            leftovers=tuple(self._leftovers),
        )


def _merged(model: type[Entry], one: Mapping[str, Any], two: Mapping[str, Any]) -> dict[str, Any] | None:
    """The answers of two rows as those of one entry; ``None`` if they contradict each other."""
    merged = dict(one)
    for name, value in two.items():
        spec = fields(model)[name]
        if name not in merged or name == NOTES:
            merged[name] = _united_notes(merged.get(name, ""), value) if name == NOTES else value
        elif isinstance(spec, Rows):
            merged[name] = _united_parts(merged[name], value)
        elif isinstance(spec, Choices | References):
            united = dict.fromkeys((*merged[name], *value))
            merged[name] = tuple(united) if isinstance(spec, Choices) else list(united)
        elif merged[name] != value and name != "name":
            return None
    return merged


def _united_notes(one: str, two: str) -> str:
    return "\n".join(dict.fromkeys(line for line in (*one.split("\n"), *two.split("\n")) if line))


def _united_parts(one: Iterable[PartDraft], two: Iterable[PartDraft]) -> list[PartDraft]:
    united: dict[str, PartDraft] = {}
    for draft in (*one, *two):
        identity = draft.stored.id.hex if draft.stored is not None else ""
        united.setdefault(canonical([identity, plain_values(draft.part, dict(draft.values))]), draft)
    return list(united.values())


def _changes(entry: Any, values: Mapping[str, Any]) -> Iterator[Change]:
    specs = fields(type(entry))
    for name in (name for name in specs if name in values):
        before, after = getattr(entry, name), values[name]
        if not _equal(specs[name], before, after):
            yield Change(name, specs[name], before, after)


def _equal(spec: Kind, before: Any, after: Any) -> bool:
    match spec:
        case Rows():
            same_rows = [draft.stored for draft in after] == list(before)
            return same_rows and not any(_differs(draft) for draft in after)
        case References():
            return {item.id for item in before} == {item.id for item in after}
        case Choices():
            return set(before) == set(after)
        case Reference():
            return getattr(before, "id", None) == getattr(after, "id", None)
        case Line() | Prose():
            return cells.comparable(before) == cells.comparable(after)
        case _:
            return bool(before == after)


def _differs(draft: PartDraft) -> bool:
    specs = fields(draft.part)
    return any(
        not _equal(specs[name], getattr(draft.stored, name, empty(specs[name])), value)
        for name, value in draft.values.items()
    )


def new_entry(model: type[Entry], creation: Creation) -> Entry:
    """The entry that *creation* describes, marked as imported and not yet checked."""
    return model(state=State.IMPORTED, **{name: made(value) for name, value in creation.values.items()})


_NAMELESS: Final = Text("Die Bezeichnung fehlt.", "The name is missing.")
_FORBIDDEN: Final = Text(
    "Ihre Rolle erlaubt nicht, {entry} zu ändern.", "Your role does not allow you to change {entry}."
)
_FORBIDDEN_UNIT: Final = Text(
    "Ihre Rolle erlaubt keine Einträge dieser Organisationseinheit.",
    "Your role does not allow entries of this unit.",
)
_AGAIN: Final = Text(
    "Derselbe Eintrag steht schon in Zeile {rows}, mit anderen Angaben.",
    "The same entry already stands in row {rows}, with other answers.",
)
_NO_NAME: Final = Text(
    "In der Datei „{file}“ ist keine Spalte der Bezeichnung oder der laufenden Nummer zugeordnet. "
    "Gefunden wurden die Spalten: {columns}.",
    "In the file “{file}”, no column is matched to the name or the running number. "
    "The columns found are: {columns}.",
)
