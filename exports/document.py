"""What a report says, not how it looks.

A report is a function that returns a :class:`Document`; a renderer prints any
document. Nothing here knows paper, workbooks or the database, so tests compare
documents as plain values.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeAlias

Cell: TypeAlias = str | int | float | bool | date | datetime | None
"""What stands in one place of a grid; renderers write it in the reader's form."""


@dataclass(frozen=True)
class Heading:
    """The title of a part of the document; levels go from 1 to 4 without gaps."""

    text: str
    level: int = 1
    fresh_page: bool = False
    """Whether it opens a page of its own on paper."""


@dataclass(frozen=True)
class Prose:
    """Running text; an empty line separates paragraphs."""

    text: str


@dataclass(frozen=True)
class Note:
    """A text the reader must not miss: an open defect, a missing opinion, a condition."""

    title: str
    text: str
    severity: str = "info"
    """``info``, ``warning`` or ``error``; always said in words too."""


@dataclass(frozen=True)
class Items:
    """Several statements of equal rank."""

    texts: tuple[str, ...]


@dataclass(frozen=True)
class Facts:
    """Labelled statements about one thing."""

    rows: tuple[tuple[str, str], ...]
    caption: str = ""


@dataclass(frozen=True)
class Column:
    """One column of a grid and what a reader needs to understand it."""

    label: str
    width: float = 1.0
    """Share of the width compared with the other columns."""
    help: str = ""
    basis: str = ""
    """The source in law or standard, as printed."""
    choices: tuple[str, ...] = ()
    """The words that may be filled in, offered as a list in workbooks."""
    sample: str = ""
    """A text whose words stay whole on paper, such as a date or the longest word that can stand here."""
    on_paper: bool = True
    """Whether the column is printed; a sheet of paper is narrower than a workbook."""


@dataclass(frozen=True)
class Grid:
    """The same facts about many things; the first column identifies the row.

    ``rows`` can be iterated more than once and need not be held in memory.
    """

    columns: tuple[Column, ...]
    rows: Iterable[tuple[Cell, ...]]
    caption: str
    sheet: str = ""
    """Name of the sheet in a workbook; the caption where it is empty."""
    bands: tuple[int, ...] = ()
    """Places of columns that are not printed; what following rows have in common there stands once on
    paper, in a line above them and among the bookmarks."""


@dataclass(frozen=True)
class Bars:
    """Stacked horizontal bars: one bar per category, one colour per series."""

    categories: tuple[str, ...]
    series: tuple[str, ...]
    values: tuple[tuple[int, ...], ...]
    """``values[category][series]``."""
    tones: tuple[str, ...] = ()
    """One per series: ``good``, ``fair``, ``poor``, ``bad``, ``neutral`` or ``open``."""
    beside: bool = False
    """Whether short names stand beside their bars, which takes half the height."""


@dataclass(frozen=True)
class Course:
    """How counts came about: stacked areas over the calendar, where each day holds until the next."""

    days: tuple[date, ...]
    """From the first to the last, each once."""
    series: tuple[str, ...]
    values: tuple[tuple[int, ...], ...]
    """``values[day][series]``."""
    tones: tuple[str, ...] = ()
    """One per series, as in :class:`Bars`."""


@dataclass(frozen=True)
class Light:
    """One traffic light: what it is about, how that stands, and why."""

    label: str
    tone: str
    """``good``, ``fair`` or ``bad``; ``open`` where it is dark."""
    word: str
    """What the light says, in words."""
    text: str = ""


@dataclass(frozen=True)
class Lights:
    """Traffic lights one below the other, readable by place and word as well as by colour."""

    lights: tuple[Light, ...]


