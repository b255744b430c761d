"""What waits is noted in the transaction that causes it, and counted without counting anew."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.dpia.dpia import Dpia
from compliance.advice import give_opinion
from compliance.agenda import AgendaItem, Desk, Matter, counts, refresh
from compliance.database import today
from compliance.entry import State, everything
from compliance.findings import Finding
from compliance.people import Role, Unit
from compliance.tally import NO_UNIT, Tally
from registers.processing import LegalBasis, ProcessingActivity, Purpose
from tests.city import City, found_city

TOMORROW = today() + timedelta(days=1)


def agenda(city: City) -> set[tuple[str, str, str]]:
    with city.site.database.reading(city.id) as session:
        return {(item.name, item.matter, item.what) for item in session.scalars(select(AgendaItem))}


def test_a_deadline_is_on_the_agenda_until_it_is_taken_off(city: City) -> None:
    activity = ProcessingActivity(name="Hundesteuer", next_review=TOMORROW)
    city.save(activity)
    noted = agenda(city)

    city.change(activity, next_review=None)

    assert (noted, agenda(city)) == ({("Hundesteuer", "due", "next_review")}, set())


def test_an_ended_entry_asks_for_nothing(city: City) -> None:
    activity = ProcessingActivity(name="Hundesteuer", next_review=TOMORROW, state=State.REVIEW)
    city.save(activity)

    city.change(activity, state=State.ENDED)

    assert agenda(city) == set()


def test_an_opinion_takes_the_request_for_it_off_the_agenda_and_no_change_puts_it_back(city: City) -> None:
    dpia = Dpia(name="Drohnen", state=State.REVIEW)
    city.save(dpia)
    asked = agenda(city)

    with city.site.database.writing(city.id, actor=city.actor(Role.DSB)) as session:
        stored = session.get_one(Dpia, (city.id, dpia.id), options=everything(Dpia))
        give_opinion(session, stored, "NO_OBJECTIONS", "Nichts einzuwenden.", by=city.identity(Role.DSB))
    advised = agenda(city)
    city.change(dpia, name="Drohnen der Feuerwehr")

    assert asked == {("Drohnen", "release", ""), ("Drohnen", "advise", "")}
    assert advised == {("Drohnen", "release", "")}
    assert agenda(city) == {("Drohnen der Feuerwehr", "release", "")}


def test_a_desk_holds_nothing_of_other_organisations(city: City) -> None:
    neighbour = found_city(city.site, "Gemeinde Nebenan")
    city.save(ProcessingActivity(name="Unser", state=State.REVIEW))
    neighbour.save(ProcessingActivity(name="Ihr", state=State.REVIEW))
    desk = Desk(city.identity(Role.MANAGEMENT), city.site.registers)

    with city.site.database.reading(city.id) as session:
        found = counts(session, desk.of(Matter.RELEASE), desk.of(Matter.DUE))

    assert found == {("release", ProcessingActivity.slug): 1}


def test_an_agenda_made_anew_is_the_same(city: City) -> None:
    city.save(
        ProcessingActivity(name="Melderegister", next_review=TOMORROW, state=State.REVIEW),
        ProcessingActivity(name="Altbestand", state=State.IMPORTED),
        Dpia(name="Drohnen", finish_by=TOMORROW, state=State.REVIEW),
    )
    before = agenda(city)

    with city.site.database.writing(city.id, actor=city.actor(Role.DSB)) as session:
        refresh(session, city.site.registers.values())

    assert agenda(city) == before
    assert len(before) == 6


def whole(session: Session, city: City, activity: ProcessingActivity) -> ProcessingActivity:
    loaded = everything(ProcessingActivity)
    return session.get_one(ProcessingActivity, (city.id, activity.id), options=loaded)


@pytest.mark.parametrize("seed", range(5))
def test_the_sums_are_what_counting_the_findings_gives(city: City, seed: int) -> None:
    chance = random.Random(seed)
    units = [None, *city.units.values()]
    activities = [ProcessingActivity(name=f"Nr. {number}") for number in range(6)]
    city.save(*activities)
    for _ in range(12):
        purpose = Purpose(text="Festsetzung der Hundesteuer", legal_basis=chance.choice([None, *LegalBasis]))
        unit = chance.choice(units)
        with city.site.database.writing(city.id, actor=city.actor(Role.DSB)) as session:
            stored = whole(session, city, chance.choice(activities))
            stored.unit = session.get_one(Unit, (city.id, unit.id)) if unit else None
            stored.state = chance.choice([State.IMPORTED, State.DRAFT, State.REVIEW])
            stored.purposes = [purpose] if chance.random() < 0.7 else []
    with city.site.database.writing(city.id, actor=city.actor(Role.DSB)) as session:
        session.delete(whole(session, city, activities[0]))

    with city.site.database.reading(city.id) as session:
        broken = {
            (row.entry_id, row.rule, row.severity.name, row.unit_id or NO_UNIT)
            for row in session.scalars(select(Finding).where(Finding.quiet.is_(False)))
        }
        sums = session.scalars(select(Tally).where(Tally.entries != 0))
        found = {(row.rule, row.severity, row.unit_id): row.entries for row in sums}
    assert found == Counter((rule, severity, unit) for _entry, rule, severity, unit in broken)
