"""The officer for information security answers a module by keyboard, and plans what is missing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from assessments.grundschutz.catalogue import RequirementText
from assessments.grundschutz.kompendium import EDITION
from compliance.people import Role
from compliance.web.site import Site
from tests.city import FOUNDER
from tests.journeys.conftest import Visitor
from tests.journeys.keyboard import tab_until

pytestmark = pytest.mark.browser
DOMAIN = "/registers/information-domains/1"


def module(isb: Visitor, place: str, module_id: str) -> Page:
    """The check page of a module at an object."""
    page = isb.go(DOMAIN)
    link = page.locator("table.modules tr", has_text=place).filter(has_text=module_id).locator("a").first
    address = link.get_attribute("href")
    assert address is not None
    return isb.go(address)


def unplanned(page: Page) -> Locator:
    """The last question for which no measure stands."""
    name = (
        page.locator("li[data-requirement]").filter(has_text="noch keine Maßnahme").last.get_attribute("id")
    )
    return page.locator(f"[id='{name}']")


def test_the_keys_pass_what_is_only_read(visit: Callable[..., Visitor]) -> None:
    page = module(visit(Role.ISB), "Serververbund im Küstenrechenzentrum", "SYS.1.1 ")
    questions = page.locator("li[data-requirement]")
    assert page.locator("li[data-requirement]:not(:has([data-answer]))").count() > 3
    questions.first.locator("a, button").first.focus()
    for index in range(1, questions.count()):
        page.keyboard.press("Alt+ArrowDown")
        expect(questions.nth(index).locator(":focus")).to_have_count(1)
    page.keyboard.press("Alt+ArrowUp")
    expect(questions.nth(questions.count() - 2).locator(":focus")).to_have_count(1)


@pytest.mark.parametrize(("width", "place"), [(1280, "Notebooks"), (360, "Arbeitsplatz-PCs")])
def test_what_is_missing_becomes_a_measure_without_leaving_the_question(
    visit: Callable[..., Visitor], width: int, place: str
) -> None:
    isb = visit(Role.ISB, width)
    page = module(isb, place, "SYS.2.1 ")
    question = unplanned(page)
    question.get_by_role("radio", checked=True).focus()
    page.keyboard.press("n")
    tab_until(page, question.get_by_role("textbox", name="Zuständig"))
    page.keyboard.type("Inken Bahnsen")
    tab_until(page, question.get_by_role("button", name="Maßnahme anlegen"))
    page.keyboard.press("Enter")
    measure = question.get_by_role("link", name="MA-")
    expect(measure).to_be_focused()
    expect(question.locator("[data-planned]")).to_contain_text("Geplant, Inken Bahnsen")
    expect(question.locator("[data-standing]")).to_contain_text("Nein")
    isb.check()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("MA-")


def test_leaving_by_a_link_stores_the_answer_first(visit: Callable[..., Visitor]) -> None:
    page = module(visit(Role.ISB), "Notebooks", "SYS.3.1 ")
    question = unplanned(page)
    question.get_by_role("radio", checked=True).focus()
    page.keyboard.press("t")
    with page.expect_navigation():
        question.get_by_role("link", name="Einer vorhandenen Maßnahme zuordnen").click()
    expect(page.get_by_role("main")).to_contain_text("Notebooks (Teilweise)")


def test_wordings_stand_beside_the_answers_and_fold_together(
    visit: Callable[..., Visitor], wardersund: Site
) -> None:
    with wardersund.database.writing(actor=FOUNDER) as session:
        text = "E-Mail-Clients MÜSSEN sicher eingestellt sein."
        session.add(RequirementText(edition=EDITION, requirement_id="APP.5.3.A1", text=text))
    isb = visit(Role.ISB, 1600)
    page = module(isb, "E-Mail und Kalender", "APP.5.3 ")
    wording = page.get_by_text(text)
    expect(wording).to_be_visible()
    isb.check()
    page.get_by_role("button", name="Anforderungstexte einklappen").click()
    expect(wording).to_be_hidden()
    page.reload()
    expect(wording).to_be_hidden()
    page.get_by_role("button", name="Anforderungstexte zeigen").click()
    expect(wording).to_be_visible()
