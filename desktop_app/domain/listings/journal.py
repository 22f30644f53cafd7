"""List items of the journal, undo and the dashboard."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from desktop_app.domain.listings.training import SessionListItem


@dataclass(frozen=True, slots=True)
class RecordChange:
    """One entry that wrote a record: when, who (empty: the schedule), on which workstation, by which command."""

    at: datetime
    user: str
    device: str
    command: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class JournalListItem:
    """One command; ``records`` counts the records it wrote, ``subject`` names class or person where there is one."""

    id: bytes
    seq: int
    at: datetime
    user: str
    device: str
    command: str
    subject: str
    records: int
    reason: str | None


@dataclass(frozen=True, slots=True)
class UndoLabel:
    """What undo or redo would take back: the command and what it was about."""

    command: str
    subject: str


@dataclass(frozen=True, slots=True)
class Dashboard:
    """The 工作台: today's sessions, sessions past without marks, assessments waiting, counts of alerts."""

    today: tuple[SessionListItem, ...]
    overdue: tuple[SessionListItem, ...]
    next_session: SessionListItem | None
    scores_waiting: int
    rejected: int
    conflicts: int
    people: int
    classes: int
    attendance_by_week: tuple[tuple[str, int, int], ...]
