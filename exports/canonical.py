"""The one plain form of a document that checksum and machine-readable export share."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TypeAlias

from exports.document import (
    Bars,
    Block,
    Cell,
    Chart,
    Course,
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
    Stretch,
    Timeline,
)

Plain: TypeAlias = bool | int | float | str | Sequence["Plain"] | Mapping[str, "Plain"] | None


def head(document: Document) -> dict[str, Plain]:
    """What the document says of itself, except when it was made and how it lies on paper."""
    return {
        "title": document.title,
        "organisation": document.organisation,
        "language": document.language,
        "subject": document.subject,
        "version": document.version,
        "cover": [{"label": label, "value": value} for label, value in document.cover],
    }


def plain(block: Block) -> dict[str, Plain]:
    """The block with its contents; a grid without its rows, which are read one by one."""
    match block:
        case Heading(text, level):
            return {"kind": "heading", "level": level, "text": text}
        case Prose(text):
            return {"kind": "prose", "text": text}
        case Note(title, text, severity):
            return {"kind": "note", "severity": severity, "title": title, "text": text}
        case Items(texts):
            return {"kind": "items", "texts": texts}
        case Facts(rows, caption):
            facts = [{"label": label, "value": value} for label, value in rows]
            return {"kind": "facts", "caption": caption, "rows": facts}
        case Grid():
            columns = _columns(block)
            return {"kind": "grid", "caption": block.caption, "sheet": block.sheet, "columns": columns}
        case Figure(chart, alt, caption):
            return {"kind": "figure", "caption": caption, "alt": alt, "chart": _chart(chart)}


def row(cells: Sequence[Cell]) -> list[Plain]:
    """One row of a grid; days and moments in ISO 8601, what is no number as text."""
    return [_cell(cell) for cell in cells]


def encoded(value: Plain) -> bytes:
    """JSON without spaces, in UTF-8; halves of surrogate pairs stay escaped."""
    return _ENCODER.encode(value).encode("utf-8", "backslashreplace")


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _cell(cell: Cell) -> Plain:
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and not math.isfinite(cell):
        return str(cell)
    return cell


def _columns(grid: Grid) -> list[Plain]:
    return [
        {"label": column.label, "help": column.help, "basis": column.basis, "choices": column.choices}
        for column in grid.columns
    ]


def _stretch(one: Stretch) -> dict[str, Plain]:
    return {
        "key": one.key,
        "name": one.name,
        "section": one.section,
        "start": one.start.isoformat() if one.start else None,
        "end": one.end.isoformat() if one.end else None,
        "expected": one.expected.isoformat() if one.expected else None,
        "tone": one.tone,
        "after": one.after,
        "note": one.note,
    }


def _chart(chart: Chart) -> dict[str, Plain]:
    match chart:
        case Bars(categories, series, values, tones):
            return {
                "kind": "bars",
                "categories": categories,
                "series": series,
                "values": values,
                "tones": tones,
            }
        case Course(days, series, values, tones):
            return {
                "kind": "course",
                "days": [day.isoformat() for day in days],
                "series": series,
                "values": values,
                "tones": tones,
            }
        case Lights(lights):
            shown = [
                {"label": light.label, "tone": light.tone, "word": light.word, "text": light.text}
                for light in lights
            ]
            return {"kind": "lights", "lights": shown}
        case Matrix():
            return {
                "kind": "matrix",
                "row_title": chart.row_title,
                "column_title": chart.column_title,
                "rows": chart.rows,
                "columns": chart.columns,
                "tones": chart.tones,
                "words": chart.words,
                "marks": chart.marks,
            }
        case Flow(stages, passing):
            told = [{"title": stage.title, "stations": _stations(stage.stations)} for stage in stages]
            return {"kind": "flow", "stages": told, "passing": passing}
        case Timeline():
            return {
                "kind": "timeline",
                "sections": chart.sections,
                "stretches": [_stretch(one) for one in chart.stretches],
                "today": chart.today.isoformat(),
                "legend": chart.legend,
                "undated": chart.undated,
            }
        case Graph():
            return {
                "kind": "graph",
                "layers": chart.layers,
                "nodes": [
                    {
                        "key": node.key,
                        "name": node.name,
                        "layer": node.layer,
                        "details": node.details,
                        "aside": node.aside,
                    }
                    for node in chart.nodes
                ],
                "edges": [
                    {"source": edge.source, "target": edge.target, "style": edge.style}
                    for edge in chart.edges
                ],
                "legend": chart.legend,
            }


def _stations(stations: Sequence[Station]) -> list[Plain]:
    return [
        {
            "name": station.name,
            "details": station.details,
            "warning": station.warning,
            "inside": _stations(station.inside),
        }
        for station in stations
    ]
