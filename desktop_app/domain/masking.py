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

    First 4 and last 2 are shown. Rows of different people that coincide show, those rows only, the digits in which
    they differ, from the right and no more than it takes. The same number twice stays as it is.
    """
    shown = {number: mask_document(number) for number in numbers}
    groups: dict[str, list[str]] = {}
    for number, mask in shown.items():
        groups.setdefault(mask, []).append(number)
    for group in groups.values():
        places = _telling_places(group)
        for number in group:
            shown[number] = "".join(
                number[i] if i in places else sign for i, sign in enumerate(mask_document(number))
            )
    return tuple(shown[number] for number in numbers)


def _telling_places(group: Sequence[str]) -> frozenset[int]:
    """Return the rightmost places that tell the numbers of a group (all of one length) apart."""
    places: set[int] = set()
    for place in range(len(group[0]) - 1, -1, -1):
        seen = {tuple(number[i] for i in places) for number in group}
        if len(seen) == len(group):
            break
        if len({number[place] for number in group}) > 1:
            places.add(place)
    return frozenset(places)
