"""Whether an information domain can say what its protection needs mean."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from types import SimpleNamespace
from typing import Any, Final

from assessments.grundschutz.domain import Approach, InformationDomain, knows_risk_analysis
from compliance.entry import State
from compliance.language import Text
from compliance.rules import Case, Hit, RuleBook, Severity, Situation, surveys
from registers.need_categories import NeedCategory
from registers.protection import Scenario

RULES: Final = RuleBook(InformationDomain)

_CATEGORIES: Final = surveys(InformationDomain, NeedCategory, ("scenario", "state"))


def _domain(*scenarios: Scenario, approach: Approach = Approach.STANDARD) -> Case:
    rows: list[Any] = [SimpleNamespace(scenario=each, state=State.DRAFT) for each in scenarios]
    domain = InformationDomain(name="Kernverwaltung", approach=approach)
    return Case(domain, Situation(date(2026, 3, 2), near={_CATEGORIES.name: rows}))


@RULES.rule(
    "SBF-006",
    Severity.WARNING,
    "BSI-Standard 200-2, Definition der Schutzbedarfskategorien",
    field="approach",
    says=Text(
        "Für {count} von 6 Schadensszenarien ist nicht festgelegt, was normal, hoch und sehr hoch bedeuten.",
        "For {count} of 6 damage scenarios it is not laid down what normal, high and very high mean.",
    ),
    remedy=Text(
        "Übernehmen Sie auf der Seite „Schutzbedarf“ die vorgeschlagenen Kategorien, passen Sie sie an, und "
        "lassen Sie sie von der Leitung freigeben.",
        "Take over the proposed categories on the page “Protection needs”, adapt them, and have them "
        "released by management.",
    ),
    breaks=_domain,
    keeps=lambda: _domain(*Scenario),
    reads=(_CATEGORIES,),
)
def _categories_are_defined(domain: InformationDomain, situation: Situation) -> Iterator[Hit]:
    """The basic approach has no protection needs, so nothing has to be defined."""
    rows = situation.near.get(_CATEGORIES.name, ())
    defined = {row.scenario for row in rows if row.state is not State.ENDED}
    missing = [scenario for scenario in Scenario if scenario not in defined]
    if missing and domain.approach is not None and knows_risk_analysis(domain.approach):
        yield Hit(words={"count": str(len(missing))})
