"""Whether what activities and assessments claim of a measure stands up to the IT-Grundschutz check."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from types import SimpleNamespace
from typing import Any, Final

from compliance.entry import State
from compliance.language import Text
from compliance.rules import Case, Hit, Reads, RuleBook, Severity, Situation
from registers.measures import Measure, Progress

RULES: Final = RuleBook(Measure)

_IN_EFFECT: Final = frozenset({Progress.IMPLEMENTED, Progress.CHECKED})
_CLAIMS: Final = (
    Reads("ProcessingActivity", "measures_used", ("state",)),
    Reads("Dpia", "measures.measure", ("state",)),
)


def _claimed(**answers: Any) -> Case:
    measure = Measure(name="Rechte nach Aufgabe vergeben", requirements="ORP.4.A1", **answers)
    near = {"Dpia": [SimpleNamespace(state=State.DRAFT)]}
    return Case(measure, Situation(date(2026, 3, 2), near=near))


def _is_claimed(situation: Situation) -> bool:
    using = (row for reads in _CLAIMS for row in situation.near.get(reads.model, ()))
    return any(row.state is not State.ENDED for row in using)


@RULES.rule(
    "XGS-006",
    Severity.ERROR,
    "Art. 32 Abs. 1, Art. 35 Abs. 7 lit. d DSGVO, BSI-Standard 200-2",
    field="progress",
    says=Text(
        "Die Maßnahme gilt als umgesetzt, doch der Grundschutz-Check sieht {ids} nicht oder nur teilweise "
        "erfüllt.",
        "The measure is said to be implemented, but the IT-Grundschutz check finds {ids} not met, or "
        "partially.",
    ),
    remedy=Text(
        "Setzen Sie um, was der Check vermisst, oder berichtigen Sie den Stand der Maßnahme. Bis dahin senkt "
        "sie kein Risiko.",
        "Implement what the check misses, or correct the progress of the measure. Until then it "
        "lowers no risk.",
    ),
    breaks=lambda: _claimed(progress=Progress.CHECKED, unmet="ORP.4.A1"),
    keeps=lambda: _claimed(progress=Progress.PLANNED, unmet="ORP.4.A1"),
    reads=_CLAIMS,
)
def _implemented_and_met(measure: Measure, situation: Situation) -> Iterable[Hit]:
    if measure.progress in _IN_EFFECT and measure.unmet and _is_claimed(situation):
        yield Hit(words={"ids": measure.unmet})


@RULES.rule(
    "XGS-010",
    Severity.ERROR,
    "Art. 32 Abs. 1 DSGVO, BSI-Standard 200-2",
    field="requirements",
    says=Text(
        "Verarbeitungen oder Abschätzungen berufen sich auf die Maßnahme, doch der Grundschutz-Check hält "
        "{ids} für entbehrlich.",
        "Activities or assessments claim the measure, but the IT-Grundschutz check calls {ids} unnecessary.",
    ),
    remedy=Text(
        "Klären Sie mit der Informationssicherheit, ob die Anforderung gebraucht wird, und berichtigen Sie "
        "Check oder Maßnahme.",
        "Settle with the information security officer whether the requirement is needed, and correct the "
        "check or the measure.",
    ),
    breaks=lambda: _claimed(progress=Progress.CHECKED, waived="ORP.4.A1"),
    keeps=lambda: _claimed(progress=Progress.CHECKED),
    reads=_CLAIMS,
)
def _claimed_and_not_waived(measure: Measure, situation: Situation) -> Iterable[Hit]:
    if measure.waived and _is_claimed(situation):
        yield Hit(words={"ids": measure.waived})
