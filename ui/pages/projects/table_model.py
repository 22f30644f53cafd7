"""Columns of the list of training projects."""

from __future__ import annotations

from desktop_app.domain.listings.projects import ProjectDetails
from ui.pages.projects.wording import areas_text, fen_text, origin_text, standing_text
from ui.widgets.list_model import Column, ListTableModel
from ui.wording import NOTHING, day_text, trade_text


def project_table_model() -> ListTableModel[ProjectDetails]:
    """Return the model of the list of projects."""
    return ListTableModel(
        [
            Column("code", "projects.code", lambda row: row.item.code, 128),
            Column("name", "projects.name", lambda row: row.item.name, 200, stretch=True),
            Column("state", "projects.state", standing_text, 184, tooltip=standing_text),
            Column("trade", "projects.trade", lambda row: trade_text(row.item.trade, row.item.level), 144),
            Column("areas", "projects.area", areas_text, 152, tooltip=areas_text),
            Column("hours", "projects.hours", lambda row: "" if row.item.hours is None else str(row.item.hours), 56,
                   "right", sort=lambda row: row.item.hours),
            Column("classes", "projects.classes", lambda row: str(row.item.classes), 64, "right",
                   sort=lambda row: row.item.classes),
            Column("organisation", "projects.organisation", lambda row: row.item.organisation or NOTHING, 184,
                   tooltip=lambda row: row.item.organisation or "", hidden=True),
            Column("fee", "projects.fee", lambda row: fen_text(row.item.fee_fen), 96, "right",
                   sort=lambda row: row.item.fee_fen, hidden=True),
            Column("published", "projects.published", lambda row: day_text(row.item.published_on, weekday=False), 104,
                   sort=lambda row: row.item.published_on, hidden=True),
            Column("origin", "projects.origin", lambda row: origin_text(row.item), 80, hidden=True),
        ],
        lambda row: row.item.id,
    )  # fmt: skip
