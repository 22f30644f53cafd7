"""补贴: claims with their money, their people, 异议, and what students were charged and cost."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from desktop_app.domain.claims import (
    Decided,
    Decision,
    GrantFact,
    Notice,
    Payee,
    PayeeKind,
    claim_money,
    stands_as,
)
from desktop_app.domain.claims.keys import CHANNELS, channel_code
from desktop_app.domain.listings.claims import (
    ClaimItem,
    ClaimLine,
    ClaimWaiting,
    Instalment,
    ObjectionItem,
    StudentMoney,
)
from desktop_app.domain.records import CLAIM
from desktop_app.store import aliases
from desktop_app.store.queries.columns import day, required_day

_CLAIMS = """
SELECT k.class_id, k.channel, k.period, c.code, coalesce(k.state, 'draft'), k.state_on, k.made_on, k.department,
       p.name, p.trade, p.level, k.payee_kind, k.holder, k.bank, k.account, k.paper,
       k.publisher, k.place, k.notice_from, k.notice_until, k.phone, k.reviewed_by, u.display, k.reviewed_on, k.solo
FROM claim k JOIN training_class c ON c.id = k.class_id
LEFT JOIN project p ON p.id = c.project_id AND p.gone = 0
LEFT JOIN user u ON u.id = k.reviewed_by
WHERE k.gone = 0 AND k.made_on IS NOT NULL
"""
_OF = " class_id = ? AND channel = ? AND period = ? AND gone = 0"
_LINES = f"""
SELECT trainee_id, chosen_group, fen, standard_fen, document, certified, holder, bank, account, paper FROM claim_line
WHERE fen IS NOT NULL AND{_OF} ORDER BY trainee_id
"""
_OBJECTIONS = """
SELECT o.id, o.trainee_id, t.name, o.raised_on, o.raised_by, o.content, o.answered_on, o.upheld, o.answer
FROM claim_objection o JOIN trainee t ON t.id = o.trainee_id
WHERE o.gone = 0 AND o.raised_on IS NOT NULL AND o.class_id = ? AND o.channel = ? AND o.period = ?
ORDER BY o.raised_on, o.id
"""
_SAME_TRAINING = """
SELECT l.trainee_id, c.code, l.class_id = ?1 AND l.channel = ?2 AND l.period = ?3 FROM claim_line l
JOIN claim k ON k.class_id = l.class_id AND k.channel = l.channel AND k.period = l.period AND k.gone = 0
JOIN training_class c ON c.id = l.class_id JOIN project p ON p.id = c.project_id
LEFT JOIN claim_decision d ON d.class_id = l.class_id AND d.channel = l.channel AND d.period = l.period
 AND d.trainee_id = l.trainee_id AND d.gone = 0
WHERE l.gone = 0 AND l.fen IS NOT NULL AND d.decision IS NOT 'refused'
 AND ((l.class_id = ?1 AND l.channel = ?2) OR (l.class_id <> ?1 AND p.trade = ?4 AND p.level = ?5))
 AND l.trainee_id IN (SELECT unhex(value) FROM json_each(?6))
"""
_FORMER = """
SELECT l.trainee_id, c.code, l.channel, k.made_on FROM claim_line l
JOIN claim k ON k.class_id = l.class_id AND k.channel = l.channel AND k.period = l.period AND k.gone = 0
JOIN training_class c ON c.id = l.class_id
LEFT JOIN claim_decision d ON d.class_id = l.class_id AND d.channel = l.channel AND d.period = l.period
 AND d.trainee_id = l.trainee_id AND d.gone = 0
WHERE l.gone = 0 AND l.fen IS NOT NULL AND k.made_on IS NOT NULL AND d.decision IS NOT 'refused'
 AND NOT (l.class_id = ?1 AND l.channel = ?2 AND l.period = ?3)
 AND l.trainee_id IN (SELECT unhex(value) FROM json_each(?4))
ORDER BY k.made_on, c.code
"""
_NOT_TAKEN = """
SELECT key, code FROM rejected_record
WHERE report = 'claim' AND subject = ? AND kind = 'claim_line' AND code = 'CLAIM_TRAINED_ELSEWHERE'
 AND substr(key, 1, ?) = ?
