"""R35: a claim waits for its pack, attendance, flags, 公示 and 校内审核; every cause is named by person (六.3)."""

from __future__ import annotations

from datetime import date, timedelta

from tests.e2e.rules.claims import (
    AFTER,
    CHANNEL,
    FIRST,
    LAST,
    NOTICE,
    PAYEE,
    claimable,
    drafted,
    published,
    with_papers,
)
from tests.e2e.rules.graduates import FAILED, PASSED
from tests.e2e.rules.people import CLASS
from tests.factories.profiles import ADMIN, HEAD


def test_r35_a_claim_names_every_cause_by_person_and_goes_once_they_are_mended(client, tmp_path):
    found = claimable(client, tmp_path)
    drafted_one = client.run("claim", "draft", *CHANNEL)
    assert (drafted_one["people"], drafted_one["money"]["claimed"]) == (1, 120_000)
    client.run("claim", "payee", *CHANNEL, *PAYEE)
    client.run("claim", "add", *CHANNEL, "--trainee", found.people[FAILED])
    code = client.violates(
        "R35",
        "claim",
        "review",
        *CHANNEL,
        names=(PASSED, FAILED, CLASS, "身份证明", "签到表", "没有考核合格"),
    )
    assert code == "CLAIM_PAPER_MISSING"
    with_papers(found)
    client.run("claim", "remove", *CHANNEL, "--trainee", found.people[FAILED], "--reason", "未合格")
    assert client.run("claim", "review", *CHANNEL)["state"] == "checking"


def test_r35_a_claim_goes_up_after_review_and_notice_alone(client, tmp_path):
    found = drafted(client, tmp_path)
    assert client.refused("claim", "submit", *CHANNEL) == "WRONG_STEP"
    client.run("claim", "review", *CHANNEL)
    client.run("claim", "approve", *CHANNEL, user=HEAD)
    client.set_day(FIRST)
    short = ("claim", "publish", *CHANNEL, *NOTICE, "--from", FIRST, "--until", "2020-12-07")
    assert client.violates("R35", *short, names=(CLASS, "4", "5")) == "CLAIM_NOTICE_SHORT"
    client.run(*short[:-1], "2020-12-08")
    raised = client.run(
        "claim", "object", *CHANNEL, "--trainee", found.people[PASSED], "--by", "群众", "--content", "未参训"
    )
    assert client.violates("R35", "claim", "submit", *CHANNEL, names=(PASSED, CLASS, "2020-12-08"))
    client.set_day(AFTER)
    assert client.violates("R35", "claim", "submit", *CHANNEL, names=(PASSED, "异议")) == "CLAIM_OBJECTED"
    client.run("claim", "answer", raised["objection"], "--text", "已核实，全程参训", user=HEAD)
    assert client.run("claim", "submit", *CHANNEL)["state"] == "submitted"
    (listed,) = client.run("list", "claims", "--class", CLASS)["items"]
    assert (listed["class"], listed["state"], listed["capital"]) == (CLASS, "submitted", "壹仟贰佰元整")


def test_r35_a_void_certificate_opens_its_claim_again(client, tmp_path):
    published(client, tmp_path)
    client.set_day(AFTER)
    client.run("claim", "submit", *CHANNEL)
    certificate = client.run("list", "certificates", "--class", CLASS)["items"][0]
    client.run("certificate", "void", certificate["id"], "--reason", "发错")
    shown = client.run("claim", "show", *CHANNEL)
    assert (shown["state"], shown["notice"]) == ("draft", None)
    person = next(one for one in shown["people"] if one["name"] == PASSED)
    assert "CLAIM_NO_CERTIFICATE" in [cause["code"] for cause in person["causes"]]


