"""The workbook as it will be read: bad cells red, doubtful and normalised ones amber, a box over each column."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFrame,
    QHeaderView,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from desktop_app.excel.cells import column_letter
from desktop_app.excel.problems import Problem, Severity
from desktop_app.services.imports.plan import RowState, hint, message
from ui.i18n import tr
from ui.pages.imports.presenter import Preview, PreviewRow, with_problems
from ui.theme import ROW_HEIGHT
from ui.widgets.cell_states import STATE_ROLE, TONE_ROLE, CellState, StateMarkDelegate, Tone
from ui.widgets.form_panel import ChoiceBox

Index = QModelIndex | QPersistentModelIndex
LEAD = 3
"""Columns before those of the sheet: the row's number, what happens to it, and what is wrong in words."""
NARROW, WIDE, SAID = 96, 200, 300
_STATE_TONES = {
    RowState.NEW: Tone.DONE,
    RowState.CHANGED: Tone.WAITING,
    RowState.SAME: Tone.QUIET,
    RowState.BAD: Tone.WRONG,
}
EMPTY = Preview((), (), {}, {}, ())


class PreviewModel(QAbstractTableModel):
    """Rows of a Preview, each led by its number, its fate and what is wrong with it."""

    def __init__(self) -> None:
        super().__init__()
        self.preview = EMPTY
        self._rows: list[PreviewRow] = []
        self._only_problems = False

    def set_preview(self, preview: Preview, *, only_problems: bool) -> None:
        """Show another preview, or only its rows with problems."""
        self.beginResetModel()
        self.preview, self._only_problems = preview, only_problems
        self._rows = list(with_problems(preview)) if only_problems else list(preview.rows)
        self.endResetModel()

    def row(self, number: int) -> PreviewRow:
        """Return the row shown at ``number``."""
        return self._rows[number]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else LEAD + len(self.preview.headings)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:  # noqa: ANN401 - Qt's own
        if orientation != Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        if section < LEAD:
            return tr(("imports.row", "imports.result", "imports.said")[section])
        return self.preview.headings[section - LEAD]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's own
        row, column = self._rows[index.row()], index.column() - LEAD
        if column < 0:
            return self._lead(row, index.column(), role)
        place = (row.row, column)
        problems, normal = self.preview.problems.get(place, ()), self.preview.normalised.get(place)
        if role == Qt.ItemDataRole.DisplayRole:
            return row.texts[column] if normal is None or problems else normal
        if role == Qt.ItemDataRole.ToolTipRole:
            told = [f"{message(problem)}{hint(problem)}" for problem in problems]
            if normal is not None:
                told.append(tr("imports.normalised", before=row.texts[column], after=normal))
            return "\n".join(told) or None
        return self._look(problems, normal, role)

    def _look(self, problems: Sequence[Problem], normal: str | None, role: int) -> CellState | Tone | None:
        wrong = any(problem.severity is Severity.ERROR for problem in problems)
        if role == TONE_ROLE:
            return Tone.WRONG if wrong else Tone.WAITING if problems or normal is not None else None
        if role == STATE_ROLE:
            return (
                CellState.REJECTED if wrong else CellState.NOTED if problems or normal is not None else None
            )
        return None

    def _lead(self, row: PreviewRow, column: int, role: int) -> Any:  # noqa: ANN401 - Qt's own
        if column == 0:
            return {Qt.ItemDataRole.DisplayRole: str(row.row), TONE_ROLE: Tone.QUIET}.get(role)
        if column == LEAD - 1:
            said = role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}
            return self._said(row) if said else Tone.QUIET if role == TONE_ROLE else None
        if role == Qt.ItemDataRole.DisplayRole:
            return "" if row.state is None else tr(f"imports.state.{row.state.value}")
        return _STATE_TONES.get(row.state) if role == TONE_ROLE and row.state is not None else None

    def _said(self, row: PreviewRow) -> str:
        found = [
            problem for place, own in self.preview.problems.items() if place[0] == row.row for problem in own
        ]
        return " ".join(f"{message(problem)}{hint(problem)}" for problem in found)


class MappingRow(QWidget):
    """Boxes over the columns that say which field each one is; ``chosen`` tells letter and field ("" = left out)."""

    chosen = Signal(str, str)

    def __init__(self, view: QTableView) -> None:
        super().__init__()
        self._view = view
        self.boxes: list[QComboBox] = []
        self.setFixedHeight(ROW_HEIGHT + 8)
        view.horizontalHeader().sectionResized.connect(lambda *_sizes: self._place())
        view.horizontalScrollBar().valueChanged.connect(lambda _value: self._place())

    def set_columns(
        self, count: int, fields: Sequence[tuple[str, str]], mapping: dict[str, str], rest: str
    ) -> None:
        """Show ``count`` boxes with the fields (code, words) and what each column is mapped to; ``rest`` = unmapped."""
        for box in self.boxes:
            box.hide()
            box.deleteLater()
        self.boxes = []
        for column in range(count):
            box = ChoiceBox()
            box.setParent(self)
            box.addItem(rest, "")
            for code, words in fields:
                box.addItem(words, code)
            letter = column_letter(column)
            box.setCurrentIndex(max(0, box.findData(mapping.get(letter, ""))))
            box.setAccessibleName(tr("imports.column", letter=letter))
            box.activated.connect(lambda _index, b=box, name=letter: self.chosen.emit(name, b.currentData()))
            box.view().setMinimumWidth(160)
            box.show()
            self.boxes.append(box)
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        for column, box in enumerate(self.boxes):
            left = self._view.columnViewportPosition(column + LEAD)
            box.setGeometry(left + 2, 4, self._view.columnWidth(column + LEAD) - 4, ROW_HEIGHT)


class PreviewTable(QFrame):
    """The boxes over the table."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("tableframe", True)
        self.model = PreviewModel()
        self.view = QTableView()
        self.view.setModel(self.model)
        self.view.setItemDelegate(StateMarkDelegate(self.view))
        self.view.setShowGrid(True)
        self.view.setWordWrap(False)
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.view.verticalHeader().hide()
        self.view.verticalHeader().setDefaultSectionSize(28)
        header = self.view.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setFixedHeight(ROW_HEIGHT)
        self.mapping = MappingRow(self.view)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.setSpacing(0)
        layout.addWidget(self.mapping)
        layout.addWidget(self.view, 1)

    def set_preview(self, preview: Preview, *, only_problems: bool) -> None:
        """Show a preview; columns keep their widths while the sheet has the same headings."""
        same = preview.headings == self.model.preview.headings
        self.model.set_preview(preview, only_problems=only_problems)
        self.view.setColumnHidden(LEAD - 1, not preview.problems)
        if same:
            return
        self.view.setColumnWidth(0, 52)
        self.view.setColumnWidth(1, 96)
        metrics = self.view.fontMetrics()
        for column, heading in enumerate(preview.headings):
            texts = [heading, *(row.texts[column] for row in preview.rows[:30])]
            widest = max(metrics.horizontalAdvance(text) for text in texts) + 28
            self.view.setColumnWidth(column + LEAD, min(WIDE, max(NARROW, widest)))
        self.view.setColumnWidth(LEAD - 1, SAID)
