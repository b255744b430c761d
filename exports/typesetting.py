"""Running text into lines of a given width, with the hyphenation of its language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import pyphen  # type: ignore[import-untyped]

from exports.fonts import SOFT_HYPHEN, drawable, measure
from exports.wording import words

_LETTERS = re.compile(r"[^\W\d_]{7,}")
_BOUND = re.compile(r"(?<!\w)(Art\.|Abs\.|UAbs\.|Nr\.|Buchst\.|Satz|S\.|§§?|No\.|z\.|i\.|d\.) (?=\w)")
_LONGEST_AT_ONCE = 400
_AFTER = re.compile(r"[-/_.@:,;&=?+|–](?=.)")


@dataclass(frozen=True)
class Style:
    """How a text is set; measures in points."""

    size: float
    leading: float
    bold: bool = False
    colour: str = "#1c2530"
    hyphenate: bool = True
    """Whether it is running text: words that would fit on a line of their own may be divided, while
    the parts of a reference such as "Art. 30 Abs. 1" stay on one line."""


class Typesetter:
    """Divides texts into lines.

    A line that ends between two words keeps a space at its end and one that ends
    within a word a soft hyphen, so that reading aloud and copying give whole words.
    """

    def __init__(self, language: str) -> None:
        self._dictionary = pyphen.Pyphen(lang=words(language).locale.replace("-", "_"), left=3, right=3)
        self._width = lru_cache(maxsize=20_000)(measure)
        self._breaks = lru_cache(maxsize=5_000)(self._find_breaks)
        self._short = lru_cache(maxsize=5_000)(self._lines)

    def lines(self, text: str, width: float, style: Style) -> list[str]:
        """The lines of a text; at least one, even for an empty text.

        A word without a place to divide it is cut where the width ends.
        """
        limit = width / style.size
        if len(text) < 40:
            return self._short(text, limit, style.bold, style.hyphenate)
        return self._lines(text, limit, style.bold, style.hyphenate)

    def width(self, text: str, style: Style) -> float:
        """The width of one drawable line in points."""
        return self._width(text, style.bold) * style.size

    def shortened(self, text: str, width: float, style: Style) -> str:
        """The text on one line, cut with an ellipsis where it is too long."""
        text = " ".join(drawable(text[:_LONGEST_AT_ONCE], style.bold).split())
        if self.width(text, style) <= width:
            return text
        while text and self.width(text + "…", style) > width:
            text = text[:-1]
        return text.rstrip() + "…"

    def _lines(self, text: str, limit: float, bold: bool, hyphenate: bool) -> list[str]:
        lines: list[str] = []
        if hyphenate:
            text = _BOUND.sub("\\1\u00a0", text)
        for part in drawable(text, bold).split("\n"):
            self._fill(part.split(" "), limit, bold, hyphenate, lines)
        return lines

    def _fill(self, parts: list[str], limit: float, bold: bool, hyphenate: bool, lines: list[str]) -> None:
        space = self._width(" ", bold)
        line: list[str] = []
        used = 0.0
        for word in parts:
            if not word:
                continue
            needed = self._needed(word, bold)
            while used + needed > limit:
                head, word = self._divide(word, needed, limit - used, limit, bold, hyphenate, not line)
                if head:
                    line.append(head)
                    lines.append(" ".join(line))
                else:
                    lines.append(" ".join(line) + " ")
                line = []
                used = 0.0
                needed = self._needed(word, bold)
            if word:
                line.append(word)
                used += needed + space
        lines.append(" ".join(line))

    def _needed(self, word: str, bold: bool) -> float:
        """The width of a word; endless for one that no line can hold, which would be measured many times."""
        return self._width(word, bold) if len(word) <= _LONGEST_AT_ONCE else float("inf")

    def _divide(
        self, word: str, needed: float, room: float, limit: float, bold: bool, hyphenate: bool, alone: bool
    ) -> tuple[str, str]:
        """What of the word still fits, as printed, and the rest; alone, at least one character."""
        near = word[:_LONGEST_AT_ONCE]
        if needed > limit or (hyphenate and room > limit / 8):
            for position, hyphen in reversed(self._breaks(near)):
                head = word[:position] + hyphen
                if self._width(head, bold) <= room:
                    return head, word[position:]
        if not alone:
            return "", word
        fitting = 1
        while fitting < len(near) and self._width(word[: fitting + 1], bold) <= room:
            fitting += 1
        return word[:fitting], word[fitting:]

    def _find_breaks(self, word: str) -> list[tuple[int, str]]:
        """The places where a word may be divided, each with what is printed there."""
        places = {match.end(): "" for match in _AFTER.finditer(word)}
        for match in _LETTERS.finditer(word):
            for position in self._dictionary.positions(match.group()):
                places.setdefault(match.start() + int(position), SOFT_HYPHEN)
        return sorted(places.items())
