"""Records of 课次, 考勤 and 过程检查."""

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
    6 make_up: makes_up, makes_up_for*
    7 online: online_platform, online_minutes, identity_checks
    8 substitute: substituted*
    9 shares*
    10 site_id
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
INSPECTION = declare(
    55,
    "inspection",
    """
    1 visit: class_id, session_id, visited_on, visited_at
    2 inspector
    3 count: head_count, marked, expected
    4 findings
    """,
    parents={"class_id": "training_class"},
)
