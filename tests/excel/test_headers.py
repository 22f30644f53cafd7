"""The head is found by itself under titles, in two rows, with columns shuffled; or the user's mapping is taken."""

from __future__ import annotations

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.errors import AppError
from desktop_app.excel.column_names import WorkbookKind, known_headings
from desktop_app.excel.headers import Wanted, find_head
from desktop_app.excel.roster import read_roster
from desktop_app.excel.scores import read_scores
from desktop_app.excel.sheets import Sheet
from tests.excel.sheets import HEADS, PEOPLE, csv_rows, document, text_file, workbook

ROSTER = Wanted(WorkbookKind.ROSTER, (("name",), ("document_number",)))
NAMES = ["张三丰", "李思思", "欧阳娜"]


def names(roster):
    return [row.name for row in roster.rows]


def test_titles_notes_and_signatures_around_the_table_are_passed_over(tmp_path):
    path = workbook(
        tmp_path,
        [
            ["2020年职业技能培训"],
            ["学员花名册（第一期）"],
            ["承训机构名称：示例学校", None, None, "填报日期：2020/11/2"],
            ["填表说明：姓名、身份证号须与证件一致"],
            [],
            HEADS,
            *PEOPLE[:2],
            [],
            PEOPLE[2],
            ["合计", "3人"],
            [],
            ["班主任签字：", None, None, "审核人："],
            ["说明：本表一式两份，由培训机构填写并盖章后报送备案。"],
            ["性别", "人数"],
            ["男", 1],
            ["女", 2],
        ],
        merged=["A1:E1", "A2:E2"],
    )
    roster = read_roster(path)
    assert names(roster) == NAMES
    assert [row.row for row in roster.rows] == [7, 8, 10]
    assert roster.title == "2020年职业技能培训"
    assert (roster.institution, roster.filled_on.isoformat()) == ("示例学校", "2020-11-02")
    assert roster.problems == ()


def test_notes_and_date_below_the_table_are_read(tmp_path):
    path = workbook(
        tmp_path, [HEADS, *PEOPLE, [], ["培训单位（盖章）：示例学校", None, "填表日期：", "2020年11月2日"]]
    )
    roster = read_roster(path)
    assert names(roster) == NAMES
    assert (roster.institution, roster.filled_on.isoformat()) == ("示例学校", "2020-11-02")


def test_a_merged_head_of_two_rows_is_read(tmp_path):
    path = workbook(
        tmp_path,
        [
            ["花名册"],
            ["序号", "基本信息", None, None, "联系方式", None],
            [None, "姓名", "性别", "公民身份号码", "手机号", "家庭住址"],
            *[(n, name, sex, number, phone, "武汉市") for n, name, number, sex, phone in PEOPLE],
        ],
        merged=["A1:F1", "A2:A3", "B2:D2", "E2:F2"],
    )
    roster = read_roster(path)
    assert names(roster) == NAMES
    assert roster.mapping == {
        "A": "number",
        "B": "name",
        "C": "sex",
        "D": "document_number",
        "E": "phone",
        "F": "address",
    }


def test_a_head_of_two_rows_without_merged_cells_is_read(tmp_path):
    rows = [
        ["序号", "姓名", "身份证号", "成绩", ""],
        ["", "", "", "理论", "实操"],
        [1, "张三丰", PEOPLE[0][2], 80, 75.5],
    ]
    sheet = read_scores(text_file(tmp_path, csv_rows(rows)))
    assert [score.text for score in sheet.rows[0].scores] == ["80", "75.5"]


def test_a_head_repeated_on_every_printed_page_is_not_a_person(tmp_path):
    note = ["班主任签字："]
    path = workbook(tmp_path, [["花名册"], HEADS, PEOPLE[0], note, [], ["花名册"], HEADS, *PEOPLE[1:], note])
    assert names(read_roster(path)) == NAMES


def test_lines_numbered_in_advance_are_not_people(tmp_path):
    assert names(read_roster(workbook(tmp_path, [HEADS, *PEOPLE, [4], [5], [6]]))) == NAMES


def test_a_person_added_below_the_signatures_is_not_lost(tmp_path):
    late = (4, "周小明", document(333), "男", "")
    path = workbook(tmp_path, [HEADS, *PEOPLE, ["班主任签字："], late])
    assert names(read_roster(path)) == [*NAMES, "周小明"]


