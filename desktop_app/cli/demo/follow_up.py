"""After the money: 督导 with its 整改回复, the first follow-up of employment, and the papers that no report sends."""

from __future__ import annotations

from datetime import date

import resources
from desktop_app.cli.demo import checks
from desktop_app.cli.demo.driver import expect
from desktop_app.cli.demo.office import Office
from desktop_app.cli.demo.scans import write_scan
from desktop_app.cli.demo.turns import CODE
from desktop_app.cli.demo.year import PAID_PERSON, PASSED

ORDERED, CLOSED = date(2021, 1, 26), date(2021, 1, 27)
DEADLINE, HIRED = date(2021, 2, 5), date(2021, 1, 15)
DEPARTMENT, ORDER = "武汉市人力资源和社会保障局", "武人社督〔2021〕2号"
EMPLOYER = ("--employer", "武汉长江电气有限公司", "--uscc", "91420100MA0000000Y", "--post", "维修电工")
CLASS_PAPERS = ("agreement", "commitment", "changes", "departures", "tickets", "exam-sign-in")
YEAR_PAPERS = ("monday", "teacher-hours", "statistics")


def answer_order(office: Office) -> None:
    """An order with a deadline comes by pull (六.3, R31); the office replies with evidence before it is over."""
    order = _act(
        office, "order", ORDERED, "--requirement", "补齐开班现场照片", "--deadline", DEADLINE.isoformat()
    )
    expect(_standing(office), "open", "the order that came")
    scan = write_scan(office.folder / "整改照片.png", "开班现场")
    office.office.run("supervision", "attach", order, str(scan))
    reply = ("--measures", "已补拍并归档开班现场照片", "--responsible", "王芳")
    office.office.run("supervision", "reply", order, *reply, "--date", ORDERED.isoformat())
    office.summary["order"] = order
    office.say("demo.ordered", day=ORDERED, document=ORDER, deadline=DEADLINE)


def follow_up(office: Office) -> None:
    """One of the two who completed is at work, with a contract: the rate shows its base (六.3, R36)."""
    who = ("--class", CODE, "--trainee", office.summary["ids"][PAID_PERSON[0]])
    contract = (
        "--voucher",
        "contract",
        "--voucher-number",
        "劳合2021-017",
        "--voucher-date",
        HIRED.isoformat(),
    )
    office.office.run("employment", "record", *who, "--status", "employed", *EMPLOYER, *contract)
    rate = office.office.run("employment", "list", "--class", CODE)["employment"]
    expect((rate["count"], rate["base"]), (1, len(PASSED)), "the employment rate and its base")
    office.admin.run("batch", "seal", "--kind", "employment", "--kind", "rectification")
    pushed = office.admin.run("batch", "push")
    expect((pushed["sent"] > 0, pushed["rejected"]), (True, 0), "the reply and the follow-up are accepted")
    checks.same_as_platform(office)
    office.say("demo.followed_up", day=ORDERED, code=CODE, count=rate["count"], base=rate["base"])


def close_order(office: Office) -> None:
    """The department closes the order."""
    _act(office, "close", CLOSED, "--order", office.summary["order"])
    expect(_standing(office), "closed", "the order once it is closed")
    office.say("demo.order_closed", day=CLOSED, document=ORDER)


def write_papers(office: Office) -> int:
    """Write what is signed, handed out or looked at, and never sent; return how many."""
    folder, run = office.papers, office.office.run
    for kind in CLASS_PAPERS:
        title = resources.text(f"papers.title.{kind}")
        run("paper", kind, "--class", CODE, "--out", str(folder / f"{CODE}-{title}.pdf"))
    run("employment", "paper", "--class", CODE, "--out", str(folder / f"{CODE}-就业跟踪表.pdf"))
    run("supervision", "paper", office.summary["order"], "--out", str(folder / "整改回复.pdf"))
    run("project", "catalogue", "--out", str(folder / "项目目录表.pdf"))
    for kind in YEAR_PAPERS:
        title = resources.text(f"papers.title.{kind}")
        run("statistics", "paper", kind, "--year", "2020", "--out", str(folder / f"2020-{title}.pdf"))
    return len(CLASS_PAPERS) + len(YEAR_PAPERS) + 3


def _act(office: Office, verb: str, day: date, *more: str) -> str:
    """Let the department act on a day, and pull what it says; return the key of its act."""
    uscc = resources.load_json("demo", "platform.json")["institutions"][0]["uscc"]
    words = ("--uscc", uscc, "--department", DEPARTMENT, "--document", ORDER, "--on", day.isoformat())
    event = office.platform.act("supervise", verb, *words, *more)["event"]
    office.admin.run("pull")
    return str(event)


def _standing(office: Office) -> str:
    (item,) = office.office.run("supervision", "list")["items"]
    return str(item["standing"])
