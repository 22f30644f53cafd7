"""统计, 绩效 and 保存与删除 in the window: every number opens its list, every refusal stands beside its field."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog

from desktop_app.domain.listings.people import TraineeQuery
from desktop_app.domain.performance import Money, Recipient
from desktop_app.domain.statistics import Dimension, Measure, Scope
from tests.ui.pages.user import error_of, press, type_into
from ui.pages.performance.page import PerformancePage
from ui.pages.projects.page import ProjectsPage
from ui.pages.retention.page import RetentionPage, state_of
from ui.pages.statistics.page import StatisticsPage
from ui.pages.trainees.page import TraineesPage

CODE = "电工2020-02班"
PAID = dt.date(2020, 11, 20)


@pytest.fixture
def statistics(desk):
    services = desk.services
    first = services.classes.list_sessions(desk.class_id(CODE))[0]
    services.attendance.mark_class(first.id)
    return desk.show(StatisticsPage(desk.context))


@pytest.fixture
def performance(desk):
    service, class_id = desk.services.performance, desk.class_id(CODE)
    service.add_income(class_id, Money("subsidy", 10_000_000, PAID))
    service.add_cost(class_id, Money("teaching", 6_000_000, PAID))
    return desk.show(PerformancePage(desk.context))


def test_a_number_of_the_year_opens_the_list_behind_it(statistics):
    tab = statistics.tabs.page("figures")
    (row,) = [one for one in tab.all_rows() if one.measure is Measure.TRAINED]
    assert row.times > 0
    tab.open_row(row)
    assert len(tab.panel._content.table.model.rows()) == row.times


def test_groups_are_charted_and_last_year_is_one_click_away(statistics):
    tab = statistics.tabs.page("figures")
    tab.choose(Dimension.GROUP)
    assert tab.chart.bars()
    statistics.last_year()
    assert statistics.scope().first.year == 2019
    assert tab.all_rows() == []


def test_figures_that_were_sent_show_what_changed_since(desk, statistics):
    statistics.begin_send()
    panel = statistics.tabs.page("figures").panel._content
    type_into(panel.form.fields["to"], "武汉市人社局")
    press(panel.save_button)
    trainee = desk.services.trainees.create({"name": "肖兰芳", "document_number": "42062519970427945X"})
    desk.services.trainees.enrol(desk.class_id(CODE), [trainee], "key_group")
    tab = statistics.tabs.show_tab("sent")
    (row,) = tab.all_rows()
    assert row.changes
    tab.open_row(row)
    assert tab.panel._content is not None


def test_the_page_for_mondays_leads_to_the_class_that_stands_still(desk, statistics):
    tab = statistics.tabs.show_tab("monday")
    row = next(one for one in tab.all_rows() if one.class_id is not None)
    tab.open_row(row)
    assert desk.visited[-1] == ("class", {"class_id": row.class_id})


@pytest.mark.parametrize(("tab", "ending"), [("figures", "pdf"), ("monday", "pdf"), ("teachers", "xlsx")])
def test_each_tab_writes_its_paper(statistics, monkeypatch, tmp_path, tab, ending):
    out = tmp_path / f"paper.{ending}"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(out), ""))
    statistics.tabs.show_tab(tab)
    statistics.print_paper(ending)
    assert out.stat().st_size > 1000


def test_the_pool_of_the_year_is_shown_with_what_awaits_approval(performance):
    assert "16,000.00" in performance.cards["pool"].accessibleName()
    assert "待人社财政核定" in performance.cards["pool"].accessibleName()
    assert len(performance.all_rows()) == 2


def test_an_allocation_over_the_pool_is_refused_beside_the_amount(desk, performance):
    performance.begin_share()
    panel = performance.panel._content
    panel.form.fields["person"].editor.setCurrentIndex(0)
    type_into(panel.form.fields["amount"], "16,000.01")
    press(panel.save_button)
    assert "0.01" in error_of(panel.form.fields["amount"])
    type_into(panel.form.fields["amount"], "16,000")
    press(panel.save_button)
    assert performance.found.allocated == 1_600_000


@pytest.mark.parametrize(("typed", "field"), [("12.345", "amount"), ("abc", "amount"), ("0", "amount")])
def test_amounts_that_are_none_are_refused_beside_the_field(performance, typed, field):
    performance.begin_line("income")
    panel = performance.panel._content
    panel.form.fields["class"].editor.setCurrentIndex(0)
    panel.form.fields["kind"].editor.setCurrentIndex(1)
    type_into(panel.form.fields["amount"], typed)
    press(panel.save_button)
    assert error_of(panel.form.fields[field])
    assert len(performance.all_rows()) == 2


def test_a_ratio_above_the_limit_is_refused_and_a_lower_one_taken(performance):
    performance.begin_ratio()
    panel = performance.panel._content
    type_into(panel.form.fields["ratio"], "41%")
    press(panel.save_button)
    assert "40" in error_of(panel.form.fields["ratio"])
    type_into(panel.form.fields["ratio"], "30%")
    press(panel.save_button)
    assert performance.found.ratio == 3000


def test_a_line_is_taken_back_with_a_reason(performance):
    performance.ask_reason = lambda *_args: "重复登记"
    performance.remove(performance.all_rows()[0])
    assert len(performance.all_rows()) == 1


def test_an_approval_needs_its_document(desk, performance):
    performance.begin_approval()
    panel = performance.panel._content
    type_into(panel.form.fields["amount"], "15,000")
    press(panel.save_button)
    assert error_of(panel.form.fields["document"])
    type_into(panel.form.fields["document"], "武人社〔2020〕10号")
    press(panel.save_button)
    assert performance.found.available == 1_500_000
    desk.services.performance.allocate(
        2020, Recipient.TEACHER, desk.services.teachers.list_teachers()[0].id, 100
    )


def test_the_office_proposes_and_only_the_head_confirms(desk, clock_file, monkeypatch):
    desk.services.trainees.create({"name": "肖兰芳", "document_number": "42062519970427945X"})
    day = dt.date(2024, 1, 5).isoformat()
    monkeypatch.setattr(type(desk.services.context.clock), "today", lambda _self: dt.date.fromisoformat(day))
    page = desk.show(RetentionPage(desk.context))
    (row,) = page.all_rows()
    assert state_of(row) == "due"
    page.propose()
    assert state_of(page.all_rows()[0]) == "proposed"
    assert not desk.services.context.may("confirm_deletion")


def test_figures_of_a_year_reach_the_papers(desk, tmp_path):
    out = Path(tmp_path / "pool.pdf")
    desk.services.figure_papers.performance("pool", 2020, out)
    desk.services.figure_papers.statistics(
        Scope(dt.date(2020, 1, 1), dt.date(2020, 12, 31)), Dimension.TRADE, tmp_path / "trade.xlsx"
    )
    assert out.read_bytes().startswith(b"%PDF")


def test_a_new_year_drafts_the_projects_of_the_year_before(desk):
    year = desk.services.context.today().year
    desk.services.projects.create_project(f"DG-{year - 1}-01", "电工培训", {"trade": "电工"})
    page = desk.show(ProjectsPage(desk.context))
    page.begin_year()
    panel = page.panel._content
    assert panel.year == year
    press(panel.foot()[0])
    codes = {row.item.code for row in page.all_rows()}
    assert {f"DG-{year - 1}-01", f"DG-{year}-01"} <= codes


def test_a_person_gets_a_copy_from_the_list_of_trainees(desk, monkeypatch, tmp_path):
    out = tmp_path / "copy.pdf"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(out), ""))
    page = desk.show(TraineesPage(desk.context))
    page.ask_reason = lambda *_args: "本人申请查阅"
    page.export_copy(desk.services.trainees.page(TraineeQuery(), 0, 1)[0])
    assert out.read_bytes().startswith(b"%PDF")
