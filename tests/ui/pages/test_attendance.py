"""考勤: keys write the store, F9 fills blanks only, corrections and closed cells ask and say why."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from desktop_app.domain.attendance import LeaveReason, Mark, MarkStatus
from desktop_app.domain.errors import AppError
from desktop_app.services.attendance import NewMark
from desktop_app.services.stored_reports import StoredReports
from desktop_app.store.repositories.reported import RejectedRecord
from tests.factories.pictures import jpeg
from tests.fakes.reporting import FakeReporting
from tests.ui.pages.desk import Desk
from tests.ui.pages.reports import rejected
from tests.ui.pages.sample_profile import PASSWORD, open_profile
from ui.pages.attendance.leave_popover import LeavePopover
from ui.pages.attendance.tab import AttendanceTab
from ui.widgets.cell_states import CellState, Tone

TODAY, YESTERDAY, TOMORROW = 9, 8, 10
"""Columns of the electricians' class on the demo's day: its 10th session is today's."""


def open_tab(desk, code="电工2020-02班", session_id=None):
    made = AttendanceTab(desk.context, desk.class_id(code))
    made.open(session_id)
    return desk.show(made)


@pytest.fixture
def tab(desk):
    return open_tab(desk)


def press(tab, row, column, *keys):
    tab.grid.set_current(row, column)
    for key in keys:
        QTest.keyClick(tab.grid.body, key)


def stored(tab, row, column):
    sheet = tab.context.services.attendance.sheet(tab._class_id)
    item = sheet.marks.get((sheet.sessions[column].id, sheet.members[row].trainee_id))
    return None if item is None else item.mark


def may_lose(tab, row):
    return tab.model.data(tab.model.index(row, 3))


def test_the_focus_starts_on_the_first_blank_member_of_todays_session(tab):
    assert tab.grid.current_place() == (0, TODAY)
    assert tab.model.columns[TODAY].today
    assert tab.facts.text().startswith("第10/15课次")


def test_without_a_session_today_the_focus_starts_on_the_first_past_one_that_is_not_marked(desk):
    tab = open_tab(desk, "新能源2020-01班")
    assert tab.grid.current_place() == (0, 0)


def test_a_session_that_is_asked_for_gets_the_focus(desk, tab):
    wanted = tab.presenter.sessions[YESTERDAY].id
    assert open_tab(desk, session_id=wanted).grid.current_place() == (0, YESTERDAY)


def test_number_keys_write_marks_and_enter_goes_down(tab):
    press(tab, 0, TODAY, Qt.Key.Key_1, Qt.Key.Key_Return, Qt.Key.Key_2, Qt.Key.Key_Return, Qt.Key.Key_5)
    assert tab.grid.current_place() == (2, TODAY)
    assert [stored(tab, row, TODAY).status for row in range(3)] == [
        MarkStatus.PRESENT,
        MarkStatus.LATE,
        MarkStatus.ABSENT,
    ]
    assert [tab.model.cell(row, TODAY).text for row in range(3)] == ["√", "△", "×"]


def test_marks_survive_closing_and_opening_the_profile(profile_folder, preferences, window_application):
    first = Desk(open_profile(profile_folder), preferences)
    press(open_tab(first), 0, TODAY, Qt.Key.Key_3)
    first.close()
    second = Desk(open_profile(profile_folder), preferences)
    tab = open_tab(second)
    assert tab.model.cell(0, TODAY).text == "▽"
    assert tab.grid.current_place() == (1, TODAY)
    second.close()


def test_delete_clears_a_mark_of_today_without_asking(tab):
    press(tab, 0, TODAY, Qt.Key.Key_1, Qt.Key.Key_Delete)
    assert stored(tab, 0, TODAY) is None
    assert tab.model.cell(0, TODAY).text == ""


def test_one_key_marks_every_selected_cell(tab):
    tab.grid.body.setCurrentIndex(tab.model.index(0, TODAY + 4))
    for row in (1, 2):
        tab.grid.body.selectionModel().select(
            tab.model.index(row, TODAY + 4), tab.grid.body.selectionModel().SelectionFlag.Select
        )
    QTest.keyClick(tab.grid.body, Qt.Key.Key_5)
    assert [stored(tab, row, TODAY).status for row in range(3)] == [MarkStatus.ABSENT] * 3


def test_leave_asks_its_reason_and_enter_is_personal_leave(tab):
    press(tab, 0, TODAY, Qt.Key.Key_4)
    popover = tab.grid.body.findChildren(LeavePopover)[-1]
    QTest.keyClick(popover, Qt.Key.Key_Return)
    assert stored(tab, 0, TODAY) == Mark(MarkStatus.LEAVE, reason=LeaveReason.PERSONAL)
    press(tab, 1, TODAY, Qt.Key.Key_4)
    QTest.keyClick(tab.grid.body.findChildren(LeavePopover)[-1], Qt.Key.Key_1)
    assert stored(tab, 1, TODAY).reason is LeaveReason.SICK


