"""Answers that were stored before levels were counted get theirs."""

from __future__ import annotations

import sqlalchemy as sa

from compliance.migrations.carry_levels import carry_levels


def test_every_stored_answer_gets_the_level_of_its_requirement() -> None:
    engine = sa.create_engine("sqlite://")
    metadata = sa.MetaData()
    answers = sa.Table(
        "requirement_answer",
        metadata,
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("requirement_id", sa.String()),
        sa.Column("level", sa.String(), server_default="", nullable=False),
    )
    metadata.create_all(engine)
    named = {1: "SYS.1.1.A1", 2: "SYS.1.1.A35", 3: "SYS.1.1.A27", 4: "SYS.1.1.A3", 5: "SYS.1.1.A1", 6: "X.1"}
    with engine.begin() as connection:
        rows = [{"id": identity, "requirement_id": name} for identity, name in named.items()]
        connection.execute(sa.insert(answers), rows)
        carry_levels(connection)
        found = dict(connection.execute(sa.select(answers.c.id, answers.c.level)).all())
    assert found == {1: "B", 2: "S", 3: "H", 4: "", 5: "B", 6: ""}
    engine.dispose()
