"""变更记录 in lists: who changed the record that a row stands for, on which workstation and when."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel

from ui.pages.registry import page_registry
from ui.record_log import _ENTITIES, _PEOPLE


@pytest.fixture
def phone_changed(open_frame):
    frame = open_frame("zhanglan")
    trainees = frame.services.trainees
    person = trainees.list_trainees("", limit=1)[0]
    trainees.edit(person.id, {"phone": "13871230009"}, "本人来电")
    return frame, person


def menu_texts(table):
    return [action.text() for action in table.menu_for_selection().actions()]


def shown(panel):
    return [label.text() for label in panel._content.findChildren(QLabel)]


def test_the_list_of_people_tells_on_demand(phone_changed):
    frame, person = phone_changed
    page = frame.page("trainees")
    page.table.select_key(person.id)
    assert "变更记录" in menu_texts(page.table)
    page.record_log.show(page.table.selected()[0])
    told = shown(page.panel)
    assert told[0] == "这条记录改过 2 次，最近的在前"
    assert next(text for text in told if text in {"修改学员", "新建学员"}) != "新建学员"
    assert any(text.startswith("张兰 · ") for text in told)
    assert "理由：本人来电" in told


def test_of_somebody_in_a_class_the_enrolment_counts_too(phone_changed):
    frame, person = phone_changed
    class_id = frame.services.classes.class_by_code(person.classes[0]).id
    tab = frame.page("class", class_id=class_id, tab="roster").tabs.page("roster")
    row = next(one for one in tab.all_rows() if one.trainee_id == person.id)
    records = tab.record_log.records_of(row)
    assert records == [("trainee", person.id), ("enrolment", class_id + person.id)]
    tab.record_log.show(row)
    assert shown(tab.panel)[0] == "这条记录改过 4 次，最近的在前"


def test_a_session_is_known_by_its_own_key(phone_changed):
    frame, _person = phone_changed
    class_id = frame.services.classes.class_by_code("新能源2020-01班").id
    tab = frame.page("class", class_id=class_id, tab="timetable").tabs.page("timetable")
    tab.record_log.show(tab.all_rows()[0])
    assert shown(tab.panel)[0] == "这条记录改过 1 次，最近的在前"


def test_lists_are_named_as_they_are(phone_changed):
    """A list that is renamed would lose its menu without a word."""
    frame, _person = phone_changed
    frame.services.profile.log_in("limin", "Jiangcheng-2020")
    keys = {"trainees", "classes", "teachers", "users", "projects", "willingness"}
    assert keys <= _ENTITIES.keys() | _PEOPLE
    pages = {spec.key for spec in page_registry().open_to(frozenset({"office", "admin"}))}
    assert keys <= pages
