"""List items of projects, classes, sessions, members and marks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from desktop_app.domain.attendance import AS_SHIPPED, DEFAULT_LIMIT, AttendanceRules, Mark
from desktop_app.domain.enrolment import Period


@dataclass(frozen=True, slots=True)
class SiteListItem:
    """教学点/校区; ``region`` a GB/T 2260 code, ``classes`` how many are held there, ``shareable`` places."""

    id: bytes
    name: str
    region: str
    address: str
    classes: int
    shareable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProjectListItem:
    """A training project; money in 分, ``hours`` in 课时; ``origin`` platform or own."""

    id: bytes
    code: str
    name: str
    trade: str | None
    level: str | None
    organisation: str | None
    audience: str | None
    hours: int | None
    form: str | None
    content: str | None
    fee_fen: int | None
    subsidy_fen: int | None
    origin: str | None
    area: str | None
    published_on: date | None
    version: int | None
    classes: int


@dataclass(frozen=True, slots=True)
class ClassListItem:
    """A class and how far it is: people enrolled, sessions planned, held (by date) and fully marked."""

    id: bytes
    code: str
    project_id: bytes | None
    project_name: str | None
    trade: str | None
    level: str | None
    organisation: str | None
    start_on: date | None
    end_on: date | None
    state: str
    place: str | None
    site_id: bytes | None
    site_name: str | None
    advisers: tuple[str, ...]
    people: int
    sessions: int
    sessions_past: int
    sessions_marked: int
    hours: int


class ClassSort(StrEnum):
    """By what a list of classes is ordered; whoever lacks it comes last. Equal ones are ordered by code."""

    CODE = "code"
    PROJECT = "project"
    TRADE = "trade"
    SPAN = "span"
    PEOPLE = "people"
    SESSIONS = "sessions"
    MARKED = "marked"
    STATE = "state"
    ADVISER = "adviser"
    PLACE = "place"
    ORGANISATION = "organisation"


class ClassPhase(StrEnum):
    """Which classes a list keeps: not over yet, over, or with sessions past in which somebody has no mark."""

    RUNNING = "running"
    TO_MARK = "to_mark"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class ClassQuery:
    """Which classes a list shows, and in what order; ``text``: a part of code, project, trade, 评价组织 or 班主任."""

    text: str = ""
    phase: ClassPhase | None = None
    state: str | None = None
    sort: ClassSort = ClassSort.CODE
    descending: bool = False


@dataclass(frozen=True, slots=True)
class ClassFacts:
    """How many classes there are, how many people are in them, and how many sessions wait for marks."""

    total: int
    people: int
    to_mark: int


@dataclass(frozen=True, slots=True)
class SessionListItem:
    """A session; times as HH:MM, ``hours`` in 课时, ``members`` how many belong to it, ``marked`` how many have a
    mark, ``attended`` how many of those came (到, 迟到, 早退).

    ``makes_up`` is the session that a 补课 names and ``makes_up_number`` its number; ``makes_up_for`` its people, None
    where it is for the whole class. ``substituted`` are the teachers whom others stand in for, ``shares`` the 课时 of
    each teacher where they split them. ``online_minutes`` in minutes.
    ``suspended_on``: since when the class is 停训, None where it is not.
    """

    id: bytes
    class_id: bytes
    class_code: str
    number: int
    held_on: date
    starts_at: str
    ends_at: str
    hours: int
    mode: str
    place: str
    content: str
    state: str
    teacher_ids: tuple[bytes, ...]
    teachers: tuple[str, ...]
    members: int
    marked: int
    attended: int
    makes_up: bytes | None = None
    makes_up_number: int | None = None
    makes_up_for: tuple[bytes, ...] | None = None
    online_platform: str | None = None
    online_minutes: int | None = None
    identity_checks: int | None = None
    substituted: tuple[str, ...] = ()
    shares: tuple[int, ...] = ()
    site_id: bytes | None = None
    suspended_on: date | None = None


@dataclass(frozen=True, slots=True)
class MemberListItem:
    """A member of a class; ``document_number`` and ``phone`` masked; ``periods`` are those of membership.

    ``state`` is one of ``life_cycles.ENROLMENT``; ``carried_hours`` 折抵课时 from former classes. ``twins``: other ids
    under which the person is enrolled in the class too (同一人), read as one with this record.
    """

    class_id: bytes
    trainee_id: bytes
    number: int | None
    name: str
    document_type: str
    document_number: str
    sex: str | None
    birth: date | None
    ethnicity: str | None
    education: str | None
    studying: bool
    phone: str
    address: str
    category: str | None
    key_group: str | None
    enrolled_on: date | None
    evidence_kind: str | None
    evidence_number: str | None
    employer: str | None
    post: str | None
    student_number: str | None
    major: str | None
    state: str
    periods: tuple[Period, ...]
    carried_hours: int = 0
    chosen_group: str | None = None
    channel: str | None = None
    consented_on: date | None = None
    organised_by: str | None = None
    decision_reason: str | None = None
    employer_uscc: str | None = None
    twins: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class MarkItem:
    """A mark as it stands; ``conflict`` when two workstations differ; ``entry``: number of the entry that wrote it."""

    mark: Mark
    entry: int
    conflict: bool = False


@dataclass(frozen=True, slots=True)
class AttendanceSheet:
    """Everything the attendance grid of one class needs; ``marks`` by (session id, trainee id).

    ``rules`` and ``limit`` (万分比) are the parameters of the arithmetic that hold for the class.
    """

    training_class: ClassListItem
    sessions: tuple[SessionListItem, ...]
    members: tuple[MemberListItem, ...]
    marks: dict[tuple[bytes, bytes], MarkItem]
    editable_sessions: frozenset[bytes]
    today: date
    rules: AttendanceRules = AS_SHIPPED
    limit: int = DEFAULT_LIMIT


@dataclass(frozen=True, slots=True)
class MarkSource:
    """Where a mark comes from: command of its entry, who wrote it and when (UTC)."""

    command: str
    user: str
    at: datetime
    reason: str | None


@dataclass(frozen=True, slots=True)
class MarkChange:
    """One write of a mark (R34): what stood there before and after, by whom, when (UTC), how and why."""

    before: Mark | None
    after: Mark | None
    source: MarkSource


@dataclass(frozen=True, slots=True)
class SessionChange:
    """One change of a class's timetable, as 课表变更单 lists it: field → (before, after) as stored."""

    session_id: bytes
    number: int
    changes: tuple[tuple[str, object, object], ...]
    source: MarkSource


@dataclass(frozen=True, slots=True)
class InspectionItem:
    """过程检查: ``head_count`` as counted, ``marked`` of ``expected`` by the marks when the note was written.

    ``marked_now`` is 实到 by the marks as they are today; ``photos`` how many pictures belong to it.
    """

    id: bytes
    class_id: bytes
    class_code: str
    session_id: bytes | None
    session_number: int | None
    visited_on: date
    visited_at: str
    inspector: str
    head_count: int
    marked: int | None
    expected: int | None
    marked_now: int | None
    findings: str
    photos: int

    @property
    def difference(self) -> int | None:
        """Return heads less 实到 by the marks of that time; None where nobody was marked."""
        return None if self.marked is None else self.head_count - self.marked
