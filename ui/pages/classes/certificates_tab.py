"""证书: what the 评价组织 issued to this class; a number that was entered wrongly is corrected with a reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton

from desktop_app.domain.certificates import HELD, check_number
from desktop_app.domain.errors import AppError
from desktop_app.domain.life_cycles import CERTIFICATE as CYCLE
from desktop_app.domain.listings.results import CertificateListItem
from desktop_app.domain.pinyin import initials
from desktop_app.services.certificates import GONE
from ui.dialogs.ask import ask_reason
from ui.i18n import tr
from ui.messages import describe
from ui.navigation import PageContext
from ui.pages.classes.certificate_step_panel import COMMAND_OF, CertificateStepPanel
from ui.pages.classes.table_model import certificate_table_model, state_text
from ui.reported_tab import RecordKey, ReportedTab, ReportMarks
from ui.widgets.data_table import RowAction
from ui.widgets.empty_state import EmptyState
from ui.widgets.form_field import FormField
from ui.widgets.form_panel import FormPanel, text_line
from ui.widgets.labels import button, label
from ui.wording import day_text, trade_text


class CertificatesTab(ReportedTab[CertificateListItem]):
    """``open(trainee_id=…)`` opens one person's certificate."""

    def __init__(self, context: PageContext, class_id: bytes) -> None:
        self._class_id = class_id
        may_import = bool(context.services.context.may("import_certificates"))
        empty = EmptyState(
            tr("certificates.empty"),
            tr("certificates.empty_detail"),
            tr("certificates.import") if may_import else "",
            "award",
        )
        actions: list[RowAction[CertificateListItem]] = [
            RowAction("certificates.open", lambda rows: self.open_row(rows[0]), "pencil", many=False),
            *(self._step(verb) for verb, code in COMMAND_OF.items() if context.services.context.may(code)),
        ]
        if context.services.context.may("deposit_certificate"):
            actions.append(
                RowAction(
                    "certificates.follow",
                    lambda rows: self._follow_up(rows[0]),
                    many=False,
                    allowed=lambda rows: rows[0].state in HELD,
                )
            )
        marks: ReportMarks[CertificateListItem] = ReportMarks(_records_of)
        super().__init__(
            context,
            "certificates",
            certificate_table_model(marks),
            marks,
            class_id,
            ("certificate",),
            placeholder=tr("certificates.search"),
            empty=empty,
            actions=actions,
            count_key="certificates.count",
            kinds={"certificate", "assessment", "trainee"},
        )
        if self.may("prepare_certificates"):
            prepare = button(tr("certificates.prepare"))
            prepare.setToolTip(tr("certificates.prepare_detail"))
            prepare.clicked.connect(self._prepare)
            self.filters.add_right(prepare)
        empty.acted.connect(lambda: context.navigate("imports", class_id=class_id))
        self.hints = [("Enter", tr("hint_key.open")), ("Esc", tr("hint_key.close"))]

    def open(self, trainee_id: bytes | None = None) -> None:
        """Open one person's certificate in the panel."""
        self.open_where(lambda row: row.trainee_id == trainee_id)

    def fetcher(self) -> Callable[[], Sequence[CertificateListItem]]:
        service, class_id = self.context.services.certificates, self._class_id
        return lambda: service.list_certificates(class_id)

    def person_of(self, row: CertificateListItem) -> bytes:
        return row.trainee_id

    def words_of(self, row: CertificateListItem) -> Iterable[str]:
        return (row.name, *initials(row.name), row.number or "")

    def row_panel_key(self, row: CertificateListItem) -> str:
        return f"{row.assessment_id.hex()}/{row.trainee_id.hex()}/{row.issue}"

    def open_row(self, row: CertificateListItem) -> None:
        key = self.row_panel_key(row)
        content = CertificatePanel(self.context, row)
        content.saved.connect(lambda: self._on_saved(key))
        self.panel.open_panel(key, row.name, content, content.foot())

    def _on_saved(self, key: str) -> None:
        self.panel.forget_draft(key)
        self.context.messages.tell(tr("certificates.saved"))

    def _step(self, verb: str) -> RowAction[CertificateListItem]:
        return RowAction(
            f"certificates.do.{verb}",
            lambda rows: self._open_step(rows[0], verb),
            many=False,
            danger=verb == "void",
            allowed=lambda rows: verb in CYCLE.verbs(rows[0].state),
        )

    def _open_step(self, row: CertificateListItem, verb: str) -> None:
        key = f"{self.row_panel_key(row)}/{verb}"
        content = CertificateStepPanel(self.context, row, verb)
        content.taken.connect(lambda: self._on_step_taken(key))
        title = tr("certificates.step_title", name=row.name, step=tr(f"certificates.do.{verb}"))
        self.panel.open_panel(key, title, content, content.foot())

    def _follow_up(self, row: CertificateListItem) -> None:
        """Go where credit banks and 待遇 of a certificate are."""
        self.context.navigate(
            "talent", class_id=row.class_id, class_code=row.class_code, trainee_id=row.trainee_id
        )

    def _on_step_taken(self, key: str) -> None:
        self.panel.forget_draft(key)
        self.panel.close_panel()

    def _prepare(self) -> None:
        service, class_id = self.context.services.certificate_steps, self._class_id
        self.context.tasks.command(
            self,
            lambda: service.prepare(class_id),
            lambda count: self.context.messages.tell(tr("certificates.prepared", count=count)),
        )


