"""The pages of IT-Grundschutz keep what people answer, ask only what is needed, and open to no one else."""

from __future__ import annotations

import io
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

import pytest
from sqlalchemy import select

from assessments.grundschutz.check import Given, RequirementAnswer, Status, answer, given_in
from assessments.grundschutz.domain import Approach, InformationDomain
from assessments.grundschutz.kompendium import edition_2023
from assessments.grundschutz.modelling import Assignment, assign, load_assignment
from compliance.entry import by_number, everything
from compliance.people import Role
from registers.objects import ObjectKind, ObjectStatus, TargetObject
from tests.assessments.grundschutz.cross_tables import tables, workbook
from tests.browsers import Browser, Browsers
from tests.city import City
from tests.pages import Page

DOMAIN_PAGE = "/registers/information-domains/1"
FIRST = "SYS.1.1.A1"
JSON = {"Accept": "application/json"}
BLIND = (Role.COORDINATOR, Role.READER)
READING = (Role.DSB, Role.PROJECT_LEAD, Role.MANAGEMENT, Role.AUDITOR, Role.ADMINISTRATOR)


@dataclass(frozen=True)
class Office:
    """A city with one information domain, in which the module for servers is applied to one server."""

    city: City
    server: uuid.UUID
    assignment: uuid.UUID

    @property
    def check(self) -> str:
        return f"/grundschutz/1/{self.assignment.hex}"

    def answer_page(self, requirement_id: str = FIRST) -> str:
        return f"{self.check}/answers/{requirement_id}"

    def give(self, requirement_id: str, given: Given) -> None:
        """Somebody else answers."""
        with self.city.site.database.writing(self.city.id, actor=self.city.actor(Role.ISB)) as session:
            assignment = load_assignment(session, self.assignment)
            answer(session, assignment, requirement_id, given, by=self.city.identity(Role.ISB))

    def answers(self) -> dict[str, Given]:
        with self.city.site.database.reading(self.city.id) as session:
            stored = session.scalars(select(RequirementAnswer).options(*everything(RequirementAnswer)))
            return {each.requirement_id: given_in(each) for each in stored}

    def assignments(self) -> dict[str, tuple[bool | None, str]]:
        with self.city.site.database.reading(self.city.id) as session:
            stored = session.scalars(select(Assignment).options(*everything(Assignment)))
            return {each.module_id: (each.relevant, each.reason) for each in stored}


@pytest.fixture
def office(city: City) -> Office:
    server = TargetObject(
        name="Windows Server", kind=ObjectKind.IT_SYSTEM, status=ObjectStatus.OPERATION, count=1
    )
    domain = InformationDomain(name="Kernverwaltung", approach=Approach.STANDARD, objects=[server])
    city.save(server, domain, by=Role.ISB)
    with city.site.database.writing(city.id, actor=city.actor(Role.ISB)) as session:
        whole = by_number(session, InformationDomain, 1)
        assert whole is not None
        added = assign(session, whole, [(server.id, "SYS.1.1")], by=city.identity(Role.ISB))
    return Office(city, server.id, added[0].id)


@pytest.fixture
def isb(browsers: Browsers) -> Browser:
    return browsers.of(Role.ISB)


def sent(requirement_id: str = FIRST, *, version: int = 0, **answers: str) -> dict[str, str]:
    """What a browser sends for one requirement."""
    named = {f"{requirement_id}-{name}": text for name, text in answers.items()}
    return {"version": str(version), "following": "SYS.1.1.A2", "show": ""} | named


# --- Who may do what -----------------------------------------------------------------------------


def addresses(office: Office) -> list[str]:
    return [DOMAIN_PAGE, office.check, "/grundschutz/catalogue", "/grundschutz/1/stale"]


