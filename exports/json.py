"""Documents for machines: one JSON object, written row by row."""

from __future__ import annotations

from typing import BinaryIO

from exports.canonical import encoded, head, plain, row
from exports.document import Block, Document, Grid
from exports.fingerprint import Fingerprint


def write(document: Document, out: BinaryIO) -> None:
    """Write the document with ``created``, its blocks and, last, its ``fingerprint``."""
    fingerprint = Fingerprint(document)
    opening = {**head(document), "created": document.created.isoformat(), "landscape": document.landscape}
    out.write(encoded(opening)[:-1] + b',"blocks":[')
    for index, block in enumerate(document.blocks):
        out.write(b",\n" if index else b"\n")
        _write_block(block, fingerprint, out)
    out.write(b'\n],"fingerprint":' + encoded(fingerprint.hexdigest()) + b"}\n")


def _write_block(block: Block, fingerprint: Fingerprint, out: BinaryIO) -> None:
    fingerprint.block(block)
    text = encoded(plain(block))
    if not isinstance(block, Grid):
        out.write(text)
        return
    out.write(text[:-1] + b',"rows":[')
    for index, cells in enumerate(fingerprint.rows(block)):
        out.write((b",\n" if index else b"\n") + encoded(row(cells)))
    out.write(b"\n]}")
