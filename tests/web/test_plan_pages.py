"""The plan opens to whoever may see information security, and only its keepers make and take over."""

from __future__ import annotations

from typing import Any

import pytest

from assessments.grundschutz.check import Status
from compliance.entry import by_number
from compliance.people import Role
from registers.measures import Measure, Progress
from tests.assessments.grundschutz.planning import EARLY, LATE, Town, unplanned
from tests.assessments.grundschutz.village import ERASING, SAVING, Village
from tests.browsers import Browser, Browsers
from tests.city import City
from tests.pages import Page

PAGE = "/grundschutz/1/plan/"
PROPOSE = f"{PAGE}propose"
BLIND = (Role.COORDINATOR, Role.READER)
READING = (Role.DSB, Role.PROJECT_LEAD, Role.MANAGEMENT, Role.AUDITOR, Role.ADMINISTRATOR)


@pytest.fixture
def town(city: City) -> Town:
    town = Town(city)
    for server in (0, 1):
        town.answer("SYS.1.1.A2", server=server, responsible="Amt 11", due=LATE, measure="Konten trennen.")
    town.answer("ORP.4.A2", Status.PARTIAL)
    town.answer("ORP.4.A3")
    town.measure("Konzept", "ORP.4.A2", responsible="Amt 10", planned_until=EARLY, staff_once=1200)
    return town


@pytest.fixture
def isb(browsers: Browsers) -> Browser:
    return browsers.of(Role.ISB)


CHANGES: dict[str, dict[str, Any]] = {
    PROPOSE: {"requirement": "ORP.4.A3"},
    f"{PAGE}take-over": {"answer": "0" * 32 + ":1"},
}


@pytest.mark.parametrize("role", BLIND)
def test_who_may_not_see_information_security_finds_nothing(
    town: Town, browsers: Browsers, role: Role
) -> None:
    browser = browsers.of(role)
    addresses = (PAGE, PROPOSE, f"{PAGE}a6.pdf")
    assert {browser.status("GET", address) for address in addresses} == {404}
    assert {browser.status("POST", address, data) for address, data in CHANGES.items()} == {404}
    assert len(town.plan().items) == 1


@pytest.mark.parametrize("role", READING)
def test_who_may_only_look_changes_nothing(town: Town, browsers: Browsers, role: Role) -> None:
    browser = browsers.of(role)
    assert browser.status("GET", PAGE) == 200
    assert browser.status("GET", PROPOSE) == 403
    assert {browser.status("POST", address, data) for address, data in CHANGES.items()} == {403}
    assert "Maßnahmen vorschlagen" not in browser.page(PAGE).main
    assert len(town.plan().items) == 1


@pytest.mark.usefixtures("town")
def test_the_page_shows_picture_table_and_costs(isb: Browser) -> None:
    page = isb.page(PAGE)
    rows = [link for link in page.all("a") if link["class"] == "timeline__row"]
    # Once for wide and once for narrow screens.
    assert [link["aria-label"] for link in rows] == ["MA-0001 Konzept, Amt 10, geplant, bis 31.03.2027"] * 2
    assert "MA-0001 Konzept R1 B ORP.4.A2" in page.main
    assert "1.200" in page.main
    assert isb.status("GET", rows[0]["href"]) == 200


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize(
    ("chosen", "shown"),
    [
        ("", 1),
        ("?show=overdue", 0),
        ("?show=open&owner=Amt+10", 1),
        ("?owner=Amt+99", 0),
        ("?show=incomplete", 0),
        ("?show=nonsense", 1),
    ],
)
def test_the_plan_shows_what_was_asked_for(isb: Browser, chosen: str, shown: int) -> None:
    links = [link for link in isb.page(PAGE + chosen).all("a") if link["class"] == "timeline__row"]
    assert len(links) == 2 * shown


def test_an_empty_plan_says_so(city: City, isb: Browser) -> None:
    Town(city)
    assert "Der Check hat nichts gefunden, was noch umzusetzen ist." in isb.page(PAGE).main
    assert isb.status("GET", f"{PAGE}a6.xlsx") == 200


def sent(page: Page, **more: Any) -> dict[str, Any]:
    """The form of the page as it would be sent, with changes."""
    found: dict[str, Any] = {}
    for element in page.all("input", "select"):
        name = element["name"]
        around = element.within("form")
        if not name or around is None or around["method"] != "post":
            continue
        if element["type"] in ("checkbox", "radio"):
            if "checked" in element.attributes:
                found.setdefault(name, []).append(element["value"])
        else:
            found[name] = element["value"]
    return found | more


