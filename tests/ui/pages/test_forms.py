"""外来表格: looked at, remembered, filled from a class, and the reply written after a question."""

from __future__ import annotations

import pytest

from desktop_app.excel.inplace.cells import CellChange, place_of
from desktop_app.excel.inplace.writing import WorkbookInPlace
from tests.cli.test_forms import FORM
from tests.excel.rich_workbook import loaded
from tests.factories.foreign_forms import draw
from ui.pages.forms.page import ForeignFormsPage
from ui.pages.forms.rules_table import REPLY


@pytest.fixture
def page(desk):
    return desk.show(ForeignFormsPage(desk.context))


@pytest.fixture
def blank(tmp_path):
    return draw(FORM, tmp_path / "申报表.xlsx")


def learn(page, blank):
    page.take_file(blank)
    page.authority.setText("武汉市人社局")
    page.learn()


def test_a_form_is_shown_with_what_each_column_takes_and_nothing_can_be_filled_before_it_is_remembered(
    page, blank
):
    page.take_file(blank)
    assert page.table.rowCount() == len(FORM.columns) + len(FORM.labels)
    assert page.table.boxes["B"].currentData() == "name"
    assert page.table.boxes[FORM.letter("ticket")].currentData() == f"{REPLY}ticket"
    assert not page.fill_button.isEnabled()
    assert page.title.text() == "申报表"


def test_what_was_changed_is_remembered_and_known_again(page, desk, blank):
    page.take_file(blank)
    box = page.table.boxes["E"]
    box.setCurrentIndex(box.findData("age"))
    page.authority.setText("武汉市人社局")
    page.learn()
    (kept,) = desk.services.foreign_forms.items()
    assert (kept.authority, kept.rules.columns["E"].field) == ("武汉市人社局", "age")
    page.drop_drafts()
    page.take_file(blank)
    assert page.table.boxes["E"].currentData() == "age"
    assert page.authority.text() == "武汉市人社局"
    assert page.fill_button.isEnabled()


def test_a_form_without_a_name_of_its_authority_is_refused_in_words(page, desk, blank):
    page.take_file(blank)
    page.learn()
    assert "没有写主管部门" in desk.warned[-1].text
    assert desk.services.foreign_forms.items() == []


def test_a_class_is_filled_in_and_its_reply_read_back(page, desk, blank, tmp_path):
    learn(page, blank)
    filled = tmp_path / "填好.xlsx"
    page.choose_target = lambda _name: filled
    page.fill()
    assert "已填" in page.told.toPlainText()
    sheet = loaded(filled)["申报表"]
    assert sheet[f"B{FORM.first}"].value
    book = WorkbookInPlace(filled.read_bytes())
    book.change("申报表", place_of(f"{FORM.letter('acceptance')}{FORM.first}"), CellChange("SL0001"))
    book.write_cells()
    book.save(tmp_path / "回执.xlsx")
    asked = []
    page.ask = lambda *given: asked.append(given) or "write"
    page.take_file(tmp_path / "回执.xlsx")
    page.read_back()
    assert len(asked) == 1
    assert "回执已写入" in page.told.toPlainText()
    page.read_back()
    assert len(asked) == 1
