"""批量导入佐证: the files and whose they are, the picture of one beside the roster, one button that writes them all.

Nothing is written before that button. A file that names nobody, or two people, is given to somebody by a click on the
roster; the next open one then comes up by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from desktop_app.domain.errors import AppError
from desktop_app.domain.evidence import OTHER, PhotoSize, kind_name, personal_kinds
from desktop_app.domain.evidence_matching import Candidate
from desktop_app.domain.masking import mask_document
from desktop_app.services.evidence_import import EvidenceChoices, EvidencePlan, PlannedFile
from desktop_app.services.evidence_intake import PhotoShape
from ui.i18n import tr
from ui.list_export import ListExport
from ui.messages import describe
from ui.navigation import PageContext
from ui.pages.evidence.picture import PictureView
from ui.pages.evidence.table_model import planned_table_model
from ui.widgets.busy import ProgressLine
from ui.widgets.data_table import DataTable
from ui.widgets.empty_state import EmptyState
from ui.widgets.filter_bar import SearchLine
from ui.widgets.form_panel import choice_box
from ui.widgets.labels import button, label
from ui.widgets.page import Crumb, Page
from ui.widgets.page_header import PageHeader

KILOBYTES = (30, 50, 100, 200)
PLACE = int(Qt.ItemDataRole.UserRole)


class EvidenceImportPage(Page):
    """``open(class_id=…, class_code=…, paths=…)`` reads and matches the files at once."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self.context = context
        self._class_id = b""
        self._code = ""
        self._paths: list[Path] = []
        self.plan: EvidencePlan | None = None
        self._names: dict[bytes, str] = {}
        self.header = PageHeader(tr("page.evidence_import"))
        self.write_button: QPushButton = self.header.set_primary(tr("evidence.write", count=0), self.write)
        self.progress = ProgressLine()
        self.model = planned_table_model(lambda key: self._names.get(key, ""))
        self.table: DataTable[PlannedFile] = DataTable(
            "evidence_import", self.model, context.preferences, (), EmptyState(tr("evidence.reading")),
            count_key="evidence.file_count",
        )  # fmt: skip
        self.exporting = ListExport(
            self, context, self.table, lambda: tr("exports.title.evidence_import"), lambda _row: b""
        )
        self.picture = PictureView()
        self.search = SearchLine(tr("members.search"))
        self.roster = QListWidget()
        self.roster.setAccessibleName(tr("tab.roster"))
        self.roster.setSpacing(3)
        self._build()
        self._ticket: Any = None
        self.table.selection_changed.connect(self._on_selected)
        self.search.searched.connect(lambda _text: self._fill_roster())
        self.roster.itemActivated.connect(self._on_person)
        self.roster.itemClicked.connect(self._on_person)
        self.progress.cancelled.connect(self._stop)

    def open(self, **params: Any) -> None:  # noqa: ANN401 - each page names its own
        if not params.get("paths"):
            return
        self._class_id, self._code = params["class_id"], str(params.get("class_code") or "")
        self._paths = list(params["paths"])
        class_page = {"class_id": self._class_id, "tab": "evidence"}
        self.set_crumbs([Crumb(tr("page.classes"), "classes"), Crumb(self._code, "class", class_page),
                         Crumb(tr("page.evidence_import"))])  # fmt: skip
        self.read()

    def read(self) -> None:
        """Read and match the files anew, as the choices stand."""
        if not self._paths:
            return
        self._show(None)
        self.progress.start(tr("evidence.reading"))
        service, class_id, paths, choices = (
            self.context.services.evidence_imports, self._class_id, list(self._paths), self._choices()
        )  # fmt: skip
        self._ticket = self.context.tasks.work(
            self,
            lambda progress, cancel: service.plan(class_id, paths, choices, progress=progress, cancel=cancel),
            self._on_plan,
            self._on_refused,
            self.progress.show_progress,
        )

    def give(self, trainee_id: bytes | None) -> None:
        """Give the chosen files to somebody (None: to nobody) and go on to the next open one."""
        rows = self.table.selected()
        if self.plan is None or not rows:
            return
        kind = str(self.kind_of_file.currentData())
        answers = {row.place: (trainee_id, kind) for row in rows if row.taken is not None}
        self._show(self.plan.answered(answers))
        following = [row for row in self.plan.open() if row.place > rows[-1].place] or self.plan.open()
        if following:
            self.table.select_key(following[0].place)

    def write(self) -> None:
        """Write what is certain, in one command."""
        plan = self.plan
        if plan is None:
            return
        shaped = replace(plan, choices=replace(plan.choices, photo=self._choices().photo))
        service = self.context.services.evidence_imports
        self.write_button.setEnabled(False)
        self.progress.start(tr("evidence.writing"))
        self._ticket = self.context.tasks.work(
            self,
            lambda progress, cancel: Written(service.apply(shaped, progress=progress, cancel=cancel)),
            self._on_written,
            self._on_refused,
            self.progress.show_progress,
        )

    def _build(self) -> None:
        kinds = [(kind, kind_name(kind)) for kind in personal_kinds()]
        self.kind = choice_box(kinds)
        self.kind.setCurrentIndex(self.kind.findData(OTHER))
        self.order = choice_box([(False, tr("evidence.match.name")), (True, tr("evidence.match.order"))])
        self.photo = choice_box([(size, tr(f"evidence.photo.{size.value}")) for size in PhotoSize])
        self.kilobytes = choice_box([(count, f"≤ {count} KB") for count in KILOBYTES])
        self.kilobytes.setCurrentIndex(1)
        bar = QHBoxLayout()
        bar.setSpacing(8)
        for text, box in (
            ("evidence.kind_unnamed", self.kind), ("evidence.match", self.order), ("evidence.photo", self.photo),
            ("", self.kilobytes),
        ):  # fmt: skip
            if text:
                bar.addWidget(label(tr(text), "facts"))
            bar.addWidget(box)
        bar.addStretch(1)
        self.order.setMinimumContentsLength(13)
        self.photo.setMinimumContentsLength(11)
        for box in (self.kind, self.order):
            box.activated.connect(lambda _index: self.read())
        self.kind_of_file = choice_box(kinds)
        self.kind_of_file.activated.connect(lambda _index: self._on_kind())
        self.nobody = button(tr("evidence.leave_out"), "quiet")
        self.nobody.clicked.connect(lambda: self.give(None))
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(8, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(label(tr("evidence.whose"), "strong"))
        row = QHBoxLayout()
        row.addWidget(label(tr("evidence.kind"), "facts"))
        row.addWidget(self.kind_of_file, 1)
        column.addLayout(row)
        column.addWidget(self.search)
        column.addWidget(self.roster, 1)
        column.addWidget(self.nobody)
        split = QSplitter()
        split.setChildrenCollapsible(False)
        for part, share in ((self.table, 5), (self.picture, 3), (right, 2)):
            split.addWidget(part)
            split.setStretchFactor(split.count() - 1, share)
        split.setSizes([620, 320, 226])
        for widget in (self.header, self.progress):
            self.column.addWidget(widget)
        self.column.addLayout(bar)
        self.column.addWidget(split, 1)

    def _choices(self) -> EvidenceChoices:
        shape = PhotoShape(PhotoSize(self.photo.currentData()), int(self.kilobytes.currentData()) * 1024)
        return EvidenceChoices(str(self.kind.currentData()), bool(self.order.currentData()), shape)

    def _on_plan(self, plan: EvidencePlan) -> None:
        self.progress.finish()
        self._names = {one.trainee_id: _name(one) for one in plan.people}
        self._fill_roster(plan.people)
        self._show(plan)
        first = (plan.open() or list(plan.files))[0]
        self.table.select_key(first.place)

    def _show(self, plan: EvidencePlan | None) -> None:
        self.plan = plan
        files = () if plan is None else plan.files
        urgent = sorted(files, key=lambda one: (one.person is not None and one.problem is None, one.place))
        self.model.set_rows(urgent)
        self.table.set_loading(plan is None)
        ready = [] if plan is None else plan.ready()
        self.write_button.setText(tr("evidence.write", count=len(ready)))
        self.write_button.setEnabled(bool(ready))
        if plan is None:
            self.picture.show_nothing()
            return
        bad = sum(1 for one in files if one.problem is not None)
        same = sum(1 for one in files if one.same)
        self.header.set_facts(
            plan.class_code, plan.source, tr("evidence.fact.ready", count=len(ready)),
            tr("evidence.fact.open", count=len(plan.open())) if plan.open() else "",
            tr("evidence.fact.same", count=same) if same else "",
            tr("evidence.fact.bad", count=bad) if bad else "",
        )  # fmt: skip

    def _fill_roster(self, people: Sequence[Candidate] | None = None) -> None:
        """Show the roster that the search keeps; those that a file may mean come first."""
        shown = people if people is not None else self.plan.people if self.plan is not None else ()
        rows = self.table.selected()
        meant = set(rows[0].match.people) if len(rows) == 1 else set()
        text = self.search.text().strip().lower()
        self.roster.clear()
        for one in sorted(shown, key=lambda one: one.trainee_id not in meant):
            if text and text not in f"{one.name}{one.document}".lower():
                continue
            tail = f"　{mask_document(one.document)}" if one.trainee_id in meant and len(meant) > 1 else ""
            item = QListWidgetItem(_name(one) + tail)
            item.setData(PLACE, one.trainee_id)
            self.roster.addItem(item)

    def _on_selected(self, rows: list[PlannedFile]) -> None:
        self._fill_roster()
        if len(rows) != 1 or rows[0].taken is None:
            self.picture.show_nothing(
                describe(rows[0].problem).text if len(rows) == 1 and rows[0].problem else ""
            )
            return
        row, service = rows[0], self.context.services.evidence_imports
        self.kind_of_file.setCurrentIndex(self.kind_of_file.findData(row.kind))
        for place in range(self.roster.count()):
            if self.roster.item(place).data(PLACE) == row.person:
                self.roster.setCurrentRow(place)
        self.context.tasks.query(
            self, lambda: service.preview(row), self._on_picture, self._on_refused, latest="picture"
        )

    def _on_picture(self, content: bytes) -> None:
        picture = QPixmap()
        picture.loadFromData(content)
        self.picture.show_picture(picture)

    def _on_person(self, item: QListWidgetItem) -> None:
        self.give(item.data(PLACE))

    def _on_kind(self) -> None:
        """Give the chosen files another kind; whose they are stays."""
        if self.plan is None:
            return
        kind = str(self.kind_of_file.currentData())
        answers = {row.place: (row.person, kind) for row in self.table.selected() if row.person is not None}
        if answers:
            self._show(self.plan.answered(answers))

    def _on_written(self, written: Written) -> None:
        self.progress.finish()
        self.context.messages.tell(tr("evidence.written", count=written.count))
        self.plan, self._paths = None, []
        self.context.navigate("class", class_id=self._class_id, tab="evidence")

    def _on_refused(self, error: AppError) -> None:
        self.progress.finish()
        self.table.set_loading(False)
        if error.code != "CANCELLED":
            self.context.messages.known(error, self)
        self._show(self.plan)

    def _stop(self) -> None:
        if self._ticket is not None:
            self._ticket.cancel()


class Written:
    """How many files an import added, and the kinds of records that it changed."""

    changed = frozenset({"attachment"})

    def __init__(self, count: int) -> None:
        self.count = count


def _name(one: Candidate) -> str:
    return f"{one.number}　{one.name}" if one.number is not None else one.name
