"""What migration 0005 carries over about the check; frozen like the migration itself.

Each answer to a requirement tells the level of its requirement, so that the database
can count what is asked for.
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from assessments.grundschutz.check import level_of

_ANSWER: Final = sa.table(
    "requirement_answer", sa.column("requirement_id", sa.String()), sa.column("level", sa.String())
)


def carry_levels(connection: sa.Connection) -> None:
    """Gives every stored answer its level; call it when the new column is there."""
    for requirement in connection.scalars(sa.select(_ANSWER.c.requirement_id).distinct()).all():
        mine = _ANSWER.c.requirement_id == requirement
        connection.execute(sa.update(_ANSWER).where(mine).values(level=level_of(requirement)))
