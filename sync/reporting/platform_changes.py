"""Platforms that began anew or were restored: what they lost, as an administrator has confirmed it.

A confirmation is a record, so every workstation derives the same from it: versions that a platform lost count as
never received, whenever their receipts come; keys of former platforms still show that former receipts were genuine.
Pages of the streams are kept by life: what is pulled after a change begins again at version 1.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from msgspec import Struct

from desktop_app.store.repositories.reported import PlatformChange
from sync.contract.wire import decode, encode

Place = tuple[str, str]


class LostVersions(Struct, array_like=True, frozen=True):
    """Versions of a report that a platform no longer holds: those past ``held`` (0: none is held), up to ``until``."""

    kind: str
    subject: str
    held: int
    until: int


class Voids:
    """Which versions of which reports are lost."""

    def __init__(self, changes: Iterable[PlatformChange]) -> None:
        self._spans: dict[Place, list[LostVersions]] = defaultdict(list)
        for change in changes:
            for one in decode(change.lost, list[LostVersions]):
                self._spans[one.kind, one.subject].append(one)

    def __contains__(self, version: tuple[str, str, int]) -> bool:
        kind, subject, number = version
        return any(one.held < number <= one.until for one in self._spans.get((kind, subject), ()))

    def highest(self) -> Mapping[Place, int]:
        """Return the highest lost version of each report: numbers are never used again."""
        return {place: max(one.until for one in spans) for place, spans in self._spans.items()}


def encode_lost(lost: Iterable[LostVersions]) -> bytes:
    """Return what a record of a change keeps of the lost versions."""
    return encode(list(lost))


def trusted_keys(pinned: bytes | None, changes: Iterable[PlatformChange]) -> frozenset[bytes]:
    """Return the public keys of the platforms that this institution has reported to."""
    keys = {key for change in changes for key in (change.public_key, change.former_key) if key}
    return frozenset(keys if pinned is None else keys | {pinned})


def plain_stream(stored: str) -> str:
    """Return the stream's own name of the name under which its pages are stored (``life_of_streams``)."""
    return stored.partition("@")[0]
