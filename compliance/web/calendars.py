"""Deadlines as a calendar feed (iCalendar, RFC 5545) at an address that only its person knows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy import delete
from werkzeug.wrappers import Response as BaseResponse

from compliance.agenda import AgendaItem, Desk, Matter, items, label_of
from compliance.crypto import new_token, token_hash
from compliance.database import now
from compliance.entry import Entry
from compliance.errors import NotFound
from compliance.language import Text
from compliance.people import CalendarFeed
from compliance.staff import Colleague, staff
from compliance.web.site import actor, me, site

bp = Blueprint("calendars", __name__)

MOST: Final = 1000


@bp.post("/account/calendar")
def renew() -> str:
    """Makes a new address and forgets the old one; it is shown once, because only its hash is kept."""
    token = new_token()
    with site().database.writing(actor=actor()) as session:
        session.execute(delete(CalendarFeed).where(*_mine()))
        session.add(
            CalendarFeed(
                token_hash=token_hash(token), person_id=me().person_id, organisation_id=me().organisation_id
            )
        )
    return render_template("login/calendar.html", address=url_for(".feed", token=token, _external=True))


@bp.post("/account/calendar/revoke")
def revoke() -> BaseResponse:
    """Makes the address useless."""
    with site().database.writing(actor=actor()) as session:
        session.execute(delete(CalendarFeed).where(*_mine()))
    flash(_("Die Kalenderadresse gilt nicht mehr."), "success")
    return redirect(url_for("account.account"))


def _mine() -> tuple[Any, ...]:
    return CalendarFeed.person_id == me().person_id, CalendarFeed.organisation_id == me().organisation_id


@bp.get("/calendar/<token>.ics")
def feed(token: str) -> Response:
    """What is due, for whoever knows the address."""
    with site().database.reading() as session:
        known = session.get(CalendarFeed, token_hash(token))
    found = staff(site().database, known.organisation_id, known.person_id) if known else []
    if not found:
        raise NotFound(_NO_CALENDAR)
    desk = Desk(found[0].identity, site().registers)
    with site().database.reading(found[0].identity.organisation_id) as session:
        due = [desk.of(matter) for matter in _DATED]
        content = _calendar(found[0], items(session, *due, limit=MOST))
    return Response(content, mimetype="text/calendar")


_DATED: Final = (Matter.CLOCK, Matter.DUE, Matter.TASK, Matter.ASKED, Matter.ROUND)


def _calendar(colleague: Colleague, due: Sequence[AgendaItem]) -> bytes:
    import icalendar  # noqa: PLC0415 -- heavy, and needed by this page alone

    language = colleague.identity.language
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Nachweis//DE")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"Nachweis {colleague.identity.organisation}")
    calendar.add("refresh-interval", timedelta(hours=12))
    for item in due:
        calendar.add_component(_event(icalendar.Event(), item, site().registers[item.register], language))
    return bytes(calendar.to_ical())


def _event(event: Any, item: AgendaItem, model: type[Entry], language: str) -> Any:
    label = label_of(item, model)[language]
    event.add("uid", f"{item.entry_id.hex}-{item.matter}-{item.what}@nachweis")
    event.add("dtstamp", now())
    event.add("summary", f"{model.designate(item.number)} {item.name}: {label}")
    if item.moment is not None:
        event.add("dtstart", item.moment)
    else:
        event.add("dtstart", item.day)
        event.add("transp", "TRANSPARENT")
    event.add("url", url_for("entries.show", slug=item.register, number=item.number, _external=True))
    return event


_NO_CALENDAR = Text("Diesen Kalender gibt es nicht.", "There is no such calendar.")
