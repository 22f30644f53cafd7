"""USB in and out: a stick that both sides read and write, or a file from one workstation to another."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QFileDialog

from desktop_app.services.sharing import Shared, WrittenFile
from ui.i18n import tr
from ui.navigation import PageContext
from ui.panel_page import PanelPage

Run = Callable[[str, Callable[..., Any], Callable[[Any], object]], None]
ENDING = "tpshare"
_FOLDER = "sharing/folder"


class Sticks:
    """``run`` runs an act with progress and a button that stops it; ``shared`` tells what came of it."""

    def __init__(
        self, page: PanelPage, context: PageContext, run: Run, shared: Callable[[Shared], object]
    ) -> None:
        self._page, self._context, self._run, self._shared = page, context, run, shared

    def items(self) -> list[tuple[str, Callable[[], object]]]:
        """Return what the menu offers."""
        return [
            (tr("sharing.by_stick"), self.exchange),
            (tr("sharing.file_out"), self.write),
            (tr("sharing.file_in"), self.take),
        ]

    def exchange(self) -> None:
        """Ask for the stick or shared folder, write what it lacks and take what it has."""
        chosen = QFileDialog.getExistingDirectory(
            self._page.window(), tr("sharing.stick_title"), str(self._folder())
        )
        if chosen:
            folder = self._remembered(Path(chosen))
            self._run(
                tr("sharing.running"),
                lambda progress, cancel: self._context.services.exchange.share(folder, progress, cancel),
                self._shared,
            )

    def write(self) -> None:
        """Ask for a place and write everything that is here into one file."""
        name = str(self._folder() / f"{tr('sharing.file_name')}.{ENDING}")
        chosen, _kind = QFileDialog.getSaveFileName(
            self._page.window(), tr("sharing.file_out"), name, f"{tr('sharing.file_kind')} (*.{ENDING})"
        )
        if chosen:
            path = Path(chosen)
            self._remembered(path.parent)
            self._run(
                tr("sharing.writing"),
                lambda _progress, cancel: self._context.services.exchange.export_file(path, None, cancel),
                self._on_written,
            )

    def take(self) -> None:
        """Ask for a colleague's file and take it."""
        kinds = f"{tr('sharing.file_kind')} (*.{ENDING});;{tr('sync.file_any')} (*)"
        chosen, _kind = QFileDialog.getOpenFileName(
            self._page.window(), tr("sharing.file_in"), str(self._folder()), kinds
        )
        if chosen:
            path = Path(chosen)
            self._remembered(path.parent)
            self._run(
                tr("sharing.taking"),
                lambda progress, cancel: self._context.services.exchange.import_file(path, progress, cancel),
                self._shared,
            )

    def _on_written(self, written: WrittenFile) -> None:
        self._context.messages.tell(tr("sharing.written", file=written.file, count=written.entries))

    def _folder(self) -> Path:
        return Path(str(self._context.preferences.read(_FOLDER, str(Path.home()))))

    def _remembered(self, folder: Path) -> Path:
        self._context.preferences.write(_FOLDER, str(folder))
        return folder
