"""过程检查: what an inspector found in a session, and heads set against the marks of that time (五, 六.2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from desktop_app.domain.errors import AppError

MAX_HEADS = 2000
MAX_NAME = 50
MAX_FINDINGS = 1000


@dataclass(frozen=True, slots=True)
class InspectionNote:
    """A visit as it is written down; ``head_count`` in people, ``inspector`` by name."""

    visited_on: date
    visited_at: time
    inspector: str
    head_count: int
    findings: str = ""


def check_note(note: InspectionNote, today: date) -> None:
    """Check a note; AppError INSPECTION_FUTURE, INSPECTOR_MISSING, HEAD_COUNT_RANGE, INSPECTION_TEXT_LONG."""
    if note.visited_on > today:
        raise AppError("INSPECTION_FUTURE", date=note.visited_on.isoformat())
    if not note.inspector.strip():
        raise AppError("INSPECTOR_MISSING")
    if not 0 <= note.head_count <= MAX_HEADS:
        raise AppError("HEAD_COUNT_RANGE", value=note.head_count, limit=MAX_HEADS)
    for text, limit in ((note.inspector, MAX_NAME), (note.findings, MAX_FINDINGS)):
        if len(text) > limit:
            raise AppError("INSPECTION_TEXT_LONG", limit=limit)
