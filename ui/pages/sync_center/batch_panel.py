"""One batch: the timeline 封存 → 上报 → 回执, what is in it, and the records that came back."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QPushButton, QVBoxLayout

from desktop_app.domain.listings.reporting import BatchListItem, RejectedListItem
from ui.i18n import has_text, tr
from ui.messages import error_text, hint_text
from ui.pages.sync_center.wording import batch_state_text, batch_step
from ui.report_wording import kind_text, problem_text
from ui.widgets.labels import button, clear, hairline, label
from ui.widgets.side_panel import PanelContent
from ui.widgets.steps import Stepper
from ui.wording import moment_text


class BatchPanel(PanelContent):
    """``go`` opens the screen of a rejected record."""

    def __init__(self, batch: BatchListItem, go: Callable[[RejectedListItem], object]) -> None:
        super().__init__()
        self.batch, self._go = batch, go
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        steps = Stepper([tr(f"batch_step.{step}") for step in ("seal", "push", "receipt")])
        steps.set_current(batch_step(batch), self._problem())
        column.addWidget(steps)
        column.addWidget(label(batch_state_text(batch), "strong"))
        if self._problem():
            column.addWidget(label(self._problem(), wrap=True, tone="waiting"))
            hint = hint_text(batch.problem or "", {})
            if hint:
                column.addWidget(label(hint, "facts", wrap=True))
        column.addWidget(
            label(tr("sync.batch_sealed", time=moment_text(batch.sealed_at), by=batch.sealed_by), "facts")
        )
        if batch.state == "receipted":
            text = tr("sync.batch_receipt", accepted=batch.accepted, rejected=batch.rejected)
            column.addWidget(label(text, "facts"))
        column.addWidget(hairline())
        column.addWidget(label(tr("sync.batch_content", records=batch.records, pages=batch.pages), "strong"))
        for kind, code, version in batch.reports:
            text = tr("sync.batch_report", kind=kind_text(kind), code=code, version=version)
            column.addWidget(label(text, wrap=True))
        self._rejected = QVBoxLayout()
        self._rejected.setSpacing(8)
        column.addLayout(self._rejected)

    def show_rejected(self, items: Sequence[RejectedListItem]) -> None:
        """List the rejected records, each with its reason and 去修改."""
        clear(self._rejected)
        if not items:
            return
        self._rejected.addWidget(hairline())
        self._rejected.addWidget(label(tr("sync.batch_rejected", count=len(items)), "strong", tone="wrong"))
        for item in items:
            self._rejected.addWidget(label(item.subject))
            self._rejected.addWidget(label(problem_text(item), "facts", wrap=True))
            made: QPushButton = button(tr("sync.go_correct"), "link", "pencil")
            made.clicked.connect(lambda _=False, found=item: self._go(found))
            self._rejected.addWidget(made)

    def _problem(self) -> str:
        problem = self.batch.problem or ""
        return error_text(problem, {}) if has_text(f"error.{problem}") else problem
