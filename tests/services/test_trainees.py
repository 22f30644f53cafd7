"""People: one record each, masked, found by every reading, edited with a reason, enrolled once."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

import pytest

from desktop_app.domain.errors import FieldErrors
from desktop_app.domain.users import Role
from desktop_app.services.container import Services
from tests.factories.offices import PASSWORD, PEOPLE, TODAY, Office
from tests.services.store_facts import ask, entries, newest, refusal, values

FAN = PEOPLE[0][1]
FULL = {
    "name": "单雨", "document_number": "42062519970427945x", "ethnicity": "汉族", "education": "大专在读",
    "phone": "139 0000 2222", "address": "武汉市洪山区珞喻路1号", "household_region": "420111",
}  # fmt: skip


def _names(services: Services, text: str) -> list[str]:
    return [item.name for item in services.trainees.list_trainees(text)]


def test_each_wrong_field_has_its_own_error(office: Office) -> None:
    """All of them at once, under the field's name; nothing is written."""
    trainees = office.as_role("office").trainees
    before = entries(office)
    with pytest.raises(FieldErrors) as wrong:
        trainees.create(
            {"name": " ", "document_number": "420506200103083429", "phone": "123", "ethnicity": "火星"}
        )
    assert set(wrong.value.fields) == {"name", "document_number", "phone", "ethnicity"}
    assert wrong.value.fields["phone"].code == "PHONE_INVALID"
    assert entries(office) == before


@pytest.mark.parametrize("typed", [FAN, f" {FAN[:6]} {FAN[6:]} ", "".join(chr(ord(c) + 0xFEE0) for c in FAN)])
def test_one_document_is_one_person(office: Office, typed: str) -> None:
    """However it is typed, the record that is there is found, and a second refused."""
    trainees = office.as_role("office").trainees
    found = trainees.find_by_document(typed)
    assert [(match.id, match.name, match.classes) for match in found] == [
        (office.people[0], "范雨", ("电工01班",))
    ]
    assert trainees.find_by_document(typed, other_than=office.people[0]) == []
    with pytest.raises(FieldErrors) as taken:
        trainees.create({"name": "别人", "document_number": typed})
    assert taken.value.fields["document_number"].code == "DOCUMENT_TAKEN"
    assert taken.value.params == {}
    with pytest.raises(FieldErrors):
        trainees.edit(office.people[1], {"document_number": typed}, "证件登错")


def test_a_person_is_edited_field_by_field(office: Office) -> None:
    """Fields that are not named stay as they are; a form saved again changes nothing."""
    trainees = office.as_role("office").trainees
    person = trainees.create(FULL)
    stored = trainees.reveal(person).fields
    assert stored["document_number"] == "42062519970427945X"
    assert (stored["education"], stored["studying"], stored["phone"]) == ("30", 1, "13900002222")
    before = values(office)
    trainees.edit(person, FULL)
    assert values(office) == before
    trainees.edit(person, {"phone": "13900003333"})
    assert trainees.reveal(person).fields == {**stored, "phone": "13900003333"}
    trainees.edit(person, {"phone": "", "address": ""})
    assert trainees.reveal(person).fields == {**stored, "phone": None, "address": None}


@pytest.mark.parametrize(
    "fields", [{"name": "范宇"}, {"document_number": "42062519970427945X", "sex": "", "birth": ""}]
)
def test_name_and_document_change_with_a_reason(office: Office, fields: dict[str, str]) -> None:
    """It is kept in the journal; other fields need none."""
    trainees = office.as_role("office").trainees
    assert refusal(lambda: trainees.edit(office.people[0], fields)) == "REASON_MISSING"
    assert refusal(lambda: trainees.edit(office.people[0], fields, "  ")) == "REASON_MISSING"
    trainees.edit(office.people[0], fields, "录入有误")
    assert newest(office).reason == "录入有误"
    trainees.edit(office.people[0], {"address": "武汉市"})


def test_unknown_people_and_fields_are_refused(office: Office) -> None:
    """Neither makes a record."""
    trainees = office.as_role("office").trainees
    before = entries(office)
    assert refusal(lambda: trainees.edit(b"\7" * 16, {"phone": ""})) == "TRAINEE_UNKNOWN"
    assert refusal(lambda: trainees.edit(office.people[0], {"deleted": "1"})) == "FIELD_UNKNOWN"
    assert refusal(lambda: trainees.get_trainee(b"\7" * 16)) == "TRAINEE_UNKNOWN"
    assert refusal(lambda: trainees.reveal(b"\7" * 16)) == "TRAINEE_UNKNOWN"
    assert entries(office) == before


