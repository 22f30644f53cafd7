"""R04: all matching groups are listed, one is chosen, none other can claim (二, 五)."""

from __future__ import annotations

from tests.e2e.rules.claims import CHANNEL, drafted
from tests.e2e.rules.graduates import PASSED
from tests.e2e.rules.people import CLASS, DOCUMENT, PERSON, enrolled
from tests.factories.profiles import ADMIN
from tests.factories.workbooks import write_csv


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


def test_r04_a_roster_does_not_change_a_chosen_group_in_passing(client, tmp_path):
    person = enrolled(client, tmp_path)
    person.facts("groups=veteran,unemployed")
    client.run(*person.choose("veteran"))
    head = ["序号", "姓名", "身份证号", "人员类别", "重点群体类型"]
    other = write_csv(
        tmp_path / "other.csv", [head, [1, PERSON, DOCUMENT, "社会重点群体", "城镇登记失业人员"]]
    )
    before = client.run("state-hash", user=ADMIN)
    found = client.run("import", "roster", other, "--class", CLASS)
    (told,) = [one for one in found["problems"] if one["code"] == "GROUP_FIXED"]
    assert found["bad"] == 1
    assert all(word in told["message"] for word in (PERSON, CLASS, "退役军人"))
    assert client.run("state-hash", user=ADMIN) == before
    same = write_csv(tmp_path / "same.csv", [head, [1, PERSON, DOCUMENT, "社会重点群体", "退役军人"]])
    assert client.run("import", "roster", same, "--class", CLASS)["bad"] == 0


def test_r04_the_groups_that_a_roster_states_are_chosen_for_the_whole_class(client, tmp_path):
    person = enrolled(client, tmp_path)
    head = ["序号", "姓名", "身份证号", "人员类别", "重点群体类型"]
    stated = write_csv(tmp_path / "stated.csv", [head, [1, PERSON, DOCUMENT, "社会重点群体", "退役军人"]])
    client.run("import", "roster", stated, "--class", CLASS)
    assert client.run("enrolment", "choose-stated", "--class", CLASS) == {"chosen": 1, "left": []}
    assert client.run("enrolment", "groups", *person.words)["chosen"] == "veteran"


def test_r04_the_date_a_group_was_chosen_for_is_not_moved_in_passing(client, tmp_path):
    person = enrolled(client, tmp_path)
    person.facts("groups=veteran")
    client.run(*person.choose("veteran"))
    earlier = ("--enrolled", "2020-10-30")
    names = (PERSON, CLASS, "退役军人", "2020-11-03", "2020-10-30")
    assert client.violates("R04", *person.choose("veteran", *earlier), names=names) == "ENROLLED_ON_FIXED"
    client.run(*person.choose("veteran", *earlier, "--reason", "报名表所填日期为10月30日"))
    assert client.run("enrolment", "groups", *person.words)["on"] == "2020-10-30"


def test_r04_nothing_is_claimed_for_another_group_than_the_chosen_one(client, tmp_path):
    found = drafted(client, tmp_path)
    client.run("trainee", "facts", found.people[PASSED], "groups=veteran,unemployed")
    choose = ("enrolment", "choose", *found.of(PASSED), "--group")
    client.run(*choose, "unemployed", "--reason", "退役证未核实")
    names = (PASSED, CLASS, "退役军人", "城镇登记失业人员")
    assert client.violates("R04", "claim", "review", *CHANNEL, names=names)
    client.run(*choose, "veteran", "--reason", "退役证已核实")
    assert client.run("claim", "review", *CHANNEL)["state"] == "checking"
