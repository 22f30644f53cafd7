from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from desktop_app.domain.papers import (
    AdmissionTickets,
    Attendance,
    CertificateRegister,
    CompletionRegister,
    ExamSignIn,
    ExamSitting,
    MarkSign,
    Roster,
    ScoreRegister,
    SignIn,
    SignInSheet,
    TalentTable,
    Timetable,
)
from desktop_app.papers import PAPERS, scans
from desktop_app.papers.layout import MM
from desktop_app.papers.sign_in import SPARE_ROWS
from tests.papers.pdf_reading import all_text, build, page_sizes, page_texts, rules
from tests.papers.sample_contents import (
    ALL,
    ELECTRICIANS,
    STUDENTS,
    WELDERS,
    agreements,
    attendance,
    certificates,
    commitments,
    completion,
    departures,
    exam_sign_in,
    head,
    opening,
    roster,
    scores,
    sign_in,
    tickets,
    timetable,
)

LONG_NAME = "阿卜杜热合曼·麦麦提吐尔逊·买买提依明江·伊敏尼亚孜别克汗"
LANDSCAPE, PORTRAIT = {(842, 595)}, {(595, 842)}
Make = Callable[..., Any]


@pytest.mark.parametrize("make", ALL.values(), ids=ALL)
@pytest.mark.parametrize("trade", [ELECTRICIANS, STUDENTS, WELDERS])
def test_every_page_says_page_x_of_y_number_time_and_code(make: Make, trade: str) -> None:
    pdf, result = build(make(trade))
    texts = page_texts(pdf)
    assert len(texts) == result.pages > 0
    assert result.missing_glyphs == ()
    for number, text in enumerate(texts, start=1):
        assert f"第{number}/{result.pages}页" in text
        assert "表号：JCXY-2020-0012" in text
        assert "数据时间：2020-12-0918:30" in text
        assert result.content_code in text


@pytest.mark.parametrize("make", ALL.values(), ids=ALL)
def test_the_same_content_and_time_give_the_same_bytes(make: Make) -> None:
    assert build(make()) == build(make())


@pytest.mark.parametrize("make", ALL.values(), ids=ALL)
def test_another_time_changes_the_bytes_but_not_the_code(make: Make) -> None:
    pdf, result = build(make())
    later = head(data_time=head().data_time + timedelta(minutes=1))
    other_pdf, other = build(replace(make(), head=later))
    assert other_pdf != pdf
    assert other.content_code == result.content_code


@pytest.mark.parametrize("make", ALL.values(), ids=ALL)
def test_demo_and_solo_are_said_on_every_page(make: Make) -> None:
    for text in page_texts(build(make(demo=True, solo=True))[0]):
        assert "演示数据" in text
        assert "经办、审核同一人" in text


@pytest.mark.parametrize("make", ALL.values(), ids=ALL)
def test_demo_and_solo_are_not_said_otherwise(make: Make) -> None:
    text = all_text(make())
    assert "演示数据" not in text
    assert "同一人" not in text


@pytest.mark.parametrize("make", ALL.values(), ids=ALL)
def test_there_is_a_place_for_the_seal_and_the_title(make: Make) -> None:
    content = make()
    text = all_text(content)
    assert "（盖章）" in text
    assert {
        "opening": "开班申请表",
        "departures": "退训转班单",
        "roster": "花名册",
        "sign-in": "签到表",
        "agreement": "培训协议",
        "commitment": "学员承诺书",
        "attendance": "考勤表",
        "timetable": "课程表",
        "changes": "课表变更单",
        "tickets": "准考证",
        "exam-sign-in": "考场签到表",
        "completion": "结业名册",
        "talent": "技能人才统计表",
    }.get(content.kind, "登记") in text


@pytest.mark.parametrize(
    ("make", "shape"), [(roster, LANDSCAPE), (attendance, LANDSCAPE), (timetable, PORTRAIT)]
)
def test_pages_are_a4_turned_as_the_content_needs(make: Make, shape: set[tuple[int, int]]) -> None:
    assert page_sizes(build(make())[0]) == shape


@pytest.mark.parametrize(
    ("content", "heads"),
    [
        (
            roster(),
            "序号姓名性别民族公民身份号码年龄文化程度人员类别重点群体类型学号/专业单位/岗位户籍联系电话佐证",
        ),
        (certificates(), "姓名证件号码工种等级证书编号发证日期领取签字"),
        (scores(), "序号姓名准考证号理论实操"),
    ],
)
def test_the_head_of_the_table_is_repeated_on_every_page(content: Any, heads: str) -> None:
    texts = page_texts(build(content)[0])
    assert len(texts) > 1
    assert all(heads in text for text in texts)


def test_fifty_people_and_fifteen_sessions_stand_on_two_pages() -> None:
    for make in (roster, attendance, scores, certificates):
        assert build(make(ELECTRICIANS))[1].pages == 2