"""
_WAITING = """
SELECT CASE k.state WHEN 'checking' THEN 'check' WHEN 'checked' THEN 'publish' ELSE 'submit' END,
       k.class_id, k.channel, k.period, c.code,
       CASE k.state WHEN 'published' THEN k.notice_until ELSE k.state_on END,
       (SELECT coalesce(sum(l.fen), 0) FROM claim_line l WHERE l.class_id = k.class_id AND l.channel = k.channel
        AND l.period = k.period AND l.gone = 0)
FROM claim k JOIN training_class c ON c.id = k.class_id AND c.gone = 0
WHERE k.gone = 0 AND k.made_on IS NOT NULL
 AND (k.state IN ('checking', 'checked') OR (k.state = 'published' AND k.notice_until < ?))
UNION ALL
SELECT 'not_taken', l.class_id, l.channel, l.period, c.code, k.state_on, sum(l.fen)
FROM rejected_record r
JOIN claim_line l ON l.class_id = substr(r.key, 1, 16) AND l.trainee_id = substr(r.key, 21)
 AND printf('%04X%04X', l.channel, l.period) = hex(substr(r.key, 17, 4)) AND l.gone = 0 AND l.fen IS NOT NULL
JOIN claim k ON k.class_id = l.class_id AND k.channel = l.channel AND k.period = l.period AND k.state = 'submitted'
JOIN training_class c ON c.id = k.class_id AND c.gone = 0
WHERE r.report = 'claim' AND r.kind = 'claim_line' AND r.code = 'CLAIM_TRAINED_ELSEWHERE' AND NOT EXISTS (
 SELECT 1 FROM claim_decision d WHERE d.class_id = l.class_id AND d.channel = l.channel AND d.period = l.period
 AND d.trainee_id = l.trainee_id AND d.gone = 0 AND d.decision IS NOT NULL)
GROUP BY 2, 3, 4 ORDER BY 6, 5
"""
_STUDENT = """
SELECT m.id, m.trainee_id, t.name, m.charge, m.kind, m.fen, m.on_day, m.document, m.source
FROM (SELECT id, class_id, trainee_id, 1 AS charge, kind, fen, on_day, document, NULL AS source, gone
      FROM student_charge
      UNION ALL SELECT id, class_id, trainee_id, 0, kind, fen, on_day, document, source, gone FROM cost
      WHERE trainee_id IS NOT NULL) m
JOIN trainee t ON t.id = m.trainee_id
WHERE m.gone = 0 AND m.fen IS NOT NULL AND m.class_id = ? ORDER BY m.on_day, m.id
"""
_STUDENTS = """
SELECT e.trainee_id, c.code, coalesce(p.name, ''), c.start_on,
       (SELECT min(a.held_on) FROM score s JOIN assessment a ON a.id = s.assessment_id AND a.gone = 0
        WHERE s.trainee_id = e.trainee_id AND a.class_id = e.class_id AND s.gone = 0 AND s.conclusion = 'passed'
        AND a.kind = 'level')
FROM enrolment e JOIN training_class c ON c.id = e.class_id AND c.gone = 0
LEFT JOIN project p ON p.id = c.project_id
WHERE e.gone = 0 AND coalesce(e.chosen_group, e.category) = 'student' AND c.start_on IS NOT NULL
 AND coalesce(e.state, 'attending') IN ('attending', 'enrolled', 'completed', 'not_completed', 'withdrawn')
ORDER BY c.code, e.trainee_id
"""

_UNCLAIMED = """
SELECT c.id, c.code, e.channel, z.issued_on, count(DISTINCT z.trainee_id)
FROM certificate z JOIN assessment a ON a.id = z.assessment_id AND a.gone = 0
JOIN training_class c ON c.id = a.class_id AND c.gone = 0
JOIN enrolment e ON e.class_id = a.class_id AND e.trainee_id = z.trainee_id AND e.gone = 0
WHERE z.gone = 0 AND z.number IS NOT NULL AND z.issued_on BETWEEN ? AND ?
 AND coalesce(z.state, 'issued') IN ('issued', 'handed_over')
 AND coalesce(e.state, 'attending') NOT IN ('withdrawn', 'transferred', 'not_completed', 'rejected', 'waitlisted')
 AND e.channel IS NOT NULL AND NOT EXISTS (
 SELECT 1 FROM claim_line l
 JOIN claim k ON k.class_id = l.class_id AND k.channel = l.channel AND k.period = l.period AND k.gone = 0
 WHERE l.class_id = e.class_id AND l.trainee_id = e.trainee_id AND l.gone = 0 AND l.fen IS NOT NULL
 AND k.state = 'submitted')
