"""The end of the demo's year: a class examined, claimed for, paid; a flag raised and disposed of; report and pool."""

from __future__ import annotations

import csv
import json
from datetime import date
from typing import Any

from desktop_app.cli.demo import checks, paper_checks
from desktop_app.cli.demo.driver import expect
from desktop_app.cli.demo.facts import CLASSES
from desktop_app.cli.demo.office import HEAD, PASSWORDS, Office
from desktop_app.cli.demo.scans import write_scan
from desktop_app.cli.demo.turns import CODE, LATECOMER, PEOPLE, RESIT_PASSED, TEACHER

EXAMINED, CERTIFIED = date(2020, 12, 30), date(2021, 1, 4)
CLAIMED, NOTICED, SUBMITTED = date(2021, 1, 5), date(2021, 1, 12), date(2021, 1, 13)
DECIDED, PAID, REPORTED = date(2021, 1, 20), date(2021, 1, 25), date(2021, 1, 28)
STAFF = ("王芳:organising:full", "李敏:assessing:part", "赵强:placing:part")
OPENING = ("channel=skill_action", "head=周主任", "contact=李敏", "phone=027-87654321")
CLAIM = ("--class", CODE, "--channel", "skill_action")
PAID_PERSON, ELSEWHERE_PERSON = PEOPLE[0], PEOPLE[2]
PASSED = (PAID_PERSON[0], ELSEWHERE_PERSON[0])
RESULTS = {
    PAID_PERSON[0]: (82, 78),
    ELSEWHERE_PERSON[0]: (75, 80),
    PEOPLE[3][0]: (66, 52),
    LATECOMER[0]: (58, 61),
}
AMOUNT, SESSIONS_HELD = 120_000, 4
INCOME, COST, POOL, YEAR = 10_000_000, 6_000_000, 1_600_000, "2020"
DOCUMENT = "武人社〔2020〕21号"
ACCOUNT = "6222021234567890128"
INSTITUTION, OTHER_INSTITUTION = "湖北江城职业技术学院", "12420500420307180F"
ORGANISATION = "湖北楚才职业技能评价中心"


def file_class(office: Office, code: str = CODE) -> None:
    """开班备案 of a class: channel, duties, who answers for it."""
    staff = [word for member in STAFF for word in ("--staff", member)]
    office.office.run("class", "prepare", code, *OPENING, *staff)
    expect(office.office.run("class", "file", code)["state"], "filed", f"备案 of {code}")


def open_class(office: Office, code: str = CODE) -> None:
    """开训 on the day of the first session."""
    expect(office.office.run("class", "open", code)["state"], "running", f"开训 of {code}")


