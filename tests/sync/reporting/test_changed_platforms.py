"""A platform that began anew or went backward: refused until confirmed, then it gets again what it had lost."""

from __future__ import annotations

from datetime import timedelta

import pytest

import resources
from desktop_app.domain.errors import AppError
from desktop_app.domain.users import Role
from sync.contract.texts import hint, sentence
from sync.platform.app import create_app
from sync.platform.database import open_database, writing
from sync.platform.institutions import new_device_code
from sync.platform.seeding import seed
from sync.reporting import projection
from tests.sync.reporting.test_normal_events import publish_one, put_back, snapshot
from tests.sync.running_platform import OWN, Running, served
from tests.sync.statements import ManualClock

RECORDS = 26
WHY = "主管部门通知：平台已恢复备份"


def refused(call, *arguments):
    with pytest.raises(AppError) as caught:
        call(*arguments)
    error = caught.value
    assert sentence(error.code, error.params) != error.code
    assert hint(error.code, error.params)
    return error.code


@pytest.fixture
def restored(office, tmp_path):
    """All is accepted, a correction after it, and the platform forgot that correction and a published project."""
    office.report_all()
    snapshot(office.platform.engine, tmp_path / "before.db")
    office.edit(0, {"phone": "13800002222"})
    assert office.report_all("电话有误").accepted == 1
    publish_one(office)
    office.engine.pull()
    put_back(office.platform.engine, tmp_path / "before.db")
    return office


def test_what_a_restored_platform_lost_is_named_and_sealed_again_as_it_was_accepted(restored):
    office, kept = restored, restored.engine.reported_digest()
    assert refused(office.engine.pull) == "CURSOR_AHEAD"
    office.edit(0, {"phone": "13800003333"})  # changed since: it is not what was accepted
    shown = office.engine.compare_platform()
    assert (shown.anew, shown.behind, shown.records) == (False, True, 1)
    assert [(one.kind, one.held, one.version) for one in shown.lost] == [("roster", 1, 2)]

    done = office.engine.confirm_platform(WHY)
    assert (done.reports, done.records, done.dissolved) == (1, 1, 0)
    assert office.same_as_platform()  # what counts here is what the platform holds
    assert office.engine.push(done.batch).accepted == 1
    assert office.engine.reported_digest() == kept
    assert office.same_as_platform()
    assert office.report("roster").version == 3
    assert office.report_all("电话有误").accepted == 1
    assert office.engine.sync().pushed == ()
    assert office.engine.compare_platform().same


def test_pages_that_a_restored_platform_publishes_anew_are_taken(restored):
    restored.engine.confirm_platform(WHY)
    assert restored.engine.pull() > 0
    publish_one(restored)
    assert restored.engine.pull() == 1
    assert restored.engine.pull() == 0


def test_a_confirmation_is_recorded_with_its_reason_and_only_an_administrator_makes_it(restored):
    restored.as_role(Role.OFFICE)
    assert refused(restored.engine.confirm_platform, WHY) == "NOT_PERMITTED"
    restored.as_role("admin")
    assert refused(restored.engine.confirm_platform, "  ") == "REASON_MISSING"
    restored.engine.confirm_platform(WHY)
    entry = restored.services.history.list_journal()[0]
    assert (entry.command, entry.reason) == ("confirm_platform", WHY)
    assert refused(restored.engine.confirm_platform, WHY) == "PLATFORM_AS_KNOWN"


def test_a_batch_made_against_what_is_lost_is_dissolved_and_its_content_is_not(restored):
    restored.edit(0, {"phone": "13800003333"})
    stale = restored.engine.seal(reason="电话有误").batch
    done = restored.engine.confirm_platform(WHY)
    assert done.dissolved == 1
    states = {one.id: one.state for one in restored.engine.list_batches()}
    assert states[stale] == "dissolved"
    assert restored.engine.push(done.batch).accepted == 1
    assert restored.report_all("电话有误").accepted == 1
    assert restored.same_as_platform()


def test_what_a_platform_lost_that_nobody_changes_any_more_is_told_with_the_days_first_sync(office, tmp_path):
    snapshot(office.platform.engine, tmp_path / "before.db")
    office.report_all()
    put_back(office.platform.engine, tmp_path / "before.db")
    assert office.engine.sync().pushed == ()
    office.profile.clock.moment += timedelta(days=1)
    assert refused(office.engine.sync) == "PLATFORM_LOST"
    done = office.engine.confirm_platform(WHY)
    assert (done.reports, done.records) == (4, RECORDS)
    assert office.engine.push().accepted == RECORDS
    assert office.same_as_platform()


def test_a_platform_that_began_anew_is_joined_only_with_a_reason_and_gets_everything_again(office, tmp_path):
    office.report_all()
    kept = office.engine.reported_digest()
    engine, clock = open_database(f"sqlite:///{tmp_path / 'new.db'}"), ManualClock()
    with writing(engine) as connection:
        seed(connection, clock, resources.path("demo", "platform.json"))
    try:
        with served(create_app(engine, clock, demo=True)) as url:
            with writing(engine) as connection:
                code = new_device_code(connection, clock, OWN)
            assert refused(office.engine.join, url, code) == "PLATFORM_OTHER"
            assert refused(office.engine.join, url, code, "  ") == "PLATFORM_OTHER"
            done = office.engine.join(url, code, "平台重建，以新平台为准")
            assert (done.reports, done.records) == (4, RECORDS)
            assert office.engine.reported_digest().records == {}
            assert office.engine.pull() > 0
            assert office.engine.push(done.batch).accepted == RECORDS
            assert office.engine.reported_digest() == kept
            assert office.engine.sync().pushed == ()
            office.platform = Running(url, engine, clock)
            assert office.same_as_platform()
    finally:
        engine.dispose()


def test_a_change_that_comes_after_the_receipts_of_both_lives_leaves_the_same(restored):
    done = restored.engine.confirm_platform(WHY)
    restored.engine.push(done.batch)
    here = restored.engine.reported_digest()
    with restored.services.context.workstation.database.writer() as sql:
        for table in ("accepted_record", "report_version", "rejected_record", "delivery"):
            sql.exec_driver_sql(f"DELETE FROM {table}")
        sql.exec_driver_sql("UPDATE platform_change SET gone = 1")
        projection.follow_receipts(sql)
        sql.exec_driver_sql("UPDATE platform_change SET gone = 0")
        projection.follow_receipts(sql)
    assert restored.engine.reported_digest() == here
    assert restored.same_as_platform()
