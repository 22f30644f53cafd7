"""The top of a class page: the states of its life, what the next step needs with a way there, and its reports."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.i18n import tr
from ui.pages.classes.progress import (
    STATES,
    TAB_OF_STATE,
    ClassState,
    NextLine,
    next_line,
    reports_line,
    standing,
)
from ui.widgets.labels import ElidedLabel, button, restyle
from ui.widgets.steps import Stepper

LINE = 24
"""Height in px of the lines under the states."""


class ClassStanding(QWidget):
    """``tab_wanted`` and ``step_wanted`` tell where the user wants to go, ``reports_wanted`` to 上报."""

    tab_wanted = Signal(str)
    step_wanted = Signal(str)
    reports_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._line = NextLine("")
        self.steps = Stepper([tr(f"state.training_class.{state}") for state in STATES])
        self.steps.chosen.connect(lambda number: self.tab_wanted.emit(TAB_OF_STATE[STATES[number]]))
        self.next = ElidedLabel("")
        self.next.setProperty("role", "secondary")
        self.go = button("", "link")
        self.go.clicked.connect(self._on_go)
        self.reports = ElidedLabel("")
        self.reports.setProperty("role", "secondary")
        self.to_reports = button(tr("progress.to_reports"), "link")
        self.to_reports.clicked.connect(self.reports_wanted)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.steps)
        self.mend = button("", "link")
        self.mend.clicked.connect(lambda: self.tab_wanted.emit(self._line.tab))
        for text, links in ((self.next, (self.mend, self.go)), (self.reports, (self.to_reports,))):
            row = QHBoxLayout()
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(12)
            row.addWidget(text, 1)
            for link in links:
                link.setFixedHeight(LINE)
                row.addWidget(link)
            column.addLayout(row)
        self.show_reports("")

    def show_state(self, state: ClassState, *, may_step: bool) -> None:
        """Show where a class stands; the step is offered to those who may take it."""
        line = self._line = next_line(state.step, state.item)
        self.steps.set_current(standing(state.item), line.text if line.tone == "waiting" else "")
        self.next.setText(line.text)
        self.next.setToolTip(line.tip)
        restyle(self.next, tone=line.tone)
        if line.verb:
            self.go.setText(tr("progress.take", step=tr(f"steps.do.{line.verb}")))
        else:
            self.go.setText(tr("progress.mend", tab=tr(f"tab.{line.tab}")) if line.tab else "")
        self.go.setVisible(bool((line.verb and may_step) or (line.tab and not line.verb)))
        self.mend.setText(tr("progress.mend", tab=tr(f"tab.{line.tab}")) if line.verb and line.tab else "")
        self.mend.setVisible(bool(line.verb and line.tab))
        self.show_reports(reports_line(state.reports or ()))

    def show_reports(self, text: str) -> None:
        """Show how the reports stand; nothing where none says anything."""
        self.reports.setText(text)
        self.reports.setToolTip(text)
        self.reports.setVisible(bool(text))
        self.to_reports.setVisible(bool(text))

    def _on_go(self) -> None:
        if self._line.verb:
            self.step_wanted.emit(self._line.verb)
        elif self._line.tab:
            self.tab_wanted.emit(self._line.tab)
