"""Institutions, one-time device codes, devices and their tokens."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Row, delete, func, select, update

from desktop_app.domain.clock import Clock
from desktop_app.domain.credit_codes import check_uscc
from desktop_app.domain.errors import AppError
from desktop_app.domain.regions import region
from sync.contract.field_types import InstitutionKind
from sync.contract.signing import (
    CHALLENGE_MINUTES,
    TOKEN_MINUTES,
    Purpose,
    challenge_payload,
    check,
    registration_payload,
)
from sync.contract.wire import decode, encode
from sync.platform import schema
from sync.platform.acts import record_act
from sync.platform.database import take_turn
from sync.platform.identity import PlatformIdentity
from sync.platform.schema import PROVINCE
from sync.platform.streams import INSTITUTION_STREAM, device_item, institution_item, publish

CODE_DAYS = 7
_CODE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_CODE_GROUPS, _CODE_GROUP = 4, 4
_SWEPT = 100
_INSTITUTION = (
    schema.institution.c.id,
    schema.institution.c.uscc,
    schema.institution.c.name,
    schema.institution.c.region,
    schema.institution.c.kind,
)


@dataclass(frozen=True, slots=True)
class Caller:
    """The device behind a request and its institution."""

    device_id: bytes
    institution_id: int
    uscc: str
    demo: bool


def add_institution(
    connection: Connection, clock: Clock, *, name: str, uscc: str, region_code: str, kind: InstitutionKind
) -> int:
    """Add an institution and return its number.

    Raises AppError INSTITUTION_KNOWN, REGION_UNKNOWN and those of ``check_uscc``.
    """
    checked = check_uscc(uscc)
    if checked.problem:
        raise checked.problem
    if region(region_code) is None:
        raise AppError("REGION_UNKNOWN", value=region_code)
    table = schema.institution
    take_turn(connection, "institution")
    here = table.c.institution_id == PROVINCE
    if connection.scalar(select(table.c.id).where(here, table.c.uscc == checked.normalised)) is not None:
        raise AppError("INSTITUTION_KNOWN", uscc=checked.normalised)
    number = (connection.scalar(select(func.max(table.c.id)).where(here)) or PROVINCE) + 1
    row = {"uscc": checked.normalised, "name": name, "region": region_code, "kind": kind}
    connection.execute(table.insert().values(institution_id=PROVINCE, id=number, **row))
    item = institution_item(name, checked.normalised, region_code, kind)
    publish(connection, clock, INSTITUTION_STREAM, number, [item])
    record_act(connection, clock, "cli", "institution add", number, uscc=checked.normalised)
    return number


def institution_by_uscc(connection: Connection, uscc: str) -> Row[int, str, str, str, str]:
    """Return an institution's row; AppError INSTITUTION_UNKNOWN."""
    table = schema.institution
    found = connection.execute(
        select(*_INSTITUTION).where(table.c.institution_id == PROVINCE, table.c.uscc == uscc.strip().upper())
    ).first()
    if found is None:
        raise AppError("INSTITUTION_UNKNOWN", uscc=uscc[:18])
    return found


def lock_institution(connection: Connection, institution_id: int) -> None:
    """Let one batch of an institution at a time in, whatever workers serve it."""
    table = schema.institution
    where = (table.c.institution_id == PROVINCE, table.c.id == institution_id)
    connection.execute(select(table.c.id).where(*where).with_for_update())


def new_device_code(connection: Connection, clock: Clock, uscc: str) -> str:
    """Return a one-time code, good for 7 days, with which an institution's first workstation registers."""
    owner = institution_by_uscc(connection, uscc).id
    groups = (
        "".join(secrets.choice(_CODE_ALPHABET) for _ in range(_CODE_GROUP)) for _ in range(_CODE_GROUPS)
    )
    code = "-".join(groups)
    expires = clock.now() + timedelta(days=CODE_DAYS)
    row = {"code_hash": _code_hash(code), "owner": owner, "expires_at": expires.isoformat()}
    connection.execute(schema.device_code.insert().values(institution_id=PROVINCE, **row))
    record_act(connection, clock, "cli", "device code", owner)
    return code


def _code_hash(code: str) -> bytes:
    plain = code.replace("-", "").replace(" ", "").upper()
    return hashlib.sha256(plain.encode("utf-8")).digest()


def register_device(
    connection: Connection,
    clock: Clock,
    *,
    code: str,
    device_id: bytes,
    name: str,
    public_key: bytes,
    signature: bytes,
    demo: bool,
) -> Row[int, str, str, str, str]:
    """Register a device by its one-time code and return its institution; the same request twice is one device.

    Raises AppError SIGNATURE_INVALID, DEVICE_CODE_INVALID, DEVICE_CODE_EXPIRED, DEVICE_KNOWN.
    """
    check(public_key, Purpose.REGISTRATION, registration_payload(device_id, public_key, code), signature)
    codes, devices, institutions = schema.device_code, schema.device, schema.institution
    this_code = (codes.c.institution_id == PROVINCE, codes.c.code_hash == _code_hash(code))
    given = connection.execute(select(codes).where(*this_code).with_for_update()).first()
    if given is None or given.used_by not in {None, device_id}:
        raise AppError("DEVICE_CODE_INVALID")
    known = connection.execute(select(devices).where(*_this(device_id))).first()
    if known is not None and (known.public_key != public_key or known.owner != given.owner):
        raise AppError("DEVICE_KNOWN")
    if known is None:
        if datetime.fromisoformat(given.expires_at) < clock.now():
            raise AppError("DEVICE_CODE_EXPIRED")
        row = {
            "institution_id": PROVINCE,
            "id": device_id,
            "owner": given.owner,
            "name": name,
            "public_key": public_key,
        }
        row |= {"demo": int(demo), "revoked": 0, "registered_at": clock.now().isoformat()}
        connection.execute(devices.insert().values(**row))
        connection.execute(update(codes).where(*this_code).values(used_by=device_id))
        item = device_item(device_id, name, public_key, revoked=False)
        publish(connection, clock, INSTITUTION_STREAM, given.owner, [item])
        record_act(connection, clock, "device", "device register", given.owner, device=device_id.hex())
    where = (institutions.c.institution_id == PROVINCE, institutions.c.id == given.owner)
    return connection.execute(select(*_INSTITUTION).where(*where)).one()


