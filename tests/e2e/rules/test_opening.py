"""开班 as an office meets it on the command line: R13, R25, R26, R29, R33, and the arrows of a class."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from tests.e2e.rules.people import PROJECT
from tests.factories.catalogue import publish_project
from tests.factories.command_line import CommandLine
from tests.factories.pictures import drawn, encoded
from tests.factories.profiles import ADMIN, open_desk
from tests.factories.workbooks import write_csv

DAY = date(2020, 11, 2)
CLASS, OTHER = "电工2020-09班", "电工2020-10班"
PEOPLE = (("1", "范雨", "420506200103083428", "13800001111"), ("2", "苏国", "42011119711122861X", ""))
STAFF = ("王芳:organising:full", "李敏:assessing:part", "赵强:placing:part")


def staff(*members: str) -> tuple[str, ...]:
    return tuple(word for member in members for word in ("--staff", member))


def session(code: str, day: str, *, content: str = "安全用电", place: str = "实训楼101", teacher: str = "周敏",
            start: str = "14:00") -> tuple[object, ...]:  # fmt: skip
    words = (
        "session",
        "add",
        "--class",
        code,
        "--date",
        day,
        "--start",
        start,
        "--end",
        "17:20",
        "--hours",
        4,
    )
    return (*words, "--content", content, "--place", place, *(("--teacher", teacher) if teacher else ()))


def create(client: CommandLine, code: str, *more: str) -> None:
    client.run("class", "create", "--code", code, "--start", "2020-11-16", "--end", "2020-11-20", *more)


@pytest.fixture
def planned(client: CommandLine, tmp_path: Path) -> CommandLine:
    """A class of two people of a catalogue project, with one session, that lacks nothing; it is 2020-11-02."""
    client.set_day(DAY)
    with open_desk(client.profile, day=DAY) as desk:
        publish_project(desk.services.context, PROJECT)
    create(client, CLASS, "--project", PROJECT)
    rows = [["序号", "姓名", "身份证号", "联系电话"], *map(list, PEOPLE)]
    client.run("import", "roster", write_csv(tmp_path / "roster.csv", rows), "--class", CLASS)
    client.run(*session(CLASS, "2020-11-16"))
    client.run("class", "prepare", CLASS, "channel=skill_action", *staff(*STAFF))
    return client


def set_standard(client: CommandLine, folder: Path, hours: int, *content: str, document: str = "") -> None:
    """Import the certificate standard of the project's 工种 and level."""
    rows = [{"code": "standard:电工:skill5", "value": {"hours": hours, "content": list(content)}}]
    told: dict[str, object] = {"from": "2020-01-01", "parameters": rows}
    file = folder / "standard.json"
    file.write_text(json.dumps(told | ({"document": document} if document else {}), ensure_ascii=False))
    client.run("policy", "import", file, user=ADMIN)


def test_r13_a_plan_below_the_standard_or_without_teacher_is_not_filed(
    planned: CommandLine, tmp_path: Path
) -> None:
    """四.2: hours and content of the certificate standard, and a teacher for every session."""
    assert "STANDARD_UNKNOWN" in planned.warned("R13", "class", "file", CLASS)
    planned.run("undo")
    set_standard(planned, tmp_path, 8, "安全用电", "电机控制", document="鄂人社函〔2020〕88号")
    file = ("class", "file", CLASS)
    assert planned.violates("R13", *file, names=(CLASS, "4", "8", "电机控制")) == "PLAN_HOURS_SHORT"
    planned.run(*session(CLASS, "2020-11-17", content="电机控制", teacher=""))
    assert planned.violates("R13", *file, names=(CLASS, "第 2 课次")) == "SESSION_WITHOUT_TEACHER"
    planned.run(
        "session", "substitute", "--class", CLASS, "--session", 2, "--teacher", "周敏", "--reason", "定教师"
    )
    assert planned.run(*file)["state"] == "filed"


def test_r25_a_class_without_source_of_money_is_not_filed(planned: CommandLine) -> None:
    """五.三: the channel, and the enterprise where one pays."""
    file = ("class", "file", CLASS)
    planned.run("class", "prepare", CLASS, "channel=")
    assert planned.violates("R25", *file, names=(CLASS, "资金来源")) == "FUNDING_MISSING"
    planned.run("class", "prepare", CLASS, "channel=enterprise")
    assert planned.violates("R25", *file, names=(CLASS, "合作企业")) == "PARTNER_ENTERPRISE_MISSING"
    planned.run("class", "prepare", CLASS, "enterprise=武汉长江电气有限公司")
    assert planned.run(*file)["state"] == "filed"


