"""教师, 培训项目, 用户, 操作日志 and 设置."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QPushButton

from desktop_app.domain.errors import AppError
from desktop_app.domain.listings.training import SiteListItem
from desktop_app.domain.users import Role
from tests.ui.pages.sample_profile import PASSWORD
from tests.ui.pages.user import choose, error_of, press, settle, type_into
from ui.theme import theme
from ui.widgets.labels import ElidedLabel
from ui.widgets.region_picker import RegionPicker

NEW_PASSWORD = "Donghu#2021"


def tick(panel, *names):
    for name in names:
        panel.form.fields[name].editor.click()


def test_a_teacher_gets_qualities_and_keeps_the_phone_that_was_not_touched(office):
    page = office.page("teachers")
    row = page.all_rows()[0]
    page.open_row(row)
    panel = page.panel._content
    type_into(panel.form.fields["phone"], "13871234567")
    tick(panel, "dual", "craftsman")
    press(panel.save_button)
    changed = next(item for item in page.all_rows() if item.id == row.id)
    assert changed.qualities == ("dual", "craftsman")
    assert changed.phone == "138****4567"
    page.open_row(changed)
    choose(page.panel._content.form.fields["employment"], "part_time")
    press(page.panel._content.save_button)
    assert next(item for item in page.all_rows() if item.id == row.id).phone == "138****4567"


def test_a_teacher_who_is_there_already_is_told_beside_the_name(office):
    page = office.page("teachers")
    page.begin_new()
    panel = page.panel._content
    type_into(panel.form.fields["name"], page.all_rows()[0].name)
    press(panel.save_button)
    assert error_of(panel.form.fields["name"])


def test_a_wrong_phone_is_told_beside_the_phone(office):
    page = office.page("teachers")
    page.open_row(page.all_rows()[0])
    panel = page.panel._content
    type_into(panel.form.fields["phone"], "12345")
    press(panel.save_button)
    assert error_of(panel.form.fields["phone"])


def test_an_administrator_links_the_account_of_a_teacher_and_changes_nothing_else(admin):
    page = admin.page("teachers")
    row = page.all_rows()[0]
    page.open_row(row)
    panel = page.panel._content
    assert panel.form.fields["name"].editor.isReadOnly()
    user = next(item for item in admin.services.accounts.list_users() if item.login == "zhanglan")
    choose(panel.form.fields["user_id"], user.id.hex())
    press(panel.save_button)
    assert next(item for item in page.all_rows() if item.id == row.id).login == "zhanglan"


def test_an_empty_catalogue_says_where_it_comes_from(office):
    page = office.page("projects")
    assert page.table.empty.isVisible()
    assert "同步中心" in page.table.empty.button.text()


def test_a_user_is_added_with_roles_a_teacher_and_a_first_password(admin):
    page = admin.page("users")
    page.begin_new()
    panel = page.panel._content
    type_into(panel.form.fields["display"], "陈志强")
    type_into(panel.form.fields["login"], "chenzq")
    tick(panel, "role_teacher")
    teacher = admin.services.teachers.list_teachers()[0]
    choose(panel.form.fields["teacher_id"], teacher.id.hex())
    type_into(panel.form.fields["password"], "12345678")
    panel.check()
    assert error_of(panel.form.fields["password"]).startswith("✕")
    type_into(panel.form.fields["password"], PASSWORD)
    type_into(panel.form.fields["again"], PASSWORD)
    press(panel.save_button)
    made = next(row for row in page.all_rows() if row.login == "chenzq")
    assert (made.roles, made.teacher, made.has_slot) == ((Role.TEACHER,), teacher.name, True)


def test_a_user_without_a_role_is_refused(admin):
    page = admin.page("users")
    page.begin_new()
    panel = page.panel._content
    type_into(panel.form.fields["display"], "陈志强")
    press(panel.save_button)
    assert "至少" in panel.roles_line.text()
    assert len(page.all_rows()) == 3


def test_the_draft_of_a_user_never_keeps_a_password(admin):
    page = admin.page("users")
    page.begin_new()
    panel = page.panel._content
    type_into(panel.form.fields["display"], "陈志强")
    type_into(panel.form.fields["password"], PASSWORD)
    page.panel.close_panel()
    page.begin_new()
    assert page.panel._content.form.fields["display"].value() == "陈志强"
    assert page.panel._content.form.fields["password"].value() == ""


def test_the_last_administrator_keeps_the_role(admin):
    page = admin.page("users")
    page.open_row(next(row for row in page.all_rows() if row.login == "limin"))
    panel = page.panel._content
    tick(panel, "role_admin", "role_head")
    press(panel.save_button)
    assert panel.roles_line.text()
    assert next(row for row in page.all_rows() if row.login == "limin").roles == (Role.ADMIN,)


def test_a_user_who_left_is_disabled_after_asking(admin, answers):
    page = admin.page("users")
    row = next(row for row in page.all_rows() if row.login == "sunli")
    answers.verb("")
    page.disable(row)
    assert not next(row for row in page.all_rows() if row.login == "sunli").disabled
    answers.verb("disable")
    page.disable(row)
    assert next(row for row in page.all_rows() if row.login == "sunli").disabled
    assert admin.told == ["已停用 孙立"]


def test_a_reset_password_opens_the_door_and_the_old_one_does_not(admin, answers):
    page = admin.page("users")
    answers.passwords(NEW_PASSWORD, NEW_PASSWORD)
    page.reset(next(row for row in page.all_rows() if row.login == "sunli"))
    profile = admin.services.profile
    profile.check_password("sunli", NEW_PASSWORD)
    with pytest.raises(AppError, match="LOGIN_WRONG"):
        profile.check_password("sunli", PASSWORD)


def test_unlocking_lets_a_locked_user_in(admin):
    profile = admin.services.profile
    for _attempt in range(5):
        with pytest.raises(AppError):
            profile.check_password("sunli", "wrong")
    page = admin.page("users")
    page.unlock(next(row for row in page.all_rows() if row.login == "sunli"))
    profile.check_password("sunli", PASSWORD)


def test_the_journal_names_who_what_and_why_and_is_filtered(admin):
    page = admin.page("journal")
    assert page.all_rows()[0].command == "add_session"
    choose(page.commands, "create_class")
    assert len(page.model.rows()) == 2
    choose(page.commands, "")
    page.filters.set_chosen(frozenset({"with_reason"}))
    assert page.model.rows() == []
    assert page.header.primary is None


def test_the_journal_is_verified_and_says_so(admin):
    page = admin.page("journal")
    press(page.verify_button)
    notice = page.result.notice()
    assert notice.level == "done"
    assert str(len(page.all_rows())) in notice.text


def test_an_altered_row_is_found_and_named(admin):
    with admin.services.context.workstation.database.writer() as sql:
        sql.exec_driver_sql("UPDATE trainee SET name = '改' WHERE id = (SELECT min(id) FROM trainee)")
    page = admin.page("journal")
    page.verify()
    assert page.result.notice().level == "wrong"
    assert "直接改动" in page.result.notice().hint


def test_the_theme_holds_at_once_and_is_remembered(office):
    page = office.page("settings")
    page.themes["dark"].click()
    assert theme.scheme == "dark"
    assert page.context.preferences.read("window/theme") == "dark"


def test_a_language_is_for_the_next_start(office):
    page = office.page("settings")
    page.choose_language("en")
    assert page.context.preferences.read("window/language") == "en"


def test_the_own_password_is_changed_with_the_old_one(office, answers):
    page = office.page("settings")
    answers.passwords(PASSWORD)
    answers.passwords(NEW_PASSWORD, NEW_PASSWORD)
    page.change_password()
    assert office.told == ["密码已修改"]
    office.services.profile.check_password("zhanglan", NEW_PASSWORD)


def test_a_wrong_old_password_changes_nothing(office, answers):
    page = office.page("settings")
    answers.passwords("falsch-123A")
    answers.passwords(NEW_PASSWORD, NEW_PASSWORD)
    page.change_password()
    assert office.warned
    office.services.profile.check_password("zhanglan", PASSWORD)


def test_settings_name_the_institution(office):
    page = office.page("settings")
    texts = [found.text() for found in page.findChildren(type(page.header._title))]
    assert "12420000MB1A2B3C4R" in texts
    assert "湖北省武汉市洪山区" in texts


def site_texts(page):
    settle()
    return [found.whole_text() for found in page.sites.findChildren(ElidedLabel) if not found.isHidden()]


def test_a_site_is_added_and_edited_in_the_settings(office):
    page = office.page("settings", create_site=True)
    panel = page.panel._content
    assert panel.form.fields["region"].value() == "420111"
    assert not panel.save_button.isEnabled()
    type_into(panel.form.fields["name"], "沌口校区")
    picker = panel.form.fields["region"].editor
    picker.county.setCurrentIndex(picker.county.findData("420113"))
    press(panel.save_button)
    assert page.panel.isHidden()
    assert office.told == ["已保存教学点"]
    assert site_texts(page) == ["沌口校区", "湖北省武汉市汉南区", ""]
    page.sites.edit_buttons[office.services.sites.list_sites()[0].id].click()
    panel = page.panel._content
    type_into(panel.form.fields["address"], "东风大道1号")
    press(panel.save_button)
    assert site_texts(page) == ["沌口校区", "湖北省武汉市汉南区", "东风大道1号"]


def test_what_is_wrong_with_a_site_is_told_beside_the_field(office):
    office.services.sites.add_site("本部", "420111")
    page = office.page("settings", create_site=True)
    panel = page.panel._content
    type_into(panel.form.fields["name"], "本部")
    press(panel.save_button)
    assert "已有名为“本部”的教学点" in error_of(panel.form.fields["name"])
    type_into(panel.form.fields["name"], "仙桃教学点")
    assert error_of(panel.form.fields["name"]) == ""
    picker = panel.form.fields["region"].editor
    picker.city.setCurrentIndex(picker.city.findData("420100"))
    picker.county.setCurrentIndex(-1)
    press(panel.save_button)
    assert "请选到县区" in error_of(panel.form.fields["region"])
    picker.city.setCurrentIndex(picker.city.findData("429004"))
    press(panel.save_button)
    assert {item.name: item.region for item in office.services.sites.list_sites()}["仙桃教学点"] == "429004"


def test_who_may_not_edit_sees_the_sites_only(auditor):
    page = auditor.page("settings")
    page.sites.show_sites([SiteListItem(bytes(16), "本部", "420111", "珞喻路1号", 2)])
    assert site_texts(page) == ["本部", "湖北省武汉市洪山区", "珞喻路1号"]
    assert page.sites.edit_buttons == {}
    texts = [found.text() for found in page.findChildren(QPushButton)]
    assert "修改密码" in texts
    assert "新增教学点" not in texts


def test_the_region_picker_shows_a_code_and_leaves_former_ones_open(window_application):
    picker = RegionPicker(narrow=True)
    told = []
    picker.edited.connect(lambda: told.append(picker.code()))
    for code in ("420115", "429004", "110101", "422801"):
        picker.set_value(code)
        assert picker.value() == code
    assert told == []
    picker.set_value("420100")
    assert picker.value() == ""
    picker.county.setCurrentIndex(0)
    assert told == [picker.value()]


def test_everybody_reaches_the_settings_and_only_administrators_the_users(auditor):
    auditor.page("settings")
    with pytest.raises(KeyError):
        auditor.page("users")
    assert [made.text() for made in auditor.window.rail.findChildren(QPushButton) if made.text()][:2] != []
