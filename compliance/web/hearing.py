"""Who is heard about an impact assessment, as its workspace shows it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from assessments.dpia.dpia import Dpia
from assessments.dpia.participation import Expected, Participation, StepState, unheard
from compliance.database import today
from compliance.invitations import Invitation, invitations_about
from compliance.web.site import me


@dataclass(frozen=True)
class Card:
    """One step as the workspace shows it."""

    step: Participation
    state: StepState
    invitation: Invitation | None
    """The newest one that still counts."""
    is_mine: bool
    """Whether the reader is asked."""


@dataclass(frozen=True)
class Hearing:
    """Everything the workspace shows of who is heard."""

    cards: Sequence[Card]
    unheard: Sequence[Expected]


def hearing(session: Session, dpia: Dpia, wanted: Sequence[Expected]) -> Hearing:
    """Who is heard about *dpia*, and who of *wanted* is not yet."""
    newest: dict[uuid.UUID, Invitation] = {}
    for invitation in invitations_about(session, dpia):
        if invitation.revoked_at is None:
            newest.setdefault(invitation.part_id, invitation)
    cards = [
        Card(step, step.state(today()), newest.get(step.id), step.colleague_id == me().person_id)
        for step in dpia.participation
    ]
    return Hearing(cards, unheard(dpia.participation, wanted))
