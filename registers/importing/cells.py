"""The one place where the cell of a table becomes the answer to a question."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, TypeAlias

from compliance.database import folded
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
    TimeUnit,
    Words,
    fields,
    sentence,
    shown,
    tidy,
    tidy_line,
)
from compliance.language import LANGUAGES, LOCAL_TIME, Text
from registers.importing.lists import T, in_order, pieces, sorted_out, unmarked
from registers.importing.tables import Broken, Cell, words_of
from registers.importing.vocabulary import bare, beyond_citations, citations, known_words

Find: TypeAlias = Callable[[str, str], Any]
"""The record of the class of the first name that is called by the second, or ``None``."""


def finds_nothing(_class_name: str, _words: str) -> None:
    """Knows no record at all."""


class Unreadable(Exception):
    """A cell that says something its question has no answer for."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.de)
        self.reason = reason


@dataclass(frozen=True)
class Answer:
    """What a cell says."""

    value: Any
    rest: str = ""
    """Words of the cell that the value does not say: unknown ones, or those beyond the length of a line."""
    too_long: bool = False
    """Whether :attr:`rest` is the whole text of which the value is the beginning."""


def read(spec: Kind, cell: Cell, find: Find = finds_nothing) -> Answer:
    """The answer that *cell* gives to *spec*.

    Words that can be chosen are known in both languages, by their stored name and by
    the article they cite; entries by number, by name and by both. Raises
    :class:`Unreadable` for what cannot be understood at all.
    """
    if isinstance(cell, Broken):
        raise Unreadable(_BROKEN.format(cell=cell.words))
    text = tidy(words_of(cell))
    if not text:
        raise ValueError("An empty cell is no answer.")
    return _read(spec, cell, text, find)


def _read(spec: Kind, cell: Cell, text: str, find: Find) -> Answer:
    match spec:
        case Line():
            return _line(text, spec.length)
        case Prose():
            return Answer(text)
        case Flag():
            return Answer(_flag(text))
        case Day():
            return Answer(_day(cell, text))
        case Moment():
            return Answer(_moment(cell, text))
        case Number():
            return Answer(_number(spec, text))
        case Duration():
            return _span(text)
        case Choice():
            return _choice(spec.words, text)
        case Choices():
            return _choices(spec.words, text)
        case Reference():
            found = find(spec.target, text)
            return Answer(found, rest="" if found else text)
        case References():
            return _references(spec, text, find)
        case Rows():
            return Answer(text)


# --- Text, yes or no, days and numbers -----------------------------------------------------------


def _line(text: str, length: int) -> Answer:
    line = tidy_line(text)
    if len(line) <= length:
        return Answer(line)
    return Answer(f"{line[: length - 1].rstrip()}…", rest=line, too_long=True)


_YES: Final = frozenset({"ja", "yes", "j", "y", "x", "wahr", "true", "1", "✓", "✔", "☒", "☑"})
_NO: Final = frozenset({"nein", "no", "n", "falsch", "false", "0", "-", "–", "☐", "keine", "none"})


def _flag(text: str) -> bool:
    word = folded(text).rstrip(".")
    if word not in _YES | _NO:
        raise Unreadable(_NO_FLAG.format(cell=_quoted(text)))
    return word in _YES


_DAYS: Final = (
    (re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}|\d{2})"), "dmy"),
    (re.compile(r"(\d{1,4})-(\d{1,2})-(\d{1,2})"), "ymd"),
    (re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})"), "dmy"),
    (re.compile(r"(\d{4})/(\d{1,2})/(\d{1,2})"), "ymd"),
)
"""With slashes, the day comes first, as in Germany and Great Britain."""
_TIME: Final = re.compile(r"[ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?( Uhr)?$")


def _day(cell: Cell, text: str) -> date:
    match cell:
        case datetime():
            return cell.date()
        case date():
            return cell
        case str():
            return _written_day(_TIME.sub("", text), text)
        case _:
            raise Unreadable(_NO_DAY.format(cell=_quoted(text)))


def _written_day(text: str, whole: str) -> date:
    for pattern, order in _DAYS:
        if found := pattern.fullmatch(text.strip()):
            day, month, year = found.groups() if order == "dmy" else found.groups()[::-1]
            century = 2000 if order == "dmy" and len(year) == 2 else 0
            try:
                return date(int(year) + century, int(month), int(day))
            except ValueError:
                break
    raise Unreadable(_NO_DAY.format(cell=_quoted(whole)))


def _moment(cell: Cell, text: str) -> datetime:
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=LOCAL_TIME)
    for form in ("%d.%m.%Y %H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"):
        try:
            return datetime.strptime(text, form).replace(tzinfo=LOCAL_TIME)
        except ValueError:
            continue
    raise Unreadable(_NO_MOMENT.format(cell=_quoted(text)))


_LARGEST: Final = 2**31 - 1
_WHOLE: Final = re.compile(r"[0-9]{1,10}|[0-9]{1,3}(?:[.,'\u2019\u00a0\u202f ][0-9]{3})+")