def test_proposals_are_filled_in_from_the_check_and_become_measures(town: Town, isb: Browser) -> None:
    page = isb.page(PROPOSE)
    form = sent(page)
    assert form["requirement"] == ["ORP.4.A3", "SYS.1.1.A2"]
    assert (form["responsible:SYS.1.1.A2"], form["due:SYS.1.1.A2"]) == ("Amt 11", LATE.isoformat())
    isb.post(PROPOSE, form | {"name:ORP.4.A3": "Anmeldung regeln"})
    plan = town.plan()
    assert unplanned(plan) == []
    assert [(item.work.name, item.work.responsible) for item in plan.items] == [
        ("Konzept", "Amt 10"),
        ("Anmeldung regeln", ""),
        ("Authentisierung an Servern", "Amt 11"),
    ]
    assert "gibt es inzwischen eine Maßnahme" in isb.post(PROPOSE, form, status=422).text
    assert len(town.plan().items) == 3


def test_ticked_requirements_become_one_measure(town: Town, isb: Browser) -> None:
    isb.post(PROPOSE, sent(isb.page(PROPOSE), do="together", name="Anmeldung überall"))
    measure = town.plan().items[-1].work
    assert (measure.name, measure.requirements, measure.planned_until) == (
        "Anmeldung überall",
        ("ORP.4.A3", "SYS.1.1.A2"),
        LATE,
    )


def test_ticked_requirements_are_added_to_a_measure_there_is(town: Town, isb: Browser) -> None:
    isb.post(PROPOSE, {"requirement": "ORP.4.A3", "do": "existing", "measure": "1"})
    assert town.plan().items[0].work.requirements == ("ORP.4.A2", "ORP.4.A3")


@pytest.mark.usefixtures("town")
def test_the_list_is_narrowed_by_layer_and_level_and_unticked_on_request(isb: Browser) -> None:
    assert sent(isb.page(f"{PROPOSE}?layer=SYS"))["requirement"] == ["SYS.1.1.A2"]
    assert "requirement" not in sent(isb.page(f"{PROPOSE}?ticked=no&page=77"))
    assert "Für jede Anforderung dieser Auswahl steht eine Maßnahme." in isb.page(f"{PROPOSE}?level=H").main


def test_who_comes_from_a_question_sees_that_one_and_returns_to_it(town: Town, isb: Browser) -> None:
    place = town.place("ORP.4.A3", None).hex
    form = sent(isb.page(f"{PROPOSE}?requirement=ORP.4.A3&from={place}"))
    assert (form["requirement"], form["do"]) == (["ORP.4.A3"], ["existing"])
    response = isb.post(PROPOSE, form | {"measure": "1"})
    assert response.location == f"/grundschutz/1/{place}#ORP.4.A3"
    assert town.plan().items[0].work.requirements == ("ORP.4.A2", "ORP.4.A3")
    assert "Zurück zum Check" in isb.page(f"{PROPOSE}?requirement=ORP.4.A3&from={place}").main


def test_plan_and_measure_lead_to_the_questions_that_wait(town: Town, isb: Browser) -> None:
    question = f"/grundschutz/1/{town.place('ORP.4.A2', None).hex}#ORP.4.A2"
    for address in (PAGE, "/registers/measures/1"):
        assert question in [link["href"] for link in isb.page(address).all("a")]
    assert isb.status("GET", question) == 200


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"requirement": "ORP.4.A3", "do": "existing", "measure": ""},
        {"requirement": "ORP.4.A3", "do": "existing", "measure": "99"},
        {"requirement": "ORP.4.A3", "due:ORP.4.A3": "morgen"},
        {"risk": "viele:G 0.1"},
        {"risk": "1:G 0.1", "do": "together"},
        {"risk": "1:G 0.1", "do": "existing", "measure": "1"},
        {"control": "x"},
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(
    town: Town, isb: Browser, data: dict[str, str]
) -> None:
    assert isb.status("POST", PROPOSE, data) == 422
    assert len(town.plan().items) == 1


def test_what_was_filled_in_survives_a_mistake(town: Town, isb: Browser) -> None:
    form = sent(isb.page(f"{PROPOSE}?level=B")) | {"name:ORP.4.A3": "Anmeldung regeln", "do": "existing"}
    page = Page(isb.post(PROPOSE, form | {"requirement": "ORP.4.A3"}, status=422).text)
    assert "Bitte wählen Sie aus der Liste." in page.main
    again = sent(page)
    assert (again["name:ORP.4.A3"], again["requirement"], again["do"], again["level"]) == (
        "Anmeldung regeln",
        ["ORP.4.A3"],
        ["existing"],
        "B",
    )
    assert len(town.plan().items) == 1


