"""search_terms: what lists and the search show, kept apart from the records that it derives from.

``schema.upgrade`` fills the tables after the last migration.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "search_terms"
down_revision = "first_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""
    op.drop_table("trainee_search")
    op.create_table(
        "trainee_list",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("trainee_id", sa.LargeBinary(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("document_type", sa.String(), nullable=True),
        sa.Column("document", sa.String(), nullable=True),
        sa.Column("sex", sa.String(), nullable=True),
        sa.Column("birth", sa.String(), nullable=True),
        sa.Column("ethnicity", sa.String(), nullable=True),
        sa.Column("education", sa.String(), nullable=True),
        sa.Column("studying", sa.Integer(), nullable=False),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("classes", sa.String(), nullable=True),
        sa.Column("category", sa.String(), nullable=True),
        sa.Column("key_group", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("name", "trainee_id", name=op.f("pk_trainee_list")),
        sa.UniqueConstraint("number", name=op.f("uq_trainee_list_number")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("trainee_list", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_trainee_list_name"), ["name"], unique=False)
        batch_op.create_index(batch_op.f("ix_trainee_list_trainee_id"), ["trainee_id"], unique=False)
        for column in ("category", "classes", "birth"):
            batch_op.create_index(
                batch_op.f(f"ix_trainee_list_{column}_name"), [column, "name"], unique=False
            )
    op.execute(
        "CREATE VIRTUAL TABLE trainee_term USING"
        " fts5(terms, content='', contentless_delete=1, tokenize='ascii', detail='full', prefix='4')"
    )
    op.create_table(
        "session_tally",
        sa.Column("session_id", sa.LargeBinary(), nullable=False),
        sa.Column("class_id", sa.LargeBinary(), nullable=False),
        sa.Column("held_on", sa.String(), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("counts", sa.Integer(), nullable=False),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.Column("marked", sa.Integer(), nullable=False),
        sa.Column("attended", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_session_tally")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("session_tally", schema=None) as batch_op:
        batch_op.create_index(
            "ix_session_tally_days",
            ["held_on", "class_id", "counts", "members", "marked", "attended"],
            unique=False,
        )
        batch_op.create_index(
            "ix_session_tally_unmarked",
            ["held_on", "class_id"],
            unique=False,
            sqlite_where=sa.text("counts = 1 AND marked < members"),
        )
        batch_op.create_index(batch_op.f("ix_session_tally_class_id"), ["class_id"], unique=False)
    op.create_table(
        "class_tally",
        sa.Column("class_id", sa.LargeBinary(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("sessions", sa.Integer(), nullable=False),
        sa.Column("complete", sa.Integer(), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("class_id", name=op.f("pk_class_tally")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "assessment_tally",
        sa.Column("assessment_id", sa.LargeBinary(), nullable=False),
        sa.Column("scored", sa.Integer(), nullable=False),
        sa.Column("waiting", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("assessment_id", name=op.f("pk_assessment_tally")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("assessment_tally", schema=None) as batch_op:
        batch_op.create_index(
            "ix_assessment_tally_waiting",
            ["assessment_id"],
            unique=False,
            sqlite_where=sa.text("waiting = 1"),
        )
    op.create_table(
        "teaching",
        sa.Column("teacher_id", sa.LargeBinary(), nullable=False),
        sa.Column("class_id", sa.LargeBinary(), nullable=False),
        sa.Column("record_id", sa.LargeBinary(), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("teacher_id", "class_id", "record_id", name=op.f("pk_teaching")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("teaching", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_teaching_record_id"), ["record_id"], unique=False)
    op.create_index("ix_undo_step_user_undone_seq", "undo_step", ["user", "undone", "seq"])
