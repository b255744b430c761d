"""The guide through transfers to third countries: one question a page, all answers in the address."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from flask import Blueprint, render_template, request, url_for

from compliance.access import Permission, demand
from compliance.database import folded, today
from compliance.people import LegalForm, Organisation
from compliance.web.site import language, me, reading
from registers.countries import ADEQUACY, ADEQUACY_CHECKED_ON, COUNTRIES, Adequacy
from registers.processing import ProcessingActivity
from registers.transfer_guide import Course, Option, Question, course

bp = Blueprint("transfers", __name__)

_FRESH: Final = timedelta(days=365)
"""For so long a list of decisions is taken to be complete."""


@bp.get("/transfers/guide")
def guide() -> str:
    """The next question, or the answer that all of them lead to."""
    demand(me(), Permission.VIEW, ProcessingActivity)
    with reading() as session:
        organisation = session.get_one(Organisation, me().organisation_id)
        is_authority = organisation.legal_form is not LegalForm.COMPANY
    found = course(request.args, is_authority=is_authority, today=today())
    return render_template(
        "transfers/guide.html",
        course=found,
        steps=list(_steps(found)),
        decisions=_decisions(),
        checked_on=ADEQUACY_CHECKED_ON,
        is_outdated=today() - ADEQUACY_CHECKED_ON > _FRESH,
    )


@dataclass(frozen=True)
class Step:
    """A question that is answered, and the address that asks it again."""

    question: Question
    option: Option
    address: str


def _steps(found: Course) -> Iterator[Step]:
    before: dict[str, Any] = {}
    for question, option in found.answered:
        yield Step(question, option, url_for(".guide", **before))
        before[question.name] = option.value


def _decisions() -> list[tuple[str, Adequacy]]:
    """The decisions by the name of the country, in the language of the page."""
    named = ((COUNTRIES[code].text[language()], decision) for code, decision in ADEQUACY.items())
    return sorted(named, key=lambda row: folded(row[0]))
