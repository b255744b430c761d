"""Interviews that stood at each module become interviews about several modules."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import sqlalchemy as sa

from assessments.grundschutz.check import RequirementAnswer
from assessments.grundschutz.interviews import CheckInterview
from compliance.migrations.carry_interviews import carry_interviews

HOUSE, DOMAIN = uuid.UUID(int=1), uuid.UUID(int=2)
FIRST, SECOND, THIRD, SILENT = (uuid.UUID(int=number) for number in (11, 12, 13, 14))
DAY = date(2026, 3, 2)


def former() -> tuple[sa.MetaData, sa.Table, sa.Table]:
    """The assignments as they were, beside the new tables without their ties."""
    metadata = sa.MetaData()
    ids = ("organisation_id", "id", "domain_id")
    assignment = sa.Table(
        "assignment",
        metadata,
        *(sa.Column(name, sa.Uuid()) for name in ids),
        sa.Column("interview_on", sa.Date()),
        sa.Column("interviewees", sa.String(), server_default="", nullable=False),
        sa.Column("recorded_by", sa.String(), server_default="", nullable=False),
    )
    for model in (CheckInterview, RequirementAnswer):
        columns = [sa.Column(one.name, one.type) for one in model.__table__.columns]
        sa.Table(model.__tablename__, metadata, *columns)
    about = sa.Table(
        "check_interview_assignments",
        metadata,
        *(sa.Column(name, sa.Uuid()) for name in ("organisation_id", "source_id", "target_id")),
    )
    return metadata, assignment, about


def test_modules_asked_about_on_one_day_with_the_same_people_become_one_interview() -> None:
    engine = sa.create_engine("sqlite://")
    metadata, assignment, about = former()
    metadata.create_all(engine)
    answers, interviews = metadata.tables["requirement_answer"], metadata.tables["check_interview"]
    talked: list[dict[str, Any]] = [
        {"id": FIRST, "interview_on": DAY, "interviewees": "Kim Admin", "recorded_by": "Ida"},
        {"id": SECOND, "interview_on": DAY, "interviewees": "Kim Admin", "recorded_by": "Ida"},
        {"id": THIRD, "interview_on": None, "interviewees": "Amt 11", "recorded_by": ""},
        {"id": SILENT, "interview_on": None, "interviewees": "", "recorded_by": ""},
    ]
    said = [(FIRST, "A1", DAY), (SECOND, "A2", date(2026, 4, 1)), (THIRD, "A3", DAY)]
    with engine.begin() as connection:
        rows = [{"organisation_id": HOUSE, "domain_id": DOMAIN} | row for row in talked]
        connection.execute(sa.insert(assignment), rows)
        connection.execute(
            sa.insert(answers),
            [
                {"organisation_id": HOUSE, "assignment_id": at, "requirement_id": name, "answered_on": on}
                for at, name, on in said
            ],
        )
        carry_interviews(connection)
        held = connection.execute(sa.select(interviews)).all()
        ties = connection.execute(sa.select(about.c.source_id, about.c.target_id)).all()
        found: dict[Any, Any] = dict(
            connection.execute(sa.select(answers.c.requirement_id, answers.c.interview_id)).all()
        )
    engine.dispose()
    by_people = {row.participants: row for row in held}
    assert {name: (row.held_on, row.recorded_by, row.version) for name, row in by_people.items()} == {
        "Kim Admin": (DAY, "Ida", 1),
        "Amt 11": (None, "", 1),
    }
    together, other = by_people["Kim Admin"].id, by_people["Amt 11"].id
    assert set(ties) == {(together, FIRST), (together, SECOND), (other, THIRD)}
    assert found == {"A1": together, "A2": None, "A3": None}
