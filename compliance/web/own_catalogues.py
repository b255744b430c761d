"""Own catalogues and profiles from a table, in the browser: nothing is kept before somebody has seen it."""

from __future__ import annotations

import base64
import csv
import io
import json
import zlib
from datetime import timedelta
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from sqlalchemy import delete, or_
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.kompendium import EDITION
from assessments.grundschutz.kompendium_oscal import TITLE
from assessments.grundschutz.library import control_catalogues, import_oscal
from assessments.grundschutz.oscal_profile import Source
from assessments.grundschutz.own_catalogues import MOST_SHOWN, Draft, draft, template
from compliance.access import Permission, demand
from compliance.database import now
from compliance.errors import Refused
from compliance.fields import tidy_line
from compliance.language import Text
from compliance.web.catalogue_files import shown_catalogue
from compliance.web.kept import find_own
from compliance.web.roundtrip import EditedFile
from compliance.web.site import actor, language, me, reading, site, writing
from registers.importing.archive import LARGEST_FILE

bp = Blueprint("own_catalogues", __name__, url_prefix="/catalogues/own")

_LASTS: Final = timedelta(days=3)
_PLACE: Final = "catalogues/own"
"""What tables are kept under between preview and import."""
OWN: Final = "own"
"""In the form: the table holds requirements of its own and chooses from no catalogue."""


@bp.get("/")
def show() -> str:
    """The place where a table is sent."""
    demand(me(), Permission.IMPORT, InformationDomain)
    return _page()


def _page(problem: str = "", refused: Draft | None = None) -> str:
    with reading() as session:
        choices = [(EDITION, TITLE), *((each.short, str(each)) for each in control_catalogues(session))]
    return render_template(
        "catalogues/own.html",
        choices=choices,
        own=OWN,
        problem=problem,
        refused=refused,
        most_shown=MOST_SHOWN,
        sent=request.form,
    )


@bp.get("/template.csv")
def modules() -> Response:
    """All modules of the Kompendium, to enter the levels of those that are chosen."""
    demand(me(), Permission.IMPORT, InformationDomain)
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";").writerows(template(language()))
    # The mark lets Excel read the umlauts.
    data = io.BytesIO(out.getvalue().encode("utf-8-sig"))
    return send_file(data, mimetype="text/csv", as_attachment=True, download_name=_FILE[language()])


@bp.post("/")
def upload() -> Response | tuple[str, int]:
    """Takes a table and leads to its preview, or names every mistake in it."""
    demand(me(), Permission.IMPORT, InformationDomain)
    try:
        with writing() as session:
            found = _drafted(session)
            if found.mistakes:
                return _page(refused=found), 422
            _clear(session)
            kept = EditedFile(
                organisation_id=me().organisation_id,
                person_id=me().person_id,
                register=_PLACE,
                content=_packed(found),
            )
            session.add(kept)
            session.flush()
            return redirect(url_for(".preview", identity=kept.id.hex))
    except Refused as refusal:
        return _page(refusal.text[language()]), 422


def _drafted(session: Session) -> Draft:
    file = request.files.get("file")
    if file is None or not file.filename:
        raise Refused(_NO_FILE)
    chosen = request.form.get("from", EDITION)
    return draft(
        session,
        file.read(LARGEST_FILE + 1),
        tidy_line(file.filename)[-200:],
        title=request.form.get("title", "")[:200],
        edition=request.form.get("edition", "")[:60],
        choose_from="" if chosen == OWN else chosen,
    )


def _packed(found: Draft) -> bytes:
    said = {
        "title": found.title,
        "edition": found.edition,
        "content": base64.b64encode(found.content).decode(),
        "is_profile": found.is_profile,
        "counts": found.counts,
        "skipped": found.skipped,
    }
    return zlib.compress(json.dumps(said).encode())


def _unpacked(content: bytes) -> Draft:
    said = json.loads(zlib.decompress(content))
    counts = tuple((name, count) for name, count in said.pop("counts"))
    return Draft(content=base64.b64decode(said.pop("content")), counts=counts, **said)


def _clear(session: Session) -> None:
    """Removes what the person sent here before, and what anybody left lying."""
    mine = (EditedFile.person_id == me().person_id) & (EditedFile.register == _PLACE)
    session.execute(delete(EditedFile).where(or_(mine, EditedFile.at < now() - _LASTS)))


def _mine(session: Session, identity: str) -> EditedFile:
    return find_own(session, EditedFile, _PLACE, identity, _GONE)


@bp.get("/<identity>")
def preview(identity: str) -> str:
    """What the table would become."""
    demand(me(), Permission.IMPORT, InformationDomain)
    with reading() as session:
        found = _unpacked(_mine(session, identity).content)
    return render_template("catalogues/own_preview.html", draft=found, identity=identity)


@bp.post("/<identity>/apply")
def apply(identity: str) -> Response:
    """Makes a catalogue of the table."""
    demand(me(), Permission.IMPORT, InformationDomain)
    with reading() as session:
        found = _unpacked(_mine(session, identity).content)
    result = import_oscal(site().database, Source(found.file_name, found.content), actor=actor())
    with writing() as session:
        session.delete(_mine(session, identity))
    return shown_catalogue(result)


@bp.post("/<identity>/discard")
def discard(identity: str) -> Response:
    """Forgets the table."""
    demand(me(), Permission.IMPORT, InformationDomain)
    with writing() as session:
        session.delete(_mine(session, identity))
    flash(_("Die Datei ist verworfen; es wurde nichts geändert."), "success")
    return redirect(url_for("catalogues.index"))


_FILE: Final = Text("bausteine-auswahl.csv", "choice-of-modules.csv")
_NO_FILE: Final = Text("Bitte wählen Sie eine Datei.", "Please choose a file.")
_GONE: Final = Text(
    "Diese Vorschau gibt es nicht mehr. Laden Sie die Datei bitte noch einmal hoch.",
    "This preview no longer exists. Please upload the file again.",
)
