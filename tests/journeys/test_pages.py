"""Every main page, at a desk and on a phone, as axe sees it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from compliance.people import Role
from tests.journeys.conftest import WIDTHS, Visitor

pytestmark = pytest.mark.browser

PAGES = [
    (Role.DSB, "/"),
    (Role.DSB, "/registers/processing-activities/"),
    (Role.DSB, "/registers/processing-activities/?findings=ERROR&sort=-next_review"),
    (Role.DSB, "/registers/processing-activities/?q=gibtesnicht"),
    (Role.DSB, "/registers/processing-activities/1"),
    (Role.DSB, "/registers/processing-activities/1/edit"),
    (Role.DSB, "/registers/processing-activities/1/history"),
    (Role.COORDINATOR, "/registers/processing-activities/new"),
    (Role.DSB, "/registers/processing-activities/roundtrip/"),
    (Role.DSB, "/registers/processors/1"),
    (Role.DSB, "/registers/processors/1/edit"),
    (Role.PROJECT_LEAD, "/registers/projects/"),
    (Role.PROJECT_LEAD, "/registers/projects/1"),
    (Role.MANAGEMENT, "/registers/projects/8"),
    (Role.PROJECT_LEAD, "/registers/projects/portfolio"),
    (Role.MANAGEMENT, "/registers/projects/portfolio?view=list&red=yes"),
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
    (Role.DSB, "/registers/threshold-analyses/"),
    (Role.DSB, "/registers/threshold-analyses/1"),
    (Role.PROJECT_LEAD, "/registers/threshold-analyses/1/edit"),
    (Role.DSB, "/registers/dpias/"),
    (Role.DSB, "/registers/dpias/1"),
    (Role.PROJECT_LEAD, "/registers/dpias/1/edit"),
    (Role.ISB, "/registers/information-domains/"),
    (Role.ISB, "/registers/information-domains/1"),
    (Role.ISB, "/grundschutz/catalogue"),
    (Role.COORDINATOR, "/notices/45"),
    (Role.COORDINATOR, "/notices/45?form=short&language=en"),
    (Role.MANAGEMENT, "/publications/45"),
    (Role.READER, "/public/wardersund/register"),
    (Role.READER, "/public/wardersund/register/45?language=en"),
    (Role.DSB, "/registers/retention-rules/matrix"),
    (Role.ARCHIVE, "/registers/retention-rules/3"),
    (Role.DSB, "/registers/measures/library"),
    (Role.ISB, "/registers/measures/1"),
    (Role.DSB, "/registers/authority-cases/"),
    (Role.MANAGEMENT, "/registers/authority-cases/3"),
    (Role.DSB, "/activity-report/"),
]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(("role", "path"), PAGES, ids=[f"{role.name} {path}" for role, path in PAGES])
def test_a_page_is_accessible_and_fits(
    visit: Callable[..., Visitor], role: Role, path: str, width: int
) -> None:
    visitor = visit(role, width)

    visitor.go(path)

    visitor.check()


@pytest.mark.parametrize("path", ["/nowhere", "/registers/processing-activities/9999"])
def test_a_missing_page_says_so_accessibly(visit: Callable[..., Visitor], path: str) -> None:
    visitor = visit(Role.READER)

    page = visitor.go(path)

    visitor.complaints.clear()
    assert page.get_by_role("main").inner_text().startswith("404")
    visitor.check()
