"""Streams that institutions pull: the province's (catalogue) and each institution's own (profile, devices).

A version is taken under a row lock, so a reader never skips one that commits late; every version is one signed page,
made once and served as stored.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects import postgresql, sqlite

from desktop_app.domain.clock import Clock
from desktop_app.domain.errors import AppError
from sync.contract.field_types import InstitutionKind
from sync.contract.kinds import RecordKind
from sync.contract.records import DeviceFields, InstitutionFields, ProjectFields
from sync.contract.signing import Purpose, enclose
from sync.contract.wire import MAX_PAGE_RECORDS, Record, StreamPage, encode, put
from sync.platform.identity import read_identity
from sync.platform.schema import PROVINCE, institution, project, stream, stream_page

PROVINCE_STREAM = "province"
INSTITUTION_STREAM = "institution"
STREAMS = (PROVINCE_STREAM, INSTITUTION_STREAM)
PULL_PAGES = 20


def owner_of(stream_name: str, institution_id: int) -> int:
    """Return whose rows a stream's pages are; AppError STREAM_UNKNOWN."""
    if stream_name not in STREAMS:
        raise AppError("STREAM_UNKNOWN", stream=stream_name[:20])
    return PROVINCE if stream_name == PROVINCE_STREAM else institution_id


def publish(connection: Connection, clock: Clock, name: str, institution_id: int, items: list[Record]) -> int:
    """Append items to a stream as its next versions (≤ 1,000 items each) and return the last version."""
    owner = owner_of(name, institution_id)
    where = (stream.c.institution_id == owner, stream.c.name == name)
    version: int | None = connection.scalar(select(stream.c.version).where(*where).with_for_update())
    if version is None:
        first: Any = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
        row = {"institution_id": owner, "name": name, "version": 0}
        connection.execute(first(stream).values(**row).on_conflict_do_nothing())
        version = connection.execute(select(stream.c.version).where(*where).with_for_update()).scalar_one()
    platform = read_identity(connection)
    uscc = ""
    if owner != PROVINCE:
        of_owner = (institution.c.institution_id == PROVINCE, institution.c.id == owner)
        uscc = connection.scalar(select(institution.c.uscc).where(*of_owner)) or ""
    for start in range(0, len(items), MAX_PAGE_RECORDS):
        version += 1
        page = StreamPage(
            epoch=platform.epoch,
            stream=name,
            uscc=uscc,
            version=version,
            issued_at=clock.now(),
            items=items[start : start + MAX_PAGE_RECORDS],
        )
        body = enclose(platform.private_key, Purpose.STREAM, encode(page))
        row = {"institution_id": owner, "name": name, "version": version, "body": body}
        connection.execute(stream_page.insert().values(**row))
    connection.execute(update(stream).where(*where).values(version=version))
    return version


def pull(connection: Connection, institution_id: int, cursors: dict[str, int]) -> tuple[list[bytes], bool]:
    """Return the envelopes past the cursors (at most 20) and whether there are more.

    Raises AppError STREAM_UNKNOWN; CURSOR_AHEAD where a cursor is beyond the stream: another life of this platform.
    """
    pages: list[bytes] = []
    for name, after in sorted(cursors.items()):
        owner = owner_of(name, institution_id)
        where = (stream_page.c.institution_id == owner, stream_page.c.name == name)
        newest = connection.scalar(
            select(stream.c.version).where(stream.c.institution_id == owner, stream.c.name == name)
        )
        if after > (newest or 0):
            raise AppError("CURSOR_AHEAD", stream=name, cursor=after, newest=newest or 0)
        found = connection.scalars(
            select(stream_page.c.body)
            .where(*where, stream_page.c.version > after)
            .order_by(stream_page.c.version)
            .limit(PULL_PAGES + 1 - len(pages))
        )
        pages.extend(found)
        if len(pages) > PULL_PAGES:
            return pages[:PULL_PAGES], True
    return pages, False


def institution_item(name: str, uscc: str, region: str, kind: InstitutionKind) -> Record:
    """Return an institution as an item of its stream."""
    fields = InstitutionFields(name=name, uscc=uscc, region=region, kind=kind)
    return put(RecordKind.INSTITUTION, uscc.encode("ascii"), fields)


def device_item(device_id: bytes, name: str, public_key: bytes, *, revoked: bool) -> Record:
    """Return a device as an item of its institution's stream."""
    return put(RecordKind.DEVICE, device_id, DeviceFields(name=name, public_key=public_key, revoked=revoked))


def publish_projects(
    connection: Connection, clock: Clock, projects: list[tuple[bytes, ProjectFields]]
) -> int:
    """Publish catalogue entries (project id, fields) and return the stream's version."""
    for project_id, fields in projects:
        where = (project.c.institution_id == PROVINCE, project.c.code == fields.code)
        connection.execute(project.delete().where(*where))
        row = {"institution_id": PROVINCE, "code": fields.code, "id": project_id, "fields": encode(fields)}
        connection.execute(project.insert().values(**row))
    items = [put(RecordKind.PROJECT, project_id, fields) for project_id, fields in projects]
    return publish(connection, clock, PROVINCE_STREAM, PROVINCE, items)
