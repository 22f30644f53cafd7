"""从签到表: the scan of a session's signed sheet beside the grid; what is typed meanwhile has it as its source."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from desktop_app.domain.attendance import Mark, MarkStatus
from desktop_app.domain.listings.training import SessionListItem
from desktop_app.services.attendance import NewMark
from desktop_app.services.evidence import KeptFile
from desktop_app.services.evidence_intake import pictures_of, read_file
from ui.dialogs.choosing import choose_files
from ui.i18n import tr
from ui.navigation import PageContext
from ui.pages.attendance.presenter import AttendancePresenter
from ui.widgets.labels import ElidedLabel, button, label
from ui.widgets.mark_grid import MarkGrid
from ui.wording import day_text

WIDTH = 400
ENLARGED = 2


@dataclass(frozen=True, slots=True)
class _Kept:
    """A scan in the evidence folder and its pages as pictures."""

    file: KeptFile
    pages: tuple[bytes, ...]


class PageScroll(QScrollArea):
    """The pages of a scan under each other, as wide as there is room, or twice that."""

    def __init__(self) -> None:
        super().__init__()
        self._pictures: list[tuple[QPixmap, QLabel]] = []
        self._times = 1
        self.setAccessibleName(tr("evidence.picture"))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.viewport().installEventFilter(self)

    def show_pages(self, pages: Sequence[bytes]) -> None:
        """Show pictures; the former ones go."""
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self._pictures = []
        for page in pages:
            picture, shown = QPixmap(), QLabel()
            picture.loadFromData(page)
            column.addWidget(shown)
            self._pictures.append((picture, shown))
        self.setWidget(holder)
        self._fit()

    def enlarge(self, *, large: bool) -> None:
        """Show the pages twice as wide as the room, or just as wide."""
        self._times = ENLARGED if large else 1
        self._fit()

    def page_count(self) -> int:
        """Return how many pages are shown."""
        return len(self._pictures)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._fit()
        return super().eventFilter(watched, event)

    def _fit(self) -> None:
        width = self.viewport().width() * self._times
        for picture, shown in self._pictures:
            shown.setPixmap(picture.scaledToWidth(width, Qt.TransformationMode.SmoothTransformation))
        if self.widget() is not None:
            self.widget().adjustSize()


class SheetScan(QWidget):
    """Beside the grid while a session is keyed from its sheet; ``button`` begins, ``written`` gives marks a source."""

    def __init__(self, context: PageContext, grid: MarkGrid, presenter: AttendancePresenter) -> None:
        super().__init__()
        self.context, self._grid, self._presenter = context, grid, presenter
        self._kept: KeptFile | None = None
        self._number = 0
        self.button: QPushButton = button(tr("attendance.sheet"), "", "clipboard-check")
        self.button.setToolTip(tr("attendance.sheet_note"))
        self.button.setVisible(bool(context.services.context.may("mark_from_sheet")))
        self.button.clicked.connect(self._choose)
        self.button.setEnabled(False)
        self.beside = QSplitter()
        self.beside.setChildrenCollapsible(False)
        self.beside.addWidget(grid)
        self.beside.addWidget(self)
        self.beside.setStretchFactor(0, 1)
        self._lay_out()
        self.hide()
        grid.focused.connect(lambda _row, _column: self._draw())

    def take(self, path: Path) -> None:
        """Keep a scan as the sheet of the focused session and show it; a file that is no scan is told."""
        session = self._session()
        if session is None:
            return
        service = self.context.services.evidence

        def keep(*_given: Any) -> _Kept:  # noqa: ANN401 - progress and cancel, not needed
            kept = service.keep_sheet(session.id, read_file(path), path.name)
            return _Kept(kept, pictures_of(kept.taken.content, kept.taken.media_type))

        self.context.tasks.work(self, keep, functools.partial(self._on_kept, session))

    def written(
        self, session_id: bytes, marks: Sequence[NewMark], reason: str | None = None
    ) -> Callable[[], int]:
        """Return the command that writes marks of one session: from the sheet where its scan is open."""
        service, kept = self.context.services.attendance, self._kept
        if kept is not None and kept.owner.key == session_id:
            return lambda: service.mark_from_sheet(session_id, marks, kept, reason)
        return lambda: service.mark(session_id, marks, reason)

    def class_written(self, session_id: bytes, people: Sequence[bytes]) -> Callable[[], int]:
        """Return the command of the whole-class key: people without a mark are present, from an open sheet too."""
        if self._kept is not None and self._kept.owner.key == session_id:
            return self.written(session_id, [NewMark(one, Mark(MarkStatus.PRESENT)) for one in people])
        service = self.context.services.attendance
        return lambda: service.mark_class(session_id)

    def close_scan(self) -> None:
        """Put the scan away; marks typed from now on are 逐人 again."""
        self._kept = None
        self.pages.show_pages(())
        self.hide()
        self._grid.body.setFocus()

    def _lay_out(self) -> None:
        self.setMinimumWidth(240)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 0, 0, 0)
        column.setSpacing(4)
        head = QHBoxLayout()
        self.title = ElidedLabel("", "strong")
        self.large = button(tr("attendance.sheet_large"), "quiet")
        self.large.setCheckable(True)
        self.large.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.done = button(tr("attendance.sheet_done"))
        self.done.clicked.connect(self.close_scan)
        head.addWidget(self.title, 1)
        head.addWidget(self.large)
        head.addWidget(self.done)
        column.addLayout(head)
        self.note = label("", "secondary", wrap=True)
        column.addWidget(self.note)
        self.pages = PageScroll()
        self.large.toggled.connect(lambda large: self.pages.enlarge(large=large))
        column.addWidget(self.pages, 1)

    def _session(self) -> SessionListItem | None:
        """Return the focused session where it may be marked."""
        place, sheet = self._grid.current_place(), self._presenter.sheet
        if sheet is None or place is None or not 0 <= place[1] < len(sheet.sessions):
            return None
        session = sheet.sessions[place[1]]
        return session if session.id in sheet.editable_sessions else None

    def _choose(self) -> None:
        paths = choose_files(self.window(), self.context.preferences, many=False)
        if paths:
            self.take(paths[0])

    def _on_kept(self, session: SessionListItem, kept: _Kept) -> None:
        self._kept, self._number = kept.file, session.number
        day = day_text(session.held_on)
        self.title.setText(tr("attendance.sheet_title", number=session.number, day=day))
        self.pages.show_pages(kept.pages)
        if self.isHidden():
            self.show()
            self.beside.setSizes([max(1, self.beside.width() - WIDTH), WIDTH])
        self._draw()
        body = self._grid.body
        body.scrollTo(body.currentIndex(), body.ScrollHint.PositionAtCenter)
        body.setFocus()

    def _draw(self) -> None:
        session = self._session()
        self.button.setEnabled(session is not None)
        if self._kept is None:
            return
        own = session is not None and session.id == self._kept.owner.key
        self.note.setText(
            tr("attendance.sheet_own" if own else "attendance.sheet_other", number=self._number)
        )
