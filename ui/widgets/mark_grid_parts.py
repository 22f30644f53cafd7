"""Head and cells of the grid: two-line head with today in it, the focus frame, and the editor of a typed cell."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QHeaderView,
    QLineEdit,
    QStyle,
    QStyleOptionViewItem,
    QTableView,
    QToolTip,
    QWidget,
)

from ui.i18n import tr
from ui.theme import SECONDARY_PX, theme
from ui.widgets.cell_states import Index, StateMarkDelegate
from ui.widgets.labels import restyle
from ui.widgets.mark_grid_model import MarkGridModel

HEAD_HEIGHT = 44
Check = Callable[[int, int, str], str]
"""``check(row, column, text)`` returns what is wrong with a typed text, "" when nothing is."""


class GridHead(QHeaderView):
    """Two lines: the number (and 今天), then the date or whatever the column says of itself."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setFixedHeight(HEAD_HEIGHT)
        self.setMinimumSectionSize(24)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), HEAD_HEIGHT)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        model = self.model()
        if not isinstance(model, MarkGridModel):
            return
        number = section - len(model.frozen)
        painter.save()
        painter.setClipRect(rect)
        today = number >= 0 and model.columns[number].today
        painter.fillRect(rect, theme.color("today" if today else "raised"))
        if number < 0:
            self._paint_frozen(painter, rect, model, section)
        else:
            self._paint_column(painter, rect, model, number)
        painter.setPen(theme.color("border"))
        painter.drawLine(rect.topRight(), rect.bottomRight())
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        if today:
            painter.fillRect(QRect(rect.left(), rect.bottom() - 2, rect.width() - 1, 3), theme.color("text"))
        painter.restore()

    def _paint_frozen(self, painter: QPainter, rect: QRect, model: MarkGridModel, section: int) -> None:
        font = self.font()
        font.setPixelSize(SECONDARY_PX)
        painter.setFont(font)
        painter.setPen(theme.color("text_secondary"))
        flags = {"left": Qt.AlignmentFlag.AlignLeft, "right": Qt.AlignmentFlag.AlignRight}
        align = (
            flags.get(model.frozen[section].align, Qt.AlignmentFlag.AlignHCenter)
            | Qt.AlignmentFlag.AlignVCenter
        )
        painter.drawText(rect.adjusted(8, 0, -8, 0), align, model.frozen[section].title)

    def _paint_column(self, painter: QPainter, rect: QRect, model: MarkGridModel, number: int) -> None:
        column = model.columns[number]
        font = self.font()
        font.setPixelSize(13)
        font.setBold(column.today)
        painter.setFont(font)
        painter.setPen(theme.color("text"))
        title = tr("grid.today", title=column.title) if column.today else column.title
        top = rect.adjusted(2, 4, -2, 0)
        if not column.detail:
            painter.drawText(rect.adjusted(2, 0, -2, 0), Qt.AlignmentFlag.AlignCenter, title)
            return
        painter.drawText(top, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, title)
        font.setPixelSize(SECONDARY_PX)
        font.setBold(False)
        painter.setFont(font)
        painter.setPen(theme.color("text_secondary"))
        painter.drawText(rect.adjusted(2, 0, -2, -4), Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom,
                         column.detail)  # fmt: skip


class FrozenDelegate(StateMarkDelegate):
    """Frozen cells; the row of the focused cell is tinted so that the eye finds the name."""

    def __init__(self, parent: QWidget, current_row: Callable[[], int]) -> None:
        super().__init__(parent)
        self._current_row = current_row

    def paint_background(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        if index.row() == self._current_row():
            painter.fillRect(option.rect, theme.color("hover"))  # type: ignore[attr-defined]


class CellDelegate(StateMarkDelegate):
    """Body cells: focus frame, and an editor that Enter and the arrows leave as in a spreadsheet."""

    left_by = Signal(int)
    """The key (Qt.Key) that closed an editor."""

    def __init__(self, view: QTableView) -> None:
        super().__init__(view, margin=4)
        self._view = view
        self.check: Check = lambda _row, _column, _text: ""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        if index == self._view.currentIndex():
            rect: QRect = option.rect  # type: ignore[attr-defined]
            colour = theme.color("link" if self._view.hasFocus() else "border_strong")
            left, top, width, height = rect.left(), rect.top(), rect.width(), rect.height()
            painter.fillRect(left, top, width, 2, colour)
            painter.fillRect(left, rect.bottom() - 1, width, 2, colour)
            painter.fillRect(left, top, 2, height, colour)
            painter.fillRect(rect.right() - 1, top, 2, height, colour)

    def paint_background(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        if index == self._view.currentIndex() and len(self._view.selectedIndexes()) <= 1:
            option.state &= ~QStyle.StateFlag.State_Selected  # type: ignore[attr-defined]
        super().paint_background(painter, option, index)

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = QLineEdit(parent)
        editor.setProperty("cell", True)
        editor.setAlignment(Qt.AlignmentFlag.AlignCenter)
        editor.textEdited.connect(lambda _text: self._show_check(editor, index))
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        assert isinstance(editor, QLineEdit)
        editor.setText(str(index.data(Qt.ItemDataRole.EditRole) or ""))
        editor.selectAll()

    def setModelData(self, editor: QWidget, model: object, index: Index) -> None:
        assert isinstance(editor, QLineEdit)
        assert isinstance(model, MarkGridModel)
        if not self._problem(editor, index):
            model.setData(index, editor.text())

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        editor.setGeometry(option.rect)  # type: ignore[attr-defined]

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(editor, QLineEdit):
            assert isinstance(event, QKeyEvent)
            key = event.key()
            if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Tab}:
                index = self._view.currentIndex()
                if self._show_check(editor, index):
                    return True
                self.commitData.emit(editor)
                self.closeEditor.emit(editor)
                self.left_by.emit(key)
                return True
        return super().eventFilter(editor, event)

    def _problem(self, editor: QLineEdit, index: Index) -> str:
        model = self._view.model()
        assert isinstance(model, MarkGridModel)
        return self.check(index.row(), index.column() - len(model.frozen), editor.text().strip())

    def _show_check(self, editor: QLineEdit, index: Index) -> str:
        problem = self._problem(editor, index)
        restyle(editor, state="wrong" if problem else "")
        if problem:
            QToolTip.showText(editor.mapToGlobal(QPoint(0, editor.height())), problem, editor)
        else:
            QToolTip.hideText()
        return problem
