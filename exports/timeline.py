"""Bars on a calendar with what waits for what, drawn for page and paper (Gantt chart).

The page shows everything in one picture, each row a link that the keyboard reaches.
Where there is little room, the name of each bar stands above it instead of beside it.
Paper shows it in strips that fit on a sheet, each with its own calendar at the top.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Final, TypeAlias
from xml.sax.saxutils import quoteattr

from exports.document import Stretch, Timeline
from exports.shapes import INK, ROOM_FOR_OTHER_FONTS, Box, Label, Picture, Shape, Stroke, element
from exports.text import on_one_line
from exports.typesetting import Style, Typesetter

_QUIET: Final = "#4d5a68"
_EDGE: Final = "#5d6b7a"
_ALARM: Final = "#a8252b"
_GROUND: Final = "#eef2f7"
_LINE: Final = "#c3ccd6"
_TIE: Final = "#1f44aa"
_ON_PAPER: Final = 7.6
_ON_SCREEN: Final = 14.0
SCREEN: Final = 1160.0
PHONE: Final = 340.0
"""The width for narrow screens."""
_BESIDE: Final = 45.0
"""From this width on, in sizes of the type, names stand beside the bars."""
_BACK: Final = timedelta(days=366)
"""What ended longer ago than this before today is drawn at the left edge …"""
_AHEAD: Final = 6 * 366
"""… and what lies more days than this behind the first at the right one."""


@dataclass(frozen=True)
class _Look:
    """How a bar is filled; the hatching tells the tones apart without colour."""

    fill: str
    edge: str
    hatch: float = 0.0
    """Distance of the upright lines in it, 0 for none."""
    line: str = ""


_LOOKS: Final = {
    "good": _Look("#2c7a56", "#2c7a56"),
    "fair": _Look("#9db8e8", "#1f44aa", 6.0, "#1f44aa"),
    "bad": _Look("#a8252b", "#a8252b", 4.0, "#f3c9ca"),
    "open": _Look("#ffffff", INK),
}

_MONTHS: Final = {
    "de": ("Jan", "Feb", "Mär", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dez"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}
_Row: TypeAlias = Stretch | int
"""A bar, or the index of the section that begins here."""


def picture(timeline: Timeline, language: str, width: float) -> Picture:
    """The whole picture for paper, this many points wide."""
    drawing = _Drawing(timeline, language, width, _ON_PAPER)
    return drawing.part(0, len(drawing.rows))


def strips(timeline: Timeline, language: str, width: float, height: float) -> Iterator[Picture]:
    """The picture for paper in strips that each fit into this room in points."""
    drawing = _Drawing(timeline, language, width, _ON_PAPER)
    at_most = max(2, int((height - drawing.head) // drawing.row_height) - 1)
    start = 0
    while start < len(drawing.rows):
        end = min(start + at_most, len(drawing.rows))
        # A section's name does not stand alone at the foot of a sheet.
        if end < len(drawing.rows) and end - start > 1 and isinstance(drawing.rows[end - 1], int):
            end -= 1
        yield drawing.part(start, end)
        start = end


def svg(
    timeline: Timeline,
    language: str,
    title: str,
    *,
    links: Mapping[str, str] | None = None,
    width: float = SCREEN,
) -> str:
    """The whole picture as an inline element for a page, named by the title.

    Legend and calendar are a picture of their own above the rows, so that they can stay in
    sight. *links* leads from the keys of bars to addresses; *width* is that for which it is
    laid out, in pixels. It carries neither styles nor identifiers, as a strict content
    security policy asks.
    """
    drawing = _Drawing(timeline, language, width, _ON_SCREEN)
    head, drawn = drawing.ground(0, 0), drawing.ground(0, len(drawing.rows))
    legend = ", ".join(words for _tone, words in timeline.legend)
    rows = (shape for shape in drawn.shapes if _lowest(shape) > drawing.head)
    lines = [
        '<div class="timeline">',
        _opened("timeline__head", "img", legend, width, 0, drawing.head),
        *map(element, head.shapes),
        "</svg>",
        _opened("timeline__rows", "group", title, width, drawing.head, drawn.height - drawing.head),
        *map(element, rows),
    ]
    for index, row in enumerate(drawing.rows):
        if isinstance(row, Stretch):
            shapes = [*map(element, drawing.bar(row, drawing.top(index, 0)))]
            address = (links or {}).get(row.key)
            if address is None:
                lines += ['<g class="timeline__row">', *shapes, "</g>"]
            else:
                said = _quoted(", ".join(filter(None, (f"{row.key} {row.name}", row.note))))
                lines += [
                    f'<a class="timeline__row" href={_quoted(address)} aria-label={said}>',
                    *shapes,
                    "</a>",
                ]
    lines += [*map(element, drawing.ties(0, len(drawing.rows))), "</svg>", "</div>"]
    return "\n".join(lines)


def _opened(name: str, role: str, label: str, width: float, top: float, height: float) -> str:
    """The beginning of a picture that shows this much of the drawing."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{name}" role="{role}" aria-label={_quoted(label)} '
        f'viewBox="0 {top:.1f} {width:.1f} {max(height, 1.0):.1f}" '
        'font-family="Source Sans Pro, Fira Sans, Segoe UI, Arial, sans-serif">'
    )


