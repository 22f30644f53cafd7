"""Trainees, teachers and users."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Connection

from desktop_app.domain import masking
from desktop_app.domain.codes import Education, education_name
from desktop_app.domain.identity import normalise_number
from desktop_app.domain.listings.people import (
    DeviceListItem,
    TeacherListItem,
    TraineeEnrolment,
    TraineeListItem,
    TraineeMatch,
    UserListItem,
)
from desktop_app.domain.names import check_name
from desktop_app.domain.records import TRAINEE
from desktop_app.domain.users import Role
from desktop_app.store.queries.columns import codes, day, keys
from desktop_app.store.record_tables import known_table

_TRAINEES = """
SELECT t.id, t.name, t.document_type, t.document_number, t.sex, t.birth, t.ethnicity, t.education, t.studying,
       t.phone,
       (SELECT json_group_array(json_array(c.code, e.category, e.key_group)) FROM enrolment e
         JOIN training_class c ON c.id = e.class_id AND c.gone = 0
        WHERE e.trainee_id = t.id AND e.gone = 0)
FROM trainee t WHERE t.gone = 0
"""


def trainee_items(
    sql: Connection,
    *,
    text: str = "",
    class_ids: frozenset[bytes] | None = None,
    limit: int | None = None,
    by_parts: bool = True,
) -> list[TraineeListItem]:
    """Return trainees by name, newest last among equals.

    ``text`` searches, ``class_ids`` limits to some classes; ``by_parts`` lets a part of ID or phone be enough.
    """
    query, values = _TRAINEES, list[str]()
    if text.strip():
        condition, values = search_condition(text, by_parts=by_parts)
        query += f" AND t.id IN (SELECT trainee_id FROM trainee_search WHERE {condition})"
    allowed = None if class_ids is None else _members_of(sql, class_ids)
    rows = sql.exec_driver_sql(query + " ORDER BY t.name, t.id", tuple(values))
    shown = (row for row in rows if allowed is None or row[0] in allowed)
    return [_trainee_item(row) for row in islice(shown, limit)]


def _members_of(sql: Connection, class_ids: frozenset[bytes]) -> set[bytes]:
    rows = sql.exec_driver_sql("SELECT class_id, trainee_id FROM enrolment WHERE gone = 0")
    return {row[1] for row in rows if row[0] in class_ids}


def search_condition(text: str, *, by_parts: bool = True) -> tuple[str, list[str]]:
    """Return the condition for a search over name, initials of any reading, part of ID or phone.

    The text is read as a name or number is: dots, widths and blanks put right; % and _ are plain characters.
    """
    plain = _escaped(check_name(text).value)
    lower = plain.lower()
    parts = ["name LIKE ? ESCAPE '\\'"]
    values = [f"%{plain}%"]
    if lower.isascii() and lower.isalpha():
        parts.append("(' ' || initials) LIKE ? ESCAPE '\\'")
        values.append(f"% {lower}%")
    number = normalise_number(text)
    if any(character.isdigit() for character in number):
        parts += ["document LIKE ? ESCAPE '\\'", "phone LIKE ? ESCAPE '\\'"]
        values += [f"%{_escaped(number)}%" if by_parts else _escaped(number)] * 2
    return "(" + " OR ".join(parts) + ")", values


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _trainee_item(row: Sequence[Any]) -> TraineeListItem:
    enrolments = json.loads(row[10] or "[]")
    last = enrolments[-1] if enrolments else (None, None, None)
    return TraineeListItem(
        id=row[0],
        name=row[1] or "",
        document_type=row[2] or "",
        document_number=masking.mask_document(row[3] or ""),
        sex=row[4],
        birth=day(row[5]),
        ethnicity=row[6],
        education=row[7],
        studying=bool(row[8]),
        phone=masking.mask_phone(row[9] or ""),
        classes=tuple(code for code, _, _ in enrolments),
        category=last[1],
        key_group=last[2],
    )


def trainee_enrolments(sql: Connection, trainee_id: bytes) -> tuple[TraineeEnrolment, ...]:
    """Return a trainee's classes, oldest first."""
    rows = sql.exec_driver_sql(
        "SELECT e.class_id, c.code, e.number, e.category, e.key_group, e.enrolled_on, coalesce(e.state, 'enrolled')"
        " FROM enrolment e JOIN training_class c ON c.id = e.class_id AND c.gone = 0"
        " WHERE e.gone = 0 AND e.trainee_id = ? ORDER BY c.start_on, c.code",
        (trainee_id,),
    )
    return tuple(
        TraineeEnrolment(row[0], row[1], row[2], row[3], row[4], day(row[5]), row[6]) for row in rows
    )


