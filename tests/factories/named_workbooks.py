"""A workbook for every way in which offices send rosters and attendance, each named after what is odd in it.

``python -m tests.factories.named_workbooks FOLDER`` makes them anew; LibreOffice (headless), openpyxl, XlsxWriter and
xlwt have a hand in them. xlwt is needed for that only, and no part of the project's environment.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import shutil
import struct
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tests.excel.sheets import FOREIGN, document

HEADS = ("序号", "姓名", "公民身份号码", "性别", "联系电话", "报名日期", "备注")
DAY = dt.date(2021, 3, 1)
PEOPLE: tuple[tuple[Any, ...], ...] = (
    (1, "张三丰", document(121), "男", "13800000001", DAY, "班长"),
    (2, "李思思", document(202), "女", "13800000002", DAY, ""),
    (3, "欧阳娜", document(64), "女", "13800000003", DAY, ""),
    (4, "王𬭎", document(77), "男", "13800000004", DAY, ""),
)
TABLE = (HEADS, *PEOPLE)
OLD_NAME = "王宏"
OLD_TABLE = (*TABLE[:-1], (4, OLD_NAME, *PEOPLE[3][2:]))
"""What fits into an old code page."""
Rows = Sequence[Sequence[Any]]


def _typed(rows: Rows = TABLE) -> list[list[str]]:
    return [[cell.isoformat() if isinstance(cell, dt.date) else str(cell) for cell in row] for row in rows]


def _text(separator: str = ",", rows: Rows = TABLE) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows(_typed(rows))
    return out.getvalue()


def _openpyxl(rows: Rows, merged: Sequence[str] = (), **how: Any) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        book = openpyxl.Workbook()
        if how.get("epoch"):
            book.epoch = how["epoch"]
        sheet = book.worksheets[0]
        sheet.title = "花名册"
        for row in rows:
            sheet.append(list(row))
        for area in merged:
            sheet.merge_cells(area)
        for act in how.get("then", ()):
            act(book)
        book.save(path)

    return make


def _xlsxwriter(write: Callable[[xlsxwriter.Workbook, Any], None]) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        book = xlsxwriter.Workbook(path, {"default_date_format": "yyyy/m/d"})
        write(book, book.add_worksheet("花名册"))
        book.close()

    return make


def _bytes(data: bytes) -> Callable[[Path], None]:
    return lambda path: path.write_bytes(data) and None


def _copied(source: Path) -> Callable[[Path], None]:
    return lambda path: shutil.copy(source, path) and None


def _xlwt(path: Path) -> None:
    import xlwt

    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("花名册")
    date = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for at, row in enumerate(TABLE):
        for column, cell in enumerate(row):
            sheet.write(at, column, cell, *([date] if isinstance(cell, dt.date) else []))
    book.save(str(path))


def _libreoffice(form: str, rows: Rows = TABLE) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        with tempfile.TemporaryDirectory() as name:
            source = Path(name) / f"{path.stem}.xlsx"
            _openpyxl(rows)(source)
            _convert(source, form, Path(name) / "out")
            shutil.copy(next((Path(name) / "out").iterdir()), path)

    return make


def _convert(source: Path, form: str, folder: Path) -> None:
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise FileNotFoundError("soffice")
    profile = f"-env:UserInstallation={(source.parent / 'profile').as_uri()}"
    command = [program, profile, "--headless", "--convert-to", form, "--outdir", str(folder), str(source)]
    subprocess.run(command, check=True, capture_output=True)


def _html() -> str:
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in _typed())
    return f'<html><head><meta charset="gb2312"></head><body><table border=1>{rows}</table></body></html>'


def _with(place: int, change: Callable[[Any], Any], rows: Rows = TABLE) -> list[list[Any]]:
    """The table with a column of its people changed."""
    head, *people = rows
    return [list(head), *([*row[:place], change(row[place]), *row[place + 1 :]] for row in people)]


def _serial(day: dt.date, epoch: dt.date = dt.date(1899, 12, 30)) -> int:
    return (day - epoch).days


def _mac_serial(day: dt.date) -> int:
    return _serial(day, dt.date(1904, 1, 1))


def _spaced(name: str) -> str:
    return "　".join(name) if len(name) == len("张三") else f" {name[0]} {name[1:]} "


def _wide(text: object) -> str:
    return "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in str(text))


def _hide(book: openpyxl.Workbook) -> None:
    sheet = book.worksheets[0]
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["E"].hidden = True


def _second_sheets(book: openpyxl.Workbook) -> None:
    notes = book.create_sheet("填表说明", 0)
    notes["A1"] = "请先阅读说明"
    old = book.create_sheet("旧名册")
    for row in TABLE[:3]:
        old.append(row)
    old.sheet_state = "hidden"


def _texts(_book: xlsxwriter.Workbook, sheet: Any) -> None:
    for at, row in enumerate(_typed()):
        sheet.write_row(at, 0, row)


def _biff2(rows: Rows) -> bytes:
    """A bare BIFF2 sheet in code page 936, as programs of the eighties wrote it: every cell a label of ≤ 255 bytes."""
    records = [struct.pack("<HHHH", 0x0009, 4, 2, 0x0010), struct.pack("<HHH", 0x0042, 2, 936)]
    for at, row in enumerate(_typed(rows)):
        for column, cell in enumerate(row):
            text = cell.encode("gbk")
            if text:
                body = struct.pack("<HH3sB", at, column, bytes(3), len(text)) + text
                records.append(struct.pack("<HH", 0x0004, len(body)) + body)
    return b"".join([*records, struct.pack("<HH", 0x000A, 0)])


def _errors(book: xlsxwriter.Workbook, sheet: Any) -> None:
    """Phone of the first is #N/A, name of the second #REF!, and two rows prepared by formula hold nothing else."""
    date = book.add_format({"num_format": "yyyy-mm-dd"})
    for at, row in enumerate(TABLE):
        for column, cell in enumerate(row):
            if isinstance(cell, dt.date):
                sheet.write_datetime(at, column, dt.datetime.combine(cell, dt.time()), date)
            else:
                sheet.write(at, column, cell)
    sheet.write_formula(1, 4, "=VLOOKUP(B2,K:L,2,0)", None, "#N/A")
    sheet.write_formula(2, 1, "=#REF!A1", None, "#REF!")
    for at in (5, 6):
        sheet.write_number(at, 0, at)
        sheet.write_formula(at, 1, f"=VLOOKUP(A{at + 1},K:L,2,0)", None, "#N/A")
        sheet.write_formula(at, 2, f"=VLOOKUP(A{at + 1},K:M,3,0)", None, "#N/A")


