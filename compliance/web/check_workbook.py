"""The IT-Grundschutz check as a workbook: it leaves to be filled in, comes back, and is looked at first."""

from __future__ import annotations

from io import BytesIO
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response

from assessments.grundschutz import check_book
from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.progress import overview
from compliance.access import Permission, demand
from compliance.database import now
from compliance.errors import Refused
from compliance.language import Text
from compliance.web.check_interviews import as_id
from compliance.web.entries import find
from compliance.web.roundtrip import (
    EditedFile,
    decided,
    keep,
    kept_file,
    previewed,
    received,
    rights_about,
)
from compliance.web.site import language, me, reading, writing
from exports.check_workbook import write
from exports.editable import Purpose
from exports.formats import FORMATS
from registers.importing.roundtrip import Decisions, Plan, unpacked

bp = Blueprint("check_workbook", __name__, url_prefix="/grundschutz/<int:number>")


def _domain(session: Session, number: int) -> InformationDomain:
    """The domain, if the person may take its check out and change it."""
    found: InformationDomain = find(session, InformationDomain, number, Permission.EDIT)
    demand(me(), Permission.EXPORT, found)
    return found


@bp.get("/workbook.xlsx")
def workbook(number: int) -> Response:
    """The check, or that of one module, to be filled in."""
    rights = rights_about(InformationDomain)
    purpose = Purpose(me().organisation, me().organisation_id, now(), language(), rights.edits, rights.sees)
    out = BytesIO()
    with reading() as session:
        domain = _domain(session, number)
        wanted = request.args.get("assignment", "")
        write(session, domain, purpose, out, as_id(wanted) if wanted else None)
        name = _FILE_NAME.format(domain=domain.designation)[language()]
    out.seek(0)
    return send_file(out, mimetype=FORMATS["xlsx"].media_type, as_attachment=True, download_name=name)


@bp.route("/workbook", methods=["GET", "POST"])
def upload(number: int) -> str | Response | tuple[str, int]:
    """Offers the workbook, and takes one that was filled in to its preview."""
    if request.method == "GET":
        return _upload_page(number)
    try:
        book = received()
        with writing() as session:
            domain = _domain(session, number)
            # Refuses files about something else before anything is kept.
            check_book.plan(session, domain, book, rights_about(InformationDomain))
            kept = keep(session, check_book.register_of(domain), book)
            return redirect(url_for(".preview", number=number, identity=kept.id.hex))
    except Refused as error:
        flash(error.text[language()], "danger")
        return _upload_page(number), 422


def _upload_page(number: int) -> str:
    with reading() as session:
        domain = _domain(session, number)
        assigned = [each for each in overview(session, domain) if each.relevant]
        return render_template("assessments/grundschutz/workbook.html", domain=domain, assigned=assigned)


@bp.get("/workbook/<identity>")
def preview(number: int, identity: str) -> str:
    """Every changed answer, beside what is stored now where somebody else changed it too."""
    with reading() as session:
        domain = _domain(session, number)
        kept = kept_file(session, check_book.register_of(domain), identity)
        plan = _planned(session, domain, kept)
        everything = Decisions(frozenset(revision.key for revision in plan.ready))
        return _preview_page(domain, kept, plan, everything)


def _planned(session: Session, domain: InformationDomain, kept: EditedFile) -> Plan:
    return check_book.plan(session, domain, unpacked(kept.content), rights_about(InformationDomain))


def _preview_page(domain: InformationDomain, kept: EditedFile, plan: Plan, decisions: Decisions) -> str:
    return render_template(
        "assessments/grundschutz/workbook_preview.html",
        domain=domain,
        model=InformationDomain,
        kept=kept,
        **previewed(plan, decisions),
    )


@bp.post("/workbook/<identity>/apply")
def apply(number: int, identity: str) -> Response | tuple[str, int]:
    """Stores what was chosen of what was previewed, unless answers changed in between."""
    try:
        with writing() as session:
            domain = _domain(session, number)
            kept = kept_file(session, check_book.register_of(domain), identity)
            plan = _planned(session, domain, kept)
            if plan.fingerprint() != request.form.get("fingerprint"):
                return _preview_again(number, identity)
            decisions = decided(plan)
            if decisions.undecided(plan):
                return _preview_page(domain, kept, plan, decisions), 422
            count = check_book.carry_out(session, domain, plan, decisions, by=me())
            session.delete(kept)
    except StaleDataError:
        return _preview_again(number, identity)
    flash(
        ngettext(
            "%(num)s Antwort ist aus „%(file)s“ übernommen.",
            "%(num)s Antworten sind aus „%(file)s“ übernommen.",
            count,
            file=plan.file,
        ),
        "success",
    )
    return redirect(url_for("entries.show", slug=InformationDomain.slug, number=number))


def _preview_again(number: int, identity: str) -> Response:
    flash(_("Inzwischen wurden Antworten geändert. Bitte prüfen Sie die neue Vorschau."), "warning")
    return redirect(url_for(".preview", number=number, identity=identity))


@bp.post("/workbook/<identity>/discard")
def discard(number: int, identity: str) -> Response:
    """Forgets the file."""
    with writing() as session:
        domain = _domain(session, number)
        session.delete(kept_file(session, check_book.register_of(domain), identity))
    flash(_("Die Datei ist verworfen; es wurde nichts geändert."), "success")
    return redirect(url_for(".upload", number=number))


_FILE_NAME: Final = Text("{domain}-Check.xlsx", "{domain}-check.xlsx")
