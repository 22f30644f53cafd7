"""Numbers of many entries at once: by their ids, or by their stamps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

_AT_ONCE = 500


def by_ids(driver: Any, names: Sequence[bytes]) -> Iterator[tuple[bytes, int]]:  # noqa: ANN401 - as driver_of gives it
    """Yield id and number of those entries that are stored."""
    for start in range(0, len(names), _AT_ONCE):
        part = names[start : start + _AT_ONCE]
        marks = ",".join("?" * len(part))
        yield from driver.execute(f"SELECT id, seq FROM journal_entry WHERE id IN ({marks})", part)


def by_stamps(
    driver: Any,  # noqa: ANN401 - as driver_of gives it
    stamps: Sequence[tuple[int, int, int]],
) -> Iterator[tuple[tuple[int, int, int], int]]:
    """Yield stamp (milliseconds, counter, number of the opening) and number of those entries that are stored."""
    for start in range(0, len(stamps), _AT_ONCE):
        part = stamps[start : start + _AT_ONCE]
        marks = ",".join(["(?,?,?)"] * len(part))
        rows = driver.execute(
            f"SELECT ms, counter, opening, seq FROM journal_entry WHERE (ms, counter, opening) IN (VALUES {marks})",
            [value for one in part for value in one],
        )
        yield from (((ms, counter, opening), seq) for ms, counter, opening, seq in rows)
