"""The tabs of 技能人才: numbers, the people behind one, 待遇, credit banks, conversions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog

from desktop_app.domain.credit_bank import Bank
from desktop_app.domain.listings.graduates import ConversionItem, DepositItem, HolderItem, TreatmentItem
from desktop_app.domain.pinyin import initials
from desktop_app.services.talent import MOST_HOLDERS, group_name, groups_of
from ui.i18n import tr
from ui.navigation import PageContext
from ui.pages.talent.panels import COMMAND_OF, FollowPanel
from ui.pages.talent.table_models import (
    NumberRow,
    conversion_model,
    deposit_model,
    holder_model,
    number_model,
    treatment_model,
)
from ui.panel_tab import PanelTab
from ui.widgets.data_table import RowAction
from ui.widgets.empty_state import EmptyState
from ui.widgets.labels import button, label

GROUPS = ("level", "trade", "region")


class NumbersTab(PanelTab[NumberRow]):
    """Distinct holders by level, trade and region; ``chosen`` carries a row whose people are wanted."""

    chosen = Signal(object)
    counted = Signal(object)
    """The TalentCount that is shown."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(
            context,
            "talent_numbers",
            number_model(),
            placeholder=tr("talent.search_name"),
            empty=EmptyState(tr("talent.empty"), tr("talent.empty_detail"), "", "award"),
            actions=[RowAction("talent.open", lambda rows: self.open_row(rows[0]), "users", many=False)],
            count_key="talent.count_groups",
            kinds={"certificate", "assessment", "trainee", "project"},
        )
        self.filters.add_chips([(group, tr(f"talent.group.{group}")) for group in GROUPS])

    def fetcher(self) -> Callable[[], Sequence[NumberRow]]:
        return self.context.services.talent.count  # type: ignore[no-any-return]

    def show_rows(self, rows: Any) -> None:  # noqa: ANN401 - a TalentCount
        self.counted.emit(rows)
        found = [(group, value, people) for group, values in groups_of(rows) for value, people in values]
        super().show_rows(
            NumberRow(group, value, group_name(group, value) if value else tr("talent.group.none"), people)
            for group, value, people in found
        )

    def on_filter(self) -> None:
        text, groups = self.filters.text().lower(), self.filters.chosen()
        self.model.set_rows(
            row
            for row in self.all_rows()
            if (not groups or row.group in groups) and (not text or text in row.name.lower())
        )

    def open_row(self, row: NumberRow) -> None:
        self.chosen.emit(row)


class HoldersTab(PanelTab[HolderItem]):
    """The certificates behind one number or of one class, and what follows each of them."""

    def __init__(self, context: PageContext) -> None:
        self._group, self._value = "", object()
        may = context.services.context.may
        super().__init__(
            context,
            "talent_holders",
            holder_model(),
            placeholder=tr("talent.search_person"),
            empty=EmptyState(tr("talent.no_holders"), tr("talent.no_holders_detail"), "", "users"),
            actions=[self._action(verb) for verb, code in COMMAND_OF.items() if may(code)],
            count_key="talent.count_holders",
            kinds={"certificate", "credit_deposit", "treatment", "trainee"},
        )
        self.capped = label(tr("talent.capped", count=MOST_HOLDERS), "secondary")
        self.capped.hide()
        self.filters.add_right(self.capped)

    def show_rows(self, rows: Any) -> None:  # noqa: ANN401 - a sequence of rows
        super().show_rows(rows)
        self.capped.setVisible(len(self.all_rows()) >= MOST_HOLDERS)

    def narrow(self, group: str, value: object, trainee_id: bytes | None = None) -> None:
        """Show the certificates of a class, level, trade or region; mark one person's."""
        self._group, self._value = group, value
        self.drop_drafts()
        self.panel.close_panel()
        self.show_rows(())
        self._on_changed()
        if trainee_id is not None:
            self.open_where(lambda row: row.trainee_id == trainee_id)

    def fetcher(self) -> Callable[[], Sequence[HolderItem]]:
        service, group, value = self.context.services.talent, self._group, self._value
        return lambda: service.holders(group, value) if group else ()

    def words_of(self, row: HolderItem) -> Iterable[str]:
        return (row.name, *initials(row.name), row.number, row.class_code)

    def begin(self, row: HolderItem, verb: str) -> None:
        """Open the form of a step after the certificate."""
        key = f"{row.assessment_id.hex()}/{row.trainee_id.hex()}/{verb}"
        content = FollowPanel(self.context, row, verb)
        content.taken.connect(lambda: self._on_taken(key))
        title = tr("talent.title", name=row.name, step=tr(f"talent.do.{verb}"))
        self.panel.open_panel(key, title, content, content.foot())

    def _action(self, verb: str) -> RowAction[HolderItem]:
        return RowAction(
            f"talent.do.{verb}",
            lambda rows: self.begin(rows[0], verb),
            many=False,
            allowed=lambda rows: verb != "deposit" or len(rows[0].banks) < len(Bank),
        )

    def _on_taken(self, key: str) -> None:
        self.panel.forget_draft(key)
        self.panel.close_panel()


