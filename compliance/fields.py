"""The vocabulary in which every register and assessment is written.

A field says what is asked, in both languages, and on which legal ground. It
stands once, on its column, and knows nothing of forms, tables or paper: each
of those surfaces holds exactly one ``match`` over the kinds below.
"""

from __future__ import annotations

import enum
import itertools
import re
import unicodedata
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any, Final, Protocol, TypeAlias, TypeVar, cast

from sqlalchemy import Boolean, Date, Dialect, Integer, String, TypeDecorator, inspect
from sqlalchemy import Text as LongText
from sqlalchemy.orm import Mapped, MappedColumn, mapped_column

from compliance.crypto import Sealed
from compliance.database import Moments, now
from compliance.errors import NachweisError
from compliance.language import Text, shown_day, shown_moment, shown_number

# --- Words that can be chosen --------------------------------------------------------------------


class Term(enum.Enum):
    """A closed list of answers; the value of each member is its wording.

    The name of a member is what is stored, so names are retired but never removed.
    """

    # Members are single. The hash of their names would be found anew each time, thousands of times a page.
    __hash__ = object.__hash__

    @property
    def text(self) -> Text:
        wording: Text = self.value
        return wording


@dataclass(frozen=True)
class Code:
    """One entry of a code list, such as a country."""

    name: str
    text: Text


class CodeList:
    """Answers that come as data, too many or too changeable for a :class:`Term`."""

    def __init__(self, codes: Sequence[Code]) -> None:
        self._codes = {code.name: code for code in codes}

    def __getitem__(self, name: str) -> Code:
        return self._codes[name]

    def __contains__(self, name: object) -> bool:
        return name in self._codes

    def __iter__(self) -> Iterator[Code]:
        return iter(self._codes.values())


class Answer(Protocol):
    """What can be chosen: a member of a :class:`Term` or a :class:`Code`."""

    @property
    def name(self) -> str: ...
    @property
    def text(self) -> Text: ...


Words: TypeAlias = type[Term] | CodeList


def answer(words: Words, name: str) -> Any:
    """The answer stored as *name*. Raises :class:`KeyError` if there is none."""
    return words[name]


def in_order(words: Words, chosen: Iterable[Answer]) -> tuple[Any, ...]:
    """The *chosen* answers in the order in which they are offered, each once.

    Who chose first and what second means nothing, so it must not make a difference.
    """
    names = {item.name for item in chosen}
    return tuple(item for item in words if item.name in names)


# --- The kinds of field --------------------------------------------------------------------------


@dataclass(frozen=True)
class Section:
    """A group of fields under one heading of the form."""

    name: str
    title: Text


_order = itertools.count()
_open_sections: list[Section] = []


@contextmanager
def section(name: str, de: str, en: str) -> Iterator[None]:
    """Fields declared inside belong together, on the form, the page and the report."""
    _open_sections.append(Section(name, Text(de, en)))
    try:
        yield
    finally:
        _open_sections.pop()


def _open_section() -> Section | None:
    return _open_sections[-1] if _open_sections else None


@dataclass(frozen=True, kw_only=True)
class Field:
    """What is asked: wording, legal ground, and whether an audit will ask for it."""

    label: Text
    help: Text | None = None
    basis: str = ""
    """Legal ground as it is cited, without the words of the law."""
    expected: bool = False
    """An audit asks for it. Never "cannot be saved": a gap is a finding."""
    listed: bool = False
    """A column of the list, and a filter where there are words to choose from."""
    more: bool = False
    """Folded away under „Weitere Angaben“ until it is filled in."""
    when: str = ""
    """Name of the yes/no field of the same form whose „ja“ makes this one matter."""
    personal: bool = False
    """Names or reaches a person; the journal keeps it apart, so that it can be erased."""
    secret: bool = False
    """Sealed in the database; for texts only. Never listed, sorted, searched or told by the journal."""
    fixed: bool = False
    """Set by a step such as a decision, never by the form."""
    section: Section | None = field(default_factory=_open_section)
    order: int = field(default_factory=lambda: next(_order))


@dataclass(frozen=True, kw_only=True)
class Line(Field):
    """A short text on one line."""

    length: int = 200


@dataclass(frozen=True, kw_only=True)
class Prose(Field):
    """A text of several paragraphs."""


