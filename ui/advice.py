"""What the rules warned of while a command was done, as a notice of the window."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from desktop_app.domain.rules import Finding
from ui.messages import Messages, together
from ui.widgets.notices import Notice


def advice_notice(findings: tuple[Finding, ...]) -> Notice:
    """Return one notice for all warnings of a command."""
    return together([one.error for one in findings], "waiting")


class AdviceBridge(QObject):
    """Carries warnings from the thread of the command to the window's notices."""

    told = Signal(object)

    def __init__(self, messages: Messages) -> None:
        super().__init__(messages)
        self._messages = messages
        self.told.connect(self._show)

    def take(self, findings: tuple[Finding, ...]) -> None:
        """Take the warnings of a command that is done; called by the services in any thread."""
        self.told.emit(findings)

    def _show(self, findings: tuple[Finding, ...]) -> None:
        notice = advice_notice(findings)
        self._messages.warn(notice.text, notice.hint)
