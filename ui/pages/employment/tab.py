"""就业 of a class: follow-ups by month with 凭证, and the rates with their base (六.3, 四.4; R36, R32)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QFileDialog, QVBoxLayout

from desktop_app.domain.employment import month_text
from desktop_app.domain.pinyin import initials
from desktop_app.domain.records import FOLLOW_UP
from desktop_app.services.employment import EmploymentSheet
from ui.dialogs.ask import ask_reason
from ui.i18n import tr
from ui.messages import describe
from ui.navigation import PageContext
from ui.pages.employment.panel import FollowUpPanel
from ui.pages.employment.table_model import EmploymentRow, employment_table_model, lacks_voucher
from ui.reported_tab import RecordKey, ReportedTab, ReportMarks
from ui.widgets.data_table import RowAction
from ui.widgets.empty_state import EmptyState
from ui.widgets.labels import button, label
from ui.wording import day_text

DUE, UNPROVED = "due", "unproved"


class EmploymentTab(ReportedTab[EmploymentRow]):
    """``open(trainee_id=…)`` opens one person's follow-up."""

    def __init__(self, context: PageContext, class_id: bytes) -> None:
        self._class_id = class_id
        self.ask_reason: Callable[..., str | None] = ask_reason
        actions: list[RowAction[EmploymentRow]] = [
            RowAction("employment.open", lambda rows: self.open_row(rows[0]), "pencil", many=False)
        ]
        if context.services.context.may("remove_follow_up"):
            actions.append(
                RowAction(
                    "employment.remove",
                    lambda rows: self.remove_last(rows[0]),
                    "trash-2",
                    many=False,
                    danger=True,
                    allowed=lambda rows: bool(rows[0].person.months),
                )
            )
        marks: ReportMarks[EmploymentRow] = ReportMarks(_records_of)
        super().__init__(
            context,
            "employment",
            employment_table_model(marks),
            marks,
            class_id,
            ("employment",),
            placeholder=tr("members.search"),
            empty=EmptyState(tr("employment.empty"), tr("employment.empty_detail"), "", "users"),
            actions=actions,
            count_key="guidance.count",
            kinds={"follow_up", "enrolment", "trainee", "policy_value"},
        )
        self.rates = label("", "facts", wrap=True)
        main = self.table.parentWidget()
        inside = None if main is None else main.layout()
        assert isinstance(inside, QVBoxLayout)
        inside.insertWidget(0, self.rates)
        self.filters.add_chips(
            [(DUE, tr("employment.only_due", count=0)), (UNPROVED, tr("employment.only_unproved", count=0))]
        )
        if context.services.context.may("make_paper"):
            printing = button(tr("employment.print"), "", "printer")
            printing.clicked.connect(self._ask_paper)
            self.filters.add_right(printing)
        self.hints = [("Enter", tr("hint_key.open")), ("Esc", tr("hint_key.close"))]

    def open(self, trainee_id: bytes | None = None) -> None:
        """Open one person's follow-up in the panel."""
        self.open_where(lambda row: row.person.trainee_id == trainee_id)

    def fetcher(self) -> Callable[[], Any]:
        service, class_id = self.context.services.employment, self._class_id
        return lambda: service.sheet(class_id)

    def show_rows(self, rows: Any) -> None:  # noqa: ANN401 - the sheet that the service returned
        sheet: EmploymentSheet = rows
        rates = sheet.rates
        said = [
            tr("employment.rate", rate=rates.employment.text),
            tr("employment.retention", rate=rates.retention.text),
            tr("employment.students", count=rates.students),
            tr("employment.basis", day=day_text(rates.counted_on, weekday=False)),
        ]
        warned = [describe(one.error).text for one in sheet.warnings]
        self.rates.setText("\n".join([" · ".join(said), *(f"△ {text}" for text in warned)]))
        super().show_rows([EmploymentRow(one, sheet.due.get(one.trainee_id)) for one in sheet.people])

    def words_of(self, row: EmploymentRow) -> Iterable[str]:
        employer = "" if row.last is None else row.last.employer
        return (row.person.name, *initials(row.person.name), employer)

    def on_filter(self) -> None:
        rows = self.all_rows()
        due = sum(row.due is not None for row in rows)
        unproved = sum(lacks_voucher(row) for row in rows)
        self.filters.set_chip_text(DUE, tr("employment.only_due", count=due))
        self.filters.set_chip_text(UNPROVED, tr("employment.only_unproved", count=unproved))
        super().on_filter()

    def keeps(self, row: EmploymentRow) -> bool:
        chosen = self.filters.chosen()
        due = DUE not in chosen or row.due is not None
        return due and (UNPROVED not in chosen or lacks_voucher(row)) and super().keeps(row)

    def row_panel_key(self, row: EmploymentRow) -> str:
        return row.person.trainee_id.hex()

    def open_row(self, row: EmploymentRow) -> None:
        key = self.row_panel_key(row)
        content = FollowUpPanel(self.context, row)
        content.saved.connect(lambda: self._on_saved(key))
        self.panel.open_panel(key, row.person.name, content, content.foot())

    def remove_last(self, row: EmploymentRow) -> None:
        """Take the follow-up of the newest month back, with a reason."""
        month = max(row.person.months)
        question = tr("employment.remove_question", name=row.person.name, month=month_text(month))
        words = [tr("guidance.remove_twice"), tr("guidance.remove_wrong")]
        reason = self.ask_reason(self.window(), question, "", tr("employment.remove"), words)
        if reason is None:
            return
        service, person = self.context.services.employment, row.person
        self.context.tasks.command(
            self,
            lambda: service.remove(person.class_id, person.trainee_id, month, reason),
            lambda _none: self.context.messages.tell(tr("employment.removed", name=person.name)),
        )

    def print_paper(self, target: Path) -> None:
        """Write the 就业跟踪表, PDF or Excel by the ending."""
        service, class_id = self.context.services.follow_up_papers, self._class_id
        self.context.tasks.long_command(
            self,
            lambda _progress, _cancel: service.employment(class_id, target),
            lambda paper: self.context.messages.tell(tr("papers.written", file=paper.file.name)),
        )

    def _ask_paper(self) -> None:
        start = str(Path.home() / tr("employment.print_file"))
        kinds = "PDF (*.pdf);;Excel (*.xlsx)"
        chosen, _kind = QFileDialog.getSaveFileName(self.window(), tr("papers.choose"), start, kinds)
        if chosen:
            self.print_paper(Path(chosen))

    def _on_saved(self, key: str) -> None:
        self.panel.forget_draft(key)
        self.panel.close_panel()


def _records_of(row: EmploymentRow) -> Iterable[RecordKey]:
    person = row.person
    return (
        ("follow_up", FOLLOW_UP.join_key((person.class_id, person.trainee_id, month)))
        for month in person.months
    )
