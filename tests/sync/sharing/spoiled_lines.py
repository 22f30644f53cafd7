"""A way to a shelf on which something goes wrong: requests and answers lost, repeated, late, pages damaged."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from msgspec.structs import replace

from desktop_app.domain.errors import AppError
from desktop_app.services.ports import CancelToken
from sync.contract.sharing import ShelfAnswer, ShelfPage, ShelfRequest
from sync.sharing.transports import Transport

FAULTS = (
    "request lost",
    "answer lost",
    "twice",
    "older request again",
    "damaged",
    "cut short",
    "other order",
)


class After:
    """Wants to stop after it was asked so often."""

    def __init__(self, times: int) -> None:
        self.left = times

    def is_cancelled(self) -> bool:
        self.left -= 1
        return self.left < 0


@dataclass
class SpoiledLine:
    """Lets one fault strike: the n-th exchange, or the first answer with pages that can be spoiled.

    A page that was spoiled comes spoiled as long as this line is used, however often it is asked for.
    ``told`` hears that it did; ``former``: what this workstation had asked before.
    """

    inner: Transport
    fault: str
    strikes: int
    choose: random.Random
    former: list[ShelfRequest]
    told: Callable[[str], None]
    _asked: int = 0
    _struck: bool = False
    _spoiled: dict[bytes, ShelfPage] = field(default_factory=dict)

    @property
    def shelf(self) -> bytes:
        return self.inner.shelf

    @property
    def counts(self) -> bool:
        return self.inner.counts

    def exchange(self, request: ShelfRequest, cancel: CancelToken) -> ShelfAnswer:
        """Exchange; AppError SHELF_UNREACHABLE where the line broke."""
        self._asked += 1
        former = [*self.former]
        if self._asked == self.strikes:
            match self.fault:
                case "request lost":
                    raise self._broken()
                case "answer lost":
                    self._exchange(request, cancel)
                    raise self._broken()
                case "twice":
                    self.told(self.fault)
                    self._exchange(request, cancel)
                case "older request again" if former:
                    self.told(self.fault)
                    self._exchange(self.choose.choice(former), cancel)
        answer = self._exchange(request, cancel)
        answer = replace(answer, again=[self._spoiled.get(page.page, page) for page in answer.again])
        if self._struck or not self._can_be_spoiled(answer):
            return answer
        self._struck = True
        self.told(self.fault)
        return replace(answer, pages=self._spoil(answer.pages))

    def _can_be_spoiled(self, answer: ShelfAnswer) -> bool:
        """Tell whether this fault finds pages; an order is kept by a shelf that counts."""
        if self.fault == "other order":
            return len(answer.pages) > 1 and not self.counts
        return self.fault in {"damaged", "cut short"} and bool(answer.pages)

    def _exchange(self, request: ShelfRequest, cancel: CancelToken) -> ShelfAnswer:
        self.former.append(request)
        return self.inner.exchange(request, cancel)

    def _broken(self) -> AppError:
        self.told(self.fault)
        return AppError("SHELF_UNREACHABLE", detail="line")

    def _spoil(self, pages: Sequence[ShelfPage]) -> list[ShelfPage]:
        """Return the pages in another order, or with one of them cut short or one bit of it turned."""
        if self.fault == "other order":
            return list(pages[::-1])
        spoiled = list(pages)
        n = self.choose.randrange(len(spoiled)) // 2  # rather one that others follow
        number, name, body = spoiled[n].number, spoiled[n].page, bytearray(spoiled[n].body)
        at = self.choose.randrange(len(body))
        if self.fault == "cut short":
            del body[at:]
        else:
            body[at] ^= 1 << self.choose.randrange(8)
        spoiled[n] = self._spoiled[name] = ShelfPage(number, name, bytes(body))
        return spoiled
