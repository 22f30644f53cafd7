"""线上课次 (R28), corrected marks (R34), and the arrows of a session as an office meets them on the command line."""

from __future__ import annotations

from datetime import date

import pytest

from tests.factories.command_line import CommandLine
from tests.factories.workbooks import write_csv

CLASS = "电工2020-09班"
PLAN = ("--class", CLASS, "--start", "14:00", "--end", "17:20", "--hours", 4, "--content", "直流电路")
PEOPLE = (("1", "范雨", "420506200103083428"), ("2", "苏国", "42011119711122861X"))


@pytest.fixture
def taught(client: CommandLine, tmp_path) -> CommandLine:
    """A class of two people with two sessions, on the evening of the second."""
    client.set_day(date(2020, 11, 10))
    client.run("class", "create", "--code", CLASS, "--start", "2020-11-09", "--end", "2020-12-20")
    rows = [["序号", "姓名", "身份证号"], *map(list, PEOPLE)]
    client.run("import", "roster", write_csv(tmp_path / "roster.csv", rows), "--class", CLASS)
    for day in ("2020-11-09", "2020-11-10"):
        client.run("session", "add", "--date", day, "--teacher", "周敏", *PLAN)
    return client


def person(client: CommandLine, name: str = "范雨") -> str:
    listed = client.run("list", "trainees", "--class", CLASS)["items"]
    return str(next(one["id"] for one in listed if one["name"] == name))


def rates(client: CommandLine) -> dict[str, str]:
    listed = client.run("list", "attendance", "--class", CLASS)["items"]
    return {one["name"]: one["subsidy_rate"] for one in listed}


def test_r28_an_online_session_without_platform_duration_or_checks_is_warned_of(taught: CommandLine) -> None:
    """六.2: the warning names class and session; with all three it is silent."""
    add = ("session", "add", "--date", "2020-11-12", "--mode", "online", *PLAN)
    assert taught.warned("R28", *add) == [
        "ONLINE_PLATFORM_MISSING",
        "ONLINE_MINUTES_MISSING",
        "ONLINE_CHECKS_MISSING",
    ]
    one = ("session", "online", "--class", CLASS, "--session", 3)
    answer = taught.run(*one, "--platform", "学习通", "--minutes", 180)
    (told,) = answer["warnings"]
    assert told["code"] == "ONLINE_CHECKS_MISSING"
    assert CLASS in told["message"]
    assert "第3课次" in told["message"]
    assert taught.warned("R28", *one, "--platform", "学习通", "--minutes", 180, "--checks", 2) == []
    assert taught.refused(*one, "--minutes", 0) == "ONLINE_MINUTES_RANGE"


def test_r34_a_mark_is_corrected_with_a_reason_only_and_keeps_its_old_value(taught: CommandLine) -> None:
    """六.3: the refusal names person, class and what would change; afterwards old value, reason and who are there."""
    who = person(taught)
    mark = ("mark", "--class", CLASS, "--session", 1, "--trainee", who)
    taught.run(*mark, "present")
    code = taught.violates("R34", *mark, "absent", names=("范雨", CLASS, "√", "×"))
    assert code == "MARK_REASON_MISSING"
    taught.run(*mark, "absent", "--reason", "录入错误：签到表上是缺勤")
    told = taught.run("session", "history", "--class", CLASS, "--session", 1, "--trainee", who)["items"]
    assert [(one["before"], one["after"]) for one in told] == [("present", "absent"), (None, "present")]
    assert told[0]["reason"] == "录入错误：签到表上是缺勤"
    assert told[0]["user"] == "peixunban"


def test_a_session_is_moved_called_off_made_up_and_taught_by_a_substitute(taught: CommandLine) -> None:
    """Every arrow changes what it says, and 课表变更单 lists it with reason and who."""
    one = ("--class", CLASS, "--session", 2, "--reason", "停电")
    taught.run("mark", "--class", CLASS, "--session", 1, "--trainee", "all", "present")
    assert taught.warned("R13", "session", "reschedule", *one, "--date", "2021-01-01") == [
        "SESSION_ON_HOLIDAY",
        "SESSION_OUTSIDE_CLASS",
    ]
    taught.run("session", "substitute", *one, "--teacher", "陈志强")
    taught.run("session", "call-off", *one)
    assert rates(taught) == {"范雨": "100%", "苏国": "100%"}
    assert taught.refused("session", "call-off", *one) == "WRONG_STEP"
    plan = ("--date", "2021-01-05", "--start", "14:00", "--end", "17:20", "--hours", 4)
    made = taught.run("session", "make-up", *one, *plan)
    assert made["number"] == 3
    assert rates(taught) == {"范雨": "50.0%", "苏国": "50.0%"}
    listed = taught.run("session", "changes", "--class", CLASS)["items"]
    assert [one["command"] for one in listed] == [
        "reschedule_session",
        "substitute_teacher",
        "call_off_session",
        "make_up_session",
    ]
    assert {one["reason"] for one in listed} == {"停电"}
    assert listed[0]["changes"] == {"held_on": ["2020-11-10", "2021-01-01"]}


def test_a_wrong_arrow_names_state_and_verb_and_changes_nothing(taught: CommandLine) -> None:
    taught.run("mark", "--class", CLASS, "--session", 1, "--trainee", "all", "present")
    before = taught.run("state-hash")
    one = ("--class", CLASS, "--session", 1, "--reason", "停电")
    for words in (
        ("session", "call-off", *one),
        ("session", "reinstate", *one),
        ("session", "reschedule", *one, "--date", "2020-11-20"),
        (
            "session",
            "make-up",
            *one,
            "--date",
            "2020-11-20",
            "--start",
            "08:30",
            "--end",
            "11:50",
            "--hours",
            4,
        ),
    ):
        error = taught.refusal(*words)
        assert error["code"] == "WRONG_STEP"
        assert "已上" in error["message"]
    assert taught.run("state-hash") == before


def test_an_inspection_is_set_against_the_marks_of_that_time(taught: CommandLine) -> None:
    taught.run("mark", "--class", CLASS, "--session", 1, "--trainee", "all", "present")
    visit = ("inspection", "add", "--class", CLASS, "--time", "15:10", "--inspector", "黄督导", "--heads", 1)
    made = taught.run(*visit, "--date", "2020-11-09", "--session", 1)
    assert (made["marked"], made["expected"], made["difference"]) == (2, 2, -1)
    assert taught.refused(*visit, "--date", "2020-11-10", "--session", 1) == "INSPECTION_OTHER_DAY"
    assert taught.refused(*visit, "--date", "2020-11-11") == "INSPECTION_FUTURE"
    (item,) = taught.run("inspection", "list", "--class", CLASS)["items"]
    assert (item["inspector"], item["difference"], item["photos"]) == ("黄督导", -1, 0)
    taught.run("inspection", "remove", item["id"], "--reason", "填错了班")
    assert taught.run("inspection", "list")["total"] == 0
