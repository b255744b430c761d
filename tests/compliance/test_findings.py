"""Findings follow what is saved, in the same transaction, and stay with whom can repair them."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from compliance.database import today
from compliance.entry import State, by_number
from compliance.findings import Finding, findings_of, stored_findings
from compliance.rules import Situation
from compliance.web.site import Site
from registers.processing import ProcessingActivity, Stage
from registers.processors import Processor
from tests.city import FOUNDER, City


def rules(city: City, id: uuid.UUID) -> set[str]:
    with city.site.database.reading(city.id) as session:
        return {found.rule for found in findings_of(session, [id])}


def rows(city: City, entry: Any) -> list[Finding]:
    with city.site.database.reading(city.id) as session:
        return list(session.scalars(select(Finding).where(Finding.entry_id == entry.id).order_by(Finding.id)))


@pytest.fixture
def activity(city: City) -> ProcessingActivity:
    entry = ProcessingActivity(name="Wohngeld", stage=Stage.OPERATION, unit=city.units["office"])
    city.save(entry)
    return entry


def test_what_the_rules_say_of_an_entry_is_stored_with_it(site: Site, city: City) -> None:
    entry = ProcessingActivity(name="Wohngeld", stage=Stage.OPERATION)
    city.save(entry)

    expected = {
        rule.id
        for rule in site.judge.rules_about(ProcessingActivity)
        if list(rule.check(city.stored(entry), Situation(today())))
    }
    assert rules(city, entry.id) == expected
    assert expected != set()


def test_a_finding_goes_when_its_cause_goes_and_the_others_stay_untouched(
    city: City, activity: ProcessingActivity
) -> None:
    before = {found.rule: found.id for found in rows(city, activity)}
    city.change(activity, contact="Frau Muster, Telefon 0431 1", description="Bearbeitung der Anträge.")
    after = {found.rule: found.id for found in rows(city, activity)}

    assert after.keys() <= before.keys()
    assert {rule: before[rule] for rule in after} == after


def test_findings_move_with_the_unit_of_their_entry(city: City, activity: ProcessingActivity) -> None:
    with city.site.database.writing(city.id, actor=FOUNDER) as session:
        entry = by_number(session, ProcessingActivity, 1)
        assert entry is not None
        entry.unit = session.get_one(type(city.units["other"]), (city.id, city.units["other"].id))

    assert {found.unit_id for found in rows(city, activity)} == {city.units["other"].id}


def test_findings_of_unchecked_imports_are_quiet(city: City, activity: ProcessingActivity) -> None:
    city.change(activity, state=State.IMPORTED)
    quiet = {found.quiet for found in rows(city, activity)}
    city.change(activity, state=State.DRAFT)
    loud = {found.quiet for found in rows(city, activity)}

    assert (quiet, loud) == ({True}, {False})


def test_findings_leave_with_their_entry(city: City, activity: ProcessingActivity) -> None:
    with city.site.database.writing(city.id, actor=FOUNDER) as session:
        session.delete(by_number(session, ProcessingActivity, 1))

    assert rows(city, activity) == []


def test_a_processor_is_judged_again_when_an_activity_takes_it_and_when_it_lets_it_go(city: City) -> None:
    processor = Processor(name="Rechenzentrum")
    activity = ProcessingActivity(name="Wohngeld", stage=Stage.OPERATION)
    city.save(processor, activity)
    alone = "AVV-001" in rules(city, processor.id)

    _use(city, [processor])
    used = "AVV-001" in rules(city, processor.id)
    _use(city, [])
    let_go = "AVV-001" in rules(city, processor.id)

    assert (alone, used, let_go) == (False, True, False)


def test_a_processor_is_judged_again_when_the_activity_is_deleted(city: City) -> None:
    processor = Processor(name="Rechenzentrum")
    city.save(processor, ProcessingActivity(name="Wohngeld", stage=Stage.OPERATION, processors=[processor]))
    used = "AVV-001" in rules(city, processor.id)
    with city.site.database.writing(city.id, actor=FOUNDER) as session:
        session.delete(by_number(session, ProcessingActivity, 1))

    assert (used, "AVV-001" in rules(city, processor.id)) == (True, False)


def test_a_defect_of_what_an_entry_refers_to_counts_for_the_entry_too(city: City) -> None:
    processor = Processor(name="Rechenzentrum")
    city.save(processor, ProcessingActivity(name="Wohngeld", stage=Stage.OPERATION, processors=[processor]))

    with city.site.database.reading(city.id) as session:
        entry = by_number(session, ProcessingActivity, 1)
        assert entry is not None
        found = {(one.rule, one.register) for one in stored_findings(session, entry)}
    assert ("AVV-001", "processors") in found


def _use(city: City, processors: list[Processor]) -> None:
    with city.site.database.writing(city.id, actor=FOUNDER) as session:
        entry = by_number(session, ProcessingActivity, 1)
        assert entry is not None
        entry.processors = [session.get_one(Processor, (city.id, one.id)) for one in processors]


def test_judging_everything_again_changes_nothing_on_the_same_day(site: Site, city: City) -> None:
    processor = Processor(name="Rechenzentrum", valid_until=date(2020, 1, 1))
    city.save(processor, *(ProcessingActivity(name=f"Nr. {n}", processors=[processor]) for n in range(3)))
    before = _everything(city)
    with site.database.writing(city.id, actor=FOUNDER) as session:
        judged = site.judge.judge_everything(session, batch=2)

    assert (judged, _everything(city)) == (4, before)


def _everything(city: City) -> set[tuple[Any, ...]]:
    with city.site.database.reading(city.id) as session:
        found = session.scalars(select(Finding)).all()
        return {(one.id, one.rule, one.entry_id, one.part_id, one.words, one.found_on) for one in found}
