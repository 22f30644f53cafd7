"""A shelf that is a folder: on a NAS, a shared drive or a stick; any number of workstations write at once.

``training-sharing/<office>/epoch`` names the shelf; ``…/pages/<month>/<page>.page`` are pages, each named by its own
name, written beside, brought onto the disk and renamed. Whoever copies folders into each other loses nothing. A folder
cannot count: every workstation keeps the names of the pages that it has dealt with. Where one of them is gone, the
folder was emptied or put back, and has a new epoch.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Callable
from pathlib import Path

from desktop_app.domain.errors import AppError
from desktop_app.services.ports import CancelToken, stop_if_cancelled
from sync.contract.sharing import MAX_PAGE_BYTES, ShelfAnswer, ShelfPage, ShelfRequest, read_page
from sync.sharing.whole_files import known_errors, write_whole

_ROOT, _SUFFIX = "training-sharing", ".page"
_NAME_BYTES = 16
_PAGE_NAME = re.compile(r"([0-9a-f]{32})\.page")
_MONTH = 4  # hexadecimal digits of a name that say roughly when it was drawn: some 50 days


class FolderTransport:
    """Moves pages by a folder; ``known`` returns the names of the pages of a shelf that were dealt with here.

    Raises AppError SHELF_UNREACHABLE (with the folder), SHELF_FULL.
    """

    counts = False

    def __init__(self, folder: Path, office: bytes, known: Callable[[bytes], set[bytes]]) -> None:
        self._folder = folder
        self._known = known
        self._office = office_folder(folder, office)
        self._pages = self._office / "pages"
        with known_errors(folder):
            if not folder.is_dir():
                raise AppError("SHELF_UNREACHABLE", detail=folder.name)
            self._pages.mkdir(parents=True, exist_ok=True)
            marker = self._office / "epoch"
            epoch = _read_epoch(marker)
            if epoch is None or not known(epoch) <= self._listed().keys():
                epoch = secrets.token_bytes(_NAME_BYTES)
                write_whole(marker, [epoch.hex().encode("ascii")])
        self.shelf = epoch

    def exchange(self, request: ShelfRequest, cancel: CancelToken) -> ShelfAnswer:
        """Put pages into the folder and read those that were not dealt with; CANCELLED between two of them."""
        if request.epoch != self.shelf:
            return ShelfAnswer(epoch=self.shelf, number=0)
        with known_errors(self._folder):
            here = self._listed()
            own = {self._put(page, here) for page in request.pages}
            again = [self._read(name, here[name]) for name in request.again if name in here]
            new = sorted(here.keys() - self._known(self.shelf) - own)
            pages: list[ShelfPage] = []
            filled = 0
            for name in new:
                stop_if_cancelled(cancel)
                if pages and filled >= request.limit:
                    break
                pages.append(self._read(name, here[name]))
                filled += len(pages[-1].body)
        return ShelfAnswer(epoch=self.shelf, number=0, more=len(pages) < len(new), pages=pages, again=again)

    def _listed(self) -> dict[bytes, str]:
        """Return the files of whole pages by their names."""
        found: dict[bytes, str] = {}
        with os.scandir(self._pages) as months:
            folders = [month.path for month in months if month.is_dir()]
        for folder in folders:
            with os.scandir(folder) as files:
                for file in files:
                    named = _PAGE_NAME.fullmatch(file.name)
                    if named is not None:
                        found[bytes.fromhex(named[1])] = file.path
        return found

    def _put(self, page: bytes, here: dict[bytes, str]) -> bytes:
        """Write a page unless it is there; return its name."""
        name = read_page(page).head.page
        if name not in here:
            folder = self._pages / name.hex()[:_MONTH]
            folder.mkdir(exist_ok=True)
            write_whole(folder / f"{name.hex()}{_SUFFIX}", [page])
        return name

    @staticmethod
    def _read(name: bytes, path: str) -> ShelfPage:
        with Path(path).open("rb") as file:
            return ShelfPage(0, name, file.read(MAX_PAGE_BYTES + 1))


def office_folder(folder: Path, office: bytes) -> Path:
    """Return where an office's things lie in a folder."""
    return folder / _ROOT / office.hex()


def _read_epoch(marker: Path) -> bytes | None:
    try:
        epoch = bytes.fromhex(marker.read_text(encoding="ascii"))
    except (FileNotFoundError, ValueError):
        return None
    return epoch if len(epoch) == _NAME_BYTES else None
