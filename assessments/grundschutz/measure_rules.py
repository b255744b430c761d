"""Whether the requirements that a measure stands for exist in IT-Grundschutz."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Final

from assessments.grundschutz.kompendium import edition_2023
from compliance.language import Text
from compliance.rules import Hit, RuleBook, Severity, Situation
from registers.measures import Measure, requirement_ids

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
