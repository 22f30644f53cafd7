"""Who works here: user and password, unlocking, and the way back in with the recovery code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from desktop_app.domain.errors import AppError
from desktop_app.domain.passwords import password_problems
from ui.dialogs.password import PasswordField
from ui.entrance import EntranceWindow, LoginPasswordField
from ui.i18n import tr
from ui.messages import describe
from ui.pages.login.restore_form import RestoreForm
from ui.restore_acts import RestoreActs
from ui.tasks import TaskRunner
from ui.widgets.form_field import FormField
from ui.widgets.form_panel import text_line
from ui.widgets.labels import button, label, restyle

CARD = 400
RESTORABLE = frozenset({"KEY_FILE_MISSING", "KEY_FILE_DAMAGED", "STORE_MISSING", "STORE_DAMAGED"})
"""What a backup mends: the way to one is shown first."""


class LoginWindow(EntranceWindow):
    """``enter(login, password)`` opens the profile off the window's thread; ``entered`` follows when it did.

    ``locked_user`` is the only one who may go on where the window is locked; "" at the start.
    """

    entered = Signal()
    switch_asked = Signal()
    clock_confirmed = Signal()
    """The user says that this computer's date is right; the attempt that was refused for it follows at once."""
    join_asked = Signal()
    """Joining an institution was broken off here; it goes on with the same invitation."""
    restore_left = Signal()
    """The restore form was left without a restore."""

    def __init__(
        self,
        tasks: TaskRunner,
        profile: str,
        enter: Callable[[str, str], Any],
        enter_with_code: Callable[[str, str, str], Any],
        *,
        last_user: str = "",
        locked_user: str = "",
        locked_name: str = "",
        restore: RestoreActs | None = None,
        trouble: AppError | None = None,
    ) -> None:
        super().__init__(tr("login.profile", profile=profile), CARD)
        self._tasks = tasks
        self._enter = enter
        self._enter_with_code = enter_with_code
        self._locked = bool(locked_user)
        self.user = FormField(tr("login.user"), text_line(limit=32))
        self.password = FormField(tr("login.password"), LoginPasswordField())
        self.caps = label(tr("login.caps"), "secondary", tone="waiting")
        self.caps.hide()
        self.problem = label("", "", wrap=True, tone="wrong")
        self.problem.hide()
        self._sign_in = QWidget()
        self._lay_out_sign_in(locked_name)
        self.card.addWidget(self._sign_in)
        self._recovery = RecoveryForm()
        self._recovery.hide()
        self._recovery.asked.connect(self._use_code)
        self._recovery.back.connect(self._show_sign_in)
        self.card.addWidget(self._recovery)
        self.clock = button(tr("login.clock_right"), "", "clock")
        self.clock.clicked.connect(self._on_clock_right)
        self.clock.hide()
        self.card.addWidget(self.clock)
        self.restore = button(tr("login.restore"), "link", "")
        self.restore.clicked.connect(self.show_restore)
        self.restore.setVisible(restore is not None and not self._locked)
        self.card.addWidget(self.restore, 0, Qt.AlignmentFlag.AlignLeft)
        self.restoring = None if restore is None else RestoreForm(tasks, restore)
        if self.restoring is not None:
            self.restoring.hide()
            self.restoring.back.connect(self._on_restore_left)
            self.restoring.restored.connect(self.entered)
            self.card.addWidget(self.restoring)
        self.user.set_value(locked_user or last_user)
        self._trouble = trouble
        if trouble is not None:
            self._show_trouble(trouble)
        self._draw()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._trouble is not None:
            self.restore.setFocus()
        else:
            (self.password if self.user.value() else self.user).editor.setFocus()

    def sign_in(self) -> None:
        """Try what is typed."""
        login, password = str(self.user.value()), str(self.password.value())
        if not login or not password:
            (self.user if not login else self.password).editor.setFocus()
            return
        self._set_busy(True)
        if self._locked:  # unlocking changes nothing: it does not wait behind an import
            self._tasks.query(self, lambda: self._enter(login, password), self._on_entered, self._on_refused)
        else:
            self._tasks.command(
                self, lambda: self._enter(login, password), self._on_entered, self._on_refused
            )

    def show_recovery(self) -> None:
        """Show the form of the recovery code."""
        self._sign_in.hide()
        self.clock.hide()
        self._recovery.begin(str(self.user.value()))
        self._recovery.show()

    def show_restore(self) -> None:
        """Show the form that puts a backup in place."""
        if self.restoring is not None:
            for part in (self._sign_in, self._recovery, self.clock, self.restore):
                part.hide()
            self.restoring.begin(str(self.user.value()))
            self.restoring.show()

    def _show_trouble(self, trouble: AppError) -> None:
        """Say what keeps everybody out; only a restore is offered, never a first run over what is there."""
        notice = describe(trouble)
        self.title.setText(tr("login.trouble_title"))
        self.problem.setText(f"{notice.text}{notice.hint}")
        self.problem.show()
        for part in (self.user, self.password, self.other, self.act):
            part.hide()
        restyle(self.restore, kind="primary")

    def _on_restore_left(self) -> None:
        if self.restoring is not None:
            self.restoring.clear()
            self.restoring.hide()
        self.restore.show()
        self._sign_in.show()
        self.restore_left.emit()

    def recovery(self) -> RecoveryForm:
        """Return the form of the recovery code."""
        return self._recovery

    def _lay_out_sign_in(self, locked_name: str) -> None:
        column = QVBoxLayout(self._sign_in)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        title = tr("login.locked_title", name=locked_name) if self._locked else tr("login.title")
        self.title = label(title, "heading")
        column.addWidget(self.title)
        if self._locked:
            column.addWidget(label(tr("login.locked_detail"), "facts", wrap=True))
        for widget in (self.user, self.password, self.caps, self.problem):
            column.addWidget(widget)
        self.user.setVisible(not self._locked)
        editor = self.password.editor
        assert isinstance(editor, LoginPasswordField)
        editor.caps.connect(self.caps.setVisible)
        editor.textEdited.connect(lambda _text: self._draw())
        editor.returnPressed.connect(self.sign_in)
        user = self.user.editor
        assert isinstance(user, QLineEdit)
        user.textEdited.connect(lambda _text: self._draw())
        user.returnPressed.connect(editor.setFocus)
        self.act = button(tr("login.unlock") if self._locked else tr("login.act"), "primary")
        self.act.setMinimumWidth(112)
        self.act.clicked.connect(self.sign_in)
        row = QHBoxLayout()
        row.setSpacing(4)
        self.other = button(tr("login.switch") if self._locked else tr("login.forgot"), "link")
        self.other.clicked.connect(self.switch_asked if self._locked else self.show_recovery)
        row.addWidget(self.other)
        row.addStretch(1)
        row.addWidget(self.act)
        column.addLayout(row)

    def _use_code(self, login: str, code: str, password: str) -> None:
        self._set_busy(True)
        self._tasks.command(
            self,
            lambda: self._enter_with_code(login, code, password),
            self._on_entered,
            self._on_code_refused,
        )

    def _show_sign_in(self) -> None:
        self._recovery.hide()
        self.clock.hide()
        self._sign_in.show()
        self.password.editor.setFocus()

    def _on_entered(self, _value: object) -> None:
        self._set_busy(False)
        self.password.set_value("")
        self._recovery.clear()
        self.entered.emit()

    def _on_refused(self, error: AppError) -> None:
        self._set_busy(False)
        if not self._ask_clock(error):
            self.password.set_value("")
        self.problem.setText(describe(error).text + describe(error).hint)
        self.problem.show()
        self.password.editor.setFocus()
        if error.code == "JOIN_UNFINISHED":
            self.join_asked.emit()
        if error.code in RESTORABLE:
            restyle(self.restore, kind="primary")
        self._draw()

    def _on_code_refused(self, error: AppError) -> None:
        self._set_busy(False)
        self._ask_clock(error)
        self._recovery.show_problem(error)

    def _ask_clock(self, error: AppError) -> bool:
        """Offer to confirm the date where it is all that stands in the way; what was typed stays."""
        behind = error.code == "CLOCK_BEHIND"
        self.clock.setVisible(behind)
        return behind

    def _on_clock_right(self) -> None:
        self.clock.hide()
        self.clock_confirmed.emit()
        if self._recovery.isHidden():
            self.sign_in()
        else:
            self._recovery.act.click()

    def _set_busy(self, busy: bool) -> None:
        self._sign_in.setEnabled(not busy)
        self._recovery.setEnabled(not busy)
        self.act.setText(
            tr("login.opening") if busy else tr("login.unlock") if self._locked else tr("login.act")
        )

    def _draw(self) -> None:
        self.act.setEnabled(bool(self.user.value()) and bool(str(self.password.value())))


