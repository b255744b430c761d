"""Documents as workbooks: what the report says on one sheet, each grid on a sheet of its own."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Sequence
from copy import copy
from datetime import UTC, date, datetime
from itertools import chain, zip_longest
from os import PathLike
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from exports.document import (
    Bars,
    Cell,
    Chart,
    Column,
    Document,
    Facts,
    Figure,
    Flow,
    Graph,
    Grid,
    Heading,
    Items,
    Lights,
    Matrix,
    Note,
    Prose,
    Station,
    Timeline,
)
from exports.fingerprint import Fingerprint
from exports.text import clean, on_one_line, paragraphs
from exports.wording import Words, local, shown, words

_Told: TypeAlias = Heading | Prose | Note | Items | Facts | Figure
_MOST_CHARACTERS = 32_767
_WRAPPED = ("wrapped", "strong", "header")
_PIECE = 16_000
_BOXES_ABREAST = 6
_MOST_INLINE_CHOICES = 255
_MOST_ON_A4 = 12
"""So many columns can be read on a sheet of that size."""
_SPARE_ROWS = 1000
_FIRST_DAY = date(1900, 3, 1)
_MOST_EXACT = 10**15
_ESCAPE_LIKE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_FORBIDDEN_IN_NAMES = re.compile(r"[\[\]:*?/\\]")
_FORBIDDEN_INLINE = re.compile('[",]')


def write(document: Document, out: BinaryIO) -> None:
    """Write the document as a workbook; the same document gives the same bytes.

    The first sheet holds everything but the grids, the last ones explain the
    columns and hold the lists to choose from. Texts are never formulas. Texts
    that a cell cannot hold are cut with a mark that says so.
    """
    _Book(document).write(out)


class _Book:
    """A workbook while it is being written."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._words = words(document.language)
        self._book: Any = Workbook(write_only=True)
        self._fingerprint = Fingerprint(document)
        self._names: set[str] = set()
        self._styles = Styles(self._words)
        self._lists: list[tuple[str, tuple[str, ...]]] = []
        self._explained: list[tuple[str, Column]] = []

    def write(self, out: BinaryIO) -> None:
        report = _Report(self._sheet(self._words.report), self._styles, self._words)
        report.opening(self._document)
        for block in self._document.blocks:
            self._fingerprint.block(block)
            if isinstance(block, Grid):
                self._grid(block, report)
            else:
                report.block(block, self._document.language)
        report.closing(self._words.fingerprint, self._fingerprint.hexdigest())
        if self._explained:
            self._explain()
        if self._lists:
            self._write_lists()
        self._save(out)

    def _sheet(self, name: str) -> Any:
        """A new sheet, printed landscape on the width of a page with its first row repeated."""
        sheet = self._book.create_sheet(self._free_name(name))
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.paperSize = Worksheet.PAPERSIZE_A4
        sheet.page_setup.fitToWidth = 1
        sheet.page_setup.fitToHeight = 0
        sheet.oddHeader.left.text = _printed(self._document.organisation)
        sheet.oddHeader.right.text = _printed(self._document.title)
        sheet.oddFooter.left.text = (
            f"{self._words.as_of} {shown(self._document.created, self._document.language)}"
        )
        sheet.oddFooter.right.text = f"{self._words.page} &P {self._words.of} &N"
        return sheet

    def _free_name(self, wanted: str) -> str:
        """A name of at most 31 characters that no other sheet has, whatever the case."""
        base = _FORBIDDEN_IN_NAMES.sub(" ", on_one_line(wanted)).strip(" '") or self._words.sheet
        name = _whole_words(base, 31)
        number = 1
        while name.casefold() in self._names or name.casefold() == "history":
            number += 1
            mark = f" ({number})"
            name = _fitting(base, 31 - len(mark)) + mark
        self._names.add(name.casefold())
        return name

    def _grid(self, grid: Grid, report: _Report) -> None:
        """A sheet with a frozen header and filters; the report says where it is and how long."""
        sheet = self._sheet(grid.sheet or grid.caption)
        self._explained += [(sheet.title, column) for column in grid.columns]
        if len(grid.columns) > _MOST_ON_A4:
            sheet.page_setup.paperSize = Worksheet.PAPERSIZE_A3
        sheet.freeze_panes = "B2"
        sheet.print_title_rows = "1:1"
        rows = Rows(sheet, _widths(grid.columns))
        labels = [column.label for column in grid.columns]
        rows.append([self._styles.text(sheet, label, "header") for label in labels], labels)
        count = self._fill(rows, sheet, grid)
        if grid.columns:
            sheet.auto_filter.ref = f"A1:{get_column_letter(len(grid.columns))}{count + 1}"
        self._offer_choices(sheet, grid.columns, count + 1 + _SPARE_ROWS)
        report.reference(grid.caption, sheet.title, count)

    def _fill(self, rows: Rows, sheet: Any, grid: Grid) -> int:
        cells = _Cells(sheet, self._styles, self._document.language, self._words)
        count = 0
        for row in self._fingerprint.rows(grid):
            rows.append(cells.row(row), row)
            count += 1
        return count

    def _offer_choices(self, sheet: Any, columns: Sequence[Column], last: int) -> None:
        for index, column in enumerate(columns, 1):
            choices = [clean(choice) for choice in column.choices if choice.strip()]
            if not choices:
                continue
            letter = get_column_letter(index)
            offer = DataValidation(type="list", formula1=self._source(column, choices), allow_blank=True)
            offer.errorStyle = "warning"
            offer.showErrorMessage = True
            offer.error = self._words.not_offered
            offer.add(f"{letter}2:{letter}{last}")
            sheet.data_validations.append(offer)

    def _source(self, column: Column, choices: list[str]) -> str:
        """The choices themselves, or the place on the sheet of lists where they stand."""
        inline = ",".join(choices)
        if len(inline) + 2 <= _MOST_INLINE_CHOICES and not any(map(_FORBIDDEN_INLINE.search, choices)):
            return f'"{inline}"'
        if not self._lists:
            self._list_name = self._free_name(self._words.lists)
        self._lists.append((column.label, tuple(choices)))
        letter = get_column_letter(len(self._lists))
        return f"{quote_sheetname(self._list_name)}!${letter}$2:${letter}${len(choices) + 1}"

    def _explain(self) -> None:
        """The sheet that says what each column means and where it comes from."""
        said = self._words
        sheet = self._sheet(said.columns)
        sheet.freeze_panes = "A2"
        sheet.print_title_rows = "1:1"
        rows = Rows(sheet, (24, 28, 60, 34, 44))
        titles = (said.sheet, said.column, said.help, said.basis, said.choices)
        rows.append([self._styles.text(sheet, title, "header") for title in titles], titles)
        for name, column in self._explained:
            texts = (name, column.label, column.help, column.basis, "; ".join(column.choices))
            rows.append([self._styles.text(sheet, text, "wrapped") for text in texts], texts)
        sheet.auto_filter.ref = f"A1:E{len(self._explained) + 1}"

    def _write_lists(self) -> None:
        sheet = self._book.create_sheet(self._list_name)
        sheet.append([self._styles.text(sheet, label, "header") for label, _ in self._lists])
        for row in zip_longest(*[choices for _, choices in self._lists]):
            sheet.append([None if text is None else self._styles.text(sheet, text, "plain") for text in row])

    def _save(self, out: BinaryIO) -> None:
        created = self._document.created
        moment = created if created.tzinfo is None else _utc(created)
        properties = self._book.properties
        properties.title = on_one_line(self._document.title)
        properties.subject = on_one_line(self._document.subject)
        properties.creator = on_one_line(self._document.organisation)
        properties.created = properties.modified = moment.replace(tzinfo=None, microsecond=0)
        writer: Any = ExcelWriter
        writer(self._book, Archive(out, moment)).save()


