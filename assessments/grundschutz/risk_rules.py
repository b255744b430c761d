"""What an audit would object to in risk analyses, and where one is missing."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any, Final

from sqlalchemy import and_, bindparam, inspect, or_, select

from assessments.grundschutz.check import UNMET, RequirementAnswer
from assessments.grundschutz.cross_references import CrossReference, unpacked
from assessments.grundschutz.domain import Approach, knows_risk_analysis
from assessments.grundschutz.kompendium import EDITION, Level, edition_2023
from assessments.grundschutz.modelling import Assignment
from assessments.grundschutz.risk_analysis import (
    AnalysedThreat,
    Relevance,
    RiskAnalysis,
    Treatment,
    elementary,
)
from assessments.grundschutz.risk_candidates import raised
from assessments.grundschutz.risk_matrix import RiskCategory, rank
from compliance.database import Query
from compliance.entry import State
from compliance.language import Text
from compliance.rules import Asks, Case, Hit, Reads, RuleBook, Severity, Situation
from registers.objects import ProtectionNeed, TargetObject
from registers.processing import RiskToPersons, Stage

RULES: Final = RuleBook(RiskAnalysis)
OBJECT_RULES: Final = RuleBook(TargetObject)

# The rules name fields that nobody fills in: what they find is repaired on the pages of the threats,
# and the remedy says where.
_STANDARD: Final = "BSI-Standard 200-3"
_THREATS: Final = Reads(
    "AnalysedThreat",
    "analysis",
    (
        "id",
        "key",
        "relevance",
        "relevance_reason",
        "category",
        "treatment",
        "treatment_reason",
        "residual",
        "for_management",
        "observed",
        "observation",
        "observe_next",
        "fingerprint",
    ),
)
_ACCEPTANCES: Final = Reads("RiskAcceptance", "analysis", ("id", "threat_id", "fingerprint", "valid_until"))


def _with_measures() -> Query:
    """The threats of each analysis that a measure of the register works against."""
    links: Any = inspect(AnalysedThreat).relationships["measures"].secondary
    tied = and_(
        links.c.organisation_id == AnalysedThreat.organisation_id, links.c.source_id == AnalysedThreat.id
    )
    query = select(AnalysedThreat.analysis_id, AnalysedThreat.key).join(links, tied).distinct()
    return query.where(_mine(AnalysedThreat), AnalysedThreat.analysis_id.in_(_IDS))


def _unmet() -> Query:
    """The requirements of the analysed object that the check answers with „nein“ or „teilweise“."""
    at = and_(
        Assignment.organisation_id == RiskAnalysis.organisation_id,
        Assignment.domain_id == RiskAnalysis.domain_id,
        or_(
            Assignment.target_id == RiskAnalysis.target_id,
            and_(Assignment.target_id.is_(None), RiskAnalysis.target_id.is_(None)),
        ),
        Assignment.relevant.is_not(False),
    )
    given = and_(
        RequirementAnswer.organisation_id == Assignment.organisation_id,
        RequirementAnswer.assignment_id == Assignment.id,
    )
    imported = and_(
        CrossReference.edition == EDITION,
        CrossReference.requirement_id == RequirementAnswer.requirement_id,
    )
    query = (
        select(RiskAnalysis.id, RequirementAnswer.requirement_id, CrossReference.threats)
        .join(Assignment, at)
        .join(RequirementAnswer, given)
        .outerjoin(CrossReference, imported)
        .where(RequirementAnswer.status.in_(UNMET))
        .distinct()
    )
    return query.where(_mine(RiskAnalysis), RiskAnalysis.id.in_(_IDS))


_IDS: Final[Any] = bindparam("ids", expanding=True)


def _mine(model: Any) -> Any:
    return model.organisation_id == bindparam("organisation")


_MEASURED: Final = Asks("measures against threats", _with_measures)
_NOT_MET: Final = Asks("requirements not met", _unmet)
_MOST_NAMED: Final = 6


def _threats(situation: Situation) -> Sequence[Any]:
    return situation.near.get(_THREATS.model, ())


def _risks(situation: Situation) -> Iterator[Any]:
    return (row for row in _threats(situation) if row.relevance is Relevance.DIRECT)


def _named(keys: Sequence[str]) -> str:
    """The threats with *keys*, as many as a reader takes in."""
    ordered = sorted(keys, key=lambda key: (key[0] != "G", int(key.lstrip("EG .").removeprefix("0."))))
    return ", ".join([*ordered[:_MOST_NAMED], "…"] if len(ordered) > _MOST_NAMED else ordered)


def _all(keys: Iterator[str]) -> Iterator[Hit]:
    """One hit that names the threats with *keys*; naming each of 47 alone would bury the reader."""
    if found := list(keys):
        yield Hit(words={"what": _named(found)})


# --- Examples ------------------------------------------------------------------------------------


def _analysed(
    threats: Sequence[Any] = (), acceptances: Sequence[Any] = (), *, measures: str = "", unmet: str = ""
) -> Case:
    near = {
        _THREATS.model: threats,
        _ACCEPTANCES.model: acceptances,
        _MEASURED.name: [SimpleNamespace(key=measures)] if measures else [],
        _NOT_MET.name: [SimpleNamespace(requirement_id=unmet, threats=None)] if unmet else [],
    }
    return Case(RiskAnalysis(name="Fachverfahrensserver"), Situation(date(2026, 3, 2), near=near))


def _threat(**facts: Any) -> Any:
    row = dict.fromkeys(_THREATS.columns) | {
        "id": uuid.UUID(int=1),
        "key": "G 0.18",
        "relevance": Relevance.DIRECT,
        "relevance_reason": "",
        "category": RiskCategory.HIGH,
        "treatment": Treatment.REDUCE,
        "treatment_reason": "",
        "residual": RiskCategory.MEDIUM,
        "for_management": True,
        "observation": "",
        "fingerprint": "a1",
    }
    return SimpleNamespace(**row | facts)


def _acceptance(**facts: Any) -> Any:
    row = {"id": uuid.UUID(int=3), "threat_id": uuid.UUID(int=1), "fingerprint": "a1", "valid_until": None}
    return SimpleNamespace(**row | facts)


def _every_threat(relevance: Relevance | None) -> Case:
    return _analysed([_threat(key=key, relevance=relevance) for key in elementary()])


# --- The overview of threats ---------------------------------------------------------------------


@RULES.rule(
    "GSR-001",
    Severity.WARNING,
    f"{_STANDARD}, Erstellung einer Gefährdungsübersicht",
    field="next_observation",
    says=Text(
        "{count} von 47 elementaren Gefährdungen sind noch nicht auf ihre Relevanz geprüft.",
        "{count} of 47 elementary threats have not been checked for relevance yet.",
    ),
    remedy=Text(
        "Ordnen Sie jede Gefährdung als direkt, indirekt oder nicht relevant ein.",
        "Sort every threat as directly, indirectly or not relevant.",
    ),
    breaks=lambda: _every_threat(None),
    keeps=lambda: _every_threat(Relevance.DIRECT),
    reads=(_THREATS,),
)
def every_threat_is_considered(_analysis: RiskAnalysis, situation: Situation) -> Iterator[Hit]:
    """Only a complete overview shows that nothing was forgotten."""
    judged = {row.key for row in _threats(situation) if row.relevance is not None}
    if missing := sum(key not in judged for key in elementary()):
        yield Hit(words={"count": str(missing)})


@RULES.rule(
    "GSR-002",
    Severity.WARNING,
    f"{_STANDARD}, Erstellung einer Gefährdungsübersicht",
    field="next_observation",
    says=Text("Ohne Begründung nicht weiter betrachtet: {what}.", "Left out without a reason: {what}."),
    remedy=Text(
        "Begründen Sie, warum die Gefährdung hier nicht oder nur indirekt wirkt.",
        "Say why the threat does not act here, or only indirectly.",
    ),
    breaks=lambda: _analysed([_threat(relevance=Relevance.NONE)]),
    keeps=lambda: _analysed(
        [_threat(relevance=Relevance.NONE, relevance_reason="Kein Gewässer in der Nähe.")]
    ),
    reads=(_THREATS,),
)
def leaving_out_needs_a_reason(_analysis: RiskAnalysis, situation: Situation) -> Iterator[Hit]:
    """An auditor asks for the reason of each threat that is left out."""
    left_out = (Relevance.NONE, Relevance.INDIRECT)
    return _all(
        row.key for row in _threats(situation) if row.relevance in left_out and not row.relevance_reason
    )


# --- Estimate and treatment ----------------------------------------------------------------------


@RULES.rule(
    "GSR-003",
    Severity.ERROR,
    f"{_STANDARD}, Risikoeinstufung",
    field="next_observation",
    says=Text(
        "Häufigkeit oder Schadenshöhe sind nicht eingeschätzt: {what}.",
        "Frequency or impact are not estimated: {what}.",
    ),
    remedy=Text(
        "Schätzen Sie für jede direkt relevante Gefährdung Eintrittshäufigkeit und Schadenshöhe ein.",
        "Estimate frequency and impact of each directly relevant threat.",
    ),
    breaks=lambda: _analysed([_threat(category=None)]),
    keeps=lambda: _analysed([_threat()]),
    reads=(_THREATS,),
)
def risks_are_estimated(_analysis: RiskAnalysis, situation: Situation) -> Iterator[Hit]:
    """Whatever acts on the object is estimated."""
    return _all(row.key for row in _risks(situation) if row.category is None)


@RULES.rule(
    "GSR-004",
    Severity.ERROR,
    f"{_STANDARD}, Behandlung von Risiken",
    field="next_observation",
    says=Text("Es ist nicht entschieden, wie behandelt wird: {what}.", "Treatment is not decided: {what}."),
    remedy=Text(
        "Wählen Sie Vermeidung, Reduktion, Transfer oder Akzeptanz. Ein geringes Risiko braucht keine "
        "Behandlung.",
        "Choose avoidance, reduction, transfer or acceptance. A low risk needs no treatment.",
    ),
    breaks=lambda: _analysed([_threat(treatment=None, residual=None)]),
    keeps=lambda: _analysed([_threat(treatment=None, residual=None, category=RiskCategory.LOW)]),
    reads=(_THREATS,),
)
def risks_are_treated(_analysis: RiskAnalysis, situation: Situation) -> Iterator[Hit]:
    """What the measures in place do not cover needs a decision."""
    return _all(
        row.key
        for row in _risks(situation)
        if row.treatment is None and row.category not in (None, RiskCategory.LOW)
    )


@RULES.rule(
    "GSR-005",
    Severity.WARNING,
    f"{_STANDARD}, Behandlung von Risiken",
    field="next_observation",
    says=Text(
        "Die Behandlung trägt sich nicht: {what} ohne Maßnahme, Begründung oder neue Einschätzung.",
        "The treatment is not supported: {what} without measure, reason or new estimate.",
    ),
    remedy=Text(
        "Reduktion braucht eine Maßnahme aus dem Register, Vermeidung, Transfer und Akzeptanz eine "
        "Begründung, Reduktion und Transfer außerdem eine Einschätzung danach.",
        "Reduction needs a measure of the register; avoidance, transfer and acceptance need a reason; "
        "reduction and transfer also an estimate afterwards.",
    ),
    breaks=lambda: _analysed([_threat()]),
    keeps=lambda: _analysed([_threat()], measures="G 0.18"),
    reads=(_THREATS, _MEASURED),
)
def treatment_is_supported(_analysis: RiskAnalysis, situation: Situation) -> Iterator[Hit]:
    """A decision alone lowers no risk."""
    measured = {row.key for row in situation.near.get(_MEASURED.name, ())}
    return _all(row.key for row in _risks(situation) if not _is_supported(row, row.key in measured))


def _is_supported(row: Any, has_measures: bool) -> bool:
    match row.treatment:
        case None:
            return True
        case Treatment.REDUCE:
            return has_measures and row.residual is not None
        case Treatment.TRANSFER:
            return bool(row.treatment_reason) and row.residual is not None
        case _:
            return bool(row.treatment_reason)


@RULES.rule(
    "GSR-006",
    Severity.WARNING,
    f"{_STANDARD}, Behandlung von Risiken",
    field="next_observation",
    says=Text(
        "Nach der Behandlung soll das Risiko größer sein als vorher: {what}.",
        "After treatment the risk is said to be greater than before: {what}.",
    ),
    remedy=Text("Prüfen Sie beide Einschätzungen.", "Check both estimates."),
    breaks=lambda: _analysed([_threat(residual=RiskCategory.VERY_HIGH)]),
    keeps=lambda: _analysed([_threat(residual=RiskCategory.HIGH)]),
    reads=(_THREATS,),
)
def treatment_does_not_raise_a_risk(_analysis: RiskAnalysis, situation: Situation) -> Iterator[Hit]:
    """One of the two estimates must be wrong."""
    return _all(
        row.key
        for row in _risks(situation)
        if row.category and row.residual and rank(row.residual) > rank(row.category)
    )


# --- Acceptance ----------------------------------------------------------------------------------


@RULES.rule(
    "GSR-007",
    Severity.ERROR,
    "BSI-Standard 200-2, Basis-Anforderungen; BSI-Standard 200-3, Risikoakzeptanz",
    field="next_observation",
    says=Text(
        "{what} soll hingenommen werden, aber Basis-Anforderungen dagegen sind nicht erfüllt: {ids}.",
        "{what} is to be accepted, but basic requirements against it are not met: {ids}.",
    ),
    remedy=Text(
        "Setzen Sie die Basis-Anforderungen um. Ihre Risiken kann niemand übernehmen.",
        "Implement the basic requirements. Nobody can accept their risks.",
    ),
    breaks=lambda: _analysed([_threat(treatment=Treatment.ACCEPT)], unmet="SYS.1.1.A1"),
    keeps=lambda: _analysed([_threat(treatment=Treatment.ACCEPT)], unmet="SYS.1.1.A11"),
    reads=(_THREATS, _NOT_MET),
)
def unmet_basis_is_not_accepted(_analysis: RiskAnalysis, situation: Situation) -> Iterator[Hit]:
    """Basis requirements have to be met; accepting a risk is no way around them."""
    catalogue = edition_2023()
    unmet = {row.requirement_id: row.threats for row in situation.near.get(_NOT_MET.name, ())}
    basis = {
        each: catalogue.threats_of(each) if unmet[each] is None else unpacked(unmet[each])
        for each in sorted(unmet)
        if catalogue.requirement(each).level is Level.BASIC
    }
    for row in _risks(situation):
        against = [each for each, threats in basis.items() if row.key in threats]
        if against and row.treatment is Treatment.ACCEPT:
            ids = ", ".join([*against[:_MOST_NAMED], "…"] if len(against) > _MOST_NAMED else against)
            yield Hit(words={"what": row.key, "ids": ids})


@RULES.rule(
    "GSR-008",
    Severity.ERROR,
    f"{_STANDARD}, Risikoakzeptanz",
    field="accepted_until",
    says=Text(
        "Die Leitung hat das Restrisiko nicht übernommen, wie es heute dasteht: {what}.",
        "Management has not accepted the residual risk as it stands today: {what}.",
    ),
    remedy=Text(
        "Geben Sie die Analyse zur Prüfung und legen Sie der Leitung die Restrisiken vor. Nach einer "
        "Änderung oder nach Ablauf entscheidet sie erneut.",
        "Submit the analysis and put the residual risks to management. After a change or an expiry it "
        "decides again.",
    ),
    breaks=lambda: _analysed([_threat()], [_acceptance(fingerprint="b2")]),
    keeps=lambda: _analysed([_threat()], [_acceptance()]),
    reads=(_THREATS, _ACCEPTANCES),
)
def residual_risks_are_accepted(_analysis: RiskAnalysis, situation: Situation) -> Iterator[Hit]:
    """Only management accepts, and only what it has seen."""
    latest = {
        row.threat_id: row
        for row in sorted(situation.near.get(_ACCEPTANCES.model, ()), key=lambda row: row.id)
    }
    return _all(
        row.key
        for row in _risks(situation)
        if row.for_management and not _holds(latest.get(row.id), row, situation.today)
    )


def _holds(given: Any, row: Any, day: date) -> bool:
    return (
        given is not None
        and given.fingerprint == row.fingerprint
        and (given.valid_until is None or given.valid_until >= day)
    )


@RULES.rule(
    "GSR-009",
    Severity.WARNING,
    f"{_STANDARD}, Risiken unter Beobachtung",
    field="next_observation",
    says=Text(
        "Unter Beobachtung, aber ohne Termin oder ohne zu sagen, was beobachtet wird: {what}.",
        "Under observation, but without a day or without saying what is observed: {what}.",
    ),
    remedy=Text(
        "Nennen Sie, woran das Wachsen des Risikos zu erkennen ist, und den Tag des nächsten Blicks.",
        "Say how to see that the risk grows, and the day of the next look.",
    ),
    breaks=lambda: _analysed([_threat(observed=True, observation="Zahl der Störungen")]),
    keeps=lambda: _analysed(
        [_threat(observed=True, observation="Zahl der Störungen", observe_next=date(2026, 9, 1))]
    ),
    reads=(_THREATS,),
)
def observation_has_a_day(_analysis: RiskAnalysis, situation: Situation) -> Iterator[Hit]:
    """What nobody looks at again is not observed."""
    return _all(
        row.key for row in _threats(situation) if row.observed and not (row.observe_next and row.observation)
    )


# --- Objects without an analysis -----------------------------------------------------------------

_DOMAINS: Final = Reads("InformationDomain", "objects", ("state", "approach"))
_ACTIVITIES: Final = Reads("ProcessingActivity", "objects", ("state", "stage", "risk"))
_ANALYSES: Final = Reads("RiskAnalysis", "target", ("state",))


def _object(*analyses: Any, approach: Approach = Approach.STANDARD, **facts: Any) -> Case:
    near = {
        _DOMAINS.model: [SimpleNamespace(state=State.DRAFT, approach=approach)],
        _ANALYSES.model: analyses,
    }
    needs = {"needed_c": ProtectionNeed.HIGH} | facts
    return Case(TargetObject(name="Fachverfahren Soziales", **needs), Situation(date(2026, 3, 2), near=near))


@OBJECT_RULES.rule(
    "XGS-003",
    Severity.WARNING,
    _STANDARD,
    field="need_reason",
    says=Text(
        "Der Schutz muss höher sein als normal, aber es gibt keine Risikoanalyse nach BSI-Standard 200-3.",
        "The protection has to be higher than normal, but there is no risk analysis by BSI standard 200-3.",
    ),
    remedy=Text(
        "Beginnen Sie im Informationsverbund unter „Risikoanalysen“ eine Analyse dieses Zielobjekts.",
        "Begin an analysis of this target object in the information domain under “Risk analyses”.",
    ),
    breaks=_object,
    keeps=lambda: _object(SimpleNamespace(state=State.DRAFT)),
    reads=(_DOMAINS, _ACTIVITIES, _ANALYSES),
)
def raised_need_is_analysed(target: TargetObject, situation: Situation) -> Iterator[Hit]:
    """A raised need, or an activity with high risk to persons, asks for more than the modules give.

    A hint where every domain of the object goes no further than the basic approach,
    which has no risk analysis; nothing where no domain secures the object yet.
    """
    if not target.is_in_use:
        return
    states = Counter(row.state is not State.ENDED for row in situation.near.get(_ANALYSES.model, ()))
    domains = [row for row in situation.near.get(_DOMAINS.model, ()) if row.state is not State.ENDED]
    if states[True] or not domains or not (any(raised(target)) or _serves_high_risk(situation)):
        return
    grave = any(knows_risk_analysis(row.approach) for row in domains)
    yield Hit(severity=Severity.WARNING if grave else Severity.HINT)


def _serves_high_risk(situation: Situation) -> bool:
    return any(
        row.risk is RiskToPersons.HIGH
        for row in situation.near.get(_ACTIVITIES.model, ())
        if row.state is not State.ENDED and row.stage is not Stage.RETIRED
    )
