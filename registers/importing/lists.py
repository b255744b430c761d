"""Takes the list in a cell apart, although names may contain the very mark that separates them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final, TypeVar

T = TypeVar("T")
_BULLET: Final = re.compile(r"^\s*[-–•*·]\s+")
_MOST_JOINED: Final = 8


def unmarked(text: str) -> str:
    """*text* without the bullet in front of it."""
    return _BULLET.sub("", text).strip()


def pieces(text: str, marks: str) -> list[str]:
    """What stands between *marks*, without bullets."""
    parts = re.split(f"[{marks}]", text)
    return [piece for part in parts if (piece := unmarked(part))]


def sorted_out(
    parts: Sequence[str], joint: str, find: Callable[[str], T | None]
) -> tuple[list[T], list[str]]:
    """What *find* knows among *parts*, and the others."""
    found: list[T] = []
    rest: list[str] = []
    for piece in in_order(parts, joint, find):
        if isinstance(piece, str):
            rest.append(unmarked(piece))
        else:
            found.append(piece)
    return found, rest


def in_order(parts: Sequence[str], joint: str, find: Callable[[str], T | None]) -> Iterator[T | str]:
    """*parts*, or what *find* knows of as many as possible joined: names may contain what separates them."""
    start = 0
    while start < len(parts):
        end, hit = _longest(parts, start, joint, find)
        if hit is not None:
            yield hit
        elif words := parts[start].strip():
            yield words
        start = end


def _longest(
    parts: Sequence[str], start: int, joint: str, find: Callable[[str], T | None]
) -> tuple[int, T | None]:
    for end in range(min(len(parts), start + _MOST_JOINED), start, -1):
        joined = joint.join(parts[start:end]).strip()
        hit = find(joined) if joined else None
        if hit is not None:
            return end, hit
    return start + 1, None
