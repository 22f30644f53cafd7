"""学员: found by anything, checked while typing, never entered twice, masked until asked."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.factories.pictures import jpeg
from tests.ui.pages.user import choose, error_of, press, type_into


def search(page, text):
    page.filters.search.setText(text)
    page.filters.search.searched.emit(text)


def names(page):
    return [row.name for row in page.model.rows()]


@pytest.fixture
def page(office):
    return office.page("trainees")


def panel_of(page):
    return page.panel._content


def known_number(office):
    first = office.services.trainees.list_trainees()[0]
    return first, str(office.services.trainees.reveal(first.id).fields["document_number"])


def test_the_list_shows_everybody_masked_with_a_count(page):
    assert len(names(page)) == 24
    assert "24" in page.table.count.text()
    assert all("*" in row.document_number for row in page.model.rows())


def test_people_are_found_by_initials_by_part_of_the_number_and_of_the_phone(page, office):
    someone, number = known_number(office)
    detail = office.services.trainees.reveal(someone.id)
    search(page, "zzz")
    assert names(page) == []
    for text in (someone.name, number[6:14], str(detail.fields["phone"])[-6:]):
        search(page, text)
        assert someone.name in names(page), text


def test_search_by_pinyin_initials_finds_every_reading(office, page):
    office.services.trainees.create({"name": "曾乐", "document_number": "420111199001011232"})
    for text in ("zl", "cy", "zy", "cl"):
        search(page, text)
        assert "曾乐" in names(page), text


def test_a_filter_keeps_one_category_and_one_class(page):
    page.filters.set_chosen(frozenset({"student"}))
    assert len(names(page)) == 12
    page.filters.set_chosen(frozenset())
    choose(page.classes, "电工2020-02班")
    assert len(names(page)) == 12


def test_an_empty_search_says_what_to_do(page):
    search(page, "没有这个人")
    assert page.table.empty.isVisible()


def test_a_wrong_number_is_explained_and_not_saved(page, office):
    page.begin_new()
    panel = panel_of(page)
    type_into(panel.form.fields["name"], "王小明")
    type_into(panel.form.fields["document_number"], "420111199001011234")
    panel.check()
    assert "应为 2" in error_of(panel.form.fields["document_number"])
    press(panel.save_button)
    assert "应为 2" in error_of(panel.form.fields["document_number"])
    search(page, "王小明")
    assert names(page) == []


def test_a_character_that_no_font_has_is_named_beside_the_name(page):
    page.begin_new()
    panel = panel_of(page)
    type_into(panel.form.fields["name"], "王\U000e2345")
    panel.check()
    assert "没有字体能显示" in error_of(panel.form.fields["name"])
    type_into(panel.form.fields["name"], "王𬱖")
    panel.check()
    assert error_of(panel.form.fields["name"]) == ""


def test_typing_checks_by_itself_after_a_moment(page, qtbot):
    page.begin_new()
    panel = panel_of(page)
    type_into(panel.form.fields["document_number"], "420111199001011234")
    qtbot.waitUntil(lambda: "应为" in error_of(panel.form.fields["document_number"]), timeout=2000)


def test_sex_and_birth_come_from_the_number(page):
    page.begin_new()
    panel = panel_of(page)
    type_into(panel.form.fields["document_number"], "420111199001011232")
    panel.check()
    assert panel.form.fields["sex"].value() == "1"
    assert panel.form.fields["birth"].value() == "1990-01-01"


def test_somebody_who_is_there_already_is_found_while_typing_and_opened(page, office):
    someone, number = known_number(office)
    page.begin_new()
    panel = panel_of(page)
    type_into(panel.form.fields["document_number"], number.lower())
    panel.check()
    notice = panel.duplicate.notice()
    assert notice is not None
    assert someone.name in notice.text
    notice.run()
    assert page.panel.current_key() == someone.id.hex()
    assert panel_of(page).trainee_id == someone.id


def test_a_new_person_is_created_selected_and_told(page, office):
    page.begin_new()
    panel = panel_of(page)
    type_into(panel.form.fields["name"], "王小明")
    type_into(panel.form.fields["document_number"], "42011119900101123 2")
    type_into(panel.form.fields["education"], "大专在读")
    type_into(panel.form.fields["ethnicity"], "汉族")
    press(panel.save_button)
    assert office.told == ["已保存学员"]
    assert "王小明" in names(page)
    assert [row.name for row in page.table.selected()] == ["王小明"]
    row = page.table.selected()[0]
    assert (row.education, row.studying, row.sex) == ("30", True, "1")


def test_escape_keeps_the_draft_and_opening_again_brings_it_back(page, qtbot):
    page.window().activateWindow()
    qtbot.waitUntil(page.window().isActiveWindow)
    page.begin_new()
    editor = panel_of(page).form.fields["name"].editor
    type_into(panel_of(page).form.fields["name"], "半个名字")
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    assert page.panel.isHidden()
    page.begin_new()
    assert panel_of(page).form.fields["name"].value() == "半个名字"


def test_the_draft_of_a_person_outlives_walking_through_the_list(page):
    page.open_row(page.model.row(0))
    type_into(panel_of(page).form.fields["education"], "博士研究生")
    page.table.view.selectRow(3)
    page.open_row(page.model.row(0))
    assert panel_of(page).form.fields["education"].value() == "博士研究生"
    assert panel_of(page).save_button.isEnabled()


def test_drafts_go_when_somebody_else_takes_over(page):
    page.begin_new()
    type_into(panel_of(page).form.fields["name"], "半个名字")
    page.drop_drafts()
    page.begin_new()
    assert panel_of(page).form.fields["name"].value() == ""


def test_a_change_of_name_asks_for_the_reason_and_records_it(page, office, answers):
    page.open_row(page.model.row(0))
    panel = panel_of(page)
    type_into(panel.form.fields["name"], "改名了")
    answers.reason("本人更名")
    press(panel.save_button)
    assert "改名了" in names(page)
    assert office.services.trainees.get_trainee(panel.trainee_id).fields["name"] == "改名了"


def test_turning_back_from_the_reason_changes_nothing(page, answers):
    before = names(page)
    page.open_row(page.model.row(0))
    type_into(panel_of(page).form.fields["name"], "改名了")
    answers.verb("")
    press(panel_of(page).save_button)
    assert names(page) == before
    assert panel_of(page).form.fields["name"].value() == "改名了"


def test_a_change_of_education_needs_no_reason(page, office):
    page.open_row(page.model.row(0))
    panel = panel_of(page)
    type_into(panel.form.fields["education"], "硕士研究生")
    press(panel.save_button)
    assert office.services.trainees.get_trainee(panel.trainee_id).fields["education"] == "14"


def test_number_and_phone_stay_masked_and_closed_until_revealed_and_that_is_recorded(
    page, admin_journal, office
):
    page.open_row(page.model.row(0))
    panel = panel_of(page)
    assert "*" in panel.form.fields["document_number"].value()
    assert panel.form.fields["phone"].editor.isReadOnly()
    press(panel.reveal_button)
    assert "*" not in panel.form.fields["document_number"].value()
    assert not panel.form.fields["phone"].editor.isReadOnly()
    assert admin_journal()[0] == "reveal_personal"


@pytest.fixture
def admin_journal(office):
    """Read the commands of the journal, newest first, past the role of the user at the window."""
    from desktop_app.store.queries.journal import journal_items

    def commands():
        with office.services.context.read() as sql:
            return [item.command for item in journal_items(sql, 5)]

    return commands


def test_revealing_does_not_lose_what_was_typed(page):
    page.open_row(page.model.row(0))
    panel = panel_of(page)
    type_into(panel.form.fields["education"], "本科")
    press(panel.reveal_button)
    assert panel.form.fields["education"].value() == "本科"


def test_chosen_people_are_enrolled_and_the_button_says_how_many(page, office):
    page.filters.set_chosen(frozenset({"student"}))
    page.table.view.selectAll()
    page.enrol(page.table.selected())
    panel = panel_of(page)
    target = office.services.classes.class_by_code("电工2020-02班")
    choose(panel.form.fields["class_id"], target.id.hex())
    assert "12" in panel.act.text()
    assert "12 人编入 电工2020-02班" in panel.effect.text()
    press(panel.act)
    assert office.told == ["已把 12 人编入 电工2020-02班"]
    assert office.services.classes.get_class(target.id).people == 24


def test_who_is_a_member_already_is_counted_apart(page, office):
    page.filters.set_chosen(frozenset({"key_group"}))
    page.table.view.selectAll()
    page.enrol(page.table.selected())
    panel = panel_of(page)
    choose(panel.form.fields["class_id"], office.services.classes.class_by_code("电工2020-02班").id.hex())
    assert "12 人已在班" in panel.effect.text()


def test_an_administrator_reads_but_sees_no_buttons_to_change(admin):
    page = admin.page("trainees")
    assert page.header.primary is None
    assert [action.text_key for action in page.table._actions] == ["trainees.open"]
    page.open_row(page.model.row(0))
    panel = panel_of(page)
    assert panel.save_button is None
    assert panel.reveal_button.isHidden()
    assert panel.form.fields["name"].editor.isReadOnly()


def test_an_auditor_does_not_see_the_page(auditor):
    with pytest.raises(KeyError):
        auditor.page("trainees")


def test_the_panel_follows_the_selection(page):
    page.open_row(page.model.row(0))
    page.table.view.selectRow(3)
    assert page.panel.current_key() == page.model.row(3).id.hex()


def test_the_panel_shows_a_person_s_evidence_and_takes_more(page, office, tmp_path):
    person = page.model.rows()[0]
    page.open_person(person.id)
    section = panel_of(page).evidence
    before = len(office.services.evidence.of_trainee(person.id))
    assert str(before) in section.title.text()
    file = tmp_path / "户口簿.jpg"
    file.write_bytes(jpeg("户口簿"))
    section.kind.setCurrentIndex(section.kind.findData("household_book"))
    section.add_file(file)
    assert len(office.services.evidence.of_trainee(person.id)) == before + 1
    assert str(before + 1) in section.title.text()
    file.write_bytes(b"not a picture")
    section.add_file(file)
    assert len(office.services.evidence.of_trainee(person.id)) == before + 1


def test_a_problem_elsewhere_leads_to_its_very_field(page, office):
    someone = office.services.trainees.list_trainees()[0]
    page.open(trainee_id=someone.id, field="native_place")
    page.open(trainee_id=someone.id, field="name")
    assert page.window().focusWidget() is panel_of(page).form.fields["name"].editor
