"""A relay that dies before and after the commit of each page, in a pull, and at any instant; then another is started.

The workstations live on and ask again. The dying relay is a process of its own on a database of its own.
"""

from __future__ import annotations

import random
import shutil
import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from unittest.mock import patch

import uvicorn
from sqlalchemy import event

from sync.contract.relay import Act
from sync.contract.sharing import read_page
from sync.platform import app as application
from sync.platform import relay, relay_calls
from sync.platform.database import open_database
from sync.sharing.http_transport import RelayTransport
from tests.faults.kill.parent import Tally, context
from tests.faults.reporting.platform_kills import Aim, PlatformKiller, Watch
from tests.faults.sharing.acts import RELAY, WAITING, StandingDesk, check_all_is_there, lay_out, standing
from tests.sync.statements import ManualClock

STAGES = ("before page", "after page", "after pull")


class RelayWatch(Watch):
    """Marks the steps of exchanges in a relay's process."""

    def follow(self, engine: Any) -> None:
        """Watch this process from now on."""
        event.listen(engine, "commit", lambda _connection: self.mark("before"))
        exchange = self._named(relay.exchange, lambda _sql, _clock, call: _step(call))
        relay_calls._WORK[Act.EXCHANGE] = exchange
        for transaction in ("writing", "reading"):
            setattr(relay_calls, transaction, self._ending(getattr(relay_calls, transaction)))


def _step(call: Any) -> str:
    return "page" if relay.writes(call) else "pull"


def live(database: Path, pipe: Connection, aim: Aim | None) -> None:
    """Serve a relay until somebody ends this process."""
    engine = open_database(f"sqlite:///{database}")
    RelayWatch(pipe, aim).follow(engine)
    listener = socket.create_server(("127.0.0.1", 0))
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    app = application.create_app(engine, ManualClock(), demo=True)
    pipe.send(("listening", listener.getsockname()[1]))
    settings = uvicorn.Config(app, log_level="critical", access_log=False, lifespan="off")
    uvicorn.Server(settings).run(sockets=[listener])


class RelayKiller(PlatformKiller):
    """Kills relays while two workstations send and take pages; ``again``: how often so many were sent again."""

    serve = staticmethod(live)

    def __init__(self, template: Path, people: tuple[bytes, ...], scratch: Path, seed: int) -> None:
        self.tally = Tally("relay", STAGES)
        self.again: Counter[int] = Counter()
        self._template, self._people, self._scratch = template, people, scratch
        self._choose = random.Random(f"relay {seed}")
        self._context = context()
        self._number = 0
        self._sent: list[bytes] = []

    def _report(self, desks: Any, url: str) -> None:
        """Let both share, the first once more; AppError where the relay is gone."""
        for desk in (desks[0], desks[1], desks[0]):
            desk.share_by(url)

    def _judge(self, desks: Any) -> None:
        """Both have all, each entry is on the relay once, and one page at most was sent again."""
        check_all_is_there(desks, desks[0].path.with_name(RELAY), self._people)
        again = len(self._sent) - len(set(self._sent))
        assert again <= 1, f"{again} pages were sent again"
        self.again[again] += 1

    @contextmanager
    def _office(self) -> Iterator[tuple[Any, Path]]:
        self._number += 1
        folder = self._scratch / f"relay-{self._number}"
        lay_out(self._template, folder)
        self._sent.clear()
        exchange = RelayTransport.exchange

        def counting(way: RelayTransport, request: Any, *given: Any) -> Any:
            self._sent.extend(read_page(body).head.page for body in request.pages)
            return exchange(way, request, *given)

        with patch.object(RelayTransport, "exchange", counting), standing(folder) as desks:
            self._mark(desks[1])
            yield desks, folder / RELAY
        shutil.rmtree(folder)

    def _mark(self, desk: StandingDesk) -> None:
        for person in self._people[WAITING:]:
            desk.mark(person)
