"""Classes, their sessions and members."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Connection

from desktop_app.domain import masking
from desktop_app.domain.enrolment import united
from desktop_app.domain.life_cycles import ENROLMENT
from desktop_app.domain.listings.training import ClassListItem, MemberListItem, SessionListItem
from desktop_app.store import aliases
from desktop_app.store.database import driver_of
from desktop_app.store.enrolment_states import OUTSIDE
from desktop_app.store.queries.columns import day, keys, periods, required_day

_CLASSES = """
SELECT c.id, c.code, c.project_id, p.name, p.trade, p.level, coalesce(c.organisation, p.organisation),
       c.start_on, c.end_on, coalesce(c.state, 'running'), c.place, c.advisers, s.id, s.name,
       coalesce(t.people, 0), coalesce(t.sessions, 0), coalesce(t.complete, 0), coalesce(t.hours, 0)
FROM training_class c LEFT JOIN project p ON p.id = c.project_id AND p.gone = 0
LEFT JOIN site s ON s.id = c.site_id AND s.gone = 0
LEFT JOIN class_tally t ON t.class_id = c.id
WHERE c.gone = 0
"""
_SESSIONS_TO_COME = "SELECT class_id, count(*) FROM session_tally WHERE counts AND held_on > ?"
_SESSIONS = """
SELECT s.id, s.class_id, c.code, s.number, s.held_on, s.starts_at, s.ends_at, s.hours, s.mode, s.place, s.content,
       coalesce(s.state, 'planned'), s.teachers,
       coalesce(t.members, 0), coalesce(t.marked, 0), coalesce(t.attended, 0),
       s.makes_up, m.number, s.makes_up_for, s.online_platform, s.online_minutes, s.identity_checks, s.substituted,
       s.shares, s.site_id, CASE WHEN c.state = 'suspended' THEN c.state_on END
FROM session s JOIN training_class c ON c.id = s.class_id AND c.gone = 0
LEFT JOIN session_tally t ON t.session_id = s.id
LEFT JOIN session m ON m.id = s.makes_up
WHERE s.gone = 0
"""
_MEMBERS = """
SELECT e.class_id, e.trainee_id, e.number, t.name, t.document_type, t.document_number, t.sex, t.birth, t.ethnicity,
       t.education, t.studying, t.phone, t.address, e.category, e.key_group, e.enrolled_on, e.evidence_kind,
       e.evidence_number, e.employer, e.post, e.student_number, e.major, e.state, e.periods, e.carried, e.chosen_group,
       e.channel, e.consented_on, e.organised_by, e.decision_reason, e.employer_uscc
