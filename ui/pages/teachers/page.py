"""教师: who teaches how much; office staff keep the records, an administrator links the account."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QPushButton

from desktop_app.domain.errors import AppError
from desktop_app.domain.listings.people import TeacherListItem, UserListItem
from desktop_app.domain.pinyin import initials
from ui.i18n import tr
from ui.messages import describe
from ui.navigation import PageContext
from ui.pages.teachers.proofs import TeacherProofs
from ui.pages.teachers.table_model import QUALITIES, teacher_table_model
from ui.panel_page import ListPage
from ui.widgets.data_table import RowAction
from ui.widgets.empty_state import EmptyState
from ui.widgets.form_field import FormField
from ui.widgets.form_panel import FormPanel, choice_box, text_line
from ui.widgets.labels import label
from ui.widgets.page import Crumb

FULL_TIME, PART_TIME = "full_time", "part_time"


class TeachersPage(ListPage[TeacherListItem]):
    """``open(teacher_id=…)`` is not needed: nothing leads to one teacher."""

    def __init__(self, context: PageContext) -> None:
        may = context.services.context.may
        actions: list[RowAction[TeacherListItem]] = [
            RowAction("teachers.open", lambda rows: self.open_row(rows[0]), "pencil", many=False)
        ]
        empty = EmptyState(
            tr("teachers.empty"),
            tr("teachers.empty_detail"),
            tr("teachers.new") if may("add_teacher") else "",
            "presentation",
        )
        super().__init__(
            context,
            "teachers",
            tr("page.teachers"),
            teacher_table_model(),
            placeholder=tr("teachers.search"),
            empty=empty,
            actions=actions,
            count_key="teachers.count",
        )
        empty.acted.connect(self.begin_new)
        self.filters.add_chips(
            [(code, tr(f"employment.{code}")) for code in (FULL_TIME, PART_TIME)], exclusive=True
        )
        if may("add_teacher"):
            self.header.set_primary(tr("teachers.new"), self.begin_new, "plus")
        self.set_crumbs([Crumb(tr("page.teachers"))])
        self.set_hints([("Enter", tr("hint_key.open")), ("Esc", tr("hint_key.close"))])
        self.reload_on(context.changes, {"teacher", "session", "user", "attachment"})

    def fetcher(self) -> Callable[[], Sequence[TeacherListItem]]:
        service = self.context.services.teachers
        return service.list_teachers  # type: ignore[no-any-return]

    def keeps(self, row: TeacherListItem) -> bool:
        chosen, text = self.filters.chosen(), self.filters.text().lower()
        if chosen and row.employment not in chosen:
            return False
        return not text or any(
            text in word.lower() for word in (row.name, *initials(row.name), row.login or "")
        )

    def rows_shown(self, rows: Sequence[TeacherListItem]) -> None:
        self.header.set_facts(tr("teachers.total", count=len(rows), hours=sum(row.hours for row in rows)))
        key = self.panel.current_key()
        shown = next((row for row in rows if key and row.id.hex() == key), None)
        if shown is not None and not self.panel.isHidden() and not self.panel.has_drafts():
            self.open_row(shown)

    def row_panel_key(self, row: TeacherListItem) -> str:
        return row.id.hex() if self.panel.current_key() != "new" else ""

    def begin_new(self) -> None:
        """Begin the form of a new teacher, or go on with its draft."""
        self._show("new", tr("teachers.new"), TeacherPanel(self.context, None))

    def open_row(self, row: TeacherListItem) -> None:
        self._show(row.id.hex(), row.name, TeacherPanel(self.context, row))

    def _show(self, key: str, title: str, content: TeacherPanel) -> None:
        content.saved.connect(lambda teacher_id: self._on_saved(key, teacher_id))
        self.panel.open_panel(key, title, content, content.foot())
        content.form.fields["name"].editor.setFocus()

    def _on_saved(self, key: str, teacher_id: bytes) -> None:
        self.panel.forget_draft(key)
        self.panel.close_panel()
        self.table.select_key(teacher_id)
        self.context.messages.tell(tr("teachers.saved"))


class TeacherPanel(FormPanel):
    """Name, 专职/兼职, qualities, phone; the account where the user may link one."""

    saved = Signal(object)

    def __init__(self, context: PageContext, present: TeacherListItem | None) -> None:
        super().__init__()
        self._context = context
        self._services = context.services
        self._present = present
        may = self._services.context.may
        self._may_edit = bool(may("edit_teacher" if present else "add_teacher"))
        self._may_link = bool(present is not None and may("link_teacher") and may("view_users"))
        kinds = [(code, tr(f"employment.{code}")) for code in (FULL_TIME, PART_TIME)]
        self.form.add_row(
            {
                "name": FormField(tr("teachers.name"), text_line(limit=80), required=True),
                "employment": FormField(tr("teachers.employment"), choice_box(kinds), required=True),
            }
        )
        note = tr("teachers.phone_kept", phone=present.phone) if present and present.phone else ""
        self.form.add("phone", FormField(tr("teachers.phone"), text_line(limit=30), note=note))
        self.form.add_heading(tr("teachers.qualities"))
        for pair in (QUALITIES[:2], QUALITIES[2:4], QUALITIES[4:]):
            self.form.add_row({code: FormField("", QCheckBox(tr(f"quality.{code}"))) for code in pair})
        if present is not None:
            self.column.addWidget(TeacherProofs(context, present))
        self._account = choice_box([], empty=tr("teachers.no_login"))
        if self._may_link:
            self.form.add(
                "user_id", FormField(tr("teachers.login"), self._account, note=tr("teachers.login_note"))
            )
            context.tasks.query(self, self._services.accounts.list_users, self._on_users)
        if present is not None:
            self.column.addWidget(
                label(tr("teachers.load", sessions=present.sessions, hours=present.hours), "facts")
            )
            self.load({"name": present.name, "employment": present.employment or FULL_TIME,
                       **{code: code in present.qualities for code in QUALITIES}})  # fmt: skip
        else:
            self.begin()
        if not self._may_edit:
            self.set_read_only({"name", "employment", "phone", *QUALITIES})

    def foot(self) -> list[QPushButton]:
        """Return the buttons of the panel's foot."""
        if not (self._may_edit or self._may_link):
            return []
        return [self.make_save_button(tr("teachers.create") if self._present is None else "")]

    def save(self) -> None:
        self._context.tasks.command(self, self._saver(), self._on_saved, self._on_refused)

    def _saver(self) -> Callable[[], bytes]:
        values, changes, service, present = (
            self.form.values(),
            self.changes(),
            self._services.teachers,
            self._present,
        )
        fields: dict[str, object] = {
            name: changes[name] for name in ("name", "employment") if name in changes
        }
        if changes.get("phone"):
            fields["phone"] = changes["phone"]
        if changes.keys() & set(QUALITIES) or present is None:
            fields["qualities"] = [code for code in QUALITIES if values[code]]
        user_id = changes.get("user_id")

        def run() -> bytes:
            if present is None:
                return bytes(
                    service.add_teacher(values["name"], {**fields, "employment": values["employment"]})
                )
            if fields:
                service.edit_teacher(present.id, fields)
            if user_id is not None:
                service.link(present.id, bytes.fromhex(user_id) or None)
            return present.id

        return run

    def _on_users(self, users: Iterable[UserListItem]) -> None:
        own = ""
        for item in users:
            if not item.disabled:
                self._account.addItem(f"{item.display}（{item.login}）", item.id.hex())
            if self._present is not None and item.login == self._present.login:
                own = item.id.hex()
        self.refresh({"user_id": own})

    def _on_saved(self, teacher_id: bytes) -> None:
        self.begin()
        self.saved.emit(teacher_id)

    def _on_refused(self, error: AppError) -> None:
        place = "phone" if error.code == "PHONE_INVALID" else "name"
        if error.code in {"PHONE_INVALID", "TEACHER_EXISTS"} or error.code.startswith("NAME_"):
            self.form.show_field_errors({place: describe(error).text})
        else:
            self._context.messages.report(self, error)
