"""The window on the stress store: opening every page, scrolling everybody, and what work in the background costs it."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from desktop_app import bootstrap
from desktop_app.excel.column_names import WorkbookKind
from desktop_app.services.profile import NewInstitution, Profile
from desktop_app.services.reporting import Selection
from tests.benchmarks.measuring import Report, Taken, require
from tests.benchmarks.stores import FULL, StressStore, stress_store, working_folder
from tests.e2e.installed.program import Place, Platform
from tests.factories.stress.making import ADMIN, COST, INSTITUTION, OFFICE, PASSWORD
from tests.factories.stress.pen import StepClock
from tests.factories.workbooks import ELECTRICIANS
from tests.source_tree import ROOT
from tests.sync.running_platform import OWN

PAGE_MS, FRAME_MS, BLOCK_MS = 150, 50, 50
ROUNDS = 6
SCREEN = (1366, 728)
LONGEST = 300
CLASS = "电工2025-99班"
SCROLLS = ("wheel", "page", "drag")


def run(report: Report, scale: float = FULL) -> None:
    """Measure a window on a copy of the stress store, the administrator and the office in one."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    with stress_store(scale, OFFICE) as store, working_folder() as folder:
        with window_on(store) as window:
            report.note(f"{window.services.trainees.facts().total} trainees")
            _open_pages(report, window, OFFICE)
            _scroll(report, window)
            _office_work(report, window, folder)
        store.log_in(ADMIN)
        with window_on(store) as window:
            _open_pages(report, window, ADMIN)
            _admin_work(report, window, folder)
    _push_behind(report)


class Window:
    """The frame on an open store, with its real tasks."""

    def __init__(self, store: StressStore, application: Any) -> None:
        from ui.app import SWITCH_SECONDS
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

        load_pages()
        hold_loaded()
        sys.setswitchinterval(SWITCH_SECONDS)
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


def _open_pages(report: Report, window: Window, login: str) -> None:
    """Open each page from another one, with its questions answered and painted; the first time apart."""
    pages = [(key, {}) for key in window.specs if key != "class"]
    if login == OFFICE:
        class_id = window.services.classes.list_classes()[-1].id
        pages += [
            ("class", {"class_id": class_id, "tab": tab})
            for tab in ("roster", "timetable", "attendance", "scores", "certificates")
        ]
    first: list[float] = []
    every: list[float] = []
    for key, params in pages:
        taken = []
        for _ in range(ROUNDS):
            window.frame.navigate("settings" if key != "settings" else "dashboard")
            window.rest()
            started = time.perf_counter()
            window.frame.navigate(key, **params)
            window.rest()
            taken.append(time.perf_counter() - started)
        first.append(taken[0])
        every += taken
        report.times(f"{login} opens {key} {params.get('tab', '')}".rstrip(), Taken(tuple(taken)))
    report.times(f"{login} opens a page for the first time", Taken(tuple(first)))
    report.times(f"{login} opens any page", Taken(tuple(every)), p95_ms=PAGE_MS)


def _scroll(report: Report, window: Window) -> None:
    """Scroll the list of everybody; a frame is what lies between a scroll and its picture, and each block between."""
    from ui.watchdog import Watchdog

    window.frame.navigate("trainees")
    window.rest()
    view = window.frame.page_widget("trainees").table.view
    bar = view.verticalScrollBar()
    require(bar.maximum() > 100, "a list that scrolls")
    steps: dict[str, Callable[[int], int]] = {
        "wheel": lambda n: 3 * n,
        "page": lambda n: 20 * n,
        "drag": lambda n: bar.maximum() * (n * 37 % 200) // 200,
    }
    for name in SCROLLS:
        frames = []
        with Watchdog() as dog:
            for n in range(200):
                started = time.perf_counter()
                bar.setValue(min(bar.maximum(), steps[name](n)))
                view.viewport().repaint()
                frames.append(time.perf_counter() - started)
                pause = time.perf_counter() + 0.012
                while time.perf_counter() < pause:
                    window.application.processEvents()
            window.rest()
        report.times(f"a frame of everybody, {name}", Taken(tuple(frames)), worst_ms=FRAME_MS)
        report.figure(f"window kept while scrolling, {name}", dog.longest_ms, "ms", at_most=BLOCK_MS)


def _office_work(report: Report, window: Window, folder: Path) -> None:
    """Import and print while the list of everybody is scrolled."""
    services, roster = window.services, ELECTRICIANS.file("花名册")
    for name, work in (
        ("import", lambda: services.imports.apply(services.imports.plan(WorkbookKind.ROSTER, roster, CLASS))),
        ("paper", lambda: services.papers.write("roster", _class(services), folder / "roster.pdf")),
    ):
        _keep_going(report, window, name, work)


def _admin_work(report: Report, window: Window, folder: Path) -> None:
    """Check all reports and back up while a list is scrolled."""
    services = window.services
    for name, work in (
        ("reports, all checked", services.reporting.list_reports),
        ("backup", lambda: services.backup.write(folder / "bench.backup")),
    ):
        _keep_going(report, window, name, work)


def _push_behind(report: Report) -> None:
    """Push a class from a small store to a platform of its own: the stress store's province is not there any more."""
    with working_folder() as folder:
        place = Place(folder)
        clock = StepClock(date(2020, 11, 2))
        place.set_clock("2020-11-02T08:00:00")
        platform = Platform(folder, place.environment())
        platform.act("seed", str(ROOT / "resources" / "demo" / "platform.json"))
        profile = Profile(folder / "profile", cost=COST, clock=clock)
        solo = NewInstitution(
            INSTITUTION.name, OWN, INSTITUTION.region, INSTITUTION.kind, solo=True, demo=True
        )
        profile.set_up(solo, ADMIN, "王主任", PASSWORD)
        profile.log_in(ADMIN, PASSWORD)
        services = bootstrap.services(profile)
        with platform.serving() as url:
            assert services.reporting is not None
            services.reporting.join(url, platform.act("device", "code", "--uscc", OWN)["code"])
            services.reporting.pull()
            project = next(one.code for one in services.projects.list_projects() if one.trade == "电工")
            services.classes.create_class(CLASS, project_code=project)
            roster = ELECTRICIANS.file("花名册")
            services.imports.apply(services.imports.plan(WorkbookKind.ROSTER, roster, CLASS))
            with window_on(StressStore(folder / "profile", profile, services, clock, {})) as window:
                _keep_going(report, window, "seal", lambda: _seal(services))
                batch = services.reporting.list_batches()[0].id
                _keep_going(report, window, "push", lambda: services.reporting.push(batch))
        profile.close()


def _class(services: Any) -> bytes:
    return bytes(services.classes.class_by_code(CLASS).id)


def _seal(services: Any) -> Any:
    return services.reporting.seal(Selection(class_ids=frozenset({_class(services)})))


def _keep_going(report: Report, window: Window, name: str, work: Callable[[], Any]) -> None:
    """Do something in the thread of commands; meanwhile the window scrolls and is watched."""
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
