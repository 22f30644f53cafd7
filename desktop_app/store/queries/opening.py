"""What is recorded of the opening of a class, how far it is, and the basic data of its people."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import date

from sqlalchemy import Connection

from desktop_app.domain import turnout
from desktop_app.domain.classes import ClassFacts
from desktop_app.domain.listings.opening import ClassOpening, OpeningFacts, OpeningTeacher
from desktop_app.domain.listings.training import SessionListItem
from desktop_app.domain.opening import Duty, Funding, StaffMember
from desktop_app.domain.timetable import CANCELLED
from desktop_app.store.enrolment_states import LEFT, OUTSIDE
from desktop_app.store.queries import classes as class_queries
from desktop_app.store.queries.columns import day

_PEOPLE = f"""
SELECT e.trainee_id, t.name, t.sex, t.birth, t.document_number, t.ethnicity, t.education, t.phone, t.address,
       e.category, e.key_group, e.evidence_number, e.employer, e.employer_uscc, e.post, e.student_number, e.major
FROM enrolment e JOIN trainee t ON t.id = e.trainee_id AND t.gone = 0
WHERE e.gone = 0 AND e.class_id = ? AND e.state NOT IN {OUTSIDE} AND e.state NOT IN {LEFT}
ORDER BY e.number IS NULL, e.number, e.trainee_id
"""


def opening_facts(sql: Connection, class_id: bytes) -> OpeningFacts:
    """Return what is recorded of an opening; empty where nothing is."""
    row = sql.exec_driver_sql(
        "SELECT channel, enterprise, local_pool, staff, filed_on, receipt, head, contact, phone FROM class_opening"
        " WHERE class_id = ? AND gone = 0",
        (class_id,),
    ).first()
    if row is None:
        return OpeningFacts()
    funding = Funding(row[0], row[1] or "", bool(row[2])) if row[0] else None
    staff = tuple(
        StaffMember(name, Duty(duty), bool(full)) for name, duty, full in json.loads(row[3] or "[]")
    )
    return OpeningFacts(funding, staff, day(row[4]), row[5] or "", row[6] or "", row[7] or "", row[8] or "")


_OPENING = """
SELECT c.code, p.code, p.name, p.trade, p.level, c.start_on, c.end_on, coalesce(s.region, i.region), s.name, c.place,
       coalesce(c.organisation, p.organisation), c.state
