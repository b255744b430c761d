"""The sheet a document is printed on: format, margins, footer, and where the next line goes."""

from __future__ import annotations

from reportlab.lib.pagesizes import A4, landscape

from exports.document import Document
from exports.fingerprint import short
from exports.pdf.canvas import TaggedCanvas, rgb
from exports.pdf.metadata import title
from exports.pdf.structure import Element
from exports.typesetting import Style, Typesetter
from exports.wording import shown, words

ACCENT = "#1a3f6f"
RULE = "#b9c4d0"
FAINT = "#eef2f7"
QUIET = "#4d5a68"

_FOOTER = Style(7.2, 9, colour=QUIET)
_SIDE = 56.7
_TOP = 51.0
_BOTTOM = 62.0
_FOOTER_LINE = 44.0
_PAGES = "pages"
_CHECKSUM = "checksum"


class Paper:
    """Pages filled from top to bottom.

    ``y`` is where the next thing starts. Lengths are in points, and x counts from
    the left edge of the sheet.
    """

    def __init__(self, document: Document) -> None:
        size = landscape(A4) if document.landscape else A4
        self.canvas = TaggedCanvas(document, size)
        self.structure = self.canvas.structure
        self.typesetter = Typesetter(document.language)
        self.left = _SIDE
        self.width = size[0] - 2 * _SIDE
        self.right = self.left + self.width
        self.top = size[1] - _TOP
        self.body = self.top - _BOTTOM
        self.y = self.top
        self._document = document
        self._words = words(document.language)
        self._number = 0
        self._places = self.right - self.typesetter.width(
            f"{self._words.page} 000 {self._words.of} 000", _FOOTER
        )
        self._identity = self._identify(self._places - self.left - 12)
        self._start()

    @property
    def room(self) -> float:
        """The height that is left on this page."""
        return self.y - _BOTTOM

    @property
    def untouched(self) -> bool:
        """Whether nothing stands on this page yet."""
        return self.y == self.top

    def turn(self) -> None:
        """Go on to a fresh page."""
        self.canvas.end_page()
        self._start()

    def need(self, height: float) -> None:
        """Go on to a fresh page if this height is not left on the current one."""
        if height > self.room and not self.untouched:
            self.turn()

    def space(self, height: float) -> None:
        """Leave space, though not at the top of a page."""
        if not self.untouched:
            self.y -= max(0.0, min(height, self.room))

    def flow(self, element: Element, lines: list[str], style: Style, x: float, keep: int = 2) -> None:
        """Set lines as content of the element, on as many pages as they need.

        At least ``keep`` lines stay together at the start and at the end.
        """
        while lines:
            count = self.fitting(len(lines), style.leading, keep)
            if count == 0:
                self.turn()
                continue
            self.lines(element, lines[:count], style, x)
            lines = lines[count:]

    def fitting(self, lines: int, leading: float, keep: int = 2) -> int:
        """How many of the lines go on this page; on an empty page at least one."""
        count = int((self.room + 0.01) / leading)
        if count >= lines:
            return lines
        count = min(count, lines - keep)
        if count < keep:
            count = 0
        return max(count, 1) if self.untouched else count

    def lines(self, element: Element, lines: list[str], style: Style, x: float) -> None:
        """Set lines that fit on this page as content of the element."""
        with self.canvas.tagged(element):
            self.canvas.text(x, self.y - ascent(style), lines, style)
        self.y -= len(lines) * style.leading

    def fill(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        """Lay a coloured area; y is its lower edge."""
        with self.canvas.artifact():
            self.canvas.emit(f"q {rgb(colour)} rg {x:.2f} {y:.2f} {width:.2f} {height:.2f} re f Q")

    def rules(
        self, heights: list[float], x: float, width: float, colour: str = RULE, weight: float = 0.4
    ) -> None:
        """Draw thin horizontal lines at the heights."""
        if not heights:
            return
        with self.canvas.artifact():
            self.canvas.emit(f"q {rgb(colour)} RG {weight} w")
            self.canvas.emit(*[f"{x:.2f} {y:.2f} m {x + width:.2f} {y:.2f} l" for y in heights])
            self.canvas.emit("S Q")

    def finish(self, digest: str) -> None:
        """Close the last page, and fill in what the footers could not know."""
        self.canvas.end_page()
        self._form(_PAGES, str(self._number))
        self._form(_CHECKSUM, short(digest))

    def _start(self) -> None:
        self._number += 1
        self.canvas.begin_page()
        self.y = self.top
        self._footer()

    def _footer(self) -> None:
        said = self._words
        style = _FOOTER
        page = f"{said.page} {self._number} {said.of} "
        stamp = f"{said.as_of} {shown(self._document.created, self._document.language)}{said.clock}"
        second = f"{stamp}  ·  {said.fingerprint} "
        y = _FOOTER_LINE - 11
        self.rules([_FOOTER_LINE], self.left, self.width)
        with self.canvas.artifact("Pagination"):
            self.canvas.text(self.left, y, [self._identity], style)
            self.canvas.text(self._places, y, [page], style)
            self._reserve(_PAGES, self._places + self.typesetter.width(page, style), y)
            self.canvas.text(self.left, y - style.leading, [second], style)
            self._reserve(_CHECKSUM, self.left + self.typesetter.width(second, style), y - style.leading)

    def _identify(self, width: float) -> str:
        """Organisation, title and version on one line; the title gives way where it is too long."""
        document = self._document
        style = _FOOTER
        organisation = self.typesetter.shortened(document.organisation, width * 0.4, style)
        version = f"{self._words.version} {document.version}" if document.version.strip() else ""
        version = self.typesetter.shortened(version, width * 0.2, style)
        taken = self.typesetter.width(organisation + version, style) + 20
        name = self.typesetter.shortened(title(document), width - taken, style)
        return "  ·  ".join(part for part in (organisation, name, version) if part)

    def _reserve(self, form: str, x: float, y: float) -> None:
        self.canvas.emit(f"q 1 0 0 1 {x:.2f} {y:.2f} cm")
        self.canvas.doForm(form)
        self.canvas.emit("Q")

    def _form(self, name: str, text: str) -> None:
        self.canvas.beginForm(name, 0, -3, 200, 10)
        self.canvas.text(0, 0, [text], _FOOTER)
        self.canvas.endForm()


def ascent(style: Style) -> float:
    """How far the first base line lies below the top of a text."""
    return style.size * 0.75 + (style.leading - style.size) / 2
