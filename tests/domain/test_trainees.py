"""The one check of a person's fields, and age on the enrolment date."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

import resources
from desktop_app.domain.identity import check_digit
from desktop_app.domain.trainees import Trainee, TraineeFields, age_warnings, check_trainee, parse_birth

TODAY = date(2020, 11, 2)
FIRST17 = "42010619900101001"
NUMBER = FIRST17 + check_digit(FIRST17)
GOOD = {
    "name": "张三",
    "document_number": NUMBER,
    "sex": "男",
    "ethnicity": "汉族",
    "education": "大专在读",
    "phone": "13800000000",
    "address": "武汉市江夏区文化大道42号",
    "household_region": "仙桃市",
}
COLUMNS = {
    "姓名": "name",
    "公民身份号码": "document_number",
    "性别": "sex",
    "民族": "ethnicity",
    "联系电话": "phone",
    "文化程度": "education",
    "家庭住址": "address",
}


def problems(**changed: str) -> dict[str, str]:
    return {name: error.code for name, error in check_trainee(GOOD | changed, TODAY).problems.items()}


def test_a_good_row_is_stored_as_codes() -> None:
    check = check_trainee(GOOD, TODAY)
    assert check.is_valid
    assert check.warnings == ()
    assert check.normalised == ()
    assert check.values == TraineeFields(
        name="张三",
        document_type="resident_id",
        document_number=NUMBER,
        sex="1",
        birth=date(1990, 1, 1),
        ethnicity="01",
        education="30",
        studying=True,
        phone="13800000000",
        address="武汉市江夏区文化大道42号",
        household_region="429004",
    )


def test_sex_and_birth_come_from_the_number_where_blank() -> None:
    check = check_trainee({"name": "张三", "document_number": NUMBER}, TODAY)
    assert check.is_valid
    assert (check.values.sex, check.values.birth) == ("1", date(1990, 1, 1))
    assert [(name, error.code) for name, error in check.warnings] == [("phone", "PHONE_MISSING")]


def test_every_wrong_field_is_named() -> None:
    found = problems(
        name="",
        document_number=FIRST17 + ("0" if NUMBER[-1] != "0" else "1"),
        sex="公",
        birth="1990-02-30",
        ethnicity="外星族",
        education="超人",
        phone="12345",
        address="长" * 201,
        household_region="月球",
    )
    assert found == {
        "name": "NAME_EMPTY",
        "document_number": "ID_CHECK_DIGIT",
        "sex": "SEX_UNKNOWN",
        "birth": "BIRTH_INVALID",
        "ethnicity": "ETHNICITY_UNKNOWN",
        "education": "EDUCATION_UNKNOWN",
        "phone": "PHONE_INVALID",
        "address": "ADDRESS_TOO_LONG",
        "household_region": "REGION_UNKNOWN",
    }


def test_contradictions_with_the_document_are_problems() -> None:
    assert problems(sex="女", birth="1990-01-02") == {"sex": "SEX_DIFFERS", "birth": "BIRTH_DIFFERS"}
    assert problems(sex="男", birth="1990年1月1日") == {}


def test_a_birth_date_after_today_is_wrong_and_today_is_not() -> None:
    passport = {"document_type": "护照", "document_number": "E12345678"}
    assert problems(**passport, birth="2020-11-02") == {}
    assert problems(**passport, birth="2020-11-03") == {"birth": "BIRTH_INVALID"}


def test_what_was_put_right_is_reported() -> None:
    check = check_trainee(
        GOOD | {"name": "斯琴．高娃", "document_number": f" {NUMBER} ", "phone": "138-0000-0000"}, TODAY
    )
    assert check.is_valid
    assert [(one.field, one.after) for one in check.normalised] == [
        ("name", "斯琴·高娃"),
        ("document_number", NUMBER),
        ("phone", "13800000000"),
    ]
    assert check.normalised[0].changes == ("dot",)


def test_the_kind_of_document_is_guessed_or_read() -> None:
    assert check_trainee(GOOD | {"document_number": "E12345678"}, TODAY).values.document_type == "passport"
    assert problems(document_type="驾照") == {"document_type": "DOCUMENT_TYPE_UNKNOWN"}
    assert problems(document_type="护照") == {"document_number": "PASSPORT_SHAPE"}


def test_an_address_of_200_characters_is_taken() -> None:
    assert problems(address="长" * 200) == {}


@pytest.mark.parametrize(
    "text", ["1990-01-31", "1990.1.31", "1990/1/31", "1990年1月31日", "19900131", "1990-01-31 00:00:00"]
)
def test_birth_dates_in_every_form(text: str) -> None:
    assert parse_birth(text) == date(1990, 1, 31)


@pytest.mark.parametrize("text", ["", "1990", "1990-13-01", "31.1.1990", "一九九〇年"])
def test_other_texts_are_no_birth_date(text: str) -> None:
    assert parse_birth(text) is None


def test_a_trainee_is_the_fields_with_a_key() -> None:
    person = Trainee(id=bytes(16), name="张三", document_type="passport", document_number="E12345678")
    assert person.studying is False


def ages(birth: date, sex: str | None, day: date = TODAY, **more: Any) -> list[str]:
    return [error.code for error in age_warnings(birth, sex, day, **more)]


def test_sixteen_on_the_day_is_old_enough() -> None:
    assert ages(date(2004, 11, 2), "1") == []
    assert ages(date(2004, 11, 3), "1") == ["AGE_BELOW"]


def test_the_lower_limit_is_not_for_students_and_school_leavers() -> None:
    young = date(2006, 1, 1)
    assert ages(young, "1", category="student") == []
    assert ages(young, "1", category="key_group", key_group="school_leaver") == []
    assert ages(young, "1", category="key_group", key_group="veteran") == ["AGE_BELOW"]


def test_the_statutory_age_itself_is_over() -> None:
    assert ages(date(1960, 11, 2), "1") == ["AGE_OVER_RETIREMENT"]
    assert ages(date(1960, 11, 3), "1") == []
    assert ages(date(1965, 11, 2), "2") == ["AGE_OVER_RETIREMENT"]
    assert ages(date(1965, 11, 3), "2") == []
    assert ages(date(1970, 11, 2), "2", worker=True) == ["AGE_OVER_RETIREMENT"]
    assert ages(date(1970, 11, 2), "2") == []
    assert ages(date(1930, 1, 1), None) == []


def roster(name: str) -> list[dict[str, str]]:
    with resources.path("demo", name).open("rb") as file:
        rows = CalamineWorkbook.from_filelike(file).get_sheet_by_index(0).to_python()
    head = next(row for row in rows if "姓名" in row)
    body = rows[rows.index(head) + 1 :]
    return [
        {COLUMNS[str(h)]: str(cell) for h, cell in zip(head, row, strict=True) if h in COLUMNS}
        for row in body
        if isinstance(row[0], float)
    ]


@pytest.mark.parametrize(
    ("name", "people"),
    [
        ("花名册-在校学生-新能源汽车.xlsx", 45),
        ("花名册-社会重点群体-电工.xlsx", 50),
        ("花名册-企业职工-焊工.xlsx", 48),
    ],
)
def test_the_sample_rosters_hold(name: str, people: int) -> None:
    checks = [check_trainee(row, TODAY) for row in roster(name)]
    assert len(checks) == people
    assert all(check.is_valid for check in checks)


def test_exactly_two_people_of_the_samples_are_past_the_statutory_age() -> None:
    over = []
    for name in (
        "花名册-在校学生-新能源汽车.xlsx",
        "花名册-社会重点群体-电工.xlsx",
        "花名册-企业职工-焊工.xlsx",
    ):
        for row in roster(name):
            values = check_trainee(row, TODAY).values
            assert values.birth is not None
            if age_warnings(values.birth, values.sex, TODAY, category="student" if "学生" in name else None):
                over.append(values.name)
    assert sorted(over) == sorted(["万丽", "金俊玲"])


@given(st.dictionaries(st.sampled_from([*GOOD, "birth", "document_type"]), st.text(max_size=30)))
def test_no_row_whatever_makes_the_check_fail(row: dict[str, str]) -> None:
    check = check_trainee(row, TODAY)
    for error in (*check.problems.values(), *(error for _, error in check.warnings)):
        resources.text(f"error.{error.code}", **error.params)
