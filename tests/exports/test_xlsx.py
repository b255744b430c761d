from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime
from typing import Any

import pytest
from openpyxl import load_workbook

from exports import xlsx
from exports.document import Column, Document, Facts, Figure, Grid, Heading, Items, Note, Prose
from exports.fingerprint import fingerprint
from tests.exports.documents import BARS, COLUMNS, HOSTILE, MATRIX, ROWS, document, everything


def _bytes(written: Document) -> bytes:
    out = io.BytesIO()
    xlsx.write(written, out)
    return out.getvalue()


def _open(written: Document) -> Any:
    return load_workbook(io.BytesIO(_bytes(written)))


def _rows(sheet: Any) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in sheet.iter_rows(values_only=True)]


def test_each_grid_has_a_sheet_between_the_report_and_the_columns() -> None:
    assert _open(everything()).sheetnames == ["Bericht", "Tätigkeiten", "Gelöschte Tätigkeiten", "Spalten"]
    assert _open(everything(language="en")).sheetnames[0] == "Report"


def test_values_keep_their_types() -> None:
    sheet = _open(document(Grid(COLUMNS, ROWS, "T")))["T"]
    assert _rows(sheet) == [
        ("Nr.", "Bezeichnung", "Stand", "Geprüft am", "Risiken", "DSFA"),
        ("VVT-0001", "Führung des Melderegisters", "freigegeben", datetime(2026, 3, 1), 3, "ja"),  # noqa: DTZ001
        ("VVT-0002", "Datenschutzbeauftragtenbestellung", "Entwurf", None, 1234, "nein"),
    ]
    assert sheet["D2"].number_format == "dd.mm.yyyy"


def test_moments_stand_in_german_time() -> None:
    rows = ((datetime(2026, 7, 1, 22, 30, tzinfo=UTC),),)
    sheet = _open(document(Grid((Column("Zeit"),), rows, "T")))["T"]
    assert sheet["A2"].value == datetime(2026, 7, 2, 0, 30)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (date(1899, 5, 1), "01.05.1899"),
        (10**20, "100.000.000.000.000.000.000"),
        (float("inf"), "inf"),
        (float("nan"), "nan"),
    ],
)
def test_values_a_workbook_cannot_hold_are_written_as_text(value: Any, shown: str) -> None:
    cell = _open(document(Grid((Column("A"),), ((value,),), "T")))["T"]["A2"]
    assert (cell.value, cell.data_type) == (shown, "s")


def test_a_sheet_can_be_filtered_scrolled_and_printed() -> None:
    sheet = _open(document(Grid(COLUMNS, ROWS, "T")))["T"]
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == "A1:F3"
    assert sheet.print_title_rows == "$1:$1"
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (
        "landscape",
        1,
        0,
    )
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.oddFooter.right.text == "Seite &P von &N"
    assert sheet.column_dimensions["B"].width > sheet.column_dimensions["A"].width


def test_choices_are_offered_as_a_list() -> None:
    sheet = _open(document(Grid(COLUMNS, ROWS, "T")))["T"]
    (offer,) = sheet.data_validations.dataValidation
    assert (offer.formula1, str(offer.sqref)) == ('"Entwurf,freigegeben"', "C2:C1003")


@pytest.mark.parametrize("choices", [tuple(f"Auswahl Nummer {n}" for n in range(30)), ("Ja, immer", "Nein")])
def test_choices_too_long_or_with_commas_stand_on_a_sheet_of_their_own(choices: tuple[str, ...]) -> None:
    book = _open(document(Grid((Column("Wahl", choices=choices),), (), "T")))
    (offer,) = book["T"].data_validations.dataValidation
    assert offer.formula1 == f"'Listen'!$A$2:$A${len(choices) + 1}"
    assert [row[0] for row in _rows(book["Listen"])] == ["Wahl", *choices]


def test_columns_are_explained() -> None:
    rows = _rows(_open(document(Grid(COLUMNS[:3], (), "T")))["Spalten"])
    assert rows == [
        ("Tabellenblatt", "Spalte", "Erläuterung", "Grundlage", "Auswahl"),
        ("T", "Nr.", "Laufende Nummer im Verzeichnis", None, None),
        ("T", "Bezeichnung", None, "Art. 30 Abs. 1 DSGVO", None),
        ("T", "Stand", None, None, "Entwurf; freigegeben"),
    ]