def test_a_row_without_name_stays_to_be_reported(tmp_path):
    path = workbook(tmp_path, [HEADS, (1, None, None, "男", "13800000001")])
    assert [(row.row, row.name) for row in read_roster(path).rows] == [(2, "")]


def test_headings_are_known_with_marks_brackets_spaces_and_width(tmp_path):
    heads = ("Ｎｏ．", "*姓　名", "身份证\n号码（必填）", "联系电话:", "学历(最高)")
    roster = read_roster(workbook(tmp_path, [heads, (1, "张三丰", PEOPLE[0][2], "13800000001", "高中")]))
    assert list(roster.mapping.values()) == ["number", "name", "document_number", "phone", "education"]


def test_the_sheet_is_found_among_others_and_further_ones_are_named(tmp_path):
    book = openpyxl.Workbook()
    book.worksheets[0].title = "封面"
    book.worksheets[0].append(["关于报送花名册的说明"])
    for title, people in (("一班", PEOPLE), ("二班", PEOPLE[:1])):
        sheet = book.create_sheet(title)
        sheet.append(HEADS)
        for person in people:
            sheet.append(person)
    book.save(tmp_path / "a.xlsx")
    roster = read_roster(tmp_path / "a.xlsx")
    assert (roster.sheet, len(roster.rows)) == ("一班", 3)
    assert [(item.code, item.params["sheets"]) for item in roster.problems] == [
        ("OTHER_SHEETS_IGNORED", "二班")
    ]
    assert len(read_roster(tmp_path / "a.xlsx", sheet="二班").rows) == 1
    with pytest.raises(AppError) as caught:
        read_roster(tmp_path / "a.xlsx", sheet="三班")
    assert caught.value.code == "SHEET_NOT_FOUND"


def test_a_head_that_lacks_a_needed_column_is_not_taken_and_what_was_searched_is_said(tmp_path):
    path = workbook(tmp_path, [["日期", "课时", "授课内容"], ["2020-11-23", 4, "焊接"]])
    with pytest.raises(AppError) as caught:
        read_roster(path)
    assert caught.value.code == "HEADER_NOT_FOUND"
    assert caught.value.params == {"searched": "姓名；公民身份号码", "sheets": "表", "rows": 60}


def test_the_users_mapping_goes_before_what_is_recognised(tmp_path):
    path = workbook(tmp_path, [("编码", "人", "证", "电话"), (1, "张三丰", PEOPLE[0][2], "13800000001")])
    with pytest.raises(AppError):
        read_roster(path)
    roster = read_roster(path, {"b": "name", "C": "document_number", "A": "number", "D": "ignore"})
    assert roster.mapping == {"A": "number", "B": "name", "C": "document_number"}
    assert roster.headings == {"A": "编码", "B": "人", "C": "证", "D": "电话"}
    assert names(roster) == ["张三丰"]


def test_a_mapping_serves_a_sheet_without_any_head(tmp_path):
    roster = read_roster(text_file(tmp_path, csv_rows(PEOPLE)), {"B": "name", "C": "document_number"})
    assert [(row.row, row.name) for row in roster.rows] == [(1, "张三丰"), (2, "李思思"), (3, "欧阳娜")]


@pytest.mark.parametrize("mapping", [{"1": "name"}, {"A": "shoe_size"}, {"A": "name", "B": "name"}])
def test_a_wrong_mapping_is_refused(tmp_path, mapping):
    with pytest.raises(AppError) as caught:
        read_roster(workbook(tmp_path, [HEADS, *PEOPLE]), mapping)
    assert caught.value.code == "MAPPING_INVALID"


def test_the_signature_is_the_same_for_one_source_and_another_for_another(tmp_path):
    first = read_roster(workbook(tmp_path, [["一月"], HEADS, PEOPLE[0]], name="1.xlsx"))
    second = read_roster(workbook(tmp_path, [["二月"], [], HEADS, *PEOPLE], name="2.xlsx"))
    other = read_roster(workbook(tmp_path, [(*HEADS, "备注"), PEOPLE[0]], name="3.xlsx"))
    assert first.signature == second.signature != other.signature