class RecoveryForm(QWidget):
    """Login name, recovery code, and a new password twice."""

    asked = Signal(str, str, str)
    back = Signal()

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(label(tr("recovery.title"), "heading"))
        column.addWidget(label(tr("recovery.detail"), "facts", wrap=True))
        self.user = FormField(tr("login.user"), text_line(limit=32))
        self.code = FormField(
            tr("recovery.code"), text_line("XXXX-XXXX-XXXX-XXXX-XXXX-XXXX-XXXX-XXXX", limit=60)
        )
        self.first = FormField(tr("password.new"), PasswordField(), note=tr("password.rules"))
        self.second = FormField(tr("password.again"), PasswordField())
        for field in (self.user, self.code, self.first, self.second):
            column.addWidget(field)
            assert isinstance(field.editor, QLineEdit)
            field.editor.textEdited.connect(lambda _text: self._check())
        row = QHBoxLayout()
        leave = button(tr("recovery.back"), "link")
        leave.clicked.connect(self.back)
        self.act = button(tr("recovery.act"), "primary")
        self.act.clicked.connect(
            lambda: self.asked.emit(str(self.user.value()), str(self.code.value()), str(self.first.value()))
        )
        row.addWidget(leave)
        row.addStretch(1)
        row.addWidget(self.act)
        column.addLayout(row)
        self._check()

    def begin(self, login: str) -> None:
        """Show the form for a login name."""
        self.user.set_value(login)
        (self.code if login else self.user).editor.setFocus()
        self._check()

    def clear(self) -> None:
        """Forget what was typed."""
        for field in (self.code, self.first, self.second):
            field.set_value("")

    def show_problem(self, error: AppError) -> None:
        """Say what was wrong beside the field it is about."""
        field = self.first if error.code.startswith("PASSWORD_") else self.code
        if error.code.startswith("LOGIN") or error.code == "USER_DISABLED":
            field = self.user
        field.set_error(describe(error).text)

    def _check(self) -> None:
        login, password = str(self.user.value()), str(self.first.value())
        problems = password_problems(password, (login,)) if password else ()
        self.first.set_error(describe(problems[0]).text if problems else "")
        differs = bool(str(self.second.value())) and str(self.second.value()) != password
        self.second.set_error(tr("password.differs") if differs else "")
        self.code.set_error("")
        ready = bool(
            login and self.code.value() and password and not problems and str(self.second.value()) == password
        )
        self.act.setEnabled(ready)
