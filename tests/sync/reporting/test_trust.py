"""Joining, permission, and what is not the platform's own word."""

from __future__ import annotations

import msgspec
import pytest

from desktop_app.domain.errors import AppError
from desktop_app.domain.records import INSTITUTION
from desktop_app.services.batches import PlatformPage
from desktop_app.services.reporting import Selection
from sync.contract import signing
from sync.contract.wire import Receipt, StreamPage, decode, encode
from sync.platform.identity import load_identity
from sync.reporting import projection
from sync.reporting.engine import ReportingEngine
from sync.reporting.line import OverHttp
from sync.reporting.receipts import receipt_page
from sync.reporting.sealed_batches import manifest_of
from tests.sync.reporting.offices import with_content
from tests.sync.running_platform import OTHER


def refused(call, *arguments, **named):
    with pytest.raises(AppError) as caught:
        call(*arguments, **named)
    return caught.value.code


class Forging:
    """An adapter whose exchange passes through a forger's hands."""

    answers = True

    def __init__(self, adapter, forge) -> None:
        self._adapter = adapter
        self._forge = forge

    def __enter__(self):
        self._adapter.__enter__()
        return self

    def __exit__(self, *facts):
        self._adapter.__exit__(*facts)

    @property
    def traffic(self):
        return self._adapter.traffic

    def exchange(self, *arguments):
        return self._forge(self._adapter.exchange(*arguments))


def forged(office, forge):
    return ReportingEngine(office.batches, lambda *line: Forging(OverHttp()(*line), forge))


def resigned(key, purpose, envelope, shape, **changes):
    """The same content with changes, signed with some key."""
    content = decode(signing.split(envelope).payload, shape)
    return signing.enclose(key, purpose, encode(msgspec.structs.replace(content, **changes)))


def test_before_joining_nothing_can_be_sealed_or_pulled(unjoined):
    assert unjoined.engine.link().joined is False
    assert refused(unjoined.engine.seal) == "PLATFORM_NOT_JOINED"
    assert refused(unjoined.engine.pull) == "PLATFORM_NOT_JOINED"
    assert refused(unjoined.engine.sync) == "PLATFORM_NOT_JOINED"
    assert [item.state for item in with_content(unjoined.engine)] == ["ready"] * 4


def test_joining_pins_the_platform_and_the_same_code_again_is_harmless(unjoined):
    code = unjoined.platform.code()
    unjoined.engine.join(unjoined.platform.url + "/", code)
    link = unjoined.engine.link()
    assert (link.url, link.joined, link.reachable) == (unjoined.platform.url, True, True)
    assert link.last_contact is not None
    unjoined.engine.join(unjoined.platform.url, code)
    assert unjoined.batches.setting("public_key") == unjoined.platform.public_key


def test_a_wrong_code_joins_nothing(unjoined):
    assert refused(unjoined.engine.join, unjoined.platform.url, "AAAA-BBBB-CCCC") == "DEVICE_CODE_INVALID"
    assert unjoined.engine.link().joined is False


def test_the_code_of_another_institution_joins_nothing(unjoined):
    code = unjoined.platform.code(OTHER)
    assert refused(unjoined.engine.join, unjoined.platform.url, code) == "PLATFORM_OTHER_INSTITUTION"
    assert unjoined.engine.link().joined is False


def test_real_data_is_not_joined_to_a_demo_platform(unjoined):
    with unjoined.services.context.unit_of_work("init_institution") as work:
        (key,) = [
            bytes(row[0]) for row in work.sql.exec_driver_sql("SELECT id FROM institution WHERE gone = 0")
        ]
        work.put(INSTITUTION, key, {"demo": 0})
    assert refused(unjoined.engine.join, unjoined.platform.url, unjoined.platform.code()) == "DEMO_REFUSED"


def test_another_platform_at_the_address_is_refused_once_there_is_history(office):
    office.batches.set_settings({"public_key": b"\1" * 32})
    assert refused(office.engine.join, office.platform.url, office.platform.code()) == "PLATFORM_OTHER"


