from __future__ import annotations

import io
import re
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any

import pikepdf
import pytest
from reportlab.pdfgen.canvas import Canvas

from exports import pdf
from exports.document import Bars, Block, Cell, Column, Document, Facts, Figure, Grid, Heading, Note, Prose
from exports.fingerprint import fingerprint, short
from tests.exports.conformance import problems
from tests.exports.documents import BARS, COLUMNS, HOSTILE, MATRIX, ROWS, document, everything


def _bytes(printed: Document) -> bytes:
    out = io.BytesIO()
    pdf.write(printed, out)
    return out.getvalue()


def _open(printed: Document) -> Any:
    return pikepdf.open(io.BytesIO(_bytes(printed)))


def _elements(thing: Any) -> Iterator[Any]:
    kids = thing.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from _elements(kid)


def _roles(printed: Document) -> list[str]:
    with _open(printed) as opened:
        return [str(element.S)[1:] for element in _elements(opened.Root.StructTreeRoot)]


def _text(data: bytes) -> str:
    program = shutil.which("pdftotext")
    if program is None:
        pytest.skip("needs pdftotext")
    return subprocess.run([program, "-", "-"], input=data, capture_output=True, check=True).stdout.decode()


def _told(data: bytes) -> str:
    """The text as it reads without line ends and page footers."""
    return " ".join(_text(data).split())


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("landscape", [False, True])
def test_a_report_is_archivable_and_accessible(language: str, landscape: bool) -> None:
    assert problems(_bytes(everything(200, language=language, landscape=landscape))) == []


def test_an_empty_report_is_archivable_and_accessible() -> None:
    assert problems(_bytes(document(title="", organisation="", subject="", version="", cover=()))) == []


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_any_text_can_be_printed_anywhere(text: str) -> None:
    printed = document(
        Heading(text),
        Prose(text),
        Note(text, text, "warning"),
        Facts(((text, text),), text),
        Grid((Column(text), Column(text, help=text)), ((text, text), ("a", "b")), text),
        Figure(Bars((text,), (text,), ((3,),)), text, text),
        title=text,
        organisation=text,
        subject=text,
        version=text,
        cover=((text, text),),
    )
    assert problems(_bytes(printed)) == []


def test_the_same_document_gives_the_same_bytes() -> None:
    assert _bytes(everything(50)) == _bytes(everything(50))


def test_a_file_without_tags_is_found_out() -> None:
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.drawString(100, 100, "ohne Struktur")
    canvas.save()
    assert {
        "there is no structure tree",
        "there is no metadata packet",
        "page 1: font /F1 is not embedded",
        "the catalog does not say that the file is tagged",
        "the catalog names no language",
    } <= set(problems(out.getvalue()))


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        ("/Lang", "the catalog names no language"),
        ("/OutputIntents", "there is not exactly one output intent with a profile"),
        ("/MarkInfo", "the catalog does not say that the file is tagged"),
    ],
)
def test_a_file_without_a_part_of_its_catalog_is_found_out(damage: str, found: str) -> None:
    assert found in _damaged(lambda opened: opened.Root.__delitem__(damage))


def test_content_outside_of_the_structure_is_found_out() -> None:
    def damage(opened: Any) -> None:
        page = opened.pages[0]
        content = page.Contents.read_bytes().replace(b"/P <</MCID 0>> BDC", b"/P <<>> BDC", 1)
        page.Contents = opened.make_stream(content)

    assert "page 1: Tj is neither tagged nor an artifact" in _damaged(damage)


def test_a_skipped_heading_and_a_missing_scope_are_found_out() -> None:
    def damage(opened: Any) -> None:
        for element in _elements(opened.Root.StructTreeRoot):
            if element.S == "/H2":
                element.S = pikepdf.Name("/H3")
            if element.S == "/TH":
                del element["/A"]
            if element.S == "/Figure":
                del element["/Alt"]

    assert {
        "H3 follows a heading of level 1",
        "a header cell has no scope",
        "a figure has no alternative text",
    } <= set(_damaged(damage))


