"""One class along its life: facts, progress line, and a tab for each part of the work."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QMenu, QWidget

from desktop_app.domain.life_cycles import TRAINING_CLASS as CYCLE
from desktop_app.domain.listings.training import ClassListItem
from desktop_app.services.stamped_papers import StampedPaper
from ui.i18n import tr
from ui.list_export import ListExport
from ui.navigation import PageContext
from ui.pages.classes.certificates_tab import CertificatesTab
from ui.pages.classes.class_acts import MovePanel, SelectionPanel
from ui.pages.classes.edit_panel import ClassPanel
from ui.pages.classes.opening_tab import OpeningTab
from ui.pages.classes.printing import ClassPrinting
from ui.pages.classes.progress import ClassState, facts, state_reader
from ui.pages.classes.roster_tab import RosterTab
from ui.pages.classes.stamped import StampedLine, StampedPanel
from ui.pages.classes.standing import ClassStanding
from ui.pages.classes.step_panel import COMMAND_OF, StepPanel
from ui.pages.classes.timetable_tab import TimetableTab
from ui.panel_page import PanelPage
from ui.unsaved import Unsaved
from ui.widgets.page import Crumb
from ui.widgets.page_header import PageHeader
from ui.widgets.side_panel import SidePanel
from ui.widgets.tabs import Tabs
from ui.wording import span_text

TabFactory = Callable[[PageContext, bytes], QWidget]
GRIDS = frozenset({"attendance", "scores"})
TALL = 860
"""Height in px of windows that have room for the progress line above a grid."""
SETTLED = 800
"""After so many ms without another mark or score the page looks again where the class and its reports stand."""
VIEWS = {
    "roster": "view_trainees",
    "timetable": "view_classes",
    "opening": "view_classes",
    "attendance": "view_attendance",
    "inspections": "view_inspections",
    "scores": "view_scores",
    "certificates": "view_certificates",
    "guidance": "view_guidance",
    "claims": "view_claims",
    "employment": "view_employment",
    "evidence": "view_evidence",
}


class ClassPage(PanelPage):
    """``open(class_id=…, tab=…)``; ``tabs`` are those that other packages make: key → factory."""

    def __init__(self, context: PageContext, tabs: Mapping[str, TabFactory]) -> None:
        super().__init__(context, "class")
        own: dict[str, TabFactory] = {
            "roster": RosterTab,
            "timetable": TimetableTab,
            "opening": OpeningTab,
            "certificates": CertificatesTab,
        }
        self._factories = {**own, **tabs}
        self._class_id = b""
        self._item: ClassListItem | None = None
        self.header = PageHeader("")
        self.content.addWidget(self.header)
        self.progress = ClassStanding()
        self.progress.tab_wanted.connect(self.show_tab)
        self.progress.step_wanted.connect(self.begin_step)
        self.progress.reports_wanted.connect(lambda: context.navigate("sync_center"))
        self.content.addWidget(self.progress)
        self.stamped = StampedLine()
        self.stamped.wanted.connect(self.show_stamped)
        self.content.addWidget(self.stamped)
        self.printing = ClassPrinting(self, context, lambda: self._item, self.mark_stale)
        self.tabs: Tabs | None = None
        self._tabs_of: dict[bytes, Tabs] = {}
        self._codes: dict[bytes, str] = {}
        self._wanted_form = ""
        self._add_buttons()
        self.set_hints([])
        self.reload_on(
            context.changes,
            {
                "training_class",
                "session",
                "enrolment",
                "assessment",
                "certificate",
                "project",
                "class_opening",
                "session_class",
                "batch",
                "report_review",
            },
        )

        self._settled = QTimer(self)
        self._settled.setSingleShot(True)
        self._settled.setInterval(SETTLED)
        self._settled.timeout.connect(self.mark_stale)
        context.changes.watch(self, {"mark", "score"}, self._settled.start)

    def open(self, **params: Any) -> None:  # noqa: ANN401 - each page names its own
        class_id = params.get("class_id") or self._class_id
        if class_id != self._class_id:
            self._class_id = class_id
            self._item = None
            self.panel.close_panel()
            self._show_tabs_of(class_id)
            self.mark_stale()
        tab = params.get("tab")
        if tab:
            page = self.show_tab(tab)
            take = getattr(page, "open", None)
            rest = {name: value for name, value in params.items() if name not in {"class_id", "tab", "field"}}
            if take is not None and rest:
                take(**rest)
            panel = getattr(page, "panel", None)
            if panel is not None and params.get("field"):
                panel.want_field(params["field"])
        self._draw_crumbs()

    def reload(self) -> None:
        if self._class_id:
            self.context.tasks.query(
                self, state_reader(self.context.services, self._class_id), self._on_state, latest="state"
            )

    def show_tab(self, key: str) -> QWidget | None:
        """Bring a tab to the front; None where the user may not see it."""
        if self.tabs is None or key not in self.tabs.keys_shown():
            return None
        return self.tabs.show_tab(key)

    def help_topic(self, key: str) -> str:
        return key if self.tabs is None else f"{key}/{self.tabs.current()}"

    def drop_drafts(self) -> None:
        super().drop_drafts()
        for tabs in self._tabs_of.values():
            for key in tabs.keys_shown():
                drop = getattr(tabs.made(key), "drop_drafts", None)
                if drop is not None:
                    drop()

    def unsaved(self) -> list[Unsaved]:
        found = [self._at(bytes.fromhex(one.key), "", one) for one in super().unsaved()]
        for class_id, tabs in self._tabs_of.items():
            for key in tabs.keys_shown():
                ask = getattr(tabs.made(key), "unsaved", None)
                found += [self._at(class_id, key, one) for one in (ask() if ask is not None else [])]
        return found

    def _at(self, class_id: bytes, tab: str, one: Unsaved) -> Unsaved:
        """Say of which class and tab something unsaved is."""
        parts = [self._codes.get(class_id, ""), tr(f"tab.{tab}") if tab else "", one.title]
        place = {**one.place, "class_id": class_id, **({"tab": tab} if tab else {})}
        return replace(one, title=" · ".join(part for part in parts if part), place=place)

    def take_unsaved(self, unsaved: Unsaved) -> None:
        tab = unsaved.place.get("tab")
        take = getattr(self.tabs.made(tab) if self.tabs is not None and tab else None, "take_unsaved", None)
        if take is None:
            super().take_unsaved(unsaved)
        else:
            take(unsaved)

    def reopen(self, key: str) -> None:
        self._wanted_form = key
        self._open_wanted_form()

    def _open_wanted_form(self) -> None:
        """Open the form of the class that is wanted, now or when the class has come."""
        if self._item is not None and self._item.id.hex() == self._wanted_form:
            self._wanted_form = ""
            self.edit()

    def edit(self) -> None:
        """Open the form of the class."""
        if self._item is not None:
            key = self._item.id.hex()
            content = ClassPanel(self.context, self._item)
            content.saved.connect(lambda _class_id: self._on_saved(key))
            self.panel.open_panel(key, tr("classes.edit"), content, content.foot())

    def _add_buttons(self) -> None:
        if self.may("make_paper"):
            made = self.header.add_button(tr("classes.print"), None, "printer")
            made.setProperty("menu", True)
            menu = QMenu(made)
            self.printing.fill(menu)
            made.setMenu(menu)
        if self.may("import_roster"):
            self.header.add_button(tr("classes.import"), self._import, "import")
        if self.may("edit_class"):
            self.header.add_button(tr("classes.edit"), self.edit, "pencil")
        self._steps_menu = QMenu(self)
        if any(self.may(command) for command in COMMAND_OF.values()):
            steps = self.header.add_button(tr("steps.menu"), None, "check")
            steps.setProperty("menu", True)
            steps.setMenu(self._steps_menu)

    def begin_step(self, verb: str) -> None:
        """Open the form of a step of the class."""
        if self._item is not None:
            key = f"{self._item.id.hex()}:{verb}"
            content = StepPanel(self.context, self._item, verb)
            content.taken.connect(lambda: self._on_step_taken(key))
            self.panel.open_panel(key, tr(f"steps.do.{verb}"), content, content.foot())

    def _on_step_taken(self, key: str) -> None:
        self.panel.forget_draft(key)
        self.panel.close_panel()

    def begin_act(self, act: str) -> None:
        """Open the form of 合班 (move) or 部门选用 (select)."""
        if self._item is not None:
            panel = MovePanel(self.context, self._item, None) if act == "move" else None
            content = panel or SelectionPanel(self.context, self._item)
            content.done.connect(self._on_act)
            title = tr(f"acts.{act}.title", code=self._item.code)
            self.panel.open_panel(f"{act} {self._item.id.hex()}", title, content, content.foot())

    def _on_act(self, said: str) -> None:
        self.panel.close_panel()
        self.context.messages.tell(said)

    def _offer_steps(self, state: str) -> None:
        """Offer the steps that the class can take now and the user may, then what is no step of its life."""
        self._steps_menu.clear()
        for verb in CYCLE.verbs(state):
            if self.may(COMMAND_OF[verb]):
                action = self._steps_menu.addAction(tr(f"steps.do.{verb}"))
                action.triggered.connect(lambda _=False, chosen=verb: self.begin_step(chosen))
        self._steps_menu.addSeparator()
        for act, permission in (("move", "move_people"), ("select", "select_project")):
            if self.may(permission):
                action = self._steps_menu.addAction(tr(f"acts.{act}.menu"))
                action.triggered.connect(lambda _=False, chosen=act: self.begin_act(chosen))

    def _import(self) -> None:
        if self._item is not None:
            self.context.navigate("imports", class_id=self._class_id, class_code=self._item.code)

    def _show_tabs_of(self, class_id: bytes) -> None:
        """Show the tabs of a class; those of a class seen before stay as they were left."""
        if self.tabs is not None:
            self.tabs.hide()
        if class_id not in self._tabs_of:
            made = Tabs()
            for key, view in VIEWS.items():
                if key in self._factories and self.may(view):
                    made.add(key, tr(f"tab.{key}"), self._maker(key, class_id))
            made.shown.connect(lambda _key: self._on_tab())
            self._tabs_of[class_id] = made
            self.content.addWidget(made, 1)
        self.tabs = self._tabs_of[class_id]
        self.tabs.show()
        self._fold_progress()

    def _on_tab(self) -> None:
        self._fold_progress()
        self._draw_crumbs()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold_progress()

    def _fold_progress(self) -> None:
        """Leave the room of the progress line to the grids where the screen is low."""
        grid = self.tabs is not None and self.tabs.current() in GRIDS
        folded = grid and self.window().height() < TALL
        self.progress.setVisible(not folded)
        self.content.setSpacing(8 if folded else 12)

    def _maker(self, key: str, class_id: bytes) -> Callable[[], QWidget]:
        """Return what makes a tab; of its panel and the page's own only one is open at a time."""

        def make() -> QWidget:
            tab = self._factories[key](self.context, class_id)
            own = getattr(tab, "panel", None)
            self._name_export(tab, class_id)
            if isinstance(own, SidePanel):
                own.opened.connect(self.panel.close_panel)
                self.panel.opened.connect(own.close_panel)
            return tab

        return make

    def _name_export(self, tab: QWidget | None, class_id: bytes) -> None:
        """Tell a tab's export which class it is of."""
        exporting = getattr(tab, "exporting", None)
        if isinstance(exporting, ListExport):
            exporting.class_id, exporting.scope = class_id, self._codes.get(class_id, "")

    def _on_state(self, state: ClassState) -> None:
        item = self._item = state.item
        self._codes[item.id] = item.code
        if self.tabs is not None:
            for key in self.tabs.keys_shown():
                self._name_export(self.tabs.made(key), item.id)
        self.header.set_title(item.code)
        self._offer_steps(item.state)
        self.header.set_facts(
            *facts(item),
            span_text(item.start_on, item.end_on),
            tr("classes.fact.adviser", names=tr("wording.and").join(item.advisers)) if item.advisers else "",
            item.project_name or tr("classes.no_project"),
        )
        verb = state.step.verb
        self.progress.show_state(state, may_step=verb is not None and self.may(COMMAND_OF[verb]))
        self._draw_crumbs()
        self._open_wanted_form()
        self._look_at_stamped()

    def _look_at_stamped(self) -> None:
        """Look where stamped copies of the class no longer fit."""
        if self._item is not None and self.may("view_evidence"):
            service, class_id = self.context.services.stamped_papers, self._item.id
            self.context.tasks.query(
                self, lambda: service.of_class(class_id), self.stamped.show_papers, latest="stamped"
            )

    def show_stamped(self, paper: StampedPaper) -> None:
        """Show in the panel where a stamped copy differs."""
        if self._item is not None:
            key = f"stamped {self._item.id.hex()} {paper.kind}"
            content = StampedPanel(self.context, self._item.id, self._item.code, paper)
            self.panel.open_panel(key, tr("stamped.title"), content, content.foot())

    def _draw_crumbs(self) -> None:
        code = self._item.code if self._item else ""
        crumbs = [Crumb(tr("page.classes"), "classes"), Crumb(code, "class", {"class_id": self._class_id})]
        tab = self.tabs.current() if self.tabs is not None else ""
        self.set_crumbs([*crumbs, Crumb(tr(f"tab.{tab}"))] if tab else crumbs)
        front = self.tabs.made(tab) if self.tabs is not None and tab else None
        self.set_hints(getattr(front, "hints", []))

    def _on_saved(self, key: str) -> None:
        self.panel.forget_draft(key)
        self.panel.close_panel()
        self.context.messages.tell(tr("classes.saved"))