@pytest.mark.parametrize("role", [Role.OFFICE, Role.ADVISER, Role.TEACHER, Role.HEAD, Role.ADMIN])
def test_detail_lists_and_members_are_masked(office: Office, role: Role) -> None:
    """Number, phone and address, wherever they are shown."""
    trainees = office.as_role("office").trainees
    trainees.edit(office.people[0], {"address": "武汉市洪山区珞喻路1号"})
    services = office.as_role(role)
    detail = services.trainees.get_trainee(office.people[0])
    member = services.classes.list_members(office.class_id)[0]
    shown = [*map(str, detail.fields.values()), member.document_number, member.phone, member.address]
    shown += [
        text for item in services.trainees.list_trainees() for text in (item.document_number, item.phone)
    ]
    assert detail.masked
    for secret in (FAN, "13800001111", "珞喻路1号"):
        assert not any(secret in text for text in shown)


def test_revealing_is_recorded_with_its_purpose(office: Office) -> None:
    """By office and adviser, one person at a time; who may not learns nothing and leaves no entry."""
    detail = office.as_role("adviser").trainees.reveal(office.people[0], "联系家长")
    assert (detail.masked, detail.fields["phone"]) == (False, "13800001111")
    record = newest(office)
    assert (record.command, record.user, record.reason) == ("reveal_personal", "adviser 账号", "联系家长")
    assert record.subject == "范雨"
    before = entries(office)
    for role in (Role.TEACHER, Role.HEAD, Role.ADMIN, Role.AUDITOR):
        assert refusal(office.as_role(role).trainees.reveal, office.people[0]) == "NOT_PERMITTED"
    assert entries(office) == before


def test_an_adviser_reveals_people_of_assigned_classes_only(office: Office) -> None:
    """Not those that the same person only teaches."""
    admin = office.as_role("admin")
    user = next(item.id for item in admin.accounts.list_users() if item.login == "teacher")
    admin.accounts.change_roles(user, [Role.TEACHER, Role.ADVISER])
    services = office.as_role("teacher")
    assert services.trainees.get_trainee(office.people[0]).masked
    before = entries(office)
    assert refusal(lambda: services.trainees.reveal(office.people[0])) == "NOT_YOUR_CLASS"
    assert entries(office) == before


def test_a_teacher_finds_nobody_outside_the_own_classes(office: Office) -> None:
    """Neither in the list nor by trying document numbers."""
    office.as_role("office").trainees.create(FULL)
    services = office.as_role("teacher")
    assert _names(services, "") == ["戚刚", "苏国", "范雨"]
    assert services.trainees.find_by_document(FULL["document_number"]) == []
    assert [match.name for match in services.trainees.find_by_document(FAN)] == ["范雨"]


@pytest.mark.parametrize("text", ["sy", "dy", "cy", "SY", "单", "雨", "ｓｙ", "  sy ", "s"])
def test_a_name_is_found_by_every_reading(office: Office, text: str) -> None:
    """单 is read shan, dan and chan; case, width and blanks do not matter."""
    services = office.as_role("office")
    services.trainees.create(FULL)
    assert "单雨" in _names(services, text)


@pytest.mark.parametrize("text", ["ys", "yu", "%", "_", "单%雨", "%单", "\\", "'", "单_"])
def test_what_does_not_stand_there_is_not_found(office: Office, text: str) -> None:
    """% and _ are plain characters; initials are compared from the first."""
    services = office.as_role("office")
    services.trainees.create(FULL)
    assert _names(services, text) == []


@pytest.mark.parametrize("text", ["阿依古丽·买买提", "阿依古丽•买", "阿依古丽・买买提"])
def test_look_alikes_of_the_dot_find_the_name(office: Office, text: str) -> None:
    """As they are put right in the name itself."""
    services = office.as_role("office")
    services.trainees.create({**FULL, "name": "阿依古丽·买买提"})
    assert _names(services, text) == ["阿依古丽·买买提"]


@pytest.mark.parametrize("text", ["2506", "2001 0308", "420506200103083428", "3428", "4205-0620"])
def test_a_part_of_the_number_is_enough_for_the_office(office: Office, text: str) -> None:
    """Blanks and hyphens inside do not matter."""
    assert "范雨" in _names(office.as_role("office"), text if text != "2506" else "0506")


