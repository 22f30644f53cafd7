"""How often a device, or an address that has not said who it is, may ask: a bucket that fills again by the second.

Each worker keeps its own buckets and gives its share of the rate, so no request waits for a count kept elsewhere.
"""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from desktop_app.domain.errors import AppError

_KEPT = 20_000
"""Buckets kept; the one that was longest unused goes first, and is full by then."""


@dataclass(frozen=True, slots=True)
class Rate:
    """Requests at once and requests a second after that."""

    burst: int
    per_second: float

    def share(self, workers: int) -> Rate:
        """Return what one of several workers gives: its part of the rate, and half of the burst at least."""
        return Rate(max(1, math.ceil(self.burst / min(workers, 2))), self.per_second / workers)


DEVICES = Rate(1_000, 200.0)
"""A page holds 1,000 records, so the rate stays above what a workstation can seal."""

ADDRESSES = Rate(2_000, 100.0)
"""Of requests without a token; a bureau's workstations share one address."""


class Limiter:
    """Buckets of one kind of callers."""

    def __init__(self, rate: Rate, now: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._now = now
        self._buckets: OrderedDict[bytes | str, tuple[float, float]] = OrderedDict()

    def take(self, caller: bytes | str) -> None:
        """Let one request of a caller through; AppError RATE_EXCEEDED with the seconds to wait."""
        now = self._now()
        left, since = self._buckets.pop(caller, (float(self._rate.burst), now))
        left = min(float(self._rate.burst), left + (now - since) * self._rate.per_second)
        allowed = left >= 1
        self._buckets[caller] = (left - 1 if allowed else left, now)
        if len(self._buckets) > _KEPT:
            self._buckets.popitem(last=False)
        if not allowed:
            raise AppError("RATE_EXCEEDED", seconds=max(1, math.ceil((1 - left) / self._rate.per_second)))
