"""What a certification audit checks first, as a list that can be worked off."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from assessments.grundschutz.briefing import Briefing
from assessments.grundschutz.check import Status
from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.readiness import Readiness, readiness
from compliance.findings import findings_of
from compliance.language import Text


@dataclass(frozen=True)
class Point:
    """One thing an auditor looks for, and how often it is missing."""

    key: str
    """Tells where it is put right."""
    text: Text
    missing: int


def checklist(session: Session, domain: InformationDomain, found: Briefing, day: date) -> tuple[Point, ...]:
    """How *domain* stands on *day*, given its briefing; what its approach does not have is left out."""
    rules = Counter(one.rule for one in findings_of(session, [domain.id]) if not one.accepted)
    return tuple(points(found, readiness(session, domain, day), rules))


def points(found: Briefing, ready: Readiness, rules: Mapping[str, int]) -> Iterator[Point]:
    """The points in the order in which an audit goes through the reference documents.

    *rules* says how often each rule is broken in the domain itself.
    """
    yield Point("policies", _POLICIES, len(found.policies.missing) + found.policies.overdue)
    yield from _of_kompendium(ready, rules) if found.catalogues is None else _of_catalogues(found, rules)
    if found.risks is not None:
        yield Point("risks", _ANALYSED, found.risks.unanalysed)
        yield Point("risks", _ACCEPTED, found.risks.waiting)
    yield Point("audits", _PUT_RIGHT, found.audited.deviations)


def _of_kompendium(ready: Readiness, rules: Mapping[str, int]) -> Iterator[Point]:
    yield Point("unused", _UNUSED, len(ready.unexplained))
    yield Point("modelling", _MODELLED, rules.get("GSC-003", 0))
    yield Point("check", _ANSWERED, ready.unanswered)
    yield Point("check", _BASIC_MET, ready.unmet)
    yield Point("check", _JUSTIFIED, rules.get("GSC-001", 0))
    yield Point("check", _PLANNED, rules.get("GSC-002", 0))
    yield Point("check", _FRESH, ready.outdated)


def _of_catalogues(found: Briefing, rules: Mapping[str, int]) -> Iterator[Point]:
    yield Point("controls", _CHOSEN, rules.get("KAT-005", 0))
    yield Point("controls", _ANSWERED, found.total.by_status[Status.OPEN])
    yield Point("controls", _JUSTIFIED, rules.get("KAT-001", 0))
    yield Point("controls", _PLANNED, rules.get("KAT-002", 0))
    yield Point("controls", _UP_TO_DATE, rules.get("KAT-003", 0))


_CHOSEN: Final = Text(
    "Der Katalog ist gewählt, nach dem geprüft wird.", "The catalogue to check against is chosen."
)
_UP_TO_DATE: Final = Text(
    "Jede Antwort passt zum heutigen Wortlaut ihrer Anforderung.",
    "Every answer fits what its control says today.",
)
_POLICIES: Final = Text(
    "Die verlangten Richtlinien liegen vor und sind nicht überfällig.",
    "The policies asked for are there and not overdue.",
)
_UNUSED: Final = Text(
    "Nicht verwendete Bausteine sind begründet.", "Unused modules are excluded for a reason."
)
_MODELLED: Final = Text(
    "Auf jedes Zielobjekt wird ein Baustein angewendet.", "A module is applied to every target object."
)
_ANSWERED: Final = Text("Jede Anforderung hat einen Umsetzungsstatus.", "Every requirement has a status.")
_BASIC_MET: Final = Text("Die Basis-Anforderungen sind erfüllt.", "The basic requirements are met.")
_JUSTIFIED: Final = Text(
    "Entbehrliche Anforderungen sind begründet.", "Unnecessary requirements have their reasons."
)
_PLANNED: Final = Text(
    "Offene Anforderungen haben Zuständigkeit und Datum.", "Requirements to do have an owner and a date."
)
_FRESH: Final = Text(
    "Jede Antwort ist höchstens zwölf Monate alt.", "Every answer is at most twelve months old."
)
_ANALYSED: Final = Text(
    "Objekte mit erhöhtem Schutzbedarf haben eine Risikoanalyse.",
    "Objects with an increased need have a risk analysis.",
)
_ACCEPTED: Final = Text(
    "Restrisiken sind von der Leitung übernommen.", "Residual risks are accepted by management."
)
_PUT_RIGHT: Final = Text(
    "Abweichungen aus früheren Audits sind abgestellt.", "Deviations of earlier audits are put right."
)
