"""„Heute“: what is due, what waits for me, what was newly found, what changed since its release."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from flask import Blueprint, render_template
from flask_babel import gettext as _
from sqlalchemy import and_
from sqlalchemy.orm import Session

from compliance.access import Permission, may, units_of
from compliance.agenda import AgendaItem, Desk, Matter, counts, items, label_of
from compliance.database import now, today
from compliance.entry import Entry
from compliance.people import Role
from compliance.rules import Severity
from compliance.tally import sums
from compliance.web.listing import SOON
from compliance.web.site import language, me, reading, site

bp = Blueprint("start", __name__)

ROWS: Final = 7
"""So many rows of each group stand open."""
MOST: Final = 30
"""So many rows of each group the page holds; the lists of the registers hold the rest."""
_NEW: Final = timedelta(days=30)


@dataclass(frozen=True)
class Task:
    """One row of the page."""

    model: type[Entry]
    number: int
    name: str
    matter: str
    what: str
    day: date | None
    moment: datetime | None
    mention: str = ""
    """The id of the mention, where a comment asks."""

    @property
    def days(self) -> int:
        """Days from today; negative when overdue."""
        return (self.day - today()).days if self.day else 0

    @property
    def hours(self) -> int:
        """Whole hours that are left of a running clock; negative when it has run out."""
        return int((self.moment - now()).total_seconds() // 3600) if self.moment else 0


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
    desk = Desk(me(), site().registers)
    soon = AgendaItem.day <= today() + SOON
    due = tuple(and_(desk.of(matter), soon) for matter in _DATED)
    waiting = tuple(desk.of(matter) for matter in _WAITING)
    changed = desk.of(Matter.CHANGED)
    with reading() as session:
        counted = counts(session, *due, *waiting, changed, desk.of(Matter.IMPORTED))
        totals = _totals(counted)
        return render_template(
            "dashboard/today.html",
            clocks=_tasks(items(session, desk.of(Matter.CLOCK), limit=ROWS)),
            deadlines=_tasks(items(session, *due, limit=MOST)) if totals["due"] else [],
            upcoming=[] if totals["due"] else _tasks(items(session, *map(desk.of, _DATED), limit=1)),
            waiting=_tasks(items(session, *waiting, limit=MOST)) if totals["waiting"] else [],
            changed=_tasks(items(session, changed, limit=MOST)) if totals["changed"] else [],
            rules=list(_broken_rules(session)),
            imported=[
                (site().registers[slug], count)
                for (matter, slug), count in counted.items()
                if matter == Matter.IMPORTED
            ],
            totals=totals,
            rows=ROWS,
        )


def _tasks(found: Sequence[AgendaItem]) -> list[Task]:
    return [_task(item) for item in found]


def _task(item: AgendaItem) -> Task:
    model = site().registers[item.register]
    if item.matter == Matter.MENTION:
        asked = _("Sie werden in einem Kommentar erwähnt.")
        return Task(model, item.number, item.name, item.matter, asked, item.day, None, mention=item.what)
    what = label_of(item, model)[language()]
    return Task(model, item.number, item.name, item.matter, what, item.day, item.moment)


_DATED: Final = (Matter.DUE, Matter.TASK)
_WAITING: Final = (
    Matter.MENTION,
    Matter.ARRIVED,
    Matter.APPRAISE,
    Matter.ASKED,
    Matter.ANSWERED,
    Matter.ROUND,
    Matter.REVIEW,
    Matter.CONFIRM,
    Matter.RELEASE,
    Matter.ADVISE,
)


def _totals(counted: Mapping[tuple[str, str], int]) -> Counter[str]:
    totals: Counter[str] = Counter()
    for (matter, _register), count in counted.items():
        totals["waiting" if matter in _WAITING else "due" if matter in _DATED else matter] += count
    return totals


def _broken_rules(session: Session) -> Iterator[RuleCount]:
    models = {slug: m for slug, m in site().registers.items() if may(me(), Permission.VIEW, m.area)}
    gravity = list(Severity.__members__)
    found = sums(session, list(models), units_of(me()), today() - _NEW, hidden=Role.DSB in me().roles)
    for one in sorted(found, key=lambda one: (gravity.index(one.severity), -one.entries, one.rule)):
        rule = site().judge.rule(one.rule, one.register)
        yield RuleCount(models[one.register], rule, Severity[one.severity], one.entries)
