"""Documents on paper: each kind of block in its typographic form and with its tags."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain

from exports.charts import pictures
from exports.document import Block, Cell, Chart, Document, Facts, Figure, Grid, Heading, Items, Note, Prose
from exports.fingerprint import Fingerprint
from exports.pdf.figure import draw
from exports.pdf.metadata import title
from exports.pdf.page import ACCENT, QUIET, Paper
from exports.pdf.structure import Element, text_string
from exports.pdf.table import Table
from exports.shapes import Picture, Sheets
from exports.text import on_one_line, paragraphs
from exports.typesetting import Style
from exports.wording import shown, words

_BODY = Style(9.6, 13.2)
_ORGANISATION = Style(9.6, 13, bold=True, colour=ACCENT, hyphenate=False)
_TITLE = Style(21, 25.5, bold=True, colour=ACCENT, hyphenate=False)
_SUBJECT = Style(10.6, 14.6, colour=QUIET)
_HEADINGS = (
    Style(14.5, 18.5, bold=True, colour=ACCENT, hyphenate=False),
    Style(12, 16, bold=True, colour=ACCENT, hyphenate=False),
    Style(10.6, 14.4, bold=True, hyphenate=False),
    Style(9.6, 13.2, bold=True, hyphenate=False),
)
_CAPTION = Style(9, 12, bold=True, colour="#2b3947")
_FACTS = Style(9, 11.8)
_SPACE_ABOVE = (22.0, 17.0, 13.0, 11.0)
_SPACE_BELOW = 6.0
_PARAGRAPH = 6.5
_BLOCK = 11.0
_KEPT_WITH_HEADING = 64.0
_NOTE_COLOURS = {"warning": ("#b26a00", "#fdf5e6"), "error": ("#a3201a", "#fcefee")}
_NOTE_CALM = (ACCENT, "#eef3f9")


class Story:
    """Tells a document from its title to its last block."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._words = words(document.language)
        self._fingerprint = Fingerprint(document)
        self._heard = ""
        self._level = 0
        self._entries = 0
        self._paper = Paper(document)

    def tell(self) -> tuple[Paper, str]:
        """Set everything; the finished paper and the checksum of what it says."""
        self._cover()
        for index, block in enumerate(self._document.blocks):
            self._fingerprint.block(block)
            if isinstance(block, Heading) and block.fresh_page and not self._paper.untouched:
                self._paper.turn()
            if isinstance(block, Heading | Figure):
                self._paper.need(self._together(index))
            self._block(block)
        digest = self._fingerprint.hexdigest()
        self._paper.finish(digest)
        return self._paper, digest

    def _together(self, index: int) -> float:
        """The height of headings and a picture that belong on one page, from this block on."""
        height = 0.0
        for block in self._document.blocks[index:]:
            if isinstance(block, Figure):
                caption = 2 * _CAPTION.leading
                first = next(self._drawn(block.chart, self._paper.room - height - caption))
                return height + first.height + caption
            # Rows that are read while they are told are not read before.
            if isinstance(block, Grid) and isinstance(block.rows, Sequence) and block.rows:
                return height + 2 * _CAPTION.leading + self._opening(block, block.rows[0])
            if not isinstance(block, Heading):
                break
            style = _HEADINGS[max(1, min(block.level, 4)) - 1]
            lines = self._paper.typesetter.lines(on_one_line(block.text), self._paper.width, style)
            height += _SPACE_ABOVE[0] + len(lines) * style.leading
        return height + _KEPT_WITH_HEADING

    def _opening(self, grid: Grid, first: tuple[Cell, ...]) -> float:
        """The height of the beginning of *grid*, whose *first* row this is."""
        printed = _printed(grid)
        if not printed:
            return _KEPT_WITH_HEADING
        table = self._table(grid, None, printed, first)
        return table.opening(self._texts(first, printed), self._common(grid, first))

    def _drawn(self, chart: Chart, rest: float) -> Iterator[Picture]:
        """The pictures of a chart, of which the first may use the *rest* of this page."""
        body = self._paper.body
        sheets = Sheets(self._paper.width, rest, body - _KEPT_WITH_HEADING, body)
        return pictures(chart, self._document.language, sheets)

    def _block(self, block: Block) -> None:
        match block:
            case Heading(text, level):
                self._heading(text, level)
            case Prose(text):
                self._prose(text)
            case Note(heading, text, severity):
                self._note(heading, text, severity)
            case Items(texts):
                self._items(texts)
            case Facts(rows, caption):
                self._facts(rows, caption)
            case Grid():
                self._grid(block)
            case Figure(chart, alt, caption):
                self._figure(chart, alt, caption)
        if isinstance(block, Heading):
            self._heard = on_one_line(block.text)

    @contextmanager
    def _element(self, role: str, parent: Element | None = None, attributes: str = "") -> Iterator[Element]:
        element = self._paper.structure.element(role, parent, attributes)
        yield element
        self._paper.structure.close(element)

    def _text(
        self, role: str, text: str, style: Style, parent: Element | None = None, indent: float = 0
    ) -> None:
        """Set a text as an element of its own, over the width of the page."""
        paper = self._paper
        lines = paper.typesetter.lines(text, paper.width - indent, style)
        with self._element(role, parent) as element:
            paper.flow(element, lines, style, paper.left + indent)

    def _cover(self) -> None:
        paper = self._paper
        document = self._document
        paper.fill(paper.left, paper.y - 3, 42, 3, ACCENT)
        paper.y -= 13
        if document.organisation.strip():
            self._text("P", on_one_line(document.organisation), _ORGANISATION)
            paper.y -= 3
        self._bookmark(title(document), 0)
        self._text("H1", title(document), _TITLE)
        if document.subject.strip():
            paper.space(4)
            self._text("P", document.subject, _SUBJECT)
        paper.space(12)
        if document.cover:
            self._facts(document.cover, "")

    def _heading(self, text: str, level: int) -> None:
        """A heading one level below the title, and never two below the one before."""
        self._level = max(1, min(level, self._level + 1, 4))
        style = _HEADINGS[self._level - 1]
        paper = self._paper
        lines = paper.typesetter.lines(on_one_line(text) or "–", paper.width, style)
        above = _SPACE_ABOVE[self._level - 1] - _SPACE_BELOW
        paper.space(above)
        self._bookmark(text, self._level)
        with self._element(f"H{self._level + 1}") as element:
            paper.flow(element, lines, style, paper.left)
        paper.space(_SPACE_BELOW)

    def _bookmark(self, text: str, level: int, *, above: float = 0) -> None:
        """Lets the outline lead here, or so far *above* where something has been set already."""
        canvas = self._paper.canvas
        self._entries += 1
        key = f"h{self._entries}"
        canvas.bookmarkPage(key, fit="XYZ", left=0, top=self._paper.y + 8 + above, zoom=0)
        canvas.addOutlineEntry(on_one_line(text) or "–", key, level, closed=level >= 2)
        if self._entries == 2:
            canvas.showOutline()

    def _prose(self, text: str) -> None:
        for paragraph in paragraphs(text):
            self._text("P", paragraph, _BODY)
            self._paper.space(_PARAGRAPH)

    def _items(self, texts: tuple[str, ...]) -> None:
        if not texts:
            return
        with self._element("L", attributes="/A<</O/List/ListNumbering/Disc>>") as items:
            for text in texts:
                self._item(text, items)
        self._paper.space(_PARAGRAPH)

    def _item(self, text: str, items: Element) -> None:
        paper = self._paper
        indent = 13.0
        lines = paper.typesetter.lines(text, paper.width - indent, _BODY)
        if not paper.fitting(len(lines), _BODY.leading):
            paper.turn()
        with self._element("LI", items) as item:
            start = paper.y
            with self._element("Lbl", item) as label:
                paper.lines(label, ["• "], _BODY, paper.left + 3)
            paper.y = start
            with self._element("LBody", item) as body:
                paper.flow(body, lines, _BODY, paper.left + indent)
        paper.space(2.5)

    def _note(self, heading: str, text: str, severity: str) -> None:
        """A box with a bar at its side; its severity stands in words before the title."""
        bar, area = _NOTE_COLOURS.get(severity, _NOTE_CALM)
        said = ": ".join(part for part in (self._words.severity(severity), on_one_line(heading)) if part)
        bold = Style(_BODY.size, _BODY.leading, bold=True, colour=bar, hyphenate=False)
        self._paper.space(3)
        with self._element("Div") as box:
            texts = [(said, bold), *[(paragraph, _BODY) for paragraph in paragraphs(text)]]
            self._boxed(texts, box, bar, area)
        self._paper.space(_BLOCK)

    def _boxed(self, texts: list[tuple[str, Style]], box: Element, bar: str, area: str) -> None:
        paper = self._paper
        inset, edge = 12.0, 5.0
        paper.need(2 * edge + 3 * _BODY.leading)
        above = edge
        for text, style in texts:
            lines = paper.typesetter.lines(text, paper.width - 2 * inset, style)
            with self._element("P", box) as element:
                while lines:
                    count = paper.fitting(len(lines), style.leading)
                    if not count:
                        paper.turn()
                        above = edge
                        continue
                    height = above + count * style.leading + edge
                    low = paper.y - height
                    paper.fill(paper.left, low, paper.width, height, area)
                    paper.fill(paper.left, low, 3, height, bar)
                    paper.y -= above
                    paper.lines(element, lines[:count], style, paper.left + inset)
                    lines = lines[count:]
                    above = 0
        paper.y -= edge

    def _facts(self, rows: tuple[tuple[str, str], ...], caption: str) -> None:
        if not rows:
            return
        with self._element("Table") as element:
            self._caption(caption, element)
            table = Table(self._paper, element, (0.3, 0.7), (), _FACTS)
            table.rows(rows)
            table.end()
        self._paper.space(_BLOCK)

    def _caption(self, caption: str, parent: Element | None, below: float = _KEPT_WITH_HEADING) -> None:
        """A caption that no heading has said already, on one page with what stands right *below* it."""
        text = on_one_line(caption)
        if text and text != self._heard:
            self._paper.need(2 * _CAPTION.leading + below)
            self._text("Caption", text, _CAPTION, parent)
            self._paper.space(4)

    def _grid(self, grid: Grid) -> None:
        rows = self._fingerprint.rows(grid)
        first = next(rows, None)
        printed = _printed(grid)
        if first is None or not printed:
            self._empty(grid, rows)
            return
        with self._element("Table") as element:
            table = self._table(grid, element, printed, first)
            opening = table.opening(self._texts(first, printed), self._common(grid, first))
            self._caption(grid.caption, element, opening)
            self._rows(grid, table, printed, chain((first,), rows))
            table.end()
        self._paper.space(_BLOCK)

    def _rows(
        self, grid: Grid, table: Table, printed: Sequence[int], rows: Iterable[tuple[Cell, ...]]
    ) -> None:
        """The rows, and a line above those that have the same in the columns of the bands."""
        before = ""
        for row in rows:
            texts, common = self._texts(row, printed), self._common(grid, row)
            if common != before:
                self._bookmark(common, min(self._level + 1, 4), above=table.band(common, texts))
                before = common
            table.row(texts)

    def _common(self, grid: Grid, row: tuple[Cell, ...]) -> str:
        """What stands in the line above *row* and those like it; empty where there are no such lines."""
        said = on_one_line(" · ".join(filter(None, self._texts(row, grid.bands))))
        return said or ("–" if grid.bands else "")

    def _table(
        self, grid: Grid, element: Element | None, printed: Sequence[int], first: tuple[Cell, ...]
    ) -> Table:
        columns = [grid.columns[place] for place in printed]
        samples = [column.sample for column in columns]
        samples[0] = samples[0] or self._texts(first, printed[:1])[0]
        cells = [first[place] if place < len(first) else "" for place in printed]
        # What identifies a row stays on the left.
        numbers = frozenset(at for at, cell in enumerate(cells) if at and type(cell) in (int, float))
        header = [on_one_line(column.label) for column in columns]
        shares = [column.width for column in columns]
        return Table(self._paper, element, shares, header, _grid_style(len(shares)), samples, numbers)

    def _empty(self, grid: Grid, rows: Iterator[tuple[Cell, ...]]) -> None:
        for _ in rows:
            pass
        text = on_one_line(grid.caption)
        if text and text != self._heard:
            self._paper.need(_KEPT_WITH_HEADING)
            self._text("P", text, _CAPTION)
        self._text("P", self._words.no_entries, _BODY)
        self._paper.space(_BLOCK)

    def _texts(self, row: tuple[Cell, ...], places: Sequence[int]) -> list[str]:
        """The cells at *places* in words; a row that is too short ends in empty cells."""
        language = self._document.language
        cells = (row[place] if place < len(row) else "" for place in places)
        return [cell if isinstance(cell, str) else shown(cell, language) for cell in cells]

    def _figure(self, chart: Chart, alt: str, caption: str) -> None:
        with self._element("Div") as division:
            self._caption(caption, division)
            for drawn in self._drawn(chart, self._paper.room):
                self._picture(drawn, on_one_line(alt) or on_one_line(caption) or self._words.report, division)

    def _picture(self, drawn: Picture, alt: str, parent: Element) -> None:
        paper = self._paper
        scale = min(1.0, paper.body / max(drawn.height, 1.0))
        width, height = drawn.width * scale, drawn.height * scale
        paper.need(height)
        low = paper.y - height
        box = f"{paper.left:.2f} {low:.2f} {paper.left + width:.2f} {paper.y:.2f}"
        attributes = f"/Alt{text_string(alt)}/A<</O/Layout/Placement/Block/BBox[{box}]>>"
        with self._element("Figure", parent, attributes) as element, paper.canvas.tagged(element):
            draw(drawn, paper.canvas, paper.left, low, scale)
        paper.y = low
        paper.space(_BLOCK)


def _printed(grid: Grid) -> list[int]:
    """The places of the columns that are printed."""
    return [place for place, column in enumerate(grid.columns) if column.on_paper]


def _grid_style(columns: int) -> Style:
    """Smaller type for more columns."""
    if columns <= 6:
        return Style(8.5, 10.6, hyphenate=False)
    if columns <= 9:
        return Style(8, 10, hyphenate=False)
    return Style(7.5, 9.3, hyphenate=False)
