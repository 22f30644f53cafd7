"""R37: the same 工种 and level a second time is listed; a higher level is not (六.3)."""

from __future__ import annotations

from tests.e2e.rules.graduates import FAILED, PASSED, certified, run_through
from tests.e2e.rules.people import CLASS, PROJECT

AGAIN = "电工2020-11班"


def test_r37_who_was_trained_already_is_listed_when_trained_again(client, tmp_path):
    found = certified(client, tmp_path)
    run_through(client)
    client.run("enrolment", "complete", *found.of(PASSED))
    client.run("class", "complete", CLASS, "--on", "2020-11-28")
    client.run("class", "create", "--code", AGAIN, "--start", "2020-12-02", "--project", PROJECT)
    for name in (PASSED, FAILED):
        words = ("--class", AGAIN, "--trainee", found.people[name])
        client.run("enrolment", "apply", *words, "--consent", "--sensitive")
        client.run("enrolment", "admit", *words)
    flags = client.run("risk", "list")["items"]
    named = [one["facts"]["name"] for one in flags if one["kind"] == "trained_twice"]
    assert named == [PASSED]
