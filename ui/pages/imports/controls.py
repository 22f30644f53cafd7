"""What is asked about a file: its kind, its class, and for scores which assessment they belong to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QDate, Signal
from PySide6.QtWidgets import QComboBox, QDateEdit, QHBoxLayout, QLabel, QWidget

from desktop_app.domain.assessments import AssessmentKind
from desktop_app.domain.listings.training import ClassListItem
from desktop_app.excel.column_names import WorkbookKind
from ui.i18n import tr
from ui.theme import icon_pixmap, theme
from ui.widgets.form_panel import ChoiceBox, choice_box
from ui.widgets.labels import button, label


class ImportControls(QWidget):
    """One line of boxes; ``changed`` tells that one of them was changed by the user."""

    changed = Signal()
    other_file = Signal()

    def __init__(self, kinds: Sequence[WorkbookKind], *, may_level: bool, may_own: bool) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self._icon = QLabel()
        self.file = label("", "strong")
        change = button(tr("imports.other_file"), "link")
        change.clicked.connect(self.other_file)
        self.kind = choice_box([(kind, tr(f"imports.kind.{kind.value}")) for kind in kinds])
        self.training_class = ChoiceBox()
        self.training_class.setMinimumWidth(180)
        own = [AssessmentKind.COMPLETION, AssessmentKind.PROCESS] if may_own else []
        assessments = [*([AssessmentKind.LEVEL] if may_level else []), *own]
        self.assessment = choice_box([(kind, tr(f"assessment.{kind.value}")) for kind in assessments])
        self.assessment.setMinimumWidth(176)
        self.day = QDateEdit()
        self.day.setCalendarPopup(True)
        self.day.setDisplayFormat("yyyy-MM-dd")
        self._assessment_label, self._day_label = (
            label(tr("imports.assessment"), "facts"),
            label(tr("imports.held_on"), "facts"),
        )
        for first in (self._icon, self.file, change):
            row.addWidget(first)
        row.addStretch(1)
        for widget in (
            label(tr("imports.kind"), "facts"), self.kind, label(tr("imports.class"), "facts"), self.training_class,
            self._assessment_label, self.assessment, self._day_label, self.day,
        ):  # fmt: skip
            row.addWidget(widget)
        self._day_touched = False
        self._connect()
        theme.changed.connect(self._draw)
        self._draw()

    def _connect(self) -> None:
        for box in (self.kind, self.training_class, self.assessment):
            box.activated.connect(lambda _index: self.changed.emit())
        line = self.training_class
        line.setEditable(True)
        line.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        editor = line.lineEdit()
        assert editor is not None
        editor.setPlaceholderText(tr("imports.class_choose"))
        editor.editingFinished.connect(self.changed)
        self.day.dateChanged.connect(lambda _day: self._on_day())

    def set_classes(self, classes: Sequence[ClassListItem]) -> None:
        """Offer the classes; what is chosen stays."""
        text = self.class_code()
        self.training_class.clear()
        for item in classes:
            self.training_class.addItem(item.code, item.code)
        self.set_class(text)

    def set_class(self, code: str) -> None:
        """Show a class code."""
        self.training_class.setCurrentIndex(self.training_class.findText(code) if code else -1)
        self.training_class.setEditText(code)

    def class_code(self) -> str:
        """Return the class code chosen or typed."""
        return self.training_class.currentText().strip()

    def chosen_kind(self) -> WorkbookKind | None:
        """Return the kind chosen; Qt hands an enum back as its plain text."""
        found = self.kind.currentData()
        return WorkbookKind(found) if found else None

    def chosen_assessment(self) -> AssessmentKind:
        """Return which assessment scores belong to."""
        return AssessmentKind(self.assessment.currentData())

    def set_kind(self, kind: WorkbookKind | None) -> None:
        """Show a kind."""
        self.kind.setCurrentIndex(-1 if kind is None else self.kind.findData(kind))

    def held_on(self) -> date | None:
        """Return the day of the assessment where the user has chosen one."""
        picked = self.day.date()
        return date(picked.year(), picked.month(), picked.day()) if self._day_touched else None

    def show_held_on(self, day: date | None) -> None:
        """Show the day that the dry run used, unless the user has chosen one."""
        if day is not None and not self._day_touched:
            self.day.blockSignals(True)
            self.day.setDate(QDate(day.year, day.month, day.day))
            self.day.blockSignals(False)

    def begin(self, file_name: str) -> None:
        """Show another file."""
        self.file.setText(file_name)
        self._day_touched = False
        self.show_score_boxes()

    def show_score_boxes(self) -> None:
        """Show the boxes of an assessment for scores only."""
        scores = self.chosen_kind() is WorkbookKind.SCORES
        for widget in (self._assessment_label, self.assessment, self._day_label, self.day):
            widget.setVisible(scores)

    def _on_day(self) -> None:
        self._day_touched = True
        self.changed.emit()

    def _draw(self) -> None:
        self._icon.setPixmap(icon_pixmap("file-spreadsheet", "text_secondary", 20, self.devicePixelRatioF()))
