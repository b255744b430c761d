"""Entries of a register as records to print: read in batches of columns, never as entities.

A report over ten thousand entries holds five hundred of them at a time and asks
the same few questions for each batch.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final, TypeAlias

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session, aliased

from assessments.described.description import FIELD
from assessments.described.wording import in_language
from compliance.entry import Entry, State, class_called
from compliance.fields import (
    Choice,
    CodeList,
    Flag,
    Kind,
    Line,
    Prose,
    Reference,
    References,
    Rows,
    fields,
    secrets_of,
    shown,
)
from compliance.sealing import opened

BATCH: Final = 500

PartRecord: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Record:
    """One entry as it is printed: simple answers as values, references as titles, rows as mappings."""

    id: uuid.UUID
    designation: str
    state: State
    changed_at: datetime
    version: int
    values: Mapping[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


class Records:
    """The entries with *ids*, in that order; can be iterated again and again.

    Sealed answers are left out unless *names* asks for them; then they are opened.
    """

    def __init__(
        self, session: Session, model: type[Entry], ids: Sequence[uuid.UUID], names: Iterable[str] = ()
    ) -> None:
        self._session = session
        self._model: Any = model
        self._ids = ids
        wanted = set(names) or set(fields(model)) - set(secrets_of(model))
        self.specs: Mapping[str, Kind] = {
            name: spec for name, spec in fields(model).items() if name in wanted
        }

    def __len__(self) -> int:
        return len(self._ids)

    def __iter__(self) -> Iterator[Record]:
        for start in range(0, len(self._ids), BATCH):
            yield from self._batch(self._ids[start : start + BATCH])

    def _batch(self, ids: Sequence[uuid.UUID]) -> Iterator[Record]:
        found = self._simple(ids)
        for name, spec in self.specs.items():
            match spec:
                case Reference():
                    self._add(found, name, self._one_each(name, spec, ids), None)
                case References():
                    self._add(found, name, self._many_each(name, spec, ids), ())
                case Rows():
                    self._add(found, name, self._parts_each(spec, ids), ())
                case _:
                    pass
        for identity in ids:
            values = found[identity]
            yield Record(
                identity,
                self._model.designate(values["@number"]),
                values["@state"],
                values["@changed_at"],
                values["@version"],
                values,
            )

    @staticmethod
    def _add(
        found: dict[uuid.UUID, dict[str, Any]], name: str, each: Mapping[uuid.UUID, Any], nothing: Any
    ) -> None:
        for identity, values in found.items():
            values[name] = each.get(identity, nothing)

    def _simple(self, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, dict[str, Any]]:
        model = self._model
        names = [
            name for name, spec in self.specs.items() if not isinstance(spec, Reference | References | Rows)
        ]
        columns = [getattr(model, name) for name in names]
        query = select(model.id, model.number, model.state, model.changed_at, model.version, *columns)
        keys = ("@number", "@state", "@changed_at", "@version", *names)
        rows = self._session.execute(query.where(model.id.in_(ids)))
        found = {row[0]: dict(zip(keys, row[1:], strict=True)) for row in rows}
        for identity, values in found.items():
            values |= opened(self._session, model, identity, values)
        return found

    def _one_each(self, name: str, spec: Reference, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, str]:
        model, target = self._model, aliased(class_called(spec.target))
        tie = getattr(model, f"{name}_id")
        query = select(model.id, *_title_columns(spec.target, target)).join(target, target.id == tie)
        title = _titler(spec.target)
        return {
            row[0]: title(row[1], row[2]) for row in self._session.execute(query.where(model.id.in_(ids)))
        }

    def _many_each(self, name: str, spec: References, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[str]]:
        links = inspect(self._model).relationships[name].secondary
        target = aliased(class_called(spec.target))
        query = select(links.c.source_id, *_title_columns(spec.target, target))
        query = query.join(target, target.id == links.c.target_id).where(links.c.source_id.in_(ids))
        title = _titler(spec.target)
        each: dict[uuid.UUID, list[str]] = {}
        for row in self._session.execute(query):
            each.setdefault(row[0], []).append(title(row[1], row[2]))
        return {identity: sorted(titles) for identity, titles in each.items()}

    def _parts_each(self, spec: Rows, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[PartRecord]]:
        part: Any = spec.part
        kinds = fields(part)
        simple = [name for name, kind in kinds.items() if not isinstance(kind, Reference)]
        ties = [name for name, kind in kinds.items() if isinstance(kind, Reference)]
        columns = [*(getattr(part, name) for name in simple), *(getattr(part, f"{name}_id") for name in ties)]
        query = select(part.parent_id, part.id, *columns)
        query = query.where(part.parent_id.in_(ids)).order_by(part.parent_id, part.position)
        rows = self._session.execute(query).all()
        titles = {
            name: self._titles(kinds[name], {row[at] for row in rows})
            for at, name in enumerate(ties, 2 + len(simple))
        }
        each: dict[uuid.UUID, list[PartRecord]] = {}
        for row in rows:
            values = dict(zip(("@id", *simple), row[1 : 2 + len(simple)], strict=True))
            for at, name in enumerate(ties, 2 + len(simple)):
                values[f"{name}_id"] = row[at]
                values[name] = titles[name].get(row[at])
            each.setdefault(row[0], []).append(values)
        return each

    def _titles(self, spec: Kind, ids: set[uuid.UUID | None]) -> dict[uuid.UUID, str]:
        """What the entries with *ids* are called."""
        wanted = ids - {None}
        if not isinstance(spec, Reference) or not wanted:
            return {}
        target = class_called(spec.target)
        title = _titler(spec.target)
        query = select(target.id, *_title_columns(spec.target, target)).where(target.id.in_(wanted))
        return {row[0]: title(row[1], row[2]) for row in self._session.execute(query)}


def _title_columns(target_name: str, target: Any) -> tuple[Any, ...]:
    if issubclass(class_called(target_name), Entry):
        return target.number, target.name
    return target.key, target.name


def _titler(target_name: str) -> Callable[[Any, str], str]:
    """A function that makes a title of the columns of :func:`_title_columns`."""
    target = class_called(target_name)
    if issubclass(target, Entry):
        return lambda number, name: f"{target.designate(number)} {name}"
    return lambda key, name: f"{key} {name}".strip()


# --- Records as words ----------------------------------------------------------------------------

Writer: TypeAlias = Callable[[Any], str]


def writer(spec: Kind, language: str) -> Writer:
    """A function that puts the answers to *spec* into words; made once, used for every row."""
    match spec:
        case Reference():
            return lambda title: title or ""
        case References():
            return "; ".join
        case Rows():
            inner = _part_writer(spec.part, language)
            return lambda parts: "\n".join(map(inner, parts))
        case _:
            return _word_writer(spec, language)


def _word_writer(spec: Kind, language: str) -> Writer:
    """What :func:`compliance.fields.shown` says; the kinds that fill a register are looked up."""
    match spec:
        case Prose() if spec in _measures_in_words():
            return lambda text: in_language(text or "", language)
        case Line() | Prose():
            return lambda text: text or ""
        case Choice() if not isinstance(spec.words, CodeList):
            words = {word: word.text[language] for word in spec.words}
            return lambda word: words.get(word, "")
        case _:
            return lambda value: "" if value is None else shown(spec, value, language)


@cache
def _measures_in_words() -> tuple[Kind, ...]:
    """The fields that may hold sentences of the check, which exist in both languages."""
    return tuple(fields(model)[name] for model, name in FIELD.items())


def _part_writer(part: type[Any], language: str) -> Callable[[PartRecord], str]:
    """Words of one row, as :func:`compliance.fields.sentence` says them of an entity."""
    said = [(name, _part_word(spec, language)) for name, spec in fields(part).items()]

    def words(record: PartRecord) -> str:
        answered = (write(record[name]) for name, write in said if record.get(name) is not None)
        return " – ".join(filter(None, answered))

    return words


def _part_word(spec: Kind, language: str) -> Writer:
    match spec:
        case Flag():
            return lambda value: spec.label[language] if value else ""
        case Reference():
            return lambda title: title or ""
        case _:
            return _word_writer(spec, language)


def every_id(session: Session, model: Any) -> Sequence[uuid.UUID]:
    """The ids of all entries of *model* in the order of their numbers, but for the confidential ones."""
    query = select(model.id).order_by(model.number)
    if model.hidden_by:
        query = query.where(getattr(model, model.hidden_by).is_not(True))
    return session.scalars(query).all()
