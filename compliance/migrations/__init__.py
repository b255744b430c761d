"""The steps that bring a database to the shape the program expects."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from alembic import command, op
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

ACROSS_ORGANISATIONS: Final = frozenset(
    {"calendar_feed", "invitation_link", "membership", "pre_scan_draft", "pre_scan_link", "sign_in"}
)
"""Tables that name an organisation but are asked before anybody is signed in to one; they have no wall."""


def configuration(engine: Engine) -> Config:
    """Alembic's configuration for the database behind *engine*; no configuration file is needed."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["engine"] = engine
    return config


def upgrade(engine: Engine) -> None:
    """Brings the database to the newest shape; does nothing if it already has it."""
    command.upgrade(configuration(engine), "head")


def is_current(engine: Engine) -> bool:
    """Whether the database has the shape the program expects."""
    head = ScriptDirectory.from_config(configuration(engine)).get_current_head()
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == head


def wall(table: str) -> None:
    """Lets PostgreSQL itself keep the rows of one organisation from the sessions of every other.

    For use in migrations, on every table with an organisation. It holds for the
    owner of the table too; only a superuser passes. Other databases have no such thing.
    """
    if op.get_bind().dialect.name != "postgresql":
        return
    mine = "organisation_id = ANY (string_to_array(current_setting('app.organisations', true), ',')::uuid[])"
    op.execute(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY')
    op.execute(f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY')
    op.execute(f'CREATE POLICY organisation ON "{table}" USING ({mine}) WITH CHECK ({mine})')
