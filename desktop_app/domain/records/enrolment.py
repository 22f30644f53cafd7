"""Records of 学员 and 报名."""

from __future__ import annotations

from desktop_app.domain.records.base import KeyPart, declare

TRAINEE = declare(
    9,
    "trainee",
    """
    1 name!
    2 document!: document_type, document_number
    3 birth!
    4 sex
    5 ethnicity
    6 education: education, studying
    7 phone!
    8 address!
    9 household!: household_region
    10 circumstances!: circumstances*
    """,
)
ENROLMENT = declare(
    10,
    "enrolment",
    """
    1 number
    2 periods*
    3 funding: category, key_group, enrolled_on
    4 evidence!: evidence_kind, evidence_number
    5 employment!: employer, post
    6 school!: student_number, major
    7 state
    8 decision: decided_on
    9 decision_reason!
    10 choice: chosen_group, chosen_on, channel, channel_document
    11 choice_reason!
    12 ground: hubei_ground
    13 organiser: organisers*, organised_by
    14 consent!: consent_version, consented_on, sensitive_on
    15 willingness: willingness_id
    16 carried*
    17 employer_code!: employer_uscc
    """,
    key=(KeyPart("class_id"), KeyPart("trainee_id")),
    parents={"class_id": "training_class", "trainee_id": "trainee"},
)
WILLINGNESS = declare(
    35,
    "willingness",
    """
    1 wish: trainee_id, trade, level
    2 noted_on
    3 consent!: consent_version, consented_on, sensitive_on
    4 outcome: state, class_id
    5 reason!
    """,
    parents={"trainee_id": "trainee"},
)
"""意愿登记 (一.3, 四.1): kept without a class; its key is derived from person and 工种, so that it is there once."""
FORMER_IDENTITY = declare(
    36,
    "former_identity",
    """
    1 person: trainee_id
    2 name!
    3 document!: document_type, document_number
    4 until: changed_on, kind
    5 scan!: attachment_id
    """,
    parents={"trainee_id": "trainee"},
)
"""曾用名 and 旧证件: valid up to the day before ``changed_on``; ``kind`` rename or document."""
PERSON_LINK = declare(
    37,
    "person_link",
    """
    1 decision
    """,
    key=(KeyPart("first_id"), KeyPart("second_id")),
    parents={"first_id": "trainee", "second_id": "trainee"},
)
"""What a user decided of two people: ``same`` or ``different``; the smaller id is the first."""
