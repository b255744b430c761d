"""Reads a table out of a CSV or XLSX file, whoever wrote it, or says why there is none in it."""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
import warnings
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final, TypeAlias

from openpyxl import load_workbook
from openpyxl.utils.cell import range_boundaries

from compliance.errors import Refused
from compliance.fields import YES_NO
from compliance.language import Text, shown_day
from registers.importing.archive import (
    LARGEST_FILE,
    NO_WORKBOOK,
    check_kind,
    check_workbook,
    has_formulas,
    is_packed,
    merged_cells,
    too_large,
    without_empty_rows,
)

MOST_ROWS: Final = 200_000
MOST_COLUMNS: Final = 1_000
_LAST_ROW: Final = 1_048_576
"""Where every sheet ends; a file that names a later row was not written by a spreadsheet."""
_HEAD: Final = 20
"""So many rows may stand above the one with the names of the columns."""


@dataclass(frozen=True)
class Broken:
    """A cell without a value of its own: an error value, or a formula that was never calculated."""

    words: str


@dataclass(frozen=True)
class Parts:
    """A cell that holds rows of an entry, each with its words by field, as other formats have it."""

    rows: tuple[Mapping[str, str], ...]

    @property
    def words(self) -> str:
        return "\n".join(" – ".join(row.values()) for row in self.rows)


Cell: TypeAlias = str | int | float | bool | date | datetime | Broken | Parts | None


@dataclass(frozen=True)
class Row:
    """One row of a table."""

    number: int
    """As the spreadsheet shows it."""
    cells: tuple[Cell, ...]

    def __getitem__(self, index: int) -> Cell:
        """The cell in that column; rows may be shorter than the header."""
        return self.cells[index] if index < len(self.cells) else None

    def with_cell(self, index: int, value: Cell) -> Row:
        """The same row with *value* in that column."""
        cells = [*self.cells, *[None] * (index + 1 - len(self.cells))]
        return Row(self.number, (*cells[:index], value, *cells[index + 1 :]))

    @property
    def is_blank(self) -> bool:
        return all(not words_of(cell) for cell in self.cells)


@dataclass(frozen=True)
class Table:
    """A header and what stands below it."""

    name: str
    """Name of the file."""
    headers: tuple[str, ...]
    rows: tuple[Row, ...]
    """Without blank ones."""
    sheet: str = ""
    """Name of the sheet, where the file has several."""


Score: TypeAlias = Callable[[Sequence[str]], int]
"""How many of these words are known as names of columns."""


def words_of(cell: Cell) -> str:
    """What a cell says, as a German reader would see it in the spreadsheet."""
    match cell:
        case None:
            return ""
        case Broken() | Parts():
            return cell.words
        case bool():
            return YES_NO[cell].de
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime():
            return f"{shown_day(cell.date(), 'de')} {cell:%H:%M}"
        case date():
            return shown_day(cell, "de")
        case _:
            return str(cell).strip()


def read(content: bytes, name: str, score: Score) -> Table:
    """The table in a file called *name*, which is taken for a workbook if it is packed like one.

    The header is the row among the first ones that *score* knows best; of several
    sheets, the one with the best header counts. Raises :class:`Refused`, naming the
    file and, where there is one, the row.
    """
    if len(content) > LARGEST_FILE:
        raise Refused(too_large(name))
    check_kind(content, name)
    if is_packed(content):
        return _table(name, *_workbook(content, name, score), score)
    return _table(name, "", _text(content, name, score), score)


def _table(name: str, sheet: str, numbered: Iterable[Row], score: Score) -> Table:
    rows = [row for row in limited(name, numbered) if not row.is_blank]
    if not rows:
        raise Refused(_EMPTY.format(file=name))
    head = _header(rows, score)
    width = max(index for index, cell in enumerate(rows[head].cells, start=1) if words_of(cell))
    if width > MOST_COLUMNS:
        raise Refused(_TOO_WIDE.format(file=name, limit=MOST_COLUMNS))
    headers = tuple(" ".join(words_of(cell).split()) for cell in rows[head].cells[:width])
    return Table(name, headers, tuple(rows[head + 1 :]), sheet)


def limited(name: str, rows: Iterable[Row]) -> Iterator[Row]:
    """*rows* as long as they are not too many. Raises :class:`Refused` where they are."""
    filled = 0
    for row in rows:
        filled += not row.is_blank
        if filled > MOST_ROWS + 1 or row.number > _LAST_ROW:
            raise Refused(_TOO_LONG.format(file=name, limit=MOST_ROWS))
        yield row


def _header(rows: Sequence[Row], score: Score) -> int:
    """Where the names of the columns stand: the best known row, and the first of equals."""
    head = rows[:_HEAD]
    return max(range(len(head)), key=lambda index: (_scored(head[index], score), -index))


