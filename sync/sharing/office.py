"""Sharing as window, command line and schedule see it: ``services.sharing.Sharing``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from desktop_app.domain.errors import AppError
from desktop_app.services.devices import DeviceService
from desktop_app.services.ports import NEVER, CancelToken, Progress, no_progress
from desktop_app.services.sharing import Shared, SharingService, WrittenFile
from sync.lines.addresses import checked_relay_url
from sync.sharing import files
from sync.sharing.engine import SharingEngine
from sync.sharing.folder import FolderTransport
from sync.sharing.inviting import connect
from sync.sharing.rotations import RotationTaker, WithKeyChanges
from sync.sharing.transports import ClosingTransport

Connect = Callable[[SharingService, str], ClosingTransport]


class OfficeSharing:
    """Exchanges entries by the relay of the office, by a folder and by file."""

    def __init__(self, sharing: SharingService, devices: DeviceService, connect: Connect = connect) -> None:
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
            return self.engine.share(WithKeyChanges(shelf, self._devices), progress, cancel)
        url = self._devices.relay()
        if url is None:
            raise AppError("SHARING_WAY_MISSING")
        line = self._connect(self._sharing, url)
        try:
            return self.engine.share(WithKeyChanges(line, self._devices), progress, cancel)
        finally:
            line.close()

    def set_relay(self, url: str) -> None:
        """Keep another address of the relay; see ``services.sharing.Sharing``."""
        self._sharing.context.require("invite_device")
        self._devices.set_relay(checked_relay_url(url) if url else "")

    def export_file(
        self, file: Path, device: bytes | None = None, cancel: CancelToken = NEVER
    ) -> WrittenFile:
        """Write a file for a colleague's workstation; see ``services.sharing.Sharing``."""
        entries, size = files.write_file(self._sharing, file, device, cancel)
        return WrittenFile(file.name, entries, size)

    def import_file(
        self, file: Path, progress: Progress = no_progress, cancel: CancelToken = NEVER
    ) -> Shared:
        """Take a colleague's file; see ``services.sharing.Sharing``."""
        return files.read_file(self._sharing, file, progress, cancel, self._taker)
