"""Pictures of every page that a user sees, light and dark, drawn without a display on a real profile."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication, QWidget

import resources
from desktop_app.services.profile import Profile
from desktop_app.version import version
from ui.app import create_application
from ui.changes import Changes
from ui.frame_source import ServicesFrame, read_session
from ui.main_window import MainWindow
from ui.messages import Messages
from ui.navigation import Tools
from ui.pages.classes.class_page import ClassPage
from ui.pages.first_run.page import FirstRunWindow
from ui.pages.login.page import LoginWindow
from ui.pages.registry import SYNC_PAGE, page_registry
from ui.preferences import Preferences
from ui.rendering import render, scheme_for_pictures
from ui.tasks import Tasks

OFFICE_SCREEN = (1366, 768)
SCHEMES = ("light", "dark")
LONGEST_WAIT = 20.0
SAMPLE_ROSTER = "花名册-社会重点群体-电工.xlsx"
_OFFSCREEN_REMARK = "does not support propagateSizeHints"
Build = Callable[[Profile], Any]


class PicturesFailedError(Exception):
    """A page did not come to rest, or a bug was reported while it was drawn: then it is the cause."""


class Doors(Messages):
    """The doors of a window that nobody sits at: a bug is kept, no dialog waits for an answer."""

    def __init__(self) -> None:
        super().__init__(version())
        self.found: BaseException | None = None

    def bug(self, error: BaseException) -> None:
        self.found = self.found or error

    def check(self) -> None:
        """Raise PicturesFailedError where a bug was reported."""
        if self.found is not None:
            raise PicturesFailedError from self.found


def draw(
    profile: Profile, build: Build, login: str, password: str, folder: Path, pages: Collection[str] = ()
) -> int:
    """Log a user in and draw every page that the roles open, or only ``pages``; return the number of pictures.

    Names are ``<login>-<page>[-<tab>]-<scheme>.png``. Raises what logging in raises, PicturesFailedError.
    """
    qInstallMessageHandler(_tell)
    application = create_application(["training-client"], own_font=True)
    profile.log_in(login, password)
    services = build(profile)
    changes, messages = Changes(), Doors()
    tasks = Tasks(changes, messages)
    preferences = Preferences(folder / ".preferences.json")
    count, hook = 0, sys.excepthook
    messages.catch_bugs()
    try:
        session = read_session(services)
        tools = Tools(services, tasks, changes, messages, preferences)
        window = MainWindow(tools, session, page_registry(), ServicesFrame(services), SYNC_PAGE)
        messages.set_host(window)
        window.resize(*OFFICE_SCREEN)
        window.show()
        for scheme in SCHEMES:
            with scheme_for_pictures(scheme):
                for name in _scenes(window, services, session.roles, tasks, application, pages):
                    messages.check()
                    render(window, OFFICE_SCREEN, folder / f"{login}-{name}-{scheme}.png", scheme)
                    count += 1
                if not pages and "admin" in session.roles:
                    count += _draw_entrance(tasks, login, folder, scheme)
        messages.check()
        window.close()
    finally:
        sys.excepthook = hook
        tasks.close()
        (folder / ".preferences.json").unlink(missing_ok=True)
    return count


def _tell(_kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    """Print what Qt says, but for the offscreen plug-in's remark on every window."""
    if _OFFSCREEN_REMARK not in message:
        sys.stderr.write(message + "\n")


def _scenes(
    window: MainWindow,
    services: Any,  # noqa: ANN401 - the container
    roles: frozenset[str],
    tasks: Tasks,
    application: QApplication,
    pages: Collection[str],
) -> Iterator[str]:
    """Bring up one page after the other, at rest, and yield its name; the class page with each of its tabs.

    Where ``pages`` names some, the others are not even opened.
    """

    def is_wanted(name: str) -> bool:
        return not pages or name in pages

    classes = services.classes.list_classes() if services.context.may("view_classes") else []
    for spec in page_registry().open_to(roles):
        if spec.key == "class" or not is_wanted(spec.key):
            continue
        window.navigate(spec.key)
        _rest(tasks, application)
        yield spec.key
    if not classes:
        return
    for name, page_key, params in _details(services, classes[-1].code, roles):
        if not is_wanted(name):
            continue
        window.navigate(page_key, **params)
        _rest(tasks, application)
        yield name
    if pages and not any(name.startswith("class-") for name in pages):
        return
    window.navigate("class", class_id=classes[0].id)
    _rest(tasks, application)
    page = window.page_widget("class")
    assert isinstance(page, ClassPage)
    for tab in page.tabs.keys_shown() if page.tabs is not None else []:
        if not is_wanted(f"class-{tab}"):
            continue
        page.show_tab(tab)
        _rest(tasks, application)
        yield f"class-{tab}"


def _details(
    services: Any,  # noqa: ANN401 - the container
    class_code: str,
    roles: frozenset[str],
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Name what a page shows once something is opened in it: picture, page, parameters."""
    open_pages = {spec.key for spec in page_registry().open_to(roles)}
    if services.context.may("import_roster"):
        path = resources.path("demo", SAMPLE_ROSTER)
        yield "imports-check", "imports", {"class_code": class_code, "path": str(path)}
    people = services.trainees.list_trainees(limit=1) if "trainees" in open_pages else []
    if people:
        yield "trainees-panel", "trainees", {"trainee_id": people[0].id}


def _rest(tasks: Tasks, application: QApplication) -> None:
    """Let a page's questions come back."""
    until = time.monotonic() + LONGEST_WAIT
    quiet = 0
    while quiet < 3:
        application.processEvents()
        quiet = quiet + 1 if tasks.is_idle() else 0
        time.sleep(0.01)
        if time.monotonic() > until:
            raise PicturesFailedError


def _draw_entrance(tasks: Tasks, login: str, folder: Path, scheme: str) -> int:
    """Draw the first run and the login, which nobody sees once inside."""

    def refuse(*_given: object) -> Any:  # noqa: ANN401 - never called: nothing is pressed
        raise PicturesFailedError

    windows: dict[str, QWidget] = {
        "first-run": FirstRunWindow(tasks, refuse, refuse),
        "login": LoginWindow(tasks, folder.name, refuse, refuse, last_user=login),
    }
    sizes = {"first-run": (720, 728), "login": (560, 560)}
    for name, window in windows.items():
        render(window, sizes[name], folder / f"{name}-{scheme}.png", scheme)
        window.close()
    return len(windows)
