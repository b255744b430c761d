"""The reference documents of an information domain in the browser, and what an audit would miss."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assessments.grundschutz.audit_checklist import Point, checklist
from assessments.grundschutz.audits import Audit
from assessments.grundschutz.briefing import briefing, signals
from assessments.grundschutz.controls import uses_of
from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.kompendium import edition_2023
from assessments.grundschutz.policies import Policy
from assessments.grundschutz.unused import exclude, unused_modules
from compliance.access import Permission, may_do, visible
from compliance.database import today
from compliance.entry import State
from compliance.errors import NotFound
from compliance.language import Text
from compliance.web.entries import find
from compliance.web.printing import chosen_format, printed, sent
from compliance.web.site import language, me, reading, writing
from exports.reference_papers import ReferencePaper, papers_of
from exports.reports.management import WORDS

bp = Blueprint("reference_papers", __name__, url_prefix="/grundschutz/<int:number>/papers")


@bp.get("/")
def show(number: int) -> str:
    """Every paper with both formats, the traffic lights, and what an auditor would miss."""
    with reading() as session:
        domain = _domain(session, number)
        found = briefing(session, domain, today())
        return render_template(
            "audits/papers.html",
            domain=domain,
            papers=papers_of(domain),
            uses=uses_of(session, domain),
            audits=_audits(session, domain),
            signals=signals(found, today()),
            signal_words={tone: word[language()] for tone, word in WORDS.items()},
            points=[
                (point, address_of(point, domain)) for point in checklist(session, domain, found, today())
            ],
            may_export=may_do(me(), Permission.EXPORT, domain),
        )


@bp.get("/<key>.<extension>")
def paper(number: int, key: str, extension: str) -> Response:
    """One paper of the domain, from one snapshot."""
    chosen = chosen_format(extension)
    with reading() as session:
        domain = _domain(session, number, Permission.EXPORT)
        wanted = _paper(domain, key)
        document = printed(key, session, entry=domain)
        return sent(document, chosen, f"{domain.designation}-{wanted.number or wanted.title[language()]}")


def _audits(session: Session, domain: InformationDomain) -> list[Audit]:
    query = select(Audit).where(Audit.domain_id == domain.id, Audit.state != State.ENDED)
    return list(session.scalars(visible(query.order_by(Audit.number), me(), Audit)))


def _domain(session: Session, number: int, permission: Permission = Permission.VIEW) -> InformationDomain:
    found: InformationDomain = find(session, InformationDomain, number, permission)
    return found


def _paper(domain: InformationDomain, key: str) -> ReferencePaper:
    for one in papers_of(domain):
        if one.key == key:
            return one
    raise NotFound(_NO_PAPER)


def address_of(point: Point, domain: InformationDomain) -> str:
    """Where what *point* misses is put right."""
    match point.key:
        case "policies":
            return url_for("entries.index", slug=Policy.slug)
        case "audits":
            return url_for("entries.index", slug=Audit.slug)
        case "risks":
            return url_for("security_risks.overview", number=domain.number)
        case "controls":
            return url_for("control_check.catalogues_of", number=domain.number)
        case "unused":
            return url_for("reference_papers.unused", number=domain.number)
        case _:
            return url_for("entries.show", slug=InformationDomain.slug, number=domain.number)


# --- Modules that are not used -------------------------------------------------------------------


@bp.route("/unused", methods=["GET", "POST"])
def unused(number: int) -> str | Response:
    """The modules that are applied nowhere, each with a reason; one reason may serve many."""
    if request.method == "GET":
        with reading() as session:
            domain = _domain(session, number)
            found = unused_modules(session, domain)
            groups = {
                layer: [each for each in found if each.module.layer == layer.id]
                for layer in edition_2023().layers
            }
            return render_template(
                "audits/unused.html",
                domain=domain,
                groups={layer: group for layer, group in groups.items() if group},
                count=len(found),
                unexplained=sum(not each.reason for each in found),
                may_edit=may_do(me(), Permission.EDIT, domain),
            )
    with writing() as session:
        domain = _domain(session, number, Permission.EDIT)
        changed = exclude(session, domain, _reasons(), by=me())
    message = ngettext(
        "%(num)s Begründung ist gespeichert.", "%(num)s Begründungen sind gespeichert.", changed
    )
    flash(message, "success")
    return redirect(url_for("reference_papers.unused", number=number))


def _reasons() -> dict[str, str]:
    """What was written for each module; those that were ticked get the common reason."""
    common = request.form.get("common", "")
    written = {
        name.removeprefix("reason:"): text
        for name, text in request.form.items()
        if name.startswith("reason:")
    }
    return written | (dict.fromkeys(request.form.getlist("same"), common) if common.strip() else {})


_NO_PAPER: Final = Text(
    "Dieses Dokument gibt es für den Informationsverbund nicht.",
    "The information domain has no such document.",
)
