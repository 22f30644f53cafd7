"""开班 by its services: places that may be shared, what an auditor may not read, and where the facts come from."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from desktop_app.domain.claims.keys import claim_key
from desktop_app.domain.errors import AppError
from desktop_app.domain.listings.opening import Topic
from desktop_app.domain.opening import Duty, StaffMember
from desktop_app.domain.records import CLAIM, ENROLMENT, TRAINING_CLASS
from desktop_app.services.timetable import PlannedSession
from desktop_app.store.queries.opening import class_opening
from tests.factories.offices import OfficeTemplate
from tests.services.store_facts import refusal, values


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    return OfficeTemplate(tmp_path_factory.mktemp("office"))


@pytest.fixture
def office(template, tmp_path):
    copy = template.copy(tmp_path / "profile")
    yield copy
    copy.profile.close()


def planned(place, teacher):
    day = date(2020, 11, 9)
    return PlannedSession(day, time(14), time(17, 20), 4, "直流电路", "offline", place, (teacher,))


def test_a_place_marked_as_shareable_holds_two_classes_at_once(office):
    services = office.as_role("office")
    with pytest.raises(AppError) as refused:
        services.timetable.add_session(office.other_class_id, planned("实训楼B203", "吴刚"))
    assert refused.value.code == "ROOM_TWICE"
    services.sites.edit_site(office.site_id, {"shareable": "体育馆，实训楼B203、体育馆"})
    assert services.sites.list_sites()[0].shareable == ("体育馆", "实训楼B203")
    services.timetable.add_session(office.other_class_id, planned("实训楼B203", "吴刚"))


def test_an_auditor_reads_the_check_list_without_who_lacks_what(office):
    topics = [one.topic for one in office.as_role("auditor").opening.sheet(office.class_id).items]
    assert topics == [topic for topic in Topic if topic is not Topic.BASICS]
    with pytest.raises(AppError) as refused:
        office.as_role("auditor").opening.completeness(office.class_id)
    assert refused.value.code == "NOT_PERMITTED"


def test_what_is_recorded_of_an_opening_is_checked_and_read_back(office):
    opening = office.as_role("office").opening
    staff = [StaffMember("王芳", Duty.ORGANISING, full_time=True)]
    fields = {
        "channel": "enterprise",
        "enterprise": " 武汉长江电气有限公司 ",
        "local_pool": True,
        "phone": "139 0000 1111",
    }
    opening.prepare(office.class_id, fields | {"phone": "139 0000 1111"}, staff)
    facts = opening.sheet(office.class_id).facts
    assert (facts.funding.channel, facts.funding.enterprise, facts.funding.local_pool) == (
        "enterprise",
        "武汉长江电气有限公司",
        True,
    )
    assert (facts.phone, facts.staff) == ("13900001111", tuple(staff))
    for wrong, code in (
        ({"channel": "lottery"}, "CHANNEL_UNKNOWN"),
        ({"head": "王" * 81}, "OPENING_TEXT_LONG"),
        ({"colour": "red"}, "FIELD_UNKNOWN"),
        ({"phone": "12345"}, "PHONE_INVALID"),
    ):
        with pytest.raises(AppError) as refused:
            opening.prepare(office.class_id, wrong)
        assert refused.value.code == code
    with pytest.raises(AppError) as refused:
        opening.prepare(office.class_id, {}, [StaffMember(" ", Duty.PLACING, full_time=False)])
    assert refused.value.code == "STAFF_NAME"
    assert opening.sheet(office.class_id).facts == facts


def test_an_adviser_sees_the_opening_of_the_own_class_only(office):
    services = office.as_role("adviser")
    assert services.opening.sheet(office.class_id).verbs[:2] == ("file", "open")
    with pytest.raises(AppError) as refused:
        services.opening.sheet(office.other_class_id)
    assert refused.value.code == "NOT_YOUR_CLASS"


def test_a_class_with_a_claim_on_its_way_is_not_opened_again(office):
    services = office.as_role("office")
    claim = claim_key(office.class_id, "skill_action", date(2020, 12, 20))
    with services.context.unit_of_work("edit_class") as work:
        work.put(TRAINING_CLASS, office.class_id, {"state": "completed"})
        work.put(CLAIM, claim, {"state": "submitted"})
    before = values(office)
    assert refusal(services.class_steps.reopen, office.class_id, "成绩复核") == "CLASS_CLAIMED"
    assert values(office) == before
    with services.context.unit_of_work("edit_class") as work:
        work.put(CLAIM, claim, {"state": "draft"})
    services.class_steps.reopen(office.class_id, "成绩复核")
    assert services.classes.get_class(office.class_id).state == "running"


def test_an_opening_counts_who_is_there_when_the_class_begins(office):
    services = office.as_role("office")
    services.opening.prepare(office.class_id, {"channel": "skill_action"})
    begins = services.classes.get_class(office.class_id).start_on

    def counted():
        with services.context.read() as sql:
            return class_opening(sql, office.class_id).people

    def stay(first, last, state):
        with services.context.unit_of_work("edit_class") as work:
            periods = [[first.isoformat(), None if last is None else last.isoformat()]]
            work.put(ENROLMENT, office.class_id + office.people[0], {"state": state, "periods": periods})
        return counted()

    everybody, day = counted(), timedelta(days=1)
    assert everybody > 1
    assert stay(begins, None, "attending") == everybody
    assert stay(begins + day, None, "attending") == everybody - 1
    assert stay(begins, begins, "withdrawn") == everybody
    assert stay(begins - day, begins - day, "withdrawn") == everybody - 1
    assert stay(begins - day, begins + day, "transferred") == everybody
