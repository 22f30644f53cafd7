"""R04: all matching groups are listed, one is chosen, none other can claim (二, 五)."""

from __future__ import annotations

from tests.e2e.rules.people import CLASS, PERSON, enrolled


def test_r04_all_groups_are_listed_and_one_is_chosen(client, tmp_path):
    person = enrolled(client, tmp_path)
    person.facts("left=college", "left_on=2018-11-03", "groups=veteran,unemployed")
    listed = client.run("enrolment", "groups", *person.words)["groups"]
    assert {one["group"]: one["fits"] for one in listed} == {
        "graduate": True,
        "veteran": True,
        "unemployed": True,
    }
    assert "2020-11-03" in next(one["reason"] for one in listed if one["group"] == "graduate")
    assert client.run(*person.choose("veteran"))["channel"] == "skill_action"
    code = client.violates(
        "R04", *person.choose("unemployed"), names=(PERSON, CLASS, "退役军人", "城镇登记失业人员")
    )
    assert code == "GROUP_CHOSEN_ALREADY"
    client.run(*person.choose("unemployed", "--reason", "退役证未核实"))


def test_r04_a_graduate_of_more_than_two_years_is_no_longer_in_the_group(client, tmp_path):
    person = enrolled(client, tmp_path)
    person.facts("left=college", "left_on=2018-11-02")
    code = client.violates(
        "R04", *person.choose("graduate"), names=(PERSON, CLASS, "2018-11-02", "2020-11-02")
    )
    assert code == "GRADUATE_LATE"
    person.facts("left_on=2018-11-03")
    client.run(*person.choose("graduate"))


def test_r04_education_that_contradicts_the_group_warns(client, tmp_path):
    person = enrolled(client, tmp_path)
    client.run("trainee", "edit", person.trainee, "education=本科")
    person.facts("left=middle", "left_on=2020-06-30")
    found = client.warned("R04", *person.choose("school_leaver", "--ground", "household"))
    assert found == ["GROUP_EDUCATION"]
    assert "HUBEI_GROUND_MISSING" not in found