def test_tables_side_by_side_are_not_lost_without_a_word(tmp_path):
    row = (PEOPLE[0][1], PEOPLE[0][2], None, PEOPLE[1][1], PEOPLE[1][2])
    roster = read_roster(workbook(tmp_path, [("姓名", "身份证号", None, "姓名", "身份证号"), row]))
    assert names(roster) == ["张三丰"]
    assert [(item.row, item.column, item.code) for item in roster.problems] == [
        (1, "D", "COLUMN_TWICE"),
        (1, "E", "COLUMN_TWICE"),
    ]


@pytest.mark.parametrize("below", [("100分", "100分"), ("满分100", "满分100"), (100, 100), ("40%", "60%")])
def test_a_row_of_full_marks_under_the_head_is_no_person(tmp_path, below):
    rows = [("序号", "姓名", "理论", "实操"), (None, None, *below), (1, "张三丰", 80, "缺考")]
    assert [row.person.name for row in read_scores(workbook(tmp_path, rows)).rows] == ["张三丰"]


FIELDS = [
    name for name in dict.fromkeys(known_headings(WorkbookKind.ROSTER).values()) if name != "document_number"
]


@given(data=st.data())
def test_the_head_is_found_wherever_it_stands_and_however_its_columns_are_ordered(data):
    """Any synonyms, any order, strange columns between, titles above, blank columns on the left."""
    others = data.draw(st.lists(st.sampled_from(FIELDS[2:]), max_size=8, unique=True))
    fields = data.draw(st.permutations(["name", "document_number", *others]))
    texts = {
        field: data.draw(
            st.sampled_from(
                [text for text, known in known_headings(WorkbookKind.ROSTER).items() if known == field]
            )
        )
        for field in fields
    }
    margin = (None,) * data.draw(st.integers(0, 3))
    odd = (f"自定义{data.draw(st.integers(0, 9))}",) if data.draw(st.booleans()) else ()
    titles = data.draw(
        st.lists(
            st.sampled_from([("花名册",), (), ("填表日期：2020-11-02",), (None, "第一期", "武汉")]),
            max_size=6,
        )
    )
    head = (*margin, *odd, *(texts[field] for field in fields))
    values = {"name": "张三丰", "document_number": PEOPLE[0][2]}
    person = (*margin, *(None for _ in odd), *(values.get(field, "甲") for field in fields))
    found = find_head([Sheet("表", (*titles, head, person))], ROSTER)
    assert (found.first, found.last) == (len(titles) + 1, len(titles) + 1)
    assert {field: found.columns[field] for field in fields} == {
        field: len(margin) + len(odd) + place for place, field in enumerate(fields)
    }


def test_a_head_of_three_merged_rows_is_one_head(tmp_path):
    rows = [
        ["考核成绩登记册"],
        ["序号", "姓名", "公民身份号码", "成绩", None, None, "备注"],
        [None, None, None, "理论知识", None, "操作技能", None],
        [None, None, None, "笔试", "平时", "实作", None],
        [1, "张三丰", PEOPLE[0][2], 70, 80, 90, ""],
        [2, "李思思", PEOPLE[1][2], 71, 81, 91, ""],
    ]
    merged = ["A1:G1", "A2:A4", "B2:B4", "C2:C4", "G2:G4", "D2:F2", "D3:E3"]
    sheet = read_scores(workbook(tmp_path, rows, merged))
    assert [row.person.name for row in sheet.rows] == ["张三丰", "李思思"]
    assert {s.component: s.text for s in sheet.rows[0].scores} == {
        "theory": "70",
        "practice": "90",
        "process": "80",
    }
    assert sheet.headings["E"] == "成绩 理论知识 平时"


def test_a_mapping_of_every_column_does_not_make_a_line_above_the_head_the_head(tmp_path):
    rows = [["花名册"], ["班号", "焊工班", None], ["甲", "乙", "丙"], [1, "张三丰", PEOPLE[0][2]]]
    mapping = {"A": "number", "B": "name", "C": "document_number"}
    sheet = read_roster(workbook(tmp_path, rows, ["A1:C1"]), mapping)
    assert [(row.row, row.name) for row in sheet.rows] == [(4, "张三丰")]
