"""A day of reporting over the real platform: accepted, rejected, corrected, changed, dissolved; digests equal."""

from __future__ import annotations

from datetime import time

import pytest

from desktop_app.domain.errors import AppError
from desktop_app.domain.records import CERTIFICATE, SESSION
from desktop_app.services.reporting import Selection
from desktop_app.services.timetable import PlannedSession
from sync.contract.kinds import ReportKind
from tests.sync.reporting.offices import DAYS, FREE, TAKEN, with_content

KINDS = ["roster", "attendance", "assessment", "certificate"]

BOTH_DATABASES = True


def refused(call, *arguments, **named):
    with pytest.raises(AppError) as caught:
        call(*arguments, **named)
    return caught.value


def states(office):
    return [item.state for item in with_content(office.engine)]


def test_four_reports_are_sealed_pushed_and_accepted(office):
    assert states(office) == ["ready"] * 4
    found = office.engine.preflight()
    assert (found.records, found.ready, found.problems) == (26, 26, ())
    sealed = office.engine.seal()
    assert [kind for kind, code, version in sealed.reports] == KINDS
    assert states(office) == ["sealed"] * 4
    outcome = office.engine.push()
    assert (outcome.batch, outcome.sent, outcome.accepted, outcome.rejected) == (sealed.batch, 26, 26, 0)
    assert states(office) == ["accepted"] * 4
    assert [item.changed for item in with_content(office.engine)] == [0] * 4
    assert office.same_as_platform()
    assert office.engine.reported_digest().records == {
        "class": 1,
        "trainee": 3,
        "enrolment": 3,
        "session": 3,
        "mark": 9,
        "assessment": 1,
        "score": 3,
        "certificate": 3,
    }


def test_a_batch_tells_how_far_it_is(office):
    office.engine.seal(Selection(kinds=["roster"]))
    (before,) = office.engine.list_batches()
    assert (before.state, before.records, before.pages, before.accepted) == ("sealed", 7, 1, 0)
    assert (before.sealed_by, before.reports) == ("王主任", (("roster", "电工01班", 1),))
    office.engine.push()
    (after,) = office.engine.list_batches()
    assert (after.state, after.accepted, after.rejected, after.problem) == ("receipted", 7, 0, None)


def test_nothing_is_sealed_twice_and_nothing_pushed_twice(office):
    assert refused(office.engine.push).code == "NOTHING_TO_PUSH"
    office.engine.seal()
    assert refused(office.engine.seal).code == "NOTHING_TO_SEAL"
    first = office.engine.push()
    assert refused(office.engine.push).code == "NOTHING_TO_PUSH"
    assert office.engine.push(first.batch) == first
    assert refused(office.engine.seal).code == "NOTHING_TO_SEAL"


def test_a_number_of_another_institution_is_rejected_alone_then_corrected_and_accepted(office):
    office.number(1, TAKEN)
    outcome = office.report_all()
    assert (outcome.sent, outcome.accepted, outcome.rejected) == (26, 25, 1)
    assert office.same_as_platform()
    (waiting,) = office.engine.rejected()
    assert (waiting.kind, waiting.code, waiting.field) == (
        "certificate",
        "CERTIFICATE_NUMBER_TAKEN",
        "number",
    )
    assert (waiting.subject, waiting.class_code, waiting.corrected) == ("苏国", "电工01班", False)
    assert waiting.key == office.assessment + office.people[1] + b"\0\1"
    report = office.report("certificate")
    assert (report.state, report.changed, report.rejected) == ("rejected", 1, 1)
    warned = office.engine.preflight().problems
    assert [(one.code, one.severity) for one in warned] == [("CERTIFICATE_NUMBER_TAKEN", "warning")]

    office.number(1, FREE + "9")
    assert [one.corrected for one in office.engine.rejected()] == [True]
    assert office.report("certificate").state == "changed"
    sealed = office.engine.seal()
    assert sealed.reports == (("certificate", "电工01班", 2),)
    outcome = office.engine.push()
    assert (outcome.sent, outcome.accepted) == (1, 1)
    assert office.engine.rejected() == []
    assert office.engine.rejected(sealed.batch) == []
    assert office.same_as_platform()


def test_a_rejected_record_that_is_sent_again_as_it_was_is_rejected_again(office):
    office.number(0, TAKEN)
    office.report_all()
    outcome = office.report_all()
    assert (outcome.sent, outcome.accepted) == (1, 0)
    assert [one.code for one in office.engine.rejected()] == ["CERTIFICATE_NUMBER_TAKEN"]
    assert office.report("certificate").version == 2
    assert office.same_as_platform()


def test_a_rejected_record_that_leaves_the_statement_leaves_the_work_list(office):
    office.number(0, TAKEN)
    office.report_all()
    certificate = office.assessment + office.people[0] + b"\0\1"
    office.write(CERTIFICATE, certificate, {"state": "void"})
    assert office.engine.rejected() == []
    assert office.report("certificate").state == "accepted"


