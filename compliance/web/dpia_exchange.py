"""An impact assessment from a file, in three steps: upload, preview, and exactly what was previewed."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assessments.dpia.dpia import Dpia
from assessments.dpia.exchange.drafts import Draft, Fate
from assessments.dpia.exchange.importing import Author, carry_out, figures, link, read
from assessments.dpia.exchange.jsonfile import LARGEST, load
from compliance.access import Permission, demand, may_do, units_of
from compliance.database import now
from compliance.errors import NotFound, Refused
from compliance.fields import tidy_line
from compliance.language import Text
from compliance.people import Unit
from compliance.web.importing import Upload
from compliance.web.site import language, me, reading, writing

bp = Blueprint("dpia_exchange", __name__, url_prefix="/dpias/import")

_LASTS: Final = timedelta(days=1)


@bp.route("/", methods=["GET", "POST"])
def upload() -> str | Response | tuple[str, int]:
    """Takes a file, reads it and leads to its preview."""
    demand(me(), Permission.IMPORT, Dpia)
    if request.method == "GET":
        return _upload_page()
    try:
        name, content = _received()
    except Refused as error:
        flash(error.text[language()], "danger")
        return _upload_page(), 422
    with writing() as session:
        mine = (Upload.person_id == me().person_id) & (Upload.register == Dpia.slug)
        session.execute(delete(Upload).where(or_(mine, Upload.at < now() - _LASTS)))
        kept = Upload(
            organisation_id=me().organisation_id,
            person_id=me().person_id,
            register=Dpia.slug,
            name=name,
            content=content,
            targets="",
        )
        session.add(kept)
        session.flush()
        return redirect(url_for(".preview", identity=kept.id.hex))


def _upload_page() -> str:
    return render_template("dpias/import.html", model=Dpia, largest=LARGEST // 1024 // 1024)


def _received() -> tuple[str, bytes]:
    """The uploaded file, if it can be read. Raises :class:`Refused`."""
    file = request.files.get("file")
    if file is None or not file.filename:
        raise Refused(_NO_FILE)
    name = tidy_line(file.filename)[-200:]
    content = load(file.stream, name)
    read(content, name)
    return name, content


@bp.get("/<identity>")
def preview(identity: str) -> str:
    """Shows what would come in, and what has no field."""
    demand(me(), Permission.IMPORT, Dpia)
    with reading() as session:
        kept = _mine(session, identity)
        draft = _draft(session, kept)
        notices = {fate: [each for each in draft.notices if each.fate is fate] for fate in Fate}
        return render_template(
            "dpias/import_preview.html",
            model=Dpia,
            upload=kept,
            draft=draft,
            figures=figures(draft),
            notices={fate: found for fate, found in notices.items() if found},
        )


def _draft(session: Session, kept: Upload) -> Draft:
    draft = read(kept.content, kept.name)
    link(session, draft)
    return draft


def _mine(session: Session, identity: str) -> Upload:
    """The upload, if it is the person's own. Raises :class:`NotFound`."""
    try:
        wanted = uuid.UUID(identity)
    except ValueError as error:
        raise NotFound(_GONE) from error
    mine = (Upload.register == Dpia.slug, Upload.person_id == me().person_id)
    found = session.scalar(select(Upload).where(*mine, Upload.id == wanted))
    if found is None:
        raise NotFound(_GONE)
    return found


@bp.post("/<identity>/confirm")
def confirm(identity: str) -> Response:
    """Stores the assessment as it was previewed."""
    demand(me(), Permission.IMPORT, Dpia)
    with writing() as session:
        kept = _mine(session, identity)
        draft = _draft(session, kept)
        if not may_do(me(), Permission.IMPORT, draft.dpia):
            draft.dpia.unit = _own_unit(session)
        demand(me(), Permission.IMPORT, draft.dpia)
        stored = carry_out(session, draft, kept.name, Author(me().name, me().person_id))
        session.delete(kept)
        number = stored.number
    flash(_("Die Folgenabschätzung ist eingelesen; bitte prüfen Sie sie."), "success")
    return redirect(url_for("entries.show", slug=Dpia.slug, number=number))


def _own_unit(session: Session) -> Unit | None:
    """The topmost unit that the person works for; for who answers for some units only."""
    mine = units_of(me()) or frozenset()
    found = session.scalars(select(Unit).where(Unit.id.in_(mine)).order_by(Unit.key, Unit.id)).all()
    return next((unit for unit in found if unit.parent_id not in mine), None)


@bp.post("/<identity>/discard")
def discard(identity: str) -> Response:
    """Forgets the file."""
    demand(me(), Permission.IMPORT, Dpia)
    with writing() as session:
        session.delete(_mine(session, identity))
    flash(_("Der Import ist verworfen; es wurde nichts geändert."), "success")
    return redirect(url_for("entries.index", slug=Dpia.slug))


_NO_FILE = Text("Bitte wählen Sie eine Datei.", "Please choose a file.")
_GONE = Text(
    "Diese Vorschau gibt es nicht mehr. Laden Sie die Datei bitte noch einmal hoch.",
    "This preview no longer exists. Please upload the file again.",
)