def test_a_part_of_the_phone_finds_all_who_have_it(office: Office) -> None:
    """The three share one number; a lower-case x is the check character."""
    services = office.as_role("office")
    assert len(_names(services, "138 0000")) == 3
    assert _names(services, "122861x") == ["苏国"]


@pytest.mark.parametrize("role", [Role.TEACHER, Role.HEAD])
def test_who_may_not_see_a_number_does_not_learn_it_by_searching(office: Office, role: Role) -> None:
    """The whole number finds the person, a part of it nobody."""
    services = office.as_role(role)
    assert _names(services, FAN) == ["范雨"]
    assert _names(services, FAN[:10]) == []
    assert _names(services, "1380000") == []
    assert _names(services, "fy") == ["范雨"]


def test_a_limit_counts_what_the_user_may_see(office: Office) -> None:
    """People of other classes do not use it up."""
    services = office.as_role("office")
    services.trainees.create({**FULL, "name": "丁一"})
    assert len(office.as_role("teacher").trainees.list_trainees(limit=3)) == 3
    assert len(office.as_role("office").trainees.list_trainees(limit=2)) == 2


def test_search_follows_a_changed_name(office: Office) -> None:
    """And undo gives the former one back to it."""
    services = office.as_role("office")
    services.trainees.edit(office.people[0], {"name": "单雨"}, "录入有误")
    assert _names(services, "sy") == ["单雨"]
    services.history.undo()
    assert _names(services, "sy") == []
    assert _names(services, "fy") == ["范雨"]


def test_two_members_may_have_one_name(office: Office) -> None:
    """Two records, two numbers, told apart by their documents."""
    services = office.as_role("office")
    second = services.trainees.create({**FULL, "name": "范雨"})
    services.trainees.enrol(office.class_id, [second], "employee")
    members = [item for item in services.classes.list_members(office.class_id) if item.name == "范雨"]
    assert [item.number for item in members] == [1, 4]
    assert len({item.document_number for item in members}) == 2


def test_enrolling_gives_the_next_number_and_nobody_twice(office: Office) -> None:
    """The same person again, even twice in one call, changes nothing."""
    services = office.as_role("office")
    person = services.trainees.create(FULL)
    assert services.trainees.enrol(office.class_id, [person, person], "employee") == 1
    assert [item.number for item in services.classes.list_members(office.class_id)] == [1, 2, 3, 4]
    before = entries(office)
    assert services.trainees.enrol(office.class_id, [*office.people, person], None) == 0
    assert entries(office) == before
    assert ask(office, "SELECT count(*) FROM enrolment") == 4


def test_a_number_is_not_given_anew_while_its_person_is_there(office: Office) -> None:
    """The next number follows the highest."""
    services = office.as_role("office")
    first = services.trainees.create(FULL)
    services.trainees.enrol(office.class_id, [first], None)
    services.history.undo()
    other = services.trainees.create({"name": "肖兰芳", "document_number": "420103199001010010"})
    services.trainees.enrol(office.class_id, [other], None)
    services.trainees.enrol(office.class_id, [first], None)
    numbers = {item.trainee_id: item.number for item in services.classes.list_members(office.class_id)}
    assert sorted(numbers.values()) == [1, 2, 3, 4, 5]


def test_enrolment_checks_what_it_is_given(office: Office) -> None:
    """Category, person, class and fields."""
    trainees = office.as_role("office").trainees
    person = office.people[0]
    before = entries(office)
    assert refusal(lambda: trainees.enrol(office.class_id, [person], "astronaut")) == "CATEGORY_UNKNOWN"
    assert refusal(lambda: trainees.enrol(office.class_id, [b"\7" * 16], None)) == "TRAINEE_UNKNOWN"
    assert refusal(lambda: trainees.enrol(b"\7" * 16, [person], None)) == "CLASS_UNKNOWN"
    assert (
        refusal(lambda: trainees.edit_enrolment(office.class_id, person, {"periods": []})) == "FIELD_UNKNOWN"
    )
    assert (
        refusal(lambda: trainees.edit_enrolment(office.class_id, person, {"category": "x"}))
        == "CATEGORY_UNKNOWN"
    )
    assert refusal(lambda: trainees.edit_enrolment(office.other_class_id, person, {})) == "TRAINEE_UNKNOWN"
    assert entries(office) == before
    trainees.edit_enrolment(office.class_id, person, {"category": "student", "student_number": "S1"})
    member = office.as_role("office").classes.list_members(office.class_id)[0]
    assert (member.category, member.student_number) == ("student", "S1")


