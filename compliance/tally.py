"""How many entries break each rule, counted as findings come and go.

A start page over tens of thousands of findings would count them anew at every visit;
this table holds a few hundred sums instead. It is written where findings are written.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, cast

from sqlalchemy import Connection, String, Table, case, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from compliance.database import Base, Owned

NO_UNIT: Final = uuid.UUID(int=0)
"""Stands where an entry has no responsible unit, because a key cannot be empty."""


class Tally(Owned, Base):
    """Entries of one unit that break one rule, those that are pushed at people."""

    __tablename__ = "tally"

    register: Mapped[str] = mapped_column(String(64), primary_key=True)
    rule: Mapped[str] = mapped_column(String(16), primary_key=True)
    severity: Mapped[str] = mapped_column(String(16), primary_key=True)
    unit_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    hidden: Mapped[bool] = mapped_column(primary_key=True)
    """Of entries that only the data protection officer sees, Art. 38 (5) GDPR."""
    entries: Mapped[int]
    newest: Mapped[date]
    """The day on which the latest of them was found."""


_TALLY: Final = cast("Table", Tally.__table__)


@dataclass(frozen=True, order=True)
class Place:
    """One sum of the table."""

    register: str
    rule: str
    severity: str
    unit_id: uuid.UUID
    hidden: bool


def adjust(
    connection: Connection, organisation: uuid.UUID, changes: Mapping[Place, int], found_on: date
) -> None:
    """Adds *changes* to the sums; a growing sum was newest on *found_on*."""
    moved = [(place, change) for place, change in sorted(changes.items()) if change]
    if not moved:
        return
    # One order for everybody, so that two writers never wait for each other in a circle.
    rows = [
        {
            "organisation_id": organisation,
            "register": place.register,
            "rule": place.rule,
            "severity": place.severity,
            "unit_id": place.unit_id,
            "hidden": place.hidden,
            "entries": change,
            "newest": found_on,
        }
        for place, change in moved
    ]
    connection.execute(_upsert(connection), rows)


def _upsert(connection: Connection) -> Any:
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    fresh = insert(_TALLY)
    newest = case((fresh.excluded.entries > 0, fresh.excluded.newest), else_=_TALLY.c.newest)
    return fresh.on_conflict_do_update(
        index_elements=["organisation_id", "register", "rule", "severity", "unit_id", "hidden"],
        set_={"entries": _TALLY.c.entries + fresh.excluded.entries, "newest": newest},
    )


@dataclass(frozen=True)
class Sum:
    """How many entries of a register break one rule."""

    register: str
    rule: str
    severity: str
    entries: int
    newest: date


def sums(
    session: Session,
    registers: Sequence[str],
    units: frozenset[uuid.UUID] | None,
    since: date = date.min,
    *,
    hidden: bool,
) -> list[Sum]:
    """Every rule broken in *registers* with findings of *units* (or any) since that day.

    With *hidden*, confidential entries count too.
    """
    rule = (Tally.register, Tally.rule, Tally.severity)
    query = select(*rule, func.sum(Tally.entries), func.max(Tally.newest))
    query = query.where(Tally.register.in_(registers), Tally.entries > 0)
    if not hidden:
        query = query.where(Tally.hidden.is_(False))
    if units is not None:
        query = query.where(or_(Tally.unit_id == NO_UNIT, Tally.unit_id.in_(units)))
    query = query.group_by(*rule).having(func.max(Tally.newest) >= since)
    return [Sum(*row) for row in session.execute(query)]
