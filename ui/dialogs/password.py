"""Passwords: entering one, and setting a new one twice."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QLineEdit, QWidget

from ui.dialogs.ask import Verb, VerbDialog
from ui.i18n import tr
from ui.widgets.form_field import FormField


class PasswordField(QLineEdit):
    """A line for a password: hidden, without completion or clipboard copy."""

    def __init__(self) -> None:
        super().__init__()
        self.setEchoMode(QLineEdit.EchoMode.Password)


class PasswordDialog(VerbDialog):
    """Asks for the user's password before a weighty act."""

    def __init__(self, parent: QWidget | None, question: str, detail: str, verb: str) -> None:
        super().__init__(parent, question, detail, [Verb("act", verb, "primary"), Verb("", tr("ask.cancel"))])
        self._field = FormField(tr("password.password"), PasswordField())
        self.content.addWidget(self._field)
        self._field.editor.textChanged.connect(self._on_text)  # type: ignore[attr-defined]
        self._on_text()
        self._field.editor.setFocus()

    def password(self) -> str:
        """Return what was typed."""
        return str(self._field.value())

    def _on_text(self) -> None:
        self.buttons["act"].setEnabled(bool(self.password()))


class NewPasswordDialog(VerbDialog):
    """Asks for a new password twice; ``problem`` says what the rules find wrong with one, or ""."""

    def __init__(
        self, parent: QWidget | None, question: str, detail: str, problem: Callable[[str], str]
    ) -> None:
        verbs = [Verb("act", tr("password.set"), "primary"), Verb("", tr("ask.cancel"))]
        super().__init__(parent, question, detail, verbs)
        self._problem = problem
        self._first = FormField(tr("password.new"), PasswordField(), note=tr("password.rules"))
        self._second = FormField(tr("password.again"), PasswordField())
        for field in (self._first, self._second):
            self.content.addWidget(field)
            field.editor.textChanged.connect(self._on_text)  # type: ignore[attr-defined]
        self._on_text()
        self._first.editor.setFocus()

    def password(self) -> str:
        """Return the new password."""
        return str(self._first.value())

    def _on_text(self) -> None:
        first, second = self.password(), str(self._second.value())
        problem = self._problem(first) if first else ""
        self._first.set_error(problem)
        differs = bool(second) and first != second
        self._second.set_error(tr("password.differs") if differs else "")
        self.buttons["act"].setEnabled(bool(first) and not problem and first == second)


def ask_password(parent: QWidget | None, question: str, detail: str, verb: str) -> str | None:
    """Ask for the user's password; None when the user turned back."""
    dialog = PasswordDialog(parent, question, detail, verb)
    dialog.exec()
    return dialog.password() if dialog.answer == "act" else None


def ask_new_password(
    parent: QWidget | None, question: str, detail: str, problem: Callable[[str], str]
) -> str | None:
    """Ask for a new password twice; None when the user turned back."""
    dialog = NewPasswordDialog(parent, question, detail, problem)
    dialog.exec()
    return dialog.password() if dialog.answer == "act" else None