def changes(office: Office) -> dict[str, Mapping[str, str]]:
    return {
        office.answer_page(): sent(status="YES"),
        f"{office.check}/bulk": {"do": "apply", "status": "YES", "requirement": FIRST},
        f"{office.check}/interview": {"held_on": "2026-03-02", "participants": "Ida Beispiel"},
        f"{office.check}/sources": {"requirement": FIRST, "process": "0" * 32},
        "/grundschutz/1/stale": {},
        f"{office.check}/adopted/SYS.1.1.A27": {"adopted": "yes"},
        f"{office.check}/relevance": {"relevant": "no", "reason": "Virtuell"},
        f"{office.check}/remove": {},
        "/grundschutz/1/modelling": {"apply": ":ISMS.1"},
    }


@pytest.mark.parametrize("role", BLIND)
def test_who_may_not_see_information_security_finds_nothing(
    office: Office, browsers: Browsers, role: Role
) -> None:
    browser = browsers.of(role)
    assert {browser.status("GET", address) for address in addresses(office)} == {404}
    assert {browser.status("POST", address, data) for address, data in changes(office).items()} == {404}
    assert office.answers() == {}


@pytest.mark.parametrize("role", READING)
def test_who_may_only_look_sees_everything_and_changes_nothing(
    office: Office, browsers: Browsers, role: Role
) -> None:
    browser = browsers.of(role)
    assert {browser.status("GET", address) for address in addresses(office)} == {200}
    assert browser.status("GET", "/grundschutz/1/modelling") == 403
    assert browser.status("GET", f"{office.check}/bulk") == 403
    assert {browser.status("POST", address, data) for address, data in changes(office).items()} == {403}
    assert not [one for one in browser.page(office.check).all("input") if one["type"] == "radio"]
    assert office.answers() == {}


def test_the_officer_may_do_everything(office: Office, isb: Browser) -> None:
    assert {isb.status("GET", address) for address in addresses(office)} == {200}
    for address, data in changes(office).items():
        if not address.endswith(("/remove", "/sources")):
            assert isb.status("POST", address, data) == 302


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.ISB, 422),
        (Role.ADMINISTRATOR, 422),
        (Role.DSB, 403),
        (Role.AUDITOR, 403),
        (Role.MANAGEMENT, 403),
        (Role.PROJECT_LEAD, 403),
        (Role.READER, 404),
        (Role.COORDINATOR, 404),
    ],
)
def test_only_some_may_import_the_wordings(browsers: Browsers, role: Role, status: int) -> None:
    assert browsers.of(role).status("POST", "/grundschutz/catalogue") == status


def test_an_assignment_is_found_only_in_its_own_domain(office: Office, isb: Browser) -> None:
    office.city.save(InformationDomain(name="Stadtwerke"), by=Role.ISB)
    assert isb.status("GET", office.check.replace("/1/", "/2/")) == 404
    assert isb.status("GET", "/grundschutz/1/nonsense") == 404
    assert isb.status("GET", f"/grundschutz/1/{uuid.uuid4().hex}") == 404


# --- Answering -----------------------------------------------------------------------------------


def test_an_answer_is_stored_and_leads_to_the_next_requirement(office: Office, isb: Browser) -> None:
    plan = sent(status="PARTIAL", measure="Härten", responsible="Amt 11", due="2026-09-30")
    response = isb.post(office.answer_page(), plan)
    assert response.location == f"{office.check}#SYS.1.1.A2"
    given = office.answers()[FIRST]
    assert (given.status, given.measure, given.responsible) == (Status.PARTIAL, "Härten", "Amt 11")
    assert str(given.due) == "2026-09-30"
    assert "1 von 20 beantwortet" in isb.page(office.check).main


def test_a_script_is_told_what_was_stored(office: Office, isb: Browser) -> None:
    reply = isb.post(office.answer_page(), sent(status="UNNECESSARY"), status=200, headers=JSON).get_json()
    assert (reply["version"], reply["answered"], reply["progress"]) == (1, 1, "1 von 20 beantwortet")
    assert reply["said"] == f"{FIRST} gespeichert."
    assert "Begründung fehlt" in reply["standing"]


