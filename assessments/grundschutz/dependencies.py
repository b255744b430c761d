"""The dependencies between target objects as plain numbers, for whatever is calculated along them."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import and_, inspect, select
from sqlalchemy.orm import Session, aliased

from registers.objects import TargetObject


def links() -> Any:
    """The table of dependencies: ``source_id`` depends on ``target_id``."""
    return inspect(TargetObject).relationships["depends_on"].secondary


def pairs(
    session: Session, organisation: uuid.UUID, on: Collection[uuid.UUID] | None = None
) -> list[tuple[int, int]]:
    """The running numbers of each object and of one it depends on, in order; *on* limits the latter by id."""
    tie, source, target = links(), aliased(TargetObject), aliased(TargetObject)
    # Joined in the database: making objects of tens of thousands of ids costs more than all the rest.
    query = (
        select(source.number, target.number)
        .select_from(tie)
        .join(source, and_(source.organisation_id == tie.c.organisation_id, source.id == tie.c.source_id))
        .join(target, and_(target.organisation_id == tie.c.organisation_id, target.id == tie.c.target_id))
        .where(tie.c.organisation_id == organisation)
    )
    if on is not None:
        query = query.where(tie.c.target_id.in_(on))
    return sorted((row[0], row[1]) for row in session.execute(query))


def graph(session: Session, organisation: uuid.UUID) -> dict[int, list[int]]:
    """On what each object depends, by running number and in order."""
    found: defaultdict[int, list[int]] = defaultdict(list)
    for dependent, base in pairs(session, organisation):
        found[dependent].append(base)
    return found


def reached(
    session: Session, organisation: uuid.UUID, start: Collection[uuid.UUID], *, at_most: int
) -> frozenset[uuid.UUID] | None:
    """The ids of *start* and of everything on which these objects depend; ``None`` if more than *at_most*."""
    tie = links()
    below = select(TargetObject.id).where(
        TargetObject.organisation_id == organisation, TargetObject.id.in_(start)
    )
    found = below.cte("reached", recursive=True)
    # A union keeps each object once, so that cycles end.
    found = found.union(
        select(tie.c.target_id).where(tie.c.organisation_id == organisation, tie.c.source_id == found.c.id)
    )
    ids = session.scalars(select(found.c.id).limit(at_most + 1)).all()
    return frozenset(ids) if len(ids) <= at_most else None
