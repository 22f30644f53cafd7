"""Requests over one line, made again until they are answered: with back-off and jitter, as long as Retry-After asks."""

from __future__ import annotations

import random
import ssl
import time
from collections.abc import Callable
from datetime import datetime

import msgspec
import requests

from desktop_app.domain.clock import Clock
from desktop_app.domain.errors import AppError
from desktop_app.services.ports import NEVER, CancelToken, stop_if_cancelled
from sync.contract.wire import Refusal
from sync.lines.http_line import TICK, HttpLine

NOW_HEADER = "Training-Now"
CONNECT_SECONDS, READ_SECONDS = 6.0, 60.0
ATTEMPTS = 5
FIRST_WAIT, LONGEST_WAIT, LONGEST_RETRY_AFTER = 0.5, 30.0, 300.0
_AGAIN = {429, 502, 503, 504}
_NOT_YET_VALID = 9
Body = bytes | Callable[[], bytes] | None


class Calls:
    """Makes requests until they are answered; every request of the contract may come twice."""

    def __init__(
        self,
        line: HttpLine,
        clock: Clock,
        cancel: CancelToken = NEVER,
        *,
        attempts: int = ATTEMPTS,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._line = line
        self._clock = clock
        self._cancel = cancel
        self._attempts = attempts
        self._sleep = sleep
        self.skew_seconds: float | None = None  # how far the other side's clock was ahead at its last answer

    def call(
        self, method: str, path: str, body: Body = None, *, token: str | None = None
    ) -> requests.Response:
        """Make one request until it is answered; AppError of the refusal, PLATFORM_…, CANCELLED.

        ``body``: what makes it is asked for each try.
        """
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        wait = FIRST_WAIT
        for attempt in range(self._attempts):
            stop_if_cancelled(self._cancel)
            is_last = attempt + 1 == self._attempts
            try:
                response = self._line.request(
                    self._cancel,
                    method=method,
                    url=self._line.url + path,
                    data=body() if callable(body) else body,
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
