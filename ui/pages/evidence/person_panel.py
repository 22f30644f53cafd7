"""One person's evidence: what is missing, each file with its state, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop_app.domain.evidence import EvidenceState, kind_name, kind_owner, need_name, personal_kinds
from desktop_app.domain.listings.evidence import EvidenceContent, EvidenceListItem, PersonEvidence
from desktop_app.services.evidence import Owner, Paper
from desktop_app.services.evidence_intake import read_file
from ui.dialogs.ask import ask_reason
from ui.dialogs.choosing import choose_files
from ui.i18n import tr
from ui.navigation import PageContext
from ui.pages.evidence.paper_fields import Changes, PaperFields
from ui.widgets.form_panel import choice_box
from ui.widgets.labels import button, hairline, label
from ui.widgets.side_panel import PanelContent

_TONES = {EvidenceState.RECEIVED: "", EvidenceState.REVIEWED: "done", EvidenceState.RETURNED: "wrong"}
_PICTURE_WIDTH = 340


class EvidencePanel(PanelContent):
    """The files of one member; pictures are fetched when asked for, which is recorded."""

    def __init__(self, context: PageContext, class_id: bytes, person: PersonEvidence) -> None:
        super().__init__()
        self._context = context
        self._class_id = class_id
        self._person = person
        self._editors: dict[str, PaperFields] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(label(person.document_number, "facts"))
        lacking = tr("wording.and").join(need_name(one.need) for one in person.missing)
        told = tr("evidence.lacks", papers=lacking) if lacking else tr("evidence.has_all")
        column.addWidget(label(told, "", wrap=True, tone="waiting" if lacking else "done"))
        if not person.items:
            column.addWidget(label(tr("evidence.none_yet"), "secondary", wrap=True))
        for item in person.items:
            column.addWidget(hairline())
            column.addWidget(self._block(item))
        self._pictures = QVBoxLayout()
        column.addLayout(self._pictures)

    def foot(self) -> list[QPushButton]:
        """Return the buttons of the panel's foot."""
        if not self._context.services.context.may("add_evidence"):
            return []
        kinds = [(kind, kind_name(kind)) for kind in personal_kinds()]
        self._kind = choice_box(kinds)
        lacked = [kind for one in self._person.missing for kind in one.need.kinds]
        self._kind.setCurrentIndex(max(0, self._kind.findData(lacked[0] if lacked else "")))
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(label(tr("evidence.kind"), "secondary"))
        row.addWidget(self._kind, 1)
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.addWidget(hairline())
        layout.addWidget(holder)
        add = button(tr("evidence.add"), "primary", "plus")
        add.clicked.connect(self._add)
        return [add]

    def draft(self) -> dict[str, Any] | None:
        typed = {key: found for key, editor in self._editors.items() if (found := editor.typed())}
        return typed or None

    def restore(self, draft: dict[str, Any]) -> None:
        for key, typed in draft.items():
            if key in self._editors:
                self._editors[key].restore(typed)

    def _block(self, item: EvidenceListItem) -> QWidget:
        """Return the lines and buttons of one file."""
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        head = QHBoxLayout()
        head.addWidget(label(kind_name(item.kind), "strong"), 1)
        head.addWidget(label(tr(f"evidence.state.{item.state.value}"), "secondary", tone=_TONES[item.state]))
        column.addLayout(head)
        until = tr("evidence.valid", date=item.valid_until.isoformat()) if item.valid_until else ""
        facts = [
            item.number or "",
            item.issuer or "",
            until,
            item.file_name,
            tr("evidence.size", kilobytes=-(-item.size // 1024)),
        ]
        column.addWidget(label(" · ".join(fact for fact in facts if fact), "secondary", wrap=True))
        if item.review_reason:
            column.addWidget(label(item.review_reason, "secondary", wrap=True, tone="wrong"))
        row = QHBoxLayout()
        row.setSpacing(4)
        for text, code, act in (
            ("evidence.look", "open_evidence", self._look),
            ("evidence.accept", "review_evidence", self._accept),
            ("evidence.send_back", "review_evidence", self._send_back),
            ("evidence.edit", "edit_evidence", self._edit),
            ("evidence.remove", "remove_evidence", self._remove),
        ):
            done = code == "review_evidence" and item.state.value == {
                "evidence.accept": "reviewed", "evidence.send_back": "returned",
            }[text]  # fmt: skip
            if self._context.services.context.may(code) and not done:
                made = button(tr(text), "quiet")
                made.clicked.connect(lambda _=False, run=act: run(item))
                row.addWidget(made)
        row.addStretch(1)
        column.addLayout(row)
        editor = PaperFields(item, lambda changes: self._on_edited(item, changes))
        self._editors[item.id.hex()] = editor
        column.addWidget(editor)
        return holder

    def _add(self) -> None:
        paths = choose_files(self, self._context.preferences, many=False)
        if not paths:
            return
        kind, path = str(self._kind.currentData()), paths[0]
        person, service = self._person.trainee_id, self._context.services.evidence
        own = kind_owner(kind) == "enrolment"
        owner = Owner("enrolment", self._class_id + person) if own else Owner("trainee", person)

        def add(*_given: Any) -> frozenset[str]:  # noqa: ANN401 - progress and cancel, not needed
            service.add(owner, Paper(kind), read_file(path), path.name)
            return frozenset({"attachment"})

        self._context.tasks.work(
            self, add, lambda _kinds: self._context.messages.tell(tr("evidence.added", kind=kind_name(kind)))
        )

    def _look(self, item: EvidenceListItem) -> None:
        service = self._context.services.evidence
        self._context.tasks.work(self, lambda _progress, _cancel: service.open(item.id), self._on_content)

    def _on_content(self, found: EvidenceContent) -> None:
        while self._pictures.count():
            widget = self._pictures.takeAt(0).widget()
            if widget is not None:
                widget.deleteLater()
        for page in found.pages:
            shown = QLabel()
            picture = QPixmap()
            picture.loadFromData(page)
            shown.setPixmap(picture.scaledToWidth(_PICTURE_WIDTH, Qt.TransformationMode.SmoothTransformation))
            self._pictures.addWidget(shown)

    def _edit(self, item: EvidenceListItem) -> None:
        self._editors[item.id.hex()].begin()

    def _on_edited(self, item: EvidenceListItem, changes: Changes) -> None:
        service = self._context.services.evidence
        editor = self._editors[item.id.hex()]
        self._run(lambda: service.edit(item.id, changes), "evidence.edited", editor.saved)

    def _accept(self, item: EvidenceListItem) -> None:
        service = self._context.services.evidence
        self._run(lambda: service.review([item.id], accepted=True), "evidence.accepted")

    def _send_back(self, item: EvidenceListItem) -> None:
        reason = self._reason("evidence.send_back", ["blurred", "other_person", "expired"])
        if reason is not None:
            service = self._context.services.evidence
            self._run(lambda: service.review([item.id], accepted=False, reason=reason), "evidence.sent_back")

    def _remove(self, item: EvidenceListItem) -> None:
        reason = self._reason("evidence.remove", ["wrong_file", "twice"])
        if reason is not None:
            service = self._context.services.evidence
            self._run(lambda: service.remove(item.id, reason), "evidence.removed")

    def _reason(self, verb: str, usual: list[str]) -> str | None:
        words = [tr(f"evidence.reason.{one}") for one in usual]
        question = tr("evidence.reason_question", name=self._person.name)
        return ask_reason(self.window(), question, tr("evidence.reason_detail"), tr(verb), words)

    def _run(self, act: Callable[[], object], told: str, done: Callable[[], None] | None = None) -> None:
        def run() -> frozenset[str]:
            act()
            return frozenset({"attachment"})

        def on_done(_kinds: frozenset[str]) -> None:
            if done is not None:
                done()
            self._context.messages.tell(tr(told))

        self._context.tasks.command(self, run, on_done)
