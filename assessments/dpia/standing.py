"""The three values of a risk: before measures, with what is planned, and today.

What is entered lower than measures account for counts only with a recorded reason.
Today's value rests on the measures that were in force when it was given: as soon
as one of them is not any more, the risk rises by itself until somebody assesses it anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from assessments.dpia.grades import Grade, RiskLevel, rank
from assessments.dpia.matrix import DEFAULT_MATRIX, Position, RiskMatrix
from assessments.dpia.measures import in_force
from assessments.dpia.risk import DpiaMeasure, DpiaRisk, against, measure_keys

AFTER: Final = ("planned", "today")
"""The moments at which a value can be lower than before."""


@dataclass(frozen=True)
class Standing:
    """The level of a risk, or of all, at three points; ``None`` while it is not assessed."""

    before: RiskLevel | None
    planned: RiskLevel | None
    """With every planned measure: what is decided on."""
    today: RiskLevel | None
    """With the implemented measures only."""


@dataclass(frozen=True)
class Positions:
    """Where a risk lies at three points; ``None`` while it is not assessed."""

    before: Position | None
    planned: Position | None
    today: Position | None

    def standing(self, matrix: RiskMatrix) -> Standing:
        """The levels that *matrix* gives them."""
        places = (self.before, self.planned, self.today)
        return Standing(
            *(matrix.level(place.severity, place.likelihood) if place else None for place in places)
        )


def entered(risk: DpiaRisk, moment: str) -> Position | None:
    """Where somebody has put *risk* at *moment*, whether measures account for it or not."""
    severity: Grade | None = getattr(risk, f"severity_{moment}")
    likelihood: Grade | None = getattr(risk, f"likelihood_{moment}")
    return Position(severity, likelihood) if severity and likelihood else None


def positions(risk: DpiaRisk, measures: Iterable[DpiaMeasure]) -> Positions:
    """Where *risk* counts as lying."""
    before = entered(risk, "before")
    if before is None:
        return Positions(None, entered(risk, "planned"), entered(risk, "today"))
    mine = against(risk, measures)
    planned = _planned(risk, mine, before, reasoned=bool(risk.lower_planned.strip()))
    today = _today(risk, mine, before, planned, reasoned=bool(risk.lower_today.strip()))
    return Positions(before, planned, today)


def _planned(risk: DpiaRisk, mine: Sequence[DpiaMeasure], before: Position, *, reasoned: bool) -> Position:
    """Lower than *before* only by a measure or a reason; unchanged while nobody has assessed it."""
    given = entered(risk, "planned")
    if given is None:
        return before
    return given if mine or reasoned else given.raised_to(before)


def _today(
    risk: DpiaRisk, mine: Sequence[DpiaMeasure], before: Position, planned: Position, *, reasoned: bool
) -> Position:
    given = entered(risk, "today")
    if given is None:
        done = bool(mine) and all(map(in_force, mine))
        return planned if done else before.raised_to(planned)
    if fallen_back(risk, mine):
        return given.raised_to(before)
    if reasoned:
        return given
    if not any(map(in_force, mine)):
        return given.raised_to(before).raised_to(planned)
    # Implemented measures are some of the planned ones, so today cannot be better than the plan.
    return given.raised_to(planned) if entered(risk, "planned") else given


def fallen_back(risk: DpiaRisk, measures: Iterable[DpiaMeasure]) -> tuple[str, ...]:
    """Keys of measures on which today's value rests and that are not in force any more."""
    effective = {measure.key for measure in against(risk, measures) if in_force(measure)}
    return tuple(key for key in measure_keys(risk.rests_on) if key not in effective)


def unsupported(risk: DpiaRisk, measures: Iterable[DpiaMeasure]) -> tuple[str, ...]:
    """Which of :data:`AFTER` is entered lower than it counts, because nothing accounts for it."""
    counted = positions(risk, measures)
    return tuple(
        moment
        for moment in AFTER
        if counted.before and (given := entered(risk, moment)) and given != getattr(counted, moment)
    )


def by_reason(risk: DpiaRisk, measures: Iterable[DpiaMeasure]) -> tuple[str, ...]:
    """Which of :data:`AFTER` is lower than its measures account for and counts by its recorded reason."""
    mine = against(risk, measures)
    counted = positions(risk, mine)
    if counted.before is None or counted.planned is None:
        return ()
    otherwise = {
        "planned": _planned(risk, mine, counted.before, reasoned=False),
        "today": _today(risk, mine, counted.before, counted.planned, reasoned=False),
    }
    return tuple(moment for moment, place in otherwise.items() if place != getattr(counted, moment))


def standing(
    risk: DpiaRisk, measures: Iterable[DpiaMeasure], matrix: RiskMatrix = DEFAULT_MATRIX
) -> Standing:
    """The three levels of *risk*."""
    return positions(risk, measures).standing(matrix)


def overall(
    risks: Iterable[DpiaRisk], measures: Sequence[DpiaMeasure], matrix: RiskMatrix = DEFAULT_MATRIX
) -> Standing:
    """The highest level among *risks* at each point; ``None`` while one is not assessed or there is none."""
    all_standings = [standing(risk, measures, matrix) for risk in risks]
    return Standing(
        _highest([each.before for each in all_standings]),
        _highest([each.planned for each in all_standings]),
        _highest([each.today for each in all_standings]),
    )


def _highest(levels: Sequence[RiskLevel | None]) -> RiskLevel | None:
    known = [level for level in levels if level is not None]
    return max(known, key=rank) if known and len(known) == len(levels) else None
