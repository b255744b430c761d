"""What was written down about participation in columns is there as steps after the migration."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from assessments.dpia.dpia import Dpia
from assessments.dpia.participation import Voice
from compliance.database import Database
from compliance.entry import everything
from compliance.migrations.carry_participation import carry_participation
from compliance.migrations.contracts_0002 import see_every_organisation
from tests.city import City
from tests.databases import OWNER, SERVANT

OLD: tuple[sa.Column[Any], ...] = (
    sa.Column("views", sa.String(64)),
    sa.Column("views_text", sa.Text, server_default=""),
    sa.Column("isb_involved", sa.Boolean),
    sa.Column("isb_text", sa.Text, server_default=""),
    sa.Column("staff_council", sa.Boolean),
    sa.Column("staff_council_text", sa.Text, server_default=""),
)


@pytest.fixture
def owner(address: str) -> Iterator[sa.Engine]:
    """Whoever migrates; on PostgreSQL another role than the one that serves."""
    engine = Database(address.replace(SERVANT, OWNER)).engine
    yield engine
    engine.dispose()


@pytest.fixture
def before(owner: sa.Engine) -> sa.Engine:
    """A database that still has the old columns."""
    with owner.begin() as connection:
        kinds = (column.type.compile(owner.dialect) for column in OLD)
        for column, kind in zip(OLD, kinds, strict=True):
            default = " DEFAULT ''" if column.server_default is not None else ""
            connection.execute(sa.text(f"ALTER TABLE dpia ADD COLUMN {column.name} {kind}{default}"))
    return owner


def carried(city: City, owner: sa.Engine, answers: dict[str, Any]) -> list[Any]:
    """The steps of an assessment that had *answers* in its old columns."""
    dpia = Dpia(name="Busbahnhof")
    city.save(dpia, Dpia(name="Leer"))
    table = sa.table("dpia", sa.column("id", sa.Uuid), *(sa.column(one.name, one.type) for one in OLD))
    with owner.begin() as connection:
        see_every_organisation(connection)
        connection.execute(sa.update(table).where(table.c.id == dpia.id).values(**answers))
        carry_participation(connection)
    with city.site.database.reading(city.id) as session:
        found = session.scalars(sa.select(Dpia).order_by(Dpia.number).options(*everything(Dpia))).all()
    assert found[1].participation == []
    return [
        (step.voice, step.answer, step.waiver_reason, step.is_answered, step.is_waived, step.noted)
        for step in found[0].participation
    ]


@pytest.mark.parametrize(
    ("answers", "steps"),
    [
        (
            {"views": "OBTAINED", "views_text": "Der Beirat stimmt zu."},
            [(Voice.DATA_SUBJECTS, "Der Beirat stimmt zu.", "", True, False, True)],
        ),
        (
            {"views": "WAIVED", "views_text": "Geheime Standorte."},
            [(Voice.DATA_SUBJECTS, "", "Geheime Standorte.", False, True, True)],
        ),
        ({"views": "WAIVED"}, [(Voice.DATA_SUBJECTS, "", "", False, False, True)]),
        (
            {"views_text": "Umfrage läuft."},
            [(Voice.DATA_SUBJECTS, "Umfrage läuft.", "", True, False, True)],
        ),
        (
            {
                "isb_involved": True,
                "isb_text": "",
                "staff_council": True,
                "staff_council_text": "Zustimmung.",
            },
            [
                (Voice.ISB, "Beteiligt. Ein Ergebnis wurde nicht festgehalten.", "", True, False, True),
                (Voice.STAFF_COUNCIL, "Zustimmung.", "", True, False, True),
            ],
        ),
        (
            {"isb_involved": False, "isb_text": "Kommt noch.", "staff_council_text": "Entwurf liegt vor."},
            [
                (Voice.ISB, "Kommt noch.", "", True, False, True),
                (Voice.STAFF_COUNCIL, "Entwurf liegt vor.", "", True, False, True),
            ],
        ),
        ({"isb_involved": False, "staff_council": False}, []),
    ],
)
def test_every_word_is_carried_over(
    city: City, before: sa.Engine, answers: dict[str, Any], steps: list[Any]
) -> None:
    assert carried(city, before, answers) == steps
