"""Interviews of the IT-Grundschutz check in the browser: recorded once for all modules they were about."""

from __future__ import annotations

import uuid
from typing import Final

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assessments.grundschutz.interviews import (
    CheckInterview,
    Interview,
    correct_interview,
    interview_called,
    record_interview,
)
from assessments.grundschutz.modelling import Assignment
from compliance.access import Permission
from compliance.entry import everything
from compliance.errors import NotFound, Refused
from compliance.language import Text
from compliance.web.forms import form_class
from compliance.web.grundschutz import assignment_at
from compliance.web.site import me, writing

bp = Blueprint("check_interviews", __name__, url_prefix="/grundschutz/<int:number>/<identity>/interview")

NAMES: Final = ("held_on", "participants", "recorded_by", "notes")


@bp.post("")
def record(number: int, identity: str) -> Response:
    """Records an interview about the module, and about others of the same place that are ticked."""
    interview = _sent()
    with writing() as session:
        assignment = assignment_at(session, number, identity, Permission.EDIT)
        others = _others(session, assignment, request.form.getlist("also"))
        held = record_interview(session, [assignment, *others], interview, by=me())
        session.flush()
        chosen = held.id.hex
    flash(_("Das Gespräch ist festgehalten."), "success")
    return redirect(url_for("grundschutz.check", number=number, identity=identity, interview=chosen))


@bp.post("/<interview>")
def correct(number: int, identity: str, interview: str) -> Response:
    """Corrects what was written down about an interview."""
    said = _sent(f"{interview}-")
    with writing() as session:
        assignment = assignment_at(session, number, identity, Permission.EDIT)
        correct_interview(interview_called(session, assignment, as_id(interview)), said, by=me())
    flash(_("Das Gespräch ist festgehalten."), "success")
    return redirect(url_for("grundschutz.check", number=number, identity=identity, interview=interview))


def as_id(text: str) -> uuid.UUID:
    """The id in an address or a form. Raises :class:`NotFound`."""
    try:
        return uuid.UUID(hex=text)
    except ValueError as error:
        raise NotFound(_GONE) from error


def _sent(prefix: str = "") -> Interview:
    form = form_class(CheckInterview)(request.form, prefix=prefix)
    form.validate()
    if problems := [message for name in NAMES for message in form[name].errors]:
        raise Refused(Text(" ".join(problems), " ".join(problems)))
    held_on, participants, recorded_by, notes = (form[name].data for name in NAMES)
    return Interview(held_on, participants or "", recorded_by or "", notes or "")


def _others(session: Session, assignment: Assignment, ids: list[str]) -> list[Assignment]:
    """The ticked modules of the same domain, whole."""
    wanted = {as_id(each) for each in ids} - {assignment.id}
    query = select(Assignment).where(Assignment.id.in_(wanted), Assignment.domain_id == assignment.domain_id)
    return list(session.scalars(query.options(*everything(Assignment)))) if wanted else []


_GONE: Final = Text("Dieses Gespräch gibt es nicht.", "There is no such interview.")
