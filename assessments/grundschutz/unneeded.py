"""Which registers an organisation has no use for, because no approach it chose has their step.

BSI standard 200-2: the basic approach, and the way to it, have neither protection needs nor risk analysis.
"""

from __future__ import annotations

import uuid
from typing import Final

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from assessments.grundschutz.domain import InformationDomain, knows_risk_analysis
from assessments.grundschutz.risk_analysis import RiskAnalysis
from compliance.entry import State
from compliance.saving import Action, Touched, leave_out
from registers.need_categories import NeedCategory

_OF_RAISED_NEEDS: Final = (NeedCategory.slug, RiskAnalysis.slug)


def note_unneeded(session: Session, touched: Touched) -> None:
    """Brings :attr:`Organisation.unneeded` in line with what was saved; called after the flush."""
    for organisation in {
        thing.organisation_id
        for thing, action in touched.items()
        if isinstance(thing, InformationDomain) and _decides(thing, action)
    }:
        _note(session, organisation)


def _decides(domain: InformationDomain, action: Action) -> bool:
    attributes = inspect(domain).attrs
    changed = any(attributes[name].history.has_changes() for name in ("approach", "state"))
    return action is not Action.UPDATE or changed


def _note(session: Session, organisation: uuid.UUID) -> None:
    approaches = session.scalars(
        select(InformationDomain.approach).where(
            InformationDomain.organisation_id == organisation, InformationDomain.state != State.ENDED
        )
    ).all()
    asked = not approaches or any(map(knows_risk_analysis, approaches))
    leave_out(session, organisation, () if asked else _OF_RAISED_NEEDS)
