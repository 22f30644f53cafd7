"""线上课次 (R28), shares of teachers, who missed a session, and corrections (R34), at both edges."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from desktop_app.domain.attendance import Mark, MarkStatus, shared_hours
from desktop_app.domain.errors import AppError
from desktop_app.domain.session_changes import (
    Online,
    check_correction,
    check_online,
    check_online_fields,
    check_shares,
    is_missing,
    sign_of,
)

DAY = date(2020, 11, 9)
PRESENT, ABSENT = Mark(MarkStatus.PRESENT), Mark(MarkStatus.ABSENT)


@pytest.mark.parametrize(
    ("mode", "online", "lacking"),
    [
        ("offline", Online(), []),
        ("online", Online(), ["online_platform", "online_minutes", "identity_checks"]),
        ("mixed", Online(" ", 45, 1), ["online_platform"]),
        ("online", Online("学习通", None, 1), ["online_minutes"]),
        ("online", Online("学习通", 45, 0), ["identity_checks"]),
        ("online", Online("学习通", 45, 1), []),
    ],
)
def test_an_online_session_lacks_what_is_not_entered(mode: str, online: Online, lacking: list[str]) -> None:
    found = check_online(mode, online, training_class="电工01班", number=3)
    assert [one.field for one in found] == lacking


@pytest.mark.parametrize("online", [Online(), Online("台" * 100, 1, 0), Online("台", 1440, 99)])
def test_online_fields_lie_within_bounds(online: Online) -> None:
    check_online_fields(online)


@pytest.mark.parametrize(
    ("shares", "code"), [([4], "SHARES_COUNT"), ([4, 1], "SHARES_SUM"), ([5, -1], "SHARES_SUM")]
)
def test_a_split_fits_teachers_and_hours(shares: list[int], code: str) -> None:
    check_shares(4, ["主讲", "助教"], [])
    check_shares(4, ["主讲", "助教"], [4, 0])
    with pytest.raises(AppError) as caught:
        check_shares(4, ["主讲", "助教"], shares)
    assert caught.value.code == code


def test_each_teacher_has_his_share_or_the_whole_session() -> None:
    assert shared_hours([b"a", b"b"], 4, [3, 1]) == {b"a": 3, b"b": 1}
    assert shared_hours([b"a", b"b"], 4, []) == {b"a": 4, b"b": 4}
    assert shared_hours([b"a", b"b"], 4, [4]) == {b"a": 4, b"b": 4}
    assert shared_hours([b"a"], None, [4]) == {b"a": None}


@pytest.mark.parametrize(
    ("mark", "member", "missed"),
    [
        (None, True, False),
        (None, False, True),
        (PRESENT, True, False),
        (Mark(MarkStatus.LATE), True, False),
        (Mark(MarkStatus.LATE, 1), True, True),
        (Mark(MarkStatus.LEAVE), True, True),
        (ABSENT, True, True),
    ],
)
def test_who_missed_a_session_may_make_it_up(mark: Mark | None, member: bool, missed: bool) -> None:
    assert is_missing(mark, member=member) is missed


@pytest.mark.parametrize(
    ("former", "new", "days", "reason", "blocked"),
    [
        (PRESENT, ABSENT, 1, "", True),
        (PRESENT, None, 1, " ", True),
        (PRESENT, ABSENT, 1, "录入错误", False),
        (PRESENT, ABSENT, 0, "", False),
        (PRESENT, PRESENT, 1, "", False),
        (None, ABSENT, 1, "", False),
    ],
)
def test_a_mark_that_is_there_changes_after_its_day_with_a_reason_only(
    former: Mark | None, new: Mark | None, days: int, reason: str, blocked: bool
) -> None:
    found = check_correction(
        former, new, DAY, DAY + timedelta(days=days), reason, name="范雨", training_class="电工01班", number=1
    )
    assert [one.error.code for one in found] == ["MARK_REASON_MISSING"] * blocked


def test_a_mark_is_named_as_the_grid_writes_it() -> None:
    assert [sign_of(one) for one in (PRESENT, Mark(MarkStatus.LATE, 2), None)] == ["√", "△-2", "—"]
