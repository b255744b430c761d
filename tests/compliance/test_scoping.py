"""What a session that works for one organisation asks the database."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from compliance.entry import by_number
from compliance.web.site import Site
from registers.processing import DataCategory, ProcessingActivity, Purpose
from registers.retention import RetentionRule
from tests.city import City

_OWN = re.compile(r"(\w+)\.organisation_id = (?:\?|%\(\w+\)s(?:::\w+)?)")


@pytest.fixture
def number(city: City) -> int:
    """An activity with rows, and with a row that refers to another entry."""
    rule = RetentionRule(name="Akten", unit=city.units["office"])
    activity = ProcessingActivity(
        name="Melderegister",
        unit=city.units["office"],
        purposes=[Purpose(text="Auskunft")],
        data=[DataCategory(text="Namen", retention_rule=rule)],
    )
    city.save(rule, activity)
    return activity.number


@contextmanager
def _questions(site: Site) -> Iterator[list[str]]:
    asked: list[str] = []
    engine = site.database.engine

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield asked
    event.remove(engine, "before_cursor_execute", note)


def test_whatever_is_loaded_along_with_an_entry_is_asked_for_the_own_organisation_once(
    site: Site, city: City, number: int
) -> None:
    with site.database.reading(city.id) as session, _questions(site) as asked:
        activity = by_number(session, ProcessingActivity, number)
        assert activity is not None
    for statement in (one for one in asked if one.startswith("SELECT") and "_config(" not in one):
        own = Counter(_OWN.findall(statement))
        assert own, statement
        assert set(own.values()) == {1}, statement


def test_an_entry_costs_one_question_for_itself_one_for_its_ties_and_one_for_each_that_is_filled_in(
    site: Site, city: City
) -> None:
    bare = ProcessingActivity(name="Fundbüro")
    many = [Purpose(text=f"Zweck {at}") for at in range(30)]
    rich = ProcessingActivity(name="Meldewesen", purposes=many, data=[DataCategory(text="Namen")])
    city.save(bare, rich)

    def asked_for(wanted: int) -> list[str]:
        with site.database.reading(city.id) as session, _questions(site) as asked:
            assert by_number(session, ProcessingActivity, wanted) is not None
        return [one for one in asked if one.startswith("SELECT") and "_config(" not in one]

    assert [len(asked_for(entry.number)) for entry in (bare, rich)] == [2, 4]


def test_what_was_changed_meanwhile_is_not_taken_back_by_finding_the_entry_again(
    site: Site, city: City, number: int
) -> None:
    with site.database.reading(city.id) as session:
        activity = by_number(session, ProcessingActivity, number)
        assert activity is not None
        activity.purposes = []
        again = by_number(session, ProcessingActivity, number)

        assert again is activity
        assert again.purposes == []
        assert [each.text for each in again.data] == ["Namen"]