def test_answers_are_taken_over_from_the_page_of_the_measure(town: Town, isb: Browser) -> None:
    assert (
        "Diese Anforderungen sind dort nicht oder nur teilweise erfüllt"
        in isb.page("/registers/measures/1").main
    )
    with town.writing() as session:
        measure = by_number(session, Measure, 1)
        assert measure is not None
        measure.progress = Progress.IMPLEMENTED
    form = sent(isb.page("/registers/measures/1"))
    response = isb.post(f"{PAGE}take-over", {key: form[key] for key in ("answer", "measure")})
    assert response.location.endswith("/registers/measures/1")
    assert town.given("ORP.4.A2").status is Status.YES
    assert isb.status("POST", f"{PAGE}take-over", {"answer": form["answer"]}) == 409
    assert isb.status("POST", f"{PAGE}take-over", {"answer": "x"}) == 422
    assert isb.status("POST", f"{PAGE}take-over", {}) == 422


def test_many_answers_of_one_measure_are_folded_under_it(town: Town, isb: Browser) -> None:
    asked = [f"SYS.1.1.A{number}" for number in (1, 2, 5, 6, 9, 10)]
    for requirement_id in asked:
        for server in (0, 1):
            town.answer(requirement_id, server=server)
    town.measure("Server härten", ", ".join(asked), progress=Progress.IMPLEMENTED)
    page = isb.page(PAGE)
    folded = [each for each in page.all("summary") if "Antworten ansehen" in each.text]
    assert [each.text for each in folded] == ["12 Antworten ansehen"]
    assert page.main.count("Nachweis: MA-0002 Server härten") == 1
    assert len([box for box in page.all("input") if box.attributes.get("name") == "answer"]) == 12


def test_what_has_no_measure_is_counted_by_requirement_and_by_place(town: Town, isb: Browser) -> None:
    missing = [group.shortfalls for group in town.plan().unplanned]
    assert (len(missing), sum(map(len, missing))) == (2, 3)
    counts = [each.text for each in isb.page(PAGE).all("dd")]
    assert "2 an 3 Stellen" in counts


@pytest.mark.usefixtures("town")
def test_whoever_sees_no_information_security_sees_no_plan_at_a_measure(browsers: Browsers) -> None:
    assert "Umsetzungsplan:" not in browsers.of(Role.COORDINATOR).page("/registers/measures/1").main


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize("extension", ["pdf", "xlsx"])
def test_a6_comes_as_a_file(browsers: Browsers, extension: str) -> None:
    response = browsers.of(Role.AUDITOR).get(f"{PAGE}a6.{extension}")
    assert f"IV-0001-A.6.{extension}" in response.headers["Content-Disposition"]
    assert len(response.data) > 5000


# --- Imported catalogues -------------------------------------------------------------------------


def test_controls_become_measures_and_finished_ones_are_answered_on_the_pages(
    city: City, isb: Browser
) -> None:
    village = Village(city)
    village.answer(SAVING, responsible="Zentrale IT", due=LATE, measure="Band beschaffen")
    village.answer(ERASING)
    assert "Anforderungen ohne Maßnahme2" in isb.page(PAGE).main
    offered = isb.page(PROPOSE)
    assert "K.1 Sichern" in offered.main
    ticks = [one["value"] for one in offered.all("input") if one["name"] == "control"]
    isb.post(PROPOSE, {"control": ticks[0], "do": "each"})
    isb.post(PROPOSE, {"control": ticks[1], "do": "existing", "measure": "1"})
    assert "MA-0001 Sichern – K.1, K.2" in isb.page(PAGE).main
    assert "K.2 Löschen" in isb.page("/registers/measures/1").main
    village.change(1, progress=Progress.IMPLEMENTED)
    page = isb.page("/registers/measures/1")
    answers = [one["value"] for one in page.all("input") if one["name"] == "control"]
    assert isb.status("POST", f"{PAGE}take-over", {"control": "x:1"}) == 422
    isb.post(f"{PAGE}take-over", {"control": answers, "measure": "1"})
    assert {village.stored(key).status for key in (SAVING, ERASING)} == {Status.YES}
    link = next(one for one in offered.all("a") if one["href"] == PAGE)
    assert isb.status("GET", link["href"]) == 200


def test_the_links_of_controls_lead_to_their_questions(city: City, isb: Browser) -> None:
    village = Village(city)
    village.answer(SAVING)
    village.draw_up(SAVING)
    [link] = [one for one in isb.page(PAGE).all("a") if one.text.strip() == "K.1"]
    address, _hash, anchor = link["href"].partition("#")
    assert anchor in {one["id"] for one in isb.page(address).all("li")}
