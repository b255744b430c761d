"""Takes objects into an information domain, many at once and with all that they stand on."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.grundschutz.dependencies import links
from assessments.grundschutz.domain import InformationDomain
from compliance.access import Identity, Permission, demand
from compliance.entry import State
from registers.objects import TargetObject


@dataclass(frozen=True)
class Taken:
    """How many objects a domain has gained."""

    chosen: int
    below: int
    """Those that nobody chose, but on which the chosen ones depend."""


def take_in(
    session: Session,
    domain: InformationDomain,
    chosen: Collection[uuid.UUID],
    *,
    with_all_below: bool = False,
    by: Identity,
) -> Taken:
    """Adds the *chosen* objects to *domain*, which is loaded whole; what belongs to it already stays.

    *with_all_below* adds what they depend on, however far. Ended entries are left out,
    and below the chosen ones also what is out of operation.
    """
    demand(by, Permission.EDIT, domain)
    wanted = _living(session, chosen)
    below = _all_below(session, [one.id for one in wanted]) if with_all_below else []
    inside = {one.id for one in domain.objects}
    new = [one for one in wanted if one.id not in inside]
    more = [one for one in below if one.id not in inside | {each.id for each in wanted}]
    if new or more:
        domain.objects = [*domain.objects, *new, *more]
    return Taken(len(new), len(more))


def _living(session: Session, ids: Collection[uuid.UUID]) -> list[TargetObject]:
    query = select(TargetObject).where(TargetObject.id.in_(ids), TargetObject.state != State.ENDED)
    return list(session.scalars(query.order_by(TargetObject.number)))


def _all_below(session: Session, start: Collection[uuid.UUID]) -> list[TargetObject]:
    """What objects depend on, layer by layer; a circle ends where nothing new is found."""
    tie = links()
    found: dict[uuid.UUID, TargetObject] = {}
    frontier = set(start)
    seen = set(frontier)
    while frontier:
        next_ids = session.scalars(select(tie.c.target_id).where(tie.c.source_id.in_(frontier)).distinct())
        layer = _living(session, set(next_ids) - seen)
        seen |= {one.id for one in layer}
        used = [one for one in layer if one.is_in_use]
        found |= {one.id: one for one in used}
        frontier = {one.id for one in used}
    return sorted(found.values(), key=lambda one: one.number)
