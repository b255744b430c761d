"""Security incidents: the clocks of NIS-2, and the one click to the register of breaches and back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from compliance.access import Permission, may, may_do, may_see
from compliance.database import now
from compliance.language import LOCAL_TIME, Text
from compliance.web.entries import find
from compliance.web.incidents import Clock, about_breach
from compliance.web.site import me, writing
from registers.breaches import Breach
from registers.handing_over import breach_of, incident_of, known_incident
from registers.incidents import (
    REPORTS,
    SecurityIncident,
    next_step_of,
)
from registers.nis2 import Terms, terms_on

bp = Blueprint("security_incidents", __name__)

_MINUTE = timedelta(minutes=1)
"""Moments are entered to the minute, and the last one is still in time."""


@dataclass(frozen=True)
class ReportClock:
    """One report that NIS-2 asks for, and how much time is left."""

    title: Text
    period: Text
    by: datetime | date
    sent: datetime | None
    clock: Clock | None
    """``None`` once the report is sent, or the case is closed."""

    @property
    def was_late(self) -> bool:
        """Whether it was sent after its period had ended."""
        return self.sent is not None and self.sent >= _moment(self.by) + _MINUTE


def clocks_of(incident: SecurityIncident, terms: Terms, moment: datetime) -> list[ReportClock]:
    """The reports that *incident* owes at *moment*; none where NIS-2 does not apply."""
    found = []
    for period in terms.periods:
        name, sent_name = REPORTS[period.stage]
        end, sent = getattr(incident, name), getattr(incident, sent_name)
        if end is not None:
            clock = None if incident.met(name) else Clock(_moment(end) - moment)
            found.append(ReportClock(period.stage.text, period.text, end, sent, clock))
    return found


def _moment(end: datetime | date) -> datetime:
    """The last moment of a period, which is the end of the day where it is counted in days."""
    if isinstance(end, datetime):
        return end
    return datetime.combine(end, time(), LOCAL_TIME) + timedelta(days=1)


def about_incident(_session: Session, incident: SecurityIncident) -> dict[str, Any]:
    """What the page of a security incident shows beside its fields."""
    begins = incident.begins or now()
    terms = terms_on(begins.astimezone(LOCAL_TIME).date())
    return {
        "reports": clocks_of(incident, terms, now()),
        "terms": terms,
        "next_step": next_step_of(incident),
        "may_open_breach": incident.breach is not None and may_see(me(), incident.breach),
        "may_hand_over": may_do(me(), Permission.EDIT, incident)
        and may(me(), Permission.CREATE, Breach.area),
    }


def about_breach_and_incident(session: Session, breach: Breach) -> dict[str, Any]:
    """What the page of a breach shows beside its fields, with the security incident it may be."""
    incident = known_incident(session, breach)
    return about_breach(session, breach) | {
        "incident": incident if incident is not None and may_see(me(), incident) else None,
        "may_hand_over": incident is None
        and may_do(me(), Permission.EDIT, breach)
        and may(me(), Permission.CREATE, SecurityIncident.area),
    }


@bp.post("/security-incidents/<int:number>/breach")
def to_breach(number: int) -> Response:
    """Makes a personal data breach of an incident, once, and leads there."""
    with writing() as session:
        incident = find(session, SecurityIncident, number)
        breach = breach_of(session, incident, by=me())
        session.flush()
    flash(
        _("%(incident)s wird als %(breach)s weitergeführt.", incident=incident.designation, breach=breach),
        "success",
    )
    return redirect(url_for("entries.show", slug=Breach.slug, number=breach.number))


@bp.post("/breaches/<int:number>/incident")
def to_incident(number: int) -> Response:
    """Makes a security incident of a breach, once, and leads there."""
    with writing() as session:
        breach = find(session, Breach, number)
        incident = incident_of(session, breach, by=me())
        session.flush()
    flash(
        _("%(breach)s wird auch als %(incident)s behandelt.", breach=breach.designation, incident=incident),
        "success",
    )
    return redirect(url_for("entries.show", slug=SecurityIncident.slug, number=incident.number))
