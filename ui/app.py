"""Starts Qt as this product needs it, and goes from the login to the frame and back."""

from __future__ import annotations

import ctypes
import gc
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLibraryInfo, QLocale, QObject, Qt, QTranslator
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from desktop_app.config import SWITCH_SECONDS
from desktop_app.domain.errors import AppError
from desktop_app.version import version
from ui.changes import Changes
from ui.dialogs.ask import Verb, ask
from ui.glyphs import font_trouble
from ui.i18n import set_language, tr
from ui.idle import IdleWatch
from ui.late_profile import BuildServices, LateProfile, LoadServices
from ui.messages import Messages
from ui.navigation import FrameSource, PageRegistry, Session, Tools
from ui.pages.registry import HOME, SYNC_PAGE, page_registry
from ui.pasted_file import forget_pasted
from ui.preferences import Preferences
from ui.session import Entrance
from ui.tasks import Tasks
from ui.theme import theme, ui_font
from ui.watchdog import Watchdog

if TYPE_CHECKING:
    from desktop_app.services.drafts import DraftBox
    from desktop_app.services.profile import Profile
    from ui.main_window import MainWindow
    from ui.session import MakeJoining

USUAL_IDLE_MINUTES = 10
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8
_BLOCK = 512 * 1024
"""Bytes; blocks as large are taken from the system by themselves and given back at once."""


