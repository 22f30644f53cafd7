"""校内审核 and 隶属 in the settings: what holds for the whole institution, changed by an administrator."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QWidget

from desktop_app.domain.errors import AppError
from desktop_app.domain.projects import Affiliation
from desktop_app.store.repositories.accounts import Institution
from ui.i18n import tr
from ui.navigation import PageContext
from ui.widgets.form_panel import choice_box
from ui.widgets.labels import label

NOTE_WIDTH = 540


class ReviewingCard(QWidget):
    """What is changed holds at once and can be taken back the same way; others than administrators only see it."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        may = context.services.context.may
        self._required = False
        self.review = QCheckBox(tr("reviewing.required"))
        self.review.setEnabled(bool(may("set_review")))
        self.review.clicked.connect(self._on_review)
        choices = [(one.value, tr(f"affiliation.{one.value}")) for one in Affiliation]
        self.affiliation = choice_box(choices)
        self.affiliation.setPlaceholderText(tr("reviewing.no_affiliation"))
        self.affiliation.setMinimumWidth(136)
        self.affiliation.setEnabled(bool(may("set_affiliation")))
        self.affiliation.activated.connect(self._on_affiliation)
        self._stored = ""
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnMinimumWidth(0, 112)
        grid.setColumnStretch(1, 1)
        rows: tuple[tuple[str, QWidget, str], ...] = (
            ("reviewing.review", self.review, "reviewing.review_note"),
            ("reviewing.affiliation", self.affiliation, "reviewing.affiliation_note"),
        )
        for row, (title, part, note) in enumerate(rows):
            grid.addWidget(label(tr(title), "facts"), 2 * row, 0)
            across = QHBoxLayout()
            across.addWidget(part)
            across.addStretch(1)
            grid.addLayout(across, 2 * row, 1)
            line = label(tr(note), "secondary", wrap=True)
            line.setMinimumWidth(NOTE_WIDTH)
            grid.addWidget(line, 2 * row + 1, 1)

    def load(self) -> None:
        """Read whether reports are reviewed; the institution is shown by ``show_institution``."""
        self._context.tasks.query(
            self, self._context.services.reviews.is_required, self._on_required, latest="review"
        )

    def show_institution(self, institution: Institution) -> None:
        """Show the 隶属 that is stored."""
        self._stored = institution.affiliation
        self.affiliation.setCurrentIndex(self.affiliation.findData(self._stored))

    def _on_required(self, required: bool) -> None:
        self._required = required
        self.review.setChecked(required)

    def _on_review(self, required: bool) -> None:
        reviews = self._context.services.reviews
        self._run(
            lambda: reviews.set_required(required=required),
            tr("reviewing.now_required" if required else "reviewing.no_more_required"),
        )

    def _on_affiliation(self, _index: int) -> None:
        projects, chosen = self._context.services.projects, str(self.affiliation.currentData())
        if chosen != self._stored:
            told = tr("reviewing.affiliation_set", name=self.affiliation.currentText())
            self._run(lambda: projects.set_affiliation(chosen), told)

    def _run(self, act: Callable[[], object], told: str) -> None:
        self._context.tasks.command(
            self, act, lambda _none: self._context.messages.tell(told), self._on_refused
        )

    def _on_refused(self, error: AppError) -> None:
        self.review.setChecked(self._required)
        self.affiliation.setCurrentIndex(self.affiliation.findData(self._stored))
        self._context.messages.report(self, error)
