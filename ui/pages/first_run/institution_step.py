"""First step: the institution, with its credit code checked while typing."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit, QVBoxLayout, QWidget

from desktop_app.domain.credit_codes import check_uscc
from desktop_app.services.profile import INSTITUTION_KINDS, NewInstitution
from ui.i18n import tr
from ui.messages import describe
from ui.widgets.form_field import FormField
from ui.widgets.form_panel import choice_box, text_line
from ui.widgets.labels import label
from ui.widgets.region_picker import RegionPicker

USCC_LENGTH = 18


class InstitutionStep(QWidget):
    """``institution`` is what is typed; ``changed`` tells that it is another."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        kinds = [(code, tr(f"kind.{code}")) for code in INSTITUTION_KINDS]
        self.name = FormField(
            tr("first_run.name"), text_line(tr("first_run.name_example"), limit=80), required=True
        )
        self.uscc = FormField(
            tr("first_run.uscc"), text_line(limit=30), required=True, note=tr("first_run.uscc_note")
        )
        self.kind = FormField(tr("first_run.kind"), choice_box(kinds), required=True)
        self.kind.set_value("")
        self.region = RegionPicker()
        self.solo = QCheckBox(tr("first_run.solo"))
        column.addWidget(self.name)
        column.addWidget(self.uscc)
        column.addWidget(self.kind)
        column.addWidget(label(tr("first_run.region"), "secondary"))
        column.addWidget(self.region)
        column.addWidget(self.solo)
        column.addWidget(label(tr("first_run.solo_note"), "secondary", wrap=True))
        column.addStretch(1)
        for field in (self.name, self.uscc):
            assert isinstance(field.editor, QLineEdit)
            field.editor.textEdited.connect(lambda _text: self._on_edited())
        self.kind.edited.connect(self.changed)
        self.region.chosen.connect(self.changed)

    def institution(self) -> NewInstitution | None:
        """Return what is typed, None where something is missing or wrong."""
        uscc = check_uscc(str(self.uscc.value()))
        name, kind, region = str(self.name.value()), str(self.kind.value() or ""), self.region.code()
        if not name or uscc.problem is not None or not kind or not region:
            return None
        return NewInstitution(name, uscc.normalised, region, kind, solo=self.solo.isChecked())

    def first_field(self) -> QWidget:
        """Return where typing begins."""
        return self.name.editor

    def _on_edited(self) -> None:
        typed = str(self.uscc.value())
        found = check_uscc(typed)
        half_typed = (
            found.problem is not None and found.problem.code == "USCC_LENGTH" and len(typed) < USCC_LENGTH
        )
        if typed and found.problem is not None and not half_typed:
            self.uscc.set_error(describe(found.problem).text)
        else:
            self.uscc.set_error("")
        self.changed.emit()