def test_an_answer_gets_its_measure_with_one_click(office: Office, isb: Browser, browsers: Browsers) -> None:
    plan = sent(status="PARTIAL", measure="Härten", responsible="Amt 11", due="2026-09-30")
    response = isb.post(office.answer_page(), plan | {"do": "plan"})
    assert response.location == f"{office.check}#{FIRST}"
    for browser in (isb, browsers.of(Role.AUDITOR)):
        page = browser.page(office.check)
        assert "MA-0001 Zugriffsschutz und Nutzung Geplant, bis 30.09.2026, Amt 11" in page.main
        assert "/registers/measures/1" in [link["href"] for link in page.all("a")]
    again = sent(version=1, status="NO")
    assert isb.status("POST", office.answer_page(), again | {"do": "plan"}) == 422
    assert office.answers()[FIRST].status is Status.PARTIAL


def test_a_script_gets_the_new_measure_to_show(office: Office, isb: Browser) -> None:
    second = "SYS.1.1.A2"
    data = sent(second, status="NO") | {"do": "plan"}
    reply = isb.post(office.answer_page(second), data, status=200, headers=JSON).get_json()
    assert reply["said"] == "MA-0001 Authentisierung an Servern ist angelegt."
    assert "/registers/measures/1" in reply["planned"]
    assert "noch keine Maßnahme" in isb.page(office.check).main


def test_only_who_keeps_measures_is_offered_to_draw_one_up(
    office: Office, isb: Browser, browsers: Browsers
) -> None:
    office.give(FIRST, Given(Status.NO))
    assert "Maßnahme anlegen" in isb.page(office.check).main
    seen = browsers.of(Role.AUDITOR).page(office.check).main
    assert "noch keine Maßnahme" in seen
    assert "Maßnahme anlegen" not in seen


def test_who_only_reads_sees_each_answer_as_a_fact(office: Office, browsers: Browsers) -> None:
    office.give(FIRST, Given(Status.NO, remark="Ohne Schloss"))
    facts = [fact.text.strip() for fact in browsers.of(Role.AUDITOR).page(office.check).all("dl")]
    assert facts == ["UmsetzungsstatusNeinBemerkungOhne Schloss"]


def test_an_answer_to_an_older_version_is_shown_beside_the_stored_one(office: Office, isb: Browser) -> None:
    office.give(FIRST, Given(Status.NO, measure="Neu beschaffen"))
    mine = sent(status="PARTIAL", measure="Umbauen")
    page = Page(isb.post(office.answer_page(), mine, status=409).text)
    assert page.value(f"{FIRST}-measure") == "Umbauen"
    assert "Neu beschaffen" in page.main
    reply = isb.post(office.answer_page(), mine, status=409, headers=JSON).get_json()
    assert "Neu beschaffen" in reply["html"]
    assert "Umbauen" in reply["html"]
    assert office.answers()[FIRST] == Given(Status.NO, measure="Neu beschaffen")
    isb.post(office.answer_page(), mine | {"version": page.value("version")})
    assert office.answers()[FIRST] == Given(Status.PARTIAL, measure="Umbauen")


def test_what_cannot_be_read_comes_back_as_it_was_typed(office: Office, isb: Browser) -> None:
    wrong = sent(status="NO", measure="Umbauen", due="bald")
    page = Page(isb.post(office.answer_page(), wrong, status=422).text)
    assert (page.value(f"{FIRST}-due"), page.value(f"{FIRST}-measure")) == ("bald", "Umbauen")
    assert "kein Datum" in page.main
    assert office.answers() == {}


@pytest.mark.parametrize("requirement_id", ["SYS.1.1.A27", "SYS.1.1.A3", "APP.6.A1", "no-such-thing"])
def test_what_is_not_asked_for_is_not_answered(office: Office, isb: Browser, requirement_id: str) -> None:
    assert isb.status("POST", office.answer_page(requirement_id), sent(requirement_id, status="YES")) == 422
    assert office.answers() == {}


def test_filters_show_what_is_open_and_what_is_mine(office: Office, isb: Browser) -> None:
    name = office.city.people[Role.ISB].name
    office.give(FIRST, Given(Status.NO, responsible=f"{name}, IT"))
    ids = {row.id for row in edition_2023().requirements_of("SYS.1.1")}

    def shown(show: str) -> set[str]:
        return {one["id"] for one in isb.page(f"{office.check}?show={show}").all("li") if one["id"] in ids}

    assert len(shown("")) == 20
    assert shown("open") == shown("") - {FIRST}
    assert shown("mine") == {FIRST}


