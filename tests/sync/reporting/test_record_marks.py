"""The sync mark of every record: what the province has not got as it stands here; accepted is silent."""

from __future__ import annotations

import pytest

from desktop_app.domain.errors import AppError
from desktop_app.domain.users import Role
from tests.sync.reporting.offices import TAKEN

KINDS = ("roster", "attendance", "certificate")


def marks(office, *kinds):
    return dict(office.services.reporting.record_marks(office.class_id, kinds or KINDS))


def test_before_joining_nothing_is_marked(unjoined):
    assert marks(unjoined) == {}


def test_marks_follow_a_record_from_ready_over_sealed_to_silence_and_change(office):
    person = ("trainee", office.people[0])
    first = marks(office)
    assert set(first.values()) == {"ready"}
    assert {kind for kind, _ in first} == {"class", "trainee", "enrolment", "session", "mark", "certificate"}
    sealed = office.engine.seal()
    assert set(marks(office).values()) == {"sealed"}
    office.edit(0, {"phone": "13900002222"})
    assert {key: mark for key, mark in marks(office).items() if mark != "sealed"} == {person: "ready"}
    office.engine.push(sealed.batch)
    assert marks(office) == {person: "changed"}
    assert marks(office, "attendance") == {}


def test_a_rejected_record_is_marked_until_it_is_put_right(office):
    office.number(0, TAKEN)
    assert office.report_all().rejected == 1
    ((place, mark),) = marks(office).items()
    assert (place[0], mark) == ("certificate", "rejected")
    office.number(0, "S000042013002200204277")
    assert marks(office) == {place: "ready"}


def test_who_may_not_see_reports_sees_no_marks(office):
    services = office.as_role(Role.TEACHER)
    with pytest.raises(AppError) as caught:
        services.reporting.record_marks(office.class_id, KINDS)
    assert caught.value.code == "NOT_PERMITTED"
