"""Ed25519 signatures of devices and of the platform (RFC 8032), over the bytes as sent.

Every signature names its purpose, so one made for a challenge never passes for a manifest.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from msgspec import Meta, Struct

from desktop_app.domain.errors import AppError
from sync.contract.wire import decode, encode

KEY_BYTES = 32
SIGNATURE_BYTES = 64
TOKEN_MINUTES = 15
CHALLENGE_MINUTES = 2


class Purpose(StrEnum):
    """What a signature is for."""

    MANIFEST = "manifest"
    RECEIPT = "receipt"
    STREAM = "stream"
    CHALLENGE = "challenge"
    REGISTRATION = "registration"
    TRAIL = "trail"
    PROOF = "proof"
    BATCH_FILE = "batch_file"
    EVIDENCE = "evidence"
    RELAY = "relay"
    ADMISSION = "admission"
    ACCEPTANCE = "acceptance"
    ROTATION = "rotation"


class Envelope(Struct, array_like=True, frozen=True):
    """``[payload, signature]``."""

    payload: bytes
    signature: Annotated[bytes, Meta(min_length=64, max_length=64)]


def new_private_key() -> bytes:
    """Return a new private key (32 bytes)."""
    key = Ed25519PrivateKey.generate()
    return key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())


def public_key_of(private_key: bytes) -> bytes:
    """Return the public key (32 bytes) of a private key."""
    public = Ed25519PrivateKey.from_private_bytes(private_key).public_key()
    return public.public_bytes(Encoding.Raw, PublicFormat.Raw)


def _signed_bytes(purpose: Purpose, payload: bytes) -> bytes:
    return b"training-contract\0" + purpose.value.encode("ascii") + b"\0" + payload


def sign(private_key: bytes, purpose: Purpose, payload: bytes) -> bytes:
    """Return the signature (64 bytes) of ``payload`` for one purpose."""
    return Ed25519PrivateKey.from_private_bytes(private_key).sign(_signed_bytes(purpose, payload))


def check(public_key: bytes, purpose: Purpose, payload: bytes, signature: bytes) -> None:
    """Check a signature; AppError SIGNATURE_INVALID."""
    try:
        key = Ed25519PublicKey.from_public_bytes(public_key)
        key.verify(signature, _signed_bytes(purpose, payload))
    except (InvalidSignature, ValueError) as error:
        raise AppError("SIGNATURE_INVALID", purpose=purpose.value) from error


def holds(public_key: bytes, purpose: Purpose, payload: bytes, signature: bytes) -> bool:
    """Tell whether a signature holds."""
    try:
        check(public_key, purpose, payload, signature)
    except AppError:
        return False
    return True


def enclose(private_key: bytes, purpose: Purpose, payload: bytes) -> bytes:
    """Sign ``payload`` and return its envelope."""
    return join(payload, sign(private_key, purpose, payload))


def join(payload: bytes, signature: bytes) -> bytes:
    """Return the envelope of a payload that was signed before."""
    return encode(Envelope(payload, signature))


def split(envelope: bytes, code: str = "REQUEST_MALFORMED") -> Envelope:
    """Read an envelope without checking it; AppError ``code``."""
    return decode(envelope, Envelope, code)


def disclose(public_key: bytes, purpose: Purpose, envelope: bytes) -> bytes:
    """Return the payload of an envelope once its signature holds; AppError SIGNATURE_INVALID, REQUEST_MALFORMED."""
    read = split(envelope)
    check(public_key, purpose, read.payload, read.signature)
    return read.payload


def challenge_payload(device: bytes, challenge: bytes) -> bytes:
    """Return what a device signs to get a token."""
    return encode(["challenge", device, challenge])


def registration_payload(device: bytes, public_key: bytes, code: str) -> bytes:
    """Return what a device signs when it registers: proof that it holds the private key."""
    return encode(["registration", device, public_key, code])