@pytest.mark.parametrize(
    "content",
    [
        Roster(head(), ()),
        Timetable(head(), (), 0),
        Attendance(head(), (), ()),
        ScoreRegister(head(), ()),
        CertificateRegister(head(), ()),
        SignIn(head(), ()),
        AdmissionTickets(head(), ExamSitting(None), ()),
        ExamSignIn(head(), ExamSitting(None), ()),
        CompletionRegister(head(), None, ()),
        TalentTable(head(), date(2020, 12, 31), 0, 0, 0, ()),
    ],
    ids=lambda content: content.kind,
)
def test_a_paper_without_records_says_so_on_one_page(content: Any) -> None:
    pdf, result = build(content)
    assert result.pages == 1
    assert "（无记录）" in page_texts(pdf)[0]


def test_one_person_is_one_page_with_signatures() -> None:
    content = roster()
    text = page_texts(build(replace(content, lines=content.lines[:1]))[0])
    assert len(text) == 1
    assert "班主任（签字）" in text[0]
    assert content.lines[0].document_number in text[0]


@pytest.mark.parametrize("make", [roster, attendance, scores, certificates])
def test_a_name_of_thirty_characters_wraps_and_is_not_cut(make: Make) -> None:
    content = make()
    longer = (replace(content.lines[0], name=LONG_NAME), *content.lines[1:])
    parts = LONG_NAME.split("·")
    text = all_text(replace(content, lines=longer))
    assert all(part[:3] in text and part[-2:] in text for part in parts)
    assert set(LONG_NAME) <= set(text)


def test_a_text_longer_than_a_page_goes_on_and_loses_nothing() -> None:
    content = roster()
    line = replace(content.lines[0], evidence="证" * 4000)
    assert all_text(replace(content, lines=(line,))).count("证") >= 4000


def test_the_attendance_sheet_prints_all_signs_and_totals() -> None:
    content = attendance(WELDERS)
    signs = (MarkSign.OUTSIDE, MarkSign.CANCELLED, MarkSign.UNMARKED, *content.lines[0].marks[3:])
    text = all_text(replace(content, lines=(replace(content.lines[0], marks=signs), *content.lines[1:])))
    marks = [mark for line in content.lines[1:] for mark in line.marks]
    for sign in (MarkSign.LATE, MarkSign.EARLY, MarkSign.LEAVE, MarkSign.ABSENT):
        legend = 1
        assert text.count(sign.value) == marks.count(sign) + legend + signs.count(sign)
    assert "／" in text
    assert "应到人数" in text


def test_rates_are_printed_as_given_and_never_rounded_up() -> None:
    content = attendance()
    lines = tuple(replace(line, rate_permille=799) for line in content.lines)
    text = all_text(replace(content, lines=lines))
    assert "79.9%" in text
    assert "80.0%" not in text


def test_a_rate_that_is_not_known_prints_a_dash() -> None:
    content = attendance()
    assert "—" in all_text(replace(content, lines=(replace(content.lines[0], rate_permille=None),)))


@pytest.mark.parametrize(("count", "parts"), [(24, 1), (25, 2), (40, 2), (49, 3)])
def test_many_sessions_are_split_into_even_parts_with_totals_on_the_last(count: int, parts: int) -> None:
    content = attendance(WELDERS)
    first = content.sessions[0]
    sessions = tuple(
        replace(first, number=number + 1, date=first.date + timedelta(days=number)) for number in range(count)
    )
    lines = tuple(replace(line, marks=(line.marks * 4)[:count]) for line in content.lines[:10])
    texts = page_texts(build(replace(content, sessions=sessions, lines=lines))[0])
    assert len(texts) == parts
    assert [("出勤率应到" in text or "应到实到出勤率" in text) for text in texts] == [False] * (parts - 1) + [
        True
    ]
    assert all(sessions[0].number == 1 and "说明" in text for text in texts)


def test_two_sessions_on_one_day_are_told_apart_by_their_start() -> None:
    content = attendance()
    sessions = (
        content.sessions[0],
        replace(content.sessions[0], number=2, start="08:30"),
        *content.sessions[2:],
    )
    assert "08:30" in all_text(replace(content, sessions=sessions))
    assert "18:30" not in all_text(content).replace("数据时间：2020-12-0918:30", "")


def test_namesakes_are_told_apart_by_the_end_of_their_document() -> None:
    text = all_text(attendance(WELDERS))
    assert len(re.findall(r"卢军（[0-9X]{4}）", text)) == 2


def test_a_sign_in_sheet_has_rows_of_eight_millimetres_for_everyone_and_five_more() -> None:
    content = sign_in(ELECTRICIANS, sessions=1)
    pdf, result = build(content)
    assert result.pages == 1
    heights, places = rules(pdf, 0)
    assert min(heights) >= 8 * MM - 0.01
    assert len(heights) + 1 == (50 + SPARE_ROWS + 1) // 2  # two blocks: one place stays over
    assert len(places) + 1 == 2 * 4


