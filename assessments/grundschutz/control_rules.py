"""What an audit would object to in the check of an information domain against other catalogues."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date
from types import SimpleNamespace
from typing import Any, Final

from sqlalchemy import or_

from assessments.grundschutz.check import Gap
from assessments.grundschutz.controls import ControlAnswer, Fit
from assessments.grundschutz.domain import Catalogue, InformationDomain
from compliance.language import Text
from compliance.rules import Case, Hit, Reads, RuleBook, Severity, Situation

RULES: Final = RuleBook(InformationDomain)

_USES: Final = Reads("CatalogueUse", "domain", ("id", "catalogue_name"))
_ANSWERS: Final = Reads(
    "ControlAnswer",
    "domain",
    ("use_id", "control_id", "gap", "fit"),
    narrow=lambda query: query.where(
        or_(ControlAnswer.gap != Gap.NONE.value, ControlAnswer.fit == Fit.REWORDED)
    ),
)
_NAMED: Final = 5
"""So many controls are named; naming each would bury the reader."""


def _answered(gap: Gap = Gap.NONE, fit: Fit = Fit.CURRENT) -> Case:
    use: Any = SimpleNamespace(id=uuid.UUID(int=1), catalogue_name="Dienstanweisung, 2026")
    row: Any = SimpleNamespace(use_id=use.id, control_id="DA.2.3", gap=gap.value, fit=fit)
    near = {"CatalogueUse": [use], "ControlAnswer": [row]}
    return Case(InformationDomain(name="Kernverwaltung"), Situation(date(2026, 3, 2), near=near))


@RULES.rule(
    "KAT-001",
    Severity.ERROR,
    "BSI-Standard 200-2, IT-Grundschutz-Check",
    field="catalogue",
    says=Text(
        "{catalogue}: Anforderungen gelten als entbehrlich, ohne dass begründet ist, warum ({controls}).",
        "{catalogue}: controls are called unnecessary without a reason ({controls}).",
    ),
    remedy=Text(
        "Begründen Sie unter „Weitere Kataloge prüfen“, warum die Anforderung entbehrlich ist.",
        "State under “Check further catalogues” why the control is unnecessary.",
    ),
    breaks=lambda: _answered(Gap.REASON),
    keeps=lambda: _answered(Gap.REASON, Fit.DROPPED),
    reads=(_USES, _ANSWERS),
)
def unnecessary_needs_a_reason(_domain: InformationDomain, situation: Situation) -> Iterator[Hit]:
    """An auditor accepts „entbehrlich“ only with its reason, whatever the catalogue."""
    return _hits(situation, lambda row: row.gap == Gap.REASON)


@RULES.rule(
    "KAT-002",
    Severity.WARNING,
    "BSI-Standard 200-2, Umsetzungsplanung",
    field="catalogue",
    says=Text(
        "{catalogue}: Zu offenen Anforderungen fehlt, wer sie bis wann umsetzt ({controls}).",
        "{catalogue}: for unmet controls it is not said who implements them by when ({controls}).",
    ),
    remedy=Text(
        "Tragen Sie zu jeder Anforderung mit „teilweise“ oder „nein“ Zuständigkeit und Datum ein.",
        "Enter a responsible person and a date for every control with “partially” or “no”.",
    ),
    breaks=lambda: _answered(Gap.PLAN),
    keeps=_answered,
    reads=(_USES, _ANSWERS),
)
def unmet_needs_a_plan(_domain: InformationDomain, situation: Situation) -> Iterator[Hit]:
    """What is not met needs somebody and a day."""
    return _hits(situation, lambda row: row.gap == Gap.PLAN)


@RULES.rule(
    "KAT-003",
    Severity.WARNING,
    "BSI-Standard 200-2, Aufrechterhaltung und Verbesserung",
    field="catalogue",
    says=Text(
        "{catalogue}: Anforderungen lauten anders als bei ihrer Antwort ({controls}).",
        "{catalogue}: controls say something else than when they were answered ({controls}).",
    ),
    remedy=Text(
        "Prüfen Sie die Antworten an der neuen Fassung, und bestätigen oder ändern Sie sie.",
        "Check the answers against the new version, and confirm or change them.",
    ),
    breaks=lambda: _answered(fit=Fit.REWORDED),
    keeps=_answered,
    reads=(_USES, _ANSWERS),
)
def answers_fit_the_wording(_domain: InformationDomain, situation: Situation) -> Iterator[Hit]:
    """An answer holds for the wording it was given for."""
    return _hits(situation, lambda row: row.fit is Fit.REWORDED)


def _checked_by_imported(*uses: Any) -> Case:
    domain = InformationDomain(name="Kernverwaltung", catalogue=Catalogue.IMPORTED)
    return Case(domain, Situation(date(2026, 3, 2), near={"CatalogueUse": uses}))


@RULES.rule(
    "KAT-005",
    Severity.WARNING,
    "BSI-Standard 200-2, Festlegung des Geltungsbereichs",
    field="catalogue",
    says=Text(
        "Geprüft werden soll nur nach eingelesenen Katalogen, aber keiner ist hinzugenommen.",
        "The check is to follow imported catalogues only, but none has been added.",
    ),
    remedy=Text(
        "Nehmen Sie unter „Prüfung nach eingelesenen Katalogen“ einen Katalog hinzu, oder wählen Sie das "
        "Kompendium.",
        "Add a catalogue under “Check by imported catalogues”, or choose the Kompendium.",
    ),
    breaks=_checked_by_imported,
    keeps=lambda: _checked_by_imported(SimpleNamespace(catalogue_name="Grundschutz++")),
    reads=(_USES,),
)
def some_catalogue_is_checked(domain: InformationDomain, situation: Situation) -> Iterator[Hit]:
    """Without any catalogue nothing would be asked."""
    if domain.catalogue is Catalogue.IMPORTED and not situation.near.get("CatalogueUse"):
        yield Hit()


def _hits(situation: Situation, objects_to: Any) -> Iterator[Hit]:
    """One hit for each catalogue, with the first of the controls."""
    rows = [row for row in situation.near.get("ControlAnswer", ()) if row.fit is not Fit.DROPPED]
    for use in sorted(situation.near.get("CatalogueUse", ()), key=lambda use: use.catalogue_name):
        found = sorted(row.control_id for row in rows if row.use_id == use.id and objects_to(row))
        if found:
            rest = ", …" if len(found) > _NAMED else ""
            words = {"catalogue": use.catalogue_name, "controls": ", ".join(found[:_NAMED]) + rest}
            yield Hit(words=words)
