"""就业跟踪 by workbook: what is written, what waits, and one undo for the whole sheet."""

from __future__ import annotations

from datetime import date

import pytest

from desktop_app.domain.employment import Status, VoucherKind
from desktop_app.excel.column_names import WorkbookKind
from desktop_app.services.imports.plan import ImportOptions, RowState
from tests.factories.workbooks import ELECTRICIANS, write_csv

HEAD = ["序号", "姓名", "就业状态", "就业单位", "凭证", "凭证日期", "是否参保", "跟踪日期"]


@pytest.fixture
def people(desk):
    imports, code = desk.services.imports, ELECTRICIANS.code
    imports.apply(imports.plan(WorkbookKind.ROSTER, ELECTRICIANS.file("花名册"), code))
    return [one.name for one in followed(desk)]


def followed(desk):
    class_id = desk.services.classes.class_by_code(ELECTRICIANS.code).id
    return desk.services.employment.sheet(class_id).people


def plan(desk, folder, *rows, head=HEAD, title=(), **options):
    path = write_csv(folder / "employment.csv", [*title, head, *rows])
    return desk.services.imports.plan(
        WorkbookKind.EMPLOYMENT, path, ELECTRICIANS.code, ImportOptions(**options)
    )


def test_words_of_offices_become_follow_ups_and_one_undo_takes_them_back(desk, people, tmp_path):
    planned = plan(
        desk,
        tmp_path,
        [1, people[0], "已就业", "武汉长江机电有限公司", "合同", "2020-12-20", "是", "2020-12-25"],
        [2, people[1], "待业", "", "", "", "否", "2020/12/26"],
    )
    assert [row.state for row in planned.rows] == [RowState.NEW, RowState.NEW]
    desk.services.imports.apply(planned)
    ((first,), (second,)) = (one.months.values() for one in followed(desk)[:2])
    assert (first.status, first.voucher_kind, first.voucher_on, first.insured, first.followed_on) == (
        Status.EMPLOYED,
        VoucherKind.CONTRACT,
        date(2020, 12, 20),
        True,
        date(2020, 12, 25),
    )
    assert (second.status, second.insured) == (Status.UNEMPLOYED, False)
    desk.services.history.undo()
    assert not any(one.months for one in followed(desk))


def test_the_same_sheet_again_changes_nothing_and_a_blank_keeps_what_is_known(desk, people, tmp_path):
    row = [1, people[0], "就业", "武汉长江机电有限公司", "合同", "2020-12-20", "是", "2020-12-25"]
    desk.services.imports.apply(plan(desk, tmp_path, row))
    assert [one.state for one in plan(desk, tmp_path, row).rows] == [RowState.SAME]
    changed = plan(desk, tmp_path, [1, people[0], "就业", "武汉东湖电气有限公司", "", "", "", "2020-12-25"])
    assert [one.state for one in changed.rows] == [RowState.CHANGED]
    desk.services.imports.apply(changed)
    (known,) = followed(desk)[0].months.values()
    assert (known.employer, known.voucher_kind, known.insured) == (
        "武汉东湖电气有限公司",
        VoucherKind.CONTRACT,
        True,
    )


def test_bad_rows_wait_with_cell_value_and_reason(desk, people, tmp_path):
    planned = plan(
        desk,
        tmp_path,
        [1, people[0], "在读博士后", "", "", "", "", "2020-12-25"],
        [2, people[1], "", "单位", "", "", "", "2020-12-25"],
        [3, people[2], "就业", "", "合同", "2020-12-20", "", "2020-12-25"],
        [4, people[3], "就业", "某厂", "合同", "2031-12-20", "", "2020-12-25"],
        [5, "查无此人", "未就业", "", "", "", "", "2020-12-25"],
        [6, people[5], "就业", "厂" * 101, "合同", "2020-12-20", "", "2020-12-25"],
        [7, people[6], "未就业", "", "", "", "", "2020-12-25"],
    )
    assert [(one.row, one.column, one.code) for one in planned.errors] == [
        (2, "C", "EMPLOYMENT_WORD_UNKNOWN"),
        (3, "C", "EMPLOYMENT_STATUS_MISSING"),
        (4, "D", "FOLLOW_UP_EMPLOYER"),
        (5, "F", "VOUCHER_IN_FUTURE"),
        (6, "B", "PERSON_NOT_IN_CLASS"),
        (7, "D", "EMPLOYMENT_TEXT_LONG"),
    ]
    assert "灵活就业" in str(planned.errors[0].params["known"])
    desk.services.imports.apply(planned)
    assert [one.name for one in followed(desk) if one.months] == [people[6]]


def test_without_a_day_the_sheet_s_own_day_holds_else_today(desk, people, tmp_path):
    rows = ([1, people[0], "未就业"], [2, people[1], "失联"])
    stated = plan(desk, tmp_path, *rows, head=HEAD[:3], title=[["就业跟踪表"], ["填表日期：2020年11月30日"]])
    assert stated.facts.held_on == date(2020, 11, 30)
    desk.services.imports.apply(stated)
    assert followed(desk)[1].months.popitem()[1].followed_on == date(2020, 11, 30)
    assert plan(desk, tmp_path, *rows, head=HEAD[:3]).facts.held_on == desk.services.context.today()
