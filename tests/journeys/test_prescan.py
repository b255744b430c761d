"""From a phone without an account to a project with drafts: the pre-scan by keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, expect

from compliance.people import Role
from compliance.web.gate import QUICKEST
from tests.journeys.conftest import Visitor
from tests.journeys.keyboard import choose, phone, press, write

pytestmark = pytest.mark.browser

PLAN = "Sprachassistent im Bürgerbüro"


def link_of(visit: Callable[..., Visitor]) -> tuple[Visitor, str]:
    officer = visit(Role.DSB)
    page = officer.go("/pre-scans/link")
    officer.check()
    return officer, page.input_value("#address").removeprefix(officer.address)


def on(visitor: Visitor, heading: str) -> None:
    """The next screen is there, its heading has the focus, and nothing about it is wrong."""
    page = visitor.page
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    visitor.check()


def test_a_plan_goes_from_a_phone_to_a_project_by_keyboard_alone(
    chromium: Browser, address: str, visit: Callable[..., Visitor]
) -> None:
    officer, link = link_of(visit)
    with phone(chromium, address) as stranger:
        page = stranger.go(link)
        stranger.check()
        press(page, "Beginnen")

        on(stranger, "Was ist geplant?")
        press(page, "Weiter")
        expect(page.get_by_role("alert")).to_be_focused()
        # The browser reports the status of the page that shows what is missing.
        assert [("422" in complaint) for complaint in stranger.complaints] == [True]
        stranger.complaints.clear()
        stranger.check()
        write(page, "name", PLAN)
        write(page, "idea", "Ein Programm nimmt Anrufe an und vergibt Termine.")
        press(page, "Weiter")

        on(stranger, "Wer plant es, und wen können wir fragen?")
        write(page, "unit_said", "Bürgerservice und Standesamt")
        write(page, "contact", "Meike Thomsen")
        press(page, "Zurück")
        on(stranger, "Was ist geplant?")
        expect(page.locator("#name")).to_have_value(PLAN)
        press(page, "Weiter")
        on(stranger, "Wer plant es, und wen können wir fragen?")
        expect(page.locator("#contact")).to_have_value("Meike Thomsen")
        press(page, "Weiter")

        answers = (
            ("Wann geht es los?", "timing", ("PLANNED",)),
            ("Geht es um Daten von Menschen?", "personal_data", ("yes",)),
            ("Werden Orte oder Menschen beobachtet?", "observed", ("NOTHING",)),
            ("Um wessen Daten geht es?", "concerned", ("RESIDENTS",)),
            ("Welche Daten sind es?", "kinds", ("CONTACT", "RECORDINGS")),
            ("Wie viele Menschen betrifft es?", "scale", ("MORE",)),
            ("Woher kommen die Daten?", "origin", ("PERSONS",)),
            ("Bewertet oder entscheidet ein Programm über Menschen?", "automation", ("AI",)),
            ("Werden Daten zusammengeführt, die bisher getrennt waren?", "merged", ("unsure",)),
            ("Hilft jemand von außen mit?", "helpers", ("SOMEWHERE",)),
            ("Werden die Daten oder Ergebnisse veröffentlicht?", "open_data", ("no",)),
            ("Wie lange werden die Daten gebraucht?", "keeping", ("DAYS",)),
        )
        for heading, name, values in answers:
            on(stranger, heading)
            choose(page, name, *values)
            press(page, "Weiter")
        on(stranger, "Was könnte Menschen passieren, wenn etwas schiefgeht?")
        choose(page, "unsure", "unsure")
        press(page, "Weiter")

        on(stranger, "Ihre Antworten")
        page.wait_for_timeout(QUICKEST.total_seconds() * 1000 + 1000)
        press(page, "Absenden")
        on(stranger, "Vielen Dank, Ihre Vorprüfung ist angekommen")
        expect(page.get_by_role("main")).to_contain_text("genauer geprüft")

        desk = officer.go("/")
        waiting = desk.get_by_role("region", name=re.compile("Wartet auf mich"))
        waiting.get_by_text(re.compile("^alle ")).click()
        officer.leave_by(PLAN, role="link")
        officer.check()
        officer.click("Als Projekt übernehmen")
        expect(desk.get_by_role("heading", level=1)).to_contain_text(PLAN)
        number = desk.url.rsplit("/", 1)[1]
        officer.check()

        page.reload()
        expect(page.get_by_role("main")).to_contain_text(f"als PR-{int(number):04}")
        stranger.check()


def test_what_is_typed_survives_leaving_and_everything_works_without_scripts(
    chromium: Browser, address: str, visit: Callable[..., Visitor]
) -> None:
    _officer, link = link_of(visit)
    with phone(chromium, address) as stranger:
        page = stranger.go(link)
        stranger.click("Beginnen")
        page.wait_for_load_state()
        own = page.url
        with page.expect_response(lambda response: "/keep" in response.url):
            page.fill("#name", "Halb geschrieben")
        page.goto("about:blank")
        assert stranger.complaints == []
    with phone(chromium, address, java_script_enabled=False) as later:
        page = later.page
        page.goto(own)
        expect(page.locator("#name")).to_have_value("Halb geschrieben")
        page.get_by_role("button", name="Weiter").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Wer plant es, und wen können wir fragen?")
