"""Code tables and what offices type for them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain import codes
from desktop_app.domain.codes import Education

TABLES = [
    "ethnic_groups",
    "education",
    "sex",
    "categories",
    "key_groups",
    "evidence_kinds",
    "channels",
    "document_types",
    "levels",
    "occupations",
]


@pytest.mark.parametrize("name", TABLES)
def test_codes_are_unique_and_every_name_and_word_finds_its_row(name: str) -> None:
    table = codes.table(name)
    assert len(table.by_code) == len(table.entries)
    for entry in table.entries:
        assert table.find(entry.code) == entry
        assert table.find(entry.short) == entry
        for word in entry.words:
            assert table.find(word) == entry, word


def test_there_are_56_ethnic_groups_and_two_more_codes() -> None:
    entries = codes.table("ethnic_groups").entries
    assert [entry.code for entry in entries] == [f"{n:02d}" for n in range(1, 57)] + ["97", "98"]
    letters = [entry.more["letters"] for entry in entries if entry.more["letters"]]
    assert len(letters) == len(set(letters)) == 56


@pytest.mark.parametrize("text", ["汉族", "汉", "01", "1", "HA", "ha", " 汉 族 "])
def test_ethnicity_in_every_form(text: str) -> None:
    assert codes.parse_ethnicity(text) == "01"


@pytest.mark.parametrize(
    ("text", "code"), [("土家族", "15"), ("土家", "15"), ("土族", "30"), ("土", "30"), ("维吾尔", "05")]
)
def test_similar_ethnic_groups_are_told_apart(text: str, code: str) -> None:
    assert codes.parse_ethnicity(text) == code


@pytest.mark.parametrize("text", ["", " ", "57", "00", "外星族", "-"])
def test_unknown_ethnicity_is_none(text: str) -> None:
    assert codes.parse_ethnicity(text) is None


@pytest.mark.parametrize(
    ("text", "education"),
    [
        ("初中", Education("70")),
        ("高中", Education("60")),
        ("中专", Education("41")),
        ("技校", Education("47")),
        ("职高", Education("44")),
        ("大专", Education("30")),
        ("专科", Education("30")),
        ("大专在读", Education("30", studying=True)),
        ("大专（在读）", Education("30", studying=True)),
        ("在读本科", Education("20", studying=True)),
        ("本科毕业", Education("21")),
        ("硕士研究生", Education("14")),
        ("研究生", Education("10")),
        ("大学专科毕业", Education("31")),
        ("31", Education("31")),
    ],
)
def test_education_in_the_offices_words(text: str, education: Education) -> None:
    assert codes.parse_education(text) == education


@pytest.mark.parametrize("text", ["", "在读", "博士后流动", "11111"])
def test_unknown_education_is_none(text: str) -> None:
    assert codes.parse_education(text) is None


@given(st.sampled_from([entry.code for entry in codes.table("education").entries]), st.booleans())
def test_education_reads_back_from_its_name(code: str, studying: bool) -> None:
    education = Education(code, studying)
    assert codes.parse_education(codes.education_name(education)) == education


@pytest.mark.parametrize(
    ("text", "code"), [("男", "1"), ("女性", "2"), ("1", "1"), ("F", "2"), ("男女", None), ("", None)]
)
def test_sex(text: str, code: str | None) -> None:
    assert codes.parse_sex(text) == code


def test_categories_of_the_sample_rosters() -> None:
    words = ["在校学生", "社会重点群体", "企业在岗职工", "其他", "路人"]
    assert [codes.parse_category(word) for word in words] == [
        "student",
        "key_group",
        "employee",
        "other",
        None,
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("离校两年内未就业高校毕业生", "graduate"),
        ("离校两年内未就业高校（含技工院校）毕业生", "graduate"),
        ("城镇登记失业人员", "unemployed"),
        ("农村转移就业劳动者", "rural_transfer"),
        ("城乡未继续升学的应届初高中毕业生", "school_leaver"),
        ("城镇贫困家庭子女", "urban_poor"),
        ("退役军人", "veteran"),
        ("建档立卡贫困劳动力", "registered_poor"),
        ("⑥退役军人", "veteran"),
        ("⑥", "veteran"),
        ("7", "registered_poor"),
        ("脱贫劳动力", "out_of_poverty"),
        ("其他", "other"),
        ("0", None),
        ("8", None),
        ("", None),
    ],
)
def test_groups_of_the_sample_rosters(text: str, code: str | None) -> None:
    assert codes.parse_group(text) == code


def test_a_group_gives_way_to_its_successors_on_the_day_after_its_last() -> None:
    assert codes.group_successors("registered_poor", date(2020, 12, 31)) == ("registered_poor",)
    assert codes.group_successors("registered_poor", date(2021, 1, 1)) == ("out_of_poverty", "monitored")
    assert codes.group_successors("veteran", date(2021, 1, 1)) == ("veteran",)


def test_successors_and_evidence_of_groups_exist() -> None:
    for entry in codes.table("key_groups").entries:
        assert set(entry.more.get("successors", ())) <= set(codes.table("key_groups").by_code)
        assert codes.group_evidence(entry.code)
        assert set(codes.group_evidence(entry.code)) <= set(codes.table("evidence_kinds").by_code)
    assert codes.group_evidence("nobody") == ()


@pytest.mark.parametrize(
    ("text", "evidence"),
    [
        ("扶贫手册：1151707710", ("poverty_book", "1151707710")),
        ("退役军人证:9517562022", ("veteran", "9517562022")),
        ("户口簿：8294548418", ("household_book", "8294548418")),
        ("就业创业证： 8246553220", ("employment_book", "8246553220")),
        ("毕业证书：1042268322", ("graduation", "1042268322")),
        ("武汉光谷精工制造有限公司", (None, "武汉光谷精工制造有限公司")),
        ("备注：无", (None, "备注：无")),
    ],
)
def test_evidence_is_split_into_kind_and_number(text: str, evidence: tuple[str | None, str]) -> None:
    assert codes.parse_evidence(text) == evidence


def test_levels_compare_within_their_system_only() -> None:
    five, four = codes.parse_level("五级"), codes.parse_level("中级工")
    middle = codes.parse_level("1+X中级")
    assert five is not None
    assert four is not None
    assert middle is not None
    assert five.is_below(four)
    assert not four.is_below(five)
    assert not five.is_below(five)
    assert five.is_below(middle) is None


def test_a_level_word_may_be_narrowed_to_a_system() -> None:
    assert codes.parse_level("中级", "one_x") == codes.level("x2")
    assert codes.parse_level("中级", "skill") is None
    assert codes.parse_level("零级") is None
    assert codes.level_name("skill4") == "四级/中级工"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("电工", "6-31-01-03"),
        ("焊工", "6-18-02-04"),
        ("新能源汽车维修", "4-12-01-01"),
        ("叉车司机", "6-30-05-01"),
    ],
)
def test_trades_of_the_demo_have_codes(text: str, code: str) -> None:
    assert codes.parse_occupation(text) == code
    assert codes.parse_occupation("驯龙员") is None


def test_a_channel_holds_on_its_days_only() -> None:
    action = codes.table("channels").by_code["skill_action"]
    assert action.holds_on(date(2019, 5, 24))
    assert not action.holds_on(date(2019, 5, 23))
    assert action.holds_on(date(2021, 12, 31))
    assert not action.holds_on(date(2022, 1, 1))


def test_an_unknown_code_is_its_own_name() -> None:
    assert codes.category_name("martian") == "martian"
    assert codes.group_name("martian") == "martian"
    assert codes.level_name("martian") == "martian"
    assert codes.sex_name("1") == "男"
    assert codes.ethnicity_name("15") == "土家族"


@given(st.text(max_size=20))
def test_any_text_is_read_or_unknown(text: str) -> None:
    assert codes.parse_ethnicity(text) in {None, *codes.table("ethnic_groups").by_code}
    assert codes.parse_group(text) in {None, *codes.table("key_groups").by_code}
    education = codes.parse_education(text)
    assert education is None or education.code in codes.table("education").by_code
    codes.parse_evidence(text)
