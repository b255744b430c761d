"""The list of formats a document can leave the house in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from exports import csv, json, pdf, xlsx
from exports.document import Document


@dataclass(frozen=True)
class Format:
    """One way to write a document down."""

    name: str
    """As people call it."""
    media_type: str
    extension: str
    """Without the dot."""
    write: Callable[[Document, BinaryIO], None]


FORMATS: dict[str, Format] = {
    "pdf": Format("PDF", "application/pdf", "pdf", pdf.write),
    "xlsx": Format(
        "Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", xlsx.write
    ),
    "csv": Format("CSV", "text/csv; charset=utf-8", "csv", csv.write),
    "json": Format("JSON", "application/json", "json", json.write),
}
"""By the key that stands in addresses and on the command line."""
