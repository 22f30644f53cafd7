"""R11: the organisers follow the group, and the actual 组织单位 is named (四.1)."""

from __future__ import annotations

from tests.e2e.rules.people import CLASS, PERSON, enrolled


def test_r11_the_organisers_follow_the_group_and_the_actual_one_is_named(client, tmp_path):
    person = enrolled(client, tmp_path)
    person.facts("groups=veteran")
    answer = client.run(*person.choose("veteran"))
    assert answer["organisers"] == ["退役军人", "人社"]
    told = [one for one in answer["warnings"] if one["rule"] == "R11"]
    assert [one["code"] for one in told] == ["ORGANISER_MISSING"]
    assert all(name in told[0]["message"] for name in (PERSON, CLASS, "退役军人、人社"))
    assert client.warned("R11", *person.choose("veteran", "--organised-by", "江城区退役军人事务局")) == []
    shown = client.run("enrolment", "list", "--class", CLASS)["items"][0]
    assert shown["organised_by"] == "江城区退役军人事务局"
