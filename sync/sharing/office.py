"""Sharing as window, command line and schedule see it: ``services.sharing.Sharing``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from desktop_app.domain.errors import AppError
from desktop_app.services.devices import DeviceService
from desktop_app.services.ports import NEVER, CancelToken, Progress, no_progress
from desktop_app.services.shared_files import SharedFiles, SharedFilesService
from desktop_app.services.sharing import Shared, SharingService, WrittenFile
from desktop_app.services.sharing_plan import SharingPlanService
from sync.lines.addresses import checked_relay_url
from sync.sharing import files
from sync.sharing.engine import SharingEngine
from sync.sharing.file_queue import FileQueue
from sync.sharing.file_shelves import FolderFiles
from sync.sharing.folder import FolderTransport
from sync.sharing.inviting import connect
from sync.sharing.rotations import RotationTaker, WithKeyChanges
from sync.sharing.transports import ClosingTransport, FileShelf

Connect = Callable[[SharingService, str], ClosingTransport]


class OfficeSharing:
    """Exchanges entries by the relay of the office, by a folder and by file."""

    def __init__(
        self,
        sharing: SharingService,
        devices: DeviceService,
        connect: Connect = connect,
        files: SharedFilesService | None = None,
    ) -> None:
        """``files``: evidence follows the entries; None where only entries are of interest."""
        self._queue = None if files is None else FileQueue(files)
        self._sharing = sharing
        self._devices = devices
        self._connect = connect
        self._taker = RotationTaker(sharing, devices)
        self.engine = SharingEngine(sharing, self._taker)

    def share(
        self, folder: Path | None = None, progress: Progress = no_progress, cancel: CancelToken = NEVER
    ) -> Shared:
        """Exchange entries by a folder, else by the relay; see ``services.sharing.Sharing``."""
        if folder is not None:
            shelf = FolderTransport(folder, self._sharing.office(), self._sharing.known_pages)
            shared = self.engine.share(WithKeyChanges(shelf, self._devices), progress, cancel)
            return self._with_files(shared, self._folder_files(folder), progress, cancel)
        with self._line() as line:
            shared = self.engine.share(WithKeyChanges(line, self._devices), progress, cancel)
            return self._with_files(shared, line, progress, cancel)

    @contextmanager
    def _line(self) -> Iterator[ClosingTransport]:
        url = self._devices.relay()
        if url is None:
            raise AppError("SHARING_WAY_MISSING")
        line = self._connect(self._sharing, url)
        try:
            yield line
        finally:
            line.close()

    def _folder_files(self, folder: Path) -> FolderFiles:
        return FolderFiles(folder, self._sharing.office(), self._sharing.device()[0])

    def _with_files(
        self, shared: Shared, shelf: FileShelf, progress: Progress, cancel: CancelToken
    ) -> Shared:
        """Send evidence files behind the entries; what goes wrong with them is for the next exchange."""
        if self._queue is None or (self._queue.is_idle(shelf.shelf) and not shared.sent):
            return shared
        try:
            done = self._queue.send(shelf, progress, cancel)
        except AppError as error:
            if error.code == "CANCELLED":
                raise
            return shared
        return replace(shared, files_sent=done.sent, files_left=done.left)

    @contextmanager
    def _files_of(self, folder: Path | None) -> Iterator[FileShelf]:
        """Yield where files lie: a folder, the relay, the folder of the plan; AppError SHARING_WAY_MISSING."""
        planned = SharingPlanService(self._sharing.context).plan().folder
        if folder is None and planned and self._devices.relay() is None:
            folder = Path(planned)
        if folder is not None:
            yield self._folder_files(folder)
            return
        with self._line() as line:
            yield line

    def fetch_file(
        self, digest: bytes, progress: Progress = no_progress, cancel: CancelToken = NEVER
    ) -> None:
        """Fetch an evidence file from where colleagues put it; see ``services.shared_files.FileSharing``."""
        if self._queue is None:
            raise AppError("SHARING_WAY_MISSING")
        with self._files_of(None) as shelf:
            self._queue.fetch(shelf, digest, progress, cancel)

    def fetch_files(
        self, folder: Path | None = None, progress: Progress = no_progress, cancel: CancelToken = NEVER
    ) -> SharedFiles:
        """Fetch all evidence files that are missing; see ``services.shared_files.FileSharing``."""
        if self._queue is None:
            raise AppError("SHARING_WAY_MISSING")
        with self._files_of(folder) as shelf:
            return self._queue.fetch_all(shelf, progress, cancel)

    def set_relay(self, url: str) -> None:
        """Keep another address of the relay; see ``services.sharing.Sharing``."""
        self._sharing.context.require("invite_device")
        self._devices.set_relay(checked_relay_url(url) if url else "")

    def export_file(
        self,
        file: Path,
        device: bytes | None = None,
        cancel: CancelToken = NEVER,
        *,
        with_files: bool = False,
    ) -> WrittenFile:
        """Write a file for a colleague's workstation; see ``services.sharing.Sharing``."""
        queue = self._queue if with_files else None
        entries, size = files.write_file(self._sharing, file, device, cancel, queue)
        return WrittenFile(file.name, entries, size)

    def import_file(
        self, file: Path, progress: Progress = no_progress, cancel: CancelToken = NEVER
    ) -> Shared:
        """Take a colleague's file; see ``services.sharing.Sharing``."""
        return files.read_file(self._sharing, file, progress, cancel, self._taker, self._queue)
