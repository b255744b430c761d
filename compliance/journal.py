"""What changed, by whom and when: a chain of records that cannot be altered unnoticed.

Each organisation has a chain of its own; people, catalogues and settings share
the chain of the installation. A record's hash covers its predecessor's hash and
the digests of two halves, the open one and the personal one. The personal half
can be erased later (Art. 17 GDPR) while its digest keeps the chain whole.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast

from sqlalchemy import (
    Connection,
    Index,
    LargeBinary,
    String,
    Table,
    bindparam,
    func,
    insert,
    inspect,
    select,
    update,
)
from sqlalchemy import Text as LongText
from sqlalchemy.orm import Mapped, Session, mapped_column

from compliance.database import INSTALLATION, Actor, Base, Database, now
from compliance.entry import Entry, Journalled
from compliance.fields import answers, fields, secrets_of
from compliance.people import Organisation
from compliance.saving import Action, Touched
from compliance.sealing import fingerprints

_START: Final = bytes(32)


class Head(Base):
    """The end of one chain."""

    __tablename__ = "journal_head"

    organisation_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(default=0)
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    at: Mapped[str] = mapped_column(String(32), default="", server_default="")


class JournalRecord(Base):
    """One change of one thing. Refers to nothing by foreign key, so that it outlives what it tells of."""

    __tablename__ = "journal"
    __table_args__ = (Index(None, "organisation_id", "record_id", "seq"),)

    organisation_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    record_id: Mapped[uuid.UUID]
    kind: Mapped[str] = mapped_column(String(80))
    version: Mapped[int]
    at: Mapped[str] = mapped_column(String(32))
    action: Mapped[str] = mapped_column(String(40))
    open: Mapped[str] = mapped_column(LongText)
    open_salt: Mapped[bytes] = mapped_column(LargeBinary(16))
    personal: Mapped[str | None] = mapped_column(LongText)
    personal_salt: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    personal_digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))


class ChainCheck(Base):
    """What the last walk over one chain found."""

    __tablename__ = "journal_check"

    organisation_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now)
    records: Mapped[int]
    breaks: Mapped[int]


_JOURNAL = cast("Table", JournalRecord.__table__)
_HEAD = cast("Table", Head.__table__)

# Built once: every save asks them, and building costs more than asking.
_LOCKED_HEAD: Final = (
    select(_HEAD.c.seq, _HEAD.c.hash, _HEAD.c.at)
    .where(_HEAD.c.organisation_id == bindparam("chain"))
    .with_for_update()
)
_LATEST: Final = (
    select(_JOURNAL)
    .where(_JOURNAL.c.organisation_id == bindparam("chain"), _JOURNAL.c.record_id == bindparam("id"))
    .order_by(_JOURNAL.c.seq.desc())
    .limit(1)
)


@dataclass(frozen=True)
class Change:
    """One record of the journal, as people read it."""

    seq: int
    record_id: uuid.UUID
    kind: str
    version: int
    at: datetime
    action: str
    actor: str
    """Empty once the personal half is erased."""
    actor_id: str
    changes: Mapping[str, tuple[Any, Any]]
    """Old and new answer by field name."""
    state: Mapping[str, Any]
    """Every answer after the change, and the state of the entry."""
    source: str = ""
    """Name of the file that brought the change, if one did; erased with the personal half."""


def canonical(value: object) -> str:
    """*value* as JSON that is the same for the same content, whatever wrote it."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def facts(thing: Journalled) -> dict[str, Any]:
    """Everything the journal keeps of *thing*: its answers and, for entries, number and state.

    Of a sealed answer it keeps a mark that changes with it and tells nothing about it.
    """
    found = answers(thing) | fingerprints(thing)
    if isinstance(thing, Entry):
        found |= {"@number": thing.designation, "@state": thing.state.name}
    return found


# --- Writing -------------------------------------------------------------------------------------


def write(session: Session, touched: Touched) -> None:
    """Appends a record for everything *touched*; called by the session itself."""
    chains: dict[uuid.UUID, list[tuple[Journalled, Action]]] = {}
    for thing, action in touched.items():
        chains.setdefault(getattr(thing, "organisation_id", INSTALLATION), []).append((thing, action))
    for chain, things in chains.items():
        _append(session, chain, things)


def _append(session: Session, chain: uuid.UUID, things: Sequence[tuple[Journalled, Action]]) -> None:
    connection = session.connection()
    seq, head, last_at = _locked_head(connection, chain)
    known = [thing.id for thing, action in things if action is not Action.CREATE]
    before = latest(connection, chain, known)
    at = max(now().isoformat(), last_at)
    records = []
    for thing, action in things:
        seq += 1
        record = _record(session, thing, action, before.get(thing.id))
        record |= {"organisation_id": chain, "seq": seq, "at": at}
        head = record["hash"] = _hash(head, record)
        records.append(record)
    connection.execute(insert(_JOURNAL), records)
    connection.execute(
        update(_HEAD).where(_HEAD.c.organisation_id == chain).values(seq=seq, hash=head, at=at)
    )


