"""A city of target objects that depend on one another, for measuring how needs are inherited."""

from __future__ import annotations

import random
import time
import uuid
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from assessments.grundschutz.protection import survey
from compliance.database import Actor, Query
from compliance.entry import everything
from compliance.web.site import Site
from registers.objects import ObjectKind, ObjectStatus, TargetObject
from registers.protection import ProtectionNeed

OBJECTS, EDGES = 5000, 20_000
_APPLICATIONS = 1500
_BACK = 25
"""So many dependencies lead back, so that there are cycles."""
_ACTOR = Actor("Messung")


def build(site: Site, organisation: uuid.UUID) -> None:
    """Stores :data:`OBJECTS` with :data:`EDGES` dependencies, most of them on what stands further below."""
    chance = random.Random(5)
    pairs: set[tuple[int, int]] = set()
    while len(pairs) < EDGES - _BACK:
        above, below = sorted(chance.sample(range(OBJECTS), 2))
        pairs.add((above, below))
    while len(pairs) < EDGES:
        below, above = sorted(chance.sample(range(OBJECTS), 2))
        pairs.add((above, below))
    objects = [
        TargetObject(
            name=f"Objekt {number}", kind=ObjectKind.IT_SYSTEM, status=ObjectStatus.OPERATION, **_need(number)
        )
        for number in range(OBJECTS)
    ]
    with site.database.writing(organisation, actor=_ACTOR) as session:
        session.add_all(objects)
        session.flush()
        for above, below in sorted(pairs):
            objects[above].depends_on.append(objects[below])


def _need(number: int) -> dict[str, Any]:
    if number >= _APPLICATIONS:
        return {}
    is_critical = number % 40 == 7
    need = ProtectionNeed.HIGH if is_critical else ProtectionNeed.NORMAL
    needs: dict[str, Any] = dict.fromkeys(("confidentiality", "integrity", "availability"), need)
    return needs | {"rto_hours": 8 + number % 17} if is_critical else needs


def measure_survey(site: Site, organisation: uuid.UUID) -> float:
    """Milliseconds for reading every object and dependency and finding all needs, origins and cycles."""
    with site.database.reading(organisation) as session:
        start = time.perf_counter()
        survey(session, organisation).changed()
        return (time.perf_counter() - start) * 1000


def measure_floor(site: Site, organisation: uuid.UUID) -> float:
    """Milliseconds for merely reading the objects with their needs and the ends of the dependencies."""
    links: Any = inspect(TargetObject).relationships["depends_on"].secondary
    names = ("number", "confidentiality", "integrity", "availability", "needed_c", "needed_i", "needed_a")
    with site.database.reading(organisation) as session:
        start = time.perf_counter()
        session.execute(select(*(getattr(TargetObject, name) for name in names))).all()
        session.execute(select(links.c.source_id, links.c.target_id)).all()
        return (time.perf_counter() - start) * 1000


def measure_change(site: Site, organisation: uuid.UUID, turn: int) -> tuple[float, int]:
    """Milliseconds for saving one changed dependency, journal and findings included; and the other needs
    that it changed."""
    with site.database.reading(organisation) as session:
        query = select(TargetObject.id, TargetObject.needed_c, TargetObject.needed_a)
        before = _rows(session, query)
    start = time.perf_counter()
    with site.database.writing(organisation, actor=_ACTOR) as session:
        wanted = select(TargetObject).where(TargetObject.number.in_((8 + 40 * turn, OBJECTS - 9 - turn)))
        above, below = session.scalars(
            wanted.order_by(TargetObject.number).options(*everything(TargetObject))
        )
        above.depends_on = [*above.depends_on, below]
    duration = (time.perf_counter() - start) * 1000
    with site.database.reading(organisation) as session:
        return duration, len(_rows(session, query) - before)


def _rows(session: Session, query: Query) -> set[tuple[Any, ...]]:
    return {tuple(row) for row in session.execute(query)}


def measure_wide_change(site: Site, organisation: uuid.UUID) -> tuple[float, int]:
    """The same for one application that passes „sehr hoch“ on to everything below it."""
    with site.database.reading(organisation) as session:
        query = select(TargetObject.id).where(TargetObject.needed_a == ProtectionNeed.VERY_HIGH)
        before = len(session.scalars(query).all())
    start = time.perf_counter()
    with site.database.writing(organisation, actor=_ACTOR) as session:
        wanted = select(TargetObject).where(TargetObject.number == 1)
        first = session.scalars(wanted.options(*everything(TargetObject))).one()
        first.availability = ProtectionNeed.VERY_HIGH
    duration = (time.perf_counter() - start) * 1000
    with site.database.reading(organisation) as session:
        return duration, len(session.scalars(query).all()) - before
