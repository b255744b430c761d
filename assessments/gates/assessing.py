"""Gates about the threshold analysis and the impact assessment that it may ask for."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from assessments.dpia.dpia import APPROVING, Dpia
from assessments.dpia.threshold import ThresholdAnalysis
from assessments.dpia.threshold_table import Outcome
from assessments.gates.look import (
    Facts,
    Linked,
    Look,
    Standing,
    activity_of,
    is_running,
    nothing_yet,
)
from compliance.entry import State
from compliance.language import Text
from compliance.people import Role


def threshold(facts: Facts) -> Look:
    """Art. 35 (1) GDPR: somebody has decided whether an impact assessment is needed."""
    if nothing := nothing_yet(facts):
        return nothing
    known = _by_activity(facts.of(ThresholdAnalysis))
    gaps = [row for row in facts.activities if not any(map(_vouches, known[row.id]))]
    if not gaps:
        return Look(Standing.MET, _ANALYSED)
    begun = [analysis for row in gaps for analysis in known[row.id]]
    missing = [activity_of(row) for row in gaps if not known[row.id]]
    named = [*missing, *(Linked(ThresholdAnalysis, row.number) for row in begun)]
    waits = not missing and all(row.state is State.REVIEW for row in begun)
    turn = Role.MANAGEMENT if waits else Role.PROJECT_LEAD
    return Look(Standing.OPEN, _NOT_RELEASED if begun else _NOT_ANALYSED, named, turn, is_running(gaps))


def _vouches(analysis: Any) -> bool:
    return analysis.state is State.RELEASED and analysis.result not in (None, Outcome.UNDECIDED)


def dpia(facts: Facts) -> Look:
    """Art. 35 (1) GDPR: where it is needed, it is approved and released."""
    if nothing := nothing_yet(facts):
        return nothing
    results = _by_activity(facts.of(ThresholdAnalysis))
    required = [row for row in facts.activities if _is_required(results[row.id])]
    unknown = [row for row in facts.activities if not _is_decided(results[row.id])]
    gaps = [row for row in required if not _is_assessed(facts, row.id, results[row.id])]
    if gaps:
        begun = [row for row in facts.of(Dpia) if row.activity_id in {gap.id for gap in gaps}]
        entries = [*map(activity_of, gaps), *(Linked(Dpia, row.number) for row in begun)]
        submitted = bool(begun) and all(row.state in (State.REVIEW, State.RELEASED) for row in begun)
        turn = Role.MANAGEMENT if submitted else Role.PROJECT_LEAD
        return Look(Standing.OPEN, _NOT_DECIDED if begun else _NOT_ASSESSED, entries, turn, is_running(gaps))
    if unknown:
        return Look(
            Standing.OPEN, _UNKNOWN_RISK, [*map(activity_of, unknown)], Role.PROJECT_LEAD, binding=False
        )
    if not required:
        return Look(Standing.NOT_APPLICABLE, _NO_HIGH_RISK)
    own = [Linked(Dpia, row.number) for row in facts.of(Dpia)]
    covering = [
        Linked(Dpia, row.covering_number)
        for row in facts.of(ThresholdAnalysis)
        if row.result is Outcome.COVERED and row.covering_number
    ]
    return Look(Standing.MET, _ASSESSED, [*own, *covering])


def _by_activity(rows: Iterable[Any]) -> defaultdict[uuid.UUID, list[Any]]:
    found: defaultdict[uuid.UUID, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.activity_id].append(row)
    return found


def _is_required(analyses: Iterable[Any]) -> bool:
    return any(row.result in (Outcome.REQUIRED, Outcome.COVERED) for row in analyses)


def _is_decided(analyses: Iterable[Any]) -> bool:
    return any(row.result not in (None, Outcome.UNDECIDED) for row in analyses)


def _is_assessed(facts: Facts, activity: uuid.UUID, analyses: Iterable[Any]) -> bool:
    own = any(_holds(row.state, row.decision) for row in facts.of(Dpia) if row.activity_id == activity)
    return own or any(
        row.result is Outcome.COVERED and _holds(row.covering_state, row.covering_decision)
        for row in analyses
    )


def _holds(state: State | None, decision: Any) -> bool:
    """Whether an assessment lets the processing go ahead."""
    return state is State.RELEASED and decision in APPROVING


_ANALYSED = Text(
    "Für jede Tätigkeit liegt eine freigegebene Schwellwertanalyse vor.",
    "There is a released threshold analysis for every activity.",
)
_NOT_RELEASED = Text(
    "Schwellwertanalyse noch nicht freigegeben oder noch nicht begonnen:",
    "Threshold analysis not released or not begun yet:",
)
_NOT_ANALYSED = Text("Ohne freigegebene Schwellwertanalyse:", "Without a released threshold analysis:")
_NOT_ASSESSED = Text(
    "Eine Folgenabschätzung ist erforderlich und noch nicht begonnen:",
    "An impact assessment is required and not begun yet:",
)
_NOT_DECIDED = Text(
    "Eine Folgenabschätzung ist erforderlich und noch nicht genehmigt und freigegeben:",
    "An impact assessment is required and not approved and released yet:",
)
_UNKNOWN_RISK = Text(
    "Ob eine Folgenabschätzung erforderlich ist, ist noch offen:",
    "Whether an impact assessment is required is still undecided:",
)
_NO_HIGH_RISK = Text(
    "Nach den Schwellwertanalysen ist keine Folgenabschätzung erforderlich.",
    "According to the threshold analyses no impact assessment is required.",
)
_ASSESSED = Text("Genehmigt und freigegeben:", "Approved and released:")
