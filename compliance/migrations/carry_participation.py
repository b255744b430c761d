"""Carries what was known of participation from columns of impact assessments into rows.

Call :func:`carry_participation` when the new tables are there and before the old columns
go. Views, security and staff council become one step each; „nein“ to a body that need not
be heard becomes nothing, because a step exists only where somebody is to be heard.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any, Final

import sqlalchemy as sa

_KEYS: Final = frozenset({"organisation_id", "id", "parent_id"})
_FLAGS: Final = frozenset({"isb_involved", "staff_council", "waived", "noted"})


def _table(name: str, *columns: str) -> sa.TableClause:
    return sa.table(name, *(sa.column(column, _type(column)) for column in columns))


def _type(column: str) -> sa.types.TypeEngine[Any]:
    if column in _KEYS:
        return sa.Uuid()
    if column in _FLAGS:
        return sa.Boolean()
    return sa.Integer() if column == "position" else sa.String()


_OLD: Final = _table(
    "dpia",
    *("organisation_id", "id", "views", "views_text", "isb_involved", "isb_text"),
    *("staff_council", "staff_council_text"),
)
_STEP: Final = _table(
    "participation",
    *("organisation_id", "id", "parent_id", "position", "voice", "answer", "considered"),
    *("waived", "waiver_reason", "noted"),
)


def carry_participation(connection: sa.Connection) -> None:
    """Makes a step of each body that was heard, and of each that was dispensed with."""
    steps = []
    for row in connection.execute(sa.select(_OLD).order_by(_OLD.c.id)).all():
        for position, step in enumerate(_steps(row)):
            keys = {"organisation_id": row.organisation_id, "id": uuid.uuid4(), "parent_id": row.id}
            steps.append(_NOTHING | keys | {"position": position} | step)
    if steps:
        connection.execute(sa.insert(_STEP), steps)


_NOTHING: Final[dict[str, Any]] = {
    "answer": "",
    "considered": "",
    "waived": None,
    "waiver_reason": "",
    "noted": True,
}


def _steps(row: Any) -> Iterator[dict[str, Any]]:
    if row.isb_involved or row.isb_text:
        yield {"voice": "ISB"} | _said(row.isb_text)
    if row.staff_council or row.staff_council_text:
        yield {"voice": "STAFF_COUNCIL"} | _said(row.staff_council_text)
    if row.views == "WAIVED":
        yield {"voice": "DATA_SUBJECTS", "waived": True, "waiver_reason": row.views_text}
    elif row.views == "OBTAINED":
        yield {"voice": "DATA_SUBJECTS"} | _said(row.views_text)
    elif row.views_text:
        yield {"voice": "DATA_SUBJECTS", "answer": row.views_text}


def _said(text: str) -> dict[str, Any]:
    """What was heard. Whether it was an objection was never asked, so it stays open."""
    return {"answer": text or _NOTHING_SAID}


_NOTHING_SAID: Final = "Beteiligt. Ein Ergebnis wurde nicht festgehalten."
