"""Who works in an organisation, with everything their roles cover."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import or_, select

from compliance.access import Grant, Identity
from compliance.database import Database, today
from compliance.people import Membership, Organisation, Person, units_below


@dataclass(frozen=True)
class Colleague:
    """Somebody at work in an organisation, and how to reach them."""

    identity: Identity
    email: str


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
    with database.reading(organisation) as scoped:
        below = units_below(scoped) if any(row.unit_id for row in rows) else {}
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
