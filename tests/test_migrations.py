"""The migrations lead to exactly what the models describe, and back again."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

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


@pytest.mark.postgresql
def test_every_table_of_an_organisation_has_its_wall(server: databases.Server) -> None:
    owned = {table.name for table in Base.metadata.tables.values() if "organisation_id" in table.c}
    with server.fresh_database() as address:
        engine = Database(address).engine
        with engine.connect() as connection:
            walled = set(connection.scalars(text("SELECT tablename FROM pg_policies")))
        engine.dispose()

    assert walled == owned - ACROSS_ORGANISATIONS
