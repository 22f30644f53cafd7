"""A profile that is opened after its login has been seen, off the window's thread."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from desktop_app.config import PROFILE_KEYS
from desktop_app.domain.errors import AppError
from desktop_app.services import profile_state

if TYPE_CHECKING:
    from desktop_app.services.profile import Profile

BuildServices = Callable[["Profile"], Any]


class LoadServices(Protocol):
    """Imports what a login and the first screen need, and with ``everything`` all services."""

    def __call__(self, *, everything: bool = True) -> None: ...


class LateProfile:
    """The profile of a folder: ``open`` is called in a thread of the tasks, what it raises is what opening raises.

    Until then only its folder is known, and by its files whether the first run is done.
    """

    def __init__(
        self,
        folder: Path,
        open_profile: Callable[[Path], Profile],
        build: BuildServices,
        load: LoadServices | None = None,
    ) -> None:
        self.folder = folder
        self._open_profile = open_profile
        self._build = build
        self._load = load
        self._opening = threading.Lock()
        self._profile: Profile | None = None
        self._services: Any = None
        self.before_closing: list[Callable[[], object]] = []

    @property
    def is_open(self) -> bool:
        """Tell whether the profile was opened."""
        return self._profile is not None

    @property
    def is_set_up(self) -> bool:
        """Tell whether the first run is done."""
        return (self.folder / PROFILE_KEYS).exists() if self._profile is None else self._profile.is_set_up

    @property
    def is_working(self) -> bool:
        """Tell whether the store is open: somebody has logged in since the start."""
        return self._profile is not None and self._profile.context is not None

    def trouble(self) -> AppError | None:
        """Return what keeps everybody out, as far as the files show it; None while the store is open."""
        return None if self.is_working else profile_state.trouble(self.folder)

    def standing(self) -> tuple[bool, str]:
        """Return whether the first run is done, and the code of what keeps everybody out ("" for nothing)."""
        trouble = self.trouble()
        return self.is_set_up, "" if trouble is None else trouble.code

    def open(self) -> Profile:
        """Return the open profile; opened once. AppError PROFILE_IN_USE and whatever else keeps it shut."""
        with self._opening:
            if self._profile is None:
                self._profile = self._open_profile(self.folder)
            return self._profile

    def prepare(self) -> None:
        """Open the profile; a task that returns nothing. Raises what ``open`` raises."""
        self.open()

    def load(self, *, everything: bool = True) -> None:
        """Import what a login and the first screen need, or all services, while somebody types."""
        if self._load is not None:
            self._load(everything=everything)

    def services(self) -> Any:  # noqa: ANN401 - the container
        """Return the services of the profile; made once."""
        if self._services is None:
            self._services = self._build(self.open())
        return self._services

    def close(self) -> None:
        """Close the profile, if it was opened, once what works on it has stopped."""
        for stop in self.before_closing:
            stop()
        if self._profile is not None:
            self._profile.close()


def hold_loaded() -> None:
    """Leave what is loaded out of every later search for rubbish, and search again.

    A search over all of it holds the interpreter 100 ms and more; while modules are loaded there is none at all.
    """
    gc.freeze()
    gc.enable()


class FirstPaint(QObject):
    """``seen`` comes once, after ``window`` was painted for the first time."""

    seen = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self, self.seen.emit)
        return False
