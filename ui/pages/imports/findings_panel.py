"""Over the preview: what is asked, what holds for the whole file, and what the dry run took for granted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop_app.excel.problems import Problem, Severity
from desktop_app.services.imports.plan import DateSource, Facts, Question, hint, message
from ui.i18n import tr
from ui.pages.imports.presenter import ANSWERS, ImportFlow, Preview
from ui.widgets.labels import clear, label
from ui.wording import day_text

SHOWN = 2
REASON_LENGTH = 100


class FindingsPanel(QWidget):
    """``answered`` tells a question and its answer: a code, or the reason in words."""

    answered = Signal(object, str)

    def __init__(self) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self.chips: dict[tuple[Question, str], QPushButton] = {}
        self.reason: QLineEdit | None = None
        self.hide()

    def show_flow(self, flow: ImportFlow, preview: Preview) -> None:
        """Draw anew after a dry run."""
        clear(self._column)
        self.chips = {}
        self.reason = None
        for question, count in flow.asked().items():
            self._column.addWidget(self._question(flow, question, count))
        for text, tone in sheet_lines(preview.of_sheet):
            self._column.addWidget(label(text, wrap=True, tone=tone))
        if flow.plan is not None:
            facts = facts_text(flow.plan.facts, flow.class_code)
            if facts:
                self._column.addWidget(label(facts, "facts", wrap=True))
        self.setVisible(self._column.count() > 0)

    def _question(self, flow: ImportFlow, question: Question, count: int) -> QWidget:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        open_ = not flow.answered(question)
        row.addWidget(
            label(tr(f"imports.ask.{question.value}", count=count), "strong", tone="waiting" if open_ else "")
        )
        if question is Question.REASON:
            self.reason = self._reason_edit(flow.options.reason)
            row.addWidget(self.reason)
        for value in ANSWERS.get(question, ()):
            chip = QPushButton(tr(f"imports.answer.{value}"))
            chip.setProperty("chip", True)
            chip.setCheckable(True)
            chip.setChecked(flow.answered(question) == value)
            chip.clicked.connect(lambda _=False, found=value: self.answered.emit(question, found))
            row.addWidget(chip)
            self.chips[question, value] = chip
        row.addStretch(1)
        return line

    def _reason_edit(self, reason: str) -> QLineEdit:
        edit = QLineEdit(reason)
        edit.setMaxLength(REASON_LENGTH)
        edit.setMinimumWidth(320)
        edit.setPlaceholderText(tr("imports.reason_hint"))
        edit.setAccessibleName(tr("imports.reason"))

        def tell() -> None:
            if edit.text().strip() != reason:
                self.answered.emit(Question.REASON, edit.text().strip())

        edit.editingFinished.connect(tell)
        return edit


def sheet_lines(problems: Sequence[Problem]) -> list[tuple[str, str]]:
    """Return (text, tone) for what concerns the whole sheet or a column; many of one kind are one line."""
    counts = Counter(problem.code for problem in problems)
    first = {problem.code: problem for problem in reversed(problems)}
    lines = []
    for code, count in counts.items():
        problem = first[code]
        wrong = problem.severity is Severity.ERROR
        text = f"{message(problem)}{hint(problem)}"
        if count > SHOWN:
            text = tr("imports.and_more", text=message(problem), count=count)
        lines.append((f"{'✕' if wrong else '△'} {text}", "wrong" if wrong else "waiting"))
    return lines


def facts_text(facts: Facts, class_code: str) -> str:
    """Return what the dry run took for granted, in one line."""
    parts = [
        tr("imports.fact.new_class", code=class_code) if facts.creates_class else "",
        tr("imports.fact.people", count=facts.people)
        if facts.people is not None and not facts.sessions
        else "",
        tr("imports.fact.sessions", count=facts.sessions) if facts.sessions and facts.stated is None else "",
        tr("imports.fact.passed", count=facts.passed) if facts.passed is not None else "",
        tr("imports.fact.organisation", name=facts.organisation) if facts.organisation else "",
    ]
    if facts.enrolled_on is not None and facts.enrolled_from not in {None, DateSource.COLUMN}:
        source = tr(f"imports.from.{facts.enrolled_from.value}") if facts.enrolled_from else ""
        parts.append(
            tr("imports.fact.enrolled", day=day_text(facts.enrolled_on, weekday=False), source=source)
        )
    if facts.stated is not None and facts.counted is not None:
        key = "imports.fact.totals_same" if facts.stated == facts.counted else "imports.fact.totals_differ"
        parts.append(tr(key, stated=facts.stated, counted=facts.counted))
    return " · ".join(part for part in parts if part)
