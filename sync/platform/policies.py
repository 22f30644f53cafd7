"""政策参数 and 1+X 试点 that the department publishes: a file becomes signed items of the province's stream."""

from __future__ import annotations

import json
from pathlib import Path

from sqlalchemy import Connection, select

from desktop_app.domain.clock import Clock
from desktop_app.domain.errors import AppError
from desktop_app.domain.pilots import Pilot, pilot_id
from desktop_app.domain.policy_changes import value_id
from desktop_app.domain.policy_files import MAX_BYTES, PolicyFile, read_policy_file
from desktop_app.domain.policy_parameters import Owner, PolicyParameter
from sync.contract.kinds import RecordKind
from sync.contract.records import PilotFields, PolicyFields
from sync.contract.signing import Purpose, disclose
from sync.contract.wire import Record, StreamPage, decode, put
from sync.platform.acts import record_act
from sync.platform.identity import read_identity
from sync.platform.schema import PROVINCE, stream_page
from sync.platform.streams import PROVINCE_STREAM, publish

Counts = dict[str, int]


def publish_file(connection: Connection, clock: Clock, file: Path) -> Counts:
    """Publish a policy file; return how many values and pilots were new. The same file again publishes nothing.

    Raises AppError POLICY_FILE_UNREADABLE, POLICY_FILE_EMPTY and, where rows are wrong, POLICY_FILE_ROW (the first).
    """
    try:
        with file.open("rb") as opened:
            data = opened.read(MAX_BYTES + 1)
    except OSError as error:
        raise AppError("POLICY_FILE_UNREADABLE") from error
    return publish_content(connection, clock, data)


def publish_content(connection: Connection, clock: Clock, data: bytes) -> Counts:
    """Publish what a policy file holds; see ``publish_file``."""
    content = read_policy_file(data, Owner.PLATFORM)
    if content.problems:
        first = content.problems[0]
        raise AppError(
            "POLICY_FILE_ROW",
            part=first.part,
            row=first.row,
            cause=first.error.code,
            count=len(content.problems),
        )
    held = _published(connection)
    fresh = [item for item in _items(content) if held.get((item.kind, item.key)) != item.body]
    if fresh:
        publish(connection, clock, PROVINCE_STREAM, PROVINCE, fresh)
    pilots = sum(item.kind == RecordKind.PILOT for item in fresh)
    counts = {"values": len(fresh) - pilots, "pilots": pilots}
    record_act(connection, clock, "cli", "policy_publish", **counts)
    return counts


def _items(content: PolicyFile) -> list[Record]:
    values = [put(RecordKind.POLICY, value_id(one), value_fields(one)) for one in content.values]
    pilots = {
        pilot_id(one): put(RecordKind.PILOT, pilot_id(one), pilot_fields(one)) for one in content.pilots
    }
    return [*values, *pilots.values()]


def value_fields(value: PolicyParameter) -> PolicyFields:
    """Return a value as it travels."""
    assert value.since is not None
    return PolicyFields(
        code=value.code,
        value=json.dumps(value.value, ensure_ascii=False, sort_keys=True),
        since=value.since,
        until=value.until,
        document=value.document,
        region=value.region,
        channel=value.channel,
    )


def pilot_fields(pilot: Pilot) -> PilotFields:
    """Return a row of the 试点 table as it travels."""
    return PilotFields(
        school=pilot.school.strip(),
        certificate=pilot.certificate.strip(),
        batch=pilot.batch.strip(),
        level=pilot.level,
        published_on=pilot.published_on,
        document=pilot.document,
    )


def _published(connection: Connection) -> dict[tuple[str, bytes], bytes]:
    """Return the newest published bytes of every policy value and pilot."""
    key = read_identity(connection).public_key
    bodies = connection.scalars(
        select(stream_page.c.body)
        .where(stream_page.c.institution_id == PROVINCE, stream_page.c.name == PROVINCE_STREAM)
        .order_by(stream_page.c.version)
    )
    found: dict[tuple[str, bytes], bytes] = {}
    for body in bodies:
        page = decode(disclose(key, Purpose.STREAM, body), StreamPage)
        found.update(
            {
                (item.kind, item.key): item.body
                for item in page.items
                if item.kind in {RecordKind.POLICY, RecordKind.PILOT}
            }
        )
    return found
