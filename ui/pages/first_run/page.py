"""First run: five short steps from an empty folder to a profile with its administrator."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent, Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from desktop_app.domain.errors import AppError
from desktop_app.services.profile import FirstRun, NewInstitution
from ui.entrance import EntranceWindow
from ui.i18n import tr
from ui.messages import describe
from ui.pages.first_run.account_step import AccountStep
from ui.pages.first_run.code_step import CodeStep
from ui.pages.first_run.institution_step import InstitutionStep
from ui.tasks import TaskRunner
from ui.widgets.labels import button, label
from ui.widgets.steps import Stepper

CARD = 560
INSTITUTION, ADMIN, CODE, OFFICE, DONE = range(5)
STEP_KEYS = ("institution", "admin", "code", "office", "done")
SetUp = Callable[[NewInstitution, str, str, str], FirstRun]
AddOffice = Callable[[str, str, str], Any]


class FirstRunWindow(EntranceWindow):
    """``set_up`` makes the profile, ``add_office`` the office user (login, display, password).

    ``finished`` names the page to open ("" = the first one) and who goes in: login and password of the office user,
    both "" for the administrator.
    """

    finished = Signal(str, str, str)
    join_asked = Signal()
    """The institution is set up on another computer, and an invitation is at hand."""
    restore_asked = Signal()
    """The user has a backup of another computer, or of this one."""

    def __init__(self, tasks: TaskRunner, set_up: SetUp, add_office: AddOffice) -> None:
        super().__init__(tr("first_run.subtitle"), CARD)
        self._tasks = tasks
        self._set_up = set_up
        self._add_office = add_office
        self._office_account = ("", "")
        self.steps = Stepper([tr(f"first_run.step.{key}") for key in STEP_KEYS])
        self.steps.chosen.connect(self._on_step)
        self.card.addWidget(self.steps)
        self.institution = InstitutionStep()
        self.admin = AccountStep(tr("first_run.admin_detail"))
        self.code = CodeStep()
        self.office = AccountStep(tr("first_run.office_detail"))
        self._stack = QStackedWidget()
        for page in (self.institution, self.admin, self.code, self.office, self._done_page()):
            self._stack.addWidget(page)
        self.card.addWidget(self._stack)
        self.problem = label("", "", wrap=True, tone="wrong")
        self.problem.hide()
        self.card.addWidget(self.problem)
        self.back = button(tr("first_run.back"))
        self.skip = button(tr("first_run.skip"), "link")
        self.next = button("", "primary")
        self.next.setMinimumWidth(112)
        row = QHBoxLayout()
        row.setSpacing(8)
        self.restore = button(tr("first_run.restore"), "link")
        self.restore.clicked.connect(self.restore_asked)
        self.join = button(tr("joining.act_link"), "link")
        self.join.clicked.connect(self.join_asked)
        row.addWidget(self.join)
        row.addWidget(self.restore)
        row.addWidget(self.back)
        row.addStretch(1)
        row.addWidget(self.skip)
        row.addWidget(self.next)
        self.card.addLayout(row)
        self.back.clicked.connect(lambda: self._go(self.step() - 1))
        self.skip.clicked.connect(lambda: self._go(DONE))
        self.next.clicked.connect(self.go_on)
        for part in (self.institution, self.admin, self.code, self.office):
            part.changed.connect(self._draw)
        self._go(INSTITUTION)

    def step(self) -> int:
        """Return the number of the present step, from 0."""
        return self._stack.currentIndex()

    def go_on(self) -> None:
        """Do what the present step's button says."""
        step = self.step()
        if step == INSTITUTION:
            self._go(ADMIN)
        elif step == ADMIN:
            self._make_profile()
        elif step == CODE:
            self.code.forget()
            self._go(OFFICE)
        elif step == OFFICE:
            self._make_office()
        else:
            self.finished.emit("", "", "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.next.isEnabled():
            self.go_on()
        else:
            super().keyPressEvent(event)

    def _done_page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        self._done_title = label("", "heading")
        column.addWidget(self._done_title)
        column.addWidget(label(tr("first_run.done_detail"), wrap=True))
        self.roster = button(tr("first_run.import_roster"), "", "import")
        self.roster.clicked.connect(lambda: self.finished.emit("imports", *self._office_account))
        self._roster_note = label("", "secondary", wrap=True)
        column.addWidget(self.roster)
        column.addWidget(self._roster_note)
        column.addStretch(1)
        return page

    def _make_profile(self) -> None:
        institution, account = self.institution.institution(), self.admin.account()
        if institution is None or account is None:
            return
        self._set_busy(True)
        self._tasks.command(
            self, lambda: self._set_up(institution, *account), self._on_made, self._on_refused
        )

    def _make_office(self) -> None:
        account = self.office.account()
        if account is not None:
            self._set_busy(True)
            self._tasks.command(
                self, lambda: self._add_office(*account), lambda _made: self._on_office(), self._on_refused
            )

    def _on_made(self, made: FirstRun) -> None:
        self._set_busy(False)
        self.admin.forget_password()
        institution = self.institution.institution()
        name = institution.name if institution else ""
        self.code.show_code(made.recovery_code, name)
        self._done_title.setText(tr("first_run.done_title", institution=name))
        self._offer_import("" if institution is None or not institution.solo else tr("first_run.import_solo"))
        self._go(CODE)

    def _on_office(self) -> None:
        self._set_busy(False)
        account = self.office.account()
        if account is not None:
            login, display, password = account
            self._office_account = (login, password)
            self._offer_import(tr("first_run.import_office", name=display))
        self.office.forget_password()
        self._go(DONE)

    def _offer_import(self, note: str) -> None:
        self.roster.setVisible(bool(note))
        self._roster_note.setText(note or tr("first_run.import_later"))

    def _on_refused(self, error: AppError) -> None:
        self._set_busy(False)
        form = self.admin if self.step() == ADMIN else self.office
        if error.code.startswith(("PASSWORD_", "LOGIN_NAME")):
            form.show_problem(error)
        else:
            notice = describe(error)
            self.problem.setText(notice.text + notice.hint)
            self.problem.show()

    def _on_step(self, number: int) -> None:
        if self.step() <= ADMIN:
            self._go(number)

    def _go(self, step: int) -> None:
        self._stack.setCurrentIndex(step)
        for number in range(self._stack.count()):
            keep = QSizePolicy.Policy.Preferred if number == step else QSizePolicy.Policy.Ignored
            self._stack.widget(number).setSizePolicy(QSizePolicy.Policy.Preferred, keep)
        self.steps.set_current(step if step < DONE else len(STEP_KEYS))
        self.problem.hide()
        self.back.setVisible(step == ADMIN)
        self.restore.setVisible(step == INSTITUTION)
        self.join.setVisible(step == INSTITUTION)
        self.skip.setVisible(step == OFFICE)
        self._draw()
        page = self._stack.widget(step)
        first = getattr(page, "first_field", None)
        (first() if first is not None else self.next).setFocus()

    def _set_busy(self, busy: bool) -> None:
        self.card.parentWidget().setEnabled(not busy)
        self._draw()
        if busy:
            self.next.setText(tr("first_run.making"))

    def _draw(self) -> None:
        step = self.step()
        ready = {
            INSTITUTION: self.institution.institution() is not None,
            ADMIN: self.admin.account() is not None,
            CODE: self.code.confirmed(),
            OFFICE: self.office.account() is not None,
            DONE: True,
        }
        self.next.setText(tr(f"first_run.next.{STEP_KEYS[step]}"))
        self.next.setEnabled(ready[step])
