"""What a new assessment begins with: what the record and the threshold analyses say already."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.dpia.threshold import ThresholdAnalysis, analyses_of
from assessments.dpia.threshold_table import outcome
from compliance.entry import Proposal, everything
from compliance.language import Text
from registers.processing import ProcessingActivity


def beginning(session: Session, activities: Sequence[ProcessingActivity]) -> dict[str, Proposal]:
    """What a new assessment of *activities* begins with."""
    ids = [activity.id for activity in activities]
    query = select(ProcessingActivity).where(ProcessingActivity.id.in_(ids))
    query = query.order_by(ProcessingActivity.number).options(*everything(ProcessingActivity))
    first = session.scalars(query).all()[0]
    copied = {"name": first.name, "unit": first.unit, "project": first.project}
    known = {name: Proposal(value, _AS_RECORDED) for name, value in copied.items() if value}
    if occasion := "\n".join(map(_told, analyses_of(session, activities))):
        known["occasion"] = Proposal(occasion, _AS_ANALYSED)
    return known


def _told(analysis: ThresholdAnalysis) -> str:
    """What *analysis* came to, as a statement of the assessment; statements are written in German."""
    found = outcome(analysis)
    reasons = "".join(f"\n– {reason.says.de} ({reason.source})" for reason in found.reasons)
    return f"Schwellwertanalyse {analysis.designation}: {found.outcome.text.de}.{reasons}"


_AS_RECORDED = Text("Wie im Verzeichnis.", "As in the record.")
_AS_ANALYSED = Text("Ergebnis der Schwellwertanalyse.", "Result of the threshold analysis.")