@dataclass(frozen=True, kw_only=True)
class Flag(Field):
    """Yes, no, or not answered yet."""


@dataclass(frozen=True, kw_only=True)
class Day(Field):
    """A calendar day."""


@dataclass(frozen=True, kw_only=True)
class Moment(Field):
    """A point in time, to the minute, shown in German local time."""


@dataclass(frozen=True, kw_only=True)
class Number(Field):
    """A whole number from zero up."""

    unit: Text | None = None


@dataclass(frozen=True, kw_only=True)
class Duration(Field):
    """A length of time such as ten years."""


@dataclass(frozen=True, kw_only=True)
class Choice(Field):
    """One of several words."""

    words: Words


@dataclass(frozen=True, kw_only=True)
class Choices(Field):
    """Any number of several words."""

    words: Words
    other: str = ""
    """Name of the line beside it that takes what matches no word."""


@dataclass(frozen=True, kw_only=True)
class Reference(Field):
    """One entry of a register."""

    target: str


@dataclass(frozen=True, kw_only=True)
class References(Field):
    """Any number of entries of a register."""

    target: str


@dataclass(frozen=True, kw_only=True)
class Rows(Field):
    """Any number of parts, each with fields of its own."""

    part: type


Kind: TypeAlias = (
    Line | Prose | Flag | Day | Moment | Number | Duration | Choice | Choices | Reference | References | Rows
)


# --- Values that need a type of their own --------------------------------------------------------


class TimeUnit(Term):
    """Units of a duration; the stored name is the letter of ISO 8601."""

    D = Text("Tage", "days")
    W = Text("Wochen", "weeks")
    M = Text("Monate", "months")
    Y = Text("Jahre", "years")


_ONE: Final = {
    TimeUnit.D: Text("Tag", "day"),
    TimeUnit.W: Text("Woche", "week"),
    TimeUnit.M: Text("Monat", "month"),
    TimeUnit.Y: Text("Jahr", "year"),
}


@dataclass(frozen=True)
class Span:
    """A length of time as people agree on it: a count of days, weeks, months or years."""

    count: int
    unit: TimeUnit

    def __str__(self) -> str:
        return f"P{self.count}{self.unit.name}"

    @classmethod
    def parse(cls, text: str) -> Span:
        """The span written in ISO 8601, such as ``P10Y``. Raises :class:`ValueError`."""
        found = re.fullmatch(r"P(0|[1-9][0-9]*)([DWMY])", text, re.ASCII)
        if found is None:
            raise ValueError(text)
        return cls(int(found[1]), TimeUnit[found[2]])

    def shown(self, language: str) -> str:
        word = _ONE[self.unit] if self.count == 1 else self.unit.text
        return f"{shown_number(self.count, language)} {word[language]}"


def tidy(text: str) -> str:
    """*text* as it is stored: composed (NFC), Unix line ends, no control characters, no outer space."""
    unix = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    return _UNREADABLE.sub("", unix).strip()


