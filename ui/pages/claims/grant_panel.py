"""The base of the student grant in a period (五.一.1, R18): who was trained and who passed, 人次 and distinct."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton

from desktop_app.domain.claims import GrantBase
from desktop_app.domain.trainees import parse_birth as parse_day
from ui.i18n import tr
from ui.navigation import PageContext
from ui.widgets.form_field import FormField
from ui.widgets.form_panel import FormPanel, text_line
from ui.widgets.labels import button, label


class GrantBasePanel(FormPanel):
    """A period, a class or a project if only one is wanted, and the figures with their basis."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self.column.insertWidget(0, label(tr("claims.grant.note"), "facts", wrap=True))
        for name in ("first", "last"):
            self.form.add(name, FormField(tr(f"claims.form.{name}"), text_line(limit=12), required=True))
        for name in ("class_code", "project"):
            self.form.add(name, FormField(tr(f"claims.grant.{name}"), text_line(limit=100)))
        year = context.services.context.today().year
        self.form.set_values({"first": f"{year}-01-01", "last": f"{year}-12-31"})
        self.result = label("", "strong", wrap=True)
        self.column.insertWidget(2, self.result)
        self.begin()

    def foot(self) -> list[QPushButton]:
        """Return the button that counts."""
        made = button(tr("claims.grant.count"), "primary")
        made.clicked.connect(self.save)
        return [made]

    def save(self) -> None:
        values = {name: str(text or "").strip() for name, text in self.form.values().items()}
        first, last = parse_day(values["first"]), parse_day(values["last"])
        wrong = {name: tr("form.day_wrong") for name, on in (("first", first), ("last", last)) if on is None}
        if first is None or last is None:
            self.form.show_field_errors(wrong)
            return
        if last < first:
            self.form.show_field_errors({"last": tr("claims.grant.reversed")})
            return
        service, code, project = self._context.services.claims, values["class_code"], values["project"]
        self._context.tasks.query(
            self,
            lambda: service.grant_base(first, last, class_code=code or None, project=project or None),
            self._show,
        )

    def _show(self, found: GrantBase) -> None:
        self.begin()
        self.result.setText(
            tr(
                "cli.claim_grant_base",
                trained=found.trained_times,
                trained_people=found.trained_people,
                passed=found.passed_times,
                passed_people=found.passed_people,
            )
        )
