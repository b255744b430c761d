"""All projects with their gates, and what management has decided about the red ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.gates.facts import facts_about
from assessments.gates.gate import Gate, gates, next_step
from assessments.gates.look import Standing
from compliance.database import today
from compliance.deviations import Deviation
from registers.projects import Project


@dataclass(frozen=True)
class ProjectStanding:
    """One project, how its gates stand, and who answers for what is red."""

    project: Project
    gates: tuple[Gate, ...]
    decisions: Mapping[str, Deviation]
    """The latest recorded deviation by the rule of its gate, unless somebody ended it."""

    @property
    def next(self) -> Gate | None:
        return next_step(self.gates)

    @property
    def red(self) -> tuple[Gate, ...]:
        return tuple(gate for gate in self.gates if gate.standing is Standing.RED)

    @property
    def answered(self) -> int:
        """For how many of the red gates somebody answers today."""
        found = (self.decisions.get(gate.rule) for gate in self.red)
        return sum(decided is not None and decided.holds for decided in found)

    @property
    def counts(self) -> Mapping[Standing, int]:
        """How many gates stand how, every standing included."""
        found = Counter(gate.standing for gate in self.gates)
        return {standing: found[standing] for standing in Standing}


def standings(session: Session, projects: Sequence[Project]) -> list[ProjectStanding]:
    """How *projects* stand, in as many queries for a hundred as for one."""
    near = facts_about(session, projects)
    decided: dict[object, dict[str, Deviation]] = {project.id: {} for project in projects}
    query = select(Deviation).where(Deviation.entry_id.in_(list(decided)), Deviation.ended_on.is_(None))
    for deviation in session.scalars(query.order_by(Deviation.id)):
        decided[deviation.entry_id][deviation.rule] = deviation
    return [
        ProjectStanding(project, gates(project, near[project.id], today()), decided[project.id])
        for project in projects
    ]
