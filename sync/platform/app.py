"""The ASGI application: routes, authentication, limits, errors. Every request is one transaction in a worker thread.

Control endpoints speak JSON, everything signed or bulky travels as a frame (``sync.contract.framing``) of msgpack.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from desktop_app.domain.clock import Clock
from desktop_app.domain.errors import AppError
from sync.contract.framing import FORMATS, FORMATS_HEADER, MAX_FRAME_BYTES, agreed, is_in, unwrap, wrap
from sync.contract.versions import check_version, taken_versions
from sync.contract.wire import (
    MAX_PAGE_RECORDS,
    About,
    Challenge,
    ChallengeRequest,
    Exchange,
    ExchangeAnswer,
    PageTally,
    Registered,
    Registration,
    Token,
    TokenRequest,
    decode,
    decode_json,
    encode,
    encode_json,
)
from sync.platform import batches, claim_proofs, files, institutions, streams
from sync.platform.answering import FRAME, JSON, METRICS, Platform
from sync.platform.asked import batch_id_of, body_of, file_name_of, number_of, token_of
from sync.platform.database import reading, writing
from sync.platform.identity import load_identity
from sync.platform.institutions import Caller
from sync.platform.limits import ADDRESSES, DEVICES, Limiter, Rate
from sync.platform.metrics import Counting, Metrics
from sync.platform.relay_calls import RelayCalls
from sync.platform.statements import reported_reports

_log = logging.getLogger(__name__)
Work = Callable[[Connection, Caller], object]


def create_app(
    engine: Engine,
    clock: Clock,
    *,
    demo: bool,
    relay_only: bool = False,
    metrics: Metrics | None = None,
    formats: tuple[str, ...] = FORMATS,
    devices: Rate = DEVICES,
    addresses: Rate = ADDRESSES,
) -> Starlette:
    """Return the application over an open database.

    ``demo``: demo profiles are let in; ``relay_only``: nothing of reporting is served; ``metrics``: shared with other
    workers; ``formats``: of packed frames, which this platform reads and writes; ``devices`` and ``addresses``: how
    often one of them may ask, with and without a token.
    """
    limiters = Limiter(devices), Limiter(addresses)
    platform = Platform(engine, clock, load_identity(engine), demo, *limiters, formats)
    counts = metrics or Metrics()
    handlers = _Handlers(platform, counts)
    calls = RelayCalls(
        engine, clock, platform.devices, platform.addresses, lambda body: platform.answer(body, FRAME)
    )
    return Starlette(
        routes=[
            Route("/v1/health", handlers.health, methods=["GET"]),
            Route("/v1/metrics", handlers.metrics, methods=["GET"]),
            *calls.routes(),
            *([] if relay_only else handlers.reporting()),
        ],
        middleware=[Middleware(Counting, metrics=counts)],
        exception_handlers={
            AppError: handlers.refused,
            HTTPException: handlers.not_served,
            OperationalError: handlers.busy,
            PoolTimeout: handlers.busy,
            Exception: handlers.failed,
        },
    )


class _Handlers:
    """One method an endpoint; see openapi.yaml."""

    def __init__(self, platform: Platform, metrics: Metrics) -> None:
        self._platform = platform
        self._metrics = metrics

    def reporting(self) -> list[Route]:
        """Return the addresses of reporting."""
        return [
            Route("/v1", self.about, methods=["GET"]),
            Route("/v1/devices", self.register, methods=["POST"]),
            Route("/v1/challenges", self.challenge, methods=["POST"]),
            Route("/v1/tokens", self.token, methods=["POST"]),
            Route("/v1/batches/{batch}", self.manifest, methods=["PUT"]),
            Route("/v1/batches/{batch}/pages/{page:int}", self.page, methods=["PUT"]),
            Route("/v1/batches/{batch}/receipt", self.receipt, methods=["GET"]),
            Route("/v1/evidence/{subject}", self.evidence, methods=["PUT"]),
            Route("/v1/files/{name}", self.file, methods=["PUT"]),
            Route("/v1/trails/{subject}", self.trail, methods=["PUT"]),
            Route("/v1/exchange", self.exchange, methods=["POST"]),
            Route("/v1/streams/{stream}", self.stream, methods=["GET"]),
            Route("/v1/reports", self.reports, methods=["GET"]),
        ]

    async def about(self, _request: Request) -> Response:
        platform = self._platform
        told = About(
            contracts=taken_versions(platform.clock.today()),
            epoch=platform.identity.epoch,
            public_key=platform.identity.public_key,
            sealing_key=platform.identity.sealing_key,
            demo=platform.demo,
            now=platform.clock.now(),
            page_records=MAX_PAGE_RECORDS,
            frame_bytes=MAX_FRAME_BYTES,
            frames=list(platform.formats),
        )
        return platform.answer(encode_json(told), JSON)

    async def health(self, _request: Request) -> Response:
        def look() -> None:
            with reading(self._platform.engine) as connection:
                connection.exec_driver_sql("SELECT 1")

        await run_in_threadpool(look)
        return self._platform.answer(b'{"ok": true}', JSON)

    async def metrics(self, _request: Request) -> Response:
        return self._platform.answer(self._metrics.text().encode("ascii"), METRICS)

    async def register(self, request: Request) -> Response:
        self._limit_address(request)
        asked = decode_json(await body_of(request), Registration)
        platform = self._platform
        check_version(asked.contract, platform.clock.today())
        if asked.demo and not platform.demo:
            raise AppError("DEMO_REFUSED")

        def work() -> Registered:
            with writing(platform.engine) as connection:
                row = institutions.register_device(
                    connection,
                    platform.clock,
                    code=asked.code,
                    device_id=asked.device,
                    name=asked.name,
                    public_key=asked.public_key,
                    signature=asked.signature,
                    demo=asked.demo,
                )
                return Registered(
                    uscc=row.uscc,
                    name=row.name,
                    region=row.region,
                    kind=row.kind,
                    epoch=platform.identity.epoch,
                    public_key=platform.identity.public_key,
                )

        return platform.answer(encode_json(await run_in_threadpool(work)), JSON, 201)

    async def challenge(self, request: Request) -> Response:
        self._limit_address(request)
        asked = decode_json(await body_of(request), ChallengeRequest)
        platform = self._platform

        def work() -> Challenge:
            with writing(platform.engine) as connection:
                value, expires = institutions.new_challenge(connection, platform.clock, asked.device)
                return Challenge(challenge=value, expires_at=expires)

        return platform.answer(encode_json(await run_in_threadpool(work)), JSON, 201)

    async def token(self, request: Request) -> Response:
        self._limit_address(request)
        asked = decode_json(await body_of(request), TokenRequest)
        platform = self._platform

        def work() -> Token:
            with writing(platform.engine) as connection:
                value, expires = institutions.new_token(
                    connection,
                    platform.clock,
                    platform.identity,
                    device_id=asked.device,
                    challenge=asked.challenge,
                    signature=asked.signature,
                )
                return Token(token=value, expires_at=expires)

        return platform.answer(encode_json(await run_in_threadpool(work)), JSON, 201)

    async def manifest(self, request: Request) -> Response:
        batch_id, frame = batch_id_of(request), await self._frame(request)

        def work(connection: Connection, caller: Caller) -> object:
            envelope = unwrap(frame, "MANIFEST_MALFORMED")
            return batches.accept_manifest(
                connection, self._platform.clock, self._platform.identity, caller, batch_id, envelope
            )

        return await self._run(request, work)

    async def page(self, request: Request) -> Response:
        batch_id, frame, index = batch_id_of(request), await self._frame(request), request.path_params["page"]
        stored: list[PageTally] = []

        def work(connection: Connection, caller: Caller) -> object:
            return batches.accept_page(
                connection,
                self._platform.clock,
                self._platform.identity,
                caller,
                batch_id,
                index,
                frame,
                stored.append,
            )

        return await self._run(request, work, stored)

    async def receipt(self, request: Request) -> Response:
        batch_id = batch_id_of(request)

        def work(connection: Connection, caller: Caller) -> object:
            return ExchangeAnswer(receipt=batches.read_receipt(connection, caller, batch_id))

        return await self._run(request, work, reads_only=True)

    async def exchange(self, request: Request) -> Response:
        asked = decode(unwrap(await self._frame(request), "REQUEST_MALFORMED"), Exchange)
        stored: list[PageTally] = []

        def work(connection: Connection, caller: Caller) -> object:
            receipt = None
            if asked.manifest is not None:
                receipt = batches.accept_whole(
                    connection,
                    self._platform.clock,
                    self._platform.identity,
                    caller,
                    asked.manifest,
                    asked.page,
                    stored.append,
                )
            pages, more = streams.pull(connection, caller.institution_id, asked.cursors)
            return ExchangeAnswer(receipt=receipt, pages=pages, more=more)

        return await self._run(request, work, stored, reads_only=asked.manifest is None)

    async def evidence(self, request: Request) -> Response:
        subject, frame = request.path_params["subject"], await self._frame(request)

        def work(connection: Connection, caller: Caller) -> object:
            return files.take_list(connection, caller, subject, unwrap(frame, "REQUEST_MALFORMED"))

        return await self._run(request, work)

    async def file(self, request: Request) -> Response:
        name, start, frame = file_name_of(request), number_of(request, "start"), await self._frame(request)

        def work(connection: Connection, caller: Caller) -> object:
            return files.take_part(connection, caller, name, start, unwrap(frame, "REQUEST_MALFORMED"))

        return await self._run(request, work)

    async def trail(self, request: Request) -> Response:
        subject, frame = request.path_params["subject"], await self._frame(request)

        def work(connection: Connection, caller: Caller) -> object:
            envelope = unwrap(frame, "CLAIM_PROOF_MALFORMED")
            return claim_proofs.take_trail(connection, self._platform.clock, caller, subject, envelope)

        return await self._run(request, work)

    async def stream(self, request: Request) -> Response:
        name, after = request.path_params["stream"], request.query_params.get("after", "0")
        if not after.isascii() or not after.isdecimal():
            raise AppError("REQUEST_MALFORMED", detail="after")

        def work(connection: Connection, caller: Caller) -> object:
            pages, more = streams.pull(connection, caller.institution_id, {name: int(after)})
            return ExchangeAnswer(pages=pages, more=more)

        return await self._run(request, work, reads_only=True)

    async def reports(self, request: Request) -> Response:
        def work(connection: Connection, caller: Caller) -> object:
            return reported_reports(connection, caller.institution_id, self._platform.identity.epoch)

        return await self._run(request, work, reads_only=True)

    async def _frame(self, request: Request) -> bytes:
        """Return a body that is a frame; AppError REQUEST_MALFORMED where this platform does not read its format."""
        frame = await body_of(request)
        if not is_in(frame, self._platform.formats):
            raise AppError("REQUEST_MALFORMED", detail="format byte")
        return frame

    def _limit_address(self, request: Request) -> None:
        """Count a request that names no device yet; AppError RATE_EXCEEDED."""
        self._platform.addresses.take(request.client.host if request.client else "")

    async def _run(
        self, request: Request, work: Work, stored: Sequence[PageTally] = (), *, reads_only: bool = False
    ) -> Response:
        """Authenticate and work in one transaction, then answer with a frame.

        ``stored``: filled by the work, counted once it is on disk. Raises AppError TOKEN_…, RATE_EXCEEDED and what
        the work raises.
        """
        token = token_of(request)
        platform = self._platform
        platform.devices.take(institutions.read_token(platform.identity, platform.clock, token))
        transaction = reading if reads_only else writing
        read_there = agreed(request.headers.get(FORMATS_HEADER))
        formats = [one for one in read_there if one in platform.formats]

        def run() -> bytes:
            with transaction(self._platform.engine) as connection:
                answer = work(connection, self._platform.authenticate(connection, token))
            return wrap(encode(answer), formats)

        answer = await run_in_threadpool(run)
        for tally in stored:
            self._metrics.count_records(tally)
        return self._platform.answer(answer, FRAME)

    async def refused(self, _request: Request, error: Exception) -> Response:
        assert isinstance(error, AppError)
        return self._platform.refusal(error.code, _plain(error.params))

    async def not_served(self, _request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        known = {404: "ENDPOINT_UNKNOWN", 405: "METHOD_NOT_ALLOWED"}
        return self._platform.refusal(known.get(error.status_code, "REQUEST_MALFORMED"), {})

    async def busy(self, _request: Request, error: Exception) -> Response:
        _log.warning("database not available: %s", type(error).__name__)
        return self._platform.refusal("PLATFORM_BUSY", {})

    async def failed(self, _request: Request, error: Exception) -> Response:
        _log.error("request failed: %s", type(error).__name__)
        return self._platform.refusal("PLATFORM_FAILED", {})


def _plain(params: dict[str, object]) -> dict[str, Any]:
    return {name: value if isinstance(value, str | int) else str(value) for name, value in params.items()}
