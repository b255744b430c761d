"""Taking objects into an information domain in the browser: filter, tick or take all, and what is below."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.taking_in import take_in
from compliance.access import Permission, visible
from compliance.language import Text
from compliance.web.entries import filters_of, find
from compliance.web.listing import View, matching_ids, page_of
from compliance.web.sent import sent_view, ticked, view_words, whole_view
from compliance.web.site import language, me, reading, writing
from registers.objects import TargetObject

bp = Blueprint("taking_in", __name__, url_prefix="/grundschutz/<int:number>/objects")

_FILTERS: Final = ("unit", "kind", "state")


@bp.get("/")
def choose(number: int) -> str:
    """The objects of the organisation, those that belong to the domain marked."""
    view = View.from_address(TargetObject, request.args)
    with reading() as session:
        domain: InformationDomain = find(session, InformationDomain, number, Permission.EDIT)
        return render_template(
            "assessments/grundschutz/taking_in.html",
            domain=domain,
            model=TargetObject,
            view=view,
            view_words=view_words(view),
            listing=page_of(session, TargetObject, view, me()),
            filters=[each for each in filters_of(session, TargetObject) if each.name in _FILTERS],
            inside={one.number for one in domain.objects},
        )


@bp.post("/")
def take(number: int) -> Response:
    """Takes in what is ticked, or everything in the view."""
    with writing() as session:
        domain: InformationDomain = find(session, InformationDomain, number, Permission.EDIT)
        chosen = _chosen(session)
        if not chosen:
            flash(_NOTHING[language()], "danger")
            return redirect(f"{url_for('.choose', number=number)}?{view_words(sent_view(TargetObject))}")
        taken = take_in(session, domain, chosen, with_all_below="below" in request.form, by=me())
    said = ngettext(
        "%(num)s Zielobjekt ist aufgenommen.", "%(num)s Zielobjekte sind aufgenommen.", taken.chosen
    )
    if taken.below:
        said += " " + ngettext(
            "Dazu kommt %(num)s, auf dem sie beruhen.",
            "Dazu kommen %(num)s, auf denen sie beruhen.",
            taken.below,
        )
    flash(said, "success" if taken.chosen or taken.below else "info")
    return redirect(url_for("entries.show", slug=InformationDomain.slug, number=number))


def _chosen(session: Session) -> Sequence[uuid.UUID]:
    """The ids of what was chosen, as far as the person may see it."""
    if view := whole_view(TargetObject):
        return matching_ids(session, TargetObject, view, me())
    query = select(TargetObject.id).where(TargetObject.number.in_(ticked()))
    return session.scalars(visible(query, me(), TargetObject)).all()


_NOTHING: Final = Text(
    "Kreuzen Sie mindestens ein Zielobjekt an, oder wählen Sie alle dieser Ansicht.",
    "Tick at least one target object, or choose all of this view.",
)
