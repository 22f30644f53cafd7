"""Forms of bureaus and 评价组织, drawn by seed: place, merges, order and wording of heads, labels, drop-downs, totals.

``python -m tests.factories.foreign_forms FOLDER SEED…`` lets LibreOffice (headless, from flat ODS) draw them, as
offices that work with it do; tests draw others with XlsxWriter, from the same layouts.
"""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

import xlsxwriter

from desktop_app.excel.cells import column_letter

WORDINGS: dict[str, tuple[str, ...]] = {
    "name": ("姓名", "学员姓名", "考生姓名"),
    "document_number": ("身份证号", "公民身份号码", "证件号码"),
    "sex": ("性别",),
    "birth": ("出生日期", "出生年月日"),
    "phone": ("联系电话", "手机号码"),
    "education": ("文化程度", "学历"),
    "category": ("人员类别",),
    "employer": ("工作单位",),
    "address": ("家庭住址", "通讯地址"),
    "photo": ("照片文件名", "照片"),
}
REPLIES: dict[str, tuple[str, ...]] = {
    "acceptance": ("受理号", "受理编号"),
    "ticket": ("准考证号",),
    "theory": ("理论成绩", "理论知识"),
    "practice": ("实操成绩", "操作技能"),
    "certificate_number": ("证书编号", "证书号"),
    "cut": ("核减金额", "核减（元）"),
}
LABELS: dict[str, tuple[str, ...]] = {
    "institution": ("承训机构：", "填报单位："),
    "class_code": ("班级编号：", "班号"),
    "trade": ("工种：", "申报职业："),
    "today": ("填表日期：",),
}
GROUPS = ("基本信息", "个人情况")
SEXES = ("男", "女")


@dataclass(frozen=True)
class Column:
    """A column: the field that it is (a person's or of a reply), its head, and the group over it."""

    field: str
    heading: str
    group: str = ""

    @property
    def reply(self) -> bool:
        return self.field in REPLIES


@dataclass(frozen=True)
class Layout:
    """A form: its sheet, how far from A1 it begins, its columns, rows to fill, and what stands above and below."""

    sheet: str
    left: int
    top: int
    columns: tuple[Column, ...]
    labels: tuple[tuple[str, str], ...]
    depth: int
    room: int
    footer: bool

    @property
    def head(self) -> int:
        """First row of the head, from 1."""
        return self.top + 3

    @property
    def first(self) -> int:
        """First row to fill, from 1."""
        return self.head + self.depth

    def letter(self, field: str) -> str:
        place = next(place for place, one in enumerate(self.columns) if one.field == field)
        return column_letter(self.left + place)


def layout(seed: int) -> Layout:
    """Draw a form: 10 to 15 columns in any order, the number first, name and document always there."""
    chance = random.Random(seed)
    others = chance.sample(
        [one for one in WORDINGS if one not in ("name", "document_number")], chance.randint(3, 8)
    )
    own = ["name", "document_number", *others]
    chance.shuffle(own)
    replies = chance.sample(list(REPLIES), chance.randint(2, len(REPLIES)))
    depth = chance.choice((1, 2, 2, 3))
    group = chance.choice(GROUPS) if depth > 1 else ""
    columns = [Column("number", chance.choice(("序号", "编号")))]
    columns += [Column(one, chance.choice(WORDINGS[one]), group) for one in own]
    columns += [
        Column(one, chance.choice(REPLIES[one]), "以下由主管部门填写" if depth > 1 else "") for one in replies
    ]
    return Layout(
        sheet=chance.choice(("Sheet1", "人员名册", "申报表（附件2）")),
        left=chance.choice((0, 0, 1, 3)),
        top=chance.choice((0, 1, 4)),
        columns=tuple(columns),
        labels=tuple((one, chance.choice(LABELS[one])) for one in chance.sample(list(LABELS), 2)),
        depth=depth,
        room=chance.choice((8, 12)),
        footer=chance.random() < 0.7,
    )


Merge = tuple[int, int, int, int]
"""First row, first column, last row, last column, from 0."""


def heads(form: Layout) -> tuple[dict[tuple[int, int], str], list[Merge]]:
    """Return the texts of title, labels and head by place (from 0), and the merged areas."""
    right = form.left + len(form.columns) - 1
    title, line, head = form.top, form.top + 1, form.head - 1
    texts = {(title, form.left): "职业技能培训人员申报表"}
    merges = [(title, form.left, title, right)]
    for number, (_field, text) in enumerate(form.labels):
        texts[line, form.left + 1 + 3 * number] = text
    bottom = head + form.depth - 1
    begun = ""
    for place, column in enumerate(form.columns, start=form.left):
        if not column.group:
            texts[head, place] = column.heading
            if form.depth > 1:
                merges.append((head, place, bottom, place))
            begun = ""
            continue
        texts[bottom if form.depth == 2 else head + 1, place] = column.heading
        if form.depth == 3:
            merges.append((head + 1, place, bottom, place))
        if column.group != begun:
            begun = column.group
            texts[head, place] = column.group
            last = max(at for at, one in enumerate(form.columns, start=form.left) if one.group == begun)
            merges.append((head, place, head, last))
    return texts, merges


