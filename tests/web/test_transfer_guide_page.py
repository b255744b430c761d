"""The guide to third countries is a page whose address holds every answer."""

from __future__ import annotations

import pytest

from compliance.people import Role
from registers.countries import COUNTRIES
from registers.processing import ProcessingActivity, Recipient
from tests.browsers import Browsers
from tests.city import City

pytestmark = pytest.mark.parametrize("address", ["sqlite"], indirect=True)

GUIDE = "/transfers/guide"


@pytest.mark.parametrize("role", [Role.DSB, Role.COORDINATOR, Role.READER])
def test_the_guide_asks_and_keeps_the_answers(browsers: Browsers, role: Role) -> None:
    browser = browsers.of(role)
    first = browser.get(GUIDE).text
    then = browser.get(f"{GUIDE}?country=US").text

    assert 'name="country"' in first
    assert '<input type="hidden" name="country" value="US">' in then
    assert 'name="certified"' in then


def test_the_guide_ends_with_ground_documents_and_warnings(browsers: Browsers) -> None:
    page = browsers.of(Role.COORDINATOR).get(f"{GUIDE}?country=US&certified=yes&covered=yes").text

    assert "Art. 45 DSGVO, Beschluss (EU) 2023/1795" in page
    assert "C-703/25 P" in page
    assert f'href="{GUIDE}?country=US"' in page, "each answer can be changed"


def test_the_guide_is_closed_to_whoever_sees_no_record(browsers: Browsers) -> None:
    assert browsers.of(Role.ARCHIVE).status("GET", GUIDE) == 404


def test_form_and_findings_of_a_transfer_lead_to_the_guide(browsers: Browsers, city: City) -> None:
    entry = ProcessingActivity(
        name="Newsletter", recipients=[Recipient(text="Versand Inc.", country=COUNTRIES["US"])]
    )
    city.save(entry)
    browser = browsers.of(Role.COORDINATOR)
    place = f"/registers/processing-activities/{entry.number}"

    assert f'href="{GUIDE}"' in browser.get(place).text
    assert f'href="{GUIDE}"' in browser.get(f"{place}/edit").text
