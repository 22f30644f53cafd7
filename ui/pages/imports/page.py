"""导入: choose a file, say what it is, check it as it will be read, and write it with the last button only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedLayout, QVBoxLayout, QWidget

from desktop_app.domain.errors import AppError
from desktop_app.domain.listings.journal import UndoLabel
from desktop_app.domain.listings.training import ClassListItem
from desktop_app.excel.column_names import WorkbookKind, official_heading
from desktop_app.excel.reading import read_workbook
from desktop_app.excel.sheets import Sheet
from desktop_app.services.imports.plan import ImportPlan, ImportResult, Question, RowState
from ui.i18n import tr
from ui.messages import describe
from ui.navigation import PageContext
from ui.pages.imports.asking import ask_target, ask_workbook
from ui.pages.imports.choices import choose_again, unsaved_choices
from ui.pages.imports.controls import ImportControls
from ui.pages.imports.drop_zone import DropZone, dropped_file
from ui.pages.imports.findings_panel import FindingsPanel
from ui.pages.imports.guessing import guess_class, guess_kind
from ui.pages.imports.presenter import DONE, ImportFlow, preview_of
from ui.pages.imports.preview_table import PreviewTable
from ui.pages.imports.templates import TemplateMenu
from ui.tasks import Ticket
from ui.unsaved import Unsaved
from ui.widgets.busy import ProgressLine
from ui.widgets.empty_state import EmptyState
from ui.widgets.labels import button, label
from ui.widgets.page import Crumb, Page
from ui.widgets.page_header import PageHeader
from ui.widgets.steps import Stepper
from ui.wording import step_text

STEPS = ("file", "target", "columns", "check", "write")


class ImportsPage(Page):
    """``open(class_id=…, class_code=…)`` imports into a class; ``open(path=…)`` begins with a file."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self.context = context
        may = context.services.context.may
        own = bool(may("enter_scores"))
        kinds = tuple(
            kind
            for kind in WorkbookKind
            if may(f"import_{kind.value}") or (kind is WorkbookKind.SCORES and own)
        )
        self.flow = ImportFlow(kinds)
        self.classes: list[ClassListItem] = []
        self.choose_file: Callable[[], Path | None] = lambda: ask_workbook(self.window(), context.preferences)
        self.choose_target: Callable[[str], Path | None] = lambda name: ask_target(
            self.window(), context.preferences, name
        )
        self._restored: Unsaved | None = None
        self._ticket: Ticket | None = None
        self._wanted_class = ""
        self.header = PageHeader(tr("page.imports"), tr("imports.facts"))
        if may("learn_form"):
            self.header.add_button(tr("imports.outside_forms"), lambda: context.navigate("forms"))
        self.steps = Stepper([tr(f"imports.step.{step}") for step in STEPS])
        self.steps.chosen.connect(self._on_step)
        self.controls = ImportControls(kinds, may_level=bool(may("import_scores")), may_own=own)
        self.templates = TemplateMenu(self, context, self.header, self.controls.class_code)
        self.findings, self.preview = FindingsPanel(), PreviewTable()
        self.progress = ProgressLine()
        self.result = EmptyState("", icon_name="circle-check")
        self._lay_out()
        self._connect()
        self.set_crumbs([Crumb(tr("page.imports"))])
        self.reload_on(context.changes, {"training_class"})
        self._draw()

    def open(self, **params: Any) -> None:  # noqa: ANN401 - each page names its own
        self._wanted_class = str(params.get("class_code") or "")
        if params.get("class_id") and not self._wanted_class:
            self._wanted_class = next((one.code for one in self.classes if one.id == params["class_id"]), "")
        if self.flow.applied or self.flow.path is None:
            self.restart()
        if params.get("path"):
            self.take_file(Path(params["path"]))

    def reload(self) -> None:
        service = self.context.services.classes
        self.context.tasks.query(self, service.list_classes, self._on_classes, latest="classes")

    def drop_drafts(self) -> None:
        self.restart()

    def unsaved(self) -> list[Unsaved]:
        return unsaved_choices(self.flow)

    def take_unsaved(self, unsaved: Unsaved) -> None:
        self._restored = unsaved
        self.take_file(Path(unsaved.values["path"]))

    def restart(self) -> None:
        """Begin again with another file."""
        self.flow = ImportFlow(self.flow.kinds)
        self.controls.set_kind(None)
        self.controls.set_class(self._wanted_class)
        self._draw()

    def take_file(self, path: Path) -> None:
        """Read a file off the window's thread and guess what it is."""
        self.progress.start(tr("import.reading"))
        self._ticket = self.context.tasks.work(
            self,
            lambda _progress, _cancel: read_workbook(path),
            lambda sheets: self._on_sheets(path, sheets),
            self._on_failed,
        )

    def check(self) -> None:
        """Make the dry run anew with what is known now."""
        flow = self.flow
        if not flow.can_plan or flow.path is None or flow.kind is None:
            self._draw()
            return
        service, kind, path = self.context.services.imports, flow.kind, flow.path
        code, options = flow.class_code or None, flow.options
        self.progress.start(tr("import.checking"))
        self._ticket = self.context.tasks.work(
            self,
            lambda progress, cancel: service.plan(
                kind, path, code, options, progress=progress, cancel=cancel
            ),
            self._on_plan,
            self._on_failed,
            self.progress.show_progress,
        )

    def write(self) -> None:
        """Write what the dry run showed, as one command."""
        plan, service = self.flow.plan, self.context.services.imports
        if plan is None:
            return
        self.act.setEnabled(False)
        self.progress.start(tr("imports.writing"), cancellable=False)
        self.context.tasks.long_command(
            self, lambda _progress, _cancel: service.apply(plan), self._on_applied, self._on_write_refused
        )

    def write_errors(self) -> None:
        """Write the workbook back with its bad cells coloured and commented."""
        plan = self.flow.plan
        if plan is None:
            return
        target = self.choose_target(tr("imports.errors_name", name=plan.path.stem))
        if target is not None:
            service = self.context.services.imports
            self.context.tasks.work(
                self,
                lambda _progress, _cancel: service.write_errors(plan, target),
                lambda written: self.context.messages.tell(tr("imports.errors_written", file=written.name)),
            )

    def undo(self) -> None:
        """Take the whole import back."""
        self.context.tasks.command(self, self.context.services.history.undo, self._on_undone)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_file(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = dropped_file(event)
        if path is not None:
            event.acceptProposedAction()
            self.take_file(path)

    def _lay_out(self) -> None:
        self.setAcceptDrops(True)
        self.column.addWidget(self.header)
        self.column.addWidget(self.steps)
        self.column.addWidget(self.progress)
        self._stack = QStackedLayout()
        self.drop = DropZone()
        work = QWidget()
        inside = QVBoxLayout(work)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(8)
        inside.addWidget(self.controls)
        self.problem = label("", wrap=True, tone="wrong")
        inside.addWidget(self.problem)
        inside.addWidget(self.findings)
        inside.addWidget(self.preview, 1)
        inside.addLayout(self._foot())
        done = QWidget()
        end = QVBoxLayout(done)
        end.addWidget(self.result, 1)
        for widget in (self.drop, work, done):
            self._stack.addWidget(widget)
        row = QHBoxLayout()
        row.addStretch(1)
        self.undo_button = button("", "", "undo-2")
        self.open_button = button(tr("imports.open_class"), "primary")
        for made in (self.undo_button, self.open_button):
            row.addWidget(made)
        row.addStretch(1)
        end.addLayout(row)
        end.addStretch(1)
        self.column.addLayout(self._stack, 1)

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        self.summary = label("", "strong")
        self.only = QPushButton(tr("imports.only_problems"))
        self.only.setProperty("chip", True)
        self.only.setCheckable(True)
        self.errors_button = button(tr("imports.errors"), "", "download")
        self.act = button(tr("imports.act_nothing"), "primary", "import")
        row.addWidget(self.summary)
        row.addWidget(self.only)
        row.addStretch(1)
        row.addWidget(self.errors_button)
        row.addWidget(self.act)
        return row

    def _connect(self) -> None:
        self.drop.asked.connect(self._on_choose)
        self.drop.dropped.connect(self.take_file)
        self.controls.other_file.connect(self._on_choose)
        self.controls.changed.connect(self._on_controls)
        self.findings.answered.connect(self._on_answered)
        self.preview.mapping.chosen.connect(self._on_mapped)
        self.only.toggled.connect(lambda _on: self._draw_preview())
        self.errors_button.clicked.connect(self.write_errors)
        self.act.clicked.connect(self.write)
        self.undo_button.clicked.connect(self.undo)
        self.open_button.clicked.connect(self._on_open)
        self.result.acted.connect(self.restart)
        self.progress.cancelled.connect(self._on_cancelled)

    def _on_step(self, number: int) -> None:
        if number == 0:
            self._on_choose()

    def _on_choose(self) -> None:
        path = self.choose_file()
        if path is not None:
            self.take_file(path)

    def _on_classes(self, classes: Sequence[ClassListItem]) -> None:
        self.classes = list(classes)
        self.controls.set_classes(classes)

    def _on_sheets(self, path: Path, sheets: tuple[Sheet, ...]) -> None:
        self.progress.finish()
        flow = self.flow
        flow.take_file(path, sheets)
        kind = guess_kind(path.name, sheets, flow.kinds)
        guessed = guess_class(path.name, sheets, [item.code for item in self.classes])
        only = self.classes[0].code if len(self.classes) == 1 and kind is not WorkbookKind.ROSTER else ""
        flow.set_kind(kind)
        flow.class_code = self._wanted_class or guessed or flow.class_code or only
        if self._restored is not None and self._restored.values["path"] == str(path):
            choose_again(flow, self._restored)
        self._restored = None
        self.controls.set_kind(flow.kind)
        self.controls.set_class(flow.class_code)
        self.controls.begin(path.name)
        self.only.setChecked(False)
        self._take_options()
        self.check()

    def _on_controls(self) -> None:
        before = (self.flow.kind, self.flow.class_code, self.flow.options)
        self.flow.set_kind(self.controls.chosen_kind())
        self.flow.class_code = self.controls.class_code()
        self.controls.show_score_boxes()
        self._take_options()
        if before != (self.flow.kind, self.flow.class_code, self.flow.options):
            self.flow.plan = None
            self.check()

    def _take_options(self) -> None:
        if self.flow.kind is WorkbookKind.SCORES:
            self.flow.options = replace(
                self.flow.options,
                kind=self.controls.chosen_assessment(),
                held_on=self.controls.held_on(),
            )

    def _on_answered(self, question: Question, value: str) -> None:
        self.flow.answer(question, value)
        self.check()

    def _on_mapped(self, letter: str, name: str) -> None:
        self.flow.set_field(letter, name or None)
        self.check()

    def _on_plan(self, plan: ImportPlan) -> None:
        self.progress.finish()
        self.flow.plan, self.flow.error = plan, None
        self.controls.show_held_on(plan.facts.held_on)
        self._draw()

    def _on_failed(self, error: AppError) -> None:
        self.progress.finish()
        if error.code != "CANCELLED":
            self.flow.plan, self.flow.error = None, error
            if self.flow.path is None:
                self.context.messages.report(self, error)
        self._draw()

    def _on_write_refused(self, error: AppError) -> None:
        self.progress.finish()
        self.context.messages.report(self, error)
        if error.code == "IMPORT_OUTDATED":
            self.check()
        else:
            self._draw()

    def _on_applied(self, result: ImportResult) -> None:
        self.progress.finish()
        self.flow.applied = True
        plan = result.plan
        written = plan.count(RowState.NEW) + plan.count(RowState.CHANGED)
        detail = self._counts(plan)
        bad = plan.count(RowState.BAD)
        if bad:
            detail = tr("imports.done_bad", counts=detail, count=bad)
        kind = tr(f"imports.kind.{plan.kind.value}")
        text = tr("imports.done", kind=kind, count=written, code=plan.class_code or "")
        self.result.set_text(text, detail, tr("imports.again"))
        step = step_text(plan.command, plan.class_code or "")
        self.undo_button.setText(tr("imports.undo", step=step))
        self.undo_button.setEnabled(True)
        self._draw()

    def _on_undone(self, step: UndoLabel) -> None:
        self.undo_button.setEnabled(False)
        text = tr("frame.undone", step=step_text(step.command, step.subject))
        self.result.set_text(text, tr("imports.undone_detail"), tr("imports.again"))
        self.context.messages.tell(text)

    def _on_open(self) -> None:
        plan = self.flow.plan
        found = [item for item in self.classes if plan is not None and item.code == plan.class_code]
        if found and plan is not None:
            self.context.navigate("class", class_id=found[0].id, tab=plan.kind.value)
        else:
            self.context.navigate("trainees")

    def _on_cancelled(self) -> None:
        if self._ticket is not None:
            self._ticket.cancel()

    def _counts(self, plan: ImportPlan) -> str:
        return tr("imports.counts", **{state.value: plan.count(state) for state in RowState})

    def _draw(self) -> None:
        flow = self.flow
        self.steps.set_current(flow.step, tr("imports.blocked") if flow.blocked_rows else "")
        stage = 0 if flow.path is None else 2 if flow.applied else 1
        begins = stage == 1 != self._stack.currentIndex()
        self._stack.setCurrentIndex(stage)
        if begins:
            self.preview.view.setFocus()
        if flow.path is None or flow.applied:
            return
        notice = describe(flow.error) if flow.error is not None else None
        missing = (
            "" if flow.can_plan else tr("imports.say_kind" if flow.kind is None else "imports.say_class")
        )
        self.problem.setText(f"✕ {notice.text}{notice.hint}" if notice else missing)
        self.problem.setVisible(bool(notice or missing))
        plan = flow.plan
        if plan is not None:
            self.summary.setText(self._counts(plan))
        self.summary.setVisible(plan is not None)
        self.only.setVisible(plan is not None and bool(plan.problems))
        self.errors_button.setVisible(plan is not None and bool(plan.problems))
        self.act.setEnabled(flow.writes > 0)
        key = "imports.act" if plan is None or flow.writes or flow.step > DONE else "imports.act_nothing"
        self.act.setText(tr(key, count=flow.writes))
        self._draw_preview()

    def _draw_preview(self) -> None:
        flow = self.flow
        preview = preview_of(flow)
        only = self.only.isChecked() and flow.plan is not None
        self.preview.set_preview(preview, only_problems=only)
        self.findings.show_flow(flow, preview)
        kind = flow.kind
        fields = [] if kind is None else self.context.services.imports.fields(kind)
        names = [] if kind is None else [(name, official_heading(kind, name)) for name in fields]
        rest = "imports.as_session" if kind is WorkbookKind.ATTENDANCE else "imports.leave_out"
        self.preview.mapping.set_columns(len(preview.headings), names, flow.mapping(), tr(rest))
