"""The grid and the import with the real task runner: shown at once, stored behind, never in the window's way."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop_app.domain.attendance import MarkStatus
from tests.ui.pages.desk import Desk
from tests.ui.pages.sample_profile import WORKBOOKS, open_profile
from ui.pages.attendance.tab import AttendanceTab
from ui.pages.imports.page import ImportsPage
from ui.tasks import Tasks
from ui.widgets.cell_states import CellState

TODAY = 9


@pytest.fixture
def threaded(profile_folder, preferences, window_application):
    found = Desk(open_profile(profile_folder), preferences, make_tasks=Tasks)
    yield found
    found.tasks.close()
    found.close()


def test_marks_typed_quickly_are_shown_while_they_are_saved_and_all_are_stored(threaded, qtbot, monkeypatch):
    tab = threaded.show(AttendanceTab(threaded.context, threaded.class_id()))
    qtbot.waitUntil(lambda: tab.grid.current_place() == (0, TODAY))
    service, gate = threaded.services.attendance, threading.Event()
    mark = service.mark

    def slowly(*arguments):
        gate.wait(5)
        return mark(*arguments)

    monkeypatch.setattr(service, "mark", slowly)
    for key in (Qt.Key.Key_1, Qt.Key.Key_Return, Qt.Key.Key_5, Qt.Key.Key_2):
        QTest.keyClick(tab.grid.body, key)
    assert [tab.model.cell(row, TODAY).text for row in (0, 1)] == ["√", "△"]
    assert {tab.model.cell(row, TODAY).state for row in (0, 1)} == {CellState.WAITING}
    gate.set()
    qtbot.waitUntil(lambda: {tab.model.cell(row, TODAY).state for row in (0, 1)} == {CellState.SAVED})
    sheet = service.sheet(threaded.class_id())
    statuses = [
        sheet.marks[sheet.sessions[TODAY].id, member.trainee_id].mark.status for member in sheet.members[:2]
    ]
    assert statuses == [MarkStatus.PRESENT, MarkStatus.LATE]
    assert [tab.model.cell(row, TODAY).text for row in (0, 1)] == ["√", "△"]


def test_a_workbook_is_read_checked_and_written_off_the_windows_thread(threaded, qtbot):
    page = threaded.show(ImportsPage(threaded.context))
    page.controls.set_class("焊工2020-05班")
    page.flow.class_code = "焊工2020-05班"
    page.take_file(WORKBOOKS / "花名册-企业职工-焊工.xlsx")
    assert page.flow.path is None
    qtbot.waitUntil(lambda: page.flow.plan is not None and page.act.isEnabled())
    page.act.click()
    assert not page.act.isEnabled()
    qtbot.waitUntil(lambda: page.flow.applied)
    assert threaded.services.classes.class_by_code("焊工2020-05班").people == 48
