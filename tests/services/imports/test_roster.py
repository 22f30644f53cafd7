"""Rosters: bad rows wait, doubtful ones are said, a document number is one person."""

from __future__ import annotations

from datetime import date

import openpyxl
import pytest

from desktop_app.domain.errors import AppError
from desktop_app.excel.column_names import WorkbookKind
from desktop_app.services.imports.plan import DateSource, ImportOptions, RowState
from tests.factories.workbooks import ELECTRICIANS, WELDERS, sheet_rows, write_csv

HEAD = ["序号", "姓名", "身份证号", "性别", "人员类别", "重点群体类型", "文化程度", "联系电话"]
# Invented people; the numbers carry a right check digit.
GOOD = [1, "张晓雨", "420106199001010018", "男", "社会重点群体", "城镇登记失业人员", "高中", "13800000001"]
OTHER = [2, "李文静", "420106199202020022", "女", "社会重点群体", "退役军人", "大专", "13800000002"]


def check_digit(first17: str) -> str:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return "10X98765432"[sum(int(d) * w for d, w in zip(first17, weights, strict=True)) % 11]


def person(row, **changes):
    named = dict(zip(HEAD, row, strict=True)) | changes
    number = str(named["身份证号"])
    if "身份证号" not in changes:
        named["身份证号"] = number[:17] + check_digit(number[:17])
    return [named[name] for name in HEAD]


def roster(folder, *rows, head=HEAD, name="roster.csv"):
    return write_csv(folder / name, [head, *rows])


def plan(desk, path, code="测试班", **options):
    return desk.services.imports.plan(WorkbookKind.ROSTER, path, code, ImportOptions(**options))


def states(planned):
    return [row.state.value for row in planned.rows]


def codes(planned, row=None):
    return [problem.code for problem in planned.problems if row in {None, problem.row}]


def test_good_rows_go_in_while_bad_ones_wait(desk, tmp_path):
    bad = person(OTHER, 身份证号="420106199202020021")
    path = roster(tmp_path, person(GOOD), bad)
    planned = plan(desk, path)
    assert states(planned) == ["new", "bad"]
    (problem,) = planned.errors
    assert (problem.row, problem.column, problem.code) == (3, "C", "ID_CHECK_DIGIT")
    desk.services.imports.apply(planned)
    assert [item.name for item in desk.services.trainees.list_trainees()] == ["张晓雨"]
    mended = plan(desk, roster(tmp_path, person(GOOD), person(OTHER)))
    assert states(mended) == ["same", "new"]


def test_the_workbook_comes_back_with_the_bad_cell_marked(desk, tmp_path):
    path = roster(tmp_path, person(GOOD), person(OTHER, 性别="男"))
    target = desk.services.imports.write_errors(plan(desk, path), tmp_path / "errors.xlsx")
    book = openpyxl.load_workbook(target)
    cell = book.worksheets[0]["D3"]
    assert cell.value == "男"
    assert cell.fill.fgColor.rgb.endswith("FFC7CE")
    assert "填写的性别是男" in cell.comment.text
    book.close()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"姓名": ""}, "NAME_EMPTY"),
        ({"人员类别": "外星人"}, "CATEGORY_UNKNOWN"),
        ({"重点群体类型": "外星人"}, "KEY_GROUP_UNKNOWN"),
        ({"文化程度": "神学"}, "EDUCATION_UNKNOWN"),
        ({"联系电话": "12345"}, "PHONE_INVALID"),
    ],
)
def test_a_wrong_value_keeps_its_row_out(desk, tmp_path, changes, code):
    planned = plan(desk, roster(tmp_path, person(GOOD, **changes)))
    assert states(planned) == ["bad"]
    assert code in codes(planned)
    assert not planned.writes_anything


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"联系电话": ""}, "PHONE_MISSING"),
        ({"重点群体类型": ""}, "KEY_GROUP_UNSTATED"),
        ({"人员类别": "", "重点群体类型": ""}, "CATEGORY_MISSING"),
    ],
)
def test_what_is_missing_is_said_and_does_not_hold(desk, tmp_path, changes, code):
    planned = plan(desk, roster(tmp_path, person(GOOD, **changes)))
    assert states(planned) == ["new"]
    assert codes(planned) == [code]