def test_what_was_changed_after_the_interview_can_be_filtered(office: Office, isb: Browser) -> None:
    office.give(FIRST, Given(Status.YES))
    isb.post(f"{office.check}/interview", {"held_on": "2020-03-02", "participants": "Amt 11"})
    page = isb.page(f"{office.check}?show=changed")
    assert [one["id"] for one in page.all("li") if one["id"].startswith("SYS.1.1.A")] == [FIRST]
    assert "Ein Gespräch, am 02.03.2020: Amt 11" in page.main


def test_withdrawn_requirements_are_not_shown(office: Office, isb: Browser) -> None:
    assert "ENTFALLEN" not in isb.page(office.check).main


def test_a_requirement_of_the_risk_analysis_is_taken_in_and_out(office: Office, isb: Browser) -> None:
    isb.post(f"{office.check}/adopted/SYS.1.1.A27", {"adopted": "yes"})
    assert "aus der Risikoanalyse übernommen" in isb.page(office.check).main
    isb.post(f"{office.check}/adopted/SYS.1.1.A27", {"adopted": "no"})
    assert "aus der Risikoanalyse übernommen" not in isb.page(office.check).main


# --- Many at once --------------------------------------------------------------------------------


def test_all_open_ones_are_answered_only_after_a_preview(office: Office, isb: Browser) -> None:
    office.give(FIRST, Given(Status.YES))
    form = {"status": "NO", "measure": "Ablösen", "responsible": "Amt 11", "due": "2026-09-30"}
    offered = isb.page(f"{office.check}/bulk").all("input")
    ticked = [("requirement", one["value"]) for one in offered if "checked" in one.attributes]
    sent_first = [*form.items(), ("do", "preview"), *ticked]
    page = Page(isb.post(f"{office.check}/bulk", sent_first, status=200).text)
    previewed = [one["value"] for one in page.all("input") if one["name"] == "requirement"]
    assert len(previewed) == 19
    assert FIRST not in previewed
    assert set(office.answers()) == {FIRST}
    office.give("SYS.1.1.A2", Given(Status.YES))
    fields = [*form.items(), ("do", "apply"), *(("requirement", each) for each in previewed)]
    isb.post(f"{office.check}/bulk", fields)
    found = office.answers()
    assert {each for each, given in found.items() if given.status is Status.YES} == {FIRST, "SYS.1.1.A2"}
    assert [given.measure for given in found.values()].count("Ablösen") == 18
    assert "1 Anforderung hat inzwischen jemand anderes beantwortet" in str(isb.get(office.check).text)


def test_answered_ones_can_be_ticked_too_and_nothing_ticked_is_asked_about(
    office: Office, isb: Browser
) -> None:
    office.give(FIRST, Given(Status.YES))
    isb.post(f"{office.check}/bulk", {"status": "NO", "do": "preview"}, status=422)
    form = {"status": "NO", "do": "preview", "requirement": FIRST}
    page = Page(isb.post(f"{office.check}/bulk", form, status=200).text)
    assert page.value(f"seen-{FIRST}") == "1"
    isb.post(f"{office.check}/bulk", {**form, "do": "apply", f"seen-{FIRST}": "1"})
    assert office.answers() == {FIRST: Given(Status.NO)}


@pytest.mark.parametrize("do", ["preview", "apply"])
@pytest.mark.parametrize("status", ["UNNECESSARY", "OPEN", ""])
def test_without_a_reason_nothing_is_unnecessary(office: Office, isb: Browser, do: str, status: str) -> None:
    fields = {"status": status, "reason": "  ", "do": do, "requirement": FIRST}
    isb.post(f"{office.check}/bulk", fields, status=422)
    assert office.answers() == {}


# --- Modelling -----------------------------------------------------------------------------------


