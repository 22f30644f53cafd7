"""Serve the platform with uvicorn, in this process or in several workers.

Sockets listen before anything is said, so port 0 is told truly and nobody who comes early is turned away.
"""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import uvicorn

from desktop_app.domain.clock import Clock, FileClock, SystemClock
from desktop_app.domain.errors import AppError
from sync.platform.app import create_app
from sync.platform.database import open_database
from sync.platform.limits import ADDRESSES, DEVICES, Rate
from sync.platform.metrics import Metrics

CLOCK_VARIABLE = "TRAINING_CLOCK"
_BACKLOG = 2048
_SOON = 1.0
_STOPPING = (signal.SIGINT, signal.SIGTERM)


@dataclass(frozen=True, slots=True)
class Service:
    """What is served and how: ``url`` of the database, ``rate`` of requests a second that a device may make.

    ``relay_only``: the relay of an office and nothing of reporting.
    """

    url: str
    host: str
    port: int
    demo: bool
    workers: int = 1
    rate: float = DEVICES.per_second
    relay_only: bool = False

    def rates(self) -> tuple[Rate, Rate]:
        """Return what each worker gives devices and addresses."""
        devices = Rate(DEVICES.burst, self.rate)
        return devices.share(self.workers), ADDRESSES.share(self.workers)


def platform_clock(*, demo: bool) -> Clock:
    """Return the clock: of a demo platform the file that TRAINING_CLOCK names, else the machine's."""
    name = os.environ.get(CLOCK_VARIABLE, "")
    return FileClock(Path(name)) if demo and name else SystemClock()


def serve(service: Service, ready: Callable[[str, int], None]) -> None:
    """Serve until SIGINT or SIGTERM; ``ready`` is told host and port once the sockets listen.

    Nothing may be connected to the database here: workers inherit what is open. Raises AppError PORT_IN_USE,
    WORKERS_NOT_HERE where the system cannot share a port between processes, and what ``open_database`` raises.
    """
    if service.workers > 1 and not hasattr(os, "fork"):
        raise AppError("WORKERS_NOT_HERE")
    listeners = _listen(service)
    metrics = Metrics(service.workers)
    try:
        port = listeners[0].getsockname()[1]
        if service.workers == 1:
            ready(service.host, port)
            _work(service, listeners[0], metrics, parent=None)
        else:
            _Crew(service, listeners, metrics).run(lambda: ready(service.host, port))
    finally:
        for listener in listeners:
            listener.close()


def _listen(service: Service) -> list[socket.socket]:
    """Return a listening socket a worker, all on one port: the system spreads connections over them."""
    try:
        first = socket.create_server((service.host, service.port), backlog=_BACKLOG)
        if service.workers == 1:
            return [_quick(first)]
        port = first.getsockname()[1]
        first.close()  # it made sure that nobody else listens here, which sockets that share a port do not
        return [
            _quick(socket.create_server((service.host, port), backlog=_BACKLOG, reuse_port=True))
            for _ in range(service.workers)
        ]
    except OSError as error:
        raise AppError("PORT_IN_USE", host=service.host, port=service.port) from error


def _quick(listener: socket.socket) -> socket.socket:
    """Let connections send at once.

    They inherit it. asyncio sets it only where the socket names its protocol, and an answer's body would wait for
    the delayed acknowledgement of its head: 40 ms a request.
    """
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


class _Server(uvicorn.Server):
    """Stops, too, when the process that started it is gone: a port must not stay taken by orphans."""

    def __init__(self, settings: uvicorn.Config, parent: int | None) -> None:
        super().__init__(settings)
        self._parent = parent

    async def on_tick(self, counter: int) -> bool:
        """Tell, ten times a second, whether it is time to stop."""
        orphaned = self._parent is not None and os.getppid() != self._parent
        return await super().on_tick(counter) or orphaned


def _work(service: Service, listener: socket.socket, metrics: Metrics, parent: int | None) -> None:
    """Serve one socket until this process is asked to stop."""
    engine = open_database(service.url)
    try:
        devices, addresses = service.rates()
        clock = platform_clock(demo=service.demo)
        app = create_app(
            engine,
            clock,
            demo=service.demo,
            relay_only=service.relay_only,
            metrics=metrics,
            devices=devices,
            addresses=addresses,
        )
        settings = uvicorn.Config(
            app, log_level="warning", access_log=False, lifespan="off", server_header=False
        )
        _Server(settings, parent).run(sockets=[listener])
    finally:
        engine.dispose()


class _Crew:
    """Workers, each a process of its own: one that dies is replaced, all end with this one."""

    def __init__(self, service: Service, listeners: Sequence[socket.socket], metrics: Metrics) -> None:
        self._service = service
        self._listeners = listeners
        self._metrics = metrics
        self._places: dict[int, int] = {}
        self._since: dict[int, float] = {}
        self._stopping = False

    def run(self, ready: Callable[[], None]) -> None:
        """Start the workers and wait until all have ended after a signal."""
        former = {one: signal.signal(one, self._stop) for one in _STOPPING}
        try:
            for place in range(self._service.workers):
                self._start(place)
            ready()
            while self._places:
                ended, _status = os.wait()
                place = self._places.pop(ended)
                if not self._stopping and time.monotonic() - self._since[place] < _SOON:
                    time.sleep(_SOON)  # it cannot start, as while the database is away: do not spin
                self._start(place)
        finally:
            for one, handler in former.items():
                signal.signal(one, handler)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping = True
        for worker in list(self._places):
            os.kill(worker, signal.SIGTERM)

    def _start(self, place: int) -> None:
        """Start a worker in a place, unless all are to stop."""
        # A signal between fork and the note of the child would leave that child running: it waits until then.
        signal.pthread_sigmask(signal.SIG_BLOCK, _STOPPING)
        if self._stopping:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPPING)
            return
        self._since[place] = time.monotonic()
        parent = os.getpid()
        child = os.fork()
        if child:
            self._places[child] = place
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPPING)
            return
        status = 1
        try:
            for one in _STOPPING:
                signal.signal(one, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPPING)
            self._metrics.become(place)
            _work(self._service, self._listeners[place], self._metrics, parent)
            status = 0
        finally:
            os._exit(status)