def test_an_edit_after_acceptance_is_one_change_and_needs_a_reason(office):
    office.report_all()
    office.edit(0, {"phone": "13900001234"})
    report = office.report("roster")
    assert (report.state, report.version, report.changed) == ("changed", 1, 1)
    error = refused(office.engine.seal)
    assert (error.code, error.params["count"]) == ("CORRECTION_REASON_MISSING", 1)
    assert error.params["records"] == [{"kind": "trainee", "id": office.people[0].hex()}]
    assert refused(office.engine.seal, reason="   ").code == "CORRECTION_REASON_MISSING"
    assert refused(office.engine.seal, reason="因" * 201).code == "CORRECTION_REASON_LONG"
    outcome = office.report_all(reason="因" * 200)
    assert (outcome.sent, outcome.accepted) == (1, 1)
    assert (office.report("roster").state, office.report("roster").version) == ("accepted", 2)
    assert office.same_as_platform()


def test_an_edit_after_sealing_belongs_to_the_next_version(office):
    office.engine.seal()
    office.edit(0, {"phone": "13900001234"})
    report = office.report("roster")
    assert (report.state, report.changed) == ("sealed", 1)
    assert refused(office.engine.seal, reason="更正").code == "NOTHING_TO_SEAL"
    office.engine.push()
    assert (office.report("roster").state, office.report("roster").changed) == ("changed", 1)
    assert office.same_as_platform()
    office.report_all(reason="更正电话")
    assert office.same_as_platform()


def test_reports_may_be_sealed_while_those_they_need_wait_for_their_receipt(office):
    roster = office.engine.seal(Selection(kinds=["roster"]))
    found = office.engine.preflight()
    assert (found.records, found.ready, found.problems) == (19, 19, ())
    rest = office.engine.seal()
    outcome = office.engine.push(rest.batch)
    assert (outcome.sent, outcome.accepted) == (19, 19)
    assert office.engine.push(roster.batch).accepted == 7
    assert office.same_as_platform()


def test_records_that_leave_the_statement_are_taken_back(office):
    office.report_all()
    office.write(SESSION, office.sessions[0], {"state": "cancelled"})
    report = office.report("attendance")
    assert (report.state, report.changed, report.records) == ("changed", 4, 8)
    assert refused(office.engine.seal, Selection(kinds=["attendance"])).code == "CORRECTION_REASON_MISSING"
    outcome = office.report_all(reason="课次取消")
    assert outcome.rejected == 0
    assert office.engine.reported_digest().records["mark"] == 6
    assert office.same_as_platform()


def test_a_dissolved_batch_frees_its_reports_and_its_versions_are_not_used_again(office):
    first = office.engine.seal(Selection(kinds=["roster"]))
    office.engine.dissolve(first.batch)
    assert [one.state for one in office.engine.list_batches()] == ["dissolved"]
    assert refused(office.engine.push, first.batch).code == "BATCH_DISSOLVED"
    assert refused(office.engine.push).code == "NOTHING_TO_PUSH"
    second = office.engine.seal(Selection(kinds=["roster"]))
    assert second.reports == (("roster", "电工01班", 2),)
    assert office.engine.push().accepted == 7
    assert refused(office.engine.dissolve, second.batch).code == "BATCH_HAS_RECEIPT"
    assert refused(office.engine.dissolve, b"\7" * 16).code == "BATCH_UNKNOWN"
    assert office.same_as_platform()


def test_a_batch_that_is_refused_holds_up_no_other_class(office):
    stuck = office.engine.seal(Selection(kinds=["roster"]))
    behind = office.engine.seal(Selection(kinds=["attendance"]))
    other = office.as_role("office").classes.create_class("电工02班", project_code="HB2020-S-0042")
    services = office.as_role("office")
    services.timetable.add_session(
        other, PlannedSession(DAYS[0], time(8), time(17), 20, "电路", "offline", "B203", ("周敏",))
    )
    services.classes.edit_class(other, {"start_on": DAYS[0], "end_on": DAYS[-1]})
    office.as_role("admin")
    free = office.engine.seal(Selection(class_ids=[other]))
    rival = office.platform.workstation()
    place = (ReportKind.ROSTER, office.class_id.hex())
    rival.push(rival.sealer.seal({place: []}))
    assert refused(office.engine.sync).code == "REPORT_VERSION_TAKEN"
    found = {one.id: (one.state, one.problem) for one in office.engine.list_batches()}
    assert found == {
        stuck.batch: ("sending", "REPORT_VERSION_TAKEN"),
        behind.batch: ("sealed", None),
        free.batch: ("receipted", None),
    }
    office.engine.dissolve(stuck.batch)
    office.engine.dissolve(behind.batch)


def test_an_unknown_kind_of_report_is_named(office):
    assert refused(office.engine.preflight, Selection(kinds=["rosters"])).code == "REPORT_KIND_UNKNOWN"


def test_sync_pushes_what_is_sealed_and_pulls_and_seals_nothing(office):
    assert office.engine.sync().pushed == ()
    office.engine.seal(Selection(kinds=["roster"]))
    office.profile.log_out()
    outcome = office.engine.sync()
    assert [one.accepted for one in outcome.pushed] == [7]
    office.as_role("admin")
    assert office.report("attendance").state == "ready"
    assert office.same_as_platform()
