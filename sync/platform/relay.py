"""The relay: an office's pages, numbered as they come, for the workstations that its keys let in. It reads none.

An office's row is locked by whoever puts pages on its shelf until they are committed, so numbers become visible in
their order and no cursor passes one that is still to come. Numbers leave gaps of a random size: a cursor that names a
page which is not there tells that this database was restored, and the shelf then begins a new epoch.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, select, update

from desktop_app.domain.clock import Clock
from desktop_app.domain.errors import AppError
from sync.contract.office_keys import admission_payload
from sync.contract.relay import Admission, Admitted, RelayCall
from sync.contract.sharing import (
    ANSWER_BYTES,
    ReadPage,
    ShelfAnswer,
    ShelfPage,
    ShelfRequest,
    read_page,
)
from sync.contract.signing import Purpose, check
from sync.contract.wire import decode, encode
from sync.platform import relay_members
from sync.platform.schema import PROVINCE, relay_key, relay_office, relay_page

EPOCH_BYTES = 16
MAX_GAP = 2**22
_MAX_HEADS = 10_000


class ShelfRestored(Exception):
    """A cursor names a page that is not there; it was found on a transaction that only reads."""


def admit(connection: Connection, _clock: Clock, call: RelayCall) -> Admitted:
    """Let a workstation in that shows the office's newest key; an office that is not known is founded by it.

    Raises AppError SIGNATURE_INVALID, RELAY_KEY_FORMER where the key was changed since, SHARE_DEVICE_REVOKED,
    RELAY_PAGE_FOREIGN, DEVICE_KNOWN where the device is here with another key.
    """
    asked = decode(call.body, Admission)
    check(
        asked.office_key,
        Purpose.ADMISSION,
        admission_payload(call.office, call.device, asked.public_key, asked.key),
        asked.proof,
    )
    office = locked_office(connection, call.office)
    if office is None:
        relay_members.insert_new(
            connection,
            relay_office,
            office=call.office,
            epoch=secrets.token_bytes(EPOCH_BYTES),
            newest=0,
            heads=encode([]),
        )
        relay_members.insert_new(
            connection,
            relay_key,
            office=call.office,
            key=asked.key,
            office_key=asked.office_key,
            former=0,
        )
        office = locked_office(connection, call.office)
        assert office is not None
    for body in asked.changes:
        page = read_page(body)
        if page.head.office != call.office or page.head.entries:
            raise AppError("RELAY_PAGE_FOREIGN")
        relay_members.change_key(connection, page)
    of_key = relay_members.key_row(connection, call.office, asked.key)
    if of_key is None or of_key.former or of_key.office_key != asked.office_key:
        raise AppError("RELAY_KEY_FORMER")
    relay_members.let_in(connection, call.office, call.device, asked.public_key)
    return Admitted(epoch=office.epoch)


def exchange(connection: Connection, _clock: Clock, call: RelayCall) -> ShelfAnswer:
    """Put pages on the shelf and hand out what comes after the cursor (``sync.contract.sharing``).

    Raises AppError RELAY_DEVICE_UNKNOWN, RELAY_PAGE_FOREIGN for a page of another office or device, and what
    ``read_page`` raises.
    """
    asked = decode(call.body, ShelfRequest)
    if asked.office != call.office:
        raise AppError("RELAY_PAGE_FOREIGN")
    pages = [_own_page(call, body) for body in asked.pages]
    writes = bool(pages) and not connection.get_execution_options().get("reads_only")
    office = locked_office(connection, call.office) if writes else find_office(connection, call.office)
    if office is None:
        raise AppError("RELAY_DEVICE_UNKNOWN")
    if asked.epoch != office.epoch:
        return _other_life(office)
    if not _is_cursor(connection, office, asked.number):
        return _other_life(renewed(connection, call.office, office.epoch))
    if writes:
        _append(connection, office, pages, asked.pages)
    found, more, number = _after(connection, asked, {page.head.page for page in pages})
    return ShelfAnswer(
        epoch=office.epoch,
        number=number,
        more=more,
        pages=found,
        again=_named(connection, asked.office, asked.again),
    )


def writes(call: RelayCall) -> bool:
    """Tell whether an exchange puts pages on the shelf."""
    return bool(decode(call.body, ShelfRequest).pages)


def find_office(connection: Connection, office: bytes) -> Row[Any] | None:
    """Return an office's row, None where it is not known."""
    here = (relay_office.c.institution_id == PROVINCE, relay_office.c.office == office)
    return connection.execute(select(relay_office).where(*here)).first()


def locked_office(connection: Connection, office: bytes) -> Row[Any] | None:
    """Return an office's row, locked until the transaction ends."""
    here = (relay_office.c.institution_id == PROVINCE, relay_office.c.office == office)
    return connection.execute(select(relay_office).where(*here).with_for_update()).first()


