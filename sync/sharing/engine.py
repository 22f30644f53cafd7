"""One exchange of entries with a shelf: what it lacks goes out, what it has come in, resumable from any instant.

What is done is on disk before the next begins: a page is cut, it is known to be on the shelf, a slice is applied, the
cursor has moved. A kill in between costs one page that is sent again (under its name, so it lies there once) or
fetched again (what is here changes nothing).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from desktop_app.domain.errors import AppError
from desktop_app.services.ports import NEVER, CancelToken, Progress, no_progress, stop_if_cancelled
from desktop_app.services.sharing import Shared, SharingService
from desktop_app.store.shelf_cargo import OutgoingPage
from desktop_app.store.shelves import Shelf
from sync.contract.sharing import ShelfAnswer, ShelfPage, ShelfRequest
from sync.sharing.pages import PageMaker, PageReader, TakeRotation, sealing_key
from sync.sharing.transports import Transport

_WORTH_NOTING = timedelta(minutes=1)
_MOST_AGAIN = 64
_MOST_BEGINNINGS = 3
# Why a page is left for later; the pages behind it go on.
LEFT_FOR_LATER = frozenset(
    {
        "JOURNAL_MALFORMED",
        "ROTATION_INVALID",
        "SHARE_DEVICE_REVOKED",
        "SHARE_DEVICE_UNKNOWN",
        "SHARE_KEY_MISSING",
        "SHARE_KEY_WRONG",
        "SHARE_PAGE_ALTERED",
        "SHARE_PAGE_EARLY",
        "SHARE_PAGE_FOREIGN",
        "SHARE_PAGE_MALFORMED",
        "SHARE_PAGE_NEWER",
        "SHARE_PAGE_TRUNCATED",
        "SHARE_PAGE_UNKNOWN",
        "STAMP_MALFORMED",
    }
)


@dataclass(slots=True)
class _Tally:
    """What an exchange has done so far."""

    sent: int = 0
    received: int = 0
    bytes_sent: int = 0
    bytes_received: int = 0
    keys: int = 0
    problems: dict[bytes, str] = field(default_factory=dict)  # by page: why it could not be taken


class SharingEngine:
    """Exchanges entries with shelves, one at a time a profile."""

    def __init__(self, sharing: SharingService, take_rotation: TakeRotation | None = None) -> None:
        self.sharing = sharing
        self._take_rotation = take_rotation
        self._caught_up: set[bytes] = set()  # shelves that showed all they have since this profile was opened

    def share(
        self,
        transport: Transport,
        progress: Progress = no_progress,
        cancel: CancelToken = NEVER,
    ) -> Shared:
        """Exchange entries until neither side has anything new for the other.

        Raises AppError SHARING_BUSY, CANCELLED, and what the transport raises; what was done until then stays.
        """
        with self.sharing.turn():
            try:
                tally = _Exchange(self.sharing, transport, self._caught_up, self._take_rotation).run(
                    progress, cancel
                )
            except AppError as error:
                if error.code != "CANCELLED":
                    self.sharing.note_contact(transport.shelf, error.code)
                raise
            waiting, conflicts = self.sharing.counts()
        return Shared(
            sent=tally.sent,
            received=tally.received,
            bytes_sent=tally.bytes_sent,
            bytes_received=tally.bytes_received,
            waiting=waiting,
            conflicts=conflicts,
            problems=Counter(tally.problems.values()),
        )


class _Exchange:
    """One run with one shelf."""

    def __init__(
        self,
        sharing: SharingService,
        transport: Transport,
        caught_up: set[bytes],
        take_rotation: TakeRotation | None,
    ) -> None:
        self._sharing = sharing
        self._transport = transport
        self._shelf = transport.shelf
        self._caught_up = caught_up
        self._office = sharing.office()
        sealing_key(sharing)
        self._reader = PageReader(sharing, take_rotation)
        self._tally = _Tally()

    def run(self, progress: Progress, cancel: CancelToken) -> _Tally:
        """Exchange until there is nothing left; return what was done."""
        state = self._sharing.shelf(self._shelf)
        again = self._lacking_pages()
        own_only, beginnings = True, 0
        outgoing = self._outgoing(own_only=True)
        while True:
            stop_if_cancelled(cancel)
            answer = self._ask(state, outgoing, again, cancel)
            if answer.epoch != state.epoch:
                beginnings += 1
                if beginnings > _MOST_BEGINNINGS:
                    raise AppError("SHELF_UNSTEADY")
                self._sharing.begin(self._shelf, answer.epoch, answer.number, answer.heads)
                self._caught_up.discard(self._shelf)
                state, again, outgoing = self._sharing.shelf(self._shelf), [], None
                own_only = True
                continue
            if outgoing is not None:
                self._sharing.sent(self._shelf, outgoing[0], counts=self._transport.counts)
            before = self._tally.received + self._tally.keys
            taken = [self._take(page, progress, cancel) for page in [*answer.again, *answer.pages]]
            came = any(taken[len(answer.again) :])
            if self._transport.counts and answer.number > state.number:
                self._sharing.move_cursor(self._shelf, answer.number)
            state = self._sharing.shelf(self._shelf)
            went_on = came or self._tally.received + self._tally.keys > before
            again = self._lacking_pages() if went_on else []
            if not answer.more:
                self._caught_up.add(self._shelf)
                own_only = False
            outgoing = self._outgoing(own_only=own_only)
            if not answer.more and outgoing is None and not again:
                break
        self._note_contact(state)
        return self._tally

    def _ask(
        self,
        state: Shelf,
        outgoing: tuple[OutgoingPage, bytes] | None,
        again: list[bytes],
        cancel: CancelToken,
    ) -> ShelfAnswer:
        request = ShelfRequest(
            office=self._office,
            epoch=state.epoch,
            number=state.number,
            pages=[] if outgoing is None else [outgoing[1]],
            again=again,
        )
        answer = self._transport.exchange(request, cancel)
        self._tally.bytes_sent += sum(map(len, request.pages))
        self._tally.bytes_received += sum(len(page.body) for page in answer.pages)
        return answer

    def _outgoing(self, *, own_only: bool) -> tuple[OutgoingPage, bytes] | None:
        """Return the next page for the shelf; none until it has shown all that it has since this profile was opened.

        A restored or copied profile may have sent more than it knows of.
        """
        if self._shelf not in self._caught_up:
            return None
        found = self._sharing.outgoing(self._shelf, own_only=own_only)
        if found is None:
            return None
        self._tally.sent += len(found[1].entries)
        return found[0], PageMaker(self._sharing).make(found[0].page, found[1])

    def _lacking_pages(self) -> list[bytes]:
        """Return the names of pages that could not be taken before."""
        return list(self._sharing.troubled(self._shelf))[:_MOST_AGAIN]

    def _take(self, page: ShelfPage, progress: Progress, cancel: CancelToken) -> bool:
        """Take a page, or leave it for later if it cannot be, while the others go on; tell whether it was taken."""
        counts = self._transport.counts
        number = page.number if counts else None
        try:
            opened = self._reader.open(page, counts=counts)
            if opened is None:
                self._sharing.settle(self._shelf, page.page, number)
                self._tally.keys += 1  # pages under the new key can be opened now
                self._tally.problems.pop(page.page, None)
                return True
            self._tally.received += self._sharing.take(self._shelf, opened.page, progress, cancel)
            code = opened.code
        except AppError as error:
            if error.code not in LEFT_FOR_LATER:
                raise
            code = error.code
        if code is not None:
            self._sharing.trouble(self._shelf, page.page, number, code)
            self._tally.problems[page.page] = code
        else:
            self._tally.problems.pop(page.page, None)
        return code is None

    def _note_contact(self, state: Shelf) -> None:
        """Keep when the shelf was reached; a minute's difference is not worth a transaction."""
        now = self._sharing.context.now()
        recent = (
            state.contact is not None and abs(now - datetime.fromisoformat(state.contact)) < _WORTH_NOTING
        )
        if not recent or state.problem is not None:
            self._sharing.note_contact(self._shelf)
