"""The form of a person: checked while typing, masked until revealed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop_app.domain import codes, regions
from desktop_app.domain.errors import AppError, FieldErrors
from desktop_app.domain.listings.people import TraineeDetail, TraineeEnrolment, TraineeMatch
from desktop_app.domain.trainees import TraineeCheck
from ui.dialogs.ask import ask_reason
from ui.glyphs import missing_glyphs
from ui.i18n import tr
from ui.messages import describe, show_field_errors
from ui.navigation import PageContext
from ui.pages.trainees.evidence_section import EvidenceSection
from ui.widgets.form_field import FormField
from ui.widgets.form_panel import FormPanel, choice_box, text_line, words_line
from ui.widgets.labels import button, clear, hairline, label
from ui.widgets.notices import Banner, Notice
from ui.wording import category_text, education_text

TYPING_MS = 200
MASKED = ("document_number", "phone", "address")
REQUIRED = frozenset({"name", "document_number"})
NEED_REASON = frozenset({"name", "document_type", "document_number"})


class TraineePanel(FormPanel):
    """New where ``trainee_id`` is None. ``opened_other`` asks for somebody who is there already."""

    saved = Signal(object)
    """The key of the person."""
    opened_other = Signal(object)
    class_opened = Signal(object)
    identity_asked = Signal()

    def __init__(
        self, context: PageContext, trainee_id: bytes | None, title: Callable[[str], object]
    ) -> None:
        super().__init__()
        self._context = context
        self._services = context.services
        self.trainee_id = trainee_id
        self._masked = trainee_id is not None
        self._set_title = title
        self._strict = False
        self._may_edit = bool(self._services.context.may("edit_trainee" if trainee_id else "create_trainee"))
        self.duplicate = Banner(inset=False)
        self.column.insertWidget(0, self.duplicate)
        self._add_fields()
        self.reveal_button = button(tr("trainees.reveal"), "", "eye")
        self.reveal_button.setToolTip(tr("trainees.reveal_note"))
        self.reveal_button.clicked.connect(self._reveal)
        self.reveal_button.setVisible(self._masked and bool(self._services.context.may("reveal_personal")))
        row = QHBoxLayout()
        row.addWidget(self.reveal_button)
        self.identity_button = button(tr("identity.open"), "", "pencil")
        self.identity_button.clicked.connect(self.identity_asked)
        may_correct = bool(self._services.context.may("correct_identity"))
        self.identity_button.setVisible(trainee_id is not None and may_correct)
        row.addWidget(self.identity_button)
        row.addStretch(1)
        self.column.insertLayout(1, row)
        self._enrolments = QVBoxLayout()
        self._enrolments.setSpacing(4)
        self.column.addLayout(self._enrolments)
        self.evidence = self._evidence_section()
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING_MS)
        self._typing.timeout.connect(self.check)
        self.form.edited.connect(self._typing.start)
        self.begin()
        if trainee_id is not None:
            self.set_read_only(set(MASKED))
        if not self._may_edit:
            self.set_read_only()

    def _evidence_section(self) -> EvidenceSection | None:
        if self.trainee_id is None or not self._services.context.may("view_evidence"):
            return None
        section = EvidenceSection(self._context, self.trainee_id)
        self.column.addWidget(section)
        return section

    def foot(self) -> list[QPushButton]:
        """Return the buttons of the panel's foot."""
        if not self._may_edit:
            return []
        return [self.make_save_button(tr("trainees.create") if self.trainee_id is None else "")]

    def fetch(self) -> None:
        """Read the person again; what is being typed stays."""
        if self.trainee_id is not None:
            trainee_id = self.trainee_id
            self._context.tasks.query(
                self,
                lambda: self._services.trainees.get_trainee(trainee_id),
                self._on_detail,
                latest="detail",
            )
        if self.evidence is not None:
            self.evidence.fetch()

    def check(self) -> None:
        fields = self._typed()
        own = self.trainee_id
        service = self._services.trainees

        def look() -> tuple[TraineeCheck, list[TraineeMatch]]:
            found = service.check(fields)
            number = found.values.document_number
            known = number and "document_number" not in found.problems and "document_number" in fields
            return found, service.find_by_document(number, own) if known else []

        self._context.tasks.query(self, look, lambda answer: self._on_checked(*answer), latest="check")

    def save(self) -> None:
        self._strict = True
        changes = self.changes()
        if not changes:
            return
        reason: str | None = ""
        if self.trainee_id is not None and changes.keys() & NEED_REASON:
            reason = ask_reason(
                self.window(), tr("trainees.reason_question"), tr("trainees.reason_detail"), tr("form.save"),
                [tr("trainees.reason_typing"), tr("trainees.reason_renamed"), tr("trainees.reason_document")],
            )  # fmt: skip
        if reason is not None:
            self._context.tasks.command(self, self._saver(changes, reason), self._on_saved, self._on_refused)

    def _saver(self, changes: dict[str, Any], reason: str) -> Callable[[], bytes]:
        own, service, fields = self.trainee_id, self._services.trainees, self._typed()

        def run() -> bytes:
            if own is None:
                return bytes(service.create(fields))
            service.edit(own, changes, reason)
            return own

        return run

    def _add_fields(self) -> None:
        nations = [entry.name for entry in codes.table("ethnic_groups").entries]
        schooling = [entry.short for entry in codes.table("education").entries]
        kinds = [(entry.code, entry.name) for entry in codes.table("document_types").entries]
        sexes = [
            (entry.code, entry.short) for entry in codes.table("sex").entries if entry.code in {"1", "2"}
        ]
        self._row(name=text_line(limit=80))
        self._row(document_type=choice_box(kinds), document_number=text_line(limit=40))
        self._row(sex=choice_box(sexes, empty=tr("trainees.from_document")),
                  birth=text_line(tr("trainees.from_document"), limit=20))  # fmt: skip
        self._row(ethnicity=words_line(nations, tr("trainees.ethnicity_example")),
                  education=words_line(schooling, tr("trainees.education_example")))  # fmt: skip
        self._row(
            phone=text_line(limit=30), household_region=text_line(tr("trainees.region_example"), limit=60)
        )
        self._row(address=text_line(limit=200))

    def _row(self, **editors: QWidget) -> None:
        self.form.add_row(
            {
                name: FormField(tr(f"trainees.field.{name}"), editor, required=name in REQUIRED)
                for name, editor in editors.items()
            }
        )

    def _typed(self) -> dict[str, str]:
        """Return what the check needs: all fields, without those that are still masked."""
        values = {name: str(value or "") for name, value in self.form.values().items()}
        return {name: text for name, text in values.items() if not (self._masked and name in MASKED)}

    def _on_detail(self, detail: TraineeDetail) -> None:
        self._masked = detail.masked and self._masked
        if self._masked or not detail.masked:
            self.refresh(_form_values(detail))
        self._set_title(str(detail.fields["name"] or ""))
        self._show_enrolments(detail.enrolments)

    def _on_checked(self, check: TraineeCheck, matches: Sequence[TraineeMatch]) -> None:
        typed = self._typed()
        for name, field in self.form.fields.items():
            wrong = check.problems.get(name) if name in typed and (typed[name] or self._strict) else None
            odd = next((error for place, error in check.warnings if place == name), None)
            shown = odd if name in typed and (typed[name] or self._strict) else None
            field.set_error(_sentence(wrong)) if wrong else field.set_warning(
                _sentence(shown) if shown else ""
            )
        lacking = missing_glyphs(typed.get("name", ""))
        if lacking and "name" not in check.problems:
            self.form.fields["name"].set_warning(tr("glyphs.none", characters=lacking))
        if "document_number" in typed and "document_number" not in check.problems:
            self._fill_from_document(check, typed)
        self._show_duplicate(matches)

    def _fill_from_document(self, check: TraineeCheck, typed: dict[str, str]) -> None:
        """Take sex and birth date from the number where they were not typed: nothing is asked twice."""
        if typed["document_number"] and not typed["sex"] and check.values.sex:
            self.form.fields["sex"].set_value(check.values.sex)
        if typed["document_number"] and not typed["birth"] and check.values.birth:
            self.form.fields["birth"].set_value(check.values.birth.isoformat())

    def _show_duplicate(self, matches: Sequence[TraineeMatch]) -> None:
        if not matches:
            self.duplicate.hide()
            return
        match = matches[0]
        where = tr("wording.and").join(match.classes) or tr("trainees.no_class")
        text = tr("trainees.duplicate", name=match.name, classes=where)
        self.duplicate.show_notice(
            Notice(text, tr("trainees.duplicate_hint"), "waiting", tr("trainees.open_other"),
                   lambda: self.opened_other.emit(match.id))
        )  # fmt: skip

    def _show_enrolments(self, enrolments: Sequence[TraineeEnrolment]) -> None:
        clear(self._enrolments)
        self._enrolments.addWidget(hairline())
        self._enrolments.addWidget(label(tr("trainees.enrolments", count=len(enrolments)), "strong"))
        for item in enrolments:
            self._enrolments.addWidget(self._enrolment_line(item))

    def _enrolment_line(self, item: TraineeEnrolment) -> QWidget:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        link = button(item.class_code, "link")
        link.clicked.connect(lambda: self.class_opened.emit(item.class_id))
        row.addWidget(link)
        facts = [
            tr("trainees.number", number=item.number) if item.number else "",
            category_text(item.category),
        ]
        row.addWidget(label(" · ".join(fact for fact in facts if fact), "facts"))
        row.addStretch(1)
        return line

    def _reveal(self) -> None:
        trainee_id = self.trainee_id
        if trainee_id is not None:
            self._context.tasks.command(
                self, lambda: self._services.trainees.reveal(trainee_id), self._on_revealed
            )

    def _on_revealed(self, detail: TraineeDetail) -> None:
        self._masked = False
        self._on_detail(detail)
        if self._may_edit:
            self.set_read_only(set(MASKED), read_only=False)
        self.reveal_button.setText(tr("trainees.revealed"))
        self.reveal_button.setEnabled(False)

    def _on_saved(self, trainee_id: bytes) -> None:
        self.begin()
        self.saved.emit(trainee_id)

    def _on_refused(self, error: AppError) -> None:
        if isinstance(error, FieldErrors):
            show_field_errors(self.form, error)
            if any(wrong.code == "DOCUMENT_TAKEN" for wrong in error.fields.values()):
                self.check()
        else:
            self._context.messages.report(self, error)


def _sentence(error: AppError) -> str:
    notice = describe(error)
    return f"{notice.text}{notice.hint}"


def _form_values(detail: TraineeDetail) -> dict[str, Any]:
    """Return a person's stored fields as somebody would type them."""
    fields = {name: "" if value is None else str(value) for name, value in detail.fields.items()}
    fields["education"] = education_text(fields["education"] or None, bool(detail.fields.get("studying")))
    fields["ethnicity"] = codes.ethnicity_name(fields["ethnicity"]) if fields["ethnicity"] else ""
    if fields["household_region"]:
        fields["household_region"] = regions.region_name(fields["household_region"])
    fields.pop("studying", None)
    return fields
