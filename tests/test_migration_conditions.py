"""What was written down about conditions before migration 0003 is still there after it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from compliance.database import Database
from compliance.migrations.carry_conditions import carry_conditions, carry_first_approvals

CITY = uuid.uuid4()
BEFORE = sa.MetaData()
DPIA = sa.Table(
    "dpia",
    BEFORE,
    sa.Column("organisation_id", sa.Uuid),
    sa.Column("id", sa.Uuid),
    sa.Column("gaps", sa.Integer),
    sa.Column("conditions", sa.Text, server_default=""),
    sa.Column("conditions_due", sa.Date),
    sa.Column("decision", sa.String),
    sa.Column("decided_on", sa.Date),
    sa.Column("first_approved_on", sa.Date),
    prefixes=["TEMPORARY"],
)
CONDITION = sa.Table(
    "condition",
    BEFORE,
    sa.Column("organisation_id", sa.Uuid),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("parent_id", sa.Uuid),
    sa.Column("position", sa.Integer),
    sa.Column("text", sa.Text),
    sa.Column("owner", sa.String),
    sa.Column("due", sa.Date),
    sa.Column("met_on", sa.Date),
    sa.Column("evidence", sa.String),
    prefixes=["TEMPORARY"],
)


@pytest.fixture
def connection(address: str) -> Iterator[sa.Connection]:
    """A connection that sees tables as they are in the middle of the migration."""
    engine = Database(address).engine
    with engine.begin() as connection:
        for table in (DPIA, CONDITION):
            connection.execute(sa.schema.CreateTable(table))
        yield connection
    engine.dispose()


def add(connection: sa.Connection, **values: Any) -> uuid.UUID:
    identity = uuid.uuid4()
    connection.execute(sa.insert(DPIA).values(organisation_id=CITY, id=identity, gaps=3, **values))
    return identity


def test_the_old_text_becomes_the_first_condition_with_its_day(connection: sa.Connection) -> None:
    dated = add(connection, conditions="Nachweis führen.", conditions_due=date(2026, 12, 18))
    undated = add(connection, conditions="Bericht.")
    without = add(connection)

    carry_conditions(connection)

    columns = [column for column in CONDITION.c if column.name != "id"]
    found = connection.execute(sa.select(*columns).order_by(CONDITION.c.text)).all()
    assert found == [
        (CITY, undated, 0, "Bericht.", "", None, None, ""),
        (CITY, dated, 0, "Nachweis führen.", "", date(2026, 12, 18), None, ""),
    ]
    gaps = dict(connection.execute(sa.select(DPIA.c.id, DPIA.c.gaps)).all())
    assert gaps == {dated: 4, undated: 5, without: 3}


def test_the_approval_that_stands_counts_as_the_first(connection: sa.Connection) -> None:
    day = date(2026, 5, 12)
    for decision in ("APPROVED", "APPROVED_WITH_CONDITIONS", "REJECTED", "CONSULT"):
        add(connection, decision=decision, decided_on=day)
    add(connection)

    carry_first_approvals(connection)

    found = connection.execute(sa.select(DPIA.c.decision, DPIA.c.first_approved_on)).all()
    assert dict(found) == {
        "APPROVED": day,
        "APPROVED_WITH_CONDITIONS": day,
        "REJECTED": None,
        "CONSULT": None,
        None: None,
    }
