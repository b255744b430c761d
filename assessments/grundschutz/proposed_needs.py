"""What activities of the record propose for the protection need of the objects they use.

The risk to persons and the protection need of the institution are two values. A high risk,
and data under Art. 9 or 10 GDPR or under a duty of secrecy, only propose „hoch“ under the
damage scenario „informationelles Selbstbestimmungsrecht“; the ISB confirms, or deviates with
a reason. The other goals of the SDM never become confidentiality, integrity or availability.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from sqlalchemy import and_, exists, inspect, or_, select
from sqlalchemy.orm import Session

from assessments.grundschutz.protection import VALUES, level, needed
from compliance.access import Identity, Permission, demand
from compliance.entry import State
from compliance.errors import Refused
from compliance.fields import tidy
from compliance.language import Text
from registers.objects import TargetObject
from registers.processing import DataCategory, ProcessingActivity, RiskToPersons, Stage
from registers.protection import DamageRating, ProtectionNeed, Scenario, SecurityValue

PROPOSED: Final = ProtectionNeed.HIGH
"""What is proposed; „very high“ is always somebody's own judgement."""


class Standing(Enum):
    """What the ISB made of the proposals for an object."""

    OPEN = "open"
    COVERED = "covered"
    """Nobody has decided, but the object needs no less than proposed for another reason."""
    CONFIRMED = "confirmed"
    DEVIATES = "deviates"


@dataclass(frozen=True)
class Proposal:
    """What one activity proposes for an object it uses."""

    number: int
    name: str
    high_risk: bool
    protected: bool

    @property
    def designation(self) -> str:
        return ProcessingActivity.designate(self.number)

    @property
    def values(self) -> frozenset[SecurityValue]:
        """Protected data are about confidentiality; a high risk may come from any of the three."""
        return frozenset(SecurityValue) if self.high_risk else frozenset({SecurityValue.CONFIDENTIALITY})

    @property
    def why(self) -> Text:
        if self.high_risk and self.protected:
            return _BOTH
        return _RISK if self.high_risk else _PROTECTED


_RISK: Final = Text("hohes Risiko für betroffene Personen", "high risk to data subjects")
_PROTECTED: Final = Text(
    "Daten nach Art. 9 oder 10 DSGVO oder unter einem Geheimnis",
    "data under Art. 9 or 10 GDPR or under a duty of secrecy",
)
_BOTH: Final = Text(
    "hohes Risiko für betroffene Personen; Daten nach Art. 9 oder 10 DSGVO oder unter einem Geheimnis",
    "high risk to data subjects; data under Art. 9 or 10 GDPR or under a duty of secrecy",
)


def protected_data() -> Any:
    """Whether an activity has data of which the law protects some specially."""
    return exists().where(
        DataCategory.organisation_id == ProcessingActivity.organisation_id,
        DataCategory.parent_id == ProcessingActivity.id,
        or_(DataCategory.special.is_(True), DataCategory.criminal.is_(True)),
    )


def proposals(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, tuple[Proposal, ...]]:
    """What activities in use propose, by the id of the object."""
    links: Any = inspect(ProcessingActivity).relationships["objects"].secondary
    tied = and_(
        links.c.organisation_id == ProcessingActivity.organisation_id,
        links.c.source_id == ProcessingActivity.id,
    )
    query = (
        select(
            links.c.target_id,
            ProcessingActivity.number,
            ProcessingActivity.name,
            ProcessingActivity.risk,
            ProcessingActivity.secrecy,
            ProcessingActivity.stage,
            protected_data().label("protected"),
        )
        .join(links, tied)
        .where(links.c.target_id.in_(ids), ProcessingActivity.state != State.ENDED)
        .order_by(ProcessingActivity.number)
    )
    found: dict[uuid.UUID, tuple[Proposal, ...]] = {}
    for row in session.execute(query):
        protected = bool(row.protected or row.secrecy)
        high_risk = row.risk is RiskToPersons.HIGH
        if row.stage is not Stage.RETIRED and (protected or high_risk):
            proposal = Proposal(row.number, row.name, high_risk, protected)
            found[row.target_id] = (*found.get(row.target_id, ()), proposal)
    return found


def proposed_values(proposed: Sequence[Proposal]) -> list[SecurityValue]:
    """The values for which anything is proposed, in their usual order."""
    return [value for value in SecurityValue if any(value in each.values for each in proposed)]


def standing(target: TargetObject, proposed: Sequence[Proposal]) -> Standing:
    """What the ISB made of what is *proposed* for *target*."""
    wanted = proposed_values(proposed)
    rating = decision(target)
    needs = [getattr(rating, VALUES[value]) for value in wanted] if rating else [None]
    if None in needs:
        covered = all(level(needed(target, value)) >= level(PROPOSED) for value in wanted)
        return Standing.COVERED if covered else Standing.OPEN
    lowest = min(map(level, needs), default=level(PROPOSED))
    return Standing.CONFIRMED if lowest >= level(PROPOSED) else Standing.DEVIATES


def decision(target: TargetObject) -> DamageRating | None:
    """The rating of *target* under the scenario for which activities make proposals."""
    return next((row for row in target.damages if row.scenario is Scenario.SELF_DETERMINATION), None)


def decide(
    target: TargetObject,
    needs: Mapping[SecurityValue, ProtectionNeed],
    reason: str,
    proposed: Sequence[Proposal],
    *,
    by: Identity,
) -> None:
    """Rates *target*, loaded whole, under the scenario for which the activities make their proposals.

    Raises :class:`Refused` where a value stays open, or less than proposed is not given a reason.
    """
    demand(by, Permission.EDIT, target)
    wanted = proposed_values(proposed)
    if any(value not in needs for value in wanted):
        raise Refused(_INCOMPLETE)
    deviates = any(level(needs[value]) < level(PROPOSED) for value in wanted)
    if deviates and not tidy(reason):
        raise Refused(_NO_REASON)
    rating = decision(target)
    if rating is None:
        rating = DamageRating(scenario=Scenario.SELF_DETERMINATION)
        target.damages = [*target.damages, rating]
    for value, need in needs.items():
        setattr(rating, VALUES[value], need)
    rating.reason = tidy(reason) or "; ".join(_confirmed(proposed))


def _confirmed(proposed: Sequence[Proposal]) -> Iterator[str]:
    return (f"{each.designation} {each.name}: {each.why.de}" for each in proposed)


_INCOMPLETE: Final = Text(
    "Wählen Sie für jeden vorgeschlagenen Grundwert einen Schutzbedarf.",
    "Choose a protection need for each value that is proposed.",
)
_NO_REASON: Final = Text(
    "Begründen Sie, warum der Schutzbedarf niedriger ist als vorgeschlagen.",
    "Give a reason why the protection need is lower than proposed.",
)
