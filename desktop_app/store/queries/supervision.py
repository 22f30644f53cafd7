"""Acts of departments, replies to them, what was opened in a year, and who entered what a flag speaks of."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from sqlalchemy import Connection

from desktop_app.domain.records import ASSESSMENT, ATTACHMENT, CERTIFICATE, SESSION, TRAINEE, TRAINING_CLASS
from desktop_app.domain.supervision import Event, EventKind, Reply, Year
from desktop_app.store.enrolment_states import LEFT, OUTSIDE
from desktop_app.store.journal import decode_header
from desktop_app.store.queries.columns import day, required_day

_EVENTS = """
SELECT id, kind, coalesce(department, ''), coalesce(document, ''), issued_on, coalesce(requirement, ''), deadline, year,
       quota_classes, quota_people, order_id, flag_id
FROM supervision_event WHERE gone = 0 AND kind IS NOT NULL AND issued_on IS NOT NULL ORDER BY issued_on, id
"""
_REPLIES = """
SELECT r.order_id, r.measures, coalesce(r.responsible, ''), r.replied_on,
       (SELECT count(*) FROM attachment a
        WHERE a.owner = 'supervision_event' AND a.owner_key = r.order_id AND a.gone = 0)
FROM rectification r WHERE r.gone = 0 AND r.measures IS NOT NULL AND r.replied_on IS NOT NULL
"""
_OPENED = f"""
SELECT count(DISTINCT c.id), count(e.trainee_id) FROM training_class c
LEFT JOIN enrolment e ON e.class_id = c.id AND e.gone = 0 AND coalesce(e.state, '') NOT IN {OUTSIDE}
  AND coalesce(e.state, '') NOT IN {LEFT}
WHERE c.gone = 0 AND substr(c.start_on, 1, 4) = ? AND c.id <> ?
  AND coalesce(c.state, 'running') NOT IN ('preparing', 'cancelled')
"""
_LATER = msgspec.msgpack.Decoder(dict[int, int]).decode


def events(sql: Connection) -> list[Event]:
    """Return all acts of departments in the order of their days; kinds of a later contract are left out."""
    known = {one.value for one in EventKind}
    return [
        Event(
            row[0],
            EventKind(row[1]),
            row[2],
            row[3],
            required_day(row[4]),
            row[5],
            day(row[6]),
            *row[7:],
        )
        for row in sql.exec_driver_sql(_EVENTS)
        if row[1] in known
    ]


def replies(sql: Connection) -> dict[bytes, Reply]:
    """Return the 整改回复 by order."""
    return {
        row[0]: Reply(row[1], row[2], required_day(row[3]), row[4]) for row in sql.exec_driver_sql(_REPLIES)
    }


def reported(sql: Connection, order_id: bytes) -> dict[str, object] | None:
    """Return the fields of the 整改回复 to an order as it is reported; None while there is none."""
    reply = replies(sql).get(order_id)
    order = next((one for one in events(sql) if one.id == order_id), None)
    if reply is None or order is None:
        return None
    return {
        "document": order.document,
        "measures": reply.measures,
        "responsible": reply.responsible,
        "replied_on": reply.replied_on.isoformat(),
        "files": reply.files,
    }


def opened_in(sql: Connection, year: int, without: bytes) -> Year:
    """Return how many classes of a year have been filed or opened, and their people, but for one class."""
    row = sql.exec_driver_sql(_OPENED, (str(year), without)).one()
    return Year(year, int(row[0]), int(row[1]))


def authors(sql: Connection, subjects: Iterable[tuple[int, bytes]]) -> frozenset[bytes]:
    """Return the users who entered what a flag speaks of: its records, and the marks of its people and sessions."""
    listed = list(subjects)
    sessions = [key for number, key in listed if number == SESSION.number]
    people = [key for number, key in listed if number == TRAINEE.number]
    seqs: set[int] = set()
    for entity in (CERTIFICATE, ATTACHMENT, ASSESSMENT, SESSION):
        where = " AND ".join(f"{part.name} = ?" for part in entity.key)
        for number, key in listed:
            if number == entity.number:
                values = tuple(entity.split_key(key))
                query = f'SELECT base, later FROM "{entity.name}" WHERE {where}'
                seqs |= _seqs(sql.exec_driver_sql(query, values))
    marks = "SELECT DISTINCT base, later FROM mark WHERE gone = 0 AND status IS NOT NULL AND session_id = ?"
    for session in sessions:
        if people:
            for person in people:
                seqs |= _seqs(sql.exec_driver_sql(f"{marks} AND trainee_id = ?", (session, person)))
        else:
            seqs |= _seqs(sql.exec_driver_sql(marks, (session,)))
    of_class = (
        f"{marks.replace('session_id = ?', '')} session_id IN (SELECT id FROM session WHERE class_id = ?)"
    )
    for number, key in listed:
        if number == TRAINING_CLASS.number and not sessions and not people:
            seqs |= _seqs(sql.exec_driver_sql(of_class, (key,)))
        if number == ASSESSMENT.number:
            query = "SELECT DISTINCT base, later FROM score WHERE gone = 0 AND assessment_id = ?"
            seqs |= _seqs(sql.exec_driver_sql(query, (key,)))
    headers = (
        sql.exec_driver_sql("SELECT header FROM journal_entry WHERE seq = ?", (seq,)).scalar_one()
        for seq in seqs
    )
    return frozenset(decode_header(header).user for header in headers) - {b""}


def _seqs(rows: Iterable[tuple[int, bytes | None]]) -> set[int]:
    found: set[int] = set()
    for base, later in rows:
        found.add(base)
        found.update(() if later is None else _LATER(later).values())
    return found
