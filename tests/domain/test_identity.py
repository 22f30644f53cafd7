"""GB 11643 and its relatives: what is right, what is wrong, and what is only odd."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import resources
from desktop_app.domain.errors import AppError
from desktop_app.domain.identity import (
    DocumentCheck,
    DocumentType,
    check_digit,
    check_document,
    compare_entered,
    guess_document_type,
    is_rounded_by_spreadsheet,
    normalise_number,
    parse_document_type,
    upgrade_15_digits,
)

TODAY = date(2020, 11, 2)


def number(region: str = "420106", birth: str = "19900101", order: str = "001") -> str:
    first17 = region + birth + order
    return first17 + check_digit(first17)


def check(text: str, kind: str = DocumentType.RESIDENT_ID) -> DocumentCheck:
    return check_document(kind, text, TODAY)


def codes(found: DocumentCheck) -> list[str]:
    return [problem.code for problem in found.problems]


def warnings(found: DocumentCheck) -> list[str]:
    return [warning.code for warning in found.warnings]


def test_the_standards_own_example_holds() -> None:
    assert check_digit("11010519491231002") == "X"
    found = check("11010519491231002X")
    assert found.is_valid
    assert (found.birth, found.sex, found.region) == (date(1949, 12, 31), "2", "110105")


def test_lower_case_x_is_accepted_and_normalised() -> None:
    assert check("11010519491231002x").normalised == "11010519491231002X"
    assert check("11010519491231002x").is_valid


def test_full_width_spaces_and_apostrophe_are_dropped() -> None:
    assert normalise_number("'１１０１０５ 19491231-002Ｘ ") == "11010519491231002X"


def test_wrong_check_digit_names_the_expected_one() -> None:
    found = check("110105194912310021")
    assert codes(found) == ["ID_CHECK_DIGIT"]
    assert found.problems[0].params["expected"] == "X"
    assert "应为 X" in resources.text("error.ID_CHECK_DIGIT", **found.problems[0].params)


@pytest.mark.parametrize("order", ["001", "999"])
def test_odd_digit_17_is_male(order: str) -> None:
    assert check(number(order=order)).sex == "1"


def test_even_digit_17_is_female() -> None:
    assert check(number(order="002")).sex == "2"


def test_born_today_is_accepted_and_born_tomorrow_is_not() -> None:
    assert check(number(birth=TODAY.strftime("%Y%m%d"))).is_valid
    tomorrow = TODAY + timedelta(days=1)
    assert codes(check(number(birth=tomorrow.strftime("%Y%m%d")))) == ["ID_BIRTH_FUTURE"]


def test_leap_day_exists_only_in_leap_years() -> None:
    assert check(number(birth="20000229")).is_valid
    assert codes(check(number(birth="19990229"))) == ["ID_BIRTH_DATE"]


def test_a_birth_before_1900_is_no_birth_date() -> None:
    assert codes(check(number(birth="18991231"))) == ["ID_BIRTH_DATE"]
    assert check(number(birth="19000101")).is_valid


def test_unknown_region_is_a_warning_never_an_error() -> None:
    found = check(number(region="429999"))
    assert found.is_valid
    assert warnings(found) == ["ID_REGION_UNKNOWN"]


@pytest.mark.parametrize(
    "region", ["429004", "429005", "429006", "429021", "420882", "421088", "422421", "420821"]
)
def test_present_and_former_codes_of_hubei_are_known(region: str) -> None:
    assert warnings(check(number(region=region))) == []


def test_length_and_characters_are_told_apart() -> None:
    assert codes(check("42010619900101")) == ["ID_LENGTH"]
    assert codes(check("4201061990010100AB")) == ["ID_CHARACTERS"]
    assert codes(check("42010X199001010011")) == ["ID_CHARACTERS"]
    assert codes(check(" ")) == ["ID_EMPTY"]


def test_fifteen_digits_are_recognised_but_upgraded_on_request_only() -> None:
    found = check("110105491231002")
    assert codes(found) == ["ID_15_DIGITS"]
    assert found.problems[0].params["upgraded"] == "11010519491231002X"
    assert upgrade_15_digits("110105491231002") == "11010519491231002X"
    with pytest.raises(AppError) as error:
        upgrade_15_digits("1101054912310021")
    assert error.value.code == "ID_LENGTH"


@pytest.mark.parametrize(
    "text", ["4.20111197112286E+17", "4.20111e17", "420111197112286000", "420111197112286000.0"]
)
def test_a_number_that_a_spreadsheet_rounded_is_recognised(text: str) -> None:
    assert is_rounded_by_spreadsheet(text)
    assert codes(check(text)) == ["ID_ROUNDED"]


def test_a_number_ending_in_000_with_a_fitting_check_digit_only_warns() -> None:
    births = (f"1990{month:02d}{day:02d}" for month in range(1, 13) for day in range(1, 29))
    fitting = next(text for birth in births if (text := number(birth=birth, order="100")).endswith("000"))
    found = check(fitting)
    assert found.is_valid
    assert warnings(found) == ["ID_MAYBE_ROUNDED"]


@pytest.mark.parametrize("region", ["810000", "820000", "830000"])
def test_residence_permits_of_hong_kong_macao_and_taiwan(region: str) -> None:
    text = number(region=region)
    assert guess_document_type(text) == DocumentType.HMT_RESIDENCE
    found = check(text, DocumentType.HMT_RESIDENCE)
    assert found.is_valid
    assert not found.warnings
    assert codes(check(text)) == ["ID_KIND"]


def test_an_identity_card_is_no_residence_permit() -> None:
    assert codes(check(number(), DocumentType.HMT_RESIDENCE)) == ["ID_KIND"]


def test_foreign_permanent_residence_in_both_shapes() -> None:
    old = check("usa420085063012", DocumentType.FOREIGN_PERMANENT)
    assert old.is_valid
    assert old.birth == date(1985, 6, 30)
    assert check("USA420019063012", DocumentType.FOREIGN_PERMANENT).birth == date(2019, 6, 30)
    assert codes(check("USA420085023012", DocumentType.FOREIGN_PERMANENT)) == ["ID_BIRTH_DATE"]
    new = number(region="911420", birth="19850630")
    assert guess_document_type(new) == DocumentType.FOREIGN_PERMANENT
    assert check(new, DocumentType.FOREIGN_PERMANENT).birth == date(1985, 6, 30)
    wrong = new[:-1] + ("0" if new[-1] != "0" else "1")
    assert codes(check(wrong, DocumentType.FOREIGN_PERMANENT)) == ["ID_CHECK_DIGIT"]
    assert codes(check("US420085063012", DocumentType.FOREIGN_PERMANENT)) == ["FOREIGN_ID_SHAPE"]


def test_passports_are_judged_by_shape_alone() -> None:
    assert guess_document_type("E12345678") == DocumentType.PASSPORT
    assert check("e1234 5678", DocumentType.PASSPORT).normalised == "E12345678"
    assert codes(check("E123", DocumentType.PASSPORT)) == ["PASSPORT_SHAPE"]
    assert check("E1234", DocumentType.PASSPORT).is_valid
    assert codes(check("ABCDEFG", DocumentType.PASSPORT)) == ["PASSPORT_SHAPE"]


def test_an_unknown_kind_is_a_problem() -> None:
    assert codes(check(number(), "driving_licence")) == ["DOCUMENT_TYPE_UNKNOWN"]
    assert parse_document_type("身份证") == DocumentType.RESIDENT_ID
    assert parse_document_type("驾驶证") is None


def test_entered_sex_and_birth_date_are_compared() -> None:
    found = check(number(order="001"))
    assert compare_entered(found, "1", date(1990, 1, 1)) == ()
    assert compare_entered(found, None, None) == ()
    differing = compare_entered(found, "2", date(1990, 1, 2))
    assert [error.code for error in differing] == ["SEX_DIFFERS", "BIRTH_DIFFERS"]
    assert differing[0].params == {"entered": "女", "expected": "男"}


@given(
    st.dates(date(1900, 1, 1), TODAY), st.integers(0, 999), st.sampled_from(["420106", "429004", "110105"])
)
def test_every_well_made_number_holds_and_every_single_changed_digit_is_noticed(
    birth: date, order: int, region: str
) -> None:
    text = number(region, birth.strftime("%Y%m%d"), f"{order:03d}")
    assert check(text).is_valid
    for place in range(17):
        changed = text[:place] + str((int(text[place]) + 1) % 10) + text[place + 1 :]
        assert not check(changed).is_valid


@given(st.text(max_size=30), st.sampled_from([*DocumentType, "none"]))
def test_no_text_whatever_makes_the_check_fail(text: str, kind: str) -> None:
    found = check(text, kind)
    assert found.is_valid or found.problems
    for error in (*found.problems, *found.warnings):
        resources.text(f"error.{error.code}", **error.params)
