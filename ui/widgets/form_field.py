"""One field of a form: its label, its editor, and the line below for what is wrong or worth knowing."""

from __future__ import annotations

from datetime import date
from typing import Any

from PySide6.QtCore import QDate, QEvent, Qt, Signal
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDateEdit,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ui.i18n import tr
from ui.widgets.labels import label, restyle


class OwnEditor(QWidget):
    """An editor of several parts that reads and writes one value; ``edited`` tells that it changed."""

    edited = Signal()

    def value(self) -> Any:  # noqa: ANN401 - each says its own type
        """Return the value."""
        raise NotImplementedError

    def set_value(self, value: Any) -> None:  # noqa: ANN401 - each says its own type
        """Show a value without telling ``edited``."""
        raise NotImplementedError


class FormField(QWidget):
    """``value``/``set_value`` read and write the editor; ``edited`` tells that the user changed it."""

    edited = Signal()

    def __init__(self, title: str, editor: QWidget, *, required: bool = False, note: str = "") -> None:
        super().__init__()
        self.editor = editor
        self._note = note
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        self._title = label(title if not required else tr("form.required", title=title), "secondary")
        self._title.setBuddy(editor)
        self._title.setVisible(bool(title))
        self._line: QLabel = label(note, "secondary", wrap=True)
        self._line.setVisible(bool(note))
        layout.addWidget(self._title)
        layout.addWidget(editor)
        layout.addWidget(self._line)
        if title:
            editor.setAccessibleName(title)
        self._connect(editor)

    def value(self) -> Any:  # noqa: ANN401 - the caller knows its editor
        """Return str of a line or text, the item's data of a combo, a date or bool; "" where nothing is chosen.

        Blanks around a text count in a password only.
        """
        editor = self.editor
        if isinstance(editor, OwnEditor):
            return editor.value()
        if isinstance(editor, QLineEdit):
            hidden = editor.echoMode() == QLineEdit.EchoMode.Password
            return editor.text() if hidden else editor.text().strip()
        if isinstance(editor, QComboBox):
            return editor.currentData() if editor.currentIndex() >= 0 else ""
        if isinstance(editor, QDateEdit):
            picked = editor.date()
            return date(picked.year(), picked.month(), picked.day())
        if isinstance(editor, QCheckBox):
            return editor.isChecked()
        assert isinstance(editor, QPlainTextEdit)
        return editor.toPlainText().strip()

    def set_value(self, value: Any) -> None:  # noqa: ANN401 - the caller knows its editor
        """Show ``value`` (types as of ``value``)."""
        editor = self.editor
        if isinstance(editor, OwnEditor):
            editor.set_value(value)
        elif isinstance(editor, QLineEdit):
            editor.setText("" if value is None else str(value))
            editor.setCursorPosition(0)
        elif isinstance(editor, QComboBox):
            editor.setCurrentIndex(editor.findData(value))
        elif isinstance(editor, QDateEdit):
            editor.setDate(QDate(value.year, value.month, value.day))
        elif isinstance(editor, QCheckBox):
            editor.setChecked(bool(value))
        elif isinstance(editor, QPlainTextEdit):
            editor.setPlainText(str(value or ""))

    def set_note(self, text: str) -> None:
        """Say below the field what is worth knowing, while nothing is wrong."""
        self._note = text
        self._show("", "")

    def set_error(self, text: str) -> None:
        """Say below the field what is wrong; "" takes it away."""
        self._show(text, "wrong")

    def set_warning(self, text: str) -> None:
        """Say below the field what is odd but allowed; "" takes it away."""
        self._show(text, "waiting")

    def _show(self, text: str, tone: str) -> None:
        marks = {"wrong": "✕ ", "waiting": "△ "}
        self._line.setText(marks[tone] + text if text else self._note)
        self._line.setVisible(bool(text or self._note))
        restyle(self._line, tone=tone if text else "")
        restyle(self.editor, state=tone if text else "")

    def _connect(self, editor: QWidget) -> None:
        if isinstance(editor, OwnEditor):
            editor.edited.connect(self.edited)
        elif isinstance(editor, QLineEdit):
            editor.textEdited.connect(lambda _text: self.edited.emit())
        elif isinstance(editor, QComboBox):
            editor.activated.connect(lambda _index: self.edited.emit())
        elif isinstance(editor, QDateEdit):
            editor.setCalendarPopup(True)
            editor.setDisplayFormat("yyyy-MM-dd")
            editor.dateChanged.connect(lambda _date: self.edited.emit())
        elif isinstance(editor, QCheckBox):
            editor.toggled.connect(lambda _on: self.edited.emit())
        elif isinstance(editor, QPlainTextEdit):
            editor.textChanged.connect(self.edited.emit)


class Form(QWidget):
    """Named fields under each other; the door for field errors."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, FormField] = {}
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(12)

    def add(self, name: str, field: FormField) -> FormField:
        """Put ``field`` below the others."""
        self.fields[name] = field
        self._layout.addWidget(field)
        field.edited.connect(self.edited)
        return field

    def add_row(self, fields: dict[str, FormField]) -> None:
        """Put short fields beside each other, each with the same share of the width."""
        row = QHBoxLayout()
        row.setSpacing(12)
        for name, field in fields.items():
            self.fields[name] = field
            field.edited.connect(self.edited)
            row.addWidget(field, 1, Qt.AlignmentFlag.AlignTop)
        self._layout.addLayout(row)

    def add_heading(self, text: str) -> None:
        """Begin a group of fields."""
        self._layout.addSpacing(4)
        self._layout.addWidget(label(text, "strong"))

    def values(self) -> dict[str, Any]:
        """Return field name → value."""
        return {name: field.value() for name, field in self.fields.items()}

    def set_values(self, values: dict[str, Any]) -> None:
        """Show the values that are given; other fields stay."""
        for name, value in values.items():
            self.fields[name].set_value(value)

    def show_field_errors(self, errors: dict[str, str]) -> None:
        """Put each sentence beside its field, clear the rest, and go to the first wrong field."""
        for name, field in self.fields.items():
            field.set_error(errors.get(name, ""))
        first = next((field for name, field in self.fields.items() if name in errors), None)
        if first is not None:
            first.editor.setFocus()
            _bring_into_sight(first)


def _bring_into_sight(field: FormField) -> None:
    """Scroll what a field stands in until it and the sentence below it are seen: the focus alone does not."""
    above = field.parentWidget()
    while above is not None and not isinstance(above, QScrollArea):
        above = above.parentWidget()
    if above is not None:
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        above.ensureWidgetVisible(field)