def give_memory_back() -> None:
    """Let glibc return to the system what a picture or a long list took, instead of keeping it for the next one.

    Left alone it raises both thresholds to the largest block that it has seen, and threads get heaps of their own.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform.startswith("linux") else None
    if mallopt is not None:  # musl has none
        for option, value in ((_M_MMAP_THRESHOLD, _BLOCK), (_M_TRIM_THRESHOLD, _BLOCK), (_M_ARENA_MAX, 2)):
            mallopt(option, value)


def create_application(argv: Sequence[str], *, own_font: bool = False) -> QApplication:
    """Return the QApplication with font, theme and Qt's own Chinese texts; an existing one is taken over.

    The wheels of PySide6 ship no fcitx plug-in: on Linux an unset or fcitx input method becomes ibus, which
    fcitx serves too.
    """
    give_memory_back()
    if sys.platform.startswith("linux") and os.environ.get("QT_IM_MODULE", "fcitx") in {
        "",
        "fcitx",
        "fcitx5",
    }:
        os.environ["QT_IM_MODULE"] = "ibus"
    existing = QApplication.instance()
    if existing is None:
        rounding = Qt.HighDpiScaleFactorRoundingPolicy.PassThrough
        QGuiApplication.setHighDpiScaleFactorRoundingPolicy(rounding)
    application = existing if isinstance(existing, QApplication) else QApplication(list(argv))
    application.setApplicationName("training-client")
    application.setDesktopFileName("training-client")
    application.setApplicationDisplayName(tr("app.name"))
    application.setStyle("Fusion")
    application.setFont(ui_font(own=own_font))
    QLocale.setDefault(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
    translator = QTranslator(application)
    if translator.load("qtbase_zh_CN", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        application.installTranslator(translator)
    theme.choose(theme.choice)
    return application


@dataclass(frozen=True, slots=True)
class Screens:
    """What the pages bring: the login window (``locked`` = only the present user may go on), and the pages."""

    login: Callable[[App, bool], QWidget]
    pages: PageRegistry
    home: str
    sync_page: str = ""


class App(QObject):
    """One running window program; ``show_login`` and ``show_main`` are its two states."""

    def __init__(self, application: QApplication, screens: Screens, preferences: Preferences) -> None:
        super().__init__(application)
        self._application = application
        self._screens = screens
        self.preferences = preferences
        self.messages = Messages(version(), self)
        self.changes = Changes(self)
        self.tasks = Tasks(self.changes, self.messages, self)
        self.window: MainWindow | None = None
        self.login: QWidget | None = None
        self._session: Session | None = None
        self._status = 0
        self._idle = IdleWatch(application, 0, self)
        self._idle.idle.connect(self.lock)
        if sys.flags.dev_mode:  # python -X dev: say of each block of the window's thread how long it was
            Watchdog(self, told=lambda late: sys.stderr.write(f"window blocked {late:.0f} ms\n")).start()
        theme.choose(str(preferences.read("window/theme", "system")))
        application.setQuitOnLastWindowClosed(True)

    @property
    def session(self) -> Session | None:
        """Who works at the window, None before the first login."""
        return self._session

    def show_login(self, *, locked: bool = False) -> None:
        """Show the login; the frame stays hidden behind it when the window is only locked."""
        self._idle.set_minutes(0)
        self.messages.set_host(None)
        before = self.login
        self.login = self._screens.login(self, locked)
        self.login.show()
        if before is not None:
            before.close()
            before.deleteLater()
        if self.window is not None:
            self.window.hide()
        QGuiApplication.clipboard().clear()
        forget_pasted()

    def show_main(
        self,
        session: Session,
        services: object,
        source: FrameSource,
        page: str = "",
        drafts: DraftBox | None = None,
    ) -> None:
        """Show the frame: the hidden one where the same user comes back, a new one for anybody else.

        ``page`` is opened instead of the first one, where the user may see it; ``drafts`` keeps what is not saved.
        """
        if session != self._session:
            self._forget_window()
        trouble = None
        if self.window is None:
            trouble = font_trouble()
            tools = Tools(services, self.tasks, self.changes, self.messages, self.preferences)
            make = import_module("ui.main_window").MainWindow  # loaded while somebody typed a password
            self.window = make(tools, session, self._screens.pages, source, self._screens.sync_page)
            assert self.window is not None
            self.window.lock_asked.connect(self.lock)
            self.window.switch_user_asked.connect(self.switch_user)
            self.window.quit_asked.connect(self.quit)
            shown = {spec.key for spec in self._screens.pages.open_to(session.roles)}
            self.window.navigate(page if page in shown else self._screens.home)
            if drafts is not None:
                self.window.keep_drafts(drafts)
        self._session = session
        self.messages.set_host(self.window)
        self.window.show()
        if trouble is not None:
            self.messages.known(trouble, self.window)
        if self.login is not None:
            self.login.close()
            self.login.deleteLater()
            self.login = None
        self._idle.set_minutes(float(self.preferences.read("window/idle_minutes", USUAL_IDLE_MINUTES)))

    def lock(self) -> None:
        """Hide the window until its user gives the password again; work under way goes on."""
        if self.window is not None and self.window.isVisible():
            modal = QApplication.activeModalWidget()
            if modal is not None:
                modal.close()
            self.show_login(locked=True)

    def switch_user(self) -> None:
        """Let somebody else log in, after asking about what is not saved; nothing of the present user stays."""
        unsaved = [] if self.window is None else self.window.unsaved()
        lost = sum(not one.under_way for _page, one in unsaved)
        if lost:
            verbs = [Verb("switch", tr("drafts.switch"), "danger"), Verb("", tr("drafts.stay"))]
            question, detail = tr("drafts.switch_question", count=lost), tr("drafts.switch_detail")
            if ask(self.login or self.window, question, detail, verbs) != "switch":
                return
        self._forget_window()
        self._session = None
        self.show_login()

    def _forget_window(self) -> None:
        """Drop the frame with all that was typed and shown in it; commands under way are still carried out."""
        if self.window is not None:
            self.window.drop_drafts()
            self.window.close()
            self.window.deleteLater()
            self.window = None

    def give_up(self, error: AppError) -> None:
        """Say why the profile cannot be opened, and end."""
        self.messages.known(error, self.login)
        self._status = 1
        self.quit()

    def quit(self) -> None:
        """Close every window and end."""
        self._application.closeAllWindows()
        self._application.quit()

    def run(self) -> int:
        """Show the login, serve until the last window closes, finish pending work; returns the exit status."""
        self.messages.catch_bugs()
        self.show_login()
        status = self._application.exec()
        self.close()
        return self._status or status

    def close(self) -> None:
        """Finish commands, keep what is not saved, stop everything else, remember the window's set-up."""
        if self.window is not None and self.window.drafts is not None:
            self.window.drafts.finish()
        self.tasks.close()
        self.preferences.save()


def run(
    folder: Path,
    open_profile: Callable[[Path], Profile],
    build_services: BuildServices,
    load_services: LoadServices,
    make_joining: MakeJoining,
) -> int:
    """Show the window on a profile folder until it is closed; return the exit status.

    The functions come from the composition root; they are called after the login was seen, off the window's
    thread. A folder that cannot be opened is told and ends the program with 1.
    """
    gc.disable()  # until all is loaded, see hold_loaded
    sys.setswitchinterval(SWITCH_SECONDS)
    preferences = Preferences(folder / "window.ini")
    set_language(str(preferences.read("window/language", "zh")))
    application = create_application(sys.argv)
    profile = LateProfile(folder, open_profile, build_services, load_services)
    screens = Screens(Entrance(profile, make_joining).screen, page_registry(), HOME, SYNC_PAGE)
    try:
        return App(application, screens, preferences).run()
    finally:
        profile.close()
