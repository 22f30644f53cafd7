"""开班: the check list of a class, its data, and the steps that a class takes from its page."""

from __future__ import annotations

from datetime import time

import pytest
from PySide6.QtWidgets import QLabel

from desktop_app.domain.listings.opening import Topic
from desktop_app.services.timetable import PlannedSession
from tests.factories.pictures import drawn, encoded
from tests.ui.pages.user import error_of, press, type_into
from ui.pages.teachers.proofs import TeacherProofs

CLASS = "电工2020-02班"
OTHER = "新能源2020-01班"
ACTS = ["合班：全班转入另一个班…", "部门选用…"]


def class_id_of(frame):
    return frame.services.classes.class_by_code(CLASS).id


@pytest.fixture
def page(office):
    return office.page("class", class_id=class_id_of(office), tab="opening")


@pytest.fixture
def tab(page):
    return page.tabs.made("opening")


def severities(tab):
    return {row.topic: row.severity for row in tab.all_rows()}


def test_the_check_list_names_every_topic_and_what_is_missing(tab):
    found = severities(tab)
    assert list(found) == list(Topic)
    assert found[Topic.FUNDING] == "block"
    assert found[Topic.CLASHES] is None
    texts = [tab.model.data(tab.model.index(row, 3)) for row in range(tab.model.rowCount())]
    assert any(CLASS in text and "资金来源" in text for text in texts)


def test_what_is_typed_into_the_form_mends_the_list(office, tab):
    tab.open(topic="funding")
    panel = tab.panel._content
    fields = panel.form.fields
    fields["channel"].set_value("skill_action")
    for name in ("organising", "assessing", "placing"):
        type_into(fields[name], "王芳、李敏")
    fields["full_organising"].editor.setChecked(True)
    panel._on_edited()
    press(panel.save_button)
    found = severities(tab)
    assert (found[Topic.FUNDING], found[Topic.STAFF]) == (None, None)
    staff = office.services.opening.sheet(class_id_of(office)).facts.staff
    assert [(one.name, one.full_time) for one in staff][:2] == [("王芳", True), ("李敏", True)]


def test_basic_data_opens_who_lacks_what(tab):
    tab.open(topic="basics")
    assert tab.panel.current_key() == "basics"


def test_the_menu_offers_the_steps_of_the_state_and_a_refused_one_changes_nothing(office, page):
    offered = [action.text() for action in page._steps_menu.actions()]
    assert [one for one in offered if one] == ["备案", "开班", "延期", "取消班级", *ACTS]
    page.begin_step("extend")
    panel = page.panel._content
    press(panel.save_button)
    assert error_of(panel.form.fields["end_on"])
    assert error_of(panel.form.fields["reason"])
    type_into(panel.form.fields["end_on"], "2020-01-01")
    type_into(panel.form.fields["reason"], "学员出差")
    press(panel.save_button)
    assert error_of(panel.form.fields["end_on"])
    type_into(panel.form.fields["end_on"], "2021-03-01")
    press(panel.save_button)
    assert page.panel.isHidden()
    assert str(office.services.classes.get_class(class_id_of(office)).end_on) == "2021-03-01"


def test_the_application_says_on_screen_what_is_printed_and_what_is_not_entered(tab):
    tab.application.click()
    said = [one.text() for one in tab.panel._content.findChildren(QLabel)]
    assert said[said.index("班级") + 1] == CLASS
    assert said[said.index("负责人") + 1] == "未填"


def choose_other(panel, name, index=0):
    panel.form.fields[name].editor.setCurrentIndex(index)
    panel.draw()


def test_a_whole_class_is_moved_from_its_page(office, page):
    services = office.services
    target = services.classes.create_class("电工2020-09班")
    before = services.classes.get_class(class_id_of(office)).people
    page.begin_act("move")
    panel = page.panel._content
    assert not panel.act.isEnabled()
    choose_other(panel, "target", panel.form.fields["target"].editor.findText("电工2020-09班"))
    type_into(panel.form.fields["reason"], "两班合并")
    panel.draw()
    press(panel.act)
    assert services.classes.get_class(target).people == before
    assert office.told[-1] == f"已把 {before} 人从 {CLASS} 转入 电工2020-09班。"


def test_chosen_people_are_moved_from_the_roster(office, page):
    services = office.services
    target = services.classes.create_class("电工2020-10班")
    roster = page.show_tab("roster")
    roster.begin_move(roster.all_rows()[:3])
    panel = roster.panel._content
    choose_other(panel, "target", panel.form.fields["target"].editor.findText("电工2020-10班"))
    type_into(panel.form.fields["reason"], "分成两班")
    panel.draw()
    press(panel.act)
    assert services.classes.get_class(target).people == 3


def test_a_session_is_held_together_with_a_class_of_the_same_time(office, page):
    services, timetable = office.services, page.show_tab("timetable")
    row = timetable.all_rows()[0]
    other = services.classes.class_by_code(OTHER).id
    timetable.begin_join(row)
    assert "没有别的班上课" in timetable.panel._content.about.text()
    first, last = (time.fromisoformat(text) for text in (row.starts_at, row.ends_at))
    planned = PlannedSession(row.held_on, first, last, row.hours, "安全用电", "offline", "报告厅", ())
    services.timetable.add_session(other, planned)
    timetable.begin_join(row)
    panel = timetable.panel._content
    choose_other(panel, "class")
    press(panel.act)
    assert len(services.opening.sheet(class_id_of(office)).joint) == 1


def test_a_selection_that_the_catalogue_does_not_bear_is_refused_with_its_reason(office, page):
    page.begin_act("select")
    panel = page.panel._content
    choose_other(panel, "department")
    for name in ("document", "fund"):
        type_into(panel.form.fields[name], "鄂退役军人发〔2020〕3号")
    panel.draw()
    press(panel.act)
    assert not page.panel.isHidden()
    assert "没有关联培训项目" in office.warned[-1]


def test_a_proof_of_a_teacher_s_kind_is_added_beside_it(office, tmp_path):
    teacher = office.services.teachers.list_teachers()[0]
    office.services.teachers.edit_teacher(teacher.id, {"qualities": ["dual"]})
    page = office.page("teachers")
    row = next(one for one in page.table.model.rows() if one.id == teacher.id)
    page.open_row(row)
    file = tmp_path / "proof.jpg"
    file.write_bytes(encoded(drawn("双师型")))
    page.panel._content.findChild(TeacherProofs).add("dual", file)
    found = next(one for one in office.services.teachers.list_teachers() if one.id == teacher.id)
    assert found.proven == ("dual",)


def test_one_panel_is_open_at_a_time_and_what_was_typed_stays_a_draft(page, tab):
    tab.open(topic="funding")
    type_into(tab.panel._content.form.fields["enterprise"], "武汉长江电气有限公司")
    page.begin_step("file")
    assert tab.panel.isHidden()
    tab.open(topic="funding")
    assert page.panel.isHidden()
    assert tab.panel._content.form.fields["enterprise"].value() == "武汉长江电气有限公司"


def test_a_wrong_field_below_the_fold_is_brought_into_sight(tab):
    tab.open(topic="funding")
    panel = tab.panel._content
    phone = panel.form.fields["phone"]
    type_into(phone, "1390000")
    panel._on_edited()
    tab.panel._scroll.verticalScrollBar().setValue(0)
    press(panel.save_button)
    assert error_of(phone)
    seen = tab.panel._scroll.viewport().rect()
    assert seen.contains(phone.mapTo(tab.panel._scroll.viewport(), phone.rect().center()))
