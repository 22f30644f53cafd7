"""What can be done with the exam that is shown: 报考, 排考, 缺考, 缓考, 违纪取消 and 补考, each in the panel."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QMenu

from desktop_app.domain.assessments import AssessmentKind
from desktop_app.domain.candidates import REGISTERED
from desktop_app.domain.life_cycles import CANDIDATE as CYCLE
from desktop_app.domain.listings.results import AssessmentItem, ScoreRowItem, ScoreSheet
from desktop_app.services.result_files import ResultFile
from ui.i18n import tr
from ui.navigation import PageContext
from ui.pages.scores.exam_panel import (
    CHOSEN,
    COMMAND_OF,
    DECISIONS,
    EVERYBODY,
    ExamAnswers,
    ExamPanel,
    ExamStep,
    first_values,
)
from ui.widgets.labels import button
from ui.widgets.side_panel import SidePanel


class ExamMenu:
    """``button`` opens the menu; ``on_opened`` is told the key of an exam that came into being."""

    def __init__(
        self,
        context: PageContext,
        class_id: bytes,
        panel: SidePanel,
        chosen: Callable[[], Sequence[ScoreRowItem]],
        on_opened: Callable[[bytes], None],
    ) -> None:
        self._context, self._class_id, self._panel = context, class_id, panel
        self._chosen, self._on_opened = chosen, on_opened
        self._items: Sequence[AssessmentItem] = ()
        self._sheet: ScoreSheet | None = None
        self._files: list[ResultFile] = []
        self.button = button(tr("exams.menu"))
        self.button.setProperty("menu", True)
        self._menu = QMenu(self.button)
        self._menu.aboutToShow.connect(self._fill)
        self.button.setMenu(self._menu)

    def show(self, items: Sequence[AssessmentItem], sheet: ScoreSheet | None) -> None:
        """Take the assessments of the class and the one that is shown; without anything to do there is no button."""
        self._items, self._sheet = items, sheet
        self.button.setVisible(bool(self.verbs()))
        item = None if sheet is None else sheet.assessment
        may = self._context.services.context.may
        if item is None or item.kind != AssessmentKind.LEVEL or not may("export_unmasked"):
            self._files = []
            return
        service = self._context.services.result_files
        self._context.tasks.query(
            self.button, lambda: service.of_assessment(item.id), self._on_files, latest="files"
        )

    def _on_files(self, files: Sequence[ResultFile]) -> None:
        self._files = list(files)
        self.button.setVisible(bool(self.verbs() or self._files))

    def verbs(self) -> list[str]:
        """Return what the user may do here, whoever is marked."""
        may = self._context.services.context.may
        found = []
        if may("open_exam") and all(one.kind != AssessmentKind.LEVEL for one in self._items):
            found.append("open")
        sheet = self._sheet
        if sheet is None or not self._items:
            return found
        level = sheet.assessment.kind == AssessmentKind.LEVEL
        decides = not sheet.assessment.locked and (may("open_exam") if level else sheet.editable)
        if decides:
            found += ["schedule", *DECISIONS]
        again = may("open_exam") if level else may("enter_scores") and (decides or sheet.assessment.locked)
        if again and self._failed():
            found.append("resit")
        return [verb for verb in found if may(COMMAND_OF[verb])]

    def fits(self, verb: str) -> bool:
        """Tell whether a step can be taken now: a decision needs one marked person who stands before it."""
        if verb in DECISIONS:
            people = self._chosen()
            return len(people) == 1 and verb in CYCLE.verbs(people[0].candidate)
        if verb == "schedule":
            return any(row.candidate == REGISTERED for row in self._rows())
        return True

    def begin(self, verb: str) -> None:
        """Open the form of a step."""
        people = list(self._chosen())
        step = self._decision(verb, people[0]) if verb in DECISIONS else self._sitting(verb, people)
        part = people[0].trainee_id.hex() if verb in DECISIONS else self._key()
        key = f"exam/{verb}/{part}"
        content = ExamPanel(self._context, step)
        content.taken.connect(lambda result: self._on_taken(key, result))
        title = tr(f"exams.do.{verb}")
        if verb in DECISIONS:
            title = tr("exams.title", name=people[0].name, step=title)
        self._panel.open_panel(key, title, content, content.foot())

    def _fill(self) -> None:
        self._menu.clear()
        for verb in self.verbs():
            action = self._menu.addAction(tr(f"exams.do.{verb}"))
            action.setEnabled(self.fits(verb))
            action.setToolTip("" if action.isEnabled() else tr(f"exams.closed.{verb}"))
            action.triggered.connect(lambda _=False, chosen=verb: self.begin(chosen))
        self._menu.setToolTipsVisible(True)
        if self._files:
            self._menu.addSeparator()
        for file in self._files:
            action = self._menu.addAction(tr("exams.file", file=file.file_name))
            action.triggered.connect(lambda _=False, chosen=file: self.save_copy(chosen))

    def save_copy(self, file: ResultFile) -> None:
        """Ask where, then write a file of the organisation out as it came."""
        chosen, _kind = QFileDialog.getSaveFileName(
            self.button.window(), tr("exams.file_title"), str(Path.home() / file.file_name)
        )
        if not chosen:
            return
        service, target = self._context.services.result_files, Path(chosen)
        self._context.tasks.long_command(
            self.button,
            lambda _progress, _cancel: service.copy(file.id, target),
            lambda _size: self._context.messages.tell(tr("exams.file_saved", file=target.name)),
        )

    def _rows(self) -> Sequence[ScoreRowItem]:
        return () if self._sheet is None else self._sheet.rows

    def _key(self) -> str:
        return "" if self._sheet is None else self._sheet.assessment.id.hex()

    def _failed(self) -> list[ScoreRowItem]:
        """Return who a 补考 is for."""
        return [
            row
            for row in self._rows()
            if row.conclusion != "passed"
            and row.candidate != REGISTERED
            and "resit" in CYCLE.verbs(row.candidate)
        ]

    def _sitting(self, verb: str, people: list[ScoreRowItem]) -> ExamStep:
        exams, today = self._context.services.exams, self._context.services.context.today()
        if verb == "open":
            class_id = self._class_id
            return ExamStep(
                verb,
                (),
                lambda given: exams.open_exam(class_id, given.sitting, given.organisation),
                first_values(today),
            )
        assert self._sheet is not None
        item = self._sheet.assessment
        fitting = [row for row in people if row.candidate == REGISTERED] if verb == "schedule" else people
        whole = (
            [row for row in self._rows() if row.candidate == REGISTERED]
            if verb == "schedule"
            else self._failed()
        )
        names = [row.trainee_id for row in fitting if row in whole]
        scopes = [(EVERYBODY, tr(f"exams.everybody.{verb}", count=len(whole)))]
        if names:
            scopes.append((CHOSEN, tr("exams.chosen", count=len(names))))

        def act(given: ExamAnswers) -> object:
            only = names if given.chosen else ()
            if verb == "schedule":
                return exams.schedule(item.id, given.sitting, only)
            return exams.open_resit(item.id, given.sitting, given.reason, only)

        kept = verb == "schedule" and item.held_on is not None
        values = first_values(item.held_on if kept and item.held_on else today, item.starts_at, item.place)
        facts = (tr(f"assessment.{item.kind}"), item.organisation or "")
        return ExamStep(verb, tuple(fact for fact in facts if fact), act, values, tuple(scopes))

    def _decision(self, verb: str, row: ScoreRowItem) -> ExamStep:
        assert self._sheet is not None
        exams, key = self._context.services.exams, self._sheet.assessment.id
        calls: dict[str, Callable[[bytes, bytes, date, str], None]] = {
            "miss": exams.record_absence,
            "defer": exams.defer,
            "recall": exams.recall,
            "disqualify": exams.disqualify,
        }
        call = calls[verb]
        today = self._context.services.context.today()
        held = self._sheet.assessment.held_on
        facts = (row.ticket or "", tr(f"state.candidate.{row.candidate}"))
        return ExamStep(
            verb,
            tuple(fact for fact in facts if fact),
            lambda given: call(key, row.trainee_id, given.sitting.held_on, given.reason),
            first_values(held if held is not None and held <= today else today),
        )

    def _on_taken(self, key: str, result: object) -> None:
        self._panel.forget_draft(key)
        self._panel.close_panel()
        if isinstance(result, bytes):
            self._on_opened(result)
