"""An account with its password: the rules are ticked off while typing."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from desktop_app.domain.errors import AppError
from desktop_app.domain.passwords import MIN_LENGTH, password_problems
from desktop_app.domain.users import check_login
from ui.dialogs.password import PasswordField
from ui.i18n import tr
from ui.messages import describe
from ui.widgets.form_field import FormField
from ui.widgets.form_panel import text_line
from ui.widgets.labels import label, restyle

RULES = ("length", "kinds", "name")
CODES = {"PASSWORD_SHORT": "length", "PASSWORD_LONG": "length", "PASSWORD_KINDS": "kinds", "PASSWORD_NAME": "name",
         "PASSWORD_CONTROL": "kinds"}  # fmt: skip


class AccountStep(QWidget):
    """``account`` is (login, display, password), None where something is missing or wrong."""

    changed = Signal()

    def __init__(self, detail: str) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(label(detail, "facts", wrap=True))
        self.display = FormField(tr("users.display"), text_line(limit=40), required=True)
        self.login = FormField(
            tr("users.login"), text_line(limit=32), required=True, note=tr("users.login_note")
        )
        self.password = FormField(tr("password.password"), PasswordField(), required=True)
        self.again = FormField(tr("password.again"), PasswordField(), required=True)
        for field in (self.display, self.login, self.password):
            column.addWidget(field)
        self._rules: dict[str, QLabel] = {}
        rules = QVBoxLayout()
        rules.setSpacing(2)
        for rule in RULES:
            self._rules[rule] = label("", "secondary")
            rules.addWidget(self._rules[rule])
        column.addLayout(rules)
        column.addWidget(self.again)
        column.addStretch(1)
        for field in (self.display, self.login, self.password, self.again):
            assert isinstance(field.editor, QLineEdit)
            field.editor.textEdited.connect(lambda _text: self._on_edited())
        self._draw_rules()

    def account(self) -> tuple[str, str, str] | None:
        """Return login, display and password."""
        login, display, password = (
            str(self.login.value()),
            str(self.display.value()),
            str(self.password.value()),
        )
        if not display or self._login_problem() or not password or password != str(self.again.value()):
            return None
        return None if password_problems(password, (login, display)) else (login, display, password)

    def first_field(self) -> QWidget:
        """Return where typing begins."""
        return self.display.editor

    def show_problem(self, error: AppError) -> None:
        """Say what the service refused beside its field."""
        field = self.password if error.code.startswith("PASSWORD_") else self.login
        field.set_error(describe(error).text)

    def forget_password(self) -> None:
        """Drop the password once it is used."""
        self.password.set_value("")
        self.again.set_value("")

    def _login_problem(self) -> AppError | None:
        try:
            check_login(str(self.login.value()))
        except AppError as error:
            return error
        return None

    def _on_edited(self) -> None:
        wrong = self._login_problem() if len(str(self.login.value())) > 1 else None
        self.login.set_error(describe(wrong).text if wrong else "")
        self.password.set_error("")
        differs = bool(str(self.again.value())) and str(self.again.value()) != str(self.password.value())
        self.again.set_error(tr("password.differs") if differs else "")
        self._draw_rules()
        self.changed.emit()

    def _draw_rules(self) -> None:
        password = str(self.password.value())
        problems = password_problems(password, (str(self.login.value()), str(self.display.value())))
        broken = {CODES[error.code] for error in problems}
        for rule, line in self._rules.items():
            good = bool(password) and rule not in broken
            sign = "✓" if good else "○"
            line.setText(f"{sign} {tr(f'password_rule.{rule}', limit=MIN_LENGTH)}")
            restyle(line, tone="done" if good else "")
