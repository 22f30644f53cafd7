"""What is drawn from an institution key, and how a new one reaches each workstation that remains.

The *office key* is an Ed25519 pair that HKDF draws from the institution key: a signature by it shows that its maker
holds that key. A new institution key is encrypted to a device's own signing key: Ed25519 keys are turned into those of
X25519 (RFC 7748, 4.1; RFC 8032, 5.1.5), so no workstation needs a second pair.
"""

from __future__ import annotations

import hashlib

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from desktop_app.domain.errors import AppError
from sync.contract.sharing import derived_key, key_id
from sync.contract.signing import Purpose, public_key_of, sign
from sync.contract.wire import encode

_OFFICE, _MEMBER = b"training-sharing office key\0", b"training-sharing key to member\0"
_P = 2**255 - 19
_SIGN_BIT = 2**255
_NONCE = bytes(12)  # each key is used once: its sender's half is made for it


def office_key(institution_key: bytes) -> bytes:
    """Return the public office key (32 bytes) of an institution key."""
    return public_key_of(derived_key(institution_key, _OFFICE))


def sign_as_office(institution_key: bytes, purpose: Purpose, payload: bytes) -> bytes:
    """Sign as one who holds the institution key."""
    return sign(derived_key(institution_key, _OFFICE), purpose, payload)


def admission_payload(office: bytes, device: bytes, public_key: bytes, key: bytes) -> bytes:
    """Return what shows that a device belongs to an office; ``key``: name of the institution key."""
    return encode(["admission", office, device, public_key, key])


def acceptance_payload(lookup: bytes, device: bytes, public_key: bytes) -> bytes:
    """Return what shows that a device knows the secret of an invitation."""
    return encode(["acceptance", lookup, device, public_key])


def seal_to_member(institution_key: bytes, public_key: bytes) -> bytes:
    """Encrypt an institution key to a device by its Ed25519 public key; AppError SHARE_KEY_WRONG for none."""
    own = X25519PrivateKey.generate()
    sender = own.public_key().public_bytes_raw()
    try:
        recipient = X25519PublicKey.from_public_bytes(_montgomery(public_key))
        shared = own.exchange(recipient)
    except ValueError as error:
        raise AppError("SHARE_KEY_WRONG") from error
    return sender + ChaCha20Poly1305(_agreed(shared, sender, public_key)).encrypt(
        _NONCE, institution_key, key_id(institution_key)
    )


def open_as_member(sealed: bytes, key: bytes, private_key: bytes) -> bytes:
    """Return the institution key named ``key`` that was encrypted to this device; AppError SHARE_KEY_WRONG."""
    sender, rest = sealed[:32], sealed[32:]
    scalar = hashlib.sha512(private_key).digest()[:32]  # as Ed25519 draws it from its seed
    try:
        shared = X25519PrivateKey.from_private_bytes(scalar).exchange(
            X25519PublicKey.from_public_bytes(sender)
        )
        cipher = ChaCha20Poly1305(_agreed(shared, sender, public_key_of(private_key)))
        opened = cipher.decrypt(_NONCE, rest, key)
    except (InvalidTag, ValueError) as error:
        raise AppError("SHARE_KEY_WRONG") from error
    if key_id(opened) != key:
        raise AppError("SHARE_KEY_WRONG")
    return opened


def _agreed(shared: bytes, sender: bytes, recipient: bytes) -> bytes:
    return HKDF(SHA256(), 32, None, _MEMBER + sender + recipient).derive(shared)


def _montgomery(public_key: bytes) -> bytes:
    """Return the X25519 form of an Ed25519 public key: u = (1 + y) / (1 - y)."""
    y = int.from_bytes(public_key, "little") % _SIGN_BIT
    if len(public_key) != 32 or y >= _P or y == 1:  # noqa: PLR2004 - bytes of a key
        msg = "no point of the curve"
        raise ValueError(msg)
    return ((1 + y) * pow(1 - y, -1, _P) % _P).to_bytes(32, "little")
