"""The columns and single cells of a form, each with what it takes."""

from __future__ import annotations

import dataclasses

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHeaderView, QTableWidget, QTableWidgetItem

from desktop_app.domain.foreign_forms import CLASS_FIELDS, PERSON_FIELDS, REPLY_FIELDS, FillRule, FormRules
from desktop_app.excel.foreign_forms import FormSheet
from ui.i18n import tr

REPLY = "reply:"
ROW_HEIGHT = 36
_WIDTHS = (72, 320, 320)


class RulesTable(QTableWidget):
    """``changed`` tells that something was chosen; ``rules`` are those on the screen."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__(0, 3)
        self.setHorizontalHeaderLabels(
            [tr("forms.column.place"), tr("forms.column.heading"), tr("forms.column.takes")]
        )
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QTableWidget.SelectionMode.NoSelection)
        self.setShowGrid(False)
        head = self.horizontalHeader()
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        for column, width in enumerate(_WIDTHS):
            self.setColumnWidth(column, width)
        self.setAccessibleName(tr("page.forms"))
        self.boxes: dict[str, QComboBox] = {}
        self._rules: FormRules | None = None
        self._headings: dict[str, str] = {}

    def show_form(self, form: FormSheet) -> None:
        """Show what was found."""
        self._rules, self._headings = form.rules, dict(form.headings)
        self.boxes = {}
        cells = list(form.rules.cells)
        self.setRowCount(len(self._headings) + len(cells))
        for row, (letter, heading) in enumerate(self._headings.items()):
            rule, reply = form.rules.columns.get(letter), form.rules.replies.get(letter)
            chosen = rule.field if rule else f"{REPLY}{reply}" if reply else ""
            self._put(row, letter, heading, self._box([*PERSON_FIELDS, *CLASS_FIELDS], chosen, replies=True))
        for row, place in enumerate(cells, start=len(self._headings)):
            box = self._box(list(CLASS_FIELDS), form.rules.cells[place].field, replies=False)
            self._put(row, place, tr("forms.single_cell"), box)

    def rules(self) -> FormRules | None:
        """Return the rules as they are chosen now; codes and forms of what was not changed stay."""
        known = self._rules
        if known is None:
            return None
        columns, cells, replies = dict[str, FillRule](), dict[str, FillRule](), dict[str, str]()
        for place, box in self.boxes.items():
            chosen = str(box.currentData() or "")
            if chosen.startswith(REPLY):
                replies.setdefault(place, chosen.removeprefix(REPLY))
            elif chosen:
                target, before = (columns, known.columns) if place in self._headings else (cells, known.cells)
                old = before.get(place)
                target[place] = old if old is not None and old.field == chosen else FillRule(chosen)
        return dataclasses.replace(known, columns=columns, cells=cells, replies=replies)

    def _put(self, row: int, place: str, heading: str, box: QComboBox) -> None:
        for column, text in enumerate((place, heading)):
            self.setItem(row, column, QTableWidgetItem(text))
        box.setAccessibleName(f"{place} {heading}")
        self.setCellWidget(row, 2, box)
        self.boxes[place] = box

    def _box(self, fields: list[str], chosen: str, *, replies: bool) -> QComboBox:
        box = QComboBox()
        box.addItem(tr("forms.left_empty"), "")
        for field in fields:
            box.addItem(tr(f"forms.field.{field}"), field)
        for field in REPLY_FIELDS if replies else ():
            box.addItem(tr("forms.reply", field=tr(f"forms.field.{field}")), f"{REPLY}{field}")
        if box.findData(chosen) < 0:
            box.addItem(tr(f"forms.field.{chosen}"), chosen)
        box.setCurrentIndex(box.findData(chosen))
        box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        box.activated.connect(lambda _index: self.changed.emit())
        return box
