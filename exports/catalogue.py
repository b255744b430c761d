"""The list of reports: to add one, write its function and name it here."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final, TypeAlias

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assessments.described.description import origins
from assessments.dpia.dpia import Dpia
from assessments.dpia.prefill import sources_of
from assessments.dpia.published_lists import lists_for
from assessments.dpia.questions import questionnaire
from assessments.dpia.review import reasons_of, reviews_of
from assessments.dpia.settings import matrix_of
from assessments.dpia.threshold import ThresholdAnalysis, analyses_of
from assessments.dpia.threshold_review import review
from assessments.gates.portfolio import standings
from assessments.grundschutz.audits import Audit
from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.risk_analysis import RiskAnalysis
from assessments.questionnaire import Catalogue
from compliance.advice import opinions
from compliance.entry import Entry, everything
from compliance.findings import Finding, stored_findings
from compliance.journal import history
from compliance.judging import Judge
from compliance.language import Text
from compliance.people import land_of
from compliance.rules import Severity
from exports.document import Document, Note
from exports.reports import (
    audit,
    commissioned,
    dpia,
    entry_sheet,
    grundschutz_check,
    portfolio,
    processing_activity,
    register,
    risk_analysis,
    security_incident,
    threshold,
)
from exports.reports.dpia_reviews import Reviews
from exports.reports.front import front_sheet
from exports.reports.records import PartRecord, Records, every_id
from exports.reports.register import Issuer
from registers.commissioned import CommissionedProcessing
from registers.incidents import SecurityIncident
from registers.joint_controllers import JointControllership
from registers.processing import ProcessingActivity
from registers.projects import Project
from registers.retention import RetentionRule

__all__ = ["NAMES", "REGISTER_REPORT", "REPORTS", "Issuer", "document_of", "full_report"]

Report: TypeAlias = Callable[[Session, Sequence[uuid.UUID], Issuer, Judge], Document]
"""Given what to print, on whose behalf, and the judge who knows the wording of findings."""


_WITH_FRONT_SHEET: Final = (ProcessingActivity, CommissionedProcessing)


def document_of(
    session: Session, model: type[Entry], ids: Sequence[uuid.UUID], issuer: Issuer, *, view: str = ""
) -> Document:
    """The entries of any register as one table."""
    front = front_sheet(session, issuer.language) if model in _WITH_FRONT_SHEET else None
    document = register.report(model, Records(session, model, ids), issuer, view=view, front=front)
    return with_open_errors(session, document, ids)


def sheets_of(
    session: Session, model: type[Entry], ids: Sequence[uuid.UUID], issuer: Issuer, *, view: str = ""
) -> Document:
    """The entries of any register in full, one after the other."""
    document = entry_sheet.report(model, Records(session, model, ids), issuer, view=view)
    return with_open_errors(session, document, ids)


def full_report(
    session: Session, model: type[Entry], ids: Sequence[uuid.UUID], issuer: Issuer, judge: Judge
) -> Document:
    """The entries in full: by the report of their register where there is one, else sheet by sheet."""
    special = REPORTS.get(model)
    return special(session, ids, issuer, judge) if special else sheets_of(session, model, ids, issuer)


_BATCH: Final = 500


def with_open_errors(session: Session, document: Document, ids: Sequence[uuid.UUID]) -> Document:
    """*document* about the entries with *ids*, opened by how many errors still stand against them (GOV-006).

    The report under Art. 30 (1) goes to the supervisory authority and says nothing of it.
    """
    count = 0
    for start in range(0, len(ids), _BATCH):
        mine = (Finding.entry_id.in_(ids[start : start + _BATCH]), Finding.severity == Severity.ERROR)
        count += session.scalar(select(func.count()).select_from(Finding).where(*mine)) or 0
    if not count:
        return document
    text = _ONE_OPEN_ERROR if count == 1 else _OPEN_ERRORS.format(count=count)
    note = Note(_OPEN[document.language], text[document.language], "warning")
    return replace(document, blocks=(note, *document.blocks))


_OPEN: Final = Text("Offene Fehler", "Open errors")
_ONE_OPEN_ERROR: Final = Text(
    "Dieser Auszug enthält 1 offenen Fehler.", "This extract contains 1 open error."
)
_OPEN_ERRORS: Final = Text(
    "Dieser Auszug enthält {count} offene Fehler.", "This extract contains {count} open errors."
)


def _processing_activities(
    session: Session, ids: Sequence[uuid.UUID], issuer: Issuer, _judge: Judge
) -> Document:
    records = Records(session, ProcessingActivity, ids, processing_activity.NEEDED)
    every = every_id(session, JointControllership)
    joint = Records(session, JointControllership, every, processing_activity.JOINT_NEEDED)
    front = front_sheet(session, issuer.language)
    rules = _rules_of_erasure(session)
    described = origins(session, ProcessingActivity, ids)
    return processing_activity.report(
        records, issuer, front=front, joint=joint, rules=rules, described=described
    )


def _rules_of_erasure(session: Session) -> dict[uuid.UUID, PartRecord]:
    """What each rule of erasure says, in the words of the rows that choose it."""
    columns = [getattr(RetentionRule, name) for name in processing_activity.RULE_FIELDS]
    names = tuple(processing_activity.RULE_FIELDS.values())
    return {
        row[0]: dict(zip(names, row[1:], strict=True))
        for row in session.execute(select(RetentionRule.id, *columns))
    }


def _commissions(session: Session, ids: Sequence[uuid.UUID], issuer: Issuer, _judge: Judge) -> Document:
    records = Records(session, CommissionedProcessing, ids, commissioned.NEEDED)
    return commissioned.report(records, issuer, front=front_sheet(session, issuer.language))


def _grundschutz_checks(session: Session, ids: Sequence[uuid.UUID], issuer: Issuer, judge: Judge) -> Document:
    query = select(InformationDomain).where(InformationDomain.id.in_(ids))
    query = query.order_by(InformationDomain.number).options(*everything(InformationDomain))
    domains = session.scalars(query).all()
    if len(domains) == 1:
        return grundschutz_check.report(session, domains[0], issuer, judge=judge)
    return grundschutz_check.report_of_all(session, domains, issuer, judge=judge)


def _dpias(session: Session, ids: Sequence[uuid.UUID], issuer: Issuer, judge: Judge) -> Document:
    query = select(Dpia).where(Dpia.id.in_(ids)).order_by(Dpia.number)
    dpias = session.scalars(query.options(*everything(Dpia))).all()
    documents = [dpia_document(session, each, issuer, judge) for each in dpias]
    return documents[0] if len(documents) == 1 else dpia.report_of_all(documents, issuer)


def dpia_document(
    session: Session, assessment: Dpia, issuer: Issuer, judge: Judge, catalogue: Catalogue | None = None
) -> Document:
    """*assessment*, loaded whole, in the order of its own catalogue or of the one given."""
    return dpia.report(
        assessment,
        issuer,
        analyses=analyses_of(session, assessment.activities),
        advice=opinions(session, assessment),
        matrix=matrix_of(session),
        findings=stored_findings(session, assessment),
        judge=judge,
        asked=questionnaire(session, assessment, catalogue),
        activities=sources_of(session, assessment),
        reviewed=Reviews(reviews_of(session, assessment), reasons_of(session, assessment)),
        described=origins(session, Dpia, [assessment.id]).get(assessment.id),
    )


def _thresholds(session: Session, ids: Sequence[uuid.UUID], issuer: Issuer, _judge: Judge) -> Document:
    query = select(ThresholdAnalysis).where(ThresholdAnalysis.id.in_(ids)).order_by(ThresholdAnalysis.number)
    analyses = session.scalars(query.options(*everything(ThresholdAnalysis))).all()
    documents = [threshold.report(each, issuer, _beside(session, each, issuer)) for each in analyses]
    return documents[0] if len(documents) == 1 else threshold.report_of_all(documents, issuer)


def _beside(session: Session, analysis: ThresholdAnalysis, issuer: Issuer) -> threshold.Beside:
    authors = dict.fromkeys(
        change.actor for change in history(session, analysis) if change.action in _WRITING
    )
    return threshold.Beside(
        review(session, analysis),
        analysis.proposals(session),
        lists_for(land_of(session, analysis.organisation_id), issuer.created.date()),
        opinions(session, analysis),
        tuple(filter(None, authors)),
    )


_WRITING: Final = frozenset({"create", "update", "import", "bulk"})
"""What the journal calls the work of an author."""


def _incidents(session: Session, ids: Sequence[uuid.UUID], issuer: Issuer, _judge: Judge) -> Document:
    query = select(SecurityIncident).where(SecurityIncident.id.in_(ids)).order_by(SecurityIncident.number)
    incidents = session.scalars(query.options(*everything(SecurityIncident))).all()
    return security_incident.report(incidents, issuer)


def _portfolio(session: Session, ids: Sequence[uuid.UUID], issuer: Issuer, _judge: Judge) -> Document:
    query = select(Project).where(Project.id.in_(ids)).order_by(Project.number)
    projects = session.scalars(query.options(*portfolio.NEEDED)).all()
    return portfolio.report(standings(session, projects), issuer)


def _audits(session: Session, ids: Sequence[uuid.UUID], issuer: Issuer, _judge: Judge) -> Document:
    query = select(Audit).where(Audit.id.in_(ids)).order_by(Audit.number)
    return audit.report(session.scalars(query.options(*everything(Audit))).all(), issuer)


def _risk_analyses(session: Session, ids: Sequence[uuid.UUID], issuer: Issuer, _judge: Judge) -> Document:
    return risk_analysis.report(session, ids, issuer)


REPORTS: Final[Mapping[type[Entry], Report]] = {
    ProcessingActivity: _processing_activities,
    CommissionedProcessing: _commissions,
    InformationDomain: _grundschutz_checks,
    RiskAnalysis: _risk_analyses,
    Audit: _audits,
    Dpia: _dpias,
    ThresholdAnalysis: _thresholds,
    Project: _portfolio,
    SecurityIncident: _incidents,
}
"""Reports that show the entries of a register one by one, by register."""

REGISTER_REPORT: Final = "register"
NAMES: Final[Mapping[str, type[Entry]]] = {
    "processing-activity": ProcessingActivity,
    "commissioned-processing": CommissionedProcessing,
    "grundschutz-check": InformationDomain,
    "risk-analysis": RiskAnalysis,
    "audit": Audit,
    "dpia": Dpia,
    "threshold-analysis": ThresholdAnalysis,
    "portfolio": Project,
    "security-incident": SecurityIncident,
}
"""The same reports by the name they have on the command line, beside :data:`REGISTER_REPORT`."""