def _number(spec: Number, text: str) -> int:
    bare = text
    for language in LANGUAGES if spec.unit else ():
        bare = bare.removesuffix(spec.unit[language] if spec.unit else "").strip()
    return _whole(bare, text)


def _whole(text: str, cell: str) -> int:
    if not _WHOLE.fullmatch(text):
        raise Unreadable(_NO_NUMBER.format(cell=_quoted(cell)))
    number = int(re.sub(r"\D", "", text))
    if number > _LARGEST:
        raise Unreadable(_NO_NUMBER.format(cell=_quoted(cell)))
    return number


_UNITS: Final = {
    "t": TimeUnit.D, "tag": TimeUnit.D, "tage": TimeUnit.D, "tagen": TimeUnit.D, "d": TimeUnit.D,
    "day": TimeUnit.D, "days": TimeUnit.D,
    "woche": TimeUnit.W, "wochen": TimeUnit.W, "w": TimeUnit.W, "week": TimeUnit.W, "weeks": TimeUnit.W,
    "monat": TimeUnit.M, "monate": TimeUnit.M, "monaten": TimeUnit.M, "mon": TimeUnit.M, "m": TimeUnit.M,
    "month": TimeUnit.M, "months": TimeUnit.M,
    "jahr": TimeUnit.Y, "jahre": TimeUnit.Y, "jahren": TimeUnit.Y, "j": TimeUnit.Y, "y": TimeUnit.Y,
    "a": TimeUnit.Y, "year": TimeUnit.Y, "years": TimeUnit.Y,
}  # fmt: skip
_ISO: Final = re.compile(r"P([0-9]{1,5})([DWMY])", re.IGNORECASE)
_COUNTED: Final = re.compile(r"([0-9][0-9.,]{0,8}) ?([A-Za-z]+)\b\.?(.*)", re.DOTALL)
_LONGEST_SPAN: Final = 99_999


def _span(text: str) -> Answer:
    if found := _ISO.fullmatch(text):
        return Answer(Span(int(found[1]), TimeUnit[found[2].upper()]))
    found = _COUNTED.fullmatch(text)
    unit = _UNITS.get(found[2].casefold()) if found else None
    if found is None or unit is None:
        return Answer(None, rest=text)
    count = _whole(found[1], text)
    if count > _LONGEST_SPAN:
        raise Unreadable(_NO_NUMBER.format(cell=_quoted(text)))
    return Answer(Span(count, unit), rest=found[3].strip(" ,;–-"))


# --- Words that can be chosen --------------------------------------------------------------------


def _choice(words: Words, text: str) -> Answer:
    known = known_words(words)
    if found := known.get(bare(text)):
        return Answer(found)
    cited = {known[citation] for citation in citations(text) if citation in known}
    if len(cited) != 1:
        return Answer(None, rest=text)
    beyond = beyond_citations(text)
    return Answer(cited.pop(), rest="" if bare(beyond) in known else beyond)


def _choices(words: Words, text: str) -> Answer:
    known = known_words(words)
    chosen: dict[Any, None] = {}
    unknown: list[str] = []
    for piece in pieces(text, "\n;"):
        found, rest = sorted_out(piece.split(","), ",", lambda part: known.get(bare(part)))
        chosen |= dict.fromkeys(found)
        unknown += rest if found else [piece]
    return Answer(tuple(chosen), rest="; ".join(unknown))


# --- Entries that are referred to ----------------------------------------------------------------


def _references(spec: References, text: str, find: Find) -> Answer:
    found, unknown = sorted_out(re.split(r"[\n;]", text), "; ", lambda part: find(spec.target, part))
    still_unknown: list[str] = []
    for piece in unknown:
        more, rest = sorted_out(piece.split(","), ",", lambda part: find(spec.target, part))
        found += more
        still_unknown += rest if more else [piece]
    return Answer(list(dict.fromkeys(found)), rest="; ".join(still_unknown))


# --- Rows ----------------------------------------------------------------------------------------


def rows_in(
    spec: Rows, text: str, find: Callable[[str], T | None], known: Find = finds_nothing
) -> list[T | str]:
    """What *find* knows in *text*, which may run over several lines, and every other line as words.

    A list of short names may stand on one line. *known* finds what rows refer to.
    """
    found: list[T | str] = []
    for known_or_line in in_order(text.split("\n"), "\n", find):
        if isinstance(known_or_line, str):
            found += _lines(spec, known_or_line, find, known)
        else:
            found.append(known_or_line)
    return found


def _lines(spec: Rows, line: str, find: Callable[[str], T | None], known: Find) -> list[T | str]:
    if read_sentence(spec.part, line, known) is not None or not _is_listing(spec):
        return [unmarked(line)]
    return [piece if (hit := find(piece)) is None else hit for piece in pieces(line, ";")]


def _is_listing(spec: Rows) -> bool:
    first = next(kind for kind in fields(spec.part).values() if isinstance(kind, Line | Prose))
    return isinstance(first, Line)


def read_sentence(part: type[Any], line: str, find: Find = finds_nothing) -> dict[str, Any] | None:
    """The answers of a row of which :func:`compliance.fields.sentence` says *line*, if that is certain."""
    segments = line.split(" – ")
    for language in LANGUAGES:
        values = _spoken(part, segments, language, find) if len(segments) > 1 else None
        if values is not None and sentence(part(**values), language) == line:
            return values
    return None


