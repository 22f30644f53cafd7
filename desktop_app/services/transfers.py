"""转班: out of one class into another, the attended 课时 carried over as 折抵课时, counted once (requirements §4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from desktop_app.domain import enrolment, turnout
from desktop_app.domain.attendance import tally
from desktop_app.domain.enrolment import (
    Carried,
    Periods,
    carried_hours,
    carry,
    join,
    read_carried,
    read_periods,
    stored_carried,
    stored_periods,
)
from desktop_app.domain.errors import AppError
from desktop_app.domain.life_cycles import ENROLMENT as CYCLE
from desktop_app.domain.listings.training import ClassListItem
from desktop_app.domain.records import ENROLMENT
from desktop_app.domain.rules import Finding
from desktop_app.services.classes import one_class
from desktop_app.services.enrolment_steps import left, next_number, one_enrolment, person_name, step_fields
from desktop_app.store.database import Connection
from desktop_app.store.queries import attendance as attendance_queries
from desktop_app.store.queries import classes as class_queries
from desktop_app.store.queries.policies import policy_book
from desktop_app.store.unit_of_work import UnitOfWork

ONE_DAY = timedelta(days=1)
TAKEN_OVER = (
    "category",
    "key_group",
    "enrolled_on",
    "evidence_kind",
    "evidence_number",
    "employer",
    "employer_uscc",
    "post",
    "student_number",
    "major",
    "chosen_group",
    "chosen_on",
    "channel",
    "channel_document",
    "choice_reason",
    "hubei_ground",
    "organisers",
    "organised_by",
    "consent_version",
    "consented_on",
    "sensitive_on",
    "willingness_id",
)
"""What an enrolment says that goes along into another class."""


@dataclass(frozen=True, slots=True)
class Transferred:
    """What came of a 转班: 课时 attended in the former class, and all that count in the new one as 折抵课时.

    ``findings`` say why attended 课时 do not count there (another 工种).
    """

    attended: int
    carried: int
    findings: tuple[Finding, ...] = ()


def transfer_within(
    today: date,
    work: UnitOfWork,
    class_id: bytes,
    trainee_id: bytes,
    target_id: bytes,
    day: date,
    reason: str,
) -> Transferred:
    """Carry out a 转班 within a command (合班 and 拆班 are many of them); see ``EnrolmentService.transfer``."""
    former = one_class(work.sql, class_id, today)
    target = one_class(work.sql, target_id, today)
    if class_id == target_id:
        raise AppError("TRANSFER_SAME_CLASS", class_code=target.code)
    present = one_enrolment(work, class_id, trainee_id)
    periods = left(read_periods(present["periods"]), day - ONE_DAY)
    attended = attended_hours(work.sql, former, trainee_id, periods, today)
    out = step_fields(present, "transfer", reason, today)
    work.put(ENROLMENT, class_id + trainee_id, {**out, "periods": stored_periods(periods)})
    kept = work.fields(ENROLMENT, target_id + trainee_id)
    findings = enrolment.check_carrying(
        person_name(work, trainee_id), (former.code, former.trade), (target.code, target.trade)
    )
    counted = read_carried((kept or {}).get("carried"))
    if not findings:
        counted = carry(class_id, attended, read_carried(present["carried"]), target_id, counted)
    _take_in(work, present, kept, target, trainee_id, day, reason, counted, today)
    return Transferred(attended, carried_hours(counted), findings)


def _take_in(
    work: UnitOfWork,
    present: Mapping[str, object],
    kept: Mapping[str, object] | None,
    target: ClassListItem,
    trainee_id: bytes,
    day: date,
    reason: str,
    carried: Carried,
    today: date,
) -> None:
    """Let somebody who changes class join the other one, in a new record or the one that is there."""
    key = target.id + trainee_id
    fields: dict[str, object] = {"carried": stored_carried(carried)}
    if kept is None:
        fields |= {name: present[name] for name in TAKEN_OVER}
        fields |= {"number": next_number(work.sql, target.id), "state": "attending"}
        fields["decided_on"], fields["decision_reason"] = today.isoformat(), reason.strip() or None
        fields["periods"] = stored_periods(join((), day))
    else:
        state = CYCLE.state_of(kept["state"])
        if state in {"attending", "admitted"}:
            name = person_name(work, trainee_id)
            raise AppError("ALREADY_IN_CLASS", person=name, class_code=target.code)
        if state in {"applied", "waitlisted"}:
            fields |= step_fields(kept, "admit", reason, today) | {"state": "attending"}
            fields["number"] = kept["number"] or next_number(work.sql, target.id)
        else:
            fields |= step_fields(kept, "return", reason, today)
        fields["periods"] = stored_periods(join(read_periods(kept["periods"]), day))
    work.put(ENROLMENT, key, fields)


def attended_hours(
    sql: Connection, training_class: ClassListItem, trainee_id: bytes, periods: Periods, today: date
) -> int:
    """Return the 课时 that somebody attended in a class itself, 折抵课时 from others left out."""
    sessions = turnout.counted_sessions(class_queries.session_items(sql, class_id=training_class.id), today)
    marks = {
        session: found.mark
        for (session, person), found in attendance_queries.marks(sql, training_class.id).items()
        if person == trainee_id
    }
    rules = turnout.rules_on(policy_book(sql), training_class.start_on or today)
    return tally(sessions, marks, periods, rules=rules).attended


def carrier_of(sql: Connection, class_id: bytes, trainee_id: bytes) -> str | None:
    """Return the code of a class where somebody is now and which counts 课时 of ``class_id``, if any."""
    rows = sql.exec_driver_sql(
        "SELECT c.code, e.carried, e.state FROM enrolment e JOIN training_class c ON c.id = e.class_id"
        " WHERE e.trainee_id = ? AND e.gone = 0 AND e.class_id <> ? ORDER BY c.code",
        (trainee_id, class_id),
    )
    for code, stored, state in rows:
        if CYCLE.state_of(state) in {"attending", "admitted"} and class_id.hex() in (stored or ""):
            return str(code)
    return None
