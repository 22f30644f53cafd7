"""The window on the stress store: opening every page, and scrolling everybody."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

from tests.benchmarks.measuring import Report, Taken, require
from tests.benchmarks.stores import FULL, stress_store
from tests.benchmarks.windows import BLOCK_MS, Window, window_on
from tests.factories.stress.making import ADMIN, OFFICE

PAGE_MS, FRAME_MS = 150, 50
ROUNDS = 6
SCROLLS = ("wheel", "page", "drag")


def run(report: Report, scale: float = FULL) -> None:
    """Measure a window on a copy of the stress store, the administrator and the office in one."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    with stress_store(scale, OFFICE) as store:
        with window_on(store) as window:
            report.note(f"{window.services.trainees.facts().total} trainees")
            _open_pages(report, window, OFFICE)
            _scroll(report, window)
        store.log_in(ADMIN)
        with window_on(store) as window:
            _open_pages(report, window, ADMIN)


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
