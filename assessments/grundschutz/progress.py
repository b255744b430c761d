"""How far the check of an information domain has come, by assignment and by layer."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, NamedTuple

from sqlalchemy import and_, case, func, not_, or_, select
from sqlalchemy.orm import Session

from assessments.grundschutz.check import RequirementAnswer, Status, applicable, asked_anyway, counts_under
from assessments.grundschutz.domain import Extent, InformationDomain
from assessments.grundschutz.interviews import Interview, latest_interviews
from assessments.grundschutz.kompendium import Layer, Module, edition_2023, reading_order
from assessments.grundschutz.modelling import Assignment
from compliance.entry import State
from registers.objects import TargetObject


@dataclass(frozen=True)
class Tally:
    """How many requirements have which status."""

    by_status: Mapping[Status, int] = field(default_factory=lambda: dict.fromkeys(Status, 0))
    """Every status, also those that no requirement has."""

    @property
    def total(self) -> int:
        return sum(self.by_status.values())

    @property
    def answered(self) -> int:
        return self.total - self.by_status[Status.OPEN]

    @property
    def met(self) -> int:
        """Requirements that nothing remains to be done for."""
        return self.by_status[Status.YES] + self.by_status[Status.UNNECESSARY]


@dataclass(frozen=True)
class Assigned:
    """One assigned module in the overview of a domain."""

    id: uuid.UUID
    module: Module
    target_id: uuid.UUID | None
    place: str
    """Running number of the target object, or of the domain."""
    name: str
    """What the target object or the domain is called."""
    relevant: bool
    reason: str
    interview: Interview
    tally: Tally
    """All zero where the module is not applied."""
    outside: bool = False
    """It is applied, but the profile of the domain asks nothing of it."""


def overview(
    session: Session, domain: InformationDomain, target: TargetObject | None = None
) -> list[Assigned]:
    """All assignments of *domain*, or those at *target*, with their progress, in three queries.

    The domain itself comes first, then its objects by number; modules stand in reading order.
    """
    answered = _answered(session, domain, target)
    interviews = latest_interviews(session, domain)
    query = (
        select(
            Assignment.id,
            Assignment.module_id,
            Assignment.relevant,
            Assignment.reason,
            Assignment.target_id,
            TargetObject.number,
            TargetObject.name,
        )
        .outerjoin(Assignment.target)
        .where(Assignment.domain_id == domain.id)
    )
    if target is not None:
        query = query.where(Assignment.target_id == target.id)
    rows = sorted(session.execute(query), key=lambda row: (row.number or 0, reading_order(row.module_id)))
    return [
        Assigned(
            id=row.id,
            module=edition_2023().module(row.module_id),
            target_id=row.target_id,
            place=TargetObject.designate(row.number) if row.target_id else domain.designation,
            name=row.name if row.target_id else domain.name,
            relevant=relevant,
            reason=row.reason,
            interview=interviews.get(row.id, _NOT_YET),
            tally=tally,
            outside=relevant and not tally.total and not domain.extent.covers(row.module_id),
        )
        for row in rows
        for relevant in (row.relevant is not False,)
        for tally in (_tally(domain, row.module_id, answered.get(row.id, _Found())) if relevant else Tally(),)
    ]


def at_object(session: Session, target: TargetObject) -> list[tuple[InformationDomain, list[Assigned]]]:
    """What is applied to *target*, by the domain in which it is, with the progress there."""
    applied = select(Assignment.domain_id).where(Assignment.target_id == target.id)
    query = select(InformationDomain).where(
        InformationDomain.id.in_(applied), InformationDomain.state != State.ENDED
    )
    domains = session.scalars(query.order_by(InformationDomain.number)).all()
    return [(domain, overview(session, domain, target)) for domain in domains]


def _answered(
    session: Session, domain: InformationDomain, target: TargetObject | None
) -> Mapping[uuid.UUID, _Found]:
    """What is stored about each assignment, or about those at *target*, counted by the database."""
    answer = RequirementAnswer
    query = (
        select(
            answer.assignment_id,
            func.count(),
            func.count(case((and_(answer.adopted.is_(True), not_(asked_anyway(domain.extent))), 1))),
            *(func.count(case((answer.status == status, 1))) for status in _STATUSES),
        )
        .where(answer.domain_id == domain.id, counts_under(domain.extent))
        .group_by(answer.assignment_id)
    )
    if target is not None:
        here = select(Assignment.id).where(Assignment.target_id == target.id)
        query = query.where(answer.assignment_id.in_(here))
    return {identity: _Found(*counts) for identity, *counts in session.execute(query)}


_NOT_YET: Final = Interview()
_STATUSES: Final = tuple(status for status in Status if status is not Status.OPEN)


class _Found(NamedTuple):
    """How many answers to one assignment there are."""

    total: int = 0
    adopted: int = 0
    """To requirements that only a risk analysis brought into the check."""
    yes: int = 0
    unnecessary: int = 0
    partial: int = 0
    no: int = 0


@lru_cache(maxsize=4096)
def _asked_of(extent: Extent, module_id: str) -> int:
    return len(applicable(extent, module_id))


def _tally(domain: InformationDomain, module_id: str, found: _Found) -> Tally:
    asked = _asked_of(domain.extent, module_id) + found.adopted
    answered = found[2:]
    return Tally(dict(zip(Status, (*answered, asked - sum(answered)), strict=True)))


def progress(session: Session, domain: InformationDomain) -> dict[Layer, Tally]:
    """The tally of each layer that has assigned modules, in the order of the Kompendium."""
    return by_layer(overview(session, domain))


def by_layer(assigned: Iterable[Assigned]) -> dict[Layer, Tally]:
    """The tallies of *assigned*, added up by layer."""
    grouped: defaultdict[str, list[Tally]] = defaultdict(list)
    for each in assigned:
        if each.relevant and not each.outside:
            grouped[each.module.layer].append(each.tally)
    return {layer: summed(grouped[layer.id]) for layer in edition_2023().layers if layer.id in grouped}


def summed(tallies: Iterable[Tally]) -> Tally:
    """All *tallies* in one."""
    counts = [tally.by_status for tally in tallies]
    return Tally({status: sum(each[status] for each in counts) for status in Status})


@dataclass(frozen=True)
class Neighbour:
    """Another applied module of the same domain."""

    id: uuid.UUID
    module: Module
    place: str


@dataclass(frozen=True)
class Surroundings:
    """What is applied around one assigned module, in the order of the overview."""

    before: Neighbour | None
    after: Neighbour | None
    beside: tuple[Neighbour, ...]
    """The other modules of the same place."""
    alike: int
    """To how many other places the same module is applied."""


def surroundings(session: Session, assignment: Assignment) -> Surroundings:
    """What is applied around *assignment*, which is loaded whole, in one query.

    Modules that the profile of the domain leaves out are passed over.
    """
    query = (
        select(Assignment.id, Assignment.module_id, TargetObject.number)
        .outerjoin(Assignment.target)
        .where(
            Assignment.domain_id == assignment.domain_id,
            or_(Assignment.relevant.is_not(False), Assignment.id == assignment.id),
        )
    )
    extent, found = assignment.domain.extent, session.execute(query).all()
    if not extent.is_whole:
        found = [row for row in found if row.id == assignment.id or extent.covers(row.module_id)]
    rows = sorted(found, key=lambda row: (row.number or 0, reading_order(row.module_id)))
    at = next(index for index, row in enumerate(rows) if row.id == assignment.id)
    here, domain = rows[at], assignment.domain
    others = [*rows[:at], *rows[at + 1 :]]
    return Surroundings(
        before=_neighbour(domain, rows[at - 1]) if at else None,
        after=_neighbour(domain, rows[at + 1]) if at + 1 < len(rows) else None,
        beside=tuple(_neighbour(domain, row) for row in others if row.number == here.number),
        alike=sum(row.module_id == here.module_id for row in others),
    )


def _neighbour(domain: InformationDomain, row: Any) -> Neighbour:
    place = TargetObject.designate(row.number) if row.number else domain.designation
    return Neighbour(row.id, edition_2023().module(row.module_id), place)
