"""Who works in an organisation, with everything their roles cover."""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import or_, select

from compliance.access import Grant, Identity
from compliance.database import Database, today
from compliance.people import Membership, Organisation, Person, Unit


@dataclass(frozen=True)
class Colleague:
    """Somebody at work in an organisation, and how to reach them."""

    identity: Identity
    email: str


def units_below(database: Database, organisation: uuid.UUID) -> dict[uuid.UUID, frozenset[uuid.UUID]]:
    """Every unit of *organisation* with itself and everything below it."""
    with database.reading(organisation) as scoped:
        parents = {row.id: row.parent_id for row in scoped.execute(select(Unit.id, Unit.parent_id))}
    below: defaultdict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    for unit in parents:
        above: uuid.UUID | None = unit
        while above is not None and unit not in below[above]:
            below[above].add(unit)
            above = parents.get(above)
    return {unit: frozenset(units) for unit, units in below.items()}


def staff(database: Database, organisation: uuid.UUID, person: uuid.UUID | None = None) -> list[Colleague]:
    """Everybody who has a role in *organisation* today, or that one *person*, by name."""
    query = (
        select(
            Person.id,
            Person.name,
            Person.email,
            Person.language,
            Organisation.name.label("organisation"),
            Membership.role,
            Membership.unit_id,
        )
        .join(Membership, Membership.person_id == Person.id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(Organisation.id == organisation, Person.active.is_(True))
        .where(or_(Membership.until.is_(None), Membership.until >= today()))
        .order_by(Person.name, Person.id, Membership.id)
    )
    if person is not None:
        query = query.where(Person.id == person)
    with database.reading() as session:
        rows = session.execute(query).all()
    below = units_below(database, organisation) if any(row.unit_id for row in rows) else {}
    by_person: dict[uuid.UUID, list[Grant]] = {}
    known = {}
    for row in rows:
        units = below.get(row.unit_id) if row.unit_id else None
        by_person.setdefault(row.id, []).append(Grant(row.role, units))
        known[row.id] = row
    return [
        Colleague(
            Identity(
                one.id,
                one.name,
                organisation,
                one.organisation,
                one.language or "de",
                tuple(by_person[one.id]),
            ),
            one.email,
        )
        for one in known.values()
    ]
