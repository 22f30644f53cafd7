"""Evidence files that workstations of one institution have in common: what ``sync.sharing.file_queue`` asks of them.

Records come with the entries, files behind them: whoever has one puts it on the shelf when nothing else is to be sent,
and a colleague's workstation fetches it when somebody opens it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from desktop_app.domain.errors import AppError
from desktop_app.services.context import Context, Service
from desktop_app.services.ports import NEVER, CancelToken, Progress, no_progress
from desktop_app.services.profile import Profile
from desktop_app.store import sharing_keys
from desktop_app.store.evidence_files import EvidenceFiles
from desktop_app.store.queries import evidence as queries


@dataclass(frozen=True, slots=True)
class SharedFiles:
    """Files that were put on a shelf, fetched from it, that could not be had, and that are still to be sent."""

    sent: int = 0
    fetched: int = 0
    missing: int = 0
    left: int = 0


class FileSharing(Protocol):
    """Evidence files by relay or folder, as ``services.sharing.Sharing`` offers them."""

    def fetch_file(
        self, digest: bytes, progress: Progress = no_progress, cancel: CancelToken = NEVER
    ) -> None:
        """Fetch the file of a hash that a colleague's workstation has put on the shelf; goes on where it stopped.

        Raises AppError EVIDENCE_NOT_ARRIVED, EVIDENCE_ALTERED, SHARING_WAY_MISSING, SHELF_UNREACHABLE, CANCELLED.
        """

    def fetch_files(
        self, folder: Path | None = None, progress: Progress = no_progress, cancel: CancelToken = NEVER
    ) -> SharedFiles:
        """Fetch all files that records name and that are not here; AppError as ``fetch_file``, of no single file."""


class SharedFilesService(Service):
    """Files of the open profile, for the queue between workstations. Nothing in here is a command."""

    def __init__(self, profile: Profile) -> None:
        assert profile.context is not None
        super().__init__(profile.context)
        self._profile = profile

    @property
    def _files(self) -> EvidenceFiles:
        return EvidenceFiles(self._profile.files, self._profile.data_key)

    def here(self) -> list[bytes]:
        """Return the hashes of files that records name and that lie here, those of the newest records first."""
        files = self._files
        return [digest for digest in self._named() if files.has(digest)]

    def missing(self) -> list[bytes]:
        """Return the hashes of files that records name and that do not lie here, newest first."""
        files = self._files
        return [digest for digest in self._named() if not files.has(digest)]

    def _named(self) -> list[bytes]:
        with self.context.read() as sql:
            named = queries.named_digests(sql, hidden=False)
        return sorted(named, key=named.__getitem__, reverse=True)

    def newest_keys(self) -> list[bytes]:
        """Return the institution keys, the newest first: by which files are sealed, and were."""
        with self.context.read() as sql:
            newest = sharing_keys.current_key(sql)
            known = sharing_keys.institution_keys(sql)
        if newest is None:
            return []
        return [newest.key, *(key.key for name, key in reversed(known.items()) if name != newest.id)]

    def read(self, digest: bytes) -> bytes:
        """Return a file; AppError EVIDENCE_LOST."""
        return self._files.get(digest)

    def keep(self, content: bytes) -> bytes:
        """Keep a file that has come; return its hash. Raises AppError as ``EvidenceFiles.put``."""
        return self._files.put(content)

    def begun(self, address: bytes) -> int:
        """Return how many bytes of a file that is being fetched are here."""
        path = self._files.begun_path(address)
        return path.stat().st_size if path.exists() else 0

    def go_on(self, address: bytes, body: bytes) -> None:
        """Keep further bytes of a file that is being fetched, sealed as they are; AppError DISK_FULL and the like."""
        self._files.append_begun(address, body)

    def sealed(self, address: bytes) -> bytes:
        """Return the bytes of a file that was fetched."""
        return self._files.begun_path(address).read_bytes()

    def drop_begun(self, address: bytes) -> None:
        """Drop the bytes of a file that was being fetched."""
        self._files.begun_path(address).unlink(missing_ok=True)


def fetched(context: Context, files: EvidenceFiles, digest: bytes) -> bytes:
    """Return a file, fetched from where colleagues put it if it is not here.

    Raises AppError EVIDENCE_LOST where this workstation shares with none, and as ``FileSharing.fetch_file``.
    """
    try:
        return files.get(digest)
    except AppError:
        if context.fetch_file is None:
            raise
    try:
        context.fetch_file(digest)
    except AppError as error:
        if error.code != "SHARING_WAY_MISSING":
            raise
    return files.get(digest)
