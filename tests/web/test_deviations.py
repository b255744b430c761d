"""Answering for findings on the page of an entry, and the page of all rules."""

from __future__ import annotations

from datetime import timedelta

import pytest

from compliance.app import ALL_RULES
from compliance.database import today
from compliance.people import Role
from registers.processing import ProcessingActivity
from tests.browsers import Browsers
from tests.city import City

pytestmark = pytest.mark.parametrize("address", ["sqlite"], indirect=True)

PAGE = "/registers/processing-activities/1"
UNTIL = (today() + timedelta(days=30)).isoformat()


def test_a_warning_is_set_aside_and_objected_to_on_the_page(browsers: Browsers, city: City) -> None:
    city.save(ProcessingActivity(name="Hundesteuer"), by=Role.COORDINATOR)
    coordinator, officer = browsers.of(Role.COORDINATOR), browsers.of(Role.DSB)

    coordinator.post(
        f"{PAGE}/deviations/", {"rule": "VVT-010", "reason": "Stelle unbesetzt.", "until": UNTIL}
    )
    addresses = [form["action"] for form in officer.page(PAGE).all("form")]
    objection = next(address for address in addresses if address.endswith("/objection"))
    officer.post(objection, {"text": "Es gibt eine Vertretung."})

    text = coordinator.get(PAGE).text
    assert "Stelle unbesetzt." in text
    assert "Es gibt eine Vertretung." in text


def test_the_page_says_why_a_deviation_is_not_taken(browsers: Browsers, city: City) -> None:
    city.save(ProcessingActivity(name="Hundesteuer"))

    answer = browsers.of(Role.MANAGEMENT).post(
        f"{PAGE}/deviations/", {"rule": "VVT-003", "reason": "Später.", "until": UNTIL}, status=422
    )

    assert "Stellungnahme der Datenschutzbeauftragten" in answer.text


def test_every_rule_is_on_one_page_with_its_source(browsers: Browsers, city: City) -> None:
    city.save(ProcessingActivity(name="Hundesteuer"))

    text = browsers.of(Role.AUDITOR).get("/rules").text

    lacking = [rule.id for rule in ALL_RULES if f'id="{rule.id}"' not in text]
    assert lacking == []
    assert "rule=VVT-003" in text
    assert "{what}" not in text
