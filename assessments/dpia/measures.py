"""What is known of a measure of an assessment: from the register where it stands there, else as typed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import inspect

from assessments.dpia.risk import IN_FORCE, DpiaMeasure, DpiaRisk, MeasureState, against
from compliance.entry import State
from registers.measures import Measure, Progress


@dataclass(frozen=True)
class Undertaking:
    """A measure as it stands today."""

    title: str
    description: str
    state: MeasureState | None
    owner: str
    due: date | None
    since: date | None
    """Since when it is implemented; known of register measures only."""
    evidence: str
    unmet: str
    """Requirements of IT-Grundschutz it stands for that the check did not find met."""

    @property
    def complete(self) -> bool:
        """Whether it says who does it and by when, or since when it is done."""
        return bool(self.title and self.state and self.owner and (self.due or self.since))

    def overdue(self, day: date) -> bool:
        return self.due is not None and self.due < day and self.state not in IN_FORCE


_STATES: Final = {
    Progress.PLANNED: MeasureState.PLANNED,
    Progress.IN_PROGRESS: MeasureState.IN_PROGRESS,
    Progress.IMPLEMENTED: MeasureState.IMPLEMENTED,
    Progress.CHECKED: MeasureState.VERIFIED,
}
_PROGRESS: Final = {state: progress for progress, state in _STATES.items()}


def undertaking(measure: DpiaMeasure) -> Undertaking:
    """*measure* with the state, the days and the owner that count."""
    entry: Measure | None = measure.measure
    if entry is None:
        typed = (measure.state, measure.owner, measure.due, None, measure.evidence, "")
        return Undertaking(measure.title, measure.description, *typed)
    return Undertaking(
        measure.title or entry.name,
        measure.description or entry.description,
        _STATES[entry.progress] if entry.progress else None,
        entry.responsible,
        entry.planned_until,
        entry.implemented_on,
        entry.evidence,
        entry.unmet,
    )


def in_force(measure: DpiaMeasure) -> bool:
    """Whether *measure* lowers a risk today: implemented, not ended, not contradicted by the check."""
    entry: Measure | None = measure.measure
    if entry is not None and (entry.state is State.ENDED or entry.unmet):
        return False
    return undertaking(measure).state in IN_FORCE


def registered(measure: DpiaMeasure) -> Measure:
    """A measure of the register that says what was typed in *measure*."""
    return Measure(
        name=measure.title,
        description=measure.description,
        progress=_PROGRESS[measure.state] if measure.state else None,
        responsible=measure.owner,
        planned_until=measure.due,
        evidence=measure.evidence,
    )


def settle(measures: Iterable[DpiaMeasure]) -> None:
    """Clears what was typed beside a measure of the register, so that nothing is said twice."""
    for measure in measures:
        if measure.measure is not None:
            measure.title = measure.title or measure.measure.name
            measure.owner, measure.due, measure.state, measure.evidence = "", None, None, ""


def note_ground(risks: Iterable[DpiaRisk], measures: Iterable[DpiaMeasure]) -> None:
    """Notes on which measures today's value rests, whenever somebody has given it or its reason anew."""
    known = list(measures)
    for risk in risks:
        history = inspect(risk).attrs
        if any(history[name].history.has_changes() for name in _TODAY):
            effective = [measure.key for measure in against(risk, known) if in_force(measure)]
            assessed = risk.severity_today and risk.likelihood_today
            risk.rests_on = ", ".join(effective) if assessed else ""


_TODAY: Final = ("severity_today", "likelihood_today", "lower_today")
