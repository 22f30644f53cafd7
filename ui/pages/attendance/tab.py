"""考勤 of one class: typing like in a spreadsheet, the whole class with F9, corrections with their reason."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedLayout, QVBoxLayout, QWidget

from desktop_app.domain.attendance import LeaveReason, Mark, MarkStatus
from desktop_app.domain.errors import AppError
from desktop_app.domain.listings.journal import UndoLabel
from desktop_app.domain.listings.training import AttendanceSheet, MarkSource
from desktop_app.services.attendance import NewMark
from ui.dialogs.ask import ask_reason
from ui.i18n import tr
from ui.messages import describe
from ui.navigation import Command, PageContext
from ui.pages.attendance.cell_menu import CellActs, cell_menu
from ui.pages.attendance.history_popover import show_history
from ui.pages.attendance.leave_popover import LeavePopover
from ui.pages.attendance.presenter import AttendancePresenter, MarkKey, SessionTotals
from ui.pages.attendance.rejected import Reasons, rejected_reader
from ui.pages.attendance.sheet_scan import SheetScan
from ui.pages.attendance.totals import TotalsStrip
from ui.pages.attendance.typed_marks import marks_again, pasted_marks, unsaved_marks
from ui.pages.attendance.wording import key_hints, reason_words
from ui.pasted_file import import_pasted
from ui.unsaved import UnderWay, Unsaved
from ui.widgets.empty_state import EmptyState
from ui.widgets.labels import button, label
from ui.widgets.mark_grid import MarkGrid
from ui.widgets.mark_grid_model import MarkGridModel, Place
from ui.widgets.page import Page
from ui.wording import day_text, step_text

KEYS: Mapping[str, MarkStatus] = {str(number): status for number, status in enumerate(MarkStatus, start=1)}
KINDS = {"mark", "session", "enrolment", "trainee", "person_link",
         "training_class", "teacher", "platform_page"}  # fmt: skip


class AttendanceTab(Page):
    """``open(session_id=…)`` goes to a session; without one the focus stands where today's work is."""

    def __init__(self, context: PageContext, class_id: bytes) -> None:
        super().__init__()
        self.context, self._class_id = context, class_id
        self.presenter = AttendancePresenter(may_mark=bool(context.services.context.may("mark_one")))
        self.model = MarkGridModel(self)
        self.grid = MarkGrid(self.model, KEYS)
        self.totals = TotalsStrip(self.grid, self._totals_of)
        self.grid.foot.addWidget(self.totals)
        self.scan = SheetScan(context, self.grid, self.presenter)
        self._wanted: tuple[bytes | None, bytes | None] = (None, None)
        self._placed = False
        self._reasons: dict[bytes, str] = {}
        self._under_way, self._restored = UnderWay(), list[Unsaved]()
        self.ask_reason: Callable[..., str | None] = ask_reason
        self._lay_out()
        self._connect()
        if self.presenter.may_mark:
            self.set_hints(key_hints(KEYS))
        self.reload_on(context.changes, KINDS)

    def open(self, session_id: bytes | None = None, trainee_id: bytes | None = None, **_: Any) -> None:  # noqa: ANN401
        self._wanted = session_id, trainee_id
        if self.presenter.sheet is not None:
            self._go(self.presenter.first_place(session_id, trainee_id))

    def reload(self) -> None:
        service, class_id = self.context.services.attendance, self._class_id
        self.context.tasks.query(self, lambda: service.sheet(class_id), self._on_sheet, latest="sheet")
        read = rejected_reader(self.context.services, class_id)
        self.context.tasks.query(self, read, self._on_rejected, latest="rejected")

    def drop_drafts(self) -> None:
        self._reasons.clear()

    def unsaved(self) -> list[Unsaved]:
        return self._under_way.all()

    def take_unsaved(self, unsaved: Unsaved) -> None:
        self._restored.append(unsaved)
        self._write_restored()

    def _write_restored(self) -> None:
        """Write again what was under way when the program ended, now or when the sheet has come."""
        while self.presenter.sheet is not None and self._restored:
            unsaved = self._restored.pop()
            if unsaved.values["reason"]:
                self._reasons[bytes.fromhex(unsaved.key)] = unsaved.values["reason"]
            self.write(marks_again(self.presenter, unsaved))

    def _set_margin(self, margin: int) -> None:
        """Stand in a tab: the page around has the margin."""
        self.column.setContentsMargins(0, 0, 0, 0)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        words = QVBoxLayout()
        words.setSpacing(0)
        self.facts, self.effect = label("", "strong"), label("", "secondary")
        words.addWidget(self.facts)
        words.addWidget(self.effect)
        row.addLayout(words, 1)
        self.reason_line = button("", "link")
        self.reason_line.clicked.connect(self._change_reason)
        self.reason_line.hide()
        row.addWidget(self.reason_line)
        row.addWidget(self.scan.button)
        self.class_button = button(tr("attendance.class_present"), "primary", "list-checks")
        self.class_button.clicked.connect(self.mark_class)
        self.class_button.setVisible(self.presenter.may_mark)
        row.addWidget(self.class_button)
        body = QWidget()
        inside = QVBoxLayout(body)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(8)
        inside.addLayout(row)
        inside.addWidget(self.scan.beside, 1)
        may_import = bool(self.context.services.context.may("import_timetable"))
        self.empty = EmptyState(
            tr("attendance.empty"), tr("attendance.empty_detail"), tr("attendance.empty_act") if may_import else "",
            "calendar-days",
        )  # fmt: skip
        self.empty.acted.connect(lambda: self.context.navigate("imports", class_id=self._class_id))
        self._stack = QStackedLayout()
        self._stack.addWidget(body)
        self._stack.addWidget(self.empty)
        self.column.addLayout(self._stack)

    def _connect(self) -> None:
        grid = self.grid
        grid.entered.connect(self._on_key)
        grid.cleared.connect(lambda places: self.write(dict.fromkeys(places)))
        grid.pasted.connect(self._on_pasted)
        grid.sheet_pasted.connect(lambda: import_pasted(self.context, self._class_id))
        grid.focused.connect(self._on_focused)
        grid.opened.connect(self._on_opened)
        grid.body.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        grid.body.customContextMenuRequested.connect(self._on_right_click)
        shortcut = QShortcut(QKeySequence(Qt.Key.Key_F9), self)
        shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
        shortcut.activated.connect(self.mark_class)
        if self.presenter.may_mark:
            words = ("attendance.class", tr("attendance.command_class"), self._on_command)
            self.context.commands.add(Command(*words, "list-checks", "F9", "qbdk"), self)

    def _on_command(self) -> None:
        if self.isVisible():
            self.mark_class()

    def _on_sheet(self, sheet: AttendanceSheet) -> None:
        presenter = self.presenter
        other = presenter.load(sheet)
        self._stack.setCurrentIndex(0 if presenter.sessions and presenter.members else 1)
        if other:
            self._show_all()
        else:
            self._refresh(range(len(presenter.members)))
        if not self._placed and presenter.sessions and presenter.members:
            self._placed = True
            self._go(presenter.first_place(*self._wanted))
        self._ask_source()
        self._draw_facts()
        self._write_restored()

    def _on_rejected(self, reasons: Reasons) -> None:
        told = {key: tr("attendance.rejected", reason=reason) for key, reason in reasons.items()}
        self._settle(self.presenter.set_rejected(told))

    def _show_all(self) -> None:
        """Replace the whole grid; the focus stays on its person and session."""
        presenter, place = self.presenter, self.grid.current_place()
        row_key = self.model.row_key(place[0]) if place else None
        column_key = self.model.columns[place[1]].key if place else None
        self.model.set_grid(presenter.frozen_columns(), presenter.columns(), presenter.rows())
        rows = [n for n, member in enumerate(presenter.members) if member.trainee_id == row_key]
        columns = [n for n, session in enumerate(presenter.sessions) if session.id == column_key]
        if rows and columns:
            self.grid.set_current(rows[0], columns[0])

    def _refresh(self, rows: Iterable[int]) -> None:
        """Draw anew what differs in some rows."""
        for row in rows:
            for column in range(len(self.presenter.sessions)):
                cell = self.presenter.cell((row, column))
                if cell != self.model.cell(row, column):
                    self.model.set_cell(row, column, cell)
            for number, frozen in enumerate(self.presenter.frozen(row)):
                if frozen != self.model.frozen_cell(row, number):
                    self.model.set_frozen(row, number, frozen)
        self._draw_facts()

    def _go(self, place: Place | None) -> None:
        if place is not None:
            self.grid.set_current(*place)
            body = self.grid.body
            body.scrollTo(body.currentIndex(), body.ScrollHint.PositionAtCenter)
            body.setFocus()

    def _totals_of(self, column: int) -> SessionTotals | None:
        sheet = self.presenter.sheet
        if sheet is None or self.presenter.sessions[column].held_on > sheet.today:
            return None
        return self.presenter.totals(column)

    def _column(self) -> int | None:
        place = self.grid.current_place()
        return None if place is None or place[1] < 0 else place[1]

    def _draw_facts(self) -> None:
        column, presenter = self._column(), self.presenter
        if column is None or column >= len(presenter.sessions):
            self.facts.setText("")
            self.effect.setText("")
            return
        session, totals = presenter.sessions[column], presenter.totals(column)
        parts = [
            tr("attendance.place", number=session.number, count=len(presenter.sessions)),
            f"{day_text(session.held_on)} {session.starts_at}-{session.ends_at}",
            tr("attendance.people", expected=totals.expected, present=totals.present),
            tr("attendance.unmarked", count=totals.unmarked) if totals.unmarked else "",
        ]
        self.facts.setText(" · ".join(part for part in parts if part))
        blanks = len(presenter.blanks(column))
        marked = totals.expected - totals.unmarked
        self.class_button.setEnabled(blanks > 0)
        where = [*session.teachers, session.place, session.content]
        fills = blanks > 0 and self.presenter.may_mark
        text = tr("attendance.will_fill", count=blanks, kept=marked) if fills else ""
        self.effect.setText(text or " · ".join(part for part in where if part))
        self.effect.setToolTip(self.model.columns[column].tooltip)
        reason = self._reasons.get(session.id, "")
        self.reason_line.setText(tr("attendance.reason_line", reason=reason))
        self.reason_line.setVisible(bool(reason))

    def _on_focused(self, row: int, column: int) -> None:
        if column < 0:
            return
        session = self.presenter.sessions[column].id
        self._reasons = {key: reason for key, reason in self._reasons.items() if key == session}
        self._draw_facts()
        self._ask_source()

    def _ask_source(self) -> None:
        place = self.grid.current_place()
        entry = self.presenter.entry(place) if place is not None and place[1] >= 0 else None
        if entry is not None and not self.presenter.knows_source(entry):
            service = self.context.services.attendance
            self.context.tasks.query(
                self, lambda: (entry, service.source(entry)), self._on_source, latest="source"
            )

    def _on_source(self, found: tuple[int, MarkSource]) -> None:
        self.presenter.add_source(*found)
        place = self.grid.current_place()
        if place is not None:
            self.model.set_cell(*place, self.presenter.cell(place))

    def _on_opened(self, row: int) -> None:
        if self.context.services.context.may("view_trainees"):
            self.context.navigate("trainees", trainee_id=self.presenter.members[row].trainee_id)

    def _on_key(self, places: Sequence[Place], status: MarkStatus) -> None:
        if status is MarkStatus.LEAVE:
            self._ask_leave(places)
        else:
            self.write({place: Mark(status) for place in places})

    def _ask_leave(self, places: Sequence[Place]) -> None:
        popover = LeavePopover(self.grid.body, len(places))
        popover.chosen.connect(lambda reason: self._on_leave(places, reason))
        view = self.grid.body
        popover.show_at(view.viewport(), view.visualRect(view.currentIndex()))

    def _on_leave(self, places: Sequence[Place], reason: LeaveReason) -> None:
        self.write({place: Mark(MarkStatus.LEAVE, reason=reason) for place in places})

    def write(self, marks: Mapping[Place, Mark | None]) -> None:
        """Write marks into open cells, one command a session; what is there already is left alone."""
        by_column: dict[int, dict[MarkKey, Mark | None]] = {}
        for place, mark in marks.items():
            if not self.presenter.closed_reason(place) and self.presenter.mark(place) != mark:
                by_column.setdefault(place[1], {})[self.presenter.key(place)] = mark
        for column, found in by_column.items():
            session = self.presenter.sessions[column]
            reason = None
            if self.presenter.corrects(column, found):
                reason = self._reasons.get(session.id) or self._ask_reason(column, len(found))
                if reason is None:
                    continue
                self._reasons[session.id] = reason
            news = [NewMark(trainee, mark) for (_session, trainee), mark in found.items()]
            self._send(found, self.scan.written(session.id, news, reason))
        self._draw_facts()

    def mark_class(self) -> None:
        """全班到课: whoever of the focused session has no mark is present; marks that are there stay."""
        column = self._column()
        if column is None or not self.presenter.may_mark or not self.isVisible():
            return
        blanks = self.presenter.blanks(column)
        session, totals = self.presenter.sessions[column], self.presenter.totals(column)
        if not blanks:
            place = self.grid.current_place()
            reason = "" if place is None else self.presenter.closed_reason(place)
            self.context.messages.tell(reason or tr("attendance.all_marked"))
            return
        kept = totals.expected - totals.unmarked
        marks: dict[MarkKey, Mark | None] = {
            self.presenter.key(place): Mark(MarkStatus.PRESENT) for place in blanks
        }
        code = "" if self.presenter.sheet is None else self.presenter.sheet.training_class.code
        undo = tr("attendance.undo", step=step_text("mark_class", f"{code} #{session.number}"))
        self._send(
            marks,
            self.scan.class_written(session.id, [trainee for _session, trainee in marks]),
            lambda count: self.context.messages.tell(
                tr("attendance.filled", count=count, kept=kept), undo, self._undo
            ),
        )

    def _send(
        self,
        marks: dict[MarkKey, Mark | None],
        act: Callable[[], int],
        told: Callable[[int], object] | None = None,
    ) -> None:
        number = self.presenter.begin(marks)
        reason = self._reasons.get(next(iter(marks))[0])
        sent = self._under_way.begin(unsaved_marks(self.presenter, marks, reason))

        def on_done(count: int) -> None:
            self._under_way.end(sent)
            self._settle(self.presenter.stored(number))
            if told is not None:
                told(count)

        def take_back() -> None:
            self._under_way.end(sent)
            self._settle(self.presenter.refused(number))

        def on_refused(error: AppError) -> None:
            take_back()
            self.context.messages.report(self, error)

        rows = {member.trainee_id: row for row, member in enumerate(self.presenter.members)}
        self._refresh(sorted({rows[trainee] for _session, trainee in marks}))
        self.context.tasks.command(self, act, on_done, on_refused, lost=take_back)

    def _settle(self, places: Iterable[Place]) -> None:
        self._refresh(sorted({row for row, _column in places}))
        self._ask_source()

    def _ask_reason(self, column: int, count: int) -> str | None:
        return self.ask_reason(self.window(), *reason_words(self.presenter.sessions[column], count))

    def _change_reason(self) -> None:
        column = self._column()
        if column is not None:
            reason = self._ask_reason(column, 1)
            if reason is not None:
                self._reasons[self.presenter.sessions[column].id] = reason
                self._draw_facts()

    def _undo(self) -> None:
        def on_undone(step: UndoLabel) -> None:
            self.context.messages.tell(tr("frame.undone", step=step_text(step.command, step.subject)))

        self.context.tasks.command(self, self.context.services.history.undo, on_undone)

    def _on_pasted(self, row: int, column: int, lines: Sequence[Sequence[str]]) -> None:
        """Take marks from the clipboard; texts that are no mark are left out and told."""
        marks, wrong = pasted_marks(self.presenter, row, column, lines)
        if wrong is not None:
            self.context.messages.warn((notice := describe(wrong)).text, notice.hint)
        self.write(marks)

    def _on_right_click(self, at: QPoint) -> None:
        index = self.grid.body.indexAt(at)
        if not index.isValid():
            return
        place = (index.row(), index.column() - len(self.model.frozen))
        if place not in self.grid.selected_places():
            self.grid.set_current(*place)
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.grid.body.viewport().mapToGlobal(at))

    def menu(self) -> QMenu:
        """Return what can be done with the selected cells."""
        places = [place for place in self.grid.selected_places() if not self.presenter.closed_reason(place)]
        history = functools.partial(show_history, self.context, self.grid, self.presenter)
        acts = CellActs(KEYS, self._on_key, self.write, self.grid.copy, history)
        return cell_menu(self, self.presenter, places, acts)