@dataclass(frozen=True)
class Matrix:
    """A risk matrix; rows from the most to the least severe, columns by likelihood."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    tones: tuple[tuple[str, ...], ...]
    """``tones[row][column]``: ``good``, ``fair``, ``poor`` or ``bad``."""
    words: tuple[tuple[str, ...], ...]
    """The level each cell stands for, in words."""
    marks: tuple[tuple[str, ...], ...]
    """What lies in each cell, such as ``R1, R3``; empty where nothing does."""
    row_title: str = ""
    column_title: str = ""


@dataclass(frozen=True)
class Station:
    """One place that data come from, pass through or reach."""

    name: str
    details: tuple[str, ...] = ()
    """What is worth knowing of it, a line each."""
    warning: str = ""
    """Why a reader must look twice, such as a third country; always said in words."""
    inside: tuple[Station, ...] = ()
    """What works within it or for it, such as the systems of an activity or sub-processors."""


@dataclass(frozen=True)
class Stage:
    """Stations of one kind, such as all recipients."""

    title: str
    stations: tuple[Station, ...]


@dataclass(frozen=True)
class Flow:
    """Where data come from and go to: stages from above downwards, and what passes from one to the next."""

    stages: tuple[Stage, ...]
    passing: tuple[str | None, ...] = ()
    """What passes on to each stage after the first; ``None`` where a stage stands beside the one before."""


@dataclass(frozen=True)
class Node:
    """One box of a picture in layers."""

    key: str
    """Names the box within its picture, such as a running number."""
    name: str
    layer: int
    """Which of the layers it stands in, counted from 0."""
    details: tuple[str, ...] = ()
    """What is worth knowing of it, a line each."""
    aside: bool = False
    """Drawn back, because it belongs to what is shown only as its neighbour."""
    leads: bool = False
    """Stands first in its layer, as a network does before its systems."""


@dataclass(frozen=True)
class Edge:
    """A tie between two boxes, named by their keys."""

    source: str
    target: str
    style: str = ""
    """``""`` drawn through, ``dashed``, or ``alarm`` where a reader must look twice."""


@dataclass(frozen=True)
class Graph:
    """Boxes in layers from above downwards, and the ties between them."""

    layers: tuple[str, ...]
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    legend: tuple[tuple[str, str], ...] = ()
    """What each style of tie means, in words."""


@dataclass(frozen=True)
class Stretch:
    """One bar on a calendar."""

    key: str
    """Names the bar within its picture, such as a running number."""
    name: str
    section: int
    """Under which heading it stands, counted from 0."""
    start: date | None = None
    """``None`` where only its last day is known."""
    end: date | None = None
    """``None`` where no day is set."""
    expected: date | None = None
    """When it is likely to end, where that is later."""
    tone: str = "open"
    """``good`` where it is over, ``fair`` where it goes on, ``bad`` where it is overdue, else ``open``."""
    after: tuple[str, ...] = ()
    """The keys of the bars it waits for."""
    note: str = ""
    """How it stands, in words."""


@dataclass(frozen=True)
class Timeline:
    """Bars on a calendar under headings, and what waits for what."""

    sections: tuple[str, ...]
    stretches: tuple[Stretch, ...]
    """Those under one heading stand together."""
    today: date
    legend: tuple[tuple[str, str], ...] = ()
    """What each tone means in words; besides them ``tie``, ``late`` for a delay, and ``today``."""
    undated: str = ""
    """What stands instead of a bar without a day."""


Chart: TypeAlias = Bars | Course | Lights | Matrix | Flow | Graph | Timeline


@dataclass(frozen=True)
class Figure:
    """A picture and the words that replace it for whoever cannot see it."""

    chart: Chart
    alt: str
    caption: str = ""


Block: TypeAlias = Heading | Prose | Note | Items | Facts | Grid | Figure


@dataclass(frozen=True)
class Document:
    """A complete report in one language."""

    title: str
    organisation: str
    language: str
    """``de`` or ``en``."""
    created: datetime
    """When the data was read, with a time zone."""
    blocks: tuple[Block, ...]
    subject: str = ""
    """One sentence on what the report is, for the cover and the file's metadata."""
    version: str = ""
    """Version of the thing reported, as printed in the footer."""
    cover: tuple[tuple[str, str], ...] = field(default=())
    """Labelled statements on the cover, such as state, release and responsible unit."""
    landscape: bool = False
