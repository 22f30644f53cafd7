"""The weeks of the demo, one function a day, in the order of the calendar."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import resources
from desktop_app.cli.demo import checks, follow_up, turns, year
from desktop_app.cli.demo.certificate_files import write_certificates
from desktop_app.cli.demo.driver import DemoError, expect
from desktop_app.cli.demo.facts import CLASSES, SESSIONS, ClassFacts
from desktop_app.cli.demo.office import ADMIN, OFFICE, PASSWORDS, TEACHER, Office

SET_UP_DAY = turns.DRAFTED
FIRST_DAY = date(2020, 11, 2)
EXAM_DAY = date(2020, 12, 12)
ISSUE_DAY = date(2020, 12, 25)
LAST_DAY = date(2020, 12, 28)
TEACHER_NAME = "张文斌"


def live(office: Office, on_a_day: Callable[[date], None], at_the_end: Callable[[date], None]) -> None:
    """Live through all days; the two are called on a day with sessions, and on the last one."""
    days: dict[date, list[Callable[[Office], None]]] = {
        SET_UP_DAY: [first_run, join_platform, turns.draft_project],
        turns.RETURNED: [turns.return_project],
        turns.PASSED: [turns.pass_project],
        FIRST_DAY: [take_in_classes, take_back_and_again, file_and_admit],
        FIRST_DAY + timedelta(days=1): [report_rosters],
        date(2020, 11, 24): [lambda _: on_a_day(date(2020, 11, 24))],
        EXAM_DAY: [take_in_results],
        turns.OPENED: [turns.open_class, year.file_class],
        turns.TRANSFERRED: [year.open_class, turns.transfer],
        turns.JOINED: [turns.join_late],
        turns.PLANNED[1]: [turns.call_off],
        turns.LEFT: [turns.substitute_and_withdraw],
        turns.MADE_UP: [turns.make_up],
        turns.RESIT: [turns.resit],
        turns.ENDED: [turns.end_class],
        ISSUE_DAY: [take_in_certificates],
        ISSUE_DAY + timedelta(days=1): [report_the_rest, mend_the_rejected],
        LAST_DAY: [
            change_after_acceptance,
            turns.reissue,
            turns.correct_identity,
            report_corrections,
        ],
        year.EXAMINED: [year.examine],
        year.CERTIFIED: [year.certify],
        year.CLAIMED: [year.draft_claim, year.complete_pack],
        year.SUBMITTED: [year.submit_claim],
        year.PAID: [year.decide_and_pay],
        follow_up.ORDERED: [follow_up.answer_order, follow_up.follow_up],
        follow_up.CLOSED: [follow_up.close_order],
        year.REPORTED: [year.close_year, write_the_rest, lambda _: at_the_end(year.REPORTED)],
    }
    for facts in CLASSES:
        days.setdefault(facts.first_session, []).append(
            lambda there, facts=facts: year.open_class(there, facts.code)  # type: ignore[misc]
        )
        days.setdefault(facts.last_session + timedelta(days=1), []).append(
            lambda there, facts=facts: take_in_attendance(there, facts)  # type: ignore[misc]
        )
    days.setdefault(CLASSES[0].last_session + timedelta(days=1), []).append(score_completion)
    day = SET_UP_DAY
    while day <= year.REPORTED:
        office.clock.set(day)
        for act in days.get(day, []):
            act(office)
        day += timedelta(days=1)


def write_the_rest(office: Office) -> None:
    """Write the papers that no report sends."""
    office.summary["year_papers"] += follow_up.write_papers(office)


def workbook(kind: str, facts: ClassFacts) -> str:
    """Return the path of one of the twelve workbooks."""
    return str(resources.path("demo", f"{kind}-{facts.suffix}.xlsx"))


def first_run(office: Office) -> None:
    """First run: institution, first administrator, recovery code, an office user."""
    institution = resources.load_json("demo", "platform.json")["institutions"][0]
    answer = office.admin.run(
        "init",
        "--institution",
        institution["name"],
        "--uscc",
        institution["uscc"],
        "--region",
        institution["region"],
        "--kind",
        institution["kind"],
        "--demo",
        new_password=PASSWORDS[ADMIN],
    )
    if not answer["recovery_code"]:
        raise DemoError("no recovery code")
    office.admin.run(
        "user", "add", OFFICE, "--display", "李敏", "--roles", "office", new_password=PASSWORDS[OFFICE]
    )
    office.say("demo.first_run", day=SET_UP_DAY, institution=institution["name"], admin=ADMIN, office=OFFICE)


def join_platform(office: Office) -> None:
    """Start and seed the platform, register this workstation with a one-time code, pull the catalogue."""
    uscc = resources.load_json("demo", "platform.json")["institutions"][0]["uscc"]
    office.platform.act("seed", str(resources.path("demo", "platform.json")))
    office.platform.start()
    code = office.platform.act("device", "code", "--uscc", uscc)["code"]
    office.admin.run("platform", "join", "--url", office.platform.url, "--code", code)
    office.admin.run("pull")
    found = office.office.run("list", "projects")
    expect(found["total"], len(CLASSES) + 1, "projects pulled")
    office.say("demo.joined", day=SET_UP_DAY, url=office.platform.url, count=found["total"])


def take_in_classes(office: Office) -> None:
    """Create three classes; rosters and timetables, dry run first, then for good."""
    projects = {item["trade"]: item["code"] for item in office.office.run("list", "projects")["items"]}
    for facts in CLASSES:
        office.office.run(
            "class", "create", "--code", facts.code, "--project", projects[facts.trade], "--adviser", OFFICE
        )
        for kind, file, rows in (("timetable", "课程表", SESSIONS), ("roster", "花名册", facts.people)):
            before = office.admin.run("state-hash")["hash"]
            path = workbook(file, facts)
            tried = office.office.run("import", kind, path, "--class", facts.code, "--dry-run")
            expect(office.admin.run("state-hash")["hash"], before, "a dry run changes nothing")
            office.summary["values"] = office.admin.run("state-hash", "--values")["hash"]
            done = office.office.run("import", kind, path, "--class", facts.code)
            expect((done["rows"], done["new"], done["bad"]), (rows, rows, 0), f"{file} {facts.code}")
            expect(done["new"], tried["new"], "import does what the dry run said")
            office.summary["imported"] = office.admin.run("state-hash", "--values")["hash"]
    office.say("demo.classes", day=FIRST_DAY)
    checks.people(office.office)


def take_back_and_again(office: Office) -> None:
    """Undo the last roster's import and redo it; what users see is as before it and as after it."""
    facts = CLASSES[-1]
    before, after = office.summary["values"], office.summary["imported"]
    office.office.run("undo")
    undone = office.admin.read("state-hash", "--values")
    people = sum(one.people for one in CLASSES[:-1])
    expect((undone["hash"], undone["records"]["trainee"]), (before, people), "values after undo")
    office.office.run("redo")
    redone = office.admin.read("state-hash", "--values")
    expect(
        (redone["hash"], redone["records"]["trainee"]), (after, people + facts.people), "values after redo"
    )
    again = office.office.run("import", "roster", workbook("花名册", facts), "--class", facts.code)
    expect((again["new"], again["changed"]), (0, 0), "a second import of the same roster")
    office.say("demo.undone", day=FIRST_DAY)