def revoke_device(connection: Connection, clock: Clock, device_id: bytes) -> None:
    """Refuse a device from now on, tokens that it holds included; AppError DEVICE_UNKNOWN."""
    table = schema.device
    found = connection.execute(select(table).where(*_this(device_id))).first()
    if found is None:
        raise AppError("DEVICE_UNKNOWN")
    connection.execute(update(table).where(*_this(device_id)).values(revoked=1))
    item = device_item(device_id, found.name, found.public_key, revoked=True)
    publish(connection, clock, INSTITUTION_STREAM, found.owner, [item])
    record_act(connection, clock, "cli", "device revoke", found.owner, device=device_id.hex())


def _this(device_id: bytes) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    table = schema.device
    return table.c.institution_id == PROVINCE, table.c.id == device_id


def device_key(connection: Connection, institution_id: int, device_id: bytes) -> bytes:
    """Return the public key of an institution's device; AppError DEVICE_UNKNOWN, DEVICE_REVOKED."""
    table = schema.device
    found = connection.execute(
        select(table.c.public_key, table.c.revoked).where(*_this(device_id), table.c.owner == institution_id)
    ).first()
    if found is None:
        raise AppError("DEVICE_UNKNOWN")
    if found.revoked:
        raise AppError("DEVICE_REVOKED")
    return bytes(found.public_key)


def new_challenge(connection: Connection, clock: Clock, device_id: bytes) -> tuple[bytes, datetime]:
    """Return a challenge for a device, good once and for two minutes; AppError DEVICE_UNKNOWN, DEVICE_REVOKED."""
    find_caller(connection, device_id)
    table = schema.challenge
    now = clock.now()
    here = table.c.institution_id == PROVINCE
    expired = select(table.c.challenge).where(here, table.c.expires_at < now.isoformat())
    some = expired.limit(_SWEPT).with_for_update(skip_locked=True)  # colleagues sweep too and must not meet
    connection.execute(delete(table).where(here, table.c.challenge.in_(some)))
    value, expires = secrets.token_bytes(32), now + timedelta(minutes=CHALLENGE_MINUTES)
    row = {"challenge": value, "device_id": device_id, "expires_at": expires.isoformat()}
    connection.execute(table.insert().values(institution_id=PROVINCE, **row))
    return value, expires


def new_token(
    connection: Connection,
    clock: Clock,
    platform: PlatformIdentity,
    *,
    device_id: bytes,
    challenge: bytes,
    signature: bytes,
) -> tuple[str, datetime]:
    """Return a token of 15 minutes for a signed challenge, which is used up.

    Raises AppError CHALLENGE_INVALID, SIGNATURE_INVALID, DEVICE_UNKNOWN, DEVICE_REVOKED.
    """
    table = schema.challenge
    used = delete(table).where(
        table.c.institution_id == PROVINCE,
        table.c.challenge == challenge,
        table.c.device_id == device_id,
    )
    expires_at = connection.execute(used.returning(table.c.expires_at)).scalar()
    if expires_at is None or datetime.fromisoformat(expires_at) < clock.now():
        raise AppError("CHALLENGE_INVALID")
    caller = find_caller(connection, device_id)
    key = device_key(connection, caller.institution_id, device_id)
    check(key, Purpose.CHALLENGE, challenge_payload(device_id, challenge), signature)
    expires = clock.now() + timedelta(minutes=TOKEN_MINUTES)
    payload = encode([device_id, int(expires.timestamp())])
    return _text(payload + _mac(platform, payload)), expires


def _mac(platform: PlatformIdentity, payload: bytes) -> bytes:
    return hmac.digest(platform.token_secret, b"token\0" + payload, "sha256")


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode("ascii").rstrip("=")


def read_token(platform: PlatformIdentity, clock: Clock, token: str) -> bytes:
    """Return the device that a token names; AppError TOKEN_INVALID, TOKEN_EXPIRED."""
    try:
        data = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except ValueError as error:
        raise AppError("TOKEN_INVALID") from error
    payload, mac = data[:-32], data[-32:]
    if not hmac.compare_digest(mac, _mac(platform, payload)):
        raise AppError("TOKEN_INVALID")
    device_id, expires = decode(payload, tuple[bytes, int], "TOKEN_INVALID")
    if clock.now().timestamp() >= expires:
        raise AppError("TOKEN_EXPIRED")
    return device_id


def find_caller(connection: Connection, device_id: bytes) -> Caller:
    """Return who a device is; AppError DEVICE_UNKNOWN, DEVICE_REVOKED."""
    devices, institutions = schema.device, schema.institution
    found = connection.execute(
        select(devices.c.owner, devices.c.revoked, devices.c.demo, institutions.c.uscc)
        .join(
            institutions,
            (institutions.c.institution_id == devices.c.institution_id)
            & (institutions.c.id == devices.c.owner),
        )
        .where(*_this(device_id))
    ).first()
    if found is None:
        raise AppError("DEVICE_UNKNOWN")
    if found.revoked:
        raise AppError("DEVICE_REVOKED")
    return Caller(device_id, found.owner, found.uscc, bool(found.demo))
