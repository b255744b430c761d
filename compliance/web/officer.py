"""The annual report of the data protection officer, and how the journal was last found."""

from __future__ import annotations

from typing import Any, Final

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from compliance.access import Permission, demand
from compliance.database import today
from compliance.journal import last_check
from compliance.web.printing import chosen_format, printed, sent
from compliance.web.site import me, reading
from exports.reports import officer_year
from registers.advice_given import AdviceGiven
from registers.authority import Authority

bp = Blueprint("officer", __name__, url_prefix="/activity-report")

_FIRST: Final = 2018
"""The GDPR applies since 25 May 2018."""


@bp.get("/")
def choose() -> str:
    """The years that can be reported on."""
    demand(me(), Permission.EXPORT, AdviceGiven)
    years = range(today().year, _FIRST - 1, -1)
    with reading() as session:
        found = officer_year.figures(session, _year())
    return render_template("officer/report.html", years=years, found=found)


@bp.get("/report.<extension>")
def report(extension: str) -> Response:
    """The report on one year."""
    demand(me(), Permission.EXPORT, AdviceGiven)
    chosen = chosen_format(extension)
    with reading() as session:
        document = printed("yearly-report", session, year=_year())
        return sent(document, chosen, f"Taetigkeitsbericht-{_year()}")


def _year() -> int:
    asked = request.args.get("year", "")
    known = asked.isdecimal() and len(asked) == 4 and _FIRST <= int(asked) <= today().year
    return int(asked) if known else today().year


def about_authority(session: Session, authority: Authority) -> dict[str, Any]:
    """What the front sheet shows beside its fields: the last check of the journal."""
    return {"journal_check": last_check(session, authority.organisation_id)}
