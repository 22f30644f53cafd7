"""Columns of the ledger and of the allocation."""

from __future__ import annotations

from desktop_app.domain.listings.figures import LedgerItem
from desktop_app.domain.money import format_fen
from desktop_app.domain.performance import Share
from ui.i18n import tr
from ui.widgets.cell_states import Tone
from ui.widgets.list_model import Column, ListTableModel
from ui.wording import day_text


def ledger_model() -> ListTableModel[LedgerItem]:
    """Return the model of the 收支台账."""
    return ListTableModel(
        [
            Column("class", "figures.column.class", lambda row: row.class_code, 160, stretch=True),
            Column("direction", "performance.column.direction",
                   lambda row: tr(f"performance.direction.{row.direction}"), 80),
            Column("kind", "performance.column.kind", kind_text, 130),
            Column("amount", "performance.column.amount", lambda row: format_fen(row.fen), 120, "right",
                   sort=lambda row: row.fen),
            Column("day", "figures.column.since", lambda row: day_text(row.on, weekday=False), 100,
                   sort=lambda row: row.on),
            Column("document", "performance.column.document",
                   lambda row: tr("performance.from_claim") if row.claimed else row.document, 180,
                   tone=lambda row: Tone.QUIET if row.claimed else Tone.PLAIN),
        ],
        lambda row: row.id,
    )  # fmt: skip


def kind_text(row: LedgerItem) -> str:
    """Return the kind of a line in words; what a later version books is shown by its code."""
    known = {"income": ("subsidy", "fee", "enterprise", "other"),
             "cost": ("teaching", "materials", "examination", "facilities", "textbooks", "other")}  # fmt: skip
    return tr(f"performance.{row.direction}.{row.kind}") if row.kind in known[row.direction] else row.kind


def share_model() -> ListTableModel[Share]:
    """Return the model of the allocation."""
    return ListTableModel(
        [
            Column("name", "performance.column.person", lambda row: row.name, 160, stretch=True),
            Column("front", "performance.column.front_line",
                   lambda row: tr("figures.front_line" if row.front_line else "figures.other_staff"), 120),
            Column("amount", "performance.column.amount", lambda row: format_fen(row.fen), 140, "right",
                   sort=lambda row: row.fen),
        ],
        lambda row: row.person,
    )  # fmt: skip
