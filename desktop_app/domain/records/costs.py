"""Records of what a class, or one student of it, costs the institution (五.一.1, 五.二.2)."""

from __future__ import annotations

from desktop_app.domain.records.base import declare

COST = declare(
    85,
    "cost",
    """
    1 subject: class_id, trainee_id
    2 line: kind, fen, on_day, document
    3 source
    """,
    parents={"class_id": "training_class"},
)
"""必要成本 of a class (R23). With ``trainee_id`` it is what the institution bears for that student (R17), paid from
``source``: 财政拨款, 学费 or 其他事业收入."""
