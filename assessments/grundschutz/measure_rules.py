"""Whether the requirements that a measure stands for exist in IT-Grundschutz."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from types import SimpleNamespace
from typing import Any, Final

from assessments.grundschutz.kompendium import edition_2023
from compliance.entry import State
from compliance.language import Text
from compliance.rules import Case, Hit, Reads, RuleBook, Severity, Situation
from registers.measures import Measure, Progress, requirement_ids

RULES: Final = RuleBook(Measure)


@cache
def _known() -> frozenset[str]:
    return frozenset(requirement.id for requirement in edition_2023().requirements)


@RULES.rule(
    "TOM-003",
    Severity.WARNING,
    "Art. 32 Abs. 1 DSGVO, IT-Grundschutz-Kompendium Edition 2023",
    field="requirements",
    says=Text(
        "Im IT-Grundschutz-Kompendium gibt es diese Anforderungen nicht: {ids}.",
        "The IT-Grundschutz-Kompendium has no such requirements: {ids}.",
    ),
    remedy=Text(
        "Die Kennungen berichtigen; jede besteht aus Baustein und Nummer, zum Beispiel ORP.4.A1.",
        "Correct the identifiers; each consists of module and number, such as ORP.4.A1.",
    ),
    breaks=lambda: Measure(name="Rechte nach Aufgabe vergeben", requirements="ORP.4.A1, ORP.4.A999"),
    keeps=lambda: Measure(name="Rechte nach Aufgabe vergeben", requirements="ORP.4.A1; CON.3.A5"),
)
def _requirements_exist(measure: Measure, _: Situation) -> Iterable[Hit]:
    unknown = [each for each in requirement_ids(measure.requirements) if each not in _known()]
    if unknown:
        yield Hit(words={"ids": ", ".join(unknown)})


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
