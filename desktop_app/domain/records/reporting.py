"""Records of 批次 and the pages of the platform."""

from __future__ import annotations

from desktop_app.domain.records.base import KeyPart, declare

BATCH = declare(
    16,
    "batch",
    """
    1 manifest: manifest, signature
    2 dissolved
    """,
)
BATCH_PAGE = declare(
    17,
    "batch_page",
    """
    1 body!
    """,
    key=(KeyPart("batch_id"), KeyPart("page", 2)),
    parents={"batch_id": "batch"},
)
PLATFORM_PAGE = declare(
    18,
    "platform_page",
    """
    1 page: stream, version, body
    """,
)
REPORT_REVIEW = declare(
    70,
    "report_review",
    """
    1 review: kind, subject, digest, decision, reason
    """,
)
