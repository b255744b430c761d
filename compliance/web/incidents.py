"""Breaches: the running clock, the decision of management, and the report that anybody can file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from compliance.access import may_see
from compliance.database import now
from compliance.errors import Refused
from compliance.language import Text, shown_moment
from compliance.web.entries import find
from compliance.web.forms import EntryForm, form_class
from compliance.web.letters import letters_about
from compliance.web.site import me, reading, writing
from registers.authority import authority_of
from registers.breaches import Breach, Risk, decide, next_step
from registers.requests import SubjectRequest

bp = Blueprint("incidents", __name__)

_CALM: Final = timedelta(hours=24)
"""With less than this left the clock is shown as urgent."""


@dataclass(frozen=True)
class Clock:
    """The time that is left for a notification."""

    left: timedelta
    """Negative once the period is over."""

    @property
    def tone(self) -> str:
        """``late``, ``soon`` or nothing; the words say the same."""
        if self.left < timedelta():
            return "late"
        return "soon" if self.left < _CALM else ""

    def said(self, language: str) -> str:
        """What is left, as people say it: „noch 2 Tage 3 Std.“, „noch 5 Std.“, „seit 4 Std. abgelaufen“."""
        minutes = int(abs(self.left).total_seconds()) // 60
        days, hours = divmod(minutes // 60, 24)
        if days:
            length = (_DAY if days == 1 else _DAYS).format(days=days, hours=hours)
        else:
            length = _HOURS.format(hours=hours) if hours else _MINUTES.format(minutes=minutes)
        frame = _OVER if self.left < timedelta() else _LEFT
        return frame.format(length=length)[language]


def clock_of(breach: Breach, moment: datetime) -> Clock | None:
    """The running clock of *breach* at *moment*; none where nothing is owed any longer."""
    if breach.notify_by is None or not breach.clock_runs:
        return None
    return Clock(breach.notify_by - moment)


def about_breach(_session: Session, breach: Breach) -> dict[str, Any]:
    """What the page of a breach shows beside its fields."""
    return {
        "clock": clock_of(breach, now()),
        "next_step": next_step(breach),
        "risks": tuple(Risk),
        "letters": letters_about(breach),
    }


def about_request(_session: Session, asked: SubjectRequest) -> dict[str, Any]:
    """What the page of a request shows beside its fields."""
    return {"letters": letters_about(asked)}


@bp.post("/breaches/<int:number>/decision")
def decision(number: int) -> Response:
    """Records what management decided about the risk. Only management may."""
    with writing() as session:
        breach = find(session, Breach, number)
        if request.form.get("version") != str(breach.version):
            raise Refused(_CHANGED_MEANWHILE)
        decide(session, breach, request.form.get("risk", ""), request.form.get("reason", ""), by=me())
    flash(_("%(entry)s: Die Entscheidung ist festgehalten.", entry=breach.designation), "success")
    return redirect(url_for("entries.show", slug=Breach.slug, number=number))


# --- The report of anybody who notices something -------------------------------------------------

ASKED: Final = ("description", "detected", "data_kinds", "subject_count", "ongoing", "reporter")
"""Six questions, so that a report takes a minute."""


def quick_form(sent: MultiDict[str, str] | None, **known: Any) -> EntryForm:
    """The questions of a quick report, filled with what was *sent*, else with what is *known*."""
    form = form_class(Breach)(sent, obj=Breach(**known))
    for name in [field.short_name for field in form if field.short_name not in ASKED]:
        del form[name]
    return form


def report(form: EntryForm, name: str) -> Breach:
    """The breach that *form* reports: a draft whose clock runs from the first notice."""
    answers = {field.short_name: field.data for field in form if not field.errors}
    breach = Breach(**answers, name=name)
    breach.detected = breach.detected or now()
    breach.aware = breach.detected
    return breach


@bp.route("/report-breach", methods=["GET", "POST"])
def quick_report() -> str | Response | tuple[str, int]:
    """One minute, at most six questions: for everybody who is signed in, also those who only read."""
    if request.method == "GET":
        return _page(quick_form(None, detected=now(), reporter=me().name))
    form = quick_form(request.form)
    form.validate()
    if not (form["description"].data or "").strip():
        form["description"].process_errors = [_("Bitte in einem Satz sagen, was geschehen ist.")]
        form.validate()
    if any(field.errors for field in form):
        return _page(form), 422
    with writing() as session:
        breach = report(form, _REPORTED.format(when=_when())[me().language])
        session.add(breach)
        session.flush()
        seen = may_see(me(), breach)
        authority = authority_of(session)
    if seen:
        flash(_("%(entry)s ist gemeldet. Die Frist läuft.", entry=breach.designation), "success")
        return redirect(url_for("entries.show", slug=Breach.slug, number=breach.number))
    return render_template("incidents/reported.html", breach=breach, authority=authority)


def _page(form: EntryForm) -> str:
    with reading() as session:
        authority = authority_of(session)
    return render_template("incidents/report.html", form=form, questions=list(form), authority=authority)


def _when() -> Text:
    moment = now()
    return Text(shown_moment(moment, "de"), shown_moment(moment, "en"))


_LEFT = Text("noch {length}", "{length} left")
_OVER = Text("seit {length} abgelaufen", "over for {length}")
_DAY = Text("{days} Tag {hours} Std.", "{days} day {hours} h")
_DAYS = Text("{days} Tage {hours} Std.", "{days} days {hours} h")
_HOURS = Text("{hours} Std.", "{hours} h")
_MINUTES = Text("{minutes} Min.", "{minutes} min")
_REPORTED = Text("Interne Meldung vom {when}", "Internal report of {when}")
_CHANGED_MEANWHILE = Text(
    "Der Eintrag hat sich inzwischen geändert. Bitte lesen Sie ihn noch einmal, bevor Sie entscheiden.",
    "The entry has changed in the meantime. Please read it again before you decide.",
)
