"""Everything that leaves the house through the browser: the present view or one entry, in any format."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from io import BytesIO
from typing import Any

from flask import Blueprint, request, send_file
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from compliance.access import Permission, demand
from compliance.database import now
from compliance.entry import Entry
from compliance.errors import NotFound
from compliance.language import Text
from compliance.web.entries import filters_of, find
from compliance.web.listing import View, matching_ids
from compliance.web.site import language, me, reading, site
from exports.catalogue import REPORTS, Issuer, document_of, full_report
from exports.document import Document
from exports.exchange import EXCHANGES, Exchange
from exports.formats import FORMATS, Format
from exports.papers import PAPERS, Order

bp = Blueprint("printing", __name__, url_prefix="/registers/<slug>")


@bp.get("/export.<extension>")
def listing(slug: str, extension: str) -> Response:
    """The present view of a register, all its pages."""
    model = site().register(slug)
    demand(me(), Permission.EXPORT, model)
    chosen = chosen_format(extension)
    view = View.from_address(model, request.args)
    with reading() as session:
        ids = matching_ids(session, model, view, me())
        document = document_of(session, model, ids, issuer(), view=_in_words(session, model, view))
        return sent(document, chosen, slug)


@bp.get("/report.pdf")
def report(slug: str) -> Response:
    """The entries of the present view in full, such as the whole record under Art. 30 (1) or (2) GDPR."""
    model = site().register(slug)
    demand(me(), Permission.EXPORT, model)
    view = View.from_address(model, request.args)
    with reading() as session:
        ids = matching_ids(session, model, view, me())
        if not ids:
            raise NotFound(_NOTHING)
        return sent(full_report(session, model, ids, issuer(), site().judge), FORMATS["pdf"], slug)


@bp.get("/<int:number>/export.<extension>")
def entry(slug: str, number: int, extension: str) -> Response:
    """One entry in full, by the report of its register where there is one, or for another tool."""
    model = site().register(slug)
    if special := EXCHANGES.get(model, {}).get(extension):
        return _for_another_tool(model, number, special)
    chosen = chosen_format(extension)
    with reading() as session:
        found = find(session, model, number, Permission.EXPORT)
        return sent(_report(session, model, [found.id], chosen), chosen, found.designation)


def _for_another_tool(model: type[Entry], number: int, special: Exchange) -> Response:
    with reading() as session:
        found = find(session, model, number, Permission.EXPORT)
        content = special.encode(session, found.id, me().organisation)
        name = f"{found.designation}{special.ending}"
    return send_file(BytesIO(content), mimetype=special.media_type, as_attachment=True, download_name=name)


def _report(session: Session, model: type[Entry], ids: Sequence[uuid.UUID], chosen: Format) -> Document:
    """Paper holds the entry in full; what is read by machines keeps the columns of the register."""
    if model in REPORTS or chosen is FORMATS["pdf"]:
        return full_report(session, model, ids, issuer(), site().judge)
    return document_of(session, model, ids, issuer())


def chosen_format(name: str) -> Format:
    """The format with that file extension. Raises :class:`NotFound`."""
    try:
        return FORMATS[name]
    except KeyError as error:
        raise NotFound(_NO_FORMAT) from error


def printed(name: str, session: Session, **order: Any) -> Document:
    """The paper that is called *name* on the command line, as :class:`exports.papers.Order` says."""
    return PAPERS[name].write(Order(session, issuer(), site().judge, **order))


def issuer() -> Issuer:
    """On whose behalf the page prints, now."""
    return Issuer(me().organisation, now(), language())


def _in_words(session: Session, model: type[Entry], view: View) -> str:
    """The view as a sentence for the cover, in the words that stand above the list."""
    said = [_SEARCHED[language()].format(words=view.search)] if view.search else []
    for known in filters_of(session, model):
        chosen = view.chosen(known.name)
        said += [f"{known.label}: {label}" for value, label in known.options if value == chosen]
    return _VIEW[language()].format(said=", ".join(said)) if said else ""


def sent(document: Document, chosen: Format, name: str) -> Response:
    """The *document* as a file called *name*."""
    out = BytesIO()
    chosen.write(document, out)
    out.seek(0)
    return send_file(
        out,
        mimetype=chosen.media_type,
        as_attachment=True,
        download_name=f"{name}.{chosen.extension}",
    )


_NOTHING = Text("Zu dieser Auswahl gibt es keine Einträge.", "There are no entries for this selection.")
_NO_FORMAT = Text("Dieses Format gibt es nicht.", "There is no such format.")
_VIEW = Text("Auswahl: {said}", "Selection: {said}")
_SEARCHED = Text("„{words}“", "“{words}”")
