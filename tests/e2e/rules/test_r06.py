"""R06: from the own level upward, no level skipped; four answers, a pass good for its area meanwhile (三.1)."""

from __future__ import annotations

import pytest

from tests.e2e.rules.departments import CODE, departments
from tests.factories.profiles import ADMIN


def state(platform) -> str:
    return str(platform.show()["standings"][0]["state"])


def test_r06_no_level_is_skipped_and_a_pass_is_good_meanwhile(client, tmp_path):
    with departments(client, tmp_path) as platform:
        platform.submit("province")
        before = platform.show()
        assert platform.refused("project", "approve", CODE, "--level", "province") == "PROJECT_LEVEL_SKIPPED"
        assert platform.refused("project", "return", CODE, "--reason", " ") == "ANSWER_REASON_MISSING"
        client.run("pull", user=ADMIN)
        assert platform.show() == before
        assert (state(platform), before["areas"]) == ("pending", [])
        platform.answer("approve", "--level", "county", "--document", "洪人社〔2020〕12号")
        shown = platform.show()
        assert (shown["standings"][0]["pending"], shown["areas"]) == ("city", ["420111"])
        platform.answer("forward")
        platform.answer("approve")
        shown = platform.show()
        assert (state(platform), shown["areas"]) == ("passed", ["420111", "420000"])
        assert [(one["level"], one["answer"]) for one in shown["history"]] == [
            ("county", "passed"),
            ("city", "forward"),
            ("province", "passed"),
        ]
        assert shown["history"][0]["document"] == "洪人社〔2020〕12号"
        assert platform.refused("project", "approve", CODE) == "PROJECT_NOT_PENDING"


def test_r06_a_return_goes_back_to_the_draft_with_its_reason_and_comes_again(client, tmp_path):
    with departments(client, tmp_path) as platform:
        platform.submit()
        assert client.refused("project", "edit", CODE, "hours=80") == "PROJECT_LOCKED"
        platform.answer("return", "--reason", "课时不足")
        shown = platform.show()["standings"][0]
        assert (shown["state"], shown["reason"]) == ("returned", "课时不足")
        client.run("project", "edit", CODE, "hours=80")
        preflight = client.run("batch", "preflight", user=ADMIN)
        assert preflight["records"] == 0, "a draft under revision is nothing to report"
        client.run("project", "submit", CODE, "--level", "county")
        assert client.refused("batch", "seal", user=ADMIN) == "CORRECTION_REASON_MISSING"
        platform.report("--reason", "按退回意见修改")
        platform.answer("approve")
        shown = platform.show()
        assert (shown["standings"][0]["state"], shown["submission"]) == ("passed", 2)
        assert [one["answer"] for one in shown["history"]] == ["return", "passed"]


def test_r06_a_refusal_ends_the_way_and_a_revised_draft_may_come_again(client, tmp_path):
    with departments(client, tmp_path) as platform:
        platform.submit()
        platform.answer("refuse", "--reason", "不符合本地产业")
        assert state(platform) == "refused"
        assert client.refused("project", "new-version", CODE) == "PROJECT_NOT_PASSED"
        client.run("project", "edit", CODE, "content=安全用电")
        client.run("project", "submit", CODE, "--level", "county")
        assert state(platform) == "pending"


def test_r06_what_nobody_answered_may_be_withdrawn_with_a_reason(client, tmp_path):
    with departments(client, tmp_path) as platform:
        platform.submit()
        assert client.refused("project", "withdraw", CODE, "--reason", " ") == "REASON_MISSING"
        client.run("project", "withdraw", CODE, "--reason", "内容有误")
        assert state(platform) == "draft"
        assert client.refused("project", "withdraw", CODE, "--reason", "再撤") == "PROJECT_NOT_PENDING"
        platform.report("--reason", "撤回")
        assert platform.refused("project", "approve", CODE) == "PROJECT_UNKNOWN"
        client.run("project", "submit", CODE, "--level", "county")
        platform.report()
        platform.answer("approve")
        assert client.refused("project", "withdraw", CODE, "--reason", "太晚") == "PROJECT_NOT_PENDING"


@pytest.mark.parametrize(
    ("affiliation", "level", "code"),
    [("city", "county", "PROJECT_LEVEL_BELOW"), ("ministry", "city", "PROJECT_LEVEL_BELOW")],
)
def test_r06_less_than_the_own_level_cannot_be_asked(client, tmp_path, affiliation, level, code):
    with departments(client, tmp_path) as platform:
        platform.draft()
        assert client.refused("project", "submit", CODE, "--level", level) == "AFFILIATION_MISSING"
        client.run("project", "affiliation", affiliation, user=ADMIN)
        assert client.refused("project", "submit", CODE, "--level", level) == code
        client.run("project", "submit", CODE, "--level", "province")
