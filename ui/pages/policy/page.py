"""政策参数: what governs, by area, with 文号, place and effective date; setting, withdrawing and importing values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtWidgets import QFileDialog

from desktop_app.domain.errors import AppError
from desktop_app.domain.listings.policies import PilotImport, PolicyImport, PolicyListItem, ValueState
from desktop_app.domain.policy_definitions import definition, definitions, families
from desktop_app.domain.policy_parameters import PolicyParameter
from ui.i18n import tr
from ui.messages import describe
from ui.navigation import PageContext
from ui.pages.policy.import_panel import ImportPanel
from ui.pages.policy.subject_panel import SubjectPanel
from ui.pages.policy.table_model import policy_table_model
from ui.pages.policy.value_panel import ValuePanel
from ui.pages.policy.wording import binding_text, owner_text, place_text
from ui.panel_page import ListPage
from ui.widgets.data_table import RowAction
from ui.widgets.empty_state import EmptyState
from ui.widgets.form_panel import choice_box
from ui.widgets.notices import Banner, Notice
from ui.widgets.page import Crumb

BINDS, ADVISES = "binds", "advises"
Read = tuple[list[PolicyListItem], list[int]]


TURN = 12
"""From this month on the year to come is meant."""


class PolicyPage(ListPage[PolicyListItem]):
    """``open()`` takes nothing: the list is short and searched."""

    def __init__(self, context: PageContext) -> None:
        actions: list[RowAction[PolicyListItem]] = [
            RowAction("policy.open", lambda rows: self.open_row(rows[0]), "pencil", many=False)
        ]
        super().__init__(
            context,
            "policy",
            tr("page.policy"),
            policy_table_model(),
            placeholder=tr("policy.search"),
            empty=EmptyState(tr("policy.empty"), icon_name="shield"),
            actions=actions,
            count_key="policy.count",
        )
        self._years = Banner(inset=False)
        self.content.insertWidget(1, self._years)
        self.filters.add_chips([(BINDS, tr("policy.binds")), (ADVISES, tr("policy.advises"))], exclusive=True)
        areas = list(dict.fromkeys(one.area for one in (*definitions(), *families())))
        self._area = choice_box(
            [(code, tr(f"policy.area.{code}")) for code in areas], empty=tr("policy.all_areas")
        )
        self._area.setCurrentIndex(0)
        self._area.activated.connect(lambda _index: self.on_filter())
        self.filters.add_choice("", self._area)
        if self.may("take_policy_file"):
            self.header.set_primary(tr("policy.import"), self.import_file, "import")
        if self.may("take_pilots"):
            self.header.add_button(tr("policy.import_pilots"), self.import_pilots, "file-spreadsheet")
        if self.may("set_policy_value"):
            self.header.add_button(tr("policy.new"), self.begin_new, "plus")
        if self.may("carry_policy_values"):
            self.header.add_button(tr("policy.carry"), self.carry, "calendar")
        self.set_crumbs([Crumb(tr("page.policy"))])
        self.set_hints([("Enter", tr("hint_key.open")), ("Esc", tr("hint_key.close"))])
        self.reload_on(context.changes, {"policy_value", "pilot", "platform_page"})

    def reload(self) -> None:
        self.table.set_loading(True)
        service = self.context.services.policies

        def read() -> Read:
            return service.list_values(), service.unknown_holiday_years()

        self.context.tasks.query(self, read, self._show_read, latest="rows")

    def fetcher(self) -> Callable[[], Sequence[PolicyListItem]]:
        service = self.context.services.policies
        return service.list_values  # type: ignore[no-any-return]

    def keeps(self, row: PolicyListItem) -> bool:
        value = row.parameter
        chosen, text, area = self.filters.chosen(), self.filters.text().lower(), self._area.currentData()
        if (BINDS in chosen and not value.blocks) or (ADVISES in chosen and value.blocks):
            return False
        if area and row.area != area:
            return False
        words = (value.name, value.code, value.document or "", place_text(value), owner_text(value), row.text)
        return not text or any(text in word.lower() for word in (*words, binding_text(value)))

    def rows_shown(self, rows: Sequence[PolicyListItem]) -> None:
        bound = sum(row.parameter.blocks for row in rows)
        self.header.set_facts(
            tr("policy.facts", bound=bound, advisory=len(rows) - bound), tr("policy.facts_meaning")
        )

    def row_panel_key(self, row: PolicyListItem) -> str:
        return row.key

    def open_row(self, row: PolicyListItem) -> None:
        content = ValuePanel(self.context, row, self.context.services.context.today())
        content.saved.connect(lambda said: self._on_saved(row.key, said))
        self.panel.open_panel(row.key, row.parameter.name, content, content.foot())

    def begin_new(self) -> None:
        """Ask what a value is about that no list shows yet: another group, trade, year or pack."""
        content = SubjectPanel()
        content.chosen.connect(self.open_code)
        self.panel.open_panel("subject", tr("policy.new"), content, content.foot())

    def carry(self) -> None:
        """Let own values that end with the year hold for the next; from December on the year to come is meant."""
        service, today = self.context.services.policies, self.context.services.context.today()
        year = today.year + 1 if today.month >= TURN else today.year
        self.context.tasks.command(
            self,
            lambda: service.carry(year),
            lambda count: self.context.messages.tell(tr("policy.carried", count=count, year=year)),
            self._refused,
        )

    def open_code(self, code: str) -> None:
        """Open the parameter of a code, whether it has a value or not."""
        row = next((one for one in self.all_rows() if one.parameter.code == code), None)
        if row is None:
            defined = definition(code)
            empty = PolicyParameter(code, None, defined.unit, defined.name)
            row = PolicyListItem(f"new {code}", defined.area, empty, "", ValueState.GOVERNS)
        self.panel.close_panel()
        self.open_row(row)

    def import_file(self, path: Path | None = None) -> None:
        """Look at a policy file and show what it would change."""
        chosen = path or self._ask_file(tr("policy.files"), "*.json")
        if chosen is not None:
            service = self.context.services.policies
            self.context.tasks.query(
                self,
                lambda: service.look_at_file(chosen),
                lambda seen: self._preview(chosen, seen),
                self._refused,
            )

    def import_pilots(self, path: Path | None = None) -> None:
        """Look at a 试点 table and show what it would bring."""
        chosen = path or self._ask_file(tr("policy.tables"), "*.xlsx *.xls *.ods *.csv")
        if chosen is not None:
            service = self.context.services.policies
            self.context.tasks.query(
                self,
                lambda: service.look_at_pilots(chosen),
                lambda seen: self._preview(chosen, seen),
                self._refused,
            )

    def _ask_file(self, kind: str, patterns: str) -> Path | None:
        folder = str(self.context.preferences.read("imports/folder", str(Path.home())))
        name, _kind = QFileDialog.getOpenFileName(
            self, tr("policy.choose_file"), folder, f"{kind} ({patterns})"
        )
        return Path(name) if name else None

    def _preview(self, path: Path, outline: PolicyImport | PilotImport) -> None:
        content = ImportPanel(self.context, path, outline)
        content.taken.connect(lambda said: self._on_saved("import", said))
        self.panel.open_panel("import", path.name, content, content.foot())

    def _refused(self, error: AppError) -> None:
        notice = describe(error)
        self.context.messages.warn(notice.text, notice.hint)

    def _show_read(self, read: Read) -> None:
        rows, years = read
        self.show_rows(rows)
        if years:
            told = describe(AppError("HOLIDAYS_UNKNOWN", year=years[0]))
            self._years.show_notice(Notice(told.text, told.hint, "waiting"))
        else:
            self._years.hide()

    def _on_saved(self, key: str, said: str) -> None:
        self.panel.forget_draft(key)
        self.panel.close_panel()
        self.context.messages.tell(said)
