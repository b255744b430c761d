"""How far the check of an information domain has come, by assignment and by layer."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.grundschutz.check import RequirementAnswer, Status, applicable, is_asked
from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.kompendium import Layer, Module, edition_2023, reading_order
from assessments.grundschutz.modelling import Assignment, Interview
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


def overview(session: Session, domain: InformationDomain) -> list[Assigned]:
    """All assignments of *domain* with their progress, in two queries.

    The domain itself comes first, then its objects by number; modules stand in reading order.
    """
    answered = _answered(session, domain)
    query = (
        select(
            Assignment.id,
            Assignment.module_id,
            Assignment.relevant,
            Assignment.reason,
            Assignment.interview_on,
            Assignment.interviewees,
            Assignment.recorded_by,
            Assignment.target_id,
            TargetObject.number,
            TargetObject.name,
        )
        .outerjoin(Assignment.target)
        .where(Assignment.domain_id == domain.id)
    )
    rows = sorted(session.execute(query), key=lambda row: (row.number or 0, reading_order(row.module_id)))
    return [
        Assigned(
            id=row.id,
            module=edition_2023().module(row.module_id),
            target_id=row.target_id,
            place=TargetObject.designate(row.number) if row.target_id else domain.designation,
            name=row.name if row.target_id else domain.name,
            relevant=row.relevant is not False,
            reason=row.reason,
            interview=Interview(row.interview_on, row.interviewees, row.recorded_by),
            tally=_tally(domain, row.module_id, answered[row.id]) if row.relevant is not False else Tally(),
        )
        for row in rows
    ]


_Answered: TypeAlias = tuple[str, Status, bool]
"""Id of the requirement, its status, and whether a risk analysis adopted it."""


def _answered(session: Session, domain: InformationDomain) -> defaultdict[uuid.UUID, list[_Answered]]:
    query = select(
        RequirementAnswer.assignment_id,
        RequirementAnswer.requirement_id,
        RequirementAnswer.status,
        RequirementAnswer.adopted,
    ).where(RequirementAnswer.domain_id == domain.id)
    found: defaultdict[uuid.UUID, list[_Answered]] = defaultdict(list)
    for assignment_id, requirement_id, status, adopted in session.execute(query):
        found[assignment_id].append((requirement_id, status or Status.OPEN, adopted is True))
    return found


def _tally(domain: InformationDomain, module_id: str, answered: Sequence[_Answered]) -> Tally:
    catalogue = edition_2023()
    asked = applicable(domain.approach, module_id, {id for id, _, adopted in answered if adopted})
    counts = Counter(
        status
        for requirement_id, status, adopted in answered
        if is_asked(domain.approach, catalogue.requirement(requirement_id), adopted=adopted)
    )
    counts[Status.OPEN] += len(asked) - counts.total()
    return Tally({status: counts[status] for status in Status})


def progress(session: Session, domain: InformationDomain) -> dict[Layer, Tally]:
    """The tally of each layer that has assigned modules, in the order of the Kompendium."""
    return by_layer(overview(session, domain))


def by_layer(assigned: Iterable[Assigned]) -> dict[Layer, Tally]:
    """The tallies of *assigned*, added up by layer."""
    grouped: defaultdict[str, list[Tally]] = defaultdict(list)
    for each in assigned:
        if each.relevant:
            grouped[each.module.layer].append(each.tally)
    return {layer: summed(grouped[layer.id]) for layer in edition_2023().layers if layer.id in grouped}


def summed(tallies: Iterable[Tally]) -> Tally:
    """All *tallies* in one."""
    total: Counter[Status] = Counter()
    for tally in tallies:
        total.update(tally.by_status)
    return Tally({status: total[status] for status in Status})


def neighbours(assigned: Sequence[Assigned], identity: uuid.UUID) -> tuple[Assigned | None, Assigned | None]:
    """The applied modules before and after the assignment with that id, in the order of the overview."""
    applied = [each for each in assigned if each.relevant or each.id == identity]
    place = next(index for index, each in enumerate(applied) if each.id == identity)
    before = applied[place - 1] if place else None
    after = applied[place + 1] if place + 1 < len(applied) else None
    return before, after
