"""开班: the check list of a class, its data, and the steps that a class takes from its page."""

from __future__ import annotations

import pytest

from desktop_app.domain.listings.opening import Topic
from tests.factories.pictures import drawn, encoded
from tests.ui.pages.user import error_of, press, type_into
from ui.pages.teachers.proofs import TeacherProofs

CLASS = "电工2020-02班"


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
    assert offered == ["备案", "开班", "延期", "取消班级"]
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