def test_a_form_does_not_change_a_group_that_was_chosen(office: Office) -> None:
    """R04: another group takes a reason."""
    services = office.as_role("office")
    person = office.people[0]
    services.qualification.choose_group(office.class_id, person, "veteran")
    before = entries(office)
    for fields in ({"category": "student"}, {"key_group": "unemployed"}):
        change = partial(services.trainees.edit_enrolment, office.class_id, person, fields)
        assert refusal(change) == "GROUP_FIXED"
    enrol = partial(services.trainees.enrol, office.class_id, [person], "student")
    assert refusal(enrol) == "GROUP_FIXED"
    day = {"enrolled_on": date(2020, 11, 1)}
    assert (
        refusal(partial(services.trainees.edit_enrolment, office.class_id, person, day))
        == "ENROLLED_ON_FIXED"
    )
    code = {"employer_uscc": "91420100MA0000000X"}
    assert refusal(partial(services.trainees.edit_enrolment, office.class_id, person, code)) == "USCC_CHECK"
    assert entries(office) == before
    services.trainees.edit_enrolment(office.class_id, person, {"category": "key_group", "employer": "东风"})
    services.qualification.choose_group(office.class_id, person, "unemployed", reason="选错了")


def test_another_enrolment_date_is_chosen_for_anew_with_a_reason(office: Office) -> None:
    """R04: two years after leaving school count to the enrolment date, so the group is judged as of the new one."""
    services = office.as_role("office")
    person, class_id, right = office.people[0], office.class_id, date(2020, 11, 1)
    edit, choose = services.trainees.edit_enrolment, services.qualification.choose_group
    later = {"enrolled_on": TODAY + timedelta(days=1)}
    assert refusal(partial(edit, class_id, person, later)) == "DATE_FUTURE"
    edit(class_id, person, {"enrolled_on": date(2020, 11, 2)})
    left = {"left": "college", "left_on": "2018-11-01"}
    services.qualification.set_circumstances(person, left)
    assert refusal(partial(choose, class_id, person, "graduate")) == "GRADUATE_LATE"
    choose(class_id, person, "veteran")
    assert refusal(partial(choose, class_id, person, "veteran", enrolled_on=right)) == "ENROLLED_ON_FIXED"
    assert (
        refusal(partial(choose, class_id, person, "veteran", enrolled_on=later["enrolled_on"]))
        == "DATE_FUTURE"
    )
    choose(class_id, person, "graduate", enrolled_on=right, reason="报名表所填日期为11月1日")
    sheet = services.qualification.sheet(class_id, person)
    assert (sheet.on, sheet.chosen, sheet.chosen_on) == (right, "graduate", right)


def test_the_stated_groups_of_several_people_are_chosen_at_once(office: Office) -> None:
    """Who is chosen already stays; whom a rule blocks or who states none is left out, with the reason."""
    services = office.as_role("office")
    class_id, (first, second, third) = office.class_id, office.people
    edit, qualify = services.trainees.edit_enrolment, services.qualification
    edit(class_id, first, {"category": "key_group", "key_group": "unemployed"})
    edit(class_id, second, {"category": "key_group", "key_group": "graduate"})
    qualify.set_circumstances(second, {"left": "college", "left_on": "2015-06-30"})
    done = qualify.choose_stated(class_id, [first, second, third, first])
    assert (done.chosen, [error.code for _, error in done.left]) == (1, ["GRADUATE_LATE", "GROUP_NOT_STATED"])
    assert qualify.sheet(class_id, first).chosen == "unemployed"
    before = entries(office)
    assert qualify.choose_stated(class_id, [first]).chosen == 0
    assert entries(office) == before
    services.history.undo()
    assert qualify.sheet(class_id, first).chosen is None


def test_a_person_without_a_class_is_not_anybodys(office: Office) -> None:
    """A teacher cannot open the record by its key."""
    person = office.as_role("office").trainees.create(FULL)
    assert refusal(lambda: office.as_role("teacher").trainees.get_trainee(person)) == "NOT_YOUR_CLASS"
    office.profile.log_in("office", PASSWORD)
