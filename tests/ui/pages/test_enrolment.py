"""报名 in the window: decisions and moves on the roster, groups with reasons, and the pool of wishes."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel

from desktop_app.domain.listings.people import TraineeQuery
from desktop_app.domain.records import ENROLMENT, PROJECT, TRAINEE
from desktop_app.services.evidence import Owner, Paper
from tests.factories.pictures import jpeg
from tests.ui.pages.user import press, type_into
from ui.pages.classes.roster_tab import can_all

CODE, OTHER = "电工2020-02班", "新能源2020-01班"


@pytest.fixture
def tab(office):
    services = office.services
    classes = {code: services.classes.class_by_code(code) for code in (CODE, OTHER)}
    project = services.context.new_id()
    with services.context.workstation.unit_of_work("platform") as work:
        fields = {
            "code": "WH-DG-09",
            "name": "电工（五级）",
            "trade": "电工",
            "origin": "platform",
            "area": "420000",
        }
        work.put(PROJECT, project, fields)
    services.classes.edit_class(classes[CODE].id, {"project_id": project})
    page = office.page("class", class_id=classes[CODE].id, tab="roster")
    return page.tabs.made("roster")


def state_of(tab, name):
    return next(row for row in tab.all_rows() if row.name == name).state


def test_applicants_stand_on_the_roster_until_they_are_admitted(office, tab):
    services = office.services
    person = services.trainees.create({"name": "钱进", "document_number": "420106199001011039"})
    services.enrolment.apply(tab.all_rows()[0].class_id, [person])
    row = next(one for one in tab.all_rows() if one.trainee_id == person)
    assert row.state == "applied"
    assert can_all("admit", [row])
    assert not can_all("admit", tab.all_rows())
    tab.decide("admit", [row])
    assert state_of(tab, "钱进") == "admitted"


def test_somebody_of_two_records_stands_on_the_roster_once_until_they_are_parted(office, tab):
    """Another workstation entered the same person into the class."""
    rows, services, twin = tab.all_rows(), office.services, b"the other record"
    with services.context.workstation.unit_of_work("a colleague") as work:
        known = work.fields(TRAINEE, rows[0].trainee_id)
        same = {name: known[name] for name in ("name", "document_type", "document_number")}
        work.put(TRAINEE, twin, same)
        work.put(ENROLMENT, rows[0].class_id + twin, {"number": 90, "state": "attending"})
    again = services.enrolment.roster(rows[0].class_id)
    assert len(again) == len(rows)
    one = next(row for row in again if row.name == rows[0].name)
    assert {one.trainee_id, *one.twins} == {rows[0].trainee_id, twin}
    tab.open_row(one)
    assert any("2 条记录" in text.text() for text in tab.panel.findChildren(QLabel))
    tab._part([one])
    count = len(tab.all_rows())
    assert count == len(rows) + 1


def test_who_withdraws_is_asked_for_day_and_reason_and_stays_on_the_list(tab):
    row = tab.all_rows()[0]
    tab.open_step("withdraw", row)
    panel = tab.panel._content
    assert not panel.act.isEnabled()
    type_into(panel.form.fields["reason"], "外出务工")
    press(panel.act)
    assert state_of(tab, row.name) == "withdrawn"
    tab.open_step("return", next(one for one in tab.all_rows() if one.name == row.name))
    type_into(tab.panel._content.form.fields["day"], "明天")
    type_into(tab.panel._content.form.fields["reason"], "回来")
    press(tab.panel._content.act)
    assert state_of(tab, row.name) == "withdrawn"


def test_a_transfer_leads_into_the_other_class(office, tab):
    row = tab.all_rows()[0]
    tab.open_step("transfer", row)
    panel = tab.panel._content
    panel.form.set_values({"target": office.services.classes.class_by_code(OTHER).id.hex()})
    type_into(panel.form.fields["reason"], "时间冲突")
    press(panel.act)
    assert state_of(tab, row.name) == "transferred"
    other = office.services.classes.class_by_code(OTHER)
    assert row.trainee_id in [one.trainee_id for one in office.services.classes.list_members(other.id)]


def test_the_stated_groups_of_a_whole_roster_are_chosen_in_one_act(tab):
    rows = tab.all_rows()
    assert all(row.chosen_group is None for row in rows)
    tab.choose_stated(rows)
    assert {row.chosen_group == row.key_group for row in tab.all_rows()} == {True}


def test_every_group_is_listed_with_its_reason_and_one_is_chosen(tab):
    row = tab.all_rows()[0]
    tab.open_groups(row)
    panel = tab.panel._content
    panel.form.set_values({"groups": "veteran", "left": "college", "left_on": "2015-06-30"})
    panel._draw_buttons()
    assert not panel.choose_button.isEnabled()
    press(panel.save_button)
    assert {one.group: one.fits for one in panel.sheet.matches} == {"graduate": False, "veteran": True}
    panel.form.set_values({"group": "veteran", "ground": "household", "organised_by": "江城区退役军人事务局"})
    panel._draw_buttons()
    press(panel.choose_button)
    assert (panel.sheet.chosen, panel.sheet.organisers) == ("veteran", ("退役军人", "人社"))
    before = panel.sheet.on
    type_into(panel.form.fields["enrolled_on"], "2020-10-08")
    press(panel.choose_button)
    assert panel.sheet.on == before
    type_into(panel.form.fields["choice_reason"], "报名表所填日期")
    press(panel.choose_button)
    assert panel.sheet.on.isoformat() == "2020-10-08"
    press(panel.consent_button)
    assert panel.sheet.consent_version == "2020-11"


def test_a_wish_is_noted_matched_and_leaves_the_unmet(office, tab):
    services = office.services
    person = services.trainees.create({"name": "钱进", "document_number": "420106199001011039"})
    page = office.page("willingness")
    page.begin_new()
    panel = page.panel._content
    type_into(panel.form.fields["text"], "钱进")
    panel._find()
    panel.form.set_values({"person": person.hex(), "trade": "电工"})
    panel._draw()
    press(panel.act)
    (row,) = [page.model.row(0)]
    assert (row.name, row.is_unmet, page.model.rowCount()) == ("钱进", True, 1)
    page.match([row])
    panel = page.panel._content
    panel.form.set_values({"class_id": services.classes.class_by_code(CODE).id.hex()})
    panel._draw()
    press(panel.act)
    assert page.model.row(0).class_code == CODE
    services.enrolment.admit(services.classes.class_by_code(CODE).id, [person])
    assert not page.model.row(0).is_unmet


def test_a_name_is_changed_with_a_scan_and_the_former_one_is_shown(office):
    services = office.services
    row = services.trainees.page(TraineeQuery(), 0, 1)[0]
    services.evidence.add(Owner("trainee", row.id), Paper("id_card"), jpeg("户口簿"), "户口簿.jpg")
    page = office.page("trainees", trainee_id=row.id)
    page.panel._content.identity_asked.emit()
    panel = page.panel._content
    panel.form.set_values({"name": "钱进", "scan": panel._scan.itemData(0)})
    panel._draw()
    assert not panel.act.isEnabled()
    type_into(panel.form.fields["reason"], "户口簿更名")
    press(panel.act)
    assert services.identities.former(row.id)[0].name == row.name
    assert [one.name for one in services.trainees.page(TraineeQuery(row.name))] == ["钱进"]
    page.correct_identity(row.id)
    shown = [one.text() for one in page.panel._content.findChildren(QLabel)]
    assert any(row.name in text for text in shown)
