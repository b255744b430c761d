"""Grids as text tables that German and English spreadsheets open with a double click."""

from __future__ import annotations

import csv
import io
from typing import Any, BinaryIO

from exports.document import Cell, Document, Grid
from exports.text import on_one_line
from exports.wording import shown

_STARTS_OF_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def write(document: Document, out: BinaryIO) -> None:
    """Write the grids of the document, in UTF-8 with byte order mark and semicolons.

    Where there are several grids, each stands under its caption and an empty
    line separates them. Other blocks are left out.
    """
    text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    grids = [block for block in document.blocks if isinstance(block, Grid)]
    for index, grid in enumerate(grids):
        if index:
            writer.writerow([])
        if len(grids) > 1:
            writer.writerow([neutral(on_one_line(grid.caption))])
        _write_grid(grid, document.language, writer)
    text.flush()
    text.detach()


def neutral(text: str) -> str:
    """The text with an apostrophe before anything a spreadsheet would take for a formula."""
    return f"'{text}" if text.startswith(_STARTS_OF_FORMULAS) else text


def _write_grid(grid: Grid, language: str, writer: Any) -> None:
    writer.writerow([neutral(on_one_line(column.label)) for column in grid.columns])
    for cells in grid.rows:
        writer.writerow([_field(cell, language) for cell in cells])


def _field(cell: Cell, language: str) -> str:
    text = shown(cell, language, grouped=False)
    return neutral(text) if isinstance(cell, str) else text
