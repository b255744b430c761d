"""What migration 0002 carries over about contracts; frozen like the migration itself.

Joint controllers were rows of an activity and become entries of their own. The
day of the last and the next audit of a processor were typed in and become its
first row of audits. Whether a processor reaches a third country is computed.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from datetime import UTC, datetime
from typing import Any, Final

import sqlalchemy as sa

from compliance.database import folded
from registers.countries import EEA

_UUIDS: Final = frozenset({"organisation_id", "id", "parent_id", "unit_id", "source_id", "target_id"})
_DAYS: Final = frozenset({"arranged_on", "held_on", "next_on", "last_audit", "next_audit"})


def _table(name: str, *columns: str) -> sa.TableClause:
    return sa.table(name, *(sa.column(column, _type(column)) for column in columns))


def _type(column: str) -> sa.types.TypeEngine[Any]:
    if column in _UUIDS:
        return sa.Uuid()
    if column in _DAYS:
        return sa.Date()
    match column:
        case "changed_at":
            return sa.DateTime()
        case "essence_available" | "changed_since_release" | "third_country":
            return sa.Boolean()
        case "number" | "version" | "gaps" | "position" | "last":
            return sa.Integer()
        case _:
            return sa.String()


_OLD: Final = _table(
    "joint_controller",
    *("organisation_id", "id", "parent_id", "position", "text", "arrangement", "arranged_on"),
    *("contact_point", "essence_available"),
)
_ACTIVITY: Final = _table("processing_activity", "organisation_id", "id", "number", "unit_id")
_ENTRY: Final = _table(
    "joint_controllership",
    *("organisation_id", "id", "version", "changed_at", "number", "state", "gaps", "sort_key", "search"),
    *("changed_since_release", "name", "unit_id", "partners", "arrangement", "arranged_on"),
    *("contact_point", "essence_available", "notes"),
)
_PARTY: Final = _table("joint_party", "organisation_id", "id", "parent_id", "position", "text")
_LINK: Final = _table(
    "processing_activity_joint_controllerships", "organisation_id", "source_id", "target_id"
)
_COUNTER: Final = _table("counter", "organisation_id", "register", "last")
_PROCESSOR: Final = _table(
    "processor", "organisation_id", "id", "country", "last_audit", "next_audit", "third_country"
)
_AUDIT: Final = _table(
    "processor_audit", "organisation_id", "id", "parent_id", "position", "held_on", "next_on"
)
_CHAIN: Final = tuple(
    _table(name, "organisation_id", "parent_id", "country")
    for name in ("processing_location", "sub_processor")
)

_NEVER_ASKED: Final = 9
"""Answers that are expected now and had no place in the old rows."""


def see_every_organisation(connection: sa.Connection) -> None:
    """Opens the walls of PostgreSQL to the migration for the length of its transaction."""
    if connection.dialect.name == "postgresql":
        connection.execute(
            sa.text(
                "SELECT set_config('app.organisations', (SELECT coalesce(string_agg(id::text, ','), '') "
                "FROM organisation), true)"
            )
        )


def carry_joint_controllers(connection: sa.Connection) -> None:
    """Makes an entry with one party of every old row; call it before the old table goes."""
    both = (_ACTIVITY.c.organisation_id == _OLD.c.organisation_id) & (_ACTIVITY.c.id == _OLD.c.parent_id)
    query = sa.select(_OLD, _ACTIVITY.c.unit_id).join(_ACTIVITY, both)
    numbers: defaultdict[uuid.UUID, int] = defaultdict(int)
    for row in connection.execute(query.order_by(_ACTIVITY.c.number, _OLD.c.position)).all():
        numbers[row.organisation_id] += 1
        _carry(connection, row, numbers[row.organisation_id])
    if numbers:
        register = "joint-controllerships"
        counters = [
            {"organisation_id": one, "register": register, "last": last} for one, last in numbers.items()
        ]
        connection.execute(sa.insert(_COUNTER), counters)


def _carry(connection: sa.Connection, row: Any, number: int) -> None:
    organisation, identity = row.organisation_id, uuid.uuid4()
    asked = (row.unit_id, row.arrangement, row.arranged_on, row.essence_available)
    entry = {
        "organisation_id": organisation,
        "id": identity,
        "version": 1,
        "changed_at": datetime.now(UTC).replace(tzinfo=None),
        "number": number,
        "state": "DRAFT",
        "gaps": _NEVER_ASKED + sum(map(_is_open, asked)),
        "sort_key": folded(row.text)[:200],
        "search": folded(f"GV-{number:04} {row.text} {row.arrangement} {row.contact_point}"),
        "changed_since_release": False,
        "name": row.text or "–",
        "unit_id": row.unit_id,
        "partners": row.text,
        "arrangement": row.arrangement,
        "arranged_on": row.arranged_on,
        "contact_point": row.contact_point,
        "essence_available": row.essence_available,
        "notes": "",
    }
    connection.execute(sa.insert(_ENTRY), [entry])
    party = {"organisation_id": organisation, "id": uuid.uuid4(), "parent_id": identity, "position": 0}
    connection.execute(sa.insert(_PARTY), [party | {"text": row.text}])
    link = {"organisation_id": organisation, "source_id": row.parent_id, "target_id": identity}
    connection.execute(sa.insert(_LINK), [link])


def _is_open(answer: object) -> bool:
    return answer is None or answer == ""


def carry_processors(connection: sa.Connection) -> None:
    """Turns audit days into rows and computes the third-country link; call it when the columns are there."""
    chain = _countries(connection)
    audits = []
    for row in connection.execute(sa.select(_PROCESSOR)).all():
        key = (row.organisation_id, row.id)
        countries = [country for country in (row.country, *chain[key]) if country]
        if countries:
            mine = (_PROCESSOR.c.organisation_id == row.organisation_id) & (_PROCESSOR.c.id == row.id)
            abroad = any(country not in EEA for country in countries)
            connection.execute(sa.update(_PROCESSOR).where(mine).values(third_country=abroad))
        if row.last_audit or row.next_audit:
            audits.append(
                {
                    "organisation_id": row.organisation_id,
                    "id": uuid.uuid4(),
                    "parent_id": row.id,
                    "position": 0,
                    "held_on": row.last_audit,
                    "next_on": row.next_audit,
                }
            )
    if audits:
        connection.execute(sa.insert(_AUDIT), audits)


def _countries(connection: sa.Connection) -> defaultdict[tuple[uuid.UUID, uuid.UUID], list[str]]:
    found: defaultdict[tuple[uuid.UUID, uuid.UUID], list[str]] = defaultdict(list)
    for table in _CHAIN:
        for row in connection.execute(sa.select(table)):
            found[row.organisation_id, row.parent_id].append(row.country)
    return found
