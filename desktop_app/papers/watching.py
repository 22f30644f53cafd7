"""Whoever waits for a paper may watch it being made, and stop it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

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


class Watched(dict[Any, Any]):
    """A dictionary that lets whoever watches see each time something is looked for in it."""

    def __contains__(self, key: object) -> bool:
        look()
        return super().__contains__(key)


def look(done: int = 0, total: int = 0) -> None:
    """Let whoever watches see how far it is."""
    _watch.get()(done, total)
