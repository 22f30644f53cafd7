"""The table of the people of a class with what became of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from desktop_app.domain.employment import FollowUp, month_text
from desktop_app.domain.listings.employment import FollowedPerson
from ui.i18n import tr
from ui.reported_tab import ReportMarks
from ui.widgets.cell_states import Tone
from ui.widgets.list_model import Column, ListTableModel
from ui.wording import category_text, day_text

NOTHING = "—"


@dataclass(frozen=True, slots=True)
class EmploymentRow:
    """A person, and since when a follow-up is due."""

    person: FollowedPerson
    due: date | None

    @property
    def last(self) -> FollowUp | None:
        """Return the newest follow-up."""
        months = self.person.months
        return months[max(months)] if months else None


def employment_table_model(marks: ReportMarks[EmploymentRow]) -> ListTableModel[EmploymentRow]:
    """Return the model: who works where, by what proof, and whom to ask again."""
    return ListTableModel(
        [
            Column("number", "members.number", lambda row: str(row.person.number or ""), 52, "right",
                   sort=lambda row: row.person.number),
            Column("name", "trainees.name", lambda row: row.person.name, 100),
            Column("category", "guidance.column.category", lambda row: category_text(row.person.category), 112),
            Column("status", "employment.column.status", status_text, 92),
            Column("employer", "employment.column.employer", _employer_text, 160, stretch=True,
                   tooltip=_employer_text),
            Column("voucher", "employment.column.voucher", voucher_text, 132,
                   tone=lambda row: Tone.WAITING if lacks_voucher(row) else Tone.PLAIN),
            Column("month", "employment.column.month", _month_text, 84),
            Column("due", "employment.column.due", _due_text, 108,
                   tone=lambda row: Tone.WAITING if row.due is not None else Tone.PLAIN,
                   sort=lambda row: row.due or date.max),
            marks.column(),
        ],
        lambda row: row.person.trainee_id,
    )  # fmt: skip


def status_text(row: EmploymentRow) -> str:
    """Return the last status, or a dash."""
    return NOTHING if row.last is None else tr(f"employment.status.{row.last.status.value}")


def lacks_voucher(row: EmploymentRow) -> bool:
    """Tell whether work is named that nothing proves: it counts in no rate."""
    last = row.last
    return (
        last is not None and last.status.value in {"employed", "startup", "flexible"} and not last.has_voucher
    )


def voucher_text(row: EmploymentRow) -> str:
    """Return the kind of proof, or that it is lacking."""
    if lacks_voucher(row):
        return tr("employment.voucher.lacking")
    if row.last is None or row.last.voucher_kind is None:
        return NOTHING
    return tr(f"employment.voucher.{row.last.voucher_kind.value}")


def _employer_text(row: EmploymentRow) -> str:
    if row.last is None:
        return NOTHING
    return " · ".join(part for part in (row.last.employer, row.last.post) if part) or NOTHING


def _month_text(row: EmploymentRow) -> str:
    return month_text(max(row.person.months)) if row.person.months else NOTHING


def _due_text(row: EmploymentRow) -> str:
    return NOTHING if row.due is None else day_text(row.due, weekday=False)
