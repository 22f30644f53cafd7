"""A relay over HTTP as a transport: signed calls, and what lets this workstation in."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from typing import TypeVar

from desktop_app.domain.clock import Clock
from desktop_app.domain.errors import AppError
from desktop_app.services.ports import NEVER, CancelToken
from sync.contract.framing import PLAIN, unwrap
from sync.contract.office_keys import acceptance_payload, admission_payload, office_key, sign_as_office
from sync.contract.relay import (
    MAX_CHANGES,
    NO_OFFICE,
    Acceptance,
    Accepted,
    Act,
    Admission,
    Admitted,
    Invitation,
    Invited,
    RelayCall,
)
from sync.contract.relay_files import FilesAnswer, FilesRequest
from sync.contract.sharing import ShelfAnswer, ShelfRequest, key_id
from sync.contract.signing import Purpose, enclose, public_key_of, sign
from sync.contract.wire import decode, encode
from sync.lines.addresses import checked_relay_url
from sync.lines.calls import ATTEMPTS, Calls
from sync.lines.http_line import HttpLine
from sync.sharing.transports import shelf_name

T = TypeVar("T")
_AWAY = {"PLATFORM_UNREACHABLE", "PLATFORM_ANSWER", "PLATFORM_BUSY", "PLATFORM_FAILED"}
_ONCE_MORE = {"RELAY_CLOCK", "RELAY_REPEATED"}


class RelayTransport:
    """One relay as one workstation of one office uses it; to be closed. Not shared between threads."""

    def __init__(
        self,
        url: str,
        office: bytes,
        device: tuple[bytes, bytes],
        newest_key: Callable[[], bytes],
        clock: Clock,
        *,
        key_changes: Callable[[], list[bytes]] = list,
        attempts: int = ATTEMPTS,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """``device``: id and private key; ``newest_key``: the institution key by which this workstation is let in.

        ``key_changes``: pages that led to it from former ones.
        Raises AppError RELAY_URL where the address is none, or leaves TLS out beyond a private network.
        """
        self._caller = RelayCaller(url, device, clock, attempts=attempts, sleep=sleep)
        self._office = office
        self._newest_key = newest_key
        self._key_changes = key_changes

    @property
    def shelf(self) -> bytes:
        """Return the name of this shelf."""
        return shelf_name(self._caller.url)

    @property
    def counts(self) -> bool:
        """Tell that this shelf numbers its pages."""
        return True

    def close(self) -> None:
        """Give the connection back."""
        self._caller.close()

    def exchange(self, request: ShelfRequest, cancel: CancelToken = NEVER) -> ShelfAnswer:
        """Put pages on the shelf and fetch what comes after the cursor; a relay that was emptied lets this one in anew.

        Raises AppError CANCELLED, SHELF_UNREACHABLE, SHARE_DEVICE_REVOKED, RELAY_KEY_FORMER, and its refusals.
        """
        body = encode(request)
        try:
            return self._caller.call(self._office, Act.EXCHANGE, body, ShelfAnswer, cancel)
        except AppError as error:
            if error.code != "RELAY_DEVICE_UNKNOWN":
                raise
        self.admit(cancel)
        return self._caller.call(self._office, Act.EXCHANGE, body, ShelfAnswer, cancel)

    def files(self, request: FilesRequest, cancel: CancelToken = NEVER) -> FilesAnswer:
        """Ask what ``sync.contract.relay_files`` describes; raises AppError as ``exchange``."""
        body = encode(request)
        try:
            return self._caller.call(self._office, Act.FILES, body, FilesAnswer, cancel)
        except AppError as error:
            if error.code != "RELAY_DEVICE_UNKNOWN":
                raise
        self.admit(cancel)
        return self._caller.call(self._office, Act.FILES, body, FilesAnswer, cancel)

    def admit(self, cancel: CancelToken = NEVER) -> None:
        """Show the institution key; the first workstation founds the office at this relay."""
        key, device, public_key = self._newest_key(), self._caller.device, self._caller.public_key
        name = key_id(key)
        payload = admission_payload(self._office, device, public_key, name)
        proof = sign_as_office(key, Purpose.ADMISSION, payload)
        changes = self._key_changes()[-MAX_CHANGES:]
        asked = encode(Admission(public_key, name, office_key(key), proof, changes))
        self._caller.call(self._office, Act.ADMISSION, asked, Admitted, cancel)

    def deposit(self, invitation: Invitation, cancel: CancelToken = NEVER) -> int:
        """Leave an invitation at the relay; return when it ends, in milliseconds since 1970.

        Raises AppError INVITATION_TAKEN for a look-up that is in use.
        """
        try:
            return self._deposit(invitation, cancel)
        except AppError as error:
            if error.code != "RELAY_DEVICE_UNKNOWN":
                raise
        self.admit(cancel)
        return self._deposit(invitation, cancel)

    def _deposit(self, invitation: Invitation, cancel: CancelToken) -> int:
        asked = encode(invitation)
        return self._caller.call(self._office, Act.INVITATION, asked, Invited, cancel).expires_at


class RelayCaller:
    """Makes signed calls to one relay; one whose clock differs is told by its own."""

    def __init__(
        self,
        url: str,
        device: tuple[bytes, bytes],
        clock: Clock,
        *,
        attempts: int = ATTEMPTS,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.url = checked_relay_url(url)
        self.device, self._private_key = device
        self.public_key = public_key_of(self._private_key)
        self._clock = clock
        self._line = HttpLine(self.url)
        self._attempts = attempts
        self._sleep = sleep
        self._ahead = 0.0

    def close(self) -> None:
        """Give the connection back."""
        self._line.close()

    def accept(self, lookup: bytes, private_key: bytes, cancel: CancelToken = NEVER) -> bytes:
        """Take an invitation by its look-up, showing the key of its secret; return what the secret opens.

        Raises AppError INVITATION_UNKNOWN, INVITATION_EXPIRED, INVITATION_USED, SHELF_UNREACHABLE, CANCELLED.
        """
        payload = acceptance_payload(lookup, self.device, self.public_key)
        proof = sign(private_key, Purpose.ACCEPTANCE, payload)
        asked = encode(Acceptance(lookup=lookup, public_key=self.public_key, proof=proof))
        return self.call(NO_OFFICE, Act.ACCEPTANCE, asked, Accepted, cancel).sealed

    def call(self, office: bytes, act: Act, body: bytes, shape: type[T], cancel: CancelToken) -> T:
        """Make one call, once more by the relay's clock where this machine's is wrong."""
        try:
            return self._call(office, act, body, shape, cancel)
        except AppError as error:
            if error.code not in _ONCE_MORE:
                raise
        return self._call(office, act, body, shape, cancel)

    def _call(self, office: bytes, act: Act, body: bytes, shape: type[T], cancel: CancelToken) -> T:
        calls = Calls(self._line, self._clock, cancel, attempts=self._attempts, sleep=self._sleep)

        def signed() -> bytes:
            at = int((self._clock.now().timestamp() + self._ahead) * 1000)
            call = RelayCall(office, self.device, at, secrets.token_bytes(16), act, body)
            return PLAIN + enclose(self._private_key, Purpose.RELAY, encode(call))

        try:
            response = calls.call("POST", f"/v1/relay/{act.value}", signed)
            return decode(unwrap(response.content, "PLATFORM_ANSWER"), shape, "PLATFORM_ANSWER")
        except AppError as error:
            if error.code in _AWAY:
                raise AppError("SHELF_UNREACHABLE", detail=error.params.get("detail", error.code)) from error
            raise
        finally:
            self._ahead = self._ahead if calls.skew_seconds is None else calls.skew_seconds
