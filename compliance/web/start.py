"""„Heute“: what is due, what waits for me, what was newly found, what changed since its release."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from flask import Blueprint, render_template
from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from compliance.access import Permission, may, visible
from compliance.advice import Opinion
from compliance.database import Query, today
from compliance.entry import Entry, State
from compliance.fields import fields
from compliance.findings import Finding, Severity
from compliance.web.listing import SOON
from compliance.web.site import language, me, reading, site

bp = Blueprint("start", __name__)

ROWS: Final = 7
_NEW: Final = timedelta(days=30)


@dataclass(frozen=True)
class Deadline:
    """A day on which something has to be done."""

    model: type[Entry]
    number: int
    name: str
    what: str
    day: date

    @property
    def days(self) -> int:
        """Days from today; negative when overdue."""
        return (self.day - today()).days


@dataclass(frozen=True)
class Waiting:
    """An entry on which somebody else cannot go on without me."""

    model: type[Entry]
    number: int
    name: str
    why: str


@dataclass(frozen=True)
class RuleCount:
    """How many entries of a register break one rule."""

    model: type[Entry]
    rule: Any
    severity: Severity
    entries: int


@bp.get("/")
def start() -> str:
    """What the day asks of me."""
    with reading() as session:
        deadlines = sorted(_deadlines(session), key=lambda deadline: deadline.day)
        return render_template(
            "dashboard/today.html",
            deadlines=deadlines,
            upcoming=_next_deadline(session) if not deadlines else None,
            waiting=list(_waiting(session)),
            rules=list(_broken_rules(session)),
            changed=list(_changed(session)),
            imported=list(_imported(session)),
            rows=ROWS,
        )


def _models() -> Iterator[type[Entry]]:
    return (model for model in site().registers.values() if may(me(), Permission.VIEW, model.area))


def _mine(query: Query, model: type[Entry]) -> Query:
    return visible(query, me(), model).where(model.state != State.ENDED)


def _due_days(model: Any) -> list[tuple[str, Any]]:
    return [(fields(model)[name].label[language()], model.deadline(name)) for name in model.due]


def _deadlines(session: Session) -> Iterator[Deadline]:
    for model in _models():
        for what, column in _due_days(model):
            query = _mine(select(model.number, model.name, column.label("day")), model)
            query = query.where(model.state != State.IMPORTED, column <= today() + SOON)
            for row in session.execute(query.order_by(column).limit(100)):
                yield Deadline(model, row.number, row.name, what, row.day)


def _next_deadline(session: Session) -> Deadline | None:
    later = []
    for model in _models():
        for what, column in _due_days(model):
            query = _mine(select(model.number, model.name, column.label("day")), model).where(
                column > today()
            )
            if row := session.execute(query.order_by(column).limit(1)).one_or_none():
                later.append(Deadline(model, row.number, row.name, what, row.day))
    return min(later, key=lambda deadline: deadline.day, default=None)


def _waiting(session: Session) -> Iterator[Waiting]:
    for model in _models():
        in_review = _mine(select(model.number, model.name), model).where(model.state == State.REVIEW)
        if may(me(), Permission.RELEASE, model.area):
            yield from _waiting_for(session, model, in_review, "release")
        if model.advised and may(me(), Permission.ADVISE, model.area):
            asked = in_review.where(model.id.not_in(select(Opinion.entry_id)))
            yield from _waiting_for(session, model, asked, "advise")


def _waiting_for(session: Session, model: type[Entry], query: Query, why: str) -> Iterator[Waiting]:
    for row in session.execute(query.order_by(model.changed_at).limit(50)):
        yield Waiting(model, row.number, row.name, why)


def _broken_rules(session: Session) -> Iterator[RuleCount]:
    by_slug = {model.slug: model for model in _models()}
    query = (
        select(
            Finding.register,
            Finding.rule,
            Finding.severity,
            func.count(Finding.entry_id.distinct()).label("entries"),
        )
        .where(
            Finding.quiet.is_(False),
            Finding.register.in_(list(by_slug)),
            Finding.found_on >= today() - _NEW,
            *_not_hidden(by_slug.values()),
        )
        .group_by(Finding.register, Finding.rule, Finding.severity)
    )
    gravity = list(Severity)
    rows = session.execute(_for_my_units(query)).all()
    for row in sorted(rows, key=lambda row: (gravity.index(row.severity), -row.entries, row.rule)):
        yield RuleCount(
            by_slug[row.register], site().judge.rule(row.rule, row.register), row.severity, row.entries
        )


def _not_hidden(models: Iterable[type[Entry]]) -> Iterator[ColumnElement[bool]]:
    """What is hidden from the person must not show in a number either."""
    for model in models:
        if model.hidden_by:
            seen = visible(select(model.id), me(), model)
            yield or_(Finding.register != model.slug, Finding.entry_id.in_(seen))


def _for_my_units(query: Query) -> Query:
    units: set[uuid.UUID] = set()
    for grant in me().grants:
        if grant.units is None:
            return query
        units |= grant.units
    return query.where(or_(Finding.unit_id.is_(None), Finding.unit_id.in_(units)))


def _changed(session: Session) -> Iterator[Waiting]:
    for model in _models():
        query = _mine(select(model.number, model.name), model)
        query = query.where(and_(model.changed_since_release, model.state == State.RELEASED))
        for row in session.execute(query.order_by(model.changed_at.desc()).limit(50)):
            yield Waiting(model, row.number, row.name, "changed")


def _imported(session: Session) -> Iterator[tuple[type[Entry], int]]:
    for model in _models():
        if not may(me(), Permission.EDIT, model.area):
            continue
        query = visible(select(func.count()).select_from(model), me(), model)
        if count := session.scalar(query.where(model.state == State.IMPORTED)):
            yield model, count
