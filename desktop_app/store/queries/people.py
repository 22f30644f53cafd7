"""One trainee, teachers and users."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from desktop_app.domain import masking
from desktop_app.domain.codes import Education, education_name
from desktop_app.domain.life_cycles import ENROLMENT
from desktop_app.domain.listings.people import (
    DeviceListItem,
    TeacherListItem,
    TraineeEnrolment,
    TraineeMatch,
    UserListItem,
)
from desktop_app.domain.opening import PROOF_NEEDED, proof_kind
from desktop_app.domain.records import TRAINEE
from desktop_app.domain.users import Role
from desktop_app.store import aliases
from desktop_app.store.queries.columns import codes, day
from desktop_app.store.record_tables import known_table


def trainee_enrolments(sql: Connection, trainee_id: bytes) -> tuple[TraineeEnrolment, ...]:
    """Return a trainee's classes under every id of the person, each once, oldest first."""
    people = {trainee_id, *aliases.ids_of(sql, [trainee_id])}
    rows = sql.exec_driver_sql(
        "SELECT e.class_id, c.code, e.number, e.category, e.key_group, e.enrolled_on, e.state"
        " FROM enrolment e JOIN training_class c ON c.id = e.class_id AND c.gone = 0"
        f" WHERE e.gone = 0 AND NOT {aliases.TWIN} AND e.trainee_id IN ({', '.join('?' * len(people))})"
        " ORDER BY c.start_on, c.code",
        tuple(people),
    )
    return tuple(
        TraineeEnrolment(row[0], row[1], row[2], row[3], row[4], day(row[5]), ENROLMENT.state_of(row[6]))
        for row in rows
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
    """Return the stored fields of a trainee's form, unmasked; circumstances are no part of it."""
    record = known_table(TRAINEE).fetch(sql, trainee_id)
    if record is None or record.gone:
        return None
    return {name: value for name, value in record.fields.items() if name not in {"deleted", "circumstances"}}


def personal_values(sql: Connection, trainee_ids: Sequence[bytes]) -> dict[bytes, dict[str, str]]:
    """Return document number, phone and address of some trainees, unmasked; "" for what is not known."""
    records = known_table(TRAINEE).fetch_many(sql, list(dict.fromkeys(trainee_ids)))
    names = ("document_number", "phone", "address")
    return {
        key: {name: str(record.fields[name] or "") for name in names}
        for key, record in records.items()
        if not record.gone
    }


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
    """Return teachers by name, with the sessions and 课时 that they give and the kinds that they have proven."""
    given = "SELECT teacher_id, count(hours), coalesce(sum(hours), 0) FROM teaching GROUP BY teacher_id"
    load = {key: (sessions, hours) for key, sessions, hours in sql.exec_driver_sql(given)}
    files = sql.exec_driver_sql(
        "SELECT owner_key, kind FROM attachment WHERE gone = 0 AND owner = 'teacher' AND digest IS NOT NULL"
    )
    proofs = {(owner, kind) for owner, kind in files}
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
            proven=tuple(quality for quality in PROOF_NEEDED if (row[0], proof_kind(quality)) in proofs),
        )
        for row in rows
    ]


def user_items(sql: Connection, slots: frozenset[str]) -> list[UserListItem]:
    """Return accounts by login name; ``slots`` are the names that can log in on this workstation."""
    teachers: dict[bytes, str] = dict(
        sql.exec_driver_sql("SELECT user_id, name FROM teacher WHERE gone = 0 AND user_id IS NOT NULL").all()
    )
    rows = sql.exec_driver_sql(
        "SELECT id, login, display, roles, disabled, until FROM user WHERE gone = 0 ORDER BY login, id"
    )
    advised = _advised(sql)
    return [
        UserListItem(
            row[0],
            row[1],
            row[2] or row[1],
            tuple(sorted(Role(code) for code in codes(row[3]))),
            bool(row[4]),
            row[1] in slots,
            teachers.get(row[0]),
            day(row[5]),
            advised[row[0].hex()],
        )
        for row in rows
    ]


def _advised(sql: Connection) -> Counter[str]:
    """Count the classes whose 班主任 each account (as hex) is now."""
    rows = sql.exec_driver_sql("SELECT advisers FROM training_class WHERE gone = 0 AND advisers IS NOT NULL")
    return Counter(
        who for row in rows for who in {user for user, _first, last in json.loads(row[0]) if last is None}
    )


def device_items(sql: Connection, own: bytes | None) -> list[DeviceListItem]:
    """Return workstations in the order they came."""
    rows = sql.exec_driver_sql("SELECT id, name, revoked FROM device WHERE gone = 0 ORDER BY id")
    return [DeviceListItem(row[0], row[1] or "", bool(row[2]), row[0] == own) for row in rows]
