"""What the platform's streams say, as records of the store: one reader a kind.

An item that no reader takes, or that a newer contract has given another shape, is left: its page is kept as it is.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from typing import TypeAlias

import msgspec

from desktop_app.domain.errors import AppError
from desktop_app.domain.ids import numbered
from desktop_app.domain.pilots import Pilot, pilot_id
from desktop_app.domain.policy_changes import checked, value_id
from desktop_app.domain.policy_files import checked_pilot
from desktop_app.domain.policy_parameters import Owner, PolicyParameter
from desktop_app.domain.projects import CATALOGUE_FIELDS, Answer, Level, Step, Track
from desktop_app.domain.records import (
    CLAIM_DECISION,
    CLAIM_LINE,
    CLAIM_PAYMENT,
    DUPLICATE_TRAINING,
    FLAG_DISPOSAL,
    PILOT,
    POLICY_VALUE,
    PROJECT,
    PROJECT_ANSWER,
    PROJECT_SELECTION,
    PROJECT_VERSION,
    SUPERVISION_EVENT,
    Entity,
)
from desktop_app.services.policies import pilot_fields, value_fields
from desktop_app.services.projects import ReceivedAnswer, answer_record, version_fields
from sync.contract.claim_records import ClaimDecisionFields, ClaimPaymentFields, DuplicateTrainingFields
from sync.contract.kinds import RecordKind
from sync.contract.records import (
    AnswerFields,
    PilotFields,
    PolicyFields,
    ProjectFields,
    RecordFields,
    SelectionFields,
    SupervisionFields,
)
from sync.contract.shape import read_body
from sync.contract.wire import Record

PulledRecord: TypeAlias = tuple[Entity, bytes, Mapping[str, object]]


def read_item(item: Record, own: Collection[bytes] = ()) -> list[PulledRecord]:
    """Return entity, key and fields of what an item says; nothing for what is not kept as a record.

    ``own`` are the institution's own projects: publication adds its area and day to them and changes nothing else.
    """
    reader = READERS.get(item.kind)
    if reader is None:
        return []
    if item.leaves:
        return _left(item)
    try:
        fields = read_body(item.kind, item.body)
        if isinstance(fields, ProjectFields) and item.key in own:
            return [
                (PROJECT, item.key, {"area": fields.area, "published_on": fields.published_on.isoformat()})
            ]
        return reader(item.key, fields)
    except (msgspec.MsgspecError, AppError, ValueError):
        return []


def _project(key: bytes, fields: RecordFields) -> list[PulledRecord]:
    """The catalogue entry, and the same as its version: a class keeps the one it opened on (R09)."""
    assert isinstance(fields, ProjectFields)
    values: dict[str, object] = msgspec.structs.asdict(fields)
    entry = {name: values[name] for columns in CATALOGUE_FIELDS.values() for name in columns}
    version = version_fields(entry | {"name": fields.name})
    return [
        (PROJECT, key, values | {"published_on": fields.published_on.isoformat(), "origin": "platform"}),
        (PROJECT_VERSION, numbered(key, fields.version), version),
    ]


def _answer(key: bytes, fields: RecordFields) -> list[PulledRecord]:
    assert isinstance(fields, AnswerFields)
    step = Step(
        Track(fields.track),
        fields.submission,
        Level[fields.level.upper()],
        fields.area,
        Answer(fields.answer),
        fields.answered_on,
        fields.reason or "",
        fields.document or "",
    )
    own_key, values = answer_record(ReceivedAnswer(fields.project_id, step))
    return [(PROJECT_ANSWER, key, values)] if own_key == key else []


def _selection(key: bytes, fields: RecordFields) -> list[PulledRecord]:
    assert isinstance(fields, SelectionFields)
    values: dict[str, object] = msgspec.structs.asdict(fields)
    return [(PROJECT_SELECTION, key, values | {"selected_on": fields.selected_on.isoformat()})]


def _policy(key: bytes, fields: RecordFields) -> list[PulledRecord]:
    assert isinstance(fields, PolicyFields)
    value = checked(
        PolicyParameter(
            code=fields.code,
            value=json.loads(fields.value),
            document=fields.document,
            region=fields.region,
            channel=fields.channel,
            since=fields.since,
            until=fields.until,
            owner=Owner.PLATFORM,
        )
    )
    return [(POLICY_VALUE, key, value_fields(value))] if value_id(value) == key else []


def _pilot(key: bytes, fields: RecordFields) -> list[PulledRecord]:
    assert isinstance(fields, PilotFields)
    pilot = checked_pilot(
        Pilot(
            school=fields.school,
            certificate=fields.certificate,
            level=fields.level,
            batch=fields.batch,
            owner=Owner.PLATFORM,
            published_on=fields.published_on,
            document=fields.document,
        )
    )
    return [(PILOT, key, pilot_fields(pilot))] if pilot_id(pilot) == key else []


def _supervision(key: bytes, fields: RecordFields) -> list[PulledRecord]:
    """The act; where it disposes of a flag, that 处置 too."""
    assert isinstance(fields, SupervisionFields)
    values: dict[str, object] = msgspec.structs.asdict(fields)
    values["issued_on"] = fields.issued_on.isoformat()
    values["deadline"] = None if fields.deadline is None else fields.deadline.isoformat()
    found: list[PulledRecord] = [(SUPERVISION_EVENT, key, values)]
    decisions = {"clear_flag": "cleared", "confirm_flag": "confirmed"}
    if fields.flag_id is not None and fields.kind in decisions:
        disposal = {
            "decision": decisions[fields.kind],
            "disposed_on": fields.issued_on.isoformat(),
            "authority": "department",
            "reason": fields.requirement or fields.document,
        }
        found.append((FLAG_DISPOSAL, fields.flag_id, disposal))
    return found


def _claim_decision(key: bytes, fields: RecordFields) -> list[PulledRecord]:
    """核准 of a person: 全额, 核减, 不予."""
    assert isinstance(fields, ClaimDecisionFields)
    values: dict[str, object] = msgspec.structs.asdict(fields)
    return [(CLAIM_DECISION, key, values | {"decided_on": fields.decided_on.isoformat()})]


def _claim_payment(key: bytes, fields: RecordFields) -> list[PulledRecord]:
    """拨付 or 追回."""
    assert isinstance(fields, ClaimPaymentFields)
    class_id, channel, period, trainee_id = CLAIM_LINE.split_key(fields.line)
    values: dict[str, object] = {
        "class_id": class_id,
        "channel": channel,
        "period": period,
        "trainee_id": trainee_id,
        "fen": fields.fen,
        "paid_on": fields.paid_on.isoformat(),
        "document": fields.document,
    }
    return [(CLAIM_PAYMENT, key, values)]


def _duplicate(key: bytes, fields: RecordFields) -> list[PulledRecord]:
    """A training elsewhere of one's own trainee (R37)."""
    assert isinstance(fields, DuplicateTrainingFields)
    values: dict[str, object] = {
        "cause": fields.cause,
        "first_on": fields.first.isoformat(),
        "last_on": fields.last.isoformat(),
        "institutions": fields.institutions,
        "trade": fields.trade,
        "level": fields.level,
    }
    return [(DUPLICATE_TRAINING, key, values)]


def _left(item: Record) -> list[PulledRecord]:
    """What the platform told of an enrolment holds no longer; nothing else that it publishes is taken back so."""
    if item.kind != RecordKind.DUPLICATE_TRAINING:
        return []
    return [(DUPLICATE_TRAINING, item.key, dict.fromkeys(DUPLICATE_TRAINING.by_name["finding"].fields))]


READERS: dict[str, Callable[[bytes, RecordFields], list[PulledRecord]]] = {
    RecordKind.PROJECT: _project,
    RecordKind.ANSWER: _answer,
    RecordKind.SELECTION: _selection,
    RecordKind.SUPERVISION: _supervision,
    RecordKind.POLICY: _policy,
    RecordKind.PILOT: _pilot,
    RecordKind.CLAIM_DECISION: _claim_decision,
    RecordKind.CLAIM_PAYMENT: _claim_payment,
    RecordKind.DUPLICATE_TRAINING: _duplicate,
}