_AROUND = (
    ["江城职业技术学院2021年职业技能培训学员花名册"],
    ["承训机构：湖北江城职业技术学院", "", "", "填表日期：2021年3月5日"],
    ["注：请如实填写，不得涂改"],
    *TABLE,
    ["合计", "4人"],
    ["填表人：周敏", "", "审核人：", "", "（盖章）"],
    ["说明：本表一式三份"],
)
_TWO_ROWS = (
    ["序号", "基本信息", None, None, None, "报名日期", "备注"],
    [None, "姓名", "公民身份号码", "性别", "联系电话", None, None],
    *PEOPLE,
)
_THREE_ROWS = (
    ["序号", "学员", None, None, None, "报名日期", "备注"],
    [None, "身份", None, None, "联系", None, None],
    [None, "姓名", "公民身份号码", "性别", "联系电话", None, None],
    *PEOPLE,
)
_BLOCKS = (*TABLE[:3], [], [], *TABLE[3:])
_HEAD_WITH_BREAKS = ("序 号", "姓\n名", "公民身份\n号码", "性别", "联系\n电话", "报名\n日期", "备注")
_TWO_CELLS = (
    ["序号", "姓名", "公民身份号码", None, "性别", "联系电话", "报名日期", "备注"],
    *([row[0], row[1], row[2][:6], row[2][6:], *row[3:]] for row in PEOPLE),
)

_SESSIONS = ("11-09", "11-10", "11-12")
_MARKED = (("卢军", "√", "×", "√"), ("卢军", "√", "√", "√"), ("范雨", "√", "△", "○"))


def _attendance(
    heads: Sequence[Sequence[Any]], rows: Rows, merged: Sequence[str] = ()
) -> Callable[[Path], None]:
    return _openpyxl([*heads, *([number, *row] for number, row in enumerate(rows, start=1))], merged)


_SYNONYMS = (("范雨", "✓", "V", "出"), ("苏国", "1", "迟", "事假"))
_DATES_ABOVE = (
    ["序号", "姓名", "2020-11-09", None, "2020-11-10"],
    [None, None, "上午", "下午", "上午"],
)