GROUP BY c.id, e.channel, z.issued_on ORDER BY z.issued_on, c.code
"""


@dataclass(frozen=True, slots=True)
class Unclaimed:
    """People of a class with a certificate of one day for whom nothing was 已报 from their channel (code)."""

    class_id: bytes
    class_code: str
    channel: str
    issued_on: date
    people: int


def unclaimed(sql: Connection, first: date, last: date) -> list[Unclaimed]:
    """Return for whom a channel pays and nothing went up, by class and day of the certificate within some days."""
    return [
        Unclaimed(row[0], row[1] or "", row[2], required_day(row[3]), row[4])
        for row in sql.exec_driver_sql(_UNCLAIMED, (first.isoformat(), last.isoformat()))
        if row[2] in CHANNELS
    ]


def claim_items(sql: Connection, *, class_id: bytes | None = None) -> list[ClaimItem]:
    """Return claims by class and month, those of one class where it is named."""
    where, values = ("", ()) if class_id is None else (" AND k.class_id = ?", (class_id,))
    rows = sql.exec_driver_sql(f"{_CLAIMS}{where} ORDER BY c.code, k.period, k.channel", values).all()
    return [_item(sql, row) for row in rows]


def claim_item(sql: Connection, key: bytes) -> ClaimItem | None:
    """Return one claim, None where there is none."""
    where = " AND k.class_id = ? AND k.channel = ? AND k.period = ?"
    row = sql.exec_driver_sql(_CLAIMS + where, CLAIM.split_key(key)).first()
    return None if row is None else _item(sql, row)


def claim_lines(sql: Connection, key: bytes) -> dict[bytes, ClaimLine]:
    """Return the people of a claim."""
    return {
        row[0]: ClaimLine(
            row[0],
            row[1] or "",
            row[2],
            row[3] or 0,
            row[4] or "",
            bool(row[5]),
            Payee(PayeeKind.PERSON, row[6] or "", row[7] or "", row[8] or "", row[9] or ""),
        )
        for row in sql.exec_driver_sql(_LINES, CLAIM.split_key(key))
    }


def decisions(sql: Connection, key: bytes) -> dict[bytes, Decided]:
    """Return what departments decided on the people of a claim."""
    rows = sql.exec_driver_sql(
        f"SELECT trainee_id, decision, fen, reason, document FROM claim_decision WHERE decision IS NOT NULL AND{_OF}",
        CLAIM.split_key(key),
    )
    return {row[0]: Decided(Decision(row[1]), row[2] or 0, row[3] or "", row[4] or "") for row in rows}


def instalments(sql: Connection, key: bytes) -> list[Instalment]:
    """Return a claim's instalments in the order in which they came, 追回 below zero."""
    rows = sql.exec_driver_sql(
        f"SELECT trainee_id, fen, paid_on, document FROM claim_payment WHERE fen IS NOT NULL AND{_OF}"
        " ORDER BY paid_on, id",
        CLAIM.split_key(key),
    )
    return [Instalment(row[0], row[1], required_day(row[2]), row[3] or "") for row in rows]


def objections(sql: Connection, key: bytes) -> list[ObjectionItem]:
    """Return the 异议 of a claim in the order in which they came."""
    return [
        ObjectionItem(
            row[0],
            row[1],
            row[2] or "",
            required_day(row[3]),
            row[4] or "",
            row[5] or "",
            day(row[6]),
            None if row[7] is None else bool(row[7]),
            row[8] or "",
        )
        for row in sql.exec_driver_sql(_OBJECTIONS, CLAIM.split_key(key))
    ]


def claimed_elsewhere(sql: Connection, key: bytes, trade: str | None, level: str | None) -> dict[bytes, str]:
    """Return by person the class of another claim, not refused, on the same class or the same trade and level.

    A person under two ids counts once, within this claim too: there the smallest id has the line.
    """
    known_as = _known_as(sql, key)
    values = (*CLAIM.split_key(key), trade, level, _listed(known_as))
    found: dict[bytes, str] = {}
    for claimed, code, in_this in sql.exec_driver_sql(_SAME_TRAINING, values):
        for person in known_as[claimed]:
            if not in_this or claimed < person:
                found[person] = code or ""
    return found


