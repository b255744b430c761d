"""The statements of a requirement in the browser: there once the wordings are, and each with its answer."""

from __future__ import annotations

import pytest

from assessments.grundschutz.catalogue import RequirementText
from assessments.grundschutz.check import Status
from assessments.grundschutz.kompendium import EDITION
from compliance.people import Role
from tests.browsers import Browser, Browsers
from tests.city import FOUNDER, City
from tests.web.test_check_sources import FIRST, Office

pytestmark = pytest.mark.parametrize("address", ["sqlite"], indirect=True)


@pytest.fixture
def office(city: City) -> Office:
    return Office(city)


@pytest.fixture
def isb(browsers: Browsers) -> Browser:
    return browsers.of(Role.ISB)


def test_without_wordings_there_is_no_such_page(office: Office, isb: Browser) -> None:
    assert isb.status("GET", f"{office.page(office.member)}/parts/{FIRST}") == 404


def test_statements_are_answered_and_settle_the_requirement(office: Office, isb: Browser) -> None:
    text = "Server MÜSSEN geschützt stehen. Zutritt DÜRFEN nur Befugte haben."
    with office.city.site.database.writing(actor=FOUNDER) as session:
        session.add(RequirementText(edition=EDITION, requirement_id=FIRST, text=text))
    address = f"{office.page(office.member)}/parts/{FIRST}"
    page = isb.page(address)
    assert "Zutritt DÜRFEN nur Befugte haben." in page.main
    assert f"parts/{FIRST}" in " ".join(
        one.attributes.get("href", "") for one in isb.page(office.page(office.member)).all("a")
    )
    said = {"status-1": "YES", "status-2": "NO", "remark-2": "Schlüssel fehlt", "settles": "yes"}
    isb.post(address, said | {"version": "0"})
    assert office.stored()[office.member].status is Status.PARTIAL
    assert "Schlüssel fehlt" in isb.page(address).main
    assert isb.status("POST", address, said | {"version": "0"}) == 409
    current = {"version": str(office.stored()[office.member].version)}
    isb.post(address, said | current | {"status-2": "OPEN"})
    assert office.stored()[office.member].status is Status.PARTIAL
