"""Answering for a finding at an entry: known deviations, findings set aside, and objections to them."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from compliance.deviations import Deviation, end_deviation, object_to, record_deviation
from compliance.errors import NotFound
from compliance.language import Text
from compliance.web.entries import find
from compliance.web.site import me, site, writing

bp = Blueprint("deviations", __name__, url_prefix="/registers/<slug>/<int:number>/deviations")


@bp.post("/")
def record(slug: str, number: int) -> Response:
    """Answers for every finding of one rule until a day."""
    with _entry(slug, number) as (session, entry):
        rule, reason = request.form.get("rule", ""), request.form.get("reason", "")
        record_deviation(session, entry, rule, reason, _day(request.form.get("until", "")), by=me())
    flash(_("Festgehalten. Die Feststellung bleibt sichtbar."), "success")
    return redirect(url_for("entries.show", slug=slug, number=number))


@bp.post("/<identity>/end")
def end(slug: str, number: int, identity: str) -> Response:
    """Stops answering for it."""
    with _entry(slug, number) as (session, entry):
        end_deviation(session, entry, _deviation(session, entry, identity), by=me())
    flash(_("Beendet. Die Feststellung ist wieder offen."), "success")
    return redirect(url_for("entries.show", slug=slug, number=number))


@bp.post("/<identity>/objection")
def disagree(slug: str, number: int, identity: str) -> Response:
    """Records that the data protection officer disagrees."""
    with _entry(slug, number) as (session, entry):
        text = request.form.get("text", "")
        object_to(session, entry, _deviation(session, entry, identity), text, by=me())
    flash(_("Der Einwand ist gespeichert."), "success")
    return redirect(url_for("entries.show", slug=slug, number=number))


@contextmanager
def _entry(slug: str, number: int) -> Iterator[tuple[Session, Any]]:
    with writing() as session:
        yield session, find(session, site().register(slug), number)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _deviation(session: Session, entry: Any, identity: str) -> Deviation:
    """The deviation, if it is one of *entry*. Raises :class:`NotFound`."""
    try:
        wanted = uuid.UUID(identity)
    except ValueError as error:
        raise NotFound(_GONE) from error
    query = select(Deviation).where(Deviation.id == wanted, Deviation.entry_id == entry.id)
    found = session.scalar(query)
    if found is None:
        raise NotFound(_GONE)
    return found


_GONE = Text("Diese Abweichung gibt es nicht.", "There is no such deviation.")
