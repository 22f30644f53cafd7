"""Evidence of claims: lists, files and what has arrived of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "evidence"
down_revision = "claim_trail"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""
    text = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    op.create_table(
        "evidence_list",
        sa.Column("institution_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("subject", text, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("institution_id", "subject", name="pk_evidence_list"),
    )
    op.create_table(
        "evidence_file",
        sa.Column("institution_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("institution_id", "name", name="pk_evidence_file"),
    )
    op.create_table(
        "evidence_part",
        sa.Column("institution_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("start", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("institution_id", "name", "start", name="pk_evidence_part"),
    )
