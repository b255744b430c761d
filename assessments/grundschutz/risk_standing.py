"""How far the risk analyses of an information domain have come, in two queries however many there are."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.risk_acceptance import RiskAcceptance, holds
from assessments.grundschutz.risk_analysis import (
    AnalysedThreat,
    Relevance,
    RiskAnalysis,
    elementary,
    heaviest,
)
from assessments.grundschutz.risk_matrix import RiskCategory
from compliance.entry import State


@dataclass(frozen=True)
class Observed:
    """A risk under observation."""

    key: str
    called: str
    observation: str
    on: date | None


@dataclass(frozen=True)
class Standing:
    """What is done in one analysis and what is not."""

    unsorted: int = 0
    """Elementary threats whose relevance nobody has decided."""
    risks: int = 0
    unestimated: int = 0
    untreated: int = 0
    waiting: int = 0
    """Residual risks that management has not accepted as they stand."""
    before: RiskCategory | None = None
    after: RiskCategory | None = None
    observed: tuple[Observed, ...] = ()


NOTHING_DONE = Standing(unsorted=len(elementary()))


def standings(session: Session, domain: InformationDomain) -> Mapping[uuid.UUID, Standing]:
    """The standing of each analysis of *domain* that is not ended, by id; untouched ones are left out."""
    mine = (RiskAnalysis.domain_id == domain.id, RiskAnalysis.state != State.ENDED)
    threats: defaultdict[uuid.UUID, list[Any]] = defaultdict(list)
    query = select(AnalysedThreat).join(AnalysedThreat.analysis).where(*mine)
    for threat in session.scalars(query):
        threats[threat.analysis_id].append(threat)
    given = select(RiskAcceptance).join(RiskAcceptance.analysis).where(*mine).order_by(RiskAcceptance.id)
    latest = {acceptance.threat_id: acceptance for acceptance in session.scalars(given)}
    return {identity: standing(rows, latest) for identity, rows in threats.items()}


def standing(
    threats: Sequence[AnalysedThreat], latest: Mapping[uuid.UUID, RiskAcceptance] | None = None
) -> Standing:
    """How far an analysis with *threats* is, given the *latest* acceptance by threat."""
    known, accepted = elementary(), latest or {}
    risks = [threat for threat in threats if threat.relevance is Relevance.DIRECT]
    sorted_out = {threat.key for threat in threats if threat.relevance is not None}
    return Standing(
        unsorted=sum(key not in sorted_out for key in known),
        risks=len(risks),
        unestimated=sum(threat.category is None for threat in risks),
        untreated=sum(
            threat.treatment is None and threat.category not in (None, RiskCategory.LOW) for threat in risks
        ),
        waiting=sum(
            threat.for_management is True and not holds(threat, accepted.get(threat.id)) for threat in risks
        ),
        before=heaviest(risks, "category"),
        after=heaviest(risks, "residual"),
        observed=tuple(_observed(threats)),
    )


def _observed(threats: Iterable[AnalysedThreat]) -> Iterable[Observed]:
    return [
        Observed(threat.key, threat.called, threat.observation, threat.observe_next)
        for threat in threats
        if threat.observed
    ]