def test_one_document_in_two_rows_keeps_the_first(desk, tmp_path):
    planned = plan(desk, roster(tmp_path, person(GOOD), person(GOOD, 序号=2)))
    assert states(planned) == ["new", "bad"]
    assert planned.errors[0].code == "ROSTER_ROW_TWICE"
    assert planned.errors[0].params == {"other": 2}


def test_a_known_document_under_another_name_is_asked_back_in_another_class(desk, tmp_path):
    desk.services.imports.apply(plan(desk, roster(tmp_path, person(GOOD))))
    renamed = roster(tmp_path, person(GOOD, 姓名="张小雨"), name="renamed.csv")
    assert states(plan(desk, renamed, "另一班")) == ["bad"]
    assert codes(plan(desk, renamed, "另一班")) == ["DOCUMENT_OF_ANOTHER"]


def test_the_roster_of_the_own_class_may_correct_a_name_and_says_so(desk, tmp_path):
    desk.services.imports.apply(plan(desk, roster(tmp_path, person(GOOD))))
    planned = plan(desk, roster(tmp_path, person(GOOD, 姓名="张小雨"), name="renamed.csv"))
    assert states(planned) == ["changed"]
    assert codes(planned) == ["TRAINEE_RENAMED"]
    desk.services.imports.apply(planned)
    assert [item.name for item in desk.services.trainees.list_trainees()] == ["张小雨"]


def test_a_blank_cell_does_not_wipe_out_what_is_known(desk, tmp_path):
    desk.services.imports.apply(plan(desk, roster(tmp_path, person(GOOD))))
    planned = plan(desk, roster(tmp_path, person(GOOD, 联系电话="", 文化程度="", 重点群体类型="")))
    assert states(planned) == ["same"]


def test_a_changed_phone_changes_only_that(desk, tmp_path):
    desk.services.imports.apply(plan(desk, roster(tmp_path, person(GOOD))))
    planned = plan(desk, roster(tmp_path, person(GOOD, 联系电话="13900000009")))
    assert states(planned) == ["changed"]
    written = [(entity.name, dict(rows[0][1])) for entity, rows in planned.writes if rows]
    assert written == [("trainee", {"phone": "13900000009"})]


def test_what_is_put_in_form_is_said(desk, tmp_path):
    typed = person(GOOD, 姓名=" 张 晓雨 ", 联系电话="138-0000-0001")
    planned = plan(desk, roster(tmp_path, typed))
    assert [(one.row, one.column, one.after) for one in planned.normalised] == [
        (2, "B", "张晓雨"),
        (2, "H", "13800000001"),
    ]


@pytest.mark.parametrize(
    ("start", "source", "expected"),
    [
        (date(2020, 11, 9), DateSource.CLASS_START, date(2020, 11, 9)),
        (None, DateSource.TODAY, date(2020, 12, 28)),
    ],
)
def test_without_a_date_on_the_sheet_the_class_start_counts_else_today(
    desk, tmp_path, start, source, expected
):
    desk.services.classes.create_class("测试班", start_on=start)
    planned = plan(desk, roster(tmp_path, person(GOOD)))
    assert (planned.facts.enrolled_from, planned.facts.enrolled_on) == (source, expected)


def test_a_column_of_dates_goes_before_all_and_opens_the_membership(desk, tmp_path):
    desk.services.classes.create_class("测试班", start_on=date(2020, 11, 9))
    path = roster(tmp_path, [*person(GOOD), "2020-11-16"], head=[*HEAD, "入班日期"])
    planned = plan(desk, path)
    assert planned.facts.enrolled_from is DateSource.COLUMN
    desk.services.imports.apply(planned)
    (member,) = desk.services.classes.list_members(desk.services.classes.class_by_code("测试班").id)
    assert member.enrolled_on == date(2020, 11, 16)
    assert [(span.first, span.last) for span in member.periods] == [(date(2020, 11, 16), None)]


