"""Wire types of the relay, which keeps an office's pages for its workstations and cannot read them.

Every request is an envelope (``signing``) whose payload is a ``RelayCall``, signed by the calling device for the
purpose ``relay``. It names the moment and a nonce, so one that was overheard is refused when it comes again, and the
act, so one that was made for one address is refused at another. There are no users and no passwords here.

The relay knows an office by its *office keys* (``office_keys``): whoever holds an institution key can prove it without
showing it. The first that does founds the office. A change of the institution key travels as a page without entries,
whose sealed bytes are a ``SignedRotation``: the relay takes it as every workstation does.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from sync.contract.sharing import KeyId
from sync.contract.signing import Envelope, split
from sync.contract.wire import Hash, Id, decode

MAX_MEMBERS = 1000
MAX_CHANGES = 100
MAX_INVITATION_BYTES = 64 * 1024
CLOCK_MINUTES = 10
INVITATION_HOURS = 24
LOOKUP_BYTES = 5

Moment = Annotated[int, Meta(ge=0, lt=2**53)]
Lookup = Annotated[bytes, Meta(min_length=LOOKUP_BYTES, max_length=LOOKUP_BYTES)]
Signature = Annotated[bytes, Meta(min_length=64, max_length=64)]


class Act(StrEnum):
    """What a call asks for; also the last part of its address."""

    EXCHANGE = "exchange"
    ADMISSION = "admission"
    INVITATION = "invitation"
    ACCEPTANCE = "acceptance"
    FILES = "files"


class RelayCall(Struct, array_like=True, frozen=True):
    """Payload of every request: office, device, milliseconds since 1970 by the relay's clock, nonce, act, its body."""

    office: Id
    device: Id
    at: Moment
    nonce: Id
    act: Act
    body: bytes


class Admission(Struct, array_like=True, frozen=True):
    """A workstation shows that it holds the institution key ``key``; the first one founds the office.

    ``proof``: signature by that key's office key (purpose ``admission``) over ``admission_payload``; ``changes``: pages
    that led from former keys to it, for a relay that was founded anew by a workstation which had been away.
    """

    public_key: Hash
    key: KeyId
    office_key: Hash
    proof: Signature
    changes: Annotated[list[bytes], Meta(max_length=MAX_CHANGES)] = []


class Admitted(Struct, frozen=True, kw_only=True):
    """Answer to an admission: which life of the office's shelf this is."""

    epoch: Id


class Member(Struct, array_like=True, frozen=True):
    """A workstation that remains when the institution key is changed, and the new key encrypted to it."""

    device: Id
    public_key: Hash
    sealed_key: Annotated[bytes, Meta(max_length=200)]


class Rotation(Struct, frozen=True, kw_only=True):
    """The institution key is changed by ``device``: from which to which, the new office key, all that remain.

    ``epoch``: one more than that of the former key, by which all choose alike should two change it at once.
    ``revoked`` are shut out for good; who else is not among ``members`` must show the new key to be let in again.
    """

    office: Id
    device: Id
    former_key: KeyId
    key: KeyId
    epoch: Annotated[int, Meta(ge=2, le=10**6)]
    office_key: Hash
    members: Annotated[list[Member], Meta(min_length=1, max_length=MAX_MEMBERS)]
    revoked: Annotated[list[Id], Meta(max_length=MAX_MEMBERS)]


class SignedRotation(Struct, array_like=True, frozen=True):
    """``[payload, signature]``: a rotation signed by the former office key; the page around it by the device."""

    payload: bytes
    signature: Signature


class Invitation(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A deposit for one workstation that is to join, good once and for some hours by the relay's clock.

    ``lookup``: the part of the code by which it is found; ``public_key``: drawn from the secret part, which the relay
    never sees; ``sealed``: what only that secret opens.
    """

    lookup: Lookup
    public_key: Hash
    sealed: Annotated[bytes, Meta(min_length=1, max_length=MAX_INVITATION_BYTES)]
    hours: Annotated[int, Meta(ge=1, le=INVITATION_HOURS)] = INVITATION_HOURS


class Invited(Struct, frozen=True, kw_only=True):
    """Answer to a deposit: until when it is good by the relay's clock."""

    expires_at: Moment


class Acceptance(Struct, frozen=True, kw_only=True):
    """A workstation takes an invitation; ``proof``: by the secret's key over ``acceptance_payload``.

    It does not know its office yet: the office of the call is sixteen zeros.
    """

    lookup: Lookup
    public_key: Hash
    proof: Signature


class Accepted(Struct, frozen=True, kw_only=True):
    """Answer to an acceptance: what only the secret part of the code opens."""

    sealed: bytes


NO_OFFICE = bytes(16)


def read_call(envelope: bytes) -> tuple[Envelope, RelayCall]:
    """Read a request without checking its signature; AppError REQUEST_MALFORMED."""
    read = split(envelope)
    return read, decode(read.payload, RelayCall)
