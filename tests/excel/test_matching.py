"""A row finds its person by document, else by name, else by name and 序号; same names are never guessed."""

from __future__ import annotations

import pytest

from desktop_app.excel.matching import ClassMember, SameNames, match_people
from desktop_app.excel.people import PersonKey
from tests.excel.sheets import document

ZHANG = ClassMember(b"z" * 16, 1, "张三丰", document(121))
LU_ONE = ClassMember(b"1" * 16, 2, "卢军", document(131))
LU_TWO = ClassMember(b"2" * 16, 3, "卢军", document(133, "19920511"))
CLASS = (ZHANG, LU_ONE, LU_TWO)


def key(name, number=None, doc="", row=4, rounded=False):
    return PersonKey(row, number, name, doc, rounded, {"name": "B"})


def match(*keys, same_names=SameNames.ASK):
    return match_people(keys, CLASS, same_names)


def outcome(found):
    return (found.member, found.how, found.code)


def test_the_document_goes_first():
    assert outcome(match(key("卢军", 2, LU_TWO.document_number))[0]) == (LU_TWO, "document", "")


def test_another_name_with_the_right_document_is_taken_with_a_warning():
    found = match(key("张三风", 1, ZHANG.document_number))[0]
    assert (outcome(found), found.severity.value) == ((ZHANG, "document", "PERSON_NAME_DIFFERS"), "warning")


def test_a_document_alone_is_enough():
    assert outcome(match(key("", None, ZHANG.document_number))[0]) == (ZHANG, "document", "")


def test_the_right_name_with_another_document_is_not_taken():
    found = match(key("张三丰", 1, document(777)))[0]
    assert (outcome(found), found.field) == ((None, "", "PERSON_DOCUMENT_DIFFERS"), "document_number")
    assert found.candidates == (ZHANG,)


def test_a_single_name_is_enough_whatever_the_number_says():
    assert outcome(match(key("张三丰", 9))[0]) == (ZHANG, "name", "")


@pytest.mark.parametrize("number", [2, None])
def test_same_names_are_asked(number):
    found = match(key("卢军", number))[0]
    assert outcome(found) == (None, "", "SAME_NAME")
    assert found.candidates == (LU_ONE, LU_TWO)


def test_the_number_tells_same_names_apart_only_where_the_user_says_so():
    found = match(key("卢军", 3), key("卢军", 2), same_names=SameNames.NUMBER)
    assert [outcome(item) for item in found] == [(LU_TWO, "number", ""), (LU_ONE, "number", "")]


@pytest.mark.parametrize("number", [7, None])
def test_a_number_that_fits_none_of_them_leaves_the_question(number):
    assert outcome(match(key("卢军", number), same_names=SameNames.NUMBER)[0]) == (None, "", "SAME_NAME")


def test_same_names_can_be_left_out_with_a_warning():
    found = match(key("卢军", 2), key("张三丰"), same_names=SameNames.SKIP)
    assert outcome(found[0]) == (None, "", "SAME_NAME_SKIPPED")
    assert found[0].severity.value == "warning"
    assert found[1].member == ZHANG


def test_one_name_twice_in_the_sheet_is_asked_although_the_class_has_it_once():
    found = match(key("张三丰", 1), key("张三丰", 5, row=5))
    assert [item.code for item in found] == ["SAME_NAME", "SAME_NAME"]
    by_number = match(key("张三丰", 1), key("张三丰", 5, row=5), same_names=SameNames.NUMBER)
    assert [outcome(item) for item in by_number] == [(ZHANG, "number", ""), (None, "", "SAME_NAME")]


def test_a_person_in_two_rows_keeps_the_first():
    found = match(key("张三丰", 1, ZHANG.document_number), key("张三丰", 1, ZHANG.document_number, row=5))
    assert [outcome(item) for item in found] == [(ZHANG, "document", ""), (None, "", "PERSON_TWICE")]


def test_strangers_and_nameless_rows_are_named():
    assert [item.code for item in match(key("周小明"), key("", 3), key("周小明", 1, document(9)))] == [
        "PERSON_NOT_IN_CLASS",
        "PERSON_UNNAMED",
        "PERSON_NOT_IN_CLASS",
    ]


def test_a_masked_document_tells_same_names_apart():
    masked = LU_TWO.document_number[:4] + "*" * 12 + LU_TWO.document_number[-2:]
    assert outcome(match(key("卢军", None, masked))[0]) == (LU_TWO, "document", "")


def test_a_masked_document_of_someone_else_is_not_taken():
    assert match(key("张三丰", None, "9999" + "*" * 12 + "99"))[0].code == "PERSON_DOCUMENT_DIFFERS"


@pytest.mark.parametrize("rounded", ["420102199205111000", "4.20102E+17"])
def test_a_rounded_document_confirms_a_name_as_far_as_it_goes(rounded):
    zhang = ZHANG.document_number[:15] + "000" if not rounded.startswith("4.2") else rounded
    assert outcome(match(key("张三丰", None, zhang, rounded=True))[0]) == (ZHANG, "document", "")
    expected = LU_TWO if not rounded.startswith("4.2") else None
    assert match(key("卢军", None, rounded, rounded=True))[0].member == expected


def test_document_numbers_are_compared_in_one_form():
    lower = ClassMember(b"3" * 16, 4, "赵一", "11010519491231002x")
    assert match_people([key("赵一", None, "11010519491231002X")], [lower])[0].member == lower
