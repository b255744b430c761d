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
    (Role.DSB, "/registers/processors/1"),
    (Role.DSB, "/registers/processors/1/edit"),
    (Role.PROJECT_LEAD, "/registers/projects/"),
    (Role.PROJECT_LEAD, "/registers/projects/1"),
    (Role.ISB, "/registers/objects/"),
    (Role.ISB, "/registers/objects/1/edit"),
    (Role.ADMINISTRATOR, "/registers/authority/1"),
    (Role.DSB, "/search?q=Wohngeld"),
    (Role.DSB, "/account/"),
    (Role.DSB, "/registers/threshold-analyses/"),
    (Role.DSB, "/registers/threshold-analyses/1"),
    (Role.PROJECT_LEAD, "/registers/threshold-analyses/1/edit"),
    (Role.DSB, "/registers/dpias/"),
    (Role.DSB, "/registers/dpias/1"),
    (Role.PROJECT_LEAD, "/registers/dpias/1/edit"),
    (Role.ISB, "/registers/information-domains/"),
    (Role.ISB, "/registers/information-domains/1"),
    (Role.ISB, "/grundschutz/catalogue"),
    (Role.DSB, "/registers/retention-rules/matrix"),
    (Role.ARCHIVE, "/registers/retention-rules/3"),
    (Role.DSB, "/registers/measures/library"),
    (Role.ISB, "/registers/measures/1"),
    (Role.DSB, "/registers/authority-cases/"),
    (Role.MANAGEMENT, "/registers/authority-cases/3"),
    (Role.DSB, "/activity-report/"),
]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(("role", "path"), PAGES, ids=[path for _role, path in PAGES])
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
