"""Reads a workbook whole, sheet by sheet, for tables of others whose layout is known beforehand."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
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
    without_empty_rows,
)
from registers.importing.tables import MOST_ROWS, Row, limited, value_of, words_of

MOST_SHEETS: Final = 1_000


@dataclass(frozen=True)
class Sheet:
    """One sheet with the rows that are not blank."""

    name: str
    rows: tuple[Row, ...]


def read_sheets(content: bytes, name: str) -> tuple[Sheet, ...]:
    """The sheets of the workbook called *name*, in their order.

    Raises :class:`Refused` for what is no workbook or not safe to be read.
    """
    check_kind(content, name)
    if not is_packed(content):
        raise Refused(NO_WORKBOOK.format(file=name))
    check_workbook(content, name)
    try:
        with warnings.catch_warnings():
            # The library warns of headers and validations it leaves out; only values matter here.
            warnings.simplefilter("ignore")
            return tuple(_sheets(without_empty_rows(content, name, MOST_ROWS), name))
    except Refused:
        raise
    except Exception as error:  # a damaged file fails in every way that there is
        raise Refused(NO_WORKBOOK.format(file=name)) from error


def words(row: Row, index: int) -> str:
    """What the cell in that column says, on one line."""
    return " ".join(words_of(row[index]).split())


def place(sheet: Sheet, row: int | None = None, column: int | None = None) -> Text:
    """Where something stands, as a spreadsheet names it; *column* counts from 0."""
    german, english = [f"Blatt „{sheet.name}“"], [f"sheet “{sheet.name}”"]
    if row is not None:
        german.append(f"Zeile {row}")
        english.append(f"row {row}")
    if column is not None:
        german.append(f"Spalte {get_column_letter(column + 1)}")
        english.append(f"column {get_column_letter(column + 1)}")
    return Text(", ".join(german), ", ".join(english))


def _sheets(content: bytes, name: str) -> Iterator[Sheet]:
    book: Any = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    if len(book.worksheets) > MOST_SHEETS:
        raise Refused(_TOO_MANY.format(file=name, limit=MOST_SHEETS))
    for sheet in book.worksheets:
        rows = limited(name, _rows(sheet))
        yield Sheet(sheet.title, tuple(row for row in rows if not row.is_blank))


def _rows(sheet: Any) -> Iterator[Row]:
    # What a file says about its own size is often wrong.
    sheet.reset_dimensions()
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        yield Row(number, tuple(value_of(cell) for cell in cells))


_TOO_MANY: Final = Text(
    "Die Arbeitsmappe „{file}“ hat mehr als {limit} Blätter.",
    "The workbook “{file}” has more than {limit} sheets.",
)
