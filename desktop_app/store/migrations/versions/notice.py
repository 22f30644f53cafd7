"""notice."""

from __future__ import annotations

revision = "notice"
down_revision = "search_terms"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""
