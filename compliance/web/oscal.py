"""An information domain in OSCAL in the browser: four documents that leave, and those that come back."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import delete, or_
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.kompendium import edition_2023
from assessments.grundschutz.oscal import MAX_BYTES, document
from assessments.grundschutz.oscal_takeover import Plan, take_over
from compliance.access import Permission, may_do
from compliance.database import now
from compliance.errors import Refused
from compliance.fields import shown
from compliance.language import Text
from compliance.web.entries import find
from compliance.web.kept import find_own
from compliance.web.roundtrip import EditedFile
from compliance.web.site import language, me, reading, writing
from exports.oscal import PAPERS, Paper, missing
from exports.oscal.comparing import preview as foresee

bp = Blueprint("oscal", __name__, url_prefix="/grundschutz/<int:number>/oscal")

_LASTS: Final = timedelta(days=3)
_SHOWN: Final = 200
"""So many changes the preview shows one by one."""


@dataclass(frozen=True)
class Offered:
    """One document, or why there is nothing to say in it yet."""

    kind: str
    paper: Paper
    missing: Text | None = None


@bp.get("/")
def show(number: int) -> str:
    """The documents of the domain, and the place where they come back."""
    with reading() as session:
        return _page(session, _domain(session, number))


def _page(session: Session, domain: InformationDomain, problem: str = "") -> str:
    return render_template(
        "assessments/grundschutz/oscal/index.html",
        domain=domain,
        slug=InformationDomain.slug,
        offered=list(_offered(session, domain)),
        may_export=may_do(me(), Permission.EXPORT, domain),
        may_edit=may_do(me(), Permission.EDIT, domain),
        problem=problem,
    )


def _offered(session: Session, domain: InformationDomain) -> list[Offered]:
    why = missing(session, domain)
    return [Offered(kind, paper, why[kind]) for kind, paper in PAPERS.items()]


def _domain(session: Session, number: int, permission: Permission = Permission.VIEW) -> InformationDomain:
    found: InformationDomain = find(session, InformationDomain, number, permission)
    return found


# --- Documents come back -------------------------------------------------------------------------


@bp.post("/")
def upload(number: int) -> Response | tuple[str, int]:
    """Takes a document that was exported and leads to its preview."""
    try:
        with writing() as session:
            domain = _domain(session, number, Permission.EDIT)
            data = _received()
            # Refuses what cannot be read before anything is kept.
            _foreseen(session, domain, data)
            _clear(session, domain)
            kept = EditedFile(
                organisation_id=me().organisation_id,
                person_id=me().person_id,
                register=_place(domain),
                content=zlib.compress(data),
            )
            session.add(kept)
            session.flush()
            return redirect(url_for(".preview", number=number, identity=kept.id.hex))
    except Refused as refusal:
        with reading() as session:
            return _page(session, _domain(session, number, Permission.EDIT), refusal.text[language()]), 422


def _received() -> bytes:
    file = request.files.get("file")
    if file is None or not file.filename:
        raise Refused(_NO_FILE)
    content: bytes = file.read(MAX_BYTES + 1)
    return content


def _place(domain: InformationDomain) -> str:
    """What files for this domain are kept under."""
    return f"{InformationDomain.slug}/oscal/{domain.number}"


def _clear(session: Session, domain: InformationDomain) -> None:
    """Removes what the person sent here before, and what anybody left lying."""
    mine = (EditedFile.person_id == me().person_id) & (EditedFile.register == _place(domain))
    session.execute(delete(EditedFile).where(or_(mine, EditedFile.at < now() - _LASTS)))


@bp.get("/<identity>")
def preview(number: int, identity: str) -> str:
    """Every answer that would change, beside what is stored now."""
    with reading() as session:
        domain = _domain(session, number, Permission.EDIT)
        planned = _planned(session, domain, _mine(session, domain, identity))
        return render_template(
            "assessments/grundschutz/oscal/preview.html",
            domain=domain,
            identity=identity,
            plan=planned,
            shown=planned.changed[:_SHOWN],
            rest=len(planned.changed[_SHOWN:]),
            titles={each.id: each.title for each in edition_2023().requirements},
            fingerprint=_fingerprint(planned),
            written=shown,
        )


def _mine(session: Session, domain: InformationDomain, identity: str) -> EditedFile:
    return find_own(session, EditedFile, _place(domain), identity, _GONE)


def _planned(session: Session, domain: InformationDomain, kept: EditedFile) -> Plan:
    return _foreseen(session, domain, zlib.decompress(kept.content))


def _foreseen(session: Session, domain: InformationDomain, data: bytes) -> Plan:
    return foresee(session, domain, me().organisation, document(data))


def _fingerprint(planned: Plan) -> str:
    """Changes when what is stored changes in between."""
    said = [[each.outcome.control, each.outcome.place, repr(each.before)] for each in planned.changed]
    said += [[each.module, each.place, ""] for each in planned.modules]
    said += [[each.told.called, "", repr(each.before)] for each in planned.measures.changes]
    return f"{zlib.crc32(json.dumps(said).encode()):08x}"


@bp.post("/<identity>/apply")
def apply(number: int, identity: str) -> Response:
    """Takes over what was previewed, unless answers changed in between."""
    with writing() as session:
        domain = _domain(session, number, Permission.EDIT)
        kept = _mine(session, domain, identity)
        planned = _planned(session, domain, kept)
        if _fingerprint(planned) != request.form.get("fingerprint"):
            flash(_("Inzwischen wurden Antworten geändert. Bitte prüfen Sie die neue Vorschau."), "warning")
            return redirect(url_for(".preview", number=number, identity=identity))
        take_over(session, domain, planned, by=me())
        session.delete(kept)
    flash(_taken(planned), "success")
    return redirect(url_for("entries.show", slug=InformationDomain.slug, number=number))


def _taken(planned: Plan) -> str:
    answers, measures = len(planned.changed), len(planned.measures.changes)
    said: str = ngettext("%(num)s Antwort ist übernommen.", "%(num)s Antworten sind übernommen.", answers)
    if not measures:
        return said
    more: str = ngettext("%(num)s Maßnahme ist übernommen.", "%(num)s Maßnahmen sind übernommen.", measures)
    return f"{said} {more}" if answers else more


@bp.post("/<identity>/discard")
def discard(number: int, identity: str) -> Response:
    """Forgets the file."""
    with writing() as session:
        session.delete(_mine(session, _domain(session, number, Permission.EDIT), identity))
    flash(_("Die Datei ist verworfen; es wurde nichts geändert."), "success")
    return redirect(url_for(".show", number=number))


_NO_FILE: Final = Text("Bitte wählen Sie eine Datei.", "Please choose a file.")
_GONE: Final = Text(
    "Diese Vorschau gibt es nicht mehr. Laden Sie die Datei bitte noch einmal hoch.",
    "This preview no longer exists. Please upload the file again.",
)
