"""Beginning an activity from a sample, deciding its open points, and taking over a newer wording."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import undefer

from compliance.entry import everything
from compliance.fields import Span, TimeUnit
from compliance.journal import history
from compliance.people import Role
from registers.processing import ProcessingActivity
from registers.samples import Sample, sample
from tests.browsers import Browser, Browsers
from tests.city import City

pytestmark = pytest.mark.parametrize("address", ["sqlite"], indirect=True)

REGISTER = "/registers/processing-activities"
PAGE = f"{REGISTER}/1"
OLD_DAY = date(2025, 1, 1)


def earlier(id: str, **answers: Any) -> Sample:
    """The sample *id* as it read before, when it said *answers*."""
    current = sample(id)
    return replace(current, version=OLD_DAY, data={**current.data, **answers})


def stored(city: City) -> ProcessingActivity:
    """The only activity, whole."""
    whole = (*everything(ProcessingActivity), undefer(ProcessingActivity.sample_taken))
    with city.site.database.reading(city.id) as session:
        return session.scalars(select(ProcessingActivity).options(*whole)).one()


def comparison_form(browser: Browser, **choices: str) -> dict[str, str]:
    """What the page of comparison sends if nothing is changed there but *choices*."""
    page = browser.page(f"{PAGE}/sample")
    form = {
        field["name"]: field["value"]
        for field in page.all("input")
        if field["type"] == "hidden" or (field["type"] == "radio" and "checked" in field.attributes)
    }
    return {name: value for name, value in form.items() if name} | choices


def changes(city: City) -> list[set[str]]:
    """Names of the fields that each save changed, the newest first."""
    with city.site.database.reading(city.id) as session:
        entry = session.query(ProcessingActivity).one()
        return [set(change.changes) for change in history(session, entry)]


def test_an_activity_begun_from_a_sample_remembers_it(browsers: Browsers, city: City) -> None:
    coordinator = browsers.of(Role.COORDINATOR)
    page = coordinator.page(f"{REGISTER}/new?sample=dog-tax")
    form = {
        field["name"]: field["value"]
        for field in page.all("input")
        if field["name"] in ("sample", "name", "version") or field["name"].startswith("open_points")
    }

    coordinator.post(f"{REGISTER}/new", form)

    activity = stored(city)
    assert (activity.sample_id, activity.sample_version) == ("dog-tax", sample("dog-tax").version)
    assert [point.text for point in activity.open_points] == list(sample("dog-tax").open_points)
    assert activity.sample_taken == sample("dog-tax").activity().sample_taken


def test_the_choice_of_samples_is_grouped_and_described(browsers: Browsers) -> None:
    page = browsers.of(Role.COORDINATOR).page(f"{REGISTER}/new")

    assert "Bauen, Umwelt und Verkehr" in [group["label"] for group in page.all("optgroup")]
    assert f"{REGISTER}/new?sample=dog-tax" in [link["href"] for link in page.all("a")]
    assert sample("dog-tax").description in page.source.replace("&#39;", "'")


def test_an_unknown_sample_begins_an_empty_form(browsers: Browsers, city: City) -> None:
    coordinator = browsers.of(Role.COORDINATOR)
    coordinator.post(f"{REGISTER}/new", {"name": "Katzensteuer", "sample": "cat-tax"})

    assert stored(city).sample_id == ""
    coordinator.get(f"{PAGE}/sample", status=404)


def test_open_points_are_ticked_off_on_the_page(browsers: Browsers, city: City) -> None:
    city.save(sample("dog-tax").activity())
    point = stored(city).open_points[0]
    coordinator = browsers.of(Role.COORDINATOR)

    text = coordinator.get(PAGE).text
    assert "Aus Muster „Hundesteuer“, zu prüfen" in text
    coordinator.post(
        f"{PAGE}/sample/points",
        {
            "version": "1",
            f"decided:{point.id.hex}": "yes",
            f"decision:{point.id.hex}": "Satzung vom 12.12.2024",
        },
    )

    first, *others = stored(city).open_points
    assert (first.decided, first.decision) == (True, "Satzung vom 12.12.2024")
    assert {other.decided for other in others} == {None}
    assert changes(city)[0] == {"open_points"}


def test_points_decided_on_an_outdated_page_are_refused(browsers: Browsers, city: City) -> None:
    city.save(activity := sample("dog-tax").activity())
    city.change(activity, description="Neu beschrieben.")

    answer = browsers.of(Role.COORDINATOR).post(f"{PAGE}/sample/points", {"version": "1"}, status=409)

    assert "inzwischen von jemand anderem geändert" in answer.text


def test_a_newer_wording_is_taken_over_in_one_save(browsers: Browsers, city: City) -> None:
    activity = earlier("dog-tax", review_cycle="P9Y", scale="HUNDRED").activity()
    activity.description = "Bei uns geschieht es anders."
    city.save(activity)
    coordinator = browsers.of(Role.COORDINATOR)
    assert "Das Muster hat eine neue Fassung vom 01.11.2026." in coordinator.get(PAGE).text

    form = comparison_form(coordinator)
    assert {form["choose:review_cycle"], form["choose:scale"]} == {"sample"}
    coordinator.post(f"{PAGE}/sample", form | {"choose:scale": "mine"})

    after = stored(city)
    assert after.review_cycle == Span.parse(sample("dog-tax").data["review_cycle"])
    assert after.scale is not None
    assert after.scale.name == "HUNDRED"
    assert after.description == "Bei uns geschieht es anders."
    assert after.sample_version == sample("dog-tax").version
    assert changes(city) == [{"review_cycle", "sample_version"}, set()]
    assert "neue Fassung" not in coordinator.get(PAGE).text


def test_where_both_changed_the_entry_is_kept_unless_chosen_otherwise(browsers: Browsers, city: City) -> None:
    activity = earlier("dog-tax", review_cycle="P9Y").activity()
    activity.review_cycle = Span(4, TimeUnit.Y)
    city.save(activity)
    coordinator = browsers.of(Role.COORDINATOR)

    form = comparison_form(coordinator)
    assert form["choose:review_cycle"] == "mine"
    assert "beide geändert" in coordinator.get(f"{PAGE}/sample").text
    coordinator.post(f"{PAGE}/sample", form)

    assert stored(city).review_cycle == Span(4, TimeUnit.Y)


def test_a_comparison_of_an_outdated_entry_takes_nothing_over(browsers: Browsers, city: City) -> None:
    city.save(activity := earlier("dog-tax", review_cycle="P9Y").activity())
    coordinator = browsers.of(Role.COORDINATOR)
    form = comparison_form(coordinator, **{"choose:review_cycle": "mine"})
    city.change(activity, description="Neu beschrieben.")

    answer = coordinator.post(f"{PAGE}/sample", form, status=409)

    assert "Es ist nichts gespeichert" in answer.text
    assert stored(city).review_cycle == Span(9, TimeUnit.Y)
    assert stored(city).sample_version == OLD_DAY
    chosen = coordinator.post(f"{PAGE}/sample", form, status=409).text
    assert 'name="choose:review_cycle" value="mine" aria-describedby="label-1" checked' in chosen


def test_a_comparison_with_another_wording_takes_nothing_over(browsers: Browsers, city: City) -> None:
    city.save(earlier("dog-tax", review_cycle="P9Y").activity())
    coordinator = browsers.of(Role.COORDINATOR)

    coordinator.post(f"{PAGE}/sample", comparison_form(coordinator) | {"wording": "2026-01-01"}, status=409)

    assert stored(city).sample_version == OLD_DAY


def test_who_may_only_read_sees_the_comparison_and_takes_nothing_over(browsers: Browsers, city: City) -> None:
    city.save(earlier("dog-tax", review_cycle="P9Y").activity())
    auditor = browsers.of(Role.AUDITOR)

    assert 'type="radio"' not in auditor.get(f"{PAGE}/sample").text
    auditor.post(f"{PAGE}/sample", {"version": "1"}, status=403)
    auditor.post(f"{PAGE}/sample/points", {"version": "1"}, status=403)
