"""What migration 0003 carries over about decisions on impact assessments; frozen like the migration itself.

Conditions were one text with one day and become rows, each with an owner, of whom the old
text says nothing. The first approval was not kept apart and is the one that stands. What was
written about a consultation stays in its columns, which moved to a section of their own.
"""

from __future__ import annotations

import uuid
from typing import Any, Final

import sqlalchemy as sa

_UUIDS: Final = frozenset({"organisation_id", "id", "parent_id"})
_DAYS: Final = frozenset({"conditions_due", "decided_on", "first_approved_on", "due", "met_on"})
_NUMBERS: Final = frozenset({"position", "gaps"})
_APPROVING: Final = ("APPROVED", "APPROVED_WITH_CONDITIONS")


def _type(column: str) -> sa.types.TypeEngine[Any]:
    if column in _UUIDS:
        return sa.Uuid()
    if column in _DAYS:
        return sa.Date()
    return sa.Integer() if column in _NUMBERS else sa.String()


def _table(name: str, *columns: str) -> sa.TableClause:
    return sa.table(name, *(sa.column(column, _type(column)) for column in columns))


_DPIA: Final = _table(
    "dpia",
    *("organisation_id", "id", "gaps", "conditions", "conditions_due"),
    *("decision", "decided_on", "first_approved_on"),
)
_CONDITION: Final = _table(
    "condition",
    *("organisation_id", "id", "parent_id", "position"),
    *("text", "owner", "due", "met_on", "evidence"),
)


def carry_conditions(connection: sa.Connection) -> None:
    """Makes a row of every old text; call it when the new table is there and before the old column goes."""
    query = sa.select(_DPIA).where(_DPIA.c.conditions != "")
    for row in connection.execute(query).all():
        condition = {
            "organisation_id": row.organisation_id,
            "id": uuid.uuid4(),
            "parent_id": row.id,
            "position": 0,
            "text": row.conditions,
            "owner": "",
            "due": row.conditions_due,
            "met_on": None,
            "evidence": "",
        }
        connection.execute(sa.insert(_CONDITION), [condition])
        unsaid = 1 if row.conditions_due else 2
        mine = (_DPIA.c.organisation_id == row.organisation_id) & (_DPIA.c.id == row.id)
        connection.execute(sa.update(_DPIA).where(mine).values(gaps=_DPIA.c.gaps + unsaid))


def carry_first_approvals(connection: sa.Connection) -> None:
    """Takes the approval that stands for the first one; call it when the new column is there."""
    approved = _DPIA.c.decision.in_(_APPROVING)
    connection.execute(sa.update(_DPIA).where(approved).values(first_approved_on=_DPIA.c.decided_on))