def test_the_catalogue_is_pulled_once(office):
    assert office.engine.pull() == 0
    projects = office.services.projects.list_projects()
    codes = ["HB2020-S-0042", "HB2020-S-0058", "HB2020-X-0017", "HB2020-Y-0103"]
    assert sorted(item.code for item in projects) == codes
    assert {item.origin for item in projects} == {"platform"}
    assert office.batches.cursor("province") == 1


def test_an_altered_page_of_the_platform_is_refused(unjoined):
    unjoined.engine.join(unjoined.platform.url, unjoined.platform.code())

    def alter(answer):
        pages = [page[:-70] + bytes([page[-70] ^ 1]) + page[-69:] for page in answer.pages]
        return msgspec.structs.replace(answer, pages=pages)

    assert refused(forged(unjoined, alter).pull) == "SIGNATURE_INVALID"
    assert unjoined.batches.cursor("province") == 0
    assert unjoined.engine.pull() > 0


def test_a_page_signed_by_another_key_is_refused(unjoined):
    unjoined.engine.join(unjoined.platform.url, unjoined.platform.code())
    key = signing.new_private_key()

    def forge(answer):
        pages = [resigned(key, signing.Purpose.STREAM, page, StreamPage) for page in answer.pages]
        return msgspec.structs.replace(answer, pages=pages)

    assert refused(forged(unjoined, forge).pull) == "SIGNATURE_INVALID"


def test_pages_out_of_turn_are_refused(unjoined):
    unjoined.engine.join(unjoined.platform.url, unjoined.platform.code())
    twice = forged(unjoined, lambda answer: msgspec.structs.replace(answer, pages=answer.pages * 2))
    assert refused(twice.pull) == "PLATFORM_ANSWER"
    assert unjoined.batches.cursor("institution") == 0


def test_an_altered_receipt_is_refused_and_the_real_one_taken_later(office):
    office.engine.seal()

    def alter(answer):
        return msgspec.structs.replace(answer, receipt=answer.receipt[:-1] + bytes([answer.receipt[-1] ^ 1]))

    assert refused(forged(office, alter).push) == "SIGNATURE_INVALID"
    batch = office.engine.list_batches()[0]
    assert (batch.state, batch.problem) == ("sending", "SIGNATURE_INVALID")
    assert office.engine.push().accepted == 26
    assert office.same_as_platform()


def platform_key(office):
    return load_identity(office.platform.engine).private_key


def test_a_receipt_of_something_else_is_refused(office):
    office.engine.seal()
    key = platform_key(office)
    cases = [
        ({"epoch": b"\7" * 16}, "PLATFORM_EPOCH_CHANGED"),
        ({"batch": b"\7" * 16}, "RECEIPT_FOREIGN"),
        ({"manifest": b"\7" * 32}, "RECEIPT_FOREIGN"),
        ({"pages": []}, "RECEIPT_FOREIGN"),
        ({"reports": []}, "RECEIPT_FOREIGN"),
    ]
    for changes, code in cases:

        def forge(answer, changes=changes):
            receipt = resigned(key, signing.Purpose.RECEIPT, answer.receipt, Receipt, **changes)
            return msgspec.structs.replace(answer, receipt=receipt)

        assert refused(forged(office, forge).push) == code
    assert office.engine.reported_digest().records == {}


def test_a_forged_page_beside_a_receipt_does_not_cost_the_receipt(unjoined):
    unjoined.engine.join(unjoined.platform.url, unjoined.platform.code())
    unjoined.engine.seal()
    twice = forged(unjoined, lambda answer: msgspec.structs.replace(answer, pages=answer.pages * 2))
    assert twice.push().accepted == 26
    assert unjoined.batches.cursor("province") == 0
    assert refused(twice.pull) == "PLATFORM_ANSWER"


