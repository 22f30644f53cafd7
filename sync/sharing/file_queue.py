"""Evidence files to and from a shelf, behind all entries: part by part, so that a kill costs one part at most."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

from desktop_app.domain.errors import AppError
from desktop_app.services.ports import NEVER, CancelToken, Progress, no_progress, stop_if_cancelled
from desktop_app.services.shared_files import SharedFiles, SharedFilesService
from sync.contract.relay_files import (
    MAX_ASKED,
    MAX_FILE_BYTES,
    FilePart,
    FilePlace,
    FilesRequest,
    FileState,
    file_address,
    file_block,
    open_file,
    read_block,
    seal_file,
)
from sync.contract.wire import PART_BYTES
from sync.sharing.transports import FileShelf

SECONDS = 20.0
"""So long one run may send files; the rest goes with the next, and entries never wait for long."""
_NOT_HERE = {"EVIDENCE_LOST", "EVIDENCE_NOT_ARRIVED", "EVIDENCE_ALTERED"}


class FileQueue:
    """Sends what a shelf lacks and fetches what is opened here; knows, while the profile is open, what a shelf has."""

    def __init__(self, files: SharedFilesService) -> None:
        self._files = files
        self._there: dict[bytes, set[bytes]] = {}  # by shelf: hashes of files that are on it
        self._left: dict[bytes, int] = {}

    def is_idle(self, shelf: bytes) -> bool:
        """Tell whether all that was here when this shelf was last served lies on it."""
        return self._left.get(shelf) == 0

    def send(
        self,
        shelf: FileShelf,
        progress: Progress = no_progress,
        cancel: CancelToken = NEVER,
        seconds: float = SECONDS,
    ) -> SharedFiles:
        """Put files on a shelf that it lacks, the newest first, until the time is over; AppError CANCELLED, SHELF_…."""
        end = time.monotonic() + seconds
        there = self._there.setdefault(shelf.shelf, set())
        keys = self._files.newest_keys()
        waiting = [digest for digest in self._files.here() if digest not in there] if keys else []
        lacking = list(self._lacking(shelf, keys, waiting, cancel))
        there.update(set(waiting) - {digest for digest, _ in lacking})
        self._left[shelf.shelf] = len(lacking)
        sent = 0
        for digest, had in lacking:
            if time.monotonic() >= end:
                break
            if self._send(shelf, keys[0], digest, had, cancel):
                sent += 1
            there.add(digest)
            self._left[shelf.shelf] -= 1
            progress(len(lacking) - self._left[shelf.shelf], len(lacking), "progress.sharing_files")
        return SharedFiles(sent=sent, left=self._left[shelf.shelf])

    @staticmethod
    def _lacking(
        shelf: FileShelf, keys: Sequence[bytes], digests: Sequence[bytes], cancel: CancelToken
    ) -> Iterator[tuple[bytes, FileState]]:
        """Yield files that lie on a shelf under none of the keys, and how much of each does under the newest."""
        at_once = max(1, MAX_ASKED // max(1, len(keys)))
        for start in range(0, len(digests), at_once):
            stop_if_cancelled(cancel)
            part = digests[start : start + at_once]
            asked = [file_address(key, digest) for digest in part for key in keys]
            states = shelf.files(FilesRequest(asked=asked), cancel).asked
            for n, digest in enumerate(part):
                own = states[n * len(keys) : (n + 1) * len(keys)]
                if not any(state.is_whole for state in own):
                    yield digest, own[0]

    def _send(self, shelf: FileShelf, key: bytes, digest: bytes, had: FileState, cancel: CancelToken) -> bool:
        """Put the rest of a file on a shelf; tell whether it is there. One that is damaged here is left out."""
        try:
            content = self._files.read(digest)
        except AppError:
            return False
        address = file_address(key, digest)
        sealed = seal_file(key, address, content)
        if len(sealed) > MAX_FILE_BYTES:
            return False
        at = had.had
        while at < len(sealed):
            stop_if_cancelled(cancel)
            part = FilePart(address, len(sealed), at, sealed[at : at + PART_BYTES])
            state = shelf.files(FilesRequest(put=part), cancel).put
            if state is None or state.had <= at:
                raise AppError("SHELF_UNSTEADY")
            at = state.had
        return True

    def fetch(
        self,
        shelf: FileShelf,
        digest: bytes,
        progress: Progress = no_progress,
        cancel: CancelToken = NEVER,
    ) -> None:
        """Fetch a file from a shelf, going on where it was broken off.

        Raises AppError EVIDENCE_NOT_ARRIVED where no colleague has put it there yet; EVIDENCE_ALTERED where what lies
        there is another one: it is dropped there, so that whoever has the file sends it again; CANCELLED, SHELF_….
        """
        altered = False
        for key in self._files.newest_keys():
            address = file_address(key, digest)
            spoilt = False
            for _ in range(
                2 if self._files.begun(address) else 1
            ):  # what was kept of a former try may have suffered
                try:
                    if self._fetch(shelf, key, address, progress, cancel):
                        return
                    spoilt = False
                    break
                except AppError as error:
                    if error.code != "EVIDENCE_ALTERED":
                        raise
                    spoilt = True
            if spoilt:
                shelf.files(FilesRequest(spoilt=address), cancel)
                altered = True
        raise AppError("EVIDENCE_ALTERED" if altered else "EVIDENCE_NOT_ARRIVED")

    def _fetch(
        self, shelf: FileShelf, key: bytes, address: bytes, progress: Progress, cancel: CancelToken
    ) -> bool:
        """Fetch what lies under an address and keep it; tell whether there is anything. AppError EVIDENCE_ALTERED."""
        at = self._files.begun(address)
        while True:
            stop_if_cancelled(cancel)
            wanted = FilePlace(address, min(at, MAX_FILE_BYTES))
            answer = shelf.files(FilesRequest(asked=[address], wanted=wanted), cancel)
            (state,) = answer.asked
            if not state.is_whole:
                return False
            if answer.part is not None and at < state.size:
                self._files.go_on(address, answer.part.body)
                at += len(answer.part.body)
            progress(min(at, state.size), state.size, "progress.fetching_file")
            if at >= state.size or answer.part is None or not answer.part.body:
                break
        try:
            self._files.keep(open_file(key, address, self._files.sealed(address)))
        finally:
            self._files.drop_begun(address)
        return True

    def fetch_all(
        self, shelf: FileShelf, progress: Progress = no_progress, cancel: CancelToken = NEVER
    ) -> SharedFiles:
        """Fetch all files that are missing here and lie on a shelf; AppError CANCELLED, SHELF_…."""
        missing = self._files.missing()
        fetched = 0
        for n, digest in enumerate(missing, 1):
            try:
                self.fetch(shelf, digest, cancel=cancel)
                fetched += 1
            except AppError as error:
                if error.code not in _NOT_HERE:
                    raise
            progress(n, len(missing), "progress.fetching_files")
        return SharedFiles(fetched=fetched, missing=len(missing) - fetched)

    def blocks(self, cancel: CancelToken = NEVER) -> Iterator[bytes]:
        """Yield all files that lie here as they stand in a file for a colleague; AppError CANCELLED."""
        keys = self._files.newest_keys()
        for digest in self._files.here() if keys else ():
            stop_if_cancelled(cancel)
            try:
                content = self._files.read(digest)
            except AppError:
                continue
            address = file_address(keys[0], digest)
            yield file_block(address, seal_file(keys[0], address, content))

    def take_blocks(self, blocks: Iterator[bytes], cancel: CancelToken = NEVER) -> SharedFiles:
        """Keep those files of a colleague's file that are missing here, none that was altered; AppError CANCELLED."""
        wanted = {
            file_address(key, digest): (key, digest)
            for digest in self._files.missing()
            for key in self._files.newest_keys()
        }
        fetched = 0
        for block in blocks:
            stop_if_cancelled(cancel)
            address, sealed = read_block(block)
            if address not in wanted:
                continue
            try:
                self._files.keep(open_file(wanted[address][0], address, sealed))
            except AppError as error:
                if error.code != "EVIDENCE_ALTERED":
                    raise
                continue
            fetched += 1
        return SharedFiles(fetched=fetched, missing=len(self._files.missing()))