def test_turning_back_from_the_reason_of_a_leave_writes_nothing(tab):
    press(tab, 0, TODAY, Qt.Key.Key_4)
    QTest.keyClick(tab.grid.body.findChildren(LeavePopover)[-1], Qt.Key.Key_Escape)
    assert stored(tab, 0, TODAY) is None


def test_one_absence_of_4_hours_in_60_leaves_8_that_may_be_missed(tab):
    assert may_lose(tab, 0) == "12课时"
    press(tab, 0, TODAY, Qt.Key.Key_5)
    assert may_lose(tab, 0) == "8课时"
    assert tab.presenter.tally(0).planned == 60


def test_who_is_at_the_margin_is_amber_and_who_is_below_is_red_in_words(tab):
    places = {(0, column): Mark(MarkStatus.ABSENT) for column in range(TODAY - 2, TODAY + 1)}
    tab.write(places)
    assert may_lose(tab, 0) == "只剩0课时"
    assert tab.presenter.frozen(0)[3].tone is Tone.WAITING
    tab.write({(0, 0): Mark(MarkStatus.ABSENT)})
    assert may_lose(tab, 0) == "已超4课时"
    assert tab.presenter.frozen(0)[2].tone is Tone.WRONG


def test_lost_hours_of_a_late_mark_are_set_from_the_menu(tab):
    press(tab, 0, TODAY, Qt.Key.Key_2)
    menu = tab.menu()
    lost = menu.findChild(QMenu)
    assert [action.text() for action in lost.actions()] == [f"{hours}课时" for hours in range(5)]
    lost.actions()[1].trigger()
    assert stored(tab, 0, TODAY) == Mark(MarkStatus.LATE, 1)
    assert (tab.model.cell(0, TODAY).text, may_lose(tab, 0)) == ("△-1", "11课时")


def test_the_whole_class_key_fills_blanks_only_and_names_its_undo(desk, tab):
    press(tab, 0, TODAY, Qt.Key.Key_5)
    assert tab.effect.text() == "F9 将为 11 人补记到课，已有的 1 条不变"
    QTest.keyClick(tab.grid.body, Qt.Key.Key_F9)
    notices = desk.told
    assert stored(tab, 0, TODAY).status is MarkStatus.ABSENT
    assert all(stored(tab, row, TODAY).status is MarkStatus.PRESENT for row in range(1, 12))
    assert notices[0].text == "已为 11 人补记到课，已有的 1 条不变"
    assert notices[0].action == "撤销：全班到课（电工2020-02班 第10课次）"
    assert "应到12 实到11" in tab.facts.text()
    notices[0].run()
    assert [stored(tab, row, TODAY) is None for row in range(3)] == [False, True, True]


def test_a_fully_marked_session_has_nothing_to_fill(desk, tab):
    tab.mark_class()
    assert not tab.class_button.isEnabled()
    tab.mark_class()
    assert desk.told[-1].text == "这次课已全部登记，没有要补记的"


def test_totals_of_a_session_follow_every_mark(tab):
    assert tab.presenter.totals(TODAY).unmarked == 12
    press(tab, 0, TODAY, Qt.Key.Key_1, Qt.Key.Key_Return, Qt.Key.Key_5)
    totals = tab.presenter.totals(TODAY)
    assert (totals.expected, totals.present, totals.unmarked) == (12, 1, 10)
    assert "应到12 实到1" in tab.facts.text()


def test_a_correction_after_the_day_asks_for_the_reason_once_a_session(tab, answers):
    tab.mark_class()
    tab.write({(row, YESTERDAY): Mark(MarkStatus.PRESENT) for row in range(12)})
    answers.reason("核对签到表")
    press(tab, 0, YESTERDAY, Qt.Key.Key_5)
    press(tab, 1, YESTERDAY, Qt.Key.Key_2)
    assert len(answers.questions) == 1
    assert stored(tab, 1, YESTERDAY).status is MarkStatus.LATE
    assert "核对签到表" in tab.reason_line.text()
    tab.grid.set_current(0, TODAY)
    answers.reason("补交请假条")
    press(tab, 2, YESTERDAY, Qt.Key.Key_5)
    assert len(answers.questions) == 2


def test_turning_back_from_the_reason_of_a_correction_changes_nothing(tab, answers):
    tab.write({(0, YESTERDAY): Mark(MarkStatus.PRESENT)})
    answers.verb("")
    press(tab, 0, YESTERDAY, Qt.Key.Key_5)
    assert stored(tab, 0, YESTERDAY).status is MarkStatus.PRESENT


