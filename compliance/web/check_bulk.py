"""One answer for many: several requirements of a module, or one requirement at several places.

What is ticked is filled in once, looked at, and only then stored. Whatever somebody
else has answered between the two stays as it is.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assessments.grundschutz.check import (
    Given,
    RequirementAnswer,
    SheetRow,
    Status,
    answer_across,
    answer_in_bulk,
    check_sheet,
    preview_rows,
    rows_across,
)
from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.kompendium import edition_2023
from compliance.access import Permission, may_see
from compliance.errors import NotFound, Refused
from compliance.fields import fields
from compliance.language import Text
from compliance.web.entries import find
from compliance.web.forms import EntryForm, form_class
from compliance.web.grundschutz import STATUSES, answerable_at, given_in_form
from compliance.web.site import language, me, reading, writing

bp = Blueprint("check_bulk", __name__, url_prefix="/grundschutz/<int:number>")


@dataclass(frozen=True)
class Matter:
    """What can be answered together on one page."""

    domain: InformationDomain
    title: str
    about: str
    """What stands in all of it: the place and module, or the requirement."""
    back: str
    """Address of the page it belongs to."""
    rows: Mapping[str, SheetRow]
    """What can be ticked, by the key that the form sends."""
    labels: Mapping[str, str]
    store: Callable[[Session, Sequence[str], Given], int]
    """Stores the answer for the keys; returns how many changed."""


Find = Callable[[Session], Matter]


@bp.route("/<identity>/bulk", methods=["GET", "POST"])
def module(number: int, identity: str) -> str | Response | tuple[str, int]:
    """Several requirements of one module."""

    def found(session: Session) -> Matter:
        assignment = answerable_at(session, number, identity)
        rows = {row.requirement.id: row for row in check_sheet(session, assignment).rows if _is_own(row)}
        title = edition_2023().module(assignment.module_id).title
        return Matter(
            assignment.domain,
            _("Mehrere Anforderungen beantworten"),
            f"{assignment.module_id} {title}, {assignment.target or assignment.domain}",
            url_for("grundschutz.check", number=number, identity=identity),
            rows,
            {key: f"{key} {row.requirement.title}" for key, row in rows.items()},
            lambda session, keys, given: len(answer_in_bulk(session, assignment, keys, given, by=me())),
        )

    return _page(found)


@bp.route("/requirements/<requirement_id>", methods=["GET", "POST"])
def requirement(number: int, requirement_id: str) -> str | Response | tuple[str, int]:
    """The same requirement at several places."""

    def found(session: Session) -> Matter:
        domain: InformationDomain = find(session, InformationDomain, number, Permission.EDIT)
        places = [each for each in rows_across(session, domain, requirement_id) if _is_own(each.row)]
        if not places:
            raise NotFound(_NOT_ASKED.format(requirement=requirement_id))
        first = places[0]
        return Matter(
            domain,
            _("Eine Anforderung an mehreren Stellen beantworten"),
            f"{requirement_id} {first.row.requirement.title}",
            url_for(
                "grundschutz.check",
                number=number,
                identity=request.values.get("from") or first.assignment.id.hex,
                _anchor=requirement_id,
            ),
            {each.assignment.id.hex: each.row for each in places},
            {each.assignment.id.hex: str(each.assignment.target or domain) for each in places},
            lambda session, keys, given: len(
                answer_across(
                    session, domain, requirement_id, {uuid.UUID(hex=key) for key in keys}, given, by=me()
                )
            ),
        )

    return _page(found)


def _is_own(row: SheetRow) -> bool:
    return row.borrowed is None or not row.borrowed.read_only


# --- Filled in, looked at, stored ----------------------------------------------------------------


def _page(found: Find) -> str | Response | tuple[str, int]:
    form = form_class(RequirementAnswer)(request.form if request.method == "POST" else None)
    if request.method == "GET":
        with reading() as session:
            return _shown(found(session), form)
    if not form.validate() or form["status"].data in (None, Status.OPEN) or not _ticked():
        problem = "" if form.errors else (_NO_STATUS if _ticked() else _NOTHING_TICKED)[language()]
        with reading() as session:
            return _shown(found(session), form, problem=problem), 422
    try:
        if request.form.get("do") == "apply":
            return _stored(found, given_in_form(form))
        with reading() as session:
            return _shown(found(session), form, given=given_in_form(form))
    except Refused as refusal:
        with reading() as session:
            return _shown(found(session), form, problem=refusal.text[language()]), 422


def _shown(matter: Matter, form: EntryForm, *, problem: str = "", given: Given | None = None) -> str:
    ticked = _ticked() if request.method == "POST" else _still_open(matter)
    foreseen = (
        preview_rows([matter.rows[key] for key in ticked if key in matter.rows], given) if given else None
    )
    keys = {row.id: key for key, row in matter.rows.items()}
    return render_template(
        "assessments/grundschutz/bulk.html",
        domain=matter.domain,
        may_look_around=may_see(me(), matter.domain),
        matter=matter,
        ticked=set(ticked),
        form=form,
        preview=foreseen,
        keys_of=keys,
        statuses=tuple(status for status in STATUSES if status is not Status.OPEN),
        specs=fields(RequirementAnswer),
        problem=problem,
    )


def _ticked() -> list[str]:
    return list(dict.fromkeys(request.form.getlist("requirement")))


def _still_open(matter: Matter) -> list[str]:
    return [key for key, row in matter.rows.items() if row.given.status is Status.OPEN]


def _stored(found: Find, given: Given) -> Response:
    """Answers what was previewed, except what somebody has answered meanwhile."""
    with writing() as session:
        matter = found(session)
        wanted = [key for key in _ticked() if key in matter.rows]
        fresh = [
            key for key in wanted if str(matter.rows[key].version) == request.form.get(f"seen-{key}", "0")
        ]
        count = matter.store(session, fresh, given) if fresh else 0
    flash(
        ngettext("%(num)s Anforderung ist beantwortet.", "%(num)s Anforderungen sind beantwortet.", count),
        "success",
    )
    if skipped := len(wanted) - len(fresh):
        flash(
            ngettext(
                "%(num)s Anforderung hat inzwischen jemand anderes beantwortet; sie bleibt, wie sie ist.",
                "%(num)s Anforderungen hat inzwischen jemand anderes beantwortet; sie bleiben, wie sie sind.",
                skipped,
            ),
            "warning",
        )
    return redirect(matter.back)


_NO_STATUS: Final = Text(
    "Bitte wählen Sie, was für die angekreuzten Anforderungen gilt.",
    "Please choose what holds for the ticked requirements.",
)
_NOTHING_TICKED: Final = Text(
    "Kreuzen Sie an, wofür die Antwort gelten soll.", "Tick what the answer shall hold for."
)
_NOT_ASKED: Final = Text(
    "Die Anforderung {requirement} wird in diesem Informationsverbund nirgends hier beantwortet.",
    "The requirement {requirement} is answered nowhere in this information domain.",
)
