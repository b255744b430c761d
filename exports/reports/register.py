"""A register as one table: every answer a column, every entry a row with its running number first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, TypeAlias

from compliance.entry import Entry, State
from compliance.fields import (
    Choice,
    Choices,
    Day,
    Flag,
    Kind,
    Line,
    Number,
    Prose,
    Reference,
    References,
    Rows,
)
from compliance.language import Text, shown_day
from exports.document import Block, Cell, Column, Document, Facts, Grid, Heading
from exports.document import Prose as Paragraph
from exports.reports.records import Records, writer
from registers.processing import ProcessingActivity


@dataclass(frozen=True)
class Issuer:
    """On whose behalf and when a report is made."""

    organisation: str
    created: datetime
    language: str


def report(
    model: type[Entry], records: Records, issuer: Issuer, *, view: str = "", front: Facts | None = None
) -> Document:
    """The entries of *records* with all their answers.

    *view* says in words which part of the register this is; *front* is the front
    sheet (Vorblatt) where the register has one.
    """
    language = issuer.language
    grid = Grid(_columns(model, records, language), _Rows(records, language), model.title[language])
    blocks: list[Block] = [Paragraph(view)] if view else []
    if front is not None:
        blocks = [Heading(_FRONT[language]), front, *blocks]
    return Document(
        title=model.title[language],
        organisation=issuer.organisation,
        language=language,
        created=issuer.created,
        blocks=(*blocks, Heading(model.title[language]), grid),
        subject=(_ONE if len(records) == 1 else _SUBJECT).format(count=len(records), title=model.title)[
            language
        ],
        landscape=True,
    )


def _columns(model: type[Entry], records: Records, language: str) -> tuple[Column, ...]:
    number = Column(_NUMBER[language], width=1.0, help=_NUMBER_HELP[language])
    states = (word for state in State for word in state.text[language].split())
    state = Column(_STATE[language], width=1.1, sample=max(states, key=len))
    answers = tuple(_column(model, name, spec, language) for name, spec in records.specs.items())
    return (number, *answers, state)


def _column(model: type[Entry], name: str, spec: Kind, language: str) -> Column:
    return Column(
        spec.label[language],
        width=_width(spec) if name != "name" else 3.0,
        help=spec.help[language] if spec.help else "",
        basis=spec.basis,
        choices=tuple(word.text[language] for word in spec.words) if isinstance(spec, Choice) else (),
        sample=_sample(spec, language),
        on_paper=_fits_on_paper(model, name, spec),
    )


def _sample(spec: Kind, language: str) -> str:
    match spec:
        case Day():
            return shown_day(date(2026, 12, 31), language)
        case Choice():
            words = (part for word in spec.words for part in word.text[language].split())
            return max(words, key=len, default="")
        case _:
            return ""


_ON_PAPER: Final[Mapping[type[Entry], frozenset[str]]] = {
    ProcessingActivity: frozenset(
        ("name", "unit", "purposes", "subjects", "data", "recipients", "processors", "third_country")
    ),
}
"""A sheet holds the core of a register; a workbook holds everything."""


def _fits_on_paper(model: type[Entry], name: str, spec: Kind) -> bool:
    if model in _ON_PAPER:
        return name in _ON_PAPER[model]
    return spec.listed or (isinstance(spec, Rows) and not spec.more)


def _width(spec: Kind) -> float:
    match spec:
        case Rows():
            return 5.0
        case Prose() | References() | Choices():
            return 2.5
        case Line() | Reference():
            return 2.0
        case Flag() | Number() | Day():
            return 1.1
        case _:
            return 1.5


class _Rows:
    """The rows of the table; made anew whenever somebody iterates."""

    def __init__(self, records: Records, language: str) -> None:
        self._records = records
        self._language = language

    def __iter__(self) -> Iterator[tuple[Cell, ...]]:
        language = self._language
        writers = [(name, _cell_writer(spec, language)) for name, spec in self._records.specs.items()]
        for record in self._records:
            values = record.values
            cells = (write(values[name]) for name, write in writers)
            yield (record.designation, *cells, record.state.text[language])


CellWriter: TypeAlias = Callable[[Any], Cell]


def _cell_writer(spec: Kind, language: str) -> CellWriter:
    match spec:
        case Day() | Number():
            return lambda value: value
        case _:
            return writer(spec, language)


_NUMBER: Final = Text("Nr.", "No.")
_NUMBER_HELP: Final = Text(
    "Laufende Nummer; dieselbe in jedem Bericht und in jedem Format.",
    "Running number; the same in every report and every format.",
)
_STATE: Final = Text("Status", "State")
_FRONT: Final = Text("Vorblatt", "Front sheet")
_ONE: Final = Text("{title}: 1 Eintrag", "{title}: 1 entry")
_SUBJECT: Final = Text("{title}: {count} Einträge", "{title}: {count} entries")
