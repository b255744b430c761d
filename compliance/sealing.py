"""Sealed answers: readable in memory, unreadable in the database.

A field declared ``secret`` is sealed on its way into the database and opened on
its way out, bound to table, column, organisation and row. A value that somebody
moves to another row or column does not open. What reads columns instead of
entries gets the sealed text, so that lists and exports cannot print it by mistake.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any, Final, cast

from sqlalchemy import event, inspect, select, update
from sqlalchemy.orm import Session, object_session

from compliance.crypto import Sealed, Sealer
from compliance.database import INSTALLATION, Base, Database
from compliance.entry import Entry, Journalled, Record, everything
from compliance.errors import NachweisError
from compliance.fields import Line, secrets_of, tidy, tidy_line
from compliance.language import Text

_INFO: Final = "sealer"


def seal(database: Database, sealer: Sealer) -> None:
    """Lets every session of *database* seal and open with *sealer*."""
    database.sessions.configure(info={_INFO: sealer})
    for mapper in Base.registry.mappers:
        if issubclass(mapper.class_, Journalled) and secrets_of(mapper.class_):
            for name, step in _STEPS.items():
                event.listen(mapper, name, step)


def sealer_of(session: Session) -> Sealer:
    """The sealer of the installation that *session* works on."""
    return cast(Sealer, session.info[_INFO])


def place(model: type[Any], name: str, organisation: uuid.UUID, row: uuid.UUID) -> str:
    """What a sealed value is bound to: table, column, organisation and row."""
    return f"{model.__tablename__}.{name}/{organisation.hex}/{row.hex}"


def fingerprints(thing: Journalled) -> dict[str, str]:
    """A mark for each sealed answer of *thing*, for journal and release; *thing* is in a session."""
    names = [name for name in secrets_of(type(thing)) if getattr(thing, name)]
    if not names:
        return {}
    session = object_session(thing)
    if session is None:
        raise NachweisError(_NO_SESSION)
    sealer = sealer_of(session)
    return {name: sealer.fingerprint(_tidied(thing, name), _place(thing, name)) for name in names}


def opened(session: Session, model: type[Any], row: uuid.UUID, values: Mapping[str, Any]) -> dict[str, str]:
    """The sealed ones among the columns *values* of one row, opened; for reports that ask for them.

    Raises :class:`compliance.crypto.CannotOpen`.
    """
    sealer, organisation = sealer_of(session), session.info["organisation"]
    return {
        name: sealer.open(text, place(model, name, organisation, row))
        for name, text in values.items()
        if isinstance(text, Sealed)
    }


def reseal(session: Session, released: Callable[[Entry], str]) -> int:
    """Seals with the current key what was sealed with a former one; returns how many values.

    Nothing is changed by it: versions and journal stay as they are. A release stays valid
    and gets the hash that *released* now gives for the same content.
    """
    count = 0
    for mapper in Base.registry.mappers:
        if issubclass(mapper.class_, Record) and secrets_of(mapper.class_):
            count += _reseal_all(session, mapper.class_)
            if issubclass(mapper.class_, Entry):
                _renew_hashes(session, mapper.class_, released)
    return count


def _reseal_all(session: Session, model: Any) -> int:
    table, sealer, organisation = model.__table__, sealer_of(session), session.info["organisation"]
    connection, names = session.connection(), list(secrets_of(model))
    mine = table.c.organisation_id == organisation
    count = 0
    for row in connection.execute(select(table.c.id, *(table.c[name] for name in names)).where(mine)).all():
        old = {name: value for name, value in zip(names, row[1:], strict=True) if value}
        new = {
            name: sealer.renewed(text, place(model, name, organisation, row.id)) for name, text in old.items()
        }
        if changed := {name: text for name, text in new.items() if text != old[name]}:
            connection.execute(update(table).where(mine, table.c.id == row.id).values(**changed))
            count += len(changed)
    return count


def _renew_hashes(session: Session, model: type[Entry], released: Callable[[Entry], str]) -> None:
    unchanged = (model.released_hash != "", model.changed_since_release.is_(False))
    table: Any = model.__table__
    for entry in session.scalars(select(model).where(*unchanged).options(*everything(model))).all():
        mine = (table.c.organisation_id == entry.organisation_id, table.c.id == entry.id)
        session.connection().execute(update(table).where(*mine).values(released_hash=released(entry)))
    session.expunge_all()


def _place(thing: Any, name: str) -> str:
    return place(type(thing), name, getattr(thing, "organisation_id", INSTALLATION), thing.id)


def _tidied(thing: Journalled, name: str) -> str:
    text: str = getattr(thing, name)
    return tidy_line(text) if isinstance(secrets_of(type(thing))[name], Line) else tidy(text)


# --- On the way in and out -----------------------------------------------------------------------


def _close(_mapper: Any, _connection: Any, thing: Any) -> None:
    """Puts the sealed text in place of the readable one while the row is written."""
    state = inspect(thing)
    sealer = sealer_of(cast(Session, state.session))
    for name in secrets_of(type(thing)):
        text = state.dict.get(name)
        if text and not isinstance(text, Sealed) and _is_written(state, name):
            state.info.setdefault(_INFO, {})[name] = text
            state.dict[name] = sealer.seal(_tidied(thing, name), _place(thing, name))


def _is_written(state: Any, name: str) -> bool:
    return not state.has_identity or bool(state.attrs[name].history.has_changes())


def _reopen(_mapper: Any, _connection: Any, thing: Any) -> None:
    """Gives the readable text back once the row is written."""
    state = inspect(thing)
    state.dict.update(state.info.pop(_INFO, {}))


def _open(thing: Any, context: Any, _names: object = None) -> None:
    """Opens what was read."""
    state = inspect(thing)
    sealer = sealer_of(context.session)
    for name in secrets_of(type(thing)):
        text = state.dict.get(name)
        if isinstance(text, Sealed):
            state.dict[name] = sealer.open(text, _place(thing, name))


_STEPS: Final[dict[str, Callable[..., None]]] = {
    "before_insert": _close,
    "before_update": _close,
    "after_insert": _reopen,
    "after_update": _reopen,
    "load": _open,
    "refresh": _open,
}

_NO_SESSION = Text(
    "Das Kennzeichen einer versiegelten Angabe gibt es nur innerhalb einer Sitzung der Datenbank.",
    "The mark of a sealed value exists within a session of the database only.",
)
