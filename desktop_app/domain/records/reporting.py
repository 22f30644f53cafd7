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
PLATFORM_CHANGE = declare(
    110,
    "platform_change",
    """
    1 change: epoch, public_key, former_key, lost
    """,
)
"""A platform that began anew or was restored, as an administrator confirmed; ``sync.reporting`` reads ``lost``."""

DUPLICATE_TRAINING = declare(
    111,
    "duplicate_training",
    """
    1 finding: cause, first_on, last_on, institutions, trade, level
    """,
    key=(KeyPart("class_id"), KeyPart("trainee_id")),
    parents={"class_id": "training_class", "trainee_id": "trainee"},
)
"""What the platform says of an enrolment whose person is elsewhere too; no ``cause``: no longer."""
