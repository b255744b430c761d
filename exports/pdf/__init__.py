"""Documents as PDF/A-2a and PDF/UA-1: readable in decades and without seeing."""

from __future__ import annotations

from typing import BinaryIO

from exports.document import Document
from exports.pdf.story import Story


def write(document: Document, out: BinaryIO) -> None:
    """Write the document as an archivable and accessible PDF (ISO 19005-2 level A, ISO 14289-1).

    The same document gives the same bytes with the same fonts on the system.
    """
    paper, digest = Story(document).tell()
    paper.canvas.write(out, digest)
