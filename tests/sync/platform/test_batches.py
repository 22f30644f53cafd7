"""Batches over loopback: acceptance, resumption, repetition, versions, rejected records."""

from __future__ import annotations

import socket
import threading

import pytest

import resources
from sync.contract.digest import institution_digest
from sync.contract.kinds import ReportKind
from sync.contract.wire import NIL, BatchStatus, left
from tests.sync.running_platform import OTHER, answer_of, frame, refusal
from tests.sync.statements import SmallClass, digest_of, of_class

ROSTER, ATTENDANCE, CERTIFICATE = ReportKind.ROSTER, ReportKind.ATTENDANCE, ReportKind.CERTIFICATE
TAKEN = resources.load_json("demo", "platform.json")["certificate_numbers"][0]["number"]

BOTH_DATABASES = True


@pytest.fixture
def small():
    return SmallClass()


def codes(receipt):
    return [one.code for one in receipt.rejected]


def test_a_whole_class_is_accepted_and_digests_are_equal(workstation, small):
    receipt = workstation.push(workstation.sealer.seal(of_class(small)))
    assert (receipt.records, receipt.accepted, receipt.rejected) == (22, 22, [])
    expected = {kind: digest_of(records) for kind, records in small.everything().items()}
    assert {tally.kind: tally.digest for tally in receipt.reports} == expected
    state = workstation.reported()
    assert state.digest == institution_digest(
        (kind.value, small.subject, digest) for kind, digest in expected.items()
    )
    assert sum(tally.records for tally in state.reports) == 22


def test_one_changed_field_changes_the_digest(workstation, small):
    first = workstation.push(workstation.sealer.seal(of_class(small)))
    changed = {(ATTENDANCE, small.subject): [small.mark(0, 0, status="late", lost_hours=1)]}
    bases = {(ATTENDANCE, small.subject): first.reports[1].digest}
    before = workstation.reported().digest
    batch = workstation.sealer.seal(changed, version=2, bases=bases, reason="补登迟到")
    assert workstation.push(batch).accepted == 1
    assert workstation.reported().digest != before


def test_the_same_batch_again_changes_nothing(workstation, small):
    batch = workstation.sealer.seal(of_class(small), page_records=10)
    first = workstation.push(batch)
    state = workstation.reported()
    status = frame(workstation.put_manifest(batch), BatchStatus)
    assert status.lacking == []
    assert workstation.open_receipt(status.receipt) == first
    again = frame(workstation.put_page(batch, 0), BatchStatus)
    assert again.receipt == status.receipt
    assert answer_of(workstation.get_receipt(batch)).receipt == status.receipt
    assert workstation.reported() == state


def test_a_push_goes_on_after_half_the_pages(workstation, small):
    batch = workstation.sealer.seal(of_class(small), page_records=5)
    assert frame(workstation.put_manifest(batch), BatchStatus).lacking == [0, 1, 2, 3, 4]
    workstation.put_page(batch, 0)
    workstation.put_page(batch, 1)
    assert refusal(workstation.get_receipt(batch)) == (404, "RECEIPT_NOT_READY")
    assert workstation.reported().reports == []
    assert frame(workstation.put_manifest(batch), BatchStatus).lacking == [2, 3, 4]
    assert workstation.push(batch).accepted == 22


def test_pages_come_in_order(workstation, small):
    batch = workstation.sealer.seal(of_class(small), page_records=5)
    workstation.put_manifest(batch)
    assert refusal(workstation.put_page(batch, 1)) == (409, "PAGE_OUT_OF_ORDER")


def test_one_page_and_the_pull_go_in_one_request(workstation, small):
    batch = workstation.sealer.seal(of_class(small))
    answer = answer_of(workstation.exchange(batch, province=0))
    assert workstation.open_receipt(answer.receipt).accepted == 22
    assert len(answer.pages) == 1
    assert answer_of(workstation.exchange(batch)).receipt == answer.receipt


def test_nothing_to_do_is_one_empty_answer(workstation):
    answer = answer_of(workstation.exchange(None, province=1, institution=2))
    assert (answer.receipt, answer.pages, answer.more) == (None, [], False)


def test_a_batch_without_changes_closes_at_once(workstation):
    batch = workstation.sealer.seal({})
    status = frame(workstation.put_manifest(batch), BatchStatus)
    assert workstation.open_receipt(status.receipt).records == 0


