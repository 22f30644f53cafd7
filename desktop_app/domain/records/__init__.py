"""What every kind of synced record consists of: its key, its groups and its parents, one module an area."""

from __future__ import annotations

from desktop_app.domain.records.base import ALIVE_VALUE, DELETED, DELETED_VALUE, Entity, Group, KeyPart
from desktop_app.domain.records.classes import CLASS_OPENING, SESSION_CLASS, TRAINING_CLASS
from desktop_app.domain.records.costs import COST
from desktop_app.domain.records.employment import FOLLOW_UP
from desktop_app.domain.records.enrolment import ENROLMENT, FORMER_IDENTITY, TRAINEE, WILLINGNESS
from desktop_app.domain.records.evidence import ATTACHMENT
from desktop_app.domain.records.institution import DEVICE, INSTITUTION, SITE, TEACHER, USER
from desktop_app.domain.records.performance import ALLOCATION, FIGURE_REPORT, INCOME, PERFORMANCE_POOL
from desktop_app.domain.records.policy import PILOT, POLICY_VALUE
from desktop_app.domain.records.projects import (
    CLASS_SELECTION,
    PROJECT,
    PROJECT_ANSWER,
    PROJECT_SELECTION,
    PROJECT_VERSION,
)
from desktop_app.domain.records.reporting import BATCH, BATCH_PAGE, PLATFORM_PAGE, REPORT_REVIEW
from desktop_app.domain.records.results import (
    ASSESSMENT,
    CERTIFICATE,
    CREDIT_CONVERSION,
    CREDIT_DEPOSIT,
    GUIDANCE,
    HIRE,
    SCORE,
    TREATMENT,
)
from desktop_app.domain.records.retention import DELETION_PROPOSAL, ERASURE
from desktop_app.domain.records.sessions import INSPECTION, MARK, SESSION
from desktop_app.domain.records.supervision import FLAG_DISPOSAL, RECTIFICATION, SUPERVISION_EVENT

ENTITIES: tuple[Entity, ...] = (
    INSTITUTION,
    SITE,
    DEVICE,
    USER,
    TEACHER,
    PROJECT,
    TRAINING_CLASS,
    SESSION,
    TRAINEE,
    ENROLMENT,
    MARK,
    ASSESSMENT,
    SCORE,
    CERTIFICATE,
    BATCH,
    BATCH_PAGE,
    PLATFORM_PAGE,
    POLICY_VALUE,
    PILOT,
    ATTACHMENT,
    PROJECT_VERSION,
    PROJECT_ANSWER,
    CLASS_SELECTION,
    PROJECT_SELECTION,
    REPORT_REVIEW,
    WILLINGNESS,
    FORMER_IDENTITY,
    INSPECTION,
    CLASS_OPENING,
    SESSION_CLASS,
    GUIDANCE,
    HIRE,
    CREDIT_DEPOSIT,
    CREDIT_CONVERSION,
    TREATMENT,
    FOLLOW_UP,
    FLAG_DISPOSAL,
    SUPERVISION_EVENT,
    RECTIFICATION,
    PERFORMANCE_POOL,
    ALLOCATION,
    INCOME,
    FIGURE_REPORT,
    DELETION_PROPOSAL,
    ERASURE,
    COST,
)
BY_NUMBER: dict[int, Entity] = {entity.number: entity for entity in ENTITIES}
BY_NAME: dict[str, Entity] = {entity.name: entity for entity in ENTITIES}

__all__ = [
    "ALIVE_VALUE",
    "ALLOCATION",
    "ASSESSMENT",
    "ATTACHMENT",
    "BATCH",
    "BATCH_PAGE",
    "BY_NAME",
    "BY_NUMBER",
    "CERTIFICATE",
    "CLASS_OPENING",
    "CLASS_SELECTION",
    "COST",
    "CREDIT_CONVERSION",
    "CREDIT_DEPOSIT",
    "DELETED",
    "DELETED_VALUE",
    "DELETION_PROPOSAL",
    "DEVICE",
    "ENROLMENT",
    "ENTITIES",
    "ERASURE",
    "FIGURE_REPORT",
    "FLAG_DISPOSAL",
    "FOLLOW_UP",
    "FORMER_IDENTITY",
    "GUIDANCE",
    "HIRE",
    "INCOME",
    "INSPECTION",
    "INSTITUTION",
    "MARK",
    "PERFORMANCE_POOL",
    "PILOT",
    "PLATFORM_PAGE",
    "POLICY_VALUE",
    "PROJECT",
    "PROJECT_ANSWER",
    "PROJECT_SELECTION",
    "PROJECT_VERSION",
    "RECTIFICATION",
    "REPORT_REVIEW",
    "SCORE",
    "SESSION",
    "SESSION_CLASS",
    "SITE",
    "SUPERVISION_EVENT",
    "TEACHER",
    "TRAINEE",
    "TRAINING_CLASS",
    "TREATMENT",
    "USER",
    "WILLINGNESS",
    "Entity",
    "Group",
    "KeyPart",
]
