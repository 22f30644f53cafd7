"""The recovery code: shown once; its last group typed again proves that it was written down."""

from __future__ import annotations

from PySide6.QtCore import QMarginsF, Signal
from PySide6.QtGui import QGuiApplication, QPageLayout, QTextDocument
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from ui.i18n import tr
from ui.widgets.form_field import FormField
from ui.widgets.form_panel import text_line
from ui.widgets.labels import button, clear, label

COLUMNS = 4


class CodeStep(QWidget):
    """``confirmed`` tells whether the last group was typed rightly."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._code = ""
        self._institution = ""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(label(tr("code.detail"), wrap=True))
        frame = QFrame()
        frame.setProperty("tableframe", True)
        self._grid = QGridLayout(frame)
        self._grid.setContentsMargins(24, 16, 24, 16)
        self._grid.setHorizontalSpacing(24)
        self._grid.setVerticalSpacing(8)
        column.addWidget(frame)
        row = QHBoxLayout()
        row.setSpacing(8)
        self.copy_button = button(tr("code.copy"), "", "copy")
        self.copy_button.clicked.connect(self._copy)
        print_button = button(tr("code.print"), "", "printer")
        print_button.clicked.connect(self._print)
        row.addWidget(self.copy_button)
        row.addWidget(print_button)
        row.addStretch(1)
        column.addLayout(row)
        column.addWidget(label(tr("code.warning"), "secondary", wrap=True))
        self.last = FormField(tr("code.last"), text_line("XXXX", limit=8))
        self.last.setMaximumWidth(240)
        assert isinstance(self.last.editor, QLineEdit)
        self.last.editor.textEdited.connect(lambda _text: self._on_edited())
        column.addWidget(self.last)
        column.addStretch(1)

    def show_code(self, code: str, institution: str) -> None:
        """Show the code in groups of four."""
        self._code, self._institution = code, institution
        for number, group in enumerate(code.split("-")):
            line = label(group, "heading")
            self._grid.addWidget(line, number // COLUMNS, number % COLUMNS)

    def confirmed(self) -> bool:
        """Tell whether the last group was typed rightly."""
        return bool(self._code) and str(self.last.value()).upper() == self._code.split("-")[-1]

    def first_field(self) -> QWidget:
        """Return where typing begins."""
        return self.last.editor

    def forget(self) -> None:
        """Drop the code: it is shown once."""
        self._code = ""
        clear(self._grid)

    def page(self) -> str:
        """Return the sheet to print, as HTML."""
        return tr("code.sheet", institution=self._institution, code=self._code.replace("-", " - "))

    def _on_edited(self) -> None:
        typed = str(self.last.value())
        wrong = len(typed) >= len(self._code.split("-")[-1]) and not self.confirmed()
        self.last.set_error(tr("code.last_wrong") if wrong else "")
        self.changed.emit()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._code)
        self.copy_button.setText(tr("code.copied"))

    def _print(self) -> None:
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setPageMargins(QMarginsF(20, 20, 20, 20), QPageLayout.Unit.Millimeter)
        if QPrintDialog(printer, self.window()).exec():
            document = QTextDocument()
            document.setHtml(self.page())
            document.print_(printer)
