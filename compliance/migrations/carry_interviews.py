"""What migration 0005 carries over about interviews; frozen like the migration itself.

Day, people and recorder stood at each assigned module. Now one interview can be about
several modules: those of a domain that named the same day and the same people become one.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from datetime import UTC, datetime
from typing import Any, Final

import sqlalchemy as sa

_ASSIGNMENT: Final = sa.table(
    "assignment",
    *(sa.column(name, sa.Uuid()) for name in ("organisation_id", "id", "domain_id")),
    sa.column("interview_on", sa.Date()),
    sa.column("interviewees", sa.String()),
    sa.column("recorded_by", sa.String()),
)
_INTERVIEW: Final = sa.table(
    "check_interview",
    *(sa.column(name, sa.Uuid()) for name in ("organisation_id", "id", "domain_id")),
    sa.column("version", sa.Integer()),
    sa.column("changed_at", sa.DateTime()),
    sa.column("held_on", sa.Date()),
    sa.column("participants", sa.String()),
    sa.column("recorded_by", sa.String()),
    sa.column("notes", sa.Text()),
)
_ABOUT: Final = sa.table(
    "check_interview_assignments",
    *(sa.column(name, sa.Uuid()) for name in ("organisation_id", "source_id", "target_id")),
)
_ANSWER: Final = sa.table(
    "requirement_answer",
    *(sa.column(name, sa.Uuid()) for name in ("organisation_id", "assignment_id", "interview_id")),
    sa.column("answered_on", sa.Date()),
)


def carry_interviews(connection: sa.Connection) -> None:
    """Makes interviews of what stood at modules; call it when both old and new columns are there.

    Answers of the same day as the interview belong to it.
    """
    held: defaultdict[tuple[Any, ...], list[uuid.UUID]] = defaultdict(list)
    for row in connection.execute(sa.select(_ASSIGNMENT).order_by(_ASSIGNMENT.c.id)):
        if row.interview_on is not None or row.interviewees:
            key = (row.organisation_id, row.domain_id, row.interview_on, row.interviewees, row.recorded_by)
            held[key].append(row.id)
    for (organisation, domain, held_on, people, recorder), assignments in held.items():
        identity = uuid.uuid4()
        interview = {
            "organisation_id": organisation,
            "id": identity,
            "domain_id": domain,
            "version": 1,
            "changed_at": datetime.now(UTC).replace(tzinfo=None),
            "held_on": held_on,
            "participants": people,
            "recorded_by": recorder,
            "notes": "",
        }
        connection.execute(sa.insert(_INTERVIEW).values(**interview))
        about = [
            {"organisation_id": organisation, "source_id": identity, "target_id": assignment}
            for assignment in assignments
        ]
        connection.execute(sa.insert(_ABOUT), about)
        if held_on is not None:
            said = (_ANSWER.c.organisation_id == organisation) & _ANSWER.c.assignment_id.in_(assignments)
            same_day = sa.update(_ANSWER).where(said, _ANSWER.c.answered_on == held_on)
            connection.execute(same_day.values(interview_id=identity))