class Archive(ZipFile):
    """A compressed archive whose members all bear the same time."""

    def __init__(self, out: BinaryIO, moment: datetime) -> None:
        super().__init__(out, "w", ZIP_DEFLATED, allowZip64=True)
        year = min(max(moment.year, 1980), 2107)
        self._time = (year, moment.month, moment.day, moment.hour, moment.minute, moment.second)

    def writestr(
        self,
        zinfo_or_arcname: str | ZipInfo,
        data: Any,
        compress_type: int | None = None,
        compresslevel: int | None = None,
    ) -> None:
        """Add a member with the time of the archive."""
        name = zinfo_or_arcname.filename if isinstance(zinfo_or_arcname, ZipInfo) else zinfo_or_arcname
        super().writestr(self._member(name), data, compress_type, compresslevel)

    def write(
        self,
        filename: str | PathLike[str],
        arcname: str | PathLike[str] | None = None,
        compress_type: int | None = None,
        compresslevel: int | None = None,
    ) -> None:
        """Add a file with the time of the archive."""
        member = self._member(str(arcname or filename))
        with Path(filename).open("rb") as source, self.open(member, "w", force_zip64=True) as target:
            shutil.copyfileobj(source, target)

    def _member(self, name: str) -> ZipInfo:
        member = ZipInfo(name, self._time)
        member.compress_type = ZIP_DEFLATED
        member.external_attr = 0o600 << 16
        return member


