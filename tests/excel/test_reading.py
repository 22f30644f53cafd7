"""Files are known by their content, and every kind that cannot be read is named."""

from __future__ import annotations

import datetime as dt
import io
import shutil
import zipfile

import openpyxl
import pytest

from desktop_app.domain.errors import AppError
from desktop_app.excel.reading import read_workbook
from desktop_app.excel.roster import read_roster
from tests.excel.sheets import FOREIGN, HEADS, PEOPLE, csv_rows, text_file, workbook

TABLE = (HEADS, *PEOPLE)


def code_of(path, **options):
    with pytest.raises(AppError) as caught:
        read_workbook(path, **options)
    assert caught.value.params["file"] == path.name
    return caught.value.code


def names(path):
    return [row.name for row in read_roster(path).rows]


@pytest.mark.parametrize("file", ["roster.xls", "roster.ods"])
@pytest.mark.parametrize("extension", [None, ".csv", ".xlsx"])
def test_xls_and_ods_are_read_whatever_they_are_called(tmp_path, file, extension):
    path = FOREIGN / file
    if extension:
        path = tmp_path / f"renamed{extension}"
        shutil.copy(FOREIGN / file, path)
    roster = read_roster(path)
    assert [row.name for row in roster.rows] == ["张三丰", "李思思", "欧阳娜", "阿依古丽·买买提", "王𬭎"]
    assert roster.rows[0].enrolled_on == dt.date(2021, 3, 1)
    assert roster.rows[0].phone == "13800000001"
    assert roster.filled_on == dt.date(2021, 3, 5)
    assert roster.problems == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize(("separator", "name"), [(",", "表.csv"), ("\t", "表.xls"), (";", "表.csv")])
def test_delimited_text_is_read_in_every_encoding_and_with_every_separator(
    tmp_path, encoding, separator, name
):
    path = text_file(tmp_path, csv_rows(TABLE, separator), encoding, name)
    assert names(path) == ["张三丰", "李思思", "欧阳娜"]


def test_rare_characters_survive_gb18030(tmp_path):
    path = text_file(tmp_path, csv_rows((HEADS, (1, "姚𬱖", PEOPLE[0][2], "女", ""))), "gb18030")
    assert names(path) == ["姚𬱖"]


def test_csv_tricks_that_keep_zeros_and_name_the_separator_are_understood(tmp_path):
    text = f'sep=;\r\n序号;姓名;身份证号\r\n="01";张三丰;="{PEOPLE[0][2]}"\r\n'
    sheet = read_workbook(text_file(tmp_path, text))[0]
    assert sheet.rows[2] == ("01", "张三丰", PEOPLE[0][2])


def test_a_quoted_line_break_is_one_row(tmp_path):
    rows = read_workbook(text_file(tmp_path, '姓名,地址\r\n张三丰,"武汉市\n洪山区"\r\n李思思,\r\n'))[0].rows
    assert len(rows) == 3
    assert rows[1][1] == "武汉市\n洪山区"


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [("gb2312", "gb18030"), ("utf-8", "utf-8"), ("nonsense", "gb18030"), ("utf-8", "gb18030")],
)
def test_html_called_xls_is_read(tmp_path, declared, encoding):
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in TABLE)
    html = (
        f'<html><head><meta charset="{declared}"></head><body><table><tr><th colspan=5>学员&nbsp;花名册'
        f"</th></tr>{rows}</table></body></html>"
    )
    path = text_file(tmp_path, html, encoding, "导出.xls")
    assert names(path) == ["张三丰", "李思思", "欧阳娜"]


def test_a_csv_that_speaks_of_html_is_still_a_csv(tmp_path):
    path = text_file(tmp_path, "姓名,备注\r\n张三丰,<table> 网页\r\n")
    assert read_workbook(path)[0].rows[1] == ("张三丰", "<table> 网页")


def test_html_cells_that_span_rows_are_repeated(tmp_path):
    html = "<table><tr><td rowspan=2>甲</td><td>1</td></tr><tr><td>2<br>3</table>"
    assert read_workbook(text_file(tmp_path, html, name="a.xls"))[0].rows == (("甲", "1"), ("甲", "2\n3"))


def test_spreadsheet_xml_called_xls_is_read(tmp_path):
    cells = "".join(f"<Cell><Data ss:Type='String'>{cell}</Data></Cell>" for cell in HEADS)
    person = f"<Cell ss:Index='2'><Data>张三丰</Data></Cell><Cell><Data>{PEOPLE[0][2]}</Data></Cell>"
    xml = (
        "<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet' "
        "xmlns:ss='urn:schemas-microsoft-com:office:spreadsheet'><Worksheet ss:Name='表'><Table>"
        f"<Row ss:Index='3'>{cells}</Row><Row>{person}</Row></Table></Worksheet></Workbook>"
    )
    roster = read_roster(text_file(tmp_path, xml, name="a.xls"))
    assert [(row.row, row.name) for row in roster.rows] == [(4, "张三丰")]


