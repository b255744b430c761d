"""Edited workbooks for tests: a register as it leaves, and the hands that change it."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from compliance.entry import Entry
from exports.editable import Purpose, write
from exports.reports.records import every_id
from registers.importing.roundtrip import (
    EVERYTHING,
    MINE,
    Book,
    Decisions,
    Outcome,
    Plan,
    Rights,
    carry_out,
    plan,
    read_book,
)
from registers.importing.roundtrip.layout import layout
from tests.city import FOUNDER, City

FILE = "verzeichnis.xlsx"


def exported(city: City, model: type[Entry], language: str = "de", rights: Rights = EVERYTHING) -> bytes:
    """All entries of *model* as a workbook to be edited."""
    out = io.BytesIO()
    created = datetime(2026, 11, 23, tzinfo=UTC)
    purpose = Purpose(city.organisation.name, city.id, created, language, rights.edits, rights.sees)
    with city.site.database.reading(city.id) as session:
        write(session, model, every_id(session, model), purpose, out)
    return out.getvalue()


@dataclass
class Editor:
    """A workbook in a spreadsheet: cells by sheet, row and field."""

    book: Any
    model: type[Entry]
    language: str = "de"

    def sheet(self, key: str) -> Any:
        return self.book[next(sheet.title for sheet in layout(self.model, self.language) if sheet.key == key)]

    def cell(self, key: str, row: int, path: str) -> Any:
        """The cell of the field *path*; the first row below the header is row 2."""
        sheet = next(sheet for sheet in layout(self.model, self.language) if sheet.key == key)
        column = next(index for index, column in enumerate(sheet.columns, 1) if column.path == path)
        return self.sheet(key).cell(row, column)

    def add(self, key: str, **values: Any) -> int:
        """A new row below all others; returns its number. ``number`` stands for the running number."""
        row = int(self.sheet(key).max_row) + 1
        for path, value in values.items():
            self.cell(key, row, "@number" if path == "number" else path).value = value
        return row


@contextmanager
def edited(content: bytes, model: type[Entry], language: str = "de") -> Iterator[tuple[Editor, io.BytesIO]]:
    """Opens the workbook to be edited; what is saved stands in the second value afterwards."""
    book = load_workbook(io.BytesIO(content))
    out = io.BytesIO()
    yield Editor(book, model, language), out
    book.save(out)


def planned(city: City, model: type[Entry], content: bytes, rights: Rights = EVERYTHING) -> Plan:
    """What the workbook proposes."""
    with city.site.database.reading(city.id) as session:
        return plan(session, model, read_book(content, FILE), rights)


def taken_over(
    city: City,
    model: type[Entry],
    content: bytes,
    decisions: Decisions | None = None,
    rights: Rights = EVERYTHING,
) -> Outcome:
    """Takes over what was decided, by default everything, rows that are missing included."""
    with city.site.database.writing(city.id, actor=FOUNDER) as session:
        found = plan(session, model, read_book(content, FILE), rights)
        return carry_out(session, found, decisions or everything(found), rights)


def everything(found: Plan, side: str = MINE) -> Decisions:
    """All of a plan, with *side* wherever there is a choice."""
    sides = {
        (revision.key, edit.key): side
        for revision in found.ready
        for edit in revision.edits
        if edit.must_be_chosen
    }
    return Decisions(frozenset(revision.key for revision in found.ready), sides)


def distrusting(book: Book) -> Book:
    """*book* as if each entry had been edited, so that every cell is compared."""
    entries = {identity: replace(left, digest="?") for identity, left in book.stamp.entries.items()}
    return replace(book, stamp=replace(book.stamp, entries=entries))


def edits(found: Plan) -> dict[str, tuple[str, str]]:
    """What the file changes: label by label, before and after, of all entries."""
    return {
        edit.label.de: (edit.before("de"), edit.after("de"))
        for revision in found.revisions
        for edit in revision.edits
    }


def saved_again(contents: Sequence[bytes], folder: Path) -> list[bytes]:
    """The workbooks as LibreOffice writes them after opening them."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice is not installed")
    sources = [folder / f"{number}.xlsx" for number, _content in enumerate(contents)]
    for source, content in zip(sources, contents, strict=True):
        source.write_bytes(content)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    target = folder / "again"
    subprocess.run(
        [program, profile, "--headless", "--convert-to", "xlsx", "--outdir", target, *sources],
        check=True,
        capture_output=True,
    )
    return [(target / source.name).read_bytes() for source in sources]
