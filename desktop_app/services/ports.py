"""What services take from outside or hand out: progress, cancelling, and the sync engine as the window sees it."""

from __future__ import annotations

from collections.abc import Callable
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
