"""The view of every list: keys of its own, and what is selected as spans."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QTableView

from ui.widgets.list_model import TableRows


class ListView(QTableView):
    """Enter opens; Home and End go to the first and last row."""

    entered_row = Signal(QModelIndex)
    resized = Signal()
    copied = Signal()
    """Ctrl+C was pressed."""
    pasted = Signal()
    """Ctrl+V was pressed."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.currentIndex().isValid():
            self.entered_row.emit(self.currentIndex())
            return
        if event.key() in {Qt.Key.Key_Home, Qt.Key.Key_End} and self.model().rowCount():
            last = self.model().rowCount() - 1
            self.setCurrentIndex(self.model().index(0 if event.key() == Qt.Key.Key_Home else last, 0))
            return
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copied.emit()
            return
        if event.matches(QKeySequence.StandardKey.Paste):
            self.pasted.emit()
            return
        super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Go to the row that begins with what is typed; only in lists that are here as a whole."""
        model = self.model()
        if isinstance(model, TableRows) and model.is_whole:
            super().keyboardSearch(search)

    def spans(self) -> list[tuple[int, int]]:
        """Return the selected rows as spans (first row, number of rows) from top to bottom, none touching another."""
        chosen = self.selectionModel().selection()
        parts = sorted((chosen.at(place).top(), chosen.at(place).bottom()) for place in range(chosen.size()))
        found: list[tuple[int, int]] = []
        for top, bottom in parts:
            first, count = found[-1] if found else (0, -1)
            if found and top <= first + count:
                found[-1] = (first, max(count, bottom + 1 - first))
            else:
                found.append((top, bottom + 1 - top))
        return found

    def selected_count(self) -> int:
        """Return how many rows are selected."""
        return sum(count for _first, count in self.spans())
