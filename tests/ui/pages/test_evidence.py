"""佐证 in the window: the grid of who has what, one person's files, and many files matched side by side."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel, QPushButton

from tests.factories.pictures import drawn, jpeg, pdf
from tests.ui.pages.user import choose, error_of, press, type_into
from ui.pages.evidence.paper_fields import PaperFields


def class_id_of(frame, code="电工2020-02班"):
    return frame.services.classes.class_by_code(code).id


@pytest.fixture
def tab(office):
    page = office.page("class", class_id=class_id_of(office), tab="evidence")
    return page.tabs.made("evidence")


@pytest.fixture
def folder(office, tmp_path):
    """A file of every person but the last, and one that names nobody."""
    made = tmp_path / "佐证"
    made.mkdir()
    for member in office.services.classes.list_members(class_id_of(office))[:-1]:
        (made / f"{member.name}身份证.jpg").write_bytes(jpeg(member.name))
    (made / "IMG_0001.jpg").write_bytes(jpeg("nobody"))
    return made


def cells(table, key):
    column = [column.key for column in table.model.columns].index(key)
    model = table.model
    return [model.data(model.index(row, column)) for row in range(model.rowCount())]


def open_import(office, *paths):
    return office.page(
        "evidence_import", class_id=class_id_of(office), class_code="电工2020-02班", paths=list(paths)
    )


def button_of(widget, text):
    return next(one for one in widget.findChildren(QPushButton) if one.text() == text)


def test_everybody_stands_with_what_is_missing_in_words(tab):
    assert set(cells(tab.table, "id_card")) == {"缺"}
    assert all("身份证明" in text for text in cells(tab.table, "missing"))


def test_a_folder_takes_one_click_for_each_file_that_names_nobody(office, folder):
    page = open_import(office, folder)
    assert page.write_button.text() == "导入 11 个文件"
    assert [row.path for row in page.table.selected()] == ["IMG_0001.jpg"]
    assert page.picture.has_picture()
    choose(page.kind_of_file, "id_card")
    last = page.roster.item(page.roster.count() - 1)
    page.roster.itemClicked.emit(last)
    assert page.write_button.text() == "导入 12 个文件"
    press(page.write_button)
    assert office.told == ["已导入 12 个文件"]
    tab = office.window.page_widget("class").tabs.made("evidence")
    assert set(cells(tab.table, "id_card")) == {"√ 已收"}
    assert office.services.history.next_undo().command == "import_evidence"


def test_a_file_left_out_stays_out_and_a_bad_one_says_why(office, folder):
    (folder / "坏.jpg").write_bytes(b"no picture")
    page = open_import(office, folder)
    told = dict(zip(cells(page.table, "file"), cells(page.table, "told"), strict=True))
    assert told["坏.jpg"] == "这个文件不是图片，或已损坏。"
    press(page.nobody)
    assert page.write_button.text() == "导入 11 个文件"


def test_a_scan_in_roster_order_needs_no_click_a_page(office, tmp_path):
    scan = tmp_path / "scan.pdf"
    scan.write_bytes(pdf([drawn(str(number)) for number in range(12)]))
    page = open_import(office, scan)
    assert page.write_button.text() == "导入 0 个文件"
    choose(page.order, True)
    assert page.write_button.text() == "导入 12 个文件"


def test_what_cannot_be_read_is_told_and_nothing_is_written(office, tmp_path):
    archive = tmp_path / "x.zip"
    archive.write_bytes(b"PK\x03\x04 broken")
    page = open_import(office, archive)
    assert not page.write_button.isEnabled()
    assert office.warned == ["压缩包“x.zip”打不开，可能已损坏。"]


def test_what_stands_on_a_paper_is_corrected_in_the_panel_and_a_wrong_day_is_told_there(office, tab, folder):
    press(open_import(office, folder).write_button)
    tab = office.page("class", class_id=class_id_of(office), tab="evidence").tabs.made("evidence")
    tab.open_row(tab.model.row(0))
    press(button_of(tab.panel, "修改"))
    (fields,) = tab.panel.findChildren(PaperFields)
    type_into(fields.fields["number"], "HT-7")
    type_into(fields.fields["valid_until"], "2021-13-01")
    press(fields.keep)
    assert "2020-11-23" in error_of(fields.fields["valid_until"])
    type_into(fields.fields["valid_until"], "2021-12-31")
    tab.panel.close_panel()
    tab.open_row(tab.model.row(0))
    (fields,) = (one for one in tab.panel.findChildren(PaperFields) if one.typed())
    assert fields.typed() == {"number": "HT-7", "valid_until": "2021-12-31"}
    press(fields.keep)
    (item,) = tab.model.row(0).items
    assert (item.number, item.valid_until.isoformat()) == ("HT-7", "2021-12-31")
    assert not tab.panel.has_drafts()
    assert any("HT-7" in one.text() for one in tab.panel.findChildren(QLabel))


def test_one_persons_file_is_looked_at_and_accepted(office, tab, folder):
    page = open_import(office, folder)
    press(page.write_button)
    tab = office.page("class", class_id=class_id_of(office), tab="evidence").tabs.made("evidence")
    row = tab.model.row(0)
    tab.open_row(row)
    press(button_of(tab.panel, "查看"))
    press(button_of(tab.panel, "审核通过"))
    assert cells(tab.table, "id_card")[0] == "√ 已审核"
    assert "已审核" in [one.text() for one in tab.panel.findChildren(type(tab.panel._title))]
