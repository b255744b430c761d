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
from compliance.entry import everything
from compliance.errors import NotFound, Refused
from compliance.language import Text
from compliance.web.forms import EntryForm, form_class
from compliance.web.grundschutz import Talk, assignment_at, check_page
from compliance.web.site import language, me, reading, writing

bp = Blueprint("check_interviews", __name__, url_prefix="/grundschutz/<int:number>/<identity>/interview")

NAMES: Final = ("held_on", "participants", "recorded_by", "notes")


@bp.post("")
def record(number: int, identity: str) -> Response | tuple[str, int]:
    """Records an interview about the module, and about others of the same place that are ticked."""
    return _stored(number, identity)


@bp.post("/<interview>")
def correct(number: int, identity: str, interview: str) -> Response | tuple[str, int]:
    """Corrects what was written down about an interview."""
    return _stored(number, identity, interview)


def _stored(number: int, identity: str, interview: str = "") -> Response | tuple[str, int]:
    """Keeps what was sent about the interview with that id, or a new one; else the page again as it was."""
    form = form_class(CheckInterview)(request.form, prefix=f"{interview}-" if interview else "")
    form.validate()
    try:
        with writing() as session:
            assignment = assignment_at(session, number, identity)
            chosen = _kept(session, assignment, interview, _said(form))
    except Refused as refusal:
        with reading() as session:
            assignment = assignment_at(session, number, identity)
            talk = Talk(form, interview, refusal.text[language()])
            return check_page(session, assignment, talk=talk), 422
    flash(_("Das Gespräch ist festgehalten."), "success")
    return redirect(url_for("grundschutz.check", number=number, identity=identity, interview=chosen))


def _kept(session: Session, assignment: Assignment, interview: str, said: Interview) -> str:
    """Stores *said*; returns the id of the interview."""
    if interview:
        correct_interview(interview_called(session, assignment, as_id(interview)), said, by=me())
        return interview
    others = _others(session, assignment, request.form.getlist("also"))
    held = record_interview(session, [assignment, *others], said, by=me())
    session.flush()
    return held.id.hex


def as_id(text: str) -> uuid.UUID:
    """The id in an address or a form. Raises :class:`NotFound`."""
    try:
        return uuid.UUID(hex=text)
    except ValueError as error:
        raise NotFound(_GONE) from error


def _said(form: EntryForm) -> Interview:
    """What *form* says. Raises :class:`Refused` where something is not to be read."""
    if any(form[name].errors for name in NAMES):
        raise Refused(_UNREADABLE)
    held_on, participants, recorded_by, notes = (form[name].data for name in NAMES)
    return Interview(held_on, participants or "", recorded_by or "", notes or "")


def _others(session: Session, assignment: Assignment, ids: list[str]) -> list[Assignment]:
    """The ticked modules of the same domain, whole."""
    wanted = {as_id(each) for each in ids} - {assignment.id}
    query = select(Assignment).where(Assignment.id.in_(wanted), Assignment.domain_id == assignment.domain_id)
    return list(session.scalars(query.options(*everything(Assignment)))) if wanted else []


_GONE: Final = Text(
    "Was Sie ausgewählt haben, gibt es nicht mehr.", "What you chose does not exist any more."
)
_UNREADABLE: Final = Text(
    "Eine Angabe zum Gespräch war nicht zu lesen.", "An entry about the interview could not be read."
)
