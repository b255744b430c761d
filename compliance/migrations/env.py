"""Runs the migrations inside one transaction; Alembic loads this file by path."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from sqlalchemy import types

import compliance.app  # noqa: F401 -- knows everything that is stored
from compliance.database import Base


def render_item(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Writes own column types as the plain types they are stored as."""
    if kind != "type" or not isinstance(item, types.TypeDecorator):
        return False
    return f"sa.{item.impl_instance!r}"


with context.config.attributes["engine"].execution_options(writing=True).connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        render_item=render_item,
        compare_type=False,
    )
    with context.begin_transaction():
        context.run_migrations()
