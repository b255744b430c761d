"""Findings about one register follow what is saved in another."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from compliance.database import Actor, Database, new_id
from compliance.entry import State, everything
from compliance.findings import findings_of
from compliance.judging import Judge
from compliance.saving import watch
from registers.authority import Authority
from registers.commissioned import CommissionedProcessing
from registers.countries import COUNTRIES
from registers.joint_controllers import JointControllership, JointParty
from registers.processing import DataCategory, ProcessingActivity, Stage
from registers.processors import ProcessingLocation, Processor
from registers.rules import RULES
from tests.databases import bare_database

CITY = new_id()
CLERK = Actor("Datenschutzkoordination")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = bare_database(f"sqlite:///{tmp_path / 'register.db'}")
    judge = Judge(RULES)
    watch(database, before=[judge.find_dependents], after=[judge.judge_saved])
    yield database
    database.engine.dispose()


@pytest.fixture
def processor(database: Database) -> Processor:
    """A payroll office in the EEA with every clause but no contract, used by nobody yet."""
    clauses = {f"clause_{letter}": True for letter in "abcdefgh"}
    office = Processor(name="Lohnbüro Küste GmbH", country=COUNTRIES["DE"], **clauses)
    with database.writing(CITY, actor=CLERK) as session:
        session.add(office)
    return office


def rules_broken(database: Database, id: uuid.UUID) -> list[str]:
    with database.reading(CITY) as session:
        return [objection.rule for objection in findings_of(session, [id])]


NEEDED_BY_USE = ["AVV-001", "AVV-006", "AVV-011", "AVV-012"]
"""A contract, a check, the measures, and whom to call about a breach."""


def use(database: Database, processor: Processor) -> None:
    with database.writing(CITY, actor=CLERK) as session:
        used = session.get_one(Processor, (CITY, processor.id))
        session.add(ProcessingActivity(name="Lohnabrechnung", stage=Stage.OPERATION, processors=[used]))


def test_a_processor_needs_a_contract_from_the_moment_an_activity_names_it(
    database: Database, processor: Processor
) -> None:
    before = rules_broken(database, processor.id)
    use(database, processor)
    assert (before, rules_broken(database, processor.id)) == ([], NEEDED_BY_USE)


def test_the_last_activity_to_retire_ends_the_need_for_a_contract(
    database: Database, processor: Processor
) -> None:
    use(database, processor)
    with database.writing(CITY, actor=CLERK) as session:
        query = select(ProcessingActivity).options(*everything(ProcessingActivity))
        session.scalars(query).one().stage = Stage.RETIRED
    assert rules_broken(database, processor.id) == []


def test_a_finding_is_read_through_the_rule_of_its_register(database: Database) -> None:
    zurich = ProcessingLocation(place="Zürich", country=COUNTRIES["CH"])
    centre = Processor(name="Rechenzentrum AG", country=COUNTRIES["CH"], locations=[zurich])
    with database.writing(CITY, actor=CLERK) as session:
        session.add(centre)
    with database.reading(CITY) as session:
        [objection] = (one for one in findings_of(session, [centre.id]) if one.rule == "TRF-001")

    rule = Judge(RULES).rule(objection.rule, objection.register)
    assert objection.part_id == zurich.id
    assert (rule.field, rule.said(objection.words).en) == (
        "locations",
        "“Zürich” is outside the European Economic Area, but the basis of the transfer is missing.",
    )


def test_an_activity_learns_at_once_that_its_processor_went_abroad(
    database: Database, processor: Processor
) -> None:
    with database.writing(CITY, actor=CLERK) as session:
        used = session.get_one(Processor, (CITY, processor.id))
        activity = ProcessingActivity(name="Lohnabrechnung", third_country=False, processors=[used])
        session.add(activity)
    before = "TRF-007" in rules_broken(database, activity.id)
    move(database, processor, COUNTRIES["US"])
    while_abroad = "TRF-007" in rules_broken(database, activity.id)
    move(database, processor, COUNTRIES["DE"])

    assert (before, while_abroad, "TRF-007" in rules_broken(database, activity.id)) == (False, True, False)


def move(database: Database, processor: Processor, country: Any) -> None:
    with database.writing(CITY, actor=CLERK) as session:
        query = select(Processor).where(Processor.id == processor.id).options(*everything(Processor))
        session.scalars(query).one().country = country


def test_a_party_of_a_joint_controllership_is_no_processor_of_the_same_activity(
    database: Database, processor: Processor
) -> None:
    joint = JointControllership(name="Gemeinsame Abrechnung", parties=[JointParty(text="Kreis")])
    with database.writing(CITY, actor=CLERK) as session:
        used = session.get_one(Processor, (CITY, processor.id))
        activity = ProcessingActivity(name="Lohnabrechnung", processors=[used], joint_controllerships=[joint])
        session.add_all((joint, activity))
    before = "AVV-010" in rules_broken(database, activity.id)
    with database.writing(CITY, actor=CLERK) as session:
        options = everything(JointControllership)
        stored = session.get_one(JointControllership, (CITY, joint.id), options=options)
        stored.parties = [*stored.parties, JointParty(text="Lohnbüro Küste GmbH, Kiel")]

    assert (before, "AVV-010" in rules_broken(database, activity.id)) == (False, True)


def test_health_data_of_an_activity_ask_whether_the_contract_covers_them(
    database: Database, processor: Processor
) -> None:
    use(database, processor)
    with database.writing(CITY, actor=CLERK) as session:
        activity = session.scalars(select(ProcessingActivity).options(*everything(ProcessingActivity))).one()
        activity.data = [DataCategory(text="Krankmeldungen", special=True)]
    with database.writing(CITY, actor=CLERK) as session:
        Judge(RULES).judge_everything(session)

    assert "AVV-008" in rules_broken(database, processor.id)


def test_the_first_commission_repairs_the_front_sheet_and_the_last_to_go_breaks_it(
    database: Database,
) -> None:
    sheet = Authority(name="Stadt Musterhafen", acts_as_processor=True)
    commission = CommissionedProcessing(name="IT-Betrieb für den Schulverband")
    found = []
    with database.writing(CITY, actor=CLERK) as session:
        session.add(sheet)
    found.append("PRR-001" in rules_broken(database, sheet.id))
    with database.writing(CITY, actor=CLERK) as session:
        session.add(commission)
    found.append("PRR-001" in rules_broken(database, sheet.id))
    with database.writing(CITY, actor=CLERK) as session:
        options = everything(CommissionedProcessing)
        session.get_one(CommissionedProcessing, (CITY, commission.id), options=options).state = State.ENDED
    found.append("PRR-001" in rules_broken(database, sheet.id))

    assert found == [True, False, True]