def _spoken(part: type[Any], segments: Sequence[str], language: str, find: Find) -> dict[str, Any] | None:
    """Segments as answers to the fields in their order; ``None`` where a segment fits no field or several."""
    specs = list(fields(part).items())
    values: dict[str, Any] = {specs[0][0]: segments[0]}
    place = 1
    for segment in segments[1:]:
        said = {n: _says(specs[n][1], segment, language, find) for n in range(place, len(specs))}
        fitting = [n for n, value in said.items() if value is not None]
        lines = [n for n in range(place, len(specs)) if _open_line(specs[n][1], values)]
        # Of the texts it may be, what is asked up front comes before what is folded away.
        candidates = fitting or [n for n in lines if not specs[n][1].more] or lines
        if len(candidates) != 1:
            return None
        name, spec = specs[candidates[0]]
        values[name] = segment if isinstance(spec, Line | Prose) else said[candidates[0]]
        place = candidates[0] + 1
    return values


def _says(spec: Kind, segment: str, language: str, find: Find) -> Any:
    """The value whose wording *segment* is, if it cannot be mere text."""
    if isinstance(spec, Flag):
        return True if segment == spec.label[language] else None
    if isinstance(spec, Reference):
        found = find(spec.target, segment)
        return found if found is not None and str(found) == segment else None
    if not isinstance(spec, Choice | Day | Duration | Number):
        return None
    try:
        value = read(spec, segment).value
    except Unreadable:
        return None
    return value if value is not None and shown(spec, value, language) == segment else None


def _open_line(spec: Kind, values: Mapping[str, Any]) -> bool:
    return isinstance(spec, Line | Prose) and (not spec.when or values.get(spec.when) is True)


# --- Whether a cell says what is stored ----------------------------------------------------------

_CUT: Final = " […] ("
"""How an exported workbook ends a text that no cell can hold; see there."""


def says(spec: Kind, value: Any, cell: Cell) -> bool:
    """Whether *cell* is what an export in either language writes for *value*."""
    text = words_of(cell)
    written = (write(spec, value, language) for language in LANGUAGES for write in (_written, _unlinked))
    return any(same(words, text) for words in written)


def _unlinked(spec: Kind, value: Any, language: str) -> str:
    """What was written of rows before they were linked to the entries that their text names."""
    if not isinstance(spec, Rows):
        return _written(spec, value, language)
    ties = [name for name, kind in fields(spec.part).items() if isinstance(kind, Reference)]
    return "\n".join(sentence(_without(part, ties), language) for part in value) if ties else ""


def _without(part: Any, names: Sequence[str]) -> Any:
    kept = {name: getattr(part, name) for name in fields(type(part)) if name not in names}
    return type(part)(**kept)


def _written(spec: Kind, value: Any, language: str) -> str:
    match spec:
        case References():
            return "; ".join(sorted(str(item) for item in value))
        case Number():
            return "" if value is None else str(value)
        case _:
            return shown(spec, value, language)


def begins(spec: Kind, value: Any, words: str) -> bool:
    """Whether *words* are the name of a row, whatever else the row says, even if the name was too long."""
    answer = read(spec, words)
    return bool(value) and comparable(str(answer.value)) == comparable(str(value))


def same(stored: str, text: str) -> bool:
    """Whether *text* is what a file shows of *stored*: without what gets lost on the way, perhaps cut."""
    ours, theirs = comparable(stored), comparable(text)
    if theirs == ours or theirs == ours.removeprefix("'"):
        return True
    beginning, cut, _reason = theirs.rpartition(_CUT)
    return bool(cut) and len(theirs) > 30_000 and ours.startswith(beginning)


def comparable(text: str) -> str:
    """*text* without what gets lost on its way through a file: line ends, controls, outer space."""
    lines = unicodedata.normalize("NFC", text).splitlines()
    printed = ("".join(c for c in line if c.isprintable() or c.isspace()) for line in lines)
    return "\n".join(" ".join(line.split()) for line in printed).strip()


def _quoted(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:60]}…"


_BROKEN: Final = Text(
    "„{cell}“ ist ein Fehlerwert oder eine Formel ohne gespeichertes Ergebnis.",
    "“{cell}” is an error value or a formula without a stored result.",
)
_NO_FLAG: Final = Text("„{cell}“ ist weder ja noch nein.", "“{cell}” is neither yes nor no.")
_NO_DAY: Final = Text(
    "„{cell}“ ist kein Datum wie 31.12.2026 oder 2026-12-31.",
    "“{cell}” is not a date such as 31.12.2026 or 2026-12-31.",
)
_NO_MOMENT: Final = Text(
    "„{cell}“ ist kein Zeitpunkt wie 31.12.2026 14:30.", "“{cell}” is not a moment such as 2026-12-31 14:30."
)
_NO_NUMBER: Final = Text(
    "„{cell}“ ist keine ganze Zahl, mit der sich rechnen lässt.",
    "“{cell}” is not a whole number within range.",
)
