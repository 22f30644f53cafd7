"""A shelf in memory that counts its pages, as the relay does; it can be emptied, put back, and be made to fail."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from desktop_app.domain.errors import AppError
from desktop_app.services.ports import CancelToken
from sync.contract.sharing import ShelfAnswer, ShelfPage, ShelfRequest, read_page
from sync.contract.wire import decode, encode


@dataclass(repr=False)
class MemoryShelf:
    """Pages in the order in which they came; ``before`` and ``after`` are called around each exchange."""

    epoch: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    pages: list[tuple[bytes, bytes]] = field(default_factory=list)
    requests: list[bytes] = field(default_factory=list)
    before: Callable[[], None] | None = None
    after: Callable[[], None] | None = None
    shelf: bytes = b"shelf in memory."
    counts: bool = True
    keeps_heads: bool = True
    arrivals: int = 0
    graph: dict[bytes, tuple[set[bytes], set[bytes]]] = field(default_factory=dict)

    def exchange(self, request: ShelfRequest, cancel: CancelToken) -> ShelfAnswer:
        """Answer as the relay does, over the wire's bytes."""
        if cancel.is_cancelled():
            raise AppError("CANCELLED")
        if self.before is not None:
            self.before()
        self.requests.append(encode(request))
        answer = self._answer(decode(self.requests[-1], ShelfRequest))
        if self.after is not None:
            self.after()
        return decode(encode(answer), ShelfAnswer)

    def empty(self) -> None:
        """Lose everything."""
        self.put_back([])

    def put_back(self, pages: list[tuple[bytes, bytes]]) -> None:
        """Restore a backup."""
        self.pages, self.epoch = list(pages), secrets.token_bytes(16)

    def heads(self) -> list[bytes]:
        """The entries that none on the shelf follows."""
        heads: set[bytes] = set()
        for name, _ in self.pages:
            tips, after = self.graph[name]
            heads = heads - after | tips
        return sorted(heads)

    def _answer(self, request: ShelfRequest) -> ShelfAnswer:
        if request.epoch != self.epoch:
            heads = self.heads() if self.keeps_heads else None
            return ShelfAnswer(epoch=self.epoch, number=len(self.pages), heads=heads)
        here = {name for name, _ in self.pages}
        own = set()
        for body in request.pages:
            head = read_page(body).head
            name = head.page
            self.graph[name] = (set(head.tips), set(head.after))
            own.add(name)
            self.arrivals += 1
            if name not in here:
                self.pages.append((name, body))
        pages: list[ShelfPage] = []
        number, filled = request.number, 0
        for n, (name, body) in enumerate(self.pages[request.number :], request.number + 1):
            if name not in own:
                if pages and filled >= request.limit:
                    break
                pages.append(ShelfPage(n, name, body))
                filled += len(body)
            number = n
        again = [
            ShelfPage(n, name, body) for n, (name, body) in enumerate(self.pages, 1) if name in request.again
        ]
        return ShelfAnswer(
            epoch=self.epoch, number=number, more=number < len(self.pages), pages=pages, again=again
        )
