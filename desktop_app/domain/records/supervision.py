"""Records of 督导: what the department orders, the institution's 整改回复, and how flags were disposed of."""

from __future__ import annotations

from desktop_app.domain.records.base import KeyPart, declare

FLAG_DISPOSAL = declare(
    93,
    "flag_disposal",
    """
    1 flag: kind, class_id
    2 decision: decision, disposed_on, authority
    3 reason!
    4 facts!: facts*, people*
    """,
)
"""处置 of a risk flag, whose id is the key; ``facts`` keep what the flag said, should the facts be corrected later."""
SUPERVISION_EVENT = declare(
    94,
    "supervision_event",
    """
    1 act: kind, department, document, issued_on
    2 requirement
    3 deadline
    4 quota: year, quota_classes, quota_people
    5 about: order_id, flag_id
    """,
)
"""An act of a department (六.3), from the platform only: 督促整改, 削减计划, 取消资格, 办结, 处置."""
RECTIFICATION = declare(
    95,
    "rectification",
    """
    1 reply!: measures, responsible, replied_on
    """,
    key=(KeyPart("order_id"),),
    parents={"order_id": "supervision_event"},
)
"""整改回复 to an order; its evidence are attachments of the order."""
