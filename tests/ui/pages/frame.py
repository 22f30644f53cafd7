"""The real frame on a real profile with the synchronous task runner, for tests of pages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent

from tests.fakes.task_runner import SynchronousTasks
from ui.changes import Changes
from ui.frame_source import ServicesFrame, read_session
from ui.main_window import MainWindow
from ui.messages import Messages
from ui.navigation import Tools
from ui.pages.registry import page_registry
from ui.preferences import Preferences
from ui.session import Bridge


class Frame:
    """A window with one user logged in; ``told`` collects toasts, ``warned`` banners."""

    def __init__(self, services: Any, preferences: Path) -> None:
        self.services = services
        self.messages = Messages("test")
        self.changes = Changes()
        self.tasks = SynchronousTasks(self.changes, self.messages)
        self.told: list[str] = []
        self.warned: list[str] = []
        self.messages.toast.connect(lambda notice: self.told.append(notice.text))
        self.messages.banner.connect(lambda notice: self.warned.append(notice.text))
        services.context.listeners.append(Bridge(self.changes).take)
        tools = Tools(services, self.tasks, self.changes, self.messages, Preferences(preferences))
        self.window = MainWindow(tools, read_session(services), page_registry(), ServicesFrame(services))
        self.window.resize(1366, 728)
        self.window.show()

    def page(self, key: str, **params: Any) -> Any:
        """Open a page and return it."""
        self.window.navigate(key, **params)
        return self.window.page_widget(key)

    def close(self) -> None:
        """Let go of the window and the profile."""
        self.window.close()
        self.window.deleteLater()
        bury()
        self.services.profile.close()


def bury() -> None:
    """Delete now what is to be deleted later: a style sheet is laid on every widget that still lives."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
