"""What exports cost, beside the least that the same output could cost."""

from __future__ import annotations

import gc
import io
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfgen.canvas import Canvas

from exports import pdf, xlsx
from exports.document import Cell, Column, Document, Grid
from exports.fonts import faces
from exports.typesetting import Style, Typesetter

_TEXT = """Verarbeitung personenbezogener Daten Meldewesen Einwohner Auskunft Löschfrist Rechtsgrundlage
Übermittlung Fachverfahren Verantwortlicher Auftragsverarbeiter Schutzbedarf Vertraulichkeit Verfügbarkeit
Maßnahme Bürgerbüro Straßenverkehr Kämmerei Ordnungsamt gemäß Artikel Absatz Satz technische und der"""
_WORDS = _TEXT.split()
_STATES = ("offen", "umgesetzt", "teilweise", "entbehrlich")
_HEADS = ("Nr.", "Bezeichnung", "Beschreibung", "Rechtsgrundlage", "Datum", "Status")
_SHARES = (20.0, 50.0, 95.0, 60.0, 20.0, 22.0)
_REPETITIONS = 3


@dataclass(frozen=True)
class _Rows:
    """Rows made while they are read, the same each time."""

    count: int
    repeat: int = 1

    def __iter__(self) -> Iterator[tuple[Cell, ...]]:
        chance = random.Random(7)
        for number in range(self.count):
            yield tuple(cell for _ in range(self.repeat) for cell in _row(chance, number))


def _row(chance: random.Random, number: int) -> tuple[Cell, ...]:
    return (
        f"VVT-{number:05d}",
        _some(chance, 3),
        _some(chance, 9),
        _some(chance, 6),
        date(2026, number % 12 + 1, number % 28 + 1),
        chance.choice(_STATES),
    )


def _some(chance: random.Random, count: int) -> str:
    return " ".join(chance.choice(_WORDS) for _ in range(count))


def _document(count: int, repeat: int = 1) -> Document:
    columns = tuple(
        Column(head, share) for _ in range(repeat) for head, share in zip(_HEADS, _SHARES, strict=True)
    )
    grid = Grid(columns, _Rows(count, repeat), "Verzeichnis")
    created = datetime(2026, 11, 23, 13, 5, tzinfo=UTC)
    return Document("Verzeichnis", "Stadt Musterstadt", "de", created, (grid,), landscape=True)


def measure_pdf(rows: int = 5000) -> tuple[float, float]:
    """Seconds for a tagged table of six columns, and for the bare canvas showing the same lines.

    The bare canvas is given lines that are wrapped already.
    """
    wrapped = _wrapped(rows)
    return _seconds(lambda: pdf.write(_document(rows), io.BytesIO())), _seconds(lambda: _bare_pdf(wrapped))


def measure_xlsx(rows: int = 10_000) -> tuple[float, float]:
    """Seconds for a workbook of thirty columns, and for a bare loop that writes the same cells and styles."""
    document = _document(rows, 5)
    return _seconds(lambda: xlsx.write(document, io.BytesIO())), _seconds(lambda: _bare_xlsx(_Rows(rows, 5)))


def measure_pdf_memory() -> float:
    """Megabytes that a PDF of 5,000 rows adds to the peak of a fresh process."""
    answer = subprocess.run(
        [sys.executable, __file__, "memory"], capture_output=True, text=True, check=True, timeout=300
    )
    return float(answer.stdout)


def _memory() -> float:
    pdf.write(_document(1), io.BytesIO())
    before = _peak()
    pdf.write(_document(5000), io.BytesIO())
    return _peak() - before


def _peak() -> float:
    """Megabytes; not from getrusage, which counts the parent from before the program was started."""
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def _seconds(work: Callable[[], None]) -> float:
    times = []
    for _ in range(_REPETITIONS):
        gc.collect()
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return statistics.median(times)


def _wrapped(rows: int) -> list[list[list[str]]]:
    return wrapped(_Rows(rows), _SHARES)


def wrapped(rows: Iterable[tuple[Cell, ...]], shares: Sequence[float]) -> list[list[list[str]]]:
    """The lines of each cell where columns have these shares of the width."""
    typesetter = Typesetter("de")
    style = Style(8.5, 10.6, hyphenate=False)
    widths = [728.0 * share / sum(shares) - 7.2 for share in shares]
    return [
        [
            typesetter.lines("" if cell is None else str(cell), width, style)
            for cell, width in zip(row, widths, strict=True)
        ]
        for row in rows
    ]


def _bare_pdf(rows: list[list[list[str]]], shares: Sequence[float] = _SHARES) -> None:
    font = faces(False)[0].fontName
    canvas = Canvas(io.BytesIO(), pagesize=landscape(A4), pageCompression=1)
    starts = [57 + 728.0 * sum(shares[:index]) / sum(shares) for index in range(len(shares))]
    y = 540.0
    for row in rows:
        height = max(map(len, row)) * 10.6 + 5.6
        if y - height < 62:
            canvas.showPage()
            y = 540.0
        for x, lines in zip(starts, row, strict=True):
            text = canvas.beginText(x, y)
            text.setFont(font, 8.5, 10.6)
            for line in lines:
                text.textLine(line)
            canvas.drawText(text)
        y -= height
    canvas.save()


def _bare_xlsx(rows: Iterable[tuple[Cell, ...]]) -> None:
    book: Any = Workbook(write_only=True)
    sheet = book.create_sheet()
    looks = [WriteOnlyCell(sheet) for _ in range(3)]
    looks[0].alignment = Alignment(vertical="top")
    looks[1].alignment = Alignment(vertical="top", wrap_text=True)
    looks[2].alignment = Alignment(vertical="top", horizontal="left")
    looks[2].number_format = "dd.mm.yyyy"
    for row in rows:
        sheet.append([_bare_cell(sheet, value, looks) for value in row])
    book.save(io.BytesIO())


def _bare_cell(sheet: Any, value: Cell, looks: list[Any]) -> Any:
    make: Any = WriteOnlyCell
    cell = make(sheet, value)
    look = looks[2] if isinstance(value, date) else looks[len(str(value)) > 24]
    cell._style = look._style
    return cell


def _main() -> None:
    if sys.argv[1:] == ["memory"]:
        print(f"{_memory():.1f}")
        return
    for name, measure in (("pdf", measure_pdf), ("xlsx", measure_xlsx)):
        figure, floor = measure()
        print(f"{name}: {figure:.2f} s, floor {floor:.2f} s, {figure / floor:.2f} times")
    print(f"pdf: {measure_pdf_memory():.0f} MB")


if __name__ == "__main__":
    _main()