def test_a_version_that_another_batch_has_sent_is_409(workstation, small):
    changes = of_class(small, ROSTER)
    workstation.push(workstation.sealer.seal(changes))
    other = workstation.sealer.seal(changes)
    response = workstation.put_manifest(other)
    assert refusal(response) == (409, "REPORT_VERSION_TAKEN")
    assert response.json()["error"]["params"]["newest"] == 1


def test_a_version_under_way_in_another_batch_is_409(workstation, small):
    changes = of_class(small, ROSTER)
    workstation.put_manifest(workstation.sealer.seal(changes))
    assert refusal(workstation.put_manifest(workstation.sealer.seal(changes))) == (
        409,
        "REPORT_VERSION_TAKEN",
    )


def test_a_batch_sealed_against_another_state_is_409(workstation, small):
    workstation.push(workstation.sealer.seal(of_class(small, ROSTER)))
    stale = workstation.sealer.seal(of_class(small, ROSTER), version=2)
    assert refusal(workstation.put_manifest(stale)) == (409, "REPORT_BASE_DIFFERS")


def test_a_batch_number_with_other_content_is_409(workstation, small):
    first = workstation.sealer.seal(of_class(small))
    workstation.put_manifest(first)
    other = workstation.sealer.seal(of_class(small, ROSTER), batch=first.id)
    assert refusal(workstation.put_manifest(other)) == (409, "BATCH_DIFFERS")


def test_a_later_version_takes_back_a_batch_that_never_closed(workstation, small):
    first = workstation.push(workstation.sealer.seal(of_class(small)))
    before = workstation.reported()
    bases = {(tally.kind, tally.subject): tally.digest for tally in first.reports}
    changed = {
        (ATTENDANCE, small.subject): [
            small.mark(0, 0, status="absent"),
            small.mark(0, 1, status="absent"),
            left("mark", small.mark(0, 2).key),
        ]
    }
    abandoned = workstation.sealer.seal(changed, version=2, bases=bases, reason="更正", page_records=2)
    workstation.put_manifest(abandoned)
    workstation.put_page(abandoned, 0)
    assert workstation.reported() == before
    later = {(ATTENDANCE, small.subject): [small.mark(1, 0, status="early", lost_hours=1)]}
    receipt = workstation.push(workstation.sealer.seal(later, version=3, bases=bases, reason="更正"))
    expected = small.attendance()
    expected[2 + 3] = small.mark(1, 0, status="early", lost_hours=1)
    assert receipt.reports[0].digest == digest_of(expected)
    assert refusal(workstation.put_page(abandoned, 1)) == (409, "BATCH_SUPERSEDED")


def test_a_rejected_record_keeps_its_former_value(workstation, small):
    first = workstation.push(workstation.sealer.seal(of_class(small)))
    bases = {(tally.kind, tally.subject): tally.digest for tally in first.reports}
    changed = {
        (ATTENDANCE, small.subject): [
            small.mark(0, 0, status="late", lost_hours=5),
            small.mark(0, 1, status="late", lost_hours=4),
        ]
    }
    receipt = workstation.push(workstation.sealer.seal(changed, version=2, bases=bases, reason="更正"))
    assert codes(receipt) == ["LOST_HOURS_TOO_MANY"]
    assert receipt.rejected[0].text == "缺失课时超过本课次的 4 课时。"
    assert (receipt.records, receipt.accepted) == (2, 1)
    expected = small.attendance()
    expected[3] = small.mark(0, 1, status="late", lost_hours=4)
    assert receipt.reports[0].digest == digest_of(expected)


def test_children_of_a_rejected_parent_are_rejected_with_it_across_pages(workstation, small):
    changes = of_class(small, ROSTER, ATTENDANCE)
    changes[ATTENDANCE, small.subject][0] = small.session(0, start="18:00")
    receipt = workstation.push(workstation.sealer.seal(changes, page_records=8))
    assert codes(receipt) == ["SESSION_TIMES_REVERSED"] + ["PARENT_REJECTED"] * 3
    assert receipt.reports[1].records == 4


def test_a_record_that_left_is_gone_from_the_statement(workstation, small):
    first = workstation.push(workstation.sealer.seal(of_class(small)))
    bases = {(tally.kind, tally.subject): tally.digest for tally in first.reports}
    gone = {(CERTIFICATE, small.subject): [left("certificate", small.certificate(0).key)]}
    receipt = workstation.push(workstation.sealer.seal(gone, version=2, bases=bases, reason="误登"))
    assert receipt.reports[0].records == 2
    assert receipt.reports[0].digest == digest_of(small.certificates()[1:])


