"""班级: the list, the class page with its progress, roster, timetable and certificates."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel, QPushButton

from desktop_app.domain.listings.reporting import ReportListItem
from desktop_app.domain.pinyin import initials
from desktop_app.domain.records import TRAINING_CLASS
from desktop_app.domain.users import Role
from tests.fakes.reporting import FakeReporting
from tests.ui.pages.sample_profile import PASSWORD
from tests.ui.pages.user import choose, error_of, press, type_into
from ui.pages.classes.class_page import ClassPage
from ui.wording import day_text


def class_id_of(frame, code="电工2020-02班"):
    return frame.services.classes.class_by_code(code).id


@pytest.fixture
def page(office):
    return office.page("class", class_id=class_id_of(office), tab="roster")


def cells(table, key):
    column = [column.key for column in table.model.columns].index(key)
    model = table.model
    return [model.data(model.index(row, column)) for row in range(model.rowCount())]


def test_the_list_says_how_far_every_class_is(office):
    page = office.page("classes")
    assert sorted(cells(page.table, "sessions")) == ["10/15", "15/15"]
    assert "10 课次待登记" in cells(page.table, "marked")
    page.filters.set_chosen(frozenset({"ended"}))
    assert cells(page.table, "code") == ["新能源2020-01班"]


def test_opening_a_row_leads_to_the_class_and_the_navigation_stays_on_classes(office):
    page = office.page("classes")
    page.table.opened.emit(page.model.row(0))
    assert office.window.current_page() == "class"
    assert office.window.rail._buttons["classes"].isChecked()


def test_a_class_code_twice_is_told_beside_the_field(office):
    page = office.page("classes", create=True)
    panel = page.panel._content
    type_into(panel.form.fields["code"], "电工2020-02班")
    press(panel.save_button)
    assert "电工2020-02班" in error_of(panel.form.fields["code"])


def test_dates_the_wrong_way_round_are_told_while_typing(office):
    panel = office.page("classes", create=True).panel._content
    type_into(panel.form.fields["start_on"], "2020.11.20")
    type_into(panel.form.fields["end_on"], "2020-11-02")
    assert error_of(panel.form.fields["end_on"])
    type_into(panel.form.fields["end_on"], "十一月")
    assert "2020-11-05" in error_of(panel.form.fields["end_on"])


def test_a_new_class_opens_with_what_to_do_next(office):
    page = office.page("classes", create=True)
    panel = page.panel._content
    type_into(panel.form.fields["code"], "焊工2020-09班")
    type_into(panel.form.fields["start_on"], "2020-12-01")
    press(panel.save_button)
    assert office.window.current_page() == "class"
    shown = office.window.page_widget("class")
    assert "备案还缺" in shown.progress.next.whole_text()
    assert shown.progress.steps.current() == 0


def test_an_edited_class_keeps_the_fields_that_were_not_touched(office, page):
    page.edit()
    panel = page.panel._content
    type_into(panel.form.fields["place"], "实训楼 C101")
    press(panel.save_button)
    item = office.services.classes.get_class(class_id_of(office))
    assert (item.place, item.code, item.advisers) == ("实训楼 C101", "电工2020-02班", ("张兰",))


def test_the_office_chooses_the_adviser_and_the_site_of_a_class(office, page):
    services = office.services
    site = services.sites.add_site("沌口校区", "420113")
    page.edit()
    fields = page.panel._content.form.fields
    adviser = fields["adviser"].editor
    assert adviser.currentText() == "张兰（zhanglan）"
    assert [adviser.itemText(row) for row in range(adviser.count())] == ["未指定", "张兰（zhanglan）"]
    choose(fields["site_id"], site.hex())
    choose(fields["adviser"], "")
    press(page.panel._content.save_button)
    item = services.classes.get_class(class_id_of(office))
    assert (item.site_name, item.advisers) == ("沌口校区", ())
    page.edit()
    assert page.panel._content.form.fields["site_id"].editor.currentText() == "沌口校区"


def test_a_new_class_is_held_at_the_site_that_was_chosen(office):
    site = office.services.sites.add_site("沌口校区", "420113")
    panel = office.page("classes", create=True).panel._content
    type_into(panel.form.fields["code"], "钳工2020-01班")
    choose(panel.form.fields["site_id"], site.hex())
    choose(panel.form.fields["adviser"], "zhanglan")
    press(panel.save_button)
    item = office.services.classes.class_by_code("钳工2020-01班")
    assert (item.site_id, item.advisers) == (site, ("张兰",))


def test_an_adviser_who_can_get_no_class_any_more_stays_named(office, page):
    services = office.services
    services.profile.log_in("limin", PASSWORD)
    former = next(item.id for item in services.accounts.list_users() if item.login == "zhanglan")
    services.accounts.change_roles(former, [Role.AUDITOR])
    services.accounts.add_user("wang", "王芳", [Role.OFFICE], PASSWORD)
    services.profile.log_in("wang", PASSWORD)
    page.edit()
    panel = page.panel._content
    assert panel.form.fields["adviser"].editor.currentText() == "张兰"
    assert not panel.save_button.isEnabled()
    choose(panel.form.fields["adviser"], "wang")
    press(panel.save_button)
    assert services.classes.get_class(class_id_of(office)).advisers == ("王芳",)


@pytest.mark.parametrize(("height", "folded"), [(728, True), (900, False)])
def test_a_low_screen_leaves_the_room_of_the_progress_line_to_the_grids(office, page, height, folded):
    office.window.resize(1366, height)
    page.show_tab("attendance")
    assert page.progress.isHidden() is folded
    page.show_tab("roster")
    assert not page.progress.isHidden()
    page.show_tab("scores")
    assert page.progress.isHidden() is folded


def test_the_facts_and_the_step_that_is_blocked(page):
    text = page.header._facts.text()
    assert "12 人" in text
    assert "第 10/15 课次" in text
    assert "班主任 张兰" in text
    assert page.progress.steps.current() == 0
    assert "备案还缺" in page.progress.next.whole_text()
    page.progress.go.click()
    assert page.tabs.current() == "opening"


def test_the_next_step_is_said_with_what_blocks_it_and_taken_from_there(office, page):
    class_id, services = class_id_of(office), office.services
    with services.context.unit_of_work("edit_class") as work:
        work.put(TRAINING_CLASS, class_id, {"state": "running"})
    page.reload()
    assert page.progress.steps.current() == 2
    assert page.progress.next.whole_text() == "结课还缺 2 项：有 10 次课的考勤没有登全。"
    page.progress.go.click()
    assert page.tabs.current() == "attendance"
    for session in services.classes.list_sessions(class_id):
        if session.held_on <= services.context.today():
            services.attendance.mark_class(session.id)
    assert page._settled.isActive()
    page._settled.timeout.emit()
    assert "还有 5 次课没有上" in page.progress.next.whole_text()
    with services.context.unit_of_work("edit_class") as work:
        work.put(TRAINING_CLASS, class_id, {"state": "completed"})
    page.reload()
    assert page.progress.next.whole_text() == "可以归档，有 1 项提醒：还有 12 人在训，没有办结业或未结业。"
    page.progress.mend.click()
    assert page.tabs.current() == "roster"
    page.progress.go.click()
    press(page.panel._content.save_button)
    assert page.progress.steps.current() == 7
    assert page.progress.next.whole_text() == "已归档。"


def report(class_id, kind, state, **more):
    facts = {"version": 1, "records": 12, "changed": 0, "rejected": 0, "problems": 0}
    return ReportListItem(kind, class_id.hex(), class_id, "电工2020-02班", state, **(facts | more))


def test_the_reports_of_the_class_and_their_review_stand_on_its_page(office, page, monkeypatch):
    class_id = class_id_of(office)
    reporting = FakeReporting()
    reporting.reports = [
        report(class_id, "opening", "accepted"),
        report(class_id, "attendance", "changed", changed=3, review="waiting"),
        report(class_id, "certificate", "empty"),
        report(b"x" * 16, "roster", "rejected"),
    ]
    monkeypatch.setattr(office.services, "reporting", reporting, raising=False)
    page.reload()
    said = page.progress.reports.whole_text()
    assert said == "上报：开班备案 ● 已受理 · 课程与考勤 △ 上报后变更 3 项，待校内审核"
    page.progress.to_reports.click()
    assert office.window.current_page() == "sync_center"


def test_every_member_says_what_the_province_has_not_got_and_is_found_by_it(office, monkeypatch):
    class_id = class_id_of(office)
    first, second, third = office.services.enrolment.roster(class_id)[:3]
    reporting = FakeReporting()
    reporting.marks = {
        (class_id, ("trainee", first.trainee_id)): "changed",
        (class_id, ("enrolment", class_id + first.trainee_id)): "rejected",
        (class_id, ("trainee", second.trainee_id)): "sealed",
        (b"x" * 16, ("trainee", third.trainee_id)): "changed",
    }
    monkeypatch.setattr(office.services, "reporting", reporting, raising=False)
    tab = office.page("class", class_id=class_id, tab="roster").tabs.made("roster")
    column = next(one for one in tab.model.columns if one.key == "reported")
    said = {row.trainee_id: column.text(row) for row in tab.model.rows()}
    assert (said[first.trainee_id], said[second.trainee_id]) == ("✕ 退回", "□ 已封存")
    assert {text for key, text in said.items() if key not in {first.trainee_id, second.trainee_id}} == {""}
    assert [key for key, chip in tab.filters._chips.items() if not chip.isHidden()] == ["rejected", "sealed"]
    tab.filters.set_chosen(frozenset({"rejected"}))
    assert [row.trainee_id for row in tab.model.rows()] == [first.trainee_id]
    reporting.marks = {}
    office.changes.announce(frozenset({"platform_page"}))
    assert tab.model.rows() == []
    tab.filters.set_chosen(frozenset())
    assert len(tab.model.rows()) > 2


def test_the_list_is_filtered_by_state(office):
    page = office.page("classes")
    choose_state(page, "preparing")
    assert cells(page.table, "state") == ["筹备", "筹备"]
    choose_state(page, "running")
    assert page.model.rowCount() == 0


def choose_state(page, state):
    page.states.setCurrentIndex(page.states.findData(state))
    page.states.activated.emit(page.states.currentIndex())


def test_crumbs_lead_back_to_the_list(office, page):
    assert [crumb.text for crumb in page.crumbs] == ["班级", "电工2020-02班", "花名册"]


def test_the_papers_are_offered_and_written_where_the_user_says(office, page, tmp_path, monkeypatch):
    target = tmp_path / "花名册.xlsx"
    monkeypatch.setattr(page.printing, "choose_file", lambda name, kind: target)
    page.printing.print_paper("roster", "xlsx")
    assert target.stat().st_size > 1000
    assert office.told == ["已生成 花名册.xlsx"]


def test_turning_back_from_the_file_writes_nothing(office, page, monkeypatch):
    monkeypatch.setattr(page.printing, "choose_file", lambda name, kind: None)
    page.printing.print_paper("roster", "pdf")
    assert office.told == []


def test_tabs_of_other_packages_stand_in_the_order_of_a_class_s_life(office):
    made = ClassPage(office.window._context, {"attendance": lambda context, class_id: QLabel("考勤")})
    made.open(class_id=class_id_of(office))
    assert made.tabs.keys_shown() == ["roster", "timetable", "opening", "attendance", "certificates"]
    made.deleteLater()


def test_what_an_enrolment_says_is_changed_in_the_panel(office, page):
    tab = page.tabs.made("roster")
    row = tab.all_rows()[2]
    tab.open_row(row)
    panel = tab.panel._content
    choose(panel.form.fields["key_group"], "veteran")
    type_into(panel.form.fields["evidence_number"], "鄂退2020001")
    press(panel.save_button)
    changed = next(item for item in tab.all_rows() if item.trainee_id == row.trainee_id)
    assert (changed.key_group, changed.evidence_number) == ("veteran", "鄂退2020001")
    assert (changed.category, changed.number) == (row.category, row.number)


def test_a_link_from_elsewhere_opens_the_session_even_before_the_list_has_come(office):
    class_id = class_id_of(office)
    session = office.services.classes.list_sessions(class_id)[4]
    page = office.page("class", class_id=class_id, tab="timetable", session_id=session.id)
    tab = page.tabs.made("timetable")
    assert tab.panel.current_key() == session.id.hex()
    assert [row.number for row in tab.table.selected()] == [5]


def test_a_problem_of_an_enrolment_leads_to_its_field_even_before_the_list_has_come(office):
    class_id = class_id_of(office)
    member = office.services.enrolment.roster(class_id)[0]
    page = office.page("class", class_id=class_id, tab="roster", trainee_id=member.trainee_id, field="post")
    form = page.tabs.made("roster").panel._content.form
    assert page.window().focusWidget() is form.fields["post"].editor


def test_members_are_found_by_initials(page):
    tab = page.tabs.made("roster")
    name = tab.all_rows()[0].name
    tab.filters.search.setText(initials(name)[0])
    tab.on_filter()
    assert name in [row.name for row in tab.model.rows()]


def test_who_may_not_enrol_reads_the_member_only(admin):
    page = admin.page("class", class_id=class_id_of(admin), tab="roster")
    tab = page.tabs.made("roster")
    tab.open_row(tab.all_rows()[0])
    panel = tab.panel._content
    assert panel.save_button is None
    assert not panel.form.fields["category"].editor.isEnabled()


@pytest.fixture
def timetable(page):
    return page.show_tab("timetable")


def test_a_change_of_a_session_asks_for_the_reason(office, timetable, answers):
    row = timetable.all_rows()[-1]
    timetable.open_row(row)
    panel = timetable.panel._content
    type_into(panel.form.fields["held_on"], "2020-12-05")
    panel.check()
    assert "周六" in error_of(panel.form.fields["held_on"])
    answers.reason("调课")
    press(panel.save_button)
    moved = next(item for item in timetable.all_rows() if item.id == row.id)
    assert moved.held_on.isoformat() == "2020-12-05"
    assert (moved.starts_at, moved.content, moved.teachers) == (row.starts_at, row.content, row.teachers)


def test_an_end_before_the_beginning_is_refused(office, timetable):
    timetable.begin_new()
    panel = timetable.panel._content
    type_into(panel.form.fields["held_on"], "2020-12-12")
    type_into(panel.form.fields["starts_at"], "14:00")
    type_into(panel.form.fields["ends_at"], "8:30")
    press(panel.save_button)
    assert "晚于" in error_of(panel.form.fields["ends_at"])
    assert len(timetable.all_rows()) == 15


def test_a_teacher_in_two_places_is_shown_before_saving(office, timetable):
    other = office.services.classes.list_sessions(class_id_of(office, "新能源2020-01班"))[0]
    timetable.begin_new()
    panel = timetable.panel._content
    type_into(panel.form.fields["held_on"], other.held_on.isoformat())
    type_into(panel.form.fields["starts_at"], other.starts_at)
    type_into(panel.form.fields["ends_at"], other.ends_at)
    type_into(panel.form.fields["place"], "别处")
    type_into(panel.form.fields["teachers"], other.teachers[0])
    panel.check()
    assert panel.clash.isVisibleTo(panel)
    assert f"{other.teachers[0]} 同一时间在 新能源2020-01班" in panel.clash.text()


def test_a_session_of_its_own_does_not_clash_with_itself(timetable):
    timetable.open_row(timetable.all_rows()[0])
    panel = timetable.panel._content
    panel.check()
    assert panel.clash.isHidden()


def test_a_new_session_borrows_from_the_one_before_and_gets_the_next_number(office, timetable):
    timetable.begin_new()
    panel = timetable.panel._content
    type_into(panel.form.fields["held_on"], "2020-12-12")
    type_into(panel.form.fields["content"], "综合实训")
    press(panel.save_button)
    made = next(item for item in timetable.all_rows() if item.content == "综合实训")
    assert (made.number, day_text(made.held_on)) == (16, "2020-12-12 周六")


def test_the_panel_of_another_class_does_not_stay_open(office, page):
    page.edit()
    office.page("class", class_id=class_id_of(office, "新能源2020-01班"))
    assert page.panel.isHidden()
    assert page.header._title.text() == "新能源2020-01班"


def test_an_auditor_sees_the_timetable_but_no_people(auditor):
    page = auditor.page("class", class_id=class_id_of(auditor))
    assert page.tabs.keys_shown() == ["timetable", "opening", "inspections"]
    assert [button.text() for button in page.header.findChildren(QPushButton) if button.text()] == []
