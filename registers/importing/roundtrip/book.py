"""Reads an edited workbook: nothing but values, and where each of them stands."""

from __future__ import annotations

import io
import itertools
import json
import warnings
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from compliance.errors import Refused
from compliance.language import Text
from registers.importing.archive import (
    NO_WORKBOOK,
    check_kind,
    check_workbook,
    is_packed,
    merged_cells,
    without_empty_rows,
)
from registers.importing.cells import comparable
from registers.importing.roundtrip.layout import HIDDEN, ID, MAIN, NUMBER, STAMP, Stamp
from registers.importing.tables import (
    MOST_ROWS,
    Broken,
    Cell,
    Row,
    from_plain,
    limited,
    plain_cell,
    value_of,
    words_of,
)

_HEAD: Final = 20
"""So many rows may somebody have put above the header."""


@dataclass(frozen=True)
class Line:
    """One row of a sheet, by what its columns stand for."""

    row: int
    """As the spreadsheet shows it."""
    cells: Mapping[str, Cell]

    def words(self, path: str) -> str:
        """What the cell says, on one line."""
        cell = self.cells.get(path)
        return "" if isinstance(cell, Broken) else " ".join(words_of(cell).split())

    @property
    def id(self) -> str:
        return self.words(ID).lower()

    @property
    def number(self) -> str:
        return self.words(NUMBER)

    @property
    def is_blank(self) -> bool:
        return not any(words_of(cell) for path, cell in self.cells.items() if path not in HIDDEN)


@dataclass(frozen=True)
class Page:
    """One sheet as it came back."""

    key: str
    title: str
    letters: Mapping[str, str]
    """Letter of the column by what it stands for."""
    headers: Mapping[str, str]
    lines: tuple[Line, ...]
    """Without those on which nothing stands that a person could see."""


@dataclass(frozen=True)
class Book:
    """An edited workbook."""

    name: str
    """Name of the file."""
    stamp: Stamp
    pages: Mapping[str, Page]
    """By the key of the sheet; a sheet that somebody removed is missing."""
    ignored: tuple[str, ...]
    """Headers of the columns that somebody added."""


def read_book(content: bytes, name: str) -> Book:
    """The edited workbook in the file *name*. Raises :class:`Refused`, naming the file."""
    check_kind(content, name)
    if not is_packed(content):
        raise Refused(_NOT_OURS.format(file=name))
    check_workbook(content, name)
    try:
        with warnings.catch_warnings():
            # The library warns of styles and validations it leaves out; only values matter here.
            warnings.simplefilter("ignore")
            content = without_empty_rows(content, name, MOST_ROWS)
            # Formulas are read as such and not by their stored results, because a formula is no answer.
            book: Any = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
            return _read(book, content, name)
    except Refused:
        raise
    except Exception as error:  # a damaged file fails in every way that there is
        raise Refused(NO_WORKBOOK.format(file=name)) from error


def _read(book: Any, content: bytes, name: str) -> Book:
    sheets = {sheet.title: sheet for sheet in book.worksheets}
    if STAMP not in sheets:
        raise Refused(_NOT_OURS.format(file=name))
    stamp = _stamp(_rows(sheets[STAMP], name), name)
    pages: dict[str, Page] = {}
    ignored: list[str] = []
    for key, title in stamp.sheets.items():
        if title not in sheets:
            continue
        if merged := merged_cells(content, sheets[title]._worksheet_path):  # noqa: SLF001 -- the only way to it
            raise Refused(_MERGED.format(file=name, sheet=title, cells=", ".join(merged[:5])))
        pages[key], unknown = _page(key, title, stamp.columns[key], _rows(sheets[title], name))
        ignored += [f"{title}: {header}" for header in unknown]
    if NUMBER not in (pages[MAIN].letters if MAIN in pages else ()):
        raise Refused(_NO_MAIN.format(file=name, sheet=stamp.sheets.get(MAIN, "")))
    return Book(name, stamp, pages, tuple(ignored))


def _stamp(rows: Iterator[Row], name: str) -> Stamp:
    try:
        return Stamp.from_rows([words_of(cell) for cell in row.cells] for row in rows)
    except (ValueError, KeyError) as error:
        raise Refused(_DAMAGED.format(file=name)) from error


def _rows(sheet: Any, name: str) -> Iterator[Row]:
    # What a file says about its own size is often wrong.
    sheet.reset_dimensions()
    rows = (Row(number, tuple(map(_cell, cells))) for number, cells in enumerate(sheet.iter_rows(), start=1))
    return (row for row in limited(name, rows) if any(cell is not None for cell in row.cells))


