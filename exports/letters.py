"""Letters that are made from the record: a document to send or publish, and what it still lacks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO, Final

from compliance.language import Text
from exports.document import Block, Document, Facts, Figure, Grid, Heading, Items, Note, Prose
from exports.formats import FORMATS, Format
from exports.text import on_one_line, paragraphs
from exports.wording import shown, words


@dataclass(frozen=True)
class Missing:
    """Something the law wants in the letter and the record does not say."""

    field: str
    """Name of the field where it belongs."""
    says: Text
    register: str = ""
    """Slug of the register that holds the field; empty for the entry the letter is about."""


@dataclass(frozen=True)
class Letter:
    """A letter as far as the record goes."""

    document: Document
    missing: tuple[Missing, ...]


def plain_text(document: Document) -> str:
    """*document* as text to be copied into a letter, a form or a page: paragraphs between empty lines."""
    head = [on_one_line(document.title)]
    body = ("\n".join(_lines(block, document.language)) for block in document.blocks)
    return "\n\n".join(part for part in (*head, *body) if part) + "\n"


def _lines(block: Block, language: str) -> Iterable[str]:
    match block:
        case Heading(text):
            return [on_one_line(text)]
        case Prose(text):
            return ["\n\n".join(paragraphs(text))]
        case Note(title, text, severity):
            return [f"{words(language).severity(severity)}: {on_one_line(title)}", *paragraphs(text)]
        case Items(texts):
            return [f"– {on_one_line(text)}" for text in texts]
        case Facts(rows, caption):
            said = [line for label, text in rows for line in _fact(label, text)]
            return [on_one_line(caption), *said] if caption else said
        case Grid():
            return _table(block, language)
        case Figure(_, alt, caption):
            return [on_one_line(text) for text in (caption, alt) if text]


def _fact(label: str, text: str) -> Iterator[str]:
    """One statement; several lines of it below its label."""
    first, *more = text.splitlines() or [""]
    if not more:
        yield f"{on_one_line(label)}: {on_one_line(first)}"
        return
    yield f"{on_one_line(label)}:"
    yield from (f"– {on_one_line(line)}" for line in (first, *more))


def _table(grid: Grid, language: str) -> Iterator[str]:
    """A table row by row, each value with the label of its column."""
    yield on_one_line(grid.caption)
    labels = [on_one_line(column.label) for column in grid.columns]
    for row in grid.rows:
        cells = (on_one_line(shown(cell, language)) for cell in row)
        yield "– " + "; ".join(f"{label}: {cell}" for label, cell in zip(labels, cells, strict=True) if cell)


def _write_text(document: Document, out: BinaryIO) -> None:
    out.write(plain_text(document).encode())


LETTER_FORMATS: Final[Mapping[str, Format]] = {
    "pdf": FORMATS["pdf"],
    "txt": Format("Text", "text/plain; charset=utf-8", "txt", _write_text),
}
"""A letter is printed, or copied into another one."""
