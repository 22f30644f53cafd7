"""What the handlers of the platform share: the database, the clock, who the platform is, and how it answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine
from starlette.responses import Response

from desktop_app.domain.clock import Clock
from desktop_app.domain.errors import AppError
from sync.contract.errors import HTTP_STATUS
from sync.contract.texts import hint, sentence
from sync.contract.wire import Refusal, encode_json
from sync.platform import institutions
from sync.platform.identity import PlatformIdentity
from sync.platform.institutions import Caller
from sync.platform.limits import Limiter

JSON, FRAME = "application/json", "application/vnd.training.frame"
METRICS = "text/plain; version=0.0.4"
NOW_HEADER = "Training-Now"
RETRY_SECONDS = 2


@dataclass(frozen=True, slots=True)
class Platform:
    """What the handlers share; stateless beside the database."""

    engine: Engine
    clock: Clock
    identity: PlatformIdentity
    demo: bool
    devices: Limiter
    addresses: Limiter
    formats: tuple[str, ...]

    def answer(self, body: bytes, media_type: str, status: int = 200, **headers: str) -> Response:
        """Return a response with the platform's clock in its header."""
        headers[NOW_HEADER] = self.clock.now().isoformat(timespec="seconds")
        return Response(body, status, headers, media_type)

    def refusal(self, code: str, params: dict[str, Any]) -> Response:
        """Return the response to a refused request."""
        told = Refusal(code=code, message=sentence(code, params), hint=hint(code, params), params=params)
        wait = {"PLATFORM_BUSY": RETRY_SECONDS, "RATE_EXCEEDED": params.get("seconds")}.get(code)
        headers = {} if wait is None else {"Retry-After": str(wait)}
        return self.answer(encode_json({"error": told}), JSON, HTTP_STATUS.get(code, 400), **headers)

    def authenticate(self, connection: Connection, token: str) -> Caller:
        """Return who asks; AppError TOKEN_…, DEVICE_…, DEMO_REFUSED."""
        caller = institutions.find_caller(
            connection, institutions.read_token(self.identity, self.clock, token)
        )
        if caller.demo and not self.demo:
            raise AppError("DEMO_REFUSED")
        return caller
