"""Columns of the list of training projects."""

from __future__ import annotations

from desktop_app.domain.listings.training import ProjectListItem
from desktop_app.domain.money import format_fen
from ui.i18n import tr
from ui.widgets.list_model import Column, ListTableModel
from ui.wording import NOTHING, day_text, trade_text


def project_table_model() -> ListTableModel[ProjectListItem]:
    """Return the model of the list of projects."""
    return ListTableModel(
        [
            Column("code", "projects.code", lambda row: row.code, 128),
            Column("name", "projects.name", lambda row: row.name, 200, stretch=True),
            Column("trade", "projects.trade", lambda row: trade_text(row.trade, row.level), 144),
            Column("organisation", "projects.organisation", lambda row: row.organisation or NOTHING, 184,
                   tooltip=lambda row: row.organisation or ""),
            Column("hours", "projects.hours", lambda row: "" if row.hours is None else str(row.hours), 56, "right",
                   sort=lambda row: row.hours),
            Column("fee", "projects.fee", lambda row: fen_text(row.fee_fen), 96, "right", sort=lambda row: row.fee_fen),
            Column("classes", "projects.classes", lambda row: str(row.classes), 64, "right",
                   sort=lambda row: row.classes),
            Column("published", "projects.published", lambda row: day_text(row.published_on, weekday=False), 104,
                   sort=lambda row: row.published_on),
            Column("origin", "projects.origin", origin_text, 80, hidden=True),
        ],
        lambda row: row.id,
    )  # fmt: skip


def fen_text(fen: int | None) -> str:
    """Return 1,234.50 元, — where no amount is known."""
    return NOTHING if fen is None else tr("wording.yuan", amount=format_fen(fen))


def origin_text(row: ProjectListItem) -> str:
    """Return where a project comes from."""
    return tr(f"projects.origin.{row.origin or 'platform'}")
