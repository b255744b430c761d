"""Speaking about an entry, and saying that what was asked is done."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from compliance.comments import change_comment, comment_of, delete_comment, finish, write_comment
from compliance.web.entries import find
from compliance.web.site import me, site, writing

bp = Blueprint("comments", __name__, url_prefix="/registers/<slug>/<int:number>/comments")


@bp.post("/")
def write(slug: str, number: int) -> Response:
    """Says something about the entry, perhaps to somebody."""
    with _entry(slug, number) as (session, entry):
        text, mention = request.form.get("text", ""), request.form.get("mention", "")
        write_comment(session, entry, text, mention, by=me())
    flash(_("Der Kommentar ist gespeichert."), "success")
    return _back(slug, number)


@bp.post("/<identity>/edit")
def edit(slug: str, number: int, identity: str) -> Response:
    """Puts another text in place of what one wrote a moment ago."""
    with _entry(slug, number) as (session, entry):
        comment = comment_of(session, entry, identity)
        change_comment(session, entry, comment, request.form.get("text", ""), by=me())
    flash(_("Der Kommentar ist geändert."), "success")
    return _back(slug, number)


@bp.post("/<identity>/delete")
def delete(slug: str, number: int, identity: str) -> Response:
    """Takes back what one wrote a moment ago."""
    with _entry(slug, number) as (session, entry):
        delete_comment(session, entry, comment_of(session, entry, identity), by=me())
    flash(_("Der Kommentar ist gelöscht."), "success")
    return _back(slug, number)


@bp.post("/mentions/<identity>/done")
def done(slug: str, number: int, identity: str) -> Response:
    """Takes off one's desk what a comment asked."""
    with _entry(slug, number) as (session, entry):
        finish(session, entry, identity, by=me())
    flash(_("Erledigt."), "success")
    return redirect(url_for("start.start")) if request.form.get("back") == "start" else _back(slug, number)


@contextmanager
def _entry(slug: str, number: int) -> Iterator[tuple[Session, Any]]:
    with writing() as session:
        yield session, find(session, site().register(slug), number)


def _back(slug: str, number: int) -> Response:
    return redirect(url_for("entries.show", slug=slug, number=number, _anchor="comments"))
