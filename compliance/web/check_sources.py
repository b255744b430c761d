"""Answers taken over from elsewhere, in the browser: offered with their day, let go, and renewed."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assessments.grundschutz import borrowing
from assessments.grundschutz.borrowing import (
    offers,
    process_answers,
    settle_by_process,
    stale_answers,
    take_over,
)
from assessments.grundschutz.check import RequirementAnswer, Status, check_sheet, stored_answers
from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.kompendium import edition_2023
from assessments.grundschutz.modelling import load_assignment
from compliance.access import Permission, may_do, may_see
from compliance.errors import NotFound, Refused
from compliance.fields import fields
from compliance.language import Text
from compliance.web.check_interviews import as_id
from compliance.web.entries import find
from compliance.web.grundschutz import assignment_at
from compliance.web.site import me, reading, writing

bp = Blueprint("check_sources", __name__, url_prefix="/grundschutz/<int:number>")


@bp.get("/<identity>/sources")
def choose(number: int, identity: str) -> str:
    """Where answers to the module can be taken over from."""
    with reading() as session:
        assignment = assignment_at(session, number, identity)
        sheet = check_sheet(session, assignment)
        asked = [row.requirement.id for row in sheet.rows]
        return render_template(
            "assessments/grundschutz/sources.html",
            domain=assignment.domain,
            assignment=assignment,
            sheet=sheet,
            rows={row.requirement.id: row for row in sheet.rows},
            offers=offers(session, assignment, asked, by=me()),
            processes=process_answers(session, assignment.domain),
            requirement=edition_2023().requirement,
            open_status=Status.OPEN,
            specs=fields(RequirementAnswer),
        )


@bp.post("/<identity>/sources")
def take(number: int, identity: str) -> Response:
    """Takes over what is ticked of one source."""
    with writing() as session:
        assignment = assignment_at(session, number, identity)
        wanted = request.form.getlist("requirement")
        if not wanted:
            raise Refused(_NOTHING_CHOSEN)
        if process := request.form.get("process", ""):
            taken = settle_by_process(session, assignment, wanted, as_id(process), by=me())
        else:
            other = load_assignment(session, as_id(request.form.get("from", "")))
            if not may_see(me(), other.domain):
                raise NotFound(_GONE)
            taken = take_over(session, assignment, other, wanted, by=me())
    flash(
        ngettext("%(num)s Antwort ist übernommen.", "%(num)s Antworten sind übernommen.", len(taken)),
        "success",
    )
    return redirect(url_for("grundschutz.check", number=number, identity=identity))


@bp.post("/<identity>/sources/<requirement_id>/let-go")
def let_go(number: int, identity: str, requirement_id: str) -> Response:
    """Makes a borrowed answer an own one."""
    with writing() as session:
        borrowing.let_go(_borrowed(session, number, identity, requirement_id), by=me())
    flash(_("%(requirement)s wird jetzt hier beantwortet.", requirement=requirement_id), "success")
    return _at(number, identity, requirement_id)


@bp.post("/<identity>/sources/<requirement_id>/renew")
def renew(number: int, identity: str, requirement_id: str) -> Response:
    """Takes over what the source says by now."""
    with writing() as session:
        borrowing.renew(session, [_borrowed(session, number, identity, requirement_id)], by=me())
    flash(_("%(requirement)s ist auf dem Stand der Quelle.", requirement=requirement_id), "success")
    return _at(number, identity, requirement_id)


def _borrowed(session: Session, number: int, identity: str, requirement_id: str) -> RequirementAnswer:
    assignment = assignment_at(session, number, identity)
    found = stored_answers(session, assignment, [requirement_id]).get(requirement_id)
    if found is None or found.borrowed_from_id is None:
        raise NotFound(_GONE)
    return found


def _at(number: int, identity: str, requirement_id: str) -> Response:
    return redirect(url_for("grundschutz.check", number=number, identity=identity, _anchor=requirement_id))


# --- What is out of date in the whole domain -----------------------------------------------------


@bp.get("/stale")
def stale(number: int) -> str:
    """Every answer whose source has changed since, with what it says now."""
    with reading() as session:
        domain = find(session, InformationDomain, number)
        return render_template(
            "assessments/grundschutz/stale.html",
            domain=domain,
            answers=stale_answers(session, domain),
            requirement=edition_2023().requirement,
            open_status=Status.OPEN,
            may_edit=may_do(me(), Permission.EDIT, domain),
        )


@bp.post("/stale")
def renew_all(number: int) -> Response:
    """Takes over again what is ticked."""
    wanted = {as_id(each) for each in request.form.getlist("answer")}
    with writing() as session:
        domain = find(session, InformationDomain, number, Permission.EDIT)
        answers = [each for each in stale_answers(session, domain) if each.id in wanted]
        count = borrowing.renew(session, answers, by=me())
    flash(ngettext("%(num)s Antwort ist erneuert.", "%(num)s Antworten sind erneuert.", count), "success")
    return redirect(url_for(".stale", number=number))


_GONE: Final = Text("Diese Übernahme gibt es nicht.", "There is nothing taken over like this.")
_NOTHING_CHOSEN: Final = Text(
    "Kreuzen Sie an, für welche Anforderungen die Antwort gelten soll.",
    "Tick the requirements for which the answer shall hold.",
)
