"""The window on the stress store while import, paper, reports, push and backup are under way: what blocks it."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from desktop_app import bootstrap
from desktop_app.excel.column_names import WorkbookKind
from desktop_app.services.profile import NewInstitution, Profile
from desktop_app.services.reporting import Selection
from tests.benchmarks.measuring import Report
from tests.benchmarks.stores import FULL, StressStore, stress_store, working_folder
from tests.benchmarks.windows import Window, keep_going, window_on
from tests.e2e.installed.program import Place, Platform
from tests.factories.stress.making import ADMIN, COST, INSTITUTION, OFFICE, PASSWORD
from tests.factories.stress.pen import StepClock
from tests.factories.workbooks import ELECTRICIANS
from tests.source_tree import ROOT
from tests.sync.running_platform import OWN

CLASS = "电工2025-99班"
TRADE = "电工"


def run(report: Report, scale: float = FULL) -> None:
    """Let office and administrator work on a copy of the stress store, and watch the window that they sit at."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    with stress_store(scale, OFFICE) as store, working_folder() as folder:
        with window_on(store) as window:
            _watch(report, window, _office_work(window.services, folder))
        store.log_in(ADMIN)
        with window_on(store) as window:
            _watch(report, window, _admin_work(window.services, folder))
    _push(report)


def _push(report: Report) -> None:
    """Seal and push a class from a small store: the stress store's own province is not there any more."""
    with working_folder() as folder:
        place, clock = Place(folder), StepClock(date(2020, 11, 2))
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
            _office_work(services, folder)["import"]()
            with window_on(StressStore(folder / "profile", profile, services, clock, {})) as window:
                _watch(report, window, _sending(services))
        profile.close()


def _watch(report: Report, window: Window, works: dict[str, Callable[[], Any]]) -> None:
    for name, work in works.items():
        keep_going(report, window, name, work)


def _office_work(services: Any, folder: Path) -> dict[str, Callable[[], Any]]:
    roster = ELECTRICIANS.file("花名册")
    project = next(one.code for one in services.projects.list_projects() if one.trade == TRADE)
    services.classes.create_class(CLASS, project_code=project)
    return {
        "import": lambda: services.imports.apply(services.imports.plan(WorkbookKind.ROSTER, roster, CLASS)),
        "paper": lambda: services.papers.write("roster", _class(services), folder / "roster.pdf"),
    }


def _admin_work(services: Any, folder: Path) -> dict[str, Callable[[], Any]]:
    return {
        "reports, all checked": services.reporting.list_reports,
        "backup": lambda: services.backup.write(folder / "bench.backup"),
    }


def _sending(services: Any) -> dict[str, Callable[[], Any]]:
    chosen = Selection(class_ids=frozenset({_class(services)}))
    sealed: list[bytes] = []
    return {
        "seal": lambda: sealed.append(services.reporting.seal(chosen).batch),
        "push": lambda: services.reporting.push(sealed[0]),
    }


def _class(services: Any) -> bytes:
    return bytes(services.classes.class_by_code(CLASS).id)
