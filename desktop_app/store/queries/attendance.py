"""Marks of a class for the grid, and where each of them comes from."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

from sqlalchemy import Connection

from desktop_app.domain.attendance import LeaveReason, Mark, MarkStatus
from desktop_app.domain.enrolment import is_member
from desktop_app.domain.listings.training import MarkItem, MarkSource
from desktop_app.domain.records import MARK
from desktop_app.store import aliases
from desktop_app.store.database import driver_of
from desktop_app.store.journal import JournalStore, decode
from desktop_app.store.queries.columns import periods
from desktop_app.store.record_tables import known_table
from desktop_app.store.sight import saw

_MARKS = """
SELECT m.session_id, m.trainee_id, m.status, m.lost_hours, m.reason, m.base, m.later
FROM session s CROSS JOIN mark m ON m.session_id = s.id
WHERE s.class_id = ? AND s.gone = 0 AND m.gone = 0 AND m.status IS NOT NULL
"""
_ENROLMENTS = """
SELECT e.trainee_id, e.periods FROM enrolment e JOIN trainee t ON t.id = e.trainee_id AND t.gone = 0
WHERE e.gone = 0 AND e.state <> 'refused' AND e.class_id = ?
"""
_BY_NUMBER = " ORDER BY e.number IS NULL, e.number, e.trainee_id"
# A mark's key is that of its session, then that of its trainee.
_OTHERS = """
SELECT h.key, h.value FROM session s CROSS JOIN head h
ON h.entity = ? AND h.key >= s.id AND h.key <= CAST(s.id || ? AS BLOB) AND h.grp = ? WHERE s.class_id = ?
"""
_LAST = b"\xff" * 16


def members_on(
    sql: Connection, class_id: bytes, day: date, only: Collection[bytes] | None = None
) -> list[bytes]:
    """Return who belongs to a class on a day, by number, each person once; ``only`` limits them to some people."""
    twins = aliases.twins_of(sql, class_id)
    only = _with_twins(only, twins)
    known: dict[str | None, bool] = {}
    found = []
    query, values = _ENROLMENTS, tuple[bytes, ...]((class_id, *(only or ())))
    if only is not None:
        query += f" AND e.trainee_id IN ({', '.join('?' * len(only))})"
    for trainee_id, text in driver_of(sql).execute(query + _BY_NUMBER, values):
        if text not in known:
            known[text] = is_member(periods(text), day)
        if known[text]:
            found.append(twins.get(trainee_id, trainee_id))
    return list(dict.fromkeys(found)) if twins else found


def _with_twins(only: Collection[bytes] | None, twins: Mapping[bytes, bytes]) -> Collection[bytes] | None:
    if only is None or not twins:
        return only
    return [*only, *(twin for twin, shown in twins.items() if shown in only and twin not in only)]


def marks(
    sql: Connection,
    class_id: bytes,
    session_id: bytes | None = None,
    only: Collection[bytes] | None = None,
) -> dict[tuple[bytes, bytes], MarkItem]:
    """Return the marks of a class, or of one of its sessions, by (session, trainee); ``only``: of some people.

    Marks under several ids of one person are one: that of the id under which the person is shown goes first, and
    another that it was not written over is a conflict.
    """
    twins = aliases.twins_of(sql, class_id)
    only = _with_twins(only, twins)
    execute = driver_of(sql).execute
    one, values = ("", [class_id]) if session_id is None else (" AND s.id = ?", [class_id, session_id])
    of_some = "" if only is None else f" AND m.trainee_id IN ({', '.join('?' * len(only))})"
    others: dict[bytes, list[object]] = {}
    if execute("SELECT 1 FROM head LIMIT 1").fetchone():
        heads = execute(_OTHERS + one, (MARK.number, _LAST, MARK.by_name["mark"].number, *values))
        for key, value in heads:
            others.setdefault(key, []).append(decode(value))
    found = {}
    for session, trainee, status, lost, reason, base, later in execute(
        _MARKS + one + of_some, [*values, *(only or ())]
    ):
        entry = base if later is None else _last_entry(later, base)
        mark = Mark(MarkStatus(status), lost or 0, None if reason is None else LeaveReason(reason))
        conflict = bool(others) and any(
            value != [status, lost, reason] for value in others.get(session + trainee, ())
        )
        found[session, trainee] = MarkItem(mark, entry, conflict)
    return _as_one(sql, found, twins) if twins else found


def _as_one(
    sql: Connection, found: Mapping[tuple[bytes, bytes], MarkItem], twins: Mapping[bytes, bytes]
) -> dict[tuple[bytes, bytes], MarkItem]:
    joined = {key: item for key, item in found.items() if key[1] not in twins}
    for (session, trainee), item in sorted(found.items()):
        if trainee not in twins:
            continue
        place = (session, twins[trainee])
        present = joined.get(place)
        if present is None:
            joined[place] = item
        elif not present.conflict and present.mark != item.mark and not saw(sql, present.entry, item.entry):
            joined[place] = replace(present, conflict=True)
    return joined


def _last_entry(later: bytes, base: int) -> int:
    record = known_table(MARK).read_later(later)
    return record.get(MARK.by_name["mark"].number, base)


def mark_source(sql: Connection, entry: int) -> MarkSource:
    """Return by which command, by whom and when a mark was written."""
    header, note, _ = JournalStore(sql).changes(entry)
    row = sql.exec_driver_sql(
        "SELECT coalesce(display, login) FROM user WHERE id = ?", (header.user,)
    ).first()
    at = datetime.fromtimestamp(header.stamp.ms / 1000, UTC)
    return MarkSource(header.command, "" if row is None else row[0], at, note.reason)
