"""A platform that dies before and after each commit of a push, in a pull, and at any instant; then another is started.

The workstation lives on and asks again, as it does where a bureau's server fell over. The dying platform is a process
of its own on a database of its own; what it had answered must be there, what it had not may be.
"""

from __future__ import annotations

import random
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import uvicorn
from sqlalchemy import event

from desktop_app import bootstrap
from desktop_app.domain.clock import Clock
from desktop_app.domain.errors import AppError
from desktop_app.services.batches import BatchService
from desktop_app.services.ports import CancelToken
from sync.platform import app as application
from sync.platform import batches, streams
from sync.platform.database import open_database
from sync.reporting.engine import ReportingEngine
from sync.reporting.http_adapter import KeySigner, PlatformApi
from tests.factories.offices import PASSWORD
from tests.faults.kill.desks import Desk
from tests.faults.kill.parent import PATIENCE_SECONDS, Tally, context
from tests.faults.kill.reporting_acts import RECORDS, Province
from tests.faults.reporting.workstation_kills import stages
from tests.sync.statements import ManualClock

STAGES = stages("manifest", "page", "last page", "pull")
ANYWHERE = "any instant"
PUBLISHED = 45
"""Versions that the pull of an attempt takes over: three answers."""


@dataclass(frozen=True)
class Aim:
    """Where the platform stands still to be killed: at the n-th time that it comes to a stage."""

    stage: str
    number: int


class Watch:
    """Marks the steps of requests in a platform's process; each request is one thread's while it works."""

    def __init__(self, pipe: Connection, aim: Aim | None) -> None:
        self._pipe, self._aim = pipe, aim
        self._seen: dict[str, int] = {}
        self._step = threading.local()
        self._lock = threading.Lock()

    def mark(self, when: str) -> None:
        step = getattr(self._step, "name", None)
        if step is None:
            return
        stage = f"{when} {step}"
        with self._lock:
            self._seen[stage] = number = self._seen.get(stage, 0) + 1
            self._pipe.send(("stage", stage))
        if self._aim == Aim(stage, number):
            self._pipe.send(("here", stage))
            threading.Event().wait()

    def follow(self, engine: Any) -> None:
        """Watch this process from now on."""
        event.listen(engine, "commit", lambda _connection: self.mark("before"))
        for module, function, name in (
            (batches, "accept_manifest", lambda *_: "manifest"),
            (batches, "accept_page", self._page),
            (streams, "pull", lambda *_: "pull"),
        ):
            setattr(module, function, self._named(getattr(module, function), name))
        for transaction in ("writing", "reading"):
            setattr(application, transaction, self._ending(getattr(application, transaction)))

    @staticmethod
    def _page(
        connection: Any, _clock: Any, _platform: Any, caller: Any, batch: bytes, index: int, *_: Any
    ) -> str:
        known = batches.find_batch(connection, caller.institution_id, batch)
        return "last page" if known is not None and index + 1 == known.pages else "page"

    def _named(self, call: Any, name: Any) -> Any:
        def run(*given: Any, **named: Any) -> Any:
            self._step.name = name(*given)
            return call(*given, **named)

        return run

    def _ending(self, transaction: Any) -> Any:
        @contextmanager
        def run(engine: Any) -> Iterator[Any]:
            self._step.name = None
            with transaction(engine) as connection:
                yield connection
            self.mark("after")

        return run


def live(database: Path, pipe: Connection, aim: Aim | None) -> None:
    """Serve a platform until somebody ends this process."""
    engine = open_database(f"sqlite:///{database}")
    Watch(pipe, aim).follow(engine)
    listener = socket.create_server(("127.0.0.1", 0))
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    app = application.create_app(engine, ManualClock(), demo=True)
    pipe.send(("listening", listener.getsockname()[1]))
    settings = uvicorn.Config(app, log_level="critical", access_log=False, lifespan="off")
    uvicorn.Server(settings).run(sockets=[listener])


@dataclass
class _Server:
    """A platform's process, and where its requests had been when it ended."""

    process: BaseProcess
    pipe: Connection
    url: str
    seen: dict[str, int] = field(default_factory=dict)

    def hear(self, *, until: str | None = None, seconds: float = 0.0) -> bool:
        """Listen for a while, or until a word is said; tell whether it was."""
        with suppress(EOFError, OSError):
            while self.pipe.poll(seconds):
                word, value = self.pipe.recv()
                if word == "stage":
                    self.seen[value] = self.seen.get(value, 0) + 1
                if word == until:
                    return True
        return False

    def kill(self) -> None:
        self.process.kill()
        self.process.join(PATIENCE_SECONDS)


