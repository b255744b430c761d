"""What migration 0003 carries over about projects; frozen like the migration itself.

Funding and partners were texts and become rows. The stage gets a history, which
begins with what is known: the stage a project is in, since it was begun.
"""

from __future__ import annotations

import uuid
from typing import Any, Final

import sqlalchemy as sa

_PROJECT: Final = sa.table(
    "project",
    sa.column("organisation_id", sa.Uuid()),
    sa.column("id", sa.Uuid()),
    sa.column("stage", sa.String()),
    sa.column("begins", sa.Date()),
    sa.column("funding", sa.String()),
    sa.column("partners", sa.String()),
)


def _rows(name: str, *columns: sa.ColumnClause[Any]) -> sa.TableClause:
    return sa.table(
        name,
        sa.column("organisation_id", sa.Uuid()),
        sa.column("id", sa.Uuid()),
        sa.column("parent_id", sa.Uuid()),
        sa.column("position", sa.Integer()),
        *columns,
    )


_FUNDING: Final = _rows("project_funding", sa.column("programme", sa.String()))
_PARTNER: Final = _rows("project_partner", sa.column("name", sa.String()))
_STAGE: Final = _rows("stage_change", sa.column("stage", sa.String()), sa.column("since", sa.Date()))

_LONGEST: Final = 200
"""So many characters a line holds."""


def carry_projects(connection: sa.Connection) -> None:
    """Makes rows of the texts; call it when the new tables are there and the old columns still are."""
    for project in connection.execute(sa.select(_PROJECT)).all():
        _add(connection, _FUNDING, project, [{"programme": text} for text in _parts(project.funding)])
        _add(connection, _PARTNER, project, [{"name": text} for text in _parts(project.partners)])
        if project.stage:
            # A later stage began at some other day that nobody wrote down.
            known = project.begins if project.stage in ("IDEA", "PLANNED", "PILOT") else None
            _add(connection, _STAGE, project, [{"stage": project.stage, "since": known}])


def _parts(text: str | None) -> list[str]:
    """The lines of *text*, each in pieces that fit into a line of the new rows, so that nothing is lost."""
    lines = (" ".join(line.split()) for line in (text or "").splitlines())
    return [line[at : at + _LONGEST] for line in lines for at in range(0, len(line), _LONGEST)]


def _add(
    connection: sa.Connection, table: sa.TableClause, project: Any, values: list[dict[str, Any]]
) -> None:
    rows = [
        {
            "organisation_id": project.organisation_id,
            "id": uuid.uuid4(),
            "parent_id": project.id,
            "position": position,
        }
        | value
        for position, value in enumerate(values)
    ]
    if rows:
        connection.execute(sa.insert(table), rows)
