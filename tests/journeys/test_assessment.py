"""From a phone without an account to a released impact assessment: everybody by keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from compliance.database import today
from compliance.people import Role
from compliance.web.gate import QUICKEST
from tests.city import City, demo_city, demo_copy
from tests.exports.conformance import problems
from tests.journeys.conftest import Visit, Visitor, served, visits
from tests.journeys.keyboard import PHONE, choose, phone, press, tab_to, unfold, write
from tests.mailbox import Mailbox, mail_server

pytestmark = pytest.mark.browser

PLAN = "Freie Plätze am Strandparkplatz"
DAY = f"0303{today().year + 1}"
"""The third of March of next year, in whatever order the browser asks for day and month."""


@dataclass(frozen=True)
class Town:
    """The demo city with a mail server, for this journey alone."""

    city: City
    address: str
    mailbox: Mailbox


@pytest.fixture(scope="module")
def town(wardersund_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    sender = "nachweis@wardersund.example"
    with mail_server() as mailbox:
        folder = tmp_path_factory.mktemp("town") / "copy"
        site = demo_copy(wardersund_template, folder, smtp=mailbox.address, mail_from=sender)
        with served(site) as address:
            yield Town(demo_city(site), address, mailbox)
        site.database.engine.dispose()


@pytest.fixture
def somebody(chromium: Browser, town: Town) -> Iterator[Visit]:
    with visits(chromium, town.city, town.address) as open_for:
        yield open_for


def on_phone(somebody: Visit, role: Role) -> Visitor:
    return somebody(role, PHONE["width"], PHONE["height"])


def test_a_plan_on_a_phone_becomes_a_released_assessment(
    chromium: Browser, town: Town, somebody: Visit, tmp_path: Path
) -> None:
    officer, management, security = somebody(Role.DSB), somebody(Role.MANAGEMENT), somebody(Role.ISB)
    lead = on_phone(somebody, Role.PROJECT_LEAD)

    _answer_the_prescan(chromium, town, _link(officer))
    project = _take_on(officer)
    analysis = _complete_the_activity(lead, project)
    _confirm_the_analysis(lead)
    assessment = _begin_the_assessment(lead)
    _answer_questions(lead, assessment)
    _explain_the_need(lead, assessment)
    _describe_a_risk(lead, assessment)
    _set_a_measure_against_it(lead, assessment)
    _assess_what_remains(lead)
    invitation = _invite(lead, town)
    _answer_the_invitation(chromium, town, invitation)
    _hear_the_house(lead, security, assessment)
    _submit(lead, f"/registers/dpias/{assessment}")
    _advise(officer)
    _judge(security, assessment)
    _decide(management, assessment)
    _submit(lead, f"/registers/threshold-analyses/{analysis}")
    _release(management, f"/registers/threshold-analyses/{analysis}")
    _release(management, f"/registers/dpias/{assessment}")
    _read_the_report(lead, assessment, tmp_path)
    _see_the_gate(lead, project)


# --- The pre-scan --------------------------------------------------------------------------------


def _link(officer: Visitor) -> str:
    page = officer.go("/pre-scans/link")
    officer.check()
    return page.input_value("#address").removeprefix(officer.address)


ANSWERS = (
    ("Wann geht es los?", "timing", ("PLANNED",)),
    ("Geht es um Daten von Menschen?", "personal_data", ("yes",)),
    ("Werden Orte oder Menschen beobachtet?", "observed", ("CAMERAS",)),
    ("Um wessen Daten geht es?", "concerned", ("ROAD_USERS",)),
    ("Welche Daten sind es?", "kinds", ("RECORDINGS",)),
    ("Wie viele Menschen betrifft es?", "scale", ("MORE",)),
    ("Woher kommen die Daten?", "origin", ("DEVICES",)),
    ("Bewertet oder entscheidet ein Programm über Menschen?", "automation", ("NOTHING",)),
    ("Werden Daten zusammengeführt, die bisher getrennt waren?", "merged", ("no",)),
    ("Hilft jemand von außen mit?", "helpers", ("NOBODY",)),
    ("Werden die Daten oder Ergebnisse veröffentlicht?", "open_data", ("no",)),
    ("Wie lange werden die Daten gebraucht?", "keeping", ("DAYS",)),
    ("Was könnte Menschen passieren, wenn etwas schiefgeht?", "unsure", ("unsure",)),
)
HALF = 6
"""After so many answers the phone rings."""


def _on(visitor: Visitor, heading: str) -> None:
    """The next screen is there and its heading has the focus."""
    title = visitor.page.get_by_role("heading", level=1)
    expect(title).to_have_text(heading)
    expect(title).to_be_focused()
    visitor.check(colours=False)


def _answer_the_prescan(chromium: Browser, town: Town, link: str) -> None:
    with phone(chromium, town.address) as employee:
        page = employee.go(link)
        employee.check()
        press(page, "Beginnen")
        _on(employee, "Was ist geplant?")
        write(page, "name", PLAN)
        write(page, "idea", "Kameras zählen freie Stellplätze; eine Tafel an der Einfahrt zeigt sie an.")
        press(page, "Weiter")
        write(page, "unit_said", "Digitalisierung und Strategie")
        write(page, "contact", "Meike Thomsen")
        press(page, "Weiter")
        for heading, name, values in ANSWERS[:HALF]:
            _on(employee, heading)
            choose(page, name, *values)
            press(page, "Weiter")
        own = page.url.split("/answers/")[1].split("/")[0]
    with phone(chromium, town.address) as employee:
        page = employee.go(f"/pre-scan/answers/{own}")
        for heading, name, values in ANSWERS[HALF:]:
            _on(employee, heading)
            choose(page, name, *values)
            press(page, "Weiter")
        _on(employee, "Ihre Antworten")
        page.wait_for_timeout(QUICKEST.total_seconds() * 1000)
        press(page, "Absenden")
        _on(employee, "Vielen Dank, Ihre Vorprüfung ist angekommen")


# --- Project and activity ------------------------------------------------------------------------


def _unfold_waiting(page: Page) -> None:
    """What arrived last stands below the first rows of the start page, folded."""
    tab_to(page, "section[aria-labelledby=waiting] summary")
    page.keyboard.press("Enter")


def _take_on(officer: Visitor) -> int:
    page = officer.go("/")
    _unfold_waiting(page)
    press(page, re.compile(PLAN), role="link")
    officer.check()
    press(page, "Als Projekt übernehmen")
    expect(page.get_by_role("heading", level=1)).to_contain_text(PLAN)
    officer.check()
    return _number(page)


def _number(page: Page) -> int:
    return int(re.sub(r"[#?].*", "", page.url).rsplit("/", 1)[1])


def _saved(visitor: Visitor) -> Page:
    expect(visitor.page.get_by_role("status").first).to_contain_text("gespeichert")
    visitor.check(colours=False)
    return visitor.page


def _complete_the_activity(lead: Visitor, project: int) -> int:
    """What nobody in the office could know; everything else came with the pre-scan."""
    page = lead.go(f"/registers/projects/{project}")
    expect(page.locator(".next-step")).to_contain_text("Schwellwertanalyse – Sie")
    lead.check()
    press(page, re.compile("VT-"), role="link")
    lead.check(colours=False)
    press(page, "Bearbeiten", role="link")
    lead.check(colours=False)

    unfold(page, "Zwecke und Rechtsgrundlagen")
    tab_to(page, "[data-rows=purposes] [data-add]")
    page.keyboard.press("Enter")
    write(page, "purposes-0-text", "Suchverkehr am Strand vermeiden")
    choose(page, "purposes-0-legal_basis", "PUBLIC_TASK")
    write(page, "purposes-0-norm", "§ 3 LDSG SH")
    tab_to(page, "[data-rows=purposes] .row summary")
    page.keyboard.press("Enter")
    unfold(page, "Empfänger und Drittland")
    choose(page, "no_recipients", "yes")
    choose(page, "third_country", "no")
    unfold(page, "Sicherheit und Systeme")
    write(page, "security_concept", "IT-Sicherheitskonzept der Hansestadt Wardersund")
    press(page, "Speichern")
    _saved(lead)
    press(page, re.compile("^SWA-"), role="link")
    return _number(page)


def _confirm_the_analysis(lead: Visitor) -> None:
    """The record has answered what it knows, and one tick confirms it."""
    page = lead.page
    lead.check(colours=False)
    press(page, "Fragen beantworten", role="link")
    assert page.is_checked("input[name=public_monitoring][value=yes]")
    unfold(page, "Ausnahmen")
    choose(page, "done_by_law", "no")
    tab_to(page, "input[name=confirmed]")
    page.keyboard.press("Space")
    lead.check()
    press(page, "Speichern")
    _saved(lead)
    expect(page.get_by_role("heading", name=re.compile("DSFA erforderlich"))).to_be_visible()
    expect(page.locator("[aria-labelledby=confirmation]")).to_contain_text("von Jonas Brandt")


# --- The assessment ------------------------------------------------------------------------------


def _begin_the_assessment(lead: Visitor) -> int:
    page = lead.page
    press(page, "DSFA beginnen", role="link")
    lead.check(colours=False)
    press(page, "Speichern")
    _saved(lead)
    press(page, "Alle übernehmen")
    return _number(page)


def _answer_questions(lead: Visitor, assessment: int) -> None:
    """Leaves in the middle of an answer and finds every word again."""
    page = lead.go(f"/registers/dpias/{assessment}")
    press(page, "Frage für Frage beantworten", role="link")
    lead.check()
    asked = page.url
    with page.expect_response(lambda response: "question-draft" in response.url):
        write(page, "text", "Angefangen, dann kam Besuch")
    page.goto("about:blank")
    page.goto(asked)
    expect(page.locator("[name=text]")).to_have_value("Angefangen, dann kam Besuch")
    press(page, "Speichern und weiter")
    _saved(lead)


def _explain_the_need(lead: Visitor, assessment: int) -> None:
    """The one statement that no register can make."""
    page = lead.go(f"/registers/dpias/{assessment}")
    expect(page.get_by_role("link", name=re.compile("der Freigabe entgegen"))).to_be_visible()
    press(page, re.compile(r"fehlt – ergänzen\s*: Erforderlichkeit"), role="link")
    write(
        page, "necessity", "Schleifen im Boden sind auf Sand nicht möglich; gezählt wird nur, was frei ist."
    )
    press(page, "Speichern")
    _saved(lead)


def _open(visitor: Visitor, assessment: int) -> Page:
    page = visitor.go(f"/registers/dpias/{assessment}")
    visitor.check()
    return page


def _describe_a_risk(lead: Visitor, assessment: int) -> None:
    page = _open(lead, assessment)
    press(page, "Risiko hinzufügen", role="link")
    lead.check(colours=False)
    write(page, "title", "Gesichter werden doch gespeichert")
    choose(page, "source", "PROCESSOR")
    write(page, "event", "Eine Wartung schaltet die Aufzeichnung ein.")
    choose(page, "damages", "CONTROL")
    choose(page, "goals", "CONFIDENTIALITY")
    choose(page, "severity_before", "SUBSTANTIAL")
    choose(page, "likelihood_before", "SUBSTANTIAL")
    press(page, "Speichern")
    _saved(lead)


def _set_a_measure_against_it(lead: Visitor, assessment: int) -> None:
    page = _open(lead, assessment)
    press(page, "Maßnahme zuordnen", role="link")
    lead.check()
    write(page, "name", "Bilder bleiben im Gerät")
    write(page, "description", "Das Gerät zählt selbst und sendet nur die Zahl.")
    write(page, "responsible", "Digitalisierung und Strategie")
    tab_to(page, "#planned-until")
    page.keyboard.type(DAY)
    press(page, "Neu anlegen und zuordnen")
    lead.check(colours=False)


def _assess_what_remains(lead: Visitor) -> None:
    page = lead.page
    press(page, re.compile("Gesichter werden doch gespeichert"), role="link")
    choose(page, "severity_planned", "SUBSTANTIAL")
    choose(page, "likelihood_planned", "NEGLIGIBLE")
    press(page, "Speichern")
    _saved(lead)


# --- Participation -------------------------------------------------------------------------------


def _invite(lead: Visitor, town: Town) -> str:
    page = lead.page
    press(page, "Alle hinzufügen")
    lead.check(colours=False)
    press(page, re.compile(r"Fragen oder einladen\s*: Betroffene"), role="link")
    lead.check()
    write(page, "name", "Ute Ahrens")
    write(page, "email", "ute.ahrens@example.org")
    press(page, "Einladen")
    lead.check(colours=False)
    [letter] = town.mailbox.texts().values()
    found = re.search(r"/participation/\S+", letter)
    assert found
    return found.group()


def _answer_the_invitation(chromium: Browser, town: Town, link: str) -> None:
    with phone(chromium, town.address) as guest:
        page = guest.go(link)
        guest.check()
        choose(page, "result", "NO_OBJECTION")
        write(page, "answer", "Bitte ein Schild an der Einfahrt aufstellen.")
        expect(page.locator("#name")).to_have_value("Ute Ahrens")
        press(page, "Antwort absenden")
        expect(page.get_by_role("heading", level=1)).to_have_text("Vielen Dank")
        guest.check()


def _hear_the_house(lead: Visitor, security: Visitor, assessment: int) -> None:
    page = _open(lead, assessment)
    press(page, re.compile(r"Fragen oder einladen\s*: Informationssicherheit"), role="link")
    lead.check(colours=False)
    press(page, "Als gefragt festhalten")

    page = security.go("/")
    press(page, re.compile(r"Antworten\s*: " + PLAN), role="link")
    press(page, re.compile(r"Antworten\s*: Informationssicherheit"), role="link")
    security.check()
    choose(page, "result", "NO_OBJECTION")
    press(page, "Antwort absenden")
    security.check(colours=False)


def _submit(lead: Visitor, path: str) -> None:
    page = lead.go(path)
    press(page, "Zur Prüfung geben")
    expect(page.get_by_role("status").first).to_contain_text("In Prüfung")


# --- Advice, evaluation, decision ----------------------------------------------------------------


def _advise(officer: Visitor) -> None:
    page = officer.go("/")
    _unfold_waiting(page)
    press(page, re.compile(r"Stellungnahme schreiben\s*: " + PLAN), role="link")
    officer.check()
    choose(page, "verdict", "NO_OBJECTIONS")
    write(page, "text", "Wenn das Gerät selbst zählt, ist das Vorhaben vertretbar.")
    press(page, "Stellungnahme abgeben")
    officer.check(colours=False)


VERDICTS = (("risks", "Risiken", "ACCEPTABLE"), ("measures", "Maßnahmen", "IMPROVABLE"))


def _judge(security: Visitor, assessment: int) -> None:
    page = _open(security, assessment)
    press(page, re.compile(r"Beurteilen\s*: Risiken"), role="link")
    security.check()
    for section, title, verdict in VERDICTS:
        unfold(page, re.compile(rf"Beurteilen\s*: {title}"))
        choose(page, "verdict", verdict, within=f"#{section}")
        write(page, "comment", "Die Wartung gehört in den Vertrag.", within=f"#{section}")
        tab_to(page, f"#{section} form button")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        security.check(colours=False)


def _decide(management: Visitor, assessment: int) -> None:
    page = management.go(f"/dpias/{assessment}/decision")
    management.check()
    choose(page, "decision", "APPROVED")
    write(page, "reason", "Der Nutzen überwiegt, Bilder verlassen das Gerät nicht.")
    press(page, "Entscheidung festhalten")
    management.check(colours=False)


def _release(management: Visitor, path: str) -> None:
    page = management.go(path)
    press(page, "Freigeben")
    expect(page.locator(".status-line").first).to_contain_text("Freigegeben")
    management.check(colours=False)


# --- What comes of it ----------------------------------------------------------------------------


def _read_the_report(lead: Visitor, assessment: int, folder: Path) -> None:
    page = lead.go(f"/registers/dpias/{assessment}")
    unfold(page, "Exportieren")
    tab_to(page, f"a[href$='/{assessment}/export.pdf']")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    download.value.save_as(folder / "Bericht.pdf")
    assert problems(folder / "Bericht.pdf") == []


def _see_the_gate(lead: Visitor, project: int) -> None:
    page = lead.go(f"/registers/projects/{project}")
    lead.check()
    gates = page.locator(".gate-table tbody tr")
    for title in ("Schwellwertanalyse", "Datenschutz-Folgenabschätzung"):
        expect(gates.filter(has=page.get_by_role("rowheader", name=title))).to_contain_text("Erfüllt")