CASES: dict[str, Callable[[Path], None]] = {
    "xlsx-openpyxl.xlsx": _openpyxl(TABLE),
    "xlsx-xlsxwriter.xlsx": _xlsxwriter(_texts),
    "xlsx-libreoffice.xlsx": _libreoffice("xlsx"),
    "xls-xlwt.xls": _xlwt,
    "xls-libreoffice.xls": _libreoffice("xls:MS Excel 97"),
    "xls-旧BIFF2.xls": _bytes(_biff2(OLD_TABLE)),
    "ods-libreoffice.ods": _libreoffice("ods"),
    "csv-UTF8.csv": _bytes(_text().encode("utf-8")),
    "csv-UTF8带BOM.csv": _bytes(_text().encode("utf-8-sig")),
    "csv-GB18030.csv": _bytes(_text().encode("gb18030")),
    "csv-UTF16.csv": _bytes(_text().encode("utf-16")),
    "csv-UTF16大端.csv": _bytes("\ufeff".encode("utf-16-be") + _text().encode("utf-16-be")),
    "csv-UTF16无BOM.csv": _bytes(_text().encode("utf-16-le")),
    "tsv-UTF8.tsv": _bytes(_text("\t").encode("utf-8")),
    "网页叫xls.xls": _bytes(_html().encode("gb18030")),
    "制表文本叫xls.xls": _bytes(_text("\t").encode("gb18030")),
    "扩展名不对-xlsx叫csv.csv": _openpyxl(TABLE),
    "扩展名不对-csv叫xlsx.xlsx": _bytes(_text().encode("utf-8-sig")),
    "密码.xlsx": _copied(FOREIGN / "password.xlsx"),
    "密码.xls": _copied(FOREIGN / "password.xls"),
    "表头两行合并.xlsx": _openpyxl(_TWO_ROWS, ("A1:A2", "B1:E1", "F1:F2", "G1:G2")),
    "表头三行合并.xlsx": _openpyxl(_THREE_ROWS, ("A1:A3", "B1:E1", "B2:D2", "F1:F3", "G1:G3")),
    "上有标题下有合计签字.xlsx": _openpyxl(_AROUND, ("A1:G1", "A3:G3")),
    "隐藏行列.xlsx": _openpyxl(TABLE, then=(_hide,)),
    "多张工作表.xlsx": _openpyxl(TABLE, then=(_second_sheets,)),
    "块间空行.xlsx": _openpyxl(_BLOCKS),
    "单元格换行.xlsx": _openpyxl([_HEAD_WITH_BREAKS, *_with(1, lambda name: f"{name}\n")[1:]]),
    "全角数字.xlsx": _openpyxl(_with(2, _wide, _with(4, _wide))),
    "日期文本.xlsx": _openpyxl(_with(5, lambda day: f"{day.year}年{day.month}月{day.day}日")),
    "日期序列号.xlsx": _openpyxl(_with(5, _serial)),
    "日期序列号文本.csv": _bytes(_text(rows=_with(5, _serial)).encode("utf-8")),
    "日期1904基准.xlsx": _openpyxl(TABLE, epoch=CALENDAR_MAC_1904),
    "日期1904基准-序列号.xlsx": _openpyxl(_with(5, _mac_serial), epoch=CALENDAR_MAC_1904),
    "日期1904基准-序列号文本.xlsx": _openpyxl(
        _with(5, lambda day: str(_mac_serial(day))), epoch=CALENDAR_MAC_1904
    ),
    "证件号成了数字.xlsx": _openpyxl(_with(2, lambda text: float(int(text[:15]) * 1000))),
    "证件号分两格.xlsx": _openpyxl(_TWO_CELLS),
    "姓名中有空格.xlsx": _openpyxl(_with(1, _spaced)),
    "公式出错的单元格.xlsx": _xlsxwriter(_errors),
    "考勤-无证件号两人同名.xlsx": _attendance([("序号", "姓名", *_SESSIONS)], _MARKED),
    "考勤-日期上午下午两行表头.xlsx": _attendance(_DATES_ABOVE, _MARKED, ("A1:A2", "B1:B2", "C1:D1")),
    "考勤-日期无年份跨年.xlsx": _attendance([("序号", "姓名", "12-31", "1-4", "1月5日")], _MARKED),
    "考勤-记号别称.xlsx": _attendance([("序号", "姓名", *_SESSIONS)], _SYNONYMS),
    "考勤-空白.xlsx": _attendance([("序号", "姓名", *_SESSIONS)], [("范雨", "", None, "×")]),
    "考勤-合计不符.xlsx": _attendance([("序号", "姓名", *_SESSIONS, "实到")], [("范雨", "√", "×", "√", 3)]),
}  # fmt: skip


def make_all(folder: Path) -> None:
    """Write every case into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in CASES.items():
        make(folder / name)


if __name__ == "__main__":
    make_all(Path(sys.argv[1]))
