"""What somebody apart from the authors thinks of each section of an impact assessment."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assessments.dpia.dpia import Dpia
from assessments.dpia.evaluation import Appraisal, Evaluated, evaluate, may_evaluate, on_parts, standings
from compliance.errors import Refused
from compliance.web.entries import find
from compliance.web.site import language, me, reading, writing

bp = Blueprint("evaluations", __name__, url_prefix="/dpias/<int:number>/evaluation")


@bp.route("", methods=["GET", "POST"])
def show(number: int) -> str | Response | tuple[str, int]:
    """The verdict on each section, the earlier ones, and for whoever may judge the forms."""
    if request.method == "GET":
        with reading() as session:
            return _page(session, find(session, Dpia, number))
    try:
        with writing() as session:
            dpia = find(session, Dpia, number)
            made = evaluate(session, dpia, request.form, by=me())
    except Refused as error:
        with reading() as session:
            return _page(session, find(session, Dpia, number), refusal=error.text[language()]), 422
    flash(_("Ihre Beurteilung ist festgehalten."), "success")
    anchor = made.chapter.step if made.chapter else None
    return redirect(url_for(".show", number=number, _anchor=anchor))


def _page(session: Session, dpia: Dpia, *, refusal: str = "") -> str:
    return render_template(
        "participation/evaluation.html",
        dpia=dpia,
        chapters=tuple(Evaluated),
        standings=standings(dpia),
        parts=on_parts(dpia.verdicts),
        appraisals=tuple(Appraisal),
        may_judge=may_evaluate(session, dpia, me()),
        refusal=refusal,
        given=request.form,
    )
