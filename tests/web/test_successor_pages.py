"""The work list from Edition 2023 is read, filtered, taken over and exported in the browser."""

from __future__ import annotations

import io
import uuid
from dataclasses import dataclass
from typing import Any

import pytest
from openpyxl import load_workbook

from assessments.grundschutz.check import Given, Status, answer
from assessments.grundschutz.controls import use_catalogue
from assessments.grundschutz.domain import Approach, InformationDomain
from assessments.grundschutz.library import control_catalogue, import_oscal
from assessments.grundschutz.mapping_library import import_mapping
from assessments.grundschutz.modelling import assign, load_assignment
from assessments.grundschutz.oscal_profile import Source
from compliance.entry import by_number
from compliance.people import Role
from tests.assessments.grundschutz.mapping_documents import collection, mapped, source
from tests.assessments.grundschutz.oscal_documents import catalogue, control, stable, written
from tests.browsers import Browser, Browsers
from tests.city import City

SAVING, ERASING = (stable(digit)[0]["value"] for digit in (1, 2))
CATALOGUE = catalogue(
    control("K.1", "Sichern", prose="MUSS.", props=stable(1)),
    control("K.2", "Löschen", prose="MUSS.", props=stable(2)),
)
MAPPING = collection(
    mapped("ISMS.1.A1", "K.1", "equal-to", key=SAVING),
    mapped("ISMS.1.A2", "K.1", "subset-of", key=SAVING),
    mapped("ORP.1.A1-UA.2", "K.2", "subset-of", key=ERASING, assumed=True),
)


@dataclass(frozen=True)
class Office:
    """A city that checks a catalogue to which requirements of two assigned modules are mapped."""

    city: City
    use: str
    assignments: dict[str, uuid.UUID]

    @property
    def address(self) -> str:
        return f"/grundschutz/1/controls/{self.use}/successors"

    def give(self, requirement_id: str, status: Status) -> None:
        with self.city.site.database.writing(self.city.id, actor=self.city.actor(Role.ISB)) as session:
            assignment = load_assignment(session, self.assignments[requirement_id.rpartition(".")[0]])
            answer(session, assignment, requirement_id, Given(status), by=self.city.identity(Role.ISB))


@pytest.fixture
def office(city: City) -> Office:
    city.save(InformationDomain(name="Kernverwaltung", approach=Approach.STANDARD), by=Role.ISB)
    actor, by = city.actor(Role.ISB), city.identity(Role.ISB)
    short = import_oscal(city.site.database, Source("k.json", written(CATALOGUE)), actor=actor).short
    with city.site.database.writing(city.id, actor=actor) as session:
        domain = by_number(session, InformationDomain, 1)
        assert domain is not None
        use = use_catalogue(session, domain, control_catalogue(session, short), by=by)
        added = assign(session, domain, [(None, "ISMS.1"), (None, "ORP.1")], by=by)
    found = Office(city, use.id.hex, {each.module_id: each.id for each in added})
    for requirement_id in ("ISMS.1.A1", "ISMS.1.A2", "ORP.1.A1"):
        found.give(requirement_id, Status.YES)
    return found


@pytest.fixture
def mapping(office: Office) -> str:
    return import_mapping(office.city.site.database, source(MAPPING), actor=office.city.actor(Role.ISB)).short


@pytest.fixture
def isb(browsers: Browsers) -> Browser:
    return browsers.of(Role.ISB)


@pytest.mark.usefixtures("mapping")
def test_answered_requirements_that_nothing_is_mapped_to_are_named(office: Office, isb: Browser) -> None:
    assert "keine Zuordnung" not in isb.page(office.address).main
    for requirement_id in ("ISMS.1.A3", "ISMS.1.A4", "ORP.1.A2"):
        office.give(requirement_id, Status.NO)
    main = " ".join(isb.page(office.address).main.split())
    assert "3 beantwortete Anforderungen haben keine Zuordnung" in main
    links = [one["href"] for one in isb.page(office.address).all("a") if "/2023/" in (one["href"] or "")]
    assert links[:3] == [
        f"/catalogues/2023/controls/{each}" for each in ("ISMS.1.A3", "ISMS.1.A4", "ORP.1.A2")
    ]
    book = load_workbook(io.BytesIO(isb.get(f"{office.address}/export.xlsx").data))
    rows = [row[0] for row in book["Ohne Zuordnung"].values]
    assert [each for each in rows if each and "." in str(each)] == ["ISMS.1.A3", "ISMS.1.A4", "ORP.1.A2"]


def test_without_a_mapping_the_page_says_where_to_import_one(office: Office, isb: Browser) -> None:
    page = isb.page(office.address)
    assert "noch nicht eingelesen" in page.main
    assert [one["href"] for one in page.all("a") if "Zuordnung einlesen" in one.text] == [
        "/catalogues/#import"
    ]
    assert isb.status("POST", office.address) == 404
    assert isb.status("GET", f"{office.address}/export.csv") == 404


def test_a_mapping_is_imported_on_the_page_of_catalogues_and_listed(isb: Browser) -> None:
    isb.upload("/catalogues/", [("zuordnung.json", source(MAPPING).data)])
    page = isb.page("/catalogues/")
    assert "3 Zuordnungen von 3 Anforderungen der Edition 2023 zu 2 Controls" in page.main
    assert "Zuordnungen von der Edition 2023" in page.main
    isb.upload("/catalogues/", [("zuordnung.json", source(MAPPING).data)])
    assert "nichts wurde geändert" in isb.page("/catalogues/").main


