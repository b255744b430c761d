"""Somebody answers for a finding: it stays visible, ends by itself, and the officer never decides."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from compliance.advice import give_opinion
from compliance.database import today
from compliance.deviations import Deviation, deviations, end_deviation, object_to, record_deviation
from compliance.entry import State
from compliance.errors import Forbidden, Refused
from compliance.findings import Finding, stored_findings
from compliance.people import Role
from compliance.release import Step, take
from compliance.rules import Severity
from compliance.tally import Tally
from registers.processing import ProcessingActivity
from registers.themes import Theme
from tests.city import City

NEXT_MONTH = today() + timedelta(days=30)


@pytest.fixture
def activity(city: City) -> ProcessingActivity:
    found = ProcessingActivity(name="Hundesteuer", state=State.REVIEW, unit=None)
    city.save(found, by=Role.COORDINATOR)
    return found


def advise(city: City, activity: ProcessingActivity) -> None:
    with city.site.database.writing(city.id, actor=city.actor(Role.DSB)) as session:
        stored = city.stored(activity)
        give_opinion(session, stored, "AGAINST", "Zweck und Daten fehlen.", by=city.identity(Role.DSB))


def deviate(city: City, activity: ProcessingActivity, rule: str, role: Role, **options: Any) -> None:
    values: dict[str, Any] = {
        "reason": "Wird mit dem neuen Verfahren behoben.",
        "until": NEXT_MONTH,
    } | options
    with city.site.database.writing(city.id, actor=city.actor(role)) as session:
        record_deviation(
            session, city.stored(activity), rule, values["reason"], values["until"], by=city.identity(role)
        )


def accepted(city: City, activity: ProcessingActivity) -> set[str]:
    with city.site.database.reading(city.id) as session:
        found = stored_findings(session, city.stored(activity))
    return {one.rule for one in found if one.accepted}


def counted(city: City, rule: str) -> int:
    with city.site.database.reading(city.id) as session:
        return sum(session.scalars(select(Tally.entries).where(Tally.rule == rule)))


def test_management_answers_for_an_error_that_stays_visible(city: City, activity: ProcessingActivity) -> None:
    advise(city, activity)
    before = counted(city, "VVT-003")

    deviate(city, activity, "VVT-003", Role.MANAGEMENT)

    assert (before, counted(city, "VVT-003"), accepted(city, activity)) == (1, 0, {"VVT-003"})


def test_an_error_needs_the_opinion_of_the_officer_first(city: City, activity: ProcessingActivity) -> None:
    with pytest.raises(Refused, match="Stellungnahme"):
        deviate(city, activity, "VVT-003", Role.MANAGEMENT)


@pytest.mark.parametrize("role", [Role.DSB, Role.COORDINATOR, Role.AUDITOR])
def test_nobody_but_management_answers_for_an_error(
    city: City, activity: ProcessingActivity, role: Role
) -> None:
    advise(city, activity)

    with pytest.raises(Forbidden):
        deviate(city, activity, "VVT-003", role)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"reason": "  "}, "Begründung"),
        ({"until": None}, "Tag"),
        ({"until": today()}, "Tag"),
        ({"until": date(2099, 1, 1)}, "Tag"),
    ],
)
def test_a_deviation_needs_a_reason_and_an_end(
    city: City, activity: ProcessingActivity, options: dict[str, Any], words: str
) -> None:
    advise(city, activity)

    with pytest.raises(Refused, match=words):
        deviate(city, activity, "VVT-003", Role.MANAGEMENT, **options)


def test_the_responsible_unit_sets_a_warning_aside_and_the_officer_objects(
    city: City, activity: ProcessingActivity
) -> None:
    deviate(city, activity, "VVT-010", Role.COORDINATOR)

    with city.site.database.writing(city.id, actor=city.actor(Role.DSB)) as session:
        stored = city.stored(activity)
        one = deviations(session, stored)[0]
        object_to(session, stored, one, "Ohne Ansprechperson geht es nicht.", by=city.identity(Role.DSB))

    with city.site.database.reading(city.id) as session:
        found = session.scalars(select(Deviation)).one()
    assert (found.objection, found.holds) == ("Ohne Ansprechperson geht es nicht.", True)
    assert accepted(city, activity) == {"VVT-010"}


def test_what_is_ended_is_open_again(city: City, activity: ProcessingActivity) -> None:
    deviate(city, activity, "VVT-010", Role.COORDINATOR)

    with city.site.database.writing(city.id, actor=city.actor(Role.COORDINATOR)) as session:
        stored = city.stored(activity)
        end_deviation(session, stored, deviations(session, stored)[0], by=city.identity(Role.COORDINATOR))

    assert (accepted(city, activity), counted(city, "VVT-010")) == (set(), 1)


def test_a_deviation_that_has_run_out_is_noticed_by_the_daily_judging(
    city: City, activity: ProcessingActivity
) -> None:
    deviate(city, activity, "VVT-010", Role.COORDINATOR)
    with city.site.database.writing(city.id, actor=city.actor(Role.DSB)) as session:
        session.execute(update(Finding).values(accepted_until=today() - timedelta(days=1)))

    with city.site.database.writing(city.id, actor=city.actor(Role.DSB)) as session:
        city.site.judge.judge_everything(session)

    assert (accepted(city, activity), counted(city, "VVT-010")) == (set(), 1)


def test_a_later_finding_of_the_same_rule_is_not_answered_for(city: City) -> None:
    theme = Theme(name="Offene Daten")
    city.save(theme)

    with (
        city.site.database.writing(city.id, actor=city.actor(Role.MANAGEMENT)) as session,
        pytest.raises(Refused, match="keine Feststellung"),
    ):
        record_deviation(session, theme, "VVT-003", "Grund", NEXT_MONTH, by=city.identity(Role.MANAGEMENT))


def test_known_deviations_no_longer_stand_against_a_release(city: City, activity: ProcessingActivity) -> None:
    advise(city, activity)
    with city.site.database.reading(city.id) as session:
        rules = {
            one.rule
            for one in stored_findings(session, city.stored(activity))
            if one.severity is Severity.ERROR
        }
    for rule in sorted(rules):
        deviate(city, activity, rule, Role.MANAGEMENT)

    with city.site.database.writing(city.id, actor=city.actor(Role.MANAGEMENT)) as session:
        stored = session.merge(city.stored(activity), load=False)
        take(session, stored, Step.RELEASE, by=city.identity(Role.MANAGEMENT))

    assert city.stored(activity).state is State.RELEASED
