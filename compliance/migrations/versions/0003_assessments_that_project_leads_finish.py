"""Assessments that project leads finish: participation, decision, questions, projects."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compliance.migrations import wall
from compliance.migrations.carry_conditions import carry_conditions, carry_first_approvals
from compliance.migrations.carry_participation import carry_participation
from compliance.migrations.carry_projects import carry_projects
from compliance.migrations.carry_risks import carry_risks
from compliance.migrations.contracts_0002 import see_every_organisation

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


WALLED = (
    "authority_list_item",
    "authority_question",
    "condition",
    "data_flow",
    "dpia_answer",
    "from_source",
    "goal",
    "goal_measure",
    "invitation",
    "participation",
    "pre_scan",
    "pre_scan_activities",
    "pre_scan_analyses",
    "project_funding",
    "project_objects",
    "project_partner",
    "section_verdict",
    "stage_change",
    "threshold_analysis_own_entries",
)


def upgrade() -> None:
    op.create_table(
        "invitation",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("register", sa.String(length=200), server_default="", nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("part_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), server_default="", nullable=False),
        sa.Column("email", sa.Text(), server_default="", nullable=False),
        sa.Column("language", sa.String(length=2), server_default="", nullable=False),
        sa.Column("invited_by", sa.String(length=200), server_default="", nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=True),
        sa.Column("until", sa.DateTime(), nullable=True),
        sa.Column("mailed_at", sa.DateTime(), nullable=True),
        sa.Column("opened_at", sa.DateTime(), nullable=True),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_invitation")),
    )
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_invitation_organisation_id_entry_id"),
            ["organisation_id", "entry_id"],
            unique=False,
        )

    op.create_table(
        "authority_list_item",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("item_number", sa.String(length=20), server_default="", nullable=False),
        sa.Column("examples", sa.Text(), server_default="", nullable=False),
        sa.Column("authority", sa.String(length=200), server_default="", nullable=False),
        sa.Column("land", sa.String(length=64), nullable=True),
        sa.Column("sector", sa.String(length=64), nullable=True),
        sa.Column("list_version", sa.String(length=40), server_default="", nullable=False),
        sa.Column("published", sa.Date(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=300), server_default="", nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("checked_by", sa.String(length=200), server_default="", nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=64), server_default="DRAFT", nullable=False),
        sa.Column("gaps", sa.Integer(), server_default="0", nullable=False),
        sa.Column("sort_key", sa.String(length=200), server_default="", nullable=False),
        sa.Column("search", sa.Text(), server_default="", nullable=False),
        sa.Column("released_hash", sa.String(length=64), server_default="", nullable=False),
        sa.Column("released_version", sa.Integer(), nullable=True),
        sa.Column("changed_since_release", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("name", sa.String(length=200), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "unit_id"],
            ["unit.organisation_id", "unit.id"],
            name=op.f("fk_authority_list_item_organisation_id_unit_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_authority_list_item")),
    )
    with op.batch_alter_table("authority_list_item", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_authority_list_item_organisation_id_land_sort_key_id"),
            ["organisation_id", "land", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_authority_list_item_organisation_id_number"),
            ["organisation_id", "number"],
            unique=True,
        )
        batch_op.create_index(
            batch_op.f("ix_authority_list_item_organisation_id_sort_key_id"),
            ["organisation_id", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_authority_list_item_organisation_id_state_sort_key_id"),
            ["organisation_id", "state", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_authority_list_item_organisation_id_unit_id"),
            ["organisation_id", "unit_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_authority_list_item_organisation_id_unit_id_sort_key_id"),
            ["organisation_id", "unit_id", "sort_key", "id"],
            unique=False,
        )

    op.create_table(
        "invitation_link",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("invitation_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_invitation_link_organisation_id")
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_invitation_link")),
    )
    with op.batch_alter_table("invitation_link", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_invitation_link_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "pre_scan_draft",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("began", sa.DateTime(), nullable=False),
        sa.Column("sealed", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_pre_scan_draft_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pre_scan_draft")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_pre_scan_draft_token_hash")),
    )
    with op.batch_alter_table("pre_scan_draft", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_pre_scan_draft_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_pre_scan_draft_until"), ["until"], unique=False)

    op.create_table(
        "pre_scan_link",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("began", sa.DateTime(), nullable=False),
        sa.Column("sealed", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_pre_scan_link_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pre_scan_link")),
        sa.UniqueConstraint("organisation_id", name=op.f("uq_pre_scan_link_organisation_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_pre_scan_link_token_hash")),
    )
    op.create_table(
        "goal",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("theme_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=64), server_default="DRAFT", nullable=False),
        sa.Column("gaps", sa.Integer(), server_default="0", nullable=False),
        sa.Column("sort_key", sa.String(length=200), server_default="", nullable=False),
        sa.Column("search", sa.Text(), server_default="", nullable=False),
        sa.Column("released_hash", sa.String(length=64), server_default="", nullable=False),
        sa.Column("released_version", sa.Integer(), nullable=True),
        sa.Column("changed_since_release", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("name", sa.String(length=200), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "theme_id"],
            ["theme.organisation_id", "theme.id"],
            name=op.f("fk_goal_organisation_id_theme_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "unit_id"],
            ["unit.organisation_id", "unit.id"],
            name=op.f("fk_goal_organisation_id_unit_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_goal")),
    )
    with op.batch_alter_table("goal", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_goal_organisation_id_number"), ["organisation_id", "number"], unique=True
        )
        batch_op.create_index(
            batch_op.f("ix_goal_organisation_id_sort_key_id"),
            ["organisation_id", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_goal_organisation_id_state_sort_key_id"),
            ["organisation_id", "state", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_goal_organisation_id_theme_id"), ["organisation_id", "theme_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_goal_organisation_id_unit_id"), ["organisation_id", "unit_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_goal_organisation_id_unit_id_sort_key_id"),
            ["organisation_id", "unit_id", "sort_key", "id"],
            unique=False,
        )

    op.create_table(
        "goal_measure",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=500), server_default="", nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id", "parent_id"],
            ["goal.organisation_id", "goal.id"],
            name=op.f("fk_goal_measure_organisation_id_parent_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_goal_measure")),
    )
    with op.batch_alter_table("goal_measure", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_goal_measure_organisation_id_parent_id_position"),
            ["organisation_id", "parent_id", "position"],
            unique=False,
        )

    op.create_table(
        "data_flow",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=200), server_default="", nullable=False),
        sa.Column("target", sa.String(length=200), server_default="", nullable=False),
        sa.Column("what", sa.String(length=200), server_default="", nullable=False),
        sa.Column("way", sa.String(length=200), server_default="", nullable=False),
        sa.Column("third_country", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id", "parent_id"],
            ["project.organisation_id", "project.id"],
            name=op.f("fk_data_flow_organisation_id_parent_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_data_flow")),
    )
    with op.batch_alter_table("data_flow", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_data_flow_organisation_id_parent_id_position"),
            ["organisation_id", "parent_id", "position"],
            unique=False,
        )

    op.create_table(
        "pre_scan",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("idea", sa.Text(), server_default="", nullable=False),
        sa.Column("unit_said", sa.String(length=200), server_default="", nullable=False),
        sa.Column("contact", sa.Text(), server_default="", nullable=False),
        sa.Column("reach", sa.Text(), server_default="", nullable=False),
        sa.Column("timing", sa.String(length=64), nullable=True),
        sa.Column("begins", sa.Date(), nullable=True),
        sa.Column("personal_data", sa.Boolean(), nullable=True),
        sa.Column("observed", sa.Text(), server_default="", nullable=False),
        sa.Column("concerned", sa.Text(), server_default="", nullable=False),
        sa.Column("concerned_other", sa.String(length=200), server_default="", nullable=False),
        sa.Column("kinds", sa.Text(), server_default="", nullable=False),
        sa.Column("kinds_other", sa.String(length=200), server_default="", nullable=False),
        sa.Column("scale", sa.String(length=64), nullable=True),
        sa.Column("origin", sa.Text(), server_default="", nullable=False),
        sa.Column("automation", sa.Text(), server_default="", nullable=False),
        sa.Column("merged", sa.Boolean(), nullable=True),
        sa.Column("helpers", sa.String(length=64), nullable=True),
        sa.Column("provider", sa.String(length=200), server_default="", nullable=False),
        sa.Column("open_data", sa.Boolean(), nullable=True),
        sa.Column("keeping", sa.String(length=64), nullable=True),
        sa.Column("keeping_until", sa.String(length=200), server_default="", nullable=False),
        sa.Column("harm", sa.Text(), server_default="", nullable=False),
        sa.Column("harm_words", sa.Text(), server_default="", nullable=False),
        sa.Column("unsure", sa.Text(), server_default="", nullable=False),
        sa.Column("fate", sa.String(length=64), nullable=True),
        sa.Column("fate_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decided_by", sa.String(length=200), server_default="", nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("project_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=64), server_default="DRAFT", nullable=False),
        sa.Column("gaps", sa.Integer(), server_default="0", nullable=False),
        sa.Column("sort_key", sa.String(length=200), server_default="", nullable=False),
        sa.Column("search", sa.Text(), server_default="", nullable=False),
        sa.Column("released_hash", sa.String(length=64), server_default="", nullable=False),
        sa.Column("released_version", sa.Integer(), nullable=True),
        sa.Column("changed_since_release", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("name", sa.String(length=200), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "project_id"],
            ["project.organisation_id", "project.id"],
            name=op.f("fk_pre_scan_organisation_id_project_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "unit_id"],
            ["unit.organisation_id", "unit.id"],
            name=op.f("fk_pre_scan_organisation_id_unit_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_pre_scan")),
    )
    with op.batch_alter_table("pre_scan", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_pre_scan_organisation_id_fate_sort_key_id"),
            ["organisation_id", "fate", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_pre_scan_organisation_id_number"), ["organisation_id", "number"], unique=True
        )
        batch_op.create_index(
            batch_op.f("ix_pre_scan_organisation_id_project_id"),
            ["organisation_id", "project_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_pre_scan_organisation_id_sort_key_id"),
            ["organisation_id", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_pre_scan_organisation_id_state_sort_key_id"),
            ["organisation_id", "state", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_pre_scan_organisation_id_unit_id"), ["organisation_id", "unit_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_pre_scan_organisation_id_unit_id_sort_key_id"),
            ["organisation_id", "unit_id", "sort_key", "id"],
            unique=False,
        )

    op.create_table(
        "project_funding",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("programme", sa.String(length=200), server_default="", nullable=False),
        sa.Column("code", sa.String(length=60), server_default="", nullable=False),
        sa.Column("amount", sa.Integer(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id", "parent_id"],
            ["project.organisation_id", "project.id"],
            name=op.f("fk_project_funding_organisation_id_parent_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_project_funding")),
    )
    with op.batch_alter_table("project_funding", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_project_funding_organisation_id_parent_id_position"),
            ["organisation_id", "parent_id", "position"],
            unique=False,
        )

    op.create_table(
        "project_objects",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "source_id"],
            ["project.organisation_id", "project.id"],
            name=op.f("fk_project_objects_organisation_id_source_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "target_id"],
            ["target_object.organisation_id", "target_object.id"],
            name=op.f("fk_project_objects_organisation_id_target_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "source_id", "target_id", name=op.f("pk_project_objects")),
    )
    with op.batch_alter_table("project_objects", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_project_objects_organisation_id_target_id"),
            ["organisation_id", "target_id"],
            unique=False,
        )

    op.create_table(
        "project_partner",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), server_default="", nullable=False),
        sa.Column("role", sa.String(length=200), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "parent_id"],
            ["project.organisation_id", "project.id"],
            name=op.f("fk_project_partner_organisation_id_parent_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_project_partner")),
    )
    with op.batch_alter_table("project_partner", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_project_partner_organisation_id_parent_id_position"),
            ["organisation_id", "parent_id", "position"],
            unique=False,
        )

    op.create_table(
        "stage_change",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=64), nullable=True),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=200), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "parent_id"],
            ["project.organisation_id", "project.id"],
            name=op.f("fk_stage_change_organisation_id_parent_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_stage_change")),
    )
    with op.batch_alter_table("stage_change", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_stage_change_organisation_id_parent_id_position"),
            ["organisation_id", "parent_id", "position"],
            unique=False,
        )

    op.create_table(
        "authority_question",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("question", sa.Text(), server_default="", nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=True),
        sa.Column("answer_by", sa.Date(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answer", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "parent_id"],
            ["dpia.organisation_id", "dpia.id"],
            name=op.f("fk_authority_question_organisation_id_parent_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_authority_question")),
    )
    with op.batch_alter_table("authority_question", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_authority_question_organisation_id_parent_id_position"),
            ["organisation_id", "parent_id", "position"],
            unique=False,
        )

    op.create_table(
        "condition",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("owner", sa.String(length=200), server_default="", nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("met_on", sa.Date(), nullable=True),
        sa.Column("evidence", sa.String(length=200), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "parent_id"],
            ["dpia.organisation_id", "dpia.id"],
            name=op.f("fk_condition_organisation_id_parent_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_condition")),
    )
    with op.batch_alter_table("condition", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_condition_organisation_id_parent_id_position"),
            ["organisation_id", "parent_id", "position"],
            unique=False,
        )

    op.create_table(
        "dpia_answer",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("question", sa.String(length=40), server_default="", nullable=False),
        sa.Column("part", sa.String(length=32), server_default="", nullable=False),
        sa.Column("part_title", sa.String(length=500), server_default="", nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("answered_by", sa.String(length=200), server_default="", nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=200), server_default="", nullable=False),
        sa.Column("fingerprint", sa.String(length=64), server_default="", nullable=False),
        sa.Column("taken_text", sa.Text(), server_default="", nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=True),
        sa.Column("dpia_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id", "dpia_id"],
            ["dpia.organisation_id", "dpia.id"],
            name=op.f("fk_dpia_answer_organisation_id_dpia_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_dpia_answer")),
    )
    with op.batch_alter_table("dpia_answer", schema=None) as batch_op:
        batch_op.create_index(
            "ix_dpia_answer_once", ["organisation_id", "dpia_id", "question", "part"], unique=True
        )
        batch_op.create_index(
            batch_op.f("ix_dpia_answer_organisation_id_dpia_id"), ["organisation_id", "dpia_id"], unique=False
        )

    op.create_table(
        "from_source",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=200), server_default="", nullable=False),
        sa.Column("label", sa.String(length=200), server_default="", nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "parent_id"],
            ["dpia.organisation_id", "dpia.id"],
            name=op.f("fk_from_source_organisation_id_parent_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_from_source")),
    )
    with op.batch_alter_table("from_source", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_from_source_organisation_id_parent_id_position"),
            ["organisation_id", "parent_id", "position"],
            unique=False,
        )

    op.create_table(
        "participation",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("voice", sa.String(length=64), nullable=True),
        sa.Column("body", sa.String(length=200), server_default="", nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=True),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("result", sa.String(length=64), nullable=True),
        sa.Column("answer", sa.Text(), server_default="", nullable=False),
        sa.Column("considered", sa.Text(), server_default="", nullable=False),
        sa.Column("waived", sa.Boolean(), nullable=True),
        sa.Column("waiver_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("answered_by", sa.String(length=200), server_default="", nullable=False),
        sa.Column("colleague_id", sa.Uuid(), nullable=True),
        sa.Column("noted", sa.Boolean(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "parent_id"],
            ["dpia.organisation_id", "dpia.id"],
            name=op.f("fk_participation_organisation_id_parent_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_participation")),
    )
    with op.batch_alter_table("participation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_participation_organisation_id_parent_id_position"),
            ["organisation_id", "parent_id", "position"],
            unique=False,
        )

    op.create_table(
        "pre_scan_activities",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "source_id"],
            ["pre_scan.organisation_id", "pre_scan.id"],
            name=op.f("fk_pre_scan_activities_organisation_id_source_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "target_id"],
            ["processing_activity.organisation_id", "processing_activity.id"],
            name=op.f("fk_pre_scan_activities_organisation_id_target_id"),
        ),
        sa.PrimaryKeyConstraint(
            "organisation_id", "source_id", "target_id", name=op.f("pk_pre_scan_activities")
        ),
    )
    with op.batch_alter_table("pre_scan_activities", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_pre_scan_activities_organisation_id_target_id"),
            ["organisation_id", "target_id"],
            unique=False,
        )

    op.create_table(
        "section_verdict",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("chapter", sa.String(length=64), nullable=True),
        sa.Column("question", sa.String(length=64), server_default="", nullable=False),
        sa.Column("verdict", sa.String(length=64), nullable=True),
        sa.Column("comment", sa.Text(), server_default="", nullable=False),
        sa.Column("plan", sa.Text(), server_default="", nullable=False),
        sa.Column("responsible", sa.String(length=200), server_default="", nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("given_on", sa.Date(), nullable=True),
        sa.Column("given_by", sa.String(length=200), server_default="", nullable=False),
        sa.Column("content", sa.String(length=64), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "parent_id"],
            ["dpia.organisation_id", "dpia.id"],
            name=op.f("fk_section_verdict_organisation_id_parent_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_section_verdict")),
    )
    with op.batch_alter_table("section_verdict", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_section_verdict_organisation_id_parent_id_position"),
            ["organisation_id", "parent_id", "position"],
            unique=False,
        )

    op.create_table(
        "pre_scan_analyses",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "source_id"],
            ["pre_scan.organisation_id", "pre_scan.id"],
            name=op.f("fk_pre_scan_analyses_organisation_id_source_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "target_id"],
            ["threshold_analysis.organisation_id", "threshold_analysis.id"],
            name=op.f("fk_pre_scan_analyses_organisation_id_target_id"),
        ),
        sa.PrimaryKeyConstraint(
            "organisation_id", "source_id", "target_id", name=op.f("pk_pre_scan_analyses")
        ),
    )
    with op.batch_alter_table("pre_scan_analyses", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_pre_scan_analyses_organisation_id_target_id"),
            ["organisation_id", "target_id"],
            unique=False,
        )

    op.create_table(
        "threshold_analysis_own_entries",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "source_id"],
            ["threshold_analysis.organisation_id", "threshold_analysis.id"],
            name=op.f("fk_threshold_analysis_own_entries_organisation_id_source_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "target_id"],
            ["authority_list_item.organisation_id", "authority_list_item.id"],
            name=op.f("fk_threshold_analysis_own_entries_organisation_id_target_id"),
        ),
        sa.PrimaryKeyConstraint(
            "organisation_id", "source_id", "target_id", name=op.f("pk_threshold_analysis_own_entries")
        ),
    )
    with op.batch_alter_table("threshold_analysis_own_entries", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_threshold_analysis_own_entries_organisation_id_target_id"),
            ["organisation_id", "target_id"],
            unique=False,
        )

    with op.batch_alter_table("dpia", schema=None) as batch_op:
        batch_op.add_column(sa.Column("high_risk_ai", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("fria_process", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("fria_period", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("fria_groups", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("fria_harms", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("fria_oversight", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("fria_measures", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("fria_notified", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("fria_registered", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("fria_exemption", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("consultation_received", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("consultation_extended", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("extension_reason", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("extension_told", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("consultation_answered", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("authority_powers", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("consultation_outcome", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("consultation_due", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("questions_due", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("first_approved_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("decided_matrix", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("catalogue", sa.String(length=80), server_default="", nullable=False))
        batch_op.add_column(sa.Column("last_measure", sa.Integer(), server_default="0", nullable=False))

    with op.batch_alter_table("dpia_measure", schema=None) as batch_op:
        batch_op.add_column(sa.Column("key", sa.String(length=12), server_default="", nullable=False))
        batch_op.add_column(sa.Column("measure_id", sa.Uuid(), nullable=True))
        batch_op.create_index(
            batch_op.f("ix_dpia_measure_organisation_id_measure_id"),
            ["organisation_id", "measure_id"],
            unique=False,
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_dpia_measure_organisation_id_measure_id"),
            "measure",
            ["organisation_id", "measure_id"],
            ["organisation_id", "id"],
        )

    with op.batch_alter_table("dpia_risk", schema=None) as batch_op:
        batch_op.add_column(sa.Column("feared_event", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("threat", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("lower_planned", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("lower_today", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("rests_on", sa.String(length=200), server_default="", nullable=False))

    with op.batch_alter_table("measure", schema=None) as batch_op:
        batch_op.add_column(sa.Column("unmet", sa.String(length=500), server_default="", nullable=False))
        batch_op.add_column(sa.Column("waived", sa.String(length=500), server_default="", nullable=False))

    with op.batch_alter_table("project", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ai", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("ai_class", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("open_data", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("anonymisation", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("anonymised_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("staff_council_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("staff_council_result", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("staff_council_waived", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("goal_id", sa.Uuid(), nullable=True))
        batch_op.create_index(
            batch_op.f("ix_project_organisation_id_goal_id"), ["organisation_id", "goal_id"], unique=False
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_project_organisation_id_goal_id"),
            "goal",
            ["organisation_id", "goal_id"],
            ["organisation_id", "id"],
        )

    with op.batch_alter_table("threshold_analysis", schema=None) as batch_op:
        batch_op.add_column(sa.Column("rough_severity", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("rough_likelihood", sa.String(length=64), nullable=True))
        batch_op.add_column(
            sa.Column("confirmed_by", sa.String(length=200), server_default="", nullable=False)
        )
        batch_op.add_column(sa.Column("confirmed_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("basis", sa.Text(), server_default="", nullable=False))

    see_every_organisation(op.get_bind())
    carry_participation(op.get_bind())
    carry_conditions(op.get_bind())
    carry_first_approvals(op.get_bind())
    carry_risks(op.get_bind())
    carry_projects(op.get_bind())
    with op.batch_alter_table("dpia", schema=None) as batch_op:
        batch_op.drop_column("isb_involved")
        batch_op.drop_column("conditions")
        batch_op.drop_column("views")
        batch_op.drop_column("staff_council_text")
        batch_op.drop_column("staff_council")
        batch_op.drop_column("isb_text")
        batch_op.drop_column("views_text")
    with op.batch_alter_table("project", schema=None) as batch_op:
        batch_op.drop_column("partners")
        batch_op.drop_column("funding")
    for table in WALLED:
        wall(table)


def downgrade() -> None:
    with op.batch_alter_table("threshold_analysis", schema=None) as batch_op:
        batch_op.drop_column("basis")
        batch_op.drop_column("confirmed_on")
        batch_op.drop_column("confirmed_by")
        batch_op.drop_column("rough_likelihood")
        batch_op.drop_column("rough_severity")

    with op.batch_alter_table("project", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("funding", sa.VARCHAR(length=200), server_default=sa.text("('')"), nullable=False)
        )
        batch_op.add_column(sa.Column("partners", sa.TEXT(), server_default=sa.text("('')"), nullable=False))
        batch_op.drop_constraint(batch_op.f("fk_project_organisation_id_goal_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_project_organisation_id_goal_id"))
        batch_op.drop_column("goal_id")
        batch_op.drop_column("staff_council_waived")
        batch_op.drop_column("staff_council_result")
        batch_op.drop_column("staff_council_on")
        batch_op.drop_column("anonymised_on")
        batch_op.drop_column("anonymisation")
        batch_op.drop_column("open_data")
        batch_op.drop_column("ai_class")
        batch_op.drop_column("ai")

    with op.batch_alter_table("measure", schema=None) as batch_op:
        batch_op.drop_column("waived")
        batch_op.drop_column("unmet")

    with op.batch_alter_table("dpia_risk", schema=None) as batch_op:
        batch_op.drop_column("rests_on")
        batch_op.drop_column("lower_today")
        batch_op.drop_column("lower_planned")
        batch_op.drop_column("threat")
        batch_op.drop_column("feared_event")

    with op.batch_alter_table("dpia_measure", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_dpia_measure_organisation_id_measure_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_dpia_measure_organisation_id_measure_id"))
        batch_op.drop_column("measure_id")
        batch_op.drop_column("key")

    with op.batch_alter_table("dpia", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("views_text", sa.TEXT(), server_default=sa.text("('')"), nullable=False)
        )
        batch_op.add_column(sa.Column("isb_text", sa.TEXT(), server_default=sa.text("('')"), nullable=False))
        batch_op.add_column(sa.Column("staff_council", sa.BOOLEAN(), nullable=True))
        batch_op.add_column(
            sa.Column("staff_council_text", sa.TEXT(), server_default=sa.text("('')"), nullable=False)
        )
        batch_op.add_column(sa.Column("views", sa.VARCHAR(length=64), nullable=True))
        batch_op.add_column(
            sa.Column("conditions", sa.TEXT(), server_default=sa.text("('')"), nullable=False)
        )
        batch_op.add_column(sa.Column("isb_involved", sa.BOOLEAN(), nullable=True))
        batch_op.drop_column("last_measure")
        batch_op.drop_column("catalogue")
        batch_op.drop_column("decided_matrix")
        batch_op.drop_column("first_approved_on")
        batch_op.drop_column("questions_due")
        batch_op.drop_column("consultation_due")
        batch_op.drop_column("consultation_outcome")
        batch_op.drop_column("authority_powers")
        batch_op.drop_column("consultation_answered")
        batch_op.drop_column("extension_told")
        batch_op.drop_column("extension_reason")
        batch_op.drop_column("consultation_extended")
        batch_op.drop_column("consultation_received")
        batch_op.drop_column("fria_exemption")
        batch_op.drop_column("fria_registered")
        batch_op.drop_column("fria_notified")
        batch_op.drop_column("fria_measures")
        batch_op.drop_column("fria_oversight")
        batch_op.drop_column("fria_harms")
        batch_op.drop_column("fria_groups")
        batch_op.drop_column("fria_period")
        batch_op.drop_column("fria_process")
        batch_op.drop_column("high_risk_ai")

    with op.batch_alter_table("threshold_analysis_own_entries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_threshold_analysis_own_entries_organisation_id_target_id"))

    op.drop_table("threshold_analysis_own_entries")
    with op.batch_alter_table("pre_scan_analyses", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pre_scan_analyses_organisation_id_target_id"))

    op.drop_table("pre_scan_analyses")
    with op.batch_alter_table("section_verdict", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_section_verdict_organisation_id_parent_id_position"))

    op.drop_table("section_verdict")
    with op.batch_alter_table("pre_scan_activities", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pre_scan_activities_organisation_id_target_id"))

    op.drop_table("pre_scan_activities")
    with op.batch_alter_table("participation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_participation_organisation_id_parent_id_position"))

    op.drop_table("participation")
    with op.batch_alter_table("from_source", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_from_source_organisation_id_parent_id_position"))

    op.drop_table("from_source")
    with op.batch_alter_table("dpia_answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dpia_answer_organisation_id_dpia_id"))
        batch_op.drop_index("ix_dpia_answer_once")

    op.drop_table("dpia_answer")
    with op.batch_alter_table("condition", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_condition_organisation_id_parent_id_position"))

    op.drop_table("condition")
    with op.batch_alter_table("authority_question", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_authority_question_organisation_id_parent_id_position"))

    op.drop_table("authority_question")
    with op.batch_alter_table("stage_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stage_change_organisation_id_parent_id_position"))

    op.drop_table("stage_change")
    with op.batch_alter_table("project_partner", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_project_partner_organisation_id_parent_id_position"))

    op.drop_table("project_partner")
    with op.batch_alter_table("project_objects", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_project_objects_organisation_id_target_id"))

    op.drop_table("project_objects")
    with op.batch_alter_table("project_funding", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_project_funding_organisation_id_parent_id_position"))

    op.drop_table("project_funding")
    with op.batch_alter_table("pre_scan", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pre_scan_organisation_id_unit_id_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_pre_scan_organisation_id_unit_id"))
        batch_op.drop_index(batch_op.f("ix_pre_scan_organisation_id_state_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_pre_scan_organisation_id_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_pre_scan_organisation_id_project_id"))
        batch_op.drop_index(batch_op.f("ix_pre_scan_organisation_id_number"))
        batch_op.drop_index(batch_op.f("ix_pre_scan_organisation_id_fate_sort_key_id"))

    op.drop_table("pre_scan")
    with op.batch_alter_table("data_flow", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_data_flow_organisation_id_parent_id_position"))

    op.drop_table("data_flow")
    with op.batch_alter_table("goal_measure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_goal_measure_organisation_id_parent_id_position"))

    op.drop_table("goal_measure")
    with op.batch_alter_table("goal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_goal_organisation_id_unit_id_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_goal_organisation_id_unit_id"))
        batch_op.drop_index(batch_op.f("ix_goal_organisation_id_theme_id"))
        batch_op.drop_index(batch_op.f("ix_goal_organisation_id_state_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_goal_organisation_id_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_goal_organisation_id_number"))

    op.drop_table("goal")
    op.drop_table("pre_scan_link")
    with op.batch_alter_table("pre_scan_draft", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pre_scan_draft_until"))
        batch_op.drop_index(batch_op.f("ix_pre_scan_draft_organisation_id"))

    op.drop_table("pre_scan_draft")
    with op.batch_alter_table("invitation_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invitation_link_organisation_id"))

    op.drop_table("invitation_link")
    with op.batch_alter_table("authority_list_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_authority_list_item_organisation_id_unit_id_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_authority_list_item_organisation_id_unit_id"))
        batch_op.drop_index(batch_op.f("ix_authority_list_item_organisation_id_state_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_authority_list_item_organisation_id_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_authority_list_item_organisation_id_number"))
        batch_op.drop_index(batch_op.f("ix_authority_list_item_organisation_id_land_sort_key_id"))

    op.drop_table("authority_list_item")
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invitation_organisation_id_entry_id"))

    op.drop_table("invitation")
