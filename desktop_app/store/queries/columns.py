"""Column values to Python values."""

from __future__ import annotations

import json
from datetime import date

from desktop_app.domain.enrolment import Period


def day(text: str | None) -> date | None:
    """Read an ISO date column."""
    return None if text is None else date.fromisoformat(text)


def required_day(text: str) -> date:
    """Read an ISO date column that is always set."""
    return date.fromisoformat(text)


def periods(text: str | None) -> tuple[Period, ...]:
    """Read a list of membership periods."""
    return tuple(Period(date.fromisoformat(first), day(last)) for first, last in json.loads(text or "[]"))


def keys(text: str | None) -> tuple[bytes, ...]:
    """Read a list of record keys kept as hex."""
    return tuple(bytes.fromhex(item) for item in json.loads(text or "[]"))


def codes(text: str | None) -> tuple[str, ...]:
    """Read a list of codes."""
    return tuple(json.loads(text or "[]"))
