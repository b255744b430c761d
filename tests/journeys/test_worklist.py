"""The officer for information security takes answers over by keyboard, and answers WiBA without saving."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from compliance.people import Role
from tests.assessments.grundschutz import wiba_workbooks
from tests.assessments.grundschutz.cross_tables import workbook
from tests.journeys.conftest import Visitor

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("width", "standing", "control"), [(1280, "Offen", "DA.3.1"), (360, "Quelle geändert", "DA.3.2")]
)
def test_a_proposal_is_ticked_and_taken_over_by_keyboard(
    visit: Callable[..., Visitor], width: int, standing: str, control: str
) -> None:
    isb = visit(Role.ISB, width)
    isb.go("/grundschutz/1/controls")
    isb.leave_by(re.compile(r"aus Edition 2023 übernehmen\s*:\s*Dienstanweisung"), role="link")
    isb.check()
    page = isb.leave_by(re.compile(standing), role="link")
    first, second = page.get_by_role("checkbox", name=control).all()
    first.focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(second).to_be_focused()
    page.keyboard.press("Space")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(isb.check().get_by_role("main")).to_contain_text("1 Antwort ist übernommen.")
    expect(page.get_by_role("checkbox", name=control)).to_have_count(0)


def test_wiba_is_answered_without_a_button_and_counts_at_once(
    visit: Callable[..., Visitor], tmp_path: Path
) -> None:
    file = tmp_path / "wiba.xlsx"
    file.write_bytes(workbook(wiba_workbooks.questions()))
    isb = visit(Role.ISB)
    isb.go("/wiba/")
    isb.page.set_input_files("#file", file)
    isb.leave_by("Einlesen")
    page = isb.go("/grundschutz/1/wiba/3")
    question = page.locator("li[data-requirement]").first
    question.get_by_role("radio").first.focus()
    page.keyboard.press("n")
    question.get_by_role("textbox").fill("Es fehlt ein zweiter Ort.")
    page.keyboard.press("Tab")
    expect(page.locator("[data-progress]")).to_have_text("1 von 2 beantwortet")
    isb.check()
    page = isb.go("/grundschutz/1/wiba/3")
    expect(page.get_by_role("radio", name="Nein").first).to_be_checked()