def test_r26_the_working_group_names_somebody_for_each_duty_and_one_full_time(planned: CommandLine) -> None:
    """六.1: 组织管理, 考核, 推荐就业; at least one 专职."""
    file, prepare = ("class", "file", CLASS), ("class", "prepare", CLASS)
    planned.run(*prepare, *staff(*STAFF[:2]))
    assert planned.violates("R26", *file, names=(CLASS, "推荐就业")) == "STAFF_DUTY_MISSING"
    planned.run(*prepare, *staff(*(one.replace("full", "part") for one in STAFF)))
    assert planned.violates("R26", *file, names=(CLASS, "专职")) == "STAFF_NO_FULL_TIME"
    planned.run(*prepare, *staff(*STAFF))
    assert planned.run(*file)["state"] == "filed"


def test_r29_a_teacher_in_two_places_is_refused_but_for_a_session_of_several_classes(
    planned: CommandLine,
) -> None:
    """六.2: the timetable refuses it; 合班 is lawful."""
    create(planned, OTHER)
    clash = session(OTHER, "2020-11-16", place="实训楼102", start="14:00")
    assert planned.violates("R29", *clash, names=("周敏", CLASS, OTHER)) == "TEACHER_TWICE"
    room = session(OTHER, "2020-11-16", teacher="吴刚")
    assert planned.violates("R29", *room, names=("实训楼101", CLASS, OTHER)) == "ROOM_TWICE"
    planned.run(*session(OTHER, "2020-11-16", place="实训楼102", teacher="吴刚"))
    moved = (
        "session",
        "substitute",
        "--class",
        OTHER,
        "--session",
        1,
        "--teacher",
        "周敏",
        "--reason",
        "合班上课",
    )
    planned.violates("R29", *moved, names=("周敏", CLASS, OTHER))
    assert planned.refused("class", "join", CLASS, "--session", 1, "--with", CLASS) == "JOINT_SAME_CLASS"
    planned.run("class", "join", CLASS, "--session", 1, "--with", OTHER)
    assert planned.run(*moved)
    assert planned.run("class", "file", CLASS)["state"] == "filed"


def test_r29_each_kind_of_a_teacher_is_proven(planned: CommandLine, tmp_path: Path) -> None:
    """六.2: 双师型 without proof warns by name; with it it is silent."""
    edit = ("teacher", "edit", "周敏", "qualities=dual", "employment=part_time")
    told = planned.run(*edit)["warnings"]
    assert [(one["rule"], one["code"]) for one in told] == [("R29", "TEACHER_PROOF_MISSING")]
    assert "周敏" in told[0]["message"]
    assert "双师型" in told[0]["message"]
    assert "TEACHER_PROOF_MISSING" in planned.warned("R29", "class", "file", CLASS)
    file = tmp_path / "proof.jpg"
    file.write_bytes(encoded(drawn("双师型")))
    planned.run("teacher", "prove", "周敏", "--quality", "dual", file)
    assert planned.warned("R29", *edit) == []
    assert planned.refused("teacher", "edit", "周敏", "qualities=genius") == "QUALITY_UNKNOWN"


def test_r33_a_class_says_who_lacks_what(planned: CommandLine) -> None:
    """六.3: per field how many have it, and by name who does not; filing warns of it."""
    told = planned.run("class", "completeness", CLASS)
    fields = {one["field"]: one for one in told["fields"]}
    assert (told["people"], fields["phone"]["filled"], fields["phone"]["needed"]) == (2, 1, 2)
    assert [one["name"] for one in fields["phone"]["lacking"]] == ["苏国"]
    assert fields["name"]["lacking"] == []
    warnings = planned.run("class", "file", CLASS)["warnings"]
    said = [one["message"] for one in warnings if one["rule"] == "R33" and "联系电话" in one["message"]]
    assert len(said) == 1
    assert CLASS in said[0]
    assert "苏国" in said[0]
    planned.run(
        "trainee", "edit", fields["phone"]["lacking"][0]["trainee"], "phone=13900002222", "--reason", "补"
    )
    again = planned.run("class", "completeness", CLASS)["fields"]
    assert next(one for one in again if one["field"] == "phone")["lacking"] == []


