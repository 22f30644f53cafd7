"""已盖章版 on a class page: a line that says where a stamped copy no longer fits, and the panel that shows it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop_app.services.stamped_papers import StampedPaper, described
from ui.i18n import tr
from ui.navigation import PageContext
from ui.saving import save_paper
from ui.widgets.labels import ElidedLabel, button, label, restyle
from ui.widgets.side_panel import PanelContent

LINE = 24


class StampedLine(QWidget):
    """Says in how many places stamped copies do not fit; hidden where all fit. ``wanted`` tells which to show."""

    wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        self.text = ElidedLabel("")
        self.text.setProperty("role", "secondary")
        restyle(self.text, tone="waiting")
        self.look = button(tr("stamped.look"), "link")
        self.look.setFixedHeight(LINE)
        self.look.clicked.connect(self._on_look)
        row.addWidget(self.text, 1)
        row.addWidget(self.look)
        self._first: StampedPaper | None = None
        self.hide()

    def show_papers(self, papers: Sequence[StampedPaper]) -> None:
        """Show what does not fit; the first of those opens."""
        wrong = [one for one in papers if one.differences or one.differences is None]
        self.text.setText(tr("wording.semicolon").join(said(one) for one in wrong))
        self._first = next((one for one in wrong if one.differences), None)
        self.look.setVisible(self._first is not None)
        self.setVisible(bool(wrong))

    def _on_look(self) -> None:
        if self._first is not None:
            self.wanted.emit(self._first)


def said(paper: StampedPaper) -> str:
    """Say in how many places a stamped copy does not fit."""
    name = tr(f"papers.title.{paper.kind}")
    if paper.differences is None:
        return tr("stamped.unknown", paper=name)
    return tr("stamped.differs", paper=name, count=len(paper.differences))


class StampedPanel(PanelContent):
    """The places in which a stamped copy differs, and the 更正表 to it."""

    def __init__(self, context: PageContext, class_id: bytes, code: str, paper: StampedPaper) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(label(said(paper), "facts", wrap=True))
        column.addWidget(label(tr("stamped.file", file=paper.file_name), "secondary", wrap=True))
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        for place, name in enumerate(("subject", "field", "before", "after")):
            grid.addWidget(label(tr(f"stamped.column.{name}"), "secondary"), 0, place)
        for row, one in enumerate(paper.differences or (), 1):
            for place, text in enumerate(described(one)):
                cell = label(text or tr("stamped.blank"), "" if text else "secondary", wrap=True)
                grid.addWidget(cell, row, place, Qt.AlignmentFlag.AlignTop)
        grid.setColumnStretch(2, 1)
        grid.setColumnStretch(3, 1)
        column.addLayout(grid)
        column.addStretch(1)
        self._context, self._class_id, self._code, self._kind = context, class_id, code, paper.kind

    def foot(self) -> list[QPushButton]:
        """Return the buttons that write the 更正表, for those who may make papers."""
        if not self._context.services.context.may("make_paper"):
            return []
        buttons = []
        for ending, kind in (("xlsx", ""), ("pdf", "primary")):
            made = button(tr(f"stamped.corrections_{ending}"), kind)
            made.clicked.connect(lambda _=False, chosen=ending: self.write(chosen))
            buttons.append(made)
        return buttons

    def write(self, ending: str) -> None:
        """Ask where, then write the 更正表."""
        service, class_id, kind = self._context.services.stamped_papers, self._class_id, self._kind
        name = f"{self._code} {tr('papers.title.corrections')}"
        save_paper(self, self._context, name, ending, lambda path: service.corrections(class_id, kind, path))