def _scored(row: Row, score: Score) -> int:
    return score([cell for cell in row.cells if isinstance(cell, str)])


# --- Text ----------------------------------------------------------------------------------------

_DELIMITERS: Final = (";", ",", "\t")
_ENCODINGS: Final = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_END: Final = "\0"
"""A last line that no text contains; a quotation mark that was never closed swallows it."""


def _text(content: bytes, name: str, score: Score) -> Iterator[Row]:
    text = _decoded(content, name)
    announced = re.match(r"sep=(.)\r?\n", text)
    if announced:
        return _numbered(text[announced.end() :], announced[1], name)
    return _numbered(text, _delimiter(text, score), name)


def _decoded(content: bytes, name: str) -> str:
    marked = next((encoding for mark, encoding in _ENCODINGS.items() if content.startswith(mark)), None)
    for encoding in (marked,) if marked else ("utf-8", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Refused(_NO_TABLE.format(file=name))


def _delimiter(text: str, score: Score) -> str:
    """The character between cells: the one with which the header is known best, then is longest."""
    begins = text[:200_000]

    def fit(delimiter: str) -> tuple[int, int]:
        rows = [row for row in _beginning(begins, delimiter) if row]
        best = max((score(row) for row in rows), default=0)
        return best, len(rows[0]) if rows else 0

    return max(_DELIMITERS, key=fit)


def _beginning(text: str, delimiter: str) -> list[list[str]]:
    found = []
    try:
        for record in itertools.islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), _HEAD):
            found.append(record)  # noqa: PERF402 -- what was read before an error counts
    except csv.Error:
        pass
    return found


def _numbered(text: str, delimiter: str, name: str) -> Iterator[Row]:
    end = "" if text.endswith(("\n", "\r")) else "\n"
    lines = itertools.chain(io.StringIO(text + end, newline=""), (_END,))
    reader = csv.reader(lines, delimiter=delimiter)
    number = 0
    while True:
        number += 1
        try:
            record = next(reader, None)
        except csv.Error as error:
            raise Refused(_BAD_ROW.format(file=name, row=number)) from error
        if record == [_END]:
            return
        if record is None or any(_END in field for field in record):
            raise Refused(_UNCLOSED.format(file=name, row=number))
        yield Row(number, tuple(map(_unguarded, record)))


def _unguarded(field: str) -> str:
    """*field* without the apostrophe that keeps a spreadsheet from taking it for a formula."""
    return field[1:] if re.match(r"'[=+\-@\t\r]", field) else field


# --- Workbooks -----------------------------------------------------------------------------------

_ESCAPED: Final = re.compile("_x([0-9A-Fa-f]{4})_")


def _workbook(content: bytes, name: str, score: Score) -> tuple[str, list[Row]]:
    try:
        with warnings.catch_warnings():
            # The library warns of styles and validations it leaves out; only values matter here.
            warnings.simplefilter("ignore")
            check_workbook(content, name)
            return _best_sheet(without_empty_rows(content, name, MOST_ROWS), name, score)
    except Refused:
        raise
    except Exception as error:  # a damaged file fails in every way that there is
        raise Refused(NO_WORKBOOK.format(file=name)) from error


def _best_sheet(content: bytes, name: str, score: Score) -> tuple[str, list[Row]]:
    book: Any = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"] or book.worksheets
    if not sheets:
        raise Refused(_EMPTY.format(file=name))
    best = max(sheets, key=lambda sheet: _best_header(sheet, score))
    rows = list(limited(name, _sheet_rows(best)))
    if has_formulas(content):
        rows = _with_formulas(content, best.title, rows)
    merged = merged_cells(content, best._worksheet_path)  # noqa: SLF001 -- the only way to it
    return str(best.title), _spread(rows, merged)


def _spread(rows: list[Row], ranges: Sequence[str]) -> list[Row]:
    """*rows* in which cells that are merged downwards say in each row what the first one says."""
    places = {row.number: index for index, row in enumerate(rows)}
    for column, top, bottom in _downwards(ranges, rows[-1].number if rows else 0):
        value = rows[places[top]][column - 1] if top in places else None
        for number in range(top + 1, bottom + 1) if value is not None else ():
            if number in places and not rows[places[number]].is_blank:
                rows[places[number]] = rows[places[number]].with_cell(column - 1, value)
    return rows


def _downwards(ranges: Sequence[str], last: int) -> Iterator[tuple[int, int, int]]:
    """Column, first and last row of each range; of those that overlap, as none may, the first."""
    reached: dict[int, int] = {}
    bounds = [tuple(bound or 0 for bound in range_boundaries(text)) for text in ranges]
    for column, top, _right, bottom in sorted(bounds):
        if top > reached.get(column, 0) and column <= MOST_COLUMNS:
            reached[column] = bottom
            yield column, top, min(bottom, last)