def _once(url: str, device: tuple[bytes, bytes], clock: Clock, cancel: CancelToken) -> PlatformApi:
    return PlatformApi(url, KeySigner(*device), clock, cancel, attempts=1)


class PlatformKiller:
    """Kills platforms while an office pushes its sealed batch of many pages and pulls what was published."""

    serve: Any = staticmethod(live)

    def __init__(self, desk: Desk, there: Province, scratch: Path, seed: int) -> None:
        self.tally = Tally("platform", STAGES)
        self._desk, self._there, self._scratch = desk, there, scratch
        self._choose = random.Random(f"platform {seed}")
        self._context = context()
        self._number = 0

    def run(self, per_stage: int, instants: int) -> Tally:
        """Kill at every stage that many times, and at instants chosen by the clock alone."""
        seconds, seen = self._undisturbed()
        for stage in self.tally.stages:
            for _ in range(per_stage):
                self._strike(Aim(stage, self._choose.randint(1, seen[stage])), 0.0)
        wanted = self.tally.kills + instants
        for _ in range(3 * instants):
            if self.tally.kills >= wanted:
                break
            late = self.tally.late
            self._strike(None, self._choose.uniform(0, seconds))
            if self.tally.late > late:  # the first run was slower than those after it
                seconds *= 0.9
        return self.tally

    def _undisturbed(self) -> tuple[float, dict[str, int]]:
        with self._office() as (batches_of, database), self._serving(database, None) as server:
            started = time.perf_counter()
            self._report(batches_of, server.url)
            seconds = time.perf_counter() - started
            server.hear()
            self._judge(batches_of)
            return seconds, server.seen

    def _strike(self, aim: Aim | None, delay: float) -> None:
        with self._office() as (batches_of, database):
            with self._serving(database, aim) as server:
                killer = threading.Thread(target=_end, args=(server, aim, delay))
                killer.start()
                late = True
                try:
                    self._report(batches_of, server.url)
                except AppError:
                    late = False
                killer.join()
            if late:
                self.tally.late += 1
            elif aim is None:
                self.tally.hits[ANYWHERE, "in time"] += 1
            else:
                self.tally.hits[aim.stage, "at mark"] += 1
            with self._serving(database, None) as server:
                self._report(batches_of, server.url)
                self._judge(batches_of)

    def _report(self, batches_of: BatchService, url: str) -> None:
        """Push what waits and pull; AppError where the platform is gone."""
        batches_of.set_settings({"url": url.encode()})
        ReportingEngine(batches_of, _once).sync()

    def _judge(self, batches_of: BatchService) -> None:
        """Everything is there once, on both sides, whatever died."""
        services = bootstrap.services(self._profile)
        self._there.check_same(services)
        assert services.reporting is not None
        (batch,) = services.reporting.list_batches()
        assert (batch.state, batch.accepted) == ("receipted", RECORDS)
        assert batches_of.cursor("province") == PUBLISHED + 1
        with services.context.read() as sql:
            made = sql.exec_driver_sql("SELECT count(*) FROM project WHERE code LIKE 'HB-%'").scalar_one()
        assert made == PUBLISHED

    @contextmanager
    def _office(self) -> Iterator[tuple[BatchService, Path]]:
        self._number += 1
        folder = self._scratch / f"platform-{self._number}"
        self._desk.copy(folder)
        database = folder / "province.db"
        shutil.copyfile(folder / "platform.db", database)
        self._there.answer_from(database)
        self._profile = self._desk.profile(folder)
        try:
            self._profile.log_in("admin", PASSWORD)
            yield bootstrap.services(self._profile).batches, database
        finally:
            self._profile.close()
            self._there.close()
        shutil.rmtree(folder)

    @contextmanager
    def _serving(self, database: Path, aim: Aim | None) -> Iterator[_Server]:
        ours, theirs = self._context.Pipe(duplex=False)
        process = self._context.Process(target=self.serve, args=(database, theirs, aim))
        process.start()
        theirs.close()
        try:
            assert ours.poll(PATIENCE_SECONDS)
            _, port = ours.recv()
            yield _Server(process, ours, f"http://127.0.0.1:{port}")
        finally:
            process.kill()
            process.join(PATIENCE_SECONDS)
            ours.close()


def _end(server: _Server, aim: Aim | None, delay: float) -> None:
    """Kill a platform where it stands still, or after a while."""
    if aim is None:
        time.sleep(delay)
    else:
        assert server.hear(until="here", seconds=PATIENCE_SECONDS), f"never came to {aim}"
    server.kill()
