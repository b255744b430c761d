"""What migration 0003 carries over about risks; frozen like the migration itself.

Measures of an assessment get the keys by which a risk names those it rests on. A
stored risk matrix listed four grades and three levels by their place; now each
stands under the name of what it means.
"""

from __future__ import annotations

import json
import uuid
from collections import Counter
from typing import Any, Final

import sqlalchemy as sa

_GRADES: Final = ("NEGLIGIBLE", "LIMITED", "SUBSTANTIAL", "MAJOR")
_LEVELS: Final = ("LOW", "MEDIUM", "HIGH")

_MEASURE: Final = sa.table(
    "dpia_measure",
    *(sa.column(name, sa.Uuid()) for name in ("organisation_id", "id", "parent_id")),
    sa.column("position", sa.Integer()),
    sa.column("key", sa.String()),
)
_DPIA: Final = sa.table(
    "dpia",
    sa.column("organisation_id", sa.Uuid()),
    sa.column("id", sa.Uuid()),
    sa.column("last_measure", sa.Integer()),
)
_MATRIX: Final = sa.table(
    "risk_matrix_setting",
    sa.column("organisation_id", sa.Uuid()),
    sa.column("id", sa.Uuid()),
    sa.column("content", sa.Text()),
)


def carry_risks(connection: sa.Connection) -> None:
    """Gives keys to measures and rewrites stored matrices; call it when the new columns are there."""
    _give_keys(connection)
    for row in connection.execute(sa.select(_MATRIX)).all():
        mine = (_MATRIX.c.organisation_id == row.organisation_id) & (_MATRIX.c.id == row.id)
        connection.execute(sa.update(_MATRIX).where(mine).values(content=named_grades(row.content)))


def _give_keys(connection: sa.Connection) -> None:
    last: Counter[tuple[uuid.UUID, uuid.UUID]] = Counter()
    for row in connection.execute(
        sa.select(_MEASURE).order_by(_MEASURE.c.parent_id, _MEASURE.c.position)
    ).all():
        last[row.organisation_id, row.parent_id] += 1
        key = f"M{last[row.organisation_id, row.parent_id]}"
        mine = (_MEASURE.c.organisation_id == row.organisation_id) & (_MEASURE.c.id == row.id)
        connection.execute(sa.update(_MEASURE).where(mine).values(key=key))
    for (organisation, identity), number in last.items():
        mine = (_DPIA.c.organisation_id == organisation) & (_DPIA.c.id == identity)
        connection.execute(sa.update(_DPIA).where(mine).values(last_measure=number))


def named_grades(content: str) -> str:
    """A stored matrix with each grade and level under its name; one that is so already stays as it is."""
    data: dict[str, Any] = json.loads(content)
    if isinstance(data["severities"], dict):
        return content
    return json.dumps(
        {
            "severities": dict(zip(_GRADES, data["severities"], strict=True)),
            "likelihoods": dict(zip(_GRADES, data["likelihoods"], strict=True)),
            "levels": {
                name: [*words, tone]
                for name, words, tone in zip(_LEVELS, data["levels"], data["tones"], strict=True)
            },
            "table": data["table"],
        },
        ensure_ascii=False,
    )
