"""Evidence files on the relay, part by part."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "relay_files"
down_revision = "relay"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""
    op.create_table(
        "relay_file",
        sa.Column("institution_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("office", sa.LargeBinary(), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("start", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("institution_id", "office", "address", "start", name=op.f("pk_relay_file")),
    )
