"""Measures how long the window's thread is kept from its events: the time in which a click would have waited."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import TracebackType
from typing import Final

from PySide6.QtCore import QObject, Qt, QTimer

TICK_MS: Final = 5
LONGEST_MS: Final = 50
"""What the window allows itself; a person notices from about 100 ms."""


class Watchdog(QObject):
    """Ticks every 5 ms; what a tick comes too late is a block, whatever the reason (a slot, a paint, a held GIL).

    Use it as a context in a running event loop: ``with Watchdog() as dog: …`` then ``dog.longest_ms``. ``told`` is
    called on the window's thread with the ms of each block over ``limit_ms``, right after it.
    """

    def __init__(
        self,
        parent: QObject | None = None,
        *,
        limit_ms: float = LONGEST_MS,
        told: Callable[[float], object] | None = None,
    ) -> None:
        super().__init__(parent)
        self.longest_ms = 0.0
        self.blocks: list[float] = []
        """Every block over the limit in ms, in order; the newest 1,000."""
        self.ticks = 0
        self._limit_ms = limit_ms
        self._told = told
        self._last = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._on_tick)

    def start(self) -> None:
        """Begin to measure, from now on."""
        self._last = time.perf_counter()
        self._timer.start()

    def stop(self) -> None:
        """Measure what lies between the last tick and now, and end."""
        if self._timer.isActive():
            self._timer.stop()
            self._note()

    def reset(self) -> None:
        """Forget what was measured, e.g. before the next act of a benchmark; a block under way counts from now."""
        self.longest_ms, self.ticks = 0.0, 0
        self.blocks.clear()
        self._last = time.perf_counter()

    def __enter__(self) -> Watchdog:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _on_tick(self) -> None:
        self.ticks += 1
        self._note()

    def _note(self) -> None:
        now = time.perf_counter()
        late = max(0.0, (now - self._last) * 1000 - TICK_MS)
        self._last = now
        self.longest_ms = max(self.longest_ms, late)
        if late > self._limit_ms:
            self.blocks = [*self.blocks[-999:], late]
            if self._told is not None:
                self._told(late)
