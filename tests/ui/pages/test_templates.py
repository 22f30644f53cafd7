"""模板 on the page of imports: blank, or filled with what the chosen class has."""

from __future__ import annotations

import openpyxl

from desktop_app.excel.column_names import WorkbookKind


def test_templates_are_blank_without_a_class_and_filled_with_one(office, tmp_path):
    """A filled roster has whole numbers and asks what for; turning back writes nothing."""
    page, path = office.page("imports"), tmp_path / "模板.xlsx"
    named = []
    page.templates.choose_file = lambda name: named.append(name) or path
    page.templates.write(WorkbookKind.SCORES)
    assert named == ["模板 成绩登记册.xlsx"]
    assert openpyxl.load_workbook(path).worksheets[0]["B3"].value is None
    path.unlink()
    item = office.services.classes.list_classes()[0]
    office.page("imports", class_id=item.id, class_code=item.code)
    page.templates.ask_purpose = lambda: None
    page.templates.write(WorkbookKind.ROSTER)
    assert not path.exists()
    page.templates.ask_purpose = lambda: "核对"
    page.templates.write(WorkbookKind.ROSTER)
    sheet = openpyxl.load_workbook(path).worksheets[0]
    assert item.code in sheet["A1"].value
    assert sheet["B3"].value
    assert f"已导出 {item.people} 行" in office.told[-1]