def former_claims(sql: Connection, key: bytes) -> dict[bytes, list[tuple[str, str, int]]]:
    """Return by person class code, channel and year of other claims, not refused, on the people of a claim's class."""
    found: dict[bytes, list[tuple[str, str, int]]] = {}
    known_as = _known_as(sql, key)
    for claimed, code, channel, made_on in sql.exec_driver_sql(
        _FORMER, (*CLAIM.split_key(key), _listed(known_as))
    ):
        for person in known_as[claimed]:
            found.setdefault(person, []).append(
                (code or "", channel_code(channel), required_day(made_on).year)
            )
    return found


def _known_as(sql: Connection, key: bytes) -> dict[bytes, list[bytes]]:
    """Return the people of a claim's class by each id that they are known under."""
    class_id = CLAIM.split_key(key)[0]
    rows = sql.exec_driver_sql(
        "SELECT trainee_id FROM enrolment WHERE class_id = ? AND gone = 0", (class_id,)
    )
    people = [row[0] for row in rows]
    known_as = {person: [person] for person in people}
    for person, others in aliases.peers(sql, people).items():
        for other in others:
            known_as.setdefault(other, []).append(person)
    return known_as


def _listed(people: Iterable[bytes]) -> str:
    return json.dumps([person.hex() for person in people])


def not_taken(sql: Connection, key: bytes) -> dict[bytes, str]:
    """Return whom the platform refused for a training elsewhere, with its code; other rejections are mended."""
    class_id = CLAIM.split_key(key)[0]
    assert isinstance(class_id, bytes)
    return {
        row[0][len(key) :]: row[1] for row in sql.exec_driver_sql(_NOT_TAKEN, (class_id.hex(), len(key), key))
    }


def claims_waiting(sql: Connection, today: date) -> list[ClaimWaiting]:
    """Return the claims that wait for 校内审核, 公示, 申报, or for people to be taken out, the oldest first."""
    rows = sql.exec_driver_sql(_WAITING, (today.isoformat(),))
    return [
        ClaimWaiting(row[0], CLAIM.join_key(row[1:4]), row[1], row[4] or "", required_day(row[5]), row[6])
        for row in rows
    ]


def student_money(sql: Connection, class_id: bytes) -> list[StudentMoney]:
    """Return what the people of a class were charged and what was booked for them one by one."""
    return [
        StudentMoney(
            row[0],
            row[1],
            row[2] or "",
            bool(row[3]),
            row[4] or "",
            row[5],
            required_day(row[6]),
            row[7] or "",
            row[8] or "",
        )
        for row in sql.exec_driver_sql(_STUDENT, (class_id,))
    ]


def grant_facts(sql: Connection) -> list[GrantFact]:
    """Return every student's place in a class with the day of the pass (五.一.1)."""
    return [
        GrantFact(row[0], row[1] or "", row[2], required_day(row[3]), day(row[4]))
        for row in sql.exec_driver_sql(_STUDENTS)
    ]


def _item(sql: Connection, row: Sequence[Any]) -> ClaimItem:
    key = CLAIM.join_key((row[0], row[1], row[2]))
    lines = {person: line.fen for person, line in claim_lines(sql, key).items()}
    decided = decisions(sql, key)
    paid = [(one.trainee_id, one.fen) for one in instalments(sql, key)]
    money = claim_money(lines, decided, paid, not_taken(sql, key))
    return ClaimItem(
        key=key,
        class_id=row[0],
        class_code=row[3] or "",
        channel=channel_code(row[1]),
        period=row[2],
        state=stands_as(row[4], bool(decided), money),
        stored=row[4],
        state_on=day(row[5]),
        made_on=required_day(row[6]),
        department=row[7] or "",
        project=row[8] or "",
        trade=row[9] or "",
        level=row[10] or "",
        people=len(lines),
        money=money,
        payee=Payee(PayeeKind(row[11] or "institution"), *(value or "" for value in row[12:16])),
        notice=_notice(row[16:21]),
        reviewed_by=row[21] or b"",
        reviewer=row[22] or "",
        reviewed_on=day(row[23]),
        solo=bool(row[24]),
    )


def _notice(values: Iterable[Any]) -> Notice | None:
    publisher, place, first, last, phone = values
    if first is None or last is None:
        return None
    return Notice(
        publisher or "", place or "", date.fromisoformat(first), date.fromisoformat(last), phone or ""
    )
