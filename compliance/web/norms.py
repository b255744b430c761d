"""The library of legal norms: what taking it over would do, and the links that follow from what is typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response

from compliance.access import Permission, demand, may_do, visible
from compliance.database import today
from compliance.entry import State, everything
from compliance.errors import Outdated
from compliance.fields import fields
from compliance.language import Text
from compliance.people import Organisation
from compliance.web.entries import find
from compliance.web.site import me, reading, writing
from registers.library import Shelfmark, compare, covers, library, shipped_for, take_over
from registers.norms import Norm
from registers.processing import ProcessingActivity
from registers.recognition import shelf
from registers.services import Service

bp = Blueprint("norms", __name__, url_prefix="/registers")

CONFIRM = "confirm"
LINK = "link"
"""What the journal calls the two steps below."""


# --- The shipped library -------------------------------------------------------------------------


@bp.get("/norms/library")
def library_page() -> str:
    """What taking over the library would do, with every difference."""
    demand(me(), Permission.IMPORT, Norm)
    with reading() as session:
        land = _land(session)
        return render_template(
            "norms/library.html",
            model=Norm,
            plan=compare(session, shipped_for(land)),
            specs=fields(Norm),
            marks=_marks(land),
            land=land,
            covered=covers(land),
        )


@bp.post("/norms/library")
def load_library() -> Response:
    """Takes over what the library says anew."""
    demand(me(), Permission.IMPORT, Norm)
    with writing() as session:
        plan = compare(session, shipped_for(_land(session)))
        take_over(session, plan)
    said = _(
        "Bibliothek übernommen: %(new)s neu, %(renewed)s aktualisiert, %(kept)s belassen.",
        new=len(plan.new),
        renewed=len(plan.renewed),
        kept=len(plan.kept),
    )
    flash(said, "success")
    return redirect(url_for("entries.index", slug=Norm.slug))


def _land(session: Session) -> str:
    query = select(Organisation.land).where(Organisation.id == me().organisation_id)
    return session.scalar(query) or ""


def _marks(land: str) -> list[Shelfmark]:
    names = ("union", "bund", land.lower())
    return [library()[name] for name in names if name in library()]


# --- Confirming the norms of an activity ---------------------------------------------------------


@bp.post("/processing-activities/<int:number>/norms/confirm")
def confirm(number: int) -> Response:
    """Notes that the department checked today what the activity rests on."""
    try:
        with writing() as session:
            activity = find(session, ProcessingActivity, number, Permission.EDIT)
            session.info["action"] = CONFIRM
            activity.norms_confirmed_on = today()
    except StaleDataError as error:
        raise Outdated(_OUTDATED) from error
    flash(_("Die Vorschriften von %(entry)s sind bestätigt.", entry=activity.designation), "success")
    return redirect(url_for("entries.show", slug=ProcessingActivity.slug, number=number))


# --- Services by their key -----------------------------------------------------------------------


@dataclass(frozen=True)
class Match:
    """An activity that gives the key of a service without being linked to it."""

    activity: ProcessingActivity
    service: Service


@bp.get("/services/matching")
def matching_page() -> str:
    """The activities that give the key of a service, to be linked to it."""
    demand(me(), Permission.EDIT, ProcessingActivity)
    demand(me(), Permission.VIEW, Service)
    with reading() as session:
        return render_template("services/matching.html", model=Service, matches=_matches(session))


@bp.post("/services/matching")
def match() -> Response:
    """Links the chosen activities to the services whose keys they give."""
    demand(me(), Permission.EDIT, ProcessingActivity)
    chosen = set(request.form.getlist("activity"))
    try:
        with writing() as session:
            session.info["action"] = LINK
            found = [one for one in _matches(session) if one.activity.id.hex in chosen]
            for one in found:
                one.activity.services = [*one.activity.services, one.service]
    except StaleDataError as error:
        raise Outdated(_OUTDATED) from error
    said = ngettext(
        "%(num)s Verarbeitungstätigkeit verknüpft.", "%(num)s Verarbeitungstätigkeiten verknüpft.", len(found)
    )
    flash(said, "success")
    return redirect(url_for("entries.index", slug=Service.slug, rule="SRV-001"))


def _matches(session: Session) -> Sequence[Match]:
    known = shelf(session)
    query = select(ProcessingActivity).where(
        ProcessingActivity.service_key != "", ProcessingActivity.state != State.ENDED
    )
    query = visible(query, me(), ProcessingActivity).order_by(ProcessingActivity.number)
    activities = session.scalars(query.options(*everything(ProcessingActivity)))
    pairs = ((activity, known.service_of(activity)) for activity in activities)
    return [
        Match(activity, service)
        for activity, service in pairs
        if service is not None
        and service not in activity.services
        and may_do(me(), Permission.EDIT, activity)
    ]


_OUTDATED = Text(
    "Der Eintrag wurde inzwischen von jemand anderem geändert.",
    "The entry was changed by somebody else in the meantime.",
)
