"""外来表格: choose a form, see what each of its columns takes, remember that, fill it from a class, read its reply."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from desktop_app.domain.errors import AppError
from desktop_app.domain.listings.forms import FormItem
from desktop_app.domain.listings.training import ClassListItem
from desktop_app.excel.foreign_forms import FormSheet
from desktop_app.services.foreign_forms import FilledForm
from desktop_app.services.form_replies import ReplyPlan
from desktop_app.services.imports.plan import ImportPlan, RowState, message
from ui.dialogs.ask import Verb, ask
from ui.i18n import tr
from ui.navigation import PageContext
from ui.pages.forms.choosing import ask_form, ask_target
from ui.pages.forms.rules_table import RulesTable
from ui.widgets.busy import ProgressLine
from ui.widgets.empty_state import EmptyState
from ui.widgets.labels import button, label
from ui.widgets.page import Crumb, Page
from ui.widgets.page_header import PageHeader

SHOWN = 200
NAME_WIDTH = 200


class ForeignFormsPage(Page):
    """``open(path=…)`` begins with a file."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self.context = context
        self.path: Path | None = None
        self.form: FormSheet | None = None
        self.items: list[FormItem] = []
        self.choose_file: Callable[[], Path | None] = lambda: ask_form(self.window(), context.preferences)
        self.choose_target: Callable[[str], Path | None] = lambda name: ask_target(
            self.window(), context.preferences, name
        )
        self.ask: Callable[..., str] = ask
        self.header = PageHeader(tr("page.forms"), tr("forms.facts"))
        self.progress = ProgressLine()
        self.table = RulesTable()
        self.told = QPlainTextEdit()
        self.told.setReadOnly(True)
        self.told.setMaximumHeight(112)
        self.told.setAccessibleName(tr("forms.told"))
        self._lay_out()
        self.set_crumbs([Crumb(tr("page.imports"), "imports"), Crumb(tr("page.forms"))])
        self.reload_on(context.changes, {"training_class", "foreign_form"})
        self._draw()

    def open(self, **params: Any) -> None:  # noqa: ANN401 - each page names its own
        if params.get("path"):
            self.take_file(Path(params["path"]))

    def reload(self) -> None:
        services = self.context.services
        self.context.tasks.query(self, services.classes.list_classes, self._on_classes, latest="classes")
        self.context.tasks.query(self, services.foreign_forms.items, self._on_items, latest="forms")

    def drop_drafts(self) -> None:
        self.path = self.form = None
        self.told.clear()
        self._draw()

    def take_file(self, path: Path) -> None:
        """Look at a form off the window's thread."""
        service = self.context.services.foreign_forms
        self.progress.start(tr("import.reading"))
        self.context.tasks.work(
            self,
            lambda _progress, _cancel: service.look(path),
            lambda form: self._on_form(path, form),
            self._on_failed,
        )

    def learn(self) -> None:
        """Remember how the form is filled."""
        form, rules, service = self.form, self.table.rules(), self.context.services.foreign_forms
        if form is None or rules is None:
            return
        names = [edit.text() for edit in (self.authority, self.title, self.version)]
        self.context.tasks.command(
            self,
            lambda: service.learn(form, *names, rules),
            lambda _key: self.context.messages.tell(tr("forms.learned", title=names[1])),
            self._on_failed,
        )

    def fill(self) -> None:
        """Fill the form with the people of the class chosen."""
        path, code, service = self.path, self.classes.currentText(), self.context.services.foreign_forms
        target = (
            self.choose_target(tr("forms.filled_name", name=path.stem, code=code)) if path and code else None
        )
        if path is None or target is None:
            return
        self.progress.start(tr("forms.filling"), cancellable=False)
        self.context.tasks.long_command(
            self,
            lambda _progress, _cancel: service.fill(path, [code], target),
            self._on_filled,
            self._on_failed,
        )

    def read_back(self) -> None:
        """Read the file as a reply: a dry run, a question, and then it is written."""
        path, code, service = self.path, self.classes.currentText(), self.context.services.form_replies
        if path is None or not code:
            return
        self.progress.start(tr("import.checking"))
        self.context.tasks.work(
            self, lambda _progress, _cancel: service.plan(path, code), self._on_reply, self._on_failed
        )

    def _lay_out(self) -> None:
        self.column.addWidget(self.header)
        self.column.addWidget(self.progress)
        self.header.set_primary(tr("forms.choose"), self._on_choose, "file-spreadsheet")
        empty = EmptyState(
            tr("forms.empty"), tr("forms.empty_detail"), tr("forms.choose"), "file-spreadsheet"
        )
        empty.acted.connect(self._on_choose)
        work = QWidget()
        inside = QVBoxLayout(work)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(8)
        self.found = label("", "strong", wrap=True)
        inside.addWidget(self.found)
        inside.addWidget(self.table, 1)
        inside.addLayout(self._names())
        inside.addLayout(self._acts())
        inside.addWidget(self.told)
        self._stack = QStackedLayout()
        self._stack.addWidget(empty)
        self._stack.addWidget(work)
        self.column.addLayout(self._stack, 1)

    def _names(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        self.authority, self.title, self.version = QLineEdit(), QLineEdit(), QLineEdit()
        for edit, key in ((self.authority, "authority"), (self.title, "title"), (self.version, "version")):
            edit.setAccessibleName(tr(f"forms.{key}"))
            edit.setMaximumWidth(NAME_WIDTH)
            edit.setMaxLength(100)
            row.addWidget(label(tr(f"forms.{key}"), "facts"))
            row.addWidget(edit)
        self.learn_button = button(tr("forms.learn"), "", "check")
        self.learn_button.clicked.connect(self.learn)
        row.addWidget(self.learn_button)
        row.addStretch(1)
        return row

    def _acts(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        self.classes = QComboBox()
        self.classes.setMinimumWidth(NAME_WIDTH)
        self.classes.setAccessibleName(tr("imports.class"))
        self.fill_button = button(tr("forms.fill"), "", "download")
        self.fill_button.clicked.connect(self.fill)
        self.back_button = button(tr("forms.read_back"), "", "upload")
        self.back_button.clicked.connect(self.read_back)
        row.addWidget(label(tr("imports.class"), "facts"))
        for widget in (self.classes, self.fill_button, self.back_button):
            row.addWidget(widget)
        row.addStretch(1)
        return row

    def _on_choose(self) -> None:
        path = self.choose_file()
        if path is not None:
            self.take_file(path)

    def _on_classes(self, classes: Sequence[ClassListItem]) -> None:
        chosen = self.classes.currentText()
        self.classes.clear()
        self.classes.addItems([one.code for one in classes])
        if chosen:
            self.classes.setCurrentText(chosen)
        self._draw()

    def _on_items(self, items: Sequence[FormItem]) -> None:
        self.items = list(items)
        self._draw()

    def _on_form(self, path: Path, form: FormSheet) -> None:
        self.progress.finish()
        self.path, self.form = path, form
        self.told.clear()
        self.table.show_form(form)
        known = self._known()
        names = (known.authority, known.title, known.version) if known else ("", path.stem, "")
        for edit, text in zip((self.authority, self.title, self.version), names, strict=True):
            edit.setText(text)
        self._draw()

    def _known(self) -> FormItem | None:
        signature = self.form.signature if self.form else ""
        return next((one for one in reversed(self.items) if one.signature == signature), None)

    def _on_filled(self, filled: FilledForm) -> None:
        self.progress.finish()
        files = tr("wording.and").join(file.name for file in filled.files)
        lines = [tr("forms.filled", people=filled.people, files=files)]
        for name, places in filled.blanks_by_person().items():
            person = name or tr("forms.of_class")
            lines.append(tr("forms.blank", person=person, places=tr("wording.and").join(places)))
        lines += [
            tr("forms.not_offered", person=one.person, place=one.place, value=one.value)
            for one in filled.not_offered
        ]
        if filled.formulas:
            lines.append(tr("forms.formulas", count=len(filled.formulas)))
        self._tell(lines)

    def _on_reply(self, plan: ReplyPlan) -> None:
        self.progress.finish()
        self._tell(_reply_lines(plan))
        new = sum(one.count(RowState.NEW) + one.count(RowState.CHANGED) for one in plan.imports)
        own = plan.own.count(RowState.NEW) + plan.own.count(RowState.CHANGED) if plan.own else 0
        if not new + own:
            return
        verbs = [Verb("write", tr("forms.write"), "primary"), Verb("leave", tr("forms.leave"))]
        if self.ask(self, tr("forms.ask"), tr("forms.ask_detail", count=max(new, own)), verbs) == "write":
            self.progress.start(tr("imports.writing"), cancellable=False)
            service = self.context.services.form_replies
            self.context.tasks.long_command(
                self, lambda _progress, _cancel: service.apply(plan), self._on_read, self._on_failed
            )

    def _on_read(self, done: Sequence[ImportPlan]) -> None:
        self.progress.finish()
        self._tell([tr("forms.read"), *(line for one in done for line in _import_lines(one))])

    def _on_failed(self, error: AppError) -> None:
        self.progress.finish()
        self.context.messages.report(self, error)
        self._draw()

    def _tell(self, lines: Sequence[str]) -> None:
        self.told.setPlainText("\n".join(lines[:SHOWN]))
        self._draw()

    def _draw(self) -> None:
        self._stack.setCurrentIndex(0 if self.form is None else 1)
        may = self.context.services.context.may
        known, chosen = self._known() is not None, bool(self.classes.currentText())
        self.learn_button.setEnabled(bool(may("learn_form")))
        self.fill_button.setEnabled(known and chosen and bool(may("export_unmasked")))
        self.back_button.setEnabled(known and chosen and bool(may("import_form_reply")))
        self.told.setVisible(bool(self.told.toPlainText()))
        if self.form is not None and self.path is not None:
            rules = self.form.rules
            room = tr("forms.room", room=rules.room) if rules.room is not None else tr("forms.room_open")
            words = {"file": self.path.name, "sheet": self.form.name, "row": rules.first_row, "room": room}
            self.found.setText(tr("forms.known" if known else "forms.unknown", **words))


def _import_lines(plan: ImportPlan) -> list[str]:
    counts = {state.value: plan.count(state) for state in RowState}
    head = f"{tr(f'imports.kind.{plan.kind.value}')}：{tr('imports.counts', **counts)}"
    return [head, *(f"{one.column}{one.row or ''} {message(one)}" for one in plan.problems)]


def _reply_lines(plan: ReplyPlan) -> list[str]:
    lines = [line for one in plan.imports for line in _import_lines(one)]
    if plan.own is not None:
        counts = {state.value: plan.own.count(state) for state in RowState}
        lines.append(f"{tr('forms.own')}：{tr('imports.counts', **counts)}")
        lines += [f"{one.column}{one.row or ''} {message(one)}" for one in plan.own.problems]
    if plan.later:
        lines.append(tr("forms.later"))
    return lines
