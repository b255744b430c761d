"""The catalogue of a domain as a choice, registers without use, measures for controls, two lists sorted."""

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
    with op.batch_alter_table("control_answer", schema=None) as batch_op:
        batch_op.add_column(sa.Column("planned_id", sa.Uuid(), nullable=True))
        batch_op.create_index(
            batch_op.f("ix_control_answer_organisation_id_planned_id"),
            ["organisation_id", "planned_id"],
            unique=False,
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_control_answer_organisation_id_planned_id"),
            "measure",
            ["organisation_id", "planned_id"],
            ["organisation_id", "id"],
        )
    with op.batch_alter_table("information_domain", schema=None) as batch_op:
        batch_op.add_column(sa.Column("catalogue", sa.String(length=64), nullable=True))
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("unneeded", sa.String(length=200), server_default="", nullable=False))
    with op.batch_alter_table("processing_activity", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_processing_activity_organisation_id_next_review_sort_key_id"),
            ["organisation_id", "next_review", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_processing_activity_organisation_id_sort_key_id_subjects"),
            ["organisation_id", "sort_key", "id", "subjects"],
            unique=False,
        )
    see_every_organisation(op.get_bind())
    choose_catalogues(op.get_bind())
    note_unneeded(op.get_bind())
    with op.batch_alter_table("information_domain", schema=None) as batch_op:
        batch_op.drop_column("catalogue_version")


def downgrade() -> None:
    with op.batch_alter_table("processing_activity", schema=None) as batch_op:
        for columns in ("sort_key_id_subjects", "next_review_sort_key_id"):
            batch_op.drop_index(batch_op.f(f"ix_processing_activity_organisation_id_{columns}"))
    with op.batch_alter_table("information_domain", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("catalogue_version", sa.String(length=200), server_default="", nullable=False)
        )
        batch_op.drop_column("catalogue")
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.drop_column("unneeded")
    with op.batch_alter_table("control_answer", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_control_answer_organisation_id_planned_id"), type_="foreignkey"
        )
        batch_op.drop_index(batch_op.f("ix_control_answer_organisation_id_planned_id"))
        batch_op.drop_column("planned_id")
