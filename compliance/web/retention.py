"""Rules of erasure in the browser: the matrix of classes, the concept on paper, the archive's appraisal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from compliance.access import Permission, demand, may, may_do, visible
from compliance.entry import State, everything
from compliance.web.entries import find
from compliance.web.printing import chosen_format, printed, sent
from compliance.web.site import me, reading, writing
from registers.processing import StartType
from registers.retention import START_LETTERS, Appraisal, RetentionRule, appraise, classes

bp = Blueprint("retention", __name__, url_prefix=f"/registers/{RetentionRule.slug}")


def _rules(session: Session) -> Sequence[RetentionRule]:
    """The rules in force that the person may see, by number."""
    query = visible(select(RetentionRule), me(), RetentionRule).where(RetentionRule.state != State.ENDED)
    found: Sequence[RetentionRule] = session.scalars(
        query.order_by(RetentionRule.number).options(*everything(RetentionRule))
    ).all()
    return found


@bp.get("/matrix")
def matrix() -> str:
    """The classes of erasure: standard periods by types of start."""
    demand(me(), Permission.VIEW, RetentionRule)
    with reading() as session:
        rules = _rules(session)
        return render_template(
            "retention-rules/matrix.html",
            model=RetentionRule,
            classes=classes(rules),
            without=[rule for rule in rules if not rule.deletion_class],
            starts=tuple(StartType),
            letters=START_LETTERS,
            may_export=may(me(), Permission.EXPORT, RetentionRule.area),
        )


@bp.get("/concept.<extension>")
def concept(extension: str) -> Response:
    """The whole concept of erasure as a document."""
    demand(me(), Permission.EXPORT, RetentionRule)
    chosen = chosen_format(extension)
    with reading() as session:
        return sent(
            printed("deletion-concept", session, ids=[rule.id for rule in _rules(session)]),
            chosen,
            _("Löschkonzept"),
        )


@bp.post("/<int:number>/appraisal")
def appraisal(number: int) -> Response:
    """Records what the archive decides."""
    with writing() as session:
        rule = find(session, RetentionRule, number)
        appraise(session, rule, request.form.get("appraisal", ""), request.form.get("reason", ""), by=me())
    flash(_("Die Bewertung ist gespeichert."), "success")
    return redirect(url_for("entries.show", slug=RetentionRule.slug, number=number))


def about_rule(_session: Session, rule: RetentionRule) -> dict[str, Any]:
    """What the page of *rule* shows beside its fields: the archive's step."""
    return {"may_appraise": may_do(me(), Permission.APPRAISE, rule), "appraisals": tuple(Appraisal)}
