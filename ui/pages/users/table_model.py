"""Columns of the list of accounts."""

from __future__ import annotations

from datetime import date

from desktop_app.domain.listings.people import UserListItem
from ui.i18n import tr
from ui.widgets.cell_states import Tone
from ui.widgets.list_model import Column, ListTableModel
from ui.wording import NOTHING, roles_text


def user_table_model(today: date) -> ListTableModel[UserListItem]:
    """Return the model of the list of accounts as they stand on a day."""
    return ListTableModel(
        [
            Column("display", "users.display", lambda row: row.display, 96),
            Column("login", "users.login", lambda row: row.login, 96),
            Column("roles", "users.roles", lambda row: roles_text(row.roles), 128, stretch=True),
            Column("teacher", "users.teacher", lambda row: row.teacher or NOTHING, 72),
            Column("slot", "users.slot", lambda row: tr("users.slot_yes") if row.has_slot else tr("users.slot_no"), 128,
                   tone=lambda row: Tone.PLAIN if row.has_slot else Tone.WAITING),
            Column("advises", "users.advises", lambda row: str(row.advises) if row.advises else "", 56, "right",
                   sort=lambda row: row.advises),
            Column("state", "users.state", lambda row: state_text(row, today), 148,
                   tone=lambda row: _state_tone(row, today)),
        ],
        lambda row: row.id,
    )  # fmt: skip


def state_text(row: UserListItem, today: date) -> str:
    """Return 在用, 已停用, 限时至 2020-12-31 or 已于 2020-12-31 到期."""
    if row.disabled or row.until is None:
        return tr("users.disabled") if row.disabled else tr("users.active")
    return tr("users.ended" if row.has_ended(today) else "users.until_day", day=row.until.isoformat())


def _state_tone(row: UserListItem, today: date) -> Tone:
    if row.disabled or row.has_ended(today):
        return Tone.LOCKED
    return Tone.PLAIN if row.until is None else Tone.WAITING