class TreatmentsTab(PanelTab[TreatmentItem]):
    """待遇兑现 that was recorded, by day."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(
            context,
            "talent_treatments",
            treatment_model(),
            placeholder=tr("talent.search_person"),
            empty=EmptyState(tr("talent.no_treatments"), tr("talent.no_treatments_detail"), "", "award"),
            count_key="talent.count_treatments",
            kinds={"treatment", "trainee"},
        )

    def fetcher(self) -> Callable[[], Sequence[TreatmentItem]]:
        service = self.context.services.talent
        return service.treatments  # type: ignore[no-any-return]

    def words_of(self, row: TreatmentItem) -> Iterable[str]:
        return (row.name, *initials(row.name), row.employer, row.measure)


class DepositsTab(PanelTab[DepositItem]):
    """Certificates on the lists of the credit banks, and a file for each bank."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(
            context,
            "talent_deposits",
            deposit_model(),
            placeholder=tr("talent.search_person"),
            empty=EmptyState(tr("talent.no_deposits"), tr("talent.no_deposits_detail"), "", "package"),
            count_key="talent.count_deposits",
            kinds={"credit_deposit", "certificate", "trainee"},
        )
        self.filters.add_chips([(bank.value, tr(f"bank.{bank.value}")) for bank in Bank])
        if self.may("export_credit_bank"):
            for bank in Bank:
                made = button(tr("talent.export", bank=tr(f"bank.short.{bank.value}")), "", "upload")
                made.setToolTip(tr("talent.export_detail"))
                made.clicked.connect(lambda _=False, chosen=bank: self.export(chosen))
                self.filters.add_right(made)

    def fetcher(self) -> Callable[[], Sequence[DepositItem]]:
        service = self.context.services.credit_bank
        return service.deposits  # type: ignore[no-any-return]

    def on_filter(self) -> None:
        text, banks = self.filters.text().lower(), self.filters.chosen()
        self.model.set_rows(
            row
            for row in self.all_rows()
            if (not banks or row.bank in banks)
            and (not text or any(text in word.lower() for word in (row.name, *initials(row.name))))
        )

    def export(self, bank: Bank) -> None:
        """Ask where, then write the deposits of a bank that no file has held yet."""
        name = tr("talent.export_file", bank=tr(f"bank.{bank.value}"))
        chosen, _kind = QFileDialog.getSaveFileName(
            self.window(), tr("talent.export_title"), str(Path.home() / name), "Excel (*.xlsx)"
        )
        if not chosen:
            return
        service, target = self.context.services.credit_bank, Path(chosen)
        self.context.tasks.long_command(
            self,
            lambda _progress, _cancel: service.export(bank, target),
            lambda count: self.context.messages.tell(tr("talent.exported", count=count, file=target.name)),
        )


class ConversionsTab(PanelTab[ConversionItem]):
    """学分转换 that schools granted."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(
            context,
            "talent_conversions",
            conversion_model(),
            placeholder=tr("talent.search_person"),
            empty=EmptyState(tr("talent.no_conversions"), tr("talent.no_conversions_detail"), "", "package"),
            count_key="talent.count_conversions",
            kinds={"credit_conversion", "trainee"},
        )

    def fetcher(self) -> Callable[[], Sequence[ConversionItem]]:
        service = self.context.services.credit_bank
        return service.conversions  # type: ignore[no-any-return]

    def words_of(self, row: ConversionItem) -> Iterable[str]:
        return (row.name, *initials(row.name), row.course, row.school)
