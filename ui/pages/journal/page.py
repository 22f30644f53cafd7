"""操作日志: who did what, when and why; it can be read and proved, never changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PySide6.QtWidgets import QComboBox, QVBoxLayout

from desktop_app.domain.listings.journal import JournalListItem
from desktop_app.store.verifying import Verification
from ui.i18n import has_text, texts_under, tr
from ui.long_list_page import LongListPage
from ui.navigation import PageContext
from ui.widgets.busy import ProgressLine
from ui.widgets.data_table import RowAction
from ui.widgets.empty_state import EmptyState
from ui.widgets.form_panel import choice_box
from ui.widgets.labels import label
from ui.widgets.list_model import Column
from ui.widgets.notices import Banner, Notice
from ui.widgets.page import Crumb
from ui.widgets.side_panel import PanelContent
from ui.widgets.windowed_model import WindowedModel
from ui.wording import NOTHING, command_text, moment_text, subject_text

LOOKED_THROUGH = 20_000
"""So many commands back, of those that the boxes keep, a word or a reason is looked for: each has to be read."""
_RUN = 500
WITH_REASON = "with_reason"
FINDINGS_SHOWN = 3
AT = "at"
Keeps = Callable[[JournalListItem], bool]


def journal_table_model() -> WindowedModel[JournalListItem]:
    """Return the model of the journal; it is ordered by time only."""
    return WindowedModel(
        [
            Column(AT, "journal.at", lambda row: moment_text(row.at), 136),
            Column("user", "journal.user", user_text, 96),
            Column("command", "journal.command", lambda row: command_text(row.command), 136),
            Column("subject", "journal.subject", lambda row: subject_text(row.subject) or NOTHING, 176),
            Column("records", "journal.records", lambda row: str(row.records), 64, "right"),
            Column("reason", "journal.reason", lambda row: row.reason or "", 110, stretch=True,
                   tooltip=lambda row: row.reason or ""),
            Column("device", "journal.device", lambda row: row.device, 120),
            Column("seq", "journal.seq", lambda row: str(row.seq), 72, "right", hidden=True),
        ],
        lambda row: row.seq,
        orders={AT},
    )  # fmt: skip


def user_text(row: JournalListItem) -> str:
    """Return who acted; the workstation itself where nobody did."""
    return row.user or tr("journal.device_acted")


@dataclass
class _Found:
    """The commands of a user or a code, and of those the ones that hold a word or a reason, window by window."""

    service: Any
    user: bytes | None
    command: str | None
    keeps: Keeps | None
    ascending: bool
    numbers: Sequence[int] = ()
    looked_back_to: datetime | None = None
    """Where the looking ended although there are more."""
    dropped: bool = False
    """Set where another list is wanted meanwhile."""

    def count(self) -> int:
        numbers: Sequence[int] = self.service.journal_numbers(self.user, self.command)
        if self.keeps is not None:
            numbers = self._kept(numbers, self.keeps)
        self.numbers = numbers[::-1] if self.ascending else numbers
        return len(self.numbers)

    def window(self, first: int, count: int) -> Sequence[JournalListItem]:
        found: Sequence[JournalListItem] = self.service.journal_entries(self.numbers[first : first + count])
        return found

    def place(self, key: int) -> int | None:
        return self.numbers.index(key) if key in self.numbers else None

    def _kept(self, numbers: Sequence[int], keeps: Keeps) -> list[int]:
        found: list[int] = []
        newest = numbers[:LOOKED_THROUGH]
        for first in range(0, len(newest), _RUN):
            rows = self.service.journal_entries(newest[first : first + _RUN])
            found += [row.seq for row in rows if keeps(row)]
            if self.dropped:
                break
            if rows and len(numbers) > len(newest):
                self.looked_back_to = rows[-1].at
        return found


class JournalPage(LongListPage[JournalListItem]):
    """The newest commands first, and the proof that nothing was altered."""

    def __init__(self, context: PageContext) -> None:
        actions: list[RowAction[JournalListItem]] = [
            RowAction("journal.open", lambda rows: self.open_row(rows[0]), "info", many=False)
        ]
        super().__init__(
            context,
            "journal",
            tr("page.journal"),
            journal_table_model(),
            placeholder=tr("journal.search"),
            empty=EmptyState(tr("journal.empty"), icon_name="history"),
            actions=actions,
            count_key="journal.count",
        )
        self.users = choice_box([], empty=tr("journal.everybody"))
        self.users.setMinimumWidth(120)
        self.users.activated.connect(lambda _index: self.on_filter())
        commands = sorted(texts_under("command.").items(), key=lambda one: one[1])
        self.commands = choice_box(commands, empty=tr("journal.everything"))
        self.commands.setMinimumWidth(160)
        self.commands.activated.connect(lambda _index: self.on_filter())
        self.filters.add_chips([(WITH_REASON, tr("journal.with_reason"))])
        self.filters.add_choice("", self.users)
        self.filters.add_choice("", self.commands)
        self.verify_button = self.header.add_button(tr("journal.verify"), self.verify, "shield")
        self.verify_button.setToolTip(tr("journal.verify_note"))
        self.result = Banner(inset=False)
        self.progress = ProgressLine()
        self.content.insertWidget(1, self.result)
        self.content.insertWidget(2, self.progress)
        self.header.set_facts(tr("journal.facts"))
        self.set_crumbs([Crumb(tr("page.journal"))])
        self.set_hints([("Enter", tr("hint_key.open"))])
        self._shown: _Found | None = None
        context.changes.changed.connect(self._on_anything)

    def source(self) -> _Found:
        if self._shown is not None:
            self._shown.dropped = True
        user, order = self.users.currentData(), self.windows.order
        self._shown = _Found(
            self.context.services.history,
            bytes.fromhex(user) if user is not None and self.users.currentIndex() > 0 else None,
            self.commands.currentData() or None,
            self._keeps(),
            ascending=order is not None and not order[1],
        )
        asked = (self._shown.user, self._shown.command, self._shown.keeps)
        is_all = all(one is None for one in asked)
        self.table.empty.set_text(tr("journal.empty" if is_all else "journal.none_found"))
        return self._shown

    def _keeps(self) -> Keeps | None:
        """Return what the search line and the chip let through; None where they ask nothing."""
        text, reasoned = self.filters.text().lower(), WITH_REASON in self.filters.chosen()

        def keeps(row: JournalListItem) -> bool:
            if reasoned and not row.reason:
                return False
            words = (user_text(row), command_text(row.command), subject_text(row.subject), row.reason or "",
                     row.device)  # fmt: skip
            return not text or any(text in word.lower() for word in words)

        return keeps if text or reasoned else None

    def list_begun(self) -> None:
        back_to = None if self._shown is None else self._shown.looked_back_to
        if back_to is None:
            self.header.set_facts(tr("journal.facts"))
        else:
            told = tr("journal.searched", count=LOOKED_THROUGH, since=moment_text(back_to))
            self.header.set_facts(tr("journal.facts"), told)

    def read_facts(self) -> Callable[[], list[tuple[bytes, str]]]:
        service = self.context.services.history
        return service.journal_users  # type: ignore[no-any-return]

    def show_facts(self, facts: list[tuple[bytes, str]]) -> None:
        people = [(key.hex(), name) for key, name in facts]
        _refill(self.users, [*people, ("", tr("journal.device_acted"))])

    def row_panel_key(self, row: JournalListItem) -> str:
        return row.id.hex()

    def open_row(self, row: JournalListItem) -> None:
        self.panel.open_panel(row.id.hex(), command_text(row.command), EntryFacts(row), [])

    def verify(self) -> None:
        """Check the whole journal and the rows against it."""
        self.verify_button.setEnabled(False)
        self.result.hide()
        self.progress.start(tr("journal.verifying"), cancellable=False)
        service = self.context.services.history
        self.context.tasks.long_command(
            self, lambda _progress, _cancel: service.verify(), self._on_verified, self._on_refused
        )

    def _on_verified(self, found: Verification) -> None:
        self._end_verifying()
        entries, findings = found.entries, found.findings
        if not findings:
            self.result.show_notice(Notice(tr("journal.verified", count=entries), level="done"))
            return
        shown = "；".join(_finding_text(item.code) for item in findings[:FINDINGS_SHOWN])
        text = tr("journal.verify_failed", count=len(findings))
        self.result.show_notice(Notice(text, tr("journal.verify_hint", findings=shown), "wrong"))

    def _on_refused(self, error: Exception) -> None:
        self._end_verifying()
        self.context.messages.report(self, error)

    def _end_verifying(self) -> None:
        self.progress.finish()
        self.verify_button.setEnabled(True)

    def _on_anything(self, _kinds: frozenset[str]) -> None:
        self.mark_stale()


class EntryFacts(PanelContent):
    """Everything that an entry says of itself."""

    def __init__(self, row: JournalListItem) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for key, text in (
            ("at", moment_text(row.at)),
            ("user", user_text(row)),
            ("device", row.device),
            ("subject", subject_text(row.subject)),
            ("records", str(row.records)),
            ("reason", row.reason or ""),
            ("seq", str(row.seq)),
            ("id", row.id.hex()),
        ):
            if text:
                column.addWidget(label(tr(f"journal.{key}"), "secondary"))
                column.addWidget(label(_in_groups(text) if key == "id" else text, wrap=True))
                column.addSpacing(8)


def _in_groups(text: str) -> str:
    """Return a hash in groups of eight, so that it can be read out and wrapped."""
    return " ".join(text[start : start + 8] for start in range(0, len(text), 8))


def _finding_text(code: str) -> str:
    key = f"finding.{code}"
    return tr(key) if has_text(key) else code


def _refill(box: QComboBox, choices: list[tuple[str, str]]) -> None:
    """Fill a filter box below its first line; what was chosen stays chosen."""
    present, was_first = box.currentData(), box.currentIndex() <= 0
    while box.count() > 1:
        box.removeItem(1)
    for data, text in choices:
        box.addItem(text, data)
    places = [place for place in range(1, box.count()) if box.itemData(place) == present]
    box.setCurrentIndex(0 if was_first or not places else places[0])
