"""What management decides on, the form to decide, and what became of the conditions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import wtforms
from flask import Blueprint, flash, render_template, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assessments.dpia.briefing import briefing, open_points
from assessments.dpia.conditions import Condition
from assessments.dpia.decision import decide, deviates, meet, obstacles
from assessments.dpia.dpia import Dpia, DpiaDecision
from assessments.dpia.prefill import voices_of
from assessments.dpia.progress import steps
from assessments.dpia.settings import matrix_of
from compliance.access import Permission, demand, may_do
from compliance.advice import opinions
from compliance.entry import State
from compliance.errors import NotFound, Refused
from compliance.fields import fields
from compliance.findings import stored_findings
from compliance.language import Text
from compliance.rules import Severity
from compliance.web.dpia import back_to, changed_labels, heat_maps, may_decide_on, risk_row
from compliance.web.entries import find, reshape
from compliance.web.forms import EntryForm, RowsInput, apply
from compliance.web.printing import printed, sent
from compliance.web.site import language, me, reading, writing
from exports.formats import FORMATS
from exports.reports.dpia import MOMENTS

bp = Blueprint("dpia_decisions", __name__, url_prefix="/dpias/<int:number>/decision")


class ConditionsForm(EntryForm):
    """The rows in which conditions are written."""

    imposed = wtforms.fields.core.UnboundField(RowsInput, spec=fields(Dpia)["imposed"])


@bp.route("", methods=["GET", "POST"])
def show(number: int) -> str | Response | tuple[str, int]:
    """What management decides on, and for management the form to decide."""
    if request.method == "GET" or request.form.get("do", "save") != "save":
        with reading() as session:
            return _decision_page(session, find(session, Dpia, number))
    try:
        with writing() as session:
            dpia = find(session, Dpia, number)
            demand(me(), Permission.RELEASE, dpia)
            _decide(session, dpia)
    except Refused as error:
        with reading() as session:
            dpia = find(session, Dpia, number)
            return _decision_page(session, dpia, refusal=error.text[language()]), 422
    flash(_("%(entry)s: Die Entscheidung ist festgehalten.", entry=dpia.designation), "success")
    return back_to(dpia, "decision")


@bp.get("/paper.pdf")
def as_paper(number: int) -> Response:
    """The paper for the decision (Entscheidungsvorlage), to hand out."""
    with reading() as session:
        dpia = find(session, Dpia, number, Permission.EXPORT)
        document = printed("decision-paper", session, entry=dpia)
        return sent(document, FORMATS["pdf"], f"{dpia.designation}-Entscheidungsvorlage")


@bp.post("/conditions/<identity>")
def condition(number: int, identity: str) -> Response:
    """Records when one condition was met and by what that is shown, or that it is open again."""
    with writing() as session:
        dpia = find(session, Dpia, number, Permission.EDIT)
        found = next((one for one in dpia.imposed if one.id.hex == identity), None)
        if found is None:
            raise NotFound(_NO_CONDITION)
        evidence = request.form.get("evidence", "").strip()
        meet(session, dpia, found, on=_day(request.form.get("met_on", "")), evidence=evidence, by=me())
    flash(_("Die Auflage ist festgehalten."), "success")
    return back_to(dpia, "decision")


def _decide(session: Session, dpia: Dpia) -> None:
    """Records what the form says. Raises :class:`Refused` for missing words and what stands against it."""
    chosen = request.form.get("decision", "")
    if chosen not in DpiaDecision.__members__:
        raise Refused(_CHOOSE)
    if request.form.get("version") != str(dpia.version):
        raise Refused(_CHANGED_MEANWHILE)
    decide(
        session,
        dpia,
        DpiaDecision[chosen],
        by=me(),
        reason=request.form.get("reason", "").strip(),
        conditions=_conditions(session),
        deviation_reason=request.form.get("deviation_reason", "").strip(),
        matrix=matrix_of(session),
    )


@dataclass
class _Imposing:
    """Takes the rows of the form, so that the assessment itself changes only by the decision."""

    imposed: list[Condition]


def _conditions(session: Session) -> list[Condition]:
    """The conditions as they were written. Raises :class:`Refused` for a day that is none."""
    form = ConditionsForm(request.form)
    if not form.validate() or form["imposed"].errors:
        raise Refused(_NO_DAY)
    written = _Imposing([])
    apply(form, written, session)
    return [one for one in written.imposed if one.text or one.owner or one.due]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text.strip() else None
    except ValueError as error:
        raise Refused(_NO_DAY) from error


# --- The page ------------------------------------------------------------------------------------


def _decision_page(session: Session, dpia: Dpia, *, refusal: str = "") -> str:
    matrix = matrix_of(session)
    advice = opinions(session, dpia)
    newest = next(iter(advice), None)
    heard = steps(dpia, advice, matrix, voices=voices_of(session, dpia))
    points = list(open_points(heard))
    brief = briefing(dpia, advice, matrix, len(points))
    form = ConditionsForm(request.form or None, data={"imposed": dpia.imposed})
    form.validate()
    reshape(form)
    return render_template(
        "assessments/dpia/decision.html",
        dpia=dpia,
        advice=advice,
        newest=newest,
        brief=brief,
        deviating=[each for each in DpiaDecision if deviates(each, newest.verdict if newest else None)],
        steps=[step for step in heard if step.name != "decision"],
        errors=[one for one in stored_findings(session, dpia) if one.severity is Severity.ERROR],
        maps=list(heat_maps(dpia, matrix)) if dpia.risks else [],
        risks=[risk_row(risk, dpia, matrix) for risk, _levels in brief.gravest],
        matrix=matrix,
        moments=MOMENTS,
        hurdles=obstacles(dpia, matrix) if dpia.decision else (),
        form=form,
        may_decide=may_decide_on(dpia),
        may_edit=may_do(me(), Permission.EDIT, dpia),
        may_export=may_do(me(), Permission.EXPORT, dpia),
        submitted=dpia.state in (State.REVIEW, State.RELEASED),
        changed=changed_labels(session, dpia),
        refusal=refusal,
        given=_given(dpia),
    )


def _given(dpia: Dpia) -> Mapping[str, Any]:
    """What stands in the form: what was sent, or what was decided before."""
    return request.form or {"decision": dpia.decision.name if dpia.decision else ""}


_CHOOSE = Text("Bitte wählen Sie, was entschieden wird.", "Please choose what is decided.")
_CHANGED_MEANWHILE = Text(
    "Die DSFA wurde geändert, während Sie entschieden haben. Bitte prüfen Sie den neuen Stand.",
    "The DPIA was changed while you were deciding. Please check what it says now.",
)
_NO_DAY = Text("Ein Tag ist kein Datum. Beispiel: 31.12.2026.", "A day is no date. Example: 31.12.2026.")
_NO_CONDITION = Text("Diese Auflage gibt es nicht mehr.", "This condition is no longer there.")
