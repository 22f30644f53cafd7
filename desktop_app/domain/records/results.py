"""Records of 考核, 成绩 and 证书."""

from __future__ import annotations

from desktop_app.domain.records.base import KeyPart, declare

ASSESSMENT = declare(
    12,
    "assessment",
    """
    1 origin: class_id, kind
    2 date: held_on, organisation
    3 scheme: components*, rule
    4 lock: locked, locked_by
    5 teachers*
    6 source: file_name, file_hash
    """,
    parents={"class_id": "training_class"},
)
SCORE = declare(
    13,
    "score",
    """
    1 ticket
    2 theory: theory_state, theory
    3 practice: practice_state, practice
    4 review: review_state, review
    5 process: process_state, process
    6 conclusion
    """,
    key=(KeyPart("assessment_id"), KeyPart("trainee_id")),
    parents={"assessment_id": "assessment", "trainee_id": "trainee"},
)
CERTIFICATE = declare(
    14,
    "certificate",
    """
    1 number: number, kind
    2 issue: issued_on, issuer
    3 state
    """,
    key=(KeyPart("assessment_id"), KeyPart("trainee_id"), KeyPart("issue", 2)),
    parents={"assessment_id": "assessment", "trainee_id": "trainee"},
)
