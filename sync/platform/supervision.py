"""The department's acts of supervision (六.3, R31): published to the institution that they are about."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from desktop_app.domain.clock import Clock
from desktop_app.domain.ids import named_id
from desktop_app.domain.supervision import Event, check_event
from sync.contract.kinds import RecordKind
from sync.contract.records import SupervisionFields
from sync.contract.wire import put
from sync.platform.acts import record_act
from sync.platform.institutions import institution_by_uscc
from sync.platform.streams import INSTITUTION_STREAM, publish


def supervise(connection: Connection, clock: Clock, uscc: str, event: Event) -> bytes:
    """Publish an act to an institution and return its key; the same document again is the same act.

    Raises AppError INSTITUTION_UNKNOWN and what ``check_event`` raises.
    """
    owner = institution_by_uscc(connection, uscc)
    check_event(event)
    about = event.order_id or event.flag_id or b""
    key = named_id("supervision", owner.uscc, event.kind.value, event.document.strip(), about.hex())
    event = replace(event, id=key, document=event.document.strip(), department=event.department.strip())
    fields = SupervisionFields(
        kind=event.kind.value,
        department=event.department,
        document=event.document,
        issued_on=event.issued_on,
        requirement=event.requirement.strip() or None,
        deadline=event.deadline,
        year=event.year,
        quota_classes=event.quota_classes,
        quota_people=event.quota_people,
        order_id=event.order_id,
        flag_id=event.flag_id,
    )
    publish(connection, clock, INSTITUTION_STREAM, owner.id, [put(RecordKind.SUPERVISION, key, fields)])
    record_act(connection, clock, "cli", f"supervise {event.kind.value}", owner.id, document=event.document)
    return key
