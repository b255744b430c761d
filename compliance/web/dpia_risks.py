"""One risk of an impact assessment on a page of its own."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assessments.dpia.copied import CopiedKind, confirm, row_at, version_words
from assessments.dpia.dpia import (
    Dpia,
)
from assessments.dpia.grades import GRADES, LIKELIHOOD_MEANING, SEVERITY_MEANING, Grade
from assessments.dpia.matrix import Position, RiskMatrix, nearest
from assessments.dpia.risk import DpiaRisk, FearedEvent, ProtectionGoal, described
from assessments.dpia.scenario import RiskScenario
from assessments.dpia.scenarios import newer_version
from assessments.dpia.settings import matrix_of
from compliance.access import Permission, may
from compliance.errors import NotFound, Outdated
from compliance.fields import missing
from compliance.language import Text
from compliance.web.dpia import back_to, risk_row
from compliance.web.dpia_changes import changing
from compliance.web.entries import find
from compliance.web.forms import EntryForm, apply, form_class
from compliance.web.site import language, me, reading
from exports.reports.dpia import MOMENTS

bp = Blueprint("dpia_risks", __name__, url_prefix="/dpias/<int:number>/risks")


@bp.route("/new", methods=["GET", "POST"])
def new(number: int) -> str | Response | tuple[str, int]:
    """A risk that gets its key when it is saved."""
    return _risk(number, "")


@bp.route("/<key>", methods=["GET", "POST"])
def show(number: int, key: str) -> str | Response | tuple[str, int]:
    """One risk of the assessment with its three assessments."""
    return _risk(number, key)


def _risk(number: int, key: str) -> str | Response | tuple[str, int]:
    if request.method == "GET":
        with reading() as session:
            dpia = find(session, Dpia, number, Permission.EDIT)
            return _risk_page(session, dpia, key)
    try:
        with changing(number) as (session, dpia):
            key = _save_risk(session, dpia, key)
    except Outdated:
        with reading() as session:
            dpia = find(session, Dpia, number, Permission.EDIT)
            return _risk_page(session, dpia, key, outdated=True), 409
    except _Unreadable:
        with reading() as session:
            return _risk_page(session, find(session, Dpia, number, Permission.EDIT), key), 422
    flash(_("%(risk)s ist gespeichert.", risk=key), "success")
    return _after_risk(dpia, key)


class _Unreadable(Exception):
    """An answer could not be understood."""


def _save_risk(session: Session, dpia: Dpia, key: str) -> str:
    """Takes over what was sent for the risk *key*, or for a new one; returns its key."""
    found = _found(dpia, key) if key else DpiaRisk()
    form = form_class(DpiaRisk)(request.form, obj=found)
    form.validate()
    if any(question.errors for question in form):
        raise _Unreadable
    apply(form, found, session)
    if not key:
        dpia.risks.append(found)
    confirm(dpia, CopiedKind.RISK, key, by=me().name)
    session.flush()
    return found.key


def _begun() -> DpiaRisk:
    """A new risk about the event or the protection goal that the address names."""
    event, goal = request.args.get("event", ""), request.args.get("goal", "")
    return DpiaRisk(
        feared_event=FearedEvent.__members__.get(event),
        goals=(ProtectionGoal[goal],) if goal in ProtectionGoal.__members__ else (),
    )


def _found(dpia: Dpia, key: str) -> DpiaRisk:
    for each in dpia.risks:
        if each.key == key:
            return each
    raise NotFound(_NO_RISK.format(key=key))


def _after_risk(dpia: Dpia, key: str) -> Response:
    if request.form.get("do") != "next":
        return back_to(dpia, "risks")
    if request.endpoint == "dpia_risks.new":
        return redirect(url_for(".new", number=dpia.number))
    following = dict(pairwise(each.key for each in dpia.risks)).get(key)
    return (
        redirect(url_for(".show", number=dpia.number, key=following)) if following else back_to(dpia, "risks")
    )


def _risk_page(session: Session, dpia: Dpia, key: str, *, outdated: bool = False) -> str:
    stored = _found(dpia, key) if key else _begun()
    form = form_class(DpiaRisk)(request.form if request.method == "POST" else None, obj=stored)
    form.validate()
    matrix = matrix_of(session)
    keys = [each.key for each in dpia.risks]
    copied = row_at(dpia, CopiedKind.RISK, key) if key else None
    newer = newer_version(session, copied.source_key, copied.source_version) if copied else ""
    return render_template(
        "assessments/dpia/risk.html",
        dpia=dpia,
        key=key,
        risk=stored,
        form=form,
        matrix=matrix,
        offered={axis: _offered(form, matrix, axis) for axis in ("severity", "likelihood")},
        meanings={"severity": SEVERITY_MEANING, "likelihood": LIKELIHOOD_MEANING},
        moments=MOMENTS,
        short={moment: text[language()] for moment, text in _SHORT.items()},
        told=described(stored, language()),
        entered=_entered(form, matrix),
        row=risk_row(stored, dpia, matrix),
        outdated=outdated,
        place=keys.index(key) + 1 if key else len(keys) + 1,
        keys=keys,
        copied=copied,
        newer=version_words(newer)[language()] if newer else "",
        may_keep=key and not missing(stored) and may(me(), Permission.CREATE, RiskScenario.area),
    )


def _entered(form: EntryForm, matrix: RiskMatrix) -> dict[str, Position | None]:
    """In which cell the answers of *form* put the risk, whether measures account for it or not."""
    found: dict[str, Position | None] = {}
    for moment in MOMENTS:
        severity, likelihood = (form[f"{axis}_{moment}"].data for axis in ("severity", "likelihood"))
        found[moment] = matrix.placed(Position(severity, likelihood)) if severity and likelihood else None
    return found


@dataclass(frozen=True)
class Option:
    """One grade as the page offers it."""

    grade: Grade
    label: str
    meaning: str
    place: Grade
    """The grade of the matrix as which it counts."""
    former: bool
    """Chosen before the organisation gave it up."""


def _offered(form: EntryForm, matrix: RiskMatrix, axis: str) -> list[Option]:
    """The grades of the matrix, and those given before that it no longer offers."""
    names, meanings = {
        "severity": (matrix.severities, SEVERITY_MEANING),
        "likelihood": (matrix.likelihoods, LIKELIHOOD_MEANING),
    }[axis]
    chosen = {form[f"{axis}_{moment}"].data for moment in MOMENTS}
    return [
        Option(
            grade,
            names.get(grade, grade.text)[language()],
            meanings[grade][language()],
            nearest(names, grade),
            grade not in names,
        )
        for grade in GRADES
        if grade in names or grade in chosen
    ]


_SHORT: Final = {
    "before": Text("vorher", "before"),
    "planned": Text("geplant", "planned"),
    "today": Text("heute", "today"),
}
_NO_RISK = Text("Ein Risiko {key} gibt es in dieser DSFA nicht.", "There is no risk {key} in this DPIA.")
