"""An information domain for other tools: profile, security plan, results and actions in OSCAL 1.1 (JSON).

The four documents refer to each other by UUIDs that stay, and say the same as long as nothing changes.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy.orm import Session

from assessments.grundschutz.oscal_writing import encoded
from compliance.language import Text
from exports.oscal.actions import actions
from exports.oscal.facts import Facts, gather
from exports.oscal.plan import plan
from exports.oscal.profile import profile
from exports.oscal.results import results


@dataclass(frozen=True)
class Paper:
    """One of the documents."""

    title: Text
    about: Text
    build: Callable[[Facts], dict[str, Any]]
    """Raises :class:`~compliance.errors.Refused` where there is nothing to say yet."""


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
