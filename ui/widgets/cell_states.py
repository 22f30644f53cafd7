"""How a cell looks: its state mark and its tone, one vocabulary for lists and grids."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QPainter, QPainterPath, QPen, QPolygonF
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ui.theme import icon_pixmap, theme

STATE_ROLE = Qt.ItemDataRole.UserRole + 1
TONE_ROLE = Qt.ItemDataRole.UserRole + 2
TODAY_ROLE = Qt.ItemDataRole.UserRole + 3

Index = QModelIndex | QPersistentModelIndex


class CellState(Enum):
    """State of a value; SAVED and ACCEPTED are silent."""

    SAVED = "saved"
    ACCEPTED = "accepted"
    WAITING = "waiting"
    REJECTED = "rejected"
    CONFLICT = "conflict"
    LOCKED = "locked"
    NOTED = "noted"
    CLOSED = "closed"


class Tone(Enum):
    """Meaning of a text; its token in the theme."""

    PLAIN = "text"
    QUIET = "text_secondary"
    LINK = "link"
    DONE = "done"
    WAITING = "waiting"
    WRONG = "wrong"
    LOCKED = "locked"


_CORNER = 8.0
_LOCK = 11
_HATCH_ALPHA = 110
_BESIDE = 14
_SINGLE_LINE = int(Qt.TextFlag.TextSingleLine)
_NOT_LEFT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignHCenter)


def _corner(rect: QRect, size: float = _CORNER) -> QPolygonF:
    right, top = rect.right() + 1.0, float(rect.top())
    return QPolygonF([QPointF(right - size, top), QPointF(right, top), QPointF(right, top + size)])


def paint_ground(painter: QPainter, rect: QRect, state: CellState) -> None:
    """Draw what lies under the text: grey for locked, hatching for closed."""
    if state is CellState.LOCKED:
        painter.fillRect(rect, theme.color("locked_soft"))
    elif state is CellState.CLOSED:
        painter.fillRect(rect, theme.color("raised"))
        lines = theme.color("border_strong")
        lines.setAlpha(_HATCH_ALPHA)
        painter.fillRect(rect, QBrush(lines, Qt.BrushStyle.BDiagPattern))


def paint_mark(painter: QPainter, rect: QRect, state: CellState) -> None:
    """Draw what lies over the text: dot, corner, split corner, lock or triangle."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    if state is CellState.WAITING:
        painter.setBrush(theme.color("waiting"))
        painter.drawEllipse(QRectF(rect.right() - 8, rect.top() + 4, 6, 6))
    elif state is CellState.REJECTED:
        painter.setBrush(theme.color("wrong"))
        painter.drawPolygon(_corner(rect, _CORNER + 2))
    elif state is CellState.CONFLICT:
        size = _CORNER + 4
        right, top = rect.right() + 1.0, float(rect.top())
        middle = QPointF(right - size / 2, top + size / 2)
        painter.setBrush(theme.color("wrong"))
        painter.drawPolygon(QPolygonF([QPointF(right - size, top), QPointF(right, top), middle]))
        painter.setBrush(theme.color("waiting"))
        painter.drawPolygon(QPolygonF([QPointF(right, top), QPointF(right, top + size), middle]))
        painter.setPen(QPen(theme.color("surface"), 1))
        painter.drawLine(QPointF(right, top), middle)
    elif state is CellState.LOCKED:
        ratio = painter.device().devicePixelRatio()
        pixmap = icon_pixmap("lock", "locked", _LOCK, ratio)
        painter.drawPixmap(QPointF(rect.right() - _LOCK - 2.0, rect.top() + 3.0), pixmap)
    elif state is CellState.NOTED:
        path = QPainterPath()
        path.addPolygon(_corner(rect))
        painter.fillPath(path, theme.color("link"))
    painter.restore()


class StateMarkDelegate(QStyledItemDelegate):
    """Draws text in its tone with the state mark over it; the selection is a ground, never a dotted frame.

    ``near_text`` keeps the mark beside the words of a wide cell (lists); else it sits in the cell's corner (grids).
    """

    def __init__(self, parent: QWidget | None = None, *, margin: int = 8, near_text: bool = False) -> None:
        super().__init__(parent)
        self._margin = margin
        self._near_text = near_text

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        state = index.data(STATE_ROLE) or CellState.SAVED
        tone = index.data(TONE_ROLE) or Tone.PLAIN
        selected = bool(option.state & QStyle.StateFlag.State_Selected)  # type: ignore[attr-defined]
        rect: QRect = option.rect  # type: ignore[attr-defined]
        self.paint_background(painter, option, index)
        if not selected or state is CellState.CLOSED:
            paint_ground(painter, rect, state)
        used = self.paint_text(painter, rect, index, tone)
        if state is not CellState.SAVED:
            paint_mark(painter, used if self._near_text else rect, state)

    def paint_background(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Fill the ground: selection, pointer, today's column, or nothing."""
        state = option.state  # type: ignore[attr-defined]
        rect = option.rect  # type: ignore[attr-defined]
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, theme.color("selected"))
        elif index.data(TODAY_ROLE):
            painter.fillRect(rect, theme.color("today"))

    def paint_text(self, painter: QPainter, rect: QRect, index: Index, tone: Tone) -> QRect:
        """Draw the text, cut where the column is too narrow; returns the part of the cell that it takes."""
        text = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
        align = int(index.data(Qt.ItemDataRole.TextAlignmentRole) or Qt.AlignmentFlag.AlignVCenter)
        painter.save()
        painter.setFont(index.data(Qt.ItemDataRole.FontRole) or self.parent().font())  # type: ignore[attr-defined]
        painter.setPen(theme.color(tone.value))
        room = rect.adjusted(self._margin, 0, -self._margin, 0)
        cut = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, align | _SINGLE_LINE, cut)
        width = painter.fontMetrics().horizontalAdvance(cut)
        painter.restore()
        if align & _NOT_LEFT:
            return rect
        return rect.adjusted(0, 0, min(0, self._margin + width + _BESIDE - rect.width()), 0)