class Styles:
    """The few looks of cells of one workbook."""

    def __init__(self, said: Words) -> None:
        self._said = said
        line = Side(style="thin", color="B9C4D0")
        top = Alignment(vertical="top")
        wrapped = Alignment(vertical="top", wrap_text=True)
        looks: dict[str, dict[str, Any]] = {
            "plain": {"alignment": top},
            "count": {"alignment": top, "number_format": "#,##0"},
            "wrapped": {"alignment": wrapped},
            "day": {
                "alignment": Alignment(vertical="top", horizontal="left"),
                "number_format": said.date_format,
            },
            "moment": {
                "alignment": Alignment(vertical="top", horizontal="left"),
                "number_format": said.moment_format,
            },
            "header": {
                "font": Font(name="Calibri", size=11, bold=True, color="1A3F6F"),
                "fill": PatternFill("solid", fgColor="DFE7F1"),
                "alignment": wrapped,
                "border": Border(bottom=line),
            },
            "title": {"font": Font(name="Calibri", bold=True, size=18, color="1A3F6F"), "alignment": top},
            "heading": {"font": Font(name="Calibri", bold=True, size=13, color="1A3F6F"), "alignment": top},
            "strong": {"font": Font(name="Calibri", size=11, bold=True), "alignment": wrapped},
            # What is typed over them stays a text, even if it looks like a formula or a day.
            "typed": {"alignment": wrapped, "number_format": "@"},
            "guarded": {"alignment": wrapped, "number_format": "@", "quotePrefix": True},
        }
        self._looks = looks
        self._known: dict[str, Any] = {}
        """How the workbook numbers the looks that it has met."""

    def cell(self, sheet: Any, name: str) -> Any:
        """An empty cell of this look."""
        cell: Any = WriteOnlyCell(sheet)
        if name not in self._known:
            for attribute, value in self._looks[name].items():
                setattr(cell, attribute, value)
            self._known[name] = cell._style  # noqa: SLF001 -- openpyxl shows it in no other way
        cell._style = copy(self._known[name])  # noqa: SLF001 -- as above
        return cell

    def number_format(self, name: str) -> str:
        """How a spreadsheet shows numbers of this look."""
        return str(self._looks[name].get("number_format", "General"))

    def text(self, sheet: Any, text: str, name: str) -> Any:
        """A cell with a text that is never taken for a formula."""
        cell = self.cell(sheet, name)
        if text := storable(text, self._said):
            cell.value = text
            cell.data_type = "s"
        return cell


