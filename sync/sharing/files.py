"""Sharing by one file, from a workstation to a colleague's: pages in a row, the same bytes as anywhere.

A file says nothing of what the receiver has. What a colleague's file carries he had, and so all that it follows: the
next file for him leaves that out. Behind the pages evidence files may follow, as ``contract.relay_files`` says.
"""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from desktop_app.domain.errors import AppError
from desktop_app.services.ports import NEVER, CancelToken, Progress, no_progress, stop_if_cancelled
from desktop_app.services.sharing import Shared, SharingService
from sync.contract.relay_files import BLOCK_MAGIC, block_length
from sync.contract.sharing import PREFIX_BYTES, ShelfPage, page_length, read_page
from sync.sharing.engine import LEFT_FOR_LATER
from sync.sharing.file_queue import FileQueue
from sync.sharing.pages import OpenedPage, PageMaker, PageReader, TakeRotation
from sync.sharing.whole_files import known_errors, write_whole


def peer_shelf(device: bytes) -> bytes:
    """Return the name under which is kept what a colleague's workstation has."""
    return hashlib.sha256(b"by file\0" + device).digest()[:16]


def write_file(
    sharing: SharingService,
    file: Path,
    device: bytes | None = None,
    cancel: CancelToken = NEVER,
    queue: FileQueue | None = None,
) -> tuple[int, int]:
    """Write what a workstation is not known to have, or all entries; return entries and bytes.

    ``queue``: whose evidence files follow the entries, None to leave them out.
    Raises AppError SHARING_BUSY, SHELF_UNREACHABLE, SHELF_FULL, CANCELLED; then there is no file.
    """
    entries = size = 0
    with sharing.turn():
        maker = PageMaker(sharing)

        def pages() -> Iterator[bytes]:
            nonlocal entries, size
            for cargo in sharing.lacking_of(peer_shelf(device or b"")):
                stop_if_cancelled(cancel)
                page = maker.make(sharing.context.new_id(), cargo)
                entries, size = entries + len(cargo.entries), size + len(page)
                yield page
            for block in () if queue is None else queue.blocks(cancel):
                size += len(block)
                yield block

        with known_errors(file):
            write_whole(file, pages())
    return entries, size


def read_file(
    sharing: SharingService,
    file: Path,
    progress: Progress = no_progress,
    cancel: CancelToken = NEVER,
    take_rotation: TakeRotation | None = None,
    queue: FileQueue | None = None,
) -> Shared:
    """Take the pages of a colleague's file, and evidence files behind them; what is here already changes nothing.

    Raises AppError SHARING_BUSY, SHELF_UNREACHABLE, CANCELLED; SHARE_PAGE_TRUNCATED or SHARE_PAGE_UNKNOWN before
    anything of it is taken; and the code of the first page where none at all could be taken.
    """
    with sharing.turn(), known_errors(file), file.open("rb") as opened:
        left, blocks = _places(opened)
        size = opened.tell()
        reading = _Reading(sharing, opened, PageReader(sharing, take_rotation))
        while left:
            before, asked = reading.taken, left
            left = [place for place in asked if not reading.take(place, progress, cancel)]
            if reading.taken == before:
                break
        reading.finish()
        if left and not reading.taken:
            raise reading.problems[left[0]]
        if queue is not None and blocks:
            queue.take_blocks((_block(opened, place) for place in blocks), cancel)
        waiting, conflicts = sharing.counts()
    problems = Counter(reading.problems[place].code for place in left)
    return Shared(0, reading.received, 0, size, waiting, conflicts, problems)


def _places(file: BinaryIO) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Return start and length of the pages of a file, and of the evidence files; AppError where it breaks off."""
    end = file.seek(0, os.SEEK_END)
    pages: list[tuple[int, int]] = []
    blocks: list[tuple[int, int]] = []
    at = 0
    while at < end or not (pages or blocks):
        file.seek(at)
        start = file.read(PREFIX_BYTES)
        is_block = start.startswith(BLOCK_MAGIC)
        length = block_length(start) if is_block else page_length(start)
        if at + length > end:
            raise AppError("SHARE_PAGE_TRUNCATED")
        (blocks if is_block else pages).append((at, length))
        at += length
    return pages, blocks


def _block(file: BinaryIO, place: tuple[int, int]) -> bytes:
    file.seek(place[0])
    return file.read(place[1])


class _Reading:
    """One file that is read; pages that cannot be taken yet are tried again once others have been."""

    def __init__(self, sharing: SharingService, file: BinaryIO, reader: PageReader) -> None:
        self._sharing = sharing
        self._file = file
        self._reader = reader
        self._tips: dict[bytes, list[bytes]] = {}
        self.received = self.taken = 0
        self.problems: dict[tuple[int, int], AppError] = {}

    def take(self, place: tuple[int, int], progress: Progress, cancel: CancelToken) -> bool:
        """Take a page; tell whether it is done with."""
        self._file.seek(place[0])
        body = self._file.read(place[1])
        try:
            head = read_page(body).head
            opened = self._reader.open(ShelfPage(0, head.page, body), counts=False)
            self._take(opened, head.device, progress, cancel)
        except AppError as error:
            if error.code not in LEFT_FOR_LATER:
                raise
            self.problems[place] = error
            return False
        self.taken += 1
        if opened is not None and opened.code is not None:
            self.problems[place] = AppError(opened.code)
            self.taken -= not opened.page.entries
            return False
        self._tips.setdefault(head.device, []).extend(head.tips)
        return True

    def _take(
        self, opened: OpenedPage | None, device: bytes, progress: Progress, cancel: CancelToken
    ) -> None:
        if opened is not None:
            shelf = peer_shelf(device)
            if device not in self._tips:
                self._sharing.note_had(shelf, [])
            page = replace(opened.page, page=None)
            self.received += self._sharing.take(shelf, page, progress, cancel)

    def finish(self) -> None:
        """Keep what the senders have."""
        for device, tips in self._tips.items():
            self._sharing.note_had(peer_shelf(device), tips)
