"""The platform over HTTP: the one module that knows its endpoints. Another API replaces this module.

Every call may be made again, so whatever fails on the way is simply tried again: with back-off and jitter, as long
as Retry-After asks, until the attempts are used up or the user stops. Tokens are fetched when they are needed.
"""

from __future__ import annotations

import random
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

import msgspec
import requests

from desktop_app.domain.clock import Clock
from desktop_app.domain.errors import AppError
from desktop_app.services.ports import NEVER, CancelToken, stop_if_cancelled
from sync.contract import signing
from sync.contract.framing import unwrap, wrap
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
    Refusal,
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
from sync.reporting.addresses import checked_url
from sync.reporting.http_line import TICK, HttpLine

T = TypeVar("T")
NOW_HEADER = "Training-Now"
CONNECT_SECONDS, READ_SECONDS = 6.0, 60.0
ATTEMPTS = 5
FIRST_WAIT, LONGEST_WAIT, LONGEST_RETRY_AFTER = 0.5, 30.0, 300.0
_AGAIN = {429, 502, 503, 504}
_REFUSED_TOKEN = {"TOKEN_MISSING", "TOKEN_INVALID", "TOKEN_EXPIRED"}
_NOT_YET_VALID = 9


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
        self, url: str, device: tuple[bytes, bytes], clock: Clock, cancel: CancelToken
    ) -> PlatformApi:
        """Return the platform at an address; AppError PLATFORM_URL."""
        place = (checked_url(url), device[0])
        if place not in self._lines:
            for former in self._lines.values():
                former.close()
            self._lines = {place: HttpLine(place[0])}
        return PlatformApi(url, KeySigner(*device), clock, cancel, line=self._lines[place])


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
        attempts: int = ATTEMPTS,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Raise AppError PLATFORM_URL where the address is none, or leaves TLS out beyond loopback.

        A ``line`` of this address is used and left open.
        """
        self._url = checked_url(url)
        self._kept = line is not None
        self._line = line or HttpLine(self._url)
        self._signer = signer
        self._clock = clock
        self._cancel = cancel
        self._attempts = attempts
        self._sleep = sleep
        self.skew_seconds: float | None = None

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
        return _read_json(self._call("GET", "/v1"), About)

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
        return _read_json(self._call("POST", "/v1/devices", encode_json(asked)), Registered)

    def put_manifest(self, batch: bytes, envelope: bytes) -> BatchStatus:
        """Send a manifest and return which pages are lacking; AppError REPORT_VERSION_TAKEN, REPORT_BASE_DIFFERS …"""
        return self._frame("PUT", f"/v1/batches/{batch.hex()}", BatchStatus, wrap(envelope))

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
        return self._frame("POST", "/v1/exchange", ExchangeAnswer, wrap(encode(asked)))

    def put_evidence(self, subject: str, envelope: bytes) -> EvidenceStatus:
        """Send the list of a class's evidence and return what is lacking; AppError FILE_ALTERED."""
        return self._frame("PUT", f"/v1/evidence/{subject}", EvidenceStatus, wrap(envelope))

    def put_file(self, name: bytes, start: int, part: bytes) -> FileStatus:
        """Send the part of a file that begins at a byte; AppError FILE_UNKNOWN, FILE_OUT_OF_ORDER, FILE_ALTERED."""
        return self._frame("PUT", f"/v1/files/{name.hex()}?start={start}", FileStatus, wrap(part))

    def put_trail(self, subject: str, envelope: bytes) -> TrailTaken:
        """Send the trail of a class's accepted claims; AppError CLAIM_PROOF_…"""
        return self._frame("PUT", f"/v1/trails/{subject}", TrailTaken, wrap(envelope))

    def pull(self, stream: str, after: int) -> ExchangeAnswer:
        """Return the pages (envelopes) of one stream past a version."""
        return self._frame("GET", f"/v1/streams/{stream}?after={after}", ExchangeAnswer)

    def reports(self) -> ReportedState:
        """Return what the platform has accepted of this institution, and its epoch."""
        return self._frame("GET", "/v1/reports", ReportedState)

    def _frame(self, method: str, path: str, shape: type[T], body: bytes | None = None) -> T:
        """Call with a token; a token that is refused is replaced once."""
        try:
            response = self._call(method, path, body, token=self._line.token or self._log_in())
        except AppError as error:
            if error.code not in _REFUSED_TOKEN:
                raise
            response = self._call(method, path, body, token=self._log_in())
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
        given = _read_json(self._call("POST", "/v1/challenges", encode_json(asked)), Challenge)
        payload = signing.challenge_payload(self._signer.device, given.challenge)
        signature = self._signer.sign(signing.Purpose.CHALLENGE, payload)
        signed = TokenRequest(device=self._signer.device, challenge=given.challenge, signature=signature)
        return _read_json(self._call("POST", "/v1/tokens", encode_json(signed)), Token).token

    def _call(
        self, method: str, path: str, body: bytes | None = None, *, token: str | None = None
    ) -> requests.Response:
        """Make one request until it is answered; AppError of the refusal, PLATFORM_…, CANCELLED."""
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        wait = FIRST_WAIT
        for attempt in range(self._attempts):
            stop_if_cancelled(self._cancel)
            is_last = attempt + 1 == self._attempts
            try:
                response = self._line.request(
                    self._cancel,
                    method=method,
                    url=self._url + path,
                    data=body,
                    headers=headers,
                    timeout=(CONNECT_SECONDS, READ_SECONDS),
                    allow_redirects=False,
                )
            except requests.exceptions.SSLError as error:
                raise _tls_error(error) from error
            except (requests.exceptions.RequestException, OSError) as error:
                if is_last:
                    raise AppError("PLATFORM_UNREACHABLE", detail=type(error).__name__) from error
                self._wait(wait * random.uniform(0.5, 1.0))  # noqa: S311 - jitter, not a secret
            else:
                self._note_clock(response)
                if response.status_code not in _AGAIN or is_last:
                    return _checked(response)
                asked = _retry_after(response)
                self._wait(asked if asked is not None else wait * random.uniform(0.5, 1.0))  # noqa: S311
            wait = min(wait * 2, LONGEST_WAIT)
        raise AppError("PLATFORM_UNREACHABLE", detail="attempts")

    def _wait(self, seconds: float) -> None:
        """Wait in short steps, so that stopping takes no longer than one."""
        while seconds > 0:
            stop_if_cancelled(self._cancel)
            self._sleep(min(seconds, TICK))
            seconds -= TICK

    def _note_clock(self, response: requests.Response) -> None:
        told = response.headers.get(NOW_HEADER)
        if told is None:
            return
        try:
            platform_now = datetime.fromisoformat(told)
            self.skew_seconds = (platform_now - self._clock.now()).total_seconds()
        except (ValueError, TypeError):
            self.skew_seconds = None


