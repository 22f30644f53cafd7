"""加入已有机构: code and way, the journal taken in with progress, the recovery code, and in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent, Qt
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop_app.domain.errors import AppError
from desktop_app.services.devices import Joined
from ui.dialogs.password import PasswordField
from ui.entrance import EntranceWindow
from ui.i18n import tr
from ui.messages import describe
from ui.pages.first_run.code_step import CodeStep
from ui.tasks import TaskRunner, Ticket
from ui.widgets.busy import ProgressLine
from ui.widgets.form_field import FormField
from ui.widgets.form_panel import text_line
from ui.widgets.labels import button, label

CARD = 560
FORM, CODE = range(2)
ENDING = "tpinvite"
Join = Callable[..., Joined]
"""``Joining.join`` of the profile that is empty."""
_BESIDE = {
    "INVITATION_CODE_WRONG": "code",
    "INVITATION_UNKNOWN": "code",
    "INVITATION_USED": "code",
    "INVITATION_EXPIRED": "code",
    "INVITATION_OF_OTHER": "login",
    "LOGIN_NAME_INVALID": "login",
    "LOGIN_WRONG": "password",
    "RELAY_URL": "relay",
    "RELAY_NEEDED": "relay",
    "SHELF_UNREACHABLE": "relay",
}


class JoinWindow(EntranceWindow):
    """``finished`` once the recovery code is written down; the administrator is logged in by then.

    A joining that was broken off goes on with the same invitation, name and password.
    """

    finished = Signal()
    left = Signal()
    """The user wants no join after all."""

    def __init__(self, tasks: TaskRunner, join: Join) -> None:
        super().__init__(tr("joining.subtitle"), CARD)
        self._tasks, self._join = tasks, join
        self._file: Path | None = None
        self._ticket: Ticket | None = None
        self._code = CodeStep()
        self._stack = QStackedWidget()
        self._stack.addWidget(self._form())
        self._stack.addWidget(self._code)
        self.card.addWidget(self._stack)
        self.progress = ProgressLine()
        self.progress.cancelled.connect(self._on_cancelled)
        self.card.addWidget(self.progress)
        self.problem = label("", "", wrap=True, tone="wrong")
        self.problem.hide()
        self.card.addWidget(self.problem)
        self.back = button(tr("joining.back"), "link")
        self.back.clicked.connect(self.left)
        self.next = button("", "primary")
        self.next.setMinimumWidth(112)
        self.next.clicked.connect(self.go_on)
        row = QHBoxLayout()
        row.addWidget(self.back)
        row.addStretch(1)
        row.addWidget(self.next)
        self.card.addLayout(row)
        self._code.changed.connect(self._draw)
        self._draw()
        self.code.editor.setFocus()

    def go_on(self) -> None:
        """Do what the button says."""
        if self._stack.currentIndex() == CODE:
            self._code.forget()
            self.finished.emit()
        else:
            self._begin()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.next.isEnabled():
            self.go_on()
        else:
            super().keyPressEvent(event)

    def choose_file(self) -> None:
        """Ask for the invitation file."""
        kinds = f"{tr('sharing.invitation_file')} (*.{ENDING});;{tr('sync.file_any')} (*)"
        chosen, _kind = QFileDialog.getOpenFileName(self, tr("joining.choose_file"), str(Path.home()), kinds)
        if chosen:
            self._file = Path(chosen)
            self._file_name.setText(self._file.name)
            self._draw()

    def _form(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(label(tr("joining.detail"), "facts", wrap=True))
        self.code = FormField(tr("joining.code"), text_line("XXXX-XXXX-…", limit=60), required=True)
        self.relay = FormField(
            tr("sharing.relay"), text_line(tr("sharing.relay_example")), note=tr("joining.relay_note")
        )
        self.login = FormField(
            tr("users.login"), text_line(limit=32), required=True, note=tr("joining.login_note")
        )
        self.password = FormField(
            tr("joining.password"), PasswordField(), required=True, note=tr("password.rules")
        )
        self.again = FormField(tr("password.again"), PasswordField(), required=True)
        self._file_name = label("", "secondary")
        browse = button(tr("joining.choose_file"), "", "import")
        browse.clicked.connect(self.choose_file)
        files = QHBoxLayout()
        files.addWidget(browse)
        files.addWidget(self._file_name, 1)
        column.addWidget(self.code)
        column.addWidget(self.relay)
        column.addLayout(files)
        for field in (self.login, self.password, self.again):
            column.addWidget(field)
        column.addStretch(1)
        self._fields = {
            "code": self.code,
            "relay": self.relay,
            "login": self.login,
            "password": self.password,
            "again": self.again,
        }
        for field in self._fields.values():
            field.edited.connect(self._on_edited)
        return page

    def _begin(self) -> None:
        values = {
            name: str(field.value()).strip() for name, field in self._fields.items() if name != "password"
        }
        password = str(self.password.value())
        relay, file = values["relay"] or None, self._file
        self._set_busy(True)
        self.progress.start(tr("joining.running"))

        def join(progress: Any, cancel: Any) -> Joined:  # noqa: ANN401 - of services.ports
            return self._join(
                values["login"],
                password,
                values["code"],
                relay=relay,
                file=file,
                progress=progress,
                cancel=cancel,
            )

        self._ticket = self._tasks.work(
            self, join, self._on_joined, self._on_refused, self.progress.show_progress
        )

    def _on_cancelled(self) -> None:
        if self._ticket is not None:
            self._ticket.cancel()

    def _on_joined(self, joined: Joined) -> None:
        self._set_busy(False)
        for field in (self.password, self.again):
            field.set_value("")
        self._code.show_code(joined.recovery_code, joined.institution)
        self.subtitle.setText(tr("joining.joined", institution=joined.institution, count=joined.entries))
        self._stack.setCurrentIndex(CODE)
        self.back.hide()
        self._draw()
        self._code.first_field().setFocus()

    def _on_refused(self, error: AppError) -> None:
        self._set_busy(False)
        notice = describe(error)
        field = "password" if error.code.startswith("PASSWORD_") else _BESIDE.get(error.code)
        if field is not None:
            self._fields[field].set_error(notice.text + notice.hint)
        else:
            broken_off = error.code == "CANCELLED"
            self.problem.setText(tr("joining.broken_off") if broken_off else notice.text + notice.hint)
            self.problem.show()
        self._draw()

    def _on_edited(self) -> None:
        for field in self._fields.values():
            field.set_error("")
        differs = bool(self.again.value()) and self.again.value() != self.password.value()
        self.again.set_error(tr("password.differs") if differs else "")
        self._draw()

    def _set_busy(self, busy: bool) -> None:
        self._stack.setEnabled(not busy)
        self.back.setEnabled(not busy)
        self.next.setEnabled(not busy)
        self.problem.hide()
        if not busy:
            self.progress.finish()

    def _draw(self) -> None:
        if self._stack.currentIndex() == CODE:
            self.next.setText(tr("joining.enter"))
            self.next.setEnabled(self._code.confirmed())
            return
        self.next.setText(tr("joining.act"))
        filled = all(str(self._fields[name].value()) for name in ("code", "login", "password", "again"))
        way = bool(str(self.relay.value())) or self._file is not None
        self.next.setEnabled(filled and way and self.password.value() == self.again.value())
