"""教学点: the list in the settings and the form of one site."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

from desktop_app.domain.errors import AppError
from desktop_app.domain.listings.training import SiteListItem
from desktop_app.domain.regions import region_name
from ui.i18n import tr
from ui.messages import describe
from ui.navigation import PageContext
from ui.widgets.form_field import FormField
from ui.widgets.form_panel import FormPanel, text_line
from ui.widgets.labels import ElidedLabel, button, clear, label
from ui.widgets.region_picker import RegionPicker

FIELD_OF = {"SITE_NAME_MISSING": "name", "SITE_EXISTS": "name", "REGION_UNKNOWN": "region"}


class SiteList(QWidget):
    """Name, region in words, address and number of classes of each site; ``opened`` tells which to edit."""

    opened = Signal(object)

    def __init__(self, *, may_edit: bool) -> None:
        super().__init__()
        self._may_edit = may_edit
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(4)
        for column, stretch in enumerate((2, 3, 3, 0, 0)):
            self._grid.setColumnStretch(column, stretch)
        self.edit_buttons: dict[bytes, QPushButton] = {}

    def show_sites(self, sites: Sequence[SiteListItem]) -> None:
        """Show the sites in the order given; the focus stays on its row."""
        focused = next((key for key, made in self.edit_buttons.items() if made.hasFocus()), b"")
        clear(self._grid)
        self.edit_buttons.clear()
        if not sites:
            self._grid.addWidget(label(tr("sites.empty"), "secondary"), 0, 0, 1, 5)
        for row, item in enumerate(sites):
            count = tr("sites.classes", count=item.classes) if item.classes else tr("sites.no_classes")
            texts = (item.name, region_name(item.region), item.address)
            for column, text in enumerate(texts):
                self._grid.addWidget(ElidedLabel(text, "" if column == 0 else "facts"), row, column)
            self._grid.addWidget(label(count, "facts"), row, 3, Qt.AlignmentFlag.AlignRight)
            if self._may_edit:
                self._add_edit(row, item)
        if focused in self.edit_buttons:
            self.edit_buttons[focused].setFocus()

    def _add_edit(self, row: int, item: SiteListItem) -> None:
        made = button(tr("sites.edit"), "link")
        made.setAccessibleName(tr("sites.edit_named", name=item.name))
        made.clicked.connect(lambda _=False: self.opened.emit(item))
        self._grid.addWidget(made, row, 4)
        self.edit_buttons[item.id] = made


class SitePanel(FormPanel):
    """New where ``present`` is None; ``saved`` tells that it is stored."""

    saved = Signal()

    def __init__(self, context: PageContext, present: SiteListItem | None) -> None:
        super().__init__()
        self._context = context
        self._present = present
        name = text_line(tr("sites.name_example"), limit=60)
        self.form.add("name", FormField(tr("sites.name"), name, required=True))
        picker = RegionPicker(narrow=True)
        note = tr("sites.region_note")
        self.form.add("region", FormField(tr("sites.region"), picker, required=True, note=note))
        self.form.add("address", FormField(tr("sites.address"), text_line(limit=200)))
        if present is None:
            self.begin()
            context.tasks.query(self, context.services.accounts.institution, self._on_institution)
        else:
            shared = text_line(tr("sites.shareable_example"), limit=200)
            self.form.add(
                "shareable",
                FormField(tr("sites.shareable"), shared, note=tr("sites.shareable_note")),
            )
            places = "、".join(present.shareable)
            stored = {"name": present.name, "region": present.region, "address": present.address}
            self.load(stored | {"shareable": places})
        self.form.edited.connect(self.check)

    def foot(self) -> list[QPushButton]:
        """Return the buttons of the panel's foot."""
        return [self.make_save_button(tr("sites.create") if self._present is None else "")]

    def check(self) -> None:
        for name in ("name", "region"):
            self.form.fields[name].set_error("")

    def save(self) -> None:
        service, present = self._context.services.sites, self._present
        values, changes = self.form.values(), self.changes()

        def run() -> None:
            if present is None:
                service.add_site(values["name"], values["region"], values["address"])
            else:
                service.edit_site(present.id, changes)

        self._context.tasks.command(self, run, self._on_saved, self._on_refused)

    def _on_institution(self, found: Any) -> None:  # noqa: ANN401 - the store's institution
        """Begin where the institution is: most sites are near."""
        self.refresh({"region": found.region})

    def _on_saved(self, _nothing: object) -> None:
        self.begin()
        self.saved.emit()

    def _on_refused(self, error: AppError) -> None:
        place = FIELD_OF.get(error.code)
        if place is None:
            self._context.messages.report(self, error)
            return
        open_region = place == "region" and not self.form.values()["region"]
        text = tr("sites.region_missing") if open_region else describe(error).text
        self.form.show_field_errors({place: text})
