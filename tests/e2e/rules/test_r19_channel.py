"""R19: who pays is said before anybody is enrolled: 无补贴 at 报名, and in the dry run of a roster (五.一.2, 三)."""

from __future__ import annotations

from tests.e2e.rules.people import CLASS, DOCUMENT, PERSON, add_person, open_class


def test_r19_nobody_is_enrolled_unaware_that_no_channel_pays(client, tmp_path):
    open_class(client)
    trainee = add_person(client, tmp_path)
    words = ("enrolment", "apply", "--class", CLASS, "--trainee", trainee, "--consent", "--sensitive")
    answer = client.run(*words)
    (told,) = [one for one in answer["warnings"] if one["rule"] == "R19"]
    assert told["code"] == "FUNDING_NONE"
    assert all(name in told["message"] for name in (PERSON, CLASS))
    client.run("undo")
    client.run("trainee", "facts", trainee, "groups=unemployed")
    assert client.warned("R19", *words) == []


def test_r19_the_dry_run_of_a_roster_says_whom_no_channel_pays(client, tmp_path):
    open_class(client)
    file = tmp_path / "roster.csv"
    for category, expected in (("其他", True), ("企业在岗职工", False)):
        file.write_text(f"姓名,身份证号,人员类别\n{PERSON},{DOCUMENT},{category}\n", encoding="utf-8")
        found = client.run("import", "roster", file, "--class", CLASS, "--dry-run")
        told = [one for one in found["problems"] if one["code"] == "FUNDING_NONE"]
        assert bool(told) is expected
        assert all(PERSON in one["message"] and CLASS in one["message"] for one in told)
