"""What the page for Mondays is made from."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import Connection

from desktop_app.domain.listings.monday import Deadline, MoneyRow
from desktop_app.domain.monday import SOON_DAYS, ClassStanding, age_of
from desktop_app.store.queries.columns import day, required_day

_CLASSES = """
SELECT c.id, c.code, coalesce(c.state, 'running'), c.state_on, c.start_on, c.end_on,
       (SELECT group_concat(coalesce(u.display, u.login), '、') FROM json_each(c.advisers) a
        JOIN user u ON u.id = unhex(json_extract(a.value, '$[0]')) WHERE json_extract(a.value, '$[2]') IS NULL),
       (SELECT count(*) FROM session_tally t WHERE t.class_id = c.id AND t.counts = 1 AND t.marked < t.members
        AND t.held_on < :today),
       (SELECT min(t.held_on) FROM session_tally t WHERE t.class_id = c.id AND t.counts = 1 AND t.marked < t.members
        AND t.held_on < :today),
       (SELECT max(a.held_on) FROM assessment a WHERE a.class_id = c.id AND a.gone = 0)
FROM training_class c WHERE c.gone = 0 ORDER BY c.code, c.id
"""
_SOON = """
SELECT 'opens', c.code, c.start_on, c.id FROM training_class c
WHERE c.gone = 0 AND c.state IN ('preparing', 'filed') AND c.start_on BETWEEN :today AND :until
UNION ALL SELECT 'ends', c.code, c.end_on, c.id FROM training_class c
WHERE c.gone = 0 AND coalesce(c.state, 'running') IN ('running', 'suspended') AND c.end_on BETWEEN :today AND :until
UNION ALL SELECT 'exam', c.code, a.held_on, c.id FROM assessment a
JOIN training_class c ON c.id = a.class_id AND c.gone = 0 WHERE a.gone = 0 AND a.held_on BETWEEN :today AND :until
UNION ALL SELECT 'rectification', coalesce(e.document, e.requirement, ''), e.deadline, NULL FROM supervision_event e
WHERE e.gone = 0 AND e.deadline BETWEEN :today AND :until AND NOT EXISTS
  (SELECT 1 FROM rectification r WHERE r.order_id = e.id AND r.gone = 0)
UNION ALL SELECT 'notice', c.code, k.notice_until, c.id FROM claim k
JOIN training_class c ON c.id = k.class_id AND c.gone = 0
WHERE k.gone = 0 AND k.state = 'published' AND k.notice_until BETWEEN :today AND :until
UNION ALL SELECT 'account', coalesce(u.display, u.login), u.until, NULL FROM user u
WHERE u.gone = 0 AND u.disabled IS NOT 1 AND u.until BETWEEN :today AND :until
ORDER BY 3, 1, 2
"""

_NOT_TAKEN = """
 r.report = 'claim' AND r.kind = 'claim_line' AND r.code = 'CLAIM_TRAINED_ELSEWHERE'
 AND l.class_id = substr(r.key, 1, 16) AND l.trainee_id = substr(r.key, 21)
 AND printf('%04X%04X', l.channel, l.period) = hex(substr(r.key, 17, 4))
"""
_MONEY = f"""
SELECT CASE WHEN k.state = 'submitted' THEN 'reported' ELSE 'expected' END,
       CASE WHEN k.state IS NOT 'submitted' OR d.decision IS NULL THEN l.fen WHEN d.decision = 'refused' THEN 0
       ELSE max(0, min(l.fen, coalesce(d.fen, 0)) - coalesce((SELECT sum(q.fen) FROM claim_payment q
         WHERE q.class_id = l.class_id AND q.channel = l.channel AND q.period = l.period
         AND q.trainee_id = l.trainee_id AND q.gone = 0 AND q.fen > 0), 0)) END,
       coalesce(k.state_on, k.made_on)
FROM claim_line l JOIN claim k ON k.class_id = l.class_id AND k.channel = l.channel AND k.period = l.period
 AND k.gone = 0
LEFT JOIN claim_decision d ON d.class_id = l.class_id AND d.channel = l.channel AND d.period = l.period
 AND d.trainee_id = l.trainee_id AND d.gone = 0
WHERE l.gone = 0 AND l.fen > 0
 AND (d.decision IS NOT NULL OR NOT EXISTS (SELECT 1 FROM rejected_record r WHERE {_NOT_TAKEN}))
UNION ALL SELECT 'cut', l.fen - CASE WHEN d.decision = 'refused' THEN 0 ELSE min(l.fen, coalesce(d.fen, 0)) END,
       d.decided_on
FROM claim_decision d JOIN claim_line l ON l.class_id = d.class_id AND l.channel = d.channel AND l.period = d.period
 AND l.trainee_id = d.trainee_id AND l.gone = 0
WHERE d.gone = 0 AND d.decision IS NOT NULL AND l.fen IS NOT NULL
UNION ALL SELECT 'cut', l.fen, k.state_on FROM rejected_record r
JOIN claim_line l ON {_NOT_TAKEN} AND l.gone = 0 AND l.fen > 0
JOIN claim k ON k.class_id = l.class_id AND k.channel = l.channel AND k.period = l.period AND k.gone = 0
WHERE NOT EXISTS (
 SELECT 1 FROM claim_decision d WHERE d.class_id = l.class_id AND d.channel = l.channel AND d.period = l.period
 AND d.trainee_id = l.trainee_id AND d.gone = 0 AND d.decision IS NOT NULL)
UNION ALL SELECT 'paid', fen, paid_on FROM claim_payment WHERE gone = 0 AND fen IS NOT NULL
"""
_STANDINGS = ("expected", "reported", "cut", "paid")


def money_by_age(sql: Connection, today: date) -> list[MoneyRow]:
    """Return what is expected, 已报 and not yet paid, 核减 and 到账 by age, in 分; 追回 counts below zero."""
    sums = {standing: [0, 0, 0, 0] for standing in _STANDINGS}
    for standing, fen, since in sql.exec_driver_sql(_MONEY):
        known = day(since)
        if known is not None and fen:
            sums[standing][age_of(known, today)] += fen
    return [
        MoneyRow(standing, (one[0], one[1], one[2], one[3])) for standing, one in sums.items() if any(one)
    ]


def class_standings(sql: Connection, today: date) -> list[ClassStanding]:
    """Return every class with what decides whether it stands still, by code."""
    rows = sql.exec_driver_sql(_CLASSES.replace(":today", "?1"), (today.isoformat(),))
    return [
        ClassStanding(
            row[0], row[1] or "", row[2], day(row[3]), day(row[4]), day(row[5]), row[6] or "", row[7], day(row[8]),
            day(row[9]),
        )
        for row in rows
    ]  # fmt: skip


def deadlines(sql: Connection, today: date) -> list[Deadline]:
    """Return what is due within 30 days, the first first."""
    span = (today.isoformat(), (today + timedelta(days=SOON_DAYS)).isoformat())
    query = _SOON.replace(":today", "?1").replace(":until", "?2")
    return [
        Deadline(row[0], row[1] or "", required_day(row[2]), row[3])
        for row in sql.exec_driver_sql(query, span)
    ]
