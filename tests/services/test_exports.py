"""Lists and templates written out: what is shown, as text, masked unless for a reason; and templates back in."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from desktop_app.domain.identity import check_digit
from desktop_app.domain.users import Role
from desktop_app.excel.column_names import WorkbookKind
from desktop_app.excel.matching import SameNames
from desktop_app.excel.templates import FIELDS, Template, write_template
from desktop_app.services.exports import ListColumn, ListTable
from desktop_app.services.imports.plan import BlankMeaning, ImportOptions, RowState
from desktop_app.store.evidence_files import digest_of
from tests.factories.offices import PEOPLE
from tests.services.store_facts import entries, newest, refusal
from tests.services.test_permission_matrix import ATTEMPTS

FAN = PEOPLE[0][1]
HOSTILE = ["007", "=1+1", "+86", "-5", "@x", "420106199003070011", "𬭎𠅤", "第一行\n第二行", " 空格 "]


class Stopped:
    """A user who stops at once."""

    def is_cancelled(self) -> bool:
        return True


def stopped(exports, table, path):
    """Return the export of a list that the user stops."""
    return lambda: exports.write_list(table, path, cancel=Stopped())


def listed(values, **more):
    rows = [(b"", (value, str(number))) for number, value in enumerate(values)]
    columns = (ListColumn("内容"), ListColumn("次数", numeric=True))
    return ListTable("清单", columns, rows, len(rows), **more)


def members(office):
    """Return the class's people as a list shows them."""
    shown = office.as_role(Role.OFFICE).classes.list_members(office.class_id)
    columns = (
        ListColumn("姓名"),
        ListColumn("证件", personal="document_number"),
        ListColumn("电话", personal="phone"),
    )
    rows = [(one.trainee_id, (one.name, one.document_number, one.phone)) for one in shown]
    return ListTable("花名册", columns, rows, len(rows), class_id=office.class_id)


