"""The store's log, brought into its file soon after commands and beside them: no key press waits for that."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, QTimer

from ui.changes import Changes
from ui.tasks import Lane, TaskRunner

SOON_MS = 300


class StoreLog(QObject):
    """Looks at the log once after a command, however many follow until then."""

    def __init__(self, services: Any, tasks: TaskRunner, changes: Changes, parent: QObject) -> None:  # noqa: ANN401
        super().__init__(parent)
        self._services, self._tasks = services, tasks
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SOON_MS)
        self._timer.timeout.connect(self.bring_in)
        changes.changed.connect(self._on_changed)
        self._timer.start()  # from that time on commands leave it to this

    def _on_changed(self, _kinds: object) -> None:
        if not self._timer.isActive():
            self._timer.start()

    def bring_in(self) -> None:
        """Bring the log in where it has grown."""
        context = self._services.context
        self._tasks.work(self, lambda _progress, _cancel: context.bring_in_log(), lane=Lane.STORE)
