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
