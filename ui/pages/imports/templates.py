"""The menu of templates: blank, or filled with what the chosen class has."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from desktop_app.excel.column_names import WorkbookKind
from desktop_app.services.exports import WrittenList
from ui.dialogs.ask import ask_reason
from ui.i18n import tr
from ui.list_export import tell_written
from ui.navigation import PageContext
from ui.widgets.page_header import PageHeader

_FOLDER = "exports/folder"


class TemplateMenu:
    """Puts 模板 into a page's head; ``class_code`` gives the class that is chosen there, "" for none."""

    def __init__(
        self, page: QWidget, context: PageContext, header: PageHeader, class_code: Callable[[], str]
    ) -> None:
        self._page, self._context, self._class_code = page, context, class_code
        self.choose_file: Callable[[str], Path | None] = self._ask_file
        self.ask_purpose: Callable[[], str | None] = self._ask_purpose
        items: list[tuple[str, Callable[[], object]]] = [
            (tr(f"template.sheet.{kind.value}"), functools.partial(self.write, kind))
            for kind in WorkbookKind
            if context.services.context.may(f"import_{kind.value}")
        ]
        if items:
            header.add_menu(tr("template.menu"), items, "download")

    def write(self, kind: WorkbookKind) -> None:
        """Ask where; for a roster with people in it also what whole numbers are for. Then write the template."""
        code = self._class_code()
        purpose = self.ask_purpose() if code and kind is WorkbookKind.ROSTER else ""
        if purpose is None:
            return
        words = (tr("template.menu"), tr(f"template.sheet.{kind.value}"), code)
        path = self.choose_file(f"{' '.join(word for word in words if word)}.xlsx")
        if path is None:
            return
        services = self._context.services

        def make() -> WrittenList:
            class_id = services.classes.class_by_code(code).id if code else None
            written = services.templates.write(kind, path, class_id, purpose or "")
            assert isinstance(written, WrittenList)
            return written

        self._context.tasks.long_command(
            self._page,
            lambda _progress, _cancel: make(),
            lambda written: tell_written(self._context, written),
        )

    def _ask_purpose(self) -> str | None:
        return ask_reason(
            self._page.window(),
            tr("exports.purpose_question"),
            tr("exports.purpose_detail"),
            tr("exports.purpose_verb"),
            [tr("template.purpose")],
        )

    def _ask_file(self, name: str) -> Path | None:
        folder = str(self._context.preferences.read(_FOLDER, str(Path.home())))
        chosen, _kind = QFileDialog.getSaveFileName(
            self._page.window(), tr("papers.choose"), str(Path(folder) / name), "Excel (*.xlsx)"
        )
        if not chosen:
            return None
        self._context.preferences.write(_FOLDER, str(Path(chosen).parent))
        return Path(chosen)
