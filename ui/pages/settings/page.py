"""设置: how the window looks, what this workstation is, the sites, the own password, and about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QRadioButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

import resources
from desktop_app.domain.errors import AppError
from desktop_app.domain.listings.training import SiteListItem
from desktop_app.domain.passwords import password_problems
from desktop_app.domain.regions import region_name
from desktop_app.store.repositories.accounts import Institution
from desktop_app.version import version
from ui.dialogs.password import ask_new_password, ask_password
from ui.i18n import tr
from ui.messages import describe
from ui.navigation import Command, PageContext
from ui.pages.settings.backups import BackupCard
from ui.pages.settings.letterhead import LetterheadCard
from ui.pages.settings.reviewing import ReviewingCard
from ui.pages.settings.sites import SiteList, SitePanel
from ui.panel_page import NEW, PanelPage
from ui.theme import theme
from ui.widgets.form_panel import choice_box
from ui.widgets.labels import button, label
from ui.widgets.page import Crumb
from ui.widgets.page_header import PageHeader
from ui.wording import NOTHING, roles_text

THEMES = ("system", "light", "dark")
IDLE_CHOICES = (5, 10, 15, 30)
USUAL_IDLE = 10
WIDTH, BOX_WIDTH = 720, 136


class SettingsPage(PanelPage):
    """Cards under each other; what is changed holds at once. ``open(create_site=True)`` begins a new site."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context, "settings")
        self._sites: list[SiteListItem] = []
        self._wanted_site = ""
        self.header = PageHeader(tr("page.settings"), tr("settings.facts"))
        self.content.addWidget(self.header)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        holder = QWidget()
        holder.setProperty("ground", "canvas")
        across = QHBoxLayout(holder)
        across.setContentsMargins(0, 0, 0, 0)
        self._cards = QVBoxLayout()
        self._cards.setSpacing(16)
        across.addLayout(self._cards)
        across.addStretch(1)
        scroll.setWidget(holder)
        self.content.addWidget(scroll, 1)
        self._add_look()
        self._place = self._card(tr("settings.workstation"))
        self.reviewing = ReviewingCard(context)
        self._card(tr("reviewing.title")).addWidget(self.reviewing, 0, 0, 1, 2)
        self.backups = BackupCard(context)
        self._card(tr("backups.title")).addWidget(self.backups, 0, 0, 1, 2)
        self._add_sites()
        self.letterhead = LetterheadCard(context)
        self._card(tr("letterhead.title")).addWidget(self.letterhead, 0, 0, 1, 2)
        self._add_password()
        self._add_about()
        self._cards.addStretch(1)
        self.set_crumbs([Crumb(tr("page.settings"))])
        theme.changed.connect(self._draw_theme)
        self.reload_on(context.changes, {"institution", "device", "user", "site", "training_class"})

    def open(self, **params: Any) -> None:  # noqa: ANN401 - each page names its own
        if params.get("create_site"):
            self.open_site(None)

    def reload(self) -> None:
        self.backups.load()
        self.reviewing.load()
        self.letterhead.load()
        self.context.tasks.query(self, self.context.services.sites.list_sites, self._on_sites, latest="sites")
        self.context.tasks.query(
            self, self.context.services.accounts.institution, self._on_institution, latest="place"
        )

    def choose_theme(self, choice: str) -> None:
        """Take a scheme and remember it."""
        theme.choose(choice)
        self.context.preferences.write("window/theme", choice)

    def choose_language(self, language: str) -> None:
        """Remember the language for the next start."""
        self.context.preferences.write("window/language", language)
        self._language_note.setText(tr("settings.language_next"))

    def change_password(self) -> None:
        """Ask for the old and the new password of the acting user."""
        old = ask_password(
            self.window(),
            tr("settings.password_question"),
            tr("settings.password_detail"),
            tr("settings.password_next"),
        )
        if old is None:
            return
        actor = self.context.services.context.actor
        names = (actor.user.login, actor.user.display) if actor else ()

        def problem(password: str) -> str:
            found = password_problems(password, names)
            return describe(found[0]).text if found else ""

        new = ask_new_password(
            self.window(), tr("settings.password_new"), tr("settings.password_new_detail"), problem
        )
        if new is not None:
            accounts = self.context.services.accounts
            self.context.tasks.command(
                self,
                lambda: accounts.change_password(old, new),
                lambda _nothing: self.context.messages.tell(tr("settings.password_done")),
                self._on_refused,
            )

    def _add_look(self) -> None:
        grid = self._card(tr("settings.look"))
        row = QHBoxLayout()
        row.setSpacing(16)
        self.themes: dict[str, QRadioButton] = {}
        for choice in THEMES:
            made = QRadioButton(tr(f"theme.{choice}"))
            made.clicked.connect(lambda _=False, chosen=choice: self.choose_theme(chosen))
            row.addWidget(made)
            self.themes[choice] = made
        row.addStretch(1)
        self._line(grid, tr("settings.theme"), row)
        languages = choice_box([(code, tr(f"language.{code}")) for code in resources.LANGUAGES])
        languages.setMinimumWidth(BOX_WIDTH)
        languages.setCurrentIndex(languages.findData(self.context.preferences.read("window/language", "zh")))
        languages.activated.connect(lambda _index: self.choose_language(str(languages.currentData())))
        self._language_note = label("", "secondary")
        self._line(grid, tr("settings.language"), languages, self._language_note)
        idle = choice_box([(minutes, tr("settings.minutes", count=minutes)) for minutes in IDLE_CHOICES])
        idle.setMinimumWidth(BOX_WIDTH)
        idle.setCurrentIndex(idle.findData(self.context.preferences.read("window/idle_minutes", USUAL_IDLE)))
        idle.activated.connect(
            lambda _index: self.context.preferences.write("window/idle_minutes", idle.currentData())
        )
        self._line(grid, tr("settings.idle"), idle, label(tr("settings.idle_note"), "secondary"))
        self._draw_theme()

    def open_site(self, site: SiteListItem | None) -> None:
        """Open the form of a site, of a new one where there is none."""
        key = "new" if site is None else site.id.hex()
        content = SitePanel(self.context, site)
        content.saved.connect(lambda: self._on_site_saved(key))
        title = tr("sites.new") if site is None else site.name
        self.panel.open_panel(key, title, content, content.foot())
        content.form.fields["name"].editor.setFocus()

    def reopen(self, key: str) -> None:
        if key == NEW:
            self.open_site(None)
        else:
            self._wanted_site = key
            self._open_wanted_site()

    def _on_sites(self, sites: Sequence[SiteListItem]) -> None:
        self._sites = list(sites)
        self.sites.show_sites(sites)
        self._open_wanted_site()

    def _open_wanted_site(self) -> None:
        site = next((site for site in self._sites if site.id.hex() == self._wanted_site), None)
        if site is not None:
            self._wanted_site = ""
            self.open_site(site)

    def _on_site_saved(self, key: str) -> None:
        self.panel.forget_draft(key)
        self.panel.close_panel()
        self.context.messages.tell(tr("sites.saved"))

    def _add_sites(self) -> None:
        may_add, may_edit = self.may("add_site"), self.may("edit_site")
        grid = self._card(tr("sites.title"))
        self.sites = SiteList(may_edit=may_edit)
        self.sites.opened.connect(self.open_site)
        grid.addWidget(self.sites, 0, 0, 1, 2)
        if may_add:
            self.new_site = button(tr("sites.new"), "", "plus")
            self.new_site.clicked.connect(lambda: self.open_site(None))
            grid.addWidget(self.new_site, 1, 0, 1, 2, Qt.AlignmentFlag.AlignLeft)
            self.context.commands.add(
                Command(
                    "sites.new",
                    tr("sites.new"),
                    lambda: self.context.navigate("settings", create_site=True),
                    "plus",
                ),
                self,
            )

    def _add_password(self) -> None:
        grid = self._card(tr("settings.account"))
        session = self.context.session
        actor = self.context.services.context.actor
        roles = roles_text(actor.roles) if actor else NOTHING
        self._line(grid, tr("settings.user"), label(session.user))
        self._line(grid, tr("settings.roles"), label(roles, wrap=True))
        change = button(tr("settings.change_password"), "", "key-round")
        change.clicked.connect(self.change_password)
        self._line(grid, tr("password.password"), change, label(tr("settings.password_here"), "secondary"))

    def _add_about(self) -> None:
        grid = self._card(tr("settings.about"))
        self._line(grid, tr("settings.product"), label(tr("app.name")))
        self._line(grid, tr("settings.version"), label(version()))
        self._line(grid, tr("settings.licence"), label(tr("settings.licence_text"), wrap=True))
        fonts = button(tr("settings.fonts"), "link")
        path = resources.path("fonts", "OFL-NotoSansSC.txt")
        fonts.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))))
        self._line(grid, tr("settings.font_licence"), fonts)

    def _card(self, title: str) -> QGridLayout:
        card = QFrame()
        card.setProperty("card", True)
        card.setFixedWidth(WIDTH)
        column = QVBoxLayout(card)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(12)
        column.addWidget(label(title, "heading"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnMinimumWidth(0, 112)
        grid.setColumnStretch(1, 1)
        column.addLayout(grid)
        self._cards.addWidget(card)
        return grid

    def _line(self, grid: QGridLayout, title: str, *parts: QWidget | QHBoxLayout) -> None:
        row = grid.rowCount()
        wraps = isinstance(parts[0], QLabel) and parts[0].wordWrap()
        align = Qt.AlignmentFlag.AlignTop if wraps else Qt.AlignmentFlag.AlignVCenter
        grid.addWidget(label(title, "facts"), row, 0, align)
        place = QHBoxLayout()
        place.setSpacing(12)
        for part in parts:
            if isinstance(part, QWidget):
                place.addWidget(part)
            else:
                place.addLayout(part)
        place.addStretch(1)
        grid.addLayout(place, row, 1)

    def _draw_theme(self) -> None:
        self.themes[theme.choice].setChecked(True)

    def _on_institution(self, found: Institution) -> None:
        self.reviewing.show_institution(found)
        if self._place.count():
            return
        solo = tr("settings.solo") if found.solo else ""
        profile = self.context.services.profile
        for title, text in (
            ("settings.institution", f"{found.name}　{tr(f'kind.{found.kind}')}"),
            ("settings.uscc", found.uscc),
            ("settings.region", region_name(found.region)),
            ("settings.solo_title", solo),
            ("settings.folder", str(profile.files.folder)),
        ):
            if text:
                line = label(text, wrap=True)
                line.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
                line.setMinimumWidth(480)
                self._line(self._place, tr(title), line)

    def _on_refused(self, error: AppError) -> None:
        self.context.messages.report(self, error)