def _damaged(damage: Any) -> list[str]:
    out = io.BytesIO()
    with _open(everything()) as opened:
        damage(opened)
        opened.save(out)
    return problems(out.getvalue())


def test_headings_follow_the_title_without_gaps() -> None:
    blocks = (Heading("a", 1), Heading("b", 4), Heading("c", 2), Heading("d", 1))
    headings = [role for role in _roles(document(*blocks)) if role.startswith("H")]
    assert headings == ["H1", "H2", "H3", "H3", "H2"]


def test_a_grid_is_one_table_over_all_pages() -> None:
    printed = document(Grid(COLUMNS, ROWS * 100, "Tätigkeiten"), cover=())
    roles = _roles(printed)
    assert {role: roles.count(role) for role in ("Table", "Caption", "THead", "TBody", "TR", "TH", "TD")} == {
        "Table": 1,
        "Caption": 1,
        "THead": 1,
        "TBody": 1,
        "TR": 201,
        "TH": 206,
        "TD": 1000,
    }


def test_the_header_of_a_table_is_seen_on_every_page() -> None:
    text = _text(
        _bytes(document(Grid((Column("Kennung"),), tuple((str(n),) for n in range(200)), ""), cover=()))
    )
    pages = text.rstrip("\f\n").split("\f")
    assert len(pages) > 2
    assert [page.count("Kennung") for page in pages] == [1] * len(pages)


@pytest.mark.parametrize("filling", range(30, 62, 2))
@pytest.mark.parametrize("between", [(), (Prose("Dazwischen."),)])
def test_heading_caption_and_header_stand_on_the_page_of_the_first_row(
    filling: int, between: tuple[Block, ...]
) -> None:
    row = ("Reihe", "\n".join(["hoch"] * 14))
    grid = Grid((Column("Kennung"), Column("Text")), [row], "Unterschrift")
    lines = Prose("\n\n".join(["Zeile"] * filling))
    text = _text(_bytes(document(lines, Heading("Kapitel"), *between, grid, cover=())))
    told = "Unterschrift", "Kennung", "Reihe"
    [page] = [page for page in text.split("\f") if "Reihe" in page]
    assert [word in page for word in told] == [True] * 3
    assert between or "Kapitel" in page


def test_what_rows_have_in_common_stands_above_them_on_every_page_and_in_the_outline() -> None:
    columns = (Column("Kennung"), Column("Objekt", on_paper=False), Column("Text"))
    rows = [(f"{n}", "Serverraum" if n < 90 else "Rathaus", "Absatz") for n in range(100)]
    printed = document(Heading("Check"), Grid(columns, rows, "Check", bands=(1,)))
    data = _bytes(printed)
    assert problems(data) == []
    pages = _text(data).split("\f")
    assert [page.count("Serverraum") for page in pages if "Serverraum" in page] == [1] * 3
    with _open(printed) as opened, opened.open_outline() as outline:
        [report] = outline.root
        [check] = report.children
        assert [str(each.title) for each in check.children] == ["Serverraum", "Rathaus"]


def test_a_caption_that_the_heading_has_said_is_not_repeated() -> None:
    grid = Grid((Column("Kennung"),), [("1",)], "Kapitel")
    text = _text(_bytes(document(Heading("Kapitel"), Prose("Dazwischen."), grid, cover=())))
    assert text.count("Kapitel") == 1


def test_numbers_stand_flush_right() -> None:
    rows = [("a", 7, "x"), ("b", 138_900, "y")]
    grid = Grid((Column("Kennung"), Column("Euro"), Column("Text")), rows, "Kosten")
    program = shutil.which("pdftotext")
    if program is None:
        pytest.skip("needs pdftotext")
    data = _bytes(document(grid, cover=()))
    said = subprocess.run([program, "-bbox", "-", "-"], input=data, capture_output=True, check=True)
    found = re.findall(r'xMax="([\d.]+)" yMax="[\d.]+">(7|138\.900|Euro)<', said.stdout.decode())
    assert [word for _, word in found] == ["Euro", "7", "138.900"]
    assert len({round(float(end)) for end, _ in found}) == 1


