"""就业跟踪 by person and month, and the people whom the rates count."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection

from desktop_app.domain.employment import FollowUp, Status, VoucherKind
from desktop_app.domain.ids import numbered
from desktop_app.domain.listings.employment import FollowedPerson
from desktop_app.store.enrolment_states import LEFT, OUTSIDE
from desktop_app.store.queries.columns import day, required_day

_COLUMNS = """
f.class_id, f.trainee_id, f.month, f.status, f.since, f.employer, f.credit_code, f.post, f.contract_from,
f.contract_until, f.insured, f.matched, f.voucher_kind, f.voucher_number, f.voucher_on, f.followed_on
"""
_FOLLOW_UPS = f"""
SELECT {_COLUMNS} FROM follow_up f WHERE f.gone = 0 AND f.status IS NOT NULL AND f.followed_on IS NOT NULL
"""
_PEOPLE = f"""
SELECT e.class_id, e.trainee_id, coalesce(e.number, 0), coalesce(t.name, ''), coalesce(e.category, 'other'),
       e.state, c.code, c.start_on, coalesce(c.end_on, (SELECT max(held_on) FROM session_tally k
                                                          WHERE k.class_id = c.id AND k.counts)), c.state, e.enrolled_on
FROM enrolment e JOIN trainee t ON t.id = e.trainee_id AND t.gone = 0
JOIN training_class c ON c.id = e.class_id AND c.gone = 0
WHERE e.gone = 0 AND coalesce(e.state, '') NOT IN {OUTSIDE} AND coalesce(e.state, '') NOT IN {LEFT}
"""


def people(sql: Connection, *, class_id: bytes | None = None) -> list[FollowedPerson]:
    """Return who belongs to a class to its end, by number; without one, of all classes."""
    where, values = ("", ()) if class_id is None else (" AND e.class_id = ?", (class_id,))
    known = months(sql, class_id=class_id)
    rows = sql.exec_driver_sql(f"{_PEOPLE}{where} ORDER BY c.code, e.number, e.trainee_id", values)
    return [
        FollowedPerson(
            class_id=row[0],
            trainee_id=row[1],
            class_code=row[6] or "",
            number=row[2],
            name=row[3],
            category=row[4],
            state=row[5],
            started_on=day(row[7]),
            ended_on=day(row[8]),
            months=known.get((row[0], row[1]), {}),
        )
        for row in rows
    ]


def months(
    sql: Connection, *, class_id: bytes | None = None, month: int | None = None
) -> dict[tuple[bytes, bytes], dict[int, FollowUp]]:
    """Return follow-ups by (class, person) and month."""
    query, values = _FOLLOW_UPS, list[object]()
    if class_id is not None:
        query, values = f"{query} AND f.class_id = ?", [*values, class_id]
    if month is not None:
        query, values = f"{query} AND f.month = ?", [*values, month]
    found: dict[tuple[bytes, bytes], dict[int, FollowUp]] = {}
    for row in sql.exec_driver_sql(f"{query} ORDER BY f.class_id, f.trainee_id, f.month", tuple(values)):
        found.setdefault((row[0], row[1]), {})[row[2]] = _follow_up(row)
    return found


def reported(sql: Connection, class_id: bytes) -> Iterator[tuple[bytes, dict[str, object]]]:
    """Yield key and fields of the follow-ups of a class as they are reported."""
    for (_, trainee), known in sorted(months(sql, class_id=class_id).items()):
        for month, one in sorted(known.items()):
            days = {
                name: None if (found := getattr(one, name)) is None else found.isoformat()
                for name in ("followed_on", "since", "contract_from", "contract_until", "voucher_on")
            }
            texts = {
                name: getattr(one, name) or None
                for name in ("employer", "credit_code", "post", "voucher_number")
            }
            yield (
                numbered(class_id + trainee, month),
                {
                    "status": one.status.value,
                    "insured": one.insured,
                    "matched": one.matched,
                    "voucher_kind": None if one.voucher_kind is None else one.voucher_kind.value,
                    **days,
                    **texts,
                },
            )


def _follow_up(row: Any) -> FollowUp:  # noqa: ANN401 - a row of the statement above
    return FollowUp(
        status=Status(row[3]),
        followed_on=required_day(row[15]),
        since=day(row[4]),
        employer=row[5] or "",
        credit_code=row[6] or "",
        post=row[7] or "",
        contract_from=day(row[8]),
        contract_until=day(row[9]),
        insured=None if row[10] is None else bool(row[10]),
        matched=None if row[11] is None else bool(row[11]),
        voucher_kind=None if row[12] is None else VoucherKind(row[12]),
        voucher_number=row[13] or "",
        voucher_on=day(row[14]),
    )
