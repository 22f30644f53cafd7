"""R18: the base of the student grant: 参训人数 and 考证合格人数, issued or not (五.一.1)."""

from __future__ import annotations

from tests.e2e.rules.graduates import PASSED, examined
from tests.e2e.rules.people import CLASS

YEAR = ("--from", "2020-01-01", "--until", "2020-12-31")


def test_r18_students_are_counted_trained_by_opening_and_passed_by_exam(client, tmp_path):
    found = examined(client, tmp_path)
    nobody = {"trained_times": 0, "trained_people": 0, "passed_times": 0, "passed_people": 0}
    assert client.run("claim", "grant-base", *YEAR) == nobody
    client.run("trainee", "facts", found.people[PASSED], "school=江城职业技术学院")
    client.run("enrolment", "choose", *found.of(PASSED), "--group", "student", "--reason", "在校")
    base = {"trained_times": 1, "trained_people": 1, "passed_times": 1, "passed_people": 1}
    assert client.run("claim", "grant-base", *YEAR, "--class", CLASS) == base
    exam_is_over = ("--from", "2020-11-13", "--until", "2020-12-31")
    assert client.run("claim", "grant-base", *exam_is_over) == nobody
