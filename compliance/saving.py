"""What happens whenever anything is saved, so that no page has to remember it.

The session collects what a unit of work touches before it is written, gives it
organisation, running number, sort key and search text, and hands it on: first
to those who complete it, then, once ids and versions are known, to those who
record and judge it.
"""

from __future__ import annotations

import itertools
import uuid
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, TypeAlias, cast

from sqlalchemy import Connection, Table, bindparam, event, inspect, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, ORMExecuteState, Session, mapped_column
from sqlalchemy.orm.attributes import set_committed_value

from compliance.database import INSTALLATION, Base, Database, Owned, folded, now
from compliance.entry import Entry, Journalled, Part, class_called, missing_count, search_words
from compliance.errors import NachweisError
from compliance.fields import Rows, fields
from compliance.language import Text
from compliance.people import Organisation


class Action(StrEnum):
    """What happened to a record."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"


Touched: TypeAlias = dict[Journalled, Action]
Step: TypeAlias = Callable[[Session, Touched], None]


class Counters(Base):
    """The last running number given in one register of one organisation; gaps are allowed."""

    __tablename__ = "counter"

    organisation_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    register: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(default=0)


def watch(database: Database, *, before: Sequence[Step] = (), after: Sequence[Step] = ()) -> None:
    """Lets *before* complete and *after* record everything that any session of *database* saves."""

    def collect(session: Session, *_: object) -> None:
        _number_parts(session)
        touched = _touched(session)
        if touched and session.info.get("reading"):
            raise NachweisError(_READING)
        if touched and "actor" not in session.info:
            raise NachweisError(_NO_ACTOR)
        _prepare(session, touched)
        for step in before:
            step(session, touched)
        session.info["touched"] = touched

    def record(session: Session, *_: object) -> None:
        if touched := session.info.pop("touched", None):
            for step in after:
                step(session, touched)

    event.listen(database.sessions, "do_orm_execute", _refuse_bulk_writes)
    event.listen(database.sessions, "before_flush", collect)
    event.listen(database.sessions, "after_flush", record)


def _refuse_bulk_writes(state: ORMExecuteState) -> None:
    """Statements that change many rows at once would pass by version, journal and findings."""
    written = state.bind_mapper.class_ if state.bind_mapper else Base
    if (state.is_insert or state.is_update or state.is_delete) and issubclass(written, Journalled | Part):
        raise NachweisError(_BULK)


def _touched(session: Session) -> Touched:
    # The session makes these sets anew each time it is asked, which would cost the square of a large import.
    new, gone = session.new, session.deleted
    touched: Touched = {}
    for thing in itertools.chain(new, session.dirty, gone):
        match thing:
            case Part() if thing not in new:
                if parent := _parent_of_changed(session, thing, gone):
                    touched.setdefault(parent, Action.UPDATE)
            case Journalled() if thing in new:
                touched[thing] = Action.CREATE
            case Journalled() if thing in gone:
                touched[thing] = Action.DELETE
            case Journalled() if session.is_modified(thing):
                touched.setdefault(thing, Action.UPDATE)
            case _:
                pass
    return touched


def _number_parts(session: Session) -> None:
    """Gives rows their positions first, because a new order alone is a change too."""
    for thing in itertools.chain(session.new, session.dirty):
        if isinstance(thing, Journalled):
            for part_rows in _loaded_rows(thing):
                for position, part in enumerate(part_rows):
                    part.position = position


def _loaded_rows(thing: Journalled) -> Iterator[list[Part]]:
    unloaded = inspect(thing).unloaded
    for name, spec in fields(type(thing)).items():
        if isinstance(spec, Rows) and name not in unloaded:
            yield getattr(thing, name)


def _parent_of_changed(session: Session, part: Part, gone: Container[Any]) -> Journalled | None:
    """The entry for which a change of *part* counts; a removed part already marks it."""
    if part not in gone and not session.is_modified(part):
        return None
    key = inspect(class_called(part.parent_class)).identity_key_from_primary_key(
        (part.organisation_id, part.parent_id)
    )
    parent = cast("Journalled | None", session.identity_map.get(key))
    if parent is None or (part in gone and parent not in gone):
        raise NachweisError(_PART_ALONE)
    return parent


def _prepare(session: Session, touched: Touched) -> None:
    organisation: uuid.UUID = session.info.get("organisation", INSTALLATION)
    for thing in session.new:
        if isinstance(thing, Owned) and _unset(thing.organisation_id) and organisation != INSTALLATION:
            thing.organisation_id = organisation
    entries = (thing for thing in touched if isinstance(thing, Entry))
    _give_numbers(session, [entry for entry in entries if _unset(entry.number)])
    for thing, action in touched.items():
        if action is not Action.DELETE:
            _complete(thing)


def _unset(value: object) -> bool:
    """Whether a column of a new thing still waits for its value, whatever its type promises."""
    return value is None


def _complete(thing: Journalled) -> None:
    # The row itself must change, or the version would not rise when only a part did.
    thing.changed_at = now()
    if isinstance(thing, Entry):
        thing.derive()
    for part_rows in _loaded_rows(thing):
        for part in part_rows:
            part.organisation_id = cast("Any", thing).organisation_id
    if isinstance(thing, Entry):
        thing.sort_key = folded(thing.name)[:200]
        thing.search = folded(search_words(thing))
        thing.gaps = missing_count(thing)


def _give_numbers(session: Session, entries: list[Entry]) -> None:
    wanted = Counter((entry.organisation_id, entry.slug) for entry in entries)
    for (organisation, register), count in wanted.items():
        last = _count_on(session.connection(), organisation, register, count)
        mine = (entry for entry in entries if (entry.organisation_id, entry.slug) == (organisation, register))
        for number, entry in enumerate(mine, start=last - count + 1):
            entry.number = number


def _count_on(connection: Connection, organisation: uuid.UUID, register: str, count: int) -> int:
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    table = cast("Table", Counters.__table__)
    fresh = insert(table).values(organisation_id=organisation, register=register, last=count)
    statement = fresh.on_conflict_do_update(
        index_elements=["organisation_id", "register"], set_={"last": table.c.last + count}
    ).returning(table.c.last)
    return int(connection.execute(statement).scalar_one())


# --- What follows from other entries --------------------------------------------------------------


def settle(
    session: Session,
    organisation: uuid.UUID,
    model: type[Entry],
    values: Mapping[uuid.UUID, Mapping[str, Any]],
) -> None:
    """Writes :attr:`Entry.settled` answers of many entries of one organisation after a flush.

    They follow from other entries, whose change the journal holds already. So nobody's
    version rises, no release is doubted, and a whole city is settled in a moment. *values*
    gives the same fields for each entry.
    """
    if not values:
        return
    table = cast("Table", inspect(model).local_table)
    names = sorted(next(iter(values.values())))
    statement = (
        table.update()
        .where(table.c.organisation_id == organisation, table.c.id == bindparam("entry"))
        .values({name: bindparam(f"new_{name}") for name in names})
    )
    rows = [
        {"entry": identity, **{f"new_{name}": found[name] for name in names}}
        for identity, found in values.items()
    ]
    session.connection().execute(statement, rows)
    for thing in itertools.chain(session.identity_map.values(), session.new):
        if isinstance(thing, model) and thing.id in values:
            for name in names:
                set_committed_value(thing, name, values[thing.id][name])
    session.info.setdefault("settled", {}).setdefault((model, organisation), set()).update(values)


def leave_out(session: Session, organisation: uuid.UUID, registers: Iterable[str]) -> None:
    """Writes :attr:`Organisation.unneeded`: the slugs of registers that menus leave out from now on."""
    statement = update(Organisation).where(Organisation.id == organisation)
    session.connection().execute(statement.values(unneeded=" ".join(registers)))


_READING = Text("Beim Lesen darf nichts geändert werden.", "Nothing may be changed while reading.")
_NO_ACTOR = Text(
    "Jede Änderung braucht jemanden, der sie vornimmt.", "Every change needs somebody who makes it."
)
_PART_ALONE = Text(
    "Teile eines Eintrags werden nur über den Eintrag geändert und entfernt.",
    "Parts of an entry are changed and removed through the entry only.",
)
_BULK = Text(
    "Einträge werden einzeln gespeichert, damit jede Änderung im Journal steht.",
    "Entries are saved one by one, so that the journal holds every change.",
)
