"""List items of trainees, teachers and users."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from desktop_app.domain.users import Role


@dataclass(frozen=True, slots=True)
class TraineeListItem:
    """A trainee in a list; ``document_number`` and ``phone`` masked, ``classes`` the codes of their classes."""

    id: bytes
    name: str
    document_type: str
    document_number: str
    sex: str | None
    birth: date | None
    ethnicity: str | None
    education: str | None
    studying: bool
    phone: str
    classes: tuple[str, ...]
    category: str | None
    key_group: str | None


class TraineeSort(StrEnum):
    """By what a list of trainees is ordered; whoever lacks it comes last. Equal ones are ordered by name."""

    NAME = "name"
    SEX = "sex"
    AGE = "age"
    DOCUMENT = "document"
    PHONE = "phone"
    CATEGORY = "category"
    GROUP = "group"
    CLASSES = "classes"
    EDUCATION = "education"


@dataclass(frozen=True, slots=True)
class TraineeQuery:
    """Which trainees a list shows, and in what order.

    ``text``: a part of the name, beginnings of initials, a part of ID or phone. ``category`` that of the newest class,
    ``class_code`` a class they are in, ``without_class``: those in none.
    """

    text: str = ""
    category: str | None = None
    class_code: str | None = None
    without_class: bool = False
    sort: TraineeSort = TraineeSort.NAME
    descending: bool = False


@dataclass(frozen=True, slots=True)
class TraineeFacts:
    """How many trainees there are, by category of their newest class, and how many have none; codes of all classes."""

    total: int
    by_category: dict[str, int]
    without_class: int
    class_codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TraineeEnrolment:
    """One of a trainee's classes."""

    class_id: bytes
    class_code: str
    number: int | None
    category: str | None
    key_group: str | None
    enrolled_on: date | None
    state: str


@dataclass(frozen=True, slots=True)
class TraineeDetail:
    """A trainee as the form shows it: raw field values by name (dates ISO), masked where ``masked``."""

    id: bytes
    fields: dict[str, object]
    enrolments: tuple[TraineeEnrolment, ...]
    masked: bool


@dataclass(frozen=True, slots=True)
class TraineeMatch:
    """A trainee found while a document number is typed."""

    id: bytes
    name: str
    classes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TeacherListItem:
    """A teacher; ``employment`` full_time or part_time, ``sessions`` how many they give, ``login`` their account.

    ``proven`` are the qualities whose proof is among the evidence (R29).
    """

    id: bytes
    name: str
    employment: str | None
    qualities: tuple[str, ...]
    phone: str
    login: str | None
    sessions: int
    hours: int
    proven: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AdviserItem:
    """An account that a class can be handed to."""

    login: str
    display: str


@dataclass(frozen=True, slots=True)
class UserListItem:
    """An account; ``has_slot`` whether it can log in on this workstation, ``until`` its last day (None: no end).

    ``advises``: classes whose 班主任 it is now, which need a successor when it leaves.
    """

    id: bytes
    login: str
    display: str
    roles: tuple[Role, ...]
    disabled: bool
    has_slot: bool
    teacher: str | None
    until: date | None = None
    advises: int = 0

    def has_ended(self, today: date) -> bool:
        """Tell whether a time-limited account is over; its last day belongs to it."""
        return self.until is not None and today > self.until


@dataclass(frozen=True, slots=True)
class DeviceListItem:
    """A workstation of the institution; ``own`` marks this one."""

    id: bytes
    name: str
    revoked: bool
    own: bool
