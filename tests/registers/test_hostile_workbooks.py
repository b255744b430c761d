"""Files that want to do harm, or merely got into a bad state: each is read as data or refused in words."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import load_workbook

from compliance.errors import Refused
from exports.formats import FORMATS
from registers import importing
from registers.importing.roundtrip import read_book
from registers.importing.roundtrip.layout import MAIN
from registers.processing import ProcessingActivity, Purpose
from tests.city import City
from tests.registers.test_importing import exported as reported
from tests.workbooks import FILE, edited, exported, planned, taken_over

pytestmark = pytest.mark.parametrize("address", ["sqlite"], indirect=True)
LETHAL = '=cmd|"/c calc"!A1'


@pytest.fixture
def content(city: City) -> bytes:
    """A workbook to be edited, with one entry."""
    city.save(ProcessingActivity(name="Melderegister", purposes=[Purpose(text="Auskunft")]))
    return exported(city, ProcessingActivity)


def repacked(
    content: bytes, change: Callable[[str, bytes], bytes] = lambda _name, data: data, **more: bytes
) -> bytes:
    """The workbook with other members; ``more`` are added, with ``__`` for a slash and ``_`` for the dot."""
    out = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as source, ZipFile(out, "w", ZIP_DEFLATED) as target:
        for member in source.namelist():
            target.writestr(member, change(member, source.read(member)))
        for name, data in more.items():
            target.writestr(name.replace("__", "/").replace("_", "."), data)
    return out.getvalue()


def in_sheet(old: bytes, new: bytes) -> Callable[[str, bytes], bytes]:
    """Replaces *old* in the first sheet."""
    return lambda name, data: data.replace(old, new, 1) if name == "xl/worksheets/sheet1.xml" else data


def both_read(content: bytes) -> None:
    """Lets both importers read the file."""
    read_book(content, FILE)
    importing.read_table(ProcessingActivity, content, FILE)


def refusals(content: bytes) -> set[str]:
    """Why both importers refuse the file."""
    said = set()
    for read in (
        lambda: read_book(content, FILE),
        lambda: importing.read_table(ProcessingActivity, content, FILE),
    ):
        with pytest.raises(Refused) as refused:
            read()
        said.add(refused.value.text.de)
    return said


# --- Archives ------------------------------------------------------------------------------------


def test_a_bomb_is_refused_before_it_is_unpacked(content: bytes) -> None:
    bomb = repacked(content, xl__media__image_png=b"\0" * 30_000_000)

    assert len(bomb) < 200_000
    assert ["dicht gepackt" in text for text in refusals(bomb)] == [True]


def test_a_sheet_that_unpacks_to_too_much_is_refused(content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("registers.importing.archive._LARGEST_UNPACKED", 10_000)

    assert ["zu groß" in text for text in refusals(content)] == [True]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize(
    "declaration",
    [
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
    ],
)
@pytest.mark.parametrize("member", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "[Content_Types].xml"])
def test_document_types_are_refused_wherever_they_stand(
    content: bytes, member: str, declaration: str, encoding: str
) -> None:
    def declare(name: str, data: bytes) -> bytes:
        if name != member:
            return data
        text = re.sub(r"^<\?xml[^>]*\?>", "", data.decode())
        padded = f"<!--{' ' * 1_100_000}-->" if encoding == "utf-8" else ""
        return f'<?xml version="1.0" encoding="{encoding}"?>{padded}{declaration}{text}'.encode(encoding)

    assert ["Dokumenttyp-Deklaration" in text for text in refusals(repacked(content, declare))] == [True]


def test_macros_and_links_to_other_files_are_not_read(content: bytes) -> None:
    link = (
        b'<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b"<externalBook/></externalLink>"
    )

    both_read(repacked(content, xl__vbaProject_bin=b"\xd0\xcf\x11\xe0", xl__externalLinks__link1_xml=link))


def test_a_workbook_with_a_password_and_one_of_old_are_named(content: bytes) -> None:
    assert content
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600

    assert ["vor Excel 2007 oder hat ein Kennwort" in text for text in refusals(old)] == [True]


def test_a_million_empty_rows_are_passed_over(content: bytes) -> None:
    rows = "".join(f'<row r="{row}"><c r="A{row}" s="1"/></row>' for row in range(3, 1_000_003)).encode()
    huge = repacked(content, in_sheet(b"</sheetData>", rows + b"</sheetData>"))

    assert [line.row for line in read_book(huge, FILE).pages[MAIN].lines] == [2]
    table = importing.read_table(ProcessingActivity, huge, FILE)
    assert len(table.rows) == 1


def test_a_row_beyond_the_end_of_every_sheet_is_refused(content: bytes) -> None:
    far = repacked(content, in_sheet(b'<row r="2"', b'<row r="99999999"'))

    assert len(refusals(far)) == 1


# --- Cells ---------------------------------------------------------------------------------------


def test_merged_cells_are_named_because_they_hide_answers(content: bytes) -> None:
    with edited(content, ProcessingActivity) as (editor, out):
        editor.add(MAIN, name="Zweite")
        editor.sheet(MAIN).merge_cells("D2:D3")

    with pytest.raises(Refused, match="Die Zellen D2:D3 sind verbunden"):
        read_book(out.getvalue(), FILE)


@pytest.mark.parametrize("mark", ["=", "+", "-", "@", "\t="])
def test_what_looks_like_a_formula_leaves_as_text_and_comes_back_as_it_was(city: City, mark: str) -> None:
    entry = ProcessingActivity(name=f"x{mark}", description=f"{mark}1+1")
    city.save(entry)
    content = exported(city, ProcessingActivity)
    kinds = {
        cell.data_type
        for page in load_workbook(io.BytesIO(content))
        for row in page.iter_rows()
        for cell in row
        if isinstance(cell.value, str)
    }

    assert kinds == {"s"}
    assert planned(city, ProcessingActivity, content).revisions == ()


def test_a_typed_formula_is_no_answer_and_is_never_stored(city: City, content: bytes) -> None:
    with edited(content, ProcessingActivity) as (editor, out):
        editor.cell(MAIN, 2, "description").value = LETHAL
        editor.add(MAIN, name='=HYPERLINK("http://boese.example")')

    found = planned(city, ProcessingActivity, out.getvalue())

    assert (len(found.every_problem), found.ready) == (2, ())
    taken_over(city, ProcessingActivity, out.getvalue())
    assert planned(city, ProcessingActivity, content).revisions == ()


def test_a_lethal_text_is_harmless_in_every_table_that_leaves(city: City) -> None:
    city.save(ProcessingActivity(name=LETHAL))

    assert LETHAL.encode() not in [
        cell.strip(b'"') for cell in reported(city, ProcessingActivity, "csv", "de").split(b";")
    ]
    book = load_workbook(io.BytesIO(reported(city, ProcessingActivity, "xlsx", "de")))
    assert {cell.data_type for page in book for row in page.iter_rows() for cell in row} <= {"s", "n", "d"}
    assert set(FORMATS) == {"pdf", "xlsx", "csv", "json"}


@pytest.mark.parametrize("path", ["entry", "column", "organisation", "version"])
def test_a_stamp_that_was_tampered_with_gives_no_power(city: City, content: bytes, path: str) -> None:
    changes: dict[str, Callable[[list[list[Any]]], list[list[Any]]]] = {
        "entry": lambda rows: [row for row in rows if row[0] != "entry"],
        "column": lambda rows: [*rows, ["column", MAIN, "released_hash", "Bezeichnung"]],
        "organisation": lambda rows: [
            row if row[0] != "organisation" else ["organisation", "0"] for row in rows
        ],
        "version": lambda rows: [[*row[:3], "0", "?"] if row[0] == "entry" else row for row in rows],
    }
    with edited(content, ProcessingActivity) as (editor, out):
        page = editor.book["_nachweis"]
        rows = [[cell.value for cell in row if cell.value is not None] for row in page.iter_rows()]
        page.delete_rows(1, page.max_row)
        for row in changes[path](rows):
            page.append(row)
        editor.cell(MAIN, 2, "name").value = "Neu"

    try:
        found = planned(city, ProcessingActivity, out.getvalue())
    except Refused:
        return
    # Without a trustworthy version both sides count as changed, and somebody must decide.
    assert all(revision.conflicts for revision in found.ready)
    assert all(edit.field in ("name", "purposes") for revision in found.ready for edit in revision.edits)
