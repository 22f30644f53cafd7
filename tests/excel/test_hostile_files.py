"""A file made to do harm is refused in words before it fills the memory or takes forever."""

from __future__ import annotations

import io
import itertools
import subprocess
import sys
import zipfile

import openpyxl
import pytest
import xlsxwriter

from desktop_app.domain.errors import AppError
from desktop_app.excel import bounds
from desktop_app.excel.error_workbook import write_error_workbook
from desktop_app.excel.problems import Problem
from desktop_app.excel.reading import read_workbook
from tests.excel.sheets import FOREIGN, HEADS, PEOPLE, text_file, workbook

SHEET = "xl/worksheets/sheet1.xml"
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def rewritten(source, path, name, change):
    """The package at ``source`` with one part changed."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            content = old.read(info)
            new.writestr(info.filename, change(content) if info.filename == name else content)
    return path


def with_rows(folder, rows, prolog=""):
    """An .xlsx whose only sheet has this XML as its rows."""
    xml = f"{prolog}<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>".encode()
    return rewritten(workbook(folder, [["a"]]), folder / "hostile.xlsx", SHEET, lambda _old: xml)


def refusal(path):
    with pytest.raises(AppError) as caught:
        read_workbook(path)
    return caught.value.code


def shared(folder, rows):
    """An .xlsx whose cells share their texts, as Excel writes it."""
    path = folder / "shared.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return path


def whatever_is_read(path):
    """The sheets of a file that may also be refused as damaged."""
    try:
        return read_workbook(path)
    except AppError as error:
        if error.code != "WORKBOOK_UNREADABLE":
            raise
        return ()


FAR_APART = [
    '<row r="1"><c r="A1"><v>1</v></c></row><row r="90000"><c r="XFD90000"><v>1</v></c></row>',
    "<row r='1'><c r='a1'><v>1</v></c></row><row r='90000'><c r='xfd90000'><v>1</v></c></row>",
    '<row r="1">' + "<c><v>1</v></c>" * 16384 + '</row><row r="90000"><c r="A90000"><v>1</v></c></row>',
    '<row r="1"><c t=">" r="A1"><v>1</v></c></row><row r="1048576"><c t=">" r="XFD1048576"><v>1</v></c></row>',
]


@pytest.mark.parametrize("rows", FAR_APART)
def test_two_cells_far_apart_are_refused_however_they_are_written(tmp_path, rows):
    assert refusal(with_rows(tmp_path, rows)) == "WORKBOOK_TOO_MANY_CELLS"


@pytest.mark.parametrize("place", ["B" + "A" * 40 + "2", "A99999999999", "2", "", "A-1", "AB²"])
def test_a_cell_at_no_place_is_refused(tmp_path, place):
    rows = f'<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="{place}"><v>1</v></c></row>'
    assert refusal(with_rows(tmp_path, rows)) == "WORKBOOK_UNREADABLE"


def test_a_row_of_no_number_is_refused(tmp_path):
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="99999999999"><c><v>1</v></c></row>'
    assert refusal(with_rows(tmp_path, rows)) == "WORKBOOK_UNREADABLE"


def test_far_cells_under_another_prefix_are_refused(tmp_path):
    xml = (
        b'<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData>'
        b'<x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c></x:row>'
        b'<x:row r="90000"><x:c r="XFD90000"><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    )
    path = rewritten(workbook(tmp_path, [["a"]]), tmp_path / "h.xlsx", SHEET, lambda _old: xml)
    assert refusal(path) == "WORKBOOK_TOO_MANY_CELLS"


def test_formatted_blank_cells_far_away_are_no_obstacle(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (HEADS, *PEOPLE):
        sheet.append(list(row))
    for place in ("XFD1048576", "AZ90000"):
        sheet[place].fill = openpyxl.styles.PatternFill("solid", fgColor="FFC7CE")
    book.save(tmp_path / "a.xlsx")
    assert len(read_workbook(tmp_path / "a.xlsx")[0].rows) == 1 + len(PEOPLE)


def test_a_wide_table_is_read(tmp_path):
    path = workbook(tmp_path, [[f"{row}/{column}" for column in range(300)] for row in range(20)])
    assert read_workbook(path)[0].last_column == "KN"


def test_a_sheet_that_declares_a_million_rows_and_has_two_is_read(tmp_path):
    source = workbook(tmp_path, [HEADS, PEOPLE[0]])
    path = rewritten(
        source, tmp_path / "a.xlsx", SHEET, lambda old: old.replace(b'ref="A1:E2"', b'ref="A1:XFD1048576"')
    )
    assert path.read_bytes() != source.read_bytes()
    assert len(read_workbook(path)[0].rows) == 2


def test_a_million_rows_are_refused(tmp_path):
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="A1048576"><v>1</v></c></row>'
    assert refusal(with_rows(tmp_path, rows)) == "WORKBOOK_TOO_LARGE"


def test_one_long_text_shown_by_many_cells_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(bounds, "TEXT_LIMIT", 100_000)
    text = "长" * 1000
    assert refusal(shared(tmp_path, [[text] * 20] * 10)) == "WORKBOOK_UNPACKS_TOO_LARGE"
    assert read_workbook(shared(tmp_path, [[text, "x"], *[["x"] * 20] * 10]))[0].cell(1, 0) == text


def test_a_part_larger_than_its_entry_says_is_not_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(bounds, "UNPACKED_LIMIT", 1 << 20)
    path = with_rows(tmp_path, f"<row><c t='inlineStr'><is><t>{'a' * (2 << 20)}</t></is></c></row>")
    packed = path.read_bytes()
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        size = archive.getinfo(SHEET).file_size
    path.write_bytes(packed.replace(size.to_bytes(4, "little"), (900).to_bytes(4, "little")))
    assert refusal(path) == "WORKBOOK_UNPACKS_TOO_LARGE"


def test_entities_are_not_multiplied(tmp_path):
    names = "abcdefghij"
    steps = "".join(f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in itertools.pairwise(names))
    prolog = f'<!DOCTYPE x [<!ENTITY a "{"a" * 100}">{steps}]>'
    rows = '<row r="1"><c r="A1" t="inlineStr"><is><t>x&j;</t></is></c><c r="B1"><v>1</v></c></row>'
    assert len(str(whatever_is_read(with_rows(tmp_path, rows, prolog)))) < 1000


def test_an_external_entity_is_not_fetched(tmp_path):
    secret = text_file(tmp_path, "geheim", name="secret.txt")
    prolog = f'<!DOCTYPE x [<!ENTITY a SYSTEM "{secret.as_uri()}">]>'
    rows = '<row r="1"><c r="A1" t="inlineStr"><is><t>x&a;</t></is></c><c r="AB1"><v>1</v></c></row>'
    assert "geheim" not in str(whatever_is_read(with_rows(tmp_path, rows, prolog)))


def test_elements_nested_without_end_are_passed_over(tmp_path):
    rows = "<x>" * 200_000 + '<row r="1"><c r="A1"><v>1</v></c><c r="AB1"><v>1</v></c></row>'
    assert len(whatever_is_read(with_rows(tmp_path, rows))) <= 1


def test_merged_areas_that_cover_each_other_are_refused(tmp_path):
    areas = '<mergeCell ref="A1:A90000"/>' * 100
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="90000"><c r="B90000"><v>1</v></c></row>'
    path = rewritten(
        with_rows(tmp_path, rows),
        tmp_path / "merged.xlsx",
        SHEET,
        lambda old: old.replace(b"</sheetData>", f"</sheetData><mergeCells>{areas}</mergeCells>".encode()),
    )
    assert refusal(path) == "WORKBOOK_TOO_MANY_CELLS"


@pytest.mark.parametrize("attribute", ["rows", "columns"])
def test_repeated_rows_and_cells_of_an_ods_are_measured(tmp_path, attribute):
    begin = {"rows": "<table:table-row", "columns": "<table:table-cell"}[attribute]
    cells = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
        for text in "xy"
    )
    row = f"<table:table-row>{cells}</table:table-row>"
    filled = row.replace(begin, f'{begin} table:number-{attribute}-repeated="900000000"', 1).encode()
    path = rewritten(
        FOREIGN / "roster.ods",
        tmp_path / "a.ods",
        "content.xml",
        lambda old: old.replace(b"</table:table>", filled + b"</table:table>", 1),
    )
    assert refusal(path) == "WORKBOOK_TOO_MANY_CELLS"


def test_html_whose_cells_span_everything_is_refused(tmp_path):
    wide = "<tr>" + "<td rowspan=99999 colspan=200>x</td>" * 100 + "</tr>"
    assert refusal(text_file(tmp_path, f"<table>{wide}{'<tr></tr>' * 5000}", name="a.xls")) == (
        "WORKBOOK_TOO_MANY_CELLS"
    )


@pytest.mark.parametrize("piece", ["<a ", "<![", "<!--", "&#", "<td x", "<style>", "<td a=" + "b" * 50])
def test_markup_that_is_never_closed_takes_no_longer_than_its_length(tmp_path, piece):
    path = text_file(tmp_path, "<table><tr><td>1<td>2" + piece * 100_000, name="a.xls")
    assert read_workbook(path)[0].cell(1, 0) == "1"


def test_comments_styles_and_cdata_of_markup_are_not_cells(tmp_path):
    html = (
        "<html><style>td > a {}</style><table><!-- <tr><td>不是</td></tr> -->"
        "<tr><td><![CDATA[甲 & 乙]]><td>&lt;丙&gt;</table><script>'<tr><td>'</script>"
    )
    assert read_workbook(text_file(tmp_path, html, name="a.xls"))[0].rows == (("甲 & 乙", "<丙>"),)


def test_a_text_file_of_too_many_cells_is_refused(tmp_path):
    assert refusal(text_file(tmp_path, "a,b\n" + "x," * 5_000_001)) == "WORKBOOK_TOO_MANY_CELLS"


def test_a_file_beyond_the_limit_is_not_read_whole(tmp_path, monkeypatch):
    for module in ("sniffing", "reading"):
        monkeypatch.setattr(f"desktop_app.excel.{module}.FILE_LIMIT", 1000)
    assert refusal(text_file(tmp_path, "a,b\n" * 1000)) == "WORKBOOK_FILE_TOO_LARGE"


def one_line(folder, size):
    """A text of one line without a separator, with one character that makes each of its letters take four bytes."""
    path = folder / "line.csv"
    path.write_bytes("𬭎".encode() + b"a" * size)
    return path


@pytest.mark.parametrize(("piece", "limit"), [("a", "TEXT"), ("<table>", "MARKUP")])
def test_a_text_beyond_its_own_limit_is_refused(tmp_path, monkeypatch, piece, limit):
    monkeypatch.setattr(f"desktop_app.excel.sniffing.{limit}_FILE_LIMIT", 1000)
    assert refusal(text_file(tmp_path, piece * 1001)) == "WORKBOOK_FILE_TOO_LARGE"


@pytest.mark.parametrize(
    ("make", "code", "mebibytes"),
    [
        (lambda folder: with_rows(folder, FAR_APART[0]), "WORKBOOK_TOO_MANY_CELLS", 1024),
        (lambda folder: one_line(folder, bounds.TEXT_FILE_LIMIT - 100), "WORKBOOK_UNREADABLE", 400),
    ],
)
def test_the_process_stays_small(tmp_path, make, code, mebibytes):
    path = make(tmp_path)
    script = (
        f"import resource, sys; resource.setrlimit(resource.RLIMIT_AS, ({mebibytes << 20}, {mebibytes << 20}))\n"
        "from pathlib import Path; from desktop_app.domain.errors import AppError\n"
        "from desktop_app.excel.reading import read_workbook\n"
        "try: read_workbook(Path(sys.argv[1]))\n"
        "except AppError as error: print(error.code)"
    )
    done = subprocess.run([sys.executable, "-c", script, path], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == code


def test_a_sheet_formatted_to_its_last_corner_comes_back_marked(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (HEADS, *PEOPLE):
        sheet.append(list(row))
    sheet["F2"] = "=1+1"
    sheet["XFD1048576"].fill = openpyxl.styles.PatternFill("solid", fgColor="FFC7CE")
    book.save(tmp_path / "a.xlsx")
    problem = Problem(sheet.title, 2, "C", "x", "ID_ROUNDED")
    target = write_error_workbook(tmp_path / "a.xlsx", tmp_path / "b.xlsx", [problem])
    marked = openpyxl.load_workbook(target).worksheets[0]
    assert marked["C2"].comment is not None
    assert marked["XFD1048576"].fill.fgColor.rgb == "00FFC7CE"


def test_a_package_whose_packed_bytes_are_damaged_is_unreadable(tmp_path):
    packed = bytearray((FOREIGN / "roster.ods").read_bytes())
    with zipfile.ZipFile(io.BytesIO(bytes(packed))) as archive:
        info = archive.getinfo("META-INF/manifest.xml")
    begin = info.header_offset + 30 + len(info.filename)
    for place in range(begin + 20, begin + info.compress_size, 3):
        damaged = packed[:place] + bytes([packed[place] ^ 0xFF]) + packed[place + 1 :]
        (tmp_path / "a.ods").write_bytes(damaged)
        assert refusal(tmp_path / "a.ods") == "WORKBOOK_UNREADABLE"
