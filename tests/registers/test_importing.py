"""What an import of an existing register promises: every good row, no bad one, and nothing by halves."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from compliance.database import Actor
from compliance.entry import Entry, State
from compliance.errors import Refused
from compliance.fields import (
    Choice,
    Choices,
    Day,
    Duration,
    Flag,
    Kind,
    Line,
    Moment,
    Number,
    Prose,
    Span,
    TimeUnit,
    fields,
    is_empty,
    shown,
)
from compliance.journal import history
from compliance.people import Role
from exports.catalogue import document_of
from exports.formats import FORMATS
from exports.reports.records import every_id
from exports.reports.register import Issuer
from registers import importing
from registers.countries import COUNTRIES
from registers.importing import IMPORTABLE, Plan, Table, cells
from registers.processing import (
    DataCategory,
    LegalBasis,
    ProcessingActivity,
    Purpose,
    Recipient,
    RecipientKind,
    Secrecy,
    Stage,
    StartType,
    Subjects,
)
from registers.processors import Processor
from registers.projects import Project
from tests import strategies
from tests.city import City

SQLITE = pytest.mark.parametrize("address", ["sqlite"], indirect=True)
CLERK = Actor("Sachbearbeitung")


def csv_of(*rows: Sequence[str], delimiter: str = ";") -> bytes:
    lines = (delimiter.join(f'"{cell}"' for cell in row) for row in rows)
    return "\r\n".join(lines).encode()


def xlsx_of(*rows: Sequence[Any], sheet: str = "Tabelle1", merged: str = "") -> bytes:
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = sheet
    for row in rows:
        page.append(list(row))
    if merged:
        page.merge_cells(merged)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def table_of(content: bytes, model: type[Entry] = ProcessingActivity, name: str = "bestand.csv") -> Table:
    return importing.read_table(model, content, name)


def planned(content: bytes, city: City, model: type[Entry] = ProcessingActivity) -> Plan:
    """What importing *content* would do in *city*."""
    table = table_of(content, model)
    columns = importing.match_columns(model, table.headers)
    with city.site.database.reading(city.id) as session:
        return importing.prepare(session, model, table, columns)


def imported(content: bytes, city: City, model: type[Entry] = ProcessingActivity) -> Plan:
    table = table_of(content, model)
    columns = importing.match_columns(model, table.headers)
    with city.site.database.writing(city.id, actor=CLERK) as session:
        found = importing.prepare(session, model, table, columns)
        importing.carry_out(session, found)
    return found


def stored(city: City, model: type[Any] = ProcessingActivity) -> list[Any]:
    with city.site.database.reading(city.id) as session:
        ids = every_id(session, model)
    return [city.stored(model(id=identity)) for identity in ids]


def exported(city: City, model: type[Entry], format_: str, language: str) -> bytes:
    out = io.BytesIO()
    with city.site.database.reading(city.id) as session:
        issuer = Issuer(city.organisation.name, datetime(2026, 11, 23, tzinfo=UTC), language)
        document = document_of(session, model, every_id(session, model), issuer)
        FORMATS[format_].write(document, out)
    return out.getvalue()


# --- Files ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_text_table_is_read_whatever_its_encoding_and_delimiter(delimiter: str, encoding: str) -> None:
    rows = (("Bezeichnung", "Beschreibung"), ("Bürgerbüro", f"Straße{delimiter} „Größe“\nzweite Zeile"))
    table = table_of(csv_of(*rows, delimiter=delimiter).decode().encode(encoding))
    assert table.headers == rows[0]
    assert [(row.number, row.cells) for row in table.rows] == [(2, rows[1])]


def test_a_line_that_announces_the_delimiter_is_no_row() -> None:
    table = table_of(b"sep=,\r\nBezeichnung,Zwecke\r\nA,B\r\n")
    assert table.headers == ("Bezeichnung", "Zwecke")


def test_titles_above_the_header_are_passed_over_and_rows_keep_their_numbers() -> None:
    content = csv_of(
        ("Verzeichnis der Stadt",), (), ("Bezeichnung", "Zwecke"), (), ("Melderegister", "Auskunft")
    )
    table = table_of(content)
    assert (table.headers, [row.number for row in table.rows]) == (("Bezeichnung", "Zwecke"), [5])


def test_of_several_sheets_the_one_with_the_known_columns_is_read() -> None:
    book = Workbook()
    first = book.active
    assert first is not None
    first.append(["Deckblatt"])
    book.create_sheet("Daten").append(["Bezeichnung", "Eingeführt am"])
    book["Daten"].append(["Melderegister", date(2026, 3, 1)])
    out = io.BytesIO()
    book.save(out)
    table = table_of(out.getvalue())
    assert [row.cells for row in table.rows] == [("Melderegister", date(2026, 3, 1))]


def test_a_formula_without_a_stored_result_refuses_its_row_only() -> None:
    content = xlsx_of(("Bezeichnung", "Beschreibung"), ("A", "=1+1"), ("B", "Text"))
    table = table_of(content)
    plan = importing.plan(
        ProcessingActivity,
        table,
        importing.match_columns(ProcessingActivity, table.headers),
        importing.Known(),
    )
    assert [creation.name for creation in plan.created] == ["B"]
    assert [(refusal.row, refusal.column) for refusal in plan.refused] == [(2, "Beschreibung")]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "steht nichts"),
        (b"\xef\xbb\xbf\r\n\r\n", "steht nichts"),
        (b"a\0b", "keine Tabelle"),
        (b"PK\x03\x04 broken", "nicht als Excel-Arbeitsmappe"),
        (b'Bezeichnung;Zwecke\r\n"A;B\r\nC;D\r\n', "Zeile 2"),
        (b"Bezeichnung\r\n" + b"x" * 200_000, "Zeile 2"),
    ],
)
def test_what_is_no_table_is_refused_with_the_name_of_the_file(content: bytes, says: str) -> None:
    with pytest.raises(Refused) as refused:
        table_of(content, name="bestand.csv")
    assert "bestand.csv" in refused.value.text.de
    assert "bestand.csv" in refused.value.text.en
    assert says in refused.value.text.de


def test_a_file_beyond_the_limits_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("registers.importing.tables.MOST_ROWS", 2)
    with pytest.raises(Refused):
        table_of(b"Bezeichnung\nA\nB\nC\n")
    monkeypatch.setattr("registers.importing.tables.LARGEST_FILE", 10)
    with pytest.raises(Refused):
        table_of(b"Bezeichnung\nA\n")


def test_a_workbook_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("registers.importing.archive._LARGEST_UNPACKED", 1000)
    with pytest.raises(Refused):
        table_of(xlsx_of(("Bezeichnung",), ("A",)))


def test_cells_merged_downwards_count_for_each_of_their_rows() -> None:
    rows = (("Bezeichnung", "Beschreibung"), ("Eins", "Beides"), ("Zwei", None), ("Drei", None))
    table = table_of(xlsx_of(*rows, merged="B2:B3"))

    assert [row.cells for row in table.rows] == [("Eins", "Beides"), ("Zwei", "Beides"), ("Drei",)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_text_table_is_read_in_the_encodings_that_programs_write(encoding: str) -> None:
    table = importing.read_table(
        ProcessingActivity, "Bezeichnung;Zwecke\nÄußerung;Prüfung\n".encode(encoding), "x.csv"
    )

    assert [row.cells for row in table.rows] == [("Äußerung", "Prüfung")]


@pytest.mark.parametrize("content", ["Bezeichnung\nÄ".encode("utf-32"), b"Bezeichnung\n\x81\x8d\x8f\n"])
def test_text_in_no_known_encoding_is_refused(content: bytes) -> None:
    with pytest.raises(Refused, match="keine Tabelle"):
        table_of(content)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_table_or_are_refused(content: bytes) -> None:
    _read_or_refuse(content)


@cache
def _small_workbook() -> bytes:
    """One for all examples, since a workbook tells when it was made and is never the same twice."""
    return xlsx_of(("Bezeichnung", "Eingeführt am"), ("Melderegister", date(2026, 3, 1)))


@settings(max_examples=60)
@given(st.data())
def test_any_damaged_workbook_is_a_table_or_is_refused(data: st.DataObject) -> None:
    whole = bytearray(_small_workbook())
    for place in data.draw(st.lists(st.integers(0, len(whole) - 1), min_size=1, max_size=30)):
        whole[place] = data.draw(st.integers(0, 255))
    _read_or_refuse(bytes(whole))


@given(st.text(alphabet="ab;,\"\n\r\t'=\ud7ff", max_size=60))
def test_any_text_is_a_table_or_is_refused(text: str) -> None:
    _read_or_refuse(text.encode())


def _read_or_refuse(content: bytes) -> None:
    try:
        table = table_of(content)
        columns = importing.match_columns(ProcessingActivity, table.headers)
        importing.plan(ProcessingActivity, table, columns, importing.Known())
    except Refused:
        return
    assert importing.unpacked(importing.packed(table)) == table


def test_a_table_survives_being_kept() -> None:
    content = xlsx_of(
        ("Bezeichnung", "Eingeführt am", "Anzahl", "x"), ("A", date(2026, 3, 1), 3, True), ("B", 1.5)
    )
    table = table_of(content)
    assert importing.unpacked(importing.packed(table)) == table


# --- Columns -------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", IMPORTABLE.values(), ids=lambda model: model.slug)
@pytest.mark.parametrize("language", ["de", "en"])
def test_the_labels_of_the_fields_name_their_columns(model: type[Entry], language: str) -> None:
    labels = {name: spec.label[language] for name, spec in fields(model).items() if not spec.fixed}
    columns = importing.match_columns(model, list(labels.values()))
    assert [column.target for column in columns] == list(labels)


def test_columns_of_other_programs_are_known_too() -> None:
    headers = (
        "Lfd. Nr.",
        "Verfahren",
        "Rechtsgrundlage",
        "Löschfristen",
        "Drittland",
        "Kategorien betroffener Personen",
    )
    targets = [column.target for column in importing.match_columns(ProcessingActivity, headers)]
    assert targets == ["@number", "name", "purposes.legal_basis", "data.period", "third_country", "subjects"]


def test_a_mapping_decides_before_the_names_do() -> None:
    mapping = importing.read_mapping(b'{"Name": "description", "Was": "name", "Zweck": ""}', "zuordnung.json")
    columns = importing.match_columns(ProcessingActivity, ("Name", "Was", "Zweck"), mapping)
    assert [column.target for column in columns] == ["description", "name", ""]


def test_a_mapping_may_be_written_in_toml() -> None:
    assert importing.read_mapping(b'"Zweck" = "purposes"\n', "zuordnung.toml") == {"Zweck": "purposes"}


@pytest.mark.parametrize("content", [b"{", b"x = [1]", b'{"a": 1}', b"\xff", b"[" * 5000])
def test_a_mapping_file_that_is_none_is_refused_by_its_name(content: bytes) -> None:
    with pytest.raises(Refused) as refused:
        importing.read_mapping(content, "zuordnung.json")
    assert "zuordnung.json" in refused.value.text.de


@pytest.mark.parametrize(
    ("mapping", "says"),
    [({"Gibt es nicht": "name"}, "„Gibt es nicht“"), ({"Name": "gibtesnicht"}, "„gibtesnicht“")],
)
def test_a_mapping_of_what_does_not_exist_is_refused(mapping: dict[str, str], says: str) -> None:
    with pytest.raises(Refused) as refused:
        importing.match_columns(ProcessingActivity, ("Name",), mapping)
    assert says in refused.value.text.de


def test_two_columns_for_one_field_are_refused() -> None:
    with pytest.raises(Refused):
        importing.match_columns(ProcessingActivity, ("A", "B"), {"A": "name", "B": "name"})


def test_a_table_without_names_is_refused_with_the_columns_it_has() -> None:
    table = table_of(b"Farbe;Form\nrot;rund\n")
    with pytest.raises(Refused) as refused:
        importing.plan(
            ProcessingActivity,
            table,
            importing.match_columns(ProcessingActivity, table.headers),
            importing.Known(),
        )
    assert "Farbe, Form" in refused.value.text.de


# --- Cells ---------------------------------------------------------------------------------------

SIMPLE = [
    pytest.param(spec, id=f"{model.slug}-{name}")
    for model in IMPORTABLE.values()
    for name, spec in fields(model).items()
    if isinstance(spec, Line | Prose | Flag | Day | Moment | Number | Duration | Choice | Choices)
]


@pytest.mark.parametrize("spec", SIMPLE)
@pytest.mark.parametrize("language", ["de", "en"])
@settings(max_examples=15)
@given(data=st.data())
def test_what_is_shown_is_read_as_what_it_was(spec: Kind, language: str, data: st.DataObject) -> None:
    value = data.draw(strategies.answers(spec).filter(lambda value: not is_empty(value)))
    assert cells.read(spec, shown(spec, value, language)) == cells.Answer(value)


DAY = next(spec for spec in fields(ProcessingActivity).values() if isinstance(spec, Day))
SPAN = fields(DataCategory)["period"]
BASIS = fields(Purpose)["legal_basis"]


@pytest.mark.parametrize(
    "cell",
    ["01.03.2026", "1.3.2026", "1.3.26", "2026-03-01", "2026-03-01 00:00:00", "01/03/2026", date(2026, 3, 1)],
)
def test_days_are_read_as_people_write_them(cell: Any) -> None:
    assert cells.read(DAY, cell).value == date(2026, 3, 1)


@pytest.mark.parametrize("cell", ["31.02.2026", "März", "2026", 46082, "99.99.9999", "0000-01-01"])
def test_what_is_no_day_is_unreadable(cell: Any) -> None:
    with pytest.raises(cells.Unreadable):
        cells.read(DAY, cell)


@pytest.mark.parametrize("text", ["10 Jahre", "10 years", "P10Y", "10 J.", "10 Jahren", "10Jahre"])
def test_durations_are_read_as_people_write_them(text: str) -> None:
    assert cells.read(SPAN, text) == cells.Answer(Span(10, TimeUnit.Y))


def test_what_follows_a_duration_is_not_lost() -> None:
    assert cells.read(SPAN, "10 Jahre nach Wegzug") == cells.Answer(Span(10, TimeUnit.Y), rest="nach Wegzug")


@pytest.mark.parametrize(
    "text",
    [
        "Art. 6 Abs. 1 lit. e",
        "Art. 6 (1) e",
        "Art. 6 (1) (e) GDPR",
        "Article 6(1)(e)",
        "Art. 6 I e DSGVO",
        "Art. 6 Abs. 1 Buchst. e DS-GVO",
        "Art. 6 Abs. 1 S. 1 lit. e) DSGVO",
        "Art. 6 Abs. 1 UAbs. 1 lit. e",
        "öffentliche aufgabe",
        "PUBLIC_TASK",
        "Task in the public interest",
    ],
)
def test_a_legal_basis_is_known_by_the_article_it_cites(text: str) -> None:
    assert cells.read(BASIS, text) == cells.Answer(LegalBasis.PUBLIC_TASK)


def test_a_national_norm_beside_the_article_is_kept() -> None:
    answer = cells.read(BASIS, "Art. 6 Abs. 1 lit. e DSGVO i. V. m. § 3 BMG")
    assert answer == cells.Answer(LegalBasis.PUBLIC_TASK, rest="§ 3 BMG")


def test_two_articles_in_one_cell_decide_nothing() -> None:
    text = "Art. 6 Abs. 1 lit. a, Art. 6 Abs. 1 lit. c"
    assert cells.read(BASIS, text) == cells.Answer(None, rest=text)


def test_words_with_commas_are_told_apart() -> None:
    spec = fields(ProcessingActivity)["secrecy"]
    text = "Steuergeheimnis, § 30 AO, Sozialgeheimnis, § 35 SGB I, Bankgeheimnis; Statistikgeheimnis"
    assert cells.read(spec, text) == cells.Answer(
        (Secrecy.TAX, Secrecy.SOCIAL, Secrecy.STATISTICS), rest="Bankgeheimnis"
    )


# --- Entries -------------------------------------------------------------------------------------

ENTRY_OF_A_CITY = (
    ("Bezeichnung", "Organisationseinheit", "Zweck", "Rechtsgrundlage", "Betroffene", "Datenkategorien",
     "Löschfrist", "Empfänger", "Auftragsverarbeiter", "Betriebsstand", "Eingeführt am", "Drittland"),
    ("Melderegister", "1.1", "Auskunft aus dem Register", "Art. 6 Abs. 1 lit. e DSGVO, § 3 BMG",
     "Einwohnerinnen und Einwohner; Taubenzüchter", "Stammdaten\nAnschriften", "10 Jahre nach Wegzug",
     "Finanzamt; Polizei", "Nordlicht AöR; Niemand GmbH", "In Betrieb", "01.03.2026", "nein"),
)  # fmt: skip


def test_a_row_becomes_an_entry_that_still_has_to_be_checked(city: City) -> None:
    city.save(Processor(name="Nordlicht AöR"))
    plan = imported(csv_of(*ENTRY_OF_A_CITY), city)
    [entry] = stored(city)
    expected = ProcessingActivity(
        name="Melderegister",
        unit=city.units["office"],
        stage=Stage.OPERATION,
        since=date(2026, 3, 1),
        subjects=(Subjects.RESIDENTS,),
        other_subjects="Taubenzüchter",
        third_country=False,
        notes="Aus dem Import, Spalte „Auftragsverarbeiter“: Niemand GmbH",
    )
    names = ("name", "stage", "since", "subjects", "other_subjects", "third_country", "notes")
    assert [getattr(entry, name) for name in names] == [getattr(expected, name) for name in names]
    assert entry.unit.name == "Bürgeramt"
    assert [(p.text, p.legal_basis, p.norm) for p in entry.purposes] == [
        ("Auskunft aus dem Register", LegalBasis.PUBLIC_TASK, "§ 3 BMG")
    ]
    period = Span(10, TimeUnit.Y)
    assert [(c.text, c.period, c.start_event) for c in entry.data] == [
        ("Stammdaten", period, "nach Wegzug"),
        ("Anschriften", period, "nach Wegzug"),
    ]
    assert [recipient.text for recipient in entry.recipients] == ["Finanzamt", "Polizei"]
    assert [processor.name for processor in entry.processors] == ["Nordlicht AöR"]
    assert (entry.state, entry.version) == (State.IMPORTED, 1)
    assert [(left.column, left.words, left.kept_in.de) for left in plan.leftovers if left.kept_in] == [
        ("Betroffene", "Taubenzüchter", "Weitere betroffene Personen"),
        ("Auftragsverarbeiter", "Niemand GmbH", "Bemerkungen"),
    ]


@SQLITE
def test_the_journal_calls_it_an_import(city: City) -> None:
    imported(csv_of(*ENTRY_OF_A_CITY), city)
    [entry] = stored(city)
    with city.site.database.reading(city.id) as session:
        assert [(change.action, change.actor) for change in history(session, entry)] == [
            ("import", CLERK.name)
        ]


@SQLITE
def test_a_record_kept_in_english_by_another_program_becomes_entries_that_can_be_printed(city: City) -> None:
    header = "Entry,title,purpose,datasubject,personaldata,recipient,legalbasis,transfer_location"
    row = "urn:1,Selection of staff,Select staff,Job applicants,Applications,Panel,Staff rules,USA"
    plan = imported(f"{header}\n{row}\n".encode(), city)
    [entry] = stored(city)
    assert (entry.name, entry.subjects) == ("Selection of staff", (Subjects.JOB_APPLICANTS,))
    assert [(p.text, p.legal_basis, p.norm) for p in entry.purposes] == [
        ("Select staff", None, "Staff rules")
    ]
    assert [category.text for category in entry.data] == ["Applications"]
    assert [(r.text, r.country) for r in entry.recipients] == [("Panel", COUNTRIES["US"])]
    assert plan.unmatched == ("Entry",)
    assert [(left.column, left.words) for left in plan.unknown_words] == [("legalbasis", "Staff rules")]
    assert exported(city, ProcessingActivity, "pdf", "de").startswith(b"%PDF-")
    assert exported(city, ProcessingActivity, "xlsx", "en").startswith(b"PK")


@SQLITE
def test_one_bad_row_never_stops_the_good_ones(city: City) -> None:
    content = csv_of(
        ("Bezeichnung", "Eingeführt am", "Drittland"),
        ("Gut", "01.03.2026", "ja"),
        ("Schlecht", "irgendwann", "vielleicht"),
        ("", "01.03.2026", ""),
        ("Zu breit", "", "", "noch eine"),
        ("Auch gut", "", ""),
    )
    plan = imported(content, city)
    assert [entry.name for entry in stored(city)] == ["Gut", "Auch gut"]
    assert [(refusal.row, refusal.column) for refusal in plan.refused] == [
        (3, "Eingeführt am"),
        (3, "Drittland"),
        (4, "Bezeichnung"),
        (5, ""),
    ]
    assert plan.counts() == {"created": 2, "changed": 0, "unchanged": 0, "refused": 3, "unknown_words": 0}


@SQLITE
def test_rows_that_agree_in_name_and_unit_become_one_entry(city: City) -> None:
    content = csv_of(
        ("Einheit", "Bezeichnung", "Zweck", "Beschreibung"),
        ("1.1", "Rechnungen", "Buchung", ""),
        ("1.1", "Rechnungen", "Zahlung", "Bezahlt wird"),
        ("2", "Rechnungen", "Zahlung", ""),
        ("1.1", "Rechnungen", "Mahnung", "Gemahnt wird"),
    )
    mapping = {"Einheit": "unit"}
    table = table_of(content)
    columns = importing.match_columns(ProcessingActivity, table.headers, mapping)
    with city.site.database.reading(city.id) as session:
        plan = importing.prepare(session, ProcessingActivity, table, columns)
    assert [(c.rows, len(c.values["purposes"])) for c in plan.created] == [((2, 3), 2), ((4,), 1), ((5,), 1)]


@SQLITE
def test_importing_the_same_file_again_changes_nothing(city: City) -> None:
    content = csv_of(*ENTRY_OF_A_CITY)
    imported(content, city)
    again = imported(content, city)
    assert (again.created, again.changed, [found.rows for found in again.unchanged]) == ((), (), [(2,)])
    assert [entry.version for entry in stored(city)] == [1]


@SQLITE
def test_the_running_number_recognises_the_entry_whatever_its_name(city: City) -> None:
    city.save(ProcessingActivity(name="Alt", description="bleibt", stage=Stage.PLANNED, state=State.DRAFT))
    plan = imported(csv_of(("Nr.", "Bezeichnung", "Beschreibung"), ("VT-0001", "Neu", "")), city)
    [entry] = stored(city)
    assert [(change.name, change.before, change.after) for change in plan.changed[0].changes] == [
        ("name", "Alt", "Neu")
    ]
    assert (entry.name, entry.description, entry.state, entry.version) == ("Neu", "bleibt", State.DRAFT, 2)


@SQLITE
def test_numbers_of_other_lists_recognise_nothing(city: City) -> None:
    city.save(ProcessingActivity(name="Alt"))
    plan = planned(csv_of(("Nr.", "Bezeichnung"), ("1", "Neu"), ("VT-0999", "Fremd")), city)
    assert [creation.name for creation in plan.created] == ["Neu", "Fremd"]


@SQLITE
def test_the_same_number_twice_is_refused_the_second_time(city: City) -> None:
    city.save(ProcessingActivity(name="Alt"))
    plan = planned(csv_of(("Nr.", "Bezeichnung"), ("VT-0001", "Neu"), ("VT-0001", "Neuer")), city)
    assert [change.after for change in plan.changed[0].changes] == ["Neu"]
    assert [refusal.row for refusal in plan.refused] == [3]


def test_rows_of_an_entry_keep_what_the_cell_does_not_speak_of(city: City) -> None:
    kept = Purpose(text="Auskunft", legal_basis=LegalBasis.PUBLIC_TASK, norm="§ 3 BMG")
    city.save(ProcessingActivity(name="Melderegister", purposes=[kept, Purpose(text="Statistik")]))
    plan = imported(csv_of(("Nr.", "Zwecke"), ("VT-0001", "Auskunft\nWahlen")), city)
    [entry] = stored(city)
    assert [(p.text, p.legal_basis, p.norm) for p in entry.purposes] == [
        ("Auskunft", LegalBasis.PUBLIC_TASK, "§ 3 BMG"),
        ("Wahlen", None, ""),
    ]
    assert entry.purposes[0].id == kept.id
    assert len(plan.changed) == 1


@SQLITE
def test_whoever_is_limited_to_a_unit_imports_into_that_unit_only(city: City) -> None:
    city.save(ProcessingActivity(name="Fremd", unit=city.units["other"]))
    content = csv_of(
        ("Nr.", "Bezeichnung", "Organisationseinheit"),
        ("VT-0001", "Umbenannt", ""),
        ("", "Eigen", "Bürgeramt"),
        ("", "Untergeschoben", "Dezernat II"),
    )
    table = table_of(content)
    columns = importing.match_columns(ProcessingActivity, table.headers)
    mine = city.units["office"].id
    with city.site.database.reading(city.id) as session:
        plan = importing.prepare(session, ProcessingActivity, table, columns, lambda unit_id: unit_id == mine)
    assert [creation.name for creation in plan.created] == ["Eigen"]
    assert [refusal.row for refusal in plan.refused] == [2, 4]


@SQLITE
def test_a_text_too_long_for_its_line_is_shortened_and_kept_whole_in_the_notes(city: City) -> None:
    longest = cast(Line, fields(Recipient)["text"]).length
    long = "Stelle " * longest
    plan = imported(csv_of(("Bezeichnung", "Empfänger"), ("A", long)), city)
    [entry] = stored(city)
    assert len(entry.recipients[0].text) <= longest
    assert long.strip() in entry.notes
    assert [left.too_long for left in plan.leftovers] == [True]


def test_a_sentence_of_an_export_becomes_the_row_it_was() -> None:
    recipient = Recipient(
        text="Finanzamt", kind=RecipientKind.AUTHORITY, reason="§ 93 AO", country=COUNTRIES["DE"]
    )
    for language in ("de", "en"):
        words = shown(fields(ProcessingActivity)["recipients"], [recipient], language)
        read = cells.read_sentence(Recipient, words)
        assert read == {
            "text": "Finanzamt",
            "kind": RecipientKind.AUTHORITY,
            "reason": "§ 93 AO",
            "country": COUNTRIES["DE"],
        }


def test_a_sentence_that_can_be_read_in_two_ways_stays_a_text() -> None:
    words = shown(
        fields(ProcessingActivity)["data"],
        [DataCategory(text="Akten", start_type=StartType.COLLECTION, criteria="bis Widerruf")],
        "de",
    )
    assert cells.read_sentence(DataCategory, words) is None


# --- Out and in again ----------------------------------------------------------------------------


@SQLITE
@pytest.mark.parametrize("format_", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("model", IMPORTABLE.values(), ids=lambda model: model.slug)
def test_what_was_exported_changes_nothing_when_it_is_imported(
    city: City, model: type[Entry], format_: str, language: str
) -> None:
    number = 0

    @settings(max_examples=6)
    @given(st.lists(strategies.entries(model), min_size=1, max_size=4))
    def holds(entries: list[Entry]) -> None:
        nonlocal number
        number += len(entries)
        city.save(*(model(**{n: getattr(entry, n) for n in fields(model)}) for entry in entries))
        plan = planned(exported(city, model, format_, language), city, model)
        assert (plan.created, plan.changed, plan.refused, plan.leftovers) == ((), (), (), ())
        assert len(plan.unchanged) == number

    holds()


@SQLITE
@pytest.mark.parametrize("format_", ["csv", "xlsx"])
def test_texts_that_a_file_must_write_differently_come_back_unchanged(city: City, format_: str) -> None:
    city.save(
        ProcessingActivity(
            name="=SUMME(A1)",
            description="_x0041_ und\nneue Zeile",
            measures="x" * 40_000,
            notes="'=bleibt",
            recipients=[Recipient(text="Kreis; Land – Bund", reason="a\u2028b")],
            processors=[],
        ),
        Project(name="- Spiegelstrich"),
    )
    plan = planned(exported(city, ProcessingActivity, format_, "de"), city)
    assert (plan.created, plan.changed, plan.refused) == ((), (), ())


@SQLITE
def test_an_export_can_be_imported_where_nothing_is_yet(city: City) -> None:
    city.save(
        ProcessingActivity(
            name="Melderegister",
            purposes=[Purpose(text="Auskunft", legal_basis=LegalBasis.PUBLIC_TASK, norm="§ 3 BMG")],
            subjects=(Subjects.RESIDENTS, Subjects.STAFF),
            data=[DataCategory(text="Stammdaten", special=True, period=Span(10, TimeUnit.Y))],
            third_country=False,
        )
    )
    table = table_of(exported(city, ProcessingActivity, "xlsx", "de"))
    columns = importing.match_columns(ProcessingActivity, table.headers)
    plan = importing.plan(ProcessingActivity, table, columns, importing.Known())
    [creation] = plan.created
    assert {
        name: importing.made(value)
        for name, value in creation.values.items()
        if name not in ("purposes", "data")
    } == {
        "name": "Melderegister",
        "subjects": (Subjects.RESIDENTS, Subjects.STAFF),
        "third_country": False,
    }
    assert [draft.values for draft in creation.values["purposes"]] == [
        {"text": "Auskunft", "legal_basis": LegalBasis.PUBLIC_TASK, "norm": "§ 3 BMG"}
    ]
    assert [draft.values for draft in creation.values["data"]] == [
        {"text": "Stammdaten", "special": True, "period": Span(10, TimeUnit.Y)}
    ]


@SQLITE
def test_a_plan_has_the_same_fingerprint_until_something_changes(city: City) -> None:
    content = csv_of(("Nr.", "Bezeichnung"), ("VT-0001", "Neu"), ("", "Anders"))
    entry = ProcessingActivity(name="Alt")
    city.save(entry)
    first = planned(content, city).fingerprint()
    assert planned(content, city).fingerprint() == first
    city.change(entry, description="inzwischen", by=Role.DSB)
    assert planned(content, city).fingerprint() != first
