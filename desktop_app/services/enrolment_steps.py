"""What every arrow of 报名 writes, for the commands of several services."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from desktop_app.domain.enrolment import Periods, leave
from desktop_app.domain.errors import AppError
from desktop_app.domain.life_cycles import ENROLMENT as CYCLE
from desktop_app.domain.records import ENROLMENT, TRAINEE, WILLINGNESS
from desktop_app.domain.willingness import Consent, Wish
from desktop_app.store.database import Connection
from desktop_app.store.unit_of_work import UnitOfWork

CHOICE = ("chosen_group", "chosen_on", "choice_reason", "channel", "channel_document")
"""The chosen group: it is fixed on the enrolment date (二), so who applies anew on another day is judged anew."""


def step_fields(present: Mapping[str, object], verb: str, reason: str, today: date) -> dict[str, object]:
    """Return the fields that an arrow of 报名 writes; AppError WRONG_STEP, REASON_MISSING."""
    state = CYCLE.after(present["state"], verb, reason)
    return {"state": state, "decided_on": today.isoformat(), "decision_reason": reason.strip() or None}


def left(periods: Periods, last_day: date) -> Periods:
    """Return the periods of who leaves; AppError NOT_IN_CLASS where no membership goes on."""
    try:
        return leave(periods, last_day)
    except AppError as error:
        raise AppError("NOT_IN_CLASS") from error


def one_enrolment(work: UnitOfWork, class_id: bytes, trainee_id: bytes) -> dict[str, object]:
    """Return the fields of an enrolment; AppError TRAINEE_UNKNOWN."""
    present = work.fields(ENROLMENT, class_id + trainee_id)
    if present is None:
        raise AppError("TRAINEE_UNKNOWN")
    return present


def person_name(work: UnitOfWork, trainee_id: bytes) -> str:
    """Return a person's name; AppError TRAINEE_UNKNOWN."""
    fields = work.fields(TRAINEE, trainee_id)
    if fields is None:
        raise AppError("TRAINEE_UNKNOWN")
    return str(fields["name"] or "")


def next_number(sql: Connection, class_id: bytes) -> int:
    """Return the next number of a roster."""
    query = "SELECT coalesce(max(number), 0) + 1 FROM enrolment WHERE class_id = ? AND gone = 0"
    return int(sql.exec_driver_sql(query, (class_id,)).scalar_one())


def begin_all(work: UnitOfWork, class_id: bytes) -> int:
    """Let everybody who was admitted begin, within a command; return how many."""
    rows = work.sql.exec_driver_sql(
        "SELECT trainee_id FROM enrolment WHERE class_id = ? AND gone = 0 AND state = 'admitted'", (class_id,)
    ).all()
    return work.put_many(ENROLMENT, [(class_id + row[0], {"state": "attending"}) for row in rows])


def write_application(
    work: UnitOfWork,
    class_id: bytes,
    trainee_id: bytes,
    day: date,
    consent: Consent | None,
    wish_id: bytes | None = None,
) -> None:
    """Write 报名 within a command; who was not admitted may apply again. AppError TRAINEE_UNKNOWN, WRONG_STEP."""
    person_name(work, trainee_id)
    key = class_id + trainee_id
    present = work.fields(ENROLMENT, key)
    fields: dict[str, object] = {"enrolled_on": day.isoformat(), "willingness_id": wish_id}
    fields["state"] = CYCLE.after("willing" if present is None else present["state"], "apply")
    if consent is not None and consent.given_on is not None:
        fields |= consent_fields(consent)
    if present is None:
        fields["periods"] = []
    elif present["enrolled_on"] != day.isoformat():
        fields |= dict.fromkeys(CHOICE)
    work.put(ENROLMENT, key, fields)


def consent_fields(consent: Consent) -> dict[str, object]:
    """Return consent as it is stored with an enrolment or a wish."""
    return {
        "consent_version": consent.version,
        "consented_on": None if consent.given_on is None else consent.given_on.isoformat(),
        "sensitive_on": None if consent.sensitive_on is None else consent.sensitive_on.isoformat(),
    }


def end_wish(
    work: UnitOfWork, enrolment: Mapping[str, object], class_id: bytes, wish: Wish, reason: str
) -> None:
    """Let the wish that an enrolment came from end as the enrolment was decided."""
    key = enrolment["willingness_id"]
    if isinstance(key, bytes):
        work.put(
            WILLINGNESS, key, {"state": wish.value, "class_id": class_id, "reason": reason.strip() or None}
        )