def trainees_by_document(sql: Connection, number: str) -> list[TraineeMatch]:
    """Return the trainees that have a document number."""
    rows = sql.exec_driver_sql(
        "SELECT id, name FROM trainee WHERE gone = 0 AND document_number = ? ORDER BY id", (number,)
    ).all()
    return [
        TraineeMatch(row[0], row[1] or "", tuple(item.class_code for item in trainee_enrolments(sql, row[0])))
        for row in rows
    ]


def trainee_fields(sql: Connection, trainee_id: bytes) -> dict[str, object] | None:
    """Return the stored fields of a trainee, unmasked."""
    record = known_table(TRAINEE).fetch(sql, trainee_id)
    if record is None or record.gone:
        return None
    return {name: value for name, value in record.fields.items() if name != "deleted"}


def household_regions(sql: Connection, trainee_ids: Sequence[bytes]) -> dict[bytes, str]:
    """Return the 户籍 region codes of some trainees, where known."""
    records = known_table(TRAINEE).fetch_many(sql, trainee_ids)
    return {
        key: str(region) for key, record in records.items() if (region := record.fields["household_region"])
    }


def typed(name: str, fields: Mapping[str, object]) -> str:
    """Return a stored field as somebody would type it into the form."""
    value = fields.get(name)
    if value is None or name == "studying":
        return ""
    if name == "education":
        return education_name(Education(str(value), bool(fields.get("studying"))))
    return str(value)


def teacher_items(sql: Connection) -> list[TeacherListItem]:
    """Return teachers by name, with the sessions and 课时 that they give."""
    load: dict[bytes, tuple[int, int]] = {}
    for text, hours in sql.exec_driver_sql(
        "SELECT teachers, hours FROM session WHERE gone = 0 AND coalesce(state, 'planned') <> 'cancelled'"
    ):
        for key in keys(text):
            count, total = load.get(key, (0, 0))
            load[key] = (count + 1, total + (hours or 0))
    rows = sql.exec_driver_sql(
        "SELECT t.id, t.name, t.employment, t.qualities, t.phone, u.login FROM teacher t"
        " LEFT JOIN user u ON u.id = t.user_id AND u.gone = 0 WHERE t.gone = 0 ORDER BY t.name, t.id"
    )
    return [
        TeacherListItem(
            row[0],
            row[1] or "",
            row[2],
            codes(row[3]),
            masking.mask_phone(row[4] or ""),
            row[5],
            *load.get(row[0], (0, 0)),
        )
        for row in rows
    ]


def user_items(sql: Connection, slots: frozenset[str]) -> list[UserListItem]:
    """Return accounts by login name; ``slots`` are the names that can log in on this workstation."""
    teachers: dict[bytes, str] = dict(
        sql.exec_driver_sql("SELECT user_id, name FROM teacher WHERE gone = 0 AND user_id IS NOT NULL").all()
    )
    rows = sql.exec_driver_sql(
        "SELECT id, login, display, roles, disabled FROM user WHERE gone = 0 ORDER BY login, id"
    )
    return [
        UserListItem(
            row[0],
            row[1],
            row[2] or row[1],
            tuple(sorted(Role(code) for code in codes(row[3]))),
            bool(row[4]),
            row[1] in slots,
            teachers.get(row[0]),
        )
        for row in rows
    ]


def device_items(sql: Connection, own: bytes | None) -> list[DeviceListItem]:
    """Return workstations in the order they came."""
    rows = sql.exec_driver_sql("SELECT id, name, revoked FROM device WHERE gone = 0 ORDER BY id")
    return [DeviceListItem(row[0], row[1] or "", bool(row[2]), row[0] == own) for row in rows]
