"""The tables of flags and of orders."""

from __future__ import annotations

from datetime import date, datetime

from desktop_app.domain.listings.risks import RiskFlag
from desktop_app.domain.supervision import EventKind, Standing
from desktop_app.services.supervision import EventItem
from ui.i18n import tr
from ui.widgets.cell_states import Tone
from ui.widgets.list_model import Column, ListTableModel
from ui.wording import day_text, moment_text, subject_text

NOTHING = "—"
_INSTANTS = frozenset({"made", "ended"})
_SESSIONS = frozenset({"session", "first", "second"})
_TONES = {Standing.OVERDUE: Tone.WRONG, Standing.OPEN: Tone.WAITING, Standing.IN_FORCE: Tone.WRONG}


def flag_table_model() -> ListTableModel[RiskFlag]:
    """Return the model: how hard, what, where, and what was decided."""
    return ListTableModel(
        [
            Column("severity", "risk.column.severity", severity_text, 72,
                   tone=lambda row: Tone.WRONG if row.blocks and row.is_open else Tone.PLAIN),
            Column("kind", "risk.column.kind", lambda row: tr(f"risk.kind.{row.kind}"), 232),
            Column("class", "risk.column.class", lambda row: row.class_code or NOTHING, 136),
            Column("facts", "risk.column.facts", facts_text, 220, stretch=True, tooltip=facts_text),
            Column("decision", "risk.column.decision", decision_text, 96,
                   tone=lambda row: Tone.WAITING if row.is_open else Tone.PLAIN),
        ],
        lambda row: row.id,
    )  # fmt: skip


def severity_text(row: RiskFlag) -> str:
    """Return 阻断 or 提示."""
    return tr("risk.severity.block") if row.blocks else tr("risk.severity.hint")


def facts_text(row: RiskFlag) -> str:
    """Return the facts in one line."""
    return tr("risk.fact_join").join(fact_text(name, text) for name, text in row.facts)


def fact_text(name: str, text: str) -> str:
    """Return a fact with its name; instants by the clock of Asia/Shanghai, sessions as people count them."""
    if name in _INSTANTS:
        text = moment_text(datetime.fromisoformat(text))
    elif name in _SESSIONS:
        text = subject_text(text)
    return tr("risk.fact_pair", name=tr(f"risk.fact.{name}"), text=text)


def decision_text(row: RiskFlag) -> str:
    """Return how the flag stands."""
    if not row.holds:
        return tr("risk.decision.corrected")
    return tr(f"risk.decision.{row.decision or 'open'}")


def order_table_model() -> ListTableModel[EventItem]:
    """Return the model: what was ordered, until when, and how it stands."""
    return ListTableModel(
        [
            Column("kind", "supervision.column.kind", lambda row: tr(f"supervision.kind.{row.event.kind.value}"), 120),
            Column("document", "supervision.column.document", lambda row: row.event.document, 156),
            Column("standing", "supervision.column.standing",
                   lambda row: tr(f"supervision.standing.{row.standing.value}"), 76,
                   tone=lambda row: _TONES.get(row.standing, Tone.PLAIN)),
            Column("deadline", "supervision.column.deadline",
                   lambda row: NOTHING if row.event.deadline is None else day_text(row.event.deadline, weekday=False),
                   100, sort=lambda row: row.event.deadline or date.max),
            Column("what", "supervision.column.what", what_text, 180, stretch=True, tooltip=what_text),
            Column("department", "supervision.column.department", lambda row: row.event.department, 150,
                   tooltip=lambda row: row.event.department),
            Column("issued", "supervision.column.issued", lambda row: day_text(row.event.issued_on, weekday=False), 100,
                   sort=lambda row: row.event.issued_on),
        ],
        lambda row: row.event.id,
    )  # fmt: skip


def what_text(row: EventItem) -> str:
    """Return the requirement, or what a cut leaves."""
    event = row.event
    if event.kind is EventKind.CUT:
        parts = [tr("supervision.cut_year", year=event.year or 0)]
        if event.quota_classes is not None:
            parts.append(tr("supervision.cut_classes", count=event.quota_classes))
        if event.quota_people is not None:
            parts.append(tr("supervision.cut_people", count=event.quota_people))
        return " · ".join(parts)
    if event.kind is EventKind.DISQUALIFY:
        return tr("supervision.nothing_opens")
    return event.requirement or NOTHING
