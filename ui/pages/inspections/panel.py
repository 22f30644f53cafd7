"""The form of an inspection, and a note as it was written, with its photos."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QPlainTextEdit, QPushButton, QWidget

from desktop_app.domain.errors import AppError
from desktop_app.domain.inspections import InspectionNote
from desktop_app.domain.listings.training import InspectionItem, SessionListItem
from desktop_app.domain.timetable import CANCELLED, parse_time
from desktop_app.domain.trainees import parse_birth as parse_day
from desktop_app.services.evidence import Owner, Paper
from desktop_app.services.evidence_intake import read_file
from ui.i18n import tr
from ui.messages import describe
from ui.navigation import PageContext
from ui.pages.inspections.table_model import difference_text, marked_text
from ui.widgets.form_field import FormField
from ui.widgets.form_panel import FormPanel, choice_box, text_line
from ui.widgets.labels import button, label
from ui.wording import day_text

REQUIRED = ("visited_on", "visited_at", "inspector", "head_count")
FIELD_OF = {
    "INSPECTION_FUTURE": "visited_on",
    "INSPECTION_OTHER_DAY": "session",
    "INSPECTOR_MISSING": "inspector",
    "HEAD_COUNT_RANGE": "head_count",
    "INSPECTION_TEXT_LONG": "findings",
}
PICTURES = "JPEG, PNG (*.jpg *.jpeg *.png)"


class InspectionPanel(FormPanel):
    """New where ``present`` is None; a note that was written is read, and takes photos."""

    saved = Signal(object)

    def __init__(
        self,
        context: PageContext,
        class_id: bytes,
        sessions: Sequence[SessionListItem],
        present: InspectionItem | None,
    ) -> None:
        super().__init__()
        self._context, self._class_id, self._present = context, class_id, present
        today: date = context.services.context.today()
        held = [one for one in sessions if one.held_on <= today and one.state != CANCELLED]
        choices = [
            (one.id.hex(), tr("inspections.session_choice", number=one.number, day=day_text(one.held_on)))
            for one in reversed(held)
        ]
        self._days = {one.id.hex(): one for one in held}
        self._row(session=choice_box(choices, empty=tr("inspections.no_session")))
        self._row(
            visited_on=text_line(tr("form.day_example"), limit=12), visited_at=text_line("15:00", limit=8)
        )
        self._row(inspector=text_line(limit=50), head_count=text_line("48", limit=4))
        findings = QPlainTextEdit()
        findings.setFixedHeight(96)
        findings.setTabChangesFocus(True)
        self._row(findings=findings)
        self.form.fields["session"].edited.connect(self._on_session)
        if present is None:
            newest = held[-1] if held else None
            self.form.set_values({"session": newest.id.hex() if newest else ""})
            self._on_session()
        else:
            self._show(present)
        self.begin()

    def foot(self) -> list[QPushButton]:
        """Return the buttons of the panel's foot."""
        may = self._context.services.context.may
        if self._present is None:
            return [self.make_save_button(tr("inspections.save"))]
        if not may("add_evidence"):
            return []
        add = button(tr("inspections.add_photos"), "", "upload")
        add.clicked.connect(self.add_photos)
        return [add]

    def save(self) -> None:
        note = self._note()
        if note is None:
            return
        service, class_id = self._context.services.inspections, self._class_id
        session = bytes.fromhex(str(self.form.values()["session"] or "")) or None
        self._context.tasks.command(
            self, lambda: service.record(class_id, note, session), self._on_saved, self._on_refused
        )

    def choose_photos(self) -> list[Path]:
        """Ask for pictures."""
        chosen, _kind = QFileDialog.getOpenFileNames(
            self.window(), tr("inspections.add_photos"), "", PICTURES
        )
        return [Path(one) for one in chosen]

    def add_photos(self) -> None:
        """Keep pictures as evidence of the note."""
        files, present = self.choose_photos(), self._present
        if not files or present is None:
            return
        service, owner = self._context.services.evidence, Owner("inspection", present.id)

        def run() -> int:
            for file in files:
                service.add(owner, Paper("scene_photo"), read_file(file), file.name)
            return len(files)

        self._context.tasks.command(
            self, run, lambda count: self._context.messages.tell(tr("inspections.photos_kept", count=count))
        )

    def _note(self) -> InspectionNote | None:
        """Return what is typed, None where something cannot be read; says beside the field what."""
        values = {name: str(value or "") for name, value in self.form.values().items()}
        wrong = {name: tr("form.missing") for name in REQUIRED if not values[name]}
        day = parse_day(values["visited_on"])
        if values["visited_on"] and day is None:
            wrong["visited_on"] = tr("form.day_wrong")
        if values["head_count"] and not values["head_count"].isdecimal():
            wrong["head_count"] = tr("sessions.hours_wrong")
        try:
            moment = parse_time(values["visited_at"]) if values["visited_at"] else None
        except AppError:
            moment = None
            wrong["visited_at"] = tr("form.time_wrong")
        self.form.show_field_errors(wrong)
        if wrong or day is None or moment is None:
            return None
        return InspectionNote(day, moment, values["inspector"], int(values["head_count"]), values["findings"])

    def _on_session(self) -> None:
        """A session brings its day and its beginning."""
        session = self._days.get(str(self.form.values()["session"]))
        if session is not None:
            self.form.set_values({"visited_on": session.held_on.isoformat(), "visited_at": session.starts_at})

    def _show(self, present: InspectionItem) -> None:
        told = tr("inspections.compared", marked=marked_text(present), difference=difference_text(present))
        if present.session_id is not None:
            self.column.insertWidget(
                0, label(told, "secondary", wrap=True, tone="waiting" if present.difference else "")
            )
        self.form.set_values(
            {
                "session": "" if present.session_id is None else present.session_id.hex(),
                "visited_on": present.visited_on.isoformat(),
                "visited_at": present.visited_at,
                "inspector": present.inspector,
                "head_count": str(present.head_count),
                "findings": present.findings,
            }
        )
        self.set_read_only()

    def _row(self, **editors: QWidget) -> None:
        self.form.add_row(
            {
                name: FormField(tr(f"inspections.field.{name}"), editor, required=name in REQUIRED)
                for name, editor in editors.items()
            }
        )

    def _on_saved(self, inspection_id: bytes) -> None:
        self.begin()
        self.saved.emit(inspection_id)

    def _on_refused(self, error: AppError) -> None:
        if error.code in FIELD_OF:
            self.form.show_field_errors({FIELD_OF[error.code]: describe(error).text})
        else:
            self._context.messages.report(self, error)