def test_a_session_to_come_is_closed_and_says_why(tab):
    press(tab, 0, TOMORROW, Qt.Key.Key_1)
    cell = tab.model.cell(0, TOMORROW)
    assert (cell.state, cell.editable) == (CellState.CLOSED, False)
    assert "2020-11-27 周五 还没有到" in tab.grid.why.text()
    assert stored(tab, 0, TOMORROW) is None


def test_who_is_not_a_member_on_the_day_is_closed_and_not_expected(desk):
    tab = open_tab(desk)
    member = tab.presenter.members[0]
    late = type(member.periods[0])(dt.date(2020, 11, 24))
    sheet = tab.presenter.sheet
    tab._on_sheet(replace(sheet, members=(replace(member, periods=(late,)), *sheet.members[1:])))
    assert tab.model.cell(0, 0).tooltip == "这一天不在班，不用登记"
    assert tab.presenter.totals(0).expected == 11
    assert tab.presenter.totals(TODAY).expected == 12


def test_somebody_who_only_reads_sees_marks_without_hatching_and_is_told_who_marks(admin_tab):
    cell = admin_tab.model.cell(0, TODAY)
    assert (cell.state, cell.editable) == (CellState.SAVED, False)
    assert "您只能查看考勤" in cell.tooltip
    assert admin_tab.class_button.isHidden()


@pytest.fixture
def admin_tab(desk):
    profile = desk.services.profile
    profile.log_in("limin", PASSWORD)
    return open_tab(desk)


def test_a_mark_is_shown_at_once_and_taken_back_when_it_is_refused(desk, tab, monkeypatch):
    seen = []

    def refuse(*_arguments):
        seen.append(tab.model.cell(0, TODAY))
        raise AppError("NOT_YOUR_SESSION", number=10)

    monkeypatch.setattr(desk.services.attendance, "mark", refuse)
    press(tab, 0, TODAY, Qt.Key.Key_1)
    assert (seen[0].text, seen[0].state) == ("√", CellState.WAITING)
    assert tab.model.cell(0, TODAY).text == ""
    assert tab.model.cell(0, TODAY).state is CellState.SAVED
    assert len(desk.warned) == 1


def test_where_a_mark_comes_from_is_read_when_it_gets_the_focus(tab):
    press(tab, 0, TODAY, Qt.Key.Key_1)
    tab.grid.set_current(1, TODAY)
    tab.grid.set_current(0, TODAY)
    assert "逐人登记 张兰 2020-11-26" in tab.grid.why.text()


def test_marks_are_pasted_from_a_spreadsheet_and_unknown_signs_are_left_out(desk, tab):
    QGuiApplication.clipboard().setText("√\n缺勤\n好\n")
    tab.grid.set_current(0, TODAY)
    tab.grid._paste()
    assert [stored(tab, row, TODAY) for row in range(3)] == [
        Mark(MarkStatus.PRESENT),
        Mark(MarkStatus.ABSENT),
        None,
    ]
    assert "好" in desk.warned[0].text


def test_a_colleagues_mark_arrives_without_moving_the_focus(desk, tab):
    tab.grid.set_current(5, YESTERDAY)
    session, member = tab.presenter.sessions[0], tab.presenter.members[3]
    desk.services.attendance.mark(session.id, [NewMark(member.trainee_id, Mark(MarkStatus.LATE))])
    assert tab.model.cell(3, 0).text == "△"
    assert tab.grid.current_place() == (5, YESTERDAY)


