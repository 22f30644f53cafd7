"""The relay's endpoints: every request is a signed call; who made it is told before anything else is looked at."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import Connection, Engine
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from desktop_app.domain.clock import Clock
from desktop_app.domain.errors import AppError
from sync.contract.framing import PLAIN, unwrap
from sync.contract.relay import CLOCK_MINUTES, Acceptance, Act, Admission, RelayCall, read_call
from sync.contract.signing import Envelope, Purpose, check
from sync.contract.wire import decode, encode
from sync.platform import relay, relay_files, relay_invitations, relay_members
from sync.platform.asked import body_of
from sync.platform.database import reading, writing
from sync.platform.limits import Limiter

Work = Callable[[Connection, Clock, RelayCall], object]
Answering = Callable[[bytes], Response]
_MINUTE = 60_000
_WORK: dict[Act, Work] = {
    Act.EXCHANGE: relay.exchange,
    Act.ADMISSION: relay.admit,
    Act.INVITATION: relay_invitations.deposit,
    Act.ACCEPTANCE: relay_invitations.accept,
    Act.FILES: relay_files.files,
}
_WRITES = {Act.EXCHANGE: relay.writes, Act.FILES: relay_files.writes}


class Nonces:
    """What was asked within the minutes that a call is good for, so that one that was overheard is told.

    Each worker remembers its own: a repetition that meets another changes nothing either and gets pages that only
    holders of the institution key can read.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._seen: OrderedDict[bytes, float] = OrderedDict()
        self._turn = threading.Lock()

    def take(self, nonce: bytes) -> None:
        """Note a nonce; AppError RELAY_REPEATED for one that was here."""
        with self._turn:
            now = self._now()
            while self._seen and next(iter(self._seen.values())) < now - 2 * CLOCK_MINUTES * 60:
                self._seen.popitem(last=False)
            if nonce in self._seen:
                raise AppError("RELAY_REPEATED")
            self._seen[nonce] = now


@dataclass(frozen=True, slots=True)
class RelayCalls:
    """Handlers of the relay's addresses; ``answer`` wraps what goes back as the platform does."""

    engine: Engine
    clock: Clock
    devices: Limiter
    addresses: Limiter
    answer: Answering
    nonces: Nonces = field(default_factory=Nonces)

    def routes(self) -> list[Route]:
        """Return the addresses that are served."""
        return [
            Route("/v1/relay/exchange", self.relay_exchange, methods=["POST"]),
            Route("/v1/relay/admission", self.relay_admission, methods=["POST"]),
            Route("/v1/relay/invitation", self.relay_invitation, methods=["POST"]),
            Route("/v1/relay/acceptance", self.relay_acceptance, methods=["POST"]),
            Route("/v1/relay/files", self.relay_files, methods=["POST"]),
        ]

    async def relay_exchange(self, request: Request) -> Response:
        """Pages in, pages out."""
        return await self._run(request, Act.EXCHANGE)

    async def relay_admission(self, request: Request) -> Response:
        """Let a workstation in, found an office."""
        return await self._run(request, Act.ADMISSION)

    async def relay_invitation(self, request: Request) -> Response:
        """Keep an invitation."""
        return await self._run(request, Act.INVITATION)

    async def relay_acceptance(self, request: Request) -> Response:
        """Hand an invitation out."""
        return await self._run(request, Act.ACCEPTANCE)

    async def relay_files(self, request: Request) -> Response:
        """Evidence files, part by part."""
        return await self._run(request, Act.FILES)

    async def _run(self, request: Request, act: Act) -> Response:
        """Check who calls and what for, then work in one transaction.

        Raises AppError RATE_EXCEEDED, BODY_TOO_LARGE, REQUEST_MALFORMED, RELAY_CLOCK, RELAY_REPEATED,
        SIGNATURE_INVALID, RELAY_DEVICE_…, and what the work raises.
        """
        stranger = act in {Act.ADMISSION, Act.ACCEPTANCE}
        host = request.client.host if request.client else ""
        if stranger:
            self.addresses.take(host)
        envelope, call = read_call(unwrap(await body_of(request), "REQUEST_MALFORMED"))
        if call.act is not act:
            raise AppError("REQUEST_MALFORMED", detail="act")
        if not stranger:
            self.devices.take(host.encode("utf-8") + call.device)
        if abs(relay_invitations.milliseconds(self.clock) - call.at) > CLOCK_MINUTES * _MINUTE:
            raise AppError("RELAY_CLOCK")
        return self.answer(await run_in_threadpool(self._work, act, envelope, call))

    def _work(self, act: Act, envelope: Envelope, call: RelayCall) -> bytes:
        if act in _WRITES and not _WRITES[act](call):
            try:
                with reading(self.engine) as connection:
                    return self._answer(connection, envelope, call, known=False)
            except relay.ShelfRestored:
                pass
            with writing(self.engine) as connection:
                return self._answer(connection, envelope, call, known=True)
        with writing(self.engine) as connection:
            return self._answer(connection, envelope, call, known=False)

    def _answer(self, connection: Connection, envelope: Envelope, call: RelayCall, *, known: bool) -> bytes:
        """Check the signature and do the work; ``known``: the nonce was taken a moment ago for this very call."""
        match call.act:
            case Act.ADMISSION:
                key = decode(call.body, Admission).public_key
            case Act.ACCEPTANCE:
                key = decode(call.body, Acceptance).public_key
            case _:
                key = relay_members.device_key(connection, call.office, call.device)
        check(key, Purpose.RELAY, envelope.payload, envelope.signature)
        if not known:
            self.nonces.take(call.nonce)
        return PLAIN + encode(_WORK[call.act](connection, self.clock, call))
