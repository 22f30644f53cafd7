"""Records of 收支台账 income, 绩效总量, its allocation, and reports of figures that were sent."""

from __future__ import annotations

from desktop_app.domain.records.base import KeyPart, declare

PERFORMANCE_POOL = declare(
    86,
    "performance_pool",
    """
    1 ratio: ratio, ratio_document
    2 approval: approved_fen, approved_on, document
    """,
    key=(KeyPart("year", 2),),
)
"""绩效总量 of a year (五.二.2): the approved ratio, and what 人社财政 fixed; the amount itself is derived."""
ALLOCATION = declare(
    87,
    "allocation",
    """
    1 share: kind, fen
    """,
    key=(KeyPart("year", 2), KeyPart("person_id")),
)
"""分配 to one teacher or colleague (五.二.3); natural key, so that two workstations cannot pay somebody twice."""
INCOME = declare(
    88,
    "income",
    """
    1 class_id
    2 line: kind, fen, on_day, document
    """,
    parents={"class_id": "training_class"},
)
"""社会培训所得 incl. 财政性补贴 of a class (五.二.2)."""
FIGURE_REPORT = declare(
    89,
    "figure_report",
    """
    1 scope: kind, first_day, last_day
    2 sent: as_of, sent_on, sent_to
    3 figures*
    """,
)
"""A 统计 or 绩效 report as it was sent: frozen, so that running it again shows the difference."""
