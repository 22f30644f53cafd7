"""The panel at the right, where details and forms open; it keeps what was typed until it is saved or thrown away."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from ui.i18n import tr
from ui.preferences import Preferences
from ui.theme import set_icon
from ui.unsaved import Unsaved
from ui.widgets.labels import button, clear, hairline, label

MIN_WIDTH = 320
USUAL_WIDTH = 400
HANDLE = 12


def _takes_typing(widget: QWidget) -> bool:
    """Tell whether a widget is a field that the user may fill."""
    typed = isinstance(widget, QComboBox | QPlainTextEdit | QAbstractSpinBox)
    typed = typed or (isinstance(widget, QLineEdit) and not widget.isReadOnly())
    return typed and widget.isEnabledTo(widget.window())


class PanelContent(QWidget):
    """What a panel shows. A form overrides the two methods so that its draft survives closing the panel."""

    def draft(self) -> dict[str, Any] | None:
        """Return what was typed and not saved, or None where there is nothing."""
        return None

    def secrets(self) -> frozenset[str]:
        """Return the fields that are never kept on the disk: passwords."""
        return frozenset()

    def restore(self, draft: dict[str, Any]) -> None:
        """Show a draft again."""


@dataclass(frozen=True, slots=True)
class PanelDraft:
    """What was typed into the form of one record: the form's title, field → value; ``secrets`` stay off the disk."""

    title: str
    values: dict[str, Any]
    secrets: frozenset[str] = frozenset()


