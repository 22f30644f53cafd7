"""教师: 专职/兼职, and the kinds that each need a proof (六.2, R29)."""

from __future__ import annotations

from collections.abc import Collection

from desktop_app.domain.errors import AppError
from desktop_app.domain.rules import Finding, Severity, rule
from resources import Worded

PROOF_NEEDED = ("dual", "model_worker", "craftsman", "enterprise", "high_skill")
"""双师型, 劳动模范, 能工巧匠, 企业技术人才, 高技能人才."""


def proof_kind(quality: str) -> str:
    """Return the kind of evidence (``codes/evidence_kinds``) that proves a quality."""
    return f"teacher_{quality}"


@rule("R29")
def check_teacher(
    name: str, employment: str | None, kinds: Collection[str], proven: Collection[str], key: bytes = b""
) -> tuple[Finding, ...]:
    """Check that a teacher's 专职/兼职 is said and each kind claimed has its proof; a kind without one warns."""
    found = []
    if employment is None:
        error = AppError("TEACHER_EMPLOYMENT_MISSING", name=name)
        found.append(Finding("R29", Severity.WARN, error, "teacher", key, "employment"))
    for kind in PROOF_NEEDED:
        if kind in kinds and kind not in proven:
            error = AppError("TEACHER_PROOF_MISSING", name=name, kind=Worded(f"quality.{kind}"))
            found.append(Finding("R29", Severity.WARN, error, "teacher", key, "qualities"))
    return tuple(found)
