"""Boxes in layers with the ties between them, drawn for page and paper.

The page shows the whole picture, each box a link that the keyboard reaches. Paper
shows it in strips that fit on a sheet, cut only where no box is cut.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from math import sqrt
from typing import Final
from xml.sax.saxutils import quoteattr

from exports.document import Graph, Node
from exports.layered import Band, Item, Layout, Measures, Net, Place, Tie, lay_out
from exports.shapes import INK, ROOM_FOR_OTHER_FONTS, Box, Label, Picture, Shape, Sheets, Stroke, element
from exports.text import on_one_line
from exports.typesetting import Style, Typesetter

_QUIET: Final = "#4d5a68"
_EDGE: Final = "#5d6b7a"
_ALARM: Final = "#a8252b"
_GROUNDS: Final = ("#eef2f7", "#f8fafc")
_ASIDE: Final = "#e3e8ee"
_LINES: Final = ("#1f44aa", "#7a3e00", "#22683f", "#7b2d7b", "#3d4854")
"""Colours of lines beside each other, each with enough contrast to every ground."""
_ON_PAPER: Final = 7.6
_ON_SCREEN: Final = 14.0
_NAME_LINES: Final = 3
_SMALLEST: Final = 0.9
"""How small the type may become so that a picture stays on one sheet."""
_WORTH_BEGINNING: Final = 0.25
"""The part of a sheet that the first strip fills at least."""
_WIDEST: Final = 1.6
"""How much wider than usual a box may be, so that few boxes fill a sheet."""
_FEWEST_COLUMNS: Final = 4
_MOST_COLUMNS: Final = 9


def picture(graph: Graph, language: str, width: float) -> Picture:
    """The whole picture for paper, no wider than *width* points."""
    drawing = _for_paper(graph, language, width)
    return _fitted(drawing, min(1.0, width / drawing.width), 0.0, drawing.height)


def strips(graph: Graph, language: str, sheets: Sheets) -> Iterator[Picture]:
    """The picture for paper in strips from above downwards, each with the room of its sheet.

    It stays on one sheet where it can be made to fit, and otherwise begins on the one that is
    begun. A single row that is higher than a sheet stands in a strip of its own all the same.
    """
    drawing = _for_paper(graph, language, sheets.width)
    scale = min(1.0, sheets.width / drawing.width)
    for height in (sheets.rest, sheets.opening):
        if drawing.height * scale * _SMALLEST <= height:
            yield _fitted(drawing, min(scale, height / drawing.height), 0.0, drawing.height)
            return
    top, room = 0.0, sheets.rest
    if _end(drawing, top, room / scale) * scale < _WORTH_BEGINNING * sheets.opening or sheets.rest <= 0:
        room = sheets.opening
    while top < drawing.height:
        end = _end(drawing, top, room / scale)
        yield _fitted(drawing, scale, top, end)
        top, room = end, sheets.whole


def _end(drawing: _Drawing, top: float, room: float) -> float:
    """Where a strip that begins at *top* ends: at the last break within its room, or at the first at all."""
    below = [cut for cut in (*drawing.breaks, drawing.height) if cut > top]
    return max((cut for cut in below if cut - top <= room), default=below[0])


def svg(
    graph: Graph, language: str, title: str, *, links: Mapping[str, str] | None = None, zoom: int = 100
) -> str:
    """The whole picture as an inline element for a page, named by the title.

    *links* leads from the keys of boxes to addresses; *zoom* is the size in per cent.
    It carries neither styles nor identifiers, as a strict content security policy asks.
    """
    count = len(graph.nodes)
    columns = max(_FEWEST_COLUMNS, min(_MOST_COLUMNS, round(sqrt(count) * 0.75)))
    drawing = _drawing(graph, language, _Sizes(_ON_SCREEN), columns)
    width, height = max(drawing.width, 1.0), max(drawing.height, 1.0)
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="network" role="group" aria-label={_quoted(title)} '
        f'width="{width * zoom / 100:.0f}" height="{height * zoom / 100:.0f}" '
        f'viewBox="0 0 {width:.0f} {height:.0f}" '
        'font-family="Source Sans Pro, Fira Sans, Segoe UI, Arial, sans-serif">'
    )
    lines = [opening, *map(element, drawing.ground(0.0, drawing.height))]
    for net, shapes in drawing.nets:
        ends = _quoted("|".join(dict.fromkeys((net.target, *net.sources))))
        lines += [f'<g class="network__net" data-ends={ends}>', *map(element, shapes), "</g>"]
    for node, shapes in drawing.boxes:
        address = (links or {}).get(node.key)
        said = _quoted(", ".join((node.name, *node.details)))
        if address is None:
            lines += [
                f'<g class="network__box" data-key={_quoted(node.key)}>',
                *map(element, shapes),
                "</g>",
            ]
        else:
            start = (
                f'<a class="network__box" href={_quoted(address)} data-key={_quoted(node.key)} '
                f"aria-label={said}>"
            )
            lines += [start, *map(element, shapes), "</a>"]
    return "\n".join([*lines, "</svg>"])


def _quoted(text: str) -> str:
    """The text as the value of an attribute."""
    return quoteattr(on_one_line(text))


# --- Drawing -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Sizes:
    """What depends on the size of the type."""

    size: float
    stretch: float = 1.0
    """How much wider a box is than usual."""

    @property
    def name(self) -> Style:
        return Style(self.size, self.size * 1.15, bold=True)

    @property
    def detail(self) -> Style:
        return Style(self.size * 0.88, self.size * 1.08, colour=_QUIET)

    @property
    def layer(self) -> Style:
        return Style(self.size * 0.92, self.size * 1.15, bold=True, colour=_QUIET)

    @property
    def width(self) -> float:
        return self.size * 11.6 * self.stretch

    @property
    def pad(self) -> float:
        return self.size * 0.45

    @property
    def margin(self) -> float:
        return self.size * 7.2

    def measures(self, columns: int) -> Measures:
        return Measures(columns, self.width, self.margin, self.size * 0.5, self.size * 0.85)


@dataclass(frozen=True)
class _Drawing:
    """A picture in its parts, each already in its place."""

    layout: Layout
    sizes: _Sizes
    titles: Mapping[int, tuple[str, ...]]
    """The lines of each layer's name."""
    legend: tuple[Shape, ...]
    nets: tuple[tuple[Net, tuple[Shape, ...]], ...]
    boxes: tuple[tuple[Node, tuple[Shape, ...]], ...]
    head: float
    """The height of the legend, by which everything else is moved down."""

    @property
    def width(self) -> float:
        return self.layout.width

    @property
    def height(self) -> float:
        return self.layout.height + self.head

    @property
    def breaks(self) -> tuple[float, ...]:
        return tuple(cut + self.head for cut in self.layout.breaks)

    def ground(self, top: float, bottom: float) -> Iterator[Shape]:
        """Bands and legend between two heights; a band that begins further above is named again."""
        if top == 0.0:
            yield from self.legend
        for index, band in enumerate(self.layout.bands):
            start, end = max(band.y + self.head, top), min(band.y + band.height + self.head, bottom)
            if start >= end:
                continue
            yield Box(0, start, self.width, end - start, _GROUNDS[index % 2])
            yield from self._title(band, start, end)

    def _title(self, band: Band, top: float, bottom: float) -> Iterator[Shape]:
        """As many lines of the layer's name as there is room for."""
        style = self.sizes.layer
        lines = self.titles[band.layer]
        fitting = max(0, int((bottom - top - self.sizes.pad) // style.leading))
        if fitting < len(lines):
            lines = (*lines[: max(0, fitting - 1)], *(["…"] if fitting else []))
        base = top + self.sizes.pad + style.size
        for line in lines:
            yield Label(self.sizes.pad, base, line.rstrip(), style.size, style.bold, style.colour)
            base += style.leading

    def shapes(self, top: float, bottom: float) -> Iterator[Shape]:
        """Everything between two heights, which are those of breaks."""
        yield from self.ground(top, bottom)
        for _net, some in self.nets:
            yield from _within(some, top, bottom)
        for _node, some in self.boxes:
            yield from _within(some, top, bottom)


def _within(shapes: tuple[Shape, ...], top: float, bottom: float) -> Iterator[Shape]:
    for shape in shapes:
        match shape:
            case Stroke():
                low, high = min(shape.y1, shape.y2), max(shape.y1, shape.y2)
                if (low < bottom and high > top) or (low == high and top <= low < bottom):
                    yield replace(shape, y1=_held(shape.y1, top, bottom), y2=_held(shape.y2, top, bottom))
            case Box() | Label():
                if top <= shape.y < bottom:
                    yield shape


def _held(value: float, low: float, high: float) -> float:
    return max(low, min(high, value))


def _for_paper(graph: Graph, language: str, width: float) -> _Drawing:
    """As many columns as the width holds without making the type smaller, the boxes as wide as fits."""
    sizes = _Sizes(_ON_PAPER)
    columns = max(1, int((width - sizes.margin) // (sizes.width + 2 * sizes.size)))
    drawing = _drawing(graph, language, sizes, columns)
    while drawing.width > width and columns > 1:
        columns -= 1
        drawing = _drawing(graph, language, sizes, columns)
    used = len({place.x for place in drawing.layout.places})
    spare = max(0.0, width - drawing.width) / max(1, used)
    return _drawing(graph, language, _Sizes(_ON_PAPER, min(_WIDEST, 1 + spare / sizes.width)), columns)


@lru_cache(maxsize=8)
def _drawing(graph: Graph, language: str, sizes: _Sizes, columns: int) -> _Drawing:
    typesetter = Typesetter(language)
    texts = {node.key: _texts(node, sizes, typesetter) for node in graph.nodes}
    items = (
        Item(
            node.key,
            node.layer,
            sum(style.leading for _line, style in texts[node.key]) + 2 * sizes.pad,
            node.leads,
        )
        for node in graph.nodes
    )
    ties = (Tie(edge.source, edge.target, edge.style) for edge in graph.edges)
    layout = lay_out(items, ties, sizes.measures(columns))
    nodes = {node.key: node for node in graph.nodes}
    legend, head = _legend(graph, sizes, typesetter, layout.width)
    return _Drawing(
        layout,
        sizes,
        {
            index: tuple(typesetter.lines(on_one_line(layer), sizes.margin - 2 * sizes.pad, sizes.layer))
            for index, layer in enumerate(graph.layers)
        },
        legend,
        tuple((net, tuple(_net(net, index, head, sizes))) for index, net in enumerate(layout.nets)),
        tuple(
            (nodes[place.key], tuple(_box(place, nodes[place.key], texts[place.key], head, sizes)))
            for place in layout.places
        ),
        head,
    )


def _texts(node: Node, sizes: _Sizes, typesetter: Typesetter) -> list[tuple[str, Style]]:
    """The lines of a box; a name too long for it ends in an ellipsis and is whole in the table beside."""
    room = (sizes.width - 2 * sizes.pad) * ROOM_FOR_OTHER_FONTS
    lines = typesetter.lines(on_one_line(node.name), room, sizes.name)
    if len(lines) > _NAME_LINES:
        rest = "".join(lines[_NAME_LINES - 1 :])
        lines = [*lines[: _NAME_LINES - 1], typesetter.shortened(rest, room, sizes.name)]
    details = [typesetter.shortened(detail, room, sizes.detail) for detail in node.details if detail]
    return [*((line, sizes.name) for line in lines), *((line, sizes.detail) for line in details)]


def _box(
    place: Place, node: Node, texts: list[tuple[str, Style]], head: float, sizes: _Sizes
) -> Iterator[Shape]:
    top = place.y + head
    yield Box(place.x, top, place.width, place.height, _ASIDE if node.aside else "#ffffff", _EDGE)
    base = top + sizes.pad
    for line, style in texts:
        yield Label(
            place.x + sizes.pad, base + style.size * 0.9, line.rstrip(), style.size, style.bold, style.colour
        )
        base += style.leading


def _net(net: Net, index: int, head: float, sizes: _Sizes) -> Iterator[Shape]:
    colour = _ALARM if net.style == "alarm" else _LINES[index % len(_LINES)]
    dash = sizes.size * 0.3 if net.style == "dashed" else 0.0
    weight = sizes.size * (0.11 if net.style == "alarm" else 0.08)
    for run in net.runs:
        yield Stroke(run.x1, run.y1 + head, run.x2, run.y2 + head, colour, weight, dash)
    dot = sizes.size * 0.26
    for x, y in net.joints:
        yield Box(x - dot / 2, y + head - dot / 2, dot, dot, colour)
    x, y = net.end
    tip = sizes.size * 0.34
    for side in (-1, 1):
        yield Stroke(x + side * tip * 0.7, y + head - tip, x, y + head, colour, weight * 1.4)


def _legend(
    graph: Graph, sizes: _Sizes, typesetter: Typesetter, width: float
) -> tuple[tuple[Shape, ...], float]:
    """What each kind of line means, beside a sample of it, and the height that takes."""
    shapes: list[Shape] = []
    style = sizes.detail
    x, y = sizes.pad, sizes.pad
    for name, words in graph.legend:
        text = typesetter.shortened(words, width - 4 * sizes.size, style)
        needed = sizes.size * 2.6 + typesetter.width(text, style)
        if x > sizes.pad and x + needed > width:
            x, y = sizes.pad, y + style.leading * 1.2
        colour = _ALARM if name == "alarm" else _QUIET
        dash = sizes.size * 0.3 if name == "dashed" else 0.0
        middle = y + style.size * 0.6
        shapes.append(Stroke(x, middle, x + sizes.size * 2, middle, colour, sizes.size * 0.1, dash))
        shapes.append(Label(x + sizes.size * 2.6, y + style.size * 0.9, text, style.size, colour=INK))
        x += needed + sizes.size * 1.6
    return tuple(shapes), y + style.leading * 1.2 if shapes else 0.0


# --- Onto the sheet ------------------------------------------------------------------------------


def _fitted(drawing: _Drawing, scale: float, top: float, bottom: float) -> Picture:
    """What lies between two heights, moved to the top and made smaller."""
    shapes = [_moved(shape, scale, top) for shape in drawing.shapes(top, bottom)]
    return Picture(drawing.width * scale, (bottom - top) * scale, shapes)


def _moved(shape: Shape, scale: float, top: float) -> Shape:
    match shape:
        case Box():
            return replace(
                shape,
                x=shape.x * scale,
                y=(shape.y - top) * scale,
                width=shape.width * scale,
                height=shape.height * scale,
            )
        case Stroke():
            return replace(
                shape,
                x1=shape.x1 * scale,
                y1=(shape.y1 - top) * scale,
                x2=shape.x2 * scale,
                y2=(shape.y2 - top) * scale,
                weight=shape.weight * scale,
                dash=shape.dash * scale,
            )
        case Label():
            return replace(shape, x=shape.x * scale, y=(shape.y - top) * scale, size=shape.size * scale)