def test_a_class_goes_from_preparation_to_archive_and_back(planned: CommandLine) -> None:
    """Each arrow by its verb, with what blocks it; wrong arrows, early days and lacking reasons are refused."""

    def step(verb: str, *more: object) -> str:
        return str(planned.run("class", verb, CLASS, *more)["state"])

    def refused(verb: str, *more: object) -> str:
        before = planned.run("state-hash", user=ADMIN)
        code = planned.refused("class", verb, CLASS, *more)
        assert planned.run("state-hash", user=ADMIN) == before
        return code

    assert planned.run("class", "check", CLASS)["state"] == "preparing"
    assert refused("finish") == "WRONG_STEP"
    assert refused("file", "--on", "2020-11-03") == "STEP_TO_COME"
    assert step("file", "--receipt", "武人社备〔2020〕12号") == "filed"
    planned.set_day(date(2020, 11, 16))
    assert refused("open", "--on", "2020-11-01") == "STEP_BEFORE"
    assert step("open") == "running"
    assert refused("suspend") == "REASON_MISSING"
    assert step("suspend", "--reason", "设备检修") == "suspended"
    mark = ("mark", "--class", CLASS, "--session", 1, "--trainee", "all", "present")
    assert planned.refused(*mark) == "CLASS_SUSPENDED"
    planned.set_day(date(2020, 11, 18))
    assert planned.run("class", "resume", CLASS)["called_off"] == 1
    assert refused("extend", "--end", "2020-11-20", "--reason", "停训") == "EXTENSION_NOT_LATER"
    assert step("extend", "--end", "2020-11-27", "--reason", "停训") == "running"
    planned.run(*session(CLASS, "2020-11-19"))
    assert refused("finish") == "SESSIONS_TO_COME"
    planned.set_day(date(2020, 11, 19))
    assert refused("finish") == "MARKS_MISSING"
    planned.run("mark", "--class", CLASS, "--session", 2, "--trainee", "all", "present")
    assert step("finish") == "taught"
    assert refused("complete") == "CLASS_UNASSESSED"
    assert step("reopen", "--reason", "补登考勤") == "running"
    planned.run("undo")
    assert planned.run("class", "check", CLASS)["state"] == "taught"
    assert refused("cancel", "--reason", "报名不足") == "WRONG_STEP"


def test_warnings_of_time_and_size_do_not_stand_in_the_way_until_they_bind(planned: CommandLine) -> None:
    """A late 备案, a holiday, an unknown year and a class that is too large: 参考值 warn, with 文号 they block."""
    create(planned, OTHER)
    planned.run("class", "prepare", OTHER, "channel=skill_action", *staff(*STAFF))
    assert "SESSION_ON_HOLIDAY" in planned.warned("R13", *session(OTHER, "2021-01-01"))
    planned.run(*session(OTHER, "2034-01-09", place="线路室"))
    planned.set_day(date(2020, 11, 10))
    codes = planned.warned("R13", "class", "file", OTHER)
    assert {"FILED_LATE", "SESSION_ON_HOLIDAY", "HOLIDAYS_UNKNOWN"} <= set(codes)
    words = ("policy", "set", "class_size", "1", "--from", "2020-01-01", "--document", "鄂人社函〔2020〕9号")
    planned.run(*words, user=ADMIN)
    assert planned.violates("R13", "class", "file", CLASS, names=(CLASS, "2 人")) == "CLASS_TOO_LARGE"
    assert planned.refused(
        "class", "create", "--code", "反", "--start", "2020-12-02", "--end", "2020-12-01"
    ) == ("DATES_REVERSED")


def test_two_classes_become_one_and_part_again(planned: CommandLine) -> None:
    """合班 and 拆班: one command over many 转班, one undo."""
    create(planned, OTHER)

    def members(code: str) -> list[str]:
        listed = planned.run("list", "trainees", "--class", code)["items"]
        return sorted(one["name"] for one in listed)

    both = members(CLASS)
    move = ("class", "move", CLASS, "--to", OTHER, "--reason")
    assert planned.refused(*move, " ") == "REASON_MISSING"
    before = planned.run("state-hash", "--values", user=ADMIN)["hash"]
    assert planned.run(*move, "两班合一")["moved"] == 2
    assert members(OTHER) == both
    numbers = [one["number"] for one in planned.run("list", "attendance", "--class", OTHER)["items"]]
    assert numbers == [1, 2]
    assert planned.refused(*move, "两班合一") == "NOBODY_TO_MOVE"
    planned.run("undo")
    assert planned.run("state-hash", "--values", user=ADMIN)["hash"] == before


def test_a_class_that_is_cancelled_calls_its_sessions_off(planned: CommandLine) -> None:
    assert planned.run("class", "cancel", CLASS, "--reason", "报名不足")["called_off"] == 1
    states = [one["state"] for one in planned.run("list", "sessions", "--class", CLASS)["items"]]
    assert states == ["cancelled"]
    planned.run("undo")
    states = [one["state"] for one in planned.run("list", "sessions", "--class", CLASS)["items"]]
    assert states == ["planned"]
