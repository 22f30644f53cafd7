"""The arrows of 报名 on a real store: who is in the class when, and what counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from desktop_app.domain.attendance import Mark, MarkStatus
from desktop_app.domain.errors import AppError
from desktop_app.domain.rules import RuleErrors
from desktop_app.domain.willingness import Consent
from desktop_app.services.attendance import NewMark
from desktop_app.services.container import Services
from desktop_app.store.state_hash import state_hash, value_hash
from tests.factories.catalogue import publish_project
from tests.factories.offices import Office

START, SECOND, THIRD = date(2020, 11, 9), date(2020, 11, 10), date(2020, 11, 11)


@dataclass
class Desk:
    """The office at work on two classes of one catalogue project, and three people."""

    services: Services
    office: Office

    @property
    def first(self) -> bytes:
        return self.office.class_id

    @property
    def second(self) -> bytes:
        return self.office.other_class_id

    @property
    def people(self) -> list[bytes]:
        return self.office.people

    def member(self, class_id, person):
        return next(one for one in self.services.enrolment.roster(class_id) if one.trainee_id == person)

    def refused(self, act, *given, **named):
        before = self.values()
        with pytest.raises(AppError) as caught:
            act(*given, **named)
        assert self.values() == before
        return caught.value.code

    def values(self):
        with self.services.context.read() as sql:
            return state_hash(sql).digest

    def expected(self, class_id):
        return [one.members for one in self.services.classes.list_sessions(class_id)]


@pytest.fixture
def desk(office: Office) -> Desk:
    services = office.as_role("office")
    project = publish_project(services.context)
    for class_id in (office.class_id, office.other_class_id):
        services.classes.edit_class(class_id, {"project_id": project})
    return Desk(services, office)


def new_person(desk: Desk) -> bytes:
    return desk.services.trainees.create({"name": "钱进", "document_number": "420106199001011039"})


def test_from_application_to_completion(desk):
    service, person = desk.services.enrolment, new_person(desk)
    steps = []
    service.apply(desk.first, [person], consent=Consent("2020-11", START, START))
    steps.append(desk.member(desk.first, person))
    assert person not in [one.trainee_id for one in desk.services.classes.list_members(desk.first)]
    assert desk.expected(desk.first) == [3, 3, 3]
    service.waitlist(desk.first, [person], "名额已满")
    steps.append(desk.member(desk.first, person))
    service.admit(desk.first, [person], first_day=SECOND)
    steps.append(desk.member(desk.first, person))
    assert desk.expected(desk.first) == [3, 4, 4]
    assert service.begin(desk.first) == 1
    service.complete(desk.first, [person])
    service.reopen(desk.first, [person], "成绩复核")
    service.fail(desk.first, [person], "缺考")
    steps.append(desk.member(desk.first, person))
    assert [one.state for one in steps] == ["applied", "waitlisted", "admitted", "not_completed"]
    assert steps[1].decision_reason == "名额已满"
    assert (steps[2].number, steps[0].consented_on) == (4, START)


def test_a_wrong_arrow_is_refused_and_changes_nothing(desk):
    service, person = desk.services.enrolment, desk.people[0]
    assert desk.refused(service.admit, desk.first, [person]) == "WRONG_STEP"
    assert desk.refused(service.apply, desk.first, [person]) == "WRONG_STEP"
    assert desk.refused(service.return_, desk.first, person, THIRD, "返回") == "WRONG_STEP"
    assert desk.refused(service.begin, desk.first) == "NOBODY_ADMITTED"
    assert desk.refused(service.withdraw, desk.second, person, THIRD, "外出") == "TRAINEE_UNKNOWN"


def test_applications_and_refusals_need_project_and_reason(desk):
    service, person = desk.services.enrolment, new_person(desk)
    desk.services.classes.edit_class(desk.second, {"project_id": None})
    with pytest.raises(RuleErrors):
        service.apply(desk.second, [person])
    service.apply(desk.first, [person])
    assert desk.refused(service.reject, desk.first, [person], " ") == "DECISION_REASON_MISSING"
    service.reject(desk.first, [person], "条件不符")
    service.apply(desk.first, [person])
    assert desk.member(desk.first, person).state == "applied"


def test_who_withdraws_keeps_marks_and_leaves_later_sessions(desk):
    service, person = desk.services.enrolment, desk.people[0]
    assert desk.refused(service.withdraw, desk.first, person, START, "") == "REASON_MISSING"
    service.withdraw(desk.first, person, START, "外出务工")
    assert desk.expected(desk.first) == [3, 2, 2]
    assert desk.services.classes.get_class(desk.first).people == 2
    sheet = desk.services.attendance.sheet(desk.first)
    assert (desk.office.sessions[0], person) in sheet.marks
    mark = [NewMark(person, Mark(MarkStatus.PRESENT))]
    assert desk.refused(desk.services.attendance.mark, desk.office.sessions[1], mark) == "NOT_A_MEMBER"
    assert desk.refused(service.withdraw, desk.first, person, THIRD, "外出务工") == "WRONG_STEP"
    service.return_(desk.first, person, THIRD, "回来上课")
    assert desk.expected(desk.first) == [3, 2, 3]
    assert len(desk.member(desk.first, person).periods) == 2
    desk.services.history.undo()
    assert desk.member(desk.first, person).state == "withdrawn"


def test_attended_hours_go_along_and_count_once(desk):
    service, person = desk.services.enrolment, desk.people[0]
    moved = service.transfer(desk.first, person, desk.second, SECOND, "时间冲突")
    assert (moved.attended, moved.carried) == (4, 4)
    former, present = desk.member(desk.first, person), desk.member(desk.second, person)
    assert (former.state, present.state) == ("transferred", "attending")
    assert (former.carried_hours, present.carried_hours) == (0, 4)
    assert desk.expected(desk.first) == [3, 2, 2]
    assert desk.refused(service.return_, desk.first, person, THIRD, "回来") == "RETURN_BY_TRANSFER"
    back = service.transfer(desk.second, person, desk.first, THIRD, "回原班")
    assert (back.attended, back.carried) == (0, 0)
    assert desk.member(desk.first, person).state == "attending"
    assert desk.expected(desk.first) == [3, 2, 3]


def test_no_hours_go_along_into_another_trade(desk):
    service, person = desk.services.enrolment, desk.people[0]
    other = publish_project(desk.services.context, "WH-HG-01", "焊工")
    desk.services.classes.edit_class(desk.second, {"project_id": other})
    told = []
    desk.services.context.advice_listeners.append(told.extend)
    moved = service.transfer(desk.first, person, desk.second, SECOND, "改学焊工")
    assert (moved.attended, moved.carried) == (4, 0)
    assert [one.error.code for one in told] == ["TRANSFER_OTHER_TRADE"]
    assert told[0].error.params["former_trade"] == "电工"
    assert told[0].error.params["target_trade"] == "焊工"
    assert desk.member(desk.second, person).carried_hours == 0
    back = service.transfer(desk.second, person, desk.first, THIRD, "回原班")
    assert (back.attended, back.carried) == (0, 0)


def test_a_transfer_is_one_step_back(desk):
    person = desk.people[0]
    with desk.services.context.read() as sql:
        before = value_hash(sql).digest
    desk.services.enrolment.transfer(desk.first, person, desk.second, SECOND, "时间冲突")
    desk.services.history.undo()
    with desk.services.context.read() as sql:
        assert value_hash(sql).digest == before


def test_impossible_transfers_are_refused(desk):
    service, person = desk.services.enrolment, desk.people[0]
    assert (
        desk.refused(service.transfer, desk.first, person, desk.first, SECOND, "时间")
        == "TRANSFER_SAME_CLASS"
    )
    desk.services.trainees.enrol(desk.second, [person], "key_group")
    assert (
        desk.refused(service.transfer, desk.first, person, desk.second, SECOND, "时间") == "ALREADY_IN_CLASS"
    )
    assert desk.refused(service.transfer, desk.first, person, desk.second, SECOND, "") == "REASON_MISSING"


def test_a_wish_is_kept_once_matched_and_ends_with_the_decision(desk):
    service, person = desk.services.willingness, new_person(desk)
    wish = service.record(person, "电工", consent=Consent("2020-11", START))
    assert service.record(person, "电 工") == wish
    other = service.record(person, "焊工")
    assert [one.id for one in service.matching(desk.first)] == [wish]
    assert desk.refused(service.match, desk.first, [other]) == "WISH_OTHER_TRADE"
    assert service.match(desk.first, [wish]) == 1
    assert service.matching(desk.first) == []
    assert desk.refused(service.close, [wish], "不再需要") == "WISH_IN_CLASS"
    assert desk.member(desk.first, person).consented_on == START
    desk.services.enrolment.waitlist(desk.first, [person], "名额已满")
    assert {one.id for one in service.list_wishes(unmet=True)} == {wish, other}
    desk.services.enrolment.admit(desk.first, [person])
    assert [one.id for one in service.list_wishes(unmet=True)] == [other]
    assert desk.refused(service.close, [other], " ") == "REASON_MISSING"
    service.close([other], "已外出务工")
    assert service.list_wishes(unmet=True) == []
    assert {one.reason for one in service.list_wishes() if one.id == other} == {"已外出务工"}
    service.record(person, "焊工")
    assert [one.id for one in service.list_wishes(unmet=True)] == [other]
