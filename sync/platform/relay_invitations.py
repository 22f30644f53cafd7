"""Invitations that wait at the relay: sealed, found by a part of their code, good for one workstation and 24 hours."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection, delete, select, update

from desktop_app.domain.clock import Clock
from desktop_app.domain.errors import AppError
from sync.contract.office_keys import acceptance_payload
from sync.contract.relay import Acceptance, Accepted, Invitation, Invited, RelayCall
from sync.contract.signing import Purpose, check
from sync.contract.wire import decode
from sync.platform.relay_members import insert_new
from sync.platform.schema import PROVINCE
from sync.platform.schema import relay_invitation as table

_KEPT = timedelta(days=7)  # so that one who comes late is told so


def deposit(connection: Connection, clock: Clock, call: RelayCall) -> Invited:
    """Keep an invitation; the same again changes nothing. AppError INVITATION_TAKEN for a look-up that is in use."""
    asked = decode(call.body, Invitation)
    now = milliseconds(clock)
    here = table.c.institution_id == PROVINCE
    oldest = now - int(_KEPT.total_seconds() * 1000)
    connection.execute(delete(table).where(here, table.c.expires_at < oldest))
    insert_new(
        connection,
        table,
        lookup=asked.lookup,
        office=call.office,
        public_key=asked.public_key,
        sealed=asked.sealed,
        expires_at=now + asked.hours * 3_600_000,
    )
    kept = connection.execute(select(table).where(here, table.c.lookup == asked.lookup)).one()
    if (kept.office, kept.public_key) != (call.office, asked.public_key):
        raise AppError("INVITATION_TAKEN")
    return Invited(expires_at=kept.expires_at)


def accept(connection: Connection, clock: Clock, call: RelayCall) -> Accepted:
    """Hand an invitation to the first workstation that shows its secret, and to that one again.

    Raises AppError INVITATION_UNKNOWN (a wrong secret is told like a wrong look-up), INVITATION_EXPIRED,
    INVITATION_USED.
    """
    asked = decode(call.body, Acceptance)
    where = (table.c.institution_id == PROVINCE, table.c.lookup == asked.lookup)
    found = connection.execute(select(table).where(*where).with_for_update()).first()
    if found is None:
        raise AppError("INVITATION_UNKNOWN")
    payload = acceptance_payload(asked.lookup, call.device, asked.public_key)
    try:
        check(found.public_key, Purpose.ACCEPTANCE, payload, asked.proof)
    except AppError as error:
        raise AppError("INVITATION_UNKNOWN") from error
    taker = call.device + asked.public_key
    if found.accepted_by not in {None, taker}:
        raise AppError("INVITATION_USED")
    if found.accepted_by is None:
        if found.expires_at < milliseconds(clock):
            raise AppError("INVITATION_EXPIRED")
        connection.execute(update(table).where(*where).values(accepted_by=taker))
    return Accepted(sealed=found.sealed)


def milliseconds(clock: Clock) -> int:
    """Return the moment as calls name it: milliseconds since 1970."""
    return int(clock.now().timestamp() * 1000)