def test_numbers_are_those_of_the_sheet_where_free_else_the_next(desk, tmp_path):
    path = roster(tmp_path, person(GOOD, 序号=7), person(OTHER, 序号=7))
    desk.services.imports.apply(plan(desk, path))
    members = desk.services.classes.list_members(desk.services.classes.class_by_code("测试班").id)
    assert [(member.number, member.name) for member in members] == [(7, "张晓雨"), (8, "李文静")]


def test_evidence_becomes_a_code_and_its_number(desk):
    desk.services.imports.apply(
        desk.services.imports.plan(WorkbookKind.ROSTER, ELECTRICIANS.file("花名册"), ELECTRICIANS.code)
    )
    members = desk.services.classes.list_members(desk.services.classes.class_by_code(ELECTRICIANS.code).id)
    assert (members[0].evidence_kind, members[0].evidence_number) == ("poverty_book", "1151707710")
    assert (members[0].category, members[0].key_group) == ("key_group", "registered_poor")


def test_a_rounded_number_is_recognised_and_said_once(desk, tmp_path):
    rows = [list(row) for row in sheet_rows(WELDERS.file("花名册"))[2:6]]
    rows[1][2] = 420324197607181000
    planned = plan(desk, write_csv(tmp_path / "rounded.csv", rows))
    assert states(planned)[0] == "bad"
    assert codes(planned, 2) == ["ID_ROUNDED"]


def test_a_mapping_is_remembered_for_the_same_headings(desk, tmp_path):
    head = ["序号", "名儿", "证儿", "性别", "人员类别", "重点群体类型", "文化程度", "联系电话"]
    path = roster(tmp_path, person(GOOD), head=head)
    with pytest.raises(AppError) as caught:
        plan(desk, path)
    assert caught.value.code == "HEADER_NOT_FOUND"
    mapped = plan(desk, path, mapping={"B": "name", "C": "document_number"})
    assert states(mapped) == ["new"]
    desk.services.imports.apply(mapped)
    again = plan(desk, roster(tmp_path, person(GOOD), person(OTHER), head=head, name="next.csv"))
    assert states(again) == ["same", "new"]
    assert again.mapping["B"] == "name"


def test_a_plan_whose_ground_has_changed_is_not_applied(desk, tmp_path):
    planned = plan(desk, roster(tmp_path, person(GOOD)))
    desk.services.imports.apply(plan(desk, roster(tmp_path, person(GOOD, 联系电话="13900000009"))))
    before = desk.services.history.state_hash()
    with pytest.raises(AppError) as caught:
        desk.services.imports.apply(planned)
    assert caught.value.code == "IMPORT_OUTDATED"
    assert desk.services.history.state_hash() == before


def test_work_elsewhere_does_not_outdate_a_plan(desk, tmp_path):
    planned = plan(desk, roster(tmp_path, person(GOOD)))
    desk.services.classes.create_class("另一班")
    desk.services.imports.apply(planned)
    assert planned.count(RowState.NEW) == 1


class Stopped:
    def is_cancelled(self):
        return True


def test_a_cancelled_import_stops_before_anything_is_read(desk, tmp_path):
    with pytest.raises(AppError) as caught:
        desk.services.imports.plan(
            WorkbookKind.ROSTER, roster(tmp_path, person(GOOD)), "测试班", cancel=Stopped()
        )
    assert caught.value.code == "CANCELLED"


def test_progress_goes_from_reading_to_the_last_row(desk, tmp_path):
    told = []
    path = roster(tmp_path, person(GOOD), person(OTHER))
    desk.services.imports.plan(WorkbookKind.ROSTER, path, "测试班", progress=lambda *step: told.append(step))
    assert told[0] == (0, 0, "import.reading")
    assert told[-1] == (2, 2, "import.checking")