class Rows:
    """The rows of a sheet, each as high as its longest text needs.

    Excel fits rows without a height when it opens a file; LibreOffice does not.
    """

    _LINE = 15.0
    _MOST = 409.0

    def __init__(self, sheet: Any, widths: Sequence[float]) -> None:
        """The widths are those of the columns, in characters."""
        self._sheet = sheet
        self._widths = widths
        self._count = 0
        for index, width in enumerate(widths, 1):
            sheet.column_dimensions[get_column_letter(index)].width = width

    def append(self, cells: Iterable[Any], values: Sequence[Cell], line: float = _LINE) -> None:
        """Write a row; the values are what its cells show, and a line is this many points high."""
        self._count += 1
        most = 1
        for value, width in zip(values, self._widths, strict=False):
            if isinstance(value, str) and (len(value) >= width or "\n" in value):
                most = max(most, sum(int(len(part) * 1.12 / width) + 1 for part in value.split("\n")))
        if most > 1 or line > self._LINE:
            # Not a RowDimension, which would fix the height also when the text is edited.
            self._sheet.row_dimensions[self._count] = {"ht": f"{min(most * line, self._MOST):.0f}"}
        # A generator, so that cells which are filled again and again are written one by one.
        self._sheet.append(cell for cell in cells)
        self._sheet.row_dimensions.pop(self._count, None)


class _Cells:
    """Turns the rows of one grid into cells.

    Each look has one cell that is filled again and again, because the sheet writes
    a cell before it asks for the next one.
    """

    _SHORT = 24

    def __init__(self, sheet: Any, styles: Styles, language: str, said: Words) -> None:
        self._language = language
        self._said = said
        self._plain, self._wrapped = styles.cell(sheet, "plain"), styles.cell(sheet, "wrapped")
        self._day, self._moment = styles.cell(sheet, "day"), styles.cell(sheet, "moment")
        self._number = styles.cell(sheet, "plain")
        self._count = styles.cell(sheet, "count")

    def row(self, values: Iterable[Cell]) -> Iterable[Any]:
        """The cells of a row, one at a time."""
        return (self._cell(value) for value in values)

    def _cell(self, value: Cell) -> Any:
        if isinstance(value, str):
            return self._text(storable(value, self._said))
        if value is None:
            return None
        cell = self._typed(value)
        if cell is None:
            return self._text(shown(value, self._language))
        return cell

    def _text(self, text: str) -> Any:
        if not text:
            return None
        cell = self._plain if len(text) <= self._SHORT and "\n" not in text else self._wrapped
        cell.value = text
        cell.data_type = "s"
        return cell

    def _typed(self, value: bool | float | date) -> Any:
        """A cell with the value itself, if a workbook can hold it exactly; truth values stay words."""
        match value:
            case bool():
                return None
            case datetime():
                cell, value = self._moment, local(value)
            case date():
                cell = self._day
            case int():
                cell = self._count
            case _:
                cell = self._number
        if isinstance(value, date):
            day = value.date() if isinstance(value, datetime) else value
            if day < _FIRST_DAY:
                return None
        elif not abs(value) < _MOST_EXACT:
            return None
        cell.value = value
        return cell


