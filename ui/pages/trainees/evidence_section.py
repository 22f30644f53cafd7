"""The evidence of a person, whatever the class: what is there, a look at it, and the adding of one more file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop_app.domain.evidence import EvidenceState, kind_name, kind_owner, personal_kinds
from desktop_app.domain.listings.evidence import EvidenceContent, EvidenceListItem
from desktop_app.services.evidence import Owner, Paper
from desktop_app.services.evidence_intake import read_file
from ui.dialogs.choosing import choose_files
from ui.i18n import tr
from ui.navigation import PageContext
from ui.widgets.form_panel import choice_box
from ui.widgets.labels import button, clear, hairline, label

_TONES = {EvidenceState.RECEIVED: "", EvidenceState.REVIEWED: "done", EvidenceState.RETURNED: "wrong"}
_PICTURE_WIDTH = 340


class EvidenceSection(QWidget):
    """Files are reviewed and corrected in their class; a picture is fetched when asked for, which is recorded."""

    def __init__(self, context: PageContext, trainee_id: bytes) -> None:
        super().__init__()
        self._context, self._trainee_id = context, trainee_id
        self._service = context.services.evidence
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(hairline())
        self.title = label("", "strong")
        column.addWidget(self.title)
        self._lines, self._pictures = QVBoxLayout(), QVBoxLayout()
        self._lines.setSpacing(4)
        column.addLayout(self._lines)
        if context.services.context.may("add_evidence"):
            column.addLayout(self._adding())
        column.addLayout(self._pictures)

    def fetch(self) -> None:
        """Read the list again."""
        service, person = self._service, self._trainee_id
        self._context.tasks.query(self, lambda: service.of_trainee(person), self._show, latest="evidence")

    def add_file(self, path: Path) -> None:
        """Add a file of the kind that is chosen."""
        kind, person, service = str(self.kind.currentData()), self._trainee_id, self._service

        def add(*_given: object) -> frozenset[str]:
            service.add(Owner("trainee", person), Paper(kind), read_file(path), path.name)
            return frozenset({"attachment"})

        self._context.tasks.work(self, add, lambda _kinds: self._on_added(kind))

    def _adding(self) -> QHBoxLayout:
        own = [kind for kind in personal_kinds() if kind_owner(kind) == "trainee"]
        self.kind = choice_box([(kind, kind_name(kind)) for kind in own])
        add = button(tr("evidence.add"), "", "plus")
        add.clicked.connect(self._on_add)
        row = QHBoxLayout()
        row.addWidget(self.kind, 1)
        row.addWidget(add)
        return row

    def _on_add(self) -> None:
        paths = choose_files(self, self._context.preferences, many=False)
        if paths:
            self.add_file(paths[0])

    def _on_added(self, kind: str) -> None:
        self._context.messages.tell(tr("evidence.added", kind=kind_name(kind)))
        self.fetch()

    def _show(self, items: Sequence[EvidenceListItem]) -> None:
        self.title.setText(tr("trainees.evidence", count=len(items)))
        clear(self._lines)
        if not items:
            self._lines.addWidget(label(tr("evidence.none_yet"), "secondary", wrap=True))
        for item in items:
            self._lines.addWidget(self._line(item))

    def _line(self, item: EvidenceListItem) -> QWidget:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        until = tr("evidence.valid", date=item.valid_until.isoformat()) if item.valid_until else ""
        words = [kind_name(item.kind), item.number or "", until]
        row.addWidget(label(" · ".join(word for word in words if word), "facts", wrap=True), 1)
        row.addWidget(label(tr(f"evidence.state.{item.state.value}"), "secondary", tone=_TONES[item.state]))
        if self._context.services.context.may("open_evidence"):
            look = button(tr("evidence.look"), "link")
            look.clicked.connect(lambda: self._look(item))
            row.addWidget(look)
        return line

    def _look(self, item: EvidenceListItem) -> None:
        service = self._service
        self._context.tasks.work(self, lambda _progress, _cancel: service.open(item.id), self._on_content)

    def _on_content(self, found: EvidenceContent) -> None:
        clear(self._pictures)
        for page in found.pages:
            shown, picture = QLabel(), QPixmap()
            picture.loadFromData(page)
            shown.setPixmap(picture.scaledToWidth(_PICTURE_WIDTH, Qt.TransformationMode.SmoothTransformation))
            self._pictures.addWidget(shown)
