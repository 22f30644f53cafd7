"""Records of 补贴申报: the claim, its people, 异议, what departments decide and pay (五.一, 六.3).

A claim is one of a class, a channel and a month (``domain/claims/keys.py``); its people hang from the same parts.
"""

from __future__ import annotations

from desktop_app.domain.records.base import KeyPart, declare

_OF_CLAIM = (KeyPart("class_id"), KeyPart("channel", 2), KeyPart("period", 2))
_OF_PERSON = (*_OF_CLAIM, KeyPart("trainee_id"))
_PARENTS = {"class_id": "training_class", "trainee_id": "trainee"}

CLAIM = declare(
    75,
    "claim",
    """
    1 state: state, state_on
    2 basis: made_on, department
    3 review: reviewed_by, reviewed_on, solo
    4 notice: publisher, place, notice_from, notice_until, phone
    5 payee!: payee_kind, holder, bank, account, paper
    """,
    key=_OF_CLAIM,
    parents={"class_id": "training_class"},
)
CLAIM_LINE = declare(
    76,
    "claim_line",
    """
    1 amount: chosen_group, fen, standard_fen, document, certified
    2 payee!: holder, bank, account, paper
    """,
    key=_OF_PERSON,
    parents=_PARENTS,
)
"""What the law fixes at the act: funding group, amount and the document of the standard."""
CLAIM_OBJECTION = declare(
    77,
    "claim_objection",
    """
    1 subject: class_id, channel, period, trainee_id
    2 objection!: raised_on, raised_by, content
    3 answer!: answered_on, upheld, answer
    """,
    parents=_PARENTS,
)
CLAIM_DECISION = declare(
    78,
    "claim_decision",
    """
    1 decision: decision, fen, decided_on, reason, document
    """,
    key=_OF_PERSON,
    parents=_PARENTS,
)
CLAIM_PAYMENT = declare(
    79,
    "claim_payment",
    """
    1 subject: class_id, channel, period, trainee_id
    2 payment: fen, paid_on, document
    """,
    parents=_PARENTS,
)
"""An instalment; 追回 is one below zero."""
STUDENT_CHARGE = declare(
    80,
    "student_charge",
    """
    1 subject: class_id, trainee_id
    2 charge: kind, fen, on_day, document
    """,
    parents=_PARENTS,
)
"""What somebody was charged (R17)."""
