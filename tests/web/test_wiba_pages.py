"""WiBA in the browser: checklists by urgency, questions by keyboard, and what carries over to the check."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from assessments.grundschutz.check import RequirementAnswer, Status
from assessments.grundschutz.domain import Approach, InformationDomain
from assessments.grundschutz.modelling import assign
from assessments.grundschutz.wiba import import_wiba
from compliance.entry import by_number
from compliance.people import Role
from registers.importing.sheets import read_sheets
from tests.assessments.grundschutz import wiba_workbooks
from tests.assessments.grundschutz.cross_tables import workbook
from tests.assessments.grundschutz.wiba_workbooks import DOCUMENTATION
from tests.browsers import Browser, Browsers
from tests.city import City
from tests.pages import Page

DOMAIN = "/registers/information-domains/1"
WIBA = "/grundschutz/1/wiba"
PROPOSALS = f"{WIBA}/proposals"
JSON = {"Accept": "application/json"}
QUESTIONS = workbook(wiba_workbooks.questions())
LINKS = workbook(wiba_workbooks.links({(3, 1): ["ISMS.1.A1"], (3, 2): ["ISMS.1.A2"]}))


@pytest.fixture
def office(city: City) -> City:
    city.save(InformationDomain(name="Kernverwaltung", approach=Approach.WIBA), by=Role.ISB)
    with city.site.database.writing(city.id, actor=city.actor(Role.ISB)) as session:
        domain = by_number(session, InformationDomain, 1)
        assert domain is not None
        assign(session, domain, [(None, "ISMS.1")], by=city.identity(Role.ISB))
    return city


@pytest.fixture
def ready(office: City) -> City:
    for data in (QUESTIONS, LINKS):
        import_wiba(office.site.database, data, read_sheets(data, "w.xlsx"), actor=office.actor(Role.ISB))
    return office


@pytest.fixture
def isb(browsers: Browsers) -> Browser:
    return browsers.of(Role.ISB)


def sent(status: str = "YES", *, key: str = "3.1", version: int = 0, note: str = "") -> dict[str, str]:
    return {"version": str(version), "following": "3.2", f"{key}-status": status, f"{key}-note": note}


def filled_in(status: str, note: str) -> bytes:
    """The workbook with an answer to its first question."""
    cells = wiba_workbooks.questions()
    cells[DOCUMENTATION][1][5:] = [status, note]
    return workbook(cells)


# --- The catalogue -------------------------------------------------------------------------------


@pytest.mark.usefixtures("office")
def test_the_checklists_are_there_by_name_before_their_questions(isb: Browser) -> None:
    for address in ("/wiba/", WIBA):
        assert "Rollen / Berechtigungen / Authentisierung" in isb.page(address).main
    assert "noch nicht eingelesen" in isb.page("/wiba/").main
    assert "noch nicht eingelesen" in isb.page(f"{WIBA}/3").main
    assert "Zu den Checklisten" in isb.page(DOMAIN).main


@pytest.mark.usefixtures("office")
def test_both_workbooks_are_imported_on_the_page(isb: Browser) -> None:
    isb.upload("/wiba/", [("tool.xlsx", QUESTIONS)])
    assert "38 Prüffragen in 19 Checklisten" in isb.page("/wiba/").main
    isb.upload("/wiba/", [("mapping.xlsx", LINKS)])
    assert "2 Prüffragen sind 2 Anforderungen zugeordnet" in isb.page("/wiba/").main
    isb.upload("/wiba/", [("tool.xlsx", QUESTIONS)])
    assert "nichts wurde geändert" in isb.page("/wiba/").main


def test_a_wrong_workbook_is_refused_with_its_place(isb: Browser) -> None:
    cells = wiba_workbooks.questions()
    cells[DOCUMENTATION][4][2] = None
    answer = isb.upload("/wiba/", [("tool.xlsx", workbook(cells))], status=422)
    assert "Blatt „Dokumentation WiBA“, Zeile 5, Spalte C" in Page(answer.text).main
    other = isb.upload("/wiba/", [("x.xlsx", workbook({"Blatt": [["Bezeichnung"]]}))], status=422)
    assert "Die Tabelle „x.xlsx“ ist weder die Kreuzreferenztabelle" in Page(other.text).main
    assert "Bitte wählen Sie die Datei aus." in isb.post("/wiba/", status=422).text


@pytest.mark.parametrize(("role", "status"), [(Role.AUDITOR, 403), (Role.ISB, 422)])
def test_only_some_may_import(browsers: Browsers, role: Role, status: int) -> None:
    assert browsers.of(role).status("POST", "/wiba/") == status


# --- Questions -----------------------------------------------------------------------------------


@pytest.mark.usefixtures("ready")
def test_an_answer_leads_to_the_next_question_and_counts(isb: Browser) -> None:
    assert isb.post(f"{WIBA}/3/3.1", sent(note="Täglich")).location == f"{WIBA}/3#3.2"
    page = isb.page(f"{WIBA}/3")
    assert "1 von 2 beantwortet" in page.main
    assert "Täglich" in page.main
    assert "1 von 38 beantwortet" in isb.page(WIBA).main


@pytest.mark.usefixtures("ready")
def test_scripts_are_told_in_json_what_was_stored(isb: Browser) -> None:
    told = json.loads(isb.post(f"{WIBA}/3/3.1", sent("NOT_RELEVANT"), status=200, headers=JSON).text)
    assert (told["version"], told["answered"], told["said"]) == (1, 1, "Frage 3.1 gespeichert.")
    assert "Begründung fehlt" in told["standing"]


@pytest.mark.usefixtures("ready")
def test_who_read_an_older_answer_sees_both(isb: Browser) -> None:
    isb.post(f"{WIBA}/3/3.1", sent("NO", note="Kein Plan"))
    page = Page(isb.post(f"{WIBA}/3/3.1", sent("YES"), status=409).text)
    assert "Gespeichert ist jetzt: Nein, Kein Plan" in page.main
    told = json.loads(isb.post(f"{WIBA}/3/3.1", sent("YES"), status=409, headers=JSON).text)
    assert "data-requirement" in told["html"]


@pytest.mark.usefixtures("ready")
def test_what_there_is_not_is_not_found_and_readers_only_read(isb: Browser, browsers: Browsers) -> None:
    assert isb.status("GET", f"{WIBA}/20") == 404
    assert isb.status("POST", f"{WIBA}/3/3.9", sent(key="3.9")) == 404
    auditor = browsers.of(Role.AUDITOR)
    assert "Speichern und weiter" not in auditor.page(f"{WIBA}/3").main
    assert auditor.status("POST", f"{WIBA}/3/3.1", sent()) == 403
    assert auditor.status("POST", PROPOSALS) == 403


@pytest.mark.usefixtures("ready")
def test_a_filled_in_workbook_is_taken_on_the_page_of_the_domain(isb: Browser, browsers: Browsers) -> None:
    filled = filled_in("Ja", "Geregelt")
    isb.upload(WIBA, [("tool.xlsx", filled)])
    assert "1 Antwort ist übernommen." in isb.page(WIBA).main
    isb.upload(WIBA, [("tool.xlsx", filled)])
    assert "1 eigene Antwort blieb, wie sie ist." in isb.page(WIBA).main
    wrong = isb.upload(WIBA, [("tool.xlsx", filled_in("vielleicht", "Geregelt"))], status=422)
    assert "Zeile 2, Spalte F" in Page(wrong.text).main
    assert isb.status("POST", WIBA) == 422
    auditor = browsers.of(Role.AUDITOR)
    auditor.upload(WIBA, [("tool.xlsx", QUESTIONS)], status=403)


# --- Into the check ------------------------------------------------------------------------------


def stored(city: City) -> dict[str, Status | None]:
    with city.site.database.reading(city.id) as session:
        rows = session.execute(select(RequirementAnswer.requirement_id, RequirementAnswer.status))
        return {row.requirement_id: row.status for row in rows}


def test_proposals_are_taken_over_one_by_one_or_all_of_a_module(ready: City, isb: Browser) -> None:
    isb.post(f"{WIBA}/3/3.1", sent("YES"))
    isb.post(f"{WIBA}/3/3.2", sent("NO", key="3.2"))
    page = isb.page(PROPOSALS)
    assert "Vorschlag: Ja Sicherheit mittel" in page.main
    [first, second] = [one["value"] for one in page.all("input") if one["name"] == "line"]
    isb.post(PROPOSALS, {"one": first})
    assert stored(ready) == {"ISMS.1.A1": Status.YES}
    isb.post(PROPOSALS, {"all": second.partition(":")[0]})
    assert stored(ready) == {"ISMS.1.A1": Status.YES, "ISMS.1.A2": Status.NO}
    isb.post(f"{WIBA}/3/3.1", sent("NO", version=1))
    page = isb.page(f"{PROPOSALS}?show=STALE")
    assert "Quelle geändert seit" in page.main
    assert "ISMS.1.A2" not in page.main
    assert isb.status("POST", PROPOSALS, {"all": "nonsense"}) == 404


@pytest.mark.usefixtures("office")
def test_without_anything_to_carry_over_the_page_says_why(isb: Browser) -> None:
    assert "Die Zuordnung von WiBA zum Kompendium ist noch nicht eingelesen." in isb.page(PROPOSALS).main
    isb.upload("/wiba/", [("mapping.xlsx", LINKS)])
    assert "Vorschläge entstehen, sobald" in isb.page(PROPOSALS).main


@pytest.mark.usefixtures("ready")
def test_the_pages_are_shown_in_english_too(isb: Browser) -> None:
    isb.post("/language", {"language": "en", "next": WIBA})
    assert "Way into basic protection (WiBA)" in isb.page(WIBA).main
    keys = [one["data-key"] for one in isb.page(f"{WIBA}/3").all("input") if one["data-key"]]
    assert keys[:3] == ["y", "n", "r"]