def _records_of(row: CertificateListItem) -> Iterable[RecordKey]:
    return (("certificate", row.assessment_id + row.trainee_id + row.issue.to_bytes(2, "big")),)


class CertificatePanel(FormPanel):
    """The number of one certificate; its shape is checked while typing."""

    saved = Signal()

    def __init__(self, context: PageContext, row: CertificateListItem) -> None:
        super().__init__()
        self._context = context
        self._row = row
        facts = (row.document_number, trade_text(row.trade, row.level), row.issuer or "", day_text(row.issued_on),
                 state_text(row.state))  # fmt: skip
        self.column.insertWidget(0, label("\n".join(fact for fact in facts if fact), "facts", wrap=True))
        self.form.add("number", FormField(tr("certificates.number"), text_line(limit=60), required=True))
        self.load({"number": row.number or ""})
        self.form.edited.connect(self.check)
        may = context.services.context.may
        self._may_edit = bool(row.number and row.state not in GONE and may("edit_certificate"))
        if not self._may_edit:
            self.set_read_only()

    def foot(self) -> list[QPushButton]:
        """Return the buttons of the panel's foot."""
        return [self.make_save_button(tr("certificates.correct"))] if self._may_edit else []

    def check(self) -> None:
        field = self.form.fields["number"]
        found = check_number(field.value(), self._row.kind or "level")
        if found.problem is not None:
            field.set_error(describe(found.problem).text)
        else:
            field.set_warning(describe(found.warning).text if found.warning else "")

    def save(self) -> None:
        number = str(self.form.fields["number"].value())
        if check_number(number, self._row.kind or "level").problem is not None:
            return
        reason = ask_reason(
            self.window(), tr("certificates.reason_question", name=self._row.name), tr("certificates.reason_detail"),
            tr("certificates.correct"), [tr("certificates.reason_typing"), tr("certificates.reason_returned")],
        )  # fmt: skip
        if reason is None:
            return
        service, row = self._context.services.certificates, self._row
        self._context.tasks.command(
            self,
            lambda: service.correct_number(row.assessment_id, row.trainee_id, number, reason, row.issue),
            lambda _nothing: self._on_saved(),
            self._on_refused,
        )

    def _on_saved(self) -> None:
        self.begin()
        self.saved.emit()

    def _on_refused(self, error: AppError) -> None:
        self.form.show_field_errors({"number": describe(error).text})
