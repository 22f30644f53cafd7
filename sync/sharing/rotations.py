"""Changing the institution key: a page that brings the new one to each workstation that remains.

It lies on every shelf before the pages that need it. Who made it must be a workstation that is not revoked, and must
have held the former key; a key that a workstation made which is revoked later seals nothing any more.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from desktop_app.domain.errors import AppError
from desktop_app.services.devices import DeviceService
from desktop_app.services.ports import CancelToken
from desktop_app.services.sharing import SharingService
from desktop_app.store.sharing_keys import InstitutionKey
from sync.contract.office_keys import office_key, open_as_member, seal_to_member, sign_as_office
from sync.contract.relay import Member, Rotation, SignedRotation
from sync.contract.sharing import (
    PageHead,
    ReadPage,
    ShelfAnswer,
    ShelfRequest,
    key_id,
    new_institution_key,
    sign_page,
)
from sync.contract.signing import Purpose, check, public_key_of
from sync.contract.wire import decode, encode
from sync.sharing.transports import Transport

_CODE = "ROTATION_INVALID"
_AT_ONCE = 32


def make_rotation(
    sharing: SharingService, former: InstitutionKey, remaining: Mapping[bytes, bytes], revoked: list[bytes]
) -> tuple[InstitutionKey, bytes]:
    """Return a new institution key and the page that changes to it; ``remaining``: public keys by workstation."""
    office = sharing.office()
    device, private_key = sharing.device()
    key = new_institution_key()
    members = [Member(one, public, seal_to_member(key, public)) for one, public in sorted(remaining.items())]
    said = encode(
        Rotation(
            office=office,
            device=device,
            former_key=former.id,
            key=key_id(key),
            epoch=former.epoch + 1,
            office_key=office_key(key),
            members=members,
            revoked=sorted(revoked),
        )
    )
    head = PageHead(
        office=office,
        key=key_id(key),
        device=device,
        public_key=public_key_of(private_key),
        page=secrets.token_bytes(16),
        entries=0,
        size=len(said),
        tips=[],
        after=[],
    )
    signed = SignedRotation(said, sign_as_office(former.key, Purpose.ROTATION, said))
    made = InstitutionKey(key_id(key), former.epoch + 1, key, device)
    return made, sign_page(head, encode(signed), private_key)


class RotationTaker:
    """Takes pages that change the institution key, as ``pages.TakeRotation``."""

    def __init__(self, sharing: SharingService, devices: DeviceService) -> None:
        self._sharing = sharing
        self._devices = devices

    def __call__(self, page: ReadPage) -> None:
        """Keep the new key and the page itself, which is carried on to other shelves.

        Raises AppError ROTATION_INVALID, SHARE_KEY_MISSING where the former key is not here yet,
        SHARE_DEVICE_UNKNOWN or SHARE_DEVICE_REVOKED of who made it.
        """
        signed = decode(page.sealed, SignedRotation, _CODE)
        said = decode(signed.payload, Rotation, _CODE)
        head = page.head
        if (said.office, said.device, said.key) != (head.office, head.device, head.key):
            raise AppError(_CODE)
        former = self._sharing.keys().get(said.former_key)
        if former is None:
            raise AppError("SHARE_KEY_MISSING")
        try:
            check(office_key(former.key), Purpose.ROTATION, signed.payload, signed.signature)
        except AppError as error:
            raise AppError(_CODE) from error
        if said.epoch != former.epoch + 1:
            raise AppError(_CODE)
        self._check_maker(head)
        self._devices.take_key(self._own_key(said), said.key, page.raw)

    def _check_maker(self, head: PageHead) -> None:
        known = self._sharing.devices().get(head.device)
        if known is None or known.public_key != head.public_key:
            raise AppError("SHARE_DEVICE_UNKNOWN")
        if known.revoked:
            raise AppError("SHARE_DEVICE_REVOKED")

    def _own_key(self, said: Rotation) -> InstitutionKey | None:
        """Return the new key where it was encrypted to this workstation too; AppError ROTATION_INVALID."""
        device, private_key = self._sharing.device()
        for member in said.members:
            if member.device == device:
                try:
                    key = open_as_member(member.sealed_key, said.key, private_key)
                except AppError as error:
                    raise AppError(_CODE) from error
                return InstitutionKey(said.key, said.epoch, key, said.device)
        return None


class WithKeyChanges:
    """A transport that puts the pages which change the key on its shelf before all others."""

    def __init__(self, transport: Transport, devices: DeviceService) -> None:
        self._transport = transport
        self._devices = devices

    @property
    def shelf(self) -> bytes:
        """Return the name of the shelf."""
        return self._transport.shelf

    @property
    def counts(self) -> bool:
        """Tell whether the shelf numbers its pages."""
        return self._transport.counts

    def exchange(self, request: ShelfRequest, cancel: CancelToken) -> ShelfAnswer:
        """Exchange as the transport does."""
        lacking = self._devices.key_changes_for(self.shelf, request.epoch) if request.epoch else {}
        names = list(lacking)[:_AT_ONCE]
        if names:
            request = ShelfRequest(
                office=request.office,
                epoch=request.epoch,
                number=request.number,
                pages=[*(lacking[name] for name in names), *request.pages],
                again=request.again,
                limit=request.limit,
            )
        answer = self._transport.exchange(request, cancel)
        if names and answer.epoch == request.epoch:
            self._devices.note_key_changes(self.shelf, answer.epoch, names)
        return answer
