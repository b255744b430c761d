"""Measures in words on the pages and papers of activities and impact assessments."""

from __future__ import annotations

import pytest

from assessments.described.description import Describing
from assessments.dpia.dpia import Dpia
from assessments.grundschutz.check import Status
from assessments.grundschutz.modelling import Assignment
from compliance.database import now, today
from compliance.people import Role
from exports.catalogue import REPORTS
from exports.reports.register import Issuer
from registers.processing import ProcessingActivity
from tests.browsers import Browsers
from tests.city import City
from tests.described import Town

ACTIVITY, DPIA = "/registers/processing-activities/1", "/registers/dpias/1"
BEHIND = "/described/processing-activities/1"
SERVERS = "Auf den Servern sind nicht benötigte Dienste abgeschaltet"


@pytest.fixture
def town(city: City) -> Town:
    return Town(city)


@pytest.fixture
def backup(town: Town) -> Assignment:
    assignment = town.apply("CON.3")
    town.say(assignment, "CON.3.A5", Status.YES)
    town.say(assignment, "CON.3.A15", Status.NO)
    servers = town.apply("SYS.1.1", town.server)
    town.say(servers, "SYS.1.1.A6", Status.YES)
    town.say(servers, "SYS.1.1.A2", Status.YES)
    town.say(town.apply("SYS.1.1", town.application), "SYS.1.1.A6", Status.YES)
    return assignment


@pytest.mark.parametrize(
    ("place", "role"), [(ACTIVITY, Role.COORDINATOR), (DPIA, Role.PROJECT_LEAD)], ids=["activity", "dpia"]
)
def test_words_are_taken_over_with_one_click_confirmed_and_marked_stale(
    town: Town, backup: Assignment, browsers: Browsers, place: str, role: Role
) -> None:
    person = browsers.of(role)
    page = person.page(place)
    assert "Vorschlag liegt vor" in page.main
    assert "– Daten werden regelmäßig gesichert (Verfügbarkeit)." in page.main
    path = place.replace("registers", "described")
    person.post(f"{path}/take", {"answers": page.value("answers"), "then": "take"})
    page = person.page(place)
    assert "Der Fachbereich bestätigt, dass der Text auf seine Arbeit zutrifft." in page.main
    person.post(f"{path}/confirm", {"read": page.value("read")})
    assert "Vom Fachbereich bestätigt" in person.page(place).main
    town.say(backup, "CON.3.A5", Status.NO)
    page = person.page(place)
    assert "Antworten des Checks haben sich seit der Übernahme geändert." in page.main
    assert "Daten werden regelmäßig gesichert.entfällt" in page.main
    assert "CON.3.A5 Regelmäßige Datensicherung gilt nicht mehr als erfüllt" in page.main
    person.post(f"{path}/take", {"answers": page.value("answers"), "then": "take"})
    assert "regelmäßig gesichert" not in person.page(place).main


@pytest.mark.usefixtures("backup")
def test_whoever_wants_to_adapt_the_words_goes_on_to_the_form(browsers: Browsers) -> None:
    person = browsers.of(Role.COORDINATOR)
    seen = person.page(ACTIVITY).value("answers")
    response = person.post(f"{BEHIND}/take", {"answers": seen, "then": "edit"})
    assert response.location.endswith(f"{ACTIVITY}/edit#field-measures")


@pytest.mark.usefixtures("backup")
def test_what_has_changed_meanwhile_is_not_taken(browsers: Browsers) -> None:
    person = browsers.of(Role.COORDINATOR)
    assert person.status("POST", f"{BEHIND}/take", {"answers": "0" * 64}) == 409
    assert person.status("POST", "/described/measures/1/take", {"answers": ""}) == 404


@pytest.mark.usefixtures("backup")
def test_the_list_behind_is_for_those_who_work_with_it(browsers: Browsers) -> None:
    words = browsers.of(Role.COORDINATOR).page(BEHIND).main
    assert "CON.3.A5 Regelmäßige DatensicherungDaten werden regelmäßig gesichert.IV-0001 Kern" in words
    assert (
        f"SYS.1.1.A6 Deaktivierung nicht benötigter Dienste{SERVERS}.ZO-0002 ServerZO-0003 Wohngeld" in words
    )
    assert "SYS.1.1.A2" not in words
    # What is met in one place and not in another is the business of information security.
    assert "SYS.1.1.A2 Authentisierung an Servern" in browsers.of(Role.ISB).page(BEHIND).main
    assert browsers.of(Role.READER).status("GET", BEHIND) == 403
    assert "Liste dahinter" not in browsers.of(Role.READER).page(ACTIVITY).main


def test_what_the_text_does_not_say_is_folded(town: Town, backup: Assignment, browsers: Browsers) -> None:
    town.say(backup, "CON.3.A1", Status.YES)
    rows = browsers.of(Role.COORDINATOR).page(BEHIND).all("tr")
    met = {row.text.split()[0]: row.within("details") is not None for row in rows}
    assert {key: met[key] for key in ("CON.3.A5", "SYS.1.1.A6", "CON.3.A1")} == {
        "CON.3.A5": False,
        "SYS.1.1.A6": False,
        "CON.3.A1": True,
    }


@pytest.mark.usefixtures("backup")
def test_the_advice_of_the_officer_confirms_nothing(town: Town, browsers: Browsers) -> None:
    town.take(role=Role.DSB)
    assert "Für den Fachbereich bestätigen" not in browsers.of(Role.DSB).page(ACTIVITY).main
    assert "Für den Fachbereich bestätigen" in browsers.of(Role.COORDINATOR).page(ACTIVITY).main
    assert browsers.of(Role.ISB).status("POST", f"{BEHIND}/confirm", {"read": ""}) == 403


@pytest.mark.usefixtures("backup")
@pytest.mark.parametrize("model", [ProcessingActivity, Dpia])
@pytest.mark.parametrize("language", ["de", "en"])
def test_papers_hold_words_and_their_origin_but_neither_counts_nor_gaps(
    town: Town, city: City, model: type[Describing], language: str
) -> None:
    entry = town.activity if model is ProcessingActivity else town.dpia
    town.take(entry)
    town.confirm(entry)

    def said() -> str:
        with city.site.database.reading(city.id) as session:
            issuer = Issuer("Stadt Musterförde", now(), language)
            return repr(REPORTS[model](session, [entry.id], issuer, city.site.judge).blocks)

    day = f"{today():%d.%m.%Y}" if language == "de" else today().isoformat()
    servers = {"de": SERVERS, "en": "Unneeded services are disabled on the servers"}
    confirmed = {"de": f"Vom Fachbereich bestätigt am {day}.", "en": f"Confirmed by the department on {day}."}
    assert servers[language] in said()
    assert confirmed[language] in said()
    assert "CON.3.A" not in said()
    town.relate(town.activity, "objects")
    review = {"de": "Die Beschreibung wird derzeit überprüft.", "en": "The description is under review."}
    assert review[language] in said()
    assert confirmed[language] not in said()
