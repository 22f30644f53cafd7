"""Masks of personal data: ID 4201************1X, phone 138****1234, account, and the public notice (公示表)."""

from __future__ import annotations

from collections.abc import Sequence

STAR = "*"
_HEAD, _TAIL = 4, 2
_LONG_DOCUMENT = 10
_ADDRESS_HEAD = 6
_PHONE_HEAD, _PHONE_TAIL = 3, 4
_ACCOUNT_TAIL = 4


def _mask(text: str, head: int, tail: int) -> str:
    """Keep ``head`` and ``tail`` characters; a text too short for both is all stars."""
    if len(text) <= head + tail:
        return STAR * len(text)
    return text[:head] + STAR * (len(text) - head - tail) + text[len(text) - tail :]


def mask_document(number: str) -> str:
    """Return 4201************1X; of a number under 10 characters (passport) the first and the last two stay."""
    return _mask(number, _HEAD if len(number) >= _LONG_DOCUMENT else 1, _TAIL)


def mask_phone(number: str) -> str:
    """Return 138****1234."""
    return _mask(number, _PHONE_HEAD, _PHONE_TAIL)


def mask_address(address: str) -> str:
    """Return the first six characters of an address (about its district) and stars."""
    return _mask(address, _ADDRESS_HEAD, 0)


def mask_account(number: str) -> str:
    """Return an account with its last four digits."""
    return _mask(number, 0, _ACCOUNT_TAIL)


def mask_for_notice(numbers: Sequence[str]) -> tuple[str, ...]:
    """Return the masked ID numbers of a 公示表, in order.

    First 4 and last 2 are shown; rows of different people that coincide show one digit more from the right until
    they differ, those rows only. The same number twice stays as it is.
    """
    shown = [mask_document(number) for number in numbers]
    for tail in range(_TAIL + 1, max((len(number) for number in numbers), default=0) - _HEAD):
        clashing = [i for i, number in enumerate(numbers) if _clashes(i, number, shown, numbers)]
        if not clashing:
            break
        for index in clashing:
            shown[index] = _mask(numbers[index], _HEAD, tail)
    return tuple(shown)


def _clashes(index: int, number: str, shown: Sequence[str], numbers: Sequence[str]) -> bool:
    return any(shown[index] == mask and number != numbers[other] for other, mask in enumerate(shown))
