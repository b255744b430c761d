"""Files and comments at an entry, with a script and without, at a desk, on a phone and by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from compliance import demo
from compliance.attachments import LARGEST
from compliance.people import Role
from tests.files import TAKEN
from tests.journeys.conftest import WIDTHS, Visitor

pytestmark = pytest.mark.browser

PAGE = "/registers/processing-activities/5"
TALK = "/registers/processing-activities/7"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "Vertrag.pdf").write_bytes(TAKEN["pdf"])
    (tmp_path / "Anlage.txt").write_text("Anlage 1\n")
    (tmp_path / "setup.exe").write_bytes(b"MZ")
    (tmp_path / "riesig.txt").write_bytes(b"a" * (LARGEST + 1))
    return tmp_path


@pytest.mark.parametrize("width", WIDTHS)
def test_files_are_sent_one_by_one_and_reasons_stay_on_the_page(
    visit: Callable[..., Visitor], folder: Path, width: int
) -> None:
    visitor = visit(Role.COORDINATOR, width)
    page = visitor.go(PAGE)
    page.set_input_files("#file", [folder / name for name in ("Vertrag.pdf", "setup.exe", "riesig.txt")])
    visitor.click("Anhängen")

    problems = page.locator("[data-problems] p")
    expect(problems).to_have_count(2)
    expect(problems.nth(0)).to_contain_text("„setup.exe“: Dateien dieser Art werden nicht angenommen.")
    expect(problems.nth(1)).to_have_text("„riesig.txt“ ist zu groß. Eine Datei darf höchstens 25 MB haben.")
    expect(page.locator("#files .file__name").last).to_have_text("Vertrag.pdf")
    # The console names the answer by which the server refused a file.
    visitor.complaints.clear()
    visitor.check()

    page.set_input_files("#file", [folder / "Anlage.txt"])
    visitor.click("Anhängen")
    expect(page.locator("#files .file__name").last).to_have_text("Anlage.txt")
    expect(page.get_by_role("status").first).to_contain_text("1 Datei ist angehängt.")
    with page.expect_download() as download:
        page.get_by_role("link", name="Vertrag.pdf").first.click()
    assert download.value.path().read_bytes() == TAKEN["pdf"]
    visitor.check()


@pytest.mark.parametrize("width", WIDTHS)
def test_somebody_is_asked_by_keyboard_and_says_that_it_is_done(
    visit: Callable[..., Visitor], width: int
) -> None:
    officer, coordinator = visit(Role.DSB, width), visit(Role.COORDINATOR, width)
    page = officer.go(TALK)
    page.focus("#comment")
    page.keyboard.type("Bitte die Frist prüfen,")
    page.keyboard.press("Tab")
    page.keyboard.type("Ayla")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#comment")).to_have_value("Bitte die Frist prüfen, @Ayla Demir ")
    expect(page.locator("#comment")).to_be_focused()
    for key in ("Tab", "Tab", "Tab", "Enter"):
        page.keyboard.press(key)
    expect(page.locator(".comment .mention").last).to_have_text("@Ayla Demir")
    officer.check()

    page = coordinator.go(TALK)
    coordinator.check()
    coordinator.click("Erledigt")
    expect(page.locator("#comments").get_by_role("button", name="Erledigt")).to_have_count(0)
    page = coordinator.go("/")
    expect(page.locator("[aria-labelledby=waiting]")).to_contain_text(
        "Sie werden in einem Kommentar erwähnt."
    )
    coordinator.check()


def test_both_work_without_a_script(chromium: Browser, address: str, folder: Path) -> None:
    context = chromium.new_context(java_script_enabled=False, locale="de-DE")
    page = context.new_page()
    page.goto(f"{address}/sign-in")
    page.fill("#email", next(one.email for one in demo.SIGN_INS if one.role is Role.COORDINATOR))
    page.fill("#password", demo.PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Anmelden").click()
    page.goto(f"{address}/registers/processing-activities/6")

    page.set_input_files("#file", [folder / "Anlage.txt"])
    page.get_by_role("button", name="Anhängen").click()
    expect(page.locator("#files .file__name")).to_have_text("Anlage.txt")
    page.fill("#comment", "Liegt bei.")
    page.select_option("#mention", label="Dr. Frauke Lindner")
    page.get_by_role("button", name="Kommentieren").click()
    expect(page.locator(".comment .prose")).to_have_text("@Dr. Frauke Lindner Liegt bei.")
    context.close()