def test_a_row_that_would_change_a_chosen_group_is_left_out(desk, tmp_path):
    desk.services.imports.apply(plan(desk, roster(tmp_path, person(GOOD), person(OTHER))))
    chosen = desk.services.classes.class_by_code("测试班").id
    member = desk.services.classes.list_members(chosen)[0]
    desk.services.qualification.choose_group(chosen, member.trainee_id, "unemployed")
    again = plan(
        desk, roster(tmp_path, person(GOOD, 重点群体类型="退役军人", 联系电话="13900000009"), person(OTHER))
    )
    assert states(again) == ["bad", "same"]
    (problem,) = again.errors
    assert (problem.row, problem.column, problem.code) == (2, "F", "GROUP_FIXED")
    assert problem.params["person"] == "张晓雨"
    dated = roster(tmp_path, [*person(GOOD), "2020-11-01"], head=[*HEAD, "报名日期"])
    assert codes(plan(desk, dated)) == ["ENROLLED_ON_FIXED"]
    same = plan(desk, roster(tmp_path, person(GOOD, 联系电话="13900000009"), person(OTHER)))
    assert states(same) == ["changed", "same"]


def test_the_credit_code_of_an_employer_goes_into_the_enrolment(desk, tmp_path):
    head = [*HEAD, "工作单位", "统一社会信用代码"]
    worker = person(GOOD, 人员类别="企业在岗职工", 重点群体类型="")
    right = plan(desk, roster(tmp_path, [*worker, "东风电气", "91420100ma0000000y"], head=head))
    assert "EMPLOYER_CODE_MISSING" not in codes(right)
    desk.services.imports.apply(right)
    found = desk.services.classes.class_by_code("测试班").id
    (member,) = desk.services.classes.list_members(found)
    with desk.services.context.read() as sql:
        stored = sql.exec_driver_sql("SELECT employer, employer_uscc FROM enrolment").one()
    assert tuple(stored) == ("东风电气", "91420100MA0000000Y")
    desk.services.qualification.set_circumstances(member.trainee_id, {"employed": "yes"})
    desk.services.qualification.choose_group(found, member.trainee_id, "employee")
    with desk.services.context.read() as sql:
        assert tuple(sql.exec_driver_sql("SELECT employer, employer_uscc FROM enrolment").one()) == stored
    wrong = plan(desk, roster(tmp_path, [*worker, "东风电气", "91420100MA0000000X"], head=head))
    assert "USCC_CHECK" in codes(wrong)
    assert states(wrong) == ["same"]


def test_who_is_in_another_class_of_that_time_is_said(desk, tmp_path):
    path = roster(tmp_path, person(GOOD))
    desk.services.imports.apply(plan(desk, path, code="另一个班"))
    found = plan(desk, path)
    assert "CLASSES_OVERLAP" in codes(found)
    assert not states(found).count("bad")
    desk.services.imports.apply(found)
    assert "CLASSES_OVERLAP" not in codes(plan(desk, path))


def test_the_marked_workbook_mended_and_read_again_brings_only_what_is_new(desk, tmp_path):
    wrong = [*OTHER[:2], "420106199202020029", *OTHER[3:]]
    book = openpyxl.Workbook()
    for row in (HEAD, person(GOOD), wrong):
        book.worksheets[0].append(row)
    book.save(tmp_path / "名册.xlsx")
    first = plan(desk, tmp_path / "名册.xlsx")
    assert states(first) == ["new", "bad"]
    desk.services.imports.apply(first)
    marked = desk.services.imports.write_errors(first, tmp_path / "问题.xlsx")
    mended = openpyxl.load_workbook(marked)
    assert mended.worksheets[0]["C3"].comment is not None
    mended.worksheets[0]["C3"] = person(OTHER)[2]
    mended.save(marked)
    again = plan(desk, marked)
    assert (states(again), again.errors) == (["same", "new"], ())
    desk.services.imports.apply(again)
    assert states(plan(desk, marked)) == ["same", "same"]
