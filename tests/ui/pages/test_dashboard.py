"""工作台: today's sessions with one click each, what waits, and an empty day that names the next session."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel

from desktop_app.domain.assessments import AssessmentKind
from tests.fakes.reporting import FakeReporting
from tests.ui.pages.reports import report
from tests.ui.pages.sample_profile import DEMO_DAY, PASSWORD
from ui.pages.dashboard.page import SHOWN, DashboardPage
from ui.pages.dashboard.rows import Line


@pytest.fixture
def page(desk):
    return desk.show(DashboardPage(desk.context))


def words(section):
    return [f"{line.text.text()} {line.figure.text()}".strip() for line in section.lines()]


def line_about(section, text):
    return next(line for line in section.lines() if text in line.text.text())


def test_a_session_of_today_is_marked_with_one_click(desk, page):
    line = line_about(page.today, "电工2020-02班 第10课次")
    assert "应到12 实到0 · 未登记12" in line.figure.text()
    line.button.click()
    place, params = desk.visited[-1]
    assert (place, params["class_id"], params["tab"]) == ("class", desk.class_id(), "attendance")
    assert desk.services.attendance.mark_class(params["session_id"]) == 12
    assert "已登记" in line_about(page.today, "电工2020-02班 第10课次").figure.text()


def test_past_sessions_that_are_not_marked_wait_and_all_of_them_can_be_shown(page):
    assert len([text for text in words(page.waiting) if "未登记12" in text]) == SHOWN
    line_about(page.waiting, "没有登记完").button.click()
    assert len([text for text in words(page.waiting) if "未登记12" in text]) == 24


def test_a_day_without_a_session_names_the_next_one(desk, clock_file):
    clock_file.write_text("2020-11-29")
    page = desk.show(DashboardPage(desk.context))
    clock_file.write_text(DEMO_DAY.isoformat())
    line = page.today.lines()[0]
    assert line.first.text() == "今天没有课"
    assert "下一节：2020-11-30 周一" in line.text.text()


def test_an_assessment_without_scores_waits_and_opens_its_grid(desk, page):
    desk.services.assessments.create(desk.class_id(), AssessmentKind.COMPLETION, held_on=DEMO_DAY)
    line = line_about(page.waiting, "结业考核")
    assert line.figure.text() == "还差12人没有成绩"
    line.button.click()
    assert desk.visited[-1][1]["tab"] == "scores"


def test_attendance_by_week_is_drawn_once_marks_are_there(desk, page):
    assert page.trend_card.isHidden()
    session = desk.services.classes.list_sessions(desk.class_id())[0]
    desk.services.attendance.mark_class(session.id)
    assert [(bar.label, bar.text) for bar in page.trend.bars()] == [("11-16", "100%")]
    assert not page.trend_card.isHidden()


def test_before_joining_the_platform_the_state_of_reporting_looks_normal(page):
    text = page.reports.findChildren(QLabel)
    assert any("不影响日常登记" in label.text() for label in text)


def test_changed_and_rejected_records_open_their_lists(desk):
    desk.join(FakeReporting(reports=[report(desk, "roster", "changed", changed=3)]))
    page = desk.show(DashboardPage(desk.context))
    line = line_about(page.waiting, "上报后变更的记录")
    assert line.first.text() == "3 项"
    line.button.click()
    assert desk.visited[-1] == ("sync_center", {"section": "changed"})


def test_the_administrator_looks_at_sessions_but_does_not_mark_them(desk):
    desk.services.profile.log_in("limin", PASSWORD)
    page = desk.show(DashboardPage(desk.context))
    assert {line.button.text() for line in page.today.lines() if isinstance(line, Line)} == {"查看"}
