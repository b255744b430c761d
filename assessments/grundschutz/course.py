"""How the degree of implementation came about: one row of counts for each domain and day of change.

The row of a day is written in the transaction of the change and adjusted by later
changes of the same day, so that a chart never reads the journal.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import insert, inspect, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from assessments.grundschutz.check import RequirementAnswer, Status
from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.kompendium import edition_2023
from assessments.grundschutz.modelling import Assignment
from assessments.grundschutz.progress import Tally, overview, summed
from compliance.database import Base, Owned, today
from compliance.saving import Action, Touched

_COUNTED: Final = {
    Status.YES: "yes",
    Status.UNNECESSARY: "unnecessary",
    Status.PARTIAL: "partial",
    Status.NO: "no",
    Status.OPEN: "open",
}


class CheckDay(Owned, Base):
    """How many requirements of a domain had which status at the end of a day on which that changed."""

    __tablename__ = "check_day"

    domain_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    yes: Mapped[int] = mapped_column(default=0)
    unnecessary: Mapped[int] = mapped_column(default=0)
    partial: Mapped[int] = mapped_column(default=0)
    no: Mapped[int] = mapped_column(default=0)
    open: Mapped[int] = mapped_column(default=0)


_NAMES: Final = tuple(_COUNTED.values())


@dataclass(frozen=True)
class Point:
    """The counts of one day."""

    day: date
    tally: Tally


def course(session: Session, domain: InformationDomain) -> list[Point]:
    """The days on which the check of *domain* changed, the oldest first."""
    columns = (CheckDay.day, *(getattr(CheckDay, name) for name in _NAMES))
    query = select(*columns).where(CheckDay.domain_id == domain.id).order_by(CheckDay.day)
    return [
        Point(day, Tally(dict(zip(_COUNTED, counts, strict=True)))) for day, *counts in session.execute(query)
    ]


def thinned(points: list[Point], most: int) -> list[Point]:
    """At most so many of *points*, evenly spread, with the first and the last of them."""
    if len(points) <= most:
        return points
    step = (len(points) - 1) / (most - 1)
    return [points[round(step * at)] for at in range(most)]


# --- Written when something changes --------------------------------------------------------------


def note_course(session: Session, touched: Touched) -> None:
    """Brings the row of today in line with what was saved; called by the session after the flush."""
    moved: defaultdict[uuid.UUID, defaultdict[Status, int]] = defaultdict(lambda: defaultdict(int))
    anew: set[uuid.UUID] = set()
    for thing, action in touched.items():
        match thing:
            case Assignment() | InformationDomain() if _changes_what_is_asked(thing, action):
                anew.add(thing.id if isinstance(thing, InformationDomain) else thing.domain_id)
            case RequirementAnswer():
                _move(moved[thing.domain_id], thing, action)
            case _:
                pass
    day = today()
    for domain_id, steps in moved.items():
        if domain_id not in anew and any(steps.values()) and not _adjusted(session, domain_id, day, steps):
            anew.add(domain_id)
    for domain_id in anew:
        _counted_anew(session, domain_id, day)


def _changes_what_is_asked(thing: Assignment | InformationDomain, action: Action) -> bool:
    if isinstance(thing, Assignment):
        return action is not Action.UPDATE or inspect(thing).attrs["relevant"].history.has_changes()
    attributes = inspect(thing).attrs
    return action is Action.UPDATE and any(
        attributes[name].history.has_changes() for name in ("approach", "profile_asks", "catalogue")
    )


def _move(steps: defaultdict[Status, int], answer: RequirementAnswer, action: Action) -> None:
    """Adds to *steps* what the saved *answer* changes."""
    state = inspect(answer)
    after = (answer.status or Status.OPEN, answer.adopted is True)
    before = after
    if action is Action.UPDATE:
        status = next(iter(state.attrs["status"].history.deleted or ()), answer.status)
        adopted = next(iter(state.attrs["adopted"].history.deleted or ()), answer.adopted)
        before = (status or Status.OPEN, adopted is True)
    elif action is Action.CREATE:
        # What nobody has answered was open already, unless only its adoption brings it into the check.
        before = (Status.OPEN, False)
    if _is_asked(answer, before[1]):
        steps[before[0]] -= 1
    if action is not Action.DELETE and _is_asked(answer, after[1]):
        steps[after[0]] += 1


def _is_asked(answer: RequirementAnswer, adopted: bool) -> bool:
    try:
        requirement = edition_2023().requirement(answer.requirement_id)
    except KeyError:
        return False
    return answer.domain.extent.asks(requirement, adopted=adopted)


def _adjusted(session: Session, domain_id: uuid.UUID, day: date, steps: Mapping[Status, int]) -> bool:
    """Whether the row of the day was there, and is adjusted now."""
    values = {
        _COUNTED[status]: getattr(CheckDay, _COUNTED[status]) + step for status, step in steps.items() if step
    }
    return _written(session, domain_id, day, values)


def _counted_anew(session: Session, domain_id: uuid.UUID, day: date) -> None:
    """Writes the row of the day from all answers, as once a day or when other requirements are asked."""
    domain = session.scalar(select(InformationDomain).where(InformationDomain.id == domain_id))
    if domain is not None:
        store(session, domain, day, summed(each.tally for each in overview(session, domain)))


def store(session: Session, domain: InformationDomain, day: date, tally: Tally) -> None:
    """Writes the row of one day, in place of what stands there."""
    counts = {_COUNTED[status]: count for status, count in tally.by_status.items()}
    if not _written(session, domain.id, day, counts):
        key = {"organisation_id": domain.organisation_id, "domain_id": domain.id, "day": day}
        session.execute(insert(CheckDay).values(**key, **counts))


def _written(session: Session, domain_id: uuid.UUID, day: date, values: Mapping[str, Any]) -> bool:
    """Whether there was a row of the day to take *values*."""
    statement = update(CheckDay).where(CheckDay.domain_id == domain_id, CheckDay.day == day).values(**values)
    result: Any = session.execute(statement, execution_options={"synchronize_session": False})
    return bool(result.rowcount)
