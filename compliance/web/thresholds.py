"""What pages show of threshold analyses and of what was assessed about an activity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, object_session
from werkzeug.wrappers import Response

from assessments.dpia.dpia import Dpia
from assessments.dpia.threshold import ThresholdAnalysis
from assessments.dpia.threshold_review import Review, confirm, review
from assessments.dpia.threshold_table import Outcome, outcome
from compliance.access import Identity, Permission, may, visible
from compliance.decisions import Decision
from compliance.entry import State
from compliance.web.entries import find
from compliance.web.site import me, writing
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
