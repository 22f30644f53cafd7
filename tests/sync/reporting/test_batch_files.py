"""A batch by file, without a network: counted once, and every bad file told apart and harmless."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
import requests

from desktop_app.domain.errors import AppError
from desktop_app.services.reporting import Selection
from desktop_app.store import settings
from sync.contract import sealed_files
from sync.contract.sealed_files import FileKind, read_sealed, write_sealed
from sync.contract.signing import new_private_key
from sync.platform import batch_files, batches
from sync.platform.database import open_database, writing
from sync.platform.institutions import revoke_device
from sync.reporting import sealing
from tests.sync.reporting.offices import TAKEN


def refused(call, *arguments, **named):
    with pytest.raises(AppError) as caught:
        call(*arguments, **named)
    return caught.value.code


@pytest.fixture
def offline(office, monkeypatch):
    """The office once its network is gone: any request fails the test."""

    def no_network(*_arguments, **_named):
        raise AssertionError("a request was made")

    monkeypatch.setattr(requests.Session, "request", no_network)
    return office


def exported(office, desk, **selection) -> Path:
    file = desk / "批次.tpb"
    office.engine.export_batch(office.engine.seal(Selection(**selection)).batch, file)
    return file


def taken(office, file, *, demo=True):
    return batch_files.import_batch(office.platform.engine, office.platform.clock, file, demo=demo)


def answered(office, desk, file):
    """The receipt file that the platform makes of a batch file."""
    made = desk / "回执.tpr"
    made.write_bytes(taken(office, file).reply)
    return made


def test_a_batch_goes_out_and_its_receipt_comes_back_without_a_network(offline, desk):
    file = exported(offline, desk)
    assert [one.state for one in offline.engine.list_batches()] == ["sending"]
    outcome = offline.engine.import_receipt(answered(offline, desk, file))
    assert (outcome.sent, outcome.accepted, outcome.rejected, outcome.again) == (26, 26, 0, False)
    assert [one.state for one in offline.engine.list_batches()] == ["receipted"]
    assert offline.same_as_platform()
    assert offline.reported()[1]["mark"] == 9


def test_what_the_platform_rejects_comes_back_with_its_reason(offline, desk):
    offline.number(1, TAKEN)
    outcome = offline.engine.import_receipt(answered(offline, desk, exported(offline, desk)))
    assert (outcome.sent, outcome.accepted, outcome.rejected) == (26, 25, 1)
    (waiting,) = offline.engine.rejected()
    assert waiting.code == "CERTIFICATE_NUMBER_TAKEN"
    assert offline.same_as_platform()


def test_the_same_file_twice_is_counted_once_on_both_sides(offline, desk):
    file = exported(offline, desk)
    first, second = taken(offline, file), taken(offline, file)
    assert (first.again, second.again) == (False, True)
    assert (second.records, second.accepted) == (26, 26)
    receipt = answered(offline, desk, file)
    assert not offline.engine.import_receipt(receipt).again
    before = offline.engine.reported_digest()
    assert offline.engine.import_receipt(receipt).again
    assert offline.engine.reported_digest() == before
    assert offline.same_as_platform()


def test_a_batch_that_went_by_file_may_also_be_pushed(office, desk):
    file = exported(office, desk)
    taken(office, file)
    assert office.engine.push().accepted == 26
    assert office.engine.import_receipt(answered(office, desk, file)).again
    assert office.same_as_platform()


def test_nobody_but_the_platform_reads_a_batch_file(offline, desk):
    file = exported(offline, desk)
    assert b"420" not in file.read_bytes()
    with file.open("rb") as opened:
        assert refused(next, read_sealed(opened, FileKind.BATCH, new_private_key())) == "SEALED_FILE_FOREIGN"


BAD_BATCHES = [
    (lambda whole: whole[:-1], "SEALED_FILE_TRUNCATED"),
    (lambda whole: whole[:60], "SEALED_FILE_TRUNCATED"),
    (lambda whole: whole[: len(whole) // 2], "SEALED_FILE_TRUNCATED"),
    (lambda whole: whole + b"\0", "SEALED_FILE_ALTERED"),
    (lambda whole: whole[:-1] + bytes([whole[-1] ^ 1]), "SEALED_FILE_ALTERED"),
    (lambda whole: b"PK\3\4" + whole, "SEALED_FILE_UNKNOWN"),
    (lambda whole: b"", "SEALED_FILE_UNKNOWN"),
    (lambda whole: whole[:16] + b"\2" + whole[17:], "SEALED_FILE_NEWER"),
    (lambda whole: whole[:17] + bytes([FileKind.RECEIPT]) + whole[18:], "SEALED_FILE_OTHER"),
    (lambda whole: whole[:18] + bytes(32) + whole[50:], "SEALED_FILE_FOREIGN"),
    (lambda whole: whole[:50] + bytes(32) + whole[82:], "SEALED_FILE_ALTERED"),
]


def test_a_bad_batch_file_is_told_by_its_fault_and_changes_nothing(offline, desk):
    file = exported(offline, desk)
    bad = desk / "bad.tpb"
    for damage, code in BAD_BATCHES:
        bad.write_bytes(damage(file.read_bytes()))
        assert refused(taken, offline, bad) == code
    assert offline.reported()[1] == {}
    with writing(offline.platform.engine) as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM batch").scalar_one() == 0
    assert taken(offline, file).accepted == 26


def test_a_file_that_is_not_there_is_named(offline, desk):
    assert refused(taken, offline, desk / "nothing.tpb") == "SEALED_FILE_UNREADABLE"
    assert refused(offline.engine.import_receipt, desk / "nothing.tpr") == "SEALED_FILE_UNREADABLE"


BAD_RECEIPTS = [
    (lambda whole: whole[:-1], "SEALED_FILE_TRUNCATED"),
    (lambda whole: whole[:-1] + bytes([whole[-1] ^ 1]), "SEALED_FILE_ALTERED"),
    (lambda whole: whole[:17] + bytes([FileKind.BATCH]) + whole[18:], "SEALED_FILE_OTHER"),
]


def test_a_bad_receipt_file_is_told_by_its_fault_and_changes_nothing(offline, desk):
    receipt = answered(offline, desk, exported(offline, desk))
    bad = desk / "bad.tpr"
    for damage, code in BAD_RECEIPTS:
        bad.write_bytes(damage(receipt.read_bytes()))
        assert refused(offline.engine.import_receipt, bad) == code
    assert [one.state for one in offline.engine.list_batches()] == ["sending"]
    assert offline.engine.reported_digest().records == {}


def test_a_receipt_signed_by_another_platform_is_refused(offline, desk, tmp_path):
    file = exported(offline, desk)
    answer = taken(offline, file).reply
    key = offline.batches.device()[1]
    envelope = next(read_sealed(BytesIO(answer), FileKind.RECEIPT, key))
    forged = BytesIO()
    altered = envelope[:-1] + bytes([envelope[-1] ^ 1])
    write_sealed(forged, FileKind.RECEIPT, sealed_files.sealing_address(key), 1, [altered])
    bad = desk / "forged.tpr"
    bad.write_bytes(forged.getvalue())
    assert refused(offline.engine.import_receipt, bad) == "SIGNATURE_INVALID"


def test_another_platform_cannot_open_the_file(offline, desk):
    file = exported(offline, desk)
    other = open_database(f"sqlite:///{desk / 'other.db'}")
    try:
        assert refused(batch_files.import_batch, other, offline.platform.clock, file, demo=True) == (
            "SEALED_FILE_FOREIGN"
        )
    finally:
        other.dispose()


def test_a_revoked_device_and_a_demo_profile_are_refused(offline, desk):
    file = exported(offline, desk)
    assert refused(taken, offline, file, demo=False) == "DEMO_REFUSED"
    with writing(offline.platform.engine) as connection:
        revoke_device(connection, offline.platform.clock, offline.batches.device()[0])
    assert refused(taken, offline, file) == "DEVICE_REVOKED"
    assert offline.reported()[1] == {}


def test_an_import_that_breaks_off_is_taken_up_where_it_was(offline, desk, monkeypatch):
    cut = sealing.cut_pages
    monkeypatch.setattr(sealing, "cut_pages", lambda placed, *_: cut(placed, 5))
    file = exported(offline, desk)
    accept, seen = batches.accept_page, []

    def dies_at_third(connection, clock, platform, caller, batch, index, *rest):
        seen.append(index)
        if len(seen) == 3:
            raise KeyboardInterrupt
        return accept(connection, clock, platform, caller, batch, index, *rest)

    monkeypatch.setattr(batches, "accept_page", dies_at_third)
    with pytest.raises(KeyboardInterrupt):
        taken(offline, file)
    assert taken(offline, file).accepted == 26
    assert seen == [0, 1, 2, 2, 3, 4, 5]
    offline.engine.import_receipt(answered(offline, desk, file))
    assert offline.same_as_platform()


def test_a_file_is_written_whole_or_not_and_may_be_written_again(offline, desk, monkeypatch):
    batch = offline.engine.seal().batch
    assert refused(offline.engine.export_batch, batch, desk / "none" / "a.tpb") == "FILE_NOT_WRITABLE"
    offline.engine.export_batch(batch, desk / "a.tpb")
    offline.engine.export_batch(batch, desk / "b.tpb")
    assert taken(offline, desk / "b.tpb").accepted == 26
    assert taken(offline, desk / "a.tpb").again
    offline.engine.import_receipt(answered(offline, desk, desk / "a.tpb"))
    assert refused(offline.engine.export_batch, batch, desk / "c.tpb") == "BATCH_HAS_RECEIPT"
    assert sorted(one.name for one in desk.glob("*.tpb*")) == ["a.tpb", "b.tpb"]


def test_a_batch_waits_for_those_that_it_builds_on(offline, desk):
    first = offline.engine.seal(Selection(kinds=["roster"])).batch
    second = offline.engine.seal(Selection(kinds=["attendance"])).batch
    assert refused(offline.engine.export_batch, second, desk / "2.tpb") == "BATCH_EARLIER_FIRST"
    offline.engine.export_batch(first, desk / "1.tpb")
    offline.engine.export_batch(second, desk / "2.tpb")
    for file in (desk / "1.tpb", desk / "2.tpb"):
        offline.engine.import_receipt(answered(offline, desk, file))
    assert offline.same_as_platform()


def test_a_dissolved_batch_is_not_exported(offline, desk):
    batch = offline.engine.seal().batch
    offline.engine.dissolve(batch)
    assert refused(offline.engine.export_batch, batch, desk / "a.tpb") == "BATCH_DISSOLVED"


def test_a_receipt_file_brings_what_was_published_since(office, desk):
    file = exported(office, desk)
    before = office.batches.cursor("institution")
    office.platform.workstation()  # a second device is told in the institution's stream
    office.engine.import_receipt(answered(office, desk, file))
    assert office.batches.cursor("institution") > before
    assert office.engine.pull() == 0


def test_a_profile_joined_before_batch_files_learns_the_key_when_it_is_online(office, desk):
    with office.services.context.workstation.database.writer() as sql:
        settings.write(sql, "reporting.sealing_key", b"")
        sql.exec_driver_sql("DELETE FROM setting WHERE key = 'reporting.sealing_key'")
    assert taken(office, exported(office, desk)).accepted == 26


def test_without_the_key_and_without_a_network_nothing_is_written(office, desk, monkeypatch):
    batch = office.engine.seal().batch
    with office.services.context.workstation.database.writer() as sql:
        sql.exec_driver_sql("DELETE FROM setting WHERE key = 'reporting.sealing_key'")
    monkeypatch.setattr("sync.reporting.http_adapter.PlatformApi.about", _unreachable)
    assert refused(office.engine.export_batch, batch, desk / "a.tpb") == "SEALING_KEY_MISSING"
    assert not (desk / "a.tpb").exists()
    assert [one.state for one in office.engine.list_batches()] == ["sealed"]


def _unreachable(_api):
    raise AppError("PLATFORM_UNREACHABLE", detail="test")
