"""The frame on a store with its real tasks, for benchmarks, and the watch over it while something is done."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from desktop_app import bootstrap
from tests.benchmarks.measuring import Report, require
from tests.benchmarks.stores import StressStore

BLOCK_MS = 50
SCREEN = (1366, 728)
LONGEST = 600


class Window:
    """The frame on an open store, with its real tasks."""

    def __init__(self, store: StressStore, application: Any) -> None:
        from ui.changes import Changes
        from ui.frame_source import ServicesFrame, read_session
        from ui.late_profile import hold_loaded
        from ui.main_window import MainWindow
        from ui.messages import Messages
        from ui.navigation import Tools
        from ui.pages.registry import load_pages, page_registry
        from ui.preferences import Preferences
        from ui.session import Bridge
        from ui.tasks import Tasks

        bootstrap.load_services()
        load_pages()
        hold_loaded()
        self.application, self.services, self.store = application, store.services, store
        self.errors: list[BaseException] = []

        class Doors(Messages):
            """Dialogs wait for somebody; here an error ends the benchmark."""

            def report(_self, _owner: Any, error: BaseException) -> None:  # noqa: N805
                self.errors.append(error)

        changes, self.messages = Changes(), Doors("bench")
        self.tasks = Tasks(changes, self.messages)
        self.services.context.listeners.append(Bridge(changes).take)
        tools = Tools(
            self.services, self.tasks, changes, self.messages, Preferences(store.folder / "window.ini")
        )
        session = read_session(self.services)
        self.specs = [spec.key for spec in page_registry().open_to(session.roles)]
        self.frame = MainWindow(tools, session, page_registry(), ServicesFrame(self.services))
        self.messages.set_host(self.frame)
        self.frame.resize(*SCREEN)
        self.frame.show()
        self.rest()

    def rest(self) -> None:
        """Let every question come back and be painted."""
        self.until(self.tasks.is_idle)

    def until(self, holds: Callable[[], bool]) -> None:
        """Serve the window's events until something holds."""
        end = time.monotonic() + LONGEST
        self.application.processEvents()
        while not holds():
            require(not self.errors, f"a window without errors: {self.errors!r}")
            require(time.monotonic() < end, f"something to come within {LONGEST} s")
            self.application.processEvents()
            time.sleep(0.0005)
        self.application.processEvents()


@contextmanager
def window_on(store: StressStore) -> Iterator[Window]:
    """Yield a window on a store, at rest."""
    from ui.app import create_application

    made = Window(store, create_application(["bench"], own_font=True))
    try:
        yield made
    finally:
        made.tasks.close()
        made.frame.close()


def keep_going(report: Report, window: Window, name: str, work: Callable[[], Any]) -> None:
    """Do something in the thread of commands; meanwhile the window scrolls a list and is watched."""
    from ui.watchdog import Watchdog

    page = next(key for key in ("trainees", "journal", "users") if key in window.specs)
    window.frame.navigate(page)
    window.rest()
    bar = window.frame.page_widget(page).table.view.verticalScrollBar()
    ended: list[object] = []
    started = time.perf_counter()
    with Watchdog() as dog:
        window.tasks.command(window.frame, lambda: [work()], ended.append, ended.append)
        n = 0
        while not ended:
            require(time.perf_counter() - started < LONGEST, f"{name} to end")
            bar.setValue(n * 61 % max(1, bar.maximum()))
            window.application.processEvents()
            time.sleep(0.001)
            n += 1
    require(isinstance(ended[0], list), f"{name} to succeed: {ended[0]!r}")
    report.figure(f"{name} took", time.perf_counter() - started, "s")
    report.figure(f"window kept during {name}", dog.longest_ms, "ms", at_most=BLOCK_MS)
    window.rest()
