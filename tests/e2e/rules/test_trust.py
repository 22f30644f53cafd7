"""督导与风险 and 就业 (六.3, 四.4): R31, R32, R36, R37, R38."""

from __future__ import annotations

from datetime import date

import pytest

from tests.e2e.rules.claims import published
from tests.e2e.rules.departments import departments
from tests.e2e.rules.graduates import FAILED, PASSED, examined
from tests.e2e.rules.people import CLASS, PERSON, PROJECT, enrolled, open_class
from tests.factories.command_line import CommandLine
from tests.factories.pictures import jpeg
from tests.factories.profiles import ADMIN, AUDITOR, HEAD, INSTITUTION, LAST_DAY, PASSWORD

DEPARTMENT = ("--uscc", INSTITUTION.uscc, "--department", "江城市人社局", "--on", "2020-12-01")
OTHER_CLASS = "电工2020-10班"


def causes(error, rule):
    return [one["code"] for one in error.get("causes", []) if one["rule"] == rule]


def test_r31_an_order_is_answered_a_cut_blocks_and_the_disqualified_open_nothing(client, tmp_path):
    open_class(client)
    client.set_day(LAST_DAY)
    with departments(client, tmp_path) as department:

        def supervise(kind: str, document: str, *more: object) -> str:
            event = department.act("supervise", kind, *DEPARTMENT, "--document", document, *more)["event"]
            client.run("pull", user=ADMIN)
            return str(event)

        reversed_words = (
            "supervise",
            "order",
            *DEPARTMENT,
            "--document",
            "督1号",
            "--requirement",
            "补签到表",
        )
        assert department.refused(*reversed_words, "--deadline", "2020-11-30") == "DEADLINE_REVERSED"
        order = supervise("order", "督1号", "--requirement", "补签到表", "--deadline", "2020-12-20")
        (item,) = client.run("supervision", "list")["items"]
        assert (item["standing"], item["deadline"]) == ("overdue", "2020-12-20")
        reply = ("supervision", "reply", order, "--measures", "已补签到表", "--responsible", "王主任")
        assert client.violates("R31", *reply, "--date", "2020-11-30", names=("督1号",)) == "REPLY_DATE"
        assert client.warned("R31", *reply) == ["REPLY_LATE", "REPLY_WITHOUT_EVIDENCE"]
        proof = tmp_path / "签到表.jpg"
        proof.write_bytes(jpeg("补签到表"))
        client.run("supervision", "attach", order, proof)
        assert client.warned("R31", *reply) == ["REPLY_LATE"]
        assert client.run("supervision", "paper", order, "--out", tmp_path / "整改.pdf")["bytes"] > 1000
        department.report("--kind", "rectification")
        assert client.run("supervision", "list")["items"][0]["standing"] == "replied"
        supervise("close", "督1-1号", "--order", order)
        assert client.run("supervision", "list")["items"][0]["standing"] == "closed"
        cut = supervise("cut", "督2号", "--year", 2020, "--classes", 0)
        words = ("class", "file", CLASS)
        assert client.violates("R31", *words, names=(CLASS, "督2号", "2020")) == "QUOTA_CLASSES"
        supervise("close", "督2-1号", "--order", cut)
        ban = supervise("disqualify", "督3号")
        assert client.violates("R31", *words, names=(CLASS, "督3号")) == "DISQUALIFIED"
        supervise("close", "督3-1号", "--order", ban)
        assert causes(client.refusal(*words), "R31") == []


def test_r32_rates_below_their_line_are_warned_of(client, tmp_path):
    examined(client, tmp_path)
    assert client.run("employment", "warnings")["total"] == 0
    line = ("policy", "set", "pass_rate_warning")
    client.run(*line, "50%", "--from", "2020-11-01", user=ADMIN)
    assert client.run("employment", "warnings")["total"] == 0
    client.run(*line, "50.01%", "--from", "2020-11-02", user=ADMIN)
    found = client.run("employment", "warnings")["items"]
    assert [(one["code"], one["subject"]) for one in found] == [
        ("PASS_RATE_LOW", INSTITUTION.name),
        ("PASS_RATE_LOW", CLASS),
    ]
    assert found[1]["rate"] == "50.0% (1/2)"


def test_r36_work_counts_with_proof_that_is_no_older_than_the_training(client, tmp_path):
    found = examined(client, tmp_path)
    record = ("employment", "record", *found.of(PASSED), "--status", "employed", "--employer", "东风电气")
    proof = (*record, "--voucher", "contract", "--voucher-date")
    assert (
        client.violates("R36", *proof, "2020-11-02", names=(PASSED, CLASS, "2020-11-02")) == "VOUCHER_TOO_OLD"
    )
    assert client.warned("R36", *record) == ["VOUCHER_MISSING"]
    assert client.warned("R36", *proof, "2020-11-20") == []
    listed = client.run("employment", "list", "--class", CLASS)
    assert (listed["employment"]["text"], listed["employment"]["base"]) == ("—", 0)
    for name in (PASSED, FAILED):
        client.run("enrolment", "complete", *found.of(name))
    listed = client.run("employment", "list", "--class", CLASS)
    assert listed["employment"]["text"] == "50.0% (1/2)"
    assert listed["retention"]["text"] == "—"
    assert (
        client.run("employment", "paper", "--class", CLASS, "--out", tmp_path / "就业.xlsx")["bytes"] > 1000
    )
    client.run("employment", "remove", *found.of(PASSED), "--month", "2020-12", "--reason", "填错了人")
    assert client.run("employment", "list", "--class", CLASS)["employment"]["count"] == 0


