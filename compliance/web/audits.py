"""Audits in the browser: the sample, what was found and its measures, and whether the domain is ready."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assessments.grundschutz.audit_checklist import checklist
from assessments.grundschutz.audit_sample import (
    Wish,
    add_module,
    adjust_sample,
    candidates,
    extent_of,
    lacks,
    open_domain,
    propose_sample,
    treated_risks,
)
from assessments.grundschutz.audits import Audit, AuditFinding
from assessments.grundschutz.briefing import briefing
from assessments.grundschutz.domain import knows_risk_analysis
from assessments.grundschutz.kompendium import edition_2023
from assessments.grundschutz.progress import overview
from compliance.access import Permission, demand, may, may_do
from compliance.database import today
from compliance.errors import NotFound, Outdated
from compliance.language import Text
from compliance.rules import opening
from compliance.web.entries import find
from compliance.web.reference_papers import address_of
from compliance.web.site import language, me, reading, writing
from exports.charts import svg
from exports.document import Bars
from exports.reports.audit import TONES, grades_figure
from registers.measures import Measure, MeasureKind, Progress

bp = Blueprint("audits", __name__, url_prefix="/audits/<int:number>")


def about_audit(session: Session, audit: Audit) -> dict[str, Any]:
    """What the page of *audit* shows beside its fields: sample, findings, and what is missing before it."""
    return {
        "panels": ("sample", "result"),
        **_about_sample(session, audit),
        "chart": _drawn(audit) if audit.findings else "",
        "tones": TONES,
        "points": _points(session, audit),
        "may_measure": may_do(me(), Permission.EDIT, audit) and _may_create_measures(),
    }


def _drawn(audit: Audit) -> Markup:
    figure = grades_figure(audit.findings, language())
    # A page has the height for names above their bars, and on a small screen not the width beside them.
    chart = replace(figure.chart, beside=False) if isinstance(figure.chart, Bars) else figure.chart
    return Markup(svg(chart, language(), figure.caption))  # noqa: S704


def _about_sample(session: Session, audit: Audit) -> dict[str, Any]:
    domain = audit.domain
    wanted = extent_of(session, audit)
    applied = [one.module_id for one in candidates(session, domain)] if domain else []
    missing, without_isms = lacks(audit, applied, wanted)
    return {
        "extent": wanted,
        "sample_lacks": missing if audit.modules else 0,
        "sample_lacks_isms": without_isms and bool(audit.modules),
        "module_titles": {module.id: module.title for module in edition_2023().modules},
        "has_risks": domain is not None and knows_risk_analysis(domain.approach),
        "treated": len(treated_risks(session, domain)) if domain else 0,
        "may_sample": domain is not None and audit.done_on is None and may_do(me(), Permission.EDIT, audit),
    }


def _points(session: Session, audit: Audit) -> list[Any]:
    """What an auditor would miss in the domain, as long as the audit is still to come."""
    if audit.domain is None or audit.done_on is not None:
        return []
    # The domain as its own page loads it, with its objects.
    domain = find(session, type(audit.domain), audit.domain.number)
    found = checklist(session, domain, briefing(session, domain, today()), today())
    return [(point, address_of(point, domain)) for point in found]


def _may_create_measures() -> bool:
    return may(me(), Permission.PROPOSE, Measure.area) or may(me(), Permission.CREATE, Measure.area)


def _audit(session: Session, number: int, permission: Permission = Permission.EDIT) -> Audit:
    found: Audit = find(session, Audit, number, permission)
    return found


def _page_of(number: int) -> Response:
    return redirect(url_for("entries.show", slug=Audit.slug, number=number))


# --- The sample ----------------------------------------------------------------------------------


@bp.get("/sample")
def sample(number: int) -> str:
    """The sample to be adjusted, and what else may be taken into it."""
    with reading() as session:
        audit = _audit(session, number)
        domain = open_domain(audit)
        there = {(row.module_id, row.target_id) for row in audit.modules}
        others = [
            each
            for each in overview(session, domain)
            if each.relevant and (each.module.id, each.target_id) not in there
        ]
        return render_template(
            "audits/sample.html", audit=audit, others=others, **_about_sample(session, audit)
        )


@bp.post("/sample/propose")
def propose(number: int) -> Response:
    """Draws the sample by the scheme, in place of the one that is there."""
    with writing() as session:
        propose_sample(session, _audit(session, number), by=me())
    flash(
        _("Die Stichprobe ist vorgeschlagen. Prüfen Sie sie und passen Sie sie mit Begründung an."), "success"
    )
    return redirect(url_for(".sample", number=number))


@bp.post("/sample")
def adjust(number: int) -> Response:
    """Keeps, drops or adds what somebody decided about the sample."""
    with writing() as session:
        audit = _audit(session, number)
        if request.form.get("version") != str(audit.version):
            raise Outdated(_CHANGED)
        checked = set(request.form.getlist("checked"))
        wishes = {
            row.id: Wish(row.id.hex in checked, request.form.get(f"reason-{row.id.hex}", ""))
            for row in (*audit.modules, *audit.measures)
        }
        adjust_sample(audit, wishes, by=me())
        if added := request.form.get("add", ""):
            module_id, _colon, target = added.partition(":")
            reason = request.form.get("add-reason", "")
            add_module(session, audit, module_id, _as_id(target), reason, by=me())
    flash(_("Die Stichprobe ist gespeichert."), "success")
    return _page_of(number)


def _as_id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(hex=text) if text else None
    except ValueError as error:
        raise NotFound(_NO_ROW) from error


# --- Follow-up -----------------------------------------------------------------------------------


@bp.post("/findings/<identity>/measure")
def measure(number: int, identity: str) -> Response:
    """Puts a finding into the register of measures, where its implementation is followed."""
    with writing() as session:
        audit = _audit(session, number)
        if not _may_create_measures():
            demand(me(), Permission.CREATE, Measure)
        finding = next((row for row in audit.findings if row.id == _as_id(identity)), None)
        if finding is None:
            raise NotFound(_NO_ROW)
        made: Measure | None = finding.measure
        if made is None:
            made = _measure_for(audit, finding)
            session.add(made)
            finding.measure = made
            session.flush()
        designation = made.designation
    flash(_("%(entry)s ist angelegt und mit der Feststellung verbunden.", entry=designation), "success")
    return _page_of(number)


def _measure_for(audit: Audit, finding: AuditFinding) -> Measure:
    requirement = finding.concerns if ".A" in finding.concerns else ""
    return Measure(
        name=opening(finding.text),
        description=f"{finding.text}\n\n{_FROM.format(audit=str(audit))[language()]}",
        kind=MeasureKind.ORGANISATIONAL,
        progress=Progress.PLANNED,
        responsible=finding.responsible,
        planned_until=finding.until,
        requirements=requirement,
        unit=audit.unit,
    )


_NO_ROW: Final = Text("Diese Zeile gibt es in dem Audit nicht.", "The audit has no such row.")
_CHANGED: Final = Text(
    "Das Audit hat sich inzwischen geändert. Bitte laden Sie die Seite neu.",
    "The audit has changed in the meantime. Please load the page again.",
)
_FROM: Final = Text("Aus dem Audit {audit}.", "From the audit {audit}.")
