"""Lists known to impact assessments, profiles of information domains, and special use of objects."""

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
    with op.batch_alter_table("information_domain", schema=None) as batch_op:
        batch_op.add_column(sa.Column("profile", sa.String(length=500), server_default="", nullable=False))
        batch_op.add_column(sa.Column("outdated_controls", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("outdated_requirements", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(
            sa.Column("profile_sha256", sa.String(length=64), server_default="", nullable=False)
        )
        batch_op.add_column(sa.Column("profile_asks", sa.Text(), server_default="", nullable=False))
    with op.batch_alter_table("target_object", schema=None) as batch_op:
        batch_op.add_column(sa.Column("special_use", sa.Text(), server_default="", nullable=False))
    see_every_organisation(op.get_bind())
    op.execute(sa.update(_DPIA).where(_DPIA.c.decided_on.is_not(None)).values(lists_known=_SHIPPED))


def downgrade() -> None:
    with op.batch_alter_table("target_object", schema=None) as batch_op:
        batch_op.drop_column("special_use")
    with op.batch_alter_table("information_domain", schema=None) as batch_op:
        for name in (
            "profile_asks",
            "profile_sha256",
            "outdated_requirements",
            "outdated_controls",
            "profile",
        ):
            batch_op.drop_column(name)
    with op.batch_alter_table("dpia", schema=None) as batch_op:
        batch_op.drop_column("lists_known")
