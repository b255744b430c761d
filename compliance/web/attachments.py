"""Attaching files to an entry, fetching and removing them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import BinaryIO, cast
from urllib.parse import quote

from flask import Blueprint, Response, flash, jsonify, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as BaseResponse

from compliance.access import Permission
from compliance.attachments import attach, attachment_of, detach, discard, take_in
from compliance.errors import Refused
from compliance.language import Text
from compliance.web.entries import find
from compliance.web.site import actor, language, me, reading, site, writing

bp = Blueprint("attachments", __name__, url_prefix="/registers/<slug>/<int:number>/files")


@bp.post("/")
def add(slug: str, number: int) -> BaseResponse | tuple[Response, int]:
    """Attaches every file that was sent and can be taken; says of each other one why not."""
    with reading() as session:
        find(session, site().register(slug), number, Permission.EDIT)
    files = [file for file in request.files.getlist("file") if file.filename]
    refused = [] if files else [_NOTHING]
    for file in files:
        try:
            _add(slug, number, file)
        except Refused as error:
            refused.append(error.text)
    return _answer(slug, number, len(files) - len(refused) if files else 0, refused)


def _add(slug: str, number: int, file: FileStorage) -> None:
    stream = cast(BinaryIO, file.stream)
    taken = take_in(site().vault, me().organisation_id, file.filename or "", stream)
    with writing() as session:
        entry = find(session, site().register(slug), number, Permission.EDIT)
        attach(session, site().vault, entry, taken, stream, by=me())


def _answer(
    slug: str, number: int, added: int, refused: Sequence[Text]
) -> BaseResponse | tuple[Response, int]:
    """What a script hears, and what a form shows on the page of the entry."""
    if added:
        said = ngettext("%(num)s Datei ist angehängt.", "%(num)s Dateien sind angehängt.", added)
        flash(said, "success")
    if request.accept_mimetypes.best == "application/json":
        reasons = [text[language()] for text in refused]
        return jsonify(added=added, refused=reasons), 422 if reasons else 200
    for text in refused:
        flash(text[language()], "danger")
    return _back(slug, number)


def _back(slug: str, number: int) -> BaseResponse:
    return redirect(url_for("entries.show", slug=slug, number=number, _anchor="files"))


@bp.get("/<identity>")
def fetch(slug: str, number: int, identity: str) -> Response:
    """The file, to be saved and never to be shown in the place of a page."""
    with reading() as session:
        entry = find(session, site().register(slug), number)
        attachment = attachment_of(session, entry, identity)
    chunks = site().vault.read(attachment.kept)
    # The first chunk is opened now, so that what cannot be read is an error page and not half a file.
    first = next(chunks, b"")
    response = Response(itertools.chain([first], chunks), content_type=attachment.mimetype)
    if attachment.size is not None:
        response.content_length = attachment.size
    response.headers["Content-Disposition"] = _disposition(attachment.name)
    return response


def _disposition(name: str) -> str:
    """The header by which a browser saves a file under *name* (RFC 6266)."""
    plain = "".join(c if c.isascii() and c not in '"\\%' else "_" for c in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


@bp.post("/<identity>/remove")
def remove(slug: str, number: int, identity: str) -> BaseResponse:
    """Takes a file away; its content is deleted when nothing refers to it any more."""
    with writing() as session:
        entry = find(session, site().register(slug), number, Permission.EDIT)
        attachment = attachment_of(session, entry, identity)
        name, kept = attachment.name, attachment.kept
        detach(session, entry, attachment, by=me())
    discard(site().database, site().vault, kept, actor=actor())
    flash(_("„%(name)s“ ist entfernt.", name=name), "success")
    return _back(slug, number)


_NOTHING = Text("Bitte wählen Sie eine Datei.", "Please choose a file.")
