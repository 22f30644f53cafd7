"""Records of 就业跟踪: one a person, class and month (六.3, R36)."""

from __future__ import annotations

from desktop_app.domain.records.base import KeyPart, declare

FOLLOW_UP = declare(
    90,
    "follow_up",
    """
    1 outcome!: status, since
    2 job!: employer, credit_code, post, contract_from, contract_until, insured, matched
    3 voucher!: voucher_kind, voucher_number, voucher_on
    4 followed_on
    """,
    key=(KeyPart("class_id"), KeyPart("trainee_id"), KeyPart("month", 2)),
    parents={"class_id": "training_class", "trainee_id": "trainee"},
)
"""``month`` counts the months since December 1999, so that January 2000 is 1 (``domain/employment.py``)."""
