"""Device signatures over tips of the journal; one covers all ancestors of its entry."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import Connection

from desktop_app.domain.entries import ADMISSION_CONTEXT, TIP_CONTEXT
from desktop_app.domain.errors import AppError
from desktop_app.store import settings
from desktop_app.store.journal import decode_header


@dataclass(frozen=True, slots=True)
class TipSignature:
    """What a device signed: the id of a tip of its journal; kept for ever and sent on."""

    entry: bytes
    device: bytes
    signature: bytes


def new_private_key() -> bytes:
    """Return a new Ed25519 private key (32 bytes)."""
    return Ed25519PrivateKey.generate().private_bytes_raw()


def public_key(private_key: bytes) -> bytes:
    """Return the public key (32 bytes) of a private one."""
    return Ed25519PrivateKey.from_private_bytes(private_key).public_key().public_bytes_raw()


def sign_tips(sql: Connection, device: bytes, private_key: bytes) -> int:
    """Sign the device's own newest entries since the last time; return how many were signed.

    Usually that is one: an own entry that another own one follows at once is covered by that one's signature.
    """
    key = Ed25519PrivateKey.from_private_bytes(private_key)
    signed = int.from_bytes(settings.read(sql, settings.SIGNED_UP_TO) or b"", "big")
    rows = sql.exec_driver_sql(
        "SELECT seq, id, header FROM journal_entry WHERE seq > ? ORDER BY seq", (signed,)
    ).all()
    tips: dict[bytes, None] = {}
    for _, entry, header_bytes in rows:
        header = decode_header(header_bytes)
        if header.device == device:
            for parent in header.parents:
                tips.pop(parent, None)
            tips[entry] = None
    if rows:
        settings.write(sql, settings.SIGNED_UP_TO, int(rows[-1][0]).to_bytes(8, "big"))
    return sum(
        sql.exec_driver_sql(
            "INSERT OR IGNORE INTO signature (entry_id, device, signature) VALUES (?, ?, ?)",
            (entry, device, key.sign(TIP_CONTEXT + entry)),
        ).rowcount
        for entry in tips
    )


def stored(sql: Connection) -> list[TipSignature]:
    """Return all signatures that are kept here, by entry and device."""
    rows = sql.exec_driver_sql("SELECT entry_id, device, signature FROM signature ORDER BY entry_id, device")
    return [TipSignature(row[0], row[1], row[2]) for row in rows]


def keep(sql: Connection, received: Iterable[TipSignature]) -> None:
    """Keep signatures that came with entries; one already here stays as it is.

    Raises AppError SIGNATURE_WRONG where the device is known and its key does not fit. A device that is not known
    yet is checked by ``verify`` once its record has come.
    """
    keys = {row[0]: row[1] for row in sql.exec_driver_sql("SELECT id, public_key FROM device")}
    for tip in received:
        key = keys.get(tip.device)
        if key is not None and not is_genuine(tip.entry, tip.signature, key):
            raise AppError("SIGNATURE_WRONG", entry=tip.entry.hex()[:12])
        sql.exec_driver_sql(
            "INSERT OR IGNORE INTO signature (entry_id, device, signature) VALUES (?, ?, ?)",
            (tip.entry, tip.device, tip.signature),
        )


def is_genuine(entry: bytes, signature: bytes, device_key: bytes) -> bool:
    """Tell whether a device signed this entry."""
    try:
        Ed25519PublicKey.from_public_bytes(device_key).verify(signature, TIP_CONTEXT + entry)
    except (InvalidSignature, ValueError):
        return False
    return True


def sign_admission(secret: bytes, device: bytes, public_key: bytes) -> bytes:
    """Sign, with the private key of an invitation, that a device with this public key is admitted by it."""
    return Ed25519PrivateKey.from_private_bytes(secret).sign(ADMISSION_CONTEXT + device + public_key)


def is_admission_genuine(invitation: bytes, device: bytes, public_key: bytes, proof: bytes) -> bool:
    """Tell whether the holder of an invitation, given by its public key, admitted a device."""
    try:
        Ed25519PublicKey.from_public_bytes(invitation).verify(proof, ADMISSION_CONTEXT + device + public_key)
    except (InvalidSignature, ValueError):
        return False
    return True
