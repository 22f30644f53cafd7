"""Whoever joins a class although another of the time, or of the same level, is there already (六.3, R37)."""

from __future__ import annotations

from collections.abc import Sequence

from desktop_app.domain.risk import duplicates
from desktop_app.domain.rules import Finding
from desktop_app.store.database import Connection
from desktop_app.store.risks.trainings import trainings


def joining_findings(sql: Connection, class_id: bytes, trainee_ids: Sequence[bytes]) -> tuple[Finding, ...]:
    """Return what R37 warns of as people join a class, by what this institution knows; others: 待平台核验."""
    known = list(trainings(sql, trainee_ids))
    return tuple(
        finding
        for one in known
        if one.class_id == class_id
        for finding in duplicates.check_enrolment(
            one, [other for other in known if other.trainee_id == one.trainee_id]
        )
    )
