"""Pages of entries: made for a shelf, and taken from one where they may be."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from desktop_app.domain.entries import Leaf, SealedEntry
from desktop_app.domain.errors import AppError
from desktop_app.domain.records import DEVICE
from desktop_app.services.sharing import IncomingPage, KnownDevice, SharingService
from desktop_app.store.sharing_keys import InstitutionKey
from desktop_app.store.shelf_cargo import OutgoingCargo
from sync.contract.sharing import (
    PageHead,
    ReadPage,
    ShelfPage,
    key_id,
    new_institution_key,
    open_page,
    read_page,
    seal_page,
)
from sync.contract.signing import public_key_of
from sync.sharing.columns import Cargo, LateLeaves, Tip, pack, unpack

_FIRST_EPOCH = 1
_IDENTITY = 1
_read_leaf = msgspec.msgpack.Decoder(
    tuple[int, list[tuple[bytes, dict[int, tuple[object, object, object]]]]]
).decode

TakeRotation = Callable[[ReadPage], None]
"""Takes a page that changes the institution key; AppError where it does not hold."""


def sealing_key(sharing: SharingService) -> InstitutionKey:
    """Return the key that seals new pages; sharing begins with the first."""
    found = sharing.current_key()
    if found is not None:
        return found
    key = new_institution_key()
    return sharing.first_key(InstitutionKey(key_id(key), _FIRST_EPOCH, key))


class PageMaker:
    """Makes pages as this workstation, under the institution's newest key."""

    def __init__(self, sharing: SharingService) -> None:
        self._office = sharing.office()
        self._key = sealing_key(sharing)
        self._device, self._private_key = sharing.device()
        self._public_key = public_key_of(self._private_key)

    def make(self, page: bytes, cargo: OutgoingCargo) -> bytes:
        """Return a page as it travels."""
        late = () if cargo.late is None else (_late(*cargo.late),)
        tips = [Tip(tip.entry, tip.device, tip.signature) for tip in cargo.tips]
        packed = pack(Cargo(cargo.entries, late, tips))
        head = PageHead(
            office=self._office,
            key=self._key.id,
            device=self._device,
            public_key=self._public_key,
            page=page,
            entries=len(cargo.entries) + len(late),
            size=len(packed.plain),
            tips=packed.tips,
            after=packed.after,
        )
        return seal_page(head, packed.plain, self._key.key, self._private_key)


def _late(name: bytes, first: int, leaves: Sequence[Leaf]) -> LateLeaves:
    pairs = [None if leaf.salt is None or leaf.body is None else (leaf.salt, leaf.body) for leaf in leaves]
    return LateLeaves(name, first, pairs)


@dataclass(frozen=True, slots=True)
class OpenedPage:
    """What may be taken of a page; ``code``: why that is not all of it, or nothing."""

    page: IncomingPage
    code: str | None = None


class PageReader:
    """Opens pages with the keys and workstations that are known at the moment."""

    def __init__(self, sharing: SharingService, take_rotation: TakeRotation | None = None) -> None:
        self._sharing = sharing
        self._office = sharing.office()
        self._take_rotation = take_rotation

    def open(self, shelf_page: ShelfPage, *, counts: bool) -> OpenedPage | None:
        """Return what may be taken of a page, None for one that brought a key and was taken.

        Of a workstation that is not known or was revoked only those entries are taken that entries of others follow:
        these name them by hash, so whoever wrote them had seen and accepted them.
        Raises AppError SHARE_PAGE_UNKNOWN, _NEWER, _TRUNCATED, _ALTERED, _FOREIGN, _MALFORMED, SHARE_KEY_MISSING,
        SHARE_KEY_WRONG.
        """
        read = read_page(shelf_page.body)
        if read.head.office != self._office:
            raise AppError("SHARE_PAGE_FOREIGN")
        if read.head.page != shelf_page.page:
            raise AppError("SHARE_PAGE_ALTERED")
        if read.head.entries == 0:
            if self._take_rotation is None:
                raise AppError("SHARE_KEY_MISSING")
            self._take_rotation(read)
            return None
        key = self._sharing.keys().get(read.head.key)
        if key is None:
            raise AppError("SHARE_KEY_MISSING")
        cargo = unpack(open_page(read, key.key))
        number = shelf_page.number if counts else None
        refusal = _refusal(read.head, cargo, self._sharing.devices())
        if refusal is not None:
            cargo = Cargo(_followed(cargo.entries, self._sharing.lacked()))
        late = [(one.entry, one.first, one.leaves) for one in cargo.late]
        tips = [(tip.entry, tip.device, tip.signature) for tip in cargo.tips]
        return OpenedPage(IncomingPage(read.head.page, number, cargo.entries, late, tips), refusal)


def _refusal(head: PageHead, cargo: Cargo, devices: Mapping[bytes, KnownDevice]) -> str | None:
    """Tell why a page of this workstation is not taken as a whole, None where it is."""
    known = devices.get(head.device)
    if known is None:
        return None if _introduces(head, cargo.entries) else "SHARE_DEVICE_UNKNOWN"
    if known.public_key != head.public_key:
        return "SHARE_DEVICE_UNKNOWN"
    return "SHARE_DEVICE_REVOKED" if known.revoked else None


def _introduces(head: PageHead, entries: Sequence[SealedEntry]) -> bool:
    """Tell whether the record of the sending workstation is in the page; whether it counts is judged by its entry."""
    for entry in entries:
        for leaf in entry.leaves:
            if leaf.body is None or head.public_key not in leaf.body:
                continue
            try:
                entity, records = _read_leaf(leaf.body)
            except msgspec.DecodeError:
                continue
            if entity == DEVICE.number and any(
                key == head.device
                and _IDENTITY in groups
                and head.public_key in _listed(groups[_IDENTITY][2])
                for key, groups in records
            ):
                return True
    return False


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _followed(entries: Sequence[SealedEntry], lacked: set[bytes]) -> list[SealedEntry]:
    """Return those entries that are lacked here, and what they follow."""
    read = msgspec.msgpack.Decoder(tuple[list[bytes], object, object, object, object, object]).decode
    wanted, found = set(lacked), []
    for entry in reversed(entries):
        if entry.id in wanted:
            found.append(entry)
            wanted.update(read(entry.header)[0])
    return found[::-1]