def test_everything_else_stands_in_the_report() -> None:
    written = document(
        Heading("Überblick"),
        Note("Vertrag fehlt", "Art. 28", "error"),
        Prose("eins\n\nzwei"),
        Items(("drei",)),
        Facts((("Zweck", "Melderegister"),), "Angaben"),
        Figure(BARS, "Alles gut.", "Stand"),
        Figure(MATRIX, "R1 hoch.", "Risiken"),
        Grid(COLUMNS, ROWS, "Tätigkeiten"),
    )
    rows = [tuple(cell for cell in row if cell is not None) for row in _rows(_open(written)["Bericht"])]
    assert [row for row in rows if row] == [
        ("Verzeichnis von Verarbeitungstätigkeiten",),
        ("Verzeichnis nach Art. 30 Abs. 1 DSGVO.",),
        ("Stelle", "Stadt Musterstadt"),
        ("Stand", "23.11.2026 14:05 Uhr"),
        ("Version", "3.2"),
        ("Zuständig", "Stabsstelle Datenschutz"),
        ("Überblick",),
        ("Fehler", "Vertrag fehlt"),
        ("Art. 28",),
        ("eins",),
        ("zwei",),
        ("• drei",),
        ("Angaben",),
        ("Zweck", "Melderegister"),
        ("Stand", "Alles gut."),
        ("freigegeben", "Entwurf", "Summe"),
        ("Bürgerdienste", 31, 1, 32),
        ("Soziales", 18, 9, 27),
        ("Risiken", "R1 hoch."),
        ("Schadenshöhe / Eintrittshäufigkeit", "selten", "häufig"),
        ("beträchtlich", "mittel", "sehr hoch: R1, R3"),
        ("begrenzt", "gering: R2", "hoch"),
        ("Tätigkeiten", "2 Einträge, siehe Tabellenblatt „Tätigkeiten“"),
        ("Prüfsumme des Inhalts (SHA-256)", fingerprint(written)),
    ]


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_any_text_is_written_and_none_is_a_formula(text: str) -> None:
    grid = Grid((Column(text, help=text, choices=(text,)),), ((text,),), text, text)
    book = _open(
        document(Prose(text), Facts(((text, text),)), grid, title=text, organisation=text, subject=text)
    )
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert kinds <= {"s", "n"}


def test_what_looks_like_a_formula_stays_as_it_was() -> None:
    formula = '=HYPERLINK("http://example.org";"x")'
    assert _open(document(Grid((Column("A"),), ((formula,),), "T")))["T"]["A2"].value == formula


def test_texts_too_long_for_a_cell_are_cut_with_a_mark() -> None:
    cell = _open(document(Grid((Column("A"),), (("ä" * 40_000,),), "T")))["T"]["A2"]
    assert len(cell.value) == 32_767
    assert cell.value.endswith("ä […] (gekürzt, vollständiger Text in PDF und JSON)")


def test_long_texts_of_the_report_are_continued() -> None:
    value = "Langer Text. " * 4000
    rows = _rows(_open(document(Facts((("Beschreibung", value),))))["Bericht"])
    start = next(index for index, row in enumerate(rows) if row[0] == "Beschreibung")
    pieces = [row for row in rows[start : start + 4] if row[1] and "Langer" in row[1]]
    assert [row[0] for row in pieces] == ["Beschreibung", *["(Fortsetzung)"] * 3]
    assert "".join(row[1] for row in pieces) == value


def test_names_of_sheets_are_legal_and_unique() -> None:
    grids = [
        Grid((Column("A"),), (), name) for name in ("a/b:c?", "A B C", "x" * 40, "x" * 40, "", "Bericht")
    ]
    assert _open(document(*grids)).sheetnames == [
        "Bericht",
        "a b c",
        "A B C (2)",
        "x" * 31,
        "x" * 27 + " (2)",
        "Tabellenblatt",
        "Bericht (2)",
        "Spalten",
    ]


def test_the_same_document_gives_the_same_bytes() -> None:
    assert _bytes(everything(50)) == _bytes(everything(50))


def test_the_archive_bears_the_time_of_the_document() -> None:
    with zipfile.ZipFile(io.BytesIO(_bytes(everything()))) as archive:
        assert {member.date_time for member in archive.infolist()} == {(2026, 11, 23, 13, 5, 0)}


def test_names_of_sheets_end_with_a_word() -> None:
    captions = ("Nicht oder teilweise erfüllte Anforderungen", "Donaudampfschifffahrtsgesellschaft", "Kurz")
    grids = (Grid((Column("Nr."),), [("1",)], caption) for caption in captions)
    assert _open(document(*grids)).sheetnames[1:4] == [
        "Nicht oder teilweise erfüllte",
        "Donaudampfschifffahrtsgesellsch",
        "Kurz",
    ]


def test_counts_are_grouped_and_very_wide_tables_need_a_larger_sheet() -> None:
    narrow = Grid((Column("Nr."), Column("Euro")), [("1", 138_900)], "Kosten")
    wide = Grid(tuple(Column(str(number)) for number in range(13)), [("1",)], "Breit")
    found = _open(document(narrow, wide))
    assert (found["Kosten"]["B2"].value, found["Kosten"]["B2"].number_format) == (138_900, "#,##0")
    assert [int(found[name].page_setup.paperSize) for name in ("Kosten", "Breit")] == [9, 8]


def test_what_identifies_a_row_and_every_word_of_a_header_is_seen_whole() -> None:
    columns = (Column("Nr.", 0.5), Column("Vertraulichkeitsstufe", 0.2), Column("Text", 9), Column("Anzahl"))
    rows = [("IV-0001/ZO-0013/OPS.1.1.1.A10", "Hoch", "Text", 3)]
    sheet = _open(document(Grid(columns, rows, "T")))["T"]
    assert sheet.column_dimensions["A"].width >= len(rows[0][0]) + 2
    assert sheet.column_dimensions["B"].width >= len("Vertraulichkeitsstufe") + 2
    assert [cell.alignment.horizontal for cell in sheet[1]] == [None, None, None, "right"]
    assert _rows(sheet)[1:] == rows
