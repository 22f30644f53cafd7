"""备份 in the settings: the last one, how many are kept and where, and one by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QGridLayout, QHBoxLayout, QWidget

from desktop_app.domain.errors import AppError
from desktop_app.services.backup import WrittenBackup
from desktop_app.services.restore import KeptBackup
from ui.i18n import tr
from ui.navigation import PageContext
from ui.tasks import Lane
from ui.widgets.busy import ProgressLine
from ui.widgets.labels import button, label
from ui.wording import moment_text

MEGABYTE = 1_000_000


class BackupCard(QWidget):
    """Shows what is kept; 立即备份 is there for whoever may back up."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self._service = context.services.backup
        self.choose_file: Callable[[str], Path | None] = self._ask_file
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnMinimumWidth(0, 112)
        grid.setColumnStretch(1, 1)
        self.last, self.kept, self.where = label(""), label(""), button(tr("backups.open_folder"), "link")
        self.where.clicked.connect(self._open_folder)
        self.now = button(tr("backups.now"), "", "download")
        self.now.clicked.connect(self.back_up)
        self.now.setVisible(bool(context.services.context.may("backup")))
        self.progress = ProgressLine()
        for row, (title, part) in enumerate(
            (("backups.last", self.last), ("backups.kept", self.kept), ("backups.where", self.where))
        ):
            grid.addWidget(label(tr(title), "facts"), row, 0)
            across = QHBoxLayout()
            across.addWidget(part)
            across.addStretch(1)
            grid.addLayout(across, row, 1)
        across = QHBoxLayout()
        across.setSpacing(12)
        across.addWidget(self.now)
        across.addWidget(label(tr("backups.note"), "secondary", wrap=True), 1)
        grid.addLayout(across, 3, 0, 1, 2)
        grid.addWidget(self.progress, 4, 0, 1, 2)

    def load(self) -> None:
        """Read what is kept."""
        self._context.tasks.query(self, self._service.kept, self._show, latest="backups")

    def back_up(self) -> None:
        """Ask for the file and write a backup to it; work goes on meanwhile."""
        today = self._context.services.context.today()
        file = self.choose_file(tr("backups.file_name", day=today.isoformat()))
        if file is not None:
            self.now.setEnabled(False)
            self.progress.start(tr("backups.writing"), cancellable=False)
            self._context.tasks.work(
                self,
                lambda _progress, _cancel: self._service.write(file),
                self._on_written,
                self._on_refused,
                lane=Lane.BACKGROUND,
            )

    def _show(self, found: list[KeptBackup]) -> None:
        newest = moment_text(found[0].created_at) if found else tr("backups.none")
        self.last.setText(newest)
        size = sum(one.size for one in found) / MEGABYTE
        self.kept.setText(tr("backups.count", count=len(found), size=f"{size:,.1f}"))
        self.where.setEnabled(bool(found))

    def _ask_file(self, name: str) -> Path | None:
        preferences = self._context.preferences
        folder = Path(str(preferences.read("backup/folder", str(Path.home()))))
        chosen, _kind = QFileDialog.getSaveFileName(
            self.window(), tr("backups.choose"), str(folder / name), tr("restore.files")
        )
        if not chosen:
            return None
        preferences.write("backup/folder", str(Path(chosen).parent))
        return Path(chosen)

    def _open_folder(self) -> None:
        folder = self._context.services.profile.files.backups
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    def _on_written(self, written: WrittenBackup) -> None:
        self.progress.finish()
        self.now.setEnabled(True)
        size = f"{written.size / MEGABYTE:,.1f}"
        self._context.messages.tell(tr("backups.written", file=written.file.name, size=size))

    def _on_refused(self, error: AppError) -> None:
        self.progress.finish()
        self.now.setEnabled(True)
        self._context.messages.report(self, error)
