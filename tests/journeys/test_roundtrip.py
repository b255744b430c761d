"""Somebody edits a register in a spreadsheet and brings it back, at a desk and on a phone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook

from compliance.people import Role
from registers.importing.roundtrip.layout import MAIN
from registers.processing import ProcessingActivity
from tests.journeys.conftest import WIDTHS, Visitor
from tests.workbooks import Editor

pytestmark = pytest.mark.browser
LIST = "/registers/processing-activities/?q=VT-0003"


@pytest.mark.parametrize("width", WIDTHS)
def test_a_workbook_is_edited_previewed_and_taken_over(
    visit: Callable[..., Visitor], width: int, tmp_path: Path
) -> None:
    dsb = visit(Role.DSB, width)
    dsb.go(LIST)
    with dsb.page.expect_download() as download:
        dsb.click("Excel zum Bearbeiten", role="link")
    mine, theirs = tmp_path / "meine.xlsx", tmp_path / "ihre.xlsx"
    for file in (mine, theirs):
        download.value.save_as(file)
        book = load_workbook(file)
        editor = Editor(book, ProcessingActivity)
        editor.cell(MAIN, 2, "contact").value = f"{file.stem} {width}"
        if file is mine:
            editor.cell(MAIN, 2, "notes").value = f"Geprüft bei Breite {width}"
            editor.add("purposes", number="VT-0003", text="Ein weiterer Zweck")
            editor.sheet("data").delete_rows(2)
            editor.add(MAIN, number="NEU-1", name="Fundbüro", since="gestern")
        book.save(file)

    for file in (theirs, mine):
        dsb.go(LIST)
        dsb.click("Bearbeitete Datei einlesen", role="link")
        dsb.page.set_input_files("#file", file)
        dsb.leave_by("Vorschau zeigen")
        dsb.check()
        if file is mine:
            dsb.page.get_by_role("radio", name=f"meine {width}").check()
        dsb.leave_by("Ausgewählte Änderungen übernehmen")
        assert "0 angelegt, 1 geändert" in dsb.check().get_by_role("main").inner_text()

    page = dsb.go("/registers/processing-activities/3")
    assert f"meine {width}" in page.get_by_role("main").inner_text()
    assert "importiert aus „meine.xlsx“" in dsb.check().get_by_role("main").inner_text()
