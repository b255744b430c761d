"""What pages show of threshold analyses and of what was assessed about an activity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, object_session
from werkzeug.wrappers import Response

from assessments.dpia.dpia import Dpia
from assessments.dpia.threshold import ThresholdAnalysis
from assessments.dpia.threshold_review import Review, confirm, fingerprint, review
from assessments.dpia.threshold_table import Outcome, outcome
from compliance.access import Identity, Permission, may, visible
from compliance.decisions import Decision
from compliance.entry import State
from compliance.language import Text
from compliance.web.entries import find
from compliance.web.site import language, me, writing
from registers.processing import ProcessingActivity

bp = Blueprint("thresholds", __name__, url_prefix="/threshold-analyses")


def _session(thing: object) -> Session:
    """The snapshot in which the page is made that shows *thing*."""
    session = object_session(thing)
    assert session is not None  # noqa: S101 -- pages show stored things only
    return session


@bp.app_template_global("threshold_outcome")
def threshold_outcome(analysis: ThresholdAnalysis) -> Decision[Outcome]:
    """What *analysis* comes to, with every reason and every open question."""
    return outcome(analysis)


@bp.app_template_global("threshold_review")
def threshold_review(analysis: ThresholdAnalysis) -> Review:
    """What changed since *analysis* was confirmed."""
    return review(_session(analysis), analysis)


@bp.post("/<int:number>/confirm")
def confirm_answers(number: int) -> Response:
    """Confirms that the answers were checked against what the record proposes now."""
    with writing() as session:
        analysis = find(session, ThresholdAnalysis, number, Permission.EDIT)
        confirm(session, analysis, by=me())
    flash(_("%(entry)s: Die Antworten sind bestätigt.", entry=analysis.designation), "success")
    return redirect(url_for("entries.show", slug=ThresholdAnalysis.slug, number=number))


@bp.app_template_global("threshold_fingerprint")
def threshold_fingerprint(analysis: ThresholdAnalysis) -> str:
    """What the proposals in the form of *analysis* rest on; nothing where it proposes none."""
    activity = analysis.activity
    return fingerprint(_session(activity), activity, activity.organisation_id) if activity else ""


def confirm_with_form(session: Session, analysis: ThresholdAnalysis) -> None:
    """Confirms the answers if the form that was just saved says so."""
    if request.form.get("confirmed") != "yes":
        return
    if request.form.get("fingerprint") != fingerprint(session, analysis.activity, analysis.organisation_id):
        flash(_NOT_CONFIRMED[language()], "warning")
        return
    session.flush()
    confirm(session, analysis, by=me())


_NOT_CONFIRMED = Text(
    "Gespeichert, aber nicht bestätigt: Das Verzeichnis sagt inzwischen etwas anderes, als die Seite zeigte. "
    "Bitte prüfen Sie die Vorschläge noch einmal.",
    "Saved, but not confirmed: by now the record says something else than the page showed. "
    "Please check the proposals once more.",
)


@dataclass(frozen=True)
class Assessed:
    """What the house knows about the impact of one activity."""

    analyses: Sequence[Any]
    dpias: Sequence[Any]
    may_begin: bool
    analysis: ClassVar = ThresholdAnalysis
    dpia: ClassVar = Dpia
    """What the rows are of, which carry no more than a page shows."""


@bp.app_template_global("dpias_about")
def dpias_about(activity: ProcessingActivity) -> Assessed:
    """The threshold analyses and impact assessments of *activity* that the person may see."""
    session = _session(activity)
    analyses, dpias = _questions_about(me())
    about = {"activity": activity.id}
    return Assessed(
        session.execute(analyses, about).all(),
        session.execute(dpias, about).all(),
        may(me(), Permission.CREATE, Dpia.area),
    )


@lru_cache(maxsize=256)
def _questions_about(identity: Identity) -> tuple[Any, Any]:
    """The questions for the analyses and the impact assessments of an activity.

    Kept, because putting the questions together costs more than the answers.
    """
    analysis, dpia = ThresholdAnalysis, Dpia
    this_activity = ProcessingActivity.id == bindparam("activity")
    analyses = select(analysis.number, analysis.name, analysis.result)
    analyses = analyses.where(analysis.activity.has(this_activity), analysis.state != State.ENDED)
    dpias = select(dpia.number, dpia.name, dpia.state, dpia.decision)
    dpias = dpias.where(dpia.activities.any(this_activity), dpia.state != State.ENDED)
    return (
        visible(analyses, identity, analysis).order_by(analysis.number),
        visible(dpias, identity, dpia).order_by(dpia.number),
    )
