"""What a new year begins with: projects drafted anew, next class codes, what goes on by itself."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout

from desktop_app.services.new_year import NewYear
from ui.i18n import tr
from ui.navigation import PageContext
from ui.widgets.labels import button, label
from ui.widgets.side_panel import PanelContent

TURN = 12
"""From this month on the year to come is meant."""


class NewYearPanel(PanelContent):
    """``done`` carries the sentence that says what was drafted."""

    done = Signal(str)

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        today = context.services.context.today()
        self.year = today.year + 1 if today.month >= TURN else today.year
        self.title = tr("new_year.title", year=self.year)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._column.addWidget(label(tr("new_year.about"), "secondary", wrap=True))
        self._begin = button(tr("new_year.begin"), "primary")
        self._begin.setEnabled(False)
        self._begin.clicked.connect(self.begin)
        service, year = context.services.new_year, self.year
        context.tasks.query(self, lambda: service.preview(year), self._show, latest="preview")

    def foot(self) -> list[QPushButton]:
        """Return the button that drafts the projects."""
        return [self._begin]

    def begin(self) -> None:
        """Draft the projects."""
        service, year, report = self._context.services.new_year, self.year, self._context.messages.report
        self._context.tasks.command(
            self,
            lambda: service.begin(year),
            lambda count: self.done.emit(tr("new_year.done", count=count)),
            lambda error: report(self, error),
        )

    def _show(self, found: NewYear) -> None:
        self._begin.setEnabled(bool(found.projects))
        self._column.addWidget(label(tr("new_year.projects", count=len(found.projects)), "facts"))
        for one in found.projects:
            self._column.addWidget(label(tr("new_year.line", former=one.code, new=one.new_code), wrap=True))
        self._column.addWidget(label(tr("new_year.codes"), "facts"))
        for code in found.codes:
            self._column.addWidget(
                label(tr("new_year.line", former=code.last, new=code.following), wrap=True)
            )
        going = tr("new_year.goes_on", teachers=found.teachers, parameters=found.parameters)
        self._column.addWidget(label(going, "secondary", wrap=True))
        self._column.addStretch(1)
