"""The backup of the day: made after the login where nobody waits for it; only trouble is told."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, QTimer

from desktop_app.domain.errors import AppError
from ui.i18n import tr
from ui.messages import Messages, describe
from ui.tasks import Lane, TaskRunner

EVERY_MS = 3_600_000
"""A window that stays open over night backs up the new day too."""


class DailyBackup(QObject):
    """``start`` after each login; trouble with a backup before a migration is told with the first."""

    def __init__(self, services: Any, tasks: TaskRunner, messages: Messages, parent: QObject) -> None:  # noqa: ANN401
        super().__init__(parent)
        self._services, self._tasks, self._messages = services, tasks, messages
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.make)
        self._told = ""

    def start(self) -> None:
        """Tell of trouble before a migration, then back up the day unless that is done."""
        profile = self._services.profile
        if profile.backup_trouble is not None:
            self._tell(profile.backup_trouble, "backups.trouble_migration")
            profile.backup_trouble = None
        self._timer.start()
        self.make()

    def make(self) -> None:
        """Back up the day unless that is done."""
        service = self._services.backup
        self._tasks.work(
            self, lambda _progress, _cancel: service.daily(), self._on_made, lane=Lane.BACKGROUND
        )

    def _on_made(self, trouble: AppError | None) -> None:
        if trouble is None:
            self._told = ""
        elif trouble.code != self._told:
            self._told = trouble.code
            self._tell(trouble, "backups.trouble_daily")

    def _tell(self, trouble: AppError, key: str) -> None:
        notice = describe(trouble)
        self._messages.warn(tr(key, reason=notice.text), notice.hint)
