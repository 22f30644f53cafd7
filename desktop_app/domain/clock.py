"""Time: the only place that reads the machine's clock.

``now`` gives the UTC instant for stamps, ``today`` the date in Asia/Shanghai (fixed UTC+8, no daylight saving).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Protocol

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")


class Clock(Protocol):
    """Source of instants; a fake passes the same contract test as the real one."""

    def now(self) -> datetime:
        """Return the current instant as an aware UTC datetime."""

    def today(self) -> date:
        """Return the current date in Asia/Shanghai."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the current instant (UTC)."""
        return datetime.now(UTC)

    def today(self) -> date:
        """Return today's date in Asia/Shanghai."""
        return self.now().astimezone(SHANGHAI).date()


class FileClock:
    """Clock of a demo profile: the file holds an ISO date or an ISO instant (Shanghai time where no zone is given).

    A bare date reads as 08:00 in Shanghai plus the milliseconds that this process has run, so stamps move on.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._started = datetime.now(UTC)

    def now(self) -> datetime:
        """Return the instant in the file, moved on by the time since this clock was made (at most an hour)."""
        text = self._path.read_text(encoding="ascii").strip()
        moment = datetime.fromisoformat(text)
        if len(text) == 10:  # noqa: PLR2004 - length of an ISO date
            moment = moment.replace(hour=8)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=SHANGHAI)
        elapsed = datetime.now(UTC) - self._started
        return moment.astimezone(UTC) + min(elapsed, timedelta(hours=1))

    def today(self) -> date:
        """Return the date of that instant in Asia/Shanghai."""
        return self.now().astimezone(SHANGHAI).date()
