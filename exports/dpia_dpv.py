"""An impact assessment as linked data (JSON-LD) in the W3C Data Privacy Vocabulary, version 2.

The vocabulary knows no four grades; severity, likelihood and level are therefore
instances of our own, each with its name. Every other term is one of the four vocabularies.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from assessments.dpia.decision import risk_of
from assessments.dpia.dpia import Dpia, DpiaDecision
from assessments.dpia.grades import RiskLevel, is_high
from assessments.dpia.matrix import Position, RiskMatrix
from assessments.dpia.measures import undertaking
from assessments.dpia.risk import Damage, DpiaMeasure, DpiaRisk, against
from assessments.dpia.standing import positions
from compliance.fields import Term, is_empty
from registers.processing import (
    DataCategory,
    LegalBasis,
    ProcessingActivity,
    Purpose,
    Recipient,
    RecipientKind,
    SpecialException,
    Subjects,
)

Node = dict[str, Any]

CONTEXT: Final = {
    "dpv": "https://w3id.org/dpv#",
    "eu-gdpr": "https://w3id.org/dpv/legal/eu/gdpr#",
    "pd": "https://w3id.org/dpv/pd#",
    "risk": "https://w3id.org/dpv/risk#",
}


def encoded(
    dpia: Dpia, activities: Sequence[ProcessingActivity], matrix: RiskMatrix, organisation: str
) -> bytes:
    """The file, in UTF-8; *activities* are those of *dpia* with their rows."""
    node = {"@context": CONTEXT} | _assessment(dpia, activities, matrix, organisation)
    return (json.dumps(node, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "backslashreplace")


def _assessment(
    dpia: Dpia, activities: Sequence[ProcessingActivity], matrix: RiskMatrix, organisation: str
) -> Node:
    total = risk_of(dpia, matrix)
    residual = _levelled(total.planned, matrix)
    return _said(
        {
            "@id": _address(dpia),
            "@type": "dpv:DPIA",
            "dpv:hasIdentifier": dpia.designation,
            "dpv:hasName": _german(dpia.name),
            "dpv:hasDataController": _named("dpv:DataController", organisation),
            "dpv:hasResponsibleEntity": _named("dpv:OrganisationalUnit", str(dpia.unit or "")),
            "dpv:hasStatus": _terms(["eu-gdpr:DPIARequired", _RISK_BEFORE.get(total.before)]),
            "dpv:hasAuditStatus": _term(_AUDIT[dpia.decision]),
            "dpv:hasActivityStatus": _term(_ACTIVITY[dpia.decision is None]),
            "dpv:hasOutcome": _terms(_OUTCOMES.get(dpia.decision, (_by_residual(total.planned),))),
            "dpv:hasRiskLevel": _levelled(total.before, matrix),
            "dpv:hasResidualRisk": _said({"@type": "dpv:ResidualRisk", "dpv:hasRiskLevel": residual})
            if residual
            else None,
            "dpv:hasProcess": [_process(activity) for activity in activities],
            "dpv:hasRisk": [_risk(dpia, risk, matrix) for risk in dpia.risks],
            "dpv:hasTechnicalOrganisationalMeasure": [_measure(measure) for measure in dpia.measures],
        }
    )


def _by_residual(level: RiskLevel | None) -> str | None:
    return "eu-gdpr:DPIAOutcomeHighResidualRisk" if is_high(level) else None


# --- Processes -----------------------------------------------------------------------------------


def _process(activity: ProcessingActivity) -> Node:
    return _said(
        {
            "@id": _address(activity),
            "@type": "dpv:PersonalDataProcess",
            "dpv:hasIdentifier": activity.designation,
            "dpv:hasName": _german(activity.name),
            "dpv:hasPurpose": [_purpose(purpose) for purpose in activity.purposes],
            "dpv:hasLegalBasis": _terms(
                [
                    *(_BASES.get(purpose.legal_basis) for purpose in activity.purposes),
                    *(_EXCEPTIONS.get(category.exception) for category in activity.data),
                ]
            ),
            "dpv:hasPersonalData": [_data(category) for category in activity.data],
            "dpv:hasDataSubject": [_subject(subject) for subject in activity.subjects],
            "dpv:hasRecipient": [_recipient(recipient) for recipient in activity.recipients],
            "dpv:hasDataProcessor": [_named("dpv:DataProcessor", each.name) for each in activity.processors],
        }
    )


def _purpose(purpose: Purpose) -> Node:
    basis = _BASES.get(purpose.legal_basis)
    return _said(
        {
            "@type": "dpv:Purpose",
            "dpv:hasName": _german(purpose.text),
            "dpv:hasLegalBasis": _said({"@type": basis, "dpv:hasName": _german(purpose.norm)})
            if basis
            else None,
        }
    )


def _data(category: DataCategory) -> Node:
    kinds = ["dpv:PersonalData"]
    kinds += ["dpv:SpecialCategoryPersonalData"] if category.special else []
    kinds += ["pd:CriminalConviction"] if category.criminal else []
    period = _german(str(category.period)) if category.period else _german(category.criteria)
    stored = {"@type": "dpv:StorageDuration", "dpv:hasDuration": period}
    return _said(
        {
            "@type": kinds if len(kinds) > 1 else kinds[0],
            "dpv:hasName": _german(category.text),
            "dpv:hasStorageCondition": stored if period else None,
        }
    )


def _subject(subject: Subjects) -> Node:
    return {"@type": f"dpv:{_SUBJECTS.get(subject, 'DataSubject')}", "dpv:hasName": _worded(subject)}


def _recipient(recipient: Recipient) -> Node:
    kind = _RECIPIENTS.get(recipient.kind, "dpv:Recipient")
    return _said({"@type": kind, "dpv:hasName": _german(recipient.text)})


# --- Risks and measures --------------------------------------------------------------------------


def _risk(dpia: Dpia, risk: DpiaRisk, matrix: RiskMatrix) -> Node:
    places = positions(risk, dpia.measures)
    residual = _placed(places.planned, matrix)
    return _said(
        {
            "@id": _address(risk),
            "@type": "dpv:Risk",
            "dpv:hasIdentifier": f"{dpia.designation}/{risk.key}",
            "dpv:hasName": _german(risk.title),
            "dpv:hasContext": _german(risk.event),
            "risk:hasRiskSource": {"@type": "risk:RiskSource", "dpv:hasName": _worded(risk.source)}
            if risk.source
            else None,
            **_placed(places.before, matrix),
            "dpv:hasImpact": [_impact(damage) for damage in risk.damages],
            "dpv:hasConsequence": _named("dpv:Consequence", risk.consequence),
            "dpv:hasResidualRisk": {"@type": "dpv:ResidualRisk", **residual} if residual else None,
            "dpv:isMitigatedByMeasure": [
                {"@id": _address(measure)} for measure in against(risk, dpia.measures)
            ],
        }
    )


def _placed(place: Position | None, matrix: RiskMatrix) -> Node:
    if place is None:
        return {}
    return {
        "dpv:hasSeverity": {"@type": "dpv:Severity", "dpv:hasName": _worded(place.severity)},
        "dpv:hasLikelihood": {"@type": "dpv:Likelihood", "dpv:hasName": _worded(place.likelihood)},
        "dpv:hasRiskLevel": _levelled(matrix.level(place.severity, place.likelihood), matrix),
    }


def _levelled(level: RiskLevel | None, matrix: RiskMatrix) -> Node | None:
    if level is None:
        return None
    label = matrix.label(level)
    return {"@type": "dpv:RiskLevel", "dpv:hasName": [_in("de", label.de), _in("en", label.en)]}


def _impact(damage: Damage) -> Node:
    return {"@type": _IMPACTS.get(damage, "dpv:Impact"), "dpv:hasName": _worded(damage)}


def _measure(measure: DpiaMeasure) -> Node:
    known = undertaking(measure)
    return _said(
        {
            "@id": _address(measure),
            "@type": "dpv:RiskMitigationMeasure",
            "dpv:hasName": _german(known.title),
            "dpv:hasContext": _german(known.description),
            "dpv:hasStatus": {"@type": "dpv:Status", "dpv:hasName": _worded(known.state)}
            if known.state
            else None,
            "dpv:isImplementedByEntity": _named("dpv:Entity", known.owner),
        }
    )


# --- Nodes ---------------------------------------------------------------------------------------


def _said(node: Mapping[str, Any]) -> Node:
    return {key: value for key, value in node.items() if not is_empty(value) and value != {}}


def _address(thing: Any) -> str:
    return f"urn:uuid:{thing.id}"


def _in(language: str, text: str) -> Node:
    return {"@value": text, "@language": language}


def _german(text: str) -> Node | None:
    """Statements are written in German."""
    return _in("de", text) if text.strip() else None


def _worded(term: Term | None) -> list[Node]:
    return [_in("de", term.text.de), _in("en", term.text.en)] if term else []


def _named(kind: str, name: str) -> Node | None:
    return {"@type": kind, "dpv:hasName": _german(name)} if name.strip() else None


def _term(name: str) -> Node:
    return {"@id": name}


def _terms(names: Sequence[str | None]) -> list[Node]:
    return [_term(name) for name in dict.fromkeys(names) if name]


# --- Terms ---------------------------------------------------------------------------------------

_AUDIT: Final[Mapping[DpiaDecision | None, str]] = {
    None: "dpv:AuditRequired",
    DpiaDecision.APPROVED: "dpv:AuditApproved",
    DpiaDecision.APPROVED_WITH_CONDITIONS: "dpv:AuditConditionallyApproved",
    DpiaDecision.REJECTED: "dpv:AuditRejected",
    DpiaDecision.CONSULT: "dpv:AuditRequested",
}
_ACTIVITY: Final = {True: "dpv:ActivityOngoing", False: "dpv:ActivityCompleted"}
_OUTCOMES: Final[Mapping[DpiaDecision | None, Sequence[str]]] = {
    DpiaDecision.APPROVED: ("eu-gdpr:DPIAOutcomeRisksAcceptable", "eu-gdpr:DPIARecommendsProcessingContinue"),
    DpiaDecision.APPROVED_WITH_CONDITIONS: (
        "eu-gdpr:DPIAOutcomeRisksMitigated",
        "eu-gdpr:DPIARecommendsProcessingContinue",
    ),
    DpiaDecision.REJECTED: ("eu-gdpr:DPIARecommendsProcessingNotContinue",),
    DpiaDecision.CONSULT: ("eu-gdpr:DPIAOutcomeHighResidualRisk", "eu-gdpr:DPIAOutcomeDPAConsultation"),
}
_RISK_BEFORE: Final[Mapping[RiskLevel | None, str]] = {
    RiskLevel.VERY_LOW: "eu-gdpr:DPIAIndicatesLowRisk",
    RiskLevel.LOW: "eu-gdpr:DPIAIndicatesLowRisk",
    RiskLevel.HIGH: "eu-gdpr:DPIAIndicatesHighRisk",
    RiskLevel.VERY_HIGH: "eu-gdpr:DPIAIndicatesHighRisk",
}
_BASES: Final[Mapping[LegalBasis | None, str]] = {
    basis: f"eu-gdpr:A6-1-{letter}" for letter, basis in zip("abcdef", LegalBasis, strict=True)
}
_EXCEPTIONS: Final[Mapping[SpecialException | None, str]] = {
    exception: f"eu-gdpr:A9-2-{letter}"
    for letter, exception in zip("abcdefghij", SpecialException, strict=True)
}
_SUBJECTS: Final[Mapping[Subjects, str]] = {
    Subjects.RESIDENTS: "Citizen", Subjects.APPLICANTS: "Applicant", Subjects.STAFF: "Employee",
    Subjects.JOB_APPLICANTS: "JobApplicant", Subjects.CHILDREN: "Child", Subjects.PUPILS: "Student",
    Subjects.PARENTS: "ParentOfDataSubject", Subjects.PATIENTS: "Patient",
    Subjects.CARE_RECIPIENTS: "VulnerableDataSubject", Subjects.REFUGEES: "AsylumSeeker",
    Subjects.VISITORS: "Visitor", Subjects.USERS: "User",
}  # fmt: skip
_RECIPIENTS: Final[Mapping[RecipientKind | None, str]] = {
    RecipientKind.INTERNAL: "dpv:OrganisationalUnit",
    RecipientKind.AUTHORITY: "dpv:GovernmentalOrganisation",
    RecipientKind.COURT: "dpv:GovernmentalOrganisation",
    RecipientKind.COMPANY: "dpv:ForProfitOrganisation",
}
_IMPACTS: Final[Mapping[Damage, str]] = {
    Damage.PHYSICAL: "risk:PhysicalHarm",
    Damage.DISCRIMINATION: "risk:Discrimination",
    Damage.IDENTITY_THEFT: "risk:IdentityTheft",
    Damage.FINANCIAL: "risk:FinancialLoss",
    Damage.REPUTATION: "risk:ReputationalLoss",
    Damage.RIGHTS: "risk:RightsImpact",
}


def terms_of(value: Any) -> Iterator[str]:
    """Every term of a vocabulary that a file uses."""
    if isinstance(value, list):
        for each in value:
            yield from terms_of(each)
    elif isinstance(value, dict):
        for key, inner in value.items():
            if ":" in key:
                yield key
            if key in ("@type", "@id"):
                names = inner if isinstance(inner, list) else [inner]
                yield from (name for name in names if not name.startswith("urn:"))
            elif key != "@context":
                yield from terms_of(inner)
