"""Which shipped lists an impact assessment was decided on with."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compliance.migrations.contracts_0002 import see_every_organisation

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_DPIA = sa.table("dpia", sa.column("lists_known", sa.Text()), sa.column("decided_on", sa.Date()))
_SHIPPED = '{"DSK": "1.1"}'
"""The one list that came with every version of the program before this one."""


def upgrade() -> None:
    with op.batch_alter_table("dpia", schema=None) as batch_op:
        batch_op.add_column(sa.Column("lists_known", sa.Text(), server_default="", nullable=False))
    see_every_organisation(op.get_bind())
    op.execute(sa.update(_DPIA).where(_DPIA.c.decided_on.is_not(None)).values(lists_known=_SHIPPED))


def downgrade() -> None:
    with op.batch_alter_table("dpia", schema=None) as batch_op:
        batch_op.drop_column("lists_known")