def test_proposals_are_ticked_unless_they_depend_on_a_condition(office: Office, isb: Browser) -> None:
    page = isb.page("/grundschutz/1/modelling")
    boxes = {one["value"]: "checked" in one.attributes for one in page.all("input") if one["name"] == "apply"}
    assert boxes[":ISMS.1"] is True
    assert boxes[":CON.7"] is False
    assert f"{office.server.hex}:SYS.1.2.3" in boxes
    assert f"{office.server.hex}:SYS.1.1" not in boxes


def test_modules_are_applied_or_ruled_out_for_a_reason(office: Office, isb: Browser) -> None:
    fields = {
        "apply": ":ISMS.1",
        "reason:": "",
        "reason::CON.7": "Keine Reisen mit Geräten",
        "target": office.server.hex,
        "module": "SYS.1.2.3",
    }
    isb.post("/grundschutz/1/modelling", fields)
    assert office.assignments() == {
        "SYS.1.1": (True, ""),
        "ISMS.1": (True, ""),
        "SYS.1.2.3": (True, ""),
        "CON.7": (False, "Keine Reisen mit Geräten"),
    }
    assert "Keine Reisen mit Geräten" in isb.page(DOMAIN_PAGE).main


def test_a_module_is_applied_to_many_objects_and_ruled_out_for_the_rest(office: Office, isb: Browser) -> None:
    place = f"{office.server.hex}:SYS.1.2.3"
    page = isb.page("/grundschutz/1/modelling?view=module&layer=SYS")
    (group,) = [
        one["name"] for one in page.all("input") if one["value"] == place and "offered" in one["name"]
    ]
    common = group.replace("offered", "common")
    isb.post("/grundschutz/1/modelling", {"apply": place, group: place, common: "Ein anderes System"})
    assert office.assignments() == {"SYS.1.1": (True, ""), "SYS.1.2.3": (True, "")}
    other = f"{office.server.hex}:SYS.1.5"
    isb.post("/grundschutz/1/modelling", {"offered:7": other, "common:7": "Kein Hypervisor", "common:8": "x"})
    assert office.assignments()["SYS.1.5"] == (False, "Kein Hypervisor")


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"apply": "nonsense:SYS.1.1"}, 404),
        ({"offered:1": "x:y", "common:1": "Grund"}, 404),
        ({"apply": ":SYS.9.9"}, 422),
        ({"apply": f"{uuid.UUID(int=7).hex}:SYS.1.1"}, 422),
    ],
    ids=["no place", "no place offered", "no module", "foreign object"],
)
def test_what_cannot_be_modelled_changes_nothing(
    office: Office, isb: Browser, form: dict[str, str], status: int
) -> None:
    isb.post("/grundschutz/1/modelling", form, status=status)
    assert office.assignments() == {"SYS.1.1": (True, "")}


@pytest.mark.usefixtures("office")
def test_proposals_of_one_layer_are_shown_alone(isb: Browser) -> None:
    inputs = isb.page("/grundschutz/1/modelling?layer=CON").all("input")
    boxes = [one["value"] for one in inputs if one["name"] == "apply"]
    assert boxes
    assert all(box.startswith(":CON.") for box in boxes)
    assert isb.status("GET", "/grundschutz/1/modelling?layer=NONSENSE&view=NONSENSE") == 200


def test_an_object_that_no_module_fits_is_led_to_the_risk_analysis(office: Office, isb: Browser) -> None:
    with office.city.site.database.writing(office.city.id, actor=office.city.actor(Role.ISB)) as session:
        domain = by_number(session, InformationDomain, 1)
        assert domain is not None
        domain.objects = [*domain.objects, TargetObject(name="Parkscheinautomat")]
    page = isb.page("/grundschutz/1/modelling")
    assert "1 Zielobjekt ohne passenden Baustein" in page.main
    assert "/grundschutz/1/risks" in [one["href"] for one in page.all("a")]


def test_a_module_is_not_ruled_out_without_a_reason(office: Office, isb: Browser) -> None:
    isb.post(f"{office.check}/relevance", {"relevant": "no", "reason": " "}, status=422)
    assert office.assignments() == {"SYS.1.1": (True, "")}
    isb.post(f"{office.check}/relevance", {"relevant": "no", "reason": "Virtuell"})
    assert office.assignments() == {"SYS.1.1": (False, "Virtuell")}
    assert "wird nicht angewendet" in isb.page(office.check).main
    isb.post(office.answer_page(), sent(status="YES"), status=422)
    assert office.answers() == {}


