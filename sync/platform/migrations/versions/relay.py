"""The relay: offices, their keys and workstations, pages and invitations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "relay"
down_revision = "evidence"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""
    op.create_table(
        "relay_device",
        sa.Column("institution_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("office", sa.LargeBinary(), nullable=False),
        sa.Column("device", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("revoked", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("institution_id", "office", "device", name=op.f("pk_relay_device")),
    )
    op.create_table(
        "relay_invitation",
        sa.Column("institution_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("lookup", sa.LargeBinary(), nullable=False),
        sa.Column("office", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("accepted_by", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("institution_id", "lookup", name=op.f("pk_relay_invitation")),
    )
    op.create_table(
        "relay_key",
        sa.Column("institution_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("office", sa.LargeBinary(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("office_key", sa.LargeBinary(), nullable=False),
        sa.Column("former", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("institution_id", "office", "key", name=op.f("pk_relay_key")),
    )
    op.create_table(
        "relay_office",
        sa.Column("institution_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("office", sa.LargeBinary(), nullable=False),
        sa.Column("epoch", sa.LargeBinary(), nullable=False),
        sa.Column("newest", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("heads", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("institution_id", "office", name=op.f("pk_relay_office")),
    )
    op.create_table(
        "relay_page",
        sa.Column("institution_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("office", sa.LargeBinary(), nullable=False),
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("page", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("institution_id", "office", "number", name=op.f("pk_relay_page")),
    )
    name = op.f("ix_relay_page_institution_id_office_page")
    op.create_index(name, "relay_page", ["institution_id", "office", "page"], unique=True)
