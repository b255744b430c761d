"""Charts on paper."""

from __future__ import annotations

from collections.abc import Iterator

from exports.fonts import measure
from exports.pdf.canvas import TaggedCanvas, rgb
from exports.shapes import Box, Label, Picture, Shape, Stroke
from exports.typesetting import Style


def draw(picture: Picture, canvas: TaggedCanvas, x: float, y: float, scale: float) -> None:
    """Draw the picture with its lower left corner at this place."""
    canvas.emit(f"q {scale:.4f} 0 0 {scale:.4f} {x:.2f} {y:.2f} cm")
    for shape in picture.shapes:
        canvas.emit(*_operators(shape, picture.height, canvas))
    canvas.emit("Q")


def _operators(shape: Shape, height: float, canvas: TaggedCanvas) -> Iterator[str]:
    match shape:
        case Box():
            low = height - shape.y - shape.height
            area = f"{shape.x:.2f} {low:.2f} {shape.width:.2f} {shape.height:.2f} re"
            edge = f"{rgb(shape.edge)} RG 0.5 w [] 0 d" if shape.edge else ""
            yield f"{rgb(shape.fill)} rg {edge} {area} {'B' if shape.edge else 'f'}"
        case Stroke():
            start = f"{shape.x1:.2f} {height - shape.y1:.2f} m"
            end = f"{shape.x2:.2f} {height - shape.y2:.2f} l"
            dash = f"[{shape.dash}] 0 d" if shape.dash else "[] 0 d"
            yield f"{rgb(shape.colour)} RG {shape.weight} w {dash} {start} {end} S"
        case Label():
            x = shape.x - _LEFT_OF_ANCHOR[shape.anchor] * measure(shape.text, shape.bold) * shape.size
            style = Style(shape.size, shape.size, shape.bold)
            yield f"{rgb(shape.colour)} rg"
            yield canvas.text_object(x, height - shape.y, [shape.text], style)


_LEFT_OF_ANCHOR = {"start": 0.0, "middle": 0.5, "end": 1.0}
