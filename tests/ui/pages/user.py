"""Does in a form what a user does: types, chooses, presses."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPushButton

from ui.dialogs.ask import ReasonDialog, VerbDialog


def type_into(field, text):
    """Replace what a line holds, key by key."""
    editor = field.editor
    assert isinstance(editor, QLineEdit)
    editor.clear()
    editor.setFocus()
    editor.insert(text)
    editor.textEdited.emit(editor.text())


def choose(field, data):
    """Choose an entry of a box."""
    box = field.editor if hasattr(field, "editor") else field
    assert isinstance(box, QComboBox)
    number = box.findData(data)
    assert number >= 0, data
    box.setCurrentIndex(number)
    box.activated.emit(number)


def press(button):
    """Press a button that is open."""
    assert isinstance(button, QPushButton)
    assert button.isEnabled()
    button.click()


def error_of(field):
    """Return the sentence below a field, "" where there is none."""
    return field._line.text() if not field._line.isHidden() else ""


def escape(widget):
    """Press Esc in a widget."""
    QTest.keyClick(widget, Qt.Key.Key_Escape)


class Answers:
    """Answers the dialogs that a test expects, in order; a dialog that nobody expects fails the test."""

    def __init__(self, monkeypatch):
        self.expected = []
        self.questions = []
        monkeypatch.setattr(VerbDialog, "exec", self._on_exec())

    def _on_exec(self):
        """Return what stands for exec: a plain function, so that the dialog is handed over."""

        def execute(dialog):
            self._answer(dialog)

        return execute

    def reason(self, text):
        self.expected.append(("act", text))

    def verb(self, key):
        self.expected.append((key, None))

    def passwords(self, *texts):
        self.expected.append(("act", list(texts)))

    def _answer(self, dialog):
        assert self.expected, "nobody expected this dialog"
        key, text = self.expected.pop(0)
        self.questions.append(dialog)
        if isinstance(dialog, ReasonDialog) and text is not None:
            dialog._text.setPlainText(text)
        elif isinstance(text, list):
            for line, typed in zip(dialog.findChildren(QLineEdit), text, strict=True):
                line.setText(typed)
        if text is not None:
            assert dialog.buttons[key].isEnabled()
        dialog.answer = key


def settle():
    """Let timers that are due and posted events run."""
    QApplication.processEvents()
