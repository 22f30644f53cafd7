"""What services take from outside or hand out: progress, cancelling, and the sync engine as the window sees it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from desktop_app.domain.errors import AppError
from desktop_app.domain.rules import Finding


class Progress(Protocol):
    """Told how far long work has come."""

    def __call__(self, done: int, total: int, text_key: str = "", /) -> None:
        """Take done and total units; ``total`` 0 while unknown."""


class CancelToken(Protocol):
    """Asked between steps of long work."""

    def is_cancelled(self) -> bool:
        """Tell whether the user wants to stop."""


ChangeListener = Callable[[frozenset[str]], None]
AdviceListener = Callable[[tuple[Finding, ...]], None]
"""Told what a command that is done was warned of."""


def no_progress(done: int, total: int, text_key: str = "", /) -> None:
    """Take progress and show it nowhere."""


@dataclass(frozen=True, slots=True)
class SyncStanding:
    """How the schedule stands: whether there is anything to exchange with, whether it runs now, and how it went.

    ``last``: when an exchange last came to its end since the profile was opened; ``problem``: the code of what kept
    the newest one from it, None after one that went well.
    """

    offered: bool = False
    running: bool = False
    last: datetime | None = None
    problem: str | None = None


class SyncRunner(Protocol):
    """The schedule of one open profile: shares, pushes what is sealed and pulls, without anybody having to ask."""

    def start(self) -> None:
        """Begin; a second call changes nothing."""

    def stop(self) -> None:
        """Stop what is under way within 200 ms, and begin nothing more; returns once nothing runs."""

    def wake(self) -> None:
        """Exchange soon, whatever was waited for: somebody asks, or what is exchanged with is another."""

    def standing(self) -> SyncStanding:
        """Tell how it stands; takes no time."""

    def aside(self) -> AbstractContextManager[None]:
        """Keep the schedule out of the way for as long as somebody exchanges by hand: a stick, an invitation."""

    def run_now(self, progress: Progress, cancel: CancelToken) -> None:
        """Exchange by hand and wait for it; raises the first AppError that a part of it met, after the other parts."""

    def listen(self, told: Callable[[BaseException | None], object]) -> None:
        """Have ``told`` called off the window's thread when the standing is another; with a bug where one was met."""


class NeverCancelled:
    """A token for work that nobody can stop."""

    def is_cancelled(self) -> bool:
        """Return False."""
        return False


NEVER = NeverCancelled()


def stop_if_cancelled(token: CancelToken) -> None:
    """Raise AppError CANCELLED when the user wants to stop."""
    if token.is_cancelled():
        raise AppError("CANCELLED")
