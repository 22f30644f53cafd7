"""就业服务 of a class: who was guided, referred or hired, and who 未就业 still lacks a service (四.4, 六.2)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from desktop_app.domain.listings.graduates import GraduateItem
from desktop_app.domain.pinyin import initials
from ui.dialogs.ask import ask_reason
from ui.i18n import tr
from ui.navigation import PageContext
from ui.pages.guidance.panel import GuidancePanel, HirePanel
from ui.pages.guidance.table_model import guidance_table_model
from ui.panel_tab import PanelTab
from ui.widgets.data_table import RowAction
from ui.widgets.empty_state import EmptyState
from ui.wording import day_text

LACKING = "lacking"


class GuidanceTab(PanelTab[GraduateItem]):
    """``open(trainee_id=…)`` opens one person's services."""

    def __init__(self, context: PageContext, class_id: bytes) -> None:
        self._class_id = class_id
        self.ask_reason: Callable[..., str | None] = ask_reason
        actions: list[RowAction[GraduateItem]] = [
            RowAction("guidance.open", lambda rows: self.open_row(rows[0]), "pencil", many=False)
        ]
        if context.services.context.may("record_hire"):
            actions.append(RowAction("guidance.hire", lambda rows: self._open_hire(rows[0]), many=False))
        if context.services.context.may("remove_guidance"):
            actions.append(
                RowAction(
                    "guidance.remove",
                    lambda rows: self.remove_last(rows[0]),
                    "trash-2",
                    many=False,
                    danger=True,
                    allowed=lambda rows: bool(rows[0].services),
                )
            )
        super().__init__(
            context,
            "guidance",
            guidance_table_model(),
            placeholder=tr("members.search"),
            empty=EmptyState(tr("guidance.empty"), tr("guidance.empty_detail"), "", "users"),
            actions=actions,
            count_key="guidance.count",
            kinds={"guidance", "hire", "enrolment", "trainee"},
        )
        self.filters.add_chips([(LACKING, tr("guidance.only_lacking", count=0))])
        self.hints = [("Enter", tr("hint_key.open")), ("Esc", tr("hint_key.close"))]

    def open(self, trainee_id: bytes | None = None) -> None:
        """Open one person's services in the panel."""
        self.open_where(lambda row: row.trainee_id == trainee_id)

    def fetcher(self) -> Callable[[], Sequence[GraduateItem]]:
        service, class_id = self.context.services.guidance, self._class_id
        return lambda: service.people(class_id)

    def words_of(self, row: GraduateItem) -> Iterable[str]:
        return (row.name, *initials(row.name), "" if row.hire is None else row.hire.employer)

    def on_filter(self) -> None:
        text = self.filters.text().lower()
        lacking = LACKING in self.filters.chosen()
        rows = self.all_rows()
        count = sum(row.lacking for row in rows)
        self.filters.set_chip_text(LACKING, tr("guidance.only_lacking", count=count))
        self.model.set_rows(
            row
            for row in rows
            if (not lacking or row.lacking)
            and (not text or any(text in word.lower() for word in self.words_of(row)))
        )

    def row_panel_key(self, row: GraduateItem) -> str:
        return row.trainee_id.hex()

    def open_row(self, row: GraduateItem) -> None:
        key = self.row_panel_key(row)
        content = GuidancePanel(self.context, row)
        content.saved.connect(lambda: self._on_saved(key))
        self.panel.open_panel(key, row.name, content, content.foot())

    def _open_hire(self, row: GraduateItem) -> None:
        key = f"{self.row_panel_key(row)}/hire"
        content = HirePanel(self.context, row)
        content.saved.connect(lambda: self._on_saved(key))
        self.panel.open_panel(key, tr("guidance.hire_title", name=row.name), content, content.foot())

    def remove_last(self, row: GraduateItem) -> None:
        """Take the last service of a person back, with a reason."""
        last = row.services[-1]
        question = tr("guidance.remove_question", name=row.name, day=day_text(last.held_on, weekday=False),
                      kind=tr(f"guidance.kind.{last.kind}"))  # fmt: skip
        words = [tr("guidance.remove_twice"), tr("guidance.remove_wrong")]
        reason = self.ask_reason(self.window(), question, "", tr("guidance.remove"), words)
        if reason is None:
            return
        service = self.context.services.guidance
        self.context.tasks.command(
            self,
            lambda: service.remove(last.id, reason),
            lambda _none: self.context.messages.tell(tr("guidance.removed", name=row.name)),
        )

    def _on_saved(self, key: str) -> None:
        self.panel.forget_draft(key)
        self.panel.close_panel()