def footer(form: Layout) -> dict[tuple[int, int], str]:
    """Return the texts below the rows; the formula counts the names."""
    if not form.footer:
        return {}
    row = form.first - 1 + form.room
    letter = form.letter("name")
    count = f"=COUNTA({letter}{form.first}:{letter}{form.first + form.room - 1})"
    return {
        (row, form.left): "合计",
        (row, form.left + 1): count,
        (row + 1, form.left): "填表人（签字）：　　　　审核人：",
    }


def draw(form: Layout, path: Path) -> Path:
    """Draw a form with XlsxWriter: drop-downs, formats, protection, a shape and a button go with it."""
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet(form.sheet)
    cell = book.add_format({"border": 1, "font_name": "仿宋"})
    head = book.add_format({"border": 1, "bold": True, "text_wrap": True, "align": "center"})
    texts, merges = heads(form)
    for place, text in {**texts, **footer(form)}.items():
        sheet.write(*place, text, head)
    for merge in merges:
        if merge[:2] != merge[2:]:
            sheet.merge_range(*merge, texts.get(merge[:2], ""), head)
    for row in range(form.first - 1, form.first - 1 + form.room):
        for place in range(form.left, form.left + len(form.columns)):
            sheet.write_blank(row, place, None, cell)
    sheet.write_column(form.first - 1, form.left, range(1, form.room + 1), cell)
    for column, words in (("sex", SEXES),):
        if any(one.field == column for one in form.columns):
            area = f"{form.letter(column)}{form.first}:{form.letter(column)}{form.first + form.room - 1}"
            sheet.data_validation(area, {"validate": "list", "source": list(words)})
    sheet.insert_textbox(0, form.left + len(form.columns) + 1, "填表说明")
    sheet.insert_button(4, form.left + len(form.columns) + 1, {"caption": "校验"})
    book.close()
    return path


def flat_ods(form: Layout) -> str:
    """Return the same form as flat ODS, for LibreOffice to save as it does."""
    texts, merges = heads(form)
    texts |= footer(form)
    texts |= {(form.first - 1 + number, form.left): str(number + 1) for number in range(form.room)}
    spans = {(one[0], one[1]): (one[2] - one[0] + 1, one[3] - one[1] + 1) for one in merges}
    covered = {
        (row, column)
        for top, left, bottom, right in merges
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
        if (row, column) != (top, left)
    }
    last_row = max(row for row, _ in texts)
    width = form.left + len(form.columns)
    sex = form.left + next((at for at, one in enumerate(form.columns) if one.field == "sex"), -1000)
    rows = []
    for row in range(last_row + 1):
        cells = []
        for column in range(width):
            if (row, column) in covered:
                cells.append("<table:covered-table-cell/>")
                continue
            text, span = texts.get((row, column), ""), spans.get((row, column))
            given = (
                f' table:number-rows-spanned="{span[0]}" table:number-columns-spanned="{span[1]}"'
                if span
                else ""
            )
            body = form.first - 1 <= row < form.first - 1 + form.room
            given += ' table:style-name="body"' if body else ""
            given += ' table:content-validation-name="sex"' if body and column == sex else ""
            if text.startswith("="):
                given += f' table:formula="of:{escape(text.replace("(", "([.").replace(":", ":.").replace(")", "])"))}"'
                given += ' office:value-type="float" office:value="0"'
                text = ""
            elif text.isdecimal():
                given += f' office:value-type="float" office:value="{text}"'
            cells.append(
                f"<table:table-cell{given}>{f'<text:p>{escape(text)}</text:p>' if text else ''}</table:table-cell>"
            )
        rows.append(f"<table:table-row>{''.join(cells)}</table:table-row>")
    return _FLAT.format(sheet=escape(form.sheet), rows="".join(rows))


def save_with_libreoffice(seeds: Sequence[int], folder: Path) -> list[Path]:
    """Let LibreOffice save the forms of some seeds as .xlsx; FileNotFoundError where it is not installed."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise FileNotFoundError("soffice")
    with tempfile.TemporaryDirectory() as name:
        sources = [Path(name) / f"外来表格-{seed}.fods" for seed in seeds]
        for seed, source in zip(seeds, sources, strict=True):
            source.write_text(flat_ods(layout(seed)), encoding="utf-8")
        profile = f"-env:UserInstallation={(Path(name) / 'profile').as_uri()}"
        command = [
            program,
            profile,
            "--headless",
            "--convert-to",
            "xlsx",
            "--outdir",
            str(folder),
            *map(str, sources),
        ]
        subprocess.run(command, check=True, capture_output=True)
    return [folder / source.with_suffix(".xlsx").name for source in sources]


_FLAT = """<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" \
xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" \
xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" \
xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.2" \
xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" \
office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.spreadsheet">
<office:automatic-styles><style:style style:name="body" style:family="table-cell"><style:table-cell-properties \
fo:border="0.5pt solid #000000"/></style:style></office:automatic-styles>
<office:body><office:spreadsheet><table:content-validations><table:content-validation table:name="sex" \
table:condition="of:cell-content-is-in-list(&quot;男&quot;;&quot;女&quot;)" table:allow-empty-cell="true" \
table:display-list="unsorted"/></table:content-validations><table:table table:name="{sheet}">{rows}</table:table>\
</office:spreadsheet></office:body></office:document>"""


if __name__ == "__main__":
    for written in save_with_libreoffice([int(seed) for seed in sys.argv[2:]], Path(sys.argv[1])):
        print(written.name)
