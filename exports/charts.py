"""Charts as plain shapes for paper and page, readable without colour and on a narrow screen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from xml.sax.saxutils import escape, quoteattr

from exports import course, network, timeline
from exports.document import Bars, Chart, Course, Flow, Graph, Light, Lights, Matrix, Stage, Station, Timeline
from exports.fonts import measure
from exports.shapes import INK, ROOM_FOR_OTHER_FONTS, Box, Label, Picture, Sheets, Stroke, element
from exports.text import on_one_line
from exports.tones import EDGE, TONES, Tone, legend, toned, tones_of
from exports.typesetting import Style, Typesetter
from exports.wording import shown

_QUIET = "#4d5a68"
_ALARM = "#a8252b"
_GROUND = "#eef2f7"
_NARROW = 360.0
_WIDE_ENOUGH = 500.0
_BARS_AT_MOST = 16
_STATIONS_AT_MOST = 28


def parts(chart: Chart) -> Iterator[Chart]:
    """The chart in parts that fit on a page each; most charts are one part."""
    if isinstance(chart, Flow):
        yield from _flow_parts(chart)
        return
    if not isinstance(chart, Bars) or len(chart.categories) <= _BARS_AT_MOST:
        yield chart
        return
    for start in range(0, len(chart.categories), _BARS_AT_MOST):
        end = start + _BARS_AT_MOST
        yield replace(chart, categories=chart.categories[start:end], values=chart.values[start:end])


def _flow_parts(chart: Flow) -> Iterator[Flow]:
    """Whole stages together as long as they fit; a stage that fills a page is divided."""
    stages: list[Stage] = []
    passing: list[str | None] = []
    used = 0
    for at, stage in enumerate(chart.stages):
        for start in range(0, max(len(stage.stations), 1), _STATIONS_AT_MOST):
            some = stage.stations[start : start + _STATIONS_AT_MOST]
            needed = sum(map(_stations_in, some))
            if stages and used + needed > _STATIONS_AT_MOST:
                yield Flow(tuple(stages), tuple(passing))
                stages, passing, used = [], [], 0
            if stages:
                passing.append(chart.passing[at - 1] if 0 < at <= len(chart.passing) else None)
            stages.append(Stage(stage.title, some))
            used += needed
    yield Flow(tuple(stages), tuple(passing))


def _stations_in(station: Station) -> int:
    return 1 + sum(map(_stations_in, station.inside))


def picture(chart: Chart, language: str, width: float) -> Picture:
    """The chart for paper, this many points wide and as high as it needs."""
    return _layout(chart, language, width, 9.0)


def pictures(chart: Chart, language: str, sheets: Sheets) -> Iterator[Picture]:
    """The chart for paper, in as many pictures as it takes.

    Only what stands in layers or on a calendar uses the whole width; wider bars and matrices
    would not say more.
    """
    if isinstance(chart, Graph):
        yield from network.strips(chart, language, sheets)
    elif isinstance(chart, Timeline):
        yield from timeline.strips(chart, language, sheets.width, sheets.opening)
    else:
        for part in parts(chart):
            wide = sheets.width if isinstance(part, Course) else min(sheets.width, _WIDE_ENOUGH)
            yield picture(part, language, wide)


def svg(chart: Chart, language: str, title: str, *, width: float = _NARROW) -> str:
    """The chart as an inline element for a page, named by the title.

    It carries neither styles nor identifiers, so that it stands under a strict
    content security policy and beside others. It takes the width it is given; its
    text is readable from a *width* of 320 pixels, or from that which it is laid out for.
    """
    drawn = _layout(chart, language, width, 14.5)
    name = on_one_line(title)
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" aria-label={quoteattr(name)} '
        f'viewBox="0 0 {drawn.width:.0f} {max(drawn.height, 1.0):.0f}" '
        'font-family="Source Sans Pro, Fira Sans, Segoe UI, Arial, sans-serif">'
    )
    lines = [
        opening,
        f"<title>{escape(name)}</title>",
        *[element(shape) for shape in drawn.shapes],
        "</svg>",
    ]
    return "\n".join(lines)


def _layout(chart: Chart, language: str, width: float, size: float) -> Picture:
    if isinstance(chart, Bars):
        return _bars(chart, language, width, size)
    if isinstance(chart, Course):
        return course.picture(chart, language, width, size)
    if isinstance(chart, Flow):
        return _Flow(chart, language, width, size).drawn()
    if isinstance(chart, Graph):
        return network.picture(chart, language, width)
    if isinstance(chart, Lights):
        return _lights(chart, language, width, size)
    if isinstance(chart, Timeline):
        return timeline.picture(chart, language, width)
    return _matrix(chart, language, width, size)


def _bars(chart: Bars, language: str, width: float, size: float) -> Picture:
    """A legend, then for each category its name and its total, and below them the bar."""
    typesetter = Typesetter(language)
    picture = Picture(width)
    tones = _tones_of(chart)
    style = Style(size, size * 1.3)
    legend(picture, chart.series, tones, typesetter, style)
    totals = [sum(max(value, 0) for value in values) for values in chart.values]
    widest = max(totals, default=0)
    if chart.beside:
        return _bars_beside(picture, chart, language, style, totals)
    unit = width / max(widest, 1)
    for name, values, total in zip(chart.categories, chart.values, totals, strict=False):
        picture.height += size * 0.55
        _above_bar(picture, name, _note(values, unit, language, size), typesetter, style)
        picture.height += size * 0.25
        _bar(picture, values, tones, total * unit, language, style)
        picture.height += size * 1.8
    picture.height += size * 0.4
    return picture


def _above_bar(picture: Picture, name: str, note: str, typesetter: Typesetter, style: Style) -> None:
    """The name of a bar, and at the end of its last line, or of one more, what its parts add up to."""
    lines = typesetter.lines(on_one_line(name), picture.width, style)
    picture.labels(lines, 0, style)
    if not note:
        return
    bold = replace(style, bold=True)
    note = typesetter.shortened(note, picture.width, bold)
    taken = typesetter.width(lines[-1], style) + style.size
    if taken + typesetter.width(note, bold) <= picture.width:
        picture.height -= style.leading
    picture.labels([note], picture.width, bold, "end")


def _bars_beside(picture: Picture, chart: Bars, language: str, style: Style, totals: list[int]) -> Picture:
    """Each name on one line with its bar; a name that is too long is cut."""
    typesetter, tones, size = Typesetter(language), _tones_of(chart), style.size
    widest = max(totals, default=0)
    unit = (picture.width - 6 * size) / max(widest, 1)
    notes = [_note(values, unit, language, size) for values in chart.values]
    margin = max((measure(note, True) for note in notes), default=0.0) * size + size
    longest = max((typesetter.width(on_one_line(name), style) for name in chart.categories), default=0.0)
    left = min(longest + size, picture.width * 0.4)
    room = max(picture.width - left - margin, picture.width / 4)
    for name, values, total, note in zip(chart.categories, chart.values, totals, notes, strict=False):
        picture.height += size * 0.2
        base = picture.height + size * 1.25
        picture.shapes.append(Label(0, base, typesetter.shortened(name, left - size, style), size))
        span = room * (total / widest if widest else 0)
        _bar(picture, values, tones, span, language, style, left)
        picture.shapes.append(Label(left + span + size * 0.5, base, note, size, bold=True))
        picture.height += size * 1.8
    picture.height += size * 0.4
    return picture


_LAMPS = ("bad", "fair", "good")
"""From the left, so that the place says what the colour does."""


def _lights(chart: Lights, language: str, width: float, size: float) -> Picture:
    picture = Picture(width)
    typesetter = Typesetter(language)
    left = size * 5.2
    for light in chart.lights:
        picture.height += size * 0.45
        _lamps(picture, light, size)
        for text, style in (
            (f"{light.label}: {light.word}", Style(size, size * 1.3, bold=True)),
            (light.text, Style(size, size * 1.3)),
        ):
            if text.strip():
                picture.labels(typesetter.lines(on_one_line(text), width - left, style), left, style)
        picture.height += size * 0.25
    return picture


def _lamps(picture: Picture, light: Light, size: float) -> None:
    """Three lamps in a row, of which at most one is lit; the lit one is larger."""
    for place, tone in enumerate(_LAMPS):
        x, y = place * size * 1.5, picture.height + size * 0.1
        if tone == light.tone:
            toned(picture, x, y, size * 1.2, size * 1.2, TONES[tone])
        else:
            picture.shapes.append(Box(x + size * 0.3, y + size * 0.3, size * 0.6, size * 0.6, _GROUND, EDGE))


def _note(values: tuple[int, ...], unit: float, language: str, size: float) -> str:
    """What stands behind a bar: its total, and its parts where one is too narrow for its number."""
    shares = [value for value in values if value > 0]
    total = shown(sum(shares), language)
    if len(values) == 1 and shares:
        return ""
    if all(_needed(shown(value, language), size) <= value * unit for value in shares):
        return total
    return f"{total} ({' + '.join(shown(value, language) for value in values)})"


def _needed(number: str, size: float) -> float:
    return (measure(number, True) + 0.4) * size


def _bar(
    picture: Picture,
    values: tuple[int, ...],
    tones: list[Tone],
    span: float,
    language: str,
    style: Style,
    x: float = 0.0,
) -> None:
    total = sum(max(value, 0) for value in values)
    height = style.size * 1.8
    for value, tone in zip(values, tones, strict=False):
        if value <= 0:
            continue
        width = span * (value / total)
        toned(picture, x, picture.height, width, height, tone)
        _number(picture, shown(value, language), x, width, tone, style)
        x += width


def _number(picture: Picture, text: str, x: float, width: float, tone: Tone, style: Style) -> None:
    """The number in the middle of its part of the bar, if there is space for it."""
    size = style.size
    needed = _needed(text, size)
    if needed > width:
        return
    middle = x + width / 2
    if tone.hatch:
        plate = Box(middle - needed / 2, picture.height + size * 0.3, needed, size * 1.2, tone.fill)
        picture.shapes.append(plate)
    base = picture.height + size * 1.25
    picture.shapes.append(Label(middle, base, text, size, True, tone.ink, "middle"))


def _tones_of(chart: Bars) -> list[Tone]:
    return tones_of(chart.tones, max(map(len, (chart.series, *chart.values))))


def _matrix(chart: Matrix, language: str, width: float, size: float) -> Picture:
    """A table of levels: names of the columns below, names of the rows at the left."""
    grid = _Grid(chart, language, width, size)
    picture = Picture(width)
    if chart.row_title:
        title = Style(size, size * 1.3, bold=True, colour=_QUIET)
        picture.labels([grid.typesetter.shortened("↑ " + chart.row_title, width, title)], 0, title)
        picture.height += size * 0.3
    for row in range(len(chart.rows)):
        grid.row(picture, row)
    grid.feet(picture)
    return picture


class _Grid:
    """The places of a matrix."""

    def __init__(self, chart: Matrix, language: str, width: float, size: float) -> None:
        self.typesetter = Typesetter(language)
        self._chart = chart
        self._width = width
        self._left = width * 0.23
        self._cell = (width - self._left) / max(len(chart.columns), 1)
        small = min(size, max(size * 0.72, self._cell / 6.2))
        self._small = Style(small, small * 1.2)
        self._bold = Style(small, small * 1.2, bold=True)
        self._name = Style(size, size * 1.2)
        self._pad = size * 0.4

    def row(self, picture: Picture, row: int) -> None:
        """One row of the matrix, as high as its fullest place."""
        name = self._lines(self._chart.rows[row], self._left - 2 * self._pad, self._name)
        places = range(len(self._chart.columns))
        texts = [self._content(row, column) for column in places]
        lines = max([len(level) + len(marks) for level, marks in texts], default=0)
        height = max(lines * self._small.leading, len(name) * self._name.leading) + 2 * self._pad
        height = max(height, 3 * self._small.leading)
        top = picture.height
        picture.height = top + (height - len(name) * self._name.leading) / 2
        picture.labels(name, 0, self._name)
        for column, (level, marks) in zip(places, texts, strict=True):
            self._place(picture, row, column, top, height, level, marks)
        picture.height = top + height

    def feet(self, picture: Picture) -> None:
        """The names of the columns and what they mean."""
        picture.height += self._pad
        top = picture.height
        heights = [top]
        for column, name in enumerate(self._chart.columns):
            picture.height = top
            lines = self._lines(name, self._cell - self._pad, self._small)
            picture.labels(lines, self._middle(column), self._small, "middle")
            heights.append(picture.height)
        picture.height = max(heights)
        if self._chart.column_title:
            picture.height += self._pad / 2
            title = Style(self._name.size, self._name.leading, bold=True, colour=_QUIET)
            text = self.typesetter.shortened(self._chart.column_title + " →", self._width - self._left, title)
            picture.labels([text], self._width, title, "end")

    def _content(self, row: int, column: int) -> tuple[list[str], list[str]]:
        width = self._cell - self._pad
        level = self._lines(_at(self._chart.words, row, column), width, self._small)
        marks = self._lines(_at(self._chart.marks, row, column), width, self._bold)
        return level, marks

    def _place(
        self,
        picture: Picture,
        row: int,
        column: int,
        top: float,
        height: float,
        level: list[str],
        marks: list[str],
    ) -> None:
        tone = TONES.get(_at(self._chart.tones, row, column), TONES["neutral"])
        x = self._left + column * self._cell
        picture.shapes.append(Box(x, top, self._cell, height, tone.fill, "#ffffff"))
        picture.height = top + (height - (len(level) + len(marks)) * self._small.leading) / 2
        for lines, style in ((level, self._small), (marks, self._bold)):
            inked = Style(style.size, style.leading, style.bold, tone.ink)
            picture.labels(lines, self._middle(column), inked, "middle")

    def _middle(self, column: int) -> float:
        return self._left + (column + 0.5) * self._cell

    def _lines(self, text: str, width: float, style: Style) -> list[str]:
        text = on_one_line(text)
        return self.typesetter.lines(text, width, style) if text else []


class _Flow:
    """Stages below each other, the stations of each side by side in as many columns as there is room for."""

    def __init__(self, chart: Flow, language: str, width: float, size: float) -> None:
        self._chart = chart
        self._set = Typesetter(language)
        self._picture = Picture(width)
        small = size * 0.86
        self._pad = size * 0.55
        self._title = Style(small, small * 1.3, bold=True, colour=_QUIET)
        self._name = Style(size, size * 1.2, bold=True)
        self._detail = Style(small, small * 1.25, colour=_QUIET)
        self._warning = Style(small, small * 1.25, bold=True, colour=_ALARM)
        self._columns = max(1, int(width // (size * 12)))

    def drawn(self) -> Picture:
        for at, stage in enumerate(self._chart.stages):
            passing = self._chart.passing[at - 1] if 0 < at <= len(self._chart.passing) else None
            if passing is not None:
                self._arrow(passing)
            elif at:
                self._picture.height += self._pad
            self._stage(stage)
        self._picture.height += self._pad / 2
        return self._picture

    def _arrow(self, words: str) -> None:
        """What passes on, beside an arrow to the next stage."""
        picture, pad = self._picture, self._pad
        x, top = pad * 3, picture.height + pad / 2
        picture.height = top + pad / 2
        if words:
            room = (picture.width - x - 3 * pad) * ROOM_FOR_OTHER_FONTS
            picture.labels(self._set.lines(on_one_line(words), room, self._detail), x + 2 * pad, self._detail)
        picture.height = max(picture.height + pad / 2, top + 4 * pad)
        tip = picture.height
        picture.shapes.append(Stroke(x, top, x, tip, INK, 1.4))
        for side in (-1, 1):
            picture.shapes.append(Stroke(x + side * pad * 0.7, tip - pad, x, tip, INK, 1.4))
        picture.height += pad / 2

    def _stage(self, stage: Stage) -> None:
        picture, pad = self._picture, self._pad
        top = picture.height
        frame = len(picture.shapes)
        picture.height += pad
        picture.labels(
            [self._set.shortened(stage.title, picture.width - 2 * pad, self._title)], pad, self._title
        )
        picture.height += pad / 2
        columns = min(self._columns, max(1, len(stage.stations)))
        width = (picture.width - pad * (columns + 1)) / columns
        for start in range(0, len(stage.stations), columns):
            self._row(stage.stations[start : start + columns], width)
        picture.shapes.insert(frame, Box(0.5, top, picture.width - 1, picture.height - top, _GROUND, EDGE))

    def _row(self, stations: tuple[Station, ...], width: float) -> None:
        """Stations side by side, all as high as the highest."""
        picture, pad = self._picture, self._pad
        top = picture.height
        heights = [self._height(station, width) for station in stations]
        for column, station in enumerate(stations):
            self._station(station, pad + column * (width + pad), top, width, max(heights))
        picture.height = top + max(heights) + pad

    def _lines(self, station: Station, width: float) -> Iterator[tuple[list[str], Style]]:
        room = (width - 2 * self._pad) * ROOM_FOR_OTHER_FONTS
        yield self._set.lines(on_one_line(station.name), room, self._name), self._name
        for detail in station.details:
            yield self._set.lines(on_one_line(detail), room, self._detail), self._detail
        if station.warning:
            yield self._set.lines(on_one_line(station.warning), room, self._warning), self._warning

    def _height(self, station: Station, width: float) -> float:
        text = sum(len(lines) * style.leading for lines, style in self._lines(station, width))
        within = sum(self._height(inner, width - 2 * self._pad) + self._pad for inner in station.inside)
        return text + 2 * self._pad + within

    def _station(self, station: Station, x: float, top: float, width: float, height: float) -> None:
        picture, pad = self._picture, self._pad
        edge = _ALARM if station.warning else EDGE
        picture.shapes.append(Box(x, top, width, height, "#ffffff", edge))
        if station.warning:
            picture.shapes.append(Box(x, top, pad * 0.5, height, _ALARM))
        picture.height = top + pad
        for lines, style in self._lines(station, width):
            picture.labels(lines, x + pad, style)
        picture.height += pad
        for inner in station.inside:
            at, high = picture.height, self._height(inner, width - 2 * pad)
            self._station(inner, x + pad, at, width - 2 * pad, high)
            picture.height = at + high + pad


def _at(table: tuple[tuple[str, ...], ...], row: int, column: int) -> str:
    return table[row][column] if row < len(table) and column < len(table[row]) else ""
