"""How counts came about: stacked areas over a calendar, drawn for page and paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from itertools import accumulate, pairwise
from typing import Final

from exports.document import Course
from exports.fonts import measure
from exports.shapes import Label, Picture, Stroke
from exports.tones import EDGE, Tone, legend, toned, tones_of
from exports.typesetting import Style, Typesetter
from exports.wording import shown

_QUIET: Final = "#4d5a68"
_LINE: Final = "#c3ccd6"
_TICKS: Final = 5
"""At most so many steps are counted at the left."""
_SEAM: Final = 0.5
"""How far each day reaches under the next, so that no seam shows between them."""
_LAST: Final = 0.03
"""The share of the calendar that the last day takes at least, so that it can be seen."""


def picture(course: Course, language: str, width: float, size: float) -> Picture:
    """A legend with the counts of the last day, below it the areas, and at their edges numbers and days."""
    drawn = Picture(width)
    style = Style(size, size * 1.3)
    tones = tones_of(course.tones, max(map(len, (course.series, *course.values))))
    # Areas this large are told apart by fewer lines, which the page then need not carry.
    tones = [replace(tone, hatch=tone.hatch * 2) for tone in tones]
    legend(drawn, list(_counted(course, language)), tones, Typesetter(language), style)
    if course.days:
        _draw(_Plot(course, language, width, size, drawn.height + size), tones, drawn)
    return drawn


def _counted(course: Course, language: str) -> Iterator[str]:
    """The names of the series, each with its last count."""
    last = course.values[-1] if course.values else ()
    for at, name in enumerate(course.series):
        yield f"{name} {shown(last[at], language)}" if at < len(last) else name


@dataclass(frozen=True)
class _Plot:
    """Where what stands, once the room for numbers and days is taken."""

    course: Course
    language: str
    width: float
    size: float
    top: float

    @cached_property
    def most(self) -> int:
        return max((sum(_positive(values)) for values in self.course.values), default=0)

    @cached_property
    def height(self) -> float:
        return min(max(self.width * 0.32, self.size * 11), self.size * 17)

    @cached_property
    def bottom(self) -> float:
        return self.top + self.height

    @cached_property
    def left(self) -> float:
        widest = max((measure(shown(tick, self.language), False) for tick in self.ticks), default=0.0)
        return min(widest * self.size + self.size * 0.6, self.width / 3)

    @cached_property
    def ticks(self) -> tuple[int, ...]:
        """Round numbers from nought upwards."""
        steps = (factor * 10**power for power in range(20) for factor in (1, 2, 5))
        step = next(step for step in steps if self.most <= step * _TICKS)
        return tuple(range(0, self.most + 1, step))

    @cached_property
    def span(self) -> float:
        """Days from the first to the end of the last."""
        days = (self.course.days[-1] - self.course.days[0]).days
        return max(days + 1, days / (1 - _LAST))

    def x(self, days: float) -> float:
        return self.left + (self.width - self.left) * days / self.span

    def y(self, count: int) -> float:
        return self.bottom - self.height * count / max(self.most, 1)

    def labelled(self) -> Iterator[date]:
        """The first and the last day and as many between them, equally far apart, as find room."""
        first, last = self.course.days[0], self.course.days[-1]
        needed = (measure(shown(last, self.language), False) + 2) * self.size
        room = self.x((last - first).days) - self.left
        parts = min(int(room // needed), (last - first).days)
        yield from (first + timedelta(days=round((last - first).days * at / parts)) for at in range(parts))
        yield last


def _draw(plot: _Plot, tones: Sequence[Tone], drawn: Picture) -> None:
    first = plot.course.days[0]
    begins = [float((day - first).days) for day in plot.course.days]
    for (begin, end), values in zip(pairwise([*begins, plot.span]), plot.course.values, strict=False):
        _column(plot, drawn, (plot.x(begin), plot.x(end)), values, tones)
    for tick in plot.ticks:
        y = plot.y(tick)
        drawn.shapes.append(Stroke(plot.left, y, plot.width, y, EDGE if tick == 0 else _LINE, 0.5))
        word = Label(plot.left - plot.size * 0.4, y + plot.size * 0.35, shown(tick, plot.language), plot.size)
        drawn.shapes.append(_quiet(word, "end"))
    drawn.height = plot.bottom + plot.size * 2
    for day in plot.labelled():
        _day(plot, drawn, day)


def _column(
    plot: _Plot, drawn: Picture, span: tuple[float, float], values: Sequence[int], tones: Sequence[Tone]
) -> None:
    """What held from one day to the next, the first series at the bottom."""
    left, right = span
    right = min(right + _SEAM, plot.width)
    levels = [0, *accumulate(_positive(values))]
    for (low, high), tone in zip(pairwise(levels), tones, strict=False):
        if high > low:
            toned(drawn, left, plot.y(high), right - left, plot.y(low) - plot.y(high), tone, edge="")
            drawn.shapes.append(Stroke(left, plot.y(high), right, plot.y(high), EDGE, 0.5))


def _day(plot: _Plot, drawn: Picture, day: date) -> None:
    """A day below its place; the first and the last keep within the picture."""
    text = shown(day, plot.language)
    x = plot.x((day - plot.course.days[0]).days)
    half = measure(text, False) * plot.size / 2
    drawn.shapes.append(Stroke(x, plot.bottom, x, plot.bottom + plot.size * 0.4, EDGE, 0.5))
    middle = min(max(x, half), plot.width - half)
    drawn.shapes.append(_quiet(Label(middle, plot.bottom + plot.size * 1.5, text, plot.size), "middle"))


def _quiet(label: Label, anchor: str) -> Label:
    return Label(label.x, label.y, label.text, label.size, colour=_QUIET, anchor=anchor)


def _positive(values: Sequence[int]) -> list[int]:
    return [max(value, 0) for value in values]
