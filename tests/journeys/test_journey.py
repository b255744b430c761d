"""One activity on its way through the authority: from a sample to the auditor's files."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from compliance.people import Role
from tests.exports.conformance import problems
from tests.journeys.conftest import Visitor

pytestmark = pytest.mark.browser

ACTIVITY = "Anmeldung gefährdeter Straßenbäume"


def test_an_activity_is_described_assessed_released_and_audited(
    visit: Callable[..., Visitor], tmp_path: Path
) -> None:
    coordinator, officer, lead = visit(Role.COORDINATOR), visit(Role.DSB), visit(Role.PROJECT_LEAD)
    management, security, auditor = visit(Role.MANAGEMENT), visit(Role.ISB), visit(Role.AUDITOR)

    number = _write_activity_from_sample(coordinator)
    _give_opinion(officer, f"/registers/processing-activities/{number}")
    assessment = _find_out_whether_an_assessment_is_needed(lead, number)
    _describe_and_assess(lead, assessment)
    _give_opinion(officer, f"/registers/dpias/{assessment}")
    _submit(lead, f"/registers/dpias/{assessment}")
    _decide_and_release(management, assessment)
    _submit(coordinator, f"/registers/processing-activities/{number}")
    _release(management, f"/registers/processing-activities/{number}")
    _answer_a_module(security)
    _compare_files(auditor, number, tmp_path)


def _write_activity_from_sample(coordinator: Visitor) -> int:
    page = coordinator.go("/registers/processing-activities/new")
    page.select_option("#sample", label="Hundesteuer")
    coordinator.click("Übernehmen")
    expect(page.locator("#name")).to_have_value("Hundesteuer")
    coordinator.check()

    page.fill("#name", ACTIVITY)
    page.select_option("#unit", index=3)
    page.select_option("#stage", "PLANNED")
    page.fill("#contact", "Ayla Demir, Durchwahl 2210")
    page.check("input[name=third_country][value=no]")
    coordinator.click("Speichern")

    expect(page.get_by_role("heading", level=1)).to_contain_text(ACTIVITY)
    number = int(page.url.rsplit("/", 1)[1])
    expect(page.get_by_role("main")).to_contain_text("VVT-009")
    coordinator.check()

    page.goto(f"{page.url}/edit")
    page.fill("#security_concept", "IT-Sicherheitskonzept der Hansestadt Wardersund")
    coordinator.click("Speichern")
    expect(page.get_by_role("main")).not_to_contain_text("VVT-009")
    return number


def _give_opinion(officer: Visitor, path: str) -> None:
    page = officer.go(path)
    page.get_by_text("Stellungnahme schreiben").first.click()
    page.select_option("select[name=verdict]", "NO_OBJECTIONS")
    page.fill("#opinion", "Die Angaben sind vollständig; gegen den Beginn bestehen keine Bedenken.")
    officer.click("Stellungnahme abgeben")

    expect(page.get_by_role("main")).to_contain_text("keine Bedenken")
    officer.check()


def _find_out_whether_an_assessment_is_needed(lead: Visitor, activity: int) -> int:
    page = lead.go(f"/registers/processing-activities/{activity}")
    lead.leave_by("Schwellwertanalyse beginnen", role="link")
    lead.check()
    page.fill("#name", f"Schwellwertanalyse {ACTIVITY}")
    _answer_flags(page, "no")
    page.check("input[name=personal_data][value=yes]")
    page.check("input[name=monitoring][value=yes]")
    page.check("input[name=public_monitoring][value=yes]")
    lead.click("Speichern")

    expect(page.get_by_role("heading", name=re.compile("DSFA erforderlich"))).to_be_visible()
    lead.check()
    lead.click("DSFA beginnen", role="link")
    page.fill("#name", ACTIVITY)
    lead.click("Speichern")
    expect(page.get_by_role("main")).to_contain_text("Nächster Schritt")
    lead.check()
    return int(page.url.rsplit("/", 1)[1])


def _answer_flags(page: Page, answer: str) -> None:
    """Answers every yes/no question of the form that is on the screen."""
    for radio in page.locator(f"input[type=radio][value={answer}]").all():
        if radio.is_visible():
            radio.check()


def _describe_and_assess(lead: Visitor, number: int) -> None:
    page = lead.go(f"/registers/dpias/{number}/edit")
    for field in page.locator("form.edit textarea").all():
        if field.is_visible() and not field.input_value():
            field.fill("Der Baumbestand wird erfasst; Meldende werden nur für Rückfragen gespeichert.")
    lead.leave_by("Speichern")
    lead.check()

    page.goto(f"{lead.address}/dpias/{number}/risks/new")
    page.fill("#title", "Meldende werden öffentlich bekannt")
    page.fill("[name=event]", "Name und Anschrift erscheinen in der Karte")
    page.check("input[name=severity_before] >> nth=1")
    page.check("input[name=likelihood_before] >> nth=1")
    lead.leave_by("Speichern")
    lead.check()


def _submit(somebody: Visitor, path: str) -> None:
    page = somebody.go(path)
    somebody.click("Zur Prüfung geben")
    expect(page.get_by_role("main")).to_contain_text("In Prüfung")


def _decide_and_release(management: Visitor, number: int) -> None:
    page = management.go(f"/dpias/{number}/decision")
    management.check()
    page.check("input[name=decision][value=APPROVED]")
    page.fill("#reason", "Der Nutzen überwiegt; die Meldenden bleiben unsichtbar.")
    management.click("Entscheidung festhalten")
    _release(management, f"/registers/dpias/{number}")


def _release(management: Visitor, path: str) -> None:
    page = management.go(path)
    management.click("Freigeben")
    expect(page.locator(".status-line").first).to_contain_text("Freigegeben")
    management.check()


def _answer_a_module(security: Visitor) -> None:
    page = security.go("/registers/information-domains/1")
    security.leave_by(re.compile("Weiter prüfen"), role="link")
    security.check()
    done = page.get_by_text(re.compile(r"\d+ von \d+ beantwortet")).first.inner_text()

    opened = page.locator("fieldset[data-answers]", has=page.locator("input[value=OPEN]:checked")).first
    opened.locator("input[value=YES]").check()
    page.keyboard.press("Alt+ArrowDown")

    expect(page.get_by_text(re.compile(r"\d+ von \d+ beantwortet")).first).not_to_have_text(done)
    security.check()


def _compare_files(auditor: Visitor, number: int, folder: Path) -> None:
    page = auditor.go("/registers/processing-activities/")
    files = {}
    for name in ("Excel", "PDF"):
        with page.expect_download() as download:
            page.get_by_role("link", name=name, exact=True).click()
        files[name] = folder / download.value.suggested_filename
        download.value.save_as(files[name])

    book = load_workbook(io.BytesIO(files["Excel"].read_bytes()), read_only=True)
    cells = [str(row[0]) for sheet in book.worksheets for row in sheet.iter_rows(values_only=True) if row]
    in_workbook = {cell for cell in cells if re.fullmatch(r"VT-\d{4}", cell)}
    book.close()
    assert f"VT-{number:04}" in in_workbook
    assert problems(files["PDF"]) == []
    if shutil.which("pdftotext"):
        text = subprocess.run(
            ["pdftotext", "-layout", str(files["PDF"]), "-"], capture_output=True, text=True, check=True
        ).stdout
        assert set(re.findall(r"^\s*(VT-\d{4})\b", text, re.MULTILINE)) == in_workbook
