"""Where boxes in layers stand and how the lines between them run; geometry alone, in no unit.

Boxes stand in layers from above downwards, a layer in as many rows as it needs,
all rows on the same columns. Lines leave a box below and enter one above. They
run only in the channels between the rows and in the gutters between the
columns, so that no line crosses a box or its words. All lines to the same box
share one trunk, as a bus does, which keeps hundreds of them apart.

The same boxes and ties give the same picture, in whatever order they are given.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

_SWEEPS: Final = 8
"""How often the boxes are moved towards what they are tied to."""


@dataclass(frozen=True)
class Item:
    """A box before it has a place."""

    key: str
    layer: int
    height: float
    leads: bool = False
    """Stands first in its layer, whatever it is tied to."""


@dataclass(frozen=True, order=True)
class Tie:
    """A line from one box to another; ties of different style do not share a line."""

    source: str
    target: str
    style: str = ""


@dataclass(frozen=True)
class Measures:
    """The sizes that a layout keeps to."""

    columns: int
    width: float
    """Of each box."""
    margin: float
    """Left of everything, for the names of the layers."""
    lane: float
    """From one line to the next beside it."""
    space: float
    """Around the lines of a channel or a gutter."""


@dataclass(frozen=True)
class Place:
    """A box in its place; y is its upper edge, counted downwards."""

    key: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Band:
    """The ground of a layer, over the whole width."""

    layer: int
    y: float
    height: float


@dataclass(frozen=True)
class Run:
    """A straight piece of a line, upright or level."""

    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True)
class Net:
    """All lines of one style that lead to one box."""

    target: str
    style: str
    sources: tuple[str, ...]
    runs: tuple[Run, ...]
    joints: tuple[tuple[float, float], ...]
    """Where three or more pieces meet; where two lines merely cross there is none."""
    end: tuple[float, float]
    """Where the line enters the box, from above."""


@dataclass(frozen=True)
class Layout:
    """A picture in places and lines."""

    width: float
    height: float
    places: tuple[Place, ...]
    bands: tuple[Band, ...]
    nets: tuple[Net, ...]
    breaks: tuple[float, ...]
    """Heights at which the picture may be cut without cutting a box, from above downwards."""


def lay_out(items: Iterable[Item], ties: Iterable[Tie], measures: Measures) -> Layout:
    """Places for all *items* and lines for all *ties* between them; the keys of items are unique.

    Raises :class:`KeyError` for a tie of something that is no item.
    """
    boxes = sorted(items, key=lambda item: (item.layer, not item.leads, item.key))
    chosen = sorted(set(ties))
    cells = _cells(boxes, chosen, measures.columns)
    return _Routed(boxes, chosen, cells, measures).layout()


# --- Which box in which row and column -----------------------------------------------------------

_Cell: TypeAlias = tuple[int, int]
"""Row, counted over all layers, and column."""


def _cells(boxes: Sequence[Item], ties: Sequence[Tie], columns: int) -> dict[str, _Cell]:
    layers: dict[int, list[str]] = defaultdict(list)
    for box in boxes:
        layers[box.layer].append(box.key)
    beside: dict[str, set[str]] = {box.key: set() for box in boxes}
    for tie in ties:
        beside[tie.source].add(tie.target)
        beside[tie.target].add(tie.source)
    columns = min(columns, max(map(len, layers.values()), default=1))
    follows = {box.key: not box.leads for box in boxes}
    at: dict[str, int] = {}
    for keys in layers.values():
        at |= _spread(keys, columns)
    for sweep in range(_SWEEPS):
        for layer in sorted(layers, reverse=sweep % 2 == 1):
            layers[layer] = sorted(layers[layer], key=lambda key: (follows[key], _pull(key, beside, at), key))
            at |= _spread(layers[layer], columns)
    return _rows(layers, at)


def _spread(keys: Sequence[str], columns: int) -> dict[str, int]:
    """The column of each of *keys*, kept in order and evenly over all columns."""
    count = len(keys)
    return {key: (2 * index + 1) * columns // (2 * count) for index, key in enumerate(keys)}


def _pull(key: str, beside: Mapping[str, set[str]], at: Mapping[str, int]) -> float:
    """The column to which its neighbours draw a box; its own where it has none."""
    near = beside[key] - {key}
    return sum(at[other] for other in near) / len(near) if near else float(at[key])


def _rows(layers: Mapping[int, Sequence[str]], at: Mapping[str, int]) -> dict[str, _Cell]:
    cells: dict[str, _Cell] = {}
    first = 0
    for layer in sorted(layers):
        filled: dict[int, int] = defaultdict(int)
        for key in layers[layer]:
            cells[key] = (first + filled[at[key]], at[key])
            filled[at[key]] += 1
        first += max(filled.values())
    return cells


# --- Where the lines run -------------------------------------------------------------------------


@dataclass(frozen=True)
class _Stub:
    """Where a line leaves or enters a box, in which channel."""

    key: str
    x: float
    channel: int


@dataclass
class _Line:
    """All lines to one box before they have a place of their own; channel 0 lies above row 0."""

    target: str
    style: str
    sources: tuple[str, ...]
    channels: frozenset[int]
    gutter: int | None
    """The gutter of its trunk; ``None`` where one channel is enough."""


class _Routed:
    """The lines of a layout, from what they share to where they run."""

    def __init__(
        self, boxes: Sequence[Item], ties: Sequence[Tie], cells: Mapping[str, _Cell], measures: Measures
    ) -> None:
        self._boxes = boxes
        self._cells = cells
        self._heights = {box.key: box.height for box in boxes}
        self._measures = measures
        self._rows = max((row for row, _column in cells.values()), default=-1) + 1
        self._columns = max((column for _row, column in cells.values()), default=-1) + 1
        self._lines = list(self._bundled(ties))
        self._lanes = self._trunk_lanes()
        self._column_x, self._gutter_x, self._width = self._across()
        self._ports = _Ports(self._lines, self._left, measures.width)
        self._tracks = self._channel_tracks()
        self._row_y, self._channel_y, self._height = self._down()

    def layout(self) -> Layout:
        places = tuple(
            Place(box.key, self._left(box.key), self._top(box.key), self._measures.width, box.height)
            for box in self._boxes
        )
        return Layout(
            self._width,
            self._height,
            places,
            tuple(self._bands()),
            tuple(self._drawn(index, line) for index, line in enumerate(self._lines)),
            # Just above the boxes, so that a line that goes on below is seen to leave its box.
            tuple(y - self._measures.space / 2 for y in self._row_y[1:]),
        )

    def _left(self, key: str) -> float:
        return self._column_x[self._cells[key][1]]

    def _top(self, key: str) -> float:
        return self._row_y[self._cells[key][0]]

    def _bundled(self, ties: Sequence[Tie]) -> Iterator[_Line]:
        sources: dict[tuple[str, str], list[str]] = defaultdict(list)
        for tie in ties:
            sources[tie.target, tie.style].append(tie.source)
        for target, style in sorted(sources, key=lambda pair: (self._cells[pair[0]], *pair)):
            some = tuple(sources[target, style])
            row, column = self._cells[target]
            channels = frozenset({row, *(self._cells[source][0] + 1 for source in some)})
            middle = sum(self._cells[source][1] for source in some) / len(some)
            gutter = column if middle < column else column + 1
            yield _Line(target, style, some, channels, gutter if len(channels) > 1 else None)

    def _trunk_lanes(self) -> dict[int, int]:
        """The lane of each line's trunk within its gutter, by the line's index."""
        lanes: dict[int, int] = {}
        for gutter in range(self._columns + 1):
            spans = [
                (float(min(line.channels)), float(max(line.channels)), index)
                for index, line in enumerate(self._lines)
                if line.gutter == gutter
            ]
            lanes |= _side_by_side(spans)
        return lanes

    def _across(self) -> tuple[list[float], list[float], float]:
        """The left edges of the columns and of the first lanes of the gutters, and the width of all."""
        measures = self._measures
        x = measures.margin
        columns, gutters = [], []
        for gutter in range(self._columns + 1):
            lanes = [lane for index, lane in self._lanes.items() if self._lines[index].gutter == gutter]
            gutters.append(x + measures.space)
            x += 2 * measures.space + max(lanes, default=0) * measures.lane
            if gutter < self._columns:
                columns.append(x)
                x += measures.width
        return columns, gutters, x

    def _trunk(self, index: int) -> float | None:
        gutter = self._lines[index].gutter
        return None if gutter is None else self._gutter_x[gutter] + self._lanes[index] * self._measures.lane

    def _stubs(self, line: _Line) -> Iterator[_Stub]:
        """Where its parts leave their boxes, and last where they enter the target."""
        for source in line.sources:
            yield _Stub(
                source, self._ports.leaving[source, line.target, line.style], self._cells[source][0] + 1
            )
        yield _Stub(line.target, self._ports.entering[line.target, line.style], self._cells[line.target][0])

    def _level(self, index: int, channel: int) -> list[float]:
        """Everything of a line that has to be joined within a channel, from left to right."""
        line = self._lines[index]
        trunk = self._trunk(index)
        found = [stub.x for stub in self._stubs(line) if stub.channel == channel]
        return sorted([*found, *([] if trunk is None else [trunk])])

    def _channel_tracks(self) -> dict[tuple[int, int], int]:
        """The track of each line within each of its channels, by index and channel."""
        tracks: dict[tuple[int, int], int] = {}
        for channel in range(self._rows + 1):
            spans = []
            for index, line in enumerate(self._lines):
                if channel in line.channels:
                    level = self._level(index, channel)
                    spans.append((level[0], level[-1], index))
            tracks |= {(index, channel): track for index, track in _side_by_side(spans).items()}
        return tracks

    def _down(self) -> tuple[list[float], list[float], float]:
        """The upper edges of the rows and of the first tracks of the channels, and the height of all."""
        measures = self._measures
        tallest: dict[int, float] = defaultdict(float)
        for box in self._boxes:
            row = self._cells[box.key][0]
            tallest[row] = max(tallest[row], box.height)
        y = 0.0
        rows, channels = [], []
        for channel in range(self._rows + 1):
            tracks = [track for (_index, there), track in self._tracks.items() if there == channel]
            channels.append(y + measures.space)
            y += 2 * measures.space + max(tracks, default=0) * measures.lane
            if channel < self._rows:
                rows.append(y)
                y += tallest[channel]
        return rows, channels, y

    def _bands(self) -> Iterator[Band]:
        layers: dict[int, list[int]] = defaultdict(list)
        for box in self._boxes:
            layers[box.layer].append(self._cells[box.key][0])
        tops = {layer: self._channel_y[min(rows)] - self._measures.space for layer, rows in layers.items()}
        order = sorted(layers)
        bottoms = [*(tops[layer] for layer in order[1:]), self._height]
        for layer, bottom in zip(order, bottoms, strict=False):
            yield Band(layer, tops[layer], bottom - tops[layer])

    def _drawn(self, index: int, line: _Line) -> Net:
        heights = {
            channel: self._channel_y[channel] + self._tracks[index, channel] * self._measures.lane
            for channel in line.channels
        }
        runs: list[Run] = []
        joints: list[tuple[float, float]] = []
        trunk = self._trunk(index)
        *leaving, entering = self._stubs(line)
        for stub in leaving:
            bottom = self._top(stub.key) + self._heights[stub.key]
            runs.append(Run(stub.x, bottom, stub.x, heights[stub.channel]))
        top = self._top(line.target)
        runs.append(Run(entering.x, heights[entering.channel], entering.x, top))
        if trunk is not None:
            runs.append(Run(trunk, min(heights.values()), trunk, max(heights.values())))
        for channel, y in heights.items():
            level = self._level(index, channel)
            runs.append(Run(level[0], y, level[-1], y))
            joints += [(x, y) for x in level[1:-1]]
            passes = min(heights.values()) < y < max(heights.values())
            if trunk is not None and passes and trunk in (level[0], level[-1]):
                joints.append((trunk, y))
        return Net(
            line.target,
            line.style,
            line.sources,
            tuple(run for run in runs if (run.x1, run.y1) != (run.x2, run.y2)),
            tuple(sorted(set(joints))),
            (entering.x, top),
        )


class _Ports:
    """Where lines leave and enter the boxes.

    No two lie at the same place, neither at one box nor at another above it, so
    that no two lines lie on each other.
    """

    def __init__(self, lines: Sequence[_Line], left: Callable[[str], float], width: float) -> None:
        leaving: dict[str, list[tuple[str, str]]] = defaultdict(list)
        entering: dict[str, list[str]] = defaultdict(list)
        for line in lines:
            entering[line.target].append(line.style)
            for source in line.sources:
                leaving[source].append((line.target, line.style))
        most = max([*map(len, leaving.values()), *map(len, entering.values()), 7]) + 1
        unit = width / (2 * most)
        self.leaving = {
            (source, *target): left(source) + unit * (2 * place + 1)
            for source, targets in leaving.items()
            for target, place in zip(
                sorted(targets, key=lambda pair: (left(pair[0]), *pair)),
                _around_the_middle(len(targets), most),
                strict=True,
            )
        }
        self.entering = {
            (target, style): left(target) + unit * 2 * (place + 1)
            for target, styles in entering.items()
            for style, place in zip(styles, _around_the_middle(len(styles), most - 1), strict=True)
        }


def _around_the_middle(count: int, places: int) -> range:
    start = (places - count) // 2
    return range(start, start + count)


def _side_by_side(spans: Iterable[tuple[float, float, int]]) -> dict[int, int]:
    """A lane for each span so that no two in one lane meet, in as few lanes as there can be."""
    lanes: list[float] = []
    found: dict[int, int] = {}
    for start, end, index in sorted(spans):
        lane = next((lane for lane, taken in enumerate(lanes) if taken < start), len(lanes))
        if lane == len(lanes):
            lanes.append(end)
        lanes[lane] = end
        found[index] = lane
    return found
