"""Asks where a paper goes, writes it, and offers to open it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop_app.services.papers import WrittenPaper
from ui.i18n import tr
from ui.navigation import PageContext

FORMATS = {"pdf": "PDF (*.pdf)", "xlsx": "Excel (*.xlsx)"}


def save_paper(
    owner: QWidget, context: PageContext, name: str, ending: str, write: Callable[[Path], WrittenPaper]
) -> None:
    """Ask for a file named ``name`` and write the paper in the background."""
    chosen, _kind = QFileDialog.getSaveFileName(
        owner.window(), tr("papers.choose"), str(Path.home() / f"{name}.{ending}"), FORMATS[ending]
    )
    if not chosen:
        return
    target = Path(chosen)

    def done(paper: WrittenPaper) -> None:
        url = QUrl.fromLocalFile(str(paper.file))
        context.messages.tell(
            tr("papers.written", file=paper.file.name),
            action=tr("papers.open"),
            run=lambda: QDesktopServices.openUrl(url),
        )

    context.tasks.long_command(owner, lambda _progress, _cancel: write(target), done)
