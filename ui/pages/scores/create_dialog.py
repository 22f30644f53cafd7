"""Asks what a teacher's own assessment consists of: 结业考核 or 过程考核, its day, components and rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from PySide6.QtWidgets import QCheckBox, QDateEdit, QHBoxLayout, QWidget

from desktop_app.domain.assessments import AssessmentKind, Component, ComponentCode, PassRule
from ui.dialogs.ask import Verb, VerbDialog
from ui.i18n import tr
from ui.widgets.form_field import FormField
from ui.widgets.form_panel import choice_box
from ui.widgets.labels import label

WHOLE_WEIGHT = 100


@dataclass(frozen=True, slots=True)
class NewAssessment:
    """What the dialog asked; the weights of the components add up to 100 %."""

    kind: AssessmentKind
    held_on: date
    components: tuple[Component, ...]
    rule: PassRule


class CreateAssessmentDialog(VerbDialog):
    """Starts with 结业考核, today, 理论 and 实操, 各科合格."""

    def __init__(self, parent: QWidget | None, today: date) -> None:
        verbs = [Verb("act", tr("scores.create_verb"), "primary"), Verb("", tr("ask.cancel"))]
        super().__init__(parent, tr("scores.create_question"), tr("scores.create_detail"), verbs)
        kinds = [
            (kind, tr(f"assessment.{kind.value}"))
            for kind in (AssessmentKind.COMPLETION, AssessmentKind.PROCESS)
        ]
        self.kind = FormField(tr("scores.kind"), choice_box(kinds))
        self.day = FormField(tr("scores.held_on"), QDateEdit())
        self.day.set_value(today)
        rules = [(rule, tr(f"scores.rule.{rule.value}")) for rule in PassRule]
        self.rule = FormField(tr("scores.pass_rule"), choice_box(rules))
        self.content.addWidget(self.kind)
        self.content.addWidget(self.day)
        self.content.addWidget(label(tr("scores.components"), "secondary"))
        row = QHBoxLayout()
        self.parts: dict[ComponentCode, QCheckBox] = {}
        for code in ComponentCode:
            box = QCheckBox(tr(f"component.{code.value}"))
            box.setChecked(code in {ComponentCode.THEORY, ComponentCode.PRACTICE})
            box.toggled.connect(lambda _on: self._draw())
            row.addWidget(box)
            self.parts[code] = box
        row.addStretch(1)
        self.content.addLayout(row)
        self.content.addWidget(self.rule)

    def asked(self) -> NewAssessment:
        """Return what was chosen."""
        codes = self._chosen()
        share = WHOLE_WEIGHT // len(codes)
        weights = [share] * (len(codes) - 1) + [WHOLE_WEIGHT - share * (len(codes) - 1)]
        parts = tuple(Component(code, weight=weight) for code, weight in zip(codes, weights, strict=True))
        return NewAssessment(
            AssessmentKind(self.kind.value()), self.day.value(), parts, PassRule(self.rule.value())
        )

    def _chosen(self) -> list[ComponentCode]:
        return [code for code, box in self.parts.items() if box.isChecked()]

    def _draw(self) -> None:
        self.buttons["act"].setEnabled(bool(self._chosen()))


def ask_new_assessment(parent: QWidget | None, today: date) -> NewAssessment | None:
    """Ask; None when the user turned back."""
    dialog = CreateAssessmentDialog(parent, today)
    dialog.exec()
    return dialog.asked() if dialog.answer == "act" else None
