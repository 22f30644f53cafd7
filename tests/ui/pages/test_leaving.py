"""用户: 离岗 with a successor, accounts that end, and what one person may not do twice."""

from __future__ import annotations

import datetime as dt

from PySide6.QtWidgets import QLabel

from desktop_app.domain.users import Role
from tests.ui.pages.sample_profile import DEMO_DAY, PASSWORD
from tests.ui.pages.test_office_lists import tick
from tests.ui.pages.user import choose, error_of, press, type_into
from ui.pages.users.leaving import LeavingDialog, successors
from ui.pages.users.table_model import state_text

LAST = DEMO_DAY + dt.timedelta(days=9)


def row_of(page, login):
    return next(row for row in page.all_rows() if row.login == login)


def with_adviser(admin):
    admin.services.accounts.add_user("wangfang", "王芳", [Role.ADVISER], PASSWORD)
    return admin.page("users")


def test_nobody_who_advises_classes_leaves_without_a_successor(admin, answers):
    page = admin.page("users")
    row = row_of(page, "zhanglan")
    assert row.advises == 2
    dialog = LeavingDialog(page.window(), row, successors(row, page.all_rows()))
    assert not dialog.buttons["disable"].isEnabled()
    assert any("还没有可以接替的人" in one.text() for one in dialog.findChildren(QLabel))


def test_the_only_possible_successor_is_chosen_and_gets_the_classes_in_one_click(admin, answers):
    page = with_adviser(admin)
    answers.verb("disable")
    page.disable(row_of(page, "zhanglan"))
    dialog = answers.questions[0]
    assert dialog.buttons["disable"].text() == "停用并移交 2 个班级"
    assert dialog.buttons["disable"].isEnabled()
    assert admin.told == ["已停用 张兰，2 个班级移交给 王芳"]
    assert (row_of(page, "zhanglan").disabled, row_of(page, "wangfang").advises) == (True, 2)


def test_advisers_stand_before_the_office_and_who_leaves_is_not_offered(admin):
    page = with_adviser(admin)
    admin.services.accounts.add_user("chenmo", "陈默", [Role.OFFICE], PASSWORD)
    rows = page.all_rows()
    assert [one.login for one in successors(row_of(page, "zhanglan"), rows)] == ["wangfang", "chenmo"]
    dialog = LeavingDialog(
        page.window(), row_of(page, "zhanglan"), successors(row_of(page, "zhanglan"), rows)
    )
    assert not dialog.buttons["disable"].isEnabled()
    choose(dialog.field, "chenmo")
    assert dialog.buttons["disable"].isEnabled()


def test_an_inspectors_account_says_its_last_day_in_the_list(admin):
    page = admin.page("users")
    page.begin_new()
    panel = page.panel._content
    type_into(panel.form.fields["display"], "督导")
    type_into(panel.form.fields["login"], "dudao")
    tick(panel, "role_auditor")
    type_into(panel.form.fields["password"], PASSWORD)
    type_into(panel.form.fields["again"], PASSWORD)
    type_into(panel.form.fields["until"], "2020-11-01")
    assert "2020-11-01" in error_of(panel.form.fields["until"])
    press(panel.save_button)
    assert len(page.all_rows()) == 3
    type_into(panel.form.fields["until"], LAST.isoformat())
    press(panel.save_button)
    made = row_of(page, "dudao")
    assert (made.until, state_text(made, LAST)) == (LAST, f"限时至 {LAST}")
    assert state_text(made, LAST + dt.timedelta(days=1)) == f"已于 {LAST} 到期"


def test_a_head_who_also_enters_is_told_what_stays_apart(admin):
    page = admin.page("users")
    page.open_row(row_of(page, "zhanglan"))
    panel = page.panel._content
    assert not panel.apart_line.text()
    tick(panel, "role_head")
    assert "不相容职责" in panel.apart_line.text()
    tick(panel, "role_head")
    assert not panel.apart_line.text()
