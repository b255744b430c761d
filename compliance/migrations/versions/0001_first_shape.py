"""First shape."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compliance.migrations import wall

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


WALLED = (
    "assignment",
    "authority",
    "council_paper",
    "counter",
    "data_category",
    "dpia",
    "dpia_activities",
    "dpia_measure",
    "dpia_risk",
    "draft",
    "finding",
    "information_domain",
    "information_domain_objects",
    "information_domain_providers",
    "joint_controller",
    "journal",
    "journal_head",
    "opinion",
    "processing_activity",
    "processing_activity_objects",
    "processing_activity_processors",
    "processing_location",
    "processor",
    "project",
    "purpose",
    "recipient",
    "requirement_answer",
    "risk_matrix_setting",
    "sub_processor",
    "taken_over",
    "target_object",
    "target_object_depends_on",
    "theme",
    "threshold_analysis",
    "unit",
    "upload",
)


def upgrade() -> None:
    op.create_table(
        "catalogue_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("edition", sa.String(length=20), server_default="", nullable=False),
        sa.Column("sha256", sa.String(length=64), server_default="", nullable=False),
        sa.Column("imported_at", sa.DateTime(), nullable=True),
        sa.Column("modules", sa.Integer(), nullable=True),
        sa.Column("requirements", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_file")),
    )
    with op.batch_alter_table("catalogue_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_catalogue_file_edition"), ["edition"], unique=True)

    op.create_table(
        "counter",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("register", sa.String(length=200), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "register", name=op.f("pk_counter")),
    )
    op.create_table(
        "draft",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("register", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "person_id", "register", "number", name=op.f("pk_draft")),
    )
    op.create_table(
        "finding",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("register", sa.String(length=64), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("rule", sa.String(length=16), nullable=False),
        sa.Column("severity", sa.String(length=64), nullable=False),
        sa.Column("part_id", sa.Uuid(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("found_on", sa.Date(), nullable=False),
        sa.Column("quiet", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_finding")),
    )
    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_finding_organisation_id_entry_id_severity"),
            ["organisation_id", "entry_id", "severity"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_finding_organisation_id_quiet_rule_unit_id"),
            ["organisation_id", "quiet", "rule", "unit_id"],
            unique=False,
        )

    op.create_table(
        "journal",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("open", sa.Text(), nullable=False),
        sa.Column("open_salt", sa.LargeBinary(length=16), nullable=False),
        sa.Column("personal", sa.Text(), nullable=True),
        sa.Column("personal_salt", sa.LargeBinary(length=16), nullable=True),
        sa.Column("personal_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "seq", name=op.f("pk_journal")),
    )
    with op.batch_alter_table("journal", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_journal_organisation_id_record_id_seq"),
            ["organisation_id", "record_id", "seq"],
            unique=False,
        )

    op.create_table(
        "journal_head",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("at", sa.String(length=32), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_journal_head")),
    )
    op.create_table(
        "module_text",
        sa.Column("edition", sa.String(length=20), nullable=False),
        sa.Column("module_id", sa.String(length=20), nullable=False),
        sa.Column("introduction", sa.Text(), nullable=False),
        sa.Column("objective", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("edition", "module_id", name=op.f("pk_module_text")),
    )
    op.create_table(
        "opinion",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("register", sa.String(length=200), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.String(length=200), server_default="", nullable=False),
        sa.Column("verdict", sa.String(length=64), nullable=True),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("given_on", sa.Date(), nullable=True),
        sa.Column("given_by", sa.String(length=200), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_opinion")),
    )
    with op.batch_alter_table("opinion", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_opinion_organisation_id_entry_id"), ["organisation_id", "entry_id"], unique=False
        )

    op.create_table(
        "organisation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("name", sa.String(length=200), server_default="", nullable=False),
        sa.Column("legal_form", sa.String(length=64), nullable=True),
        sa.Column("land", sa.String(length=8), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("name", sa.String(length=200), server_default="", nullable=False),
        sa.Column("email", sa.String(length=200), server_default="", nullable=False),
        sa.Column("language", sa.String(length=2), server_default="", nullable=False),
        sa.Column("active", sa.Boolean(), nullable=True),
        sa.Column("password_hash", sa.String(length=200), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_email"), ["email"], unique=True)

    op.create_table(
        "requirement_text",
        sa.Column("edition", sa.String(length=20), nullable=False),
        sa.Column("requirement_id", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("edition", "requirement_id", name=op.f("pk_requirement_text")),
    )
    op.create_table(
        "risk_matrix_setting",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("content", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_risk_matrix_setting")),
    )
    with op.batch_alter_table("risk_matrix_setting", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_risk_matrix_setting_organisation_id"), ["organisation_id"], unique=True
        )

    op.create_table(
        "sign_in_attempt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempt")),
    )
    with op.batch_alter_table("sign_in_attempt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_attempt_email"), ["email"], unique=False)

    op.create_table(
        "unit",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("name", sa.String(length=200), server_default="", nullable=False),
        sa.Column("key", sa.String(length=40), server_default="", nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id", "parent_id"],
            ["unit.organisation_id", "unit.id"],
            name=op.f("fk_unit_organisation_id_parent_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_unit")),
    )
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_unit_organisation_id_parent_id"), ["organisation_id", "parent_id"], unique=False
        )

    op.create_table(
        "upload",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("register", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("targets", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_upload")),
    )
    op.create_table(
        "authority",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(length=200), server_default="", nullable=False),
        sa.Column("street", sa.String(length=200), server_default="", nullable=False),
        sa.Column("town", sa.String(length=200), server_default="", nullable=False),
        sa.Column("telephone", sa.String(length=200), server_default="", nullable=False),
        sa.Column("email", sa.String(length=200), server_default="", nullable=False),
        sa.Column("website", sa.String(length=200), server_default="", nullable=False),
        sa.Column("officer", sa.String(length=200), server_default="", nullable=False),
        sa.Column("officer_address", sa.String(length=200), server_default="", nullable=False),
        sa.Column("officer_email", sa.String(length=200), server_default="", nullable=False),
        sa.Column("officer_telephone", sa.String(length=200), server_default="", nullable=False),
        sa.Column("supervisory_authority", sa.Text(), server_default="", nullable=False),
        sa.Column("legal_supervision", sa.String(length=200), server_default="", nullable=False),
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
            name=op.f("fk_authority_organisation_id_unit_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_authority")),
    )
    with op.batch_alter_table("authority", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_authority_organisation_id_number"), ["organisation_id", "number"], unique=True
        )
        batch_op.create_index(
            batch_op.f("ix_authority_organisation_id_sort_key_id"),
            ["organisation_id", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_authority_organisation_id_state_sort_key_id"),
            ["organisation_id", "state", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_authority_organisation_id_unit_id"), ["organisation_id", "unit_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_authority_organisation_id_unit_id_sort_key_id"),
            ["organisation_id", "unit_id", "sort_key", "id"],
            unique=False,
        )

    op.create_table(
        "information_domain",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("approach", sa.String(length=64), nullable=True),
        sa.Column("scope", sa.Text(), server_default="", nullable=False),
        sa.Column("responsible", sa.String(length=200), server_default="", nullable=False),
        sa.Column("exclusions", sa.Text(), server_default="", nullable=False),
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
            name=op.f("fk_information_domain_organisation_id_unit_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_information_domain")),
    )
    with op.batch_alter_table("information_domain", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_information_domain_organisation_id_approach_sort_key_id"),
            ["organisation_id", "approach", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_information_domain_organisation_id_number"),
            ["organisation_id", "number"],
            unique=True,
        )
        batch_op.create_index(
            batch_op.f("ix_information_domain_organisation_id_sort_key_id"),
            ["organisation_id", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_information_domain_organisation_id_state_sort_key_id"),
            ["organisation_id", "state", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_information_domain_organisation_id_unit_id"),
            ["organisation_id", "unit_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_information_domain_organisation_id_unit_id_sort_key_id"),
            ["organisation_id", "unit_id", "sort_key", "id"],
            unique=False,
        )

    op.create_table(
        "membership",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=64), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_membership_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_membership_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_membership_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_membership_person_id"), ["person_id"], unique=False)

    op.create_table(
        "processor",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("service", sa.Text(), server_default="", nullable=False),
        sa.Column("country", sa.String(length=64), nullable=True),
        sa.Column("address", sa.Text(), server_default="", nullable=False),
        sa.Column("contact", sa.String(length=200), server_default="", nullable=False),
        sa.Column("breach_contact", sa.String(length=200), server_default="", nullable=False),
        sa.Column("parent_country", sa.String(length=64), nullable=True),
        sa.Column("instrument", sa.String(length=64), nullable=True),
        sa.Column("contract_state", sa.String(length=64), nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("notice_period", sa.String(length=12), nullable=True),
        sa.Column("document", sa.String(length=200), server_default="", nullable=False),
        sa.Column("subject_matter", sa.Text(), server_default="", nullable=False),
        sa.Column("data", sa.Text(), server_default="", nullable=False),
        sa.Column("clause_a", sa.Boolean(), nullable=True),
        sa.Column("clause_b", sa.Boolean(), nullable=True),
        sa.Column("clause_c", sa.Boolean(), nullable=True),
        sa.Column("clause_d", sa.Boolean(), nullable=True),
        sa.Column("clause_e", sa.Boolean(), nullable=True),
        sa.Column("clause_f", sa.Boolean(), nullable=True),
        sa.Column("clause_g", sa.Boolean(), nullable=True),
        sa.Column("clause_h", sa.Boolean(), nullable=True),
        sa.Column("authorisation", sa.String(length=64), nullable=True),
        sa.Column("guarantees", sa.Text(), server_default="", nullable=False),
        sa.Column("last_audit", sa.Date(), nullable=True),
        sa.Column("next_audit", sa.Date(), nullable=True),
        sa.Column("social_data", sa.Boolean(), nullable=True),
        sa.Column("social_data_notice", sa.Date(), nullable=True),
        sa.Column("professional_secrecy", sa.Boolean(), nullable=True),
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
            name=op.f("fk_processor_organisation_id_unit_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_processor")),
    )
    with op.batch_alter_table("processor", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_processor_organisation_id_contract_state_sort_key_id"),
            ["organisation_id", "contract_state", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_processor_organisation_id_country_sort_key_id"),
            ["organisation_id", "country", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_processor_organisation_id_number"), ["organisation_id", "number"], unique=True
        )
        batch_op.create_index(
            batch_op.f("ix_processor_organisation_id_sort_key_id"),
            ["organisation_id", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_processor_organisation_id_state_sort_key_id"),
            ["organisation_id", "state", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_processor_organisation_id_unit_id"), ["organisation_id", "unit_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_processor_organisation_id_unit_id_sort_key_id"),
            ["organisation_id", "unit_id", "sort_key", "id"],
            unique=False,
        )

    op.create_table(
        "sign_in",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("began", sa.DateTime(), nullable=False),
        sa.Column("seen", sa.DateTime(), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=False),
        sa.Column("browser", sa.String(length=200), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_sign_in_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sign_in")),
    )
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_person_id"), ["person_id"], unique=False)

    op.create_table(
        "theme",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("goal", sa.Text(), server_default="", nullable=False),
        sa.Column("measures", sa.Text(), server_default="", nullable=False),
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
            name=op.f("fk_theme_organisation_id_unit_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_theme")),
    )
    with op.batch_alter_table("theme", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_theme_organisation_id_number"), ["organisation_id", "number"], unique=True
        )
        batch_op.create_index(
            batch_op.f("ix_theme_organisation_id_sort_key_id"),
            ["organisation_id", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_theme_organisation_id_state_sort_key_id"),
            ["organisation_id", "state", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_theme_organisation_id_unit_id"), ["organisation_id", "unit_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_theme_organisation_id_unit_id_sort_key_id"),
            ["organisation_id", "unit_id", "sort_key", "id"],
            unique=False,
        )

    op.create_table(
        "information_domain_providers",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "source_id"],
            ["information_domain.organisation_id", "information_domain.id"],
            name=op.f("fk_information_domain_providers_organisation_id_source_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "target_id"],
            ["processor.organisation_id", "processor.id"],
            name=op.f("fk_information_domain_providers_organisation_id_target_id"),
        ),
        sa.PrimaryKeyConstraint(
            "organisation_id", "source_id", "target_id", name=op.f("pk_information_domain_providers")
        ),
    )
    with op.batch_alter_table("information_domain_providers", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_information_domain_providers_organisation_id_target_id"),
            ["organisation_id", "target_id"],
            unique=False,
        )

    op.create_table(
        "processing_location",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=200), server_default="", nullable=False),
        sa.Column("country", sa.String(length=64), nullable=True),
        sa.Column("transfer_basis", sa.String(length=64), nullable=True),
        sa.Column("dpf_checked", sa.Date(), nullable=True),
        sa.Column("dpf_until", sa.Date(), nullable=True),
        sa.Column("scc_module", sa.String(length=64), nullable=True),
        sa.Column("scc_date", sa.Date(), nullable=True),
        sa.Column("tia_date", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id", "parent_id"],
            ["processor.organisation_id", "processor.id"],
            name=op.f("fk_processing_location_organisation_id_parent_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_processing_location")),
    )
    with op.batch_alter_table("processing_location", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_processing_location_organisation_id_parent_id_position"),
            ["organisation_id", "parent_id", "position"],
            unique=False,
        )

    op.create_table(
        "project",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=64), nullable=True),
        sa.Column("lead", sa.String(length=200), server_default="", nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("personal_data", sa.Boolean(), nullable=True),
        sa.Column("begins", sa.Date(), nullable=True),
        sa.Column("next_milestone", sa.Date(), nullable=True),
        sa.Column("milestone", sa.String(length=200), server_default="", nullable=False),
        sa.Column("funding", sa.String(length=200), server_default="", nullable=False),
        sa.Column("partners", sa.Text(), server_default="", nullable=False),
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
            name=op.f("fk_project_organisation_id_theme_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "unit_id"],
            ["unit.organisation_id", "unit.id"],
            name=op.f("fk_project_organisation_id_unit_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_project")),
    )
    with op.batch_alter_table("project", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_project_organisation_id_number"), ["organisation_id", "number"], unique=True
        )
        batch_op.create_index(
            batch_op.f("ix_project_organisation_id_sort_key_id"),
            ["organisation_id", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_project_organisation_id_stage_sort_key_id"),
            ["organisation_id", "stage", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_project_organisation_id_state_sort_key_id"),
            ["organisation_id", "state", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_project_organisation_id_theme_id"), ["organisation_id", "theme_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_project_organisation_id_unit_id"), ["organisation_id", "unit_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_project_organisation_id_unit_id_sort_key_id"),
            ["organisation_id", "unit_id", "sort_key", "id"],
            unique=False,
        )

    op.create_table(
        "sub_processor",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("company", sa.String(length=200), server_default="", nullable=False),
        sa.Column("task", sa.String(length=200), server_default="", nullable=False),
        sa.Column("country", sa.String(length=64), nullable=True),
        sa.Column("transfer_basis", sa.String(length=64), nullable=True),
        sa.Column("dpf_checked", sa.Date(), nullable=True),
        sa.Column("dpf_until", sa.Date(), nullable=True),
        sa.Column("scc_module", sa.String(length=64), nullable=True),
        sa.Column("scc_date", sa.Date(), nullable=True),
        sa.Column("tia_date", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id", "parent_id"],
            ["processor.organisation_id", "processor.id"],
            name=op.f("fk_sub_processor_organisation_id_parent_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_sub_processor")),
    )
    with op.batch_alter_table("sub_processor", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sub_processor_organisation_id_parent_id_position"),
            ["organisation_id", "parent_id", "position"],
            unique=False,
        )

    op.create_table(
        "target_object",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=True),
        sa.Column("status", sa.String(length=64), nullable=True),
        sa.Column("count", sa.Integer(), nullable=True),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("platform", sa.String(length=200), server_default="", nullable=False),
        sa.Column("location", sa.String(length=200), server_default="", nullable=False),
        sa.Column("owner", sa.String(length=200), server_default="", nullable=False),
        sa.Column("administrators", sa.String(length=200), server_default="", nullable=False),
        sa.Column("users", sa.String(length=200), server_default="", nullable=False),
        sa.Column("personal_data", sa.Boolean(), nullable=True),
        sa.Column("confidentiality", sa.String(length=64), nullable=True),
        sa.Column("integrity", sa.String(length=64), nullable=True),
        sa.Column("availability", sa.String(length=64), nullable=True),
        sa.Column("need_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("provider_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=64), server_default="DRAFT", nullable=False),
        sa.Column("gaps", sa.Integer(), server_default="0", nullable=False),
        sa.Column("sort_key", sa.String(length=200), server_default="", nullable=False),
        sa.Column("search", sa.Text(), server_default="", nullable=False),
        sa.Column("released_hash", sa.String(length=64), server_default="", nullable=False),
        sa.Column("released_version", sa.Integer(), nullable=True),
        sa.Column("changed_since_release", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("name", sa.String(length=200), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "provider_id"],
            ["processor.organisation_id", "processor.id"],
            name=op.f("fk_target_object_organisation_id_provider_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "unit_id"],
            ["unit.organisation_id", "unit.id"],
            name=op.f("fk_target_object_organisation_id_unit_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_target_object")),
    )
    with op.batch_alter_table("target_object", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_target_object_organisation_id_kind_sort_key_id"),
            ["organisation_id", "kind", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_target_object_organisation_id_number"), ["organisation_id", "number"], unique=True
        )
        batch_op.create_index(
            batch_op.f("ix_target_object_organisation_id_provider_id"),
            ["organisation_id", "provider_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_target_object_organisation_id_sort_key_id"),
            ["organisation_id", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_target_object_organisation_id_state_sort_key_id"),
            ["organisation_id", "state", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_target_object_organisation_id_status_sort_key_id"),
            ["organisation_id", "status", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_target_object_organisation_id_unit_id"),
            ["organisation_id", "unit_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_target_object_organisation_id_unit_id_sort_key_id"),
            ["organisation_id", "unit_id", "sort_key", "id"],
            unique=False,
        )

    op.create_table(
        "assignment",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("module_id", sa.String(length=20), server_default="", nullable=False),
        sa.Column("relevant", sa.Boolean(), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("interview_on", sa.Date(), nullable=True),
        sa.Column("interviewees", sa.String(length=200), server_default="", nullable=False),
        sa.Column("recorded_by", sa.String(length=200), server_default="", nullable=False),
        sa.Column("domain_id", sa.Uuid(), nullable=True),
        sa.Column("target_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id", "domain_id"],
            ["information_domain.organisation_id", "information_domain.id"],
            name=op.f("fk_assignment_organisation_id_domain_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "target_id"],
            ["target_object.organisation_id", "target_object.id"],
            name=op.f("fk_assignment_organisation_id_target_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_assignment")),
    )
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_assignment_organisation_id_domain_id"),
            ["organisation_id", "domain_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_assignment_organisation_id_domain_id_target_id_module_id"),
            ["organisation_id", "domain_id", "target_id", "module_id"],
            unique=True,
        )
        batch_op.create_index(
            batch_op.f("ix_assignment_organisation_id_target_id"),
            ["organisation_id", "target_id"],
            unique=False,
        )
        batch_op.create_index(
            "ix_assignment_whole_domain",
            ["organisation_id", "domain_id", "module_id"],
            unique=True,
            sqlite_where=sa.text("target_id IS NULL"),
            postgresql_where=sa.text("target_id IS NULL"),
        )

    op.create_table(
        "council_paper",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("reference_number", sa.String(length=60), server_default="", nullable=False),
        sa.Column("subject", sa.String(length=200), server_default="", nullable=False),
        sa.Column("committee", sa.String(length=200), server_default="", nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id", "parent_id"],
            ["project.organisation_id", "project.id"],
            name=op.f("fk_council_paper_organisation_id_parent_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_council_paper")),
    )
    with op.batch_alter_table("council_paper", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_council_paper_organisation_id_parent_id_position"),
            ["organisation_id", "parent_id", "position"],
            unique=False,
        )

    op.create_table(
        "dpia",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("occasion", sa.Text(), server_default="", nullable=False),
        sa.Column("team", sa.String(length=200), server_default="", nullable=False),
        sa.Column("finish_by", sa.Date(), nullable=True),
        sa.Column("next_review", sa.Date(), nullable=True),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("purposes", sa.Text(), server_default="", nullable=False),
        sa.Column("data", sa.Text(), server_default="", nullable=False),
        sa.Column("data_flows", sa.Text(), server_default="", nullable=False),
        sa.Column("assets", sa.Text(), server_default="", nullable=False),
        sa.Column("codes_of_conduct", sa.Text(), server_default="", nullable=False),
        sa.Column("lawfulness", sa.Text(), server_default="", nullable=False),
        sa.Column("necessity", sa.Text(), server_default="", nullable=False),
        sa.Column("minimisation", sa.Text(), server_default="", nullable=False),
        sa.Column("storage_limitation", sa.Text(), server_default="", nullable=False),
        sa.Column("rights", sa.Text(), server_default="", nullable=False),
        sa.Column("processors", sa.Text(), server_default="", nullable=False),
        sa.Column("existing_measures", sa.Text(), server_default="", nullable=False),
        sa.Column("views", sa.String(length=64), nullable=True),
        sa.Column("views_text", sa.Text(), server_default="", nullable=False),
        sa.Column("isb_involved", sa.Boolean(), nullable=True),
        sa.Column("isb_text", sa.Text(), server_default="", nullable=False),
        sa.Column("staff_council", sa.Boolean(), nullable=True),
        sa.Column("staff_council_text", sa.Text(), server_default="", nullable=False),
        sa.Column("consulted_on", sa.Date(), nullable=True),
        sa.Column("consultation_result", sa.Text(), server_default="", nullable=False),
        sa.Column("decision", sa.String(length=64), nullable=True),
        sa.Column("decision_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("conditions", sa.Text(), server_default="", nullable=False),
        sa.Column("conditions_due", sa.Date(), nullable=True),
        sa.Column("deviation_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("decided_risk", sa.String(length=64), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decided_by", sa.String(length=200), server_default="", nullable=False),
        sa.Column("decided_version", sa.Integer(), nullable=True),
        sa.Column("last_risk", sa.Integer(), server_default="0", nullable=False),
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
            name=op.f("fk_dpia_organisation_id_project_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "unit_id"],
            ["unit.organisation_id", "unit.id"],
            name=op.f("fk_dpia_organisation_id_unit_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_dpia")),
    )
    with op.batch_alter_table("dpia", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_dpia_organisation_id_decision_sort_key_id"),
            ["organisation_id", "decision", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_dpia_organisation_id_number"), ["organisation_id", "number"], unique=True
        )
        batch_op.create_index(
            batch_op.f("ix_dpia_organisation_id_project_id"), ["organisation_id", "project_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_dpia_organisation_id_sort_key_id"),
            ["organisation_id", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_dpia_organisation_id_state_sort_key_id"),
            ["organisation_id", "state", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_dpia_organisation_id_unit_id"), ["organisation_id", "unit_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_dpia_organisation_id_unit_id_sort_key_id"),
            ["organisation_id", "unit_id", "sort_key", "id"],
            unique=False,
        )

    op.create_table(
        "information_domain_objects",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "source_id"],
            ["information_domain.organisation_id", "information_domain.id"],
            name=op.f("fk_information_domain_objects_organisation_id_source_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "target_id"],
            ["target_object.organisation_id", "target_object.id"],
            name=op.f("fk_information_domain_objects_organisation_id_target_id"),
        ),
        sa.PrimaryKeyConstraint(
            "organisation_id", "source_id", "target_id", name=op.f("pk_information_domain_objects")
        ),
    )
    with op.batch_alter_table("information_domain_objects", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_information_domain_objects_organisation_id_target_id"),
            ["organisation_id", "target_id"],
            unique=False,
        )

    op.create_table(
        "processing_activity",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=64), nullable=True),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("contact", sa.String(length=200), server_default="", nullable=False),
        sa.Column("regime", sa.String(length=64), nullable=True),
        sa.Column("service_key", sa.String(length=60), server_default="", nullable=False),
        sa.Column("file_plan", sa.String(length=60), server_default="", nullable=False),
        sa.Column("consent", sa.Text(), server_default="", nullable=False),
        sa.Column("online_service_for_children", sa.Boolean(), nullable=True),
        sa.Column("parental_consent", sa.Text(), server_default="", nullable=False),
        sa.Column("change_of_purpose", sa.Boolean(), nullable=True),
        sa.Column("change_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("secrecy", sa.Text(), server_default="", nullable=False),
        sa.Column("subjects", sa.Text(), server_default="", nullable=False),
        sa.Column("other_subjects", sa.String(length=200), server_default="", nullable=False),
        sa.Column("scale", sa.String(length=64), nullable=True),
        sa.Column("sources", sa.Text(), server_default="", nullable=False),
        sa.Column("no_recipients", sa.Boolean(), nullable=True),
        sa.Column("third_country", sa.Boolean(), nullable=True),
        sa.Column("transfer_note", sa.Text(), server_default="", nullable=False),
        sa.Column("erasure", sa.Text(), server_default="", nullable=False),
        sa.Column("erasure_concept", sa.String(length=200), server_default="", nullable=False),
        sa.Column("backup_period", sa.String(length=12), nullable=True),
        sa.Column("measures", sa.Text(), server_default="", nullable=False),
        sa.Column("security_concept", sa.String(length=200), server_default="", nullable=False),
        sa.Column("access_concept", sa.Boolean(), nullable=True),
        sa.Column("risk", sa.String(length=64), nullable=True),
        sa.Column("video", sa.Boolean(), nullable=True),
        sa.Column("automated_decision", sa.Boolean(), nullable=True),
        sa.Column("profiling", sa.Boolean(), nullable=True),
        sa.Column("ai", sa.Boolean(), nullable=True),
        sa.Column("ai_class", sa.String(length=64), nullable=True),
        sa.Column("automation_level", sa.String(length=64), nullable=True),
        sa.Column("notice", sa.String(length=64), nullable=True),
        sa.Column("notice_link", sa.String(length=200), server_default="", nullable=False),
        sa.Column("staff_council", sa.Boolean(), nullable=True),
        sa.Column("review_cycle", sa.String(length=12), nullable=True),
        sa.Column("next_review", sa.Date(), nullable=True),
        sa.Column("public", sa.Boolean(), nullable=True),
        sa.Column("notes", sa.Text(), server_default="", nullable=False),
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
            name=op.f("fk_processing_activity_organisation_id_project_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "unit_id"],
            ["unit.organisation_id", "unit.id"],
            name=op.f("fk_processing_activity_organisation_id_unit_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_processing_activity")),
    )
    with op.batch_alter_table("processing_activity", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_processing_activity_organisation_id_number"),
            ["organisation_id", "number"],
            unique=True,
        )
        batch_op.create_index(
            batch_op.f("ix_processing_activity_organisation_id_project_id"),
            ["organisation_id", "project_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_processing_activity_organisation_id_risk_sort_key_id"),
            ["organisation_id", "risk", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_processing_activity_organisation_id_sort_key_id"),
            ["organisation_id", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_processing_activity_organisation_id_stage_sort_key_id"),
            ["organisation_id", "stage", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_processing_activity_organisation_id_state_sort_key_id"),
            ["organisation_id", "state", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_processing_activity_organisation_id_unit_id"),
            ["organisation_id", "unit_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_processing_activity_organisation_id_unit_id_sort_key_id"),
            ["organisation_id", "unit_id", "sort_key", "id"],
            unique=False,
        )

    op.create_table(
        "target_object_depends_on",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "source_id"],
            ["target_object.organisation_id", "target_object.id"],
            name=op.f("fk_target_object_depends_on_organisation_id_source_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "target_id"],
            ["target_object.organisation_id", "target_object.id"],
            name=op.f("fk_target_object_depends_on_organisation_id_target_id"),
        ),
        sa.PrimaryKeyConstraint(
            "organisation_id", "source_id", "target_id", name=op.f("pk_target_object_depends_on")
        ),
    )
    with op.batch_alter_table("target_object_depends_on", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_target_object_depends_on_organisation_id_target_id"),
            ["organisation_id", "target_id"],
            unique=False,
        )

    op.create_table(
        "data_category",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=200), server_default="", nullable=False),
        sa.Column("special", sa.Boolean(), nullable=True),
        sa.Column("exception", sa.String(length=64), nullable=True),
        sa.Column("exception_norm", sa.String(length=200), server_default="", nullable=False),
        sa.Column("criminal", sa.Boolean(), nullable=True),
        sa.Column("criminal_norm", sa.String(length=200), server_default="", nullable=False),
        sa.Column("period", sa.String(length=12), nullable=True),
        sa.Column("start_type", sa.String(length=64), nullable=True),
        sa.Column("start_event", sa.String(length=200), server_default="", nullable=False),
        sa.Column("end_of_year", sa.Boolean(), nullable=True),
        sa.Column("period_norm", sa.String(length=200), server_default="", nullable=False),
        sa.Column("criteria", sa.String(length=200), server_default="", nullable=False),
        sa.Column("archive", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id", "parent_id"],
            ["processing_activity.organisation_id", "processing_activity.id"],
            name=op.f("fk_data_category_organisation_id_parent_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_data_category")),
    )
    with op.batch_alter_table("data_category", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_data_category_organisation_id_parent_id_position"),
            ["organisation_id", "parent_id", "position"],
            unique=False,
        )

    op.create_table(
        "dpia_activities",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "source_id"],
            ["dpia.organisation_id", "dpia.id"],
            name=op.f("fk_dpia_activities_organisation_id_source_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "target_id"],
            ["processing_activity.organisation_id", "processing_activity.id"],
            name=op.f("fk_dpia_activities_organisation_id_target_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "source_id", "target_id", name=op.f("pk_dpia_activities")),
    )
    with op.batch_alter_table("dpia_activities", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_dpia_activities_organisation_id_target_id"),
            ["organisation_id", "target_id"],
            unique=False,
        )

    op.create_table(
        "dpia_measure",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), server_default="", nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("risks", sa.String(length=120), server_default="", nullable=False),
        sa.Column("owner", sa.String(length=200), server_default="", nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=64), nullable=True),
        sa.Column("evidence", sa.String(length=200), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "parent_id"],
            ["dpia.organisation_id", "dpia.id"],
            name=op.f("fk_dpia_measure_organisation_id_parent_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_dpia_measure")),
    )
    with op.batch_alter_table("dpia_measure", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_dpia_measure_organisation_id_parent_id_position"),
            ["organisation_id", "parent_id", "position"],
            unique=False,
        )

    op.create_table(
        "dpia_risk",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=12), server_default="", nullable=False),
        sa.Column("title", sa.String(length=200), server_default="", nullable=False),
        sa.Column("source", sa.String(length=64), nullable=True),
        sa.Column("event", sa.Text(), server_default="", nullable=False),
        sa.Column("affected", sa.String(length=200), server_default="", nullable=False),
        sa.Column("damages", sa.Text(), server_default="", nullable=False),
        sa.Column("consequence", sa.Text(), server_default="", nullable=False),
        sa.Column("goals", sa.Text(), server_default="", nullable=False),
        sa.Column("severity_before", sa.String(length=64), nullable=True),
        sa.Column("likelihood_before", sa.String(length=64), nullable=True),
        sa.Column("reason_before", sa.Text(), server_default="", nullable=False),
        sa.Column("severity_planned", sa.String(length=64), nullable=True),
        sa.Column("likelihood_planned", sa.String(length=64), nullable=True),
        sa.Column("severity_today", sa.String(length=64), nullable=True),
        sa.Column("likelihood_today", sa.String(length=64), nullable=True),
        sa.Column("reason_after", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "parent_id"],
            ["dpia.organisation_id", "dpia.id"],
            name=op.f("fk_dpia_risk_organisation_id_parent_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_dpia_risk")),
    )
    with op.batch_alter_table("dpia_risk", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_dpia_risk_organisation_id_parent_id_position"),
            ["organisation_id", "parent_id", "position"],
            unique=False,
        )

    op.create_table(
        "joint_controller",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=200), server_default="", nullable=False),
        sa.Column("arrangement", sa.String(length=200), server_default="", nullable=False),
        sa.Column("arranged_on", sa.Date(), nullable=True),
        sa.Column("contact_point", sa.String(length=200), server_default="", nullable=False),
        sa.Column("essence_available", sa.Boolean(), nullable=True),
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

    op.create_table(
        "processing_activity_objects",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "source_id"],
            ["processing_activity.organisation_id", "processing_activity.id"],
            name=op.f("fk_processing_activity_objects_organisation_id_source_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "target_id"],
            ["target_object.organisation_id", "target_object.id"],
            name=op.f("fk_processing_activity_objects_organisation_id_target_id"),
        ),
        sa.PrimaryKeyConstraint(
            "organisation_id", "source_id", "target_id", name=op.f("pk_processing_activity_objects")
        ),
    )
    with op.batch_alter_table("processing_activity_objects", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_processing_activity_objects_organisation_id_target_id"),
            ["organisation_id", "target_id"],
            unique=False,
        )

    op.create_table(
        "processing_activity_processors",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "source_id"],
            ["processing_activity.organisation_id", "processing_activity.id"],
            name=op.f("fk_processing_activity_processors_organisation_id_source_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "target_id"],
            ["processor.organisation_id", "processor.id"],
            name=op.f("fk_processing_activity_processors_organisation_id_target_id"),
        ),
        sa.PrimaryKeyConstraint(
            "organisation_id", "source_id", "target_id", name=op.f("pk_processing_activity_processors")
        ),
    )
    with op.batch_alter_table("processing_activity_processors", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_processing_activity_processors_organisation_id_target_id"),
            ["organisation_id", "target_id"],
            unique=False,
        )

    op.create_table(
        "purpose",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("legal_basis", sa.String(length=64), nullable=True),
        sa.Column("norm", sa.String(length=500), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "parent_id"],
            ["processing_activity.organisation_id", "processing_activity.id"],
            name=op.f("fk_purpose_organisation_id_parent_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_purpose")),
    )
    with op.batch_alter_table("purpose", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_purpose_organisation_id_parent_id_position"),
            ["organisation_id", "parent_id", "position"],
            unique=False,
        )

    op.create_table(
        "recipient",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=500), server_default="", nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=True),
        sa.Column("reason", sa.String(length=200), server_default="", nullable=False),
        sa.Column("country", sa.String(length=64), nullable=True),
        sa.Column("transfer_basis", sa.String(length=64), nullable=True),
        sa.Column("dpf_checked", sa.Date(), nullable=True),
        sa.Column("dpf_until", sa.Date(), nullable=True),
        sa.Column("scc_module", sa.String(length=64), nullable=True),
        sa.Column("scc_date", sa.Date(), nullable=True),
        sa.Column("tia_date", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id", "parent_id"],
            ["processing_activity.organisation_id", "processing_activity.id"],
            name=op.f("fk_recipient_organisation_id_parent_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_recipient")),
    )
    with op.batch_alter_table("recipient", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_recipient_organisation_id_parent_id_position"),
            ["organisation_id", "parent_id", "position"],
            unique=False,
        )

    op.create_table(
        "requirement_answer",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("requirement_id", sa.String(length=20), server_default="", nullable=False),
        sa.Column("adopted", sa.Boolean(), nullable=True),
        sa.Column("status", sa.String(length=64), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("measure", sa.Text(), server_default="", nullable=False),
        sa.Column("responsible", sa.String(length=200), server_default="", nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("remark", sa.Text(), server_default="", nullable=False),
        sa.Column("evidence", sa.String(length=500), server_default="", nullable=False),
        sa.Column("met_by", sa.String(length=64), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("domain_id", sa.Uuid(), nullable=True),
        sa.Column("assignment_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id", "assignment_id"],
            ["assignment.organisation_id", "assignment.id"],
            name=op.f("fk_requirement_answer_organisation_id_assignment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "domain_id"],
            ["information_domain.organisation_id", "information_domain.id"],
            name=op.f("fk_requirement_answer_organisation_id_domain_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_requirement_answer")),
    )
    with op.batch_alter_table("requirement_answer", schema=None) as batch_op:
        batch_op.create_index(
            "ix_requirement_answer_once", ["organisation_id", "assignment_id", "requirement_id"], unique=True
        )
        batch_op.create_index(
            batch_op.f("ix_requirement_answer_organisation_id_assignment_id"),
            ["organisation_id", "assignment_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_requirement_answer_organisation_id_domain_id"),
            ["organisation_id", "domain_id"],
            unique=False,
        )

    op.create_table(
        "taken_over",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("statement", sa.String(length=64), server_default="", nullable=False),
        sa.Column("source", sa.String(length=200), server_default="", nullable=False),
        sa.Column("fingerprint", sa.String(length=64), server_default="", nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id", "parent_id"],
            ["dpia.organisation_id", "dpia.id"],
            name=op.f("fk_taken_over_organisation_id_parent_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_taken_over")),
    )
    with op.batch_alter_table("taken_over", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_taken_over_organisation_id_parent_id_position"),
            ["organisation_id", "parent_id", "position"],
            unique=False,
        )

    op.create_table(
        "threshold_analysis",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("result", sa.String(length=64), nullable=True),
        sa.Column("personal_data", sa.Boolean(), nullable=True),
        sa.Column("anonymity", sa.Text(), server_default="", nullable=False),
        sa.Column("reidentifiable", sa.Boolean(), nullable=True),
        sa.Column("done_by_law", sa.Boolean(), nullable=True),
        sa.Column("done_by_law_source", sa.String(length=200), server_default="", nullable=False),
        sa.Column("covered_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("listed_case", sa.Boolean(), nullable=True),
        sa.Column("list_entries", sa.Text(), server_default="", nullable=False),
        sa.Column("extensive_evaluation", sa.Boolean(), nullable=True),
        sa.Column("extensive_sensitive_data", sa.Boolean(), nullable=True),
        sa.Column("public_monitoring", sa.Boolean(), nullable=True),
        sa.Column("evaluation", sa.Boolean(), nullable=True),
        sa.Column("automated_decision", sa.Boolean(), nullable=True),
        sa.Column("monitoring", sa.Boolean(), nullable=True),
        sa.Column("sensitive", sa.Boolean(), nullable=True),
        sa.Column("large_scale", sa.Boolean(), nullable=True),
        sa.Column("matching", sa.Boolean(), nullable=True),
        sa.Column("vulnerable", sa.Boolean(), nullable=True),
        sa.Column("innovative", sa.Boolean(), nullable=True),
        sa.Column("blocks_right", sa.Boolean(), nullable=True),
        sa.Column("rough_risk", sa.String(length=64), nullable=True),
        sa.Column("high_risk", sa.Boolean(), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("voluntary", sa.Boolean(), nullable=True),
        sa.Column("recheck", sa.Date(), nullable=True),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("activity_id", sa.Uuid(), nullable=True),
        sa.Column("covered_by_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=64), server_default="DRAFT", nullable=False),
        sa.Column("gaps", sa.Integer(), server_default="0", nullable=False),
        sa.Column("sort_key", sa.String(length=200), server_default="", nullable=False),
        sa.Column("search", sa.Text(), server_default="", nullable=False),
        sa.Column("released_hash", sa.String(length=64), server_default="", nullable=False),
        sa.Column("released_version", sa.Integer(), nullable=True),
        sa.Column("changed_since_release", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("name", sa.String(length=200), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "activity_id"],
            ["processing_activity.organisation_id", "processing_activity.id"],
            name=op.f("fk_threshold_analysis_organisation_id_activity_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "covered_by_id"],
            ["dpia.organisation_id", "dpia.id"],
            name=op.f("fk_threshold_analysis_organisation_id_covered_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "unit_id"],
            ["unit.organisation_id", "unit.id"],
            name=op.f("fk_threshold_analysis_organisation_id_unit_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_threshold_analysis")),
    )
    with op.batch_alter_table("threshold_analysis", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_threshold_analysis_organisation_id_activity_id"),
            ["organisation_id", "activity_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_threshold_analysis_organisation_id_covered_by_id"),
            ["organisation_id", "covered_by_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_threshold_analysis_organisation_id_number"),
            ["organisation_id", "number"],
            unique=True,
        )
        batch_op.create_index(
            batch_op.f("ix_threshold_analysis_organisation_id_result_sort_key_id"),
            ["organisation_id", "result", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_threshold_analysis_organisation_id_sort_key_id"),
            ["organisation_id", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_threshold_analysis_organisation_id_state_sort_key_id"),
            ["organisation_id", "state", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_threshold_analysis_organisation_id_unit_id"),
            ["organisation_id", "unit_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_threshold_analysis_organisation_id_unit_id_sort_key_id"),
            ["organisation_id", "unit_id", "sort_key", "id"],
            unique=False,
        )

    for table in WALLED:
        wall(table)


def downgrade() -> None:
    with op.batch_alter_table("threshold_analysis", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_threshold_analysis_organisation_id_unit_id_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_threshold_analysis_organisation_id_unit_id"))
        batch_op.drop_index(batch_op.f("ix_threshold_analysis_organisation_id_state_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_threshold_analysis_organisation_id_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_threshold_analysis_organisation_id_result_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_threshold_analysis_organisation_id_number"))
        batch_op.drop_index(batch_op.f("ix_threshold_analysis_organisation_id_covered_by_id"))
        batch_op.drop_index(batch_op.f("ix_threshold_analysis_organisation_id_activity_id"))

    op.drop_table("threshold_analysis")
    with op.batch_alter_table("taken_over", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_taken_over_organisation_id_parent_id_position"))

    op.drop_table("taken_over")
    with op.batch_alter_table("requirement_answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_requirement_answer_organisation_id_domain_id"))
        batch_op.drop_index(batch_op.f("ix_requirement_answer_organisation_id_assignment_id"))
        batch_op.drop_index("ix_requirement_answer_once")

    op.drop_table("requirement_answer")
    with op.batch_alter_table("recipient", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recipient_organisation_id_parent_id_position"))

    op.drop_table("recipient")
    with op.batch_alter_table("purpose", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_purpose_organisation_id_parent_id_position"))

    op.drop_table("purpose")
    with op.batch_alter_table("processing_activity_processors", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_processing_activity_processors_organisation_id_target_id"))

    op.drop_table("processing_activity_processors")
    with op.batch_alter_table("processing_activity_objects", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_processing_activity_objects_organisation_id_target_id"))

    op.drop_table("processing_activity_objects")
    with op.batch_alter_table("joint_controller", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_joint_controller_organisation_id_parent_id_position"))

    op.drop_table("joint_controller")
    with op.batch_alter_table("dpia_risk", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dpia_risk_organisation_id_parent_id_position"))

    op.drop_table("dpia_risk")
    with op.batch_alter_table("dpia_measure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dpia_measure_organisation_id_parent_id_position"))

    op.drop_table("dpia_measure")
    with op.batch_alter_table("dpia_activities", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dpia_activities_organisation_id_target_id"))

    op.drop_table("dpia_activities")
    with op.batch_alter_table("data_category", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_data_category_organisation_id_parent_id_position"))

    op.drop_table("data_category")
    with op.batch_alter_table("target_object_depends_on", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_target_object_depends_on_organisation_id_target_id"))

    op.drop_table("target_object_depends_on")
    with op.batch_alter_table("processing_activity", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_processing_activity_organisation_id_unit_id_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_processing_activity_organisation_id_unit_id"))
        batch_op.drop_index(batch_op.f("ix_processing_activity_organisation_id_state_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_processing_activity_organisation_id_stage_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_processing_activity_organisation_id_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_processing_activity_organisation_id_risk_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_processing_activity_organisation_id_project_id"))
        batch_op.drop_index(batch_op.f("ix_processing_activity_organisation_id_number"))

    op.drop_table("processing_activity")
    with op.batch_alter_table("information_domain_objects", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_information_domain_objects_organisation_id_target_id"))

    op.drop_table("information_domain_objects")
    with op.batch_alter_table("dpia", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dpia_organisation_id_unit_id_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_dpia_organisation_id_unit_id"))
        batch_op.drop_index(batch_op.f("ix_dpia_organisation_id_state_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_dpia_organisation_id_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_dpia_organisation_id_project_id"))
        batch_op.drop_index(batch_op.f("ix_dpia_organisation_id_number"))
        batch_op.drop_index(batch_op.f("ix_dpia_organisation_id_decision_sort_key_id"))

    op.drop_table("dpia")
    with op.batch_alter_table("council_paper", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_council_paper_organisation_id_parent_id_position"))

    op.drop_table("council_paper")
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_assignment_whole_domain",
            sqlite_where=sa.text("target_id IS NULL"),
            postgresql_where=sa.text("target_id IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_assignment_organisation_id_target_id"))
        batch_op.drop_index(batch_op.f("ix_assignment_organisation_id_domain_id_target_id_module_id"))
        batch_op.drop_index(batch_op.f("ix_assignment_organisation_id_domain_id"))

    op.drop_table("assignment")
    with op.batch_alter_table("target_object", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_target_object_organisation_id_unit_id_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_target_object_organisation_id_unit_id"))
        batch_op.drop_index(batch_op.f("ix_target_object_organisation_id_status_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_target_object_organisation_id_state_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_target_object_organisation_id_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_target_object_organisation_id_provider_id"))
        batch_op.drop_index(batch_op.f("ix_target_object_organisation_id_number"))
        batch_op.drop_index(batch_op.f("ix_target_object_organisation_id_kind_sort_key_id"))

    op.drop_table("target_object")
    with op.batch_alter_table("sub_processor", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sub_processor_organisation_id_parent_id_position"))

    op.drop_table("sub_processor")
    with op.batch_alter_table("project", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_project_organisation_id_unit_id_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_project_organisation_id_unit_id"))
        batch_op.drop_index(batch_op.f("ix_project_organisation_id_theme_id"))
        batch_op.drop_index(batch_op.f("ix_project_organisation_id_state_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_project_organisation_id_stage_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_project_organisation_id_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_project_organisation_id_number"))

    op.drop_table("project")
    with op.batch_alter_table("processing_location", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_processing_location_organisation_id_parent_id_position"))

    op.drop_table("processing_location")
    with op.batch_alter_table("information_domain_providers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_information_domain_providers_organisation_id_target_id"))

    op.drop_table("information_domain_providers")
    with op.batch_alter_table("theme", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_theme_organisation_id_unit_id_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_theme_organisation_id_unit_id"))
        batch_op.drop_index(batch_op.f("ix_theme_organisation_id_state_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_theme_organisation_id_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_theme_organisation_id_number"))

    op.drop_table("theme")
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_person_id"))

    op.drop_table("sign_in")
    with op.batch_alter_table("processor", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_processor_organisation_id_unit_id_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_processor_organisation_id_unit_id"))
        batch_op.drop_index(batch_op.f("ix_processor_organisation_id_state_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_processor_organisation_id_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_processor_organisation_id_number"))
        batch_op.drop_index(batch_op.f("ix_processor_organisation_id_country_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_processor_organisation_id_contract_state_sort_key_id"))

    op.drop_table("processor")
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_membership_person_id"))
        batch_op.drop_index(batch_op.f("ix_membership_organisation_id"))

    op.drop_table("membership")
    with op.batch_alter_table("information_domain", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_information_domain_organisation_id_unit_id_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_information_domain_organisation_id_unit_id"))
        batch_op.drop_index(batch_op.f("ix_information_domain_organisation_id_state_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_information_domain_organisation_id_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_information_domain_organisation_id_number"))
        batch_op.drop_index(batch_op.f("ix_information_domain_organisation_id_approach_sort_key_id"))

    op.drop_table("information_domain")
    with op.batch_alter_table("authority", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_authority_organisation_id_unit_id_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_authority_organisation_id_unit_id"))
        batch_op.drop_index(batch_op.f("ix_authority_organisation_id_state_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_authority_organisation_id_sort_key_id"))
        batch_op.drop_index(batch_op.f("ix_authority_organisation_id_number"))

    op.drop_table("authority")
    op.drop_table("upload")
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_unit_organisation_id_parent_id"))

    op.drop_table("unit")
    with op.batch_alter_table("sign_in_attempt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_attempt_email"))

    op.drop_table("sign_in_attempt")
    with op.batch_alter_table("risk_matrix_setting", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_risk_matrix_setting_organisation_id"))

    op.drop_table("risk_matrix_setting")
    op.drop_table("requirement_text")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_email"))

    op.drop_table("person")
    op.drop_table("organisation")
    with op.batch_alter_table("opinion", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_opinion_organisation_id_entry_id"))

    op.drop_table("opinion")
    op.drop_table("module_text")
    op.drop_table("journal_head")
    with op.batch_alter_table("journal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_journal_organisation_id_record_id_seq"))

    op.drop_table("journal")
    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_finding_organisation_id_quiet_rule_unit_id"))
        batch_op.drop_index(batch_op.f("ix_finding_organisation_id_entry_id_severity"))

    op.drop_table("finding")
    op.drop_table("draft")
    op.drop_table("counter")
    with op.batch_alter_table("catalogue_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_catalogue_file_edition"))

    op.drop_table("catalogue_file")
