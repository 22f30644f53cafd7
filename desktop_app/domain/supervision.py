"""督导 (六.3, R31): 督促限期整改 → 削减年度计划 → 取消承训资格, 整改回复, and what each of them blocks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from desktop_app.domain.errors import AppError
from desktop_app.domain.rules import Finding, Severity, rule

MAX_TEXT = 500


class EventKind(StrEnum):
    """督促限期整改, 削减年度计划, 取消承训资格, 办结 of one of them, 处置 of a flag by the department."""

    ORDER = "order"
    CUT = "cut"
    DISQUALIFY = "disqualify"
    CLOSE = "close"
    CLEAR_FLAG = "clear_flag"
    CONFIRM_FLAG = "confirm_flag"


@dataclass(frozen=True, slots=True)
class Event:
    """An act of a department; ``deadline`` of an order, ``year`` and quotas of a cut (None: not limited)."""

    id: bytes
    kind: EventKind
    department: str
    document: str
    issued_on: date
    requirement: str = ""
    deadline: date | None = None
    year: int | None = None
    quota_classes: int | None = None
    quota_people: int | None = None
    order_id: bytes | None = None
    flag_id: bytes | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """整改回复: what was done, who answers for it, when; ``files`` counts its evidence."""

    measures: str
    responsible: str
    replied_on: date
    files: int = 0


class Standing(StrEnum):
    """How an act stands: open, replied, closed by the department, overdue; in force for cuts and disqualification."""

    OPEN = "open"
    OVERDUE = "overdue"
    REPLIED = "replied"
    IN_FORCE = "in_force"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Year:
    """What has been opened in a year already: classes, and the people in them."""

    year: int
    classes: int
    people: int


def closed(events: Iterable[Event], on: date) -> frozenset[bytes]:
    """Return the acts that the department has closed by a day."""
    return frozenset(
        one.order_id
        for one in events
        if one.kind is EventKind.CLOSE and one.order_id is not None and one.issued_on <= on
    )


def standing(event: Event, reply: Reply | None, ended: frozenset[bytes], today: date) -> Standing:
    """Return how an act stands; an order is overdue from the day after its deadline until it is replied to."""
    if event.id in ended:
        return Standing.CLOSED
    if event.kind is not EventKind.ORDER:
        return Standing.IN_FORCE
    if reply is not None:
        return Standing.REPLIED
    return Standing.OVERDUE if event.deadline is not None and event.deadline < today else Standing.OPEN


@rule("R31")
def check_opening(
    class_code: str, people: int, events: Sequence[Event], opened: Year, on: date
) -> tuple[Finding, ...]:
    """Nothing opens once disqualified; a class over the quota of its year is blocked; open orders warn when overdue.

    ``people`` of the class, ``opened`` without it. Blocks with DISQUALIFIED, QUOTA_CLASSES, QUOTA_PEOPLE.
    """
    ended = closed(events, on)
    found = []
    for one in events:
        if one.id in ended or one.issued_on > on:
            continue
        told = {"class_code": class_code, "document": one.document, "department": one.department}
        if one.kind is EventKind.DISQUALIFY:
            found.append(_block(AppError("DISQUALIFIED", **told, date=one.issued_on.isoformat())))
        elif one.kind is EventKind.CUT and one.year == opened.year:
            if one.quota_classes is not None and opened.classes + 1 > one.quota_classes:
                found.append(
                    _block(AppError("QUOTA_CLASSES", **told, year=one.year, limit=one.quota_classes))
                )
            if one.quota_people is not None and opened.people + people > one.quota_people:
                error = AppError(
                    "QUOTA_PEOPLE",
                    **told,
                    year=one.year,
                    limit=one.quota_people,
                    people=opened.people + people,
                )
                found.append(_block(error))
    return tuple(found)


@rule("R31")
def check_reply(order: Event, reply: Reply, today: date) -> tuple[Finding, ...]:
    """A 整改回复 says what was done and who answers for it, not before the order nor in the future; late ones warn.

    Blocks with REPLY_EMPTY, REPLY_DATE; warns with REPLY_LATE, REPLY_WITHOUT_EVIDENCE.
    """
    told = {"document": order.document}
    found = []
    if not reply.measures.strip() or not reply.responsible.strip():
        found.append(_block(AppError("REPLY_EMPTY", **told), "measures"))
    if reply.replied_on > today or reply.replied_on < order.issued_on:
        found.append(_block(AppError("REPLY_DATE", **told, date=reply.replied_on.isoformat()), "replied_on"))
    elif order.deadline is not None and reply.replied_on > order.deadline:
        error = AppError("REPLY_LATE", **told, deadline=order.deadline.isoformat())
        found.append(Finding("R31", Severity.WARN, error, field="replied_on"))
    if not reply.files:
        found.append(Finding("R31", Severity.WARN, AppError("REPLY_WITHOUT_EVIDENCE", **told), field="files"))
    return tuple(found)


def check_event(event: Event) -> None:
    """Check an act before it is published.

    Raises AppError SUPERVISION_DOCUMENT, DEADLINE_MISSING, DEADLINE_REVERSED, QUOTA_MISSING, ORDER_MISSING.
    """
    if not event.document.strip() or not event.department.strip():
        raise AppError("SUPERVISION_DOCUMENT")
    if event.kind is EventKind.ORDER:
        if event.deadline is None or not event.requirement.strip():
            raise AppError("DEADLINE_MISSING")
        if event.deadline < event.issued_on:
            raise AppError(
                "DEADLINE_REVERSED", deadline=event.deadline.isoformat(), issued=event.issued_on.isoformat()
            )
    if event.kind is EventKind.CUT and (
        event.year is None or (event.quota_classes is None and event.quota_people is None)
    ):
        raise AppError("QUOTA_MISSING")
    if event.kind is EventKind.CLOSE and event.order_id is None:
        raise AppError("ORDER_MISSING")


def _block(error: AppError, field: str = "") -> Finding:
    return Finding("R31", Severity.BLOCK, error, field=field)