FROM class_opening o JOIN training_class c ON c.id = o.class_id AND c.gone = 0
LEFT JOIN project p ON p.id = c.project_id AND p.gone = 0
LEFT JOIN site s ON s.id = c.site_id AND s.gone = 0
LEFT JOIN institution i ON i.gone = 0
WHERE o.class_id = ? AND o.gone = 0
"""
_ADMITTED = f"""
SELECT count(*) FROM enrolment e JOIN trainee t ON t.id = e.trainee_id AND t.gone = 0
WHERE e.gone = 0 AND e.class_id = ?1 AND e.state NOT IN {OUTSIDE}
AND coalesce(json_extract(e.periods, '$[0][0]'), '') <= coalesce(?2, '9')
AND NOT (e.state IN {LEFT} AND coalesce(json_extract(e.periods, '$[0][1]'), '') < coalesce(?2, '9'))
"""
MAX_PLACE = 100


def class_opening(sql: Connection, class_id: bytes) -> ClassOpening | None:
    """Return what is applied for with the 开班备案 of a class: one reading for the report and for its paper.

    None while nothing of the opening is recorded, and where the class was called off before it opened.
    """
    row = sql.exec_driver_sql(_OPENING, (class_id,)).first()
    if row is None or row[11] == "cancelled":
        return None
    sessions = [one for one in class_queries.session_items(sql, class_id=class_id) if one.state != CANCELLED]
    return ClassOpening(
        class_id=class_id,
        code=row[0] or "",
        project_code=row[1] or "",
        project_name=row[2] or "",
        trade=row[3],
        level=row[4],
        start_on=day(row[5]),
        end_on=day(row[6]),
        region=row[7],
        hours=turnout.planned_hours(sessions),
        people=int(sql.exec_driver_sql(_ADMITTED, (class_id, row[5])).scalar_one()),
        place=_places(row[8] or "", [row[9]] if row[9] else [one.place for one in sessions]),
        organisation=row[10] or "",
        teachers=_teachers(sql, sessions),
        facts=opening_facts(sql, class_id),
    )


def _places(site: str, rooms: Iterable[str]) -> str:
    """Return 教学点 and rooms, each once, as many as an application has room for."""
    text = site
    for room in dict.fromkeys(one for one in rooms if one and one != site):
        longer = f"{text}、{room}" if text else room
        if len(longer) > MAX_PLACE:
            break
        text = longer
    return text[:MAX_PLACE]


def _teachers(sql: Connection, sessions: Iterable[SessionListItem]) -> tuple[OpeningTeacher, ...]:
    """Return who teaches, in the order of the plan."""
    wanted = dict.fromkeys(key for one in sessions for key in one.teacher_ids)
    listed = ", ".join("?" * len(wanted))
    rows = sql.exec_driver_sql(
        f"SELECT id, name, employment, qualities FROM teacher WHERE gone = 0 AND id IN ({listed})",
        tuple(wanted),
    )
    known = {row[0]: OpeningTeacher(row[1] or "", row[2], tuple(json.loads(row[3] or "[]"))) for row in rows}
    return tuple(known[key] for key in wanted if key in known)


def class_facts(sql: Connection, class_id: bytes, today: date) -> ClassFacts:
    """Return how far a class is by its tallies, as they were before a running command."""
    code = sql.exec_driver_sql("SELECT code FROM training_class WHERE id = ?", (class_id,)).scalar()
    people = sql.exec_driver_sql("SELECT people FROM class_tally WHERE class_id = ?", (class_id,)).scalar()
    sessions = sql.exec_driver_sql(
        "SELECT count(*), coalesce(sum(held_on <= ?1 AND marked < members), 0), coalesce(sum(held_on > ?1), 0)"
        " FROM session_tally WHERE class_id = ?2 AND counts = 1",
        (today.isoformat(), class_id),
    ).one()
    assessments = sql.exec_driver_sql(
        "SELECT count(*), coalesce(sum(t.waiting), 0) FROM assessment a"
        " LEFT JOIN assessment_tally t ON t.assessment_id = a.id WHERE a.class_id = ? AND a.gone = 0",
        (class_id,),
    ).one()
    attending = sql.exec_driver_sql(
        "SELECT count(*) FROM enrolment WHERE class_id = ? AND gone = 0 AND coalesce(state, 'attending') = 'attending'",
        (class_id,),
    ).scalar_one()
    return ClassFacts(
        str(code or ""),
        int(people or 0),
        sessions[0],
        sessions[1],
        sessions[2],
        assessments[0],
        assessments[1],
        attending,
    )


def claim_states(sql: Connection, class_id: bytes) -> list[str]:
    """Return the states of the claims on a class (``life_cycles.CLAIM``), by channel and period."""
    rows = sql.exec_driver_sql(
        "SELECT coalesce(state, 'draft') FROM claim WHERE class_id = ? AND gone = 0 ORDER BY channel, period",
        (class_id,),
    )
    return [row[0] for row in rows]


def basic_data(sql: Connection, class_id: bytes) -> list[tuple[bytes, Mapping[str, object]]]:
    """Return the basic data of each member of a class, by number, as ``opening.completeness`` asks for them."""
    columns = ("name", "sex", "birth", "document_number", "ethnicity", "education", "phone", "address",
               "category", "key_group", "evidence_number", "employer", "employer_uscc", "post", "student_number",
               "major")  # fmt: skip
    rows = sql.exec_driver_sql(_PEOPLE, (class_id,)).all()
    return [(row[0], dict(zip(columns, row[1:], strict=True))) for row in rows]


def shareable_places(sql: Connection) -> frozenset[str]:
    """Return the places marked 可共用 at any 教学点."""
    rows = sql.exec_driver_sql("SELECT shareable FROM site WHERE gone = 0 AND shareable IS NOT NULL")
    return frozenset(place for row in rows for place in json.loads(row[0]))


def joint_sessions(sql: Connection, session_ids: Collection[bytes]) -> dict[bytes, bytes]:
    """Return of some sessions those that are held as another class's (合班): its session → the one that was declared.

    It is the session of a joined class on the same day from the same time on: moved apart they are two again.
    """
    listed = ", ".join("?" * len(session_ids))
    rows = sql.exec_driver_sql(
        "SELECT own.id, shared.id FROM session_class j JOIN session shared ON shared.id = j.session_id"
        " JOIN session own ON own.class_id = j.class_id AND own.gone = 0 AND own.held_on = shared.held_on"
        " AND own.starts_at = shared.starts_at AND own.ends_at = shared.ends_at"
        f" WHERE j.gone = 0 AND shared.gone = 0 AND own.id IN ({listed})",
        tuple(session_ids),
    )
    return {row[0]: row[1] for row in rows}
