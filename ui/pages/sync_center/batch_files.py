"""A batch saved as a file for a place without a network, and the receipt file that comes back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QFileDialog, QPushButton

from desktop_app.domain.listings.reporting import BatchListItem
from desktop_app.services.reporting import ExportedBatch, ImportedReceipt, PushOutcome
from ui.i18n import tr
from ui.navigation import PageContext
from ui.panel_page import PanelPage
from ui.widgets.labels import button

Work = Callable[[str, Callable[..., Any], Callable[[Any], object]], None]
BATCH_ENDING, RECEIPT_ENDING = "tpb", "tpr"
_FOLDER = "batch_files/folder"


class BatchFiles:
    """The two acts on files; ``work`` runs one with progress, ``receipted`` tells what a receipt says."""

    def __init__(
        self,
        page: PanelPage,
        context: PageContext,
        reporting: Any,  # noqa: ANN401 - Reporting, or None in a program without it
        work: Work,
        receipted: Callable[[PushOutcome], object],
    ) -> None:
        self._page = page
        self._context = context
        self._reporting = reporting
        self._work = work
        self._receipted = receipted

    def export_button(self, batch: BatchListItem) -> QPushButton:
        """Return the button that saves a batch."""
        made = button(tr("sync.export"), "", "download")
        made.clicked.connect(lambda _=False: self.export(batch))
        return made

    def export(self, batch: BatchListItem) -> None:
        """Ask for a place and save a sealed batch there."""
        name = tr("sync.export_name", code=batch.id.hex()[-8:])
        place = str(self._folder() / f"{name}.{BATCH_ENDING}")
        kinds = f"{tr('sync.file_batch')} (*.{BATCH_ENDING})"
        chosen, _kind = QFileDialog.getSaveFileName(
            self._page.window(), tr("sync.export_title"), place, kinds
        )
        if chosen:
            path = self._remembered(chosen)
            self._work(
                tr("sync.exporting"),
                lambda _progress, _cancel: self._reporting.export_batch(batch.id, path),
                self._on_exported,
            )

    def import_receipt(self) -> None:
        """Ask for a receipt file that the platform made of a batch file, and take it over."""
        kinds = f"{tr('sync.file_receipt')} (*.{RECEIPT_ENDING});;{tr('sync.file_any')} (*)"
        chosen, _kind = QFileDialog.getOpenFileName(
            self._page.window(), tr("sync.receipt_title"), str(self._folder()), kinds
        )
        if chosen:
            path = self._remembered(chosen)
            self._work(
                tr("sync.importing"),
                lambda _progress, _cancel: self._reporting.import_receipt(path),
                self._on_receipt,
            )

    def _on_exported(self, made: ExportedBatch) -> None:
        self._page.panel.close_panel()
        self._context.messages.tell(tr("sync.exported", file=Path(made.file).name))

    def _on_receipt(self, receipt: ImportedReceipt) -> None:
        if receipt.again:
            self._context.messages.tell(tr("sync.receipt_known"))
            return
        self._receipted(PushOutcome(receipt.batch, receipt.sent, receipt.accepted, receipt.rejected))

    def _folder(self) -> Path:
        return Path(str(self._context.preferences.read(_FOLDER, str(Path.home()))))

    def _remembered(self, chosen: str) -> Path:
        path = Path(chosen)
        self._context.preferences.write(_FOLDER, str(path.parent))
        return path
