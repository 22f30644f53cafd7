"""What is recorded of an opening (五.三, 六.1), and who of the class lacks which basic data (六.3)."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QPushButton, QVBoxLayout, QWidget

from desktop_app.domain import codes
from desktop_app.domain.errors import AppError
from desktop_app.domain.listings.opening import ClassCompleteness, OpeningSheet
from desktop_app.domain.opening import Duty, StaffMember
from desktop_app.domain.papers import OpeningApplication, application_rows
from ui.i18n import tr
from ui.messages import describe
from ui.navigation import PageContext
from ui.widgets.form_field import FormField
from ui.widgets.form_panel import FormPanel, choice_box, text_line
from ui.widgets.labels import hairline, label
from ui.widgets.side_panel import PanelContent
from ui.wording import NOTHING, day_text

TEXTS = ("enterprise", "head", "contact", "phone", "receipt")
_BETWEEN = "、"


class OpeningPanel(FormPanel):
    """Money, 工作专班 (a line of names a duty, and whether one of them is 专职), contacts, receipt of the 备案."""

    saved = Signal()

    def __init__(self, context: PageContext, sheet: OpeningSheet) -> None:
        super().__init__()
        self._context = context
        self._sheet = sheet
        facts = sheet.facts
        channels = [(entry.code, entry.name) for entry in codes.table("channels").entries]
        self.form.add_heading(tr("opening.funding"))
        self._add("channel", choice_box(channels, empty=NOTHING))
        self._add("enterprise", text_line(limit=100))
        self.form.add("local_pool", FormField("", QCheckBox(tr("opening.field.local_pool"))))
        self.form.add_heading(tr("opening.staff"))
        for duty in Duty:
            self.form.add(
                duty.value,
                FormField(tr(f"duty.{duty.value}"), text_line(tr("opening.names_example"), limit=200)),
            )
            self.form.add(f"full_{duty.value}", FormField("", QCheckBox(tr("opening.full_time"))))
        self.form.add_heading(tr("opening.contacts"))
        self._add("head", text_line(limit=80))
        self.form.add_row(
            {
                name: FormField(tr(f"opening.field.{name}"), text_line(limit=80))
                for name in ("contact", "phone")
            }
        )
        self._add("receipt", text_line(limit=60))
        if facts.filed_on is not None:
            filed = tr("opening.filed_on", day=day_text(facts.filed_on))
            self.column.addWidget(label(filed, "secondary", wrap=True))
        if sheet.joint:
            joint = tr("opening.joint", sessions=tr("wording.and").join(sheet.joint))
            self.column.addWidget(label(joint, "secondary", wrap=True))
        values: dict[str, object] = {name: getattr(facts, name) for name in TEXTS if name != "enterprise"}
        values["channel"] = facts.funding.channel if facts.funding else ""
        values["enterprise"] = facts.funding.enterprise if facts.funding else ""
        values["local_pool"] = bool(facts.funding and facts.funding.local_pool)
        for duty in Duty:
            named = [one for one in facts.staff if one.duty is duty]
            values[duty.value] = _BETWEEN.join(one.name for one in named)
            values[f"full_{duty.value}"] = any(one.full_time for one in named)
        self.load(values)
        self._may_edit = bool(context.services.context.may("prepare_opening"))
        if not self._may_edit:
            self.set_read_only()

    def foot(self) -> list[QPushButton]:
        """Return the buttons of the panel's foot."""
        return [self.make_save_button()] if self._may_edit else []

    def _add(self, name: str, editor: QWidget) -> None:
        self.form.add(name, FormField(tr(f"opening.field.{name}"), editor))

    def _staff(self) -> list[StaffMember]:
        values = self.form.values()
        found = []
        for duty in Duty:
            names = str(values[duty.value]).replace("，", _BETWEEN).replace(",", _BETWEEN).split(_BETWEEN)
            full = bool(values[f"full_{duty.value}"])
            found += [StaffMember(name.strip(), duty, full) for name in names if name.strip()]
        return found

    def save(self) -> None:
        changes = self.changes()
        fields = {name: changes[name] for name in (*TEXTS, "channel", "local_pool") if name in changes}
        staff = self._staff() if len(fields) < len(changes) else None
        service, class_id = self._context.services.opening, self._sheet.class_id
        self._context.tasks.command(
            self,
            lambda: service.prepare(class_id, fields, staff),
            lambda _nothing: self._on_saved(),
            self._on_refused,
        )

    def _on_saved(self) -> None:
        self.begin()
        self.saved.emit()

    def _on_refused(self, error: AppError) -> None:
        if error.code == "PHONE_INVALID":
            self.form.show_field_errors({"phone": describe(error).text})
        else:
            self._context.messages.report(self, error)


class ApplicationPanel(PanelContent):
    """开班申请表 on screen: the lines that are printed and reported."""

    def __init__(self, context: PageContext, class_id: bytes) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        service = context.services.papers
        context.tasks.query(self, lambda: service.content("opening", class_id), self.show_lines)

    def show_lines(self, content: OpeningApplication) -> None:
        """Show each line; what is missing is told."""
        for asked, said in application_rows(content):
            self._column.addWidget(label(asked, "secondary"))
            missing = said in {"", "0"}
            line = tr("opening.not_entered") if missing else said
            self._column.addWidget(label(line, wrap=True, tone="waiting" if missing else ""))
            self._column.addSpacing(6)
        self._column.addStretch(1)


class CompletenessPanel(PanelContent):
    """Per field how many have it, and by name who does not."""

    def __init__(self, context: PageContext, class_id: bytes) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        service = context.services.opening
        context.tasks.query(self, lambda: service.completeness(class_id), self.show_fields)

    def show_fields(self, found: ClassCompleteness) -> None:
        """Show each field of the class, those that somebody lacks first."""
        for one in sorted(found.fields, key=lambda field: not field.lacking):
            title = tr(
                "opening.field_count", field=tr(f"basic.{one.field}"), filled=one.filled, needed=one.needed
            )
            self._column.addWidget(label(title, "strong", tone="waiting" if one.lacking else "done"))
            if one.lacking:
                names = _BETWEEN.join(found.names.get(key, "") for key in one.lacking)
                self._column.addWidget(label(tr("opening.lacking", names=names), "secondary", wrap=True))
            self._column.addWidget(hairline())
        self._column.addStretch(1)
