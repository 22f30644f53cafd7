"""Columns of the four lists of the sync centre."""

from __future__ import annotations

from desktop_app.domain.listings.reporting import (
    BatchListItem,
    PreflightProblem,
    RejectedListItem,
    ReportListItem,
)
from ui.i18n import tr
from ui.messages import hint_text
from ui.pages.sync_center.wording import (
    BATCH_TONES,
    batch_reports_text,
    batch_state_text,
    state_tone,
)
from ui.report_wording import kind_text, problem_text, state_text
from ui.widgets.cell_states import CellState, Tone
from ui.widgets.list_model import Column, ListTableModel
from ui.wording import moment_text


def number(count: int) -> str:
    """Return a count, nothing for none: the eye finds what is not zero."""
    return str(count) if count else ""


def reports_model() -> ListTableModel[ReportListItem]:
    """Reports by class and kind."""
    return ListTableModel(
        [
            Column("class", "sync.class", lambda row: row.class_code, 160),
            Column("kind", "sync.report", lambda row: kind_text(row.kind), 184),
            Column("state", "sync.state", state_text, 200, stretch=True, tone=state_tone, tooltip=state_text),
            Column(
                "version",
                "sync.version",
                lambda row: number(row.version),
                72,
                "right",
                sort=lambda r: r.version,
            ),
            Column(
                "records",
                "sync.records",
                lambda row: number(row.records),
                80,
                "right",
                sort=lambda r: r.records,
            ),
            Column(
                "changed",
                "sync.changed",
                lambda row: number(row.changed),
                80,
                "right",
                sort=lambda r: r.changed,
            ),
            Column(
                "rejected",
                "sync.rejected",
                lambda row: number(row.rejected),
                72,
                "right",
                sort=lambda r: r.rejected,
                tone=lambda row: Tone.WRONG if row.rejected else Tone.PLAIN,
            ),
            Column(
                "problems",
                "sync.problems",
                lambda row: number(row.problems),
                96,
                "right",
                sort=lambda r: r.problems,
                tone=lambda row: Tone.WAITING if row.problems else Tone.PLAIN,
            ),
        ],
        lambda row: (row.class_id, row.kind),
    )


def problems_model() -> ListTableModel[PreflightProblem]:
    """What the pre-flight found; an error keeps its record out, a warning does not."""
    return ListTableModel(
        [
            Column(
                "severity",
                "sync.severity",
                lambda row: tr(f"sync.severity.{row.severity}"),
                104,
                tone=lambda row: Tone.WRONG if row.severity == "error" else Tone.WAITING,
            ),
            Column("class", "sync.class", lambda row: row.class_code, 148),
            Column("report", "sync.report", lambda row: kind_text(row.report), 168),
            Column("subject", "sync.subject", lambda row: row.subject, 160),
            Column(
                "problem",
                "sync.problem",
                problem_text,
                280,
                stretch=True,
                tooltip=lambda row: hint_text(row.code, row.params),
            ),
        ],
        lambda row: (row.report, row.kind, row.key, row.field, row.code),
    )


def rejected_model() -> ListTableModel[RejectedListItem]:
    """Records that the platform did not accept."""
    return ListTableModel(
        [
            Column("class", "sync.class", lambda row: row.class_code, 148),
            Column("report", "sync.report", lambda row: kind_text(row.report), 168),
            Column(
                "subject",
                "sync.subject",
                lambda row: row.subject,
                160,
                state=lambda row: CellState.SAVED if row.corrected else CellState.REJECTED,
            ),
            Column(
                "reason",
                "sync.reason",
                problem_text,
                280,
                stretch=True,
                tooltip=lambda row: hint_text(row.code, row.params),
            ),
            Column(
                "corrected",
                "sync.state",
                lambda row: tr("sync.corrected" if row.corrected else "sync.uncorrected"),
                152,
                tone=lambda row: Tone.WAITING if row.corrected else Tone.WRONG,
            ),
        ],
        lambda row: (row.report, row.kind, row.key, row.field),
    )


def batches_model() -> ListTableModel[BatchListItem]:
    """Batches, newest first."""
    return ListTableModel(
        [
            Column("sealed_at", "sync.sealed_at", lambda row: moment_text(row.sealed_at), 136,
                   sort=lambda row: row.sealed_at),
            Column("sealed_by", "sync.sealed_by", lambda row: row.sealed_by, 88),
            Column("reports", "sync.reports", batch_reports_text, 160, stretch=True, tooltip=batch_reports_text),
            Column("records", "sync.records", lambda row: number(row.records), 80, "right",
                   sort=lambda row: row.records),
            Column("state", "sync.state", batch_state_text, 136, tone=lambda row: BATCH_TONES[row.state]),
            Column("accepted", "sync.accepted", lambda row: number(row.accepted), 80, "right",
                   sort=lambda row: row.accepted),
            Column("rejected", "sync.rejected", lambda row: number(row.rejected), 80, "right",
                   sort=lambda row: row.rejected, tone=lambda row: Tone.WRONG if row.rejected else Tone.PLAIN),
        ],
        lambda row: row.id,
    )  # fmt: skip
