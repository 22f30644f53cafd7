"""What a new value of a family is about: a group's channel, a trade's standard, a year's holidays, a channel's pack."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton

from desktop_app.domain import codes
from desktop_app.domain.claims.keys import CHANNELS
from desktop_app.domain.errors import AppError, FieldErrors
from desktop_app.domain.policy_definitions import definition, families
from ui.i18n import tr
from ui.messages import show_field_errors
from ui.widgets.form_field import FormField
from ui.widgets.form_panel import FormPanel, choice_box, text_line
from ui.widgets.labels import button, label

FIELDS = {
    "channel": ("group",),
    "standard": ("trade", "level"),
    "holidays": ("year",),
    "claim_pack": ("paid_by",),
}
"""Family → the fields that name a subject of it."""


class SubjectPanel(FormPanel):
    """``chosen`` tells the code of the parameter whose value is to be set next."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.column.insertWidget(0, label(tr("policy.subject_detail"), "facts", wrap=True))
        groups = [
            (entry.code, entry.name)
            for table in ("categories", "key_groups")
            for entry in codes.table(table).entries
        ]
        levels = [(entry.code, entry.name) for entry in codes.table("levels").entries]
        paid_by = [(code, codes.table("channels").name(code)) for code in CHANNELS]
        known = [(one.code, one.name) for one in families() if one.code in FIELDS]
        editors = {
            "family": choice_box(known),
            "group": choice_box(list(dict(groups).items())),
            "trade": text_line(limit=50),
            "level": choice_box(levels),
            "year": text_line("2027", limit=4),
            "paid_by": choice_box(paid_by),
        }
        for name, editor in editors.items():
            self.form.add(name, FormField(tr(f"policy.subject.{name}"), editor, required=True))
        self.act = button(tr("policy.subject_next"), "primary")
        self.act.clicked.connect(self.save)
        self.form.edited.connect(self._draw)
        self.load({"family": known[0][0]})
        self._draw()

    def foot(self) -> list[QPushButton]:
        """Return the buttons of the panel's foot."""
        return [self.act]

    def save(self) -> None:
        values = self.form.values()
        family = str(values["family"])
        names = FIELDS[family]
        subject = ":".join(str(values[name] or "").strip() for name in names)
        code = f"{family}:{subject}"
        try:
            definition(code)
        except AppError as error:
            show_field_errors(self.form, FieldErrors({names[0]: error}))
            return
        self.chosen.emit(code)

    def _draw(self) -> None:
        wanted = FIELDS.get(str(self.form.values()["family"] or ""), ())
        for name, field in self.form.fields.items():
            field.setVisible(name == "family" or name in wanted)
