"""A register leaves as a workbook, is edited and comes back, and nobody's change is lost."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from sqlalchemy import select

from compliance.app import ALL_REGISTERS
from compliance.entry import Entry, State
from compliance.entry import everything as everything_of
from compliance.errors import Forbidden, Refused
from compliance.fields import Choice, Flag, Span, TimeUnit, answers
from compliance.journal import history
from compliance.web.site import Site
from registers.importing.roundtrip import (
    EVERYTHING,
    MINE,
    THEIRS,
    Decisions,
    What,
    packed,
    plan,
    read_book,
    unpacked,
)
from registers.importing.roundtrip.layout import HIDDEN, MAIN, STAMP, STATE, layout
from registers.processing import (
    DataCategory,
    LegalBasis,
    ProcessingActivity,
    Purpose,
    Recipient,
    RecipientKind,
    Subjects,
)
from registers.processors import Processor
from tests.city import FOUNDER, City, found_city
from tests.workbooks import (
    FILE,
    edited,
    edits,
    everything,
    exported,
    planned,
    taken_over,
)

pytestmark = pytest.mark.parametrize("address", ["sqlite"], indirect=True)
by_register = pytest.mark.parametrize("model", ALL_REGISTERS, ids=lambda model: model.slug)
NOTHING = {
    "created": 0, "changed": 0, "conflicts": 0, "removed_rows": 0, "missing": 0, "problems": 0,
}  # fmt: skip


@pytest.fixture
def activity(city: City) -> ProcessingActivity:
    """One entry with rows, words, days and references."""
    processor = Processor(name="Rechenzentrum; Nord", unit=city.units["office"])
    city.save(processor)
    entry = ProcessingActivity(
        name="Melderegister",
        unit=city.units["office"],
        since=date(2020, 3, 1),
        description="=1+1\n\nZweiter Absatz",
        subjects=(Subjects.RESIDENTS, Subjects.CHILDREN),
        review_cycle=Span(2, TimeUnit.Y),
        processors=[processor],
        purposes=[
            Purpose(text="Auskunft", legal_basis=LegalBasis.PUBLIC_TASK, norm="§ 34 BMG"),
            Purpose(text="Statistik", legal_basis=LegalBasis.LEGAL_OBLIGATION),
        ],
        data=[DataCategory(text="Stammdaten", period=Span(55, TimeUnit.Y), special=False)],
        recipients=[Recipient(text="Finanzamt", kind=RecipientKind.AUTHORITY)],
    )
    city.save(entry)
    return entry


def changed_by(content: bytes, changes: dict[tuple[str, int, str], Any]) -> bytes:
    """The workbook with other values in some cells, by sheet, row and field."""
    with edited(content, ProcessingActivity) as (editor, out):
        for place, value in changes.items():
            editor.cell(*place).value = value
    return out.getvalue()


def without_unchanged(counts: dict[str, int]) -> dict[str, int]:
    return {name: count for name, count in counts.items() if name != "unchanged"}


# --- Out -----------------------------------------------------------------------------------------


@by_register
@pytest.mark.parametrize("language", ["de", "en"])
def test_every_register_leaves_with_dropdowns_guide_and_hidden_columns(
    city: City, model: type[Entry], language: str
) -> None:
    city.save(model(name="=Eins", unit=city.units["office"]))

    book = load_workbook(io.BytesIO(exported(city, model, language)))

    assert book[STAMP].sheet_state == "hidden"
    for sheet in layout(model, language):
        page = book[sheet.title]
        assert [cell.value for cell in page[1]] == [column.header for column in sheet.columns]
        assert page.freeze_panes
        assert page.auto_filter.ref.startswith("A1:")
        letters = [get_column_letter(index) for index in range(1, len(sheet.columns) + 1)]
        hidden = {
            column.path
            for column, letter in zip(sheet.columns, letters, strict=True)
            if page.column_dimensions[letter].hidden
        }
        assert hidden == {column.path for column in sheet.columns} & set(HIDDEN)
        offered = {str(offer.sqref).split(":")[0][:-1] for offer in page.data_validations.dataValidation}
        asked = {
            letter
            for column, letter in zip(sheet.columns, letters, strict=True)
            if isinstance(column.spec, Choice | Flag) or column.path == STATE
        }
        assert asked <= offered
        assert all(len(offer.formula1) < 255 for offer in page.data_validations.dataValidation)
    explained = {(row[0].value, row[1].value) for row in book[{"de": "Anleitung", "en": "Guide"}[language]]}
    assert {(s.title, c.header) for s in layout(model, language) for c in s.columns} <= explained
    formulas = [cell for page in book for row in page.iter_rows() for cell in row if cell.data_type == "f"]
    assert formulas == []


def test_days_are_days_and_texts_stay_texts_when_they_are_edited(
    city: City, activity: ProcessingActivity
) -> None:
    with edited(exported(city, ProcessingActivity), ProcessingActivity) as (editor, _out):
        since = editor.cell(MAIN, 2, "since")
        text = editor.cell(MAIN, 2, "description")

        assert (since.is_date, since.value.date(), since.number_format) == (
            True,
            date(2020, 3, 1),
            "dd.mm.yyyy",
        )
        assert (text.data_type, text.value, text.number_format) == ("s", activity.description, "@")
        assert text.quotePrefix


@pytest.mark.usefixtures("activity")
def test_only_what_may_be_changed_leaves(city: City) -> None:
    city.save(ProcessingActivity(name="Andere"))
    rights = replace(EVERYTHING, edits=lambda entry: entry.name == "Andere")

    content = exported(city, ProcessingActivity, rights=rights)

    assert [line.words("name") for line in read_book(content, FILE).pages[MAIN].lines] == ["Andere"]


# --- Nothing changed -----------------------------------------------------------------------------


@by_register
def test_a_register_that_nobody_edited_changes_nothing(city: City, model: type[Entry]) -> None:
    city.save(model(name="Eins", unit=city.units["office"]), model(name="Zwei"), model())
    content = exported(city, model)

    found = planned(city, model, content)

    assert (found.counts() | {"unchanged": 0}, found.notes) == (NOTHING | {"unchanged": 0}, ())
    assert found.unchanged == 3


@pytest.mark.usefixtures("activity")
def test_sorted_rows_and_moved_columns_change_nothing(city: City) -> None:
    city.save(ProcessingActivity(name="Wahlen", purposes=[Purpose(text="Wahl")]))
    with edited(exported(city, ProcessingActivity), ProcessingActivity) as (editor, out):
        for key in (MAIN, "purposes"):
            page = editor.sheet(key)
            header, *rows = [[cell.value for cell in row] for row in page.iter_rows()]
            page.delete_rows(1, page.max_row)
            for row in (["Titel darüber"], header, *reversed(rows)):
                page.append(row[::-1])

    found = planned(city, ProcessingActivity, out.getvalue())

    assert without_unchanged(found.counts()) == NOTHING


def test_a_renamed_target_changes_nothing(city: City, activity: ProcessingActivity) -> None:
    content = exported(city, ProcessingActivity)
    city.change(activity.processors[0], name="Rechenzentrum Süd")
    content = changed_by(content, {(MAIN, 2, "name"): "Melderegister neu"})

    assert edits(planned(city, ProcessingActivity, content)) == {
        "Bezeichnung": ("Melderegister", "Melderegister neu")
    }


@pytest.mark.usefixtures("activity")
def test_what_is_kept_for_the_preview_is_what_was_read(city: City) -> None:
    content = changed_by(exported(city, ProcessingActivity), {(MAIN, 2, "name"): "=A1"})
    book = read_book(content, FILE)

    assert unpacked(packed(book)) == book


# --- Edits ---------------------------------------------------------------------------------------


def test_each_changed_answer_is_shown_and_taken_over(city: City, activity: ProcessingActivity) -> None:
    content = changed_by(
        exported(city, ProcessingActivity),
        {
            (MAIN, 2, "name"): "Meldewesen",
            (MAIN, 2, "unit"): "2 Dezernat II",
            (MAIN, 2, "since"): "1.4.2021",
            (MAIN, 2, "subjects"): "Beschäftigte\nKinder und Jugendliche",
            (MAIN, 2, "review_cycle"): "3 Jahre",
            (MAIN, 2, "processors"): None,
            (MAIN, 2, "description"): "Neu",
            ("purposes", 2, "legal_basis"): "Einwilligung, Art. 6 Abs. 1 lit. a",
            ("data", 2, "special"): "ja",
        },
    )
    found = planned(city, ProcessingActivity, content)

    assert edits(found) == {
        "Bezeichnung": ("Melderegister", "Meldewesen"),
        "Organisationseinheit": ("1.1 Bürgeramt", "2 Dezernat II"),
        "Eingeführt am": ("01.03.2020", "01.04.2021"),
        "Beschreibung": ("=1+1\n\nZweiter Absatz", "Neu"),
        "Betroffene Personen": (
            "Einwohnerinnen und Einwohner, Kinder und Jugendliche",
            "Beschäftigte, Kinder und Jugendliche",
        ),
        "Überprüfung alle": ("2 Jahre", "3 Jahre"),
        "Auftragsverarbeiter": ("AV-0001 Rechenzentrum; Nord", ""),
        "Zwecke „Auskunft“: Rechtsgrundlage": (
            "Öffentliche Aufgabe, Art. 6 Abs. 1 lit. e",
            "Einwilligung, Art. 6 Abs. 1 lit. a",
        ),
        "Datenkategorien und Löschfristen „Stammdaten“: Besondere Kategorie": ("nein", "ja"),
    }
    taken_over(city, ProcessingActivity, content)
    stored = city.stored(activity)
    assert (stored.name, stored.unit.key, stored.since, stored.processors) == (
        "Meldewesen", "2", date(2021, 4, 1), [],
    )  # fmt: skip
    assert stored.purposes[0].legal_basis is LegalBasis.CONSENT
    assert [purpose.id for purpose in stored.purposes] == [purpose.id for purpose in activity.purposes]
    assert without_unchanged(planned(city, ProcessingActivity, content).counts()) == NOTHING


def test_the_journal_names_the_file(city: City, activity: ProcessingActivity) -> None:
    content = changed_by(exported(city, ProcessingActivity), {(MAIN, 2, "name"): "Neu"})

    taken_over(city, ProcessingActivity, content)

    with city.site.database.reading(city.id) as session:
        latest, first = history(session, activity)
    assert (latest.action, latest.source, first.source) == ("import", FILE, "")


def test_new_rows_become_entries_and_parts_and_reading_twice_adds_nothing(
    city: City, activity: ProcessingActivity
) -> None:
    with edited(exported(city, ProcessingActivity), ProcessingActivity) as (editor, out):
        editor.add(MAIN, number="neu-1", name="Wahlen", unit="1.1 Bürgeramt")
        editor.add("purposes", number="NEU-1", text="Wahl durchführen")
        editor.add("purposes", number="VT-0001", text="Archiv", legal_basis="Art. 6 Abs. 1 lit. c")
    content = out.getvalue()

    outcome = taken_over(city, ProcessingActivity, content)

    assert (outcome.created, outcome.changed) == (1, 1)
    with city.site.database.reading(city.id) as session:
        new = session.scalars(select(ProcessingActivity).where(ProcessingActivity.name == "Wahlen")).one()
    stored = city.stored(new)
    assert (stored.state, [purpose.text for purpose in stored.purposes]) == (
        State.DRAFT,
        ["Wahl durchführen"],
    )
    assert [(purpose.text, purpose.legal_basis) for purpose in city.stored(activity).purposes] == [
        ("Auskunft", LegalBasis.PUBLIC_TASK),
        ("Statistik", LegalBasis.LEGAL_OBLIGATION),
        ("Archiv", LegalBasis.LEGAL_OBLIGATION),
    ]
    assert without_unchanged(planned(city, ProcessingActivity, content).counts()) == NOTHING


@pytest.mark.usefixtures("activity")
def test_a_copied_row_without_its_number_is_a_new_entry(city: City) -> None:
    with edited(exported(city, ProcessingActivity), ProcessingActivity) as (editor, out):
        page = editor.sheet(MAIN)
        page.append([cell.value for cell in page[2]])
        editor.cell(MAIN, 3, "@number").value = None
        editor.cell(MAIN, 3, "name").value = "Kopie"

    found = planned(city, ProcessingActivity, out.getvalue())

    assert [(revision.name, revision.entry) for revision in found.revisions] == [("Kopie", None)]


def test_a_removed_row_is_only_removed_on_request(city: City, activity: ProcessingActivity) -> None:
    with edited(exported(city, ProcessingActivity), ProcessingActivity) as (editor, out):
        editor.sheet("purposes").delete_rows(3)
    content = out.getvalue()
    found = planned(city, ProcessingActivity, content)
    taken = frozenset(revision.key for revision in found.ready)

    taken_over(city, ProcessingActivity, content, Decisions(taken))
    assert len(city.stored(activity).purposes) == 2
    taken_over(city, ProcessingActivity, content, everything(found))
    assert [purpose.text for purpose in city.stored(activity).purposes] == ["Auskunft"]


def test_a_removed_entry_is_never_deleted(city: City, activity: ProcessingActivity) -> None:
    ended: list[tuple[Entry, str]] = []
    rights = replace(
        EVERYTHING,
        steps=lambda _entry: ("end",),
        take=lambda _session, entry, step: ended.append((entry, step)),
    )
    with edited(exported(city, ProcessingActivity), ProcessingActivity) as (editor, out):
        editor.sheet(MAIN).delete_rows(2)
    found = planned(city, ProcessingActivity, out.getvalue(), rights)

    assert [(str(gone.entry), gone.may_end) for gone in found.missing] == [("VT-0001 Melderegister", True)]
    taken_over(city, ProcessingActivity, out.getvalue(), everything(found), rights)
    assert ended == []
    decided = replace(everything(found), ended=frozenset({activity.id.hex}))
    taken_over(city, ProcessingActivity, out.getvalue(), decided, rights)
    assert [(entry.id, step) for entry, step in ended] == [(activity.id, "end")]


# --- Conflicts -----------------------------------------------------------------------------------


def test_what_only_one_side_changed_is_no_conflict(city: City, activity: ProcessingActivity) -> None:
    content = changed_by(exported(city, ProcessingActivity), {(MAIN, 2, "name"): "Meine"})
    city.change(activity, description="Ihre")

    found = planned(city, ProcessingActivity, content)

    assert [(edit.field, edit.both_changed) for edit in found.revisions[0].edits] == [("name", False)]
    taken_over(city, ProcessingActivity, content)
    assert (city.stored(activity).name, city.stored(activity).description) == ("Meine", "Ihre")


@pytest.mark.parametrize(("side", "stays"), [(MINE, "Meine"), (THEIRS, "Ihre")])
def test_what_both_sides_changed_must_be_chosen(
    city: City, activity: ProcessingActivity, side: str, stays: str
) -> None:
    content = changed_by(exported(city, ProcessingActivity), {(MAIN, 2, "name"): "Meine"})
    city.change(activity, name="Ihre")
    found = planned(city, ProcessingActivity, content)
    edit = found.revisions[0].edits[0]

    assert (edit.both_changed, edit.before("de"), edit.after("de"), edit.now("de")) == (
        True, "Melderegister", "Meine", "Ihre",
    )  # fmt: skip
    with pytest.raises(Refused):
        taken_over(city, ProcessingActivity, content, Decisions(frozenset({found.revisions[0].key})))
    taken_over(city, ProcessingActivity, content, everything(found, side))
    assert city.stored(activity).name == stays


def test_both_sides_saying_the_same_is_no_change(city: City, activity: ProcessingActivity) -> None:
    content = changed_by(exported(city, ProcessingActivity), {(MAIN, 2, "name"): "Gleich"})
    city.change(activity, name="Gleich")

    assert without_unchanged(planned(city, ProcessingActivity, content).counts()) == NOTHING


def test_a_row_that_was_removed_meanwhile_comes_back_only_on_request(
    city: City, activity: ProcessingActivity
) -> None:
    content = changed_by(exported(city, ProcessingActivity), {("purposes", 3, "norm"): "§ 5"})
    city.change(activity, purposes=[])
    found = planned(city, ProcessingActivity, content)

    assert [(edit.what, edit.both_changed) for edit in found.revisions[0].edits] == [(What.ADDED, True)]
    taken_over(city, ProcessingActivity, content, everything(found, THEIRS))
    assert city.stored(activity).purposes == []
    taken_over(city, ProcessingActivity, content, everything(found))
    assert [(p.text, p.norm) for p in city.stored(activity).purposes] == [("Statistik", "§ 5")]


def test_a_row_that_others_added_meanwhile_stays(city: City, activity: ProcessingActivity) -> None:
    content = changed_by(exported(city, ProcessingActivity), {("purposes", 2, "text"): "Auskünfte"})
    with city.site.database.writing(city.id, actor=FOUNDER) as session:
        key = (city.id, activity.id)
        stored = session.get_one(ProcessingActivity, key, options=everything_of(ProcessingActivity))
        stored.purposes.append(Purpose(text="Ihre"))

    taken_over(city, ProcessingActivity, content)

    assert [purpose.text for purpose in city.stored(activity).purposes] == ["Auskünfte", "Statistik", "Ihre"]


# --- What cannot be read -------------------------------------------------------------------------


@pytest.mark.usefixtures("activity")
@pytest.mark.parametrize(
    ("place", "value", "says"),
    [
        (
            (MAIN, 2, "unit"),
            "Amt 99",
            "E „Organisationseinheit“: „Amt 99“ ist kein bekannter Eintrag.",
        ),
        ((MAIN, 2, "since"), "gestern", "„gestern“ ist kein Datum"),
        ((MAIN, 2, "name"), "x" * 201, "Höchstens 200 Zeichen; es sind 201."),
        ((MAIN, 2, "name"), "=CONCATENATE(1,2)", "Formeln werden nicht gelesen"),
        ((MAIN, 2, "@number"), "=A1", "Formeln werden nicht gelesen"),
        ((MAIN, 2, "@number"), "VT-0815", "Einen Eintrag „VT-0815“ gibt es nicht."),
        ((MAIN, 2, "review_cycle"), "ab und zu", "„ab und zu“ gehört nicht zu den zulässigen Angaben"),
        ((MAIN, 2, "subjects"), "Taubenzüchter", "„Taubenzüchter“ gehört nicht"),
        ((MAIN, 2, STATE), "Freigegeben", "Von „Entwurf“ nach „Freigegeben“ führt in einer Datei kein Weg"),
        (("data", 2, "special"), "vielleicht", "„vielleicht“ ist weder ja noch nein."),
        (("purposes", 2, "@number"), "XX", "Einen Eintrag „XX“ gibt es auf dem ersten Blatt nicht."),
        (("purposes", 2, "@number"), None, "Es fehlt die Nummer des Eintrags"),
    ],
)
def test_what_cannot_be_read_is_named_by_sheet_row_and_column(
    city: City, place: tuple[str, int, str], value: str | None, says: str
) -> None:
    content = changed_by(exported(city, ProcessingActivity), {place: value})

    found = planned(city, ProcessingActivity, content)

    sheet = next(sheet.title for sheet in layout(ProcessingActivity, "de") if sheet.key == place[0])
    assert len(found.every_problem) == 1
    assert found.every_problem[0].text.de.startswith(f"Blatt „{sheet}“, Zeile 2, Spalte ")
    assert says in found.every_problem[0].text.de


def test_the_same_number_twice_and_mixed_up_ids_are_named(city: City, activity: ProcessingActivity) -> None:
    city.save(ProcessingActivity(name="Wahlen"))
    with edited(exported(city, ProcessingActivity), ProcessingActivity) as (editor, out):
        page = editor.sheet(MAIN)
        page.append([cell.value for cell in page[2]])
        editor.cell(MAIN, 3, "@id").value, editor.cell(MAIN, 3, "@number").value = activity.id.hex, "VT-0002"

    said = [problem.text.de for problem in planned(city, ProcessingActivity, out.getvalue()).problems]

    assert ["gehört zu einer anderen Zeile" in said[0], "steht schon in Zeile 2" in said[1]] == [True, True]


def test_a_text_longer_than_a_cell_stays_whole_unless_it_is_edited(
    city: City, activity: ProcessingActivity
) -> None:
    long = "Wort " * 8_000
    city.change(activity, description=long.strip())
    content = exported(city, ProcessingActivity)
    assert without_unchanged(planned(city, ProcessingActivity, content).counts()) == NOTHING

    with edited(content, ProcessingActivity) as (editor, out):
        cell = editor.cell(MAIN, 2, "description")
        cell.value = f"Neu {cell.value}"[:32_000] + cell.value[-60:]
    found = planned(city, ProcessingActivity, out.getvalue())

    assert ["steht hier gekürzt" in problem.text.de for problem in found.every_problem] == [True]


def test_an_entry_with_a_problem_stays_and_the_others_are_taken_over(
    city: City, activity: ProcessingActivity
) -> None:
    second = ProcessingActivity(name="Wahlen")
    city.save(second)
    content = changed_by(
        exported(city, ProcessingActivity),
        {(MAIN, 2, "since"): "gestern", (MAIN, 2, "name"): "Nein", (MAIN, 3, "name"): "Wahlamt"},
    )

    outcome = taken_over(city, ProcessingActivity, content)

    assert (outcome.changed, city.stored(activity).name, city.stored(second).name) == (
        1, "Melderegister", "Wahlamt",
    )  # fmt: skip


@pytest.mark.usefixtures("activity")
def test_a_missing_sheet_or_column_changes_nothing_and_is_said(city: City) -> None:
    with edited(exported(city, ProcessingActivity), ProcessingActivity) as (editor, out):
        editor.book.remove(editor.sheet("purposes"))
        editor.sheet(MAIN).delete_cols(editor.cell(MAIN, 1, "since").column)
        editor.sheet("data").cell(1, 40).value = "Meine Spalte"

    found = planned(city, ProcessingActivity, out.getvalue())

    assert without_unchanged(found.counts()) == NOTHING
    said = " ".join(note.de for note in found.notes)
    assert ("„Zwecke“ fehlt" in said, "Eingeführt am" in said, "Meine Spalte" in said) == (True, True, True)


# --- Walls ---------------------------------------------------------------------------------------


@pytest.mark.usefixtures("activity")
def test_a_file_of_another_organisation_or_register_is_refused(site: Site, city: City) -> None:
    neighbour = found_city(site, "Gemeinde Nebenan")
    content = exported(city, ProcessingActivity)

    with pytest.raises(Refused, match="anderen Organisation"):
        planned(neighbour, ProcessingActivity, content)
    with pytest.raises(Refused, match="anderen Register"):
        planned(city, Processor, content)


def test_entries_of_another_organisation_are_unknown_even_in_a_forged_file(site: Site, city: City) -> None:
    neighbour = found_city(site, "Gemeinde Nebenan")
    theirs = ProcessingActivity(name="Ihre")
    neighbour.save(theirs)
    content = changed_by(exported(neighbour, ProcessingActivity), {(MAIN, 2, "name"): "Gekapert"})
    book = read_book(content, FILE)
    forged = replace(book, stamp=replace(book.stamp, organisation=city.id.hex))

    with city.site.database.reading(city.id) as session:
        found = plan(session, ProcessingActivity, forged, EVERYTHING)

    assert ["gibt es nicht" in problem.text.de for problem in found.every_problem] == [True]
    assert neighbour.stored(theirs).name == "Ihre"


@pytest.mark.usefixtures("activity")
def test_what_somebody_may_not_see_or_edit_is_not_changed(city: City) -> None:
    content = changed_by(exported(city, ProcessingActivity), {(MAIN, 2, "name"): "Neu"})
    blind = planned(city, ProcessingActivity, content, replace(EVERYTHING, sees=lambda _entry: False))
    bound = planned(city, ProcessingActivity, content, replace(EVERYTHING, edits=lambda _entry: False))

    assert ["gibt es nicht" in p.text.de for p in blind.every_problem] == [True]
    assert ["erlaubt nicht" in p.text.de for p in bound.every_problem] == [True]
    assert blind.ready + bound.ready == ()


@pytest.mark.usefixtures("activity")
def test_nobody_moves_an_entry_where_they_may_not_write(city: City) -> None:
    rights = replace(EVERYTHING, creates=lambda unit_id: unit_id == city.units["office"].id)
    content = changed_by(exported(city, ProcessingActivity), {(MAIN, 2, "unit"): "2 Dezernat II"})

    found = planned(city, ProcessingActivity, content, rights)

    assert ["erlaubt keine Einträge dieser" in p.text.de for p in found.every_problem] == [True]


def test_an_outcome_that_may_not_be_written_takes_everything_back(
    city: City, activity: ProcessingActivity
) -> None:
    rights = replace(EVERYTHING, edits=lambda entry: entry.name != "Geheim")
    content = changed_by(exported(city, ProcessingActivity), {(MAIN, 2, "name"): "Geheim"})

    with pytest.raises(Forbidden):
        taken_over(city, ProcessingActivity, content, rights=rights)
    assert city.stored(activity).name == "Melderegister"


def test_the_answers_of_an_unedited_entry_are_the_same_afterwards(
    city: City, activity: ProcessingActivity
) -> None:
    before = answers(city.stored(activity))
    taken_over(city, ProcessingActivity, exported(city, ProcessingActivity))

    assert answers(city.stored(activity)) == before
