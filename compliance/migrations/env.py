"""Runs the migrations inside one transaction; Alembic loads this file by path."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection, types

import compliance.app  # noqa: F401 -- knows everything that is stored
from compliance.database import Base, Ids


def render_item(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Writes own column types as the plain types they are stored as."""
    if kind == "type" and isinstance(item, Ids):
        return "sa.Uuid()"
    if kind != "type" or not isinstance(item, types.TypeDecorator):
        return False
    return f"sa.{item.impl_instance!r}"


@contextmanager
def rebuilding(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by building it anew, and dropping the old one must not take rows along.

    With foreign keys in force it would delete, or refuse because of, every row that refers to it.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    raw: Any = connection.connection.dbapi_connection
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        raw.execute("PRAGMA foreign_keys=ON")


def demand_whole(connection: Connection) -> None:
    """Raises RuntimeError where a row refers to one that is not there, before anything is committed."""
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise RuntimeError(f"rows without the row they refer to: {broken[:5]}")


engine = context.config.attributes["engine"].execution_options(writing=True)
with engine.connect() as connection, rebuilding(connection):
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        render_item=render_item,
        compare_type=False,
    )
    with context.begin_transaction():
        context.run_migrations()
        demand_whole(connection)