def test_text_stays_text_and_numbers_are_numbers(office, tmp_path):
    """In Excel by its type, in CSV behind an apostrophe where a spreadsheet would run it."""
    services = office.as_role(Role.OFFICE)
    services.exports.write_list(listed(HOSTILE), tmp_path / "清单.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "清单.xlsx").worksheets[0]
    assert [row[0].value for row in sheet.iter_rows(min_row=3)] == HOSTILE
    assert {row[0].data_type for row in sheet.iter_rows(min_row=3)} == {"s"}
    assert [row[1].value for row in sheet.iter_rows(min_row=3)] == list(range(len(HOSTILE)))
    assert sheet.freeze_panes == "A3"
    services.exports.write_list(listed(HOSTILE), tmp_path / "清单.csv")
    with (tmp_path / "清单.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["内容", "次数"]
    assert [row[0].removeprefix("'") for row in rows[1:]] == HOSTILE
    assert all(row[0].startswith("'") for row in rows[1:] if row[0].removeprefix("'")[0] in "=+-@")


def test_amounts_and_rates_stay_numbers_in_the_form_they_were_shown(office, tmp_path):
    shown = ["1,234.50", "93.3%", "0.5", "—", "12345678901234567", "01"]
    rows = [(b"", (value,)) for value in shown]
    table = ListTable("数", (ListColumn("数", numeric=True),), rows, len(rows))
    office.as_role(Role.OFFICE).exports.write_list(table, tmp_path / "数.xlsx")
    cells = [
        row[0] for row in openpyxl.load_workbook(tmp_path / "数.xlsx").worksheets[0].iter_rows(min_row=3)
    ]
    assert [cell.value for cell in cells] == [1234.5, 0.933, 0.5, "—", "12345678901234567", "01"]
    assert [cell.number_format for cell in cells[:3]] == ["#,##0.00", "0.0%", "0.0"]


def test_a_list_is_masked_and_that_is_no_entry(office, tmp_path):
    services, before = office.as_role(Role.OFFICE), entries(office)
    services.exports.write_list(members(office), tmp_path / "名单.xlsx")
    assert FAN not in str(list(openpyxl.load_workbook(tmp_path / "名单.xlsx").worksheets[0].values))
    assert entries(office) == before


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_whole_numbers_need_a_reason_are_recorded_and_the_sheet_says_who_and_why(office, tmp_path, ending):
    services, path, table = office.as_role(Role.OFFICE), tmp_path / f"名单.{ending}", members(office)
    assert refusal(lambda: services.exports.write_list(table, path, purpose=" ")) == "EXPORT_REASON"
    services.exports.write_list(table, path, purpose="送人社局核对")
    if ending == "csv":
        text = path.read_text(encoding="utf-8-sig")
    else:
        text = str(list(openpyxl.load_workbook(path).worksheets[0].values))
    for word in (FAN, "13800001111", "office 账号", "送人社局核对", "导出时间"):
        assert word in text
    record = newest(office)
    assert (record.command, record.reason) == ("export_unmasked", "花名册：送人社局核对")
    assert record.subject == "电工01班"
    adviser = office.as_role(Role.ADVISER).exports
    assert refusal(lambda: adviser.write_list(table, path, purpose="自用")) == "NOT_PERMITTED"


def test_a_cancelled_export_leaves_what_was_there(office, tmp_path):
    path = tmp_path / "清单.xlsx"
    path.write_bytes(b"earlier")
    services = office.as_role(Role.OFFICE)
    for ending in ("xlsx", "csv"):
        table = listed(["x"] * 500)
        target = path.with_suffix(f".{ending}")
        assert refusal(stopped(services.exports, table, target)) == "CANCELLED"
    assert path.read_bytes() == b"earlier"
    assert [file.name for file in tmp_path.iterdir() if file.is_file()] == ["清单.xlsx"]


def test_other_formats_and_too_many_rows_are_refused(office, tmp_path):
    services = office.as_role(Role.OFFICE)
    assert refusal(services.exports.write_list, listed([]), tmp_path / "清单.pdf") == "EXPORT_FORMAT"
    many = ListTable("清单", (ListColumn("x"),), (), 2_000_000)
    assert refusal(services.exports.write_list, many, tmp_path / "清单.xlsx") == "EXPORT_TOO_LONG"


def plan(services, kind, path, code):
    options = ImportOptions(same_names=SameNames.NUMBER, blank=BlankMeaning.UNMARKED)
    return services.imports.plan(WorkbookKind(kind), path, code, options)


@pytest.mark.parametrize("kind", list(WorkbookKind))
def test_a_template_filled_with_what_is_there_comes_back_as_no_change(office, tmp_path: Path, kind):
    """For each kind of workbook; a blank one has our headings, drop-downs and a frozen head."""
    services = office.as_role(Role.OFFICE)
    ATTEMPTS["import_certificates"](services, office)
    path = tmp_path / "模板.xlsx"
    written = services.templates.write(kind, path, office.class_id, "核对")
    assert written.rows >= (1 if kind is WorkbookKind.CERTIFICATES else 3)
    sheet = openpyxl.load_workbook(path).worksheets[0]
    assert sheet.freeze_panes == "C3"
    assert sheet.data_validations.dataValidation
    before = entries(office)
    found = plan(services, kind, path, "电工01班")
    expected = {RowState.SAME} if kind is not WorkbookKind.EMPLOYMENT else {RowState.BAD}
    assert {row.state for row in found.rows} == expected, found.problems
    assert entries(office) == before


def test_a_blank_template_offers_words_that_the_import_knows(office, tmp_path):
    services = office.as_role(Role.OFFICE)
    path = tmp_path / "花名册.xlsx"
    services.templates.write(WorkbookKind.ROSTER, path)
    book = openpyxl.load_workbook(path)
    sheet, words = book.worksheets[0], book["选项"]
    assert words.sheet_state == "hidden"
    heads = {cell.value: cell.column for cell in sheet[2]}
    sheet.cell(3, heads["姓名"], "范雨")
    sheet.cell(3, heads["公民身份号码"], FAN)
    for heading in ("性别", "民族", "文化程度", "人员类别"):
        known = [cell.value for cell in words[openpyxl.utils.get_column_letter(heads[heading])] if cell.value]
        assert len(known) > 1
        sheet.cell(3, heads[heading], known[1])
    book.save(path)
    found = plan(services, "roster", path, None)
    codes = {problem.code for problem in found.problems}
    assert codes - {"SEX_DIFFERS"} == {"PHONE_MISSING", "KEY_GROUP_UNSTATED"}
    assert refusal(services.templates.write, WorkbookKind.ATTENDANCE, path) == "TEMPLATE_NEEDS_CLASS"
    assert refusal(services.templates.write, WorkbookKind.ROSTER, tmp_path / "x.csv") == "EXPORT_FORMAT"
    assert refusal(services.templates.write, WorkbookKind.ROSTER, path, office.class_id) == "EXPORT_REASON"


words = st.text("赵钱孙李·王𬭎𠅤ab=+-@ 0'\"&<", min_size=1, max_size=12).map(str.strip).filter(bool)
people = st.fixed_dictionaries(
    {
        "name": st.text("赵钱孙李周吴郑王𬭎𠅤", min_size=2, max_size=6),
        "address": words,
        "employer": words,
        "major_or_post": words,
        "student_number": st.from_regex(r"[0-9A-Z]{4,12}", fullmatch=True),
        "phone": st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
        "education": st.sampled_from(["大专", "本科", "大专在读", ""]),
        "category": st.sampled_from(["在校学生", "企业在岗职工", "社会重点群体"]),
        "ethnicity": st.sampled_from(["汉族", "土家族", ""]),
    }
)


DOCUMENTS = (
    first + check_digit(first)
    for day in range(1, 29)
    for first in (
        f"4201061990{month:02}{day:02}{order:03}" for month in range(1, 13) for order in range(500, 540)
    )
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(people, min_size=1, max_size=4))
def test_whatever_a_roster_holds_comes_back_as_no_change(office, tmp_path, listed_people):
    """Imported, written out as a template, imported again: there is nothing to do."""
    services, path = office.as_role(Role.OFFICE), tmp_path / "花名册.xlsx"
    rows = [{"document_number": next(DOCUMENTS), **one} for one in listed_people]
    template = Template(WorkbookKind.ROSTER, "花名册", "说明", FIELDS[WorkbookKind.ROSTER], rows)
    path.write_bytes(write_template(template))
    code = f"往返{digest_of(path.read_bytes()).hex()[:12]}"
    first = plan(services, "roster", path, code)
    assume(all(row.state is not RowState.BAD for row in first.rows))
    services.imports.apply(first)
    again = tmp_path / "再来.xlsx"
    services.templates.write(WorkbookKind.ROSTER, again, services.classes.class_by_code(code).id, "核对")
    assert {row.state for row in plan(services, "roster", again, code).rows} == {RowState.SAME}
