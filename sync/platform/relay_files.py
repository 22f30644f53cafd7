"""Evidence files on the relay: sealed, part by part, under addresses that say nothing; for whoever opens them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, delete, func, select

from desktop_app.domain.clock import Clock
from desktop_app.domain.errors import AppError
from sync.contract.relay import RelayCall
from sync.contract.relay_files import FilePart, FilePlace, FilesAnswer, FilesRequest, FileState
from sync.contract.wire import decode
from sync.platform.relay_members import insert_new
from sync.platform.schema import PROVINCE
from sync.platform.schema import relay_file as table

_NOTHING = FileState(0, 0)


def files(connection: Connection, _clock: Clock, call: RelayCall) -> FilesAnswer:
    """Do what is asked of the office's files (``sync.contract.relay_files``); AppError REQUEST_MALFORMED."""
    asked = decode(call.body, FilesRequest)
    office = call.office
    if asked.spoilt is not None:
        connection.execute(delete(table).where(*_of(office), table.c.address == asked.spoilt))
    put = None if asked.put is None else _put(connection, office, asked.put)
    states = _states(connection, office, asked.asked)
    return FilesAnswer(
        put=put,
        asked=[states.get(address, _NOTHING) for address in asked.asked],
        part=None if asked.wanted is None else _part(connection, office, asked.wanted),
    )


def writes(call: RelayCall) -> bool:
    """Tell whether a call changes anything."""
    asked = decode(call.body, FilesRequest)
    return asked.put is not None or asked.spoilt is not None


def _put(connection: Connection, office: bytes, part: FilePart) -> FileState:
    """Keep a part that goes on where the file stops; any other changes nothing."""
    if not part.body or part.start + len(part.body) > part.size:
        raise AppError("REQUEST_MALFORMED", detail="part")
    state = _states(connection, office, [part.address]).get(part.address, _NOTHING)
    if state.size not in {0, part.size}:
        raise AppError("REQUEST_MALFORMED", detail="size")
    if part.start != state.had:
        return state
    row = {"address": part.address, "start": part.start, "size": part.size, "body": part.body}
    insert_new(connection, table, office=office, length=len(part.body), **row)
    return _states(connection, office, [part.address])[part.address]


def _states(connection: Connection, office: bytes, addresses: list[bytes]) -> dict[bytes, FileState]:
    if not addresses:
        return {}
    rows = connection.execute(
        select(table.c.address, func.sum(table.c.length), func.max(table.c.size))
        .where(*_of(office), table.c.address.in_(addresses))
        .group_by(table.c.address)
    )
    return {bytes(address): FileState(int(had), int(size)) for address, had, size in rows}


def _part(connection: Connection, office: bytes, wanted: FilePlace) -> FilePart | None:
    """Return the stored part in which a place lies, from there on; None where the file is not whole."""
    state = _states(connection, office, [wanted.address]).get(wanted.address, _NOTHING)
    if not state.is_whole or wanted.start >= state.size:
        return None
    found = connection.execute(
        select(table.c.start, table.c.body)
        .where(*_of(office), table.c.address == wanted.address, table.c.start <= wanted.start)
        .order_by(table.c.start.desc())
        .limit(1)
    ).one()
    return FilePart(wanted.address, state.size, wanted.start, bytes(found.body)[wanted.start - found.start :])


def _of(office: bytes) -> tuple[Any, Any]:
    return table.c.institution_id == PROVINCE, table.c.office == office
