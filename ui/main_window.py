"""The frame: navigation, top bar, page, status strip. It fills named slots and knows no page by name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from PySide6.QtCore import QByteArray, QTimer, Signal
from PySide6.QtGui import QActionGroup, QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QMainWindow,
    QMenu,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop_app.services.drafts import Draft, DraftBox
from ui.dialogs.help import AboutDialog, HelpDialog
from ui.draft_bar import DraftBar
from ui.drafts import DraftKeeper, unsaved_of
from ui.i18n import tr
from ui.navigation import (
    Command,
    Commands,
    Found,
    FrameSource,
    FrameState,
    PageContext,
    PageRegistry,
    PageSpec,
    Session,
    Tools,
)
from ui.theme import icon, theme
from ui.unsaved import Unsaved
from ui.widgets.command_palette import CommandPalette, Entry
from ui.widgets.nav_rail import NavRail
from ui.widgets.notices import Banner, Toast
from ui.widgets.page import Crumb, Page
from ui.widgets.status_strip import StatusStrip
from ui.widgets.top_bar import TopBar

SMALLEST = (1024, 640)
USUAL = (1366, 728)


class MainWindow(QMainWindow):
    """Shows the pages that the session's roles open; what it asks of the services goes through ``FrameSource``."""

    switch_user_asked = Signal()
    lock_asked = Signal()
    quit_asked = Signal()

    def __init__(
        self, tools: Tools, session: Session, registry: PageRegistry, source: FrameSource, sync_page: str = ""
    ) -> None:
        super().__init__()
        self._context = context = PageContext(
            tools.services, tools.tasks, tools.changes, tools.messages, self.navigate, tools.preferences, session,
            Commands(self),
        )  # fmt: skip
        self._source = source
        self._sync_page = sync_page
        self._specs = {page.key: page for page in registry.open_to(context.session.roles)}
        self._made: dict[str, QWidget] = {}
        self._trail: list[tuple[str, dict[str, Any]]] = []
        self._current = ""
        self.setWindowTitle(tr("frame.window_title", institution=context.session.institution))
        self.setMinimumSize(*SMALLEST)
        self.rail, self.top, self.strip = NavRail(), TopBar(), StatusStrip()
        self.banner, self.pages = Banner(), QStackedWidget()
        self.offer, self.drafts = DraftBar(self._draft_title), cast("DraftKeeper | None", None)
        self._lay_out()
        self.toast = Toast(self.centralWidget())
        self.palette_popup = CommandPalette(self, self._find_commands)
        self._connect()
        self._fill_user_menu(context.session)
        self._add_commands(context.commands)
        self._restore_geometry()
        self.refresh()

    def navigate(self, page: str, /, **params: Any) -> None:  # noqa: ANN401 - each page names its own
        """Open a page with its parameters; a page that the roles do not open stays closed (KeyError)."""
        spec = self._specs[page]
        self._trail.append((page, params))
        self._show(spec, params)

    def go_back(self) -> None:
        """Open the page before, with the parameters it had."""
        if len(self._trail) > 1:
            self._trail.pop()
            page, params = self._trail[-1]
            self._show(self._specs[page], params)

    def current_page(self) -> str:
        """Return the key of the page in front."""
        return self._current

    def page_widget(self, key: str) -> QWidget:
        """Return the page ``key``, made now if it was not."""
        if key not in self._made:
            made = self._specs[key].factory(self._context)
            if isinstance(made, Page):
                made.crumbs_changed.connect(self._draw_page_slots)
                made.hints_changed.connect(self._draw_page_slots)
            self._made[key] = made
            self.pages.addWidget(made)
        return self._made[key]

    def refresh(self) -> None:
        """Ask what undo, redo and the sync say now."""
        self._context.tasks.query(self, self._source.state, self.show_state, latest="frame")

    def show_state(self, state: FrameState) -> None:
        """Fill the slots that depend on the profile's state."""
        self.top.set_steps(state.undo, state.redo)
        self.strip.set_sync(state.sync, state.sync_tone)
        self._sync_page = state.sync_page or self._sync_page

    def show_help(self) -> None:
        """Open the help at what is in front."""
        page = self._made.get(self._current)
        topic = page.help_topic(self._current) if isinstance(page, Page) else self._current
        HelpDialog(self, topic).exec()

    def show_about(self) -> None:
        """Say which program and which build this is."""
        AboutDialog(self).exec()

    def drop_drafts(self) -> None:
        """Forget all that was typed and not saved: another user takes over."""
        for page in self._made.values():
            if isinstance(page, Page):
                page.drop_drafts()
        if self.drafts is not None:
            self.drafts.forget()

    def keep_drafts(self, box: DraftBox) -> None:
        """Keep what is not saved in ``box`` from now on, and offer what an earlier run left there."""
        tasks, messages = self._context.tasks, self._context.messages
        keeper = DraftKeeper(tasks, box, self.unsaved, lambda error: messages.report(self, error), self)
        keeper.offered_changed.connect(lambda: self.offer.show_drafts(keeper.offered))
        self._context.changes.changed.connect(lambda _kinds: QTimer.singleShot(0, keeper, keeper.keep_now))
        self.drafts = keeper
        keeper.start()

    def unsaved(self) -> list[tuple[str, Unsaved]]:
        """Return what is typed and not saved, with the key of its page."""
        pages = [(key, page) for key, page in self._made.items() if isinstance(page, Page)]
        return [(key, one) for key, page in pages for one in page.unsaved()]

    def _on_restore(self, draft: Draft) -> None:
        """Put a draft back onto its page; where that is closed to the user now, it stays on offer."""
        if draft.page not in self._specs or self.drafts is None:
            self._context.messages.warn(tr("drafts.closed_page", title=draft.title))
            return
        unsaved = unsaved_of(draft)
        self.navigate(draft.page, **unsaved.place)
        page = self._made[draft.page]
        assert isinstance(page, Page)
        page.take_unsaved(unsaved)
        self.drafts.answer(draft)

    def _on_discard(self, draft: Draft) -> None:
        keeper = self.drafts
        if keeper is not None:
            keeper.answer(draft)
            text = tr("drafts.discarded", title=self._draft_title(draft))
            self._context.messages.tell(text, tr("drafts.again"), lambda: keeper.offer_again(draft))

    def _draft_title(self, draft: Draft) -> str:
        spec = self._specs.get(draft.page)
        return tr("drafts.item", page=tr(spec.title_key), title=draft.title) if spec else draft.title

    def closeEvent(self, event: QCloseEvent) -> None:
        geometry = self.saveGeometry().toBase64().data()
        self._context.preferences.write("window/geometry", bytes(geometry).decode("ascii"))
        self._context.preferences.save()
        super().closeEvent(event)

    def _lay_out(self) -> None:
        body = QWidget()
        body.setProperty("ground", "canvas")
        across = QHBoxLayout(body)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        across.addWidget(self.rail)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(self.top)
        column.addWidget(self.banner)
        column.addWidget(self.offer)
        column.addWidget(self.pages, 1)
        column.addWidget(self.strip)
        across.addLayout(column, 1)
        self.setCentralWidget(body)

    def _connect(self) -> None:
        context, preferences = self._context, self._context.preferences
        self.rail.set_institution(context.session.institution)
        listed = [page for page in self._specs.values() if page.listed]
        self.rail.set_pages([(page.key, tr(page.title_key), page.icon, page.group) for page in listed])
        self.rail.set_folded(bool(preferences.read("window/folded", False)))
        self.rail.folded.connect(lambda folded: preferences.write("window/folded", folded))
        self.rail.chosen.connect(self.navigate)
        self.top.crumb_chosen.connect(self._on_crumb)
        self.top.search_asked.connect(self.palette_popup.open_palette)
        self.top.undo_asked.connect(lambda: self._take_step(self._source.undo, "frame.undone", self.top.undo))
        self.top.redo_asked.connect(lambda: self._take_step(self._source.redo, "frame.redone", self.top.redo))
        self.strip.sync_opened.connect(self._on_sync)
        self.palette_popup.searched.connect(self._on_search)
        self.palette_popup.closed.connect(self.pages.setFocus)
        self.offer.restored.connect(self._on_restore)
        self.offer.discarded.connect(self._on_discard)
        context.messages.banner.connect(self.banner.show_notice)
        context.messages.toast.connect(lambda _notice: self.banner.settle())
        context.messages.toast.connect(self.toast.show_notice)
        context.messages.set_host(self)
        context.changes.changed.connect(self._on_changed)
        saving = getattr(context.tasks, "saving", None)
        if saving is not None:
            saving.connect(self.strip.set_saving)

    def _fill_user_menu(self, session: Session) -> None:
        self.top.set_user(session.user)
        self.strip.set_profile(session.user, session.profile, demo=session.demo)
        menu = self.top.user_menu
        menu.addAction(icon("users"), tr("user.switch"), self.switch_user_asked.emit)
        menu.addAction(icon("lock"), tr("user.lock"), self.lock_asked.emit)
        menu.addSeparator()
        scheme: QMenu = menu.addMenu(icon("sun"), tr("user.theme"))
        group = QActionGroup(scheme)
        for choice in ("system", "light", "dark"):
            action = scheme.addAction(tr(f"theme.{choice}"))
            action.setCheckable(True)
            action.setChecked(theme.choice == choice)
            action.triggered.connect(lambda _=False, chosen=choice: self.choose_theme(chosen))
            group.addAction(action)
        menu.addSeparator()
        menu.addAction(icon("circle-help"), tr("user.help"), self.show_help)
        menu.addAction(icon("info"), tr("user.about"), self.show_about)
        menu.addSeparator()
        menu.addAction(icon("log-out"), tr("user.quit"), self.quit_asked.emit)

    def choose_theme(self, choice: str) -> None:
        """Take "system", "light" or "dark" and remember it."""
        theme.choose(choice)
        self._context.preferences.write("window/theme", choice)

    def _add_commands(self, commands: Commands) -> None:
        for page in self._specs.values():
            if page.listed:
                title = tr("palette.go_to", page=tr(page.title_key))
                run = self._goer(page.key)
                commands.add(Command(f"go.{page.key}", title, run, page.icon), self)
        for key, text, run, name, shortcut in (
            ("undo", tr("frame.undo_word"), self.top.undo.click, "undo-2", "Ctrl+Z"),
            ("redo", tr("frame.redo_word"), self.top.redo.click, "redo-2", "Ctrl+Y"),
            ("back", tr("frame.back"), self.go_back, "chevron-left", "Alt+Left"),
            ("lock", tr("user.lock"), self.lock_asked.emit, "lock", "Ctrl+L"),
            ("switch", tr("user.switch"), self.switch_user_asked.emit, "users", ""),
            ("fold", tr("frame.fold_word"), self.rail.toggle, "panel-left-close", "Ctrl+B"),
            ("theme.system", tr("palette.theme_system"), lambda: self.choose_theme("system"), "sun", ""),
            ("theme.light", tr("palette.theme_light"), lambda: self.choose_theme("light"), "sun", ""),
            ("theme.dark", tr("palette.theme_dark"), lambda: self.choose_theme("dark"), "moon", ""),
            ("help", tr("user.help"), self.show_help, "circle-help", "F1"),
            ("quit", tr("user.quit"), self.quit_asked.emit, "log-out", "Ctrl+Q"),
        ):
            commands.add(Command(key, text, run, name, shortcut), self)
            if shortcut:
                QShortcut(QKeySequence(shortcut), self, run)
        QShortcut(QKeySequence("Ctrl+K"), self, self.palette_popup.open_palette)

    def _goer(self, key: str) -> Any:  # noqa: ANN401 - a plain callable for a command
        return lambda: self.navigate(key)

    def _restore_geometry(self) -> None:
        self.resize(*USUAL)
        kept = self._context.preferences.read("window/geometry")
        if isinstance(kept, str):
            self.restoreGeometry(QByteArray.fromBase64(kept.encode("ascii")))

    def _show(self, spec: PageSpec, params: dict[str, Any]) -> None:
        self.banner.hide()
        widget = self.page_widget(spec.key)
        self._current = spec.key
        if isinstance(widget, Page):
            widget.open(**params)
        self.pages.setCurrentWidget(widget)
        if not widget.isAncestorOf(QApplication.focusWidget() or self):
            widget.setFocus()
        self.rail.set_current(spec.under or spec.key)
        self._draw_page_slots()

    def _draw_page_slots(self) -> None:
        widget = self._made.get(self._current)
        spec = self._specs.get(self._current)
        if spec is None:
            return
        crumbs: Sequence[Crumb] = widget.crumbs if isinstance(widget, Page) else ()
        self.top.set_crumbs(crumbs or [Crumb(tr(spec.title_key))])
        self.strip.set_hints(widget.hints if isinstance(widget, Page) else ())

    def _on_crumb(self, crumb: Crumb) -> None:
        self.navigate(crumb.page, **crumb.params)

    def _on_sync(self) -> None:
        if self._sync_page in self._specs:
            self.navigate(self._sync_page)

    def _on_changed(self, _kinds: frozenset[str]) -> None:
        self.refresh()

    def _take_step(self, run: Any, told_key: str, pressed: QWidget) -> None:  # noqa: ANN401 - a service method
        step = pressed.property("step")
        self._context.tasks.command(
            self, run, lambda _result: self._context.messages.tell(tr(told_key, step=step))
        )

    def _find_commands(self, text: str) -> list[Entry]:
        return [Entry(c.title, c.run, c.shortcut, c.icon) for c in self._context.commands.find(text)]

    def _on_search(self, text: str) -> None:
        if text:
            self._context.tasks.query(
                self,
                lambda: self._source.find(text),
                lambda found: self._on_found(text, found),
                latest="palette",
            )

    def _on_found(self, text: str, found: Sequence[Found]) -> None:
        if text != self.palette_popup.line.text().strip():
            return
        open_to = [item for item in found if item.page in self._specs]
        entries = [Entry(item.title, self._opener(item), item.detail, item.icon) for item in open_to]
        self.palette_popup.set_found(entries)

    def _opener(self, item: Found) -> Any:  # noqa: ANN401 - a plain callable for an entry
        return lambda: self.navigate(item.page, **item.params)
