"""Records of the institution: itself, its 教学点, 终端, users and teachers."""

from __future__ import annotations

from desktop_app.domain.records.base import declare

INSTITUTION = declare(
    1,
    "institution",
    """
    1 profile: name, uscc, region, kind
    2 mode: solo, demo
    3 affiliation
    4 review: review_reports
    5 platform: platform_key, platform_epoch
    """,
)
SITE = declare(
    2,
    "site",
    """
    1 name
    2 place: region, address
    3 shareable*
    """,
)
DEVICE = declare(
    3,
    "device",
    """
    1 identity: name, public_key
    2 admission: admitted_by
    3 revoked
    4 proof
    """,
)
INVITATION = declare(
    22,
    "invitation",
    """
    1 terms: public_key, expires_ms, user_id
    """,
)
USER = declare(
    4,
    "user",
    """
    1 login
    2 display
    3 roles*
    4 disabled
    5 until
    """,
)
TEACHER = declare(
    5,
    "teacher",
    """
    1 name!
    2 kind: employment, qualities*
    3 user: user_id
    4 phone!
    """,
)
