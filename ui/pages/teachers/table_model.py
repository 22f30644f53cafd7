"""Columns of the list of teachers."""

from __future__ import annotations

from desktop_app.domain.listings.people import TeacherListItem
from ui.i18n import has_text, tr
from ui.widgets.cell_states import Tone
from ui.widgets.list_model import Column, ListTableModel

QUALITIES = ("dual", "model_worker", "craftsman", "enterprise", "high_skill")


def teacher_table_model() -> ListTableModel[TeacherListItem]:
    """Return the model of the list of teachers."""
    return ListTableModel(
        [
            Column("name", "teachers.name", lambda row: row.name, 96),
            Column("employment", "teachers.employment", employment_text, 72),
            Column("qualities", "teachers.qualities", qualities_text, 140, stretch=True,
                   tone=lambda row: Tone.PLAIN if row.qualities else Tone.QUIET),
            Column("proofs", "teachers.proofs", proofs_text, 88,
                   tone=lambda row: Tone.WAITING if unproven(row) else Tone.QUIET),
            Column("phone", "teachers.phone", lambda row: row.phone, 116),
            Column("sessions", "teachers.sessions", lambda row: str(row.sessions), 60, "right",
                   sort=lambda row: row.sessions),
            Column("hours", "teachers.hours", lambda row: str(row.hours), 60, "right", sort=lambda row: row.hours),
            Column("login", "teachers.login", lambda row: row.login or tr("teachers.no_login"), 112,
                   tone=lambda row: Tone.PLAIN if row.login else Tone.QUIET),
        ],
        lambda row: row.id,
    )  # fmt: skip


def unproven(row: TeacherListItem) -> list[str]:
    """Return the kinds of R29 that a teacher has no proof of."""
    return [code for code in row.qualities if code not in row.proven]


def proofs_text(row: TeacherListItem) -> str:
    """Return how many kinds lack their proof, nothing where no kind is recorded."""
    lacking = len(unproven(row))
    if not row.qualities:
        return ""
    return tr("teachers.unproven_count", count=lacking) if lacking else tr("teachers.proven")


def employment_text(row: TeacherListItem) -> str:
    """Return 专职 or 兼职."""
    return tr(f"employment.{row.employment}") if row.employment else ""


def qualities_text(row: TeacherListItem) -> str:
    """Return the qualities of R29 in words."""
    words = (tr(f"quality.{code}") if has_text(f"quality.{code}") else code for code in row.qualities)
    return tr("wording.and").join(words) or tr("teachers.no_quality")
