"""Records of 佐证: one scan or picture each, and what it proves of whom."""

from __future__ import annotations

from desktop_app.domain.records.base import declare

ATTACHMENT = declare(
    25,
    "attachment",
    """
    1 owner: owner, owner_key
    2 kind!
    3 paper!: number, issuer, valid_until
    4 file!: digest, media_type, size, pages, file_name
    5 review: state, review_reason
    """,
)
