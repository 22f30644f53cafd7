"""Blocks of cells between our grids and Excel or WPS: both flavours, quoted cells, merged cells, kept as text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication

from ui.widgets import clipboard

pytestmark = pytest.mark.usefixtures("qapp")
cells = st.text("甲乙𬭎 a1=+-@\"'\t\n<&>", max_size=8).map(str.strip)
EXCEL_HTML = """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><body><table border=0>
<!--StartFragment--> <col width=64><tr height=19><td rowspan=2 class=xl65>姓名</td><td colspan=2>11-23</td></tr>
<tr><td>上午</td><td>下午<br>实训</td></tr><tr><td>卢&nbsp;军</td><td>&radic;</td><td></td></tr><!--EndFragment-->
</table></body></html>"""


@given(
    st.lists(st.lists(cells, min_size=2, max_size=3), min_size=1, max_size=3).filter(
        lambda b: len({*map(len, b)}) == 1
    )
)
def test_what_is_copied_comes_back_from_the_text_flavour(block):
    assert clipboard.from_text(clipboard.as_text(block)) == block


@given(
    st.lists(
        st.lists(cells.map(lambda one: " ".join(one.split())), min_size=2, max_size=2), min_size=1, max_size=3
    )
)
def test_what_is_copied_comes_back_from_the_html_flavour(block):
    assert clipboard.from_html(clipboard.as_html(block)) == block


def test_numbers_of_documents_and_leading_zeros_are_marked_as_text_and_scores_are_not():
    page = clipboard.as_html([["420106199003070011", "007", "85.5", "=1+1"]])
    marked = [
        part.split(">")[1].split("<")[0] for part in page.split("<td")[1:] if "mso-number-format" in part
    ]
    assert marked == ["420106199003070011", "007", "=1+1"]


def test_the_table_of_a_page_is_taken_where_the_text_holds_none():
    data = QMimeData()
    data.setHtml(EXCEL_HTML)
    data.setText("姓名 11-23")
    QGuiApplication.clipboard().setMimeData(data)
    assert clipboard.take() == [["姓名", "11-23", ""], ["", "上午", "下午\n实训"], ["卢 军", "√", ""]]
    clipboard.put([["a", "b"]])
    assert clipboard.take() == [["a", "b"]]
    assert QGuiApplication.clipboard().mimeData().hasHtml()


@pytest.mark.parametrize(
    ("block", "is_sheet"), [([["√", "×"]], False), ([["花名册"], ["序号", "姓名"]], True), ([], False)]
)
def test_a_block_with_a_head_of_its_own_is_a_sheet(block, is_sheet):
    assert clipboard.looks_like_sheet(block) is is_sheet
