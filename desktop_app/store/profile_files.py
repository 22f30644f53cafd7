"""The folder of a profile: which files lie in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from desktop_app.domain.errors import AppError


@dataclass(frozen=True, slots=True)
class ProfileFiles:
    """Paths inside one profile folder."""

    folder: Path

    @property
    def store(self) -> Path:
        """Return the encrypted database."""
        return self.folder / "store.db"

    @property
    def keys(self) -> Path:
        """Return the key slots."""
        return self.folder / "keys.json"

    @property
    def demo_mark(self) -> Path:
        """Return the file whose presence says that this profile may follow a demo clock."""
        return self.folder / "demo"

    def prepare(self) -> None:
        """Make the folder; AppError PROFILE_FOLDER_UNUSABLE."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise AppError("PROFILE_FOLDER_UNUSABLE", folder=str(self.folder)) from error
