"""What every page of the frame is: it says where it stands, which keys it knows, and loads when it is seen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.changes import Changes
from ui.unsaved import Unsaved

WIDE = 1400


@dataclass(frozen=True, slots=True)
class Crumb:
    """One place of the breadcrumb; without ``page`` it cannot be clicked."""

    text: str
    page: str = ""
    params: dict[str, Any] = field(default_factory=dict)


class Page(QWidget):
    """Base of pages. Override ``open`` for parameters and ``reload`` for what is shown.

    ``column`` is the layout inside the page margins (24 px, 16 px in windows under 1400 px).
    """

    crumbs_changed = Signal()
    hints_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.crumbs: list[Crumb] = []
        self.hints: list[tuple[str, str]] = []
        self._stale = True
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.column = QVBoxLayout(self)
        self.column.setSpacing(12)
        self._set_margin(16)

    def open(self, **params: Any) -> None:  # noqa: ANN401 - each page names its own
        """Take the parameters of a navigation; called before the page is shown."""

    def reload(self) -> None:
        """Ask the services for what is shown; called when the page is seen and something changed since."""

    def drop_drafts(self) -> None:
        """Forget what was typed and not saved: another user takes over."""

    def unsaved(self) -> list[Unsaved]:
        """Return what was typed and not saved, to be kept over a crash."""
        return []

    def take_unsaved(self, unsaved: Unsaved) -> None:
        """Show again what was not saved when the program ended; the page was opened at its place before."""

    def help_topic(self, key: str) -> str:
        """Return what the help opens at: the page's own ``key``, or a part of it that is in front."""
        return key

    def reload_on(self, changes: Changes, kinds: Iterable[str]) -> None:
        """Load again when one of ``kinds`` changes: now if the page is seen, else when it is."""
        changes.watch(self, kinds, self.mark_stale)

    def mark_stale(self) -> None:
        """Load again, now or when the page is seen."""
        self._stale = True
        if self.isVisible():
            self._load()

    def set_crumbs(self, crumbs: Sequence[Crumb]) -> None:
        """Say where the page stands; the frame shows it."""
        self.crumbs = list(crumbs)
        self.crumbs_changed.emit()

    def set_hints(self, hints: Sequence[tuple[str, str]]) -> None:
        """Say which keys do what; the status bar shows it at the right."""
        self.hints = list(hints)
        self.hints_changed.emit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._load()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._set_margin(16 if self.window().width() < WIDE else 24)

    def _load(self) -> None:
        self._stale = False
        self.reload()

    def _set_margin(self, margin: int) -> None:
        self.column.setContentsMargins(margin, 12, margin, 12)