class _Report:
    """The sheet that says in order what is not a grid."""

    def __init__(self, sheet: Any, styles: Styles, said: Words) -> None:
        self._sheet = sheet
        self._rows = Rows(sheet, (30, 80, *[18] * 8))
        self._styles = styles
        self._said = said

    def opening(self, document: Document) -> None:
        """Title and cover."""
        said = self._said
        self._row((document.title, "title"), line=26)
        if document.subject.strip():
            self._row((document.subject, "plain"))
        self._row()
        stamp = f"{shown(document.created, document.language)}{said.clock}"
        facts = [(said.organisation, document.organisation), (said.created, stamp)]
        if document.version.strip():
            facts.append((said.version, document.version))
        for label, value in (*facts, *document.cover):
            self._fact(label, value)

    def closing(self, label: str, digest: str) -> None:
        """The checksum of what the whole workbook says."""
        self._row()
        self._fact(label, digest)

    def reference(self, caption: str, sheet: str, count: int) -> None:
        """Where a grid stands and how long it is."""
        self._row()
        self._fact(
            caption or sheet, f"{self._said.count(count).rstrip('.')}, {self._said.see_sheet} „{sheet}“"
        )

    def block(self, block: _Told, language: str) -> None:
        """A block that is no grid."""
        match block:
            case Heading(text):
                self._row()
                self._row((text, "heading"), line=20)
            case Prose(text):
                self._prose("", text)
            case Note(title, text, severity):
                self._row((self._said.severity(severity), "strong"), (title, "strong"))
                self._prose("", text)
            case Items(texts):
                for text in texts:
                    self._prose("", f"• {text}")
            case Facts(rows, caption):
                if caption.strip():
                    self._row((caption, "strong"))
                for label, value in rows:
                    self._fact(label, value)
            case Figure(chart, alt, caption):
                self._row()
                self._row((caption, "strong"), (alt, "wrapped"))
                self._chart(chart, language)

    def _chart(self, chart: Chart, language: str) -> None:
        match chart:
            case Bars():
                self._bars(chart, language)
            case Lights(lights):
                for light in lights:
                    said = ". ".join(filter(None, (light.word, light.text)))
                    self._row((light.label, "strong"), (said, "wrapped"))
            case Matrix():
                self._matrix(chart)
            case Flow():
                self._flow(chart)
            case Graph():
                self._graph(chart)
            case Timeline():
                self._timeline(chart, language)

    def _row(self, *cells: tuple[str, str], line: float = 15) -> None:
        made = [self._styles.text(self._sheet, text, look) for text, look in cells]
        self._rows.append(made, [text if look in _WRAPPED else "" for text, look in cells], line)

    def _fact(self, label: str, value: str) -> None:
        first, *rest = _pieces(value)
        self._row((label, "strong"), (first, "wrapped"))
        for piece in rest:
            self._row((f"({self._said.continued})", "plain"), (piece, "wrapped"))

    def _prose(self, label: str, text: str) -> None:
        for paragraph in paragraphs(text):
            for piece in _pieces(paragraph):
                self._row((label, "plain"), (piece, "wrapped"))

    def _bars(self, bars: Bars, language: str) -> None:
        series = range(max([len(bars.series), *map(len, bars.values)]))
        names = [bars.series[index] if index < len(bars.series) else "" for index in series]
        self._row(*[(name, "header") for name in ("", "", *names, self._said.total)])
        cells = _Cells(self._sheet, self._styles, language, self._said)
        for name, values in zip(bars.categories, bars.values, strict=False):
            label = self._styles.text(self._sheet, name, "strong")
            padding = [None] * (len(series) - len(values))
            numbers = cells.row((*values, *padding, sum(values)))
            self._rows.append(chain((label, None), numbers), (name,))

    def _flow(self, flow: Flow) -> None:
        for stage in flow.stages:
            self._row((stage.title, "header"), ("", "header"))
            self._stations(stage.stations, "")

    def _graph(self, graph: Graph) -> None:
        """The boxes layer by layer in a grid of cells, each with the boxes that its lines lead to."""
        ends: dict[str, list[str]] = {}
        for edge in graph.edges:
            ends.setdefault(edge.source, []).append(edge.target)
        for index, layer in enumerate(graph.layers):
            boxes = [
                "\n".join(filter(None, (node.name, *node.details, _leads_to(ends.get(node.key, ())))))
                for node in graph.nodes
                if node.layer == index
            ]
            for start in range(0, len(boxes), _BOXES_ABREAST):
                some = boxes[start : start + _BOXES_ABREAST]
                self._row((layer if start == 0 else "", "header"), *[(box, "wrapped") for box in some])

    def _timeline(self, timeline: Timeline, language: str) -> None:
        """The bars under their headings, each with its days and how it stands."""
        section = -1
        for one in timeline.stretches:
            if one.section != section:
                section = one.section
                title = timeline.sections[section] if 0 <= section < len(timeline.sections) else ""
                self._row((title, "header"), ("", "header"), ("", "header"), ("", "header"))
            days = [shown(day, language) if day else "" for day in (one.start, one.end)]
            self._row(
                (f"{one.key} {one.name}".strip(), "strong"),
                (one.note, "wrapped"),
                *[(day, "plain") for day in days],
            )

    def _stations(self, stations: Iterable[Station], indent: str) -> None:
        for station in stations:
            said = "; ".join(filter(None, (*station.details, station.warning)))
            self._row((indent + station.name, "strong"), (said, "wrapped"))
            self._stations(station.inside, indent + "– ")

    def _matrix(self, matrix: Matrix) -> None:
        corner = " / ".join(part for part in (matrix.row_title, matrix.column_title) if part)
        self._row(*[(name, "header") for name in (corner, "", *matrix.columns)])
        for index, name in enumerate(matrix.rows):
            levels = matrix.words[index] if index < len(matrix.words) else ()
            marks = matrix.marks[index] if index < len(matrix.marks) else ()
            places = [": ".join(filter(None, place)) for place in zip_longest(levels, marks, fillvalue="")]
            self._row((name, "strong"), ("", "plain"), *[(place, "wrapped") for place in places])


