"""The typefaces of paper and charts, and what stands in for characters they lack."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from importlib import resources
from typing import Any

from reportlab.pdfbase import pdfdoc, pdfmetrics
from reportlab.pdfbase.ttfonts import SUBSETN, TTFError, TTFont

from exports.text import clean

_OWN = resources.files("font_source_sans_pro").joinpath("files")
_FILES: dict[bool, tuple[tuple[str, str], ...]] = {
    False: (
        ("Nachweis", str(_OWN.joinpath("SourceSansPro-Regular.ttf"))),
        ("Nachweis-DejaVu", "DejaVuSans.ttf"),
        ("Nachweis-Vera", "Vera.ttf"),
    ),
    True: (
        ("Nachweis-Bold", str(_OWN.joinpath("SourceSansPro-Semibold.ttf"))),
        ("Nachweis-DejaVu-Bold", "DejaVuSans-Bold.ttf"),
        ("Nachweis-Vera-Bold", "VeraBd.ttf"),
    ),
}
_NEAREST = {
    "\u2010": "-",
    "\u2011": "-",
    "\u2012": "–",
    "\u2015": "—",
    "\u2212": "–",
    "\u202f": "\u00a0",
    "\u2000": " ",
    "\u2001": " ",
    "\u2002": " ",
    "\u2003": " ",
    "\u2004": " ",
    "\u2005": " ",
    "\u2006": " ",
    "\u2007": "\u00a0",
    "\u2008": " ",
    "\u2009": " ",
    "\u200a": " ",
    "\u3000": " ",
    "\t": " ",
}
SOFT_HYPHEN = "\u00ad"


class Face(TTFont):
    """A typeface whose text can be copied out of a PDF again, beyond the basic plane too."""

    def addObjects(self, doc: pdfdoc.PDFDocument) -> None:
        """Embed what was used, with maps to Unicode as PDF/A-2 asks for (ISO 19005-2, 6.2.11.7)."""
        subsets = [list(subset) for subset in self.state[doc].subsets]
        super().addObjects(doc)
        for index, subset in enumerate(subsets):
            name = b"".join((SUBSETN(index), b"+", self.face.name, self.face.subfontNameX)).decode("ascii")
            stream: Any = doc.idToObject[f"toUnicodeCMap:{name}"]
            stream.content = _to_unicode(name, subset)


def _to_unicode(name: str, subset: list[int]) -> str:
    pairs = [(code, character) for code, character in enumerate(subset) if character]
    lines = [
        "/CIDInit /ProcSet findresource begin",
        "12 dict begin",
        "begincmap",
        "/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def",
        f"/CMapName /{name} def",
        "/CMapType 2 def",
        "1 begincodespacerange",
        "<00> <FF>",
        "endcodespacerange",
    ]
    for start in range(0, len(pairs), 100):
        part = pairs[start : start + 100]
        lines.append(f"{len(part)} beginbfchar")
        lines += [f"<{code:02X}> <{chr(character).encode('utf-16-be').hex()}>" for code, character in part]
        lines.append("endbfchar")
    lines += ["endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"]
    return "\n".join(lines)


@lru_cache(maxsize=2)
def faces(bold: bool) -> tuple[Face, ...]:
    """The typefaces in the order in which they are asked for a character.

    The first comes with the application; DejaVu is taken where the system has it.
    """
    found = []
    for name, file in _FILES[bold]:
        try:
            face = Face(name, file)
        except TTFError:
            continue
        pdfmetrics.registerFont(face)
        found.append(face)
    return tuple(found)


class _Drawable(dict[int, str]):
    """For every character what is drawn in its place, found when it is first met."""

    def __init__(self, bold: bool) -> None:
        self._maps = [face.face.charToGlyph for face in faces(bold)]

    def __missing__(self, code: int) -> str:
        self[code] = replacement = self._replacement(chr(code))
        return replacement

    def _replacement(self, character: str) -> str:
        if character == "\n":
            return character
        if unicodedata.category(character) == "Cf" or 0xFE00 <= ord(character) <= 0xFE0F:
            return ""
        if ord(character) in self._maps[0]:
            return character
        if character in _NEAREST:
            return _NEAREST[character]
        if any(ord(character) in known for known in self._maps[1:]):
            return character
        return f"[U+{ord(character):04X}]"


@lru_cache(maxsize=2)
def _drawables(bold: bool) -> _Drawable:
    return _Drawable(bold)


def drawable(text: str, bold: bool = False) -> str:
    """The text with nothing in it but line feeds and characters that some typeface has.

    What none has is written as its code, such as ``[U+1F984]``, so that no
    reader takes a box or a gap for the original.
    """
    if text.isascii() and text.isprintable():
        return text
    return clean(text).translate(_drawables(bold))


def runs(text: str, bold: bool = False) -> list[tuple[Face, str]]:
    """A drawable text in parts that one typeface each can draw."""
    parts: list[tuple[Face, str]] = []
    for character in text:
        face = _face_of(character, bold)
        if parts and parts[-1][0] is face:
            parts[-1] = (face, parts[-1][1] + character)
        else:
            parts.append((face, character))
    return parts


@lru_cache(maxsize=4096)
def _face_of(character: str, bold: bool) -> Face:
    chain = faces(bold)
    code = 32 if character == "\u00a0" else ord(character)
    return next((face for face in chain if code in face.face.charToGlyph), chain[0])


class _Widths(dict[str, float]):
    """The width of each character in parts of the type size."""

    def __init__(self, bold: bool) -> None:
        self._bold = bold

    def __missing__(self, character: str) -> float:
        face = _face_of(character, self._bold).face
        code = 32 if character == "\u00a0" else ord(character)
        width: float = face.charWidths.get(code, face.defaultWidth) / 1000
        self[character] = width
        return width


@lru_cache(maxsize=2)
def _widths(bold: bool) -> _Widths:
    return _Widths(bold)


def measure(text: str, bold: bool = False) -> float:
    """The width of a drawable text in parts of the type size."""
    return sum(map(_widths(bold).__getitem__, text))
