"""What management decides on, and the form to decide."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, flash, render_template, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assessments.dpia.decision import decide, deviates, obstacles, risk_of
from assessments.dpia.dpia import APPROVING, Dpia, DpiaDecision
from assessments.dpia.measures import in_force, undertaking
from assessments.dpia.progress import steps
from assessments.dpia.settings import matrix_of
from compliance.access import Permission, demand
from compliance.advice import opinions
from compliance.entry import State
from compliance.errors import Refused
from compliance.language import Text
from compliance.web.dpia import back_to, changed_labels, may_decide_on, risk_row
from compliance.web.entries import find
from compliance.web.hearing import voices_of
from compliance.web.site import language, me, reading, writing
from exports.reports.dpia import MOMENTS

bp = Blueprint("dpia_decisions", __name__, url_prefix="/dpias/<int:number>/decision")


@bp.route("", methods=["GET", "POST"])
def show(number: int) -> str | Response | tuple[str, int]:
    """What management decides on, and for management the form to decide."""
    if request.method == "GET":
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
        conditions=request.form.get("conditions", "").strip(),
        conditions_due=_day(request.form.get("conditions_due", "")),
        deviation_reason=request.form.get("deviation_reason", "").strip(),
        matrix=matrix_of(session),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text.strip() else None
    except ValueError as error:
        raise Refused(_NO_DAY.format(text=text)) from error


def _decision_page(session: Session, dpia: Dpia, *, refusal: str = "") -> str:
    matrix = matrix_of(session)
    advice = opinions(session, dpia)
    newest = next(iter(advice), None)
    return render_template(
        "assessments/dpia/decision.html",
        dpia=dpia,
        advice=advice,
        newest=newest,
        deviating=[each for each in DpiaDecision if deviates(each, newest.verdict if newest else None)],
        steps=[
            step
            for step in steps(dpia, advice, matrix, voices=voices_of(session, dpia))
            if step.name != "decision"
        ],
        risks=[risk_row(each, dpia, matrix) for each in dpia.risks],
        undone=[undertaking(each) for each in dpia.measures if not in_force(each)],
        total=risk_of(dpia, matrix),
        matrix=matrix,
        moments=MOMENTS,
        hurdles=obstacles(dpia, matrix) if dpia.decision else (),
        decisions=tuple(DpiaDecision),
        approving=APPROVING,
        may_decide=may_decide_on(dpia),
        submitted=dpia.state in (State.REVIEW, State.RELEASED),
        changed=changed_labels(session, dpia),
        refusal=refusal,
        given=request.form,
    )


_CHOOSE = Text("Bitte wählen Sie, was entschieden wird.", "Please choose what is decided.")
_CHANGED_MEANWHILE = Text(
    "Die DSFA wurde geändert, während Sie entschieden haben. Bitte prüfen Sie den neuen Stand.",
    "The DPIA was changed while you were deciding. Please check what it says now.",
)
_NO_DAY = Text("„{text}“ ist kein Datum.", "“{text}” is no date.")
