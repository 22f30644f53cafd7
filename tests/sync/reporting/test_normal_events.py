"""What will happen to a report on its way sooner or later, each with a clear end and nothing lost or counted twice."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import date
from types import MappingProxyType

import pytest

import resources
from desktop_app.domain import codes
from desktop_app.domain.errors import AppError
from desktop_app.services.reporting import Selection
from sync.contract import versions
from sync.contract.records import ProjectFields
from sync.contract.texts import hint, sentence
from sync.contract.versions import ContractVersion
from sync.lines import calls
from sync.platform import asked
from sync.platform.app import create_app
from sync.platform.database import open_database, writing
from sync.platform.institutions import revoke_device
from sync.platform.limits import Limiter, Rate
from sync.platform.seeding import seed
from sync.platform.streams import publish_projects
from sync.reporting import sealing
from sync.reporting.engine import ReportingEngine
from sync.reporting.http_adapter import KeySigner, PlatformApi
from tests.faults.reporting.proxy import Fault, faulty_line
from tests.sync.running_platform import served
from tests.sync.statements import ManualClock

RECORDS = 26


def refused(call, *arguments, **named):
    """Return the error of a refusal, which has a sentence and says what to do."""
    with pytest.raises(AppError) as caught:
        call(*arguments, **named)
    error = caught.value
    assert sentence(error.code, error.params) != error.code
    assert hint(error.code, error.params)
    return error.code


@pytest.fixture
def small_pages(monkeypatch):
    """Pages of 8 records, so that 26 records need four."""
    cut = sealing.cut_pages
    monkeypatch.setattr(sealing, "cut_pages", lambda placed, *_: cut(placed, 8))


def all_accepted(office):
    assert [(one.state, one.accepted) for one in office.engine.list_batches()] == [("receipted", RECORDS)]
    assert office.same_as_platform()
    assert office.engine.sync().pushed == ()


def after_page(number, act):
    """Return a progress that acts once when that many pages have gone out."""
    told = []

    def progress(done, total, key=""):
        told.append(done)
        if len(told) == number + 1:
            act()

    return progress


def accepted_reports(office):
    """The reports that count for the province."""
    return [report for report in office.reported()[0].reports if report.version]


@pytest.mark.parametrize("stage", ["manifest", "page", "batch of one page"])
def test_a_time_out_after_the_platforms_commit(office, monkeypatch, request, stage):
    if stage != "batch of one page":
        request.getfixturevalue("small_pages")
    office.engine.seal()
    left = [Fault.LATE_ANSWER] * 2
    with faulty_line(office.platform.url, seed=1) as line:
        line.choose = lambda asked: left.pop() if left and asked.stage == stage else None
        monkeypatch.setattr(calls, "READ_SECONDS", 0.3)
        office.batches.set_settings({"url": line.url.encode()})
        engine = ReportingEngine(
            office.batches,
            lambda url, device, clock, cancel: PlatformApi(
                url, KeySigner(*device), clock, cancel, sleep=lambda _: None
            ),
        )
        assert engine.push().accepted == RECORDS
    assert left == []
    office.batches.set_settings({"url": office.platform.url.encode()})
    all_accepted(office)


def test_a_platform_that_takes_smaller_bodies_says_so_and_the_batch_waits(office, monkeypatch):
    office.engine.seal()
    with monkeypatch.context() as patch:
        patch.setattr(asked, "MAX_FRAME_BYTES", 100)
        assert refused(office.engine.push) == "BODY_TOO_LARGE"
    batch = office.engine.list_batches()[0]
    assert (batch.state, batch.problem) == ("sending", "BODY_TOO_LARGE")
    assert accepted_reports(office) == []
    assert office.engine.push().accepted == RECORDS
    all_accepted(office)


def test_a_device_that_asks_too_often_comes_again_when_it_is_told(office, small_pages, monkeypatch):
    office.engine.seal()
    waits = []
    sleep = waits.append
    monkeypatch.setattr(
        Limiter.__init__, "__defaults__", (lambda: float(sum(waits)),)
    )  # time passes in waits only
    platform = office.platform
    with served(create_app(platform.engine, platform.clock, demo=True, devices=Rate(2, 1.0))) as url:
        office.batches.set_settings({"url": url.encode()})
        engine = ReportingEngine(
            office.batches,
            lambda *line: PlatformApi(line[0], KeySigner(*line[1]), *line[2:], sleep=sleep),
        )
        assert engine.push().accepted == RECORDS
    assert sum(waits) >= 1
    office.batches.set_settings({"url": platform.url.encode()})
    all_accepted(office)


def test_a_token_that_ends_in_mid_run_is_replaced(office, small_pages):
    office.engine.seal()
    progress = after_page(2, lambda: office.platform.clock.move(minutes=20))
    assert office.engine.push(progress=progress).accepted == RECORDS
    all_accepted(office)


def test_a_device_that_is_revoked_in_mid_push_sends_no_more_and_nothing_of_it_counts(office, small_pages):
    office.engine.seal()
    device = office.batches.device()[0]

    def revoke():
        with writing(office.platform.engine) as connection:
            revoke_device(connection, office.platform.clock, device)

    assert refused(office.engine.push, progress=after_page(2, revoke)) == "DEVICE_REVOKED"
    batch = office.engine.list_batches()[0]
    assert (batch.state, batch.problem) == ("sending", "DEVICE_REVOKED")
    assert accepted_reports(office) == []
    assert refused(office.engine.sync) == "DEVICE_REVOKED"
    assert refused(office.engine.pull) == "DEVICE_REVOKED"
    assert office.engine.reported_digest().records == {}


def test_a_code_that_the_platforms_list_has_lost_rejects_the_records_that_use_it(office, monkeypatch):
    table = codes.table("levels")
    office.engine.seal()
    (used,) = [row.level for row in office.services.projects.list_projects() if row.code == "HB2020-S-0042"]
    shorter = {code: row for code, row in table.by_code.items() if code != used}
    with monkeypatch.context() as patch:
        patch.setitem(table.__dict__, "by_code", MappingProxyType(shorter))
        outcome = office.engine.push()
    assert outcome.accepted < outcome.sent == RECORDS
    told = office.engine.rejected()
    assert {one.code for one in told} == {"FIELD_NOT_IN_LIST", "PARENT_REJECTED"}
    assert len(told) == outcome.rejected
    assert office.same_as_platform()
    assert office.report_all().accepted == outcome.rejected
    assert office.same_as_platform()
    assert sum(office.engine.reported_digest().records.values()) == RECORDS


def snapshot(engine, file):
    with closing(sqlite3.connect(engine.url.database)) as now, closing(sqlite3.connect(file)) as then:
        now.backup(then)


def put_back(engine, file):
    with closing(sqlite3.connect(engine.url.database)) as now, closing(sqlite3.connect(file)) as then:
        then.backup(now)


def test_a_platform_whose_version_went_backward_is_told_and_costs_nothing_here(office, tmp_path):
    office.report_all()
    snapshot(office.platform.engine, tmp_path / "before.db")
    office.edit(0, {"phone": "13800002222"})
    assert office.report_all("电话有误").accepted == 1
    publish_one(office)
    assert office.engine.pull() == 1
    here = office.engine.reported_digest()
    put_back(office.platform.engine, tmp_path / "before.db")
    assert refused(office.engine.pull) == "CURSOR_AHEAD"
    office.edit(0, {"phone": "13800003333"})
    sealed = office.engine.seal(reason="电话有误")
    assert refused(office.engine.push) in {"REPORT_BASE_DIFFERS", "CURSOR_AHEAD"}
    assert office.engine.list_batches()[0].problem in {"REPORT_BASE_DIFFERS", "CURSOR_AHEAD"}
    assert office.engine.reported_digest() == here
    office.engine.dissolve(sealed.batch)
    assert office.engine.reported_digest() == here


def publish_one(office):
    item = resources.load_json("demo", "platform.json")["projects"][0]
    fields = {name: value for name, value in item.items() if name != "id"} | {"code": "HB-NEW"}
    with writing(office.platform.engine) as connection:
        publish_projects(connection, office.platform.clock, [(bytes(15) + b"\1", ProjectFields(**fields))])


def test_a_platform_made_anew_at_the_address_is_refused(office, tmp_path):
    office.report_all()
    here = office.engine.reported_digest()
    engine, clock = open_database(f"sqlite:///{tmp_path / 'new.db'}"), ManualClock()
    with writing(engine) as connection:
        seed(connection, clock, resources.path("demo", "platform.json"))
    try:
        with served(create_app(engine, clock, demo=True)) as url:
            office.batches.set_settings({"url": url.encode()})
            office.edit(0, {"phone": "13800002222"})
            office.engine.seal(reason="电话有误")
            assert refused(office.engine.push) == "DEVICE_UNKNOWN"
            assert refused(office.engine.pull) == "DEVICE_UNKNOWN"
            assert refused(office.engine.join, url, "ABCD-EFGH-JKLM") == "PLATFORM_OTHER"
    finally:
        engine.dispose()
    assert office.engine.reported_digest() == here
    office.batches.set_settings({"url": office.platform.url.encode()})
    assert office.engine.push().accepted == 1
    assert office.same_as_platform()


def test_an_empty_batch_is_not_sealed(office):
    office.report_all()
    assert refused(office.engine.seal) == "NOTHING_TO_SEAL"
    assert refused(office.engine.push) == "NOTHING_TO_PUSH"
    assert len(office.engine.list_batches()) == 1


def test_of_two_workstations_that_seal_the_same_report_the_second_is_refused(
    office, reporting_template, desk
):
    other = reporting_template.copy(desk / "other", office.platform)
    try:
        pinned = {name: office.batches.setting(name) for name in ("url", "public_key", "epoch")}
        other.batches.set_settings({name: value for name, value in pinned.items() if value is not None})
        other.engine.pull()
        office.engine.seal()
        sealed = other.engine.seal()
        assert office.engine.push().accepted == RECORDS
        assert refused(other.engine.push) == "REPORT_VERSION_TAKEN"
        (batch,) = other.engine.list_batches()
        assert (batch.state, batch.problem) == ("sending", "REPORT_VERSION_TAKEN")
        assert other.engine.reported_digest().records == {}
        other.engine.dissolve(sealed.batch)
    finally:
        other.profile.close()
    all_accepted(office)


def test_a_batch_sealed_under_an_old_contract_is_taken_while_that_is_taken(office, monkeypatch):
    second = (ContractVersion(1, date(2021, 3, 1)), ContractVersion(2))
    monkeypatch.setattr(versions.taken_versions, "__defaults__", (second,))
    monkeypatch.setattr(versions.check_version, "__defaults__", (second,))
    office.engine.seal()
    now = office.platform.clock.moment
    office.platform.clock.move(days=3 * 366)
    assert refused(office.engine.push) == "CONTRACT_ENDED"
    assert office.engine.list_batches()[0].problem == "CONTRACT_ENDED"
    office.platform.clock.moment = now
    assert office.engine.push().accepted == RECORDS
    all_accepted(office)


def test_pages_stay_below_what_a_platform_takes_however_large_the_records_are(office, monkeypatch):
    monkeypatch.setattr(sealing, "PAGE_BYTES", 1000)
    sealed = office.engine.seal()
    assert sealed.pages > 2
    assert office.engine.push().accepted == RECORDS
    all_accepted(office)


def test_a_restored_workstation_takes_the_receipt_that_it_had_forgotten(office, desk):
    office.engine.seal()
    office.profile.close()
    shutil.copytree(desk / "profile", desk / "backup")
    engine = office.new_process()
    assert engine.push().accepted == RECORDS
    office.profile.close()
    shutil.rmtree(desk / "profile")
    shutil.copytree(desk / "backup", desk / "profile")
    engine = office.new_process()
    assert engine.reported_digest().records == {}
    assert engine.push().accepted == RECORDS
    all_accepted(office)


def test_a_login_that_fails_is_no_refusal_of_a_batch(office, monkeypatch):
    first = office.engine.seal(Selection(kinds=["roster"]))
    second = office.engine.seal(Selection(kinds=["attendance"]))

    def end(*_):
        raise AppError("TOKEN_EXPIRED")

    with monkeypatch.context() as patch:
        patch.setattr(PlatformApi, "exchange", end)
        assert refused(office.engine.sync) == "TOKEN_EXPIRED"
    states = {one.id: one.state for one in office.engine.list_batches()}
    assert states == {first.batch: "sending", second.batch: "sealed"}
    assert len(office.engine.sync().pushed) == 2
    assert office.same_as_platform()
