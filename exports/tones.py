"""The tones of charts, told apart by hatching as well as by colour, and their legend."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from exports.shapes import INK, Box, Label, Picture, Stroke
from exports.typesetting import Style, Typesetter

EDGE: Final = "#5d6b7a"


@dataclass(frozen=True)
class Tone:
    """How an area is filled, and what is written on it."""

    fill: str
    ink: str
    hatch: int = 0
    """Distance of the oblique lines; negative where they fall, 0 for none."""


TONES: Final = {
    "good": Tone("#2c7a56", "#ffffff"),
    "fair": Tone("#f3dc86", INK),
    "poor": Tone("#eb9a4b", INK, 6),
    "bad": Tone("#a8252b", "#ffffff", -4),
    "neutral": Tone("#8593a3", INK),
    "open": Tone("#ffffff", INK),
}
_IN_TURN: Final = ("neutral", "fair", "good", "poor", "open", "bad")


def tones_of(names: Sequence[str], count: int) -> list[Tone]:
    """The tones of *count* series; those that are not named get one in turn."""
    named = [TONES.get(name, TONES["neutral"]) for name in names[:count]]
    return named + [TONES[_IN_TURN[index % len(_IN_TURN)]] for index in range(len(named), count)]


def toned(
    picture: Picture, x: float, y: float, width: float, height: float, tone: Tone, edge: str = EDGE
) -> None:
    """Lay an area in a tone, with its hatching."""
    picture.shapes.append(Box(x, y, width, height, tone.fill, edge))
    picture.shapes.extend(_hatching(x, y, width, height, tone))


def _hatching(x: float, y: float, width: float, height: float, tone: Tone) -> Iterator[Stroke]:
    """Oblique lines within an area, each cut off at its edges; those of areas that touch meet."""
    step = abs(tone.hatch)
    if not step:
        return
    colour = tone.ink if tone.ink == INK else "#e9b9bb"
    offset = step - (x + y if tone.hatch > 0 else x - y - height) % step
    while offset < width + height:
        start, end = max(0.0, offset - height), min(width, offset)
        low, high = offset - start, offset - end
        if tone.hatch < 0:
            low, high = height - low, height - high
        yield Stroke(x + start, y + low, x + end, y + high, colour, 0.5)
        offset += step


def legend(
    picture: Picture, series: Sequence[str], tones: Sequence[Tone], typesetter: Typesetter, style: Style
) -> None:
    """The names of the series beside a sample each, in as many rows as they need."""
    size = style.size
    x = 0.0
    for name, tone in zip(series, tones, strict=False):
        text = typesetter.shortened(name, picture.width - size * 2, style)
        needed = size * 1.6 + typesetter.width(text, style)
        if x and x + needed > picture.width:
            x = 0.0
            picture.height += style.leading * 1.15
        toned(picture, x, picture.height + size * 0.1, size * 1.1, size, tone)
        picture.shapes.append(Label(x + size * 1.6, picture.height + size * 0.95, text, size))
        x += needed + size * 1.4
    if series:
        picture.height += style.leading * 1.15