def _read_json(response: requests.Response, shape: type[T]) -> T:
    return decode_json(response.content, shape, "PLATFORM_ANSWER")


def _checked(response: requests.Response) -> requests.Response:
    """Return a response that is no refusal; AppError with the platform's code and parameters."""
    if response.status_code in {200, 201}:
        return response
    try:
        refusal = msgspec.json.decode(response.content, type=dict[str, Refusal])["error"]
    except (msgspec.MsgspecError, KeyError) as error:
        raise AppError("PLATFORM_ANSWER") from error
    params = {name: value for name, value in refusal.params.items() if name not in {"self", "code"}}
    raise AppError(refusal.code, **params)


def _retry_after(response: requests.Response) -> float | None:
    told = response.headers.get("Retry-After", "")
    return min(float(told), LONGEST_RETRY_AFTER) if told.isascii() and told.isdecimal() else None


def _tls_error(error: requests.exceptions.SSLError) -> AppError:
    """Tell a wrong clock of this machine (the certificate is not valid yet) from other failures of TLS."""
    cause: BaseException | None = error
    seen: set[int] = set()
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        if isinstance(cause, ssl.SSLCertVerificationError) and cause.verify_code == _NOT_YET_VALID:
            return AppError("PLATFORM_TLS_CLOCK")
        reason = getattr(cause, "reason", None)
        inner = (
            reason
            if isinstance(reason, BaseException)
            else next((one for one in cause.args if isinstance(one, BaseException)), None)
        )
        cause = inner or cause.__cause__ or cause.__context__
    return AppError("PLATFORM_TLS")
