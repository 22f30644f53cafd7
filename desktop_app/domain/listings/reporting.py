"""List items of reports, batches, rejected records, conflicts and the work list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ReportListItem:
    """The state of one report (kind × class).

    ``state``: empty 无内容, ready 待上报, sealed 已封存, accepted 已受理, changed 上报后变更, rejected 有退回.
    ``changed`` counts records that differ from the accepted statement (all of them before the first version).
    ``review``: the 校内审核 of what is ready: waiting, approved, returned; "" where none is to be done.
    ``review_reason`` is why it was returned.
    """

    kind: str
    subject: str
    class_id: bytes
    class_code: str
    state: str
    version: int
    records: int
    changed: int
    rejected: int
    problems: int
    review: str = ""
    review_reason: str = ""


@dataclass(frozen=True, slots=True)
class ReportCounts:
    """How many reports are in each state, and how many records of accepted ones were changed since.

    Years of reports are a list of tens of thousands, which the first screen does not need.
    """

    by_state: Mapping[str, int]
    changed_records: int


@dataclass(frozen=True, slots=True)
class PreflightProblem:
    """What the platform's own validation finds before sealing; ``where`` leads to the screen."""

    report: str
    class_id: bytes
    class_code: str
    kind: str
    key: bytes
    subject: str
    field: str | None
    code: str
    severity: str
    params: dict[str, object]


@dataclass(frozen=True, slots=True)
class BatchListItem:
    """A batch and how far it is: sealed, sending, delivered, receipted, dissolved."""

    id: bytes
    sealed_at: datetime
    sealed_by: str
    reports: tuple[tuple[str, str, int], ...]
    records: int
    pages: int
    state: str
    accepted: int
    rejected: int
    problem: str | None


@dataclass(frozen=True, slots=True)
class RejectedListItem:
    """A record that the platform did not accept and that waits for a correction."""

    report: str
    class_id: bytes
    class_code: str
    kind: str
    key: bytes
    subject: str
    field: str | None
    code: str
    params: dict[str, object]
    corrected: bool


@dataclass(frozen=True, slots=True)
class ConflictListItem:
    """Two or more values written without knowledge of each other; ``values`` are (value, who, where, when)."""

    id: str
    entity: str
    key: bytes
    group: str
    label: str
    values: tuple[tuple[object, str, str, datetime], ...]
