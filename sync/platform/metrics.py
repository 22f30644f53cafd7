"""Figures of the platform for its operators: requests, seconds and records by endpoint. Nothing in them is personal.

All workers write into one block of memory, each its own part, so that whichever worker is asked answers for all.
"""

from __future__ import annotations

import mmap
import time

from starlette.status import (
    HTTP_400_BAD_REQUEST,
    HTTP_429_TOO_MANY_REQUESTS,
    HTTP_500_INTERNAL_SERVER_ERROR,
    HTTP_503_SERVICE_UNAVAILABLE,
)
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sync.contract.wire import PageTally

ENDPOINTS = (
    "about",
    "health",
    "metrics",
    "register",
    "challenge",
    "token",
    "manifest",
    "page",
    "receipt",
    "exchange",
    "stream",
    "reports",
    "relay_exchange",
    "relay_admission",
    "relay_invitation",
    "relay_acceptance",
    "relay_files",
    "other",
)
OUTCOMES = ("done", "refused", "limited", "failed")
BOUNDS = (0.005, 0.02, 0.1, 0.5, 2.0, 10.0)
"""Upper bounds, in seconds, of the counted durations."""

RECORDS = ("received", "accepted")
_OF_ENDPOINT = len(OUTCOMES) + len(BOUNDS) + 1
_OF_WORKER = len(ENDPOINTS) * _OF_ENDPOINT + len(RECORDS)
_BYTES = 8


def outcome_of(status: int) -> str:
    """Return the outcome of an answer: done, refused, limited (429, 503: come again) or failed."""
    if status in {HTTP_429_TOO_MANY_REQUESTS, HTTP_503_SERVICE_UNAVAILABLE}:
        return "limited"
    if status >= HTTP_500_INTERNAL_SERVER_ERROR:
        return "failed"
    return "refused" if status >= HTTP_400_BAD_REQUEST else "done"


class Metrics:
    """Counts of one worker, and the sums of all that share the block; made before the workers are."""

    def __init__(self, workers: int = 1) -> None:
        self._workers = workers
        self._cells = memoryview(mmap.mmap(-1, workers * _OF_WORKER * _BYTES)).cast("d")
        self._start = 0

    def become(self, worker: int) -> None:
        """Count as worker ``worker`` of those that share the block, from 0."""
        self._start = worker * _OF_WORKER

    def count_request(self, endpoint: str, status: int, seconds: float) -> None:
        """Count an answered request; an endpoint that is not listed counts as ``other``."""
        place = ENDPOINTS.index(endpoint if endpoint in ENDPOINTS else "other")
        first = self._start + place * _OF_ENDPOINT
        self._cells[first + OUTCOMES.index(outcome_of(status))] += 1
        first += len(OUTCOMES)
        for index, bound in enumerate(BOUNDS):
            if seconds <= bound:
                self._cells[first + index] += 1
        self._cells[first + len(BOUNDS)] += seconds

    def count_records(self, tally: PageTally) -> None:
        """Count the records of pages that were stored."""
        first = self._start + len(ENDPOINTS) * _OF_ENDPOINT
        self._cells[first] += tally.records
        self._cells[first + 1] += tally.accepted

    def text(self) -> str:
        """Return the sums of all workers in the text form of Prometheus (0.0.4)."""
        sums = [
            sum(self._cells[worker * _OF_WORKER + cell] for worker in range(self._workers))
            for cell in range(_OF_WORKER)
        ]
        requests = ["# TYPE training_requests_total counter"]
        seconds = ["# TYPE training_request_seconds histogram"]
        for place, endpoint in enumerate(ENDPOINTS):
            cells = sums[place * _OF_ENDPOINT : (place + 1) * _OF_ENDPOINT]
            counts, buckets, spent = cells[: len(OUTCOMES)], cells[len(OUTCOMES) : -1], cells[-1]
            total = sum(counts)
            if not total:
                continue
            label = f'endpoint="{endpoint}"'
            requests += [
                f'training_requests_total{{{label},outcome="{outcome}"}} {count:.0f}'
                for outcome, count in zip(OUTCOMES, counts, strict=True)
                if count
            ]
            seconds += [
                f'training_request_seconds_bucket{{{label},le="{bound}"}} {count:.0f}'
                for bound, count in zip((*BOUNDS, "+Inf"), (*buckets, total), strict=True)
            ]
            seconds.append(f"training_request_seconds_sum{{{label}}} {spent:.6f}")
            seconds.append(f"training_request_seconds_count{{{label}}} {total:.0f}")
        records = ["# TYPE training_records_total counter"] + [
            f'training_records_total{{outcome="{name}"}} {count:.0f}'
            for name, count in zip(RECORDS, sums[-len(RECORDS) :], strict=True)
        ]
        workers = ["# TYPE training_workers gauge", f"training_workers {self._workers}"]
        return "\n".join([*requests, *seconds, *records, *workers, ""])


class Counting:
    """Counts each answered request with its endpoint, status and seconds."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and count it once it is answered."""
        started, status = time.perf_counter(), HTTP_500_INTERNAL_SERVER_ERROR

        async def noting(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        try:
            await self._app(scope, receive, noting)
        finally:
            endpoint = getattr(scope.get("endpoint"), "__name__", "other")
            self._metrics.count_request(endpoint, status, time.perf_counter() - started)
