"""Privacy notices in the browser: read, taken away, recorded as published, and out of date in time."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from compliance.database import today
from compliance.people import Role
from registers.authority import Authority
from registers.notices import PublishedNotice
from registers.processing import NoticeStatus, ProcessingActivity, Purpose, Stage
from tests.browsers import Browser, Browsers
from tests.city import City

pytestmark = pytest.mark.parametrize("address", ["sqlite"], indirect=True)

PLACE = "https://stadt.example/datenschutz"


@pytest.fixture
def activity(city: City) -> ProcessingActivity:
    entry = ProcessingActivity(
        name="Hundesteuer", stage=Stage.OPERATION, purposes=[Purpose(text="Festsetzung der Hundesteuer")]
    )
    city.save(entry, Authority(name="Stadt Musterförde"))
    return entry


def publish(browser: Browser, day: date, place: str = PLACE, *, status: int = 302) -> None:
    browser.post("/notices/1/published", {"published_on": day.isoformat(), "place": place}, status=status)


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("form", ["full", "short"])
@pytest.mark.usefixtures("activity")
def test_each_version_is_a_page(coordinator: Browser, language: str, form: str) -> None:
    page = coordinator.page(f"/notices/1?language={language}&form={form}")
    assert "Festsetzung der Hundesteuer" in page.main


@pytest.mark.usefixtures("activity")
def test_what_is_missing_leads_to_its_field(coordinator: Browser, browsers: Browsers) -> None:
    addresses = [link["href"] for link in coordinator.page("/notices/1").all("a")]
    assert "/registers/processing-activities/1/edit#field-third_country" in addresses

    reader = browsers.of(Role.READER).page("/notices/1")
    assert not [link for link in reader.all("a") if "/edit" in link["href"]]


@pytest.mark.usefixtures("activity")
def test_a_notice_leaves_as_pdf_and_as_text(coordinator: Browser) -> None:
    assert coordinator.get("/notices/1/notice.pdf").data.startswith(b"%PDF-")
    text = coordinator.get("/notices/1/notice.txt?language=en").text
    assert text.startswith("Privacy notice: Hundesteuer\n")
    coordinator.get("/notices/1/notice.docx", status=404)


def test_publishing_keeps_the_text_and_says_so_in_the_record(
    coordinator: Browser, city: City, activity: ProcessingActivity
) -> None:
    publish(coordinator, today())

    with city.site.database.reading(city.id) as session:
        [notice] = session.scalars(select(PublishedNotice))
    stored = city.stored(activity)
    assert (notice.published_on, notice.place, notice.recorded_by) == (
        today(),
        PLACE,
        city.people[Role.COORDINATOR].name,
    )
    assert "Festsetzung der Hundesteuer" in notice.text
    assert (stored.notice, stored.notice_link) == (NoticeStatus.PUBLISHED, PLACE)
    assert "veraltet" not in coordinator.page("/notices/1").main


def test_a_later_change_makes_it_out_of_date_until_it_is_published_again(
    coordinator: Browser, city: City, activity: ProcessingActivity
) -> None:
    publish(coordinator, today() - timedelta(days=1))
    city.change(activity, no_recipients=True)
    stale = [
        "veraltet" in coordinator.page(address).main
        for address in ("/notices/1", "/registers/processing-activities/1")
    ]
    publish(coordinator, today())

    assert stale == [True, True]
    assert "veraltet" not in coordinator.page("/notices/1").main


@pytest.mark.usefixtures("activity")
def test_a_publication_needs_a_past_day_a_place_and_somebody_who_may(
    coordinator: Browser, browsers: Browsers
) -> None:
    publish(coordinator, today() + timedelta(days=1), status=422)
    publish(coordinator, today(), "  ", status=422)
    coordinator.post("/notices/1/published", {"published_on": "gestern", "place": PLACE}, status=422)
    publish(browsers.of(Role.READER), today(), status=403)
    publish(browsers.of(Role.ARCHIVE), today(), status=404)


@pytest.mark.usefixtures("activity")
def test_nobody_sees_a_notice_of_what_does_not_exist_for_them(browsers: Browsers) -> None:
    assert browsers.of(Role.ARCHIVE).status("GET", "/notices/1") == 404
    assert browsers.of(Role.READER).status("GET", "/notices/1/notice.pdf") == 403
    assert browsers.of(Role.READER).status("GET", "/notices/99") == 404
