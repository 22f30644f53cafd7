from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from desktop_app.domain.papers import (
    AttendanceLine,
    ComponentScore,
    MarkSign,
    ScoreLine,
    SignInPerson,
    TimetableLine,
    content_code,
    content_text,
    day_text,
    distinct_names,
    rate_text,
    score_text,
    states_text,
    used_components,
)
from tests.papers.sample_contents import attendance, head, roster, scores


def test_the_code_is_ten_hex_digits() -> None:
    assert len(content_code(roster())) == 10
    int(content_code(roster()), 16)


def test_the_code_changes_with_one_mark() -> None:
    content = attendance()
    line = replace(content.lines[0], marks=(MarkSign.LATE, *content.lines[0].marks[1:]))
    assert content_code(replace(content, lines=(line, *content.lines[1:]))) != content_code(content)


def test_the_code_changes_with_demo_but_not_with_the_exporter() -> None:
    content = roster()
    assert content_code(replace(content, head=head(printed_by="王培训"))) == content_code(content)
    assert content_code(replace(content, head=head(demo=True))) != content_code(content)


@pytest.mark.parametrize(("tenths", "text"), [(855, "85.5"), (850, "85"), (0, "0"), (5, "0.5"), (None, "")])
def test_points_read_as_people_write_them(tenths: int | None, text: str) -> None:
    assert score_text(tenths) == text


@pytest.mark.parametrize(
    ("permille", "text"), [(799, "79.9%"), (800, "80.0%"), (1000, "100.0%"), (None, "—")]
)
def test_rates_have_one_decimal(permille: int | None, text: str) -> None:
    assert rate_text(permille) == text


@pytest.mark.parametrize(
    ("status", "sign"),
    [("present", "√"), ("late", "△"), ("early", "▽"), ("leave", "○"), ("absent", "×"), (None, "")],
)
def test_every_status_has_its_sign(status: str | None, sign: str) -> None:
    assert MarkSign.of(status).value == sign


def test_an_unknown_status_has_no_sign() -> None:
    with pytest.raises(KeyError):
        MarkSign.of("asleep")


def test_a_person_without_a_mark_for_each_session_is_refused() -> None:
    content = attendance()
    with pytest.raises(ValueError, match="one mark a session"):
        replace(content, lines=(AttendanceLine(1, "袁玲子", (), 0, 0, None),))


def test_namesakes_show_what_the_mask_leaves_visible() -> None:
    people = (SignInPerson(1, "卢军", "4201************1X"), SignInPerson(2, "卢军", "420101199001011234"))
    assert distinct_names(people) == ("卢军（1X）", "卢军（1234）")


def test_a_name_that_is_alone_and_namesakes_without_document_stay_as_they_are() -> None:
    people = (
        SignInPerson(1, "袁玲子", "420324197607181555"),
        SignInPerson(2, "卢军"),
        SignInPerson(3, "卢军"),
    )
    assert distinct_names(people) == ("袁玲子", "卢军", "卢军")


def test_states_name_their_components() -> None:
    line = ScoreLine(
        1, "甲", theory=ComponentScore(state="absent"), practice=ComponentScore(state="deferred")
    )
    assert states_text(line) == "缺考（理论），缓考（实操）"


def test_the_process_column_appears_only_where_someone_has_a_result() -> None:
    content = scores()
    assert used_components(content) == ("theory", "practice", "review")
    line = replace(content.lines[0], process=ComponentScore(0))
    assert used_components(replace(content, lines=(line,))) == ("theory", "practice", "review", "process")


def test_a_session_reads_with_weekday_and_note() -> None:
    line = TimetableLine(1, date(2020, 11, 23), "18:30", "21:50", 4, "焊接识图", note="补第2次课")
    assert day_text(line) == "2020-11-23（一）"
    assert content_text(line) == "焊接识图（补第2次课）"
    assert content_text(replace(line, note="")) == "焊接识图"