def _locked_head(connection: Connection, chain: uuid.UUID) -> tuple[int, bytes, str]:
    if found := connection.execute(_LOCKED_HEAD, {"chain": chain}).one_or_none():
        return found.seq, found.hash, found.at
    connection.execute(insert(_HEAD).values(organisation_id=chain, seq=0, hash=_START, at=""))
    return 0, _START, ""


def hold(session: Session, chain: uuid.UUID) -> None:
    """Lets whoever else writes to the chain wait until the end of this unit of work."""
    session.execute(_LOCKED_HEAD, {"chain": chain})


def _record(session: Session, thing: Journalled, action: Action, before: Change | None) -> dict[str, Any]:
    after = {} if action is Action.DELETE else facts(thing)
    private = {name for name, spec in fields(type(thing)).items() if spec.personal or spec.secret}
    changes = {} if action is Action.CREATE else differences(before.state if before else {}, after)
    for name in secrets_of(type(thing)):
        # The mark of an unchanged answer is another one after the key was exchanged.
        if name in changes and not inspect(thing).attrs[name].history.has_changes():
            del changes[name]
    actor: Actor = session.info["actor"]
    source = {"source": session.info["source"]} if session.info.get("source") else {}
    personal = canonical(
        source
        | {
            "actor": actor.name,
            "actor_id": actor.id.hex if actor.id else None,
            "state": {name: value for name, value in after.items() if name in private},
            "changes": {name: pair for name, pair in changes.items() if name in private},
        }
    )
    public = canonical(
        {
            "state": {name: value for name, value in after.items() if name not in private},
            "changes": {name: pair for name, pair in changes.items() if name not in private},
        }
    )
    salt = secrets.token_bytes(16)
    return {
        "record_id": thing.id,
        "kind": thing.__tablename__,
        "version": thing.version,
        "action": session.info.get("action", action.value),
        "open": public,
        "open_salt": secrets.token_bytes(16),
        "personal": personal,
        "personal_salt": salt,
        "personal_digest": _digest(salt, personal),
    }


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Old and new value of everything that differs; a renamed target of a reference is no difference."""
    names = sorted({*before, *after})
    return {
        name: (before.get(name), after.get(name))
        for name in names
        if _essence(before.get(name)) != _essence(after.get(name))
    }


def _essence(value: Any) -> Any:
    """*value* without what only makes it readable: titles beside ids."""
    match value:
        case [str() as identity, str()] if len(identity) == 32:
            return identity
        case list():
            return [_essence(item) for item in value]
        case dict():
            return {name: _essence(item) for name, item in value.items()}
        case _:
            return value


def _digest(salt: bytes, text: str) -> bytes:
    return hashlib.sha256(salt + text.encode()).digest()


def _hash(previous: bytes, record: Mapping[str, Any]) -> bytes:
    head = canonical(
        [
            record["seq"],
            record["record_id"].hex,
            record["kind"],
            record["version"],
            record["at"],
            record["action"],
        ]
    )
    parts = (previous, head.encode(), _digest(record["open_salt"], record["open"]), record["personal_digest"])
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).digest()


# --- Reading -------------------------------------------------------------------------------------


def latest(connection: Connection, chain: uuid.UUID, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Change]:
    """The last record of each of *ids*."""
    if not ids:
        return {}
    if len(ids) == 1:
        rows = connection.execute(_LATEST, {"chain": chain, "id": ids[0]})
    else:
        mine = (_JOURNAL.c.organisation_id == chain, _JOURNAL.c.record_id.in_(ids))
        newest = select(func.max(_JOURNAL.c.seq)).where(*mine).group_by(_JOURNAL.c.record_id)
        rows = connection.execute(
            select(_JOURNAL).where(_JOURNAL.c.organisation_id == chain, _JOURNAL.c.seq.in_(newest))
        )
    return {row.record_id: _read(row) for row in rows}


def history(session: Session, thing: Journalled, latest: int | None = None) -> list[Change]:
    """Everything that happened to *thing*, newest first; *latest* limits it to so many changes."""
    chain = getattr(thing, "organisation_id", INSTALLATION)
    query = select(_JOURNAL).where(_JOURNAL.c.organisation_id == chain, _JOURNAL.c.record_id == thing.id)
    query = query.order_by(_JOURNAL.c.seq.desc()).limit(latest)
    return [_read(row) for row in session.connection().execute(query)]


def changes_after(session: Session, things: Sequence[Journalled], seq: int) -> list[Change]:
    """What happened to any of *things*, all of one organisation, after the record *seq* of its chain."""
    if not things:
        return []
    chain = getattr(things[0], "organisation_id", INSTALLATION)
    mine = (_JOURNAL.c.organisation_id == chain, _JOURNAL.c.record_id.in_([thing.id for thing in things]))
    query = select(_JOURNAL).where(*mine, _JOURNAL.c.seq > seq).order_by(_JOURNAL.c.seq)
    return [_read(row) for row in session.connection().execute(query)]


def last_state(session: Session, thing: Journalled) -> Mapping[str, Any]:
    """What *thing* said when it was last saved; empty for a new one."""
    found = latest(session.connection(), getattr(thing, "organisation_id", INSTALLATION), [thing.id])
    return found[thing.id].state if thing.id in found else {}


def record_of(session: Session, thing: Journalled, version: int) -> Change | None:
    """The record that brought *thing* into *version*, if the journal has it."""
    chain = getattr(thing, "organisation_id", INSTALLATION)
    mine = (_JOURNAL.c.organisation_id == chain, _JOURNAL.c.record_id == thing.id)
    query = select(_JOURNAL).where(*mine, _JOURNAL.c.version == version).order_by(_JOURNAL.c.seq).limit(1)
    row = session.connection().execute(query).one_or_none()
    return _read(row) if row else None


def state_at(session: Session, thing: Journalled, version: int) -> Mapping[str, Any]:
    """The answers of *thing* as they stood in *version*; empty if the journal has none."""
    past = (change.state for change in history(session, thing) if change.version <= version)
    return next(past, {})


_ERASED: Final = {"actor": "", "actor_id": "", "state": {}, "changes": {}}


def _read(row: Any) -> Change:
    public = json.loads(row.open)
    personal: dict[str, Any] = json.loads(row.personal) if row.personal else dict(_ERASED)
    changes = public["changes"] | personal["changes"]
    return Change(
        seq=row.seq,
        record_id=row.record_id,
        kind=row.kind,
        version=row.version,
        at=datetime.fromisoformat(row.at),
        action=row.action,
        actor=personal["actor"],
        actor_id=personal["actor_id"] or "",
        changes={name: (old, new) for name, (old, new) in changes.items()},
        state=public["state"] | personal["state"],
        source=personal.get("source", ""),
    )


# --- Verifying -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Break:
    """A place where a chain does not hold."""

    organisation_id: uuid.UUID
    seq: int
    reason: str
    """``missing``, ``altered``, ``personal`` or ``head``."""


@dataclass(frozen=True)
class Verification:
    """What a walk over chains found."""

    records: int
    breaks: tuple[Break, ...]


def verify(database: Database) -> Verification:
    """Walks every chain of the installation and names each record that is missing or was altered."""
    found = verify_chains(database).values()
    return Verification(sum(part.records for part in found), tuple(b for part in found for b in part.breaks))


def verify_chains(database: Database) -> dict[uuid.UUID, Verification]:
    """The same for each chain, by organisation."""
    with database.reading() as session:
        chains = [INSTALLATION, *session.scalars(select(Organisation.id))]
    return {chain: _verify_chain(database, chain) for chain in chains}


def keep_check(session: Session, chain: uuid.UUID, found: Verification) -> None:
    """Notes in place of an earlier check what a walk over *chain* found."""
    check = session.get(ChainCheck, chain) or ChainCheck(organisation_id=chain)
    check.at, check.records, check.breaks = now(), found.records, len(found.breaks)
    session.add(check)


def last_check(session: Session, organisation_id: uuid.UUID) -> ChainCheck | None:
    """When the chain of the organisation was last walked and what was found, if ever."""
    return session.get(ChainCheck, organisation_id)


def _verify_chain(database: Database, chain: uuid.UUID) -> Verification:
    breaks: list[Break] = []
    seq, reached, total = 0, _START, 0
    with database.reading(chain) as session:
        connection = session.connection()
        head = connection.execute(select(_HEAD).where(_HEAD.c.organisation_id == chain)).one_or_none()
        mine = select(_JOURNAL).where(_JOURNAL.c.organisation_id == chain).order_by(_JOURNAL.c.seq)
        for row in connection.execution_options(yield_per=500).execute(mine):
            breaks += _broken_at(row, seq, reached)
            seq, reached = row.seq, row.hash
            total += 1
    if (seq, reached) != ((head.seq, head.hash) if head else (0, _START)):
        breaks.append(Break(chain, seq, "head"))
    return Verification(total, tuple(breaks))


def _broken_at(row: Any, previous_seq: int, previous_hash: bytes) -> Iterator[Break]:
    if row.seq != previous_seq + 1:
        yield Break(row.organisation_id, row.seq, "missing")
    elif _hash(previous_hash, row._mapping) != row.hash:
        yield Break(row.organisation_id, row.seq, "altered")
    if row.personal is not None and _digest(row.personal_salt, row.personal) != row.personal_digest:
        yield Break(row.organisation_id, row.seq, "personal")
