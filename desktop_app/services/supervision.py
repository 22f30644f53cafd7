"""督导 (六.3, R31): orders of the department, 整改回复, and what a cut or a disqualification blocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from desktop_app.domain import supervision
from desktop_app.domain.errors import AppError
from desktop_app.domain.records import RECTIFICATION
from desktop_app.domain.rules import Finding
from desktop_app.domain.supervision import Event, EventKind, Reply, Standing
from desktop_app.services.context import Service, command
from desktop_app.services.employment import early_warnings
from desktop_app.store.database import Connection
from desktop_app.store.queries import risks
from desktop_app.store.queries import supervision as queries
from desktop_app.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class EventItem:
    """An act of a department, how it stands today, and the reply to it."""

    event: Event
    standing: Standing
    reply: Reply | None


@dataclass(frozen=True, slots=True)
class Concerns:
    """What the first screen says of 督导: overdue orders, open flags, rates below their line (R32)."""

    overdue: tuple[EventItem, ...] = ()
    blocking: int = 0
    hints: int = 0
    warnings: tuple[Finding, ...] = ()


class SupervisionService(Service):
    """What departments ordered and how far it is met."""

    def events(self) -> list[EventItem]:
        """Return orders, cuts and disqualifications, the newest first; what closes them is shown in their standing."""
        self.context.require("view_supervision")
        with self.context.read() as sql:
            return event_items(sql, self.context.today())

    def concerns(self) -> Concerns:
        """Return what somebody who sees 督导 is told of on the first screen."""
        self.context.require("view_supervision")
        today = self.context.today()
        with self.context.read() as sql:
            overdue = tuple(one for one in event_items(sql, today) if one.standing is Standing.OVERDUE)
            return Concerns(overdue, *risks.counts(sql), early_warnings(sql, today))

    @command("reply_to_order")
    def reply(
        self, work: UnitOfWork, order_id: bytes, measures: str, responsible: str, on: date | None = None
    ) -> None:
        """Write or change the 整改回复 to an order; its evidence is attached to the order.

        Raises AppError ORDER_UNKNOWN, ORDER_CLOSED, SUPERVISION_TEXT_LONG; RuleErrors of R31.
        """
        today = self.context.today()
        item = next((one for one in event_items(work.sql, today) if one.event.id == order_id), None)
        if item is None or item.event.kind is not EventKind.ORDER:
            raise AppError("ORDER_UNKNOWN")
        if item.standing is Standing.CLOSED:
            raise AppError("ORDER_CLOSED", document=item.event.document)
        if max(len(measures), len(responsible)) > supervision.MAX_TEXT:
            raise AppError("SUPERVISION_TEXT_LONG", limit=supervision.MAX_TEXT)
        files = work.sql.exec_driver_sql(
            "SELECT count(*) FROM attachment WHERE owner = 'supervision_event' AND owner_key = ? AND gone = 0",
            (order_id,),
        ).scalar_one()
        reply = Reply(measures.strip(), responsible.strip(), on or today, files)
        self.context.heed(supervision.check_reply(item.event, reply, today))
        fields = {
            "measures": reply.measures,
            "responsible": reply.responsible,
            "replied_on": reply.replied_on.isoformat(),
        }
        work.put(RECTIFICATION, order_id, fields)


def event_items(sql: Connection, today: date) -> list[EventItem]:
    """Return the acts that stand or stood for themselves, the newest first."""
    events = queries.events(sql)
    replies = queries.replies(sql)
    ended = supervision.closed(events, today)
    kinds = {EventKind.ORDER, EventKind.CUT, EventKind.DISQUALIFY}
    return [
        EventItem(one, supervision.standing(one, replies.get(one.id), ended, today), replies.get(one.id))
        for one in reversed(events)
        if one.kind in kinds
    ]


def opening_findings(
    sql: Connection, class_id: bytes, class_code: str, people: int, start_on: date | None, today: date
) -> tuple[Finding, ...]:
    """Return what R31 says of opening a class today: disqualified, or over the quota of the year it starts in."""
    events: Sequence[Event] = queries.events(sql)
    if not events:
        return ()
    year = (start_on or today).year
    opened = queries.opened_in(sql, year, class_id)
    return supervision.check_opening(class_code, people, events, opened, today)
