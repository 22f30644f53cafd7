"""Columns of the list of policy parameters."""

from __future__ import annotations

from desktop_app.domain.listings.policies import PolicyListItem, ValueState
from ui.i18n import tr
from ui.pages.policy.wording import binding_text, owner_text, place_text, span_text, state_text, value_text
from ui.widgets.cell_states import Tone
from ui.widgets.list_model import Column, ListTableModel
from ui.wording import NOTHING


def policy_table_model() -> ListTableModel[PolicyListItem]:
    """Return the model of the list of policy parameters."""
    return ListTableModel(
        [
            Column("area", "policy.area", lambda row: tr(f"policy.area.{row.area}"), 96),
            Column("name", "policy.name", lambda row: row.parameter.name, 176, stretch=True),
            Column("value", "policy.value", lambda row: value_text(row.parameter, row.text), 112),
            Column("binding", "policy.binding", lambda row: binding_text(row.parameter), 64,
                   tone=lambda row: Tone.PLAIN if row.parameter.blocks else Tone.QUIET),
            Column("document", "policy.document", lambda row: row.parameter.document or NOTHING, 152),
            Column("place", "policy.place", lambda row: place_text(row.parameter), 112),
            Column("since", "policy.since", lambda row: span_text(row.parameter), 112),
            Column("owner", "policy.owner", lambda row: owner_text(row.parameter), 72),
            Column("state", "policy.state", _state, 148,
                   tone=lambda row: Tone.PLAIN if row.state is ValueState.GOVERNS else Tone.QUIET),
        ],
        lambda row: row.key,
    )  # fmt: skip


def _state(row: PolicyListItem) -> str:
    if row.later:
        return tr("policy.state_later", state=state_text(row.state), count=row.later)
    return state_text(row.state)