def test_few_people_sign_in_one_wide_block() -> None:
    content = sign_in(WELDERS, sessions=1)
    few = SignInSheet(content.sheets[0].session, content.sheets[0].people[:12])
    pdf, _ = build(replace(content, sheets=(few,)))
    heights, places = rules(pdf, 0)
    assert (len(heights) + 1, len(places) + 1) == (12 + SPARE_ROWS, 5)


def test_each_half_day_has_a_sign_in_page_of_its_own_with_both_signatures() -> None:
    texts = page_texts(build(sign_in(WELDERS, sessions=3))[0])
    assert len(texts) == 3
    for number, text in enumerate(texts, start=1):
        assert f"第{number}次2020-11-2" in text
        assert "任课教师（签字）" in text
        assert "班主任（签字）" in text


def test_every_page_of_a_long_sign_in_sheet_is_signed() -> None:
    content = sign_in(ELECTRICIANS, sessions=1)
    people = content.sheets[0].people
    twice = SignInSheet(content.sheets[0].session, people + people)
    texts = page_texts(build(replace(content, sheets=(twice,)))[0])
    assert len(texts) == 2
    assert all("任课教师（签字）" in text for text in texts)


def test_absence_at_an_examination_is_a_word_and_never_a_nought() -> None:
    content = scores(WELDERS)
    absent = [line for line in content.lines if line.theory.state or line.practice.state]
    text = all_text(content)
    assert len(absent) == 3
    assert text.count("缺考（") == 3
    assert "缺考（理论、实操）" in text


def test_the_certificate_register_prints_the_document_as_masked_by_the_caller() -> None:
    content = certificates(WELDERS)
    text = all_text(content)
    assert all(line.document_number in text for line in content.lines)
    assert not re.search(r"(?<!\d)42\d{15}[0-9X]", text)


def test_an_exporter_is_named() -> None:
    assert "导出人：王培训" in all_text(roster(printed_by="王培训"))


def test_the_registry_names_every_paper_with_its_formats() -> None:
    assert {kind: one.formats for kind, one in PAPERS.items()} == {
        "opening": ("pdf", "xlsx"),
        "departures": ("pdf", "xlsx"),
        "roster": ("pdf", "xlsx"),
        "registration": ("pdf", "xlsx"),
        "agreement": ("pdf",),
        "commitment": ("pdf",),
        "timetable": ("pdf", "xlsx"),
        "changes": ("pdf", "xlsx"),
        "sign-in": ("pdf", "xlsx"),
        "attendance": ("pdf", "xlsx"),
        "tickets": ("pdf",),
        "exam-sign-in": ("pdf",),
        "scores": ("pdf", "xlsx"),
        "certificates": ("pdf", "xlsx"),
        "completion": ("pdf", "xlsx"),
    }


def test_an_application_says_all_that_is_reported_and_money_teachers_and_receipt() -> None:
    text = all_text(opening())
    assert "企业自筹（合作企业：武汉长江电气有限公司）" in text
    for said in ("本级统筹", "陈志强（专职、双师型）", "武人社开班〔2020〕118号"):
        assert said in text


def test_each_who_left_has_a_page_of_their_own() -> None:
    content = departures()
    assert len(page_texts(build(content)[0])) == len(content.people)
    text = all_text(content)
    assert "转入班级电工2020-02班" in text
    assert "退训" in text


@pytest.mark.parametrize("make", [agreements, commitments])
def test_each_trainee_signs_a_page_of_their_own(make: Make) -> None:
    content = make()
    pages = page_texts(build(content)[0])
    assert len(pages) == len(content.people)
    for page, person in zip(pages, content.people, strict=True):
        assert person.name in page
        assert person.document_number in page
        assert "学员" in page


def test_an_exam_says_day_hour_place_and_what_is_to_be_sat() -> None:
    for make in (tickets, exam_sign_in):
        text = all_text(make())
        assert "考核时间：2020-12-1209:00" in text
        assert "实训楼B101" in text
        assert "理论、实操" in text
    again = tickets()
    assert "准考证（补考）" in all_text(replace(again, sitting=replace(again.sitting, resit=True)))


def test_a_completion_says_the_numbers_that_are_reported() -> None:
    content = completion(WELDERS)
    text = all_text(content)
    done, missed = content.count("completed"), content.count("not_completed")
    assert f"参训{len(content.lines)}人：结业{done}人，未结业{missed}人" in text
    assert "结业日期：2020-12-20" in text


def test_a_scanned_sign_in_sheet_says_its_class_and_session() -> None:
    """From the PDF itself, and from a page of it photographed."""
    pdf, result = build(sign_in(WELDERS, sessions=2))
    found = list(scans.printed_codes(pdf))
    assert [(one.kind, one.class_code, one.session) for one in found if one] == [
        ("sign-in", "焊工2020-03班", 1),
        ("sign-in", "焊工2020-03班", 2),
    ]
    assert {one.content_code for one in found if one} == {result.content_code}
    (photographed,) = scans.printed_codes(scans.page_picture(pdf, 0))
    assert photographed == found[0]
