"""Trails of claims: who wrote the marks of the people claimed for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "claim_trail"
down_revision = "province"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""
    text = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    op.create_table(
        "claim_trail",
        sa.Column("institution_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("subject", text, nullable=False),
        sa.Column("device_id", sa.LargeBinary(), nullable=False),
        sa.Column("taken_at", text, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("institution_id", "subject", name="pk_claim_trail"),
    )
