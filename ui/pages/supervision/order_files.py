"""The files attached to an order: what stands there, a look at each, and away with a wrong one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop_app.domain.listings.evidence import EvidenceContent, EvidenceListItem
from ui.dialogs.ask import ask_reason
from ui.i18n import tr
from ui.navigation import PageContext
from ui.widgets.labels import button, clear, label

PICTURE_WIDTH = 340


class OrderFiles(QWidget):
    """The evidence of a 整改回复; ``items`` are those that are shown."""

    def __init__(self, context: PageContext, order_id: bytes) -> None:
        super().__init__()
        self._context, self._order_id = context, order_id
        self.items: tuple[EvidenceListItem, ...] = ()
        self._lines, self._pictures = QVBoxLayout(), QVBoxLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(self._lines)
        column.addLayout(self._pictures)
        self.fetch()

    def fetch(self) -> None:
        """Read what is attached."""
        service, order = self._context.services.evidence, self._order_id
        self._context.tasks.query(self, lambda: service.of_order(order), self._on_items, latest="files")

    def look(self, item: EvidenceListItem) -> None:
        """Show the pages of a file; that it was opened is recorded."""
        service = self._context.services.evidence
        self._context.tasks.work(self, lambda _progress, _cancel: service.open(item.id), self._on_content)

    def remove(self, item: EvidenceListItem) -> None:
        """Ask for the reason, then take a file off the order; it stays for undo."""
        reason = ask_reason(
            self.window(),
            tr("supervision.remove_question", file=item.file_name),
            tr("supervision.remove_detail"),
            tr("supervision.remove"),
            [tr("evidence.reason.wrong_file"), tr("evidence.reason.twice")],
        )
        if reason is not None:
            service = self._context.services.evidence
            self._context.tasks.command(
                self, lambda: service.remove(item.id, reason), lambda _none: self.fetch()
            )

    def _on_items(self, items: Sequence[EvidenceListItem]) -> None:
        self.items = tuple(items)
        clear(self._lines)
        clear(self._pictures)
        title = tr("supervision.files", count=len(items)) if items else tr("supervision.no_files")
        self._lines.addWidget(label(title, "strong" if items else "secondary"))
        for item in items:
            self._lines.addWidget(self._line(item))

    def _line(self, item: EvidenceListItem) -> QWidget:
        may = self._context.services.context.may
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        size = tr("evidence.size", kilobytes=-(-item.size // 1024))
        row.addWidget(label(f"{item.file_name} · {size}", "secondary", wrap=True), 1)
        for text, code, act in (
            ("evidence.look", "open_evidence", self.look),
            ("evidence.remove", "remove_evidence", self.remove),
        ):
            if may(code):
                made = button(tr(text), "quiet")
                made.clicked.connect(lambda _=False, run=act: run(item))
                row.addWidget(made)
        return holder

    def _on_content(self, found: EvidenceContent) -> None:
        clear(self._pictures)
        for page in found.pages:
            shown, picture = QLabel(), QPixmap()
            picture.loadFromData(page)
            shown.setPixmap(picture.scaledToWidth(PICTURE_WIDTH, Qt.TransformationMode.SmoothTransformation))
            self._pictures.addWidget(shown)
