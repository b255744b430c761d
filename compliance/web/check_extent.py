"""What the IT-Grundschutz check of a domain asks: everything by its approach, or what a profile names."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.kompendium import Level
from assessments.grundschutz.library import ControlCatalogue, control_catalogue
from assessments.grundschutz.narrowing import is_narrowing, narrow, preview, profiles, widen
from compliance.access import Permission, may, may_do
from compliance.errors import Refused
from compliance.language import Text
from compliance.web.entries import find
from compliance.web.site import me, reading, writing

bp = Blueprint("check_extent", __name__, url_prefix="/grundschutz")


@bp.get("/<int:number>/extent")
def show(number: int) -> str:
    """What decides now, and what a profile would change."""
    with reading() as session:
        domain = _domain(session, number)
        found = profiles(session)
        named = request.args.get("profile", "")
        current = next((each for each in found if each.sha256 == domain.profile_sha256), None)
        wanted = _profile(session, named) if named else current
        return render_template(
            "assessments/grundschutz/extent.html",
            domain=domain,
            profiles=found,
            current=current,
            wanted=wanted,
            newer=_newer(found, current),
            narrowed=preview(session, domain, wanted) if wanted else None,
            levels=tuple(Level),
            may_edit=may_do(me(), Permission.EDIT, domain),
            may_import=may(me(), Permission.IMPORT, InformationDomain.area),
        )


def _newer(found: list[ControlCatalogue], current: ControlCatalogue | None) -> ControlCatalogue | None:
    """A version of the chosen profile that was published after it."""
    return next(
        (
            each
            for each in found
            if current and each.title == current.title and each.edition > current.edition
        ),
        None,
    )


@bp.post("/<int:number>/extent")
def choose(number: int) -> Response:
    """Lets a profile decide, or none."""
    named = request.form.get("profile", "")
    with writing() as session:
        domain = _domain(session, number, Permission.EDIT)
        if named:
            header = _profile(session, named)
            narrow(session, domain, header, by=me())
            said = _("Der Check fragt jetzt, was „%(profile)s“ vorsieht.", profile=header.title)
        else:
            widen(domain, by=me())
            said = _("Über den Umfang des Checks entscheidet wieder die Vorgehensweise.")
    flash(said, "success")
    return redirect(url_for("entries.show", slug=InformationDomain.slug, number=number))


def _profile(session: Session, short: str) -> ControlCatalogue:
    header = control_catalogue(session, short)
    if not is_narrowing(session, header):
        raise Refused(_NO_PROFILE.format(name=str(header)))
    return header


def _domain(session: Session, number: int, permission: Permission = Permission.VIEW) -> InformationDomain:
    found: InformationDomain = find(session, InformationDomain, number, permission)
    return found


_NO_PROFILE: Final = Text(
    "„{name}“ ist kein Profil, das aus dem IT-Grundschutz-Kompendium auswählt.",
    "“{name}” is no profile that chooses from the IT-Grundschutz-Kompendium.",
)
