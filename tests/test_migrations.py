"""The migrations lead to exactly what the models describe, and back again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import (
    Boolean,
    Connection,
    Date,
    DateTime,
    Engine,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Select,
    Table,
    func,
    inspect,
    select,
    text,
)
from sqlalchemy.types import TypeEngine

import compliance.app  # noqa: F401 -- knows everything that is stored
from compliance.database import Base, Database
from compliance.migrations import ACROSS_ORGANISATIONS, configuration, is_current, upgrade
from tests import databases


@pytest.mark.source
def test_the_migrations_equal_the_models(tmp_path: Path) -> None:
    engine = Database(f"sqlite:///{tmp_path / 'new.db'}").engine

    upgrade(engine)

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


def test_a_database_is_current_only_after_the_upgrade(tmp_path: Path) -> None:
    engine = Database(f"sqlite:///{tmp_path / 'new.db'}").engine

    before = is_current(engine)
    upgrade(engine)

    assert (before, is_current(engine)) == (False, True)
    engine.dispose()


def test_every_migration_can_be_undone(tmp_path: Path) -> None:
    engine = Database(f"sqlite:///{tmp_path / 'new.db'}").engine
    upgrade(engine)

    command.downgrade(configuration(engine), "base")

    assert inspect(engine).get_table_names() == ["alembic_version"]
    engine.dispose()


@pytest.mark.parametrize("begun", ["0001", "0002", "0003", "0004", "0005", "0006"])
def test_an_upgrade_keeps_every_row(tmp_path: Path, begun: str) -> None:
    engine = Database(f"sqlite:///{tmp_path / 'old.db'}").engine
    command.upgrade(configuration(engine), begun)
    tables = _reflected(engine)
    with engine.execution_options(writing=True).begin() as connection:
        _fill(connection, tables)

    upgrade(engine)

    with engine.connect() as connection:
        kept = {name: connection.scalar(_count(table)) for name, table in _reflected(engine).items()}
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall() == []
    assert {name for name in tables if kept.get(name, 1) < 1} == set()
    engine.dispose()


_PARTICULAR = {
    "alembic_version",
    "draft",  # went with 0002, which seals drafts
    "risk_matrix_setting",  # cannot say just anything; see test_migration_risks.py
}


def _reflected(engine: Engine) -> dict[str, Table]:
    metadata = MetaData()
    metadata.reflect(engine)
    return {table.name: table for table in metadata.sorted_tables if table.name not in _PARTICULAR}


def _count(table: Table) -> Select[Any]:
    return select(func.count()).select_from(table)


def _fill(connection: Connection, tables: Mapping[str, Table]) -> None:
    """Gives every table one row, which refers to the rows of the tables before it."""
    rows: dict[str, dict[str, Any]] = {}
    for name, table in tables.items():
        rows[name] = {}
        for column in table.columns:
            before = next((key.column for key in column.foreign_keys if key.column.table.name in rows), None)
            if before is not None and before.table is not table:
                rows[name][column.name] = rows[before.table.name].get(before.name)
            elif not column.nullable and column.server_default is None:
                rows[name][column.name] = _something(column.type)
        connection.execute(table.insert().values(rows[name]))


def _something(kind: TypeEngine[Any]) -> Any:
    found = {
        Boolean: False,
        DateTime: datetime(2026, 1, 2, 3, 4, 5),  # noqa: DTZ001 -- stored without one
        Date: date(2026, 1, 2),
        Integer: 1,
        Float: 1.0,
        LargeBinary: b"x",
    }
    return next((value for known, value in found.items() if isinstance(kind, known)), "0" * 32)


@pytest.mark.postgresql
def test_every_table_of_an_organisation_has_its_wall(server: databases.Server) -> None:
    owned = {table.name for table in Base.metadata.tables.values() if "organisation_id" in table.c}
    with server.fresh_database() as address:
        engine = Database(address).engine
        with engine.connect() as connection:
            walled = set(connection.scalars(text("SELECT tablename FROM pg_policies")))
        engine.dispose()

    assert walled == owned - ACROSS_ORGANISATIONS
