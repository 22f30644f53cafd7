"""What goes otherwise than planned: an own project, a class after the others, and what becomes of its people.

The counted facts of the twelve workbooks are checked before; the totals that follow from each turn are checked after.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from desktop_app.cli.demo.driver import expect
from desktop_app.cli.demo.facts import CLASSES, HOURS
from desktop_app.cli.demo.office import OFFICE, Office
from desktop_app.cli.demo.scans import write_scan

PROJECT = "JC-2020-01"
PROJECT_NAME = "低压电工实操强化"
ELSEWHERE = "HB2020-Y-0103"
CODE, BLOCKED = "电工2020-04班", "电工2020-05班"
TEACHER, SUBSTITUTE = "张文斌", "陈志强"
DRAFTED, RETURNED, PASSED = date(2020, 10, 19), date(2020, 10, 22), date(2020, 10, 28)
OPENED, TRANSFERRED, JOINED = date(2020, 12, 13), date(2020, 12, 14), date(2020, 12, 16)
LEFT, MADE_UP, ENDED = date(2020, 12, 18), date(2020, 12, 19), date(2020, 12, 21)
PLANNED = (date(2020, 12, 15), date(2020, 12, 17), LEFT, ENDED)
RESIT = date(2020, 12, 20)
RESIT_CLASS, RESIT_PASSED = CLASSES[2].code, 1
CORRECTED, EVENING = 3, 18
CHANGED = date(2020, 12, 28)
PEOPLE = (
    ("梅清和", "420104198507093919"),
    ("罗静宜", "420106199003124520"),
    ("石远山", "420107198811216310"),
    ("江月明", "42010519920908584X"),
)
LATECOMER = ("秋水长", "420103198706183734")
CORRECTED_NUMBER = "420102199105123443"


def draft_project(office: Office) -> None:
    """Draft a project of the institution, submit it to the city and report it (三.1, R05–R08)."""
    scan = write_scan(office.folder / "需求调研.png", "需求调研")
    office.admin.run("project", "affiliation", "city")
    office.office.run(
        "project",
        "create",
        "--code",
        PROJECT,
        "--name",
        PROJECT_NAME,
        "audience=key_group",
        "content=安全用电、低压线路安装与检修",
        "form=集中面授",
        "hours=16",
        "schedule=每周二、四、五",
        "trade=电工",
        "level=skill5",
        "organisation=湖北楚才职业技能评价中心",
        "fee_fen=0",
        "subsidy_fen=40000",
    )
    plan = ("--enterprise", "武汉长江电气有限公司", "--planned-on", DRAFTED.isoformat(), "--signed")
    office.office.run("project", "ground", PROJECT, *plan, "--survey", str(scan))
    _submit(office)
    office.say("demo.project_drafted", day=DRAFTED, code=PROJECT)


def return_project(office: Office) -> None:
    """The city sends the project back; the office mends it and submits it again."""
    day = ("--on", RETURNED.isoformat())
    office.platform.act("project", "return", PROJECT, "--reason", "请写明每次课的时长", *day)
    office.admin.run("pull")
    expect(_state(office), "returned", "state of the returned project")
    office.office.run("project", "edit", PROJECT, "schedule=每周二、四、五，每次 4 课时")
    _submit(office, "--reason", "按市级退回意见修改")
    office.say("demo.project_returned", day=RETURNED, code=PROJECT)


def pass_project(office: Office) -> None:
    """The city passes it: it may be taught in 武汉."""
    office.platform.act("project", "approve", PROJECT, "--on", PASSED.isoformat())
    office.admin.run("pull")
    expect(_state(office), "passed", "state of the passed project")
    office.say("demo.project_passed", day=PASSED, code=PROJECT)


def _submit(office: Office, *reason: str) -> None:
    office.office.run("project", "submit", PROJECT, "--level", "city")
    office.admin.run("batch", "seal", "--kind", "project", *reason)
    pushed = office.admin.run("batch", "push")
    expect((pushed["sent"] > 0, pushed["rejected"]), (True, 0), "the project is received")


def open_class(office: Office) -> None:
    """A class on the own project; another one on a project passed for 宜昌 alone is blocked (R07)."""
    run = office.office.run
    run("class", "create", "--code", BLOCKED, "--project", ELSEWHERE, "--start", TRANSFERRED.isoformat())
    before = office.admin.run("state-hash")["hash"]
    refused = office.office.refused("session", "add", "--class", BLOCKED, *_plan(PLANNED[0]))
    expect(refused, "OUTSIDE_PROJECT_AREA", "a session outside the project's area")
    expect(office.admin.run("state-hash")["hash"], before, "a blocked session changes nothing")
    run("undo")
    office.say("demo.blocked", day=OPENED, code=BLOCKED)
    start, end = TRANSFERRED.isoformat(), ENDED.isoformat()
    run(
        "class",
        "create",
        "--code",
        CODE,
        "--project",
        PROJECT,
        "--start",
        start,
        "--end",
        end,
        "--adviser",
        OFFICE,
    )
    roster = write_roster(office.folder / "花名册-04.csv", PEOPLE, TRANSFERRED)
    expect(run("import", "roster", str(roster), "--class", CODE)["new"], len(PEOPLE), f"people of {CODE}")
    for day in PLANNED:
        run("session", "add", "--class", CODE, *_plan(day))
    office.say("demo.class_opened", day=OPENED, code=CODE, count=len(PEOPLE))


def transfer(office: Office) -> None:
    """转班: somebody who failed goes on in the new class; the attended 课时 are carried and counted once."""
    former = CLASSES[1]
    person = _failed(office, former.code)
    row = _row(office, former.code, person["trainee"])
    who = ("--class", former.code, "--trainee", person["trainee"], "--to", CODE)
    run = office.office.run
    done = run(
        "enrolment", "transfer", *who, "--on", TRANSFERRED.isoformat(), "--reason", "考核未通过，转班再学"
    )
    expect(done["carried_hours"], row["attended_hours"], "课时 carried by 转班")
    office.summary["transferred"] = person["trainee"]
    office.say(
        "demo.transferred", day=TRANSFERRED, person=person["name"], code=CODE, hours=done["carried_hours"]
    )


def join_late(office: Office) -> None:
    """插班: a latecomer joins after the first session, which is 未入班 and not 缺勤."""
    run = office.office.run
    office.clock.set(JOINED, EVENING)
    who = _person(office, PEOPLE[3][0])
    run("mark", "--class", CODE, "--session", "1", "--trainee", "all", "present")
    reason = ("--reason", "与签到表核对，未到课")
    run("mark", "--class", CODE, "--session", "1", "--trainee", who, "absent", *reason)
    roster = write_roster(office.folder / "花名册-插班.csv", [LATECOMER], JOINED)
    expect(run("import", "roster", str(roster))["new"], 1, "the latecomer")
    late = next(one for one in run("search", LATECOMER[0])["items"] if one["name"] == LATECOMER[0])["id"]
    run("enrolment", "apply", "--class", CODE, "--trainee", late, "--consent", "--sensitive")
    run("enrolment", "admit", "--class", CODE, "--trainee", late, "--from", JOINED.isoformat())
    run("enrolment", "begin", "--class", CODE)
    expect(
        run("import", "roster", str(roster), "--class", CODE)["bad"],
        0,
        "what the roster adds to the latecomer",
    )
    office.say("demo.joined_late", day=JOINED, person=LATECOMER[0], code=CODE)


def call_off(office: Office) -> None:
    """停课 of the second session, made up two days later (补课)."""
    run = office.office.run
    two = ("--class", CODE, "--session", "2")
    run("session", "call-off", *two, "--reason", "停电检修")
    run("session", "make-up", *two, *_plan(MADE_UP), "--reason", "补 12 月 17 日停课")
    office.say("demo.called_off", day=PLANNED[1], code=CODE)


def substitute_and_withdraw(office: Office) -> None:
    """代课 of the third session; somebody leaves after it (退训)."""
    run = office.office.run
    three = ("--class", CODE, "--session", "3")
    run("session", "substitute", *three, "--teacher", SUBSTITUTE, "--reason", "原任教师参加教研")
    office.clock.set(LEFT, EVENING)
    run("mark", "--class", CODE, "--session", "3", "--trainee", "all", "present")
    who = ("--class", CODE, "--trainee", _person(office, PEOPLE[1][0]))
    run("enrolment", "withdraw", *who, "--on", LEFT.isoformat(), "--reason", "本人申请，家中有事")
    office.say("demo.withdrawn", day=LEFT, person=PEOPLE[1][0], teacher=SUBSTITUTE)


def make_up(office: Office) -> None:
    """The session that makes up is marked as any other."""
    office.clock.set(MADE_UP, EVENING)
    office.office.run("mark", "--class", CODE, "--session", "5", "--trainee", "all", "present")


def end_class(office: Office) -> None:
    """The last session; what everybody attended is as counted by hand."""
    office.clock.set(ENDED, EVENING)
    office.office.run("mark", "--class", CODE, "--session", "4", "--trainee", "all", "present")
    found = {row["name"]: row for row in office.office.read("list", "attendance", "--class", CODE)["items"]}
    attended = {name: row["attended_sessions"] for name, row in found.items()}
    wanted = {PEOPLE[0][0]: 4, PEOPLE[1][0]: 2, PEOPLE[2][0]: 4, PEOPLE[3][0]: 3, LATECOMER[0]: 3}
    expect({name: attended[name] for name in wanted}, wanted, f"attended sessions of {CODE}")
    rates = {name: found[name]["subsidy_rate"] for name in (PEOPLE[0][0], PEOPLE[3][0], LATECOMER[0])}
    planned = len(PLANNED) * HOURS
    expect(
        rates,
        {PEOPLE[0][0]: "100%", PEOPLE[3][0]: "75.0%", LATECOMER[0]: "75.0%"},
        f"rates of {planned} 课时",
    )
    office.summary["attended"] = sum(attended.values())
    office.say("demo.class_ended", day=ENDED, code=CODE, count=len(found))


def resit(office: Office) -> None:
    """补考 of somebody who was 缺考, passed: one more passes than the workbooks say."""
    facts, run = CLASSES[2], office.office.run
    person = next(
        one
        for one in _level_scores(office, facts.code)
        if any(score["state"] == "absent" for score in one["scores"].values())
    )
    who = ("--class", facts.code, "--date", RESIT.isoformat())
    run("exam", "resit", *who, "--trainee", person["trainee"], "--reason", "因病缺考，安排补考")
    file = office.folder / f"补考-{facts.code}.csv"
    with file.open("w", encoding="utf-8-sig", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(["序号", "姓名", "准考证号", "理论", "实操"])
        writer.writerow([person["number"], person["name"], person["ticket"], 71, 76])
    done = run("import", "scores", str(file), *who)
    expect((done["rows"], done["bad"]), (1, 0), "results of the 补考")
    passed = [one for one in _level_scores(office, facts.code) if one["conclusion"] == "passed"]
    expect(len(passed), facts.passed + 1, f"passes of {facts.code} with the 补考")
    office.say("demo.resit", day=RESIT, person=person["name"], code=facts.code)


def reissue(office: Office) -> None:
    """补发 of a lost certificate: another number, the former one is never used again."""
    code, run = CLASSES[0].code, office.office.run
    items = run("list", "certificates", "--class", code)["items"]
    lost = items[0]
    number = lost["number"][:-4] + "9001"
    said = ("--number", number, "--date", CHANGED.isoformat(), "--reason", "本人遗失，登报声明后补发")
    run("certificate", "reissue", lost["id"], *said)
    found = [one["number"] for one in run("list", "certificates", "--class", code)["items"]]
    expect((number in found, len(found) >= len(items)), (True, True), "the certificate that was reissued")
    office.say("demo.reissued", day=CHANGED, code=code)


def correct_identity(office: Office) -> None:
    """更正证件 after 上报: with its scan; it goes up as 更正 and the former number stays searchable."""
    code, run = CLASSES[1].code, office.office.run
    person = run("list", "trainees", "--class", code)["items"][0]
    scan = write_scan(office.folder / "更正证件.png", "更正证件")
    kept = run("evidence", "add", str(scan), "--kind", "id_card", "--trainee", person["id"], "--class", code)
    said = ("--scan", kept["evidence"], "--reason", "与居民身份证核对，原登记号码有误")
    run("trainee", "rename", person["id"], f"document_number={CORRECTED_NUMBER}", *said)
    expect(run("trainee", "history", person["id"])["total"], 1, "former identities")
    office.say("demo.corrected", day=CHANGED, code=code)


def write_roster(path: Path, people: Sequence[tuple[str, str]], day: date) -> Path:
    """Write a roster as CSV; return the file."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["序号", "姓名", "公民身份号码", "人员类别", "重点群体类型", "联系电话", "报名日期"])
        for place, (name, number) in enumerate(people, 1):
            phone = f"1390000{6000 + int(number[-5:-1]) % 4000:04d}"
            writer.writerow([place, name, number, "社会重点群体", "城镇登记失业人员", phone, day.isoformat()])
    return path


def _state(office: Office) -> str:
    (track,) = office.office.run("project", "show", PROJECT)["standings"]
    return str(track["state"])


def _plan(day: date) -> tuple[str, ...]:
    what = ("--date", day.isoformat(), "--start", "14:00", "--end", "17:20", "--hours", str(HOURS))
    return (*what, "--content", "低压线路安装", "--place", "实训楼 A101", "--teacher", TEACHER)


def _person(office: Office, name: str) -> str:
    items = office.office.run("list", "trainees", "--class", CODE)["items"]
    return str(next(one["id"] for one in items if one["name"] == name))


def _row(office: Office, code: str, trainee: str) -> Any:  # noqa: ANN401 - JSON
    rows = office.office.run("list", "attendance", "--class", code)["items"]
    return next(row for row in rows if row["trainee"] == trainee)


def _level_scores(office: Office, code: str) -> list[Any]:
    items = office.office.run("list", "scores", "--class", code)["items"]
    return [one for one in items if one["kind"] == "level"]


def _failed(office: Office, code: str) -> Any:  # noqa: ANN401 - JSON
    return next(one for one in _level_scores(office, code) if one["conclusion"] == "failed")