def test_an_answered_module_is_not_removed(office: Office, isb: Browser) -> None:
    office.give(FIRST, Given(Status.YES))
    isb.post(f"{office.check}/remove", status=422)
    assert list(office.assignments()) == ["SYS.1.1"]


def test_an_assignment_made_by_mistake_is_removed(office: Office, isb: Browser) -> None:
    isb.post(f"{office.check}/remove")
    assert office.assignments() == {}


# --- Overview, catalogue, output -----------------------------------------------------------------


def test_the_domain_shows_its_progress_and_leads_to_the_next_open_module(
    office: Office, isb: Browser
) -> None:
    office.give(FIRST, Given(Status.YES))
    page = isb.page(DOMAIN_PAGE)
    assert "1 von 20 beantwortet, 1 erfüllt oder entbehrlich" in page.main
    assert [one["href"] for one in page.all("a") if "Weiter prüfen" in one.text] == [office.check]
    assert [one["role"] for one in page.all("svg")][-1] == "img"


def test_a_domain_without_modules_leads_to_the_modelling(office: Office, isb: Browser) -> None:
    office.city.save(InformationDomain(name="Stadtwerke"), by=Role.ISB)
    page = isb.page("/registers/information-domains/2")
    assert "/grundschutz/2/modelling" in [one["href"] for one in page.all("a")]


def test_a_file_that_is_not_the_kompendium_is_refused_in_words(isb: Browser) -> None:
    upload = {"file": (io.BytesIO(b"<book/>"), "kompendium.xml")}
    page = Page(isb.post("/grundschutz/catalogue", upload, status=422).text)
    assert [one.text.strip() for one in page.all("div") if one["role"] == "alert"] != []
    assert "noch nicht eingelesen" in page.main


def test_cross_reference_tables_are_imported_from_the_page_with_their_figures(isb: Browser) -> None:
    address, cells = "/grundschutz/catalogue", tables()
    isb.upload(address, [("krt.xlsx", workbook(cells))])
    page = isb.page("/grundschutz/catalogue")
    assert "111 Bausteine, 2.125 Anforderungen (1.835 gültig, 290 entfallen)" in page.main
    assert "5.888 Kreuzreferenzen zu 47 elementaren Gefährdungen" in page.main
    assert "Stimmen mit dem mitgelieferten Verzeichnis überein." in page.main
    isb.upload(address, [("krt.xlsx", workbook(cells))])
    assert "nichts wurde geändert" in isb.page("/grundschutz/catalogue").main


def test_a_shifted_table_is_refused_on_the_page_with_sheet_row_and_column(isb: Browser) -> None:
    cells = tables()
    cells["KRT_SYS.1.1.xlsx"][4].insert(1, None)
    answer = isb.upload("/grundschutz/catalogue", [("krt.xlsx", workbook(cells))], status=422)
    assert "Blatt „KRT_SYS.1.1.xlsx“, Zeile 5, Spalte" in Page(answer.text).main
    assert "noch nicht mit der Datei des BSI abgeglichen" in isb.page("/grundschutz/catalogue").main


@pytest.mark.parametrize(("extension", "opening"), [("pdf", b"%PDF"), ("xlsx", b"PK")])
def test_the_check_leaves_the_house_as_a_report(
    office: Office, isb: Browser, extension: str, opening: bytes
) -> None:
    office.give(FIRST, Given(Status.UNNECESSARY))
    assert isb.get(f"{DOMAIN_PAGE}/export.{extension}").data.startswith(opening)


def test_the_chrome_is_shown_in_english_too(office: Office, isb: Browser) -> None:
    isb.post("/language", {"language": "en", "next": office.check})
    page = isb.page(office.check)
    assert "Basic requirement" in page.main
    assert [one["data-key"] for one in page.all("input") if one["data-key"]][:4] == ["u", "y", "p", "n"]
