"""The implementation plan of the demo city is under way, and has its faults on purpose."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.plan import Plan, plan_of
from compliance.entry import by_number
from compliance.findings import Finding
from compliance.people import Organisation
from compliance.web.site import Site
from registers.measures import Measure


@pytest.fixture
def session(wardersund: Site) -> Iterator[Session]:
    """A snapshot of the demo city."""
    with wardersund.database.reading() as session:
        organisation = session.scalars(select(Organisation.id)).one()
    with wardersund.database.reading(organisation) as session:
        yield session


@pytest.fixture
def plan(session: Session) -> Plan:
    domain = by_number(session, InformationDomain, 1)
    assert domain is not None
    return plan_of(session, domain)


def test_the_plan_is_large_enough_to_show_and_not_complete(plan: Plan) -> None:
    assert len(plan.open_items) >= 18
    assert sum(item.is_overdue for item in plan.items) == 1
    assert sum(item.slot.is_late for item in plan.open_items) >= 2
    assert sum(bool(item.work.after) for item in plan.items) >= 6
    assert len(plan.unplanned) >= 20
    assert [[work.name for work in circle] for circle in plan.circles] == [
        ["Auswahl eines Archivsystems", "Anbindung der Fachverfahren an das Archiv"]
    ]


def test_one_finished_measure_waits_to_be_taken_over(plan: Plan) -> None:
    works = {work.name for each in plan.new_answers for work in each.works}
    assert "Prüfplan für Audits und Revisionen" in works


def test_every_rule_about_plans_has_something_to_say(session: Session) -> None:
    query = select(Finding.rule).where(Finding.register == Measure.slug, Finding.rule.startswith("GSP"))
    assert sorted(set(session.scalars(query))) == [f"GSP-00{number}" for number in range(1, 7)]
