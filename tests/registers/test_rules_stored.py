"""Findings about one register follow what is saved in another."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from compliance.database import Actor, Base, Database, new_id
from compliance.entry import everything
from compliance.findings import Judge, findings_of
from compliance.saving import watch
from registers.countries import COUNTRIES
from registers.processing import ProcessingActivity, Stage
from registers.processors import ProcessingLocation, Processor
from registers.rules import RULES

CITY = new_id()
CLERK = Actor("Datenschutzkoordination")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'register.db'}")
    Base.metadata.create_all(database.engine)
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


def use(database: Database, processor: Processor) -> None:
    with database.writing(CITY, actor=CLERK) as session:
        used = session.get_one(Processor, (CITY, processor.id))
        session.add(ProcessingActivity(name="Lohnabrechnung", stage=Stage.OPERATION, processors=[used]))


def test_a_processor_needs_a_contract_from_the_moment_an_activity_names_it(
    database: Database, processor: Processor
) -> None:
    before = rules_broken(database, processor.id)
    use(database, processor)
    assert (before, rules_broken(database, processor.id)) == ([], ["AVV-001"])


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