def test_cells_keep_their_types_and_places(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet["C3"], sheet["D3"], sheet["E4"] = "姓名", 12.5, dt.date(2020, 11, 2)
    sheet["E5"], sheet["F3"] = dt.time(18, 30), True
    sheet.merge_cells("C3:C5")
    sheet["Z900"].fill = openpyxl.styles.PatternFill("solid", fgColor="FFC7CE")
    book.save(tmp_path / "a.xlsx")
    read = read_workbook(tmp_path / "a.xlsx")[0]
    assert len(read.rows) == 5
    assert read.cell(3, 2) == "姓名"
    assert [read.cell(row, 2) for row in (4, 5)] == ["姓名", "姓名"]
    assert (read.cell(3, 3), read.cell(4, 4), read.cell(5, 4)) == (
        12.5,
        dt.date(2020, 11, 2),
        dt.time(18, 30),
    )
    assert read.cell(3, 5) is True
    assert read.cell(99, 0) is None
    assert read.last_column == "F"


def test_visible_sheets_come_before_hidden_ones_and_empty_ones_not_at_all(tmp_path):
    book = openpyxl.Workbook()
    book.worksheets[0].title = "隐藏"
    book.worksheets[0].append(["a"])
    book.worksheets[0].sheet_state = "hidden"
    book.create_sheet("空")
    book.create_sheet("名册").append(["b"])
    book.save(tmp_path / "a.xlsx")
    assert [(sheet.name, sheet.hidden) for sheet in read_workbook(tmp_path / "a.xlsx")] == [
        ("名册", False),
        ("隐藏", True),
    ]


@pytest.mark.parametrize("file", ["password.xlsx", "password.xls", "password.ods"])
def test_a_password_is_named(file):
    assert code_of(FOREIGN / file) == "WORKBOOK_PASSWORD"


@pytest.mark.parametrize("content", [b"", b" \r\n\r\n", b"\xef\xbb\xbf", b",,\r\n,,\r\n"])
def test_an_empty_file_is_named(tmp_path, content):
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    assert code_of(path) == "WORKBOOK_EMPTY"


def test_a_workbook_without_any_cell_is_empty(tmp_path):
    assert code_of(workbook(tmp_path, [])) == "WORKBOOK_EMPTY"


def word_document():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    return buffer.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7 ...",
        b"\x89PNG\r\n\x1a\n....",
        b"\xff\xd8\xff\xe0 jpeg",
        b"\x00\x01\x02 anything",
        b"<html><body>no table</body></html>",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600,
        word_document(),
    ],
)
def test_what_is_no_spreadsheet_is_named(tmp_path, content):
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    assert code_of(path) == "WORKBOOK_NOT_A_TABLE"


@pytest.mark.parametrize("keep", [0.3, 0.7, 0.98])
def test_a_truncated_xlsx_is_unreadable(tmp_path, keep):
    whole = workbook(tmp_path, TABLE, name="whole.xlsx").read_bytes()
    path = tmp_path / "cut.xlsx"
    path.write_bytes(whole[: int(len(whole) * keep)])
    assert code_of(path) == "WORKBOOK_UNREADABLE"


def test_a_truncated_xls_is_unreadable(tmp_path):
    path = tmp_path / "cut.xls"
    path.write_bytes((FOREIGN / "roster.xls").read_bytes()[:3000])
    assert code_of(path) in {"WORKBOOK_UNREADABLE", "WORKBOOK_NOT_A_TABLE"}


def test_an_xlsx_with_broken_xml_is_unreadable(tmp_path):
    source = workbook(tmp_path, TABLE, name="whole.xlsx")
    path = tmp_path / "broken.xlsx"
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            new.writestr(name, b"<broken" if "sheet1" in name else old.read(name))
    assert code_of(path) == "WORKBOOK_UNREADABLE"


def test_a_missing_file_and_a_folder_are_named(tmp_path):
    assert code_of(tmp_path / "none.xlsx") == "WORKBOOK_NOT_FOUND"
    assert code_of(tmp_path) in {"WORKBOOK_UNREADABLE", "WORKBOOK_IN_USE"}


def test_one_row_too_many_is_refused_and_the_last_allowed_is_not(tmp_path):
    lines = "".join(f"{n},x\n" for n in range(100_000))
    assert len(read_workbook(text_file(tmp_path, lines))[0].rows) == 100_000
    path = text_file(tmp_path, lines + "100000,x\n", name="more.csv")
    with pytest.raises(AppError) as caught:
        read_workbook(path)
    assert (caught.value.code, caught.value.params["limit"]) == ("WORKBOOK_TOO_LARGE", 100_000)


def test_the_limit_holds_for_every_format(tmp_path):
    html = text_file(tmp_path, "<table>" + "<tr><td>1</td></tr>" * 6 + "</table>", name="a.xls")
    for path in (workbook(tmp_path, [[1]] * 6), html, FOREIGN / "roster.xls", FOREIGN / "roster.ods"):
        assert code_of(path, limit=5) == "WORKBOOK_TOO_LARGE"


def test_blank_lines_at_the_end_do_not_count_against_the_limit(tmp_path):
    path = text_file(tmp_path, "a,b\n" * 5 + "\n" * 20)
    assert len(read_workbook(path, limit=5)[0].rows) == 5


def test_a_zip_bomb_is_refused_without_being_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr("desktop_app.excel.sniffing.UNPACKED_LIMIT", 1000)
    assert code_of(workbook(tmp_path, TABLE)) == "WORKBOOK_UNPACKS_TOO_LARGE"