def test_r37_who_joins_a_second_class_at_once_is_warned_of_and_listed(client, tmp_path):
    person = enrolled(client, tmp_path)
    client.run("class", "create", "--code", OTHER_CLASS, "--start", "2020-11-03", "--project", PROJECT)
    words = ("--class", OTHER_CLASS, "--trainee", person.trainee)
    client.run("enrolment", "apply", *words, "--consent", "--sensitive")
    assert client.run("risk", "list")["hints"] == 0
    assert client.warned("R37", "enrolment", "admit", *words) == ["CLASSES_OVERLAP"]
    (flag,) = client.run("risk", "list")["items"]
    assert (flag["kind"], flag["blocks"], flag["facts"]["name"]) == ("classes_overlap", False, PERSON)


def test_r37_one_training_has_one_channel_and_a_year_its_limit(client, tmp_path):
    found = published(client, tmp_path)
    limit = ("policy", "set", "yearly_subsidies", "1", "--from", "2020-01-01")
    client.run(*limit, "--document", "鄂人社函〔2020〕9号", user=ADMIN)
    other = ("--class", CLASS, "--channel", "employment_fund")
    client.run("claim", "draft", *other)
    client.run("claim", "add", *other, "--trainee", found.people[PASSED])
    names = (PASSED, CLASS, "就业补助资金", "专账", "1 次")
    assert client.violates("R37", "claim", "review", *other, names=names) == "CHANNEL_TWICE"


@pytest.fixture
def twice(client: CommandLine, tmp_path, monkeypatch) -> CommandLine:
    """Somebody who is marked there in two classes at one time, by the office."""
    person = enrolled(client, tmp_path)
    client.run("class", "create", "--code", OTHER_CLASS, "--start", "2020-11-03", "--project", PROJECT)
    times = ("--start", "14:00", "--end", "17:20", "--hours", "4", "--content", "直流电路")
    for code, teacher in ((CLASS, "陈志强"), (OTHER_CLASS, "周敏")):
        client.run("session", "add", "--class", code, "--date", "2020-11-10", *times, "--teacher", teacher)
    words = ("--class", OTHER_CLASS, "--trainee", person.trainee)
    client.run("enrolment", "apply", *words, "--consent", "--sensitive")
    client.run("enrolment", "admit", *words)
    client.set_day(date(2020, 11, 11))
    mark = ("mark", "--session", 1, "--trainee", person.trainee, "present", "--class")
    monkeypatch.setenv("TRAINING_CLIENT_NEW_PASSWORD", PASSWORD)
    client.run("user", "add", "jianren", "--display", "兼任", "--roles", "office,head", user=ADMIN)
    client.run(*mark, CLASS, user="jianren")
    client.run(*mark, OTHER_CLASS)
    return client


def test_r38_a_person_in_two_places_blocks_until_somebody_else_disposes_of_it(twice):
    listed = twice.run("risk", "list", user=HEAD)
    flag = next(one for one in listed["items"] if one["kind"] == "person_twice")
    assert (listed["blocking"], flag["facts"]["name"]) == (1, PERSON)
    assert {one["entity"] for one in flag["evidence"]} == {"session", "trainee"}
    assert twice.run("list", "risks", user=HEAD)["items"] == listed["items"]
    dispose = ("risk", "dispose", flag["id"], "--reason", "第二处为误点")
    assert twice.refused(*dispose) == "NOT_PERMITTED"
    assert twice.refused("risk", "dispose", "ab" * 16, "--reason", "无", user=HEAD) == "FLAG_UNKNOWN"
    assert twice.violates("R38", *dispose, names=("录入",), user="jianren") == "FLAG_OWN_ENTRY"
    assert twice.refused(*dispose[:3], user=AUDITOR) == "REASON_MISSING"
    twice.run(*dispose, "--decision", "confirmed", user=AUDITOR)
    assert twice.run("risk", "list")["blocking"] == 1
    twice.run(*dispose, user=HEAD)
    assert twice.run("risk", "list")["blocking"] == 0
    (kept,) = (one for one in twice.run("risk", "list")["items"] if one["id"] == flag["id"])
    assert (kept["decision"], kept["authority"], kept["reason"]) == ("cleared", "head", "第二处为误点")


def test_r38_hints_are_for_the_office_with_a_reason(twice):
    flag = next(one for one in twice.run("risk", "list")["items"] if one["kind"] == "classes_overlap")
    dispose = ("risk", "dispose", flag["id"])
    assert twice.refused(*dispose, "--reason", "转班", user=HEAD) == "NOT_PERMITTED"
    assert twice.refused(*dispose) == "REASON_MISSING"
    twice.run(*dispose, "--reason", "两班日期错开半天")
    assert twice.run("risk", "list")["hints"] == 0
    twice.run("undo")
    assert twice.run("risk", "list")["hints"] == 1