def _cell(cell: Any) -> Cell:
    return Formula(str(cell.value)) if cell.data_type == "f" else value_of(cell)


class Formula(Broken):
    """A cell with a formula."""


def _page(key: str, title: str, paths: Mapping[str, str], rows: Iterator[Row]) -> tuple[Page, list[str]]:
    known = {comparable(header): path for header, path in paths.items()}
    head = list(itertools.islice(rows, _HEAD))
    at = max(range(len(head)), key=lambda index: (len(_found(head[index], known)), -index), default=0)
    columns = _found(head[at], known) if head else {}
    header = head[at].cells if head else ()
    unknown = [
        words_of(cell)
        for index, cell in enumerate(header)
        if words_of(cell) and index not in columns.values()
    ]
    lines = (_line(row, columns) for row in itertools.chain(head[at + 1 :], rows))
    page = Page(
        key,
        title,
        {path: get_column_letter(index + 1) for path, index in columns.items()},
        {path: header for header, path in paths.items()},
        tuple(line for line in lines if not line.is_blank),
    )
    return page, unknown


def _found(row: Row, known: Mapping[str, str]) -> dict[str, int]:
    """Which columns of *row* are headers, by what they stand for; the first of equals."""
    found: dict[str, int] = {}
    for index, cell in enumerate(row.cells):
        path = known.get(comparable(words_of(cell)))
        if path is not None:
            found.setdefault(path, index)
    return found


def _line(row: Row, columns: Mapping[str, int]) -> Line:
    return Line(row.number, {path: row[index] for path, index in columns.items()})


# --- Kept between preview and applying -----------------------------------------------------------


def packed(book: Book) -> bytes:
    """*book* in few bytes, to be kept until somebody decides about it."""
    pages = [
        [page.key, page.title, page.letters, page.headers, [_packed_line(line, page) for line in page.lines]]
        for page in book.pages.values()
    ]
    stamp = [[str(value) for value in row] for row in book.stamp.rows()]
    return zlib.compress(json.dumps([book.name, stamp, pages, book.ignored]).encode())


def _packed_line(line: Line, page: Page) -> list[Any]:
    return [line.row, *(_packed_cell(line.cells[path]) for path in page.letters)]


def _packed_cell(cell: Cell) -> Any:
    return {"formula": cell.words} if isinstance(cell, Formula) else plain_cell(cell)


def unpacked(content: bytes) -> Book:
    """The book that :func:`packed` made bytes of."""
    name, stamp, pages, ignored = json.loads(zlib.decompress(content))
    made = {
        key: Page(
            key,
            title,
            letters,
            headers,
            tuple(
                Line(number, dict(zip(letters, map(_unpacked_cell, cells), strict=True)))
                for number, *cells in lines
            ),
        )
        for key, title, letters, headers, lines in pages
    }
    return Book(name, Stamp.from_rows(stamp), made, tuple(ignored))


def _unpacked_cell(cell: Any) -> Cell:
    match cell:
        case {"formula": str(words)}:
            return Formula(words)
        case _:
            return from_plain(cell)


_NOT_OURS: Final = Text(
    "Die Datei „{file}“ ist keine Arbeitsmappe, die zum Bearbeiten heruntergeladen wurde, oder hat ihr "
    "verborgenes Blatt verloren. In ein Register lassen sich andere Tabellen über „Importieren“ einlesen.",
    "The file “{file}” is no workbook that was downloaded for editing, or has lost its hidden sheet. "
    "Into a register other tables can be read by “Import”.",
)
_DAMAGED: Final = Text(
    "Das verborgene Blatt der Datei „{file}“ wurde verändert. Laden Sie die Arbeitsmappe noch einmal "
    "herunter.",
    "The hidden sheet of the file “{file}” was changed. Please download the workbook again.",
)
_MERGED: Final = Text(
    "Datei „{file}“, Blatt „{sheet}“: Die Zellen {cells} sind verbunden; dabei gehen Angaben verloren. "
    "Heben Sie die Verbindung auf.",
    "File “{file}”, sheet “{sheet}”: the cells {cells} are merged, which loses answers. Please unmerge them.",
)
_NO_MAIN: Final = Text(
    "In der Datei „{file}“ fehlt das Blatt „{sheet}“ oder seine Spalte „Nr.“.",
    "In the file “{file}”, the sheet “{sheet}” or its column “No.” is missing.",
)
