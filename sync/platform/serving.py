"""Serve the platform with uvicorn on a socket bound before anything is said, so port 0 is told truly."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import uvicorn
from sqlalchemy import Engine

from desktop_app.domain.clock import Clock, FileClock, SystemClock
from desktop_app.domain.errors import AppError
from sync.platform.app import create_app

CLOCK_VARIABLE = "TRAINING_CLOCK"


def platform_clock(*, demo: bool) -> Clock:
    """Return the clock: of a demo platform the file that TRAINING_CLOCK names, else the machine's."""
    name = os.environ.get(CLOCK_VARIABLE, "")
    return FileClock(Path(name)) if demo and name else SystemClock()


def serve(engine: Engine, host: str, port: int, *, demo: bool, ready: Callable[[str, int], None]) -> None:
    """Serve until SIGINT or SIGTERM; ``ready`` is told host and port once the socket listens.

    Raises AppError PORT_IN_USE.
    """
    try:
        listener = socket.create_server((host, port))
    except OSError as error:
        raise AppError("PORT_IN_USE", host=host, port=port) from error
    # Connections inherit it. asyncio sets it only where the socket names its protocol, and an answer's body would
    # wait for the delayed acknowledgement of its head: 40 ms a request.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with listener:
        app = create_app(engine, platform_clock(demo=demo), demo=demo)
        settings = uvicorn.Config(
            app, log_level="warning", access_log=False, lifespan="off", server_header=False
        )
        ready(host, listener.getsockname()[1])
        uvicorn.Server(settings).run(sockets=[listener])
