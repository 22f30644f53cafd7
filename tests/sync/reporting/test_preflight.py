"""Pre-flight: what stays out and why, what goes, where the problem is, and what follows from it."""

from __future__ import annotations

from datetime import date

import pytest

from desktop_app.domain.errors import AppError
from desktop_app.domain.records import ENROLMENT, PROJECT, SESSION, TRAINEE, TRAINING_CLASS
from desktop_app.services.reporting import Selection


def told(found):
    return [(one.report, one.kind, one.subject, one.field, one.code, one.severity) for one in found.problems]


def test_a_record_with_an_error_stays_out_with_those_that_need_it_and_the_rest_goes(office):
    office.write(TRAINEE, office.people[0], {"document_number": "420506200103083420"})
    found = office.engine.preflight()
    assert told(found) == [
        ("roster", "trainee", "范雨", "document_number", "ID_CHECK_DIGIT", "error"),
    ]
    # the person, the enrolment, three marks, the score, the certificate
    assert (found.records, found.ready) == (26, 26 - 7)
    assert {item.kind for item in office.engine.list_reports() if item.problems} == {"roster"}
    outcome = office.report_all()
    assert (outcome.sent, outcome.rejected) == (19, 0)
    assert office.same_as_platform()
    office.edit(0, {"document_number": "420506200103083428"})
    assert office.report_all().accepted == 7
    assert office.same_as_platform()


def test_a_problem_says_where_it_is(office):
    office.write(ENROLMENT, office.class_id + office.people[2], {"category": "key_group"})
    (problem,) = office.engine.preflight().problems
    assert (problem.class_id, problem.class_code) == (office.class_id, "电工01班")
    assert (problem.kind, problem.key) == ("enrolment", office.class_id + office.people[2])
    assert (problem.subject, problem.code) == ("戚刚", "ENROLMENT_GROUP_MISSING")


def test_a_class_without_a_project_keeps_all_its_reports_out(office):
    office.write(TRAINING_CLASS, office.class_id, {"project_id": None})
    found = office.engine.preflight()
    assert told(found) == [("roster", "class", "电工01班", "project_code", "CLASS_WITHOUT_PROJECT", "error")]
    assert found.ready == 0
    with pytest.raises(AppError) as caught:
        office.engine.seal()
    assert caught.value.code == "NOTHING_TO_SEAL"


def test_one_class_in_trouble_holds_no_other_up(office):
    services = office.as_role("office")
    services.classes.create_class("焊工09班", start_on=date(2020, 12, 1))
    office.as_role("admin")
    found = office.engine.preflight()
    assert [(one.class_code, one.code) for one in found.problems] == [("焊工09班", "CLASS_WITHOUT_PROJECT")]
    assert office.report_all().accepted == 26


def test_reports_without_their_roster_name_each_missing_parent_once(office):
    found = office.engine.preflight(Selection(kinds=["attendance"]))
    assert found.ready == 0
    assert [(one.kind, one.code) for one in found.problems] == [
        ("session", "PARENT_MISSING"),
        *[("mark", "PARENT_MISSING")] * 3,
    ]


def test_a_project_that_is_not_published_keeps_the_class_out(office):
    office.write(PROJECT, _project(office), {"origin": "own"})
    found = office.engine.preflight()
    assert [(one.kind, one.code) for one in found.problems] == [("class", "PROJECT_NOT_PUBLISHED")]
    assert found.ready == 3  # the people alone need no class


def test_too_few_hours_are_a_warning_that_holds_nothing(office):
    office.write(SESSION, office.sessions[0], {"hours": 19})
    found = office.engine.preflight()
    assert [(one.code, one.severity) for one in found.problems] == [("PLANNED_HOURS_TOO_FEW", "warning")]
    assert found.ready == found.records == 26
    assert not any(item.problems for item in office.engine.list_reports())
    assert office.report_all().rejected == 0


def test_the_selection_limits_what_is_judged_and_sealed(office):
    other = office.as_role("office").classes.create_class("电工02班", project_code="HB2020-S-0042")
    office.as_role("admin")
    assert office.engine.preflight(Selection(class_ids=[other])).records == 1
    sealed = office.engine.seal(Selection(kinds=["roster", "attendance"], class_ids=[office.class_id]))
    assert [kind for kind, _, _ in sealed.reports] == ["roster", "attendance"]


def test_a_report_without_content_is_empty(office):
    other = office.as_role("office").classes.create_class("电工02班", project_code="HB2020-S-0042")
    office.as_role("admin")
    items = [item for item in office.engine.list_reports() if item.class_id == other]
    states = {item.kind: item.state for item in items}
    assert states.pop("roster") == "ready"
    assert set(states) >= {"opening", "attendance", "assessment", "certificate", "completion"}
    assert set(states.values()) == {"empty"}


def _prepare(office, **fields):
    services = office.as_role("office")
    services.opening.prepare(office.class_id, {"channel": "skill_action", "head": "周建平", **fields})
    services.classes.edit_class(office.class_id, {"place": "实训楼B203"})
    office.as_role("admin")


def test_an_opening_says_what_it_lacks_and_goes_up_when_it_is_there(office):
    assert office.report_all().accepted == 26
    _prepare(office, contact="李敏")
    found = office.engine.preflight()
    assert told(found) == [("opening", "opening", "电工01班", "phone", "FIELD_MISSING", "error")]
    assert (found.records, found.ready) == (1, 0)
    _prepare(office, phone="02787654321")
    assert office.report_all().accepted == 1
    assert office.same_as_platform()


def test_leaving_after_the_opening_changes_nothing_in_it(office):
    _prepare(office, contact="李敏", phone="02787654321")
    assert office.report_all().accepted == 27
    services = office.as_role("office")
    services.enrolment.withdraw(office.class_id, office.people[0], date(2020, 12, 2), "个人原因")
    office.as_role("admin")
    states = {item.kind: item.changed for item in office.engine.list_reports()}
    assert (states["opening"], states["roster"]) == (0, 1)


def _project(office):
    with office.services.context.read() as sql:
        row = sql.exec_driver_sql("SELECT id FROM project WHERE code = 'HB2020-S-0042'").one()
    return bytes(row[0])
