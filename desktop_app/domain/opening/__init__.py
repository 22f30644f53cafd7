"""开班: what a class must have before it opens (R13, R25, R26, R29) and what its people's records lack (R33)."""

from __future__ import annotations

from desktop_app.domain.opening.checks import (
    Duty,
    Funding,
    PlannedSession,
    StaffMember,
    Standard,
    check_class_size,
    check_day_hours,
    check_filed,
    check_filing,
    check_funding,
    check_holidays,
    check_plan,
    check_staff,
    check_within,
)
from desktop_app.domain.opening.clashes import check_clashes
from desktop_app.domain.opening.completeness import (
    FieldCompleteness,
    check_completeness,
    completeness,
    lacking_fields,
)
from desktop_app.domain.opening.teachers import PROOF_NEEDED, check_teacher, proof_kind

__all__ = [
    "PROOF_NEEDED",
    "Duty",
    "FieldCompleteness",
    "Funding",
    "PlannedSession",
    "StaffMember",
    "Standard",
    "check_clashes",
    "check_class_size",
    "check_completeness",
    "check_day_hours",
    "check_filed",
    "check_filing",
    "check_funding",
    "check_holidays",
    "check_plan",
    "check_staff",
    "check_teacher",
    "check_within",
    "completeness",
    "lacking_fields",
    "proof_kind",
]
