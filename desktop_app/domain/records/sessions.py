"""Records of 课次 and 考勤."""

from __future__ import annotations

from desktop_app.domain.records.base import KeyPart, declare

SESSION = declare(
    8,
    "session",
    """
    1 origin: class_id, planned_on, planned_start
    2 number
    3 place: held_on, starts_at, ends_at, hours, mode, place, teachers*
    4 content
    5 state
    """,
    parents={"class_id": "training_class"},
)
MARK = declare(
    11,
    "mark",
    """
    1 mark: status, lost_hours, reason
    """,
    key=(KeyPart("session_id"), KeyPart("trainee_id")),
    parents={"session_id": "session", "trainee_id": "trainee"},
)
