"""What an audit would object to, as rules with a source and an example on each side.

A rule (Prüfregel) is a pure function with a stable id, a severity, a source in law and
one example that breaks it and one that keeps it. It says which facts it needs besides
the entry itself, so that they can be read for many entries at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cache, lru_cache
from typing import Any, Final, Generic, TypeAlias, TypeVar, cast

from sqlalchemy import (
    Select,
    Table,
    and_,
    bindparam,
    inspect,
    select,
)

from compliance.database import Query
from compliance.entry import Entry, Part, class_called
from compliance.fields import References, Rows, Term, fields, sections
from compliance.language import LOCAL_TIME, Text, day_words
from compliance.people import LegalForm

CONFIRM: Final = "confirm"
"""How the name of a task begins that only the department can do, and nobody who advises it."""


class Severity(Term):
    """How much a finding weighs."""

    ERROR = Text("Fehler", "Error")
    WARNING = Text("Warnung", "Warning")
    HINT = Text("Hinweis", "Hint")


@dataclass(frozen=True)
class Hit:
    """One place where a rule is broken."""

    part: Part | None = None
    """The row it concerns; ``None`` for the entry as a whole."""
    words: Mapping[str, str] = field(default_factory=dict)
    """What fills the placeholders of the rule's wording, the same in every language; days in ISO form.

    ``field`` holds the name of a field and is read as its label, see :meth:`Rule.said`.
    """
    severity: Severity | None = None
    """Where one case weighs differently from the rule."""
    task: str = ""
    """What somebody has to look at again because of it, if that cannot wait for whoever opens the entry.

    In at most 64 characters, see :meth:`compliance.entry.Entry.task_label` and :data:`CONFIRM`;
    for registers that are :attr:`compliance.entry.Entry.recalled`.
    """


@dataclass(frozen=True)
class Situation:
    """What a rule may know besides the entry itself."""

    today: date
    legal_form: LegalForm = LegalForm.AUTHORITY
    near: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    """Entries that refer to the judged one, by the name of their class, and whatever else a rule asks for."""
    land: str = "SH"
    """Code of the Land; some duties exist in one Land only."""
    at: datetime | None = None
    """The moment of judging, where it is known to the hour."""

    @property
    def now(self) -> datetime:
        """The moment of judging; noon of *today* where only the day is known."""
        return self.at or datetime.combine(self.today, time(12), LOCAL_TIME)

    @property
    def is_authority(self) -> bool:
        return self.legal_form is LegalForm.AUTHORITY


@dataclass(frozen=True)
class Case:
    """An example: an entry in a situation."""

    entry: Any
    situation: Situation = field(default_factory=lambda: Situation(date(2026, 3, 2)))


Narrow: TypeAlias = Callable[[Select[Any]], Select[Any]]


@dataclass(frozen=True)
class Reads:
    """Facts a rule needs of the entries that refer to the judged one."""

    model: str
    via: str
    """Name of the reference, or of the plain column, by which they refer to it.

    ``data.rule`` is the reference ``rule`` of the rows ``data``.
    """
    columns: tuple[str, ...]
    narrow: Narrow | None = None
    """Makes the query smaller where no rule needs each of them; the same for all rules of a register."""
    at: str = "id"
    """Name of the column of the judged entry that they refer to, such as a key that must be unique."""
    moved: Callable[[Any], bool] | None = None
    """Whether what is being saved, and not removed, can change the facts; unsaid, anything may.

    Said where so much refers to one entry that judging it each time would be felt.
    """


@dataclass(frozen=True)
class Heeds:
    """What a rule reads of the entries to which the judged one, or a row of it, refers.

    When one of *columns* changes there, everything that refers to it is judged again.
    """

    model: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Asks:
    """Facts a rule needs to which no reference leads, such as entries that stand beside the judged one.

    They are as they were when the entry was last judged: a change elsewhere shows when the
    entry is saved again, or on the next day.
    """

    name: str
    """Under which the rule finds the rows in :attr:`Situation.near`."""
    query: Callable[[], Query]
    """Gives the id of the judged entry first, narrowed to the parameters ``organisation`` and ``ids``."""


@dataclass(frozen=True)
class Follows(Asks):
    """Facts of what the judged entry refers to, or of another register as a whole.

    Here a change elsewhere judges the entry again at once. Made by :func:`follows` and :func:`surveys`.
    """

    columns: tuple[str, ...]
    """What has to change in an entry of the class :attr:`name` to make a difference."""
    dependents: Callable[[], Query]
    """Gives the ids of the judged entries that depend on one of ``ids`` in ``organisation``."""


def follows(judged: type[Any], via: str, columns: tuple[str, ...]) -> Follows:
    """Facts of the entries to which *judged* refers by its references *via*."""
    target_name = cast("References", fields(judged)[via]).target

    def query() -> Query:
        links, target = inspect(judged).relationships[via].secondary, class_called(target_name)
        both = and_(target.organisation_id == links.c.organisation_id, target.id == links.c.target_id)
        wanted = [getattr(target, column) for column in columns]
        found = select(links.c.source_id, *wanted).join(target, both)
        return found.where(_mine(links), links.c.source_id.in_(_IDS))

    def dependents() -> Query:
        links = inspect(judged).relationships[via].secondary
        return select(links.c.source_id).where(_mine(links), links.c.target_id.in_(_IDS))

    return Follows(target_name, query, columns, dependents)


def surveys(judged: type[Any], model: type[Any], columns: tuple[str, ...]) -> Follows:
    """Facts of every entry of *model* in the organisation of the one that is *judged*."""

    def query() -> Query:
        wanted = [getattr(model, column) for column in columns]
        found = select(judged.id, *wanted).join(model, model.organisation_id == judged.organisation_id)
        return found.where(_mine(cast("Table", judged.__table__)), judged.id.in_(_IDS))

    def dependents() -> Query:
        return select(judged.id).where(_mine(cast("Table", judged.__table__)))

    return Follows(model.__name__, query, columns, dependents)


_IDS: Final[Any] = bindparam("ids", expanding=True)


def _mine(table: Table) -> Any:
    return table.c.organisation_id == bindparam("organisation")


E = TypeVar("E", bound=Entry)
Check: TypeAlias = Callable[[E, Situation], Iterable[Hit]]


@dataclass(frozen=True)
class Rule(Generic[E]):
    """A check with everything an auditor asks about it."""

    id: str
    severity: Severity
    source: str
    """The duty in law or standard."""
    says: Text
    """What is wrong, with ``{placeholders}`` for the words of a hit."""
    remedy: Text
    """What to do about it."""
    field: str
    """Where on the form it is repaired."""
    judges: type[E]
    check: Check[E]
    breaks: Callable[[], Case]
    keeps: Callable[[], Case]
    reads: tuple[Reads | Asks, ...] = ()
    heeds: tuple[Heeds, ...] = ()

    @property
    def designation(self) -> Text:
        """How people call the rule."""
        return Text(f"Prüfregel {self.id}", f"Rule {self.id}")

    def said(self, words: Mapping[str, str]) -> Text:
        """What is wrong in one place.

        A day is written as each language writes it. Where a word ``field`` names a field
        of the register or of its rows, the wording gets its label as ``{field}`` and the
        heading it stands under as ``{section}``.
        """
        return _said(self.says, self.judges, tuple(words.items()))


@lru_cache(maxsize=4096)
def _said(says: Text, judges: type[Entry], words: tuple[tuple[str, str], ...]) -> Text:
    """*says* filled in; of hundreds of findings on a page most say the same as another."""
    values: dict[str, Text | str] = {name: _day_or(word) for name, word in words}
    for name, word in words:
        if name == "field":
            values |= _labels(judges, word)
    return says.format(**values)


_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


def _day_or(word: str) -> Text | str:
    """*word*, in both languages where it is a day in ISO form."""
    if _DAY.fullmatch(word):
        with suppress(ValueError):
            return day_words(date.fromisoformat(word))
    return word


@cache
def _labels(model: type[Any], name: str) -> dict[str, Text]:
    """Label and heading of the field *name* of *model* or of its rows."""
    row_classes = (spec.part for spec in fields(model).values() if isinstance(spec, Rows))
    owner = next(owner for owner in (model, *row_classes) if name in fields(owner))
    heading = next(heading for heading, names in sections(owner).items() if name in names)
    return {"field": fields(owner)[name].label, "section": heading.title}


class RuleBook(Generic[E]):
    """The rules about one register, in the order in which they are written."""

    def __init__(self, judges: type[E]) -> None:
        self.judges = judges
        self.rules: list[Rule[E]] = []

    def __iter__(self) -> Iterator[Rule[E]]:
        return iter(self.rules)

    def rule(
        self,
        id: str,
        severity: Severity,
        source: str,
        *,
        field: str,
        says: Text,
        remedy: Text,
        breaks: Callable[[], Case | E],
        keeps: Callable[[], Case | E],
        reads: tuple[Reads | Asks, ...] = (),
        heeds: tuple[Heeds, ...] = (),
    ) -> Callable[[Check[E]], Check[E]]:
        """Adds the decorated check to the book."""

        def add(check: Check[E]) -> Check[E]:
            self.rules.append(
                Rule(
                    id,
                    severity,
                    source,
                    says,
                    remedy,
                    field,
                    self.judges,
                    check,
                    lambda: _case(breaks()),
                    lambda: _case(keeps()),
                    reads,
                    heeds,
                )
            )
            return check

        return add


def _case(example: Case | Entry) -> Case:
    return example if isinstance(example, Case) else Case(example)


P = TypeVar("P", bound=Part)
_LONGEST_NAME: Final = 80


@lru_cache(maxsize=1024)
def opening(text: str) -> str:
    """*text* on one line, as far as a finding quotes it."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_NAME else f"{line[: _LONGEST_NAME - 1].rstrip()}…"


def named(parts: Iterable[P]) -> Iterator[tuple[P, str]]:
    """Each row with what a finding calls it: how it begins, or its position if nothing is written there."""
    for position, part in enumerate(parts, start=1):
        yield part, called(part, position)


def called(part: Part, position: int) -> str:
    """What a finding calls the row at *position*, counted from 1."""
    return opening(str(getattr(part, _first_field(type(part))) or "")) or str(position)


@cache
def _first_field(part: type[Part]) -> str:
    return next(iter(fields(part)))


def hits(parts: Iterable[P], broken: Callable[[P], bool]) -> Iterator[Hit]:
    """A hit on each row that is *broken*; ``{what}`` in the wording is the row."""
    for position, part in enumerate(parts, start=1):
        if broken(part):
            yield Hit(part, {"what": called(part, position)})
