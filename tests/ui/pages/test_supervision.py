"""督导 and 就业 in the window: evidence, 处置 by who may, 整改回复, follow-ups with 凭证."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from desktop_app.domain.attendance import Mark, MarkStatus
from desktop_app.domain.employment import FollowUp, Status
from desktop_app.domain.records import SUPERVISION_EVENT
from desktop_app.services.attendance import NewMark
from tests.factories.pictures import jpeg
from tests.fakes.reporting import FakeReporting
from tests.ui.pages.user import error_of, press, type_into
from ui.pages.dashboard.page import DashboardPage
from ui.pages.employment.tab import EmploymentTab
from ui.pages.supervision.page import SupervisionPage

CODE, OTHER = "电工2020-02班", "焊工2020-03班"
ORDER = b"order 0000000001"


@pytest.fixture
def flagged(desk):
    """Somebody of the class left before a session in which he is marked, and joined another class."""
    services, class_id = desk.services, desk.class_id(CODE)
    today = services.context.today()
    session = next(one for one in services.classes.list_sessions(class_id) if one.held_on < today)
    person = services.classes.list_members(class_id)[0]
    services.attendance.mark(session.id, [NewMark(person.trainee_id, Mark(MarkStatus.LATE, 1))], "补登")
    services.enrolment.withdraw(class_id, person.trainee_id, session.held_on - timedelta(days=1), "离开")
    other = services.classes.list_members(class_id)[1]
    joined = services.classes.create_class(OTHER, start_on=session.held_on)
    services.trainees.enrol(joined, [other.trainee_id], "key_group")
    return desk


def flags(desk):
    return desk.show(SupervisionPage(desk.context))


def test_a_blocking_flag_shows_its_evidence_and_the_office_only_reads_it(flagged):
    page = flags(flagged)
    tab = page.tabs.made("flags")
    row = next(one for one in tab.all_rows() if one.kind == "mark_outside")
    tab.open_row(row)
    panel = tab.panel._content
    assert panel.foot() == []
    assert not panel.form.isVisibleTo(panel)
    panel.show_evidence()
    assert flagged.visited == [("class", {"class_id": row.class_id, "tab": "attendance"})]


def test_the_office_explains_a_hint_with_a_reason(flagged):
    page = flags(flagged)
    tab = page.tabs.made("flags")
    hints = [one for one in tab.all_rows() if not one.blocks]
    assert hints
    tab.open_row(hints[0])
    panel = tab.panel._content
    assert not panel.save_button.isEnabled()
    type_into(panel.form.fields["reason"], "纸质签到表已核对")
    press(panel.save_button)
    again = next(one for one in tab.all_rows() if one.id == hints[0].id)
    assert (again.decision, again.reason) == ("cleared", "纸质签到表已核对")


def test_what_is_overdue_or_flagged_waits_on_the_first_screen(flagged):
    order = {"kind": "order", "department": "江城市人社局", "document": "督1号", "issued_on": "2020-11-10"}
    with flagged.services.context.unit_of_work("platform") as work:
        work.put(SUPERVISION_EVENT, ORDER, order | {"requirement": "补齐签到表", "deadline": "2020-11-20"})
    page = flagged.show(DashboardPage(flagged.context))
    lines = page.waiting.lines()[:3]
    assert ["督1号" in lines[0].text.text(), "阻断" in lines[1].text.text()] == [True, True]
    press(lines[0].button)
    press(lines[1].button)
    assert flagged.visited == [("supervision", {"order_id": ORDER}), ("supervision", {"tab": "flags"})]


def test_the_evidence_of_an_order_is_listed_looked_at_and_taken_off(desk, answers, tmp_path):
    order = {"kind": "order", "department": "江城市人社局", "document": "督1号", "issued_on": "2020-11-10"}
    with desk.services.context.unit_of_work("platform") as work:
        work.put(SUPERVISION_EVENT, ORDER, order | {"requirement": "补齐签到表", "deadline": "2020-11-20"})
    page = flags(desk)
    page.open(order_id=ORDER)
    tab = page.tabs.made("orders")
    tab.open_row(tab.all_rows()[0])
    panel = tab.panel._content
    assert panel.files.items == ()
    photo, text = tmp_path / "整改照片.jpg", tmp_path / "说明.jpg"
    photo.write_bytes(jpeg("整改后"))
    text.write_bytes("这不是图片".encode())
    panel.attach(photo)
    (item,) = panel.files.items
    panel.attach(text)
    assert ([one.file_name for one in panel.files.items], len(desk.warned)) == (["整改照片.jpg"], 1)
    panel.files.look(item)
    assert panel.files._pictures.count() == 1
    answers.reason("附错了")
    panel.files.remove(item)
    assert panel.files.items == ()


def test_an_order_is_answered_in_its_panel(desk):
    order = {"kind": "order", "department": "江城市人社局", "document": "督1号", "issued_on": "2020-11-10"}
    order |= {"requirement": "补齐签到表", "deadline": "2020-11-20"}
    with desk.services.context.unit_of_work("platform") as work:
        work.put(SUPERVISION_EVENT, ORDER, order)
    page = flags(desk)
    page.open(order_id=ORDER)
    tab = page.tabs.made("orders")
    tab.open_row(tab.all_rows()[0])
    panel = tab.panel._content
    type_into(panel.form.fields["measures"], "已补齐")
    type_into(panel.form.fields["responsible"], "王主任")
    type_into(panel.form.fields["replied_on"], "2020-11-09")
    press(panel.save_button)
    assert "2020-11-09" in error_of(panel.form.fields["replied_on"])
    type_into(panel.form.fields["replied_on"], "2020-11-18")
    press(panel.save_button)
    assert tab.all_rows()[0].reply.measures == "已补齐"


def test_work_is_recorded_with_proof_that_is_no_older_than_the_training(desk):
    tab = desk.show(EmploymentTab(desk.context, desk.class_id(CODE)))
    assert "—" in tab.rates.text()
    row = tab.all_rows()[0]
    tab.open_row(row)
    panel = tab.panel._content
    fields = panel.form.fields
    panel.form.set_values({"status": "employed", "voucher_kind": "contract"})
    press(panel.save_button)
    assert error_of(fields["employer"])
    type_into(fields["employer"], "东风电气")
    type_into(fields["voucher_on"], (row.person.started_on - timedelta(days=1)).isoformat())
    press(panel.save_button)
    assert row.person.name in error_of(fields["voucher_on"])
    today: date = desk.services.context.today()
    type_into(fields["voucher_on"], today.isoformat())
    press(panel.save_button)
    again = tab.all_rows()[0]
    assert (again.last.employer, again.last.voucher_on) == ("东风电气", today)
    tab.ask_reason = lambda *_words: "填错了"
    tab.remove_last(again)
    assert tab.all_rows()[0].last is None


def test_whom_a_follow_up_of_is_not_with_the_province_says_so_and_is_found_by_it(desk):
    reporting = FakeReporting()
    desk.join(reporting)
    class_id = desk.class_id(CODE)
    tab = desk.show(EmploymentTab(desk.context, class_id))
    row = tab.all_rows()[0]
    person = row.person.trainee_id
    follow_up = FollowUp(Status.UNEMPLOYED, desk.services.context.today())
    desk.services.employment.record(class_id, person, follow_up)
    (month,) = next(one for one in tab.all_rows() if one.person.trainee_id == person).person.months
    reporting.marks = {(class_id, ("follow_up", class_id + person + month.to_bytes(2, "big"))): "ready"}
    desk.context.changes.announce(frozenset({"platform_page"}))
    column = next(one for one in tab.model.columns if one.key == "reported")
    assert [column.text(one) for one in tab.all_rows() if column.text(one)] == ["○ 待上报"]
    tab.filters.set_chosen(frozenset({"ready"}))
    assert [one.person.trainee_id for one in tab.model.rows()] == [person]
    tab.filters.set_chosen(frozenset({"due"}))
    assert person not in [one.person.trainee_id for one in tab.model.rows()]