class SidePanel(QWidget):
    """Title, a scrolling content, and a foot with its buttons (the primary one first from the right)."""

    closed = Signal()
    opened = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("sidepanel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumWidth(MIN_WIDTH)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.setSpacing(0)
        top = QHBoxLayout()
        top.setContentsMargins(16, 8, 8, 8)
        self._title = label("", "heading")
        self._draft_mark = label("", "secondary", tone="waiting")
        close = button("", "quiet")
        set_icon(close, "x")
        close.setFixedWidth(32)
        close.setToolTip(tr("panel.close"))
        close.setAccessibleName(tr("panel.close"))
        close.clicked.connect(self.close_panel)
        top.addWidget(self._title, 1)
        top.addWidget(self._draft_mark)
        top.addWidget(close)
        layout.addLayout(top)
        layout.addWidget(hairline())
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        layout.addWidget(self._scroll, 1)
        self._foot = QWidget()
        self._foot_row = QHBoxLayout(self._foot)
        self._foot_row.setContentsMargins(16, 8, 16, 8)
        self._foot_row.setSpacing(8)
        self._foot_line = hairline()
        layout.addWidget(self._foot_line)
        layout.addWidget(self._foot)
        self._key = ""
        self._content: PanelContent | None = None
        self._wanted_field = ""
        self._drafts: dict[str, PanelDraft] = {}
        escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        escape.activated.connect(self.close_panel)
        self.hide()

    def want_field(self, name: str) -> None:
        """Go to a field of the form that is open, else of the one that opens next and has it."""
        self._wanted_field = name
        self._go_to_wanted()

    def _go_to_wanted(self) -> None:
        form = getattr(self._content, "form", None)
        field = None if form is None else form.fields.get(self._wanted_field)
        if field is not None:
            self._wanted_field = ""
            field.editor.setFocus()
            self._scroll.ensureWidgetVisible(field)

    def open_panel(self, key: str, title: str, content: PanelContent, buttons: list[QPushButton]) -> None:
        """Show ``content`` of the record ``key``, with the draft kept of it. The last button is rightmost."""
        self._keep_draft()
        self._key, self._content = key, content
        self._title.setText(title)
        holder = QWidget()
        holder.setProperty("ground", "surface")
        inside = QVBoxLayout(holder)
        inside.setContentsMargins(16, 12, 16, 16)
        inside.addWidget(content)
        inside.addStretch(1)
        self._scroll.setWidget(holder)
        clear(self._foot_row)
        self._foot_row.addStretch(1)
        for made in buttons:
            self._foot_row.addWidget(made)
        self._foot.setVisible(bool(buttons))
        self._foot_line.setVisible(bool(buttons))
        draft = self._drafts.get(key)
        self._draft_mark.setText(tr("panel.draft") if draft else "")
        if draft:
            content.restore(draft.values)
        self.show()
        first = next((found for found in content.findChildren(QWidget) if _takes_typing(found)), None)
        if first is not None:
            first.setFocus()
        self._go_to_wanted()
        self._wanted_field = ""
        self.opened.emit()

    def set_title(self, key: str, title: str) -> None:
        """Name what is open under ``key`` anew, once its record has come."""
        if title and key == self.current_key():
            self._title.setText(title)

    def current_key(self) -> str:
        """Return the key of what is open, "" when closed."""
        return self._key if not self.isHidden() else ""

    def close_panel(self) -> None:
        """Close; what was typed stays as a draft of this record."""
        if self.isHidden():
            return
        self._keep_draft()
        self.hide()
        self._key = ""
        self.closed.emit()

    def forget_draft(self, key: str) -> None:
        """Drop the draft of a record: it was saved or thrown away. A form that shows what is stored goes on."""
        self._drafts.pop(key, None)
        if key == self._key:
            if self._content is not None and self._content.draft():
                self._content = None
            self._draft_mark.setText("")

    def forget_all(self) -> None:
        """Drop every draft: another user takes over."""
        self._drafts.clear()
        self._content = None
        self.close_panel()

    def has_drafts(self) -> bool:
        """Tell whether anything typed is not saved."""
        self._keep_draft()
        return bool(self._drafts)

    def unsaved(self) -> list[Unsaved]:
        """Return what was typed and not saved and may be kept on the disk; what is open included."""
        self._keep_draft()
        found = []
        for key, draft in self._drafts.items():
            lasting = {name: value for name, value in draft.values.items() if name not in draft.secrets}
            if lasting:
                found.append(Unsaved(key, draft.title, lasting, len(lasting)))
        return found

    def take_unsaved(self, unsaved: Unsaved) -> None:
        """Take a draft of an earlier run; its form shows it when it is opened. What was typed since goes before it."""
        self.close_panel()
        before = PanelDraft(unsaved.title, dict(unsaved.values))
        newer = self._drafts.get(unsaved.key)
        self._drafts[unsaved.key] = (
            before if newer is None else replace(newer, values={**before.values, **newer.values})
        )

    def _keep_draft(self) -> None:
        if self._content is not None and self._key:
            draft = self._content.draft()
            if draft:
                self._drafts[self._key] = PanelDraft(self._title.text(), draft, self._content.secrets())
            else:
                self._drafts.pop(self._key, None)


class WithPanel(QSplitter):
    """A page's main part with a SidePanel at its right; the panel's width is remembered."""

    def __init__(self, main: QWidget, preferences: Preferences, key: str = "panel") -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._preferences = preferences
        self._key = f"panel/{key}"
        self.main = main
        self.panel = SidePanel()
        self.addWidget(main)
        self.addWidget(self.panel)
        self.setChildrenCollapsible(False)
        self.setHandleWidth(HANDLE)
        self.setStretchFactor(0, 1)
        self.setStretchFactor(1, 0)
        self.splitterMoved.connect(self._remember)
        self.panel.closed.connect(self._give_focus_back)
        self.panel.installEventFilter(self)
        main.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.panel and event.type() == QEvent.Type.Show:
            width = max(MIN_WIDTH, int(self._preferences.read(self._key, USUAL_WIDTH)))
            self.setSizes([max(0, self.width() - width - HANDLE), width])
        elif watched is self.main and event.type() == QEvent.Type.KeyPress and self.panel.isVisible():
            assert isinstance(event, QKeyEvent)
            if event.key() == Qt.Key.Key_Escape:
                self.panel.close_panel()
                return True
        return super().eventFilter(watched, event)

    def _remember(self) -> None:
        if self.panel.isVisible():
            self._preferences.write(self._key, self.panel.width())

    def _give_focus_back(self) -> None:
        self.main.setFocus()
        following = self.main.nextInFocusChain()
        if self.main.focusPolicy() == Qt.FocusPolicy.NoFocus and following is not None:
            following.setFocus()
