"""The window answers while an import is checked and written, a paper printed, and a backup made.

What it does during a push is watched where there is a platform: ``tests/sync/reporting/test_window_answers``.
"""

from __future__ import annotations

import pytest

from tests.ui.pages.desk import Desk
from tests.ui.pages.sample_profile import WORKBOOKS, open_profile
from ui.pages.imports.page import ImportsPage
from ui.pages.registry import class_page
from ui.pages.settings.page import SettingsPage
from ui.tasks import Tasks
from ui.watchdog import Watchdog

LONGEST_MS = 250
"""What a shared machine may take; the benches hold 50 ms on a quiet one."""


@pytest.fixture
def threaded(profile_folder, preferences, window_application):
    found = Desk(open_profile(profile_folder, "limin"), preferences, make_tasks=Tasks)
    yield found
    found.tasks.close()
    found.close()


def test_a_backup_never_keeps_the_window_from_its_events(threaded, qtbot, tmp_path):
    page = threaded.show(SettingsPage(threaded.context))
    qtbot.waitUntil(threaded.tasks.is_idle)
    target = tmp_path / "a.backup"
    page.backups.choose_file = lambda _name: target
    with Watchdog() as dog:
        page.backups.back_up()
        qtbot.waitUntil(lambda: bool(threaded.told), timeout=20_000)
    assert target.exists()
    assert dog.ticks > 0
    assert dog.longest_ms <= LONGEST_MS


def test_an_import_never_keeps_the_window_from_its_events(
    profile_folder, preferences, window_application, qtbot
):
    desk = Desk(open_profile(profile_folder), preferences, make_tasks=Tasks)
    try:
        page = desk.show(ImportsPage(desk.context))
        page.controls.set_class("焊工2020-05班")
        page.flow.class_code = "焊工2020-05班"
        qtbot.waitUntil(desk.tasks.is_idle)
        with Watchdog() as dog:
            page.take_file(WORKBOOKS / "花名册-企业职工-焊工.xlsx")
            qtbot.waitUntil(lambda: page.flow.plan is not None and page.act.isEnabled(), timeout=20_000)
            page.act.click()
            qtbot.waitUntil(lambda: page.flow.applied, timeout=20_000)
        assert desk.services.classes.class_by_code("焊工2020-05班").people == 48
        assert dog.ticks > 0
        assert dog.longest_ms <= LONGEST_MS
    finally:
        desk.tasks.close()
        desk.close()


def test_a_paper_never_keeps_the_window_from_its_events(threaded, qtbot, tmp_path):
    page = threaded.show(class_page(threaded.context))
    page.open(class_id=threaded.class_id())
    qtbot.waitUntil(threaded.tasks.is_idle)
    target = tmp_path / "花名册.pdf"
    page.printing.choose_file = lambda _name, _kind: target
    with Watchdog() as dog:
        page.printing.print_paper("roster", "pdf")
        qtbot.waitUntil(lambda: bool(threaded.told), timeout=20_000)
    assert target.read_bytes().startswith(b"%PDF")
    assert dog.ticks > 0
    assert dog.longest_ms <= LONGEST_MS
