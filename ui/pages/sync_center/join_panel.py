"""Joining the platform: its address and the one-time code that the department gave."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton

from desktop_app.domain.errors import AppError
from ui.i18n import tr
from ui.messages import describe
from ui.navigation import PageContext
from ui.widgets.form_field import FormField
from ui.widgets.form_panel import FormPanel, text_line
from ui.widgets.labels import button, label


class JoinPanel(FormPanel):
    """Address and code; what is wrong with them is said beside the field.

    A platform that began anew is joined only with a reason, for which there is a field once it is refused.
    """

    joined = Signal(object)
    """What followed where a platform that began anew was confirmed, else None."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self.form.add("url", FormField(tr("sync.url"), text_line(tr("sync.url_example")), required=True,
                                       note=tr("sync.url_note")))  # fmt: skip
        self.form.add(
            "code", FormField(tr("sync.code"), text_line(), required=True, note=tr("sync.code_note"))
        )
        self._why = FormField(
            tr("sync.join_why"), text_line(tr("sync.join_why_example")), note=tr("sync.join_why_note")
        )
        self.form.add("why", self._why)
        self._why.hide()
        self.column.addWidget(label(tr("sync.join_effect"), "facts", wrap=True))
        self.act = button(tr("sync.join"), "primary")
        self.act.clicked.connect(self.save)
        self.form.edited.connect(self._draw)
        self.begin()
        self._draw()

    def foot(self) -> list[QPushButton]:
        """Return the buttons of the panel's foot."""
        return [self.act]

    def save(self) -> None:
        values = self.form.values()
        reporting = self._context.services.reporting
        self.act.setEnabled(False)
        self._context.tasks.work(
            self,
            lambda _progress, _cancel: reporting.join(
                values["url"], values["code"], values["why"].strip() or None
            ),
            self.joined.emit,
            self._on_refused,
        )

    def _on_refused(self, error: AppError) -> None:
        notice = describe(error)
        field = "code" if error.code.startswith("DEVICE_CODE") else "url"
        if error.code == "PLATFORM_OTHER":
            self._why.show()
        self.form.show_field_errors({field: f"{notice.text}{notice.hint}"})
        self._draw()

    def _draw(self) -> None:
        values = self.form.values()
        self.act.setEnabled(bool(values["url"] and values["code"]))
