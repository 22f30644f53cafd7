"""Who belongs to an office of the relay: its workstations, its keys, and what a change of the key does to both."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, Table, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from desktop_app.domain.errors import AppError
from sync.contract.relay import Rotation, SignedRotation
from sync.contract.sharing import PageHead, ReadPage
from sync.contract.signing import Purpose, check
from sync.contract.wire import decode
from sync.platform.schema import PROVINCE, relay_device, relay_key


def device_key(connection: Connection, office: bytes, device: bytes) -> bytes:
    """Return the public key of a workstation; AppError RELAY_DEVICE_UNKNOWN, SHARE_DEVICE_REVOKED."""
    found = _device(connection, office, device)
    if found is None:
        raise AppError("RELAY_DEVICE_UNKNOWN")
    if found.revoked:
        raise AppError("SHARE_DEVICE_REVOKED")
    return bytes(found.public_key)


def let_in(connection: Connection, office: bytes, device: bytes, public_key: bytes) -> None:
    """Note a workstation, the same one twice once; AppError SHARE_DEVICE_REVOKED, DEVICE_KNOWN."""
    insert_new(connection, relay_device, office=office, device=device, public_key=public_key, revoked=0)
    if device_key(connection, office, device) != public_key:
        raise AppError("DEVICE_KNOWN")


def check_maker(connection: Connection, head: PageHead) -> None:
    """Check that a page is signed by the key of its workstation; AppError RELAY_PAGE_FOREIGN, RELAY_DEVICE_…."""
    if device_key(connection, head.office, head.device) != head.public_key:
        raise AppError("RELAY_PAGE_FOREIGN")


def key_row(connection: Connection, office: bytes, key: bytes) -> Row[bytes, int] | None:
    """Return what is known of an institution key by its name."""
    table = relay_key
    where = (table.c.institution_id == PROVINCE, table.c.office == office, table.c.key == key)
    return connection.execute(select(table.c.office_key, table.c.former).where(*where)).first()


def change_key(connection: Connection, page: ReadPage) -> None:
    """Do what a page that changes the institution key says; its own signature has been checked.

    From the newest key: only who is named remains. From one that was changed already (two administrators at once):
    who it revokes is shut out, the rest stays. To the newest key, from one that this life of the relay never knew: who
    is named is let in. Else it is history and changes nothing. Raises AppError SIGNATURE_INVALID, REQUEST_MALFORMED,
    RELAY_PAGE_FOREIGN.
    """
    signed = decode(page.sealed, SignedRotation)
    said = decode(signed.payload, Rotation)
    office = page.head.office
    if (said.office, said.device, said.key) != (office, page.head.device, page.head.key):
        raise AppError("RELAY_PAGE_FOREIGN")
    known = key_row(connection, office, said.key)
    if known is not None:
        if not known.former and known.office_key == said.office_key:
            _let_members_in(connection, said)
        return
    former = key_row(connection, office, said.former_key)
    maker = _device(connection, office, said.device)
    if former is None or (maker is not None and (maker.revoked or maker.public_key != page.head.public_key)):
        return
    check(former.office_key, Purpose.ROTATION, signed.payload, signed.signature)
    table, devices = relay_key, relay_device
    of_key = (table.c.institution_id == PROVINCE, table.c.office == office)
    connection.execute(update(table).where(*of_key, table.c.key == said.former_key).values(former=1))
    insert_new(connection, table, office=office, key=said.key, office_key=said.office_key, former=0)
    here = (devices.c.institution_id == PROVINCE, devices.c.office == office)
    if not former.former:
        staying = [member.device for member in said.members]
        gone = delete(devices).where(*here, devices.c.revoked == 0, devices.c.device.not_in(staying))
        connection.execute(gone)
        _let_members_in(connection, said)
    for device in said.revoked:
        insert_new(connection, devices, office=office, device=device, public_key=bytes(32), revoked=1)
        connection.execute(update(devices).where(*here, devices.c.device == device).values(revoked=1))


def _let_members_in(connection: Connection, said: Rotation) -> None:
    """Note who remains; one that was shut out since stays shut out."""
    for member in said.members:
        row = {"device": member.device, "public_key": member.public_key, "revoked": 0}
        insert_new(connection, relay_device, office=said.office, **row)


def insert_new(connection: Connection, table: Table, **row: object) -> None:
    """Insert a row of the relay unless it is there already."""
    make: Any = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    connection.execute(make(table).values(institution_id=PROVINCE, **row).on_conflict_do_nothing())


def _device(connection: Connection, office: bytes, device: bytes) -> Row[bytes, int] | None:
    table = relay_device
    where = (table.c.institution_id == PROVINCE, table.c.office == office, table.c.device == device)
    return connection.execute(select(table.c.public_key, table.c.revoked).where(*where)).first()
