"""Device signatures over tips of the journal; one covers all ancestors of its entry."""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import Connection

_CONTEXT = b"training-client journal tip\0"


def new_private_key() -> bytes:
    """Return a new Ed25519 private key (32 bytes)."""
    return Ed25519PrivateKey.generate().private_bytes_raw()


def public_key(private_key: bytes) -> bytes:
    """Return the public key (32 bytes) of a private one."""
    return Ed25519PrivateKey.from_private_bytes(private_key).public_key().public_bytes_raw()


def sign_tips(sql: Connection, device: bytes, private_key: bytes) -> int:
    """Sign every entry of the frontier that has no signature of this device; return how many were signed."""
    key = Ed25519PrivateKey.from_private_bytes(private_key)
    rows = sql.exec_driver_sql(
        "SELECT id FROM frontier JOIN journal_entry USING (seq)"
        " WHERE id NOT IN (SELECT entry_id FROM signature WHERE device = ?)",
        (device,),
    ).all()
    for (entry,) in rows:
        sql.exec_driver_sql(
            "INSERT INTO signature (entry_id, device, signature) VALUES (?, ?, ?)",
            (entry, device, key.sign(_CONTEXT + entry)),
        )
    return len(rows)


def is_genuine(entry: bytes, signature: bytes, device_key: bytes) -> bool:
    """Tell whether a device signed this entry."""
    try:
        Ed25519PublicKey.from_public_bytes(device_key).verify(signature, _CONTEXT + entry)
    except (InvalidSignature, ValueError):
        return False
    return True
