"""操作日志: who did what, when and why; it can be read and proved, never changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QComboBox, QVBoxLayout

from desktop_app.domain.listings.journal import JournalListItem
from desktop_app.store.verifying import Verification
from ui.i18n import has_text, tr
from ui.navigation import PageContext
from ui.panel_page import ListPage
from ui.widgets.busy import ProgressLine
from ui.widgets.data_table import RowAction
from ui.widgets.empty_state import EmptyState
from ui.widgets.form_panel import choice_box
from ui.widgets.labels import label
from ui.widgets.list_model import Column, ListTableModel
from ui.widgets.notices import Banner, Notice
from ui.widgets.page import Crumb
from ui.widgets.side_panel import PanelContent
from ui.wording import NOTHING, command_text, moment_text, subject_text

LIMIT = 500
WITH_REASON = "with_reason"
FINDINGS_SHOWN = 3


def journal_table_model() -> ListTableModel[JournalListItem]:
    """Return the model of the journal."""
    return ListTableModel(
        [
            Column("at", "journal.at", lambda row: moment_text(row.at), 136, sort=lambda row: row.seq),
            Column("user", "journal.user", user_text, 96),
            Column("command", "journal.command", lambda row: command_text(row.command), 136),
            Column("subject", "journal.subject", lambda row: subject_text(row.subject) or NOTHING, 176),
            Column("records", "journal.records", lambda row: str(row.records), 64, "right",
                   sort=lambda row: row.records),
            Column("reason", "journal.reason", lambda row: row.reason or "", 110, stretch=True,
                   tooltip=lambda row: row.reason or ""),
            Column("device", "journal.device", lambda row: row.device, 120),
            Column("seq", "journal.seq", lambda row: str(row.seq), 72, "right", sort=lambda row: row.seq, hidden=True),
        ],
        lambda row: row.id,
    )  # fmt: skip


def user_text(row: JournalListItem) -> str:
    """Return who acted; the workstation itself where nobody did."""
    return row.user or tr("journal.device_acted")


class JournalPage(ListPage[JournalListItem]):
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
        self.commands = choice_box([], empty=tr("journal.everything"))
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
        self.set_crumbs([Crumb(tr("page.journal"))])
        self.set_hints([("Enter", tr("hint_key.open"))])
        context.changes.changed.connect(self._on_anything)

    def fetcher(self) -> Callable[[], Sequence[JournalListItem]]:
        service = self.context.services.history
        return lambda: service.list_journal(LIMIT)

    def keeps(self, row: JournalListItem) -> bool:
        text = self.filters.text().lower()
        if WITH_REASON in self.filters.chosen() and not row.reason:
            return False
        if self.users.currentData() not in {"", None, user_text(row)}:
            return False
        if self.commands.currentData() not in {"", None, row.command}:
            return False
        words = (
            user_text(row),
            command_text(row.command),
            subject_text(row.subject),
            row.reason or "",
            row.device,
        )
        return not text or any(text in word.lower() for word in words)

    def rows_shown(self, rows: Sequence[JournalListItem]) -> None:
        _refill(self.users, [(name, name) for name in sorted({user_text(row) for row in rows})])
        _refill(
            self.commands,
            sorted(((row.command, command_text(row.command)) for row in rows), key=lambda c: c[1]),
        )
        newest = tr("journal.newest", count=LIMIT) if len(rows) >= LIMIT else ""
        self.header.set_facts(tr("journal.facts"), newest)

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
    """Fill a filter box with what the rows hold; what was chosen stays chosen."""
    present = box.currentData()
    while box.count() > 1:
        box.removeItem(1)
    for data, text in dict.fromkeys(choices):
        box.addItem(text, data)
    box.setCurrentIndex(max(0, box.findData(present)))
