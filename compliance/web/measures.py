"""The library of measures in the browser: taking in templates, and making one's own measure of one."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from compliance.access import Permission, demand, may
from compliance.errors import Refused
from compliance.fields import tidy_line
from compliance.language import Text
from compliance.web import plans
from compliance.web.entries import find
from compliance.web.site import language, me, writing
from registers.importing.sdm import (
    ATTRIBUTION,
    LibraryImport,
    SdmMeasure,
    import_generic,
    import_sdm,
    read_sdm,
)
from registers.measures import Measure, adopted

bp = Blueprint("measures", __name__, url_prefix=f"/registers/{Measure.slug}")


@bp.route("/library", methods=["GET", "POST"])
def library() -> str | Response | tuple[str, int]:
    """Takes in the files of the SDM, all of them or none."""
    demand(me(), Permission.IMPORT, Measure)
    if request.method == "GET":
        return _page()
    try:
        found = _received()
        with writing() as session:
            result = import_sdm(session, found)
    except Refused as error:
        flash(error.text[language()], "danger")
        return _page(), 422
    return _done(result)


@bp.post("/library/generic")
def generic() -> Response:
    """Takes in the generic measures that come with the program."""
    demand(me(), Permission.IMPORT, Measure)
    with writing() as session:
        result = import_generic(session)
    return _done(result)


def _page() -> str:
    return render_template("measures/library.html", model=Measure, attribution=ATTRIBUTION)


def _received() -> list[SdmMeasure]:
    files = [file for file in request.files.getlist("files") if file.filename]
    if not files:
        raise Refused(_NO_FILES)
    return [
        measure for file in files for measure in read_sdm(file.read(), tidy_line(file.filename or "")[-200:])
    ]


def _done(result: LibraryImport) -> Response:
    flash(
        _(
            "%(total)s Vorlagen: %(created)s neu, %(changed)s geändert, %(unchanged)s unverändert.",
            total=result.total,
            created=result.created,
            changed=result.changed,
            unchanged=result.unchanged,
        ),
        "success",
    )
    return redirect(url_for("entries.index", slug=Measure.slug, library="yes"))


@bp.post("/<int:number>/adopt")
def adopt(number: int) -> Response:
    """Makes a measure of the authority's own from a template."""
    demand(me(), Permission.CREATE, Measure)
    with writing() as session:
        template = find(session, Measure, number)
        if template.library is not True:
            raise Refused(_NO_TEMPLATE)
        own = adopted(template)
        session.add(own)
        session.flush()
        demand(me(), Permission.EDIT, own)
    flash(_("%(entry)s ist aus der Vorlage entstanden.", entry=own.designation), "success")
    return redirect(url_for("entries.edit", slug=Measure.slug, number=own.number))


def about_measure(session: Session, measure: Measure) -> dict[str, Any]:
    """What the page of *measure* shows beside its fields: whether it can be adopted, and who waits for it."""
    may_adopt = measure.library is True and may(me(), Permission.CREATE, Measure.area)
    return {"may_adopt": may_adopt, **plans.about(session, measure)}


_NO_FILES = Text("Bitte wählen Sie mindestens eine Datei.", "Please choose at least one file.")
_NO_TEMPLATE = Text("Das ist keine Vorlage.", "This is not a template.")
