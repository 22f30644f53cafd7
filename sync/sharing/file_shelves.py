"""Evidence files in a folder on a NAS, a shared drive or a stick: ``training-sharing/<office>/files/<xx>/<address>``.

A file that is being written lies beside under the name of who writes it and takes its last name when it is whole.
"""

from __future__ import annotations

import os
from pathlib import Path

from desktop_app.services.ports import CancelToken, stop_if_cancelled
from desktop_app.store.keys import sync_folder
from sync.contract.relay_files import FilePart, FilePlace, FilesAnswer, FilesRequest, FileState
from sync.contract.wire import PART_BYTES
from sync.sharing.folder import office_folder
from sync.sharing.transports import shelf_name
from sync.sharing.whole_files import known_errors

_PREFIX = 2  # hexadecimal digits of an address that name its folder


class FolderFiles:
    """The files of an office in a folder, as one device writes them; AppError SHELF_UNREACHABLE, SHELF_FULL."""

    def __init__(self, folder: Path, office: bytes, device: bytes) -> None:
        self._place = folder
        self._folder = office_folder(folder, office) / "files"
        self._device = device.hex()
        self.shelf = shelf_name(str(self._folder.absolute()))

    def files(self, request: FilesRequest, cancel: CancelToken) -> FilesAnswer:
        """Do what ``sync.contract.relay_files`` describes."""
        stop_if_cancelled(cancel)
        with known_errors(self._place):
            if request.spoilt is not None:
                self._path(request.spoilt).unlink(missing_ok=True)
            return FilesAnswer(
                put=None if request.put is None else self._put(request.put),
                asked=[self._state(address) for address in request.asked],
                part=None if request.wanted is None else self._part(request.wanted),
            )

    def _path(self, address: bytes) -> Path:
        name = address.hex()
        return self._folder / name[:_PREFIX] / name

    def _begun(self, address: bytes) -> Path:
        path = self._path(address)
        return path.with_name(f".{path.name}.{self._device}.part")

    def _state(self, address: bytes) -> FileState:
        whole, begun = self._path(address), self._begun(address)
        if whole.exists():
            size = whole.stat().st_size
            return FileState(size, size)
        return FileState(begun.stat().st_size if begun.exists() else 0, 0)

    def _put(self, part: FilePart) -> FileState:
        """Write a part that goes on where the file stops; any other changes nothing."""
        state = self._state(part.address)
        if state.is_whole or part.start != state.had:
            return state
        begun = self._begun(part.address)
        begun.parent.mkdir(parents=True, exist_ok=True)
        with begun.open("ab") as file:
            file.write(part.body)
            file.flush()
            os.fsync(file.fileno())
        if part.start + len(part.body) == part.size:
            begun.replace(self._path(part.address))
            sync_folder(begun.parent)
        return self._state(part.address)

    def _part(self, wanted: FilePlace) -> FilePart | None:
        path = self._path(wanted.address)
        if not path.exists():
            return None
        with path.open("rb") as file:
            file.seek(wanted.start)
            return FilePart(wanted.address, path.stat().st_size, wanted.start, file.read(PART_BYTES))