def file_and_admit(office: Office) -> None:
    """开班备案 of the three classes, and the account of a teacher whom a timetable has brought."""
    for facts in CLASSES:
        year.file_class(office, facts.code)
    office.admin.run(
        "user",
        "add",
        TEACHER,
        "--display",
        TEACHER_NAME,
        "--roles",
        "teacher",
        "--teacher",
        TEACHER_NAME,
        new_password=PASSWORDS[TEACHER],
    )


def report_rosters(office: Office) -> None:
    """Pre-flight, seal and push openings and rosters; all records are accepted."""
    found = office.admin.run("batch", "preflight")
    expect([one for one in found["problems"] if one["severity"] == "error"], [], "pre-flight of the rosters")
    sealed = office.admin.run("batch", "seal", "--kind", "opening", "--kind", "roster")
    pushed = office.admin.run("batch", "push")
    expect((pushed["sent"], pushed["rejected"]), (sealed["records"], 0), "rosters accepted")
    checks.same_as_platform(office)
    office.say(
        "demo.rosters_reported",
        day=FIRST_DAY + timedelta(days=1),
        sent=pushed["sent"],
        accepted=pushed["accepted"],
    )


def take_in_attendance(office: Office, facts: ClassFacts) -> None:
    """Attendance of a class after its last session; a few marks are corrected by hand with a reason."""
    path = workbook("考勤表", facts)
    options = ("--class", facts.code, "--same-names", "number")
    tried = office.office.run("import", "attendance", path, *options, "--dry-run")
    done = office.office.run("import", "attendance", path, *options)
    expect((done["bad"], done["new"]), (0, tried["new"]), f"attendance of {facts.code}")
    rows = office.office.run("list", "attendance", "--class", facts.code)["items"]
    late = [
        (row["trainee"], mark["session"]) for row in rows for mark in row["marks"] if mark["status"] == "late"
    ]
    for trainee, session in late[:2]:
        office.office.run(
            "mark",
            "--class",
            facts.code,
            "--session",
            str(session),
            "--trainee",
            trainee,
            "early",
            "--reason",
            "与纸质签到表核对，应为早退",
        )
    checks.attendance(office.office, facts)
    office.office.run("class", "finish", facts.code)
    office.say(
        "demo.attendance", day=facts.last_session + timedelta(days=1), code=facts.code, count=len(late[:2])
    )


