"""What was written down about contracts before migration 0002 is still there after it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

import compliance.app  # noqa: F401 -- knows everything that is stored
from compliance.database import Actor, Base, Database, new_id
from compliance.entry import everything
from compliance.migrations.contracts_0002 import carry_joint_controllers, carry_processors
from compliance.saving import watch
from registers.countries import COUNTRIES
from registers.joint_controllers import JointControllership
from registers.processing import ProcessingActivity
from registers.processors import Processor, ProcessorAudit, SubProcessor

CITY = new_id()
OLD = sa.Table(
    "joint_controller",
    sa.MetaData(),
    sa.Column("organisation_id", sa.Uuid, primary_key=True),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("parent_id", sa.Uuid),
    sa.Column("position", sa.Integer),
    sa.Column("text", sa.String, server_default=""),
    sa.Column("arrangement", sa.String, server_default=""),
    sa.Column("arranged_on", sa.Date),
    sa.Column("contact_point", sa.String, server_default=""),
    sa.Column("essence_available", sa.Boolean),
)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'old.db'}")
    Base.metadata.create_all(database.engine)
    OLD.create(database.engine)
    watch(database)
    yield database
    database.engine.dispose()


def save(database: Database, *things: Any) -> None:
    with database.writing(CITY, actor=Actor("Bestand")) as session:
        session.add_all(things)


def stored(database: Database, model: Any) -> list[Any]:
    with database.reading(CITY) as session:
        return list(session.scalars(sa.select(model).order_by(model.number).options(*everything(model))))


def test_each_joint_controller_becomes_an_entry_to_which_its_activity_refers(database: Database) -> None:
    activities = [ProcessingActivity(name="Geodaten"), ProcessingActivity(name="Parken")]
    save(database, *activities)
    old = [
        {"parent_id": activities[1].id, "position": 0, "text": "Werke GmbH", "arrangement": "Az. 7"},
        {"parent_id": activities[0].id, "position": 1, "text": "Gemeinde Ostersiel"},
        {"parent_id": activities[0].id, "position": 0, "text": "Kreis", "arranged_on": date(2024, 2, 1)},
    ]
    with database.engine.begin() as connection:
        for row in old:
            connection.execute(OLD.insert().values(organisation_id=CITY, id=uuid.uuid4(), **row))
        carry_joint_controllers(connection)
    save(database, JointControllership(name="Neu"))

    assert [
        (str(one), [party.text for party in one.parties], one.partners, one.arrangement, one.arranged_on)
        for one in stored(database, JointControllership)
    ] == [
        ("GV-0001 Kreis", ["Kreis"], "Kreis", "", date(2024, 2, 1)),
        ("GV-0002 Gemeinde Ostersiel", ["Gemeinde Ostersiel"], "Gemeinde Ostersiel", "", None),
        ("GV-0003 Werke GmbH", ["Werke GmbH"], "Werke GmbH", "Az. 7", None),
        ("GV-0004 Neu", [], "", "", None),
    ]
    assert {
        one.name: sorted(joint.name for joint in one.joint_controllerships)
        for one in stored(database, ProcessingActivity)
    } == {"Geodaten": ["Gemeinde Ostersiel", "Kreis"], "Parken": ["Werke GmbH"]}


def test_what_is_carried_over_counts_and_searches_like_what_is_saved(database: Database) -> None:
    activity = ProcessingActivity(name="Parken")
    save(database, activity)
    with database.engine.begin() as connection:
        row = {"organisation_id": CITY, "id": uuid.uuid4(), "parent_id": activity.id, "position": 0}
        connection.execute(OLD.insert().values(text="Verkehrsbetrieb Süd", arrangement="Az. 7", **row))
        carry_joint_controllers(connection)

    def derived() -> tuple[int, str, set[str]]:
        with database.reading(CITY) as session:
            columns = (JointControllership.gaps, JointControllership.sort_key, JointControllership.search)
            gaps, sort_key, search = session.execute(sa.select(*columns)).one()
        return gaps, sort_key, set(search.split())

    carried = derived()
    with database.writing(CITY, actor=Actor("Bestand")) as session:
        options = everything(JointControllership)
        session.scalars(sa.select(JointControllership).options(*options)).one().notes = "–"

    gaps, sort_key, words = derived()
    assert carried == (gaps, sort_key, words - {"–"})


def test_typed_audit_days_become_the_first_row_and_stay_what_they_were(database: Database) -> None:
    chain = SubProcessor(company="Cloud Inc.", country=COUNTRIES["US"])
    save(
        database,
        Processor(name="A", country=COUNTRIES["DE"]),
        Processor(name="B", country=COUNTRIES["DE"], sub_processors=[chain]),
        Processor(name="C"),
    )
    processor = sa.table("processor", *map(sa.column, ("name", "last_audit", "next_audit", "third_country")))
    with database.engine.begin() as connection:
        connection.execute(sa.update(processor).values(third_country=None))
        connection.execute(
            sa.text(
                "UPDATE processor SET last_audit = '2025-03-17', next_audit = '2026-10-30' WHERE name = 'A'"
            )
        )
        carry_processors(connection)

    found = stored(database, Processor)
    assert [(one.name, one.third_country) for one in found] == [("A", False), ("B", True), ("C", None)]
    [audit] = found[0].audits
    assert isinstance(audit, ProcessorAudit)
    assert (audit.held_on, audit.next_on) == (date(2025, 3, 17), date(2026, 10, 30))
    assert [one.audits for one in found[1:]] == [[], []]
