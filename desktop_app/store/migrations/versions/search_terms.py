"""search_terms."""

from __future__ import annotations

revision = "search_terms"
down_revision = "first_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""