def score_completion(office: Office) -> None:
    """The teacher types the 结业考核 of the own class and locks it; another's attempt is refused."""
    facts = CLASSES[0]
    items = office.office.run("list", "scores", "--class", facts.code)["items"]
    expect(items, [], "no scores before the first are typed")
    people = office.office.run("list", "trainees", "--class", facts.code)["items"]
    expect(
        office.office.refused(
            "score", "enter", "--class", facts.code, "--trainee", people[0]["id"], "theory=80"
        ),
        "NOT_PERMITTED",
        "the office cannot type a teacher's scores",
    )
    for place, person in enumerate(people):
        score = 70 + place * 7 % 29
        office.teacher.run(
            "score",
            "enter",
            "--class",
            facts.code,
            "--trainee",
            person["id"],
            f"theory={score}",
            f"practice={score - 5}",
        )
    office.teacher.run("score", "lock", "--class", facts.code)
    office.say(
        "demo.completion", day=facts.last_session + timedelta(days=1), code=facts.code, teacher=TEACHER_NAME
    )


def take_in_results(office: Office) -> None:
    """Results of the 职业技能等级考核 come from the 评价组织's files; one name is put right by hand."""
    for facts in CLASSES:
        path = workbook("成绩", facts)
        office.office.run("import", "scores", path, "--class", facts.code, "--dry-run")
        done = office.office.run(
            "import", "scores", path, "--class", facts.code, "--date", EXAM_DAY.isoformat()
        )
        expect((done["rows"], done["bad"]), (facts.people, 0), f"results of {facts.code}")
        checks.scores(office.office, facts)
        office.office.run("class", "assess", facts.code)
    person = next(
        item
        for item in office.office.run("list", "trainees", "--class", CLASSES[1].code)["items"]
        if item["name"] == "武涵琳"
    )
    office.office.run(
        "trainee", "edit", person["id"], "name=武涵林", "--reason", "与身份证核对，姓名用字更正"
    )
    checks.below_limit(office.office)
    office.say("demo.results", day=EXAM_DAY)


def take_in_certificates(office: Office) -> None:
    """Certificate numbers of those who passed; one of them is known to another institution."""
    taken = resources.load_json("demo", "platform.json")["certificate_numbers"][0]["number"]
    for place, facts in enumerate(CLASSES, 1):
        items = office.office.run("list", "scores", "--class", facts.code)["items"]
        passed = [item for item in items if item["kind"] == "level" and item["conclusion"] == "passed"]
        wanted = facts.passed + (turns.RESIT_PASSED if facts.code == turns.RESIT_CLASS else 0)
        expect(len(passed), wanted, f"passes of {facts.code}")
        file = office.folder / f"证书-{facts.code}.csv"
        write_certificates(file, passed, place, ISSUE_DAY, taken if facts is CLASSES[1] else None)
        done = office.office.run("import", "certificates", str(file), "--class", facts.code)
        expect((done["new"], done["bad"]), (wanted, 0), f"certificates of {facts.code}")
    count = sum(facts.passed for facts in CLASSES) + turns.RESIT_PASSED
    office.say("demo.certificates", day=ISSUE_DAY, count=count)