def examine(office: Office) -> None:
    """结课, 报考, and the results of the 评价组织: two pass."""
    run = office.office.run
    run("class", "finish", CODE)
    ids = {one["name"]: one["id"] for one in run("list", "trainees", "--class", CODE)["items"]}
    when = ("--class", CODE, "--date", EXAMINED.isoformat())
    run("exam", "open", *when, "--organisation", ORGANISATION)
    run("class", "assess", CODE)
    run("exam", "schedule", *when, "--time", "09:00", "--place", "考评站一号考场")
    absent = ("--trainee", office.summary["transferred"], "--reason", "考试当日未到场")
    run("exam", "miss", *when, *absent)
    file = office.folder / f"等级考核-{CODE}.csv"
    with file.open("w", encoding="utf-8-sig", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(["序号", "姓名", "准考证号", "理论", "实操"])
        for place, (name, scores) in enumerate(RESULTS.items(), 1):
            writer.writerow([place, name, f"4201{place:04d}", *scores])
    done = run("import", "scores", str(file), *when)
    expect((done["rows"], done["bad"]), (len(RESULTS), 0), f"results of {CODE}")
    found = [one for one in run("list", "scores", "--class", CODE)["items"] if one["conclusion"] == "passed"]
    expect(sorted(one["name"] for one in found), sorted(PASSED), f"passes of {CODE}")
    office.summary["ids"] = ids
    office.say("demo.examined", day=EXAMINED, code=CODE, count=len(found))


def certify(office: Office) -> None:
    """Certificates, guidance and 结业 of the class."""
    run, ids = office.office.run, office.summary["ids"]
    for place, name in enumerate(PASSED, 1):
        number = ("--number", f"S000042013009204{place:06d}", "--date", CERTIFIED.isoformat())
        run("certificate", "issue", "--class", CODE, "--trainee", ids[name], *number)
    for trainee in ids.values():
        run("guidance", "record", "--class", CODE, "--trainee", trainee, "--kind", "career")
    passed = [ids[name] for name in PASSED]
    others = [ids[name] for name in RESULTS if name not in PASSED] + [office.summary["transferred"]]
    run("enrolment", "complete", "--class", CODE, "--trainee", *passed)
    run("enrolment", "fail", "--class", CODE, "--trainee", *others, "--reason", "等级考核未合格")
    run("class", "complete", CODE)
    office.say("demo.completed", day=CERTIFIED, code=CODE, count=len(PASSED))


def draft_claim(office: Office) -> None:
    """The head gets an account; amounts come by policy file; the claim is drafted and says what it lacks."""
    office.admin.run(
        "user", "add", HEAD, "--display", "周主任", "--roles", "head", new_password=PASSWORDS[HEAD]
    )
    policy = office.folder / "补贴政策.json"
    content = {
        "document": DOCUMENT,
        "from": "2020-01-01",
        "parameters": [
            {"code": "subsidy_amounts", "value": [{"trade": "电工", "level": "skill5", "fen": AMOUNT}]},
            {"code": "attendance_rate", "value": 8000},
            {"code": "notice_working_days", "value": 5},
        ],
    }
    policy.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    office.admin.run("policy", "import", str(policy))
    run, ids = office.office.run, office.summary["ids"]
    for name in PASSED:
        who = ("--class", CODE, "--trainee", ids[name])
        run("trainee", "facts", ids[name], "groups=unemployed")
        run("enrolment", "choose", *who, "--group", "unemployed", "--ground", "household")
    drafted = run("claim", "draft", *CLAIM)
    expect((drafted["people"], drafted["money"]["claimed"]), (len(PASSED), len(PASSED) * AMOUNT), "the draft")
    expect(
        office.office.refused("claim", "review", *CLAIM), "CLAIM_PAPER_MISSING", "a claim without its papers"
    )
    office.say("demo.claim_drafted", day=CLAIMED, code=CODE, count=len(PASSED))


def complete_pack(office: Office) -> None:
    """The papers of the pack; one account for two people raises a 阻断 flag, which the head disposes of."""
    run, ids = office.office.run, office.summary["ids"]
    for name in PASSED:
        for kind in ("id_card", "employment_book", "commitment"):
            scan = write_scan(office.folder / f"{kind}-{name}.png", f"{name}{kind}")
            run(
                "evidence",
                "add",
                str(scan),
                "--kind",
                kind,
                "--class",
                CODE,
                "--trainee",
                ids[name],
                "--number",
                "鄂失2020001",
            )
    filing = write_scan(office.folder / "开班备案.png", "开班备案")
    run("evidence", "add", str(filing), "--kind", "filing", "--class", CODE)
    for session in run("list", "sessions", "--class", CODE)["items"]:
        number = str(session["number"])
        sheet = write_scan(office.folder / f"签到表-{number}.png", f"签到表{number}")
        run("evidence", "add", str(sheet), "--kind", "sign_in", "--class", CODE, "--session", number)
    run("claim", "payee", *CLAIM, "--kind", "person", "--paper", "缴费票据")
    for name in PASSED:
        account = (
            "--holder",
            name,
            "--bank",
            "中国工商银行武汉珞喻路支行",
            "--account",
            ACCOUNT,
            "--paper",
            "票据2020-1",
        )
        run("claim", "payee", *CLAIM, "--kind", "person", "--trainee", ids[name], *account)
    found = run("risk", "list", "--class", CODE)["items"]
    (flag,) = [one for one in found if one["blocks"]]
    expect(flag["kind"], "account_shared", "the flag on one account for two")
    expect(
        office.office.refused("claim", "review", *CLAIM), "CLAIM_FLAGGED", "a claim with an open 阻断 flag"
    )
    office.head.run("risk", "dispose", flag["id"], "--reason", "两人系夫妻，已核对结婚证，同意共用账户")
    expect(run("risk", "list", "--class", CODE)["blocking"], 0, "open 阻断 flags")
    run("claim", "review", *CLAIM)
    expect(office.head.run("claim", "approve", *CLAIM)["state"], "checked", "校内审核 of the claim")
    place = ("--publisher", INSTITUTION, "--place", "学院公告栏", "--phone", "027-87654321")
    days = ("--from", CLAIMED.isoformat(), "--until", NOTICED.isoformat())
    run("claim", "publish", *CLAIM, *place, *days)
    office.say("demo.flagged", day=CLAIMED, code=CODE)


def submit_claim(office: Office) -> None:
    """The claim goes up with 结业; the platform knows of one person's training at another institution."""
    training = ("--number", ELSEWHERE_PERSON[1], "--trade", "电工", "--level", "skill5")
    office.platform.act("claim", "register", "--uscc", OTHER_INSTITUTION, *training)
    office.office.run("claim", "submit", *CLAIM)
    found = office.admin.run("batch", "preflight")
    expect([one for one in found["problems"] if one["severity"] == "error"], [], "pre-flight of the claim")
    office.admin.run("batch", "seal", "--reason", "结业与补贴申报")
    pushed = office.admin.run("batch", "push")
    (rejected,) = office.admin.run("batch", "receipt", pushed["batch"])["rejected"]
    refusal = (rejected["code"], rejected["subject"])
    expect(
        refusal, ("CLAIM_TRAINED_ELSEWHERE", ELSEWHERE_PERSON[0]), "what the platform rejects of the claim"
    )
    checks.same_as_platform(office)
    office.say("demo.claim_submitted", day=SUBMITTED, code=CODE, message=rejected["message"])


def decide_and_pay(office: Office) -> None:
    """核准 and 拨付 come by pull; the money adds up on both sides."""
    key = str(_claim(office)["key"])
    decided = ("--document", "武人社核〔2021〕3号", "--on", DECIDED.isoformat())
    office.admin.run("sync")  # the evidence follows the records; without it nothing is approved
    expect(office.platform.act("claim", "approve", key, *decided)["people"], 1, "people approved")
    paid = office.platform.act(
        "claim", "pay", key, "--document", "武财拨〔2021〕9号", "--on", PAID.isoformat()
    )
    office.admin.run("pull")
    claim = _claim(office)
    money = claim["money"]
    expect((claim["state"], money["paid"], paid["fen"]), ("paid", AMOUNT, AMOUNT), "the money of the claim")
    expect(money["approved"] + money["refused"], money["claimed"], "approved, and refused by the platform")
    office.say("demo.claim_paid", day=PAID, code=CODE, amount=f"{AMOUNT / 100:,.2f}")


def _proof(office: Office, key: str) -> Any:  # noqa: ANN401 - JSON
    """Let the platform hand out the proof of the claim, and a third party check it with the public key alone."""
    file = str(office.folder / "补贴证明.proof")
    shown = office.platform.act("export-claim", key, file)
    return office.platform.act("verify-claim", file, "--key", shown["key"])


def close_year(office: Office) -> None:
    """Annual report, ledger, pool and allocation; the claim's papers agree with the claim."""
    run, line = office.office.run, ("--class", CLASSES[2].code, "--date", "2020-12-28")
    run("performance", "income", *line, "--kind", "enterprise", "--fen", str(INCOME))
    run("performance", "cost", *line, "--kind", "teaching", "--fen", str(COST))
    found = run("performance", "show", "--year", YEAR)
    expect((found["pool"], found["capital"]), (POOL, "壹万陆仟元整"), "the pool of the year")
    run("performance", "allocate", "--year", YEAR, "--teacher", TEACHER, "--fen", str(POOL))
    report = run("performance", "report", "--year", YEAR)
    passed = sum(facts.passed for facts in CLASSES) + RESIT_PASSED + len(PASSED)
    expect((report["classes"], report["passed"]), (len(CLASSES) + 1, passed), "the annual report")
    count = _papers(office)
    office.summary["year_papers"] = count
    office.say("demo.year_closed", day=REPORTED, pool=f"{POOL / 100:,.2f}", count=count)


def _papers(office: Office) -> int:
    """Write the papers of the claim and of the year; the claim's totals are read back; return how many."""
    folder, run = office.papers, office.office.run
    folder.mkdir(parents=True, exist_ok=True)
    purpose = ("--purpose", "补贴申报")
    for kind in ("summary", "people", "notice", "lacks"):
        for ending in ("pdf", "xlsx"):
            file = folder / f"{CODE}-{kind}.{ending}"
            run("claim", "paper", kind, *CLAIM, "--out", str(file), *purpose)
            if ending == "xlsx" and kind != "lacks":
                paper_checks.claim_total(file, _claim(office)["money"]["claimed"])
    pack = run("claim", "pack", *CLAIM, "--out", str(folder / f"{CODE}-补贴申报材料.pdf"), *purpose)
    expect((pack["lacking"], pack["pages"] > len(pack["items"])), ([], True), "the claim's pack")
    for kind in ("annual", "pool"):
        run("performance", "paper", kind, "--year", YEAR, "--out", str(folder / f"{YEAR}-{kind}.pdf"))
    return len(list(folder.glob(f"{CODE}-*"))) + 2


def _claim(office: Office) -> Any:  # noqa: ANN401 - JSON
    return office.office.run("claim", "show", *CLAIM)
