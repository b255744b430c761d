"""A calendar program reads one person's deadlines at an address that can be revoked."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

import icalendar
import pytest

from compliance.database import today
from compliance.people import Role
from registers.processing import ProcessingActivity
from tests.browsers import Browser, Browsers
from tests.city import City

pytestmark = pytest.mark.parametrize("address", ["sqlite"], indirect=True)

SOON = today() + timedelta(days=3)


def new_address(browser: Browser) -> str:
    page = browser.post("/account/calendar", status=200).text
    start = page.index("http", page.index('id="feed"'))
    return urlsplit(page[start : page.index('"', start)]).path


def test_the_feed_holds_what_is_due_for_its_person(browsers: Browsers, city: City) -> None:
    city.save(ProcessingActivity(name="Hundesteuer; Halle, Süd", next_review=SOON))
    path = new_address(browsers.of(Role.DSB))

    answer = browsers.of_stranger().get(path)

    events = icalendar.Calendar.from_ical(answer.data).walk("VEVENT")
    assert answer.mimetype == "text/calendar"
    assert [(str(one["summary"]), one.decoded("dtstart")) for one in events] == [
        ("VT-0001 Hundesteuer; Halle, Süd: Nächste Überprüfung", SOON)
    ]


def test_a_new_address_makes_the_old_one_useless(browsers: Browsers) -> None:
    browser = browsers.of(Role.DSB)
    old = new_address(browser)
    new = new_address(browser)

    stranger = browsers.of_stranger()
    assert (stranger.status("GET", old), stranger.status("GET", new)) == (404, 200)
    browser.post("/account/calendar/revoke")
    assert stranger.status("GET", new) == 404


def test_a_person_without_a_role_has_no_calendar(browsers: Browsers, city: City) -> None:
    path = new_address(browsers.of(Role.READER))
    with city.site.database.writing(actor=city.actor(Role.ADMINISTRATOR)) as session:
        session.merge(city.people[Role.READER], load=True).active = False

    assert browsers.of_stranger().status("GET", path) == 404