def report_the_rest(office: Office) -> None:
    """All other reports; the platform rejects the one record that only it can judge."""
    found = office.admin.run("batch", "preflight")
    errors = [one for one in found["problems"] if one["severity"] == "error"]
    expect(errors, [], "pre-flight finds nothing wrong")
    office.admin.run("batch", "seal", "--reason", "更正一名学员姓名用字")
    pushed = office.admin.run("batch", "push")
    expect(pushed["rejected"], 1, "records rejected by the platform")
    checks.same_as_platform(office)
    office.summary["pushed"] = pushed["sent"]
    day = ISSUE_DAY + timedelta(days=1)
    office.say(
        "demo.reported",
        day=day,
        sent=pushed["sent"],
        accepted=pushed["accepted"],
        rejected=pushed["rejected"],
    )


def mend_the_rejected(office: Office) -> None:
    """The rejected record stands in the work list; it is corrected and the next batch is accepted."""
    batch = office.admin.run("list", "batches")["items"][0]
    waiting = office.admin.run("batch", "receipt", batch["id"])["rejected"]
    expect(len(waiting), 1, "records in the work list")
    rejected = waiting[0]
    expect(rejected["kind"], "certificate", "kind of the rejected record")
    office.say("demo.rejected", code=rejected["class"], message=rejected["message"])
    found = next(
        item
        for item in office.office.run("list", "certificates", "--class", rejected["class"])["items"]
        if item["id"] == rejected["id"]
    )
    number = found["number"][:-3] + f"{(int(found['number'][-3:]) + 500) % 1000:03d}"
    office.office.run(
        "certificate", "edit", found["id"], f"number={number}", "--reason", "按评价组织更正函更正证书编号"
    )
    office.admin.run("batch", "seal")
    pushed = office.admin.run("batch", "push")
    expect((pushed["sent"], pushed["rejected"]), (1, 0), "the corrected record is accepted")
    expect(office.admin.run("batch", "receipt", pushed["batch"])["rejected"], [], "the work list is empty")
    checks.same_as_platform(office)
    office.say("demo.mended", day=ISSUE_DAY + timedelta(days=1))


def change_after_acceptance(office: Office) -> None:
    """An edit after acceptance shows as 上报后变更 1 项."""
    facts = CLASSES[0]
    person = office.office.run("list", "trainees", "--class", facts.code)["items"][0]
    office.office.run("trainee", "edit", person["id"], "phone=13900001234")
    reports = office.admin.read("list", "reports", "--class", facts.code)["items"]
    roster = next(item for item in reports if item["kind"] == "roster")
    expect((roster["state"], roster["changed"]), ("changed", 1), "changes after acceptance")
    office.say("demo.changed", day=LAST_DAY, code=facts.code, count=roster["changed"])


def report_corrections(office: Office) -> None:
    """What changed after acceptance goes up as 更正 by file, as from a place without a network, and is all accepted."""
    sealed = office.admin.run("batch", "seal", "--reason", "补发证书一本，更正证件号码一人，更正电话一人")
    out, back = office.folder / "batch.tpb", office.folder / "receipt.tpr"
    office.admin.run("batch", "export", sealed["batch"], str(out))
    taken = office.platform.act("batch", "import", str(out), "--demo", "--receipt", str(back))
    expect(taken["again"], False, "the platform takes the batch file for the first time")
    again = office.platform.act("batch", "import", str(out), "--demo", "--receipt", str(back))
    expect((again["again"], again["accepted"]), (True, taken["accepted"]), "the same batch file once more")
    received = office.admin.run("batch", "import-receipt", str(back))
    sent = received["sent"]
    expect((sent >= turns.CORRECTED, received["rejected"]), (True, 0), "corrections accepted")
    expect((sent, taken["rejected"]), (sealed["records"], 0), "what the batch file held")
    checks.same_as_platform(office)
    office.say("demo.corrections_reported", day=LAST_DAY, sent=sent)
