"""Risk flags whose facts hold, with what was decided about them."""

from __future__ import annotations

import json

from sqlalchemy import Connection

from desktop_app.domain.listings.risks import RiskFlag
from desktop_app.domain.records import TRAINEE
from desktop_app.store.queries.columns import day, keys

_FLAGS = """
SELECT f.id, f.kind, f.blocks, f.class_id, c.code, f.facts, d.decision, d.disposed_on, d.authority, d.reason
FROM risk_flag f LEFT JOIN training_class c ON c.id = f.class_id
LEFT JOIN flag_disposal d ON d.id = f.id AND d.gone = 0
"""
_CORRECTED = """
SELECT d.id, d.kind, d.class_id, c.code, d.facts, d.people, d.decision, d.disposed_on, d.authority, d.reason
FROM flag_disposal d LEFT JOIN training_class c ON c.id = d.class_id
WHERE d.gone = 0 AND d.kind IS NOT NULL AND NOT EXISTS (SELECT 1 FROM risk_flag f WHERE f.id = d.id)
"""
_OPEN = "f.blocks = 1 AND d.decision IS NOT 'cleared'"


def open_blocking_flags(
    sql: Connection, *, trainee_id: bytes | None = None, class_id: bytes | None = None
) -> list[RiskFlag]:
    """Return the 阻断 flags that nobody has cleared, of a person, of a class and its people, or of both (R35, R38)."""
    conditions, values = [_OPEN], list[object]()
    if trainee_id is not None:
        conditions.append("f.id IN (SELECT flag_id FROM risk_subject WHERE entity = ? AND key = ?)")
        values += [TRAINEE.number, trainee_id]
    if class_id is not None:
        conditions.append(
            "(f.class_id = ? OR f.id IN (SELECT r.flag_id FROM enrolment e JOIN risk_subject r"
            " ON r.entity = ? AND r.key = e.trainee_id WHERE e.class_id = ? AND e.gone = 0))"
        )
        values += [class_id, TRAINEE.number, class_id]
    return _read(sql, f"{_FLAGS} WHERE {' AND '.join(conditions)} ORDER BY f.kind, f.id", tuple(values))


def flags(sql: Connection, *, class_id: bytes | None = None) -> list[RiskFlag]:
    """Return all flags, those of a class alone, 阻断 first; then those whose facts were corrected after a decision."""
    where, values = ("", ()) if class_id is None else (" WHERE f.class_id = ?", (class_id,))
    found = _read(sql, f"{_FLAGS}{where} ORDER BY f.blocks DESC, f.kind, c.code, f.id", values)
    for row in sql.exec_driver_sql(f"{_CORRECTED} ORDER BY d.disposed_on DESC, d.id"):
        if class_id is None or row[2] == class_id:
            found.append(
                RiskFlag(
                    id=row[0],
                    kind=row[1],
                    blocks=False,
                    class_id=row[2],
                    class_code=row[3] or "",
                    facts=_facts(row[4]),
                    people=keys(row[5]),
                    decision=row[6],
                    disposed_on=day(row[7]),
                    authority=row[8] or "",
                    reason=row[9] or "",
                    holds=False,
                )
            )
    return found


def flag(sql: Connection, flag_id: bytes) -> RiskFlag | None:
    """Return a flag whose facts hold."""
    found = _read(sql, f"{_FLAGS} WHERE f.id = ?", (flag_id,))
    return found[0] if found else None


def counts(sql: Connection) -> tuple[int, int]:
    """Return how many 阻断 and how many 提示 flags are open."""
    row = sql.exec_driver_sql(
        "SELECT coalesce(sum(f.blocks), 0), coalesce(sum(1 - f.blocks), 0) FROM risk_flag f"
        " LEFT JOIN flag_disposal d ON d.id = f.id AND d.gone = 0 WHERE d.decision IS NOT 'cleared'"
    ).one()
    return int(row[0]), int(row[1])


def _read(sql: Connection, query: str, values: tuple[object, ...]) -> list[RiskFlag]:
    rows = sql.exec_driver_sql(query, values).all()
    subjects: dict[bytes, list[tuple[int, bytes]]] = {}
    for start in range(0, len(rows), 500):
        listed = tuple(row[0] for row in rows[start : start + 500])
        marks = ", ".join("?" * len(listed))
        found = sql.exec_driver_sql(
            f"SELECT flag_id, entity, key FROM risk_subject WHERE flag_id IN ({marks}) ORDER BY entity, key",
            listed,
        )
        for flag_id, entity, key in found:
            subjects.setdefault(flag_id, []).append((entity, key))
    return [
        RiskFlag(
            id=row[0],
            kind=row[1],
            blocks=bool(row[2]),
            class_id=row[3],
            class_code=row[4] or "",
            facts=_facts(row[5]),
            people=tuple(key for entity, key in subjects.get(row[0], ()) if entity == TRAINEE.number),
            subjects=tuple(subjects.get(row[0], ())),
            decision=row[6],
            disposed_on=day(row[7]),
            authority=row[8] or "",
            reason=row[9] or "",
        )
        for row in rows
    ]


def _facts(text: str | None) -> tuple[tuple[str, str], ...]:
    return tuple((str(name), str(value)) for name, value in json.loads(text or "[]"))
