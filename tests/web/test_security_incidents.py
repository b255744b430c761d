"""One click leads from an incident to a breach and back; the impact analysis is filled in and printed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from compliance.database import now
from compliance.people import Role
from registers.authority import Authority
from registers.breaches import Breach
from registers.incidents import IncidentStep, SecurityIncident
from tests.browsers import Browsers
from tests.city import City
from tests.exports.conformance import problems

on_sqlite = pytest.mark.parametrize("address", ["sqlite"], indirect=True)
INCIDENT = "/registers/security-incidents/1"


def _incident(**values: Any) -> SecurityIncident:
    noticed = now() - timedelta(hours=5)
    return SecurityIncident(
        **({"name": "Verschlüsselte Ablage", "detected": noticed, "reporter": "Geheim"} | values)
    )


def _count(city: City, model: Any) -> int:
    with city.site.database.reading(city.id) as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


@on_sqlite
def test_one_click_leads_to_the_breach_and_the_next_click_to_the_same_one(
    browsers: Browsers, city: City
) -> None:
    city.save(_incident())
    browser = browsers.of(Role.ISB)
    assert "Als Datenschutzverletzung übergeben" in browser.page(INCIDENT).main
    for _ in range(2):
        answer = browser.post("/security-incidents/1/breach")
        assert answer.location == "/registers/breaches/1"

    assert _count(city, Breach) == 1
    assert "Die technische Behandlung steht in SV-0001" in browser.page("/registers/breaches/1").main
    assert "Die Folgen für Personen stehen in DV-0001" in browser.page(INCIDENT).main
    assert browser.post("/breaches/1/incident").location == INCIDENT
    assert _count(city, SecurityIncident) == 1


@on_sqlite
def test_a_breach_becomes_an_incident_with_one_click(browsers: Browsers, city: City) -> None:
    city.save(Breach(name="Notebook gestohlen", detected=now()))
    browser = browsers.of(Role.DSB)
    assert "Als Sicherheitsvorfall behandeln" in browser.page("/registers/breaches/1").main

    assert browser.post("/breaches/1/incident").location == INCIDENT
    assert "DV-0001 Notebook gestohlen" in browser.page(INCIDENT).main


@on_sqlite
@pytest.mark.parametrize("role", tuple(Role), ids=lambda role: role.name)
def test_only_who_keeps_both_registers_hands_over(browsers: Browsers, city: City, role: Role) -> None:
    city.save(_incident())
    status = browsers.of(role).status("POST", "/security-incidents/1/breach")

    if role in (Role.DSB, Role.ISB, Role.COORDINATOR):
        assert (status, _count(city, Breach)) == (302, 1)
    else:
        assert (status in (403, 404), _count(city, Breach)) == (True, 0)
        if role in (Role.MANAGEMENT, Role.AUDITOR):
            assert "Als Datenschutzverletzung übergeben" not in browsers.of(role).page(INCIDENT).main


@on_sqlite
def test_the_clocks_of_nis2_stand_on_the_page_and_on_the_desk(browsers: Browsers, city: City) -> None:
    city.save(Authority(name="Stadt Musterförde", nis2=True))
    city.save(_incident())
    browser = browsers.of(Role.ISB)
    page = browser.page(INCIDENT).main

    assert "Frühe Erstmeldung" in page
    assert "noch 18 Std." in page
    assert "noch 2 Tage 18 Std." in page
    assert "§ 32 BSIG" in page
    assert "ungeprüft" in page
    assert "Frühe Erstmeldung bis" in browser.page("/").main


@on_sqlite
def test_a_report_that_came_too_late_says_so(browsers: Browsers, city: City) -> None:
    city.save(Authority(name="Stadt Musterförde", nis2=True))
    noticed = now() - timedelta(hours=80)
    punctual = noticed + timedelta(hours=24)
    city.save(
        _incident(detected=noticed, early_sent=punctual, notification_sent=noticed + timedelta(hours=73))
    )
    assert browsers.of(Role.ISB).page(INCIDENT).main.count("verspätet") == 1


@on_sqlite
def test_without_nis2_there_is_no_clock(browsers: Browsers, city: City) -> None:
    city.save(_incident())
    assert "NIS-2" not in browsers.of(Role.ISB).page(INCIDENT).main.split("Grundangaben")[0]


@on_sqlite
def test_the_report_leaves_as_pdf_without_the_name_of_the_reporter(browsers: Browsers, city: City) -> None:
    city.save(Authority(name="Stadt Musterförde", nis2=True))
    city.save(_incident(steps=[IncidentStep(at=now(), what="Alarm des Virenschutzes", who="Systembetrieb")]))
    browser = browsers.of(Role.ISB)

    assert problems(browser.get(f"{INCIDENT}/export.pdf").data) == []
    said = browser.get(f"{INCIDENT}/export.json").text
    assert "Alarm des Virenschutzes" in said
    assert "Frühe Erstmeldung" in said
    assert "Geheim" not in said
