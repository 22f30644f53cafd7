"""Records of 考核, 成绩, 证书, 职业指导, 录用, 学分银行 and 待遇兑现."""

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
    7 resit_of
    8 room: starts_at, place
    9 files*
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
    7 standing: candidate, decided_on
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
    4 handing!: handed_on, handed_to
    5 cause: cause, decided_on
    """,
    key=(KeyPart("assessment_id"), KeyPart("trainee_id"), KeyPart("issue", 2)),
    parents={"assessment_id": "assessment", "trainee_id": "trainee"},
)
GUIDANCE = declare(
    60,
    "guidance",
    """
    1 subject: class_id, trainee_id
    2 service!: kind, held_on, provider, note
    """,
    parents={"class_id": "training_class", "trainee_id": "trainee"},
)
HIRE = declare(
    61,
    "hire",
    """
    1 subject: class_id, trainee_id
    2 hiring!: employer, credit_code, post, hired_on, partner_of
    """,
    parents={"class_id": "training_class", "trainee_id": "trainee"},
)
CREDIT_DEPOSIT = declare(
    62,
    "credit_deposit",
    """
    1 bank
    2 account!: account, consent_on
    3 exported_on
    """,
    key=(KeyPart("assessment_id"), KeyPart("trainee_id"), KeyPart("bank_number", 2)),
    parents={"assessment_id": "assessment", "trainee_id": "trainee"},
)
CREDIT_CONVERSION = declare(
    63,
    "credit_conversion",
    """
    1 subject: assessment_id, trainee_id
    2 conversion: course, school, granted_on, credit_tenths
    """,
    parents={"assessment_id": "assessment", "trainee_id": "trainee"},
)
TREATMENT = declare(
    64,
    "treatment",
    """
    1 trainee_id
    2 treatment!: employer, measure, since, document
    """,
    parents={"trainee_id": "trainee"},
)
