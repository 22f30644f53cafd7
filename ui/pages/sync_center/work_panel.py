"""What sharing brought that somebody must look at: a list with what mends each item."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop_app.domain.listings.work_list import DIFFERENT, SAME, WorkItem, WorkKind
from ui.i18n import has_text, tr
from ui.widgets.empty_state import EmptyState
from ui.widgets.labels import button, clear, hairline, label
from ui.wording import moment_text

_ASKED = {WorkKind.NAMES_DIFFER: (SAME, DIFFERENT), WorkKind.JOINED: (DIFFERENT,)}
_WHERE = {"training_class", "session", "trainee", "user", "score", "certificate", "enrolment"}


@dataclass(frozen=True, slots=True)
class WorkActs:
    """What the list calls; an act that the user may not do is None. ``open_item`` leads to the records."""

    open_item: Callable[[WorkItem], object]
    decide: Callable[[WorkItem, str], object] | None


class WorkPanel(QWidget):
    """One block an item: what it is, who wrote it where and when, what to do next, and the acts."""

    def __init__(self, acts: WorkActs) -> None:
        super().__init__()
        self._acts = acts
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)

    def show_items(self, items: Iterable[WorkItem]) -> None:
        """Show the items, or that nothing waits."""
        clear(self._column)
        listed = list(items)
        if not listed:
            self._column.addWidget(EmptyState(tr("worklist.empty"), "", icon_name="circle-check"))
        for place, item in enumerate(listed):
            if place:
                self._column.addWidget(hairline())
            self._column.addWidget(self._block(item))
        self._column.addStretch(1)

    def _block(self, item: WorkItem) -> QWidget:
        block = QWidget()
        column = QVBoxLayout(block)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(label(item_text(item), "strong", wrap=True))
        for one in item.writings:
            who = one.user or tr("worklist.who_schedule")
            text = tr("worklist.by", who=who, where=one.device, time=moment_text(one.at))
            column.addWidget(label(text, "facts", wrap=True))
        column.addWidget(label(tr(f"worklist.next.{item.kind}"), "secondary", wrap=True))
        row = QHBoxLayout()
        if item.entity in _WHERE:
            opened = button(tr("worklist.open"), "", "chevron-right")
            opened.clicked.connect(lambda _=False: self._acts.open_item(item))
            row.addWidget(opened)
        decide = self._acts.decide
        for decision in _ASKED.get(item.kind, ()) if decide is not None else ():
            made = button(tr(f"worklist.{decision}"), "", "check" if decision == SAME else "x")
            made.clicked.connect(lambda _=False, said=decision: decide and decide(item, said))
            row.addWidget(made)
        row.addStretch(1)
        column.addLayout(row)
        return block


def item_text(item: WorkItem) -> str:
    """Return what an item says, in words."""
    who = where = ""
    if item.writings:
        who = item.writings[0].user or tr("worklist.who_schedule")
        where = item.writings[0].device
    command = tr(f"command.{item.subject}") if has_text(f"command.{item.subject}") else item.subject
    reason = (
        tr(f"worklist.reason.{item.detail}") if has_text(f"worklist.reason.{item.detail}") else item.detail
    )
    return tr(
        f"worklist.{item.kind}", who=who, where=where, command=command, reason=reason, subject=item.subject,
        detail=item.detail,
    )  # fmt: skip
