"""The window answers while reports are checked, sealed and pushed to a platform."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.sync.reporting.offices import ReportingOffice
from tests.ui.pages.desk import Desk
from ui.pages.sync_center.page import SyncCenterPage
from ui.preferences import Preferences
from ui.tasks import Tasks
from ui.watchdog import Watchdog

LONGEST_MS = 250
"""What a shared machine may take; the benches hold 50 ms on a quiet one."""

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def at_the_window(office: ReportingOffice, qapp, tmp_path) -> Iterator[Desk]:
    made = Desk(office.services, Preferences(tmp_path / "window.ini"), make_tasks=Tasks)
    yield made
    made.tasks.close()
    made.close()


def test_checking_sealing_and_pushing_never_keep_the_window_from_its_events(at_the_window, office, qtbot):
    page = at_the_window.show(SyncCenterPage(at_the_window.context))
    page.ask = lambda *_given, **_named: "act"
    qtbot.waitUntil(lambda: page.seal_button.isEnabled() and at_the_window.tasks.is_idle(), timeout=20_000)
    with Watchdog() as dog:
        page.reload()
        qtbot.waitUntil(at_the_window.tasks.is_idle, timeout=20_000)
        page.seal_button.click()
        qtbot.waitUntil(lambda: bool(at_the_window.told), timeout=20_000)
    assert "已受理" in at_the_window.told[-1].text
    assert [batch.state for batch in office.engine.list_batches()] == ["receipted"]
    assert dog.ticks > 0
    assert dog.longest_ms <= LONGEST_MS
