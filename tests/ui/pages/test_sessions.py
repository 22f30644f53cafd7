"""课次 in the window: the acts of the list, forms with their reason, the grid that shows them, inspections, history."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.domain.attendance import Mark, MarkStatus
from desktop_app.services.attendance import NewMark
from tests.factories.pictures import jpeg
from tests.ui.pages.user import error_of, press, type_into
from ui.pages.attendance.history_popover import HistoryPopover, change_text
from ui.pages.classes.session_acts import verbs_of

ABSENT = Mark(MarkStatus.ABSENT)


@pytest.fixture
def class_id(office):
    return office.services.classes.class_by_code("电工2020-02班").id


@pytest.fixture
def timetable(office, class_id):
    return office.page("class", class_id=class_id, tab="timetable").tabs.made("timetable")


def by_number(tab, number):
    return next(row for row in tab.all_rows() if row.number == number)


def act(tab, number, verb, **typed):
    """Open the form of an act, type, and press its button; return the form."""
    tab.open_act(by_number(tab, number), verb)
    form = tab.panel._content
    for name, value in typed.items():
        type_into(form.form.fields[name], value)
    press(form.save_button)
    return form


def test_the_list_offers_what_a_session_allows(timetable):
    assert verbs_of(by_number(timetable, 12)) == ("reschedule", "substitute", "call_off")
    fits = {one.text_key: one.fits([by_number(timetable, 12)]) for one in timetable.table._actions}
    assert fits["session_act.call_off"]
    assert not fits["session_act.make_up"]


def test_a_session_is_called_off_with_a_reason_only_and_stands_hatched_in_the_grid(
    office, timetable, class_id
):
    timetable.open_act(by_number(timetable, 12), "call_off")
    type_into(timetable.panel._content.form.fields["reason"], " ")
    assert not timetable.panel._content.save_button.isEnabled()
    act(timetable, 12, "call_off", reason="停电")
    assert by_number(timetable, 12).state == "cancelled"
    assert office.told[-1] == "第12课次已停课"
    assert verbs_of(by_number(timetable, 12)) == ("reinstate", "make_up_class")
    act(timetable, 12, "make_up_class", held_on="2020-12-09", reason="补停课")
    grid = office.page("class", class_id=class_id, tab="attendance").tabs.made("attendance")
    presenter = grid.presenter
    titles = [column.title for column in presenter.columns()]
    assert titles[11] == "12 停课"
    assert titles[-1] == "16补12"
    assert "第16课次" in presenter.closed_reason((0, 11))


def test_what_cannot_be_read_is_told_beside_its_field(timetable):
    form = act(timetable, 12, "reschedule", held_on="十二月", starts_at="25点", reason="场地检修")
    assert error_of(form.form.fields["held_on"])
    assert error_of(form.form.fields["starts_at"])
    form = act(timetable, 12, "reschedule", held_on="2020-11-30", starts_at="18:30", reason="场地检修")
    assert error_of(form.form.fields["ends_at"])
    form = act(timetable, 12, "substitute", teachers="周敏、陈志强", shares="3、3", reason="教师请假")
    assert error_of(form.form.fields["shares"])
    act(timetable, 12, "substitute", teachers="周敏、陈志强", shares="3、1", reason="教师请假")
    assert by_number(timetable, 12).shares == (3, 1)


def test_a_make_up_lists_who_missed_the_session_and_closes_it_to_others(office, timetable, class_id):
    services = office.services
    first, second = services.classes.list_members(class_id)[:2]
    key = by_number(timetable, 1).id
    services.attendance.mark_class(key)
    services.attendance.mark(key, [NewMark(first.trainee_id, ABSENT)], "录入错误")
    timetable.open_act(by_number(timetable, 1), "make_up_people")
    box = timetable.panel._content.form.fields["people"].editor
    assert box.value() == [first.trainee_id.hex()]
    act(timetable, 1, "make_up_people", held_on="2020-12-09", reason="补缺课")
    made = by_number(timetable, 16)
    assert (made.makes_up_number, made.makes_up_for) == (1, (first.trainee_id,))
    presenter = office.page("class", class_id=class_id, tab="attendance").tabs.made("attendance").presenter
    rows = [member.trainee_id for member in presenter.members]
    assert "第1课次" in presenter.closed_reason((rows.index(second.trainee_id), 15))


def test_an_online_session_asks_for_platform_minutes_and_checks(timetable):
    timetable.open_row(by_number(timetable, 12))
    form = timetable.panel._content.form
    assert form.fields["online_platform"].isHidden()
    form.fields["mode"].set_value("online")
    form.fields["mode"].edited.emit()
    assert not form.fields["online_platform"].isHidden()
    type_into(form.fields["online_minutes"], "很久")
    assert timetable.panel._content.planned() is None
    assert error_of(form.fields["online_minutes"])


def test_the_history_of_a_mark_names_old_value_reason_and_who(office, class_id):
    services = office.services
    person = services.classes.list_members(class_id)[0].trainee_id
    key = services.classes.list_sessions(class_id)[0].id
    services.attendance.mark_class(key)
    services.attendance.mark(key, [NewMark(person, ABSENT)], "录入错误")
    told = change_text(services.attendance.history(key, person)[0])
    assert told.startswith("到 → 缺勤")
    assert "录入错误" in told
    assert "张兰" in told
    tab = office.page("class", class_id=class_id, tab="attendance", session_id=key).tabs.made("attendance")
    tab.menu().actions()[-1].trigger()
    shown = tab.grid.body.findChildren(HistoryPopover)
    assert len(shown) == 1
    assert shown[0].lines[0] == told
    shown[0].close()


def test_an_inspection_is_written_down_compared_and_taken_back(office, class_id, tmp_path):
    services = office.services
    services.attendance.mark_class(services.classes.list_sessions(class_id)[9].id)
    tab = office.page("class", class_id=class_id, tab="inspections").tabs.made("inspections")
    tab.begin_new()
    form = tab.panel._content
    type_into(form.form.fields["inspector"], "黄督导")
    press(form.save_button)
    assert error_of(form.form.fields["head_count"])
    type_into(form.form.fields["head_count"], "11")
    press(form.save_button)
    (item,) = tab.all_rows()
    assert (item.session_number, item.difference) == (10, -1)
    tab.open_row(item)
    photo = tmp_path / "现场.jpg"
    photo.write_bytes(jpeg("现场"))
    panel = tab.panel._content
    panel.choose_photos = lambda: [Path(photo)]
    panel.add_photos()
    assert tab.all_rows()[0].photos == 1
    tab.ask_reason = lambda *_words: "登错班级"
    tab.remove(tab.all_rows()[0])
    assert tab.all_rows() == []
