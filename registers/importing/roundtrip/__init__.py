"""A register as a workbook that people edit and bring back.

What left is compared with what came back and with what is stored now. Nothing is
changed before somebody decided about it, and then in one unit of work.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from compliance.errors import Refused
from compliance.language import Text
from registers.importing.archive import LARGEST_FILE, too_large
from registers.importing.roundtrip.book import Book, packed, read_book, unpacked
from registers.importing.roundtrip.carrying import Outcome, carry_out
from registers.importing.roundtrip.merging import plan
from registers.importing.roundtrip.plans import (
    EVERYTHING,
    MINE,
    THEIRS,
    Decisions,
    Edit,
    Missing,
    Plan,
    Problem,
    Revision,
    Rights,
    What,
)

__all__ = [
    "EVERYTHING",
    "MINE",
    "THEIRS",
    "Book",
    "Decisions",
    "Edit",
    "Missing",
    "Outcome",
    "Plan",
    "Problem",
    "Revision",
    "Rights",
    "What",
    "carry_out",
    "packed",
    "plan",
    "read_book",
    "read_file",
    "unpacked",
]


def read_file(path: Path) -> Book:
    """The edited workbook at *path*. Raises :class:`Refused`, naming the file."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise Refused(too_large(path.name))
        return read_book(path.read_bytes(), path.name)
    except OSError as error:
        raise Refused(_UNREADABLE.format(file=path.name, reason=error.strerror or "")) from error


_UNREADABLE: Final = Text(
    "Die Datei „{file}“ lässt sich nicht öffnen: {reason}", "The file “{file}” cannot be opened: {reason}"
)
