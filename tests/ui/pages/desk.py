"""A page or tab on a real profile without the frame around it: quick, for tests of what happens inside a page."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtWidgets import QWidget

from tests.fakes.task_runner import SynchronousTasks
from tests.ui.pages.frame import bury
from ui.changes import Changes
from ui.frame_source import read_session
from ui.messages import Messages
from ui.navigation import Commands, PageContext
from ui.preferences import Preferences
from ui.session import Bridge


class Desk:
    """Makes pages for one logged-in user; ``visited`` collects where they navigate, ``told`` and ``warned`` notices."""

    def __init__(
        self, services: Any, preferences: Preferences, make_tasks: Callable[..., Any] = SynchronousTasks
    ) -> None:
        self.services = services
        self.visited: list[tuple[str, dict[str, Any]]] = []
        self.told: list[Any] = []
        self.warned: list[Any] = []
        self._messages = Messages("test")
        self._messages.set_host(QWidget())
        self._messages.toast.connect(self.told.append)
        self._messages.banner.connect(self.warned.append)
        self._changes = Changes()
        self.tasks = make_tasks(self._changes, self._messages)
        services.context.listeners.append(Bridge(self._changes).take)
        self._commands = Commands()
        self.context = PageContext(
            services, self.tasks, self._changes, self._messages, self._navigate, preferences,
            read_session(services), self._commands,
        )  # fmt: skip
        self._pages: list[QWidget] = []

    def _navigate(self, page: str, /, **params: Any) -> None:
        self.visited.append((page, params))

    def show(self, page: Any) -> Any:
        """Show a page as the frame would, and return it."""
        self._pages.append(page)
        page.resize(1150, 640)
        page.show()
        return page

    def join(self, reporting: Any) -> None:
        """Give the pages made from now on a platform."""
        self.services = copy.copy(self.services)
        self.services.reporting = reporting
        self.context = replace(self.context, services=self.services)

    def class_id(self, code: str = "电工2020-02班") -> bytes:
        """Return the id of a class."""
        return self.services.classes.class_by_code(code).id

    def close(self) -> None:
        """Let go of the pages and the profile."""
        for page in self._pages:
            page.close()
            page.deleteLater()
        bury()
        self.services.profile.close()
