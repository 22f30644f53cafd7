"""Whose a file is: by number and name, never guessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.errors import AppError
from desktop_app.domain.evidence_matching import Candidate, by_roster_order, match_file, natural_order

A, B, C, D, E = (bytes([number]) for number in range(1, 6))
PEOPLE = [
    Candidate(A, "王小", 1, "42010119900101001X", "", "420100000001"),
    Candidate(B, "王小明", 2, "420101199001010028", "2020115001"),
    Candidate(C, "卢军", 3, "420101199001010036"),
    Candidate(D, "卢军", 4, "420101199001010044"),
    Candidate(E, "阿依古丽·买买提", 5, "42010119900101006X"),
]


@pytest.mark.parametrize(
    ("path", "person", "kind"),
    [
        ("王小明.jpg", B, None),
        ("2-王小明身份证（正面）.jpg", B, "id_card"),
        ("身份证_王小.JPG", A, "id_card"),
        ("毕业证/王小明.pdf", B, "graduation"),
        ("王小明/户口本.jpg", B, "household_book"),
        ("420101199001010028.jpg", B, None),
        ("42010119900101001x 一寸照.jpg", A, "photo"),
        ("2020115001.png", B, None),
        ("420100000001承诺书.jpg", A, "commitment"),
        ("阿依古丽•买买提.jpg", E, None),
        ("420101199001010036卢军.jpg", C, None),
        ("4-卢军身份证.jpg", D, "id_card"),
        ("003 卢军.jpg", C, None),
    ],
)
def test_a_number_or_a_name_alone_is_certain(path, person, kind):
    match = match_file(path, PEOPLE)
    assert (match.certain, match.kind) == (person, kind)


@pytest.mark.parametrize(
    ("path", "people", "by"),
    [
        ("卢军.jpg", (C, D), "namesakes"),
        ("7-卢军.jpg", (C, D), "namesakes"),
        ("11-04卢军.jpg", (C, D), "namesakes"),
        ("2-王小明 卢军 合同.jpg", (B, C, D), "namesakes"),
        ("王小二.jpg", (A,), "resembles"),
        ("420101199001010028王小.jpg", (B, A), "contradiction"),
        ("王小明 卢军 合同.jpg", (B, C, D), "namesakes"),
        ("IMG_2020.jpg", (), ""),
        ("", (), ""),
    ],
)
def test_what_is_not_certain_is_asked(path, people, by):
    match = match_file(path, PEOPLE)
    assert (match.certain, match.people, match.by) == (None, people, by)


@given(st.text(max_size=200))
def test_no_file_name_breaks_the_matching(path):
    match = match_file(path, PEOPLE)
    assert set(match.people) <= {one.trainee_id for one in PEOPLE}
    natural_order(path)


def test_files_stand_as_people_count():
    assert sorted(["10.jpg", "2.jpg", "1b.jpg", "1.jpg"], key=natural_order) == [
        "1.jpg", "1b.jpg", "2.jpg", "10.jpg",
    ]  # fmt: skip


def test_roster_order_gives_everybody_as_many_or_nobody_any():
    given_out = by_roster_order(["a", "b", "c", "d"], PEOPLE[:2])
    assert given_out == {A: ["a", "b"], B: ["c", "d"]}
    for files in ([], ["a"], ["a", "b", "c"]):
        with pytest.raises(AppError) as refused:
            by_roster_order(files, PEOPLE[:2])
        assert refused.value.code == "EVIDENCE_ORDER_COUNT"