def _best_header(sheet: Any, score: Score) -> tuple[int, bool]:
    head = [row for row in itertools.islice(_sheet_rows(sheet), _HEAD) if not row.is_blank]
    return max((_scored(row, score) for row in head), default=0), bool(head)


def _sheet_rows(sheet: Any) -> Iterator[Row]:
    # What a file says about its own size is often wrong.
    sheet.reset_dimensions()
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        yield Row(number, tuple(value_of(cell) for cell in cells))


def value_of(cell: Any) -> Cell:
    """What a cell of a workbook holds."""
    value = cell.value
    match value:
        case _ if cell.data_type == "e":
            return Broken(str(value))
        case str():
            return _ESCAPED.sub(_character, value)
        case datetime() if value.time() == time():
            return value.date()
        case None | bool() | int() | float() | date():
            return value
        case _:
            return str(value)


def _character(escaped: re.Match[str]) -> str:
    return chr(int(escaped[1], 16))


def _with_formulas(content: bytes, title: str, rows: list[Row]) -> list[Row]:
    """*rows* with a mark wherever a formula stands whose result the file does not hold."""
    book: Any = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
    return [
        Row(
            row.number,
            tuple(itertools.starmap(_calculated, itertools.zip_longest(row.cells, formulas.cells))),
        )
        for row, formulas in zip(rows, _sheet_formulas(book[title]), strict=False)
    ]


def _sheet_formulas(sheet: Any) -> Iterator[Row]:
    sheet.reset_dimensions()
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        yield Row(number, tuple(str(cell.value) if cell.data_type == "f" else None for cell in cells))


def _calculated(value: Cell, formula: Cell) -> Cell:
    return Broken(str(formula)) if value is None and formula is not None else value


# --- Kept between preview and import -------------------------------------------------------------


def packed(table: Table) -> bytes:
    """*table* in few bytes, to be kept until somebody decides about it."""
    rows = [[row.number, [plain_cell(cell) for cell in row.cells]] for row in table.rows]
    return zlib.compress(json.dumps([table.name, table.headers, rows, table.sheet]).encode())


def unpacked(content: bytes) -> Table:
    """The table that :func:`packed` made bytes of."""
    name, headers, rows, *sheet = json.loads(zlib.decompress(content))
    return Table(
        name,
        tuple(headers),
        tuple(Row(number, tuple(from_plain(cell) for cell in cells)) for number, cells in rows),
        *sheet,
    )


def plain_cell(cell: Cell) -> Any:
    """*cell* as JSON."""
    match cell:
        case Broken():
            return {"broken": cell.words}
        case Parts():
            return {"parts": list(map(dict, cell.rows))}
        case datetime():
            return {"moment": cell.isoformat()}
        case date():
            return {"day": cell.isoformat()}
        case _:
            return cell


def from_plain(cell: Any) -> Cell:
    """The cell that :func:`plain_cell` made JSON of."""
    match cell:
        case {"broken": str(words)}:
            return Broken(words)
        case {"parts": list(rows)}:
            return Parts(tuple(rows))
        case {"moment": str(words)}:
            return datetime.fromisoformat(words)
        case {"day": str(words)}:
            return date.fromisoformat(words)
        case None | str() | int() | float():
            return cell
        case _:
            raise ValueError(cell)


_TOO_LONG: Final = Text(
    "Die Datei „{file}“ hat mehr als {limit} Zeilen. Teilen Sie sie auf.",
    "The file “{file}” has more than {limit} rows. Please split it.",
)
_TOO_WIDE: Final = Text(
    "Die Datei „{file}“ hat mehr als {limit} Spalten.", "The file “{file}” has more than {limit} columns."
)
_EMPTY: Final = Text("In der Datei „{file}“ steht nichts.", "There is nothing in the file “{file}”.")
_NO_TABLE: Final = Text(
    "Die Datei „{file}“ ist keine Tabelle. Einlesen lassen sich CSV und XLSX (Excel ab 2007).",
    "The file “{file}” is not a table. CSV and XLSX (Excel since 2007) can be read.",
)
_BAD_ROW: Final = Text(
    "Datei „{file}“, Zeile {row}: Eine Zelle ist zu lang oder hat ein falsch gesetztes Anführungszeichen.",
    "File “{file}”, row {row}: a cell is too long or has a misplaced quotation mark.",
)
_UNCLOSED: Final = Text(
    "Datei „{file}“, Zeile {row}: Ein Anführungszeichen wird bis zum Ende der Datei nicht geschlossen.",
    "File “{file}”, row {row}: a quotation mark is not closed until the end of the file.",
)
