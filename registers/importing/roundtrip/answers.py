"""Reads a cell of an edited workbook as the answer to its question; what is not certain is a problem."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy.orm import Session

from compliance.entry import Entry
from compliance.fields import (
    Choice,
    Choices,
    Kind,
    Line,
    Moment,
    Prose,
    Reference,
    References,
    empty,
    tidy,
    tidy_line,
)
from compliance.language import Text
from registers.importing import cells
from registers.importing.cells import Unreadable, comparable
from registers.importing.known import Known, called
from registers.importing.roundtrip.book import Formula
from registers.importing.roundtrip.layout import Stamp, written
from registers.importing.roundtrip.plans import Rights
from registers.importing.tables import Broken, Cell, words_of


class Answers:
    """Knows what was written into a cell, and what a cell says now."""

    def __init__(self, session: Session, stamp: Stamp, rights: Rights) -> None:
        self._stamp = stamp
        self._titles = stamp.titles
        self._targets = _Targets(session, stamp, rights)

    def unedited(self, spec: Kind, base: Any, cell: Cell) -> bool:
        """Whether *cell* is what was written for *base*."""
        if isinstance(cell, Broken):
            return False
        before = written(spec, base, self._stamp.language, self._titles)
        return cells.same(words_of(before), words_of(_whole_minutes(cell)))

    def understood(self, spec: Kind, cell: Cell) -> Any:
        """The answer in *cell*. Raises :class:`Unreadable`."""
        if isinstance(cell, Formula):
            raise Unreadable(FORMULA)
        if isinstance(cell, Broken) or words_of(cell):
            return self._read(spec, cell)
        return empty(spec)

    def _read(self, spec: Kind, cell: Cell) -> Any:
        text = words_of(cell)
        match spec:
            case Prose() | Line() if len(text) > _LONGEST and _CUT in text:
                raise Unreadable(_WAS_CUT)
            case Line() if len(tidy_line(text)) > spec.length:
                raise Unreadable(_TOO_LONG.format(length=spec.length, count=len(tidy_line(text))))
            case Choice():
                exact = _exact(spec.words, text)
                return exact if exact is not None else self._certain(spec, cell)
            case Choices() | References() if "\n" in tidy(text):
                one = _one_of(spec)
                found = [self._read(one, piece) for piece in tidy(text).split("\n") if piece.strip()]
                return (
                    tuple(dict.fromkeys(found)) if isinstance(spec, Choices) else list(dict.fromkeys(found))
                )
            case Choices():
                exact = _exact(spec.words, text)
                return (exact,) if exact is not None else self._certain(spec, cell)
            case References():
                whole = self._targets.find(spec.target, text)
                return [whole] if whole is not None else self._certain(spec, cell)
            case Moment() if isinstance(cell, date) and not isinstance(cell, datetime):
                return self._certain(spec, datetime(cell.year, cell.month, cell.day))  # noqa: DTZ001 -- a cell has no zone
            case Moment():
                return self._certain(spec, _whole_minutes(cell))
            case _:
                return self._certain(spec, cell)

    def _certain(self, spec: Kind, cell: Cell) -> Any:
        answer = cells.read(spec, cell, self._targets.find)
        if answer.rest:
            wording = _NO_ENTRY if isinstance(spec, Reference | References) else _NOT_UNDERSTOOD
            raise Unreadable(wording.format(words=answer.rest[:80]))
        return answer.value


class _Targets:
    """Finds what is referred to, by its title in the file first; loads each register when it is asked for."""

    def __init__(self, session: Session, stamp: Stamp, rights: Rights) -> None:
        self._session = session
        self._rights = rights
        self._listed = {
            (class_name, comparable(title)): identity
            for identity, (class_name, title) in stamp.targets.items()
        }
        self._named: dict[str, dict[str, Any]] = {}
        self._by_id: dict[str, Any] = {}

    def find(self, class_name: str, words: str) -> Any:
        """The record that is called so and exists for whoever sends the file, or ``None``."""
        if class_name not in self._named:
            self._load(class_name)
        identity = self._listed.get((class_name, comparable(words)))
        if identity in self._by_id:
            return self._by_id[identity]
        return Known(targets=self._named).find(class_name, words)

    def _load(self, class_name: str) -> None:
        found = called(self._session, class_name)
        self._named[class_name] = {name: record for name, record in found.items() if self._exists(record)}
        self._by_id |= {record.id.hex: record for record in self._named[class_name].values()}

    def _exists(self, record: Any) -> bool:
        return not isinstance(record, Entry) or self._rights.sees(record)


def _exact(words: Any, text: str) -> Any:
    """The word whose wording *text* is, if it is that of one alone."""
    said = comparable(text)
    found = [word for word in words if said in (comparable(word.text.de), comparable(word.text.en))]
    return found[0] if len(found) == 1 else None


def _one_of(spec: Choices | References) -> Choice | Reference:
    if isinstance(spec, Choices):
        return Choice(label=spec.label, words=spec.words)
    return Reference(label=spec.label, target=spec.target)


def _whole_minutes(cell: Cell) -> Cell:
    """*cell* to the minute; spreadsheets count moments in fractions of days and miss by milliseconds."""
    if isinstance(cell, datetime):
        return (cell + timedelta(seconds=30)).replace(second=0, microsecond=0)
    return cell


_LONGEST: Final = 30_000
_CUT: Final = " […] ("

FORMULA: Final = Text(
    "Formeln werden nicht gelesen; tragen Sie den Wert selbst ein.",
    "Formulas are not read; please enter the value itself.",
)
_WAS_CUT: Final = Text(
    "Der Text ist länger, als eine Zelle fasst, und steht hier gekürzt. Ändern Sie ihn in der Anwendung.",
    "The text is longer than a cell can hold and is shortened here. Please change it in the application.",
)
_TOO_LONG: Final = Text(
    "Höchstens {length} Zeichen; es sind {count}.", "At most {length} characters; there are {count}."
)
_NOT_UNDERSTOOD: Final = Text(
    "„{words}“ gehört nicht zu den zulässigen Angaben (siehe Blatt „Anleitung“).",
    "“{words}” is not among the answers allowed (see the sheet “Guide”).",
)
_NO_ENTRY: Final = Text("„{words}“ ist kein bekannter Eintrag.", "“{words}” is not a known entry.")
