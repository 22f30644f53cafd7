"""The form of an account: who, which roles, which teacher, and a first password checked while typing."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QPushButton

from desktop_app.domain.errors import AppError
from desktop_app.domain.listings.people import TeacherListItem, UserListItem
from desktop_app.domain.passwords import password_problems
from desktop_app.domain.policy import MARKERS
from desktop_app.domain.trainees import parse_birth as parse_day
from desktop_app.domain.users import Role
from ui.dialogs.password import PasswordField
from ui.i18n import tr
from ui.messages import describe
from ui.navigation import PageContext
from ui.pages.users.table_model import state_text
from ui.widgets.form_field import FormField
from ui.widgets.form_panel import FormPanel, choice_box, text_line
from ui.widgets.labels import button, label
from ui.wording import role_text


class UserPanel(FormPanel):
    """New where ``present`` is None; the signals ask the page for what needs a question first."""

    saved = Signal(object)
    reset_asked = Signal()
    unlock_asked = Signal()
    disable_asked = Signal()

    def __init__(self, context: PageContext, present: UserListItem | None) -> None:
        super().__init__()
        self._context = context
        self._services = context.services
        self._present = present
        note = tr("users.login_note") if present is None else ""
        self.form.add_row(
            {
                "display": FormField(tr("users.display"), text_line(limit=40), required=True),
                "login": FormField(tr("users.login"), text_line(limit=32), required=True, note=note),
            }
        )
        self.form.add_heading(tr("users.roles"))
        roles = list(Role)
        for pair in (roles[:2], roles[2:4], roles[4:]):
            self.form.add_row({f"role_{role.value}": _role_field(role) for role in pair})
        self.apart_line = label("", "secondary", wrap=True, tone="waiting")
        self.form.edited.connect(self._say_apart)
        self._teacher = choice_box([], empty=tr("users.no_teacher"))
        if present is None:
            self._add_password()
            context.tasks.query(
                self, self._services.teachers.list_teachers, self._on_teachers, lambda _error: None
            )
            self.begin()
        else:
            self._show_present(present)
        self.roles_line = label("", "secondary", tone="wrong")
        self.column.addWidget(self.apart_line)
        self.column.addWidget(self.roles_line)
        self._say_apart()

    def foot(self) -> list[QPushButton]:
        """Return the buttons of the panel's foot."""
        if self._present is not None and self._present.disabled:
            return []
        return [self.make_save_button(tr("users.create") if self._present is None else "")]

    def draft(self) -> dict[str, object] | None:
        """Return what was typed, without the password: it is never kept."""
        kept = {name: value for name, value in self.changes().items() if name not in {"password", "again"}}
        return kept or None

    def roles(self) -> list[Role]:
        """Return the roles that are ticked."""
        values = self.form.values()
        return [role for role in Role if values[f"role_{role.value}"]]

    def check(self) -> None:
        values = self.form.values()
        if self._present is None:
            problems = password_problems(values["password"], (values["login"], values["display"]))
            wrong = describe(problems[0]).text if values["password"] and problems else ""
            self.form.fields["password"].set_error(wrong)
            differs = bool(values["again"]) and values["again"] != values["password"]
            self.form.fields["again"].set_error(tr("password.differs") if differs else "")
            self.form.fields["until"].set_error(self._until_problem(values["until"]))
        if self.roles():
            self.roles_line.setText("")

    def save(self) -> None:
        values = self.form.values()
        if not self.roles():
            self.roles_line.setText(tr("users.role_missing"))
            return
        self.check()
        if self._present is None and values["password"] != values["again"]:
            self.form.fields["again"].set_error(tr("password.differs"))
            return
        if self._present is None and self._until_problem(values["until"]):
            return
        run = self._creator() if self._present is None else self._editor(self._present)
        self._context.tasks.command(self, run, self._on_saved, self._on_refused)

    def _creator(self) -> Callable[[], bytes]:
        values, roles, accounts = self.form.values(), self.roles(), self._services.accounts
        teacher = bytes.fromhex(values["teacher_id"]) or None
        until = parse_day(values["until"])

        def run() -> bytes:
            made = accounts.add_user(
                values["login"],
                values["display"],
                roles,
                values["password"],
                teacher_id=teacher,
                until=until,
            )
            return bytes(made)

        return run

    def _editor(self, present: UserListItem) -> Callable[[], bytes]:
        accounts, roles = self._services.accounts, self.roles()

        def run() -> bytes:
            accounts.change_roles(present.id, roles)
            return present.id

        return run

    def _add_password(self) -> None:
        teacher = FormField(tr("users.teacher"), self._teacher, note=tr("users.teacher_note"))
        self.form.add("teacher_id", teacher)
        day = text_line(tr("form.day_example"), limit=12)
        self.form.add("until", FormField(tr("users.until"), day, note=tr("users.until_note")))
        self.form.add_heading(tr("users.first_password"))
        self.form.add(
            "password", FormField(tr("password.password"), PasswordField(), note=tr("password.rules"))
        )
        self.form.add("again", FormField(tr("password.again"), PasswordField()))
        self.form.edited.connect(self.check)

    def _show_present(self, present: UserListItem) -> None:
        self.load(
            {
                "display": present.display,
                "login": present.login,
                **{f"role_{role.value}": role in present.roles for role in Role},
            }
        )
        self.set_read_only({"display", "login"})
        if present.until is not None or present.advises:
            today = self._services.context.today()
            parts = [state_text(present, today)] if present.until is not None else []
            parts += [tr("users.advises_line", count=present.advises)] if present.advises else []
            self.column.addWidget(label(tr("wording.and").join(parts), "facts", wrap=True))
        if present.disabled:
            self.set_read_only()
            return
        row = QHBoxLayout()
        row.setSpacing(8)
        for text, signal, kind in (
            ("users.reset" if present.has_slot else "users.admit", self.reset_asked, ""),
            ("users.unlock", self.unlock_asked, ""),
            ("users.disable", self.disable_asked, "danger"),
        ):
            made = button(tr(text), kind)
            made.clicked.connect(signal)
            row.addWidget(made)
        row.addStretch(1)
        self.column.addLayout(row)

    def _until_problem(self, text: str) -> str:
        day = parse_day(text)
        if not text or (day is not None and day >= self._services.context.today()):
            return ""
        if day is None:
            return tr("form.day_wrong")
        return describe(AppError("ACCOUNT_ENDS_BEFORE", until=day.isoformat())).text

    def _say_apart(self) -> None:
        """Say what a head who also enters cannot do (不相容职责)."""
        chosen, actor = set(self.roles()), self._services.context.actor
        waived = actor is not None and actor.solo
        apart = not waived and Role.HEAD in chosen and not chosen.isdisjoint(MARKERS)
        self.apart_line.setText(tr("users.apart") if apart else "")
        self.apart_line.setVisible(apart)

    def _on_teachers(self, teachers: Sequence[TeacherListItem]) -> None:
        for item in teachers:
            if item.login is None:
                self._teacher.addItem(item.name, item.id.hex())
        self.refresh({})

    def _on_saved(self, user_id: bytes) -> None:
        self.begin()
        self.saved.emit(user_id)

    def _on_refused(self, error: AppError) -> None:
        place = "login" if error.code.startswith("LOGIN_NAME") else ""
        place = "password" if error.code.startswith("PASSWORD_") else place
        place = "until" if error.code == "ACCOUNT_ENDS_BEFORE" else place
        if place and place in self.form.fields:
            self.form.show_field_errors({place: describe(error).text})
        elif error.code == "LAST_ADMIN":
            self.roles_line.setText(describe(error).text)
        else:
            self._context.messages.report(self, error)


def _role_field(role: Role) -> FormField:
    return FormField("", QCheckBox(role_text(role)), note=tr(f"role_note.{role.value}"))