def test_an_accepted_record_changes_only_with_a_reason(workstation, small):
    first = workstation.push(workstation.sealer.seal(of_class(small)))
    bases = {(tally.kind, tally.subject): tally.digest for tally in first.reports}
    changed = {
        (ATTENDANCE, small.subject): [
            small.session(0),
            small.mark(0, 0, status="late"),
            left("mark", small.mark(1, 1).key),
        ]
    }
    receipt = workstation.push(workstation.sealer.seal(changed, version=2, bases=bases))
    assert codes(receipt) == ["CORRECTION_REASON_MISSING"] * 2
    assert receipt.reports[0].digest == first.reports[1].digest


def test_a_number_of_another_institution_rejects_exactly_that_certificate(workstation, small):
    changes = of_class(small)
    changes[CERTIFICATE, small.subject][1] = small.certificate(1, number=TAKEN)
    receipt = workstation.push(workstation.sealer.seal(changes))
    assert [(one.kind, one.code, one.field) for one in receipt.rejected] == [
        ("certificate", "CERTIFICATE_NUMBER_TAKEN", "number")
    ]
    assert receipt.accepted == receipt.records - 1
    tally = receipt.reports[3]
    again = {(CERTIFICATE, small.subject): [small.certificate(1)]}
    bases = {(CERTIFICATE, small.subject): tally.digest}
    second = workstation.push(workstation.sealer.seal(again, version=2, bases=bases))
    assert (second.rejected, second.reports[0].records) == ([], 3)


def test_one_number_for_two_institutions_goes_to_the_first(platform, workstation, small):
    workstation.push(workstation.sealer.seal(of_class(small)))
    other = platform.workstation(OTHER)
    receipt = other.push(other.sealer.seal(of_class(small)))
    assert codes(receipt) == ["CERTIFICATE_NUMBER_TAKEN"] * 3
    assert len(other.reported().reports) == 4
    other.session.close()


def test_numbers_of_a_batch_that_never_closed_are_free_again(platform, workstation, small):
    batch = workstation.sealer.seal(of_class(small), page_records=21)
    workstation.put_manifest(batch)
    workstation.put_page(batch, 0)
    changes = of_class(small, ROSTER, ATTENDANCE, ReportKind.ASSESSMENT)
    workstation.push(workstation.sealer.seal(changes, version=2))
    other = platform.workstation(OTHER)
    receipt = other.push(other.sealer.seal(of_class(small)))
    assert receipt.rejected == []
    other.session.close()


def test_a_class_needs_a_published_project(workstation, small):
    changes = of_class(small, ROSTER)
    changes[ROSTER, small.subject][0] = small.training_class(project_code="NONE")
    receipt = workstation.push(workstation.sealer.seal(changes))
    assert codes(receipt) == ["PROJECT_NOT_PUBLISHED"] + ["PARENT_REJECTED"] * 3
    assert receipt.reports[0].records == 3


def test_unknown_fields_are_kept(workstation, small):
    changes = of_class(small, ROSTER)
    changes[ROSTER, small.subject][1] = small.trainee(0, nickname="later contract")
    receipt = workstation.push(workstation.sealer.seal(changes))
    assert receipt.reports[0].digest == digest_of(changes[ROSTER, small.subject])
    assert NIL not in {record.body for record in changes[ROSTER, small.subject]}


def test_the_same_batch_twice_at_once_is_counted_once(platform, workstation, small):
    batch = workstation.sealer.seal(of_class(small))
    colleague = platform.workstation()
    answers = []
    threads = [
        threading.Thread(target=lambda one=one: answers.append(one.exchange(batch)))
        for one in (workstation, colleague)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    first, second = map(answer_of, answers)
    assert first.receipt == second.receipt
    assert sum(tally.records for tally in workstation.reported().reports) == 22
    colleague.session.close()


@pytest.mark.parametrize("sent", [0, 10])
def test_a_sender_that_dies_in_the_middle_of_a_page_is_no_failure_of_the_platform(
    workstation, small, caplog, sent
):
    batch = workstation.sealer.seal(of_class(small))
    workstation.put_manifest(batch)
    host, port = workstation.platform.url.removeprefix("http://").split(":")
    head = f"PUT /v1/batches/{batch.id.hex()}/pages/0 HTTP/1.1\r\nHost: {host}\r\nContent-Length: 100\r\n\r\n"
    with socket.create_connection((host, int(port))) as line:
        line.sendall(head.encode() + bytes(sent))
    assert workstation.push(batch).accepted == 22
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == []
