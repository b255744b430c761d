"""Deciding what everybody may see of an activity: the page of the controller's delegate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session, object_session
from werkzeug.wrappers import Response

from compliance.access import Permission, may_do
from compliance.advice import opinions
from compliance.entry import State
from compliance.people import public_name_of
from compliance.web.entries import find
from compliance.web.site import language, me, reading, writing
from registers.authority import authority_of
from registers.processing import ProcessingActivity
from registers.publication import (
    Publication,
    PublicField,
    extract_of,
    has_changed,
    publication_of,
    publish,
    withdraw,
)

bp = Blueprint("publishing", __name__, url_prefix="/publications")


@dataclass(frozen=True)
class Choice:
    """One kind of statement that can be published, with what it would say now."""

    field: PublicField
    lines: Sequence[str]
    chosen: bool


@dataclass(frozen=True)
class Standing:
    """Whether an activity is public, and whether what the public sees still is what the record says."""

    decision: Publication | None
    is_public: bool
    changed: bool
    address: str
    """Of the public page; empty while the register is switched off or the activity is not public."""


_PROPOSED: Final = frozenset(PublicField)
"""What is ticked before the first decision: everything that Art. 30 (1) records and people may ask for."""


@bp.get("/<int:number>")
def show(number: int) -> str:
    """What would be published, what is published, and the recommendation of the officer."""
    with reading() as session:
        activity = find(session, ProcessingActivity, number)
        authority = authority_of(session)
        now_public = standing(session, activity)
        shown = now_public.decision.shown if now_public.decision else _PROPOSED
        details = extract_of(activity, authority, tuple(PublicField))["details"]
        return render_template(
            "publishing/show.html",
            activity=activity,
            standing=now_public,
            choices=[Choice(field, details[field.name][language()], field in shown) for field in PublicField],
            opinions=opinions(session, activity)[:1],
            switched_on=public_name_of(session, me().organisation_id) != "",
            is_released=activity.state is State.RELEASED,
            may_decide=may_do(me(), Permission.RELEASE, activity),
        )


@bp.post("/<int:number>")
def decide(number: int) -> Response:
    """Publishes the chosen statements as they are now."""
    names = set(request.form.getlist("shown"))
    shown = [field for field in PublicField if field.name in names]
    with writing() as session:
        activity = find(session, ProcessingActivity, number)
        publish(session, activity, authority_of(session), shown, by=me())
    flash(_("%(entry)s ist veröffentlicht.", entry=activity.designation), "success")
    return redirect(url_for(".show", number=number))


@bp.post("/<int:number>/withdraw")
def take_back(number: int) -> Response:
    """Takes the activity out of the public register."""
    with writing() as session:
        activity = find(session, ProcessingActivity, number)
        withdraw(session, activity, by=me())
    flash(_("%(entry)s ist nicht mehr öffentlich.", entry=activity.designation), "success")
    return redirect(url_for(".show", number=number))


def standing(session: Session, activity: ProcessingActivity) -> Standing:
    """How the public sees *activity*."""
    decision = publication_of(session, activity)
    if decision is None or decision.withdrawn_on is not None or activity.state is State.ENDED:
        return Standing(decision, is_public=False, changed=False, address="")
    name = public_name_of(session, me().organisation_id)
    address = url_for("public.entry", organisation=name, number=activity.number) if name else ""
    changed = has_changed(decision, activity, authority_of(session))
    return Standing(decision, is_public=True, changed=changed, address=address)


@bp.app_template_global("publication_about")
def publication_about(activity: ProcessingActivity) -> Standing:
    """The same for a page that shows *activity*."""
    session = object_session(activity)
    assert session is not None  # noqa: S101 -- pages show stored things only
    return standing(session, activity)
