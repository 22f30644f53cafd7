"""What the province has not got yet of the scores: read beside the sheet, shown in a column, chosen in a box."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QWidget

from ui.i18n import tr
from ui.navigation import PageContext
from ui.pages.scores.presenter import ScorePresenter
from ui.widgets.form_panel import choice_box
from ui.widgets.mark_grid_model import MarkGridModel

REPORTS = ("assessment",)


class ReportedFilter:
    """The box stands in the tab's first line while there is anything to choose; ``chosen`` is called to redraw."""

    def __init__(
        self, owner: QWidget, context: PageContext, presenter: ScorePresenter, chosen: Callable[[], object]
    ) -> None:
        self._owner, self._context, self._presenter, self._chosen = owner, context, presenter, chosen
        self._may = bool(context.services.context.may("view_reports"))
        self.box = choice_box([], empty=tr("scores.reported_all"))
        self.box.setMinimumWidth(152)
        self.box.setAccessibleName(tr("report_mark.title"))
        self.box.activated.connect(lambda _index: self._choose())
        self.box.hide()

    def read(self, class_id: bytes, model: MarkGridModel) -> None:
        """Read the marks off the window's thread and show them in the rows that are there."""
        reporting = getattr(self._context.services, "reporting", None)
        if reporting is None or not self._may:
            return

        def show(found: Any) -> None:  # noqa: ANN401 - marks by (kind, key)
            self._presenter.reported.take(found)
            self.draw(model)

        self._context.tasks.query(
            self._owner, lambda: reporting.record_marks(class_id, REPORTS), show, latest="marks"
        )

    def draw(self, model: MarkGridModel) -> None:
        """Bring the column and the box up to the marks; no row comes or goes, for somebody may be typing."""
        presenter = self._presenter
        if presenter.sheet is None:
            return
        column = len(model.frozen) - 1
        for row, item in enumerate(presenter.rows[: model.rowCount()]):
            cell = presenter.reported_cell(item)
            if cell != model.frozen_cell(row, column):
                model.set_frozen(row, column, cell)
        counts = presenter.marks()
        self.box.clear()
        self.box.addItem(tr("scores.reported_all"), "")
        offered = [*counts, *([presenter.kept] if presenter.kept and presenter.kept not in counts else [])]
        for mark in offered:
            title = tr(f"report_mark.{mark}")
            self.box.addItem(tr("report_mark.count", title=title, count=counts.get(mark, 0)), mark)
        self.box.setCurrentIndex(max(0, self.box.findData(presenter.kept)))
        self.box.setVisible(self.box.count() > 1)

    def _choose(self) -> None:
        self._presenter.keep(str(self.box.currentData() or ""))
        self._chosen()
