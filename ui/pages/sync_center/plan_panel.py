"""协同设置: how often, by which relay and by which folder beside it; for administrators."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QFileDialog, QPushButton

from desktop_app.domain.errors import AppError
from desktop_app.services.sharing_plan import MINUTES, SharingPlan
from ui.i18n import tr
from ui.messages import describe
from ui.navigation import PageContext
from ui.widgets.form_field import FormField
from ui.widgets.form_panel import FormPanel, choice_box, text_line
from ui.widgets.labels import button, label


class PlanPanel(FormPanel):
    """Saved at once for this workstation alone; the schedule heeds it with its next exchange."""

    def __init__(self, context: PageContext, plan: SharingPlan) -> None:
        super().__init__()
        self._context, self._plan = context, plan
        minutes = [
            (str(one), tr("sharing.every" if one else "sharing.by_hand", count=one)) for one in MINUTES
        ]
        self.form.add(
            "minutes", FormField(tr("sharing.minutes"), choice_box(minutes), note=tr("sharing.minutes_note"))
        )
        self.form.add(
            "relay",
            FormField(
                tr("sharing.relay"), text_line(tr("sharing.relay_example")), note=tr("sharing.relay_note")
            ),
        )
        self.form.add(
            "folder",
            FormField(
                tr("sharing.folder"), text_line(tr("sharing.folder_example")), note=tr("sharing.folder_note")
            ),
        )
        browse = button(tr("sharing.browse"), "", "package")
        browse.clicked.connect(self._browse)
        self.column.addWidget(browse)
        self.column.addWidget(label(tr("sharing.plan_here"), "secondary", wrap=True))
        self.load({"minutes": str(plan.minutes), "relay": plan.relay, "folder": plan.folder})

    def foot(self) -> list[QPushButton]:
        """Return the buttons of the panel's foot."""
        return [self.make_save_button()]

    def save(self) -> None:
        values, services = self.form.values(), self._context.services
        plan = replace(self._plan, minutes=int(values["minutes"]), folder=values["folder"].strip())
        relay = values["relay"].strip()

        def keep() -> SharingPlan:
            if relay != self._plan.relay:
                services.exchange.set_relay(relay)
            services.sharing_plan.keep(plan)
            services.schedule.wake()
            return replace(plan, relay=relay)

        self._context.tasks.command(self, keep, self._on_kept, self._on_refused)

    def _browse(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self.window(), tr("sharing.folder_title"))
        if chosen:
            self.form.set_values({"folder": chosen})
            self.form.edited.emit()

    def _on_kept(self, plan: SharingPlan) -> None:
        self._plan = plan
        self.begin()
        self._context.messages.tell(tr("sharing.plan_kept"))

    def _on_refused(self, error: AppError) -> None:
        field = {"RELAY_URL": "relay", "SHELF_UNREACHABLE": "folder"}.get(error.code)
        if field is None:
            self._context.messages.report(self, error)
        else:
            self.form.show_field_errors({field: describe(error).text})
