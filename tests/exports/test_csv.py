from __future__ import annotations

import csv as reader
import io
from datetime import UTC, datetime

import pytest

from exports import csv
from exports.document import Column, Document, Grid, Prose
from tests.exports.documents import COLUMNS, HOSTILE, ROWS, document


def _bytes(written: Document) -> bytes:
    out = io.BytesIO()
    csv.write(written, out)
    return out.getvalue()


def _rows(written: Document) -> list[list[str]]:
    text = _bytes(written).decode("utf-8-sig")
    return list(reader.reader(io.StringIO(text, newline=""), delimiter=";"))


def test_a_grid_opens_in_german_spreadsheets() -> None:
    written = _bytes(document(Prose("entfällt"), Grid(COLUMNS, ROWS, "Tätigkeiten")))
    assert written.decode("utf-8") == (
        "\ufeffNr.;Bezeichnung;Stand;Geprüft am;Risiken;DSFA\r\n"
        "VVT-0001;Führung des Melderegisters;freigegeben;01.03.2026;3;ja\r\n"
        "VVT-0002;Datenschutzbeauftragtenbestellung;Entwurf;;1234;nein\r\n"
    )


def test_english_values_are_in_english_form() -> None:
    rows = ((datetime(2026, 7, 1, 22, 30, tzinfo=UTC), 1234.5, True),)
    grid = Grid((Column("When"), Column("How much"), Column("Yes")), rows, "")
    assert _rows(document(grid, language="en"))[1] == ["2026-07-02 00:30", "1234.5", "yes"]


def test_several_grids_stand_under_their_captions() -> None:
    grids = [Grid((Column("A"),), (("1",),), caption) for caption in ("Erste", "Zweite")]
    assert _rows(document(*grids)) == [["Erste"], ["A"], ["1"], [], ["Zweite"], ["A"], ["1"]]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t"])
def test_texts_that_could_be_formulas_are_neutralised(start: str) -> None:
    grid = Grid((Column(start + "1"),), ((start + "1",),), "")
    assert _rows(document(grid))[1] == ["'" + start + "1"]


def test_negative_numbers_are_no_formulas() -> None:
    assert _rows(document(Grid((Column("A"),), ((-5,),), "")))[1] == ["-5"]


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_any_text_is_one_field(text: str) -> None:
    rows = _rows(document(Grid((Column("A"), Column(text)), ((text, "b"),), text)))
    assert [len(row) for row in rows] == [2, 2]


def test_a_report_without_grids_is_empty() -> None:
    assert _rows(document(Prose("nur Text"))) == []