FROM enrolment e JOIN trainee t ON t.id = e.trainee_id AND t.gone = 0
WHERE e.gone = 0
"""


def class_items(
    sql: Connection, today: date, *, only: Collection[bytes] | None = None
) -> list[ClassListItem]:
    """Return the classes by code; ``only`` limits them to some ids."""
    query, coming, values = _CLASSES, _SESSIONS_TO_COME, tuple[bytes, ...]()
    if only is not None:
        values = tuple(sorted(only))
        listed = f"({', '.join('?' * len(values))})"
        query += f" AND c.id IN {listed}"
        coming += f" AND class_id IN {listed}"
    rows = sql.exec_driver_sql(query + " ORDER BY c.code, c.id", values).all()
    # +: else every session is walked in the index of classes, when those to come are few.
    to_come: dict[bytes, int] = dict(
        sql.exec_driver_sql(coming + " GROUP BY +class_id", (today.isoformat(), *values)).all()
    )
    names = _user_names(sql)
    return [_class_item(row, names, to_come.get(row[0], 0)) for row in rows]


def _class_item(values: Sequence[Any], names: dict[str, str], to_come: int) -> ClassListItem:
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
        site_id=values[12],
        site_name=values[13],
        advisers=advisers,
        people=values[14],
        sessions=values[15],
        sessions_past=values[15] - to_come,
        sessions_marked=values[16],
        hours=values[17],
    )


def taught_in(sql: Connection, teacher_ids: Collection[bytes]) -> set[bytes]:
    """Return the classes in which one of some teachers gives a session or an assessment."""
    listed = ", ".join("?" * len(teacher_ids))
    rows = sql.exec_driver_sql(
        f"SELECT DISTINCT class_id FROM teaching WHERE teacher_id IN ({listed})", tuple(teacher_ids)
    )
    return {row[0] for row in rows}


def _user_names(sql: Connection) -> dict[str, str]:
    return {
        row[0].hex(): row[1] for row in sql.exec_driver_sql("SELECT id, coalesce(display, login) FROM user")
    }


def session_items(
    sql: Connection,
    *,
    class_id: bytes | None = None,
    session_id: bytes | None = None,
    only: Collection[bytes] | None = None,
    days: Collection[date] | None = None,
) -> list[SessionListItem]:
    """Return sessions in the order they are held, with how many members they have and how many of those are marked.

    ``only`` limits them to some ids, ``days`` to what is held then. The counts are those before a running command.
    """
    query, values = _SESSIONS, list[object]()
    for column, value in (("s.class_id", class_id), ("s.id", session_id)):
        if value is not None:
            query += f" AND {column} = ?"
            values.append(value)
    dates = None if days is None else [one.isoformat() for one in days]
    for column, listed in (("s.id", only), ("s.held_on", dates)):
        if listed is not None:
            query += f" AND {column} IN ({', '.join('?' * len(listed))})"
            values += listed
    # By the driver: SQLAlchemy takes longer over 27 columns than SQLite over the session.
    rows = driver_of(sql).execute(query + " ORDER BY s.held_on, s.starts_at, s.id", values).fetchall()
    lists = {text for row in rows for text in (row[12], row[22])}
    teachers = _teacher_names(sql, {key for text in lists for key in keys(text)})
    return [_session_item(row, teachers) for row in rows]


def _teacher_names(sql: Connection, wanted: Collection[bytes]) -> dict[bytes, str]:
    """Return the names of some teachers."""
    if not wanted:
        return {}
    query = f"SELECT id, name FROM teacher WHERE id IN ({', '.join('?' * len(wanted))})"
    return dict(driver_of(sql).execute(query, tuple(wanted)).fetchall())


def _session_item(row: Sequence[Any], teachers: dict[bytes, str]) -> SessionListItem:
    teacher_ids = keys(row[12])
    return SessionListItem(
        id=row[0],
        class_id=row[1],
        class_code=row[2],
        number=row[3] or 0,
        held_on=required_day(row[4]),
        starts_at=row[5] or "",
        ends_at=row[6] or "",
        hours=row[7] or 0,
        mode=row[8] or "offline",
        place=row[9] or "",
        content=row[10] or "",
        state=row[11],
        teacher_ids=teacher_ids,
        teachers=tuple(teachers[key] for key in teacher_ids if teachers.get(key)),
        members=row[13],
        marked=row[14],
        attended=row[15],
        makes_up=row[16],
        makes_up_number=row[17],
        makes_up_for=None if row[18] is None else keys(row[18]),
        online_platform=row[19],
        online_minutes=row[20],
        identity_checks=row[21],
        substituted=tuple(teachers[key] for key in keys(row[22]) if teachers.get(key)),
        shares=tuple(json.loads(row[23] or "[]")),
        site_id=row[24],
        suspended_on=day(row[25]),
    )


def member_items(
    sql: Connection, class_id: bytes, *, masked: bool = True, refused: bool = False
) -> list[MemberListItem]:
    """Return the members of a class by number; unmasked only for papers and statements.

    Two enrolments of one person are one item. ``refused`` with those who applied and are not, or not yet, admitted.
    """
    query = _MEMBERS + " AND e.class_id = ?" + ("" if refused else f" AND e.state NOT IN {OUTSIDE}")
    rows = sql.exec_driver_sql(
        query + " ORDER BY e.number IS NULL, e.number, e.trainee_id", (class_id,)
    ).all()
    items = [_member_item(row, masked=masked) for row in rows]
    twins = aliases.twins_of(sql, class_id)
    return _as_one(items, twins) if twins else items


def member_ids(sql: Connection, class_id: bytes) -> set[bytes]:
    """Return who ``member_items`` lists, each person under the id that is shown."""
    query = (
        "SELECT e.trainee_id FROM enrolment e JOIN trainee t ON t.id = e.trainee_id AND t.gone = 0"
        f" WHERE e.gone = 0 AND e.class_id = ? AND e.state NOT IN {OUTSIDE}"
    )
    found = {row[0] for row in sql.exec_driver_sql(query, (class_id,))}
    return found - aliases.twins_of(sql, class_id).keys()


def _as_one(items: Sequence[MemberListItem], twins: Mapping[bytes, bytes]) -> list[MemberListItem]:
    """Return each person once, with the periods of all enrolments; what the record itself lacks another gives."""
    others: dict[bytes, list[MemberListItem]] = defaultdict(list)
    for item in items:
        if item.trainee_id in twins:
            others[twins[item.trainee_id]].append(item)
    found = []
    for item in items:
        own = others.get(item.trainee_id)
        if own:
            numbers = [one.number for one in (item, *own) if one.number is not None]
            spans = united(span for one in (item, *own) for span in one.periods)
            ids = tuple(one.trainee_id for one in own)
            found.append(replace(item, number=numbers[0] if numbers else None, periods=spans, twins=ids))
        elif item.trainee_id not in twins:
            found.append(item)
    return found


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
        state=ENROLMENT.state_of(row[22]),
        periods=periods(row[23]),
        carried_hours=sum(hours for _, hours in json.loads(row[24] or "[]")),
        chosen_group=row[25],
        channel=row[26],
        consented_on=day(row[27]),
        organised_by=row[28],
        decision_reason=row[29],
        employer_uscc=row[30],
    )
