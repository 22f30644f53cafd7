"""Names of evidence files in addresses: an HMAC, so that no address tells the digest of a paper."""

from __future__ import annotations

import hashlib
import hmac

_NAMES = b"training-contract evidence\0"


def file_name(uscc: str, digest: bytes) -> bytes:
    """Return the name (32 bytes) under which an institution's file travels; ``digest``: SHA-256 of its bytes."""
    return hmac.new(_NAMES + uscc.encode("ascii"), digest, hashlib.sha256).digest()
