"""The proofs of a teacher's kinds (六.2, R29): which are there, and a button to add what is lacking."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from desktop_app.domain.listings.people import TeacherListItem
from desktop_app.domain.opening import PROOF_NEEDED, proof_kind
from desktop_app.services.evidence import Owner, Paper
from desktop_app.services.evidence_intake import read_file
from ui.i18n import tr
from ui.navigation import PageContext
from ui.widgets.labels import button, label

_FOLDER = "evidence/folder"


class TeacherProofs(QWidget):
    """A line for each kind that is recorded of the teacher; nothing where there is none."""

    def __init__(self, context: PageContext, teacher: TeacherListItem) -> None:
        super().__init__()
        self._context = context
        self._teacher = teacher
        self._may_add = bool(context.services.context.may("add_evidence"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        claimed = [quality for quality in PROOF_NEEDED if quality in teacher.qualities]
        if claimed:
            column.addWidget(label(tr("teachers.proofs"), "strong"))
        for quality in claimed:
            column.addWidget(self._line(quality))

    def _line(self, quality: str) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        proven = quality in self._teacher.proven
        row.addWidget(label(tr(f"quality.{quality}")), 1)
        said = tr("teachers.proven") if proven else tr("teachers.unproven")
        row.addWidget(label(said, "secondary", tone="done" if proven else "waiting"))
        if self._may_add:
            add = button(tr("teachers.add_proof"), "link")
            add.setAccessibleName(tr("teachers.add_proof_of", kind=tr(f"quality.{quality}")))
            add.clicked.connect(lambda _=False: self._choose(quality))
            row.addWidget(add)
        return holder

    def _choose(self, quality: str) -> None:
        start = str(self._context.preferences.read(_FOLDER, str(Path.home())))
        chosen, _kind = QFileDialog.getOpenFileName(
            self, tr("evidence.choose_files"), start, tr("evidence.file_kinds")
        )
        if chosen:
            self._context.preferences.write(_FOLDER, str(Path(chosen).parent))
            self.add(quality, Path(chosen))

    def add(self, quality: str, path: Path) -> None:
        """Take in a file as the proof of a kind."""
        service, owner = self._context.services.evidence, Owner("teacher", self._teacher.id)

        def run(*_given: object) -> frozenset[str]:
            service.add(owner, Paper(proof_kind(quality)), read_file(path), path.name)
            return frozenset({"attachment"})

        self._context.tasks.work(
            self, run, lambda _kinds: self._context.messages.tell(tr("teachers.proof_added"))
        )
