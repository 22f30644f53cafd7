"""The sync mark of every record of a class: what the province has not got yet as it stands here."""

from __future__ import annotations

from collections.abc import Collection

from desktop_app.services.stored_reports import StoredReports
from desktop_app.store.queries.statements import ReportedClass
from sync.contract.kinds import ReportKind
from sync.contract.wire import NIL
from sync.reporting.sealed_batches import in_flight
from sync.reporting.statements import current_statement

READY, CHANGED, SEALED, REJECTED = "ready", "changed", "sealed", "rejected"
Marks = dict[tuple[str, bytes], str]


def record_marks(view: StoredReports, class_id: bytes, kinds: Collection[str]) -> Marks:
    """Return the marks by (kind, key) of records in some reports of a class; an accepted one has none.

    ready: never accepted; changed: other than accepted; sealed: on its way as it stands; rejected: sent back and not
    put right since.
    """
    of = ReportedClass(class_id, "", has_project=True, gone=False)
    found: Marks = {}
    waiting = in_flight(view)
    returned = [one for one in view.rejected() if one.subject == of.subject and one.report in kinds]
    for kind in kinds:
        current = current_statement(view, ReportKind(kind), of)
        accepted = view.accepted(kind, of.subject)
        flight = waiting.get((kind, of.subject))
        under_way = {} if flight is None else {(one.kind, one.key): one.body for one in flight.records}
        for place, body in current.items():
            if accepted.get(place) == body:
                continue
            if under_way.get(place) == body:
                found[place] = SEALED
            else:
                found[place] = CHANGED if place in accepted else READY
        for one in returned:
            place = (one.kind, one.key)
            if one.report == kind and current.get(place, NIL) == one.sent and found.get(place) != SEALED:
                found[place] = REJECTED
    return found
