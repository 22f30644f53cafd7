"""What a claim's proof shows of the journal: groups of the records behind a paid person, and authors (R34, R38)."""

from __future__ import annotations

from desktop_app.domain.records import CERTIFICATE, DEVICE, ENROLMENT, MARK, SCORE, USER

ACTS: dict[int, tuple[str, ...]] = {
    ENROLMENT.number: ("number", "funding", "state"),
    SCORE.number: ("theory", "practice", "review", "process"),
    CERTIFICATE.number: ("number", "issue", "state"),
}
"""Enrolment, score and certificate of a person: group names by entity number."""
PROVEN: dict[int, tuple[str, ...]] = {
    DEVICE.number: ("identity",),
    USER.number: ("login", "display"),
    MARK.number: ("mark",),
    **ACTS,
}
