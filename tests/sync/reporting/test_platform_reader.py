"""What an entry of command ``platform`` writes counts only where the platform signed it, by whoever it comes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest

from desktop_app.domain import records as m
from desktop_app.domain.entries import Change, Header, SealedEntry, payload_hash
from desktop_app.domain.ids import platform_page_id
from desktop_app.store.journal import Note, make_leaves, seal
from sync.contract.claim_records import ClaimPaymentFields
from sync.contract.kinds import RecordKind
from sync.contract.signing import Purpose, enclose, new_private_key, public_key_of
from sync.contract.wire import Record, StreamPage, encode
from sync.reporting.platform_reader import read_signed
from tests.factories.workstations import CLERK, DEVICES, Machine
from tests.store.conftest import CLASS, TRAINEE
from tests.store.forged_entries import made, stamp

PLATFORM, EPOCH = new_private_key(), b"epoch 0000000001"
PAYMENT = b"payment 0000001."
LINE = CLASS + b"\0\1\0\1" + TRAINEE


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Machine]:
    """A workstation of an institution that has joined a platform."""
    machine = Machine(tmp_path, 0)
    machine.workstation.platform_reader = read_signed
    with machine.workstation.unit_of_work("import_roster", CLERK) as work:
        work.put(m.TRAINING_CLASS, CLASS, {"code": "2020-01"})
        work.put(m.TRAINEE, TRAINEE, {"name": "王小明"})
    machine.write(
        m.INSTITUTION, b"institution 0001", "join_platform",
        platform_key=public_key_of(PLATFORM), platform_epoch=EPOCH,
    )  # fmt: skip
    yield machine
    machine.close()


def page(fen: int = 80_000, key: bytes = PLATFORM, version: int = 1) -> bytes:
    """A signed page that says that a person of a claim was paid."""
    fields = ClaimPaymentFields(line=LINE, fen=fen, paid_on=date(2020, 12, 1), document="鄂人社〔2020〕9号")
    item = Record(RecordKind.CLAIM_PAYMENT, PAYMENT, msgspec.Raw(encode(fields)))
    body = StreamPage(
        epoch=EPOCH, stream="institution", uscc="", version=version,
        issued_at=datetime(2020, 12, 1, tzinfo=UTC), items=[item],
    )  # fmt: skip
    return enclose(key, Purpose.STREAM, encode(body))


def stored(body: bytes, version: int = 1) -> Change:
    key = platform_page_id("institution", version)
    return made(m.PLATFORM_PAGE.number, key, g1=["institution", version, body])


def paid(fen: int = 80_000) -> Change:
    about = [CLASS, 1, 1, TRAINEE]
    return made(m.CLAIM_PAYMENT.number, PAYMENT, g1=about, g2=[fen, "2020-12-01", "鄂人社〔2020〕9号"])


def entry(number: int, parent: bytes, *changes: Change) -> SealedEntry:
    leaves = make_leaves(Note(), changes)
    digest = payload_hash([leaf.digest for leaf in leaves])
    return seal(Header((parent,), stamp(number), DEVICES[1], b"", "platform", digest), leaves)


def payments(machine: Machine) -> list[tuple[object, ...]]:
    return machine.rows("SELECT fen FROM claim_payment")


def test_what_a_signed_page_says_is_taken_and_proved_again_by_verify(office: Machine) -> None:
    office.workstation.receive([entry(1, office.entries()[-1].id, paid(), stored(page()))])
    assert payments(office) == [(80_000,)]
    assert office.rows("SELECT * FROM refused_entry") == []


def test_what_came_later_than_its_page_is_proved_by_the_page_before(office: Machine) -> None:
    first = entry(1, office.entries()[-1].id, stored(page()))
    office.workstation.receive([first, entry(2, first.id, paid())])
    assert payments(office) == [(80_000,)]


@pytest.mark.parametrize(
    "changes",
    [
        (paid(),),
        (paid(90_000), stored(page())),
        (paid(), stored(page(key=new_private_key()))),
        (paid(), stored(page(version=2))),
        (paid(), stored(b"no page")),
    ],
)
def test_a_hand_made_page_that_marks_a_claim_as_paid_is_refused(
    office: Machine, changes: tuple[Change, ...]
) -> None:
    """No page, another amount, another key, another place, no page at all."""
    office.workstation.receive([entry(1, office.entries()[-1].id, *changes)])
    assert payments(office) == []
    assert office.rows("SELECT reason, whole FROM refused_entry") == [("PLATFORM_UNPROVED", 0)]


def test_the_platform_says_nothing_of_marks(office: Machine) -> None:
    change = made(m.SITE.number, b"site 0000000001.", g1="别处")
    office.workstation.receive([entry(1, office.entries()[-1].id, change, stored(page()))])
    assert office.rows("SELECT count(*) FROM site") == [(0,)]
    assert office.rows("SELECT count(*) FROM platform_page") == [(1,)]
