"""The table of the people of a class with their services."""

from __future__ import annotations

from desktop_app.domain.listings.graduates import GraduateItem
from ui.i18n import tr
from ui.widgets.cell_states import Tone
from ui.widgets.list_model import Column, ListTableModel
from ui.wording import category_text, day_text

NOTHING = "—"


def guidance_table_model() -> ListTableModel[GraduateItem]:
    """Return the model: who was served how often, when last, and hired by whom."""
    return ListTableModel(
        [
            Column("number", "members.number", lambda row: str(row.number or ""), 52, "right",
                   sort=lambda row: row.number),
            Column("name", "trainees.name", lambda row: row.name, 112),
            Column("category", "guidance.column.category", lambda row: category_text(row.category), 112),
            Column("services", "guidance.column.services", services_text, 112,
                   tone=lambda row: Tone.WAITING if row.lacking else Tone.PLAIN,
                   sort=lambda row: len(row.services)),
            Column("last", "guidance.column.last", _last_text, 160, stretch=True, tooltip=_last_text),
            Column("hire", "guidance.column.hire", lambda row: NOTHING if row.hire is None else row.hire.employer,
                   144, tooltip=lambda row: "" if row.hire is None else row.hire.employer),
        ],
        lambda row: row.trainee_id,
    )  # fmt: skip


def services_text(row: GraduateItem) -> str:
    """Return how often somebody was served, or that R16 misses a service."""
    if row.services:
        return tr("guidance.services_count", count=len(row.services))
    return tr("guidance.lacking") if row.lacking else NOTHING


def _last_text(row: GraduateItem) -> str:
    if not row.services:
        return NOTHING
    last = row.services[-1]
    kind = tr(f"guidance.kind.{last.kind}")
    return " ".join(part for part in (day_text(last.held_on, weekday=False), kind, last.note) if part)