@pytest.mark.usefixtures("mapping")
def test_every_proposal_stands_with_source_relation_and_confidence(office: Office, isb: Browser) -> None:
    page = isb.page(office.address)
    assert "0 von 2 Controls entschieden" in page.main
    assert "K.1 Sichern ISMS.1.A1 gleich · auch aus ISMS.1.A2" in page.main
    assert "ORP.1.A1 deckt einen Teil ab (UA.2), Beziehung nur angenommen" in page.main
    assert "Vorschlag: Ja Sicherheit hoch" in page.main
    assert "Vorschlag: Teilweise Sicherheit gering" in page.main


@pytest.mark.usefixtures("mapping")
@pytest.mark.parametrize(
    ("sent", "said", "done"),
    [
        ({"control": SAVING}, "1 Antwort ist übernommen.", "1 von 2"),
        ({"control": [SAVING, ERASING]}, "2 Antworten sind übernommen.", "2 von 2"),
        ({"one": ERASING}, "1 Antwort ist übernommen.", "1 von 2"),
        ({"all": "ISMS.1"}, "1 Antwort ist übernommen.", "1 von 2"),
    ],
)
def test_one_several_or_all_of_a_module_are_taken_over(
    office: Office, isb: Browser, sent: dict[str, Any], said: str, done: str
) -> None:
    isb.post(office.address, sent)
    page = isb.page(office.address)
    assert said in page.main
    assert f"{done} Controls entschieden" in page.main


@pytest.mark.usefixtures("mapping")
def test_what_was_taken_over_shows_its_source_and_that_it_changed(office: Office, isb: Browser) -> None:
    isb.post(office.address, {"one": SAVING})
    chapter = f"/grundschutz/1/controls/{office.use}/0"
    assert "aus ISMS.1.A1 „Ja“" in isb.page(chapter).main
    assert "Quelle geändert" not in isb.page(chapter).main
    office.give("ISMS.1.A1", Status.NO)
    assert "Quelle geändert seit" in isb.page(chapter).main
    page = isb.page(f"{office.address}?show=STALE")
    assert "Quelle geändert seit" in page.main
    assert "K.2" not in page.main
    isb.post(office.address, {"one": SAVING, "show": "STALE"})
    assert "Zu dieser Auswahl gibt es keine Zeilen." in isb.page(f"{office.address}?show=STALE").main


@pytest.mark.usefixtures("mapping")
def test_an_own_answer_is_replaced_only_on_purpose(office: Office, isb: Browser) -> None:
    form = {"version": "0", "following": "", "show": "", f"{SAVING}-status": "NO"}
    isb.post(f"/grundschutz/1/controls/{office.use}/0/{SAVING}", form)
    page = isb.page(office.address)
    assert "Eigene Antwort: Nein" in page.main
    assert SAVING not in [one["value"] for one in page.all("input") if one["name"] == "control"]
    isb.post(office.address, {"control": [SAVING, ERASING]})
    assert "1 eigene Antwort blieb, wie sie ist." in isb.page(office.address).main
    isb.post(office.address, {"replace": SAVING})
    assert "Eigene Antwort" not in isb.page(office.address).main


@pytest.mark.usefixtures("mapping")
def test_the_list_is_filtered_by_module_confidence_and_standing(office: Office, isb: Browser) -> None:
    isb.post(office.address, {"one": SAVING})
    assert "K.2" not in isb.page(f"{office.address}?module=ISMS.1").main
    assert "K.2" not in isb.page(f"{office.address}?confidence=MEDIUM").main
    assert "K.1" not in isb.page(f"{office.address}?show=OPEN").main
    assert "K.1" in isb.page(f"{office.address}?show=unknown&confidence=unknown").main


def test_the_list_leaves_the_house_for_spreadsheets(office: Office, isb: Browser, mapping: str) -> None:
    isb.post(office.address, {"one": SAVING})
    book = load_workbook(io.BytesIO(isb.get(f"{office.address}/export.xlsx?module=ORP.1").data))
    rows = [
        [cell for cell in row if cell is not None] for row in book["Arbeitsliste"].iter_rows(values_only=True)
    ]
    shown = ["ORP.1.A1", "K.2", "Löschen", "Teilweise", "gering", "offen"]
    assert [cell for cell in rows[-1] if cell in shown] == shown
    text = isb.get(f"{office.address}/export.csv?mapping={mapping}").data.decode("utf-8-sig")
    assert "ISMS.1.A1" in text
    assert "übernommen" in text


@pytest.mark.usefixtures("mapping")
def test_readers_see_the_list_and_take_nothing_over(office: Office, browsers: Browsers) -> None:
    auditor = browsers.of(Role.AUDITOR)
    assert "Angekreuzte übernehmen" not in auditor.page(office.address).main
    assert auditor.status("POST", office.address) == 403
    assert auditor.status("GET", office.address.replace("/1/", "/2/")) == 404
    assert auditor.status("GET", "/grundschutz/1/controls/nonsense/successors") == 404


@pytest.mark.usefixtures("mapping")
def test_the_list_is_shown_in_english_too(office: Office, isb: Browser) -> None:
    isb.post("/language", {"language": "en", "next": office.address})
    page = isb.page(office.address)
    assert "Take over what is ticked" in page.main
    assert "Proposal: Yes confidence high" in page.main
