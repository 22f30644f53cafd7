"""Records of 班级, their 开班 and the sessions that several of them hold together."""

from __future__ import annotations

from desktop_app.domain.records.base import KeyPart, declare

TRAINING_CLASS = declare(
    7,
    "training_class",
    """
    1 code
    2 project: project_id, catalogue_version
    3 dates: start_on, end_on
    4 advisers*
    5 state
    6 place: site_id, place
    7 organisation
    8 state_on
    9 completed_on
    """,
)
CLASS_OPENING = declare(
    45,
    "class_opening",
    """
    1 funding: channel, enterprise, local_pool
    2 staff!: staff*
    3 filing: filed_on, receipt
    4 contact!: head, contact, phone
    """,
    key=(KeyPart("class_id"),),
    parents={"class_id": "training_class"},
)
"""What a class must have before it opens (五.三, 六.1): money, 工作专班, 备案 with its receipt, who answers."""
SESSION_CLASS = declare(
    46,
    "session_class",
    """
    1 joined_on
    """,
    key=(KeyPart("session_id"), KeyPart("class_id")),
    parents={"session_id": "session", "class_id": "training_class"},
)
"""合班 (六.2): a session that another class holds together with its own class."""
