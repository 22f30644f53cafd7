"""What must hold of every drawn form: it is understood, filled in place, and read back; nothing else in it changes."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from desktop_app.excel.foreign_forms import look_at_form, sheets_like
from desktop_app.excel.form_filling import Portion, fill_form
from desktop_app.excel.form_replies import read_replies
from desktop_app.excel.inplace.cells import CellChange, place_of
from desktop_app.excel.inplace.writing import WorkbookInPlace
from tests.excel.rich_workbook import loaded, parts, sheet_without
from tests.excel.sheets import document
from tests.factories.foreign_forms import Layout

BOOK = "xl/workbook.xml"
NAMES = ("张三丰", "李𬱖", "阿依古丽·买买提", "卢军", "卢军")
CLASS = {
    "institution": "湖北江城职业技术学院", "class_code": "焊工2020-03班", "trade": "焊工", "today": dt.date(2020, 11, 2)
}  # fmt: skip
PEOPLE = tuple(
    {
        **CLASS,
        "number": number,
        "name": name,
        "document_number": document(number),
        "sex": "男",
        "birth": dt.date(1990, 3, 7),
        "phone": f"1380000000{number}",
        "education": "高中",
        "category": "企业在岗职工",
        "employer": "=光谷精工",
        "address": None if number == 2 else "武汉市洪山区",
    }
    for number, name in enumerate(NAMES, start=1)
)
REPLY = {
    "acceptance": "SL0001", "ticket": "20201200", "theory": "85", "practice": "77.5",
    "certificate_number": "S000042013000204200001", "cut": "120.50",
}  # fmt: skip


def check_found(form: Layout, path: Path) -> None:
    """Columns, rows and cells are found."""
    looked = look_at_form(path)
    rules = looked.rules
    found = {letter: rule.field for letter, rule in rules.columns.items()} | dict(rules.replies)
    assert found == {form.letter(one.field): one.field for one in form.columns}, path.name
    assert (looked.name, rules.first_row) == (form.sheet, form.first)
    assert rules.room == (form.room if form.footer else None), path.name
    assert {rule.field for rule in rules.cells.values()} == {field for field, _ in form.labels}
    assert [one.name for one in sheets_like(path, looked.signature)] == [form.sheet]


def check_filled(form: Layout, path: Path, target: Path) -> None:
    """Every cell that the rules name is filled, who lacks what is told, and every part but three stays as it was."""
    rules = look_at_form(path).rules
    done = fill_form(path, target, rules, [Portion(form.sheet, CLASS, PEOPLE)])
    sheet, written = loaded(target)[form.sheet], []
    for place, person in enumerate(PEOPLE):
        for one in form.columns:
            name = f"{form.letter(one.field)}{form.first + place}"
            written.append(name)
            if not one.reply and one.field != "photo":
                value = person[one.field]
                value = value.isoformat() if isinstance(value, dt.date) else value
                assert (sheet[name].value, sheet[name].data_type != "f") == (value, True), (path.name, name)
    for name, rule in rules.cells.items():
        assert sheet[name].value == (CLASS[rule.field] if rule.field != "today" else "2020-11-02")
    before, after = parts(path), parts(target)
    part = next(name for name in before if name.endswith("sheet1.xml"))
    assert {name for name in before if before[name] != after[name]} <= {part, "xl/styles.xml", BOOK}
    assert before.keys() == after.keys()
    left_out = ([*written, *rules.cells], ["dimension"])
    assert sheet_without(after[part], *left_out) == sheet_without(before[part], *left_out)
    lacking = [one for one in form.columns if one.field == "address"]
    assert {(one.person, one.place) for one in done.blanks} == {
        ("李𬱖", form.letter("address")) for _ in lacking
    }
    assert (b"fullCalcOnLoad" in after[BOOK]) or not form.footer


def check_read_back(form: Layout, path: Path, target: Path) -> None:
    """What the authority puts into the filled form is read back by person."""
    rules = look_at_form(path).rules
    fill_form(path, target, rules, [Portion(form.sheet, CLASS, PEOPLE)])
    book = WorkbookInPlace(target.read_bytes())
    for letter, field in rules.replies.items():
        book.change(form.sheet, place_of(f"{letter}{form.first + 1}"), CellChange(REPLY[field]))
    book.write_cells()
    book.save(target)
    rows = read_replies(target, form.sheet, rules)
    assert [row.person.name for row in rows] == list(NAMES)
    assert [row.person.document_number for row in rows] == [one["document_number"] for one in PEOPLE]
    assert rows[1].values == {field: REPLY[field] for field in rules.replies.values()}
    assert rows[0].values == {}
