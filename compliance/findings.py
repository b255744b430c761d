"""What rules object to, stored with the entry in the transaction that causes it.

A page over thousands of entries is thus one query. Errors block release, never saving.
"""

from __future__ import annotations

import json
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter, itemgetter
from typing import Any, Final, TypeAlias, cast

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    Index,
    RowMapping,
    String,
    Table,
    and_,
    bindparam,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy import Text as LongText
from sqlalchemy.orm import Mapped, Session, mapped_column

from compliance import tally
from compliance.database import Base, Owned, new_id, today
from compliance.entry import Entry
from compliance.fields import Reference, References, Rows, WordType, fields
from compliance.rules import Severity


class Finding(Owned, Base):
    """One rule broken by one entry, until it is repaired."""

    __tablename__ = "finding"
    __table_args__ = (
        Index(None, "organisation_id", "entry_id", "severity"),
        Index(None, "organisation_id", "rule", "entry_id"),
        Index(None, "organisation_id", "severity", "entry_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    register: Mapped[str] = mapped_column(String(64))
    entry_id: Mapped[uuid.UUID]
    unit_id: Mapped[uuid.UUID | None]
    rule: Mapped[str] = mapped_column(String(16))
    severity: Mapped[Severity] = mapped_column(WordType(Severity))
    part_id: Mapped[uuid.UUID | None]
    words: Mapped[str] = mapped_column(LongText)
    found_on: Mapped[date]
    quiet: Mapped[bool] = mapped_column(Boolean)
    """The entry is an unchecked import: its findings are counted, not pushed at anyone."""
    hidden: Mapped[bool] = mapped_column(Boolean, default=False, server_default="0")
    """Only the data protection officer sees the entry."""
    accepted_by: Mapped[uuid.UUID | None] = mapped_column(default=None)
    """The deviation under which somebody answers for it."""
    accepted_until: Mapped[date | None] = mapped_column(default=None)
    task: Mapped[str] = mapped_column(String(64), default="", server_default="")
    """What somebody has to look at again because of it; empty for most."""


_FINDING: Final = cast("Table", Finding.__table__)


@dataclass(frozen=True)
class Objection:
    """A finding as people read it."""

    rule: str
    severity: Severity
    register: str
    entry_id: uuid.UUID
    part_id: uuid.UUID | None
    words: Mapping[str, str]
    found_on: date
    accepted: bool = False
    """Somebody answers for it, see :mod:`compliance.deviations`."""


def stored_findings(session: Session, entry: Entry) -> list[Objection]:
    """The findings of *entry* and of everything it refers to, the gravest first."""
    ids = [entry.id, *(target.id for target in referred_to(entry))]
    return findings_of(session, ids)


def findings_of(session: Session, ids: Sequence[uuid.UUID]) -> list[Objection]:
    """The findings of the entries with *ids*, the gravest first."""
    # Columns, because a city has hundreds of findings and things would cost more than all the rest.
    columns = (
        Finding.rule,
        Finding.severity,
        Finding.register,
        Finding.entry_id,
        Finding.part_id,
        Finding.words,
        Finding.found_on,
        Finding.accepted_by,
    )
    found = session.execute(select(*columns).where(Finding.entry_id.in_(ids)))
    objections = [
        Objection(
            row.rule,
            row.severity,
            row.register,
            row.entry_id,
            row.part_id,
            json.loads(row.words),
            row.found_on,
            row.accepted_by is not None,
        )
        for row in found
    ]
    gravity = list(Severity)
    return sorted(objections, key=lambda objection: (gravity.index(objection.severity), objection.rule))


def referred_to(entry: Entry) -> Iterator[Entry]:
    """The entries that *entry* and its rows refer to, each once; a defect of theirs counts here too."""
    if entry.observes:
        return
    yield from {target.id: target for target in _targets(entry) if not target.sums_up}.values()


def _targets(thing: object) -> Iterator[Entry]:
    for name, spec in fields(type(thing)).items():
        value = getattr(thing, name)
        match spec:
            case Reference():
                yield from (target for target in (value,) if isinstance(target, Entry))
            case References():
                yield from (target for target in value if isinstance(target, Entry))
            case Rows():
                for part in value:
                    yield from _targets(part)
            case _:
                pass


# --- Writing -------------------------------------------------------------------------------------


def forget(session: Session, gone: Sequence[uuid.UUID]) -> None:
    """Removes the findings of entries that were deleted."""
    connection = session.connection()
    removed = delete(_FINDING).where(_FINDING.c.entry_id.in_(gone)).returning(_FINDING)
    by_organisation: defaultdict[uuid.UUID, list[RowMapping]] = defaultdict(list)
    for row in connection.execute(removed).mappings():
        by_organisation[row["organisation_id"]].append(row)
    for organisation, rows in by_organisation.items():
        _count_change(connection, organisation, before=rows, after=())


_STORED: Final = select(_FINDING).where(
    _FINDING.c.organisation_id == bindparam("organisation"),
    _FINDING.c.entry_id.in_(bindparam("ids", expanding=True)),
)
_STORED_OF: Final = _STORED.where(_FINDING.c.rule.in_(bindparam("rules", expanding=True)))
_IDENTITY: Final = ("entry_id", "rule", "part_id", "words", "severity")
_wanted_key: Final = itemgetter(*_IDENTITY)
"""What makes two findings the same, of a finding to be stored."""
_stored_key: Final = attrgetter(*_IDENTITY)
"""The same of a stored one."""
_CARRIED: Final = ("unit_id", "quiet", "hidden", "task")


def store(
    session: Session,
    entries: Sequence[Entry],
    wanted: Sequence[dict[str, Any]],
    rules: Sequence[str] | None = None,
) -> None:
    """Makes *wanted* the findings of *entries*, all of them or those of *rules* alone."""
    connection = session.connection()
    organisation = entries[0].organisation_id
    sought: dict[str, Any] = {"organisation": organisation, "ids": [entry.id for entry in entries]}
    query = _STORED if rules is None else _STORED_OF
    rows = connection.execute(query, sought if rules is None else sought | {"rules": rules}).all()
    have = {_stored_key(row): row._mapping for row in rows}
    want = {_wanted_key(row): row for row in wanted}
    gone = have.keys() - want.keys()
    new = [want[key] | {"id": new_id()} for key in want if key not in have]
    moved = {key: changes for key in have.keys() & want.keys() if (changes := _moved(have[key], want[key]))}
    if gone:
        ids = [have[key]["id"] for key in gone]
        connection.execute(delete(_FINDING).where(_FINDING.c.id.in_(ids)))
    if new:
        connection.execute(insert(_FINDING), new)
    for key, changes in moved.items():
        connection.execute(update(_FINDING).where(_FINDING.c.id == have[key]["id"]).values(**changes))
    # Most entries of a nightly run are as they were, and so is their part of the sums.
    touched = {have[key]["entry_id"] for key in (*gone, *moved)} | {row["entry_id"] for row in new}
    if touched:
        before = {key: row for key, row in have.items() if row["entry_id"] in touched}
        kept = [dict(row) | moved.get(key, {}) for key, row in before.items() if key not in gone]
        _count_change(connection, organisation, before=before.values(), after=(*kept, *new))


def _moved(have: RowMapping, want: Mapping[str, Any]) -> dict[str, Any]:
    """What changed beside a finding that stays: its place, or that nobody answers for it any longer."""
    changes = {name: want[name] for name in _CARRIED if have[name] != want[name]}
    until = have["accepted_until"]
    if until is not None and until < today():
        changes |= {"accepted_by": None, "accepted_until": None, "found_on": today()}
    return changes


def accept(session: Session, entry: Entry, rule: str, deviation: uuid.UUID, until: date) -> None:
    """Lets a deviation answer for every present finding of *rule* at *entry*."""
    _mark(session, entry, _FINDING.c.rule == rule, accepted_by=deviation, accepted_until=until)


def reopen(session: Session, entry: Entry, deviation: uuid.UUID) -> None:
    """The deviation answers for nothing any more."""
    _mark(session, entry, _FINDING.c.accepted_by == deviation, accepted_by=None, accepted_until=None)


def _mark(session: Session, entry: Entry, which: ColumnElement[bool], **values: Any) -> None:
    connection = session.connection()
    mine = and_(_FINDING.c.organisation_id == entry.organisation_id, _FINDING.c.entry_id == entry.id, which)
    before = [dict(row) for row in connection.execute(select(_FINDING).where(mine)).mappings()]
    connection.execute(
        update(_FINDING).where(_FINDING.c.id.in_([row["id"] for row in before])).values(values)
    )
    after = [row | values for row in before]
    _count_change(connection, entry.organisation_id, before=before, after=after)


def _count_change(connection: Connection, organisation: uuid.UUID, *, before: _Rows, after: _Rows) -> None:
    changes = _counted(after)
    changes.subtract(_counted(before))
    tally.adjust(connection, organisation, changes, today())


_Rows: TypeAlias = Iterable[Mapping[str, Any] | RowMapping]


def _counted(rows: _Rows) -> Counter[tally.Place]:
    """How many entries break each rule, among *rows* of findings, unless they are quiet or answered for."""
    broken = {
        (row["entry_id"], row["register"], row["rule"], row["severity"], row["unit_id"], row["hidden"])
        for row in rows
        if not (row["quiet"] or row.get("accepted_by"))
    }
    return Counter(
        tally.Place(register, rule, severity.name, unit or tally.NO_UNIT, hidden)
        for _entry, register, rule, severity, unit, hidden in broken
    )
