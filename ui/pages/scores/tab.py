"""成绩 of one class: an assessment at a time, typed over like a spreadsheet, locked by its teacher."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QStackedLayout, QVBoxLayout, QWidget

from desktop_app.domain.assessments import Score, ScoreState
from desktop_app.domain.errors import AppError
from desktop_app.domain.listings.results import AssessmentItem, ScoreRowItem, ScoreSheet
from desktop_app.services.assessments import NewScore
from ui.dialogs.ask import Verb, ask, ask_reason
from ui.i18n import tr
from ui.navigation import PageContext
from ui.pages.scores.create_dialog import NewAssessment, ask_new_assessment
from ui.pages.scores.exam_menu import ExamMenu
from ui.pages.scores.presenter import ScoreKey, ScorePresenter
from ui.pages.scores.reported_filter import ReportedFilter
from ui.pages.scores.typed_scores import scores_again, unsaved_scores
from ui.pasted_file import import_pasted
from ui.reported_tab import BRINGS
from ui.unsaved import UnderWay, Unsaved
from ui.widgets.empty_state import EmptyState
from ui.widgets.labels import button, clear, label
from ui.widgets.mark_grid import MarkGrid
from ui.widgets.mark_grid_model import MarkGridModel, Place
from ui.widgets.page import Page
from ui.widgets.side_panel import WithPanel
from ui.wording import day_text

_STATE_KEYS = {"q": ScoreState.ABSENT, "h": ScoreState.DEFERRED, "w": ScoreState.VIOLATION}
KEYS: Mapping[str, ScoreState] = {**_STATE_KEYS, **{key.upper(): state for key, state in _STATE_KEYS.items()}}
KINDS = {"score", "assessment", "enrolment", "trainee", "training_class", *BRINGS}


class ScoresTab(Page):
    """``open(assessment_id=…)`` shows one assessment; without it the one that can be typed into, else the first."""

    def __init__(self, context: PageContext, class_id: bytes) -> None:
        super().__init__()
        self.context, self._class_id = context, class_id
        may = context.services.context.may
        self._may_create, self._may_unlock = bool(may("create_assessment")), bool(may("unlock_scores"))
        self._may_lock, self._may_import = bool(may("lock_scores")), bool(may("import_scores"))
        self.presenter = ScorePresenter()
        self.model = MarkGridModel(self)
        self.grid = MarkGrid(self.model, KEYS)
        self.grid.set_typed(lambda row, column, text: self.presenter.problem((row, column), text))
        self.items: list[AssessmentItem] = []
        self._chosen: bytes | None = None
        self._under_way, self._restored = UnderWay(), list[Unsaved]()
        self.ask: Callable[..., str] = ask
        self.ask_reason: Callable[..., str | None] = ask_reason
        self.ask_new: Callable[..., NewAssessment | None] = ask_new_assessment
        self._lay_out()
        self._connect()
        self.reload_on(context.changes, KINDS)

    def open(self, assessment_id: bytes | None = None, **_others: Any) -> None:  # noqa: ANN401 - Page's signature
        if assessment_id is not None:
            self._chosen = assessment_id
            self.mark_stale()

    def unsaved(self) -> list[Unsaved]:
        return [*self._under_way.all(), *self.panel.unsaved()]

    def drop_drafts(self) -> None:
        self.panel.forget_all()

    def take_unsaved(self, unsaved: Unsaved) -> None:
        if unsaved.key.startswith("exam/"):
            self.panel.take_unsaved(unsaved)
            return
        self._restored.append(unsaved)
        self._write_restored()

    def _write_restored(self) -> None:
        """Write again what was under way when the program ended, once its assessment is shown."""
        presenter = self.presenter
        if presenter.sheet is None:
            return
        shown = [one for one in self._restored if one.key == presenter.assessment.id.hex()]
        self._restored = [one for one in self._restored if one not in shown]
        for one in shown:
            self.write(scores_again(presenter, one))

    def reload(self) -> None:
        service, class_id = self.context.services.assessments, self._class_id
        self.context.tasks.query(
            self, lambda: service.list_assessments(class_id), self._on_items, latest="items"
        )

    def _set_margin(self, margin: int) -> None:
        """Stand in a tab: the page around has the margin."""
        self.column.setContentsMargins(0, 0, 0, 0)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(8)
        self._chips = QHBoxLayout()
        self._chips.setSpacing(8)
        top.addLayout(self._chips)
        top.addStretch(1)
        self.reported = ReportedFilter(self, self.context, self.presenter, self._draw_grid)
        top.addWidget(self.reported.box)
        self.create_button = button(tr("scores.create"), "", "plus")
        self.lock_button = button(tr("scores.lock"), "primary", "lock")
        self.unlock_button = button(tr("scores.unlock"), "", "lock-open")
        main = QWidget()
        self.split = WithPanel(main, self.context.preferences, "scores")
        self.panel = self.split.panel
        self.exams = ExamMenu(
            self.context, self._class_id, self.panel, self._chosen_rows, self._on_exam_opened
        )
        for made in (self.create_button, self.exams.button, self.unlock_button, self.lock_button):
            top.addWidget(made)
        self.facts, self.closed = label("", "strong"), label("", "secondary")
        body = QWidget()
        inside = QVBoxLayout(body)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(8)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.facts)
        words.addWidget(self.closed)
        inside.addLayout(words)
        inside.addWidget(self.grid, 1)
        action = tr("scores.create") if self._may_create else tr("scores.import") if self._may_import else ""
        self.empty = EmptyState(tr("scores.empty"), tr("scores.empty_detail"), action, "award")
        self._stack = QStackedLayout()
        self._stack.addWidget(body)
        self._stack.addWidget(self.empty)
        whole = QVBoxLayout(main)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(8)
        whole.addLayout(top)
        whole.addLayout(self._stack, 1)
        self.column.addWidget(self.split)
        self._group = QButtonGroup(self)

    def _connect(self) -> None:
        self.grid.entered.connect(lambda places, state: self.write(dict.fromkeys(places, Score(state))))
        self.grid.cleared.connect(lambda places: self.write(dict.fromkeys(places)))
        self.grid.pasted.connect(self._on_pasted)
        self.grid.sheet_pasted.connect(lambda: import_pasted(self.context, self._class_id))
        self.model.typed.connect(self._on_typed)
        self.create_button.clicked.connect(self.create_assessment)
        self.lock_button.clicked.connect(self.lock)
        self.unlock_button.clicked.connect(self.unlock)
        self.empty.acted.connect(self._on_empty)
        for made in (self.create_button, self.lock_button, self.unlock_button):
            made.hide()

    def _on_empty(self) -> None:
        if self._may_create:
            self.create_assessment()
        else:
            self.context.navigate("imports", class_id=self._class_id)

    def _on_items(self, items: Sequence[AssessmentItem]) -> None:
        self.items = sorted(items, key=lambda item: (item.held_on or date.max, item.id))
        self._stack.setCurrentIndex(0 if items else 1)
        self.create_button.setVisible(bool(items) and self._may_create)
        if not items:
            clear(self._chips)
            self.exams.show((), None)
            return
        if self._chosen not in {item.id for item in items}:
            own = [item for item in self.items if item.kind != "level" and not item.locked]
            self._chosen = (own or self.items)[0].id
        self._draw_chips()
        self._load_sheet()

    def _draw_chips(self) -> None:
        clear(self._chips)
        for item in self.items:
            text = tr(
                "scores.chip", kind=tr(f"assessment.{item.kind}"), day=day_text(item.held_on, weekday=False)
            )
            if item.resit_of is not None:
                text = tr("scores.chip_resit", text=text)
            chip = QPushButton(tr("scores.chip_locked", text=text) if item.locked else text)
            chip.setProperty("chip", True)
            chip.setCheckable(True)
            chip.setChecked(item.id == self._chosen)
            chip.clicked.connect(functools.partial(self.choose, item.id))
            self._group.addButton(chip)
            self._chips.addWidget(chip)

    def choose(self, assessment_id: bytes, *_checked: object) -> None:
        """Show another assessment of the class."""
        self._chosen = assessment_id
        self._load_sheet()

    def _load_sheet(self) -> None:
        service, chosen = self.context.services.assessments, self._chosen
        self.context.tasks.query(self, lambda: service.sheet(chosen), self._on_sheet, latest="sheet")

    def _on_sheet(self, sheet: ScoreSheet) -> None:
        presenter, place = self.presenter, self.grid.current_place()
        same = presenter.sheet is not None and presenter.assessment.id == sheet.assessment.id
        if presenter.load(sheet):
            self._draw_grid()
            target = place if same and place else presenter.first_place()
            if target is not None and target[0] < len(presenter.rows):
                self.grid.set_current(*target)
                self.grid.body.setFocus()
        else:
            self._refresh(range(len(presenter.rows)))
        self._draw()
        self.reported.draw(self.model)
        self.reported.read(self._class_id, self.model)
        self._write_restored()

    def _draw_grid(self) -> None:
        presenter = self.presenter
        self.model.set_grid(presenter.frozen_columns(), presenter.columns(), presenter.grid_rows())

    def _refresh(self, rows: Iterable[int]) -> None:
        for row in rows:
            for column in range(len(self.model.columns)):
                cell = self.presenter.cell((row, column))
                if cell != self.model.cell(row, column):
                    self.model.set_cell(row, column, cell)
        self._draw()

    def _draw(self) -> None:
        presenter = self.presenter
        item, counts, sheet = presenter.assessment, presenter.counts(), presenter.sheet
        editable = sheet is not None and sheet.editable
        parts = [
            tr("scores.people", count=counts.people),
            tr("scores.passed", count=counts.passed),
            tr("scores.failed", count=counts.failed),
            tr("scores.absent", count=counts.absent) if counts.absent else "",
            tr("scores.missing", count=counts.missing) if counts.missing else "",
            " ".join(part for part in (item.starts_at, item.place) if part),
            item.organisation or "",
        ]
        self.facts.setText(" · ".join(part for part in parts if part))
        hint = tr("scores.incomplete", count=counts.missing) if counts.missing else tr("scores.ready")
        self.closed.setText(presenter.closed_text() or (hint if self._may_lock else ""))
        self.lock_button.setVisible(editable and self._may_lock)
        self.lock_button.setEnabled(not counts.missing)
        self.exams.show(self.items, sheet)
        self.unlock_button.setVisible(item.locked and self._may_unlock)
        hints = [("0-9", tr("scores.hint.type")), ("Q", tr("scores.hint.absent")), ("H", tr("scores.hint.deferred")),
                 ("W", tr("scores.hint.violation")), ("Enter", tr("scores.hint.down"))]  # fmt: skip
        if self.hints != (hints if editable else []):
            self.set_hints(hints if editable else [])

    def _on_typed(self, row: int, column: int, text: str) -> None:
        self.write({(row, column): self.presenter.parse((row, column), text)})

    def _on_pasted(self, row: int, column: int, lines: Sequence[Sequence[str]]) -> None:
        """Take scores from the clipboard; the first text that is none stops it, and nothing is written."""
        scores: dict[Place, Score | None] = {}
        for down, line in enumerate(lines):
            for right, text in enumerate(line):
                place = (row + down, column + right)
                if place[0] < len(self.presenter.rows) and self.presenter.takes(place) and text.strip():
                    try:
                        scores[place] = self.presenter.parse(place, text)
                    except AppError as error:
                        self.context.messages.report(self, error)
                        return
        self.write(scores)

    def write(self, scores: Mapping[Place, Score | None]) -> None:
        """Write scores into open cells, in one command; what is there already is left alone."""
        found: dict[ScoreKey, Score | None] = {
            self.presenter.key(place): score
            for place, score in scores.items()
            if self.presenter.takes(place) and self.presenter.score(place) != score
        }
        if not found:
            return
        people = {trainee for trainee, _code in found}
        news = [
            NewScore(one, {code: score for (own, code), score in found.items() if own == one})
            for one in people
        ]
        number = self.presenter.begin(found)
        sent = self._under_way.begin(unsaved_scores(self.presenter.assessment, found))

        def on_done(_count: int) -> None:
            self._under_way.end(sent)
            self._refresh(self.presenter.stored(number))

        def take_back() -> None:
            self._under_way.end(sent)
            self._refresh(self.presenter.refused(number))

        def on_refused(error: AppError) -> None:
            take_back()
            self.context.messages.report(self, error)

        rows = [row for row, item in enumerate(self.presenter.rows) if item.trainee_id in people]
        self._refresh(rows)
        act = functools.partial(self.context.services.assessments.enter, self.presenter.assessment.id, news)
        self.context.tasks.command(
            self,
            act,
            on_done,
            on_refused,
            lost=take_back,
        )

    def create_assessment(self) -> None:
        """Ask for a 结业考核 or 过程考核 and create it."""
        asked = self.ask_new(self.window(), self.context.services.context.today())
        if asked is None:
            return
        service, class_id = self.context.services.assessments, self._class_id

        def act() -> bytes:
            return service.create(  # type: ignore[no-any-return]
                class_id, asked.kind, held_on=asked.held_on, components=asked.components, rule=asked.rule
            )

        self.context.tasks.command(self, act, self._on_created)

    def _on_created(self, assessment_id: bytes) -> None:
        self._chosen = assessment_id
        self.mark_stale()
        self.context.messages.tell(tr("scores.created"))

    def _chosen_rows(self) -> list[ScoreRowItem]:
        """Return the people whose cells are marked in the grid."""
        rows = self.presenter.rows
        return [
            rows[row] for row in sorted({row for row, _ in self.grid.selected_places()}) if row < len(rows)
        ]

    def _on_exam_opened(self, assessment_id: bytes) -> None:
        """Show an exam that was opened."""
        self._chosen = assessment_id
        self.mark_stale()

    def lock(self) -> None:
        """Say how many people and passes there are, then lock."""
        counts, item = self.presenter.counts(), self.presenter.assessment
        detail = tr(
            "scores.lock_detail",
            people=counts.people,
            passed=counts.passed,
            failed=counts.failed,
            absent=counts.absent,
        )
        verbs = [Verb("act", tr("scores.lock"), "primary"), Verb("", tr("ask.cancel"))]
        question = tr("scores.lock_question", kind=tr(f"assessment.{item.kind}"))
        if self.ask(self.window(), question, detail, verbs) == "act":
            service = self.context.services.assessments
            self.context.tasks.command(
                self,
                lambda: service.lock(item.id),
                lambda _none: self.context.messages.tell(tr("scores.locked")),
            )

    def unlock(self) -> None:
        """Ask for the reason, then unlock."""
        item = self.presenter.assessment
        question = tr("scores.unlock_question", kind=tr(f"assessment.{item.kind}"))
        reason = self.ask_reason(self.window(), question, tr("scores.unlock_detail"), tr("scores.unlock"))
        if reason is not None:
            service = self.context.services.assessments
            self.context.tasks.command(
                self,
                lambda: service.unlock(item.id, reason),
                lambda _none: self.context.messages.tell(tr("scores.unlocked")),
            )
