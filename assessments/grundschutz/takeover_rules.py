"""Whether answers that were taken over still say what their source says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from assessments.grundschutz.domain import InformationDomain
from compliance.language import Text
from compliance.rules import Hit, RuleBook, Severity, Situation

RULES: Final = RuleBook(InformationDomain)

_NAMED: Final = 5
"""So many are named; naming each would bury the reader."""
_SOURCE: Final = "BSI-Standard 200-2, Aufrechterhaltung und Verbesserung"


@RULES.rule(
    "KAT-004",
    Severity.WARNING,
    _SOURCE,
    field="catalogue",
    says=Text(
        "Antworten zu weiteren Katalogen sind aus dem IT-Grundschutz-Check übernommen, der dazu inzwischen "
        "etwas anderes sagt ({controls}).",
        "Answers to further catalogues were taken over from the IT-Grundschutz check, which says something "
        "else by now ({controls}).",
    ),
    remedy=Text(
        "Sehen Sie in der Arbeitsliste unter „Quelle geändert“ nach, und übernehmen Sie den neuen Vorschlag "
        "oder geben Sie eine eigene Antwort.",
        "Look at “source changed” in the work list, and take the new proposal over or give an answer of your "
        "own.",
    ),
    breaks=lambda: InformationDomain(name="Kernverwaltung", outdated_controls="KONF.1.1 KONF.1.2"),
    keeps=lambda: InformationDomain(name="Kernverwaltung", outdated_controls=""),
)
def controls_follow_the_check(domain: InformationDomain, _situation: Situation) -> Iterator[Hit]:
    """What was taken over from Edition 2023 is looked at again when its source changes."""
    return _hit("controls", domain.outdated_controls)


@RULES.rule(
    "GSC-005",
    Severity.WARNING,
    _SOURCE,
    field="objects",
    says=Text(
        "Antworten im IT-Grundschutz-Check sind aus WiBA übernommen, wo inzwischen anders geantwortet ist "
        "({requirements}).",
        "Answers of the IT-Grundschutz check were taken over from WiBA, where the answer is another by now "
        "({requirements}).",
    ),
    remedy=Text(
        "Sehen Sie unter „Antworten aus WiBA übernehmen“ bei „Quelle geändert“ nach, und übernehmen Sie den "
        "neuen Vorschlag oder geben Sie im Check eine eigene Antwort.",
        "Look at “source changed” under “Take answers over from WiBA”, and take the new proposal over or "
        "give an answer of your own in the check.",
    ),
    breaks=lambda: InformationDomain(name="Kernverwaltung", outdated_requirements="SYS.1.1.A1"),
    keeps=lambda: InformationDomain(name="Kernverwaltung", outdated_requirements=""),
)
def requirements_follow_wiba(domain: InformationDomain, _situation: Situation) -> Iterator[Hit]:
    """What was taken over from WiBA is looked at again when the question is answered otherwise."""
    return _hit("requirements", domain.outdated_requirements)


def _hit(name: str, outdated: str | None) -> Iterator[Hit]:
    found = (outdated or "").split()
    if found:
        rest = ", …" if len(found) > _NAMED else ""
        yield Hit(words={name: ", ".join(found[:_NAMED]) + rest})
