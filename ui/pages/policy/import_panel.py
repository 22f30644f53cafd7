"""The panel of a policy file or a 试点 table: what it would change, what is wrong, and the button that takes it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout

from desktop_app.domain.listings.policies import PilotImport, PolicyImport
from ui.i18n import tr
from ui.messages import describe
from ui.navigation import PageContext
from ui.pages.policy.wording import SHOWN, import_lines
from ui.widgets.labels import button, label
from ui.widgets.side_panel import PanelContent


class ImportPanel(PanelContent):
    """``taken`` tells in words what was imported. Nothing is written before the button."""

    taken = Signal(str)

    def __init__(self, context: PageContext, path: Path, outline: PolicyImport | PilotImport) -> None:
        super().__init__()
        self._context = context
        self._path = path
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        changes, wrong = _lines(outline)
        column.addWidget(label(_counts(outline), "strong", wrap=True))
        for text in wrong[:SHOWN]:
            column.addWidget(label(text, wrap=True, tone="wrong"))
        for text in changes[:SHOWN]:
            column.addWidget(label(text, wrap=True))
        left_out = max(0, len(wrong) - SHOWN) + max(0, len(changes) - SHOWN)
        if left_out:
            column.addWidget(label(tr("policy.more_lines", count=left_out), "secondary"))
        self._is_file = isinstance(outline, PolicyImport)
        self.take_button = button(tr("policy.take"), "primary")
        refused = isinstance(outline, PolicyImport) and bool(outline.problems)
        self.take_button.setEnabled(_new(outline) > 0 and not refused)
        self.take_button.clicked.connect(self._take)

    def foot(self) -> list[QPushButton]:
        """Return the button of the panel's foot."""
        return [self.take_button]

    def _take(self) -> None:
        service, path = self._context.services.policies, self._path
        take: Callable[[Path], PolicyImport | PilotImport]
        take = service.take_file if self._is_file else service.take_pilots
        self.take_button.setEnabled(False)
        self._context.tasks.command(
            self,
            lambda: take(path),
            lambda outline: self.taken.emit(_counts(outline)),
            lambda error: self._context.messages.report(self, error),
        )


def _lines(outline: PolicyImport | PilotImport) -> tuple[list[str], list[str]]:
    if isinstance(outline, PolicyImport):
        return import_lines(outline)
    wrong = [
        tr("policy.problem", part=tr("policy.part.pilots"), row=row, message=describe(error).text)
        for row, error in outline.problems
    ]
    return [], wrong


def _new(outline: PolicyImport | PilotImport) -> int:
    return len(outline.changes) + outline.pilots if isinstance(outline, PolicyImport) else outline.new


def _counts(outline: PolicyImport | PilotImport) -> str:
    if isinstance(outline, PolicyImport):
        return tr(
            "policy.import_counts",
            new=len(outline.changes),
            same=outline.same,
            pilots=outline.pilots,
            bad=len(outline.problems),
        )
    return tr("policy.pilot_counts", new=outline.new, same=outline.same, bad=len(outline.problems))
