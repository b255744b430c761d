"""From the occasion to the signature: the officer analyses by keyboard, and management accepts on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from compliance.people import Role
from tests.journeys.conftest import Visitor
from tests.journeys.keyboard import choose, press, tab_to, write

pytestmark = pytest.mark.browser
DOMAIN = "/grundschutz/1/risks"


def test_a_risk_is_analysed_and_accepted_without_a_mouse(visit: Callable[..., Visitor]) -> None:
    isb = visit(Role.ISB)
    page = isb.go(DOMAIN)
    press(page, re.compile("Analyse beginnen.*E-Mail und Kalender"))
    choose(page, "rest", "NONE")
    write(page, "rest-reason", "Betrifft Räume und Geräte, nicht den Dienst.")
    press(page, "Speichern")
    expect(isb.check().get_by_role("main")).to_contain_text("direkt, 0 indirekt")
    analysis = page.url
    press(page, re.compile("Weiter: "), role="link")
    transfer(page)
    press(page, "Speichern")
    expect(isb.check().get_by_role("main")).to_contain_text("C Transfer")
    press(page, re.compile("Zur Prüfung geben"))

    management = visit(Role.MANAGEMENT, 360)
    page = management.go(analysis.partition(management.address)[2].partition("#")[0])
    press(page, re.compile("Über 1 Restrisiko entscheiden"), role="link")
    tab_to(page, "input[name=risk]")
    page.keyboard.press("Space")
    write(page, "statement", "Der Vertrag deckt den Schaden; ich trage den Rest.")
    write(page, "post", "Bürgermeisterin")
    press(page, re.compile("Als Katharina Voss übernehmen"))
    main = management.check().get_by_role("main")
    expect(main).to_contain_text("1 Restrisiko ist übernommen.")
    expect(main).to_contain_text("Katharina Voss, Bürgermeisterin")
    press(page, re.compile("RA-"), role="link")
    press(page, re.compile("^G 0"), role="link")
    expect(management.check().get_by_role("main")).to_contain_text("Der Dienst fällt aus.")


def transfer(page: Page) -> None:
    """Estimates the risk of the page and hands it to an insurer; what remains is for management."""
    write(page, "scenario", "Der Dienst fällt aus.")
    choose(page, "frequency", "MEDIUM")
    choose(page, "impact", "EXISTENTIAL")
    choose(page, "treatment", "TRANSFER")
    write(page, "treatment_reason", "Die Versicherung trägt den Schaden.")
    fold = page.locator("details.later > summary")
    if fold.locator("xpath=..").get_attribute("open") is None:
        tab_to(page, "details.later > summary")
        page.keyboard.press("Enter")
    choose(page, "frequency_after", "MEDIUM")
    choose(page, "impact_after", "CONSIDERABLE")
