"""The official cross-reference tables are checked cell by cell, and count once they are imported."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from assessments.grundschutz.catalogue import available_catalogues
from assessments.grundschutz.check import check_sheet
from assessments.grundschutz.cross_reference_tables import (
    Reference,
    differences,
    is_cross_references,
    parse,
    read,
    shipped,
)
from assessments.grundschutz.cross_references import (
    CrossReference,
    CrossReferenceFile,
    import_cross_references,
    in_force,
)
from assessments.grundschutz.kompendium import UnreadableCatalogue
from assessments.grundschutz.modelling import load_assignment
from compliance.database import Actor, Database
from compliance.errors import Refused
from compliance.journal import JournalRecord, verify, write
from compliance.saving import watch
from registers.importing.sheets import read_sheets
from registers.importing.tables import Cell
from tests.assessments.grundschutz.cross_tables import sheets, tables, workbook
from tests.assessments.grundschutz.house import ORGANISATION, House
from tests.databases import bare_database

OFFICIAL = Path(__file__).parents[3].parent / "shared" / "data" / "bsi" / "krt2023_Excel.xlsx"
ACTOR = Actor("nachweis catalogue import")
SERVER = "KRT_SYS.1.1.xlsx"
COUNTS = {
    "modules": 111,
    "requirements": 2125,
    "active": 1835,
    "withdrawn": 290,
    "cross_references": 5888,
    "threats": 47,
    "with_values": 406,
}

needs_the_official_file = pytest.mark.skipif(
    not OFFICIAL.is_file(), reason="the official workbook of the BSI is not part of the repository"
)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = bare_database(f"sqlite:///{tmp_path / 'nachweis.db'}")
    watch(database, after=(write,))
    yield database
    database.engine.dispose()


def stored(database: Database) -> list[int | None]:
    with database.reading() as session:
        return [
            session.scalar(select(func.count()).select_from(table))
            for table in (CrossReferenceFile, CrossReference, JournalRecord)
        ]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(f"sqlite:///{tmp_path / 'house.db'}")
    yield house
    house.database.engine.dispose()


# --- The official file ---------------------------------------------------------------------------


@needs_the_official_file
def test_the_official_file_agrees_with_the_index_in_every_pair_and_letter() -> None:
    assert parse(OFFICIAL.read_bytes(), OFFICIAL.name) == shipped()


@needs_the_official_file
def test_the_official_file_is_imported_once_with_all_its_figures(database: Database) -> None:
    data = OFFICIAL.read_bytes()
    found = read_sheets(data, OFFICIAL.name)
    first = import_cross_references(database, data, found, actor=ACTOR)
    again = import_cross_references(database, data, found, actor=ACTOR)
    assert (first.counts, first.departing, first.changed, again.changed) == (COUNTS, (), True, False)
    assert stored(database) == [1, 2125, 1]


# --- Tables made of the index --------------------------------------------------------------------


def test_tables_made_of_the_index_read_back_as_the_index() -> None:
    found = sheets(tables())
    assert is_cross_references(found)
    assert read(found) == shipped()


def test_titles_stray_blanks_and_empty_columns_do_not_matter() -> None:
    cells = tables()
    cells[SERVER][1][1] = "Ein älterer Titel"
    cells[SERVER][1][3] = cells[SERVER][1][3] or " "
    cells["Deckblatt"] = []
    for row in cells[SERVER]:
        row.extend([None, None, " "])
    assert read(sheets(cells)) == shipped()


def test_a_crossed_cell_of_a_withdrawn_requirement_is_kept() -> None:
    assert shipped()["SYS.2.1.A14"].threats != ()


Damage = Callable[[dict[str, list[list[Cell]]]], object]


def shifted(cells: dict[str, list[list[Cell]]]) -> None:
    for row in cells[SERVER]:
        row.insert(1, None)


def without_a_row(cells: dict[str, list[list[Cell]]]) -> None:
    del cells[SERVER][4]


def rows_swapped(cells: dict[str, list[list[Cell]]]) -> None:
    named = {str(row[0]): row for row in cells[SERVER]}
    first, second = named["SYS.1.1.A1"], named["SYS.1.1.A3"]
    first[1:], second[1:] = second[1:], first[1:]


def put(sheet: str, row: int, column: int, cell: Cell) -> Damage:
    def damage(cells: dict[str, list[list[Cell]]]) -> None:
        cells[sheet][row][column] = cell

    return damage


def renamed(cells: dict[str, list[list[Cell]]]) -> None:
    cells["KRT_SYS.1.3.xlsx"], cells[SERVER] = cells[SERVER], cells["KRT_SYS.1.3.xlsx"]


def crosses_to_the_left(cells: dict[str, list[list[Cell]]]) -> None:
    for row in cells[SERVER][1:]:
        row[3:-1] = [*row[4:-1], row[3]]


def without_a_column(cells: dict[str, list[list[Cell]]]) -> None:
    for row in cells[SERVER]:
        del row[3]


def a_second_sheet(cells: dict[str, list[list[Cell]]]) -> None:
    cells["Kopie"] = cells[SERVER]


@pytest.mark.parametrize(
    ("damage", "place"),
    [
        (shifted, f"Blatt „{SERVER}“, Zeile 1, Spalte B: Die Spalte heißt „“ statt „Name“"),
        (put(SERVER, 0, 0, "Baustein"), f"Blatt „{SERVER}“, Zeile 1, Spalte A: Hier steht „Baustein“"),
        (put(SERVER, 0, 3, "G 0.99"), f"Blatt „{SERVER}“, Zeile 1, Spalte D: „G 0.99“"),
        (put(SERVER, 1, 3, "ja"), f"Blatt „{SERVER}“, Zeile 2, Spalte D: „ja“ ist kein Kreuz"),
        (put(SERVER, 1, -1, "X"), f"Blatt „{SERVER}“, Zeile 2, Spalte "),
        (put(SERVER, 1, 2, "X"), f"Blatt „{SERVER}“, Zeile 2, Spalte C: „X“ statt Buchstaben"),
        (put(SERVER, 2, 0, "SYS.1.2.A1"), f"Blatt „{SERVER}“, Zeile 3, Spalte A: „SYS.1.2.A1“"),
        (put(SERVER, 2, 0, "SYS.1.1.A1"), f"Blatt „{SERVER}“, Zeile 3, Spalte A: "),
        (put(SERVER, 2, 0, None), f"Blatt „{SERVER}“, Zeile 3, Spalte A: „“ ist keine Anforderung"),
        (
            crosses_to_the_left,
            f"Blatt „{SERVER}“, Zeile 2: Ab hier stehen die Kreuze anders als im Verzeichnis",
        ),
        (without_a_column, f"Blatt „{SERVER}“, Zeile 1: Es fehlen Spalten von Gefährdungen (1): G 0."),
        (without_a_row, f"Blatt „{SERVER}“: Hier fehlen Anforderungen (1): SYS.1.1.A4"),
        (rows_swapped, "vielleicht sind Zeilen verschoben"),
        (renamed, "Das Blatt heißt nach dem Baustein"),
        (a_second_sheet, "Der Baustein SYS.1.1 steht auf zwei Blättern"),
        (lambda cells: cells.pop(SERVER), "Es fehlen Bausteine (1), jeder auf einem Blatt: SYS.1.1"),
        (lambda cells: cells.clear(), "Die Arbeitsmappe enthält keine Kreuzreferenztabelle"),
    ],
)
def test_a_damaged_table_is_refused_with_its_place_and_changes_nothing(
    database: Database, damage: Damage, place: str
) -> None:
    cells = tables()
    damage(cells)
    with pytest.raises(UnreadableCatalogue) as refused:
        import_cross_references(database, b"", sheets(cells), actor=ACTOR)
    assert place in refused.value.text.de
    assert "Es wurde nichts übernommen" in refused.value.text.de
    assert "Nothing was imported" in refused.value.text.en
    assert stored(database) == [0, 0, 0]


def test_a_requirement_without_threat_or_values_is_refused() -> None:
    for reference, said in (
        (Reference("CIA", ()), "keine Gefährdung"),
        (Reference("", ("G 0.18",)), "C, I, A"),
    ):
        with pytest.raises(UnreadableCatalogue, match=said):
            read(sheets(tables({"SYS.1.1.A28": reference})))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"<book/>", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"])
def test_what_is_no_workbook_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(Refused) as refused:
        read_sheets(content, "krt.xlsx")
    assert "krt.xlsx" in refused.value.text.de


LETTERS = st.sets(st.sampled_from("CIA"), min_size=1).map(
    lambda chosen: "".join(c for c in "CIA" if c in chosen)
)
THREATS = st.sets(st.integers(1, 47), min_size=1).map(
    lambda chosen: tuple(f"G 0.{n}" for n in sorted(chosen))
)


@settings(max_examples=20)
@given(st.builds(Reference, LETTERS, THREATS))
def test_what_is_written_into_the_tables_is_what_is_read(reference: Reference) -> None:
    changed = {"SYS.1.1.A28": reference}
    found = read(sheets(tables(changed)))
    assert found == {**shipped(), **changed}
    assert set(differences(shipped(), found)) <= {"SYS.1.1.A28"}


@settings(max_examples=30)
@given(st.sampled_from([0, 1, 2, 3, 7]), st.integers(0, 5), st.text(max_size=6) | st.integers() | st.none())
def test_any_cell_is_read_or_refused_in_words(column: int, row: int, cell: Cell) -> None:
    cells = tables()
    cells[SERVER][row][column] = cell
    try:
        found = list(read(sheets(cells)))
    except UnreadableCatalogue:
        found = []
    assert found in ([], list(shipped()))


# --- What counts once it is imported -------------------------------------------------------------


def test_a_corrected_table_counts_for_check_and_risks_and_is_recorded(house: House) -> None:
    corrected = {"SYS.1.1.A28": Reference("A", ("G 0.1",))}
    cells = tables(corrected)
    data = workbook(cells)
    [assignment_id] = house.assign((house.server_id, "SYS.1.1"))
    with house.database.reading(ORGANISATION) as session:
        before = check_sheet(session, load_assignment(session, assignment_id))
        assert in_force(session) == shipped()
    result = import_cross_references(house.database, data, read_sheets(data, "krt.xlsx"), actor=ACTOR)
    assert (result.departing, result.changed) == (("SYS.1.1.A28",), True)
    with house.database.reading(ORGANISATION) as session:
        assert in_force(session) == {**shipped(), **corrected}
        after = check_sheet(session, load_assignment(session, assignment_id))
        [available] = available_catalogues(session)
    letters = {each.id: each.protection for each in after.adoptable}
    assert {each.id: each.protection for each in before.adoptable} | {"SYS.1.1.A28": "A"} == letters
    assert (available.departing, bool(available.references_at)) == (1, True)
    assert verify(house.database).breaks == ()