def renewed(connection: Connection, office: bytes, former: bytes) -> Row[Any]:
    """Begin a new epoch of an office's shelf, unless somebody else just has; return its row.

    Raises ShelfRestored on a transaction that only reads: to be asked again on one that writes.
    """
    if connection.get_execution_options().get("reads_only"):
        raise ShelfRestored
    row = locked_office(connection, office)
    assert row is not None
    if row.epoch == former:
        here = (relay_office.c.institution_id == PROVINCE, relay_office.c.office == office)
        connection.execute(update(relay_office).where(*here).values(epoch=secrets.token_bytes(EPOCH_BYTES)))
    found = find_office(connection, office)
    assert found is not None
    return found


def _own_page(call: RelayCall, body: bytes) -> ReadPage:
    """Read a page that a workstation sends: its own, or one that changes the key, which any carries on."""
    page = read_page(body)
    if page.head.office != call.office or (page.head.entries and page.head.device != call.device):
        raise AppError("RELAY_PAGE_FOREIGN")
    return page


def _other_life(office: Row[Any]) -> ShelfAnswer:
    heads = decode(office.heads, list[bytes])
    return ShelfAnswer(epoch=office.epoch, number=office.newest, heads=heads)


def _is_cursor(connection: Connection, office: Row[Any], number: int) -> bool:
    """Tell whether this life of the shelf can have given a cursor."""
    if number in {0, office.newest}:
        return True
    return number < office.newest and (
        connection.scalar(select(relay_page.c.size).where(*_of(office.office), relay_page.c.number == number))
        is not None
    )


def _append(
    connection: Connection, office: Row[Any], pages: Sequence[ReadPage], bodies: Sequence[bytes]
) -> None:
    """Give pages that are new here their numbers; the office's row is locked."""
    names = [page.head.page for page in pages]
    known = set(
        connection.scalars(select(relay_page.c.page).where(*_of(office.office), relay_page.c.page.in_(names)))
    )
    number, heads = office.newest, set(decode(office.heads, list[bytes]))
    for page, body in zip(pages, bodies, strict=True):
        head = page.head
        if head.entries:
            relay_members.check_maker(connection, head)
        if head.page in known:
            continue
        known.add(head.page)
        if head.entries == 0:
            relay_members.change_key(connection, page)
        number += 1 + secrets.randbelow(MAX_GAP)
        row = {"office": office.office, "number": number, "page": head.page, "size": len(body), "body": body}
        connection.execute(relay_page.insert().values(institution_id=PROVINCE, **row))
        heads.difference_update(head.after)
        heads.update(head.tips)
    here = (relay_office.c.institution_id == PROVINCE, relay_office.c.office == office.office)
    told = encode(sorted(heads)[:_MAX_HEADS])
    connection.execute(update(relay_office).where(*here).values(newest=number, heads=told))


def _after(connection: Connection, asked: ShelfRequest, own: set[bytes]) -> tuple[list[ShelfPage], bool, int]:
    """Return pages past the cursor without those just sent, whether there are more, and the new cursor."""
    table = relay_page
    listed = connection.execute(
        select(table.c.number, table.c.page, table.c.size)
        .where(*_of(asked.office), table.c.number > asked.number)
        .order_by(table.c.number)
        .limit(_MAX_HEADS)
    ).all()
    numbers: list[int] = []
    room, cursor, more = min(asked.limit, ANSWER_BYTES), asked.number, False
    for number, page, size in listed:
        if page not in own:
            if asked.limit == 0 or (numbers and size > room):
                more = True
                break
            room -= size
            numbers.append(number)
        cursor = number
    more = more or len(listed) == _MAX_HEADS
    rows = connection.execute(
        select(table.c.number, table.c.page, table.c.body)
        .where(*_of(asked.office), table.c.number.in_(numbers))
        .order_by(table.c.number)
    )
    return [ShelfPage(*row) for row in rows], more, cursor


def _named(connection: Connection, office: bytes, names: Sequence[bytes]) -> list[ShelfPage]:
    """Return pages that are asked for by name, as many as one answer holds."""
    if not names:
        return []
    table = relay_page
    listed = connection.execute(
        select(table.c.number, table.c.size)
        .where(*_of(office), table.c.page.in_(names))
        .order_by(table.c.number)
    ).all()
    numbers: list[int] = []
    room = ANSWER_BYTES // 2
    for number, size in listed:
        if numbers and size > room:
            break
        room -= size
        numbers.append(number)
    rows = connection.execute(
        select(table.c.number, table.c.page, table.c.body)
        .where(*_of(office), table.c.number.in_(numbers))
        .order_by(table.c.number)
    )
    return [ShelfPage(*row) for row in rows]


def _of(office: bytes) -> tuple[Any, Any]:
    return relay_page.c.institution_id == PROVINCE, relay_page.c.office == office
