"""Security incidents and personal data breaches that are one event.

Each can be made from the other once, takes over the facts that both ask for, and stays tied
to it; from then on each is kept for itself.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.access import Identity, Permission, demand
from registers.breaches import Breach
from registers.incidents import Progress, SecurityIncident

_SHARED: Final = (
    "name",
    "unit",
    "description",
    "natures",
    "causes",
    "other_cause",
    "intent",
    "reporter",
    "occurred_from",
    "objects",
    "activities",
    "effects",
    "measures_planned",
)
"""What both registers ask for and mean alike; what is done about it at once, they call differently."""


def breach_of(session: Session, incident: SecurityIncident, *, by: Identity) -> Breach:
    """The personal data breach that *incident* is; made from its facts where there is none yet.

    The 72 hours count from the detection. Raises :class:`compliance.errors.Forbidden`
    for whoever may not keep both registers.
    """
    if incident.breach is not None:
        return incident.breach
    demand(by, Permission.EDIT, incident)
    demand(by, Permission.CREATE, Breach)
    made = Breach(
        **_shared(incident),
        detected=incident.begins,
        aware=incident.begins,
        occurred_to=incident.recovered,
        measures_taken=_joined(incident.containment, incident.remedy),
    )
    session.add(made)
    incident.breach = made
    incident.personal_data = True
    session.info["action"] = "hand over"
    return made


def incident_of(session: Session, breach: Breach, *, by: Identity) -> SecurityIncident:
    """The security incident that *breach* is; made from its facts where there is none yet.

    Raises :class:`compliance.errors.Forbidden` for whoever may not keep the register.
    """
    if known := known_incident(session, breach):
        return known
    demand(by, Permission.VIEW, breach)
    demand(by, Permission.CREATE, SecurityIncident)
    made = SecurityIncident(
        **_shared(breach),
        detected=breach.detected or breach.aware,
        containment=breach.measures_taken,
        personal_data=True,
        progress=Progress.REPORTED,
        breach=breach,
    )
    session.add(made)
    session.info["action"] = "hand over"
    return made


def known_incident(session: Session, breach: Breach) -> SecurityIncident | None:
    """The first security incident that refers to *breach*."""
    query = select(SecurityIncident).where(SecurityIncident.breach_id == breach.id)
    return session.scalar(query.order_by(SecurityIncident.number).limit(1))


def _shared(event: SecurityIncident | Breach) -> dict[str, Any]:
    found = {name: getattr(event, name) for name in _SHARED}
    return {name: [*value] if isinstance(value, list) else value for name, value in found.items()}


def _joined(*texts: str) -> str:
    return "\n\n".join(text for text in texts if text)
