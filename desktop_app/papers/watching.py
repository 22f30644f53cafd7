"""Whoever waits for a paper may watch it being made, and stop it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Watch = Callable[[int, int], None]
"""Told pages drawn and pages in all, 0 of 0 while they are not counted yet; what it raises stops the work."""


def _nobody(_done: int, _total: int) -> None:
    """Nobody waits."""


_watch: ContextVar[Watch] = ContextVar("watch", default=_nobody)


@contextmanager
def watched(watch: Watch) -> Iterator[None]:
    """Let ``watch`` be told, and stop, whatever is printed inside."""
    token = _watch.set(watch)
    try:
        yield
    finally:
        _watch.reset(token)


def look(done: int = 0, total: int = 0) -> None:
    """Let whoever watches see how far it is."""
    _watch.get()(done, total)
