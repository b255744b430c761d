"""The catalogue of an information domain as a choice, and registers that an organisation has no use for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compliance.migrations.carry_catalogues import choose_catalogues, note_unneeded
from compliance.migrations.contracts_0002 import see_every_organisation

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("information_domain", schema=None) as batch_op:
        batch_op.add_column(sa.Column("catalogue", sa.String(length=64), nullable=True))
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("unneeded", sa.String(length=200), server_default="", nullable=False))
    see_every_organisation(op.get_bind())
    choose_catalogues(op.get_bind())
    note_unneeded(op.get_bind())
    with op.batch_alter_table("information_domain", schema=None) as batch_op:
        batch_op.drop_column("catalogue_version")


def downgrade() -> None:
    with op.batch_alter_table("information_domain", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("catalogue_version", sa.String(length=200), server_default="", nullable=False)
        )
        batch_op.drop_column("catalogue")
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.drop_column("unneeded")
