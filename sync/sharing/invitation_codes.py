"""The code of an invitation, and what its secret opens.

A code is 32 letters and digits of Crockford's base 32 in groups of four: 8 by which the invitation is found (40 bits),
23 of secret (115 bits), one that tells slips of the pen. Whoever keeps the invitation knows the first 8 and a public
key that is drawn from the rest; the secret never leaves the two workstations and whoever carries the code.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import Annotated

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from msgspec import Meta, Struct

from desktop_app.domain.errors import AppError
from sync.contract.relay import LOOKUP_BYTES
from sync.contract.sharing import derived_key
from sync.contract.wire import Hash, Id, decode, encode

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans("OIL", "011", "- ")
_LOOKUP, _SECRET, _GROUP, _BITS = 8, 23, 4, 5
_LENGTH = _LOOKUP + _SECRET + 1
_BOX, _SIGNS = b"training-sharing invitation\0", b"training-sharing invitation key\0"
_NONCE = bytes(12)  # a secret seals one ticket


class TicketKey(Struct, array_like=True, frozen=True):
    """An institution key as a ticket brings it; ``device``: who changed to it, empty for the first."""

    key: Hash
    epoch: Annotated[int, Meta(ge=1)]
    device: Annotated[bytes, Meta(max_length=16)]


class Ticket(Struct, frozen=True, kw_only=True):
    """What an invitation brings: the office, its keys, who is to administer there, and the journal's heads.

    ``expires_ms``: until when it may be taken; ``admits_ms``: until when who took it may finish joining.
    """

    office: Id
    invitation: Id
    institution: str
    demo: bool
    relay: str
    keys: list[TicketKey]
    user: Id
    login: str
    expires_ms: int
    admits_ms: int
    heads: list[Hash]


@dataclass(frozen=True, slots=True)
class InvitationCode:
    """A code taken apart: by what it is found, and what it opens."""

    lookup: bytes
    secret: bytes

    @property
    def private_key(self) -> bytes:
        """Return the invitation's own signing key, which admits one workstation."""
        return derived_key(self.secret, _SIGNS)

    def text(self) -> str:
        """Return the code as it is told."""
        symbols = _symbols(int.from_bytes(self.lookup, "big"), _LOOKUP)
        symbols += _symbols(int.from_bytes(self.secret, "big"), _SECRET)
        symbols += _check_symbol(symbols)
        return "-".join(symbols[start : start + _GROUP] for start in range(0, _LENGTH, _GROUP))

    def seal(self, ticket: Ticket) -> bytes:
        """Encrypt a ticket under the secret."""
        return self._cipher().encrypt(_NONCE, encode(ticket), self.lookup)

    def open(self, sealed: bytes) -> Ticket:
        """Return the ticket; AppError INVITATION_UNKNOWN where this is not the code of it."""
        try:
            opened = self._cipher().decrypt(_NONCE, sealed, self.lookup)
        except (InvalidTag, ValueError) as error:
            raise AppError("INVITATION_UNKNOWN") from error
        return decode(opened, Ticket, "INVITATION_UNREADABLE")

    def _cipher(self) -> ChaCha20Poly1305:
        return ChaCha20Poly1305(derived_key(self.secret, _BOX))


def new_code() -> InvitationCode:
    """Return a new random code."""
    size = (_SECRET * _BITS + 7) // 8
    secret = secrets.randbits(_SECRET * _BITS).to_bytes(size, "big")
    return InvitationCode(secrets.token_bytes(LOOKUP_BYTES), secret)


def read_code(text: str) -> InvitationCode:
    """Read a code as it was typed, in either case, with or without dashes; AppError INVITATION_CODE_WRONG."""
    symbols = text.upper().translate(_MISREAD)
    wrong = len(symbols) != _LENGTH or not set(symbols) <= set(_ALPHABET)
    if wrong or _check_symbol(symbols[:-1]) != symbols[-1]:
        raise AppError("INVITATION_CODE_WRONG")
    lookup, secret = _number(symbols[:_LOOKUP]), _number(symbols[_LOOKUP:-1])
    return InvitationCode(
        lookup.to_bytes(LOOKUP_BYTES, "big"), secret.to_bytes((_SECRET * _BITS + 7) // 8, "big")
    )


def _symbols(number: int, count: int) -> str:
    return "".join(_ALPHABET[number >> _BITS * place & 31] for place in range(count - 1, -1, -1))


def _number(symbols: str) -> int:
    number = 0
    for symbol in symbols:
        number = number << _BITS | _ALPHABET.index(symbol)
    return number


def _check_symbol(symbols: str) -> str:
    return _ALPHABET[hashlib.sha256(symbols.encode("ascii")).digest()[0] % len(_ALPHABET)]
