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
    """,
    key=(KeyPart("class_id"), KeyPart("trainee_id")),
    parents={"class_id": "training_class", "trainee_id": "trainee"},
)
