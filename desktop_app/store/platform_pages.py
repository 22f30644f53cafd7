"""Whether what an entry of command ``platform`` writes is what the platform said, by pages that it signed.

What a page says is the contract's matter: a reader is handed in by whoever knows it (``bootstrap``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from desktop_app.domain.entries import Change
from desktop_app.domain.errors import AppError
from desktop_app.domain.records import (
    BY_NUMBER,
    DELETED,
    DELETED_VALUE,
    PLATFORM_PAGE,
    PROJECT,
    Entity,
    Group,
)
from desktop_app.store.database import driver_of
from desktop_app.store.folding import Record
from desktop_app.store.record_tables import group_fields


@dataclass(frozen=True, slots=True)
class SignedPage:
    """A page of the platform as it is stored."""

    stream: str
    version: int
    body: bytes


PlatformReader = Callable[[bytes, SignedPage], Iterable[tuple[Entity, bytes, Mapping[str, object]]]]
"""Takes the platform's public key; returns the records that follow from a page; AppError where it did not sign it."""

_PUBLISHED = ("area", "published_on")  # of an institution's own project, publication says no more than this
_PAGE = PLATFORM_PAGE.by_name["page"]


def pages_in(changes: Iterable[Change]) -> Iterator[tuple[bytes, SignedPage | None]]:
    """Yield key and page of each record of a page, None where it has not the shape of one."""
    for change in changes:
        if change.entity == PLATFORM_PAGE.number:
            write = change.groups.get(_PAGE.number)
            match None if write is None else write.new:
                case [str(stream), int(version), bytes(body)]:
                    yield change.key, SignedPage(stream, version, body)
                case _:
                    yield change.key, None


def stored_pages(sql: Connection) -> list[SignedPage]:
    """Return the pages that are stored here, newest first."""
    rows = driver_of(sql).execute(
        "SELECT stream, version, body FROM platform_page WHERE gone = 0 ORDER BY version DESC"
    )
    return [SignedPage(*row) for row in rows.fetchall() if None not in row]


def unproved(
    reader: PlatformReader,
    keys: Sequence[bytes],
    changes: Sequence[Change],
    elsewhere: Callable[[], Iterable[SignedPage]],
) -> set[Record]:
    """Return the records of an entry that no page says so; ``elsewhere`` are pages that came before it.

    ``keys`` are the platform's public keys, newest first.
    """
    wrong: set[Record] = set()
    said: dict[Record, list[Mapping[str, object]]] = {}
    for key, page in pages_in(changes):
        if page is None or not _take(reader, keys, page, said):
            wrong.add((PLATFORM_PAGE.number, key))
    left = [
        change for change in changes if change.entity != PLATFORM_PAGE.number and not _is_said(change, said)
    ]
    if left:
        for page in elsewhere():
            _take(reader, keys, page, said)
        wrong |= {(change.entity, change.key) for change in left if not _is_said(change, said)}
    return wrong


def _take(
    reader: PlatformReader,
    keys: Sequence[bytes],
    page: SignedPage,
    said: dict[Record, list[Mapping[str, object]]],
) -> bool:
    """Add what a page says; return whether the platform signed it."""
    for public_key in keys:
        try:
            found = list(reader(public_key, page))
        except AppError:
            continue
        for entity, key, fields in found:
            said.setdefault((entity.number, key), []).append(fields)
        return True
    return False


def _is_said(change: Change, said: Mapping[Record, Sequence[Mapping[str, object]]]) -> bool:
    entity = BY_NUMBER.get(change.entity)
    if entity is None:
        return False
    told = said.get((change.entity, change.key), ())
    for number, write in change.groups.items():
        if number == DELETED:
            if write.new == DELETED_VALUE:
                return False
            continue
        group = entity.by_number.get(number)
        if group is None or not any(_agrees(entity, group, write.new, fields) for fields in told):
            return False
    return bool(told)


def _agrees(entity: Entity, group: Group, value: object, fields: Mapping[str, object]) -> bool:
    try:
        written = group_fields(group, value)
    except ValueError:
        return False
    names = _PUBLISHED if entity is PROJECT and group.name == "publication" else group.fields
    return all(written[name] == fields.get(name) for name in names)
