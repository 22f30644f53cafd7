"""R12: enrolment through a catalogue project, with consent; everyone ends with a decision (四.1, 一.3)."""

from __future__ import annotations

from tests.e2e.rules.people import CLASS, PERSON, PROJECT, add_person, open_class


def test_r12_nobody_applies_to_a_class_without_a_catalogue_project(client, tmp_path):
    open_class(client)
    client.run("class", "create", "--code", "电工2020-10班", "--start", "2020-11-03")
    person = add_person(client, tmp_path)
    words = ("enrolment", "apply", "--trainee", person, "--consent", "--class")
    assert (
        client.violates("R12", *words, "电工2020-10班", names=("电工2020-10班",))
        == "ENROLMENT_WITHOUT_PROJECT"
    )
    assert client.warned("R12", *words, CLASS) == []
    assert PROJECT in {one["code"] for one in client.run("list", "projects")["items"]}


def test_r12_a_wish_is_kept_matched_and_ends_with_a_decision_and_its_reason(client, tmp_path):
    open_class(client)
    person = add_person(client, tmp_path)
    wish = client.run("willingness", "add", "--trainee", person, "--trade", "电工")["wish"]
    assert client.run("willingness", "add", "--trainee", person, "--trade", "电 工")["wish"] == wish
    assert client.run("willingness", "list", "--unmet")["total"] == 1
    matched = client.run("willingness", "match", "--class", CLASS)
    assert matched["count"] == 1
    assert [one["code"] for one in matched["warnings"]] == ["CONSENT_MISSING"]
    assert PERSON in matched["warnings"][0]["message"]
    given = client.run("enrolment", "consent", "--class", CLASS, "--trainee", person, "--sensitive")
    assert given["version"] == "2020-11"
    words = ("--class", CLASS, "--trainee", person)
    code = client.violates("R12", "enrolment", "waitlist", *words, names=(PERSON, CLASS))
    assert code == "DECISION_REASON_MISSING"
    client.run("enrolment", "waitlist", *words, "--reason", "名额已满")
    assert client.run("willingness", "list", "--unmet")["items"][0]["state"] == "waitlisted"
    client.run("enrolment", "admit", *words)
    assert client.run("willingness", "list", "--unmet")["total"] == 0


def test_r12_people_who_join_late_are_told(client, tmp_path):
    open_class(client)
    person = add_person(client, tmp_path)
    words = ("--class", CLASS, "--trainee", person)
    client.run("enrolment", "apply", *words, "--consent")
    assert client.warned("R12", "enrolment", "admit", *words, "--from", "2020-11-06") == ["LATE_ADD"]
