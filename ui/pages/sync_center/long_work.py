"""Exchanges that people wait for: what is being done in words, how far it is, and a button that stops it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject

from desktop_app.domain.errors import AppError
from ui.navigation import PageContext
from ui.tasks import Ticket
from ui.widgets.busy import ProgressLine

Act = Callable[..., Any]


class LongWork(QObject):
    """``run`` one act at a time; ``busy`` is told before and after, ``failed`` gets what is not CANCELLED.

    ``progressed`` is called whenever the line has shown how far the work is, to say more beside it.
    """

    def __init__(
        self,
        owner: QObject,
        context: PageContext,
        busy: Callable[[bool], object],
        failed: Callable[[AppError], object],
        progressed: Callable[[], object] | None = None,
    ) -> None:
        super().__init__(owner)
        self.line = ProgressLine()
        self._context, self._busy, self._failed = context, busy, failed
        self._progressed = progressed
        self._ticket: Ticket | None = None
        self.line.cancelled.connect(self._on_cancelled)

    def run(self, text: str, act: Act, done: Callable[[Any], object]) -> None:
        """Run ``act(progress, cancel)`` off the window's thread."""
        self.line.start(text)
        self._busy(True)

        def on_done(value: Any) -> None:  # noqa: ANN401 - what the act returned
            self._end()
            done(value)

        self._ticket = self._context.tasks.work(self, act, on_done, self._on_failed, self._on_progress)

    def _on_progress(self, done: int, total: int, text_key: str = "", /) -> None:
        self.line.show_progress(done, total, text_key)
        if self._progressed is not None:
            self._progressed()

    def _on_cancelled(self) -> None:
        if self._ticket is not None:
            self._ticket.cancel()

    def _on_failed(self, error: AppError) -> None:
        self._end()
        if error.code != "CANCELLED":
            self._failed(error)

    def _end(self) -> None:
        self.line.finish()
        self._busy(False)
