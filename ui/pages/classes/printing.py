"""打印 of a class page: papers previewed, printed and written, the whole archive, and stamped scans taken back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from desktop_app.domain.listings.training import ClassListItem
from desktop_app.services.evidence_intake import read_file
from desktop_app.services.papers import PaperKindItem, PaperPreview, WrittenPaper
from desktop_app.services.stamped_papers import Registered
from ui.dialogs.choosing import choose_files
from ui.i18n import tr
from ui.navigation import PageContext
from ui.print_preview import PrintPreview

FORMATS = {"pdf": "PDF (*.pdf)", "xlsx": "Excel (*.xlsx)"}
_FOLDER = "papers/folder"


class ClassPrinting:
    """What the menu 打印 does with the class that the page shows; ``item`` gives it, None before it has come."""

    def __init__(
        self,
        page: QWidget,
        context: PageContext,
        item: Callable[[], ClassListItem | None],
        on_registered: Callable[[], object],
    ) -> None:
        self._page, self._context, self._item = page, context, item
        self._on_scan = on_registered
        self.choose_file: Callable[[str, str], Path | None] = self._ask_file
        self.choose_scans: Callable[[], list[Path]] = lambda: choose_files(page.window(), context.preferences)
        self.show_preview: Callable[[PrintPreview], object] = lambda dialog: dialog.exec()

    def fill(self, menu: QMenu) -> None:
        """Put every paper that the user may make into a menu, each with its ways out."""
        services, may = self._context.services, self._context.services.context.may
        for item in services.papers.kinds():
            self._add_paper(menu.addMenu(tr(item.title_key)), item)
        menu.addSeparator()
        menu.addAction(tr("papers.archive"), self.write_archive)
        if may("add_evidence"):
            menu.addAction(tr("stamped.register"), self.register_scans)

    def _add_paper(self, menu: QMenu, item: PaperKindItem) -> None:
        menu.addAction(tr("papers.preview"), lambda: self.preview(item.kind))
        for ending in item.formats:
            menu.addAction(
                tr(f"papers.save_{ending}"), lambda chosen=ending: self.print_paper(item.kind, chosen)
            )

    def preview(self, kind: str) -> None:
        """Make a paper and show it before it is printed."""
        item = self._item()
        if item is None:
            return
        service, class_id = self._context.services.papers, item.id
        title = f"{item.code}　{tr(f'papers.title.{kind}')}"

        def show(made: PaperPreview) -> None:
            self.show_preview(PrintPreview(self._page.window(), self._context, title, kind, made))

        self._context.tasks.long_command(
            self._page,
            lambda progress, cancel: service.preview(kind, class_id, progress=progress, cancel=cancel),
            show,
        )

    def print_paper(self, kind: str, ending: str) -> None:
        """Ask where, then write a paper of the class."""
        item = self._item()
        if item is None:
            return
        name = tr("papers.file_name", code=item.code, title=tr(f"papers.title.{kind}"), ending=ending)
        target = self.choose_file(name, FORMATS[ending])
        if target is not None:
            service, class_id = self._context.services.papers, item.id
            self._context.tasks.long_command(
                self._page, lambda _progress, _cancel: service.write(kind, class_id, target), self._on_written
            )

    def write_archive(self) -> None:
        """Ask where, then bind all papers of the class."""
        item = self._item()
        if item is None:
            return
        name = tr("papers.file_name", code=item.code, title=tr("archive.title"), ending="pdf")
        target = self.choose_file(name, FORMATS["pdf"])
        if target is not None:
            service, class_id = self._context.services.class_archive, item.id
            self._context.tasks.long_command(
                self._page,
                lambda progress, cancel: service.write(class_id, target, progress=progress, cancel=cancel),
                lambda written: self._tell(written.file),
            )

    def register_scans(self) -> None:
        """Ask for scans of stamped papers and take each one back."""
        item = self._item()
        if item is None:
            return
        service, class_id = self._context.services.stamped_papers, item.id
        for path in self.choose_scans():
            self._context.tasks.command(
                self._page,
                lambda path=path: service.register(class_id, read_file(path), path.name),  # type: ignore[misc]
                self._on_registered,
            )

    def _on_registered(self, found: Registered) -> None:
        key = "stamped.registered" if found.fits else "stamped.registered_changed"
        said = tr(key, paper=tr(f"papers.title.{found.kind}"))
        (self._context.messages.tell if found.fits else self._context.messages.warn)(said)
        self._on_scan()

    def _ask_file(self, name: str, kind: str) -> Path | None:
        folder = str(self._context.preferences.read(_FOLDER, str(Path.home())))
        chosen, _kind = QFileDialog.getSaveFileName(
            self._page.window(), tr("papers.choose"), str(Path(folder) / name), kind
        )
        if not chosen:
            return None
        self._context.preferences.write(_FOLDER, str(Path(chosen).parent))
        return Path(chosen)

    def _on_written(self, paper: WrittenPaper) -> None:
        self._tell(paper.file)
        if paper.missing_glyphs:
            characters = "".join(paper.missing_glyphs)
            names: Any = tr("wording.and").join(paper.missing_in)
            key = "preview.missing_in" if names else "preview.missing"
            self._context.messages.warn(tr(key, characters=characters, names=names))

    def _tell(self, file: Path) -> None:
        url = QUrl.fromLocalFile(str(file))
        self._context.messages.tell(
            tr("papers.written", file=file.name),
            action=tr("papers.open"),
            run=lambda: QDesktopServices.openUrl(url),
        )
