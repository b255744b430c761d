"""One database, SQLite or PostgreSQL, and the only ways to read from it and write to it."""

from __future__ import annotations

import os
import threading
import time
import unicodedata
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, Final, TypeAlias

from sqlalchemy import (
    DateTime,
    Dialect,
    Engine,
    MetaData,
    Select,
    String,
    TypeDecorator,
    Uuid,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.orm import (
    DeclarativeBase,
    LoaderCriteriaOption,
    Mapped,
    ORMExecuteState,
    Session,
    mapped_column,
    sessionmaker,
    with_loader_criteria,
)

from compliance.language import LOCAL_TIME

INSTALLATION: Final = uuid.UUID(int=0)
"""Stands where an organisation would: people, catalogues and settings belong to all."""

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


Query: TypeAlias = Select[*tuple[Any, ...]]
"""A query, whatever it selects."""


class Moments(TypeDecorator[datetime]):
    """Moments in UTC; SQLite would drop the time zone."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


class Ids(Uuid[uuid.UUID]):
    """UUIDs; SQLite stores them as text.

    The ids of organisations, parents and referenced entries stand in row after row, and
    taking such a text apart costs ten times as much as finding it again.
    """

    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        return None if dialect.supports_native_uuid else _id


@lru_cache(maxsize=1 << 12)
def _id(stored: str | None) -> uuid.UUID | None:
    return None if stored is None else uuid.UUID(stored)


class Base(DeclarativeBase):
    """Everything that is stored."""

    metadata = MetaData(naming_convention=_NAMES)
    type_annotation_map = {datetime: Moments(), uuid.UUID: Ids(), str: String(200)}


class Owned:
    """What belongs to one organisation and is invisible to every other.

    The session adds the organisation to every query over such classes; on
    PostgreSQL a row policy enforces the same a second time.
    """

    organisation_id: Mapped[uuid.UUID] = mapped_column(primary_key=True, sort_order=-20)


def new_id() -> uuid.UUID:
    """A UUID of version 7 (RFC 9562): ordered by time, so that indexes stay dense."""
    milliseconds = time.time_ns() // 1_000_000
    noise = int.from_bytes(os.urandom(10), "big")
    value = (milliseconds << 80) | noise
    value = value & ~(0xF << 76) | (0x7 << 76)
    value = value & ~(0x3 << 62) | (0x2 << 62)
    return uuid.UUID(int=value)


def now() -> datetime:
    """The present moment, with its time zone."""
    return datetime.now(UTC)


def today() -> date:
    """The present day in Germany."""
    return now().astimezone(LOCAL_TIME).date()


_FOLDED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "o", "œ": "oe"})


@lru_cache(maxsize=1 << 12)
def folded(text: str) -> str:
    """*text* as search and sort see it: „Übermittlung“, "UEBERMITTLUNG" and "uebermittlung" alike.

    Sorting follows DIN 5007 variant 2. SQLite's own folding knows ASCII only.
    """
    expanded = unicodedata.normalize("NFC", text).casefold().translate(_FOLDED)
    # Taking letters apart can bring capitals to light, such as those of mathematics.
    apart = unicodedata.normalize("NFKD", expanded).casefold()
    bare = apart
    if not apart.isascii():
        bare = "".join(c for c in unicodedata.normalize("NFKD", apart) if not unicodedata.combining(c))
    # PostgreSQL takes no NUL, not even in what is searched for.
    return " ".join(bare.replace("\0", " ").split())


@dataclass(frozen=True)
class Actor:
    """Who is acting: a person, or a command named in place of one."""

    name: str
    id: uuid.UUID | None = None


class Database:
    """An engine and the two kinds of transactions on it."""

    def __init__(self, address: str) -> None:
        self.engine = _engine(address)
        self.sessions = sessionmaker(self.engine, autoflush=False, expire_on_commit=False)
        self._one_writer = threading.Lock()
        event.listen(self.sessions, "do_orm_execute", _only_own_organisation)
        if self.dialect == "postgresql":
            event.listen(self.sessions, "after_begin", _announce_organisations)

    @property
    def dialect(self) -> str:
        return self.engine.dialect.name

    @contextmanager
    def reading(self, organisation: uuid.UUID = INSTALLATION) -> Iterator[Session]:
        """One consistent snapshot that cannot change anything."""
        options = {} if self.dialect == "sqlite" else _READ_ONLY
        with self.sessions(execution_options=options) as session:
            session.info.update(organisation=organisation, reading=True)
            yield session

    @contextmanager
    def writing(self, organisation: uuid.UUID = INSTALLATION, *, actor: Actor) -> Iterator[Session]:
        """One unit of work, committed as a whole at the end or not at all.

        On SQLite one writer at a time enters; waiting in the process loses
        nothing, while waiting in the database gives up under load.
        """
        with self._lock(), self.sessions(execution_options={"writing": True}) as session:
            session.info.update(organisation=organisation, actor=actor)
            yield session
            session.commit()

    @contextmanager
    def _lock(self) -> Iterator[None]:
        if self.dialect != "sqlite":
            yield
            return
        with self._one_writer:
            yield


_SCOPED: Final = "scoped_to_organisation"
_ALONE: Final = "-c max_parallel_workers_per_gather=0"
"""No query of a page is so long that starting further processes for it would not take longer."""
_READ_ONLY: Final[dict[str, Any]] = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


def _engine(address: str) -> Engine:
    url = make_url(address)
    if url.get_backend_name() == "postgresql":
        url = url.update_query_dict({"options": " ".join([*url.normalized_query.get("options", ()), _ALONE])})
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver would otherwise begin transactions by its own, later rules.
    connection.isolation_level = None
    for pragma in ("foreign_keys=ON", "journal_mode=WAL", "busy_timeout=30000", "synchronous=NORMAL"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Any) -> None:
    # A plain BEGIN that later wants to write fails at once with "database is locked".
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _only_own_organisation(state: ORMExecuteState) -> None:
    organisation = state.session.info.get("organisation")
    if organisation is None or organisation == INSTALLATION or state.is_column_load:
        return
    # The statements that load related rows along with a first one inherit its criteria and its options.
    if state.is_relationship_load and state.execution_options.get(_SCOPED) == organisation:
        return
    state.update_execution_options(**{_SCOPED: organisation})
    state.statement = state.statement.options(_own(organisation))


@lru_cache(maxsize=256)
def _own(organisation: uuid.UUID) -> LoaderCriteriaOption:
    """Narrows every query to the rows of *organisation*; kept, because making it costs as much as a query."""
    return with_loader_criteria(Owned, lambda cls: cls.organisation_id == organisation, include_aliases=True)


def _announce_organisations(session: Session, _transaction: object, connection: Any) -> None:
    # Local to the transaction: otherwise the next borrower of the connection would inherit it.
    connection.exec_driver_sql(
        "SELECT set_config('app.organisations', %s, true)",
        (str(session.info.get("organisation", INSTALLATION)),),
    )
