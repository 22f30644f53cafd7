"""班级 and 操作日志 come window by window: order, filters and search are asked of the services."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from desktop_app.domain.listings.training import ClassPhase
from tests.ui.pages.user import choose
from ui.pages.journal import page as journal_page


@pytest.fixture
def journal(admin):
    return admin.page("journal")


def texts(page, key):
    number = [column.key for column in page.model.columns].index(key)
    return [page.model.index(row, number).data() for row in range(page.model.rowCount())]


def search(page, text):
    page.filters.search.setText(text)
    page.filters.search.searched.emit(text)


def test_classes_are_searched_filtered_and_counted_by_the_service(office):
    page = office.page("classes")
    assert texts(page, "code") == ["新能源2020-01班", "电工2020-02班"]
    search(page, "电工")
    assert texts(page, "code") == ["电工2020-02班"]
    assert page.table.count.text() == "共 1 个班"
    search(page, "没有这个班")
    assert page.table.empty.isVisible()
    assert not page.table.empty.button.isVisible()
    search(page, "")
    page.filters.set_chosen(frozenset({ClassPhase.TO_MARK.value}))
    assert page.model.rowCount() == 2
    page.filters.set_chosen(frozenset({ClassPhase.ENDED.value}))
    assert page.model.rowCount() == 1


def test_the_head_of_classes_counts_all_of_them_whatever_is_searched(office):
    page = office.page("classes")
    before = page.header._facts.text()
    assert "24" in before
    search(page, "电工")
    assert page.header._facts.text() == before


def test_classes_are_ordered_by_the_title_that_is_clicked(office):
    page = office.page("classes")
    page.table.view.sortByColumn(0, Qt.SortOrder.DescendingOrder)
    assert texts(page, "code") == ["电工2020-02班", "新能源2020-01班"]


def test_an_office_without_classes_is_offered_the_first_one(office):
    page = office.page("classes")
    page.windows.begin(0, 0, [])
    page.source()
    assert page.table.empty.button.text() == "新建班级"


def test_the_search_of_the_frame_asks_for_three_classes_the_newest_first(office):
    services = office.services
    start = services.classes.class_by_code("电工2020-02班").start_on
    for month in range(4):
        services.classes.create_class(f"电工21-{month}班", start_on=start.replace(year=2021, month=month + 1))
    found = [item.title for item in office.window._source.find("电工")]
    assert found == ["电工21-3班", "电工21-2班", "电工21-1班"]


def test_the_journal_is_ordered_by_time_only_and_the_arrow_stays_where_it_is(journal):
    newest = texts(journal, "seq")
    header = journal.table.view.horizontalHeader()
    journal.table.view.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    assert texts(journal, "seq") == newest[::-1]
    journal.table.view.sortByColumn(2, Qt.SortOrder.AscendingOrder)
    assert texts(journal, "seq") == newest[::-1]
    assert header.sortIndicatorSection() == 0
    journal.table.view.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
    assert texts(journal, "seq") == newest


def test_the_journal_shows_who_did_what(journal):
    assert [journal.users.itemText(row) for row in range(journal.users.count())] == [
        "所有人", "孙立", "张兰", "李敏", "本机自动",
    ]  # fmt: skip
    choose(journal.users, journal.users.itemData(journal.users.findText("张兰")))
    assert set(texts(journal, "user")) == {"张兰"}
    choose(journal.commands, "create_class")
    assert texts(journal, "subject") == ["电工2020-02班", "新能源2020-01班"]
    journal.users.setCurrentIndex(journal.users.count() - 1)
    journal.on_filter()
    assert journal.model.rowCount() == 0
    assert journal.table.empty.isVisible()
    journal.reload()
    assert journal.users.currentText() == "本机自动"


def test_a_word_is_looked_for_in_the_journal_as_it_reads(journal):
    search(journal, "第3课次")
    assert len(texts(journal, "subject")) == 2
    assert all("第3课次" in text for text in texts(journal, "subject"))


def test_how_far_back_a_word_was_looked_for_is_said(journal, monkeypatch):
    monkeypatch.setattr(journal_page, "LOOKED_THROUGH", 5)
    assert "查找" not in journal.header._facts.text()
    search(journal, "新建班级")
    assert journal.model.rowCount() == 0
    assert "在最近 5 条里查找（2020-11-26" in journal.header._facts.text()
    search(journal, "")
    assert "查找" not in journal.header._facts.text()


def test_a_search_that_nobody_waits_for_any_more_ends(journal, monkeypatch):
    monkeypatch.setattr(journal_page, "_RUN", 1)
    service, read = journal.context.services.history, []
    entries = service.journal_entries

    def drop_after_the_first(numbers):
        read.extend(numbers)
        journal._shown.dropped = True
        return entries(numbers)

    journal.filters.search.setText("班")
    source = journal.source()
    monkeypatch.setattr(service, "journal_entries", drop_after_the_first)
    assert source.count() <= 1
    assert len(read) == 1