def _leads_to(keys: Iterable[str]) -> str:
    named = ", ".join(keys)
    return f"→ {named}" if named else ""


def storable(text: str, said: Words) -> str:
    """The text as a cell can hold it: clean, never read as an escape, cut with a mark where too long."""
    text = _escaped(clean(text))
    if _units(text) <= _MOST_CHARACTERS:
        return text
    mark = f" […] ({said.shortened})"
    return _fitting(text, _MOST_CHARACTERS - len(mark)) + mark


def _pieces(text: str) -> list[str]:
    """A long text in pieces that a cell each can hold, even where escaping doubles them."""
    rest = clean(text)
    pieces = []
    while _units(rest) > _PIECE:
        piece = _fitting(rest, _PIECE)
        pieces.append(piece)
        rest = rest[len(piece) :]
    return [*pieces, rest]


def _escaped(text: str) -> str:
    """The text with ``_x0041_`` and the like written so that no reader takes them for characters."""
    return _ESCAPE_LIKE.sub("_x005F_", text) if "_x" in text else text


def _units(text: str) -> int:
    """The length as spreadsheets count it, in units of UTF-16."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def _fitting(text: str, units: int) -> str:
    """The beginning of a text, at most this many units of UTF-16 long."""
    if _units(text) <= units:
        return text
    return text.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore")


def _whole_words(text: str, units: int) -> str:
    """The same up to the end of a word, unless that would leave hardly anything."""
    cut = _fitting(text, units)
    whole = cut.rpartition(" ")[0]
    return whole if cut != text and not text.startswith(f"{cut} ") and len(whole) >= units / 2 else cut


def _printed(text: str) -> str:
    """A text for the head of a printed sheet, where an ampersand begins a code."""
    return _fitting(on_one_line(text), 100).replace("&", "&&")


def _widths(columns: Sequence[Column]) -> list[float]:
    """The widths of columns in characters: on average 22, none narrower than a date."""
    total = sum(map(_share, columns)) or 1.0
    return [round(min(max(_share(column) / total * 22 * len(columns), 11), 70), 1) for column in columns]


def _share(column: Column) -> float:
    return column.width if 0 < column.width < float("inf") else 1.0


def _utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return moment
