"""Columns of the lists of 协同."""

from __future__ import annotations

from desktop_app.domain.listings.reporting import ConflictListItem
from desktop_app.domain.listings.sharing import InvitationItem, WorkstationItem
from ui.i18n import tr
from ui.widgets.cell_states import CellState, Tone
from ui.widgets.list_model import Column, ListTableModel
from ui.wording import NOTHING, moment_text

_INVITATION_TONES = {"open": Tone.WAITING, "used": Tone.DONE, "over": Tone.LOCKED}


def workstations_model() -> ListTableModel[WorkstationItem]:
    """Workstations of the institution, this one among them."""
    return ListTableModel(
        [
            Column("name", "sharing.workstation", _name_text, 240, stretch=True),
            Column("heard", "sharing.heard", _heard_text, 168, sort=lambda row: (row.heard is None, row.heard)),
            Column("state", "sharing.state", lambda row: tr(_state_key(row)), 120,
                   tone=lambda row: Tone.LOCKED if row.revoked else Tone.PLAIN),
        ],
        lambda row: row.id,
    )  # fmt: skip


def invitations_model() -> ListTableModel[InvitationItem]:
    """Invitations, newest first."""
    return ListTableModel(
        [
            Column("by", "sharing.invited_by", lambda row: row.by, 144),
            Column("ends", "sharing.invitation_ends", _ends_text, 160,
                   sort=lambda row: row.ends),
            Column("state", "sharing.state", lambda row: tr(f"sharing.invitation.{row.state}", device=row.device), 240,
                   stretch=True, tone=lambda row: _INVITATION_TONES[row.state]),
        ],
        lambda row: row.id,
    )  # fmt: skip


def conflicts_model() -> ListTableModel[ConflictListItem]:
    """两处修改不一致."""
    return ListTableModel(
        [
            Column("label", "sync.what", lambda row: row.label, 240, stretch=True,
                   state=lambda _row: CellState.CONFLICT),
            Column("people", "sharing.who", _people_text, 200),
            Column("values", "sync.values", lambda row: tr("sync.value_count", count=len(row.values)), 120),
        ],
        lambda row: row.id,
    )  # fmt: skip


def _name_text(row: WorkstationItem) -> str:
    return tr("sharing.own", name=row.name) if row.own else row.name


def _heard_text(row: WorkstationItem) -> str:
    return NOTHING if row.own or row.heard is None else moment_text(row.heard)


def _state_key(row: WorkstationItem) -> str:
    return "sharing.revoked" if row.revoked else "sharing.in_use"


def _people_text(row: ConflictListItem) -> str:
    names = dict.fromkeys(who for _, who, _, _ in row.values if who)
    return tr("wording.and").join(names)


def _ends_text(row: InvitationItem) -> str:
    return NOTHING if row.state == "over" else moment_text(row.ends)
