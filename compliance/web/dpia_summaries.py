"""Writing the public summary of an impact assessment, and deciding that everybody may read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session, object_session
from werkzeug.wrappers import Response

from assessments.dpia.dpia import Dpia
from assessments.dpia.prefill import sources_of
from assessments.dpia.public_proposal import proposed_summary
from assessments.dpia.public_summary import (
    RESULTS,
    TEXTS,
    DpiaPublication,
    changed_since_published,
    publication_of,
    publish,
    revealing,
    unpublishable,
    withdraw,
)
from assessments.dpia.settings import matrix_of
from assessments.dpia.threshold import analyses_of
from compliance.access import Permission, may_do
from compliance.advice import opinions
from compliance.errors import Outdated
from compliance.fields import Kind, fields, tidy
from compliance.people import Role, public_name_of
from compliance.web.dpia_changes import changing
from compliance.web.entries import find
from compliance.web.site import me, reading, writing
from registers.authority import authority_of
from registers.publication import officer_contact

bp = Blueprint("dpia_summaries", __name__, url_prefix="/dpias/<int:number>/public-summary")


@dataclass(frozen=True)
class Written:
    """One statement for the public: what stands there, or else what could."""

    name: str
    spec: Kind
    text: str
    proposed: str

    @property
    def is_proposal(self) -> bool:
        return not self.text and bool(self.proposed)


@dataclass(frozen=True)
class Standing:
    """Whether a summary is public, and whether what the public reads still is what the assessment says."""

    publication: DpiaPublication | None
    is_public: bool
    changed: bool
    address: str
    """Of the public page; empty while the register is switched off or the summary is not public."""


@bp.get("")
def show(number: int) -> str:
    """What everybody would read, what they read now, and the recommendation of the officer."""
    with reading() as session:
        return _page(session, find(session, Dpia, number))


@bp.post("")
def save(number: int) -> Response | tuple[str, int]:
    """Stores the texts. A page made for an older version is shown again with what was typed."""
    try:
        with changing(number) as (_session, dpia):
            for name in TEXTS:
                if name in request.form:
                    setattr(dpia, name, tidy(request.form[name]))
    except Outdated:
        with reading() as session:
            return _page(session, find(session, Dpia, number, Permission.EDIT), outdated=True), 409
    flash(_("Die Zusammenfassung ist gespeichert; öffentlich ist sie damit noch nicht."), "success")
    return redirect(url_for(".show", number=number))


@bp.post("/publish")
def decide(number: int) -> Response:
    """Lets everybody read the summary as it is now."""
    with writing() as session:
        dpia = find(session, Dpia, number)
        publish(session, dpia, authority_of(session), by=me())
    flash(_("%(entry)s ist veröffentlicht.", entry=dpia.designation), "success")
    return redirect(url_for(".show", number=number))


@bp.post("/withdraw")
def take_back(number: int) -> Response:
    """Takes the summary off the net."""
    with writing() as session:
        dpia = find(session, Dpia, number)
        withdraw(session, dpia, by=me())
    flash(_("%(entry)s ist nicht mehr öffentlich.", entry=dpia.designation), "success")
    return redirect(url_for(".show", number=number))


def _page(session: Session, dpia: Dpia, *, outdated: bool = False) -> str:
    written = _written(session, dpia)
    return render_template(
        "dpias/public_summary.html",
        dpia=dpia,
        written=written,
        outdated=outdated,
        standing=standing(session, dpia),
        result=RESULTS[dpia.decision] if dpia.decision else None,
        contact=officer_contact(authority_of(session)),
        opinions=opinions(session, dpia)[:1],
        revealed=_revealed(session, dpia, written),
        obstacle=unpublishable(dpia),
        switched_on=public_name_of(session, me().organisation_id) != "",
        may_edit=may_do(me(), Permission.EDIT, dpia),
        may_decide=may_do(me(), Permission.RELEASE, dpia) and Role.DSB not in me().roles,
    )


def _written(session: Session, dpia: Dpia) -> list[Written]:
    sources = sources_of(session, dpia)
    proposed = proposed_summary(dpia, sources, analyses_of(session, sources), matrix_of(session))
    specs = fields(Dpia)
    return [
        Written(name, specs[name], tidy(request.form.get(name, getattr(dpia, name))), proposed[name])
        for name in TEXTS
    ]


def _revealed(session: Session, dpia: Dpia, written: Sequence[Written]) -> Sequence[str]:
    return revealing(dpia, sources_of(session, dpia), [one.text for one in written])


def standing(session: Session, dpia: Dpia) -> Standing:
    """How the public sees *dpia*."""
    made = publication_of(session, dpia)
    if made is None or not made.stands(dpia):
        return Standing(made, is_public=False, changed=False, address="")
    name = public_name_of(session, me().organisation_id)
    address = url_for("public_assessments.show", organisation=name, number=dpia.number) if name else ""
    changed = bool(changed_since_published(made, dpia, authority_of(session)))
    return Standing(made, is_public=True, changed=changed, address=address)


@bp.app_template_global("public_summary_of")
def public_summary_of(dpia: Dpia) -> Standing:
    """The same for a page that shows *dpia*."""
    session = object_session(dpia)
    assert session is not None  # noqa: S101 -- pages show stored things only
    return standing(session, dpia)
