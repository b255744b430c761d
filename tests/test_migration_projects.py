"""What was written down about projects before migration 0003 is still there after it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

import compliance.app  # noqa: F401 -- knows everything that is stored
from compliance.database import Actor, Base, Database, new_id
from compliance.entry import everything
from compliance.migrations.carry_projects import _parts, carry_projects
from compliance.saving import watch
from registers.projects import Project, ProjectStage

CITY = new_id()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A database in which projects still have the old texts beside the new rows."""
    database = Database(f"sqlite:///{tmp_path / 'old.db'}")
    Base.metadata.create_all(database.engine)
    watch(database)
    yield database
    database.engine.dispose()


def carried(database: Database, stage: ProjectStage, funding: str, partners: str) -> Project:
    project = Project(name="Wohngeld ohne Papier", begins=date(2025, 10, 1))
    with database.writing(CITY, actor=Actor("Bestand")) as session:
        session.add(project)
    with database.engine.begin() as connection:
        for column in ("funding", "partners"):
            connection.execute(sa.text(f"ALTER TABLE project ADD COLUMN {column} TEXT DEFAULT ''"))
        values = {"stage": stage.name, "funding": funding, "partners": partners}
        connection.execute(
            sa.text("UPDATE project SET stage = :stage, funding = :funding, partners = :partners"), values
        )
        carry_projects(connection)
    with database.reading(CITY) as session:
        return session.scalars(sa.select(Project).options(*everything(Project))).one()


def test_texts_become_rows_line_by_line(database: Database) -> None:
    found = carried(
        database, ProjectStage.PILOT, "Haushalt 2026", "Hochschule Wardersund\n\n  Küstenrechenzentrum AöR "
    )
    assert [row.programme for row in found.funding] == ["Haushalt 2026"]
    assert [row.name for row in found.partners] == ["Hochschule Wardersund", "Küstenrechenzentrum AöR"]
    assert [(row.stage, row.since) for row in found.stages] == [(ProjectStage.PILOT, date(2025, 10, 1))]


def test_nobody_knows_since_when_an_old_project_is_in_operation(database: Database) -> None:
    found = carried(database, ProjectStage.OPERATION, "", "")
    assert (found.funding, found.partners) == ([], [])
    assert [(row.stage, row.since) for row in found.stages] == [(ProjectStage.OPERATION, None)]


@given(st.text(max_size=1000))
def test_no_word_is_lost_however_long_a_text_is(text: str) -> None:
    parts = _parts(text)
    assert "".join("".join(parts).split()) == "".join(text.split())
    assert all(0 < len(part) <= 200 for part in parts)