def test_r35_low_attendance_blocks_once_the_rate_has_a_document(client, tmp_path):
    found = drafted(client, tmp_path)
    mark = ("mark", "--class", CLASS, "--session", "1", "--trainee", found.people[PASSED])
    client.run(*mark, "absent", "--reason", "录入错误")
    refusal = client.violates("R35", "claim", "review", *CHANNEL, names=(PASSED, CLASS, "0/4", "80"))
    assert refusal == "CLAIM_ATTENDANCE"
    client.run(*mark, "present", "--reason", "录入错误")
    client.run("claim", "review", *CHANNEL)


def test_r35_nothing_is_claimed_twice_and_what_was_submitted_is_withdrawn_with_a_reason(client, tmp_path):
    published(client, tmp_path)
    client.set_day(AFTER)
    client.run("claim", "submit", *CHANNEL)
    assert client.refused("claim", "payee", *CHANNEL, *PAYEE) == "CLAIM_NOT_DRAFT"
    assert client.refused("claim", "withdraw", *CHANNEL) == "REASON_MISSING"
    client.set_day(date(2021, 1, 5))
    client.run("claim", "draft", *CHANNEL)
    newest = client.run("claim", "show", *CHANNEL)
    assert newest["money"]["claimed"] == 0
    person = next(one for one in newest["people"] if one["name"] == PASSED)
    assert "CLAIM_TWICE" in [cause["code"] for cause in person["causes"]]


def test_r35_who_must_be_claimed_for_soon_is_told_until_the_claim_went_up(client, tmp_path):
    """Twelve months after the certificate (a parameter): told thirty days before, with how many people."""
    published(client, tmp_path)
    (held,) = client.run("list", "certificates", "--class", CLASS)["items"]
    last = date.fromisoformat(held["issued_on"]).replace(year=2021)
    for day, told in ((last - timedelta(days=31), []), (last - timedelta(days=30), [1]), (last, [1])):
        client.set_day(day)
        due = [one for one in client.run("statistics", "monday")["deadlines"] if one["kind"] == "claim"]
        assert [(one["what"], one["due_on"], one["count"]) for one in due] == [
            (CLASS, last.isoformat(), count) for count in told
        ]
    client.run("claim", "submit", *CHANNEL)
    assert not [one for one in client.run("statistics", "monday")["deadlines"] if one["kind"] == "claim"]


def test_r35_what_is_returned_begins_its_review_and_notice_anew(client, tmp_path):
    drafted(client, tmp_path)
    assert client.refused("claim", "approve", *CHANNEL, user=HEAD) == "WRONG_STEP"
    client.run("claim", "review", *CHANNEL)
    assert client.refused("claim", "return", *CHANNEL, user=HEAD) == "REASON_MISSING"
    assert client.run("claim", "return", *CHANNEL, "--reason", "缺章", user=HEAD)["state"] == "draft"
    client.run("claim", "review", *CHANNEL)
    client.run("claim", "approve", *CHANNEL, user=HEAD)
    client.set_day(FIRST)
    client.run("claim", "publish", *CHANNEL, *NOTICE, "--from", FIRST, "--until", LAST)
    client.set_day(AFTER)
    client.run("claim", "submit", *CHANNEL)
    told = client.run("claim", "sent-back", *CHANNEL, "--reason", "主管部门要求补材料")
    assert (told["state"], told["notice"], told["reviewed_on"]) == ("draft", None, None)
    assert (
        client.refused("claim", "publish", *CHANNEL, *NOTICE, "--from", AFTER, "--until", AFTER)
        == "WRONG_STEP"
    )


def test_r35_undo_does_not_reach_into_a_claim_on_its_way(client, tmp_path):
    drafted(client, tmp_path)
    client.run("claim", "review", *CHANNEL)
    before = client.run("state-hash", user=ADMIN)
    assert client.refused("undo") == "CLAIM_NOT_DRAFT"
    assert client.run("state-hash", user=ADMIN) == before
    client.run("claim", "withdraw", *CHANNEL, "--reason", "改账号")
    client.run("undo")
    assert client.run("claim", "show", *CHANNEL)["payee"]["holder"] == ""
