"""Pre-scans that arrived: taking them on, declining them, and the address at which they are begun."""

from __future__ import annotations

from typing import Any, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assessments.dpia import prescan_access as access
from assessments.dpia.prescan import PreScan
from assessments.dpia.prescan_outcome import MOST_ACTIVITIES, decline, indication, take_on
from assessments.dpia.prescan_questions import about_people
from compliance.access import Permission, may, may_do
from compliance.entry import Area
from compliance.errors import Forbidden, NotFound
from compliance.language import Text
from compliance.web.entries import find
from compliance.web.prescans import INDICATIONS
from compliance.web.site import me, site, writing
from registers.projects import Project

bp = Blueprint("prescan_inbox", __name__, url_prefix="/pre-scans")


def about_prescan(_session: Session, scan: PreScan) -> dict[str, Any]:
    """What the page of a pre-scan shows beside its answers."""
    return {
        "may_receive": scan.waits and may_do(me(), Permission.RECEIVE, scan),
        "indication": INDICATIONS[indication(scan)],
        "about_people": about_people(scan),
        "most_activities": MOST_ACTIVITIES,
    }


@bp.post("/<int:number>/take")
def take(number: int) -> Response:
    """Makes a project and drafts of it."""
    with writing() as session:
        scan = find(session, PreScan, number)
        session.info["action"] = "take on"
        project = take_on(session, scan, request.form.get("activities", "").splitlines(), by=me())
        said = _("%(scan)s ist angenommen als %(project)s.", scan=scan.designation, project=project)
    flash(said, "success")
    return redirect(url_for("entries.show", slug=Project.slug, number=project.number))


@bp.post("/<int:number>/decline")
def turn_down(number: int) -> Response:
    """Ends it with a reason."""
    with writing() as session:
        scan = find(session, PreScan, number)
        session.info["action"] = "decline"
        decline(session, scan, request.form.get("reason", ""), by=me())
    flash(_("%(scan)s wird nicht weiterverfolgt.", scan=scan.designation), "success")
    return redirect(url_for("entries.show", slug=PreScan.slug, number=number))


# --- The address ---------------------------------------------------------------------------------


@bp.app_template_global("may_share_prescans")
def may_share() -> bool:
    """Whether the person decides that people without an account may begin a pre-scan."""
    return may(me(), Permission.EDIT, Area.AUTHORITY)


@bp.get("/link")
def link() -> str:
    """The address to hand on, or that there is none."""
    _demand_sharing()
    with site().database.reading() as session:
        found = access.link_of(session, me().organisation_id)
        token = access.token_of(session, found) if found else ""
    path = url_for("prescans.begin", token=token) if token else ""
    base = site().settings.address.rstrip("/") or request.host_url.rstrip("/")
    return render_template("pre-scans/link.html", link=found, path=path, base=base, model=PreScan)


@bp.post("/link")
def renew_link() -> Response:
    """Makes a new address; the former one no longer works."""
    _demand_sharing()
    with writing() as session:
        access.open_link(session, me().organisation_id)
    flash(_("Die neue Adresse gilt ab sofort."), "success")
    return redirect(url_for(".link"))


@bp.post("/link/revoke")
def revoke_link() -> Response:
    """Makes the address useless."""
    _demand_sharing()
    with writing() as session:
        access.close_link(session, me().organisation_id)
    flash(_("Die Adresse gilt nicht mehr."), "success")
    return redirect(url_for(".link"))


def _demand_sharing() -> None:
    if not may(me(), Permission.VIEW, PreScan.area):
        raise NotFound(_NO_PAGE)
    if not may_share():
        raise Forbidden(_NOT_YOURS)


_NO_PAGE: Final = Text("Diese Seite gibt es nicht.", "There is no such page.")
_NOT_YOURS: Final = Text(
    "Die Adresse verwalten Datenschutzbeauftragte und Administration.",
    "The address is managed by the data protection officer and the administrators.",
)
