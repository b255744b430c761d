"""Tables of any length, set row by row, so that only the current row is in memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate, zip_longest

from exports.fonts import drawable
from exports.pdf.canvas import rgb
from exports.pdf.page import ACCENT, RULE, Paper, ascent
from exports.pdf.structure import Element
from exports.typesetting import Style

_HEADER_FILL = "#dfe7f1"
_PAD_X = 3.6
_PAD_Y = 2.8
_COLUMN = "/A<</O/Table/Scope/Column>>"
_ROW = "/A<</O/Table/Scope/Row>>"
_BAND_FILL = "#f1f5fa"
_MOST_OF_A_PAGE = 0.35
_FEW_LINES = 4


class Table:
    """One table: begin it, add rows, end it.

    The first cell of each row is its header. The header of the columns is repeated
    on every page and told once. A row that is too high for what is left goes to the
    next page, and one that is too high for a page is divided.
    """

    def __init__(
        self,
        paper: Paper,
        element: Element | None,
        shares: Sequence[float],
        header: Sequence[str],
        style: Style,
        samples: Sequence[str] = (),
        numbers: frozenset[int] = frozenset(),
    ) -> None:
        """Each sample is what its column must have space for, such as a running number or a date.

        *element* may be missing where the table is only measured. The columns at the places
        *numbers* are set flush right, so that digits stand below each other.
        """
        self._paper = paper
        self._element = element
        self._style = style
        self._bold = Style(style.size, style.leading, bold=True, hyphenate=False)
        self._widths = _widths(shares, self._least(header, samples, len(shares)), paper.width)
        self._texts = [width - 2 * _PAD_X for width in self._widths]
        self._xs = [paper.left + start + _PAD_X for start in accumulate(self._widths[:-1], initial=0.0)]
        self._numbers = numbers
        self._row_styles = [self._bold, *[style] * (len(shares) - 1)]
        self._header = self._heading(header)
        self._header_height = self._height(self._header) if header else 0.0
        self._rules: list[float] = []
        self._body: Element | None = None
        self._band: list[str] = []

    def rows(self, rows: Iterable[Sequence[str]]) -> None:
        """Set the rows; each has one text for each column."""
        for row in rows:
            self.row(row)

    def band(self, text: str, next_row: Sequence[str]) -> float:
        """Set a line over the whole width about the rows that follow, on one page with the first of them.

        It is shown again on each page on which such rows go on. Returns how high it is.
        """
        paper = self._paper
        self._band = []
        lines = self._band_lines(text)
        height = self._height([lines])
        together = height + self._beginning(self._height(self._cells(next_row)))
        if self._body is None:
            self._begin(together)
        elif together > paper.room:
            self._turn()
        self._band = lines
        row = paper.structure.element("TR", self._body)
        self._fill_band()
        span = f"/A<</O/Table/Scope/Row/ColSpan {len(self._widths)}>>"
        self._leaf("TH", row, span, 0, lines, self._bold)
        paper.structure.close(row)
        self._below(height)
        return height

    def _fill_band(self) -> None:
        paper, height = self._paper, self._height([self._band])
        paper.fill(paper.left, paper.y - height, paper.width, height, _BAND_FILL)

    def opening(self, texts: Sequence[str], band: str = "") -> float:
        """The height of header, *band* and first row, or as much of the row as shall stand below them."""
        above = self._height([self._band_lines(band)]) if band else 0.0
        return self._header_height + above + self._beginning(self._height(self._cells(texts)))

    def _band_lines(self, text: str) -> list[str]:
        return self._short(text, self._paper.width - 2 * _PAD_X)

    def row(self, texts: Sequence[str]) -> None:
        """Set one row."""
        paper = self._paper
        cells = self._cells(texts)
        height = self._height(cells)
        if self._body is None:
            self._begin(self._beginning(height))
        if height <= paper.room:
            self._whole(cells, height)
        elif height <= paper.body * _MOST_OF_A_PAGE:
            self._turn()
            self._whole(cells, height)
        else:
            self._divided(cells)

    def _cells(self, texts: Sequence[str]) -> list[list[str]]:
        return [
            self._paper.typesetter.lines(text, width, style)
            for text, width, style in zip(texts, self._texts, self._row_styles, strict=True)
        ]

    def _beginning(self, height: float) -> float:
        """How much of a row that is so high has to follow the header; a row that is divided less."""
        body = self._paper.body
        return height if height <= body * _MOST_OF_A_PAGE else body / 4

    def end(self) -> None:
        """Finish the table, which has at least one row."""
        self._draw_rules()
        if self._body is not None:
            self._paper.structure.close(self._body)

    def _least(self, header: Sequence[str], samples: Sequence[str], columns: int) -> list[float]:
        """What each column needs for its sample and its header, though no more than an equal share."""
        pairs = zip_longest(header, samples, fillvalue="")
        texts = [f"{title} {sample}" for title, sample in pairs] or [""] * columns
        most = self._paper.width / columns
        return [min(self._longest(text) + 2 * _PAD_X + 1, most) for text in texts]

    def _longest(self, text: str) -> float:
        parts = drawable(text, bold=True).split()
        return max([self._paper.typesetter.width(word, self._bold) for word in parts], default=0.0)

    def _heading(self, header: Sequence[str]) -> list[list[str]]:
        """The lines of the header."""
        return [self._short(text, width) for text, width in zip(header, self._texts, strict=False)]

    def _short(self, text: str, width: float) -> list[str]:
        """The lines of *text* in bold, which may take up a third of a page at most."""
        most = int(self._paper.body / 3 / self._bold.leading)
        lines = self._paper.typesetter.lines(text, width, self._bold)
        return lines if len(lines) <= most else [*lines[: most - 1], "…"]

    def _height(self, cells: Sequence[Sequence[str]]) -> float:
        return max(map(len, cells), default=1) * self._style.leading + 2 * _PAD_Y

    def _begin(self, first_row: float) -> None:
        structure = self._paper.structure
        self._paper.need(self._header_height + first_row)
        if self._header:
            head = structure.element("THead", self._element)
            self._set_header(structure.element("TR", head))
            structure.close(head)
        else:
            self._rules.append(self._paper.y)
        self._body = structure.element("TBody", self._element)

    def _turn(self) -> None:
        self._draw_rules()
        self._paper.turn()
        if self._header:
            self._set_header(None)
        else:
            self._rules.append(self._paper.y)
        if self._band:
            self._fill_band()
            self._repeat(self._band)
            self._below(self._height([self._band]))

    def _set_header(self, row: Element | None) -> None:
        """Set the header; without a row it is a repetition, which is not told again."""
        paper = self._paper
        paper.fill(paper.left, paper.y - self._header_height, paper.width, self._header_height, _HEADER_FILL)
        paper.canvas.emit(f"q {rgb(ACCENT)} rg")
        if row is None:
            with paper.canvas.artifact("Pagination"):
                for place, lines in enumerate(self._header):
                    x = self._x(place, lines, self._bold)
                    paper.canvas.emit(paper.canvas.text_object(x, self._base, lines, self._bold))
        else:
            for place, lines in enumerate(self._header):
                self._leaf("TH", row, _COLUMN, place, lines, self._bold)
            paper.structure.close(row)
        paper.canvas.emit("Q")
        paper.y -= self._header_height

    @property
    def _base(self) -> float:
        return self._paper.y - _PAD_Y - ascent(self._style)

    def _x(self, place: int, lines: Sequence[str], style: Style) -> float:
        """Where the *lines* in a column begin."""
        if place not in self._numbers or not lines:
            return self._xs[place]
        longest = max(self._paper.typesetter.width(line, style) for line in lines)
        return self._xs[place] + max(self._texts[place] - longest, 0.0)

    def _leaf(
        self, role: str, row: Element, attributes: str, place: int, lines: list[str], style: Style
    ) -> None:
        canvas = self._paper.canvas
        x = self._x(place, lines, style)
        mark = self._paper.structure.leaf(role, row, attributes)
        canvas.emit(f"/{role} <</MCID {mark}>> BDC", canvas.text_object(x, self._base, lines, style), "EMC")

    def _whole(self, cells: list[list[str]], height: float) -> None:
        row = self._paper.structure.element("TR", self._body)
        self._leaf("TH", row, _ROW, 0, cells[0], self._bold)
        for place, lines in enumerate(cells[1:], start=1):
            self._leaf("TD", row, "", place, lines, self._style)
        self._paper.structure.close(row)
        self._below(height)

    def _divided(self, cells: list[list[str]]) -> None:
        """Set a high row on as many pages as it needs; the cells are told once each."""
        structure = self._paper.structure
        row = structure.element("TR", self._body)
        elements = [structure.element("TH", row, _ROW), *[structure.element("TD", row) for _ in cells[1:]]]
        rest = cells
        while any(rest):
            longest = max(map(len, rest))
            count = min(longest, int((self._paper.room - 2 * _PAD_Y) / self._style.leading))
            if count < min(longest, _FEW_LINES):
                self._turn()
                continue
            if rest is not cells and not rest[0]:
                self._repeat(cells[0][:count])
            self._part(elements, [lines[:count] for lines in rest])
            rest = [lines[count:] for lines in rest]
        for element in elements:
            structure.close(element)
        structure.close(row)

    def _repeat(self, lines: list[str]) -> None:
        """Show again which row it is that goes on."""
        canvas = self._paper.canvas
        with canvas.artifact():
            canvas.emit(canvas.text_object(self._xs[0], self._base, lines, self._bold))

    def _part(self, elements: list[Element], cells: list[list[str]]) -> None:
        canvas = self._paper.canvas
        told = zip(elements, cells, self._row_styles, strict=True)
        for place, (element, lines, style) in enumerate(told):
            if lines:
                x = self._x(place, lines, style)
                with canvas.tagged(element):
                    canvas.emit(canvas.text_object(x, self._base, lines, style))
        self._below(self._height(cells))

    def _below(self, height: float) -> None:
        self._paper.y -= height
        self._rules.append(self._paper.y)

    def _draw_rules(self) -> None:
        self._paper.rules(self._rules, self._paper.left, self._paper.width, RULE)
        self._rules = []


def _widths(shares: Sequence[float], least: Sequence[float], width: float) -> list[float]:
    """The widths of the columns: as their shares, but none less than it needs."""
    kept = [share if 0 < share < float("inf") else 1.0 for share in shares]
    wide = [width * share / sum(kept) for share in kept]
    short = sum(max(need - has, 0.0) for need, has in zip(least, wide, strict=True))
    spare = sum(max(has - need, 0.0) for need, has in zip(least, wide, strict=True))
    given = short / spare if spare else 0.0
    return [
        need if has <= need else has - (has - need) * given for need, has in zip(least, wide, strict=True)
    ]
