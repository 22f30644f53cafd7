"""The platform over HTTP: the one module that knows its endpoints. Another API replaces this module.

Every call may be made again, so whatever fails on the way is simply tried again: with back-off and jitter, as long
as Retry-After asks, until the attempts are used up or the user stops. Tokens are fetched when they are needed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Protocol, TypeVar

from desktop_app.domain.clock import Clock
from desktop_app.domain.errors import AppError
from desktop_app.services.ports import NEVER, CancelToken
from sync.contract import signing
from sync.contract.framing import UNSAID, unwrap, wrap
from sync.contract.proof import TrailTaken
from sync.contract.wire import (
    About,
    BatchStatus,
    Challenge,
    ChallengeRequest,
    EvidenceStatus,
    Exchange,
    ExchangeAnswer,
    FileStatus,
    Registered,
    Registration,
    ReportedState,
    Token,
    TokenRequest,
    decode,
    decode_json,
    encode,
    encode_json,
)
from sync.lines.addresses import checked_url
from sync.lines.calls import ATTEMPTS, Calls
from sync.lines.http_line import HttpLine

T = TypeVar("T")
_REFUSED_TOKEN = {"TOKEN_MISSING", "TOKEN_INVALID", "TOKEN_EXPIRED"}


class Signer(Protocol):
    """The device's key, wherever it is kept."""

    @property
    def device(self) -> bytes:
        """Return the device's id (16 bytes)."""

    @property
    def public_key(self) -> bytes:
        """Return the device's public key (32 bytes)."""

    def sign(self, purpose: signing.Purpose, payload: bytes) -> bytes:
        """Return the signature of a payload."""


@dataclass(frozen=True, slots=True)
class KeySigner:
    """A signer whose private key (32 bytes) is at hand."""

    device: bytes
    private_key: bytes

    @property
    def public_key(self) -> bytes:
        """Return the public key."""
        return signing.public_key_of(self.private_key)

    def sign(self, purpose: signing.Purpose, payload: bytes) -> bytes:
        """Return the signature of a payload."""
        return signing.sign(self.private_key, purpose, payload)


class HttpLines:
    """Connects engine and platform over HTTP; the connection and the token of the last address are kept."""

    def __init__(self) -> None:
        self._lines: dict[tuple[str, bytes], HttpLine] = {}

    def __call__(
        self,
        url: str,
        device: tuple[bytes, bytes],
        clock: Clock,
        cancel: CancelToken,
        formats: Collection[str] = UNSAID,
    ) -> PlatformApi:
        """Return the platform at an address, which reads some formats of frames; AppError PLATFORM_URL."""
        place = (checked_url(url), device[0])
        if place not in self._lines:
            for former in self._lines.values():
                former.close()
            self._lines = {place: HttpLine(place[0])}
        return PlatformApi(url, KeySigner(*device), clock, cancel, line=self._lines[place], formats=formats)


