"""Public summaries of impact assessments: pages for everybody, without signing in.

They read the stored decisions of :mod:`assessments.dpia.public_summary` and nothing
else of an assessment, under the rules of the public register beside which they stand.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from flask import Blueprint, render_template, request
from sqlalchemy import func, select
from werkzeug.wrappers import Response as BaseResponse

from assessments.dpia.dpia import Dpia, DpiaDecision
from assessments.dpia.public_summary import RESULTS, TEXTS, DpiaPublication, is_public
from compliance.database import folded
from compliance.errors import NotFound
from compliance.fields import fields
from compliance.language import Text
from compliance.web.public import LONGEST, PAGE, address, asked_page, kept, opened

bp = Blueprint("public_assessments", __name__, url_prefix="/public/<organisation>/assessments")


@dataclass(frozen=True)
class PublicAssessment:
    """One assessment as everybody may see it."""

    number: int
    name: str
    texts: Sequence[tuple[Text, str]]
    """Headings and what was written for the public, in German."""
    result: Text
    decided_on: date | None
    next_review: date | None
    officer: Sequence[str]
    published_on: date

    @property
    def designation(self) -> str:
        return Dpia.designate(self.number)


@bp.get("")
def index(organisation: str) -> BaseResponse:
    """The published summaries, searched and by pages."""
    words = request.args.get("q", "").strip()[:200]
    with opened(organisation) as (session, place):
        total = session.scalar(_matching(select(func.count(DpiaPublication.id)), words)) or 0
        pages = max(1, -(-total // PAGE))
        page = min(asked_page(), pages)
        query = _matching(select(*_COLUMNS), words)
        query = query.order_by(DpiaPublication.sort_key, DpiaPublication.id)
        found = [_assessment(row) for row in session.execute(query.limit(PAGE).offset((page - 1) * PAGE))]
    return kept(
        render_template(
            "public/assessments.html",
            address=address,
            place=place,
            assessments=found,
            words=words,
            total=total,
            page=page,
            pages=pages,
        )
    )


@bp.get("/<int:number>")
def show(organisation: str, number: int) -> BaseResponse:
    """The summary of one assessment."""
    with opened(organisation) as (session, place):
        row = None
        if len(str(number)) <= LONGEST:
            query = select(*_COLUMNS).where(DpiaPublication.number == number, is_public())
            row = session.execute(query).one_or_none()
        if row is None:
            raise NotFound(_NO_ASSESSMENT)
        assessment = _assessment(row)
    return kept(render_template("public/assessment.html", address=address, place=place, one=assessment))


_COLUMNS: Final = (DpiaPublication.number, DpiaPublication.extract, DpiaPublication.published_on)


def _matching(query: Any, words: str) -> Any:
    query = query.where(is_public())
    return query.where(DpiaPublication.search.contains(folded(words), autoescape=True)) if words else query


def _assessment(row: Any) -> PublicAssessment:
    extract = json.loads(row.extract)
    return PublicAssessment(
        row.number,
        extract["name"],
        [(fields(Dpia)[name].label, extract["texts"][name]) for name in TEXTS],
        RESULTS[DpiaDecision[extract["decision"]]],
        _day(extract["decided_on"]),
        _day(extract["next_review"]),
        extract["officer"],
        row.published_on,
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


_NO_ASSESSMENT = Text("Diese Abschätzung ist nicht veröffentlicht.", "This assessment is not published.")
