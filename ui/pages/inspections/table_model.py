"""Columns of the list of inspections."""

from __future__ import annotations

from desktop_app.domain.listings.training import InspectionItem
from ui.i18n import tr
from ui.widgets.cell_states import Tone
from ui.widgets.list_model import Column, ListTableModel
from ui.wording import NOTHING, day_text


def inspection_table_model() -> ListTableModel[InspectionItem]:
    """Return the model of a class's inspections."""
    return ListTableModel(
        [
            Column("day", "inspections.day", lambda row: day_text(row.visited_on), 132,
                   sort=lambda row: (row.visited_on, row.visited_at)),
            Column("time", "inspections.time", lambda row: row.visited_at, 64),
            Column("session", "inspections.session", session_text, 72),
            Column("inspector", "inspections.inspector", lambda row: row.inspector, 112),
            Column("heads", "inspections.heads", lambda row: str(row.head_count), 80, "right",
                   sort=lambda row: row.head_count),
            Column("marked", "inspections.marked", marked_text, 104, "right"),
            Column("difference", "inspections.difference", difference_text, 128, tone=difference_tone),
            Column("findings", "inspections.findings", lambda row: row.findings or NOTHING, 160, stretch=True,
                   tooltip=lambda row: row.findings),
            Column("photos", "inspections.photos", lambda row: str(row.photos or NOTHING), 60, "right"),
        ],
        lambda row: row.id,
    )  # fmt: skip


def session_text(row: InspectionItem) -> str:
    """Return which session was visited."""
    return NOTHING if row.session_number is None else tr("inspections.number", number=row.session_number)


def marked_text(row: InspectionItem) -> str:
    """Return 实到/应到 by the marks when the note was written."""
    if row.session_id is None:
        return NOTHING
    if row.marked is None:
        return tr("inspections.unmarked")
    return tr("attendance.of", present=row.marked, expected=row.expected)


def difference_text(row: InspectionItem) -> str:
    """Say whether heads and marks agree."""
    if row.difference is None:
        return NOTHING
    if row.difference == 0:
        return tr("inspections.agrees")
    key = "inspections.more" if row.difference > 0 else "inspections.fewer"
    return tr(key, count=abs(row.difference))


def difference_tone(row: InspectionItem) -> Tone:
    """Heads that differ from the marks want to be looked into."""
    return Tone.WAITING if row.difference else Tone.PLAIN
