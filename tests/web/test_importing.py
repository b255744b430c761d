"""Importing a file and changing many entries at once, as people do it in the browser."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import func, select

from compliance.entry import State
from compliance.findings import Finding
from compliance.journal import history
from compliance.people import Role
from compliance.web.importing import Upload
from registers.processing import ProcessingActivity, Purpose, RiskToPersons, Stage
from tests.browsers import Browser, Browsers
from tests.city import City, add_person
from tests.pages import Page

pytestmark = pytest.mark.parametrize("address", ["sqlite"], indirect=True)

REGISTER = "/registers/processing-activities/"
IMPORT = f"{REGISTER}import/"
BULK = f"{REGISTER}bulk/"


@pytest.fixture
def dsb(browsers: Browsers) -> Browser:
    return browsers.of(Role.DSB)


def upload(browser: Browser, text: str, *, name: str = "bestand.csv", mapping: str = "") -> str:
    """Uploads a table; gives the address of its preview."""
    data: list[tuple[str, Any]] = [("file", (io.BytesIO(text.encode()), name))]
    if mapping:
        data.append(("mapping", (io.BytesIO(mapping.encode()), "zuordnung.json")))
    response = browser.post(IMPORT, data, content_type="multipart/form-data")
    return str(response.location)


def confirm(browser: Browser, preview: str) -> str:
    """Confirms what the preview shows; gives the address that follows."""
    data = {"fingerprint": browser.page(preview).value("fingerprint")}
    return str(browser.post(f"{preview}/confirm", data).location)


def names(city: City) -> list[str]:
    with city.site.database.reading(city.id) as session:
        return list(session.scalars(select(ProcessingActivity.name).order_by(ProcessingActivity.number)))


def uploads(city: City) -> int:
    with city.site.database.reading(city.id) as session:
        return session.scalar(select(func.count()).select_from(Upload)) or 0


# --- Import --------------------------------------------------------------------------------------


def test_a_preview_changes_nothing_and_confirming_does_what_it_said(dsb: Browser, city: City) -> None:
    preview = upload(
        dsb, "Bezeichnung;Betroffene;Eingeführt am\nMelderegister;Taubenzüchter;gestern\nWahlen;;\n"
    )
    page = dsb.page(preview).main
    assert "1 Eintrag wird angelegt" in page
    assert "1 Zeile wird abgewiesen" in page
    assert "„gestern“ ist kein Datum" in page
    assert names(city) == []
    following = confirm(dsb, preview)
    assert names(city) == ["Wahlen"]
    assert "1 angelegt, 0 geändert, 1 Zeilen abgewiesen" in dsb.page(following).main
    assert uploads(city) == 0


def test_a_preview_names_rows_of_the_file_that_others_refer_to(browsers: Browsers) -> None:
    isb = browsers.of(Role.ISB)
    file = io.BytesIO(b"Name;Beruht auf\nPortal;Webserver\nWebserver;\n")
    data: list[tuple[str, Any]] = [("file", (file, "cmdb.csv"))]
    sent = isb.post("/registers/objects/import/", data, content_type="multipart/form-data")
    page = isb.page(str(sent.location)).main
    assert "2 Einträge werden angelegt" in page
    assert "Beruht auf" in page


def test_imported_entries_are_marked_and_their_findings_are_quiet(dsb: Browser, city: City) -> None:
    confirm(dsb, upload(dsb, "Bezeichnung\nMelderegister\n"))
    with city.site.database.reading(city.id) as session:
        assert session.scalars(select(ProcessingActivity.state)).all() == [State.IMPORTED]
        assert set(session.scalars(select(Finding.quiet))) == {True}


def test_unknown_words_are_listed_with_where_they_are_kept(dsb: Browser) -> None:
    page = dsb.page(upload(dsb, "Bezeichnung;Betroffene\nMelderegister;Taubenzüchter\n")).main
    assert "TaubenzüchterBetroffeneZeile 2Weitere betroffene Personen" in page


def test_changes_are_shown_field_by_field(dsb: Browser, city: City) -> None:
    city.save(ProcessingActivity(name="Alt", purposes=[Purpose(text="Auskunft")], stage=Stage.PLANNED))
    preview = upload(dsb, "Nr.;Bezeichnung;Zwecke;Betriebsstand\nVT-0001;Neu;Auskunft;In Betrieb\n")
    page = dsb.page(preview).main
    assert "BezeichnungAltNeu" in page
    assert "BetriebsstandIn PlanungIn Betrieb" in page
    assert "ZweckeAuskunft" not in page
    confirm(dsb, preview)
    assert names(city) == ["Neu"]


def test_columns_can_be_matched_by_hand(dsb: Browser, city: City) -> None:
    preview = upload(dsb, "Was;Wozu\nMelderegister;Auskunft\n")
    page = dsb.page(preview)
    assert "keine Spalte der Bezeichnung" in page.main
    dsb.post(f"{preview}/columns", {"column-0": "name", "column-1": "description"})
    confirm(dsb, preview)
    with city.site.database.reading(city.id) as session:
        assert session.execute(select(ProcessingActivity.name, ProcessingActivity.description)).all() == [
            ("Melderegister", "Auskunft")
        ]


def test_a_match_by_hand_is_proposed_for_the_next_table_with_the_same_columns(dsb: Browser) -> None:
    first = upload(dsb, "Was;Wozu\nMelderegister;Auskunft\n")
    dsb.post(f"{first}/columns", {"column-0": "name", "column-1": "description"})
    confirm(dsb, first)

    page = dsb.page(upload(dsb, "Wozu;Was\nWahl;Wahlen\n"))

    assert (page.value("column-0"), page.value("column-1")) == ("description", "name")
    assert "eine Zuordnung gemerkt" in page.main
    other = dsb.page(upload(dsb, "Was;Wozu;Mehr\nWahlen;Wahl;x\n"))
    assert (other.value("column-0"), "gemerkt" in other.main) == ("", False)


def test_a_remembered_match_can_be_forgotten(dsb: Browser) -> None:
    first = upload(dsb, "Was;Beschreibung\nMelderegister;Auskunft\n")
    dsb.post(f"{first}/columns", {"column-0": "name", "column-1": "notes"})
    confirm(dsb, first)
    second = upload(dsb, "Was;Beschreibung\nWahlen;Wahl\n")
    assert dsb.page(second).value("column-1") == "notes"

    dsb.post(f"{second}/forget")

    page = dsb.page(second)
    assert (page.value("column-0"), page.value("column-1")) == ("", "description")
    assert "gemerkt" not in dsb.page(upload(dsb, "Was;Beschreibung\nWahlen;Wahl\n")).main


def test_what_matches_by_itself_is_not_remembered(dsb: Browser) -> None:
    confirm(dsb, upload(dsb, "Bezeichnung\nMelderegister\n"))

    assert "gemerkt" not in dsb.page(upload(dsb, "Bezeichnung\nWahlen\n")).main


def test_records_in_rdf_are_uploaded_like_a_table(dsb: Browser, city: City) -> None:
    record = (
        "@prefix dpcat: <https://w3id.org/dpcat#> . @prefix dct: <http://purl.org/dc/terms/> .\n"
        '<https://amt.example/#a> a dpcat:ROPARecord ; dct:title "Hundesteuer"@de .\n'
    )
    confirm(dsb, upload(dsb, record, name="verzeichnis.ttl"))

    assert names(city) == ["Hundesteuer"]


def test_two_columns_for_one_field_are_explained_and_the_match_stays(dsb: Browser) -> None:
    preview = upload(dsb, "Bezeichnung;Wozu\nMelderegister;Auskunft\n")
    dsb.post(f"{preview}/columns", {"column-0": "name", "column-1": "name"})
    page = dsb.page(preview)
    assert "sind beide dem Feld" in page.main
    assert (page.value("column-0"), page.value("column-1")) == ("name", "")


def test_a_mapping_file_matches_the_columns(dsb: Browser, city: City) -> None:
    confirm(dsb, upload(dsb, "Was\nMelderegister\n", mapping='{"Was": "name"}'))
    assert names(city) == ["Melderegister"]


@pytest.mark.parametrize(
    ("file", "says"),
    [(b"", "bestand.csv"), (b"\0", "keine Tabelle"), (b"PK\x03\x04", "nicht als Excel-Arbeitsmappe")],
)
def test_a_file_that_is_no_table_is_refused_on_the_upload_page(dsb: Browser, file: bytes, says: str) -> None:
    data: list[tuple[str, Any]] = [("file", (io.BytesIO(file), "bestand.csv"))]
    page = Page(dsb.post(IMPORT, data, status=422, content_type="multipart/form-data").text)
    assert says in page.main


def test_nothing_chosen_is_explained(dsb: Browser) -> None:
    assert "Bitte wählen Sie eine Datei" in Page(dsb.post(IMPORT, {}, status=422).text).main


def test_what_changed_after_the_preview_is_shown_again_before_anything_happens(
    dsb: Browser, city: City
) -> None:
    entry = ProcessingActivity(name="Alt")
    city.save(entry)
    preview = upload(dsb, "Nr.;Bezeichnung\nVT-0001;Neu\n")
    fingerprint = dsb.page(preview).value("fingerprint")
    city.change(entry, description="inzwischen")
    response = dsb.post(f"{preview}/confirm", {"fingerprint": fingerprint})
    assert response.location == preview
    assert names(city) == ["Alt"]
    assert "Inzwischen wurden Einträge geändert" in dsb.page(preview).main


def test_a_discarded_preview_is_gone(dsb: Browser, city: City) -> None:
    preview = upload(dsb, "Bezeichnung\nMelderegister\n")
    dsb.post(f"{preview}/discard")
    dsb.get(preview, status=404)
    assert (names(city), uploads(city)) == ([], 0)


def test_a_new_upload_replaces_the_last_one(dsb: Browser, city: City) -> None:
    first = upload(dsb, "Bezeichnung\nMelderegister\n")
    upload(dsb, "Bezeichnung\nWahlen\n")
    dsb.get(first, status=404)
    assert uploads(city) == 1


def test_nobody_sees_the_upload_of_another_person(dsb: Browser, browsers: Browsers, city: City) -> None:
    preview = upload(dsb, "Bezeichnung\nMelderegister\n")
    other = browsers.of_person(add_person(city, Role.DSB, name="Vertretung"))
    other.get(preview, status=404)
    other.post(f"{preview}/confirm", {"fingerprint": ""}, status=404)


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.MANAGEMENT, Role.AUDITOR, Role.READER])
def test_only_those_who_may_import_get_there(browsers: Browsers, role: Role) -> None:
    browsers.of(role).get(IMPORT, status=403)


def test_registers_that_take_no_files_say_so(browsers: Browsers) -> None:
    browsers.of(Role.ADMINISTRATOR).get("/registers/themes/import/", status=404)


def test_the_list_leads_to_the_import(dsb: Browser) -> None:
    assert f'href="{IMPORT}"' in dsb.get(REGISTER).text


# --- Bulk edit -----------------------------------------------------------------------------------


@pytest.fixture
def three(city: City) -> Sequence[ProcessingActivity]:
    entries = [ProcessingActivity(name=name, state=State.IMPORTED) for name in ("Eins", "Zwei", "Drei")]
    city.save(*entries)
    return entries


def previewed(browser: Browser, **data: Any) -> Page:
    return Page(browser.post(f"{BULK}preview", data, status=200).text)


def applied(browser: Browser, page: Page, **data: Any) -> None:
    browser.post(f"{BULK}apply", {"versions": page.value("versions"), **data})


@pytest.mark.usefixtures("three")
def test_entries_are_chosen_from_the_view(dsb: Browser) -> None:
    page = dsb.page(f"{BULK}?state=IMPORTED")
    assert len([box for box in page.all("input") if box["type"] == "checkbox"]) == 3
    assert re.search(rf'href="{BULK}', dsb.get(REGISTER).text)


def test_a_unit_is_given_to_many_entries_at_once(
    dsb: Browser, city: City, three: Sequence[ProcessingActivity]
) -> None:
    unit = city.units["office"].id.hex
    asked = previewed(dsb, which="chosen", number=["1", "2"], field="unit")
    assert "2 Einträge ausgewählt" in asked.main
    page = previewed(dsb, number="1 2", field="unit", unit=unit)
    assert "2 Einträge werden geändert" in page.main
    assert city.stored(three[0]).unit is None
    applied(dsb, page, field="unit", unit=unit)
    units = [city.stored(entry).unit for entry in three]
    assert [unit and unit.name for unit in units] == ["Bürgeramt", "Bürgeramt", None]
    with city.site.database.reading(city.id) as session:
        assert [change.action for change in history(session, three[0])] == ["bulk", "create"]


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [("risk", "HIGH", RiskToPersons.HIGH), ("ai", "no", False), ("stage", "OPERATION", Stage.OPERATION)],
)
def test_every_kind_of_answer_can_be_given_to_all_of_a_view(
    dsb: Browser, city: City, three: Sequence[ProcessingActivity], field: str, value: str, expected: Any
) -> None:
    page = previewed(dsb, which="all", view="q=zwei", field=field, **{field: value})
    applied(dsb, page, field=field, **{field: value})
    assert [getattr(city.stored(entry), field) for entry in three] == [None, expected, None]


def test_checked_imports_become_drafts(dsb: Browser, city: City, three: Sequence[ProcessingActivity]) -> None:
    page = previewed(dsb, which="chosen", number=["1", "3"], field="@checked")
    applied(dsb, page, field="@checked")
    states = [city.stored(entry).state for entry in three]
    assert states == [State.DRAFT, State.IMPORTED, State.DRAFT]


def test_entries_that_changed_after_the_preview_are_left_alone(
    dsb: Browser, city: City, three: Sequence[ProcessingActivity]
) -> None:
    page = previewed(dsb, number="1 2", field="stage", stage="OPERATION")
    city.change(three[0], description="inzwischen")
    applied(dsb, page, field="stage", stage="OPERATION")
    assert [city.stored(entry).stage for entry in three] == [None, Stage.OPERATION, None]
    assert "ausgelassen: 1" in dsb.page(REGISTER).main


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    "data",
    [
        {"field": "stage"},
        {"number": "1", "field": "name"},
        {"number": "1"},
        {"number": "1", "field": "unit", "unit": "0" * 32},
    ],
)
def test_an_incomplete_choice_is_explained(dsb: Browser, data: dict[str, str]) -> None:
    dsb.post(f"{BULK}preview", data, status=422)


@pytest.mark.usefixtures("three")
def test_an_answer_that_is_none_is_asked_for_again(dsb: Browser) -> None:
    page = previewed(dsb, number="1", field="next_review", next_review="bald")
    assert "kein Datum" in page.main
    assert "Bitte geben Sie die neue Angabe an" in previewed(dsb, number="1", field="stage", stage="").main


def test_whoever_is_limited_to_a_unit_changes_only_its_entries(browsers: Browsers, city: City) -> None:
    mine = ProcessingActivity(name="Eigen", unit=city.units["office"])
    theirs = ProcessingActivity(name="Fremd", unit=city.units["other"])
    nobodys = ProcessingActivity(name="Niemands")
    city.save(mine, theirs, nobodys)
    clerk = browsers.of_person(add_person(city, Role.COORDINATOR, unit=city.units["office"]))
    page = previewed(clerk, number="1 2 3", field="stage", stage="OPERATION")
    assert "1 Eintrag wird geändert" in page.main
    assert "1 Eintrag dürfen Sie nicht ändern" in page.main
    assert "Fremd" not in page.main
    away = {"field": "unit", "unit": city.units["other"].id.hex, "versions": "1:1"}
    clerk.post(f"{BULK}apply", away, status=404)
    assert city.stored(mine).unit.name == "Bürgeramt"
    clerk.post(
        f"{BULK}apply", {"field": "stage", "stage": "OPERATION", "versions": "1:1 2:1 3:1"}, status=403
    )


def test_readers_cannot_change_anything(browsers: Browsers) -> None:
    browsers.of(Role.READER).get(BULK, status=403)
