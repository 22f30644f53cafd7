"""导出: every list is written out as it stands there, masked unless for a reason."""

from __future__ import annotations

import csv
import re

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.services.store_facts import newest
from tests.ui.pages.test_trainees import search
from ui.frame_source import read_session
from ui.pages.registry import page_registry
from ui.panel_tab import PanelTab
from ui.widgets import clipboard
from ui.widgets.data_table import DataTable
from ui.widgets.tabs import Tabs


def written(exporting, tmp_path, ending="xlsx", *, whole=False):
    """Export a list to a file; return title line, heads and rows."""
    path, asked = tmp_path / f"out.{ending}", []
    exporting.choose_file = lambda name, kind: asked.append((name, kind)) or path
    exporting.ask_purpose = lambda: "核对名单"
    exporting.begin(ending, whole)
    if ending == "csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return asked, list(csv.reader(file))
    sheet = openpyxl.load_workbook(path).worksheets[0]
    return asked, [["" if value is None else str(value) for value in row] for row in sheet.values]


def test_everybody_is_written_with_the_columns_shown_the_filter_and_the_order(office, tmp_path):
    page = office.page("trainees")
    page.table.view.horizontalHeader().setSortIndicator(0, Qt.SortOrder.DescendingOrder)
    page.table.set_column_shown("sex", shown=False)
    search(page, page.model.rows()[3].name[0])
    shown = [row.name for row in page.model.rows()]
    assert 0 < len(shown) < 24
    asked, rows = written(page.exporting, tmp_path)
    assert re.fullmatch(r"学员 \d{4}-\d\d-\d\d\.xlsx", asked[0][0])
    assert "筛选：" in rows[0][0]
    assert "性别" not in rows[1]
    assert "姓名" in rows[1]
    assert [row[0] for row in rows[2:]] == shown
    assert all("*" in row[rows[1].index("证件号码")] for row in rows[2:])
    assert "已导出" in office.told[-1]


def test_whole_numbers_are_written_for_a_purpose_by_whoever_may(office, tmp_path):
    page = office.page("trainees")
    assert len(page.table.export_button.menu().actions()) == 4
    _asked, rows = written(page.exporting, tmp_path, whole=True)
    assert "核对名单" in rows[0][0]
    assert not any("*" in cell for row in rows[2:] for cell in row)


def test_a_list_of_a_class_is_named_after_it_and_its_export_recorded_there(office, tmp_path):
    item = office.services.classes.list_classes()[0]
    tab = office.page("class", class_id=item.id, tab="roster").tabs.made("roster")
    asked, rows = written(tab.exporting, tmp_path, "csv", whole=True)
    assert item.code in asked[0][0]
    assert len(rows) == 2 + item.people
    assert (newest(office.services).command, newest(office.services).subject) == (
        "export_unmasked",
        item.code,
    )


def test_turning_back_writes_nothing(office, tmp_path):
    page = office.page("trainees")
    page.exporting.choose_file = lambda _name, _kind: None
    page.exporting.begin("xlsx", False)
    page.exporting.ask_purpose = lambda: None
    page.exporting.choose_file = lambda _name, _kind: tmp_path / "never.xlsx"
    page.exporting.begin("xlsx", True)
    assert not list(tmp_path.glob("never*"))


@pytest.mark.parametrize("login", ["zhanglan", "limin"])
def test_every_list_can_be_exported_under_a_name_in_words(open_frame, login):
    """Whatever page or tab has a list offers it."""
    frame = open_frame(login)
    seen = 0
    for spec in page_registry().open_to(read_session(frame.services).roles):
        params = {"class_id": frame.services.classes.list_classes()[0].id} if spec.key == "class" else {}
        page = frame.page(spec.key, **params)
        for tabs in page.findChildren(Tabs):
            for key in tabs.keys_shown():
                tabs.show_tab(key)
        for table in page.findChildren(DataTable):
            seen += 1
            assert table.export_button.menu() is not None, (spec.key, table.model.columns[0].title_key)
        for part in (page, *page.findChildren(PanelTab)):
            exporting = getattr(part, "exporting", None)
            assert exporting is None or exporting.title()
    assert seen >= 8


def test_selected_rows_are_copied_with_their_heads_and_pasted_tables_are_previewed_like_a_file(
    office, page_of_class
):
    tab = page_of_class.tabs.made("roster")
    tab.table.view.selectAll()
    QTest.keyClick(tab.table.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    block = clipboard.take()
    assert block[0][:2] == ["序号", "姓名"]
    assert len(block) == 1 + len(tab.all_rows())
    clipboard.put([["姓名", "公民身份号码"], ["赵一", "42010619900307001X"]])
    QTest.keyClick(tab.table.view, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert office.window.current_page() == "imports"
    flow = office.window.page_widget("imports").flow
    assert flow.path is not None
    assert flow.path.read_text(encoding="utf-8-sig").startswith("姓名\t公民身份号码")
    clipboard.put([["一格"]])
    office.page("class", class_id=page_of_class._class_id)
    QTest.keyClick(tab.table.view, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert office.warned[-1] == "剪贴板里没有表格。"


@pytest.fixture
def page_of_class(office):
    return office.page("class", class_id=office.services.classes.list_classes()[0].id, tab="roster")
