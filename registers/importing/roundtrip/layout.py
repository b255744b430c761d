"""How a workbook for editing is laid out: written by the exports, read again here.

The first sheet has a row for each entry, and each field that consists of rows has
a sheet of its own. A hidden sheet, the stamp, says where the file comes from and
in which version each entry left, so that a change can be told from what was there.
"""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, Final

from compliance.entry import Entry, State
from compliance.fields import (
    YES_NO,
    Choice,
    Choices,
    Day,
    Duration,
    Flag,
    Kind,
    Line,
    Moment,
    Number,
    Prose,
    Reference,
    References,
    Rows,
    fields,
    sections,
    worded,
)
from compliance.journal import canonical
from compliance.language import LOCAL_TIME, Text, shown_day
from registers.importing.cells import comparable
from registers.importing.tables import Cell, words_of

MAIN: Final = "@entries"
"""Key of the sheet with a row for each entry; other sheets have the name of their field."""
ID: Final = "@id"
VERSION: Final = "@version"
NUMBER: Final = "@number"
STATE: Final = "@state"
HIDDEN: Final = (ID, VERSION)

STAMP: Final = "_nachweis"
"""Name of the hidden sheet."""
FORMAT: Final = 1
"""Raised when a file of today could no longer be understood."""
_FIRST_DAY: Final = date(1900, 3, 1)
"""Earlier days are texts, because spreadsheets count them differently."""


@dataclass(frozen=True)
class Column:
    """One column of a sheet."""

    path: str
    """Name of the field, or one of the marks above."""
    header: str
    spec: Kind | None
    """``None`` where a mark stands."""
    help: Text | None = None
    """What a mark means, where it is none of those above."""

    @property
    def is_hidden(self) -> bool:
        return self.path in HIDDEN


@dataclass(frozen=True)
class Sheet:
    """One sheet of the workbook, apart from lists, guide and stamp."""

    key: str
    title: str
    columns: tuple[Column, ...]


@cache
def layout(model: type[Entry], language: str) -> tuple[Sheet, ...]:
    """The sheets on which every answer about entries of *model* stands that people may change."""
    titles = _Names(31)
    main = Sheet(MAIN, titles.new(_tab(model.title[language])), _main_columns(model, language))
    parts = (
        Sheet(name, titles.new(_tab(spec.label[language])), _part_columns(spec, language))
        for name, spec in editable(model).items()
        if isinstance(spec, Rows)
    )
    return (main, *parts)


def editable(model: type[Any]) -> dict[str, Kind]:
    """The fields of *model* that people answer; what steps set has no column."""
    return {name: spec for name, spec in fields(model).items() if not spec.fixed}


def _main_columns(model: type[Entry], language: str) -> tuple[Column, ...]:
    names = _Names(120)
    marks = [Column(path, names.new(label[language]), None) for path, label in _MARKS.items()]
    chapters = {name: chapter.title for chapter, found in sections(model).items() for name in found}
    asked = [
        Column(name, names.new(spec.label[language], chapters[name][language]), spec)
        for name, spec in editable(model).items()
        if not isinstance(spec, Rows)
    ]
    return (*marks, *asked, Column(STATE, names.new(_STATE[language], _OF_ENTRY[language]), None))


def _part_columns(spec: Rows, language: str) -> tuple[Column, ...]:
    names = _Names(120)
    identity = Column(ID, names.new(_MARKS[ID][language]), None)
    number = Column(NUMBER, names.new(_MARKS[NUMBER][language]), None)
    asked = [
        Column(name, names.new(kind.label[language]), kind) for name, kind in editable(spec.part).items()
    ]
    return (identity, number, *asked)


class _Names:
    """Gives names of which no two are alike, whatever their case."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._taken: set[str] = {STAMP, "history"}

    def new(self, wanted: str, addition: str = "") -> str:
        """*wanted* itself, with the *addition* if it is taken, or with a number."""
        first = (wanted, f"{wanted} ({addition})") if addition else (wanted,)
        others = (f"{wanted[: self._most - 9]} ({number})" for number in itertools.count(2))
        candidates = (_shortened(name, self._most) for name in itertools.chain(first, others))
        name = next(each for each in candidates if each.casefold() not in self._taken)
        self._taken.add(name.casefold())
        return name


def _shortened(name: str, most: int) -> str:
    return name if len(name) <= most else f"{name[: most - 1].rstrip()}…"


def _tab(name: str) -> str:
    """*name* without what no sheet may be called."""
    return " ".join(re.sub(r"[\[\]:*?/\\]", " ", name).split()).strip("'")


# --- Cells ---------------------------------------------------------------------------------------

Titles = Mapping[str, str]
"""What each entry that is referred to is called in the file, by its id."""


def written(spec: Kind, value: Any, language: str, titles: Titles) -> Cell:
    """What stands in the cell of an answer, as :func:`compliance.fields.plain` made JSON of it.

    Several words or entries stand on lines of their own, because names may contain
    every other mark. Texts may be longer than a cell can hold.
    """
    if value is None:
        return None
    match spec:
        case Line() | Prose():
            return str(value)
        case Flag():
            return YES_NO[value][language]
        case Number():
            return int(value)
        case Day():
            return _counted(date.fromisoformat(value), language)
        case Moment():
            return _clock(value, language)
        case Choice() | Duration():
            return worded(spec, value, language)
        case Choices():
            one = Choice(label=spec.label, words=spec.words)
            return "\n".join(worded(one, name, language) for name in value)
        case Reference():
            return _title(value, titles)
        case References():
            return "\n".join(sorted(_title(pair, titles) for pair in value))
        case Rows():
            raise TypeError(spec)


def _counted(day: date, language: str) -> Cell:
    return day if day >= _FIRST_DAY else shown_day(day, language)


def _clock(value: str, language: str) -> Cell:
    moment = (
        datetime.fromisoformat(value).astimezone(LOCAL_TIME).replace(second=0, microsecond=0, tzinfo=None)
    )
    if moment.date() >= _FIRST_DAY:
        return moment
    return f"{shown_day(moment.date(), language)} {moment:%H:%M}"


def _title(pair: Sequence[str], titles: Titles) -> str:
    identity, title = pair
    return titles.get(identity) or " ".join(title.split())


def number_of(entry_state: Mapping[str, Any]) -> str:
    """The running number in what the journal keeps of an entry."""
    return str(entry_state[NUMBER])


def state_word(name: str, language: str) -> str:
    """What the state stored as *name* is called."""
    return State[name].text[language]


def unique_titles(records: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Titles by id, of which no two are alike, so that a title in a cell means one entry."""
    names = _Names(400)
    return {identity: names.new(" ".join(title.split()) or identity) for identity, title in records}


