"""All ten reports of a year: drafted, approved by the head, sealed, accepted; what changes goes up as version 2."""

from __future__ import annotations

from datetime import date

import pytest

from desktop_app.domain.employment import FollowUp, Status
from desktop_app.domain.errors import AppError
from desktop_app.domain.projects import Level
from desktop_app.domain.records import (
    ASSESSMENT,
    CLAIM_LINE,
    FOLLOW_UP,
    INSTITUTION,
    MARK,
    PROJECT,
    RECTIFICATION,
    TRAINING_CLASS,
)
from desktop_app.domain.supervision import Event, EventKind
from desktop_app.domain.users import Role
from sync.contract.kinds import ReportKind
from sync.platform.database import writing
from sync.platform.supervision import supervise
from tests.factories.offices import PASSWORD
from tests.sync.reporting.offices import TODAY
from tests.sync.reporting.test_projects import ENTRY
from tests.sync.running_platform import OWN
from tests.sync.statements import ManualClock

FEN = 120_000
DAY = date(2020, 12, 19)


def submit_project(office):
    services = office.services
    project = services.context.new_id()
    with services.context.unit_of_work("edit_class") as work:
        found = work.sql.exec_driver_sql("SELECT id FROM institution").one()
        work.put(INSTITUTION, found[0], {"affiliation": "county"})
        grounds = {"enterprise": "武汉长江电气有限公司", "planned_on": "2020-12-01", "signed": 1}
        facts = {**ENTRY, **grounds, "code": "JC-2020-01", "origin": "own", "version": 1}
        work.put(PROJECT, project, {**facts, "survey_files": ["00" * 16]})
    office.as_role(Role.OFFICE).projects.submit_project(project, Level.CITY)


def reply_to_an_order(office):
    event = Event(b"", EventKind.ORDER, "武汉市人社局", "督改1号", DAY, "补齐签到表", date(2021, 1, 15))
    with writing(office.platform.engine) as connection:
        order = supervise(connection, ManualClock(), OWN, event)
    office.engine.pull()
    office.write(
        RECTIFICATION,
        order,
        {"measures": "已补签到表", "responsible": "王主任", "replied_on": TODAY.isoformat()},
    )
    return order


@pytest.fixture
def year(office):
    """An office whose class has come to its end, with everything there is to report; returns it, claim and order."""
    submit_project(office)
    services = office.as_role(Role.OFFICE)
    facts = {"channel": "skill_action", "head": "周建平", "contact": "李敏", "phone": "02787654321"}
    services.opening.prepare(office.class_id, facts)
    services.classes.edit_class(office.class_id, {"place": "实训楼B203"})
    office.profile.log_in("admin", PASSWORD)
    office.write(TRAINING_CLASS, office.class_id, {"state": "completed", "completed_on": DAY.isoformat()})
    claim, order = office.claim_for_all(FEN), reply_to_an_order(office)
    found = FollowUp(Status.EMPLOYED, TODAY, since=DAY, employer="东风电气")
    office.as_role(Role.OFFICE).employment.record(office.class_id, office.people[0], found)
    office.profile.log_in("admin", PASSWORD)
    office.services.reviews.set_required(required=True)
    return office, claim, order


def reports(office):
    return {item.kind: item for item in office.engine.list_reports() if item.state != "empty"}


def approve(office):
    office.as_role(Role.HEAD)
    for item in office.engine.list_reports():
        if item.review == "waiting":
            office.engine.review(item.kind, item.class_id)
    office.profile.log_in("admin", PASSWORD)


def test_every_kind_goes_from_draft_over_the_head_to_acceptance_and_its_changes_as_version_2(year):
    office, claim, order = year
    first = reports(office)
    assert set(first) == {kind.value for kind in ReportKind}
    assert {(item.state, item.review) for item in first.values()} == {("ready", "waiting")}
    with pytest.raises(AppError, match="REPORTS_NOT_REVIEWED"):
        office.engine.seal()
    approve(office)
    sealed = office.engine.seal()
    assert {item.state for item in reports(office).values()} == {"sealed"}
    outcome = office.engine.push(sealed.batch)
    assert (outcome.rejected, outcome.accepted) == (0, sealed.records)
    assert {(item.state, item.version) for item in reports(office).values()} == {("accepted", 1)}
    assert office.same_as_platform()

    person, follow_up = office.people[0], office.class_id + office.people[0] + b"\0\xfc"
    office.write(TRAINING_CLASS, office.class_id, {"completed_on": TODAY.isoformat()})
    office.as_role(Role.OFFICE).opening.prepare(office.class_id, {"phone": "02787654322"})
    office.profile.log_in("admin", PASSWORD)
    office.write(MARK, office.sessions[0] + person, {"status": "late", "lost_hours": 1, "reason": None})
    office.write(ASSESSMENT, office.assessment, {"organisation": "武汉职业技能评价中心"})
    office.write(CLAIM_LINE, claim + person, {"fen": FEN - 100})
    office.write(FOLLOW_UP, follow_up, {"followed_on": DAY.isoformat()})
    office.write(RECTIFICATION, order, {"responsible": "周主任"})
    office.edit(0, {"phone": "13900002222"})
    office.number(1, "S000042013002200204277")
    changed = reports(office)
    kept = {kind for kind, item in changed.items() if item.state == "accepted"}
    assert kept == {"project"}  # what departments judge changes with their answer only
    approve(office)
    with pytest.raises(AppError, match="CORRECTION_REASON_MISSING"):
        office.engine.seal()
    sealed = office.engine.seal(reason="核对后更正")
    assert sealed.records < 2 * len(changed)
    assert office.engine.push(sealed.batch).rejected == 0
    after = reports(office)
    assert {item.state for item in after.values()} == {"accepted"}
    assert {kind for kind, item in after.items() if item.version == 2} == set(after) - {"project"}
    assert office.same_as_platform()
