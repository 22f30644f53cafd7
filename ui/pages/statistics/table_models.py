"""Columns of the lists of 统计."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from desktop_app.domain.listings.figures import PersonBehind, SentReport, TeacherHours
from desktop_app.domain.money import format_fen
from desktop_app.domain.statistics import Figure, Measure
from desktop_app.services.figure_papers import group_text, value_text
from ui.i18n import tr
from ui.widgets.cell_states import Tone
from ui.widgets.list_model import Column, ListTableModel
from ui.wording import day_text

NOTHING = "—"


@dataclass(frozen=True, slots=True)
class MondayRow:
    """A line of the page for Mondays; ``page`` and ``class_id`` are where it leads."""

    number: int
    block: str
    subject: str
    since: date | None
    days: str
    who: str
    remark: str
    tone: Tone = Tone.PLAIN
    class_id: bytes | None = None
    page: str = ""


def figure_model() -> ListTableModel[Figure]:
    """Return the model of figures."""
    return ListTableModel(
        [
            Column("measure", "figures.column.measure", lambda row: tr(f"figures.measure.{row.measure}"), 120,
                   sort=lambda row: list(Measure).index(row.measure)),
            Column("group", "figures.column.group", lambda row: group_text(row.dimension, row.group), 170,
                   stretch=True),
            Column("people", "figures.column.people", lambda row: str(row.people), 80, "right",
                   sort=lambda row: row.people),
            Column("times", "figures.column.times", lambda row: str(row.times), 80, "right",
                   sort=lambda row: row.times),
            Column("value", "figures.column.value", lambda row: value_text(row) or NOTHING, 170, "right"),
            Column("basis", "figures.column.basis", lambda row: tr(f"figures.basis.{row.measure}"), 220),
        ],
        lambda row: (row.measure, row.dimension, row.group),
    )  # fmt: skip


def person_model(*, money: bool) -> ListTableModel[PersonBehind]:
    """Return the model of the list behind a figure; ``money``: with the amount in 元."""
    columns: list[Column[PersonBehind]] = [
        Column("name", "retention.column.name", lambda row: row.name, 90),
        Column("class", "figures.column.class", lambda row: row.class_code, 150, stretch=True),
        Column("day", "figures.column.since", lambda row: day_text(row.on, weekday=False), 100,
               sort=lambda row: row.on),
    ]  # fmt: skip
    if money:
        columns.append(
            Column("amount", "figures.column.amount", lambda row: format_fen(row.amount), 100, "right",
                   sort=lambda row: row.amount)
        )  # fmt: skip
    return ListTableModel(columns, lambda row: (row.class_id, row.trainee_id, row.on))


def teacher_model() -> ListTableModel[TeacherHours]:
    """Return the model of 教师课时统计."""
    return ListTableModel(
        [
            Column("name", "figures.column.teacher", lambda row: row.name, 140, stretch=True),
            Column("employment", "figures.column.employment",
                   lambda row: tr(f"figures.employment.{row.employment}") if row.employment else NOTHING, 100),
            Column("classes", "figures.column.classes", lambda row: str(row.classes), 90, "right",
                   sort=lambda row: row.classes),
            Column("sessions", "figures.column.sessions", lambda row: str(row.sessions), 90, "right",
                   sort=lambda row: row.sessions),
            Column("hours", "figures.column.hours", lambda row: str(row.hours), 90, "right",
                   sort=lambda row: row.hours),
        ],
        lambda row: row.teacher_id,
    )  # fmt: skip


def monday_model() -> ListTableModel[MondayRow]:
    """Return the model of the page for Mondays."""
    return ListTableModel(
        [
            Column("block", "figures.column.block", lambda row: row.block, 110, sort=lambda row: row.number),
            Column("subject", "figures.column.subject", lambda row: row.subject, 180, stretch=True),
            Column("since", "figures.column.since",
                   lambda row: day_text(row.since, weekday=False) if row.since else "", 100,
                   sort=lambda row: row.since or date.max),
            Column("days", "figures.column.days", lambda row: row.days, 90, "right", tone=lambda row: row.tone),
            Column("who", "figures.column.who_or_count", lambda row: row.who, 130),
            Column("remark", "figures.column.remark", lambda row: row.remark, 320,
                   tooltip=lambda row: row.remark),
        ],
        lambda row: row.number,
    )  # fmt: skip


def sent_model() -> ListTableModel[SentReport]:
    """Return the model of reports that were sent."""
    return ListTableModel(
        [
            Column("sent", "figures.column.sent_on", lambda row: day_text(row.sent_on, weekday=False), 110,
                   sort=lambda row: row.sent_on),
            Column("kind", "figures.column.kind", lambda row: tr(f"figures.kind.{row.kind}"), 110),
            Column("to", "figures.column.sent_to", lambda row: row.sent_to, 180, stretch=True),
            Column("first", "figures.column.first", lambda row: row.scope.first.isoformat(), 100),
            Column("last", "figures.column.last", lambda row: row.scope.last.isoformat(), 100),
            Column("changes", "figures.column.changes", _changes_text, 180,
                   tone=lambda row: Tone.WAITING if row.changes else Tone.QUIET),
        ],
        lambda row: row.id,
    )  # fmt: skip


def _changes_text(row: SentReport) -> str:
    if not row.changes:
        return tr("figures.no_change")
    return tr("figures.changes", count=len(row.changes))