def _lowest(shape: Shape) -> float:
    """How far down *shape* reaches."""
    match shape:
        case Box(_, y, _, height):
            return y + height
        case Stroke(_, y1, _, y2):
            return max(y1, y2)
        case Label(_, y):
            return y


def _quoted(text: str) -> str:
    return quoteattr(on_one_line(text))


@dataclass(frozen=True)
class _Tick:
    """One field of the calendar."""

    first: date
    label: str
    opens_year: bool


class _Drawing:
    """A timeline with the place of everything in it; heights are counted from the first row of a part."""

    def __init__(self, timeline: Timeline, language: str, width: float, size: float) -> None:
        self._timeline = timeline
        self._language = language
        self._width = width
        self._size = size
        self._set = Typesetter(language)
        self._stacked = width < size * _BESIDE
        self._left = size * 0.4 if self._stacked else width * 0.36
        self._drop = size * 1.4 if self._stacked else 0.0
        """How far the bar lies below the upper edge of its row."""
        self.row_height = size * 1.9 + self._drop
        self.rows: list[_Row] = []
        section = -1
        for stretch in timeline.stretches:
            if stretch.section != section:
                section = stretch.section
                self.rows.append(section)
            self.rows.append(stretch)

    # --- Calendar --------------------------------------------------------------------------------

    @cached_property
    def _range(self) -> tuple[date, date]:
        """The first day and the day after the last, at the ends of months."""
        today = self._timeline.today
        days = [
            day
            for one in self._timeline.stretches
            for day in (one.start, one.end, one.expected)
            if day is not None
        ]
        earliest = today - _BACK if today - date.min > _BACK else date.min
        first = max(min([*days, today]), earliest).replace(day=1)
        furthest = first + timedelta(days=min(_AHEAD, (date.max - first).days))
        last = min(max([*days, today]), furthest)
        return first, _month_after(last)

    def _x(self, day: date) -> float:
        """Where *day* begins; what lies outside the calendar is drawn at its edge."""
        first, end = self._range
        share = (day - first).days / max((end - first).days, 1)
        return self._left + min(max(share, 0.0), 1.0) * (self._width - self._left - self._size * 0.3)

    @cached_property
    def _ticks(self) -> list[_Tick]:
        """Months where there is room for their names, else quarters or years."""
        first, end = self._range
        months = (end.year - first.year) * 12 + end.month - first.month
        room = (self._width - self._left) / max(months, 1)
        step = next((step for step in (1, 3) if room * step >= self._size * 2.4), 12)
        found: list[_Tick] = []
        day = first
        while day < end:
            if (day.month - 1) % step == 0 or not found:
                found.append(_Tick(day, self._named(day, step), day.month == 1 or not found))
            if day.year == date.max.year and day.month == 12:
                break
            day = _month_after(day)
        return found

    def _named(self, day: date, step: int) -> str:
        if step == 12:
            return ""
        return _MONTHS[self._language][day.month - 1] if step == 1 else f"{(day.month - 1) // 3 + 1}/4"

    # --- Heights ---------------------------------------------------------------------------------

    @cached_property
    def _legend(self) -> tuple[tuple[Shape, ...], float]:
        shapes = tuple(self._legend_shapes())
        lowest = max((shape.y for shape in shapes if isinstance(shape, Label)), default=-self._size)
        return shapes, lowest + self._size

    @property
    def head(self) -> float:
        """The height of legend and calendar above the first row."""
        return self._legend[1] + self._size * 3.0

    def top(self, index: int, start: int) -> float:
        """The upper edge of row *index* in a part that begins with row *start*."""
        return self.head + (index - start) * self.row_height

    # --- Parts -----------------------------------------------------------------------------------

    def part(self, start: int, end: int) -> Picture:
        """The rows from *start* to before *end*, with calendar, bars and ties."""
        drawn = self.ground(start, end)
        for index in range(start, end):
            row = self.rows[index]
            if isinstance(row, Stretch):
                drawn.shapes.extend(self.bar(row, self.top(index, start)))
        drawn.shapes.extend(self.ties(start, end))
        return drawn

    def ground(self, start: int, end: int) -> Picture:
        """Legend, calendar, the names of sections and the line of today."""
        height = self.top(end, start) + self._size * 0.4
        drawn = Picture(self._width, height)
        drawn.shapes.extend(self._legend[0])
        drawn.shapes.extend(self._calendar(self._legend[1], height))
        for index in range(start, end):
            row = self.rows[index]
            top = self.top(index, start)
            if isinstance(row, int):
                drawn.shapes.extend(self._section(row, top))
            else:
                drawn.shapes.append(
                    Stroke(0, top + self.row_height, self._width, top + self.row_height, _LINE, 0.4)
                )
        drawn.shapes.extend(self._today(self._legend[1], height))
        return drawn

    def _calendar(self, top: float, bottom: float) -> Iterator[Shape]:
        size = self._size
        yield Box(0, top, self._width, size * 3.0, _GROUND)
        small = Style(size * 0.86, size, colour=_QUIET)
        bold = Style(size * 0.92, size, bold=True)
        free = 0.0
        for tick in self._ticks:
            x = self._x(tick.first)
            yield Stroke(x, top + size * 1.5, x, bottom, _LINE, 0.8 if tick.opens_year else 0.4)
            if tick.opens_year and x >= free:
                yield Label(x + size * 0.2, top + size * 1.2, str(tick.first.year), bold.size, True)
                free = x + size * 3
            yield Label(x + size * 0.2, top + size * 2.5, tick.label, small.size, colour=_QUIET)

    def _today(self, top: float, bottom: float) -> Iterator[Shape]:
        x, size = self._x(self._timeline.today), self._size
        yield Stroke(x, top + size * 0.3, x, bottom, _ALARM, 1.2, size * 0.3)

    def _section(self, section: int, top: float) -> Iterator[Shape]:
        size = self._size
        yield Box(0, top, self._width, self.row_height, _GROUND)
        style = Style(size * 0.95, size, bold=True)
        title = self._timeline.sections[section] if 0 <= section < len(self._timeline.sections) else ""
        room = (self._width - size) * ROOM_FOR_OTHER_FONTS
        yield Label(
            size * 0.4, top + size * 1.3, self._set.shortened(title, room, style), style.size, style.bold
        )

    # --- Bars ------------------------------------------------------------------------------------

    def bar(self, one: Stretch, top: float) -> Iterator[Shape]:
        """One row: its name, and its bar or what stands for it."""
        size = self._size
        style = Style(size * 0.95, size)
        space = self._width if self._stacked else self._left
        room = (space - size) * ROOM_FOR_OTHER_FONTS
        name = self._set.shortened(f"{one.key} {on_one_line(one.name)}".strip(), room, style)
        # A row is as wide as the picture, so that the pointer finds it everywhere.
        height = self._drop + size * 0.2 if self._stacked else self.row_height - 0.8
        yield Box(0, top + 0.4, space - size * 0.3, height, "#ffffff")
        yield Label(size * 0.4, top + size * 1.25, name, style.size)
        if one.end is None:
            text = self._set.shortened(self._timeline.undated, self._width - self._left - size, style)
            x = self._left + size * 0.4
            yield Label(x, top + self._drop + size * 1.25, text, style.size, colour=_QUIET)
            return
        x, end = self._from_to(one)
        high, low = top + self._drop + size * 0.4, size * 1.1
        look = _LOOKS.get(one.tone, _LOOKS["open"])
        yield Box(x, high, end - x, low, look.fill, look.edge)
        yield from _hatching(x, high, end - x, low, look)
        if one.expected is not None and one.expected > one.end:
            yield from self._delay(end, self._x(one.expected), high + low / 2)

    def _from_to(self, one: Stretch) -> tuple[float, float]:
        """Both ends of a bar; where only its last day is known, it is a short mark."""
        end = self._x(one.end or self._timeline.today)
        least = self._size * 0.6
        start = self._x(one.start) if one.start is not None else end - least
        return max(self._left, min(start, end - least)), max(end, self._left + least)

    def _delay(self, x: float, until: float, y: float) -> Iterator[Shape]:
        size = self._size
        yield Stroke(x, y, max(until, x + size * 0.4), y, _ALARM, size * 0.14, size * 0.25)
        until = max(until, x + size * 0.4)
        yield Stroke(until, y - size * 0.5, until, y + size * 0.5, _ALARM, size * 0.14)

    # --- Ties ------------------------------------------------------------------------------------

    def ties(self, start: int, end: int) -> Iterator[Shape]:
        """What waits for what, as far as it touches the rows from *start* to before *end*."""
        at = {row.key: index for index, row in enumerate(self.rows) if isinstance(row, Stretch)}
        top, bottom = self.top(start, start), self.top(end, start)
        for index, row in enumerate(self.rows):
            if not isinstance(row, Stretch) or row.end is None:
                continue
            for key in row.after:
                before = at.get(key)
                if before is None or min(index, before) >= end or max(index, before) < start:
                    continue
                source = self.rows[before]
                if isinstance(source, Stretch) and source.end is not None and source is not row:
                    ways = self._tie(source, before, row, index, start)
                    yield from _within(list(ways), top, bottom)

    def _tie(
        self, source: Stretch, source_index: int, target: Stretch, target_index: int, start: int
    ) -> Iterator[Stroke]:
        middle = self._drop + self._size * 0.95
        gap = self._size * 0.45
        x1, y1 = self._from_to(source)[1], self.top(source_index, start) + middle
        x2, y2 = self._from_to(target)[0], self.top(target_index, start) + middle
        is_late = source.tone != "good" and x1 > x2 + 0.5
        colour, weight = (_ALARM if is_late else _TIE), self._size * (0.1 if is_late else 0.08)
        turn = x2 - gap
        if turn >= x1 + gap * 0.5:
            points = [(x1, y1), (turn, y1), (turn, y2), (x2, y2)]
        else:
            down = 1 if y2 > y1 else -1
            # Between two rows, where neither a name nor a bar lies.
            edge = self.top(target_index + (down < 0), start)
            lane = edge if self._stacked else y2 - down * self.row_height / 2
            points = [(x1, y1), (x1 + gap, y1), (x1 + gap, lane), (turn, lane), (turn, y2), (x2, y2)]
        for (ax, ay), (bx, by) in pairwise(points):
            yield Stroke(ax, ay, bx, by, colour, weight)
        tip = self._size * 0.3
        for side in (-1, 1):
            yield Stroke(x2 - tip, y2 + side * tip * 0.7, x2, y2, colour, weight)

    def _legend_shapes(self) -> Iterator[Shape]:
        """What each look means beside a sample of it, in as many lines as it takes."""
        size = self._size
        style = Style(size * 0.9, size)
        x, y = size * 0.4, 0.0
        for tone, words in self._timeline.legend:
            text = self._set.shortened(words, self._width - 4 * size, style)
            needed = size * 2.4 + self._set.width(text, style) / ROOM_FOR_OTHER_FONTS
            if x > size * 0.4 and x + needed > self._width:
                x, y = size * 0.4, y + size * 1.7
            yield from self._sample(tone, x, y)
            yield Label(x + size * 2.0, y + size * 1.25, text, style.size)
            x += needed + size

    def _sample(self, tone: str, x: float, y: float) -> Iterator[Shape]:
        size = self._size
        end, middle = x + size * 1.6, y + size * 0.95
        match tone:
            case "tie":
                yield Stroke(x, middle, end, middle, _TIE, size * 0.1)
            case "today":
                yield Stroke(x + size, y + size * 0.3, x + size, y + size * 1.6, _ALARM, 1.2, size * 0.3)
            case "late":
                yield Stroke(x, middle, end, middle, _ALARM, size * 0.14, size * 0.25)
            case _:
                look = _LOOKS.get(tone, _LOOKS["open"])
                yield Box(x, y + size * 0.4, size * 1.6, size * 1.1, look.fill, look.edge)
                yield from _hatching(x, y + size * 0.4, size * 1.6, size * 1.1, look)


def _month_after(day: date) -> date:
    """The first day of the month after that of *day*; the last day there is, where there is none."""
    if (day.year, day.month) == (date.max.year, 12):
        return date.max
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _hatching(x: float, y: float, width: float, height: float, look: _Look) -> Iterator[Stroke]:
    """Upright lines in a bar."""
    if look.hatch:
        for step in range(1, int(min(width // look.hatch, 400)) + 1):
            at = x + step * look.hatch
            if at < x + width:
                yield Stroke(at, y, at, y + height, look.line, 0.8)


def _within(strokes: Sequence[Stroke], top: float, bottom: float) -> Iterator[Stroke]:
    """What of *strokes* lies between two heights."""
    for each in strokes:
        low, high = min(each.y1, each.y2), max(each.y1, each.y2)
        if high < top or low > bottom:
            continue
        y1, y2 = (min(max(y, top), bottom) for y in (each.y1, each.y2))
        yield Stroke(each.x1, y1, each.x2, y2, each.colour, each.weight, each.dash)
