"""The plain shapes of which every picture consists, and how they are written in SVG."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, TypeAlias
from xml.sax.saxutils import escape

from exports.fonts import SOFT_HYPHEN
from exports.typesetting import Style

INK: Final = "#1c2530"
ROOM_FOR_OTHER_FONTS: Final = 0.9
"""A page may lack the typeface in which the widths were measured."""


@dataclass(frozen=True)
class Box:
    """A filled rectangle; y is its upper edge, counted downwards."""

    x: float
    y: float
    width: float
    height: float
    fill: str
    edge: str = ""


@dataclass(frozen=True)
class Stroke:
    """A straight line."""

    x1: float
    y1: float
    x2: float
    y2: float
    colour: str
    weight: float = 0.7
    dash: float = 0.0
    """Length of the dashes and of what lies between them; 0 for a line that is drawn through."""


@dataclass(frozen=True)
class Label:
    """A line of text; x is its start, its middle or its end, y its base line."""

    x: float
    y: float
    text: str
    size: float
    bold: bool = False
    colour: str = INK
    anchor: str = "start"


Shape: TypeAlias = Box | Stroke | Label


@dataclass(frozen=True)
class Sheets:
    """The room that sheets of paper have for a picture, in points."""

    width: float
    rest: float
    """The height left on the sheet that is begun."""
    opening: float
    """The height of a fresh sheet below a heading."""
    whole: float
    """The height of every further sheet."""


@dataclass
class Picture:
    """Shapes in order, with x to the right and y downwards from the top left corner."""

    width: float
    height: float = 0.0
    shapes: list[Shape] = field(default_factory=list)

    def labels(self, lines: list[str], x: float, style: Style, anchor: str = "start") -> None:
        """Set lines at the lower end and grow by them."""
        for line in lines:
            base = self.height + style.size * 0.85
            self.shapes.append(Label(x, base, line.rstrip(), style.size, style.bold, style.colour, anchor))
            self.height += style.leading


def element(shape: Shape) -> str:
    """The shape as an element of SVG, without styles."""
    match shape:
        case Box():
            edge = f' stroke="{shape.edge}" stroke-width="0.6"' if shape.edge else ""
            return (
                f'<rect x="{shape.x:.1f}" y="{shape.y:.1f}" width="{shape.width:.1f}" '
                f'height="{shape.height:.1f}" fill="{shape.fill}"{edge}/>'
            )
        case Stroke():
            dash = f' stroke-dasharray="{shape.dash}"' if shape.dash else ""
            return (
                f'<line x1="{shape.x1:.1f}" y1="{shape.y1:.1f}" x2="{shape.x2:.1f}" y2="{shape.y2:.1f}" '
                f'stroke="{shape.colour}" stroke-width="{shape.weight}"{dash}/>'
            )
        case Label():
            weight = ' font-weight="600"' if shape.bold else ""
            anchor = "" if shape.anchor == "start" else f' text-anchor="{shape.anchor}"'
            size = shape.size * ROOM_FOR_OTHER_FONTS
            text = shape.text.replace(SOFT_HYPHEN, "-")
            return (
                f'<text x="{shape.x:.1f}" y="{shape.y:.1f}" font-size="{size:.1f}"{weight} '
                f'fill="{shape.colour}"{anchor}>{escape(text)}</text>'
            )