def test_a_digest_that_differs_stores_nothing_of_the_receipt(office):
    office.engine.seal()
    key = platform_key(office)

    def forge(answer):
        receipt = decode(signing.split(answer.receipt).payload, Receipt)
        last = msgspec.structs.replace(receipt.reports[-1], digest=b"\7" * 32)
        changes = {"reports": [*receipt.reports[:-1], last]}
        told = resigned(key, signing.Purpose.RECEIPT, answer.receipt, Receipt, **changes)
        return msgspec.structs.replace(answer, receipt=told)

    assert refused(forged(office, forge).push) == "REPORT_DIGEST_DIFFERS"
    assert office.engine.reported_digest().records == {}
    assert [item.version for item in with_content(office.engine)] == [0] * 4
    assert office.engine.push().accepted == 26
    assert office.same_as_platform()


def test_the_same_pages_twice_change_nothing(office):
    outcome = office.report_all()
    before = office.services.history.state_hash()
    with office.batches.view() as view:
        stored = [
            PlatformPage(stream, version, view.page(stream, version))
            for stream, version in (("province", 1), (receipt_page(outcome.batch, b"").stream, 1))
        ]
    assert office.batches.take_pages(stored) == 0
    assert office.services.history.state_hash() == before
    assert office.same_as_platform()


def test_what_is_derived_comes_out_of_the_stored_pages_alone(office):
    """As on a colleague's workstation: batch and receipt come by sharing, the derived tables are empty there."""
    office.report_all()
    workstation = office.services.context.workstation
    with workstation.database.writer() as sql:
        for table in ("accepted_record", "report_version", "rejected_record", "delivery"):
            sql.exec_driver_sql(f"DELETE FROM {table}")
    assert office.engine.reported_digest().records == {}
    office.engine.pull()
    assert office.same_as_platform()
    assert [item.state for item in with_content(office.engine)] == ["accepted"] * 4


def test_receipts_that_come_before_what_they_follow_from_wait(office):
    first = office.report_all()
    office.edit(0, {"phone": "13900001234"})
    office.report_all(reason="更正电话")
    workstation = office.services.context.workstation
    stream = receipt_page(first.batch, b"").stream
    with workstation.database.writer() as sql:
        for table in ("accepted_record", "report_version", "rejected_record", "delivery"):
            sql.exec_driver_sql(f"DELETE FROM {table}")
        sql.exec_driver_sql("UPDATE platform_page SET gone = 1 WHERE stream = ?", (stream,))
        assert len(projection.follow_receipts(sql)) == 1
        sql.exec_driver_sql("UPDATE platform_page SET gone = 0 WHERE stream = ?", (stream,))
        assert projection.follow_receipts(sql) == []
    assert office.same_as_platform()


def test_roles_do_what_they_may(office):
    acts = [
        ("office", lambda engine: engine.list_reports(), True),
        ("head", lambda engine: engine.preflight(), True),
        ("teacher", lambda engine: engine.list_reports(), False),
        ("teacher", lambda engine: engine.preflight(), False),
        ("teacher", lambda engine: engine.list_batches(), False),
        ("teacher", lambda engine: engine.rejected(), False),
        ("office", lambda engine: engine.seal(), False),
        ("head", lambda engine: engine.push(), False),
        ("office", lambda engine: engine.dissolve(b"\1" * 16), False),
        ("head", lambda engine: engine.join("http://127.0.0.1:9", "X"), False),
        ("teacher", lambda engine: engine.pull(), True),
    ]
    for role, act, allowed in acts:
        office.as_role(role)
        if allowed:
            act(office.engine)
        else:
            assert refused(act, office.engine) == "NOT_PERMITTED", role


def test_lists_need_a_user(office):
    office.profile.log_out()
    assert refused(office.engine.list_reports) == "LOGIN_REQUIRED"
    assert refused(office.engine.seal, Selection()) == "LOGIN_REQUIRED"


def test_the_heads_that_a_manifest_names_are_signed_with_the_batch(office):
    sealed = office.engine.seal()
    with office.batches.view() as view:
        heads = manifest_of(view.batch(sealed.batch)).heads
    with office.services.context.read() as sql:
        signed = {bytes(row[0]) for row in sql.exec_driver_sql("SELECT entry_id FROM signature")}
    assert heads
    assert set(heads) <= signed
