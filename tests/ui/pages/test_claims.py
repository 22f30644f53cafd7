"""补贴 in the window: a claim is drafted, its causes lead where they are mended, and it goes its way."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from PySide6.QtWidgets import QLabel, QPushButton

from desktop_app.domain.claims import Payee, PayeeKind
from desktop_app.domain.listings.claims import ObjectionItem
from tests.fakes.reporting import FakeReporting
from tests.ui.pages.user import choose, error_of, press, type_into
from ui.i18n import tr
from ui.pages.claims.page import ClaimsPage
from ui.pages.claims.panels import NoticePanel
from ui.pages.claims.tab import ClaimsTab
from ui.pages.claims.table_model import causes_text

CODE = "电工2020-02班"


@pytest.fixture
def tab(desk):
    return desk.show(ClaimsTab(desk.context, desk.class_id(CODE)))


def drafted(tab):
    press(tab.draft)
    press(tab.panel._content.save_button)
    return tab


def test_a_claim_is_drafted_and_shows_who_is_outside_and_why(desk, tab):
    assert tab.model.rowCount() == 0
    assert tab.steps.isHidden()
    drafted(tab)
    said = desk.told[-1].text
    assert f"{tab._sheet.item.people} 人" in said
    item = desk.services.claims.items()[0]
    assert (item.state, item.channel) == ("draft", "skill_action")
    assert tab.model.rowCount() == len(tab.all_rows()) > 0
    assert tr("state.claim.draft") in tab.facts.text()
    assert [action.text() for action in tab.steps.menu().actions()] == [tr("claims.do.check")]


def test_causes_of_a_person_lead_to_the_place_that_mends_them(desk, tab):
    drafted(tab)
    row = tab.all_rows()[0]
    desk.services.claims.add(tab._item().key, [row.trainee_id])
    row = next(one for one in tab.all_rows() if one.line is not None)
    tab.open_row(row)
    jumps = [one for one in tab.panel._content.findChildren(QPushButton) if one.text() == tr("claims.mend")]
    assert jumps
    press(jumps[-1])
    assert desk.visited[-1][0] in {"class", "policy"}


def test_everybody_in_a_claim_says_what_the_province_has_not_got(desk):
    reporting = FakeReporting()
    desk.join(reporting)
    tab = drafted(desk.show(ClaimsTab(desk.context, desk.class_id(CODE))))
    key, class_id = tab._item().key, desk.class_id(CODE)
    people = [row.trainee_id for row in tab.all_rows()][:2]
    desk.services.claims.add(key, people)
    reporting.marks = {
        (class_id, ("claim_line", key + people[0])): "rejected",
        (class_id, ("claim", key)): "sealed",
    }
    desk.context.changes.announce(frozenset({"platform_page"}))
    column = next(one for one in tab.model.columns if one.key == "reported")
    said = {row.trainee_id: column.text(row) for row in tab.all_rows() if row.line is not None}
    assert {said[one] for one in people} == {"✕ 退回", "□ 已封存"}
    tab.filters.set_chosen(frozenset({"rejected"}))
    assert [row.trainee_id for row in tab.model.rows()] == [people[0]]


def test_a_step_that_is_refused_says_every_cause_and_changes_nothing(desk, tab):
    drafted(tab)
    desk.services.claims.add(tab._item().key, [tab.all_rows()[0].trainee_id])
    tab.take_step("check")
    assert desk.warned
    assert tab._sheet.item.state == "draft"


def test_the_payee_is_entered_and_its_account_is_shown_by_four_digits(desk, tab):
    drafted(tab)
    press(tab.payee)
    panel = tab.panel._content
    for name, text in (
        ("holder", "江城职院"),
        ("bank", "工行"),
        ("account", "3202000012345678"),
        ("paper", "委1"),
    ):
        type_into(panel.form.fields[name], text)
    press(panel.save_button)
    assert "************5678" in tab.facts.text()
    press(tab.payee)
    panel = tab.panel._content
    assert panel.form.fields["account"].value() == ""
    type_into(panel.form.fields["bank"], "农行")
    press(panel.save_button)
    assert "农行 ************5678" in tab.facts.text()


def test_what_a_person_costs_is_booked_with_its_source(desk, tab):
    drafted(tab)
    tab._open_money(tab.all_rows()[0], "cost")
    panel = tab.panel._content
    type_into(panel.form.fields["amount"], "一百")
    press(panel.save_button)
    assert desk.services.claims.student_money(desk.class_id(CODE)) == []
    type_into(panel.form.fields["amount"], "300.5")
    press(panel.save_button)
    (booked,) = desk.services.claims.student_money(desk.class_id(CODE))
    assert (booked.fen, booked.is_charge, booked.source) == (30_050, False, "grant")


def test_people_are_taken_out_with_a_reason(desk, tab):
    drafted(tab)
    person = tab.all_rows()[0]
    desk.services.claims.add(tab._item().key, [person.trainee_id])
    tab.ask_reason = lambda *_args: "出勤不足"
    tab._remove([next(one for one in tab.all_rows() if one.trainee_id == person.trainee_id)])
    assert all(one.line is None for one in tab.all_rows())


def test_the_list_of_the_institution_opens_the_class(desk, tab):
    drafted(tab)
    payee = Payee(PayeeKind.INSTITUTION, "江城职院", "工行", "3202", "委1")
    desk.services.claims.set_payee(tab._item().key, payee)
    page = desk.show(ClaimsPage(desk.context))
    assert [row.class_code for row in page.list.all_rows()] == [CODE]
    page.list.open_row(page.list.all_rows()[0])
    assert desk.visited[-1][0] == "class"
    assert desk.visited[-1][1]["tab"] == "claims"


def test_one_of_several_claims_of_a_class_is_chosen(desk, tab):
    drafted(tab)
    assert tab.choice.isHidden()
    press(tab.draft)
    choose(tab.panel._content.form.fields["channel"], "employment_fund")
    press(tab.panel._content.save_button)
    assert not tab.choice.isHidden()
    assert tab.choice.count() == 2
    other = next(one for one in desk.services.claims.items() if one.key != tab._item().key)
    choose(tab.choice, other.key.hex())
    assert tab._item().channel == other.channel


def test_a_notice_begins_with_what_is_known_and_as_long_as_it_must_be(desk, tab):
    drafted(tab)
    tab._open("publish", "", NoticePanel(desk.context, tab._item()))
    values = tab.panel._content.form.values()
    today = desk.services.context.today()
    assert values["publisher"] == desk.services.accounts.institution().name
    assert values["first"] == today.isoformat()
    assert date.fromisoformat(values["last"]) >= today + timedelta(days=4)
    assert tab.panel._content.save_button.isEnabled()  # what is proposed is the usual answer


def test_objections_are_shown_with_what_they_say(desk, tab):
    drafted(tab)
    person = tab.all_rows()[0]
    desk.services.claims.add(tab._item().key, [person.trainee_id])
    row = next(one for one in tab.all_rows() if one.line is not None)
    raised = ObjectionItem(
        b"o", row.trainee_id, row.name, date(2020, 12, 2), "", "没有来上课", None, None, ""
    )
    row = replace(row, objections=(raised,))
    assert tr("claims.short.objection") in causes_text(row)
    tab.open_row(row)
    assert any("没有来上课" in one.text() for one in tab.panel._content.findChildren(QLabel))


def test_the_base_of_the_student_grant_is_counted_for_a_period(desk):
    page = desk.show(ClaimsPage(desk.context))
    page.list.open_grant()
    panel = page.list.panel._content
    (count,) = panel.foot()
    type_into(panel.form.fields["last"], "2019-12-31")
    press(count)
    assert panel.result.text() == ""
    assert error_of(panel.form.fields["last"])
    type_into(panel.form.fields["last"], "2020-12-31")
    press(count)
    found = desk.services.claims.grant_base(date(2020, 1, 1), date(2020, 12, 31))
    assert f"{found.trained_times} 人次" in panel.result.text()
