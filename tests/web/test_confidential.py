"""What is confidential between the officer and others exists for the officer alone, Art. 38 (5) GDPR."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from compliance.access import Permission, demand, may_see
from compliance.app import ALL_REGISTERS
from compliance.database import today
from compliance.entry import Entry, State
from compliance.errors import NotFound
from compliance.people import Role
from exports.reports.records import every_id
from registers.authority_cases import AuthorityCase
from registers.processing import ProcessingActivity
from tests.browsers import Browsers
from tests.city import City

pytestmark = pytest.mark.parametrize("address", ["sqlite"], indirect=True)

HIDING = [model for model in ALL_REGISTERS if model.hidden_by]
by_register = pytest.mark.parametrize("model", HIDING, ids=lambda model: model.slug)
OTHERS = [role for role in Role if role is not Role.DSB]
SECRET = "Hinweisgeber Erdbeere"


@pytest.fixture
def secret(city: City, model: type[Entry]) -> Entry:
    """A confidential entry that refers to an activity, is due, in review and changed since its release."""
    activity = ProcessingActivity(name="Wohngeld")
    city.save(activity)
    days = {name: today() for name in model.due if not getattr(model, name).info["field"].fixed}
    entry = model(
        name=SECRET,
        confidential=True,
        activities=[activity],
        state=State.REVIEW,
        changed_since_release=True,
        **days,
    )
    city.save(entry)
    return entry


@by_register
@pytest.mark.usefixtures("secret")
def test_the_officer_sees_it_everywhere(browsers: Browsers, model: type[Entry]) -> None:
    browser = browsers.of(Role.DSB)
    root = f"/registers/{model.slug}"
    for path in (f"{root}/", f"{root}/1", f"{root}/1.json", f"{root}/export.csv", "/search?q=erdbeere"):
        assert SECRET in browser.get(path).text, path
    assert SECRET in browser.get("/registers/processing-activities/1").text


@by_register
@pytest.mark.parametrize("role", OTHERS, ids=lambda role: role.name)
def test_nobody_else_learns_of_it_on_any_page(
    browsers: Browsers, secret: Entry, city: City, model: type[Entry], role: Role
) -> None:
    browser = browsers.of(role)
    root = f"/registers/{model.slug}"
    for path in ("/1", "/1/edit", "/1/history", "/1.json", "/1/export.pdf", "/1/export.csv"):
        assert browser.status("GET", root + path) == 404, path
    for path in ("/1/edit", "/1/steps/release", "/1/steps/end", "/1/steps/return", "/1/opinions", "/1/draft"):
        assert browser.status("POST", root + path, {"name": "Erdbeere"}) in (403, 404), path
    pages = [
        *(
            f"{root}/{query}"
            for query in ("", "?q=erdbeere", "?findings=ERROR", "?state=REVIEW", "?due=soon")
        ),
        *(f"{root}/export.{extension}" for extension in ("csv", "json")),
        "/search?q=erdbeere",
        "/",
        "/registers/processing-activities/1",
        "/activity-report/",
        "/activity-report/report.json",
    ]
    for path in pages:
        response = browser._client.get(path)
        assert response.status_code in (200, 403, 404), path
        assert SECRET not in response.text, path
        assert secret.designation not in response.text, path
    assert not may_see(city.identity(role), secret)


@by_register
@pytest.mark.usefixtures("secret")
def test_a_list_without_it_counts_without_it(browsers: Browsers, model: type[Entry]) -> None:
    assert "0 Einträge" in browsers.of(Role.MANAGEMENT).page(f"/registers/{model.slug}/").main
    assert "1 Eintrag" in browsers.of(Role.DSB).page(f"/registers/{model.slug}/").main


def test_findings_against_it_are_counted_for_the_officer_alone(browsers: Browsers, city: City) -> None:
    late = {"answer_by": today() - timedelta(days=1)}
    city.save(AuthorityCase(name=SECRET, confidential=True, **late))
    for role in (Role.MANAGEMENT, Role.AUDITOR, Role.ADMINISTRATOR):
        assert "AUF-001" not in browsers.of(role).page("/").main
    assert "AUF-001" in browsers.of(Role.DSB).page("/").main

    city.save(AuthorityCase(name="Offen", **late))
    counts = [browsers.of(role).page("/").main.count("2 Einträge") for role in (Role.MANAGEMENT, Role.DSB)]
    assert counts == [0, 1]
    assert "AUF-001" in browsers.of(Role.MANAGEMENT).page("/").main


@by_register
def test_the_command_line_prints_a_register_without_it(secret: Entry, city: City, model: type[Entry]) -> None:
    open_one = model(name="Offen")
    city.save(open_one)
    with city.site.database.reading(city.id) as session:
        assert every_id(session, model) == [open_one.id]
        assert session.scalar(select(model.id).where(model.id == secret.id)) == secret.id


@by_register
def test_what_becomes_confidential_disappears_with_its_history(
    browsers: Browsers, city: City, model: type[Entry]
) -> None:
    entry = model(name=SECRET)
    city.save(entry)
    management = browsers.of(Role.MANAGEMENT)
    assert management.status("GET", f"/registers/{model.slug}/1/history") == 200

    city.change(entry, confidential=True)

    assert management.status("GET", f"/registers/{model.slug}/1/history") == 404
    with pytest.raises(NotFound):
        demand(city.identity(Role.MANAGEMENT), Permission.VIEW, city.stored(entry))
