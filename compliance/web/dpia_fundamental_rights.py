"""The statements about fundamental rights of an impact assessment of high-risk AI, Art. 27 AI Act."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from assessments.dpia.dpia import Dpia
from assessments.dpia.fundamental_rights import (
    LETTERS,
    STATEMENTS,
    automated,
    complements,
    fria_terms,
    high_risk,
    unanswered,
)
from compliance.access import Permission
from compliance.database import today
from compliance.entry import State
from compliance.errors import NotFound
from compliance.fields import Kind, fields
from compliance.language import Text
from compliance.web.entries import find
from compliance.web.site import writing
from registers.processing import ProcessingActivity

bp = Blueprint("dpia_fundamental_rights", __name__, url_prefix="/dpias/<int:number>/fundamental-rights")


@dataclass(frozen=True)
class Right:
    """One statement of Art. 27 (1) with what the assessment says on it elsewhere."""

    name: str
    letter: str
    spec: Kind
    text: str
    elsewhere: str


@dataclass(frozen=True)
class Rights:
    """What the workspace shows about machines that decide."""

    activities: Sequence[ProcessingActivity]
    """Those that use AI or decide by automated means."""
    statements: Sequence[Right]
    """Empty where no high-risk AI is used."""
    open: int
    from_day: date


def about_rights(dpia: Dpia) -> Rights | None:
    """What *dpia* says about AI and automated decisions; ``None`` where there is nothing of the kind."""
    found = automated(dpia.activities)
    concerned = high_risk(dpia.activities) or dpia.high_risk_ai is True
    if not found and not concerned:
        return None
    elsewhere = complements(dpia)
    statements = [
        Right(name, LETTERS[name], fields(Dpia)[name], getattr(dpia, name), elsewhere.get(name, ""))
        for name in STATEMENTS
        if concerned
    ]
    return Rights(found, statements, len(unanswered(dpia)), fria_terms(today()).applies_from)


@bp.post("")
def take(number: int) -> Response:
    """Takes over what the assessment says elsewhere into one empty statement, or begins with all."""
    with writing() as session:
        dpia = find(session, Dpia, number, Permission.EDIT)
        if not high_risk(dpia.activities):
            raise NotFound(_NO_HIGH_RISK)
        wanted = request.form.get("statement", "")
        for name, text in complements(dpia).items():
            if wanted in ("", name) and not getattr(dpia, name).strip():
                setattr(dpia, name, text)
        # The form asks for the statements once the assessment knows that they are due.
        dpia.high_risk_ai = True
        if dpia.state is State.IMPORTED:
            dpia.state = State.DRAFT
    flash(_("Was die DSFA schon sagt, ist übernommen. Bitte prüfen und ergänzen Sie es."), "success")
    return redirect(
        url_for("entries.edit", slug=Dpia.slug, number=number, _anchor="part-fundamental_rights")
        if not wanted
        else url_for("entries.show", slug=Dpia.slug, number=number, _anchor="step-fundamental_rights")
    )


_NO_HIGH_RISK = Text(
    "Keine der Verarbeitungstätigkeiten setzt Hochrisiko-KI ein.",
    "None of the processing activities uses high-risk AI.",
)
