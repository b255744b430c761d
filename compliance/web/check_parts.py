"""The statements of one requirement in the browser, each with an answer of its own."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assessments.grundschutz.check import Sheet, SheetRow, Status, check_sheet
from assessments.grundschutz.check_parts import answer_parts, overall, parts_of, statements
from compliance.access import may_see
from compliance.errors import NotFound
from compliance.language import Text
from compliance.web.grundschutz import STATUSES, answerable_at, read_version
from compliance.web.site import me, reading, writing

bp = Blueprint("check_parts", __name__, url_prefix="/grundschutz/<int:number>/<identity>/parts")


@bp.get("/<requirement_id>")
def show(number: int, identity: str, requirement_id: str) -> str:
    """Each statement with its answer; only where the wordings have been imported."""
    with reading() as session:
        sheet, row = _row(session, number, identity, requirement_id)
        stored = parts_of(session, sheet.assignment, requirement_id)
        said = [stored[place].status if place in stored else None for place in _places(row)]
        return render_template(
            "assessments/grundschutz/parts.html",
            domain=sheet.assignment.domain,
            assignment=sheet.assignment,
            may_look_around=may_see(me(), sheet.assignment.domain),
            row=row,
            statements=statements(row.requirement.text),
            stored=stored,
            statuses=STATUSES,
            follows=overall([status or Status.OPEN for status in said]),
        )


@bp.post("/<requirement_id>")
def save(number: int, identity: str, requirement_id: str) -> Response:
    """Stores the answers to all statements, and what follows for the requirement if that is wanted."""
    with writing() as session:
        sheet, row = _row(session, number, identity, requirement_id)
        given = {
            place: (_status(request.form.get(f"status-{place}", "")), request.form.get(f"remark-{place}", ""))
            for place in _places(row)
        }
        settles = request.form.get("settles") == "yes"
        version = read_version(request.form.get("version", ""))
        answer_parts(
            session, sheet.assignment, requirement_id, given, settles=settles, by=me(), version=version
        )
    flash(
        _("Die Teilanforderungen von %(requirement)s sind gespeichert.", requirement=requirement_id),
        "success",
    )
    return redirect(url_for("grundschutz.check", number=number, identity=identity, _anchor=requirement_id))


def _row(session: Session, number: int, identity: str, requirement_id: str) -> tuple[Sheet, SheetRow]:
    sheet = check_sheet(session, answerable_at(session, number, identity))
    for row in sheet.rows:
        if row.requirement.id == requirement_id and statements(row.requirement.text):
            return sheet, row
    raise NotFound(_NO_STATEMENTS.format(requirement=requirement_id))


def _places(row: SheetRow) -> range:
    return range(1, len(statements(row.requirement.text)) + 1)


def _status(name: str) -> Status:
    return Status.__members__.get(name, Status.OPEN)


_NO_STATEMENTS: Final = Text(
    "Zu {requirement} sind keine Teilanforderungen bekannt; der Anforderungstext ist nicht eingelesen.",
    "No statements of {requirement} are known; the text of the requirement has not been imported.",
)
