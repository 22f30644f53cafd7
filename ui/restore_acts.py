"""What the restore form asks for, on a profile that is opened off the window's thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop_app.services.ports import CancelToken, Progress
from ui.late_profile import LateProfile

if TYPE_CHECKING:
    from desktop_app.services.restore import KeptBackup, PreparedRestore


@dataclass(frozen=True, slots=True)
class BackupKey:
    """Who opens a backup: by the password of its moment, or by its recovery code with a new password."""

    login: str
    password: str
    code: str = ""


class RestoreActs:
    """Called in threads of the tasks; ``come_in`` makes ready what the frame needs after the login."""

    def __init__(self, profile: LateProfile, come_in: Callable[[], object]) -> None:
        self._profile = profile
        self._come_in = come_in

    def kept(self) -> list[KeptBackup]:
        """Return the automatic backups, the newest first."""
        return list(_service().kept(self._profile.open().files))

    def look_into(self, file: Path) -> KeptBackup:
        """Return what a chosen file says of itself; AppError BACKUP_*."""
        found: KeptBackup = _service().look_into(file)
        return found

    def prepare(self, file: Path, key: BackupKey, progress: Progress, cancel: CancelToken) -> PreparedRestore:
        """Unpack and check a backup; AppError as ``services.restore.prepare``."""

        def open_slot(slots: Any) -> bytes:  # noqa: ANN401 - the slots of the backup
            opened = slots.open_with_code(key.code) if key.code else slots.open(key.login, key.password)
            return bytes(opened)

        prepared: PreparedRestore = _service().prepare(
            self._profile.open(), file, key.login, open_slot, progress=progress, cancel=cancel
        )
        return prepared

    def carry_out(self, prepared: PreparedRestore, key: BackupKey) -> None:
        """Put the backup in place and log its user in; the clock was seen by whoever chose a backup by its date."""
        prepared.carry_out()
        profile = self._profile.open()
        if key.code:
            profile.log_in_with_code(key.login, key.code, key.password, confirm_clock=True)
        else:
            profile.log_in(key.login, key.password, confirm_clock=True)
        self._come_in()


def _service() -> Any:  # noqa: ANN401 - a module; the store is loaded after the first paint
    return import_module("desktop_app.services.restore")
