"""A checksum by which two reports can be recognised as saying the same."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from exports import canonical
from exports.document import Block, Cell, Document, Grid


class Fingerprint:
    """A checksum that grows while a renderer reads the document, so that rows are read once.

    It covers one JSON line for the head, one for each block and one for each row
    of a grid, in order; neither the moment of creation nor the layout.
    """

    def __init__(self, document: Document) -> None:
        self._hash = hashlib.sha256()
        self._add(canonical.head(document))

    def block(self, block: Block) -> None:
        """Take in a block; the rows of a grid follow through :meth:`rows`."""
        self._add(canonical.plain(block))

    def rows(self, grid: Grid) -> Iterator[tuple[Cell, ...]]:
        """The rows of a grid, each taken in before it is handed on."""
        for cells in grid.rows:
            self._add(canonical.row(cells))
            yield cells

    def hexdigest(self) -> str:
        """The checksum of everything taken in so far, as 64 hexadecimal digits."""
        return self._hash.hexdigest()

    def _add(self, value: canonical.Plain) -> None:
        self._hash.update(canonical.encoded(value) + b"\n")


def fingerprint(document: Document) -> str:
    """SHA-256 over the content of the document, as 64 hexadecimal digits."""
    growing = Fingerprint(document)
    for block in document.blocks:
        growing.block(block)
        if isinstance(block, Grid):
            for _ in growing.rows(block):
                pass
    return growing.hexdigest()


def short(digest: str) -> str:
    """The first 64 bits of a checksum in groups of four digits, as printed in footers."""
    return " ".join(digest[start : start + 4] for start in range(0, 16, 4))
