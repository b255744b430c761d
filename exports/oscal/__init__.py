"""An information domain for other tools: profile, security plan, results and actions in OSCAL 1.1 (JSON).

The four documents refer to each other by UUIDs that stay, and say the same as long as nothing changes.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from assessments.grundschutz.check import UNMET, RequirementAnswer, Status
from assessments.grundschutz.controls import CatalogueUse, ControlAnswer
from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.modelling import Assignment
from assessments.grundschutz.oscal_writing import encoded
from assessments.grundschutz.plan import plan_of
from compliance.language import Text
from exports.oscal.actions import NOTHING_OPEN, actions
from exports.oscal.facts import Facts, gather
from exports.oscal.plan import plan
from exports.oscal.profile import NOTHING_ASKED, profile
from exports.oscal.results import NOTHING_ANSWERED, results


@dataclass(frozen=True)
class Paper:
    """One of the documents."""

    title: Text
    about: Text
    build: Callable[[Facts], dict[str, Any]]
    """Raises :class:`~compliance.errors.Refused` where there is nothing to say yet."""


def missing(session: Session, domain: InformationDomain) -> dict[str, Text | None]:
    """By kind why a document would have nothing to say, without making it; ``None`` where it has."""
    asked = _some(session, Assignment, domain, Assignment.relevant.is_not(False))
    asked = asked or _some(session, CatalogueUse, domain)
    answered = _answered(session, domain, tuple(status for status in Status if status is not Status.OPEN))
    unmet = _answered(session, domain, UNMET)
    return {
        "profile": None if asked else NOTHING_ASKED,
        "ssp": None if asked else NOTHING_ASKED,
        "results": None if answered else NOTHING_ANSWERED,
        "poam": None if unmet or _risks_wait(session, domain) else NOTHING_OPEN,
    }


def _answered(session: Session, domain: InformationDomain, statuses: Sequence[Status]) -> bool:
    return any(
        _some(session, table, domain, table.status.in_(statuses))
        for table in (RequirementAnswer, ControlAnswer)
    )


def _risks_wait(session: Session, domain: InformationDomain) -> bool:
    found = plan_of(session, domain)
    return bool(found.untreated) or any(item.threats for item in found.open_items)


def _some(session: Session, table: Any, domain: InformationDomain, *conditions: ColumnElement[bool]) -> bool:
    query = select(table.id).where(table.domain_id == domain.id, *conditions).limit(1)
    return session.scalar(query) is not None


def document(session: Session, identity: uuid.UUID, organisation: str, kind: str) -> bytes:
    """The document of that *kind* about the information domain with that id."""
    return encoded(PAPERS[kind].build(gather(session, identity, organisation)))


PAPERS: Final[Mapping[str, Paper]] = {
    "profile": Paper(
        Text("Profil", "Profile"),
        Text(
            "Welche Anforderungen aus welchen Katalogen geprüft werden.",
            "Which requirements of which catalogues are checked.",
        ),
        profile,
    ),
    "ssp": Paper(
        Text("Sicherheitskonzept (System Security Plan)", "System security plan"),
        Text(
            "Der Geltungsbereich mit seinen Zielobjekten, und wie jede Anforderung umgesetzt ist.",
            "The scope with its target objects, and how each requirement is implemented.",
        ),
        plan,
    ),
    "results": Paper(
        Text("Prüfergebnisse (Assessment Results)", "Assessment results"),
        Text(
            "Jede Antwort als Beobachtung, mit Nachweis und Datum, und das Ergebnis je Anforderung.",
            "Each answer as an observation, with evidence and day, and the result for each requirement.",
        ),
        results,
    ),
    "poam": Paper(
        Text("Maßnahmenplan (Plan of Action and Milestones)", "Plan of action and milestones"),
        Text(
            "Was noch umzusetzen ist: Maßnahme, Zuständigkeit und Termin.",
            "What remains to be implemented: measure, responsibility and day.",
        ),
        actions,
    ),
}
"""By the name they have on the command line."""
