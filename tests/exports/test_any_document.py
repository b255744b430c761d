from __future__ import annotations

import io
import json
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from openpyxl import load_workbook

from exports.document import Document
from exports.fingerprint import fingerprint
from exports.formats import FORMATS
from tests.exports.conformance import problems
from tests.exports.documents import any_document, everything


def _written(document: Document, name: str) -> bytes:
    out = io.BytesIO()
    FORMATS[name].write(document, out)
    return out.getvalue()


@settings(max_examples=60, deadline=timedelta(seconds=20), suppress_health_check=[HealthCheck.too_slow])
@given(any_document)
def test_any_document_can_be_written_in_every_format(document: Document) -> None:
    assert problems(_written(document, "pdf")) == []
    assert json.loads(_written(document, "json"))["fingerprint"] == fingerprint(document)
    assert _written(document, "csv").startswith(b"\xef\xbb\xbf") or not _written(document, "csv")
    kinds = {
        cell.data_type
        for sheet in load_workbook(io.BytesIO(_written(document, "xlsx")))
        for row in sheet.iter_rows()
        for cell in row
    }
    assert kinds <= {"s", "n", "d"}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_gives_the_same_bytes_for_the_same_document(name: str) -> None:
    assert _written(everything(30), name) == _written(everything(30), name)


@pytest.mark.parametrize(
    ("name", "beginning"), [("pdf", b"%PDF-1.7"), ("xlsx", b"PK"), ("csv", b"\xef\xbb\xbf"), ("json", b"{")]
)
def test_every_format_is_what_it_says(name: str, beginning: bytes) -> None:
    assert FORMATS[name].extension == name
    assert _written(everything(), name).startswith(beginning)
