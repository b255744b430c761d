"""Text as any format can carry it: one normal form, without characters that nothing can print."""

from __future__ import annotations

import re
import unicodedata

_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_UNPRINTABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufeff\ufffe\uffff]")
_HALVES = re.compile("[\ud800-\udfff]")


def clean(text: str) -> str:
    """The text in NFC with LF line ends and without control characters.

    Halves of surrogate pairs, which no encoding accepts, become U+FFFD.
    """
    if not text.isprintable():
        text = _LINE_ENDS.sub("\n", text)
        text = _UNPRINTABLE.sub("", text)
        text = _HALVES.sub("\ufffd", text)
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def on_one_line(text: str) -> str:
    """The text with every run of white space turned into one space."""
    return " ".join(clean(text).split())


def paragraphs(text: str) -> list[str]:
    """The parts of a running text that empty lines separate."""
    return [part.strip("\n") for part in re.split(r"\n[ \t]*\n", clean(text)) if part.strip()]
