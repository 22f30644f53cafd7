"""Choose a backup, open it with a key of its moment, see what would be lost, and put it in place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QRadioButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop_app.domain.errors import AppError
from desktop_app.domain.passwords import password_problems
from ui.dialogs.ask import Verb, ask
from ui.dialogs.password import PasswordField
from ui.i18n import tr
from ui.messages import describe
from ui.restore_acts import BackupKey, RestoreActs
from ui.tasks import TaskRunner, Ticket
from ui.widgets.busy import ProgressLine
from ui.widgets.form_field import FormField
from ui.widgets.form_panel import text_line
from ui.widgets.labels import button, clear, label
from ui.wording import moment_text

if TYPE_CHECKING:
    from desktop_app.services.restore import KeptBackup, PreparedRestore

LIST_HEIGHT, LINE_HEIGHT = 152, 28
MEGABYTE = 1_000_000


class RestoreForm(QWidget):
    """``restored`` follows when the backup is in place and its user logged in; ``back`` leaves things as they are."""

    restored = Signal()
    back = Signal()

    def __init__(self, tasks: TaskRunner, acts: RestoreActs) -> None:
        super().__init__()
        self._tasks, self._acts = tasks, acts
        self._found: list[KeptBackup] = []
        self._ticket: Ticket | None = None
        self._by_code = False
        self.ask: Callable[..., str] = ask
        self.choose_file: Callable[[], Path | None] = self._ask_file
        self.group = QButtonGroup(self)
        self._lay_out()
        self._draw()

    def begin(self, login: str) -> None:
        """Show the form for a login name, with the automatic backups of the profile."""
        self.user.set_value(login)
        self._tasks.query(self, self._acts.kept, self._show_kept, self._on_refused)
        (self.password if login else self.user).editor.setFocus()
        self._draw()

    def clear(self) -> None:
        """Forget what was typed."""
        for field in (self.password, self.fresh, self.again, self.code):
            field.set_value("")

    def chosen(self) -> KeptBackup | None:
        """Return the backup that is chosen."""
        number = self.group.checkedId()
        return self._found[number] if 0 <= number < len(self._found) else None

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(label(tr("restore.title"), "heading"))
        column.addWidget(label(tr("restore.detail"), "facts", wrap=True))
        holder = QWidget()
        self._list = QVBoxLayout(holder)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(4)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll = scroll
        scroll.setWidget(holder)
        holder.setProperty("ground", "surface")
        column.addWidget(scroll)
        self.other = button(tr("restore.other_file"), "", "import")
        self.other.clicked.connect(self._on_other)
        row = QHBoxLayout()
        row.addWidget(self.other)
        row.addStretch(1)
        column.addLayout(row)
        self.user = FormField(tr("login.user"), text_line(limit=32))
        self.code = FormField(tr("recovery.code"), text_line("XXXX-XXXX-…", limit=60))
        self.password = FormField(tr("restore.password"), PasswordField(), note=tr("restore.password_note"))
        self.fresh = FormField(tr("password.new"), PasswordField(), note=tr("password.rules"))
        self.again = FormField(tr("password.again"), PasswordField())
        for field in (self.user, self.code, self.password, self.fresh, self.again):
            column.addWidget(field)
            assert isinstance(field.editor, QLineEdit)
            field.editor.textEdited.connect(lambda _text: self._draw())
            field.editor.returnPressed.connect(self.check)
        self.way = button("", "link")
        self.way.clicked.connect(self._on_way)
        column.addWidget(self.way)
        self.progress = ProgressLine()
        self.progress.cancelled.connect(self._on_cancelled)
        column.addWidget(self.progress)
        self.problem = label("", "", wrap=True, tone="wrong")
        self.problem.hide()
        column.addWidget(self.problem)
        foot = QHBoxLayout()
        self.leave = button(tr("restore.back"), "link")
        self.leave.clicked.connect(self.back)
        self.act = button(tr("restore.check"), "primary")
        self.act.clicked.connect(self.check)
        foot.addWidget(self.leave)
        foot.addStretch(1)
        foot.addWidget(self.act)
        column.addLayout(foot)

    def check(self) -> None:
        """Unpack and check the chosen backup beside the present data, which stay as they are."""
        chosen, key = self.chosen(), self._key()
        if chosen is None or key is None:
            return
        self._set_busy(True)
        self.progress.start(tr("restore.unpacking"))
        self._ticket = self._tasks.work(
            self,
            lambda progress, cancel: self._acts.prepare(chosen.file, key, progress, cancel),
            lambda prepared: self._on_prepared(prepared, key),
            self._on_refused,
            self._on_progress,
        )

    def _key(self) -> BackupKey | None:
        """Return what was typed, None while something is missing or wrong."""
        login = str(self.user.value())
        if not self._by_code:
            password = str(self.password.value())
            return BackupKey(login, password) if login and password else None
        code, password = str(self.code.value()), str(self.fresh.value())
        problems = password_problems(password, (login,)) if password else ()
        self.fresh.set_error(describe(problems[0]).text if problems else "")
        differs = bool(str(self.again.value())) and str(self.again.value()) != password
        self.again.set_error(tr("password.differs") if differs else "")
        ready = login and code and password and not problems and str(self.again.value()) == password
        return BackupKey(login, password, code) if ready else None

    def _show_kept(self, found: Sequence[KeptBackup]) -> None:
        self._found = [*[one for one in self._found if not one.kind], *found]
        self._draw_list(0)

    def _draw_list(self, checked: int) -> None:
        for old in self.group.buttons():
            self.group.removeButton(old)
        clear(self._list)
        for number, one in enumerate(self._found):
            kind = tr(f"restore.kind.{one.kind}") if one.kind else one.file.name
            size = tr("restore.size", size=f"{one.size / MEGABYTE:,.1f}")
            made = QRadioButton(tr("restore.item", at=moment_text(one.created_at), kind=kind, size=size))
            made.setChecked(number == checked)
            self.group.addButton(made, number)
            self._list.addWidget(made)
        if not self._found:
            self._list.addWidget(label(tr("restore.none"), "secondary", wrap=True))
        self._scroll.setFixedHeight(min(LIST_HEIGHT, LINE_HEIGHT * max(1, len(self._found))))
        self._draw()

    def _on_other(self) -> None:
        file = self.choose_file()
        if file is not None:
            self._tasks.query(self, lambda: self._acts.look_into(file), self._on_looked, self._on_refused)

    def _on_looked(self, found: KeptBackup) -> None:
        self.problem.hide()
        self._found = [found, *[one for one in self._found if one.file != found.file]]
        self._draw_list(0)

    def _ask_file(self) -> Path | None:
        name, _kind = QFileDialog.getOpenFileName(
            self.window(), tr("restore.choose"), str(Path.home()), tr("restore.files")
        )
        return Path(name) if name else None

    def _on_way(self) -> None:
        self._by_code = not self._by_code
        self.clear()
        self._draw()

    def _on_progress(self, done: int, total: int, text_key: str = "", /) -> None:
        self.progress.show_progress(done // MEGABYTE, -(-total // MEGABYTE), text_key)

    def _on_cancelled(self) -> None:
        if self._ticket is not None:
            self._ticket.cancel()

    def _on_prepared(self, prepared: PreparedRestore, key: BackupKey) -> None:
        self.progress.finish()
        at = moment_text(prepared.created_at)
        verbs = [Verb("restore", tr("restore.act", at=at), "danger"), Verb("", tr("ask.cancel"))]
        if self.ask(self.window(), tr("restore.question", at=at), loss_text(prepared), verbs) != "restore":
            self._tasks.work(self, lambda _progress, _cancel: prepared.abandon())
            self._set_busy(False)
            return
        self._tasks.command(
            self, lambda: self._acts.carry_out(prepared, key), lambda _none: self._on_done(), self._on_refused
        )

    def _on_done(self) -> None:
        self._set_busy(False)
        self.clear()
        self.restored.emit()

    def _on_refused(self, error: AppError) -> None:
        self.progress.finish()
        self._set_busy(False)
        if error.code == "CANCELLED":
            self.problem.hide()
            return
        notice = describe(error)
        self.problem.setText(f"{notice.text}{notice.hint}")
        self.problem.show()

    def _set_busy(self, busy: bool) -> None:
        fields = (self.user, self.code, self.password, self.fresh, self.again)
        for part in (*fields, self.way, self.other, self.leave, self.act):
            part.setEnabled(not busy)
        for made in self.group.buttons():
            made.setEnabled(not busy)
        if busy:
            self.problem.hide()
        else:
            self._draw()

    def _draw(self) -> None:
        self.code.setVisible(self._by_code)
        self.password.setVisible(not self._by_code)
        self.fresh.setVisible(self._by_code)
        self.again.setVisible(self._by_code)
        self.way.setText(tr("restore.by_password" if self._by_code else "restore.by_code"))
        self.act.setEnabled(self.chosen() is not None and self._key() is not None)


def loss_text(prepared: PreparedRestore) -> str:
    """Say what the present data hold that the backup does not, and that nothing is deleted."""
    later = prepared.later
    if later is None:
        lost = tr("restore.lost_unknown")
    elif later.entries == 0 or later.last_at is None:
        lost = tr("restore.lost_nothing")
    else:
        lost = tr("restore.lost", count=later.entries, at=moment_text(later.last_at))
    return lost + tr("restore.kept")
