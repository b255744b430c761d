"""What migration 0007 carries over about information domains; frozen like the migration itself.

The catalogue was words, while modelling and check followed the Kompendium of 2023 whatever they said.
Words that say something else stay readable in the scope.
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

_KOMPENDIUM: Final = "IT-Grundschutz-Kompendium, Edition 2023"
_DOMAIN: Final = sa.table(
    "information_domain",
    sa.column("organisation_id", sa.Uuid()),
    sa.column("id", sa.Uuid()),
    sa.column("state", sa.String()),
    sa.column("approach", sa.String()),
    sa.column("scope", sa.Text()),
    sa.column("catalogue", sa.String()),
    sa.column("catalogue_version", sa.String()),
)
_ORGANISATION: Final = sa.table(
    "organisation", sa.column("id", sa.Uuid()), sa.column("unneeded", sa.String())
)
_BASIC: Final = ("BASIC", "WIBA")


def choose_catalogues(connection: sa.Connection) -> None:
    """Notes which catalogue every domain follows, and keeps words about another one."""
    connection.execute(sa.update(_DOMAIN).values(catalogue="KOMPENDIUM_2023"))
    said_otherwise = _DOMAIN.c.catalogue_version.not_in(("", _KOMPENDIUM))
    for row in connection.execute(sa.select(_DOMAIN).where(said_otherwise)).all():
        scope = "\n\n".join(filter(None, (row.scope, f"Katalog und Fassung: {row.catalogue_version}")))
        mine = (_DOMAIN.c.organisation_id == row.organisation_id, _DOMAIN.c.id == row.id)
        connection.execute(sa.update(_DOMAIN).where(*mine).values(scope=scope))


def note_unneeded(connection: sa.Connection) -> None:
    """Leaves needs and risks out of the menus where every domain in work has the basic approach."""
    mine = sa.and_(_DOMAIN.c.organisation_id == _ORGANISATION.c.id, _DOMAIN.c.state != "ENDED")
    raised = sa.or_(_DOMAIN.c.approach.is_(None), _DOMAIN.c.approach.not_in(_BASIC))
    connection.execute(
        sa.update(_ORGANISATION)
        .where(
            sa.exists(sa.select(_DOMAIN.c.id).where(mine)),
            ~sa.exists(sa.select(_DOMAIN.c.id).where(mine, raised)),
        )
        .values(unneeded="need-categories risk-analyses")
    )
