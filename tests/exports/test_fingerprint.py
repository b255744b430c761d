from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from exports.document import Column, Grid, Heading, Prose
from exports.fingerprint import fingerprint, short
from tests.exports.documents import CREATED, ROWS, document, everything


def test_the_same_content_has_the_same_fingerprint_whenever_it_is_printed() -> None:
    later = replace(everything(), created=CREATED + timedelta(days=1), landscape=True)
    assert fingerprint(later) == fingerprint(everything())


@pytest.mark.parametrize(
    "changed",
    [
        document(Heading("Überblick"), Prose("anders")),
        document(Prose("Text"), Heading("Überblick")),
        document(Heading("Überblick"), Prose("Text"), title="anders"),
        document(Heading("Überblick"), Prose("Text"), version="3.3"),
        document(Heading("Überblick"), Prose("Text"), cover=()),
    ],
)
def test_any_change_of_content_changes_the_fingerprint(changed: object) -> None:
    assert fingerprint(document(Heading("Überblick"), Prose("Text"))) != fingerprint(changed)  # type: ignore[arg-type]


def test_rows_count() -> None:
    columns = (Column("A"),)
    prints = {fingerprint(document(Grid(columns, rows, "T"))) for rows in ((), ROWS[:1], ROWS, ROWS[::-1])}
    assert len(prints) == 4


def test_the_printed_form_is_readable() -> None:
    assert short("0123456789abcdef" * 4) == "0123 4567 89ab cdef"
