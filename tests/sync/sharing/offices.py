"""An office with workstations that know how to make pages, without a store: what a relay sees of them."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from sync.contract import signing
from sync.contract.office_keys import office_key, seal_to_member, sign_as_office
from sync.contract.relay import Member, Rotation, SignedRotation
from sync.contract.sharing import (
    PageHead,
    ShelfAnswer,
    ShelfRequest,
    key_id,
    new_institution_key,
    seal_page,
    sign_page,
)
from sync.contract.signing import Purpose
from sync.contract.wire import encode
from sync.sharing.http_transport import RelayTransport
from tests.sync.running_platform import Running


@dataclass
class RelayOffice:
    """An institution as its relay knows it."""

    relay: Running
    office: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    key: bytes = field(default_factory=new_institution_key)
    open: list[RelayTransport] = field(default_factory=list)

    def workstation(self, **options: object) -> Sharer:
        return Sharer(self, **options)

    def close(self) -> None:
        for transport in self.open:
            transport.close()


class Sharer:
    """A workstation with its own clock, its key and a cursor."""

    def __init__(self, office: RelayOffice, *, clock=None, attempts: int = 2) -> None:
        self.office = office
        self.key = office.key
        self.device = secrets.token_bytes(16)
        self.private_key = signing.new_private_key()
        self.public_key = signing.public_key_of(self.private_key)
        self.epoch, self.number = b"", 0
        self.pages: list[bytes] = []
        self._clock, self._attempts = clock or office.relay.clock, attempts
        self.transport = self.another_way()

    def another_way(self) -> RelayTransport:
        """One more connection of this workstation."""
        way = RelayTransport(
            self.office.relay.url,
            self.office.office,
            (self.device, self.private_key),
            lambda: self.key,
            self._clock,
            attempts=self._attempts,
            sleep=lambda _: None,
        )
        self.office.open.append(way)
        return way

    def page(self, content: bytes = b"entries", **changes: object) -> bytes:
        """A page of one made-up entry."""
        tip = secrets.token_bytes(32)
        facts = {
            "office": self.office.office,
            "key": key_id(self.key),
            "device": self.device,
            "public_key": self.public_key,
            "page": secrets.token_bytes(16),
            "entries": 1,
            "size": len(content),
            "tips": [tip],
            "after": [],
        }
        return seal_page(PageHead(**(facts | changes)), content, self.key, self.private_key)

    def rotation(self, staying: list[Sharer], revoked: list[Sharer], new_key: bytes) -> bytes:
        """A page that changes the institution key."""
        members = [
            Member(one.device, one.public_key, seal_to_member(new_key, one.public_key)) for one in staying
        ]
        said = encode(
            Rotation(
                office=self.office.office,
                device=self.device,
                former_key=key_id(self.key),
                key=key_id(new_key),
                epoch=2,
                office_key=office_key(new_key),
                members=members,
                revoked=[one.device for one in revoked],
            )
        )
        signed = SignedRotation(said, sign_as_office(self.key, Purpose.ROTATION, said))
        head = PageHead(
            office=self.office.office,
            key=key_id(new_key),
            device=self.device,
            public_key=self.public_key,
            page=secrets.token_bytes(16),
            entries=0,
            size=0,
            tips=[],
            after=[],
        )
        return sign_page(head, encode(signed), self.private_key)

    def exchange(self, *pages: bytes, **options: object) -> ShelfAnswer:
        """Exchange; where the shelf has another epoch than the cursor, start anew and exchange again."""
        answer = self._ask(*pages, **options)
        if answer.epoch != self.epoch:
            self.epoch, self.number, self.pages = answer.epoch, 0, []
            answer = self._ask(*pages, **options)
        self.number = answer.number
        self.pages += [page.body for page in answer.pages]
        return answer

    def _ask(self, *pages: bytes, **options: object) -> ShelfAnswer:
        request = ShelfRequest(
            office=self.office.office, epoch=self.epoch, number=self.number, pages=list(pages), **options
        )
        return self.transport.exchange(request)
