"""Every register a data protection officer keeps."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compliance.migrations import wall
from compliance.migrations.contracts_0002 import (
    carry_joint_controllers,
    carry_processors,
    see_every_organisation,
)

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


WALLED = (
    "advice_given",
    "advice_given_activities",
    "advice_given_projects",
    "agenda",
    "attachment",
    "authority_case",
    "authority_case_activities",
    "breach",
    "breach_activities",
    "breach_notice",
    "breach_objects",
    "breach_processors",
    "comment",
    "commissioned_processing",
    "commissioned_processing_objects",
    "commissioned_sub_processor",
    "commissioned_transfer",
    "deletion_run",
    "deviation",
    "edited_file",
    "erasure_step",
    "handed_over",
    "import_mapping",
    "inspection",
    "inspection_activities",
    "inspection_finding",
    "inspection_processors",
    "joint_controllership",
    "joint_party",
    "journal_check",
    "litigation_hold",
    "measure",
    "mention",
    "norm",
    "open_point",
    "processing_activity_joint_controllerships",
    "processing_activity_measures_used",
    "processing_activity_norms",
    "processing_activity_services",
    "processor_audit",
    "publication",
    "published_notice",
    "reminder",
    "retention_rule",
    "round_answer",
    "served_controller",
    "service",
    "subject_request",
    "subject_request_activities",
    "subject_request_searched",
    "subject_request_unsearched",
    "tally",
    "training",
    "update_round",
    "update_round_units",
)


def upgrade() -> None:
    op.create_table(
        "agenda",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("register", sa.String(length=64), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.Column("matter", sa.String(length=16), nullable=False),
        sa.Column("what", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("moment", sa.DateTime(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_agenda")),
    )
    with op.batch_alter_table("agenda", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_agenda_organisation_id_entry_id"), ["organisation_id", "entry_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_agenda_organisation_id_matter_day_register_unit_id_hidden_id"),
            ["organisation_id", "matter", "day", "register", "unit_id", "hidden", "id"],
            unique=False,
        )

    op.create_table(
        "attachment",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("register", sa.String(length=200), server_default="", nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.String(length=300), server_default="", nullable=False),
        sa.Column("name", sa.String(length=200), server_default="", nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("content", sa.String(length=64), server_default="", nullable=False),
        sa.Column("added_by", sa.String(length=200), server_default="", nullable=False),
        sa.Column("added_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_attachment")),
    )
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_attachment_organisation_id_content"), ["organisation_id", "content"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_attachment_organisation_id_entry_id"),
            ["organisation_id", "entry_id"],
            unique=False,
        )

    op.create_table(
        "comment",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("register", sa.String(length=200), server_default="", nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.String(length=300), server_default="", nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author", sa.String(length=200), server_default="", nullable=False),
        sa.Column("written_at", sa.DateTime(), nullable=True),
        sa.Column("edited_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_comment")),
    )
    with op.batch_alter_table("comment", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_comment_organisation_id_entry_id"), ["organisation_id", "entry_id"], unique=False
        )

    op.create_table(
        "deviation",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("register", sa.String(length=200), server_default="", nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.String(length=300), server_default="", nullable=False),
        sa.Column("rule", sa.String(length=16), server_default="", nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("opinion", sa.Text(), server_default="", nullable=False),
        sa.Column("decided_by", sa.String(length=200), server_default="", nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("objection", sa.Text(), server_default="", nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_deviation")),
    )
    with op.batch_alter_table("deviation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_deviation_organisation_id_entry_id"), ["organisation_id", "entry_id"], unique=False
        )

    op.create_table(
        "edited_file",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("register", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_edited_file")),
    )
    op.create_table(
        "import_mapping",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("register", sa.String(length=64), nullable=False),
        sa.Column("headers", sa.String(length=64), nullable=False),
        sa.Column("targets", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "register", "headers", name=op.f("pk_import_mapping")),
    )
    op.create_table(
        "journal_check",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("breaks", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_journal_check")),
    )
    op.create_table(
        "mention",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("register", sa.String(length=200), server_default="", nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), server_default="", nullable=False),
        sa.Column("done_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_mention")),
    )
    with op.batch_alter_table("mention", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_mention_organisation_id_entry_id"), ["organisation_id", "entry_id"], unique=False
        )

    op.create_table(
        "public_post",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.String(length=32), nullable=False),
        sa.Column("sender", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_post")),
    )
    with op.batch_alter_table("public_post", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_public_post_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_public_post_place"), ["place"], unique=False)
        batch_op.create_index(batch_op.f("ix_public_post_sender"), ["sender"], unique=False)

    op.create_table(
        "publication",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sort_key", sa.String(length=200), server_default="", nullable=False),
        sa.Column("search", sa.Text(), server_default="", nullable=False),
        sa.Column("subject", sa.String(length=200), server_default="", nullable=False),
        sa.Column("shown", sa.Text(), server_default="", nullable=False),
        sa.Column("extract", sa.Text(), server_default="", nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decided_by", sa.String(length=200), server_default="", nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_publication")),
    )
    with op.batch_alter_table("publication", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_publication_organisation_id_activity_id"),
            ["organisation_id", "activity_id"],
            unique=True,
        )
        batch_op.create_index(
            batch_op.f("ix_publication_organisation_id_sort_key_id"),
            ["organisation_id", "sort_key", "id"],
            unique=False,
        )

    op.create_table(
        "published_notice",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.String(length=200), server_default="", nullable=False),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("place", sa.String(length=200), server_default="", nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("recorded_by", sa.String(length=200), server_default="", nullable=False),
        sa.Column("content", sa.String(length=64), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_published_notice")),
    )
    with op.batch_alter_table("published_notice", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_published_notice_organisation_id_activity_id"),
            ["organisation_id", "activity_id"],
            unique=False,
        )

    op.create_table(
        "reminder",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("matter", sa.String(length=16), nullable=False),
        sa.Column("what", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("stage", sa.String(length=8), nullable=False),
        sa.PrimaryKeyConstraint(
            "organisation_id",
            "person_id",
            "entry_id",
            "matter",
            "what",
            "day",
            "stage",
            name=op.f("pk_reminder"),
        ),
    )
    op.create_table(
        "tally",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("register", sa.String(length=64), nullable=False),
        sa.Column("rule", sa.String(length=16), nullable=False),
        sa.Column("severity", sa.String(length=16), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("newest", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint(
            "organisation_id", "register", "rule", "severity", "unit_id", "hidden", name=op.f("pk_tally")
        ),
    )
    op.create_table(
        "advice_given",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("confidential", sa.Boolean(), nullable=True),
        sa.Column("asked_by", sa.String(length=64), nullable=True),
        sa.Column("contact", sa.String(length=200), server_default="", nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=True),
        sa.Column("answer_by", sa.Date(), nullable=True),
        sa.Column("question", sa.Text(), server_default="", nullable=False),
        sa.Column("advice", sa.Text(), server_default="", nullable=False),
        sa.Column("advised_on", sa.Date(), nullable=True),
        sa.Column("effort", sa.Integer(), nullable=True),
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
            name=op.f("fk_advice_given_organisation_id_unit_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_advice_given")),
    )
    with op.batch_alter_table("advice_given", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_advice_given_organisation_id_asked_by_sort_key_id"),
            ["organisation_id", "asked_by", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_advice_given_organisation_id_number"), ["organisation_id", "number"], unique=True
        )
        batch_op.create_index(
            batch_op.f("ix_advice_given_organisation_id_sort_key_id"),
            ["organisation_id", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_advice_given_organisation_id_state_sort_key_id"),
            ["organisation_id", "state", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_advice_given_organisation_id_unit_id"),
            ["organisation_id", "unit_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_advice_given_organisation_id_unit_id_sort_key_id"),
            ["organisation_id", "unit_id", "sort_key", "id"],
            unique=False,
        )

    op.create_table(
        "authority_case",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("confidential", sa.Boolean(), nullable=True),
        sa.Column("kind", sa.String(length=64), nullable=True),
        sa.Column("file_number", sa.String(length=60), server_default="", nullable=False),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("answer_by", sa.Date(), nullable=True),
        sa.Column("subject", sa.Text(), server_default="", nullable=False),
        sa.Column("answer", sa.Text(), server_default="", nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("effort", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(length=64), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("consequences", sa.Text(), server_default="", nullable=False),
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
            name=op.f("fk_authority_case_organisation_id_unit_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_authority_case")),
    )
    with op.batch_alter_table("authority_case", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_authority_case_organisation_id_kind_sort_key_id"),
            ["organisation_id", "kind", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_authority_case_organisation_id_number"), ["organisation_id", "number"], unique=True
        )
        batch_op.create_index(
            batch_op.f("ix_authority_case_organisation_id_outcome_sort_key_id"),
            ["organisation_id", "outcome", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_authority_case_organisation_id_sort_key_id"),
            ["organisation_id", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_authority_case_organisation_id_state_sort_key_id"),
            ["organisation_id", "state", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_authority_case_organisation_id_unit_id"),
            ["organisation_id", "unit_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_authority_case_organisation_id_unit_id_sort_key_id"),
            ["organisation_id", "unit_id", "sort_key", "id"],
            unique=False,
        )

    op.create_table(
        "breach",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("natures", sa.Text(), server_default="", nullable=False),
        sa.Column("causes", sa.Text(), server_default="", nullable=False),
        sa.Column("other_cause", sa.String(length=200), server_default="", nullable=False),
        sa.Column("intent", sa.String(length=64), nullable=True),
        sa.Column("ongoing", sa.Boolean(), nullable=True),
        sa.Column("reporter", sa.Text(), server_default="", nullable=False),
        sa.Column("occurred_from", sa.DateTime(), nullable=True),
        sa.Column("occurred_to", sa.DateTime(), nullable=True),
        sa.Column("detected", sa.DateTime(), nullable=True),
        sa.Column("aware", sa.DateTime(), nullable=True),
        sa.Column("aware_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("notify_by", sa.DateTime(), nullable=True),
        sa.Column("notify_latest", sa.DateTime(), nullable=True),
        sa.Column("running_until", sa.DateTime(), nullable=True),
        sa.Column("dpo_informed", sa.DateTime(), nullable=True),
        sa.Column("closed", sa.DateTime(), nullable=True),
        sa.Column("subjects", sa.Text(), server_default="", nullable=False),
        sa.Column("other_subjects", sa.String(length=200), server_default="", nullable=False),
        sa.Column("subject_count", sa.Integer(), nullable=True),
        sa.Column("data_kinds", sa.Text(), server_default="", nullable=False),
        sa.Column("other_data", sa.String(length=200), server_default="", nullable=False),
        sa.Column("record_count", sa.Integer(), nullable=True),
        sa.Column("special", sa.Boolean(), nullable=True),
        sa.Column("social", sa.Boolean(), nullable=True),
        sa.Column("cross_border", sa.Boolean(), nullable=True),
        sa.Column("processor_aware", sa.DateTime(), nullable=True),
        sa.Column("processor_informed", sa.DateTime(), nullable=True),
        sa.Column("protected", sa.Text(), server_default="", nullable=False),
        sa.Column("consequences", sa.Text(), server_default="", nullable=False),
        sa.Column("effects", sa.Text(), server_default="", nullable=False),
        sa.Column("estimate", sa.String(length=64), nullable=True),
        sa.Column("estimate_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("risk", sa.String(length=64), nullable=True),
        sa.Column("risk_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("decided_by", sa.String(length=200), server_default="", nullable=False),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("measures_taken", sa.Text(), server_default="", nullable=False),
        sa.Column("measures_planned", sa.Text(), server_default="", nullable=False),
        sa.Column("measures_until", sa.Date(), nullable=True),
        sa.Column("reviewed", sa.Boolean(), nullable=True),
        sa.Column("notified", sa.DateTime(), nullable=True),
        sa.Column("late_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("follow_up_on", sa.Date(), nullable=True),
        sa.Column("supervision_informed", sa.DateTime(), nullable=True),
        sa.Column("other_authorities", sa.Text(), server_default="", nullable=False),
        sa.Column("feedback", sa.Text(), server_default="", nullable=False),
        sa.Column("subjects_informed", sa.DateTime(), nullable=True),
        sa.Column("communication_form", sa.String(length=64), nullable=True),
        sa.Column("advice", sa.Text(), server_default="", nullable=False),
        sa.Column("exception", sa.String(length=64), nullable=True),
        sa.Column("exception_reason", sa.Text(), server_default="", nullable=False),
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
            name=op.f("fk_breach_organisation_id_unit_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_breach")),
    )
    with op.batch_alter_table("breach", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_breach_organisation_id_number"), ["organisation_id", "number"], unique=True
        )
        batch_op.create_index(
            batch_op.f("ix_breach_organisation_id_risk_sort_key_id"),
            ["organisation_id", "risk", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_breach_organisation_id_sort_key_id"),
            ["organisation_id", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_breach_organisation_id_state_sort_key_id"),
            ["organisation_id", "state", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_breach_organisation_id_unit_id"), ["organisation_id", "unit_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_breach_organisation_id_unit_id_sort_key_id"),
            ["organisation_id", "unit_id", "sort_key", "id"],
            unique=False,
        )

    op.create_table(
        "calendar_feed",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("began", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_calendar_feed_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_calendar_feed")),
    )
    with op.batch_alter_table("calendar_feed", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_calendar_feed_person_id"), ["person_id"], unique=False)

    op.create_table(
        "commissioned_processing",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("contact", sa.String(length=200), server_default="", nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("third_country", sa.Boolean(), nullable=True),
        sa.Column("measures", sa.Text(), server_default="", nullable=False),
        sa.Column("security_concept", sa.String(length=500), server_default="", nullable=False),
        sa.Column("next_review", sa.Date(), nullable=True),
        sa.Column("notes", sa.Text(), server_default="", nullable=False),
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
            name=op.f("fk_commissioned_processing_organisation_id_unit_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_commissioned_processing")),
    )
    with op.batch_alter_table("commissioned_processing", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_commissioned_processing_organisation_id_number"),
            ["organisation_id", "number"],
            unique=True,
        )
        batch_op.create_index(
            batch_op.f("ix_commissioned_processing_organisation_id_sort_key_id"),
            ["organisation_id", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_commissioned_processing_organisation_id_state_sort_key_id"),
            ["organisation_id", "state", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_commissioned_processing_organisation_id_unit_id"),
            ["organisation_id", "unit_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_commissioned_processing_organisation_id_unit_id_sort_key_id"),
            ["organisation_id", "unit_id", "sort_key", "id"],
            unique=False,
        )

    op.create_table(
        "inspection",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("confidential", sa.Boolean(), nullable=True),
        sa.Column("scope", sa.Text(), server_default="", nullable=False),
        sa.Column("planned_for", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("effort", sa.Integer(), nullable=True),
        sa.Column("result", sa.Text(), server_default="", nullable=False),
        sa.Column("open_defects", sa.Integer(), nullable=True),
        sa.Column("next_follow_up", sa.Date(), nullable=True),
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
            name=op.f("fk_inspection_organisation_id_unit_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_inspection")),
    )
    with op.batch_alter_table("inspection", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_inspection_organisation_id_number"), ["organisation_id", "number"], unique=True
        )
        batch_op.create_index(
            batch_op.f("ix_inspection_organisation_id_sort_key_id"),
            ["organisation_id", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_inspection_organisation_id_state_sort_key_id"),
            ["organisation_id", "state", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_inspection_organisation_id_unit_id"), ["organisation_id", "unit_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_inspection_organisation_id_unit_id_sort_key_id"),
            ["organisation_id", "unit_id", "sort_key", "id"],
            unique=False,
        )

    op.create_table(
        "joint_controllership",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("partners", sa.Text(), server_default="", nullable=False),
        sa.Column("own_share", sa.Text(), server_default="", nullable=False),
        sa.Column("disclosure_basis", sa.String(length=500), server_default="", nullable=False),
        sa.Column("arrangement", sa.String(length=500), server_default="", nullable=False),
        sa.Column("arranged_on", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("next_review", sa.Date(), nullable=True),
        sa.Column("informs", sa.String(length=500), server_default="", nullable=False),
        sa.Column("answers_requests", sa.String(length=500), server_default="", nullable=False),
        sa.Column("contact_point", sa.String(length=500), server_default="", nullable=False),
        sa.Column("secures", sa.String(length=500), server_default="", nullable=False),
        sa.Column("reports_breaches", sa.String(length=500), server_default="", nullable=False),
        sa.Column("engages_processors", sa.String(length=500), server_default="", nullable=False),
        sa.Column("essence_available", sa.Boolean(), nullable=True),
        sa.Column("essence_link", sa.String(length=500), server_default="", nullable=False),
        sa.Column("notes", sa.Text(), server_default="", nullable=False),
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
            name=op.f("fk_joint_controllership_organisation_id_unit_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_joint_controllership")),
    )
    with op.batch_alter_table("joint_controllership", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_joint_controllership_organisation_id_number"),
            ["organisation_id", "number"],
            unique=True,
        )
        batch_op.create_index(
            batch_op.f("ix_joint_controllership_organisation_id_sort_key_id"),
            ["organisation_id", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_joint_controllership_organisation_id_state_sort_key_id"),
            ["organisation_id", "state", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_joint_controllership_organisation_id_unit_id"),
            ["organisation_id", "unit_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_joint_controllership_organisation_id_unit_id_sort_key_id"),
            ["organisation_id", "unit_id", "sort_key", "id"],
            unique=False,
        )

    op.create_table(
        "measure",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=True),
        sa.Column("goals", sa.Text(), server_default="", nullable=False),
        sa.Column("duties", sa.Text(), server_default="", nullable=False),
        sa.Column("progress", sa.String(length=64), nullable=True),
        sa.Column("responsible", sa.String(length=200), server_default="", nullable=False),
        sa.Column("planned_until", sa.Date(), nullable=True),
        sa.Column("implemented_on", sa.Date(), nullable=True),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("next_check", sa.Date(), nullable=True),
        sa.Column("evidence", sa.String(length=500), server_default="", nullable=False),
        sa.Column("requirements", sa.String(length=500), server_default="", nullable=False),
        sa.Column("sdm_module", sa.String(length=40), server_default="", nullable=False),
        sa.Column("library", sa.Boolean(), nullable=True),
        sa.Column("origin", sa.String(length=64), nullable=True),
        sa.Column("key", sa.String(length=40), server_default="", nullable=False),
        sa.Column("attribution", sa.String(length=300), server_default="", nullable=False),
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
            name=op.f("fk_measure_organisation_id_unit_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_measure")),
    )
    with op.batch_alter_table("measure", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_measure_organisation_id_kind_sort_key_id"),
            ["organisation_id", "kind", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_measure_organisation_id_number"), ["organisation_id", "number"], unique=True
        )
        batch_op.create_index(
            batch_op.f("ix_measure_organisation_id_origin_sort_key_id"),
            ["organisation_id", "origin", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_measure_organisation_id_progress_sort_key_id"),
            ["organisation_id", "progress", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_measure_organisation_id_sort_key_id"),
            ["organisation_id", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_measure_organisation_id_state_sort_key_id"),
            ["organisation_id", "state", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_measure_organisation_id_unit_id"), ["organisation_id", "unit_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_measure_organisation_id_unit_id_sort_key_id"),
            ["organisation_id", "unit_id", "sort_key", "id"],
            unique=False,
        )

    op.create_table(
        "norm",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("full_title", sa.String(length=500), server_default="", nullable=False),
        sa.Column("short_forms", sa.String(length=200), server_default="", nullable=False),
        sa.Column("level", sa.String(length=64), nullable=True),
        sa.Column("land", sa.String(length=64), nullable=True),
        sa.Column("kind", sa.String(length=64), nullable=True),
        sa.Column("areas", sa.Text(), server_default="", nullable=False),
        sa.Column("bases", sa.Text(), server_default="", nullable=False),
        sa.Column("exceptions", sa.Text(), server_default="", nullable=False),
        sa.Column("enacted_on", sa.Date(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("version_on", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("repealed", sa.Boolean(), nullable=True),
        sa.Column("link", sa.String(length=300), server_default="", nullable=False),
        sa.Column("source", sa.String(length=300), server_default="", nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("checked_by", sa.String(length=200), server_default="", nullable=False),
        sa.Column("checked", sa.Boolean(), nullable=True),
        sa.Column("decided_by", sa.String(length=200), server_default="", nullable=False),
        sa.Column("council_paper", sa.String(length=60), server_default="", nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("staff_council", sa.Boolean(), nullable=True),
        sa.Column("staff_council_on", sa.Date(), nullable=True),
        sa.Column("notes", sa.Text(), server_default="", nullable=False),
        sa.Column("library_key", sa.String(length=80), server_default="", nullable=False),
        sa.Column("library_print", sa.String(length=64), server_default="", nullable=False),
        sa.Column("change_noted_at", sa.DateTime(), nullable=True),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("superseded_by_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=64), server_default="DRAFT", nullable=False),
        sa.Column("gaps", sa.Integer(), server_default="0", nullable=False),
        sa.Column("sort_key", sa.String(length=200), server_default="", nullable=False),
        sa.Column("search", sa.Text(), server_default="", nullable=False),
        sa.Column("released_hash", sa.String(length=64), server_default="", nullable=False),
        sa.Column("released_version", sa.Integer(), nullable=True),
        sa.Column("changed_since_release", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("name", sa.String(length=200), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "superseded_by_id"],
            ["norm.organisation_id", "norm.id"],
            name=op.f("fk_norm_organisation_id_superseded_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "unit_id"],
            ["unit.organisation_id", "unit.id"],
            name=op.f("fk_norm_organisation_id_unit_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_norm")),
    )
    with op.batch_alter_table("norm", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_norm_organisation_id_kind_sort_key_id"),
            ["organisation_id", "kind", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_norm_organisation_id_level_sort_key_id"),
            ["organisation_id", "level", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_norm_organisation_id_number"), ["organisation_id", "number"], unique=True
        )
        batch_op.create_index(
            batch_op.f("ix_norm_organisation_id_sort_key_id"),
            ["organisation_id", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_norm_organisation_id_state_sort_key_id"),
            ["organisation_id", "state", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_norm_organisation_id_superseded_by_id"),
            ["organisation_id", "superseded_by_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_norm_organisation_id_unit_id"), ["organisation_id", "unit_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_norm_organisation_id_unit_id_sort_key_id"),
            ["organisation_id", "unit_id", "sort_key", "id"],
            unique=False,
        )

    op.create_table(
        "retention_rule",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind_key", sa.String(length=64), server_default="", nullable=False),
        sa.Column("name", sa.String(length=200), server_default="", nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("period", sa.String(length=12), nullable=True),
        sa.Column("norm", sa.String(length=500), server_default="", nullable=False),
        sa.Column("start_type", sa.String(length=64), nullable=True),
        sa.Column("start_event", sa.String(length=200), server_default="", nullable=False),
        sa.Column("end_of_year", sa.Boolean(), nullable=True),
        sa.Column("minimum", sa.String(length=12), nullable=True),
        sa.Column("backup_period", sa.String(length=12), nullable=True),
        sa.Column("deletion_class", sa.String(length=20), server_default="", nullable=False),
        sa.Column("offered", sa.Boolean(), nullable=True),
        sa.Column("not_offered", sa.String(length=500), server_default="", nullable=False),
        sa.Column("appraisal", sa.String(length=64), nullable=True),
        sa.Column("appraisal_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("appraised_by", sa.String(length=200), server_default="", nullable=False),
        sa.Column("appraised_on", sa.Date(), nullable=True),
        sa.Column("next_run", sa.Date(), nullable=True),
        sa.Column("hold_until", sa.Date(), nullable=True),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=64), server_default="DRAFT", nullable=False),
        sa.Column("gaps", sa.Integer(), server_default="0", nullable=False),
        sa.Column("sort_key", sa.String(length=200), server_default="", nullable=False),
        sa.Column("search", sa.Text(), server_default="", nullable=False),
        sa.Column("released_hash", sa.String(length=64), server_default="", nullable=False),
        sa.Column("released_version", sa.Integer(), nullable=True),
        sa.Column("changed_since_release", sa.Boolean(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "unit_id"],
            ["unit.organisation_id", "unit.id"],
            name=op.f("fk_retention_rule_organisation_id_unit_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_retention_rule")),
    )
    with op.batch_alter_table("retention_rule", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_retention_rule_organisation_id_appraisal_sort_key_id"),
            ["organisation_id", "appraisal", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_retention_rule_organisation_id_kind_key"),
            ["organisation_id", "kind_key"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_retention_rule_organisation_id_number"), ["organisation_id", "number"], unique=True
        )
        batch_op.create_index(
            batch_op.f("ix_retention_rule_organisation_id_sort_key_id"),
            ["organisation_id", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_retention_rule_organisation_id_start_type_sort_key_id"),
            ["organisation_id", "start_type", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_retention_rule_organisation_id_state_sort_key_id"),
            ["organisation_id", "state", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_retention_rule_organisation_id_unit_id"),
            ["organisation_id", "unit_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_retention_rule_organisation_id_unit_id_sort_key_id"),
            ["organisation_id", "unit_id", "sort_key", "id"],
            unique=False,
        )

    op.create_table(
        "service",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), server_default="", nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=True),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("without_personal_data", sa.Boolean(), nullable=True),
        sa.Column("reason", sa.String(length=500), server_default="", nullable=False),
        sa.Column("notes", sa.Text(), server_default="", nullable=False),
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
            name=op.f("fk_service_organisation_id_unit_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_service")),
    )
    with op.batch_alter_table("service", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_service_organisation_id_kind_sort_key_id"),
            ["organisation_id", "kind", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_service_organisation_id_number"), ["organisation_id", "number"], unique=True
        )
        batch_op.create_index(
            batch_op.f("ix_service_organisation_id_sort_key_id"),
            ["organisation_id", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_service_organisation_id_state_sort_key_id"),
            ["organisation_id", "state", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_service_organisation_id_unit_id"), ["organisation_id", "unit_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_service_organisation_id_unit_id_sort_key_id"),
            ["organisation_id", "unit_id", "sort_key", "id"],
            unique=False,
        )

    op.create_table(
        "subject_request",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("rights", sa.Text(), server_default="", nullable=False),
        sa.Column("received", sa.Date(), nullable=True),
        sa.Column("channel", sa.String(length=64), nullable=True),
        sa.Column("wish", sa.Text(), server_default="", nullable=False),
        sa.Column("requester", sa.Text(), server_default="", nullable=False),
        sa.Column("contact", sa.Text(), server_default="", nullable=False),
        sa.Column("for_another", sa.Boolean(), nullable=True),
        sa.Column("represented", sa.Text(), server_default="", nullable=False),
        sa.Column("authority_shown", sa.Boolean(), nullable=True),
        sa.Column("subjects", sa.Text(), server_default="", nullable=False),
        sa.Column("identity", sa.String(length=64), nullable=True),
        sa.Column("identity_doubt", sa.Text(), server_default="", nullable=False),
        sa.Column("identity_asked", sa.Date(), nullable=True),
        sa.Column("identity_cleared", sa.Date(), nullable=True),
        sa.Column("scope_asked", sa.Date(), nullable=True),
        sa.Column("scope_answered", sa.Date(), nullable=True),
        sa.Column("owed_by", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("due_unpaused", sa.Date(), nullable=True),
        sa.Column("target", sa.Date(), nullable=True),
        sa.Column("extendable_to", sa.Date(), nullable=True),
        sa.Column("land_holiday", sa.Boolean(), nullable=True),
        sa.Column("paused", sa.Boolean(), nullable=True),
        sa.Column("extension_notice", sa.Date(), nullable=True),
        sa.Column("extension_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("elsewhere", sa.Text(), server_default="", nullable=False),
        sa.Column("bases", sa.Text(), server_default="", nullable=False),
        sa.Column("result", sa.String(length=64), nullable=True),
        sa.Column("reasons", sa.Text(), server_default="", nullable=False),
        sa.Column("remedies", sa.Boolean(), nullable=True),
        sa.Column("compelling", sa.Boolean(), nullable=True),
        sa.Column("recipients_told", sa.Boolean(), nullable=True),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("dispatch", sa.String(length=64), nullable=True),
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
            name=op.f("fk_subject_request_organisation_id_unit_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_subject_request")),
    )
    with op.batch_alter_table("subject_request", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_subject_request_organisation_id_number"),
            ["organisation_id", "number"],
            unique=True,
        )
        batch_op.create_index(
            batch_op.f("ix_subject_request_organisation_id_result_sort_key_id"),
            ["organisation_id", "result", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_subject_request_organisation_id_sort_key_id"),
            ["organisation_id", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_subject_request_organisation_id_state_sort_key_id"),
            ["organisation_id", "state", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_subject_request_organisation_id_unit_id"),
            ["organisation_id", "unit_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_subject_request_organisation_id_unit_id_sort_key_id"),
            ["organisation_id", "unit_id", "sort_key", "id"],
            unique=False,
        )

    op.create_table(
        "training",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("topic", sa.Text(), server_default="", nullable=False),
        sa.Column("audience", sa.String(length=64), nullable=True),
        sa.Column("format", sa.String(length=64), nullable=True),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("participants", sa.Integer(), nullable=True),
        sa.Column("staff", sa.Integer(), nullable=True),
        sa.Column("quota", sa.Integer(), nullable=True),
        sa.Column("evidence", sa.String(length=200), server_default="", nullable=False),
        sa.Column("valid_for", sa.String(length=12), nullable=True),
        sa.Column("next_on", sa.Date(), nullable=True),
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
            name=op.f("fk_training_organisation_id_unit_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_training")),
    )
    with op.batch_alter_table("training", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_training_organisation_id_audience_sort_key_id"),
            ["organisation_id", "audience", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_training_organisation_id_format_sort_key_id"),
            ["organisation_id", "format", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_training_organisation_id_number"), ["organisation_id", "number"], unique=True
        )
        batch_op.create_index(
            batch_op.f("ix_training_organisation_id_sort_key_id"),
            ["organisation_id", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_training_organisation_id_state_sort_key_id"),
            ["organisation_id", "state", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_training_organisation_id_unit_id"), ["organisation_id", "unit_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_training_organisation_id_unit_id_sort_key_id"),
            ["organisation_id", "unit_id", "sort_key", "id"],
            unique=False,
        )

    op.create_table(
        "update_round",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("answer_until", sa.Date(), nullable=True),
        sa.Column("message", sa.Text(), server_default="", nullable=False),
        sa.Column("started_on", sa.Date(), nullable=True),
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
            name=op.f("fk_update_round_organisation_id_unit_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_update_round")),
    )
    with op.batch_alter_table("update_round", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_update_round_organisation_id_number"), ["organisation_id", "number"], unique=True
        )
        batch_op.create_index(
            batch_op.f("ix_update_round_organisation_id_sort_key_id"),
            ["organisation_id", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_update_round_organisation_id_state_sort_key_id"),
            ["organisation_id", "state", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_update_round_organisation_id_unit_id"),
            ["organisation_id", "unit_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_update_round_organisation_id_unit_id_sort_key_id"),
            ["organisation_id", "unit_id", "sort_key", "id"],
            unique=False,
        )

    op.create_table(
        "breach_notice",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=True),
        sa.Column("sent_at", sa.DateTime(), nullable=True),
        sa.Column("channel", sa.String(length=64), nullable=True),
        sa.Column("reference", sa.String(length=200), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "parent_id"],
            ["breach.organisation_id", "breach.id"],
            name=op.f("fk_breach_notice_organisation_id_parent_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_breach_notice")),
    )
    with op.batch_alter_table("breach_notice", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_breach_notice_organisation_id_parent_id_position"),
            ["organisation_id", "parent_id", "position"],
            unique=False,
        )

    op.create_table(
        "breach_processors",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "source_id"],
            ["breach.organisation_id", "breach.id"],
            name=op.f("fk_breach_processors_organisation_id_source_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "target_id"],
            ["processor.organisation_id", "processor.id"],
            name=op.f("fk_breach_processors_organisation_id_target_id"),
        ),
        sa.PrimaryKeyConstraint(
            "organisation_id", "source_id", "target_id", name=op.f("pk_breach_processors")
        ),
    )
    with op.batch_alter_table("breach_processors", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_breach_processors_organisation_id_target_id"),
            ["organisation_id", "target_id"],
            unique=False,
        )

    op.create_table(
        "commissioned_sub_processor",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=500), server_default="", nullable=False),
        sa.Column("task", sa.String(length=500), server_default="", nullable=False),
        sa.Column("authorised", sa.String(length=200), server_default="", nullable=False),
        sa.Column("country", sa.String(length=64), nullable=True),
        sa.Column("transfer_basis", sa.String(length=64), nullable=True),
        sa.Column("dpf_company", sa.String(length=200), server_default="", nullable=False),
        sa.Column("dpf_checked", sa.Date(), nullable=True),
        sa.Column("dpf_until", sa.Date(), nullable=True),
        sa.Column("dpf_staff_data", sa.Boolean(), nullable=True),
        sa.Column("scc_module", sa.String(length=64), nullable=True),
        sa.Column("scc_date", sa.Date(), nullable=True),
        sa.Column("tia_date", sa.Date(), nullable=True),
        sa.Column("tia_result", sa.String(length=64), nullable=True),
        sa.Column("supplementary_measures", sa.String(length=500), server_default="", nullable=False),
        sa.Column("derogation", sa.String(length=500), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "parent_id"],
            ["commissioned_processing.organisation_id", "commissioned_processing.id"],
            name=op.f("fk_commissioned_sub_processor_organisation_id_parent_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_commissioned_sub_processor")),
    )
    with op.batch_alter_table("commissioned_sub_processor", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_commissioned_sub_processor_organisation_id_parent_id_position"),
            ["organisation_id", "parent_id", "position"],
            unique=False,
        )

    op.create_table(
        "commissioned_transfer",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=500), server_default="", nullable=False),
        sa.Column("country", sa.String(length=64), nullable=True),
        sa.Column("transfer_basis", sa.String(length=64), nullable=True),
        sa.Column("dpf_company", sa.String(length=200), server_default="", nullable=False),
        sa.Column("dpf_checked", sa.Date(), nullable=True),
        sa.Column("dpf_until", sa.Date(), nullable=True),
        sa.Column("dpf_staff_data", sa.Boolean(), nullable=True),
        sa.Column("scc_module", sa.String(length=64), nullable=True),
        sa.Column("scc_date", sa.Date(), nullable=True),
        sa.Column("tia_date", sa.Date(), nullable=True),
        sa.Column("tia_result", sa.String(length=64), nullable=True),
        sa.Column("supplementary_measures", sa.String(length=500), server_default="", nullable=False),
        sa.Column("derogation", sa.String(length=500), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "parent_id"],
            ["commissioned_processing.organisation_id", "commissioned_processing.id"],
            name=op.f("fk_commissioned_transfer_organisation_id_parent_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_commissioned_transfer")),
    )
    with op.batch_alter_table("commissioned_transfer", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_commissioned_transfer_organisation_id_parent_id_position"),
            ["organisation_id", "parent_id", "position"],
            unique=False,
        )

    op.create_table(
        "deletion_run",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=200), server_default="", nullable=False),
        sa.Column("on", sa.Date(), nullable=True),
        sa.Column("count", sa.Integer(), nullable=True),
        sa.Column("by", sa.String(length=200), server_default="", nullable=False),
        sa.Column("protocol", sa.String(length=200), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "parent_id"],
            ["retention_rule.organisation_id", "retention_rule.id"],
            name=op.f("fk_deletion_run_organisation_id_parent_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_deletion_run")),
    )
    with op.batch_alter_table("deletion_run", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_deletion_run_organisation_id_parent_id_position"),
            ["organisation_id", "parent_id", "position"],
            unique=False,
        )

    op.create_table(
        "handed_over",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=200), server_default="", nullable=False),
        sa.Column("on", sa.Date(), nullable=True),
        sa.Column("way", sa.String(length=200), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "parent_id"],
            ["authority_case.organisation_id", "authority_case.id"],
            name=op.f("fk_handed_over_organisation_id_parent_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_handed_over")),
    )
    with op.batch_alter_table("handed_over", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_handed_over_organisation_id_parent_id_position"),
            ["organisation_id", "parent_id", "position"],
            unique=False,
        )

    op.create_table(
        "inspection_finding",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("severity", sa.String(length=64), nullable=True),
        sa.Column("responsible", sa.String(length=200), server_default="", nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id", "parent_id"],
            ["inspection.organisation_id", "inspection.id"],
            name=op.f("fk_inspection_finding_organisation_id_parent_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_inspection_finding")),
    )
    with op.batch_alter_table("inspection_finding", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_inspection_finding_organisation_id_parent_id_position"),
            ["organisation_id", "parent_id", "position"],
            unique=False,
        )

    op.create_table(
        "inspection_processors",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "source_id"],
            ["inspection.organisation_id", "inspection.id"],
            name=op.f("fk_inspection_processors_organisation_id_source_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "target_id"],
            ["processor.organisation_id", "processor.id"],
            name=op.f("fk_inspection_processors_organisation_id_target_id"),
        ),
        sa.PrimaryKeyConstraint(
            "organisation_id", "source_id", "target_id", name=op.f("pk_inspection_processors")
        ),
    )
    with op.batch_alter_table("inspection_processors", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_inspection_processors_organisation_id_target_id"),
            ["organisation_id", "target_id"],
            unique=False,
        )

    op.create_table(
        "joint_party",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=200), server_default="", nullable=False),
        sa.Column("contact", sa.String(length=500), server_default="", nullable=False),
        sa.Column("officer", sa.String(length=500), server_default="", nullable=False),
        sa.Column("share", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "parent_id"],
            ["joint_controllership.organisation_id", "joint_controllership.id"],
            name=op.f("fk_joint_party_organisation_id_parent_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_joint_party")),
    )
    with op.batch_alter_table("joint_party", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_joint_party_organisation_id_parent_id_position"),
            ["organisation_id", "parent_id", "position"],
            unique=False,
        )

    op.create_table(
        "litigation_hold",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=200), server_default="", nullable=False),
        sa.Column("reason", sa.String(length=500), server_default="", nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id", "parent_id"],
            ["retention_rule.organisation_id", "retention_rule.id"],
            name=op.f("fk_litigation_hold_organisation_id_parent_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_litigation_hold")),
    )
    with op.batch_alter_table("litigation_hold", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_litigation_hold_organisation_id_parent_id_position"),
            ["organisation_id", "parent_id", "position"],
            unique=False,
        )

    op.create_table(
        "processor_audit",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("kind", sa.String(length=64), nullable=True),
        sa.Column("result", sa.String(length=64), nullable=True),
        sa.Column("findings", sa.Text(), server_default="", nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id", "parent_id"],
            ["processor.organisation_id", "processor.id"],
            name=op.f("fk_processor_audit_organisation_id_parent_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_processor_audit")),
    )
    with op.batch_alter_table("processor_audit", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_processor_audit_organisation_id_parent_id_position"),
            ["organisation_id", "parent_id", "position"],
            unique=False,
        )

    op.create_table(
        "round_answer",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("subject", sa.String(length=300), server_default="", nullable=False),
        sa.Column("reply", sa.String(length=64), nullable=True),
        sa.Column("given_by", sa.String(length=200), server_default="", nullable=False),
        sa.Column("given_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id", "round_id"],
            ["update_round.organisation_id", "update_round.id"],
            name=op.f("fk_round_answer_organisation_id_round_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_round_answer")),
    )
    with op.batch_alter_table("round_answer", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_round_answer_organisation_id_round_id_activity_id"),
            ["organisation_id", "round_id", "activity_id"],
            unique=True,
        )

    op.create_table(
        "served_controller",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=500), server_default="", nullable=False),
        sa.Column("contact", sa.String(length=500), server_default="", nullable=False),
        sa.Column("representative", sa.String(length=500), server_default="", nullable=False),
        sa.Column("officer", sa.String(length=500), server_default="", nullable=False),
        sa.Column("categories", sa.Text(), server_default="", nullable=False),
        sa.Column("contract", sa.String(length=500), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "parent_id"],
            ["commissioned_processing.organisation_id", "commissioned_processing.id"],
            name=op.f("fk_served_controller_organisation_id_parent_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_served_controller")),
    )
    with op.batch_alter_table("served_controller", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_served_controller_organisation_id_parent_id_position"),
            ["organisation_id", "parent_id", "position"],
            unique=False,
        )

    op.create_table(
        "update_round_units",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "source_id"],
            ["update_round.organisation_id", "update_round.id"],
            name=op.f("fk_update_round_units_organisation_id_source_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "target_id"],
            ["unit.organisation_id", "unit.id"],
            name=op.f("fk_update_round_units_organisation_id_target_id"),
        ),
        sa.PrimaryKeyConstraint(
            "organisation_id", "source_id", "target_id", name=op.f("pk_update_round_units")
        ),
    )
    with op.batch_alter_table("update_round_units", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_update_round_units_organisation_id_target_id"),
            ["organisation_id", "target_id"],
            unique=False,
        )

    op.create_table(
        "advice_given_projects",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "source_id"],
            ["advice_given.organisation_id", "advice_given.id"],
            name=op.f("fk_advice_given_projects_organisation_id_source_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "target_id"],
            ["project.organisation_id", "project.id"],
            name=op.f("fk_advice_given_projects_organisation_id_target_id"),
        ),
        sa.PrimaryKeyConstraint(
            "organisation_id", "source_id", "target_id", name=op.f("pk_advice_given_projects")
        ),
    )
    with op.batch_alter_table("advice_given_projects", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_advice_given_projects_organisation_id_target_id"),
            ["organisation_id", "target_id"],
            unique=False,
        )

    op.create_table(
        "breach_objects",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "source_id"],
            ["breach.organisation_id", "breach.id"],
            name=op.f("fk_breach_objects_organisation_id_source_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "target_id"],
            ["target_object.organisation_id", "target_object.id"],
            name=op.f("fk_breach_objects_organisation_id_target_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "source_id", "target_id", name=op.f("pk_breach_objects")),
    )
    with op.batch_alter_table("breach_objects", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_breach_objects_organisation_id_target_id"),
            ["organisation_id", "target_id"],
            unique=False,
        )

    op.create_table(
        "commissioned_processing_objects",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "source_id"],
            ["commissioned_processing.organisation_id", "commissioned_processing.id"],
            name=op.f("fk_commissioned_processing_objects_organisation_id_source_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "target_id"],
            ["target_object.organisation_id", "target_object.id"],
            name=op.f("fk_commissioned_processing_objects_organisation_id_target_id"),
        ),
        sa.PrimaryKeyConstraint(
            "organisation_id", "source_id", "target_id", name=op.f("pk_commissioned_processing_objects")
        ),
    )
    with op.batch_alter_table("commissioned_processing_objects", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_commissioned_processing_objects_organisation_id_target_id"),
            ["organisation_id", "target_id"],
            unique=False,
        )

    op.create_table(
        "erasure_step",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(length=64), nullable=True),
        sa.Column("responsible", sa.String(length=200), server_default="", nullable=False),
        sa.Column("note", sa.String(length=500), server_default="", nullable=False),
        sa.Column("system_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id", "parent_id"],
            ["retention_rule.organisation_id", "retention_rule.id"],
            name=op.f("fk_erasure_step_organisation_id_parent_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "system_id"],
            ["target_object.organisation_id", "target_object.id"],
            name=op.f("fk_erasure_step_organisation_id_system_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_erasure_step")),
    )
    with op.batch_alter_table("erasure_step", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_erasure_step_organisation_id_parent_id_position"),
            ["organisation_id", "parent_id", "position"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_erasure_step_organisation_id_system_id"),
            ["organisation_id", "system_id"],
            unique=False,
        )

    op.create_table(
        "subject_request_searched",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "source_id"],
            ["subject_request.organisation_id", "subject_request.id"],
            name=op.f("fk_subject_request_searched_organisation_id_source_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "target_id"],
            ["target_object.organisation_id", "target_object.id"],
            name=op.f("fk_subject_request_searched_organisation_id_target_id"),
        ),
        sa.PrimaryKeyConstraint(
            "organisation_id", "source_id", "target_id", name=op.f("pk_subject_request_searched")
        ),
    )
    with op.batch_alter_table("subject_request_searched", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_subject_request_searched_organisation_id_target_id"),
            ["organisation_id", "target_id"],
            unique=False,
        )

    op.create_table(
        "subject_request_unsearched",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "source_id"],
            ["subject_request.organisation_id", "subject_request.id"],
            name=op.f("fk_subject_request_unsearched_organisation_id_source_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "target_id"],
            ["target_object.organisation_id", "target_object.id"],
            name=op.f("fk_subject_request_unsearched_organisation_id_target_id"),
        ),
        sa.PrimaryKeyConstraint(
            "organisation_id", "source_id", "target_id", name=op.f("pk_subject_request_unsearched")
        ),
    )
    with op.batch_alter_table("subject_request_unsearched", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_subject_request_unsearched_organisation_id_target_id"),
            ["organisation_id", "target_id"],
            unique=False,
        )

    op.create_table(
        "advice_given_activities",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "source_id"],
            ["advice_given.organisation_id", "advice_given.id"],
            name=op.f("fk_advice_given_activities_organisation_id_source_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "target_id"],
            ["processing_activity.organisation_id", "processing_activity.id"],
            name=op.f("fk_advice_given_activities_organisation_id_target_id"),
        ),
        sa.PrimaryKeyConstraint(
            "organisation_id", "source_id", "target_id", name=op.f("pk_advice_given_activities")
        ),
    )
    with op.batch_alter_table("advice_given_activities", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_advice_given_activities_organisation_id_target_id"),
            ["organisation_id", "target_id"],
            unique=False,
        )

    op.create_table(
        "authority_case_activities",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "source_id"],
            ["authority_case.organisation_id", "authority_case.id"],
            name=op.f("fk_authority_case_activities_organisation_id_source_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "target_id"],
            ["processing_activity.organisation_id", "processing_activity.id"],
            name=op.f("fk_authority_case_activities_organisation_id_target_id"),
        ),
        sa.PrimaryKeyConstraint(
            "organisation_id", "source_id", "target_id", name=op.f("pk_authority_case_activities")
        ),
    )
    with op.batch_alter_table("authority_case_activities", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_authority_case_activities_organisation_id_target_id"),
            ["organisation_id", "target_id"],
            unique=False,
        )

    op.create_table(
        "breach_activities",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "source_id"],
            ["breach.organisation_id", "breach.id"],
            name=op.f("fk_breach_activities_organisation_id_source_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "target_id"],
            ["processing_activity.organisation_id", "processing_activity.id"],
            name=op.f("fk_breach_activities_organisation_id_target_id"),
        ),
        sa.PrimaryKeyConstraint(
            "organisation_id", "source_id", "target_id", name=op.f("pk_breach_activities")
        ),
    )
    with op.batch_alter_table("breach_activities", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_breach_activities_organisation_id_target_id"),
            ["organisation_id", "target_id"],
            unique=False,
        )

    op.create_table(
        "inspection_activities",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "source_id"],
            ["inspection.organisation_id", "inspection.id"],
            name=op.f("fk_inspection_activities_organisation_id_source_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "target_id"],
            ["processing_activity.organisation_id", "processing_activity.id"],
            name=op.f("fk_inspection_activities_organisation_id_target_id"),
        ),
        sa.PrimaryKeyConstraint(
            "organisation_id", "source_id", "target_id", name=op.f("pk_inspection_activities")
        ),
    )
    with op.batch_alter_table("inspection_activities", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_inspection_activities_organisation_id_target_id"),
            ["organisation_id", "target_id"],
            unique=False,
        )

    op.create_table(
        "open_point",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=500), server_default="", nullable=False),
        sa.Column("decided", sa.Boolean(), nullable=True),
        sa.Column("decision", sa.String(length=500), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "parent_id"],
            ["processing_activity.organisation_id", "processing_activity.id"],
            name=op.f("fk_open_point_organisation_id_parent_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_open_point")),
    )
    with op.batch_alter_table("open_point", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_open_point_organisation_id_parent_id_position"),
            ["organisation_id", "parent_id", "position"],
            unique=False,
        )

    op.create_table(
        "processing_activity_joint_controllerships",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "source_id"],
            ["processing_activity.organisation_id", "processing_activity.id"],
            name=op.f("fk_processing_activity_joint_controllerships_organisation_id_source_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "target_id"],
            ["joint_controllership.organisation_id", "joint_controllership.id"],
            name=op.f("fk_processing_activity_joint_controllerships_organisation_id_target_id"),
        ),
        sa.PrimaryKeyConstraint(
            "organisation_id",
            "source_id",
            "target_id",
            name=op.f("pk_processing_activity_joint_controllerships"),
        ),
    )
    with op.batch_alter_table("processing_activity_joint_controllerships", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_processing_activity_joint_controllerships_organisation_id_target_id"),
            ["organisation_id", "target_id"],
            unique=False,
        )

    op.create_table(
        "processing_activity_measures_used",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "source_id"],
            ["processing_activity.organisation_id", "processing_activity.id"],
            name=op.f("fk_processing_activity_measures_used_organisation_id_source_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "target_id"],
            ["measure.organisation_id", "measure.id"],
            name=op.f("fk_processing_activity_measures_used_organisation_id_target_id"),
        ),
        sa.PrimaryKeyConstraint(
            "organisation_id", "source_id", "target_id", name=op.f("pk_processing_activity_measures_used")
        ),
    )
    with op.batch_alter_table("processing_activity_measures_used", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_processing_activity_measures_used_organisation_id_target_id"),
            ["organisation_id", "target_id"],
            unique=False,
        )

    op.create_table(
        "processing_activity_norms",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "source_id"],
            ["processing_activity.organisation_id", "processing_activity.id"],
            name=op.f("fk_processing_activity_norms_organisation_id_source_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "target_id"],
            ["norm.organisation_id", "norm.id"],
            name=op.f("fk_processing_activity_norms_organisation_id_target_id"),
        ),
        sa.PrimaryKeyConstraint(
            "organisation_id", "source_id", "target_id", name=op.f("pk_processing_activity_norms")
        ),
    )
    with op.batch_alter_table("processing_activity_norms", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_processing_activity_norms_organisation_id_target_id"),
            ["organisation_id", "target_id"],
            unique=False,
        )

    op.create_table(
        "processing_activity_services",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "source_id"],
            ["processing_activity.organisation_id", "processing_activity.id"],
            name=op.f("fk_processing_activity_services_organisation_id_source_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "target_id"],
            ["service.organisation_id", "service.id"],
            name=op.f("fk_processing_activity_services_organisation_id_target_id"),
        ),
        sa.PrimaryKeyConstraint(
            "organisation_id", "source_id", "target_id", name=op.f("pk_processing_activity_services")
        ),
    )
    with op.batch_alter_table("processing_activity_services", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_processing_activity_services_organisation_id_target_id"),
            ["organisation_id", "target_id"],
            unique=False,
        )

    op.create_table(
        "subject_request_activities",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "source_id"],
            ["subject_request.organisation_id", "subject_request.id"],
            name=op.f("fk_subject_request_activities_organisation_id_source_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "target_id"],
            ["processing_activity.organisation_id", "processing_activity.id"],
            name=op.f("fk_subject_request_activities_organisation_id_target_id"),
        ),
        sa.PrimaryKeyConstraint(
            "organisation_id", "source_id", "target_id", name=op.f("pk_subject_request_activities")
        ),
    )
    with op.batch_alter_table("subject_request_activities", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_subject_request_activities_organisation_id_target_id"),
            ["organisation_id", "target_id"],
            unique=False,
        )

    see_every_organisation(op.get_bind())
    carry_joint_controllers(op.get_bind())
    # Drafts are sealed from now on; what is half typed in clear text cannot be told apart later.
    op.execute("DELETE FROM draft")
    with op.batch_alter_table("joint_controller", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_joint_controller_organisation_id_parent_id_position"))

    op.drop_table("joint_controller")
    with op.batch_alter_table("authority", schema=None) as batch_op:
        batch_op.add_column(sa.Column("officer_appointed", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("officer_reported", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("officer_manages", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("officer_runs_it", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("officer_is_isb", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("training_quota", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("acts_as_processor", sa.Boolean(), nullable=True))

    with op.batch_alter_table("data_category", schema=None) as batch_op:
        batch_op.add_column(sa.Column("retention_rule_id", sa.Uuid(), nullable=True))
        batch_op.create_index(
            batch_op.f("ix_data_category_organisation_id_retention_rule_id"),
            ["organisation_id", "retention_rule_id"],
            unique=False,
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_data_category_organisation_id_retention_rule_id"),
            "retention_rule",
            ["organisation_id", "retention_rule_id"],
            ["organisation_id", "id"],
        )

    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.add_column(sa.Column("hidden", sa.Boolean(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("accepted_by", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("accepted_until", sa.Date(), nullable=True))
        batch_op.drop_index(batch_op.f("ix_finding_organisation_id_quiet_rule_unit_id"))
        batch_op.create_index(
            batch_op.f("ix_finding_organisation_id_rule_entry_id"),
            ["organisation_id", "rule", "entry_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_finding_organisation_id_severity_entry_id"),
            ["organisation_id", "severity", "entry_id"],
            unique=False,
        )

    with op.batch_alter_table("opinion", schema=None) as batch_op:
        batch_op.add_column(sa.Column("content", sa.String(length=64), server_default="", nullable=False))

    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("public_name", sa.String(length=60), server_default="", nullable=False))
        batch_op.add_column(sa.Column("public_register", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("public_desk", sa.Boolean(), nullable=True))

    with op.batch_alter_table("processing_activity", schema=None) as batch_op:
        batch_op.add_column(sa.Column("legitimate_interests", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(
            sa.Column("source_details", sa.String(length=500), server_default="", nullable=False)
        )
        batch_op.add_column(sa.Column("public_source", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("provision_duty", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("provision_consequences", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("erased_on", sa.Date(), nullable=True))
        batch_op.add_column(
            sa.Column("erasure_evidence", sa.String(length=500), server_default="", nullable=False)
        )
        batch_op.add_column(sa.Column("paper_only", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("video_sign", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("video_check", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("automated_basis", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("automated_safeguards", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("automated_logic", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("informed_of_sources", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("notice_exemption", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("reviewed_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("open_data", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("anonymisation", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("sample_id", sa.String(length=64), server_default="", nullable=False))
        batch_op.add_column(sa.Column("sample_version", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("norms_confirmed_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("sample_taken", sa.Text(), server_default="", nullable=False))

    with op.batch_alter_table("processing_location", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("dpf_company", sa.String(length=200), server_default="", nullable=False)
        )
        batch_op.add_column(sa.Column("dpf_staff_data", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("tia_result", sa.String(length=64), nullable=True))
        batch_op.add_column(
            sa.Column("supplementary_measures", sa.String(length=500), server_default="", nullable=False)
        )
        batch_op.add_column(sa.Column("derogation", sa.String(length=500), server_default="", nullable=False))

    with op.batch_alter_table("processor", schema=None) as batch_op:
        batch_op.add_column(sa.Column("remote_maintenance", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("maintenance_rules", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("parent", sa.String(length=200), server_default="", nullable=False))
        batch_op.add_column(sa.Column("access_assessed_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("access_assessment", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("evb_it", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("valid_from", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("indefinite", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("lead_time", sa.String(length=12), nullable=True))
        batch_op.add_column(sa.Column("notice_by", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("remind_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("special_data", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("criminal_data", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("rights", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("where_a", sa.String(length=200), server_default="", nullable=False))
        batch_op.add_column(sa.Column("where_b", sa.String(length=200), server_default="", nullable=False))
        batch_op.add_column(sa.Column("where_c", sa.String(length=200), server_default="", nullable=False))
        batch_op.add_column(sa.Column("where_d", sa.String(length=200), server_default="", nullable=False))
        batch_op.add_column(sa.Column("where_e", sa.String(length=200), server_default="", nullable=False))
        batch_op.add_column(sa.Column("where_f", sa.String(length=200), server_default="", nullable=False))
        batch_op.add_column(sa.Column("where_g", sa.String(length=200), server_default="", nullable=False))
        batch_op.add_column(sa.Column("where_h", sa.String(length=200), server_default="", nullable=False))
        batch_op.add_column(sa.Column("objection_period", sa.String(length=12), nullable=True))
        batch_op.add_column(sa.Column("no_sub_processors", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("objection_by", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("third_country", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("measures", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("measures_date", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("awarded_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("private_reason", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("secrecy_commitment", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("ended", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("data_return", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("returned_on", sa.Date(), nullable=True))
        batch_op.add_column(
            sa.Column("return_evidence", sa.String(length=500), server_default="", nullable=False)
        )

    with op.batch_alter_table("purpose", schema=None) as batch_op:
        batch_op.add_column(sa.Column("law_id", sa.Uuid(), nullable=True))
        batch_op.create_index(
            batch_op.f("ix_purpose_organisation_id_law_id"), ["organisation_id", "law_id"], unique=False
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_purpose_organisation_id_law_id"),
            "norm",
            ["organisation_id", "law_id"],
            ["organisation_id", "id"],
        )

    with op.batch_alter_table("recipient", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("dpf_company", sa.String(length=200), server_default="", nullable=False)
        )
        batch_op.add_column(sa.Column("dpf_staff_data", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("tia_result", sa.String(length=64), nullable=True))
        batch_op.add_column(
            sa.Column("supplementary_measures", sa.String(length=500), server_default="", nullable=False)
        )
        batch_op.add_column(sa.Column("derogation", sa.String(length=500), server_default="", nullable=False))

    with op.batch_alter_table("sub_processor", schema=None) as batch_op:
        batch_op.add_column(sa.Column("works_for", sa.String(length=200), server_default="", nullable=False))
        batch_op.add_column(sa.Column("parent", sa.String(length=200), server_default="", nullable=False))
        batch_op.add_column(sa.Column("parent_country", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("access_assessed_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("notified_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("objection_until", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("objected", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("approved_on", sa.Date(), nullable=True))
        batch_op.add_column(
            sa.Column("dpf_company", sa.String(length=200), server_default="", nullable=False)
        )
        batch_op.add_column(sa.Column("dpf_staff_data", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("tia_result", sa.String(length=64), nullable=True))
        batch_op.add_column(
            sa.Column("supplementary_measures", sa.String(length=500), server_default="", nullable=False)
        )
        batch_op.add_column(sa.Column("derogation", sa.String(length=500), server_default="", nullable=False))

    carry_processors(op.get_bind())
    for table in WALLED:
        wall(table)


def downgrade() -> None:
    with op.batch_alter_table("sub_processor", schema=None) as batch_op:
        batch_op.drop_column("derogation")
        batch_op.drop_column("supplementary_measures")
        batch_op.drop_column("tia_result")
        batch_op.drop_column("dpf_staff_data")
        batch_op.drop_column("dpf_company")
        batch_op.drop_column("approved_on")
        batch_op.drop_column("objected")
        batch_op.drop_column("objection_until")
        batch_op.drop_column("notified_on")
        batch_op.drop_column("access_assessed_on")
        batch_op.drop_column("parent_country")
        batch_op.drop_column("parent")
        batch_op.drop_column("works_for")

    with op.batch_alter_table("recipient", schema=None) as batch_op:
        batch_op.drop_column("derogation")
        batch_op.drop_column("supplementary_measures")
        batch_op.drop_column("tia_result")
        batch_op.drop_column("dpf_staff_data")
        batch_op.drop_column("dpf_company")

    with op.batch_alter_table("purpose", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_purpose_organisation_id_law_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_purpose_organisation_id_law_id"))
        batch_op.drop_column("law_id")

    with op.batch_alter_table("processor", schema=None) as batch_op:
        batch_op.drop_column("return_evidence")
        batch_op.drop_column("returned_on")
        batch_op.drop_column("data_return")
        batch_op.drop_column("ended")
        batch_op.drop_column("secrecy_commitment")
        batch_op.drop_column("private_reason")
        batch_op.drop_column("awarded_on")
        batch_op.drop_column("measures_date")
        batch_op.drop_column("measures")
        batch_op.drop_column("third_country")
        batch_op.drop_column("objection_by")
        batch_op.drop_column("no_sub_processors")
        batch_op.drop_column("objection_period")
        batch_op.drop_column("where_h")
        batch_op.drop_column("where_g")
        batch_op.drop_column("where_f")
        batch_op.drop_column("where_e")
        batch_op.drop_column("where_d")
        batch_op.drop_column("where_c")
        batch_op.drop_column("where_b")
        batch_op.drop_column("where_a")
        batch_op.drop_column("rights")
        batch_op.drop_column("criminal_data")
        batch_op.drop_column("special_data")
        batch_op.drop_column("remind_on")
        batch_op.drop_column("notice_by")
        batch_op.drop_column("lead_time")
        batch_op.drop_column("indefinite")
        batch_op.drop_column("valid_from")
        batch_op.drop_column("evb_it")
        batch_op.drop_column("access_assessment")
        batch_op.drop_column("access_assessed_on")
        batch_op.drop_column("parent")
        batch_op.drop_column("maintenance_rules")
        batch_op.drop_column("remote_maintenance")

    with op.batch_alter_table("processing_location", schema=None) as batch_op:
        batch_op.drop_column("derogation")
        batch_op.drop_column("supplementary_measures")
        batch_op.drop_column("tia_result")
        batch_op.drop_column("dpf_staff_data")
        batch_op.drop_column("dpf_company")

    with op.batch_alter_table("processing_activity", schema=None) as batch_op:
        batch_op.drop_column("sample_taken")
        batch_op.drop_column("norms_confirmed_on")
        batch_op.drop_column("sample_version")
        batch_op.drop_column("sample_id")
        batch_op.drop_column("anonymisation")
        batch_op.drop_column("open_data")
        batch_op.drop_column("reviewed_on")
        batch_op.drop_column("notice_exemption")
        batch_op.drop_column("informed_of_sources")
        batch_op.drop_column("automated_logic")
        batch_op.drop_column("automated_safeguards")
        batch_op.drop_column("automated_basis")
        batch_op.drop_column("video_check")
        batch_op.drop_column("video_sign")
        batch_op.drop_column("paper_only")
        batch_op.drop_column("erasure_evidence")
        batch_op.drop_column("erased_on")
        batch_op.drop_column("provision_consequences")
        batch_op.drop_column("provision_duty")
        batch_op.drop_column("public_source")
        batch_op.drop_column("source_details")
        batch_op.drop_column("legitimate_interests")

    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.drop_column("public_desk")
        batch_op.drop_column("public_register")
        batch_op.drop_column("public_name")

    with op.batch_alter_table("opinion", schema=None) as batch_op:
        batch_op.drop_column("content")

    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_finding_organisation_id_severity_entry_id"))
        batch_op.drop_index(batch_op.f("ix_finding_organisation_id_rule_entry_id"))
        batch_op.create_index(
            batch_op.f("ix_finding_organisation_id_quiet_rule_unit_id"),
            ["organisation_id", "quiet", "rule", "unit_id"],
            unique=False,
        )
        batch_op.drop_column("accepted_until")
        batch_op.drop_column("accepted_by")
        batch_op.drop_column("hidden")

    with op.batch_alter_table("data_category", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_data_category_organisation_id_retention_rule_id"), type_="foreignkey"
        )
        batch_op.drop_index(batch_op.f("ix_data_category_organisation_id_retention_rule_id"))
        batch_op.drop_column("retention_rule_id")

    with op.batch_alter_table("authority", schema=None) as batch_op:
        batch_op.drop_column("acts_as_processor")
        batch_op.drop_column("training_quota")
        batch_op.drop_column("officer_is_isb")
        batch_op.drop_column("officer_runs_it")
        batch_op.drop_column("officer_manages")
        batch_op.drop_column("officer_reported")
        batch_op.drop_column("officer_appointed")

    op.create_table(
        "joint_controller",
        sa.Column("organisation_id", sa.CHAR(length=32), nullable=False),
        sa.Column("id", sa.CHAR(length=32), nullable=False),
        sa.Column("parent_id", sa.CHAR(length=32), nullable=False),
        sa.Column("position", sa.INTEGER(), nullable=False),
        sa.Column("text", sa.VARCHAR(length=200), server_default=sa.text("('')"), nullable=False),
        sa.Column("arrangement", sa.VARCHAR(length=200), server_default=sa.text("('')"), nullable=False),
        sa.Column("arranged_on", sa.DATE(), nullable=True),
        sa.Column("contact_point", sa.VARCHAR(length=200), server_default=sa.text("('')"), nullable=False),
        sa.Column("essence_available", sa.BOOLEAN(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id", "parent_id"],
            ["processing_activity.organisation_id", "processing_activity.id"],
            name=op.f("fk_joint_controller_organisation_id_parent_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_joint_controller")),
    )
    with op.batch_alter_table("joint_controller", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_joint_controller_organisation_id_parent_id_position"),
            ["organisation_id", "parent_id", "position"],
            unique=False,
        )

    with op.batch_alter_table("subject_request_activities", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_subject_request_activities_organisation_id_target_id"))

    op.drop_table("subject_request_activities")
    with op.batch_alter_table("processing_activity_services", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_processing_activity_services_organisation_id_target_id"))

    op.drop_table("processing_activity_services")
    with op.batch_alter_table("processing_activity_norms", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_processing_activity_norms_organisation_id_target_id"))

    op.drop_table("processing_activity_norms")
    with op.batch_alter_table("processing_activity_measures_used", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_processing_activity_measures_used_organisation_id_target_id"))

    op.drop_table("processing_activity_measures_used")
    with op.batch_alter_table("processing_activity_joint_controllerships", schema=None) as batch_op:
        batch_op.drop_index(
            batch_op.f("ix_processing_activity_joint_controllerships_organisation_id_target_id")
        )

    op.drop_table("processing_activity_joint_controllerships")
    with op.batch_alter_table("open_point", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_open_point_organisation_id_parent_id_position"))

    op.drop_table("open_point")
    with op.batch_alter_table("inspection_activities", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_inspection_activities_organisation_id_target_id"))

    op.drop_table("inspection_activities")
    with op.batch_alter_table("breach_activities", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_breach_activities_organisation_id_target_id"))

    op.drop_table("breach_activities")
    with op.batch_alter_table("authority_case_activities", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_authority_case_activities_organisation_id_target_id"))

    op.drop_table("authority_case_activities")
    with op.batch_alter_table("advice_given_activities", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_advice_given_activities_organisation_id_target_id"))

    op.drop_table("advice_given_activities")
    with op.batch_alter_table("subject_request_unsearched", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_subject_request_unsearched_organisation_id_target_id"))

    op.drop_table("subject_request_unsearched")
    with op.batch_alter_table("subject_request_searched", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_subject_request_searched_organisation_id_target_id"))

    op.drop_table("subject_request_searched")
    with op.batch_alter_table("erasure_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_erasure_step_organisation_id_system_id"))
        batch_op.drop_index(batch_op.f("ix_erasure_step_organisation_id_parent_id_position"))

    op.drop_table("erasure_step")
    with op.batch_alter_table("commissioned_processing_objects", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_commissioned_processing_objects_organisation_id_target_id"))

    op.drop_table("commissioned_processing_objects")
    with op.batch_alter_table("breach_objects", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_breach_objects_organisation_id_target_id"))

    op.drop_table("breach_objects")
    with op.batch_alter_table("advice_given_projects", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_advice_given_projects_organisation_id_target_id"))

    op.drop_table("advice_given_projects")
    with op.batch_alter_table("update_round_units", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_update_round_units_organisation_id_target_id"))

    op.drop_table("update_round_units")
    with op.batch_alter_table("served_controller", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_served_controller_organisation_id_parent_id_position"))

    op.drop_table("served_controller")
    with op.batch_alter_table("round_answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_round_answer_organisation_id_round_id_activity_id"))

    op.drop_table("round_answer")
    with op.batch_alter_table("processor_audit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_processor_audit_organisation_id_parent_id_position"))

    op.drop_table("processor_audit")
    with op.batch_alter_table("litigation_hold", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_litigation_hold_organisation_id_parent_id_position"))

    op.drop_table("litigation_hold")
    with op.batch_alter_table("joint_party", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_joint_party_organisation_id_parent_id_position"))

    op.drop_table("joint_party")
    with op.batch_alter_table("inspection_processors", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_inspection_processors_organisation_id_target_id"))

    op.drop_table("inspection_processors")
    with op.batch_alter_table("inspection_finding", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_inspection_finding_organisation_id_parent_id_position"))

    op.drop_table("inspection_finding")
    with op.batch_alter_table("handed_over", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_handed_over_organisation_id_parent_id_position"))

    op.drop_table("handed_over")
    with op.batch_alter_table("deletion_run", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_deletion_run_organisation_id_parent_id_position"))

    op.drop_table("deletion_run")
    with op.batch_alter_table("commissioned_transfer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_commissioned_transfer_organisation_id_parent_id_position"))

    op.drop_table("commissioned_transfer")
    with op.batch_alter_table("commissioned_sub_processor", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_commissioned_sub_processor_organisation_id_parent_id_position"))

    op.drop_table("commissioned_sub_processor")
    with op.batch_alter_table("breach_processors", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_breach_processors_organisation_id_target_id"))

    op.drop_table("breach_processors")
    with op.batch_alter_table("breach_notice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_breach_notice_organisation_id_parent_id_position"))

    op.drop_table("breach_notice")
    with op.batch_alter_table("update_round", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_update_round_organisation_id_unit_id_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_update_round_organisation_id_unit_id"))
        batch_op.drop_index(batch_op.f("ix_update_round_organisation_id_state_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_update_round_organisation_id_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_update_round_organisation_id_number"))

    op.drop_table("update_round")
    with op.batch_alter_table("training", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_training_organisation_id_unit_id_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_training_organisation_id_unit_id"))
        batch_op.drop_index(batch_op.f("ix_training_organisation_id_state_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_training_organisation_id_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_training_organisation_id_number"))
        batch_op.drop_index(batch_op.f("ix_training_organisation_id_format_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_training_organisation_id_audience_sort_key_id"))

    op.drop_table("training")
    with op.batch_alter_table("subject_request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_subject_request_organisation_id_unit_id_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_subject_request_organisation_id_unit_id"))
        batch_op.drop_index(batch_op.f("ix_subject_request_organisation_id_state_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_subject_request_organisation_id_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_subject_request_organisation_id_result_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_subject_request_organisation_id_number"))

    op.drop_table("subject_request")
    with op.batch_alter_table("service", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_service_organisation_id_unit_id_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_service_organisation_id_unit_id"))
        batch_op.drop_index(batch_op.f("ix_service_organisation_id_state_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_service_organisation_id_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_service_organisation_id_number"))
        batch_op.drop_index(batch_op.f("ix_service_organisation_id_kind_sort_key_id"))

    op.drop_table("service")
    with op.batch_alter_table("retention_rule", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_retention_rule_organisation_id_unit_id_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_retention_rule_organisation_id_unit_id"))
        batch_op.drop_index(batch_op.f("ix_retention_rule_organisation_id_state_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_retention_rule_organisation_id_start_type_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_retention_rule_organisation_id_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_retention_rule_organisation_id_number"))
        batch_op.drop_index(batch_op.f("ix_retention_rule_organisation_id_kind_key"))
        batch_op.drop_index(batch_op.f("ix_retention_rule_organisation_id_appraisal_sort_key_id"))

    op.drop_table("retention_rule")
    with op.batch_alter_table("norm", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_norm_organisation_id_unit_id_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_norm_organisation_id_unit_id"))
        batch_op.drop_index(batch_op.f("ix_norm_organisation_id_superseded_by_id"))
        batch_op.drop_index(batch_op.f("ix_norm_organisation_id_state_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_norm_organisation_id_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_norm_organisation_id_number"))
        batch_op.drop_index(batch_op.f("ix_norm_organisation_id_level_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_norm_organisation_id_kind_sort_key_id"))

    op.drop_table("norm")
    with op.batch_alter_table("measure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_measure_organisation_id_unit_id_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_measure_organisation_id_unit_id"))
        batch_op.drop_index(batch_op.f("ix_measure_organisation_id_state_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_measure_organisation_id_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_measure_organisation_id_progress_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_measure_organisation_id_origin_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_measure_organisation_id_number"))
        batch_op.drop_index(batch_op.f("ix_measure_organisation_id_kind_sort_key_id"))

    op.drop_table("measure")
    with op.batch_alter_table("joint_controllership", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_joint_controllership_organisation_id_unit_id_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_joint_controllership_organisation_id_unit_id"))
        batch_op.drop_index(batch_op.f("ix_joint_controllership_organisation_id_state_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_joint_controllership_organisation_id_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_joint_controllership_organisation_id_number"))

    op.drop_table("joint_controllership")
    with op.batch_alter_table("inspection", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_inspection_organisation_id_unit_id_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_inspection_organisation_id_unit_id"))
        batch_op.drop_index(batch_op.f("ix_inspection_organisation_id_state_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_inspection_organisation_id_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_inspection_organisation_id_number"))

    op.drop_table("inspection")
    with op.batch_alter_table("commissioned_processing", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_commissioned_processing_organisation_id_unit_id_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_commissioned_processing_organisation_id_unit_id"))
        batch_op.drop_index(batch_op.f("ix_commissioned_processing_organisation_id_state_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_commissioned_processing_organisation_id_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_commissioned_processing_organisation_id_number"))

    op.drop_table("commissioned_processing")
    with op.batch_alter_table("calendar_feed", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_calendar_feed_person_id"))

    op.drop_table("calendar_feed")
    with op.batch_alter_table("breach", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_breach_organisation_id_unit_id_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_breach_organisation_id_unit_id"))
        batch_op.drop_index(batch_op.f("ix_breach_organisation_id_state_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_breach_organisation_id_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_breach_organisation_id_risk_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_breach_organisation_id_number"))

    op.drop_table("breach")
    with op.batch_alter_table("authority_case", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_authority_case_organisation_id_unit_id_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_authority_case_organisation_id_unit_id"))
        batch_op.drop_index(batch_op.f("ix_authority_case_organisation_id_state_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_authority_case_organisation_id_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_authority_case_organisation_id_outcome_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_authority_case_organisation_id_number"))
        batch_op.drop_index(batch_op.f("ix_authority_case_organisation_id_kind_sort_key_id"))

    op.drop_table("authority_case")
    with op.batch_alter_table("advice_given", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_advice_given_organisation_id_unit_id_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_advice_given_organisation_id_unit_id"))
        batch_op.drop_index(batch_op.f("ix_advice_given_organisation_id_state_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_advice_given_organisation_id_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_advice_given_organisation_id_number"))
        batch_op.drop_index(batch_op.f("ix_advice_given_organisation_id_asked_by_sort_key_id"))

    op.drop_table("advice_given")
    op.drop_table("tally")
    op.drop_table("reminder")
    with op.batch_alter_table("published_notice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_published_notice_organisation_id_activity_id"))

    op.drop_table("published_notice")
    with op.batch_alter_table("publication", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_publication_organisation_id_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_publication_organisation_id_activity_id"))

    op.drop_table("publication")
    with op.batch_alter_table("public_post", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_public_post_sender"))
        batch_op.drop_index(batch_op.f("ix_public_post_place"))
        batch_op.drop_index(batch_op.f("ix_public_post_at"))

    op.drop_table("public_post")
    with op.batch_alter_table("mention", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mention_organisation_id_entry_id"))

    op.drop_table("mention")
    op.drop_table("journal_check")
    op.drop_table("import_mapping")
    op.drop_table("edited_file")
    with op.batch_alter_table("deviation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_deviation_organisation_id_entry_id"))

    op.drop_table("deviation")
    with op.batch_alter_table("comment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_comment_organisation_id_entry_id"))

    op.drop_table("comment")
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attachment_organisation_id_entry_id"))
        batch_op.drop_index(batch_op.f("ix_attachment_organisation_id_content"))

    op.drop_table("attachment")
    with op.batch_alter_table("agenda", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agenda_organisation_id_matter_day_register_unit_id_hidden_id"))
        batch_op.drop_index(batch_op.f("ix_agenda_organisation_id_entry_id"))

    op.drop_table("agenda")
