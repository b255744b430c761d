"""Every page, at a desk and on a phone, in German and in English, as axe sees it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser

from compliance.app import ALL_REGISTERS, create_app
from compliance.entry import Area, Entry
from compliance.people import Organisation, Person, Role
from tests.city import FOUNDER, City, add_person, demo_city, demo_copy
from tests.journeys.conftest import WIDTHS, Visitor, served, visits

pytestmark = pytest.mark.browser

WIDE, NARROW = WIDTHS

PAGES: Final = [
    (Role.DSB, "/"),
    (Role.DSB, "/registers/processing-activities/"),
    (Role.DSB, "/registers/processing-activities/?findings=ERROR&sort=-next_review"),
    (Role.DSB, "/registers/processing-activities/?q=gibtesnicht"),
    (Role.DSB, "/registers/processing-activities/1"),
    (Role.DSB, "/registers/processing-activities/1/edit"),
    (Role.DSB, "/registers/processing-activities/1/history"),
    (Role.COORDINATOR, "/registers/processing-activities/new"),
    (Role.COORDINATOR, "/registers/processing-activities/bulk/"),
    (Role.COORDINATOR, "/registers/processing-activities/76/sample"),
    (Role.ADMINISTRATOR, "/registers/processing-activities/import/"),
    (Role.DSB, "/registers/processing-activities/roundtrip/"),
    (Role.DSB, "/registers/processors/1"),
    (Role.DSB, "/registers/processors/1/edit"),
    (Role.PROJECT_LEAD, "/registers/projects/"),
    (Role.PROJECT_LEAD, "/registers/projects/1"),
    (Role.MANAGEMENT, "/registers/projects/8"),
    (Role.PROJECT_LEAD, "/registers/projects/18"),
    (Role.PROJECT_LEAD, "/registers/projects/portfolio"),
    (Role.MANAGEMENT, "/registers/projects/portfolio?view=list&red=yes"),
    (Role.DSB, "/registers/pre-scans/"),
    (Role.DSB, "/registers/pre-scans/1"),
    (Role.DSB, "/pre-scans/link"),
    (Role.ISB, "/registers/objects/"),
    (Role.ISB, "/registers/objects/1/edit"),
    (Role.ADMINISTRATOR, "/registers/authority/1"),
    (Role.DSB, "/search?q=Wohngeld"),
    (Role.COORDINATOR, "/"),
    (Role.COORDINATOR, "/rounds/1/"),
    (Role.DSB, "/registers/update-rounds/1"),
    (Role.AUDITOR, "/rules"),
    (Role.DSB, "/account/"),
    (Role.READER, "/deadlines"),
    (Role.READER, "/deadlines?kind=BREACH&aware=2026-03-27T14:10"),
    (Role.READER, "/deadlines?kind=REQUEST&received=2025-07-31&land=SH"),
    (Role.READER, "/deadlines?kind=CONSULTATION&received=2026-02-14&paused=2026-02-01&land=SH"),
    (Role.READER, "/deadlines?kind=PERIOD&begins=2026-05-14&length=2&length=W&regime=UNION&land=SH"),
    (Role.READER, "/report-breach"),
    (Role.DSB, "/registers/threshold-analyses/"),
    (Role.DSB, "/registers/threshold-analyses/1"),
    (Role.PROJECT_LEAD, "/registers/threshold-analyses/1/edit"),
    (Role.PROJECT_LEAD, "/registers/threshold-analyses/new?activity=5"),
    (Role.DSB, "/registers/dpias/"),
    (Role.DSB, "/registers/dpias/1"),
    (Role.PROJECT_LEAD, "/registers/dpias/9"),
    (Role.PROJECT_LEAD, "/registers/dpias/1/edit"),
    (Role.PROJECT_LEAD, "/dpias/6/risks/new"),
    (Role.PROJECT_LEAD, "/dpias/6/risks/R1"),
    (Role.PROJECT_LEAD, "/dpias/6/measures/add?q=ORP.4"),
    (Role.PROJECT_LEAD, "/dpias/6/questions/team"),
    (Role.PROJECT_LEAD, "/dpias/6/catalogue"),
    (Role.PROJECT_LEAD, "/dpias/6/participation/summary"),
    (Role.ISB, "/dpias/5/evaluation"),
    (Role.MANAGEMENT, "/dpias/5/decision"),
    (Role.READER, "/dpias/1/decision"),
    (Role.PROJECT_LEAD, "/dpias/1/review"),
    (Role.PROJECT_LEAD, "/dpias/2/review"),
    (Role.DSB, "/dpias/review-cycle"),
    (Role.PROJECT_LEAD, "/dpias/begin"),
    (Role.PROJECT_LEAD, "/dpias/begin/18"),
    (Role.PROJECT_LEAD, "/dpias/19/copied"),
    (Role.PROJECT_LEAD, "/dpias/3/scenarios"),
    (Role.PROJECT_LEAD, "/dpias/3/scenarios/N-RS.01"),
    (Role.PROJECT_LEAD, "/registers/risk-scenarios/shipped"),
    (Role.MANAGEMENT, "/dpias/1/public-summary"),
    (Role.READER, "/public/wardersund/assessments"),
    (Role.READER, "/public/wardersund/assessments/1"),
    (Role.MANAGEMENT, "/registers/dpias/8"),
    (Role.ADMINISTRATOR, "/dpias/matrix"),
    (Role.PROJECT_LEAD, "/dpias/import/"),
    (Role.ISB, "/registers/information-domains/"),
    (Role.ISB, "/registers/information-domains/1"),
    (Role.ISB, "/grundschutz/1/modelling"),
    (Role.ISB, "/grundschutz/1/extent"),
    (Role.ISB, "/grundschutz/1/requirements/SYS.1.1.A1"),
    (Role.ISB, "/grundschutz/1/stale"),
    (Role.ISB, "/grundschutz/1/workbook"),
    (Role.ISB, "/grundschutz/catalogue"),
    (Role.ISB, "/grundschutz/1/structure/"),
    (Role.ISB, "/grundschutz/1/objects/"),
    (Role.ISB, "/protection-needs/1"),
    (Role.ISB, "/protection-needs/objects/27"),
    (Role.ISB, "/grundschutz/1/risks"),
    (Role.ISB, "/registers/risk-analyses/2"),
    (Role.ISB, "/risk-analyses/3/threats"),
    (Role.ISB, "/risk-analyses/2/threats/G0.30"),
    (Role.MANAGEMENT, "/risk-analyses/2/acceptance"),
    (Role.ISB, "/risk-analyses/matrix"),
    (Role.ISB, "/grundschutz/1/continuity"),
    (Role.ISB, "/grundschutz/1/plan/"),
    (Role.ISB, "/grundschutz/1/plan/propose"),
    (Role.ISB, "/registers/measures/49"),
    (Role.ISB, "/grundschutz/1/continuity/42"),
    (Role.ISB, "/grundschutz/1/papers/"),
    (Role.ISB, "/grundschutz/1/papers/unused"),
    (Role.AUDITOR, "/registers/audits/1"),
    (Role.ISB, "/registers/audits/2"),
    (Role.ISB, "/audits/2/sample"),
    (Role.ISB, "/registers/security-incidents/2"),
    (Role.COORDINATOR, "/registers/processing-activities/11"),
    (Role.COORDINATOR, "/registers/processing-activities/20"),
    (Role.COORDINATOR, "/described/processing-activities/20"),
    (Role.ISB, "/described/dpias/8"),
    (Role.ISB, "/catalogues/"),
    (Role.ISB, "/wiba/"),
    (Role.ISB, "/grundschutz/1/wiba"),
    (Role.ISB, "/grundschutz/1/wiba/3"),
    (Role.ISB, "/grundschutz/1/wiba/proposals"),
    (Role.ISB, "/grundschutz/1/controls"),
    (Role.ISB, "/grundschutz/1/oscal/"),
    (Role.ISB, "/catalogues/own/"),
    (Role.COORDINATOR, "/notices/45"),
    (Role.COORDINATOR, "/notices/45?form=short&language=en"),
    (Role.MANAGEMENT, "/publications/45"),
    (Role.READER, "/public/wardersund/register"),
    (Role.READER, "/public/wardersund/register/45?language=en"),
    (Role.READER, "/public/wardersund/request"),
    (Role.READER, "/public/wardersund/breach"),
    (Role.DSB, "/registers/retention-rules/matrix"),
    (Role.ARCHIVE, "/registers/retention-rules/3"),
    (Role.DSB, "/registers/measures/library"),
    (Role.ISB, "/registers/measures/1"),
    (Role.ADMINISTRATOR, "/registers/norms/library"),
    (Role.DSB, "/registers/services/matching"),
    (Role.COORDINATOR, "/transfers/guide"),
    (Role.DSB, "/registers/breaches/1"),
    (Role.DSB, "/registers/requests/1"),
    (Role.COORDINATOR, "/registers/requests/1/letters/access"),
    (Role.DSB, "/registers/authority-cases/"),
    (Role.MANAGEMENT, "/registers/authority-cases/3"),
    (Role.DSB, "/activity-report/"),
]

MODULE: Final = "table.modules a[href^='/grundschutz/1/']"
CATALOGUE: Final = "main th a[href^='/catalogues/']"
CONTROLS: Final = "main th a[href^='/grundschutz/1/controls/']"
LINKED: Final = [
    (Role.ISB, "/registers/information-domains/1", (MODULE,)),
    (Role.ISB, "/catalogues/", (CATALOGUE,)),
    (Role.ISB, "/grundschutz/1/controls", (CONTROLS,)),
    (Role.ISB, "/grundschutz/1/controls", ("main a[href$='/successors']",)),
    (Role.PROJECT_LEAD, "/registers/dpias/6", ("a[href*='/participation/']:not([href$=summary])",)),
]
"""Pages whose address holds a name that only another page knows: who, that page, and the links to follow."""

WRITERS: Final = {
    Area.PROJECTS: Role.PROJECT_LEAD,
    Area.SECURITY: Role.ISB,
    Area.AUTHORITY: Role.ADMINISTRATOR,
}
"""Who writes in an area, if not the data protection officer."""

ELSEWHERE: Final = {
    "attachments.fetch": "a file",
    "calendars.feed": "a file",
    "catalogues.document": "a file",
    "catalogues.profile": "a file",
    "check_workbook.workbook": "a file",
    "continuity.export": "a file",
    "control_check.paper": "a file",
    "dpia_consultations.dossier": "a file",
    "dpia_decisions.as_paper": "a file",
    "dpia_questions.report": "a file",
    "entries.as_json": "a file",
    "health.alive": "a word",
    "letters.download": "a file",
    "needs.export": "a file",
    "notices.download": "a file",
    "officer.report": "a file",
    "own_catalogues.modules": "a file",
    "plans.export": "a file",
    "portfolio.export": "a file",
    "printing.entry": "a file",
    "printing.listing": "a file",
    "printing.report": "a file",
    "public.download": "a file",
    "reference_papers.paper": "a file",
    "retention.concept": "a file",
    "roundtrip.workbook": "a file",
    "security_risks.paper": "a file",
    "static": "files",
    "structure.paper": "a file",
    "structure.picture": "a file",
    "successors.export": "a file",
    "catalogues.control": "test_a_catalogue_is_read_and_checked_page_by_page",
    "catalogues.differences": "test_a_catalogue_is_read_and_checked_page_by_page",
    "catalogues.show": "LINKED",
    "check_bulk.module": "test_all_open_requirements_are_answered_on_a_page",
    "check_parts.show": "tests/web/test_check_parts.py",
    "check_sources.choose": "test_answers_to_be_taken_over_are_offered_on_a_page",
    "check_workbook.preview": "tests/web/test_check_workbook.py",
    "control_check.chapters": "LINKED",
    "control_check.check": "test_a_catalogue_is_read_and_checked_page_by_page",
    "control_check.preview": "test_a_catalogue_is_read_and_checked_page_by_page",
    "dpia_exchange.preview": "test_an_upload_is_shown_before_anything_is_saved",
    "grundschutz.check": "LINKED",
    "importing.preview": "test_an_upload_is_shown_before_anything_is_saved",
    "invited.answer": "tests/journeys/test_assessment.py",
    "oscal.preview": "test_results_come_back_after_a_preview",
    "own_catalogues.preview": "test_a_table_becomes_a_profile_after_a_preview",
    "participation.step": "LINKED",
    "prescans.begin": "tests/journeys/test_prescan.py",
    "prescans.overview": "tests/journeys/test_prescan.py",
    "prescans.question": "tests/journeys/test_prescan.py",
    "prescans.resume": "tests/journeys/test_prescan.py",
    "roundtrip.preview": "tests/journeys/test_roundtrip.py",
    "signin.sign_in": "test_whoever_is_not_signed_in_is_asked_to",
    "successors.show": "LINKED",
}
"""What is no page, or where it is looked at."""


Desk = Callable[..., Visitor]


@pytest.fixture(scope="module")
def city(wardersund_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    site = demo_copy(wardersund_template, tmp_path_factory.mktemp("pages") / "copy")
    found = demo_city(site)
    # People outside can send requests and reports only where the organisation says so.
    with site.database.writing(actor=FOUNDER) as session:
        session.get_one(Organisation, found.id).public_desk = True
    yield found
    site.database.engine.dispose()


@pytest.fixture(scope="module")
def everybody(city: City) -> Person:
    """Somebody who may do everything, speaks English, and so sees all that pages can show."""
    return add_person(city, *Role, name="Alex Everybody", language="en")


@pytest.fixture(scope="module")
def at_desk(chromium: Browser, city: City) -> Iterator[Desk]:
    """One browser for each person, shared by all tests of the module."""
    known: dict[Role | Person, Visitor] = {}
    with served(city.site) as address, visits(chromium, city, address) as visit:

        def of(who: Role | Person, width: int = WIDE) -> Visitor:
            if who not in known:
                known[who] = visit(who)
            known[who].complaints.clear()
            known[who].resize(width)
            return known[who]

        yield of


def look_at(visitor: Visitor) -> None:
    """At a desk, and then on a phone, where the colours are the same."""
    visitor.check()
    visitor.resize(NARROW)
    visitor.check(colours=False)


@pytest.mark.parametrize(("role", "path"), PAGES, ids=[f"{role.name} {path}" for role, path in PAGES])
def test_a_page_is_accessible_and_fits(at_desk: Desk, role: Role, path: str) -> None:
    visitor = at_desk(role)

    visitor.go(path)

    look_at(visitor)


@pytest.mark.parametrize("path", dict.fromkeys(path for _role, path in PAGES))
def test_a_page_is_accessible_and_fits_in_english(at_desk: Desk, everybody: Person, path: str) -> None:
    visitor = at_desk(everybody, NARROW)

    visitor.go(path)

    visitor.check(colours=False)


@pytest.mark.parametrize("model", ALL_REGISTERS, ids=lambda model: model.slug)
def test_every_register_is_accessible_and_fits(at_desk: Desk, model: type[Entry]) -> None:
    visitor = at_desk(WRITERS.get(model.area, Role.DSB), NARROW)
    for path in ("", "1", "1/edit", "1/history", "new"):
        visitor.go(f"/registers/{model.slug}/{path}")
        visitor.check(colours=False)


@pytest.mark.parametrize(("role", "path", "links"), LINKED)
def test_a_page_behind_a_page_is_accessible_and_fits(
    at_desk: Desk, role: Role, path: str, links: tuple[str, ...]
) -> None:
    visitor = at_desk(role)
    for link in links:
        path = str(visitor.go(path).locator(link).first.get_attribute("href"))

    visitor.go(path)

    look_at(visitor)


UPLOADS: Final = (
    (Role.PROJECT_LEAD, "/dpias/import/", "ausleihe.json", json.dumps({"pia": {"name": "Ausleihe"}})),
    (Role.DSB, "/registers/processing-activities/import/", "altes.csv", "Bezeichnung\nFundbüro\n"),
)


@pytest.mark.parametrize(("role", "path", "name", "content"), UPLOADS)
def test_an_upload_is_shown_before_anything_is_saved(
    at_desk: Desk, tmp_path: Path, role: Role, path: str, name: str, content: str
) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    visitor = at_desk(role)
    page = visitor.go(path)
    page.set_input_files("main input[type=file]", tmp_path / name)

    with page.expect_navigation():
        page.locator("main form:has(input[type=file]) button[type=submit]").click()

    assert "/import/" in page.url
    look_at(visitor)


def test_all_open_requirements_are_answered_on_a_page(at_desk: Desk) -> None:
    visitor = at_desk(Role.ISB)
    check = visitor.go("/registers/information-domains/1").locator(MODULE).first.get_attribute("href")

    visitor.go(f"{check}/bulk")

    look_at(visitor)


def test_answers_to_be_taken_over_are_offered_on_a_page(at_desk: Desk) -> None:
    visitor = at_desk(Role.ISB)
    check = visitor.go("/registers/information-domains/1").locator(MODULE).first.get_attribute("href")

    visitor.go(f"{check}/sources")

    look_at(visitor)


def test_a_catalogue_is_read_and_checked_page_by_page(at_desk: Desk) -> None:
    visitor = at_desk(Role.ISB)
    for start, links in CATALOGUE_WAYS.items():
        page = visitor.go(start)
        for link in links:
            address = page.locator(f"main {link}").first.get_attribute("href")
            page = visitor.go(str(address))
            visitor.check(colours=False)
        look_at(visitor)


CATALOGUE_WAYS: Final = {
    "/catalogues/": ("th a[href^='/catalogues/']", "a[href*='group=']", "a[href*='/controls/']"),
    "/catalogues/?": ("a[href^='/catalogues/']:has-text('Dienstanweisung')", "a[href*='/differences']"),
    "/grundschutz/catalogue": ("a[href='/catalogues/2023']", "a[href*='group=']", "a[href*='/controls/']"),
    "/grundschutz/1/controls": ("a[href*='/controls/']", "a[href$='/0']"),
    "/grundschutz/1/controls?": ("a[href*='/controls/']:has-text('Dienstanweisung')", "a[href*='/move/']"),
}
"""Where somebody begins, and the links that they follow from there, page by page."""


def test_whoever_is_not_signed_in_is_asked_to(chromium: Browser, at_desk: Desk) -> None:
    context = chromium.new_context(locale="de-DE")
    visitor = Visitor(context, at_desk(Role.READER).address)

    visitor.go("/sign-in")

    look_at(visitor)
    context.close()


@pytest.mark.parametrize("path", ["/nowhere", "/registers/processing-activities/9999"])
def test_a_missing_page_says_so_accessibly(at_desk: Desk, path: str) -> None:
    visitor = at_desk(Role.READER)

    page = visitor.go(path)

    visitor.complaints.clear()
    assert page.get_by_role("main").inner_text().startswith("404")
    visitor.check()


def test_no_page_is_left_out(city: City) -> None:
    app = create_app(city.site)
    known = app.url_map.bind("localhost")
    looked_at = {known.match(path.partition("?")[0])[0] for _role, path in PAGES}
    given = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}

    assert given - looked_at == set(ELSEWHERE)
