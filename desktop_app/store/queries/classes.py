"""Classes, their sessions and members."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection

from desktop_app.domain import masking
from desktop_app.domain.listings.training import ClassListItem, MemberListItem, SessionListItem
from desktop_app.store.queries.columns import day, keys, periods, required_day
from desktop_app.store.queries.turnout import Turnout

_CLASSES = """
SELECT c.id, c.code, c.project_id, p.name, p.trade, p.level, coalesce(c.organisation, p.organisation),
       c.start_on, c.end_on, coalesce(c.state, 'running'), c.place, c.advisers,
       (SELECT count(*) FROM enrolment e WHERE e.class_id = c.id AND e.gone = 0 AND e.state <> 'refused'),
       s.id, s.name
FROM training_class c LEFT JOIN project p ON p.id = c.project_id AND p.gone = 0
LEFT JOIN site s ON s.id = c.site_id AND s.gone = 0
WHERE c.gone = 0
"""
_SESSIONS = """
SELECT s.id, s.class_id, c.code, s.number, s.held_on, s.starts_at, s.ends_at, s.hours, s.mode, s.place, s.content,
       coalesce(s.state, 'planned'), s.teachers
FROM session s JOIN training_class c ON c.id = s.class_id AND c.gone = 0
WHERE s.gone = 0
"""
_MEMBERS = """
SELECT e.class_id, e.trainee_id, e.number, t.name, t.document_type, t.document_number, t.sex, t.birth, t.ethnicity,
       t.education, t.studying, t.phone, t.address, e.category, e.key_group, e.enrolled_on, e.evidence_kind,
       e.evidence_number, e.employer, e.post, e.student_number, e.major, e.state, e.periods
FROM enrolment e JOIN trainee t ON t.id = e.trainee_id AND t.gone = 0
WHERE e.gone = 0
"""


def class_items(
    sql: Connection, today: date, *, class_id: bytes | None = None, only: Iterable[bytes] | None = None
) -> list[ClassListItem]:
    """Return classes by code; ``only`` limits them to some ids."""
    query, values = _CLASSES, list[object]()
    if class_id is not None:
        query += " AND c.id = ?"
        values.append(class_id)
    rows = sql.exec_driver_sql(query + " ORDER BY c.code, c.id", tuple(values)).all()
    allowed = None if only is None else set(only)
    rows = [row for row in rows if allowed is None or row[0] in allowed]
    names = _user_names(sql)
    sessions: dict[bytes, list[SessionListItem]] = {}
    for item in session_items(sql, class_id=class_id):
        sessions.setdefault(item.class_id, []).append(item)
    return [_class_item(row, names, sessions.get(row[0], []), today) for row in rows]


def _class_item(
    values: Sequence[Any], names: dict[str, str], sessions: list[SessionListItem], today: date
) -> ClassListItem:
    held = [item for item in sessions if item.state != "cancelled"]
    past = [item for item in held if item.held_on <= today]
    advisers = tuple(
        names[user] for user, _, last in json.loads(values[11] or "[]") if user in names and last is None
    )
    return ClassListItem(
        id=values[0],
        code=values[1],
        project_id=values[2],
        project_name=values[3],
        trade=values[4],
        level=values[5],
        organisation=values[6],
        start_on=day(values[7]),
        end_on=day(values[8]),
        state=values[9],
        place=values[10],
        site_id=values[13],
        site_name=values[14],
        advisers=advisers,
        people=values[12],
        sessions=len(held),
        sessions_past=len(past),
        sessions_marked=sum(1 for item in held if item.members and item.marked >= item.members),
        hours=sum(item.hours for item in held),
    )


def people_by_class(sql: Connection) -> dict[bytes, int]:
    """Return how many people are enrolled in each class."""
    rows = sql.exec_driver_sql(
        "SELECT c.id, (SELECT count(*) FROM enrolment e"
        " WHERE e.class_id = c.id AND e.gone = 0 AND e.state <> 'refused') FROM training_class c WHERE c.gone = 0"
    )
    return {row[0]: row[1] for row in rows}


def _user_names(sql: Connection) -> dict[str, str]:
    return {
        row[0].hex(): row[1] for row in sql.exec_driver_sql("SELECT id, coalesce(display, login) FROM user")
    }


def session_items(
    sql: Connection,
    *,
    class_id: bytes | None = None,
    session_id: bytes | None = None,
    since: date | None = None,
) -> list[SessionListItem]:
    """Return sessions in the order they are held, with how many members they have and how many of those are marked.

    ``since`` leaves out what was held before that day.
    """
    query, values = _SESSIONS, list[object]()
    for column, value in (("s.class_id", class_id), ("s.id", session_id)):
        if value is not None:
            query += f" AND {column} = ?"
            values.append(value)
    if since is not None:
        query += " AND s.held_on >= ?"
        values.append(since.isoformat())
    rows = sql.exec_driver_sql(query + " ORDER BY s.held_on, s.starts_at, s.id", tuple(values)).all()
    teachers: dict[bytes, str] = dict(sql.exec_driver_sql("SELECT id, name FROM teacher").all())
    days: dict[bytes, set[date]] = {}
    for row in rows:
        days.setdefault(row[1], set()).add(required_day(row[4]))
    turnout = Turnout(sql, days, class_id=next(iter(days)) if len(days) == 1 else None, since=since)
    return [_session_item(row, teachers, turnout) for row in rows]


def _session_item(row: Sequence[Any], teachers: dict[bytes, str], turnout: Turnout) -> SessionListItem:
    held = required_day(row[4])
    teacher_ids = keys(row[12])
    marked, attended = turnout.marks(row[0])
    return SessionListItem(
        id=row[0],
        class_id=row[1],
        class_code=row[2],
        number=row[3] or 0,
        held_on=held,
        starts_at=row[5] or "",
        ends_at=row[6] or "",
        hours=row[7] or 0,
        mode=row[8] or "offline",
        place=row[9] or "",
        content=row[10] or "",
        state=row[11],
        teacher_ids=teacher_ids,
        teachers=tuple(teachers[key] for key in teacher_ids if teachers.get(key)),
        members=turnout.members(row[1], held),
        marked=marked,
        attended=attended,
    )


def member_items(
    sql: Connection, class_id: bytes, *, masked: bool = True, refused: bool = False
) -> list[MemberListItem]:
    """Return the members of a class by number; unmasked only for papers and statements."""
    query = _MEMBERS + " AND e.class_id = ?" + ("" if refused else " AND e.state <> 'refused'")
    rows = sql.exec_driver_sql(
        query + " ORDER BY e.number IS NULL, e.number, e.trainee_id", (class_id,)
    ).all()
    return [_member_item(row, masked=masked) for row in rows]


def _member_item(row: Sequence[Any], *, masked: bool) -> MemberListItem:
    document = row[5] or ""
    phone = row[11] or ""
    return MemberListItem(
        class_id=row[0],
        trainee_id=row[1],
        number=row[2],
        name=row[3] or "",
        document_type=row[4] or "",
        document_number=masking.mask_document(document) if masked else document,
        sex=row[6],
        birth=day(row[7]),
        ethnicity=row[8],
        education=row[9],
        studying=bool(row[10]),
        phone=masking.mask_phone(phone) if masked else phone,
        address="" if masked else row[12] or "",
        category=row[13],
        key_group=row[14],
        enrolled_on=day(row[15]),
        evidence_kind=row[16],
        evidence_number=row[17],
        employer=row[18],
        post=row[19],
        student_number=row[20],
        major=row[21],
        state=row[22] or "enrolled",
        periods=periods(row[23]),
    )
