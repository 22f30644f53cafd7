"""A form in the panel at the right: what was typed and not saved is its draft."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QStringListModel, Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QCompleter, QLineEdit, QPushButton, QVBoxLayout, QWidget

from ui.i18n import tr
from ui.widgets.form_field import Form
from ui.widgets.labels import button
from ui.widgets.side_panel import PanelContent


class FormPanel(PanelContent):
    """``load`` says what is stored; ``changes`` is what the user made different. Fill ``form``, override ``save``."""

    changed = Signal(bool)
    """Whether anything typed is not saved."""

    def __init__(self) -> None:
        super().__init__()
        self.form = Form()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(12)
        self.column.addWidget(self.form)
        self._stored: dict[str, Any] = {}
        self._waiting: dict[str, Any] = {}
        self.save_button: QPushButton | None = None
        self.form.edited.connect(self._on_edited)

    def load(self, values: dict[str, Any]) -> None:
        """Show stored values; fields that are not named stay."""
        self.form.set_values(values)
        self._stored = self.form.values()
        self._on_edited()

    def refresh(self, values: dict[str, Any]) -> None:
        """Show stored values that came later, e.g. with the choices of a box; what the user typed stays typed."""
        typed = {**self._waiting, **self.changes()}
        self.form.set_values({**self._stored, **values})
        self._stored = self.form.values()
        self._place(typed)

    def begin(self) -> None:
        """Take what the form shows now for what is stored (a new record)."""
        self._stored = self.form.values()
        self._on_edited()

    def changes(self) -> dict[str, Any]:
        """Return the fields whose values differ from what is stored."""
        return {name: value for name, value in self.form.values().items() if value != self._stored.get(name)}

    def draft(self) -> dict[str, Any] | None:
        return self.changes() or None

    def secrets(self) -> frozenset[str]:
        return frozenset(
            name
            for name, field in self.form.fields.items()
            if isinstance(field.editor, QLineEdit) and field.editor.echoMode() == QLineEdit.EchoMode.Password
        )

    def restore(self, draft: dict[str, Any]) -> None:
        self._place({name: value for name, value in draft.items() if name in self.form.fields})
        self.check()

    def check(self) -> None:
        """Check what is typed; called after a draft came back."""

    def save(self) -> None:
        """Send the form to the service."""

    def make_save_button(self, text: str = "") -> QPushButton:
        """Return the primary button of the panel's foot; closed while there is nothing to save."""
        self.save_button = button(text or tr("form.save"), "primary")
        self.save_button.clicked.connect(self.save)
        self._on_edited()
        return self.save_button

    def set_read_only(self, names: set[str] | None = None, *, read_only: bool = True) -> None:
        """Open or close fields (all of them where none is named) for typing."""
        for name, field in self.form.fields.items():
            if names is not None and name not in names:
                continue
            editor = field.editor
            if isinstance(editor, QLineEdit):
                editor.setReadOnly(read_only)
            else:
                editor.setEnabled(not read_only)

    def _place(self, typed: dict[str, Any]) -> None:
        """Show typed values; those that a box cannot show before its choices have come wait for ``refresh``."""
        self.form.set_values(typed)
        self._waiting = {
            name: value for name, value in typed.items() if self.form.fields[name].value() != value
        }
        self._on_edited()

    def _on_edited(self) -> None:
        has_changes = bool(self.changes())
        if self.save_button is not None:
            self.save_button.setEnabled(has_changes)
        self.changed.emit(has_changes)


def text_line(placeholder: str = "", *, limit: int = 200) -> QLineEdit:
    """Return a line for text."""
    line = QLineEdit()
    line.setMaxLength(limit)
    line.setPlaceholderText(placeholder)
    return line


def words_line(words: list[str], placeholder: str = "") -> QLineEdit:
    """Return a line that completes known words, and takes others: the check says what they are worth."""
    line = text_line(placeholder)
    completer = QCompleter(QStringListModel(words, line), line)
    completer.setFilterMode(Qt.MatchFlag.MatchContains)
    line.setCompleter(completer)
    return line


def set_words(editor: QWidget, words: list[str]) -> None:
    """Let a ``words_line`` complete other words from now on."""
    assert isinstance(editor, QLineEdit)
    known = editor.completer().model()
    assert isinstance(known, QStringListModel)
    known.setStringList(words)


class ChoiceBox(QComboBox):
    """A box that the wheel turns only while it has the focus: scrolling a form must not change it."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


def choice_box(choices: list[tuple[Any, str]], *, empty: str | None = None) -> QComboBox:
    """Return a box of (data, text); ``empty`` adds a first line whose data is ""."""
    box = ChoiceBox()
    if empty is not None:
        box.addItem(empty, "")
    for data, text in choices:
        box.addItem(text, data)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(6)
    box.setPlaceholderText(tr("form.choose"))
    return box
