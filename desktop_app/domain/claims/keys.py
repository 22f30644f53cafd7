"""Keys of claims: class + channel + month, so that two workstations which begin the same claim begin one."""

from __future__ import annotations

from datetime import date

from desktop_app.domain.errors import AppError
from desktop_app.domain.ids import ID_BYTES, numbered

CHANNELS = (
    "education_special",
    "skill_action",
    "employment_fund",
    "unemployment_insurance",
    "veteran_fund",
    "education_fund",
    "human_resources_fund",
    "local_pool",
)
"""Channels that are claimed from, in the order of their numbers from 1; only ever added to at the end."""
CLAIM_BYTES = ID_BYTES + 4
LINE_BYTES = CLAIM_BYTES + ID_BYTES
_FIRST_YEAR = 2000


def period_of(day: date) -> int:
    """Return the month of a day: January 2000 is 1."""
    return (day.year - _FIRST_YEAR) * 12 + day.month


def channel_number(channel: str) -> int:
    """Return the number of a channel; AppError CLAIM_CHANNEL_UNKNOWN for one that is not claimed from."""
    if channel not in CHANNELS:
        raise AppError("CLAIM_CHANNEL_UNKNOWN", value=channel[:40])
    return CHANNELS.index(channel) + 1


def channel_code(number: int) -> str:
    """Return the channel of a number, "" for one that this version does not know."""
    return CHANNELS[number - 1] if 1 <= number <= len(CHANNELS) else ""


def claim_key(class_id: bytes, channel: str, day: date) -> bytes:
    """Return the key of the claim of a class from a channel that is begun on a day."""
    return numbered(numbered(class_id, channel_number(channel)), period_of(day))