_UNREADABLE: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters except tab and line end (category Cc), and halves of surrogate pairs (Cs)."""


def tidy_line(text: str) -> str:
    """*text* as a line is stored: tidy, and with single spaces."""
    return " ".join(tidy(text).split())


class _Tidy(TypeDecorator[str]):
    """Text that is tidied on its way into the database, whoever sends it."""

    impl = LongText
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str:
        return tidy(value or "")


class _TidyLine(TypeDecorator[str]):
    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str:
        return tidy_line(value or "")


class SealedText(TypeDecorator[str]):
    """A text that :mod:`compliance.sealing` has sealed; anything readable is refused.

    So no statement of any kind writes a secret in clear, or compares it with one.
    """

    impl = LongText
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str:
        if value and not isinstance(value, Sealed):
            raise NachweisError(_IN_CLEAR)
        return value or ""

    def process_result_value(self, value: str | None, dialect: Dialect) -> str:
        return Sealed(value) if value else ""


_IN_CLEAR: Final = Text(
    "Eine vertrauliche Angabe darf nur versiegelt in die Datenbank.",
    "A confidential value may enter the database sealed only.",
)


class WordType(TypeDecorator[Any]):
    """One answer, stored by name. No CHECK: it would refuse the next new term."""

    impl = String(64)
    cache_ok = True

    def __init__(self, words: Words) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: Answer | None, dialect: Dialect) -> str | None:
        return None if value is None else value.name

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else _known(self.words, value)


class WordsType(TypeDecorator[tuple[Any, ...]]):
    """Any number of answers, stored as ``|A|B|`` and read as a tuple.

    A tuple, because a change inside a list would go unnoticed and be lost.
    """

    impl = LongText
    cache_ok = True

    def __init__(self, words: Words) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: Sequence[Answer] | None, dialect: Dialect) -> str:
        chosen = in_order(self.words, value or ())
        return "".join(f"|{item.name}" for item in chosen) + "|" if chosen else ""

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[Any, ...]:
        return _chosen(self.words, value) if value else ()


@lru_cache(maxsize=4096)
def _known(words: Words, name: str) -> Any:
    """The answer stored as *name*; looking up a member of a term by its name is slow."""
    return answer(words, name)


@lru_cache(maxsize=4096)
def _chosen(words: Words, stored: str) -> tuple[Any, ...]:
    """The answers stored as ``|A|B|``; the same few combinations recur in thousands of rows."""
    return tuple(answer(words, name) for name in stored.split("|") if name)


class _Spans(TypeDecorator[Span]):
    impl = String(12)
    cache_ok = True

    def process_bind_param(self, value: Span | None, dialect: Dialect) -> str | None:
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Span | None:
        return None if value is None else Span.parse(value)


# --- Declaring a field on a class ----------------------------------------------------------------

T = TypeVar("T", bound=Term)
_INFO = "field"


@cache
def _stored_as(kind: Callable[..., TypeDecorator[Any]], *options: Hashable) -> TypeDecorator[Any]:
    """How a column is stored: one and the same for two thousand columns, which saves megabytes."""
    return kind(*options)


def line(de: str, en: str, *, length: int = 200, **options: Any) -> MappedColumn[str]:
    """A :class:`Line` as a column."""
    spec = Line(label=Text(de, en), length=length, **options)
    kind = _stored_as(SealedText) if spec.secret else _stored_as(_TidyLine, length)
    return mapped_column(kind, default="", server_default="", info={_INFO: spec})


def prose(de: str, en: str, **options: Any) -> MappedColumn[str]:
    """A :class:`Prose` as a column."""
    spec = Prose(label=Text(de, en), **options)
    kind = _stored_as(SealedText if spec.secret else _Tidy)
    return mapped_column(kind, default="", server_default="", info={_INFO: spec})


def flag(de: str, en: str, **options: Any) -> MappedColumn[bool | None]:
    """A :class:`Flag` as a column; ``None`` until somebody answered."""
    return mapped_column(Boolean, default=None, info={_INFO: Flag(label=Text(de, en), **options)})


def day(de: str, en: str, **options: Any) -> MappedColumn[date | None]:
    """A :class:`Day` as a column."""
    return mapped_column(Date, default=None, info={_INFO: Day(label=Text(de, en), **options)})


def moment(de: str, en: str, **options: Any) -> MappedColumn[datetime | None]:
    """A :class:`Moment` as a column; stored in UTC."""
    return mapped_column(
        _stored_as(Moments), default=None, info={_INFO: Moment(label=Text(de, en), **options)}
    )


def number(de: str, en: str, *, unit: Text | None = None, **options: Any) -> MappedColumn[int | None]:
    """A :class:`Number` as a column; *unit* is what it counts."""
    spec = Number(label=Text(de, en), unit=unit, **options)
    return mapped_column(Integer, default=None, info={_INFO: spec})


def duration(de: str, en: str, **options: Any) -> MappedColumn[Span | None]:
    """A :class:`Duration` as a column."""
    return mapped_column(
        _stored_as(_Spans), default=None, info={_INFO: Duration(label=Text(de, en), **options)}
    )


def choice(words: type[T], de: str, en: str, **options: Any) -> MappedColumn[T | None]:
    """A :class:`Choice` among the members of a term."""
    spec = Choice(label=Text(de, en), words=words, **options)
    return mapped_column(_stored_as(WordType, words), default=None, info={_INFO: spec})


def code(words: CodeList, de: str, en: str, **options: Any) -> MappedColumn[Code | None]:
    """A :class:`Choice` among the entries of a code list."""
    spec = Choice(label=Text(de, en), words=words, **options)
    return mapped_column(_stored_as(WordType, words), default=None, info={_INFO: spec})


def choices(
    words: type[T], de: str, en: str, *, other: str = "", **options: Any
) -> MappedColumn[tuple[T, ...]]:
    """Any :class:`Choices` among the members of a term; *other* names the line for what matches none."""
    spec = Choices(label=Text(de, en), words=words, other=other, **options)
    return mapped_column(_stored_as(WordsType, words), default=(), server_default="", info={_INFO: spec})


def codes(words: CodeList, de: str, en: str, **options: Any) -> MappedColumn[tuple[Code, ...]]:
    """Any :class:`Choices` among the entries of a code list."""
    spec = Choices(label=Text(de, en), words=words, **options)
    return mapped_column(_stored_as(WordsType, words), default=(), server_default="", info={_INFO: spec})


@dataclass(frozen=True)
class Link:
    """A declared tie to other tables; the class that carries it makes columns of it."""

    spec: Reference | References | Rows


def reference(target: str, de: str, en: str, **options: Any) -> Mapped[Any]:
    """One entry of the register whose class is called *target*."""
    return cast("Mapped[Any]", Link(Reference(label=Text(de, en), target=target, **options)))


def references(target: str, de: str, en: str, **options: Any) -> Mapped[list[Any]]:
    """Any number of entries of the register whose class is called *target*."""
    return cast("Mapped[list[Any]]", Link(References(label=Text(de, en), target=target, **options)))


def rows(part: type, de: str, en: str, **options: Any) -> Mapped[list[Any]]:
    """Any number of *part*, in the order the person gave them."""
    return cast("Mapped[list[Any]]", Link(Rows(label=Text(de, en), part=part, **options)))


# --- Asking a class for its fields ---------------------------------------------------------------


def fields(model: type[Any]) -> Mapping[str, Kind]:
    """The fields of *model* by attribute name, in the order they are declared."""
    return _fields(cast(Hashable, model))


@cache
def _fields(model: Any) -> Mapping[str, Kind]:
    # Relationships are not asked, because they are known only once every class is.
    found: dict[str, Kind] = dict(model.ties)
    columns = inspect(model).columns.items()
    found |= {name: column.info[_INFO] for name, column in columns if _INFO in column.info}
    return dict(sorted(found.items(), key=lambda item: item[1].order))


def secrets_of(model: type[Any]) -> Mapping[str, Kind]:
    """The fields of *model* that are sealed."""
    return {name: spec for name, spec in fields(model).items() if spec.secret}


def sections(model: type[Any]) -> Mapping[Section, tuple[str, ...]]:
    """The names of the fields of *model*, grouped as on the form."""
    grouped: dict[Section, list[str]] = {}
    for name, spec in fields(model).items():
        grouped.setdefault(spec.section or _GENERAL, []).append(name)
    return {title: tuple(names) for title, names in grouped.items()}


_GENERAL: Final = Section("general", Text("Grundangaben", "General"))


def empty(spec: Kind) -> Any:
    """What a field holds before anybody answered."""
    match spec:
        case Line() | Prose():
            return ""
        case Flag() | Day() | Moment() | Number() | Duration() | Choice() | Reference():
            return None
        case Choices():
            return ()
        case References() | Rows():
            return []


def as_listed(things: Iterable[Any]) -> list[Any]:
    """What a field refers to, in the one order in which it is shown and recorded; none is stored."""
    return sorted(things, key=str)


def is_empty(value: object) -> bool:
    """Whether nobody answered; „nein“ and 0 are answers."""
    return value is None or value in ("", (), [])


def matters(spec: Kind, entry: object) -> bool:
    """Whether the question arises at all, given the other answers of *entry*."""
    return not spec.when or getattr(entry, spec.when) is True


def missing(entry: object) -> list[str]:
    """Names of the fields an audit asks for and nobody has filled in yet."""
    return [
        name
        for name, spec in fields(type(entry)).items()
        if spec.expected and matters(spec, entry) and is_empty(getattr(entry, name))
    ]


# --- Values as words and as data -----------------------------------------------------------------

SEALED: Final = Text("(versiegelt)", "(sealed)")
"""Stands for a sealed value where only that there is one may be known."""
YES_NO: Final = {True: Text("ja", "yes"), False: Text("nein", "no")}


def shown(spec: Kind, value: Any, language: str) -> str:
    """*value* as a reader of *language* expects to see it; empty if unanswered."""
    if is_empty(value):
        return ""
    match spec:
        case Line() | Prose():
            return SEALED[language] if isinstance(value, Sealed) else str(value)
        case Flag():
            return YES_NO[value][language]
        case Day():
            return shown_day(value, language)
        case Moment():
            return shown_moment(value, language)
        case Number():
            return (
                f"{shown_number(value, language)} {spec.unit[language]}"
                if spec.unit
                else shown_number(value, language)
            )
        case Duration():
            return str(value.shown(language))
        case Choice():
            return str(value.text[language])
        case Choices():
            return ", ".join(item.text[language] for item in in_order(spec.words, value))
        case Reference():
            return str(value)
        case References():
            return "; ".join(map(str, as_listed(value)))
        case Rows():
            return "\n".join(sentence(part, language) for part in value)


def sentence(part: object, language: str) -> str:
    """A row in one line: its answers in the order they are asked."""
    said = (_said(spec, getattr(part, name), language) for name, spec in fields(type(part)).items())
    return " – ".join(words for words in said if words)


def _said(spec: Kind, value: Any, language: str) -> str:
    if isinstance(spec, Flag):
        return spec.label[language] if value else ""
    return shown(spec, value, language)


def plain(spec: Kind, value: Any) -> Any:
    """*value* as JSON: what journal, hash and exchange are made of.

    Referenced entries stand as ``[id, title]``, so that a record stays readable
    after the entry is renamed or gone.
    """
    if is_empty(value):
        return None
    match spec:
        case Line():
            return tidy_line(value)
        case Prose():
            return tidy(value)
        case Flag() | Number():
            return value
        case Day():
            return value.isoformat()
        case Moment():
            return value.astimezone(now().tzinfo).isoformat()
        case Duration():
            return str(value)
        case Choice():
            return value.name
        case Choices():
            return [item.name for item in in_order(spec.words, value)]
        case Reference():
            return [value.id.hex, str(value)]
        case References():
            return [[item.id.hex, str(item)] for item in as_listed(value)]
        case Rows():
            return [{"id": part.id.hex} | answers(part) for part in value]


def answers(entry: object) -> dict[str, Any]:
    """Everything answered in *entry*, as JSON by field name; unanswered and sealed fields are left out."""
    found = {
        name: plain(spec, getattr(entry, name))
        for name, spec in fields(type(entry)).items()
        if not spec.secret
    }
    return {name: value for name, value in found.items() if value is not None}


Simple: TypeAlias = Line | Prose | Flag | Day | Moment | Number | Duration | Choice | Choices


def restored(spec: Simple, value: Any) -> Any:
    """The value that :func:`plain` made JSON of. Raises :class:`ValueError` or :class:`KeyError`."""
    if value is None:
        return empty(spec)
    match spec:
        case Line() | Prose() | Flag() | Number():
            return value
        case Day():
            return date.fromisoformat(value)
        case Moment():
            return datetime.fromisoformat(value)
        case Duration():
            return Span.parse(value)
        case Choice():
            return answer(spec.words, value)
        case Choices():
            return tuple(answer(spec.words, name) for name in value)


def worded(spec: Kind, value: Any, language: str) -> str:
    """What :func:`shown` would say of a value that :func:`plain` made JSON of, even if its target is gone."""
    if value is None:
        return ""
    if spec.secret:
        return SEALED[language]
    match spec:
        case Reference():
            return str(value[1])
        case References():
            return "; ".join(title for _, title in value)
        case Rows():
            return "\n".join(_row_worded(spec, row, language) for row in value)
        case _:
            try:
                return shown(spec, restored(spec, value), language)
            except (KeyError, ValueError):
                return str(value)


def _row_worded(spec: Rows, row: Mapping[str, Any], language: str) -> str:
    said = (_worded_in_row(kind, row.get(name), language) for name, kind in fields(spec.part).items())
    return " – ".join(text for text in said if text)


def _worded_in_row(spec: Kind, value: Any, language: str) -> str:
    if isinstance(spec, Flag):
        return spec.label[language] if value is True else ""
    return worded(spec, value, language)
