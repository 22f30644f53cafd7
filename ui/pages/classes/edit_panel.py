"""The form of a class: code, project, dates, site, place and 班主任."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton

from desktop_app.domain.errors import AppError
from desktop_app.domain.listings.people import AdviserItem
from desktop_app.domain.listings.training import ClassListItem, ProjectListItem, SiteListItem
from desktop_app.domain.trainees import parse_birth as parse_day
from ui.i18n import tr
from ui.messages import describe
from ui.navigation import PageContext
from ui.widgets.form_field import FormField
from ui.widgets.form_panel import FormPanel, choice_box, text_line
from ui.wording import trade_text

FORMER = "-"
"""Stands for a 班主任 whose account can get no class any more."""
CODE_ERRORS = frozenset({"CLASS_CODE_MISSING", "CLASS_CODE_TAKEN"})


class ClassPanel(FormPanel):
    """New where ``present`` is None; ``saved`` tells the key of the class."""

    saved = Signal(object)

    def __init__(self, context: PageContext, present: ClassListItem | None) -> None:
        super().__init__()
        self._context = context
        self._services = context.services
        self._present = present
        self._project_codes: dict[str, str] = {}
        self._project = choice_box([], empty=tr("classes.no_project"))
        self._site = choice_box([], empty=tr("classes.no_site"))
        self._adviser = choice_box([], empty=tr("classes.no_adviser"))
        day = tr("form.day_example")
        code = text_line(tr("classes.code_example"), limit=40)
        self.form.add("code", FormField(tr("classes.code"), code, required=True))
        self.form.add(
            "project_id", FormField(tr("classes.project"), self._project, note=tr("classes.project_note"))
        )
        self.form.add_row(
            {
                "start_on": FormField(tr("classes.start_on"), text_line(day, limit=12)),
                "end_on": FormField(tr("classes.end_on"), text_line(day, limit=12)),
            }
        )
        self.form.add_row(
            {
                "site_id": FormField(tr("classes.site"), self._site),
                "place": FormField(tr("classes.place"), text_line(tr("classes.place_example"), limit=100)),
            }
        )
        self.form.add("organisation", FormField(tr("classes.organisation"), text_line(limit=100)))
        self.form.add("adviser", FormField(tr("classes.adviser"), self._adviser))
        self.form.fields["organisation"].setVisible(present is not None)
        self._show_present()
        context.tasks.query(self, self._services.projects.list_projects, self._on_projects)
        context.tasks.query(self, self._services.sites.list_sites, self._on_sites)
        context.tasks.query(self, self._services.classes.list_advisers, self._on_advisers)
        self.form.edited.connect(self.check)

    def foot(self) -> list[QPushButton]:
        """Return the buttons of the panel's foot."""
        return [self.make_save_button(tr("classes.create") if self._present is None else "")]

    def check(self) -> None:
        values = self.form.values()
        for name in ("start_on", "end_on"):
            unreadable = bool(values[name]) and parse_day(values[name]) is None
            self.form.fields[name].set_error(tr("form.day_wrong") if unreadable else "")
        first, last = parse_day(values["start_on"]), parse_day(values["end_on"])
        if first and last and first > last:
            self.form.fields["end_on"].set_error(describe(AppError("DATES_REVERSED")).text)
        self.form.fields["code"].set_error("")

    def save(self) -> None:
        values = self.form.values()
        days = {name: parse_day(values[name]) for name in ("start_on", "end_on")}
        if any(values[name] and day is None for name, day in days.items()):
            return
        run = self._creator(values, days) if self._present is None else self._editor(self._present, days)
        self._context.tasks.command(self, run, self._on_saved, self._on_refused)

    def _creator(self, values: dict[str, Any], days: dict[str, date | None]) -> Callable[[], bytes]:
        service = self._services.classes
        return lambda: service.create_class(
            values["code"],
            project_code=self._project_codes.get(values["project_id"]),
            start_on=days["start_on"],
            end_on=days["end_on"],
            place=values["place"] or None,
            site_id=bytes.fromhex(values["site_id"]) if values["site_id"] else None,
            adviser=values["adviser"] or None,
        )

    def _editor(self, present: ClassListItem, days: dict[str, date | None]) -> Callable[[], bytes]:
        changes = self.changes()
        adviser = changes.pop("adviser", None)
        fields: dict[str, object] = {name: value or None for name, value in changes.items()}
        fields |= {name: day for name, day in days.items() if name in fields}
        for name in ("project_id", "site_id"):
            if fields.get(name):
                fields[name] = bytes.fromhex(str(fields[name]))
        service = self._services.classes

        def run() -> bytes:
            if fields:
                service.edit_class(present.id, fields)
            if adviser is not None:
                service.set_adviser(present.id, adviser or None)
            return present.id

        return run

    def _show_present(self) -> None:
        present = self._present
        if present is None:
            self.begin()
            return
        self.load(
            {
                "code": present.code,
                "start_on": present.start_on or "",
                "end_on": present.end_on or "",
                "place": present.place or "",
                "organisation": present.organisation or "",
            }
        )

    def _on_projects(self, projects: Sequence[ProjectListItem]) -> None:
        for item in projects:
            self._project.addItem(
                f"{item.code} {item.name} {trade_text(item.trade, item.level)}", item.id.hex()
            )
            self._project_codes[item.id.hex()] = item.code
        chosen = self._present.project_id if self._present is not None else None
        self.refresh({"project_id": chosen.hex() if chosen else ""})

    def _on_sites(self, sites: Sequence[SiteListItem]) -> None:
        for item in sites:
            self._site.addItem(item.name, item.id.hex())
        chosen = self._present.site_id if self._present is not None else None
        self.refresh({"site_id": chosen.hex() if chosen else ""})

    def _on_advisers(self, advisers: Sequence[AdviserItem]) -> None:
        """Offer the accounts; whoever has the class and may no longer get one stays as the present choice."""
        for item in advisers:
            self._adviser.addItem(tr("classes.adviser_item", name=item.display, login=item.login), item.login)
        present = self._present.advisers if self._present is not None else ()
        chosen = next((item.login for item in advisers if item.display in present), "")
        if present and not chosen:
            chosen = FORMER
            self._adviser.addItem(tr("wording.and").join(present), chosen)
        self.refresh({"adviser": chosen})

    def _on_saved(self, class_id: bytes) -> None:
        self.begin()
        self.saved.emit(class_id)

    def _on_refused(self, error: AppError) -> None:
        place = "code" if error.code in CODE_ERRORS else "end_on" if error.code == "DATES_REVERSED" else ""
        place = "adviser" if error.code in {"USER_UNKNOWN", "USER_DISABLED"} else place
        if place:
            self.form.show_field_errors({place: describe(error).text})
        else:
            self._context.messages.report(self, error)
