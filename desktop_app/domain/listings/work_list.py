"""The work list of the sync centre: what sharing brought that somebody must look at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

SAME, DIFFERENT = "same", "different"
"""What a user decides of two people (record ``person_link``)."""


class WorkKind(StrEnum):
    """What an item is about; ``worklist.<kind>`` is its text, ``worklist.next.<kind>`` what mends it."""

    REFUSED = "refused"
    OVERRULED = "overruled"
    CLOCK_AHEAD = "clock_ahead"
    CLASS_CODE_TWICE = "class_code_twice"
    LOGIN_TWICE = "login_twice"
    SESSION_NUMBER_TWICE = "session_number_twice"
    CERTIFICATE_TWICE = "certificate_twice"
    PERSON_TWICE = "person_twice"
    TEACHER_TWICE = "teacher_twice"
    ROOM_TWICE = "room_twice"
    CLASS_OVER_LIMIT = "class_over_limit"
    SCORE_AFTER_LOCK = "score_after_lock"
    DELETED_AND_EDITED = "deleted_and_edited"
    NAMES_DIFFER = "names_differ"
    JOINED = "joined"


@dataclass(frozen=True, slots=True)
class Writing:
    """Who wrote one side of it, on which workstation and when; ``user`` is empty where the schedule did."""

    user: str
    device: str
    at: datetime


@dataclass(frozen=True, slots=True)
class WorkItem:
    """One thing to look at. ``entity`` and ``keys`` are the records it is about, ``subject`` what people call them.

    ``detail``: a number, a place or a code that its text names; ``writings``: both sides, the newest first.
    """

    id: str
    kind: WorkKind
    entity: str
    keys: tuple[bytes, ...]
    subject: str
    detail: str
    writings: tuple[Writing, ...] = ()
