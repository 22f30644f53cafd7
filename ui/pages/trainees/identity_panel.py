"""更名 and 证件更正: the new name or document, the scan that shows it, and the reason; former ones are listed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout

from desktop_app.domain import codes
from desktop_app.domain.errors import AppError, FieldErrors
from desktop_app.domain.evidence import kind_name
from desktop_app.domain.listings.enrolment import FormerIdentity, IdentityChange
from desktop_app.domain.listings.evidence import EvidenceListItem
from ui.i18n import tr
from ui.messages import show_field_errors
from ui.navigation import PageContext
from ui.widgets.form_field import FormField
from ui.widgets.form_panel import FormPanel, choice_box, text_line
from ui.widgets.labels import button, clear, label

IDENTITY = ("name", "document_type", "document_number")


class IdentityPanel(FormPanel):
    """What is left blank stays as it is."""

    changed_identity = Signal(object)
    """What is to be done again, in sentences."""

    def __init__(self, context: PageContext, trainee_id: bytes) -> None:
        super().__init__()
        self._context, self._trainee_id = context, trainee_id
        self.column.insertWidget(0, label(tr("identity.detail"), "facts", wrap=True))
        kinds = [(entry.code, entry.name) for entry in codes.table("document_types").entries]
        self.form.add("name", FormField(tr("identity.name"), text_line(limit=80)))
        self.form.add_row(
            {
                "document_type": FormField(
                    tr("trainees.field.document_type"), choice_box(kinds, empty=tr("identity.same"))
                ),
                "document_number": FormField(tr("identity.number"), text_line(limit=40)),
            }
        )
        self._scan = choice_box([])
        self.form.add("scan", FormField(tr("identity.scan"), self._scan, required=True))
        self.form.add("reason", FormField(tr("step.reason"), text_line(limit=200), required=True))
        self._former = QVBoxLayout()
        self.column.addLayout(self._former)
        self.act = button(tr("identity.act"), "primary")
        self.act.clicked.connect(self.save)
        self.form.edited.connect(self._draw)
        self.begin()
        self._draw()
        services = context.services
        context.tasks.query(
            self,
            lambda: (services.evidence.of_trainee(trainee_id), services.identities.former(trainee_id)),
            lambda found: self._on_found(*found),
            latest="found",
        )

    def foot(self) -> list[QPushButton]:
        """Return the buttons of the panel's foot."""
        return [self.act]

    def save(self) -> None:
        values, service, person = self.form.values(), self._context.services.identities, self._trainee_id
        fields = {name: str(values[name]) for name in IDENTITY if values[name]}
        scan, reason = bytes.fromhex(values["scan"]), str(values["reason"])
        self._context.tasks.command(
            self, lambda: service.correct(person, fields, scan, reason), self._on_changed, self._on_refused
        )

    def _on_found(self, files: Sequence[EvidenceListItem], former: Sequence[FormerIdentity]) -> None:
        for one in files:
            if one.owner == "trainee":
                self._scan.addItem(f"{kind_name(one.kind)} {one.file_name}", one.id.hex())
        self._scan.setCurrentIndex(-1)
        self.form.fields["scan"].set_warning("" if self._scan.count() else tr("hint.IDENTITY_SCAN_MISSING"))
        clear(self._former)
        for was in former:
            day = was.changed_on.isoformat() if was.changed_on else ""
            text = tr("identity.former", day=day, name=was.name or "", number=was.document_number or "")
            self._former.addWidget(label(text, "secondary", wrap=True))
        self._draw()

    def _on_changed(self, change: IdentityChange) -> None:
        self.begin()
        self.changed_identity.emit([tr(f"redo.{kind}", what=what) for kind, what in change.redo])

    def _on_refused(self, error: AppError) -> None:
        if isinstance(error, FieldErrors):
            show_field_errors(self.form, error)
        else:
            self._context.messages.report(self, error)

    def _draw(self) -> None:
        values = self.form.values()
        given = any(values[name] for name in IDENTITY)
        self.act.setEnabled(given and bool(values["scan"]) and bool(str(values["reason"] or "").strip()))
