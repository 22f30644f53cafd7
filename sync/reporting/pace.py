"""How much goes into a page: no more than the line has lately carried in two seconds, so that little is sent again.

Pages are cut when a batch is sealed, by what the pushes before have shown; on a line that is fast enough they are as
large as the contract lets them be.
"""

from __future__ import annotations

from desktop_app.services.batches import BatchService
from sync.contract.wire import MAX_PAGE_RECORDS

PAGE_SECONDS = 2.0
LEAST = 50
PACE = "page_records"
"""Setting: records of a page, as the last push has found right; unset: as many as the contract allows."""
_WEIGHT = 0.5  # of what one page has shown: a line that stalls once is not slow


def page_records(batches: BatchService) -> int:
    """Return how many records the next pages may hold."""
    stored = batches.setting(PACE)
    return MAX_PAGE_RECORDS if stored is None else int(stored)


def next_size(size: int, records: int, seconds: float) -> int:
    """Return how many records a page may hold after one with ``records`` took so long; a quicker line lets it grow."""
    right = records * PAGE_SECONDS / max(seconds, 0.001)
    return round(max(LEAST, min(MAX_PAGE_RECORDS, size + (right - size) * _WEIGHT)))


def keep_pace(batches: BatchService, former: int, size: int) -> None:
    """Keep what a push has found right."""
    if size != former:
        batches.set_settings({PACE: str(size).encode("ascii")})