def test_a_bug_does_not_leave_a_cell_waiting(desk, tab, monkeypatch):
    bugs = []
    monkeypatch.setattr(type(desk.context.messages), "bug", lambda _messages, error: bugs.append(error))
    monkeypatch.setattr(desk.services.attendance, "mark", lambda *_given: 1 // 0)
    press(tab, 0, TODAY, Qt.Key.Key_1)
    assert [type(error) for error in bugs] == [ZeroDivisionError]
    assert tab.model.cell(0, TODAY).text == ""
    assert tab.model.cell(0, TODAY).state is CellState.SAVED


def test_a_mark_that_came_back_has_the_platforms_sentence(desk, monkeypatch):
    tab = open_tab(desk)
    press(tab, 0, TODAY, Qt.Key.Key_5)
    press(tab, 1, TODAY, Qt.Key.Key_5)
    key = b"".join(tab.presenter.key((0, TODAY)))
    told = RejectedRecord(
        "attendance", tab._class_id.hex(), "mark", key, bytes(16), "REASON_MISSING", None, {}, b""
    )
    other = replace(told, subject=bytes(16).hex(), key=b"".join(tab.presenter.key((1, TODAY))))
    monkeypatch.setattr(StoredReports, "rejected", lambda _view: [told, other])
    tab.mark_stale()
    cell = tab.model.cell(0, TODAY)
    assert cell.state is CellState.REJECTED
    assert "平台退回：这项修改需要写明原因。" in cell.tooltip
    assert tab.model.cell(1, TODAY).state is CellState.SAVED
    monkeypatch.setattr(StoredReports, "rejected", lambda _view: [])
    tab.mark_stale()
    assert tab.model.cell(0, TODAY).state is CellState.SAVED


def test_who_sees_reports_is_spared_marks_that_were_put_right(desk, monkeypatch):
    tab = open_tab(desk)
    press(tab, 0, TODAY, Qt.Key.Key_5)
    press(tab, 1, TODAY, Qt.Key.Key_5)
    keys = [b"".join(tab.presenter.key((row, TODAY))) for row in (0, 1)]
    stored_records = [
        RejectedRecord(
            "attendance", tab._class_id.hex(), "mark", key, bytes(16), "REASON_MISSING", None, {}, b""
        )
        for key in keys
    ]
    monkeypatch.setattr(StoredReports, "rejected", lambda _view: stored_records)
    waiting, corrected = (rejected(desk, "mark", key) for key in keys)
    desk.join(FakeReporting(rejected=[waiting, replace(corrected, corrected=True)]))
    tab = open_tab(desk)
    assert tab.model.cell(0, TODAY).state is CellState.REJECTED
    assert tab.model.cell(1, TODAY).state is CellState.SAVED


def test_the_source_of_the_focused_mark_is_read_again_after_it_was_typed(tab):
    press(tab, 0, TODAY, Qt.Key.Key_5)
    assert tab.grid.current_place() == (0, TODAY)
    assert "逐人登记 张兰 2020-11-26" in tab.grid.why.text()


@pytest.fixture
def scan(tab, tmp_path):
    """The scan of today's sheet, chosen for the focused session."""
    path = tmp_path / "签到表.jpg"
    path.write_bytes(jpeg("sheet"))
    tab.grid.set_current(0, TODAY)
    tab.scan.take(path)
    return tab.scan


def source_of(tab, row, column):
    service = tab.context.services.attendance
    sheet = service.sheet(tab._class_id)
    item = sheet.marks[sheet.sessions[column].id, sheet.members[row].trainee_id]
    return service.source(item.entry).command


def test_marks_keyed_beside_the_scan_of_a_sheet_have_it_as_their_source(tab, scan):
    assert scan.isVisible()
    assert scan.pages.page_count() == 1
    press(tab, 0, TODAY, Qt.Key.Key_1)
    assert source_of(tab, 0, TODAY) == "mark_from_sheet"
    press(tab, 0, YESTERDAY)
    assert "第10课次的签到表" in scan.note.text()
    press(tab, 1, TODAY)
    assert "来源记为签到表" in scan.note.text()
    QTest.mouseClick(scan.done, Qt.MouseButton.LeftButton)
    press(tab, 1, TODAY, Qt.Key.Key_1)
    assert scan.isHidden()
    assert source_of(tab, 1, TODAY) == "mark_one"


def test_the_whole_class_key_beside_a_sheet_has_the_sheet_as_its_source_and_is_one_step(tab, scan):
    press(tab, 0, TODAY, Qt.Key.Key_5)
    tab.mark_class()
    assert stored(tab, 0, TODAY).status is MarkStatus.ABSENT
    assert source_of(tab, 1, TODAY) == "mark_from_sheet"
    services = tab.context.services
    scans = services.evidence.sheet(tab._class_id).of_class
    assert [one.kind for one in scans] == ["sign_in"]
    services.history.undo()
    assert stored(tab, 1, TODAY) is None
    assert stored(tab, 0, TODAY).status is MarkStatus.ABSENT


def test_a_file_that_is_no_scan_is_told_and_marking_goes_on_as_before(desk, tab, tmp_path):
    path = tmp_path / "签到表.jpg"
    path.write_bytes(b"no picture")
    tab.grid.set_current(0, TODAY)
    tab.scan.take(path)
    assert tab.scan.isHidden()
    assert len(desk.warned) == 1
    press(tab, 0, TODAY, Qt.Key.Key_1)
    assert source_of(tab, 0, TODAY) == "mark_one"


def test_no_sheet_is_taken_for_a_session_that_takes_no_marks(tab):
    tab.grid.set_current(0, TOMORROW)
    assert not tab.scan.button.isEnabled()
    tab.grid.set_current(0, TODAY)
    assert tab.scan.button.isEnabled()
