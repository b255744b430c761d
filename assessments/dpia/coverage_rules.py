"""Whether a threshold analysis sees what the record of its activity says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from types import SimpleNamespace
from typing import Final

from compliance.entry import State
from compliance.language import Text
from compliance.rules import Case, Hit, Reads, RuleBook, Severity, Situation
from registers.processing import VULNERABLE, ProcessingActivity, Stage, Subjects

RULES: Final = RuleBook(ProcessingActivity)

_ANALYSES: Final = Reads("ThresholdAnalysis", "activity", ("state", "vulnerable"))


def _analysed(*, vulnerable: bool) -> Case:
    analysis = SimpleNamespace(state=State.RELEASED, vulnerable=vulnerable)
    situation = Situation(date(2026, 3, 2), near={"ThresholdAnalysis": [analysis]})
    return Case(ProcessingActivity(name="Kita-Portal", subjects=(Subjects.CHILDREN,)), situation)


@RULES.rule(
    "VVT-021",
    Severity.WARNING,
    "Art. 35 Abs. 1 DSGVO, WP 248 rev.01",
    field="subjects",
    says=Text(
        "Betroffen sind schutzbedürftige Personen, aber die Schwellwertanalyse sagt es nicht.",
        "Vulnerable persons are concerned, but the threshold analysis does not say so.",
    ),
    remedy=Text(
        "In der Schwellwertanalyse „Schutzbedürftige Personen“ mit Ja beantworten oder die Kategorien "
        "betroffener Personen berichtigen.",
        "Answer “Vulnerable persons” with yes in the threshold analysis, or correct the categories of data "
        "subjects.",
    ),
    breaks=lambda: _analysed(vulnerable=False),
    keeps=lambda: _analysed(vulnerable=True),
    reads=(_ANALYSES,),
)
def _criterion_is_seen(activity: ProcessingActivity, situation: Situation) -> Iterator[Hit]:
    """A missing analysis is another defect (DSF-001)."""
    found = situation.near.get(_ANALYSES.model, ())
    analyses = [row for row in found if row.state is not State.ENDED]
    concerned = activity.stage is not Stage.RETIRED and not VULNERABLE.isdisjoint(activity.subjects)
    if concerned and analyses and not any(row.vulnerable for row in analyses):
        yield Hit()
