"""佐证 of a class: each person against what is needed (二.2, 二.3), the files at the right."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QMenu

from desktop_app.domain.listings.evidence import EvidenceSheet, PersonEvidence
from desktop_app.domain.pinyin import initials
from ui.dialogs.choosing import choose_files, choose_folder
from ui.i18n import tr
from ui.navigation import PageContext
from ui.pages.evidence.person_panel import EvidencePanel
from ui.pages.evidence.table_model import evidence_table_model
from ui.panel_tab import PanelTab
from ui.widgets.data_table import RowAction
from ui.widgets.empty_state import EmptyState
from ui.widgets.labels import button

LACKING = "lacking"


class EvidenceTab(PanelTab[PersonEvidence]):
    """``open(trainee_id=…)`` opens one person's files."""

    def __init__(self, context: PageContext, class_id: bytes) -> None:
        self._class_id = class_id
        self._code = ""
        actions: list[RowAction[PersonEvidence]] = [
            RowAction("evidence.open", lambda rows: self.open_row(rows[0]), "eye", many=False)
        ]
        super().__init__(
            context,
            "evidence",
            evidence_table_model(),
            placeholder=tr("members.search"),
            empty=EmptyState(tr("evidence.nobody_yet"), tr("evidence.nobody_yet_detail"), "", "users"),
            actions=actions,
            count_key="trainees.count",
            kinds={"attachment", "enrolment", "trainee"},
        )
        self.filters.add_chips([(LACKING, tr("evidence.only_lacking", count=0))])
        self._add_buttons()
        self.hints = [("Enter", tr("hint_key.open")), ("Esc", tr("hint_key.close"))]

    def open(self, trainee_id: bytes | None = None) -> None:
        """Open one person's files in the panel."""
        self.open_where(lambda row: row.trainee_id == trainee_id)

    def fetcher(self) -> Callable[[], Sequence[PersonEvidence]]:
        service, class_id = self.context.services.evidence, self._class_id

        def fetch() -> Sequence[PersonEvidence]:
            sheet: EvidenceSheet = service.sheet(class_id)
            self._code = sheet.class_code
            return sheet.people

        return fetch

    def words_of(self, row: PersonEvidence) -> Iterable[str]:
        return (row.name, *initials(row.name))

    def on_filter(self) -> None:
        text = self.filters.text().lower()
        lacking = LACKING in self.filters.chosen()
        rows = self.all_rows()
        count = sum(1 for row in rows if row.missing)
        self.filters.set_chip_text(LACKING, tr("evidence.only_lacking", count=count))
        self.model.set_rows(
            row
            for row in rows
            if (row.missing or not lacking)
            and (not text or any(text in word.lower() for word in self.words_of(row)))
        )

    def row_panel_key(self, row: PersonEvidence) -> str:
        return row.trainee_id.hex()

    def open_row(self, row: PersonEvidence) -> None:
        content = EvidencePanel(self.context, self._class_id, row)
        self.panel.open_panel(self.row_panel_key(row), row.name, content, content.foot())

    def show_rows(self, rows: Sequence[PersonEvidence]) -> None:
        super().show_rows(rows)
        key = self.panel.current_key()
        shown = next((row for row in self.all_rows() if key and self.row_panel_key(row) == key), None)
        if shown is not None and not self.panel.isHidden():
            self.open_row(shown)

    def _add_buttons(self) -> None:
        if self.may("make_paper"):
            covers = button(tr("evidence.covers"), "", "printer")
            covers.setToolTip(tr("evidence.covers_note"))
            covers.clicked.connect(self._print_covers)
            self.filters.add_right(covers)
        if self.may("import_evidence"):
            bulk = button(tr("evidence.import"), "primary", "import")
            bulk.setProperty("menu", True)
            menu = QMenu(bulk)
            menu.addAction(tr("evidence.import_folder")).triggered.connect(
                lambda: self._import(choose_folder(self, self.context.preferences))
            )
            menu.addAction(tr("evidence.import_files")).triggered.connect(
                lambda: self._import(choose_files(self, self.context.preferences))
            )
            bulk.setMenu(menu)
            self.filters.add_right(bulk)

    def _import(self, paths: list[Path]) -> None:
        if paths:
            self.context.navigate(
                "evidence_import", class_id=self._class_id, class_code=self._code, paths=paths
            )

    def _print_covers(self) -> None:
        name = tr("papers.file_name", code=self._code, title=tr("evidence.cover.title"), ending="pdf")
        folder = str(self.context.preferences.read("papers/folder", str(Path.home())))
        chosen, _kind = QFileDialog.getSaveFileName(
            self.window(), tr("papers.choose"), str(Path(folder) / name), "PDF (*.pdf)"
        )
        if chosen:
            service, class_id, target = self.context.services.evidence, self._class_id, Path(chosen)
            self.context.tasks.work(
                self,
                lambda _progress, _cancel: service.cover(class_id, target),
                lambda count: self.context.messages.tell(
                    tr("evidence.covers_written", count=count, file=target.name)
                ),
            )