# --- What makes sure -----------------------------------------------------------------------------


class Digest:
    """What the cells about one entry say, in few characters, whatever order rows and columns have."""

    def __init__(self) -> None:
        self._said: list[list[str]] = []

    def add(self, sheet: str, identity: str, cells: Iterable[tuple[str, Cell]]) -> None:
        """Counts the row of the part, or of the entry itself, that *identity* names."""
        for path, cell in cells:
            if words := comparable(words_of(cell)):
                self._said.append([sheet, identity, path, words])

    def hexdigest(self) -> str:
        return hashlib.sha256(canonical(sorted(self._said)).encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Left:
    """One entry as it left the house."""

    id: str
    number: str
    version: int
    digest: str


@dataclass(frozen=True)
class Stamp:
    """What the hidden sheet says: where the file comes from, and how its sheets are to be read."""

    register: str
    organisation: str
    schema: str
    exported: str
    language: str
    sheets: Mapping[str, str]
    """Titles by key."""
    columns: Mapping[str, Mapping[str, str]]
    """Paths by header, for each sheet by its key."""
    entries: Mapping[str, Left]
    """By id."""
    targets: Mapping[str, tuple[str, str]]
    """Class and title of everything that can be referred to, by id."""

    @property
    def titles(self) -> Titles:
        return {identity: title for identity, (_class, title) in self.targets.items()}

    def rows(self) -> Iterator[tuple[str | int, ...]]:
        """The rows of the hidden sheet."""
        yield "nachweis", FORMAT
        yield "register", self.register
        yield "organisation", self.organisation
        yield "schema", self.schema
        yield "exported", self.exported
        yield "language", self.language
        for key, title in self.sheets.items():
            yield "sheet", key, title
            for header, path in self.columns[key].items():
                yield "column", key, path, header
        for left in self.entries.values():
            yield "entry", left.id, left.number, left.version, left.digest
        for identity, (class_name, title) in self.targets.items():
            yield "target", identity, class_name, title

    @classmethod
    def from_rows(cls, rows: Iterable[Sequence[str]]) -> Stamp:
        """The stamp that :meth:`rows` tells. Raises :class:`ValueError` if it tells something else."""
        facts: dict[str, str] = {}
        sheets: dict[str, str] = {}
        columns: dict[str, dict[str, str]] = {}
        entries: dict[str, Left] = {}
        targets: dict[str, tuple[str, str]] = {}
        for row in rows:
            match [text for text in row if text]:
                case ["sheet", key, title]:
                    sheets[key] = title
                    columns.setdefault(key, {})
                case ["column", key, path, header]:
                    columns.setdefault(key, {})[header] = path
                case ["entry", identity, number, version, digest]:
                    entries[identity] = Left(identity, number, int(version), digest)
                case ["target", identity, class_name, title]:
                    targets[identity] = (class_name, title)
                case [name, value]:
                    facts[name] = value
                case [] | [_]:
                    pass
                case _:
                    raise ValueError(row)
        if facts.get("nachweis") != str(FORMAT):
            raise ValueError(facts)
        said = {name: facts.get(name, "") for name in ("register", "organisation", "schema", "exported")}
        return cls(
            **said,
            language=facts.get("language", "de"),
            sheets=sheets,
            columns=columns,
            entries=entries,
            targets=targets,
        )


def stamped(
    model: type[Entry],
    organisation: str,
    exported: datetime,
    language: str,
    entries: Iterable[Left],
    targets: Mapping[str, tuple[str, str]],
) -> Stamp:
    """The stamp of a workbook with *entries* of *model*."""
    sheets = layout(model, language)
    return Stamp(
        register=model.slug,
        organisation=organisation,
        schema=schema(model),
        exported=exported.astimezone(LOCAL_TIME).isoformat(timespec="seconds"),
        language=language,
        sheets={sheet.key: sheet.title for sheet in sheets},
        columns={sheet.key: {column.header: column.path for column in sheet.columns} for sheet in sheets},
        entries={left.id: left for left in entries},
        targets=targets,
    )


@cache
def schema(model: type[Entry]) -> str:
    """Names the shape of the register: what is asked, and in which way."""
    shape = [
        [sheet.key, [[column.path, type(column.spec).__name__] for column in sheet.columns]]
        for sheet in layout(model, "de")
    ]
    return hashlib.sha256(canonical(shape).encode()).hexdigest()[:16]


_MARKS: Final = {
    ID: Text("Kennung (nicht ändern)", "Id (do not change)"),
    VERSION: Text("Fassung (nicht ändern)", "Version (do not change)"),
    NUMBER: Text("Nr.", "No."),
}
_STATE: Final = Text("Status", "State")
_OF_ENTRY: Final = Text("Eintrag", "Entry")
