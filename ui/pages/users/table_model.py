"""Columns of the list of accounts."""

from __future__ import annotations

from desktop_app.domain.listings.people import UserListItem
from ui.i18n import tr
from ui.widgets.cell_states import Tone
from ui.widgets.list_model import Column, ListTableModel
from ui.wording import NOTHING, roles_text


def user_table_model() -> ListTableModel[UserListItem]:
    """Return the model of the list of accounts."""
    return ListTableModel(
        [
            Column("display", "users.display", lambda row: row.display, 104),
            Column("login", "users.login", lambda row: row.login, 112),
            Column("roles", "users.roles", lambda row: roles_text(row.roles), 160, stretch=True),
            Column("teacher", "users.teacher", lambda row: row.teacher or NOTHING, 88),
            Column("slot", "users.slot", lambda row: tr("users.slot_yes") if row.has_slot else tr("users.slot_no"), 136,
                   tone=lambda row: Tone.PLAIN if row.has_slot else Tone.WAITING),
            Column("state", "users.state",
                   lambda row: tr("users.disabled") if row.disabled else tr("users.active"), 80,
                   tone=lambda row: Tone.LOCKED if row.disabled else Tone.PLAIN),
        ],
        lambda row: row.id,
    )  # fmt: skip
