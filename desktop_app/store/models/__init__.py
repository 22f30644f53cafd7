"""Tables of the store: one Row class each; importing this package registers them all."""

from __future__ import annotations

from desktop_app.store.models import (
    claims,
    classes,
    costs,
    employment,
    enrolment,
    evidence,
    forms,
    institution,
    journal,
    lists,
    performance,
    policy,
    projects,
    reporting,
    results,
    retention,
    sessions,
    sharing,
    supervision,
)
from desktop_app.store.models.base import Base

__all__ = [
    "Base",
    "claims",
    "classes",
    "costs",
    "employment",
    "enrolment",
    "evidence",
    "forms",
    "institution",
    "journal",
    "lists",
    "performance",
    "policy",
    "projects",
    "reporting",
    "results",
    "retention",
    "sessions",
    "sharing",
    "supervision",
]