class PlatformApi:
    """One connection to the platform; to be closed. Not shared between threads."""

    answers = True

    def __init__(
        self,
        url: str,
        signer: Signer,
        clock: Clock,
        cancel: CancelToken = NEVER,
        *,
        line: HttpLine | None = None,
        formats: Collection[str] = UNSAID,
        attempts: int = ATTEMPTS,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Raise AppError PLATFORM_URL where the address is none, or leaves TLS out beyond loopback.

        A ``line`` of this address is used and left open; ``formats``: of packed frames that the platform reads.
        """
        address = checked_url(url)
        self._kept = line is not None
        self._line = line or HttpLine(address)
        self._signer = signer
        self._formats = formats
        self._calls = Calls(self._line, clock, cancel, attempts=attempts, sleep=sleep)

    @property
    def skew_seconds(self) -> float | None:
        """Return how far the platform's clock was ahead at its last answer."""
        return self._calls.skew_seconds

    def __enter__(self) -> PlatformApi:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the connection back, unless it is kept."""
        if not self._kept:
            self._line.close()

    def about(self) -> About:
        """Return what the platform says of itself."""
        return _read_json(self._calls.call("GET", "/v1").content, About)

    def register(self, code: str, name: str, *, demo: bool) -> Registered:
        """Register this workstation by a one-time code; AppError DEVICE_CODE_…, DEVICE_KNOWN, DEMO_REFUSED."""
        payload = signing.registration_payload(self._signer.device, self._signer.public_key, code)
        asked = Registration(
            code=code,
            device=self._signer.device,
            name=name,
            public_key=self._signer.public_key,
            signature=self._signer.sign(signing.Purpose.REGISTRATION, payload),
            demo=demo,
        )
        return _read_json(self._calls.call("POST", "/v1/devices", encode_json(asked)).content, Registered)

    def put_manifest(self, batch: bytes, envelope: bytes) -> BatchStatus:
        """Send a manifest and return which pages are lacking; AppError REPORT_VERSION_TAKEN, REPORT_BASE_DIFFERS …"""
        return self._frame("PUT", f"/v1/batches/{batch.hex()}", BatchStatus, self._wrap(envelope))

    def put_page(self, batch: bytes, index: int, frame: bytes) -> BatchStatus:
        """Send the frame of a page; the answer to the last one carries the receipt."""
        return self._frame("PUT", f"/v1/batches/{batch.hex()}/pages/{index}", BatchStatus, frame)

    def receipt(self, batch: bytes) -> bytes:
        """Return a batch's receipt (envelope); AppError BATCH_UNKNOWN, RECEIPT_NOT_READY, BATCH_SUPERSEDED."""
        answer = self._frame("GET", f"/v1/batches/{batch.hex()}/receipt", ExchangeAnswer)
        if answer.receipt is None:
            raise AppError("PLATFORM_ANSWER")
        return answer.receipt

    def exchange(self, envelope: bytes | None, page: bytes | None, cursors: dict[str, int]) -> ExchangeAnswer:
        """Send a batch of at most one page (or none) and pull past the cursors, in one request."""
        asked = Exchange(manifest=envelope, page=page, cursors=cursors)
        return self._frame("POST", "/v1/exchange", ExchangeAnswer, self._wrap(encode(asked)))

    def put_evidence(self, subject: str, envelope: bytes) -> EvidenceStatus:
        """Send the list of a class's evidence and return what is lacking; AppError FILE_ALTERED."""
        return self._frame("PUT", f"/v1/evidence/{subject}", EvidenceStatus, self._wrap(envelope))

    def put_file(self, name: bytes, start: int, part: bytes) -> FileStatus:
        """Send the part of a file that begins at a byte; AppError FILE_UNKNOWN, FILE_OUT_OF_ORDER, FILE_ALTERED."""
        return self._frame("PUT", f"/v1/files/{name.hex()}?start={start}", FileStatus, self._wrap(part))

    def put_trail(self, subject: str, envelope: bytes) -> TrailTaken:
        """Send the trail of a class's accepted claims; AppError CLAIM_PROOF_…"""
        return self._frame("PUT", f"/v1/trails/{subject}", TrailTaken, self._wrap(envelope))

    def pull(self, stream: str, after: int) -> ExchangeAnswer:
        """Return the pages (envelopes) of one stream past a version."""
        return self._frame("GET", f"/v1/streams/{stream}?after={after}", ExchangeAnswer)

    def reports(self) -> ReportedState:
        """Return what the platform has accepted of this institution, and its epoch."""
        return self._frame("GET", "/v1/reports", ReportedState)

    @property
    def traffic(self) -> tuple[int, int]:
        """Return how many bytes this line has sent and received since the program started."""
        return self._line.sent, self._line.received

    def _wrap(self, data: bytes) -> bytes:
        return wrap(data, self._formats)

    def _frame(self, method: str, path: str, shape: type[T], body: bytes | None = None) -> T:
        """Call with a token; a token that is refused is replaced once."""
        try:
            response = self._calls.call(method, path, body, token=self._line.token or self._log_in())
        except AppError as error:
            if error.code not in _REFUSED_TOKEN:
                raise
            response = self._calls.call(method, path, body, token=self._log_in())
        return decode(unwrap(response.content, "PLATFORM_ANSWER"), shape, "PLATFORM_ANSWER")

    def _log_in(self) -> str:
        """Get a token; where the answer to the first try was lost its challenge is used up, so there is a second."""
        try:
            token = self._new_token()
        except AppError as error:
            if error.code != "CHALLENGE_INVALID":
                raise
            token = self._new_token()
        self._line.token = token
        return token

    def _new_token(self) -> str:
        asked = ChallengeRequest(device=self._signer.device)
        given = _read_json(self._calls.call("POST", "/v1/challenges", encode_json(asked)).content, Challenge)
        payload = signing.challenge_payload(self._signer.device, given.challenge)
        signature = self._signer.sign(signing.Purpose.CHALLENGE, payload)
        signed = TokenRequest(device=self._signer.device, challenge=given.challenge, signature=signature)
        return _read_json(self._calls.call("POST", "/v1/tokens", encode_json(signed)).content, Token).token


def _read_json(content: bytes, shape: type[T]) -> T:
    return decode_json(content, shape, "PLATFORM_ANSWER")
