"""Risk analyses of the demo city: one accepted and released, one that waits for management, one in work."""

from __future__ import annotations

import tomllib
import uuid
from collections.abc import Mapping
from datetime import timedelta
from importlib.resources import files
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.risk_acceptance import Signature, accept, acceptances, residuals
from assessments.grundschutz.risk_analysis import (
    AnalysedThreat,
    Occasion,
    Relevance,
    RiskAnalysis,
    Treatment,
    Verdict,
    add_own,
    begin,
    judging,
    proposals,
    sheet,
    sort_out,
)
from assessments.grundschutz.risk_matrix import Frequency, Impact
from compliance.access import Identity
from compliance.database import Actor, today
from compliance.entry import State, everything
from compliance.people import Role
from compliance.release import Step, take
from compliance.web.site import Site
from registers.measures import Measure

Data = dict[str, Any]

_WORDS = {
    "relevance": Relevance,
    "frequency": Frequency,
    "impact": Impact,
    "frequency_after": Frequency,
    "impact_after": Impact,
    "treatment": Treatment,
}
_PLAIN = (
    "scenario",
    "estimate_reason",
    "treatment_reason",
    "residual_reason",
    "owner",
    "observed",
    "observation",
)


def load_risks(site: Site, organisation: uuid.UUID, people: Mapping[Role, Identity]) -> None:
    """Adds them to a city whose information domain is checked already."""
    content = tomllib.loads(files(__package__).joinpath("risks.toml").read_text(encoding="utf-8"))
    isb, management = people[Role.ISB], people[Role.MANAGEMENT]
    begun = []
    with site.database.writing(organisation, actor=Actor(isb.name, isb.person_id)) as session:
        session.info["action"] = "demo"
        domain = _domain(session, content["domain"])
        measures = _measures(session)
        for data in content["analyses"]:
            analysis = _begin(session, domain, data, isb)
            session.flush()
            _judge(session, analysis, data, measures, isb)
            session.flush()
            begun.append((analysis.id, data["state"]))
    for identity, state in begun:
        if state != State.DRAFT.name:
            _put_to_management(site, organisation, identity, isb, Step.SUBMIT)
        if state == State.RELEASED.name:
            _accept(site, organisation, identity, management, content["acceptance"])
            _put_to_management(site, organisation, identity, management, Step.RELEASE)


def _domain(session: Session, name: str) -> InformationDomain:
    query = select(InformationDomain).where(InformationDomain.name == name)
    return session.scalars(query.options(*everything(InformationDomain))).one()


def _measures(session: Session) -> dict[str, Measure]:
    own = select(Measure).where(Measure.library.is_not(True))
    return {measure.name: measure for measure in session.scalars(own)}


def _begin(session: Session, domain: InformationDomain, data: Data, by: Identity) -> RiskAnalysis:
    target = next(target for target in domain.objects if target.name == data["target"])
    occasions = [Occasion[name] for name in data["occasions"]]
    analysis = begin(session, domain, target, occasions, by=by, reason=data["occasion_reason"])
    analysis.analysts = f"{by.name} mit dem Bereich Informationstechnik"
    analysis.analysed_on = today() - timedelta(days=data["days"])
    analysis.conclusion = data.get("conclusion", "")
    analysis.consolidation = data.get("consolidation", "")
    if "review" in data:
        analysis.next_review = today() + timedelta(days=data["review"])
    return analysis


def _judge(
    session: Session, analysis: RiskAnalysis, data: Data, measures: Mapping[str, Measure], by: Identity
) -> None:
    for one in data.get("own", ()):
        threat = add_own(session, analysis, one["title"], by=by)
        session.flush()
        _fill(session, analysis, threat.key, one, measures, by)
    for one in data.get("threats", ()):
        _fill(session, analysis, one["key"], one, measures, by)
    session.flush()
    lines = sheet(session, analysis)
    named = {one["key"] for one in data.get("threats", ())}
    if "indirect" in data:
        verdicts = {
            line.key: Verdict(Relevance.INDIRECT, data["indirect"])
            for line in lines
            if line.key in proposals(lines) and line.key not in named
        }
        rest = (line.key for line in lines if line.relevance is None and line.key not in verdicts)
        verdicts |= {key: Verdict(Relevance.NONE, data["rest"]) for key in rest}
        sort_out(session, analysis, verdicts, by=by)


def _fill(
    session: Session,
    analysis: RiskAnalysis,
    key: str,
    data: Data,
    measures: Mapping[str, Measure],
    by: Identity,
) -> None:
    with judging(session, analysis, key, by=by) as threat:
        _say(threat, data)
        threat.measures = [measures[name] for name in data.get("measures", ())]
    session.flush()


def _say(threat: AnalysedThreat, data: Data) -> None:
    threat.relevance = Relevance.DIRECT
    for name, words in _WORDS.items():
        if name in data:
            setattr(threat, name, words[data[name]])
    for name in _PLAIN:
        if name in data:
            setattr(threat, name, data[name])
    if "observe" in data:
        threat.observe_next = today() + timedelta(days=data["observe"])


def _loaded(session: Session, identity: uuid.UUID) -> RiskAnalysis:
    query = select(RiskAnalysis).where(RiskAnalysis.id == identity)
    return session.scalars(query.options(*everything(RiskAnalysis))).one()


def _put_to_management(
    site: Site, organisation: uuid.UUID, identity: uuid.UUID, by: Identity, step: str
) -> None:
    with site.database.writing(organisation, actor=Actor(by.name, by.person_id)) as session:
        take(session, _loaded(session, identity), step, by=by)


def _accept(site: Site, organisation: uuid.UUID, identity: uuid.UUID, by: Identity, data: Data) -> None:
    with site.database.writing(organisation, actor=Actor(by.name, by.person_id)) as session:
        analysis = _loaded(session, identity)
        remaining = residuals(sheet(session, analysis), acceptances(session, analysis))
        until = today() + timedelta(days=data["until"])
        signature = Signature(data["statement"], data["post"], until)
        accept(
            session, analysis, {each.line.key: each.threat.version for each in remaining}, signature, by=by
        )
