"""Batches and the platform's pages as the store keeps them."""

from __future__ import annotations

from desktop_app.domain.records import PROJECT
from desktop_app.services.batches import PlatformPage
from tests.factories.offices import Office
from tests.services.store_facts import entries, newest, refusal, values

BATCH = b"\1" * 16
PAGES = [b"first page", b"second page"]


def test_a_sealed_batch_and_its_pages_are_one_entry(office: Office) -> None:
    """With the reason of a correction; bytes come back as they were given."""
    batches = office.as_role("admin").batches
    before = entries(office)
    batches.seal(BATCH, b"manifest", b"signature", PAGES, "更正一人")
    assert entries(office) == before + 1
    record = newest(office)
    assert (record.command, record.records, record.reason) == ("seal_batch", 3, "更正一人")
    with batches.view() as stored:
        (batch,) = stored.batches()
        assert (batch.id, batch.manifest, batch.signature, batch.state) == (
            BATCH,
            b"manifest",
            b"signature",
            "sealed",
        )
        assert stored.pages(BATCH) == PAGES


def test_a_batch_is_dissolved_only_before_its_receipt(office: Office) -> None:
    """What the platform has answered stays."""
    batches = office.as_role("admin").batches
    batches.seal(BATCH, b"manifest", b"signature", PAGES, None)
    batches.set_state(BATCH, "receipted")
    before = entries(office)
    assert refusal(batches.dissolve, BATCH) == "BATCH_HAS_RECEIPT"
    assert refusal(batches.dissolve, b"\2" * 16) == "BATCH_UNKNOWN"
    assert entries(office) == before
    batches.set_state(BATCH, "sealed")
    batches.dissolve(BATCH)
    with batches.view() as stored:
        assert [batch.state for batch in stored.batches()] == ["dissolved"]


def test_a_batch_is_never_taken_back_by_undo(office: Office) -> None:
    """Dissolving is a command of its own."""
    services = office.as_role("admin")
    services.batches.seal(BATCH, b"manifest", b"signature", PAGES, None)
    assert services.history.next_undo() is None


def test_the_same_page_twice_changes_nothing(office: Office) -> None:
    """Nor does it make an entry; nobody need be logged in."""
    services = office.as_role("office")
    office.profile.log_out()
    project = (PROJECT, b"\2" * 16, {"code": "P1", "name": "电工", "version": 1, "origin": "platform"})
    pages = [PlatformPage("institution", number, b"signed %d" % number) for number in (1, 2)]
    assert services.batches.take_pages(pages, [project]) == 2
    after = values(office), entries(office)
    assert services.batches.take_pages(pages, [project]) == 0
    assert (values(office), entries(office)) == after
    assert services.batches.take_pages([*pages, PlatformPage("institution", 3, b"signed 3")], [project]) == 1
    assert entries(office) == after[1] + 1
    assert newest(office).user == ""
    assert services.batches.cursor("institution") == 3
    assert services.batches.cursor("province") == 0