def test_a_cell_longer_than_a_page_is_continued() -> None:
    words = [f"Wort{number}" for number in range(3000)]
    data = _bytes(document(Grid((Column("A", 1), Column("B", 4)), (("x", " ".join(words)),), "")))
    assert problems(data) == []
    found = re.findall(r"Wort\d+", _text(data))
    assert found == words


def test_words_are_separated_where_lines_end() -> None:
    sentence = "Eine Stadt führt ihr Verzeichnis und prüft es in jedem Jahr mit allen Ämtern neu. " * 8
    grid = Grid((Column("Text"), Column("Rest")), ((sentence, "x"),), "")
    told = _told(_bytes(document(Prose(sentence), grid)))
    assert told.count(sentence.strip()) == 2


def test_divided_words_are_whole_again_when_read() -> None:
    word = "Datenschutzbeauftragtenbestellungsurkunde"
    data = _bytes(document(Grid((Column("A"),) + (Column("B"),) * 9, ((word, *[""] * 9),), "")))
    told = _text(data).replace("\u00ad", "").replace("-\n", "").replace("\n", "")
    assert word in told


def test_footers_say_where_one_is_and_what_it_is() -> None:
    printed = everything(200)
    pages = _text(_bytes(printed)).rstrip("\f\n").split("\f")
    for number, page in enumerate(pages, 1):
        line = " ".join(page.split())
        assert f"Seite {number} von {len(pages)}" in line
        assert "Stadt Musterstadt · Verzeichnis von Verarbeitungstätigkeiten · Version 3.2" in line
        assert "Stand 23.11.2026 14:05 Uhr" in line
        assert short(fingerprint(printed)) in line


def test_the_severity_of_a_note_is_said_in_words() -> None:
    blocks: list[Block] = [Note("t", "x", severity) for severity in ("error", "warning", "info")]
    told = _told(_bytes(document(*blocks)))
    assert [word for word in ("Fehler: t", "Warnung: t", "Hinweis: t") if word not in told] == []


def test_an_empty_grid_says_so() -> None:
    grid = Grid(COLUMNS, (), "Gelöschte")
    assert "Keine Einträge." in _told(_bytes(document(grid)))
    assert "No entries." in _told(_bytes(document(grid, language="en")))


def test_what_no_typeface_has_is_printed_as_its_code() -> None:
    assert "Einhorn [U+13000]" in _told(_bytes(document(Prose("Einhorn \U00013000"))))


def test_figures_are_described() -> None:
    printed = document(
        Figure(BARS, "Fast alle Einträge sind freigegeben."), Figure(MATRIX, "R1 ist sehr hoch.")
    )
    with _open(printed) as opened:
        elements = list(_elements(opened.Root.StructTreeRoot))
        told = [str(element.Alt) for element in elements if element.S == "/Figure"]
    assert told == ["Fast alle Einträge sind freigegeben.", "R1 ist sehr hoch."]


def test_a_chart_of_very_many_bars_is_printed_in_parts() -> None:
    many = Bars(tuple(f"Amt {n}" for n in range(60)), ("offen",), tuple((n,) for n in range(60)))
    data = _bytes(document(Figure(many, "Sechzig Ämter.")))
    assert problems(data) == []
    text = _text(data)
    assert [n for n in range(60) if f"Amt {n}" not in text] == []


def test_the_outline_lists_the_headings() -> None:
    with (
        _open(document(Heading("Überblick"), Heading("Stand", 2), Heading("Anhang"))) as opened,
        opened.open_outline() as outline,
    ):
        (title,) = outline.root
        assert [item.title for item in title.children] == ["Überblick", "Anhang"]
        assert [item.title for item in title.children[0].children] == ["Stand"]


def test_rows_are_read_once() -> None:
    class Once:
        def __init__(self) -> None:
            self.readings = 0

        def __iter__(self) -> Iterator[tuple[Cell, ...]]:
            self.readings += 1
            return iter(ROWS)

    rows = Once()
    _bytes(document(Grid(COLUMNS, rows, "")))
    assert rows.readings == 1
