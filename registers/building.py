"""Makes an entry of plain data, such as a TOML or JSON file holds: samples, demo content, exchange.

The shapes are those of :func:`compliance.fields.plain`, with two differences
that a file written by hand needs: an entry referred to stands by its name, and
the ``id`` of a row is skipped, because new entries have new rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, TypeAlias, TypeVar

from compliance.entry import Entry, Part, Record
from compliance.errors import Refused
from compliance.fields import (
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
    Span,
    Words,
    answer,
    empty,
    fields,
)
from compliance.language import Text

E = TypeVar("E", bound=Entry)

Find: TypeAlias = Callable[[str, str], Record]
"""Answers with the record of the class of the first name that is called by the second.

Raises :class:`KeyError` if there is none.
"""


def nothing_to_refer_to(class_name: str, name: str) -> Record:
    """Knows no record at all, for data without references."""
    raise KeyError(f"{class_name} {name}")


def build(model: type[E], data: Mapping[str, Any], find: Find = nothing_to_refer_to) -> E:
    """A new *model* with the answers of *data*; what *data* leaves out stays unanswered.

    Terms and codes stand by name, days in ISO 8601 or as dates of TOML,
    durations as ``P10Y``, rows as tables, referenced entries by the name under
    which *find* knows them. Raises :class:`Refused`, naming model, field and
    value, for a field that does not exist and for a value that does not fit.
    """
    return model(**_values(model, data, _Place(model.one), find))


@dataclass(frozen=True)
class _Place:
    """Where in the data a value stands, in the words of the form."""

    words: Text

    def field(self, name: str, label: Text) -> _Place:
        return _Place(_FIELD.format(where=self.words, label=label, name=name))

    def row(self, position: int) -> _Place:
        return _Place(_ROW.format(where=self.words, position=position))

    def refused(self, reason: Text, value: Any) -> Refused:
        return Refused(_REFUSAL.format(where=self.words, reason=reason, value=_quoted(value)))


def _quoted(value: Any) -> str:
    words = str(value)
    return words if len(words) <= _LONGEST_QUOTE else f"{words[:_LONGEST_QUOTE]}…"


def _values(model: type[Entry | Part], data: Mapping[str, Any], place: _Place, find: Find) -> dict[str, Any]:
    known = fields(model)
    for name in data:
        if name not in known:
            raise place.refused(_NO_SUCH_FIELD, name)
    return {
        name: empty(known[name])
        if value is None
        else _value(known[name], value, place.field(name, known[name].label), find)
        for name, value in data.items()
    }


def _value(spec: Kind, value: Any, place: _Place, find: Find) -> Any:
    match spec:
        case Line():
            return _line(spec, value, place)
        case Prose():
            return _text(value, place)
        case Flag():
            return _flag(value, place)
        case Day():
            return _day(value, place)
        case Moment():
            return _moment(value, place)
        case Number():
            return _number(value, place)
        case Duration():
            return _span(value, place)
        case Choice():
            return _word(spec.words, value, place)
        case Choices():
            return tuple(_word(spec.words, item, place) for item in _list(value, place))
        case Reference():
            return _found(spec.target, value, place, find)
        case References():
            return [_found(spec.target, item, place, find) for item in _list(value, place)]
        case Rows():
            return _rows(spec.part, value, place, find)


def _text(value: Any, place: _Place) -> str:
    if not isinstance(value, str):
        raise place.refused(_NO_TEXT, value)
    return value


def _line(spec: Line, value: Any, place: _Place) -> str:
    text = _text(value, place)
    if len(text) > spec.length:
        raise place.refused(_TOO_LONG.format(length=spec.length), value)
    return text


def _flag(value: Any, place: _Place) -> bool:
    if not isinstance(value, bool):
        raise place.refused(_NO_FLAG, value)
    return value


def _number(value: Any, place: _Place) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise place.refused(_NO_NUMBER, value)
    return value


def _day(value: Any, place: _Place) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(_text(value, place))
    except ValueError:
        raise place.refused(_NO_DAY, value) from None


def _moment(value: Any, place: _Place) -> datetime:
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(_text(value, place))
    except ValueError:
        raise place.refused(_NO_MOMENT, value) from None
    if moment.tzinfo is None:
        raise place.refused(_NO_MOMENT, value)
    return moment


def _span(value: Any, place: _Place) -> Span:
    try:
        span = Span.parse(_text(value, place))
    except ValueError:
        raise place.refused(_NO_SPAN, value) from None
    if span.count < 0 or str(span) != value:
        raise place.refused(_NO_SPAN, value)
    return span


def _word(words: Words, value: Any, place: _Place) -> Any:
    try:
        return answer(words, _text(value, place))
    except KeyError:
        raise place.refused(_NO_SUCH_WORD, value) from None


def _list(value: Any, place: _Place) -> list[Any]:
    if not isinstance(value, list | tuple):
        raise place.refused(_NO_LIST, value)
    return list(value)


def _found(class_name: str, value: Any, place: _Place, find: Find) -> Record:
    try:
        return find(class_name, _text(value, place))
    except KeyError:
        raise place.refused(_NO_SUCH_ENTRY, value) from None


def _rows(part: type[Part], value: Any, place: _Place, find: Find) -> list[Part]:
    return [_row(part, row, place.row(n), find) for n, row in enumerate(_list(value, place), start=1)]


def _row(part: type[Part], row: Any, place: _Place, find: Find) -> Part:
    if not isinstance(row, Mapping):
        raise place.refused(_NO_ROW, row)
    return part(**_values(part, {name: row[name] for name in row if name != "id"}, place, find))


_LONGEST_QUOTE: Final = 80

_FIELD: Final = Text("{where}, Feld „{label}“ ({name})", "{where}, field “{label}” ({name})")
_ROW: Final = Text("{where}, Zeile {position}", "{where}, row {position}")
_REFUSAL: Final = Text("{where}: „{value}“ {reason}.", "{where}: “{value}” {reason}.")

_NO_SUCH_FIELD: Final = Text("ist kein bekanntes Feld", "is not a known field")
_NO_TEXT: Final = Text("ist kein Text", "is not a text")
_TOO_LONG: Final = Text("ist länger als {length} Zeichen", "is longer than {length} characters")
_NO_FLAG: Final = Text("ist weder ja noch nein (true, false)", "is neither yes nor no (true, false)")
_NO_NUMBER: Final = Text("ist keine ganze Zahl ab 0", "is not a whole number from 0 up")
_NO_DAY: Final = Text("ist kein Tag wie 2026-11-23", "is not a day such as 2026-11-23")
_NO_MOMENT: Final = Text(
    "ist kein Zeitpunkt mit Zeitzone wie 2026-11-23T09:30+01:00",
    "is not a moment with time zone such as 2026-11-23T09:30+01:00",
)
_NO_SPAN: Final = Text("ist keine Dauer wie P10Y", "is not a duration such as P10Y")
_NO_SUCH_WORD: Final = Text("gehört nicht zur Auswahl", "is not one of the words to choose from")
_NO_LIST: Final = Text("ist keine Liste", "is not a list")
_NO_ROW: Final = Text("ist keine Zeile aus Feld und Wert", "is not a row of fields and values")
_NO_SUCH_ENTRY: Final = Text("ist nicht vorhanden", "does not exist")
