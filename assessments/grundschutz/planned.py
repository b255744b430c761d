"""Which measures of the register stand for the requirements of one module, as its check shows them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from assessments.grundschutz.modelling import Assignment
from compliance.database import today
from compliance.entry import State
from registers.measures import IN_EFFECT, Measure, Progress, requirement_ids
from registers.objects import TargetObject


@dataclass(frozen=True)
class Planned:
    """A measure, as far as the question that waits for it shows it."""

    number: int
    name: str
    progress: Progress | None
    responsible: str
    planned_until: date | None
    implemented_on: date | None

    def __str__(self) -> str:
        return f"{Measure.designate(self.number)} {self.name}".strip()

    @property
    def is_in_effect(self) -> bool:
        return self.progress in IN_EFFECT

    @property
    def is_overdue(self) -> bool:
        return not self.is_in_effect and self.planned_until is not None and self.planned_until < today()


def planned_at(session: Session, assignment: Assignment) -> Mapping[str, tuple[Planned, ...]]:
    """The measures that stand for requirements of *assignment* at its place, by requirement; one query.

    They are those of :func:`assessments.grundschutz.plan.plan_of`: the authority's own, not
    given up, for all objects or for this one.
    """
    here = ~Measure.objects.any()
    if assignment.target_id is not None:
        here = or_(here, Measure.objects.any(TargetObject.id == assignment.target_id))
    query = (
        select(
            Measure.requirements,
            Measure.number,
            Measure.name,
            Measure.progress,
            Measure.responsible,
            Measure.planned_until,
            Measure.implemented_on,
        )
        .where(
            Measure.library.is_not(True),
            Measure.state != State.ENDED,
            Measure.requirements.icontains(f"{assignment.module_id}.A", autoescape=True),
            here,
        )
        .order_by(Measure.number)
    )
    found: defaultdict[str, list[Planned]] = defaultdict(list)
    for row in session.execute(query):
        planned = Planned(*row[1:])
        for requirement_id in requirement_ids(row.requirements):
            found[requirement_id].append(planned)
    return {requirement_id: tuple(measures) for requirement_id, measures in found.items()}
