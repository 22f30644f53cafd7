"""Asks at the cell why somebody has leave: four keys, Enter is 事假."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desktop_app.domain.attendance import LeaveReason
from ui.i18n import tr
from ui.widgets.labels import button, label

USUAL = LeaveReason.PERSONAL
_KEYS = {
    Qt.Key.Key_1: LeaveReason.SICK,
    Qt.Key.Key_2: LeaveReason.PERSONAL,
    Qt.Key.Key_3: LeaveReason.OFFICIAL,
    Qt.Key.Key_4: LeaveReason.OTHER,
}


class LeavePopover(QFrame):
    """A popup under a cell; ``chosen`` tells the reason, Esc and a click elsewhere tell nothing."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget, people: int) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("popup", True)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(6)
        column.addWidget(label(tr("leave.ask", count=people), "strong"))
        row = QHBoxLayout()
        row.setSpacing(6)
        for number, reason in enumerate(LeaveReason, start=1):
            made = button(tr("leave.choice", number=number, reason=tr(f"leave.{reason.value}")))
            made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            made.setProperty("kind", "primary" if reason is USUAL else "")
            made.clicked.connect(lambda _=False, found=reason: self._choose(found))
            row.addWidget(made)
        column.addLayout(row)
        column.addWidget(label(tr("leave.hint"), "secondary"))

    def show_at(self, view: QWidget, cell: QRect) -> None:
        """Show under ``cell`` of ``view``, over it where the screen ends."""
        self.adjustSize()
        below = view.mapToGlobal(cell.bottomLeft() + QPoint(0, 4))
        screen = view.screen().availableGeometry()
        if below.y() + self.height() > screen.bottom():
            below.setY(view.mapToGlobal(cell.topLeft()).y() - self.height() - 4)
        below.setX(max(screen.left(), min(below.x(), screen.right() - self.width())))
        self.move(below)
        self.show()
        self.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._choose(USUAL)
        elif key in _KEYS:
            self._choose(_KEYS[key])
        else:
            super().keyPressEvent(event)

    def _choose(self, reason: LeaveReason) -> None:
        self.chosen.emit(reason)
        self.close()
