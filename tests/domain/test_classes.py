"""What stands in the way of the next step of a class, and the days of steps."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from desktop_app.domain import classes, opening
from desktop_app.domain.classes import ClassFacts
from desktop_app.domain.errors import AppError

DONE = ClassFacts("电工2020-02班", people=50, sessions=15, unmarked=0, to_come=0, assessments=1, waiting=0)


@pytest.mark.parametrize(
    ("verb", "changes", "expected"),
    [
        ("finish_teaching", {}, []),
        ("finish_teaching", {"unmarked": 1}, ["MARKS_MISSING"]),
        ("finish_teaching", {"to_come": 1}, ["SESSIONS_TO_COME"]),
        ("finish_teaching", {"people": 0, "sessions": 0}, ["CLASS_WITHOUT_PEOPLE", "PLAN_EMPTY"]),
        ("finish_teaching", {"assessments": 0, "waiting": 1}, []),
        ("assess", {"waiting": 1}, []),
        ("assess", {"assessments": 0}, ["CLASS_UNASSESSED"]),
        ("complete", {}, []),
        ("complete", {"waiting": 1}, ["SCORES_UNLOCKED"]),
        ("archive", {"waiting": 1}, []),
        ("archive", {"attending": 1}, ["PEOPLE_UNDECIDED"]),
        ("suspend", {"unmarked": 1}, []),
    ],
)
def test_what_blocks_the_next_step(verb, changes, expected):
    assert [one.error.code for one in classes.next_step(verb, replace(DONE, **changes))] == expected


@pytest.mark.parametrize(
    ("states", "held"),
    [
        ([], False),
        (["draft", "recovered"], False),
        *(
            (["draft", state], True)
            for state in ("checking", "checked", "published", "submitted", "decided", "paid")
        ),
    ],
)
def test_a_class_is_opened_again_once_its_claim_is_withdrawn(states, held):
    if held:
        with pytest.raises(AppError) as caught:
            classes.check_unclaimed(states, "电工2020-02班")
        assert caught.value.code == "CLASS_CLAIMED"
    else:
        classes.check_unclaimed(states, "电工2020-02班")


@pytest.mark.parametrize(
    ("on", "code"),
    [(date(2020, 11, 9), None), (date(2020, 11, 2), None), (date(2020, 11, 10), "STEP_TO_COME"),
     (date(2020, 11, 1), "STEP_BEFORE")],
)  # fmt: skip
def test_a_step_lies_between_the_former_one_and_today(on, code):
    if code is None:
        classes.check_step_day(on, date(2020, 11, 9), date(2020, 11, 2))
        return
    with pytest.raises(AppError) as caught:
        classes.check_step_day(on, date(2020, 11, 9), date(2020, 11, 2))
    assert caught.value.code == code


def test_an_extension_ends_later():
    end, start = date(2020, 11, 30), date(2020, 11, 2)
    classes.check_extension(end, date(2020, 12, 1), start)
    classes.check_extension(None, start, start)
    for wanted, code in ((end, "EXTENSION_NOT_LATER"), (date(2020, 11, 1), "EXTENSION_NOT_LATER")):
        with pytest.raises(AppError) as caught:
            classes.check_extension(end, wanted, start)
        assert caught.value.code == code
    with pytest.raises(AppError) as caught:
        classes.check_extension(None, date(2020, 11, 1), start)
    assert caught.value.code == "DATES_REVERSED"


def test_who_lacks_what_is_named_three_at_most():
    people = [(bytes([n]), {"name": f"学员{n}", "phone": None}) for n in range(5)]
    names = {key: str(fields["name"]) for key, fields in people}
    found = {
        one.field: one for one in opening.check_completeness(opening.completeness(people), names, "电工班")
    }
    assert (found["phone"].error.params["count"], found["phone"].error.params["names"]) == (
        5,
        "学员0、学员1、学员2…",
    )
    assert found["phone"].key == bytes([0])
    assert "name" not in found
