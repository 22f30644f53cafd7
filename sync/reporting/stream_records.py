"""What the platform's streams say, as records of the store: one reader a kind.

An item that no reader takes, or that a newer contract has given another shape, is left: its page is kept as it is.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TypeAlias

import msgspec

from desktop_app.domain.errors import AppError
from desktop_app.domain.pilots import Pilot, pilot_id
from desktop_app.domain.policy_changes import checked, value_id
from desktop_app.domain.policy_files import checked_pilot
from desktop_app.domain.policy_parameters import Owner, PolicyParameter
from desktop_app.domain.records import PILOT, POLICY_VALUE, PROJECT, Entity
from desktop_app.services.policies import pilot_fields, value_fields
from sync.contract.kinds import RecordKind
from sync.contract.records import PilotFields, PolicyFields, ProjectFields, RecordFields
from sync.contract.shape import read_body
from sync.contract.wire import Record

PulledRecord: TypeAlias = tuple[Entity, bytes, Mapping[str, object]]


def read_item(item: Record) -> PulledRecord | None:
    """Return entity, key and fields of an item, None for what is not kept as a record."""
    reader = READERS.get(item.kind)
    if reader is None or item.leaves:
        return None
    try:
        return reader(item.key, read_body(item.kind, item.body))
    except (msgspec.MsgspecError, AppError, ValueError):
        return None


def _project(key: bytes, fields: RecordFields) -> PulledRecord:
    assert isinstance(fields, ProjectFields)
    values: dict[str, object] = msgspec.structs.asdict(fields)
    return PROJECT, key, values | {"published_on": fields.published_on.isoformat(), "origin": "platform"}


def _policy(key: bytes, fields: RecordFields) -> PulledRecord | None:
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
    return (POLICY_VALUE, key, value_fields(value)) if value_id(value) == key else None


def _pilot(key: bytes, fields: RecordFields) -> PulledRecord | None:
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
    return (PILOT, key, pilot_fields(pilot)) if pilot_id(pilot) == key else None


READERS: dict[str, Callable[[bytes, RecordFields], PulledRecord | None]] = {
    RecordKind.PROJECT: _project,
    RecordKind.POLICY: _policy,
    RecordKind.PILOT: _pilot,
}
