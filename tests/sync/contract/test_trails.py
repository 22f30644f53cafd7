"""Whose word counts in a trail: registered workstations, and those that a trusted one's journal has admitted."""

from __future__ import annotations

import hashlib

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from desktop_app.domain.entries import TIP_CONTEXT, entry_id, leaf_hash, payload_hash
from desktop_app.domain.errors import AppError
from desktop_app.domain.records import DEVICE, MARK, USER
from sync.contract.proof import OpenLeaf, ProvenEntry, Tip, Trail
from sync.contract.records import MarkFields
from sync.contract.trails import check_marks, show

OFFICE, LAB, STRANGER = b"o" * 16, b"l" * 16, b"s" * 16
TEACHER, SESSION, TRAINEE = b"t" * 16, b"1" * 16, b"2" * 16
PRESENT = ["present", 0, None]


class Journal:
    """Entries one after another, each following the last, of several workstations."""

    def __init__(self) -> None:
        self.keys = {one: Ed25519PrivateKey.generate() for one in (OFFICE, LAB, STRANGER)}
        self.entries: list[ProvenEntry] = []
        self.tips: list[Tip] = []

    def public(self, device: bytes) -> bytes:
        return self.keys[device].public_key().public_bytes_raw()

    def write(self, device, entity, key, group, value, command="mark_one"):
        body = msgspec.msgpack.encode(
            [entity.number, [[key, {entity.by_name[group].number: [[], None, value]}]]]
        )
        salt = hashlib.sha256(body).digest()[:16]
        hashes = [leaf_hash(salt, body)]
        parents = [entry_id(self.entries[-1].header)] if self.entries else []
        stamp = [1_605_000_000_000 + len(self.entries), 0, b"opening_"]
        header = msgspec.msgpack.encode([parents, stamp, device, TEACHER, command, payload_hash(hashes)])
        self.entries.append(ProvenEntry(header, hashes, [OpenLeaf(0, salt, body)]))

    def sign(self, device, by=None):
        entry = entry_id(self.entries[-1].header)
        self.tips.append(Tip(entry, device, self.keys[by or device].sign(TIP_CONTEXT + entry)))

    def admit(self, device, by=OFFICE, key=None):
        self.write(by, DEVICE, device, "identity", ["机房PC", key or self.public(device)], "admit_device")
        self.sign(by)

    def mark(self, device, by=None):
        self.write(device, MARK, SESSION + TRAINEE, "mark", PRESENT)
        self.sign(device, by)

    def shown(self, entries=None, tips=None):
        trail = Trail(
            uscc="1" * 18,
            subject="0" * 32,
            basis=[],
            entries=self.entries if entries is None else entries,
            path=[],
            tips=self.tips if tips is None else tips,
        )
        return show(trail, {OFFICE: ("办公室", self.public(OFFICE))})

    def refused(self, **given):
        with pytest.raises(AppError) as caught:
            self.shown(**given)
        return caught.value.code


@pytest.fixture
def journal():
    made = Journal()
    made.write(OFFICE, USER, TEACHER, "login", "chen", "add_user")
    made.write(OFFICE, USER, TEACHER, "display", "陈志强", "add_user")
    return made


def test_a_mark_made_on_an_admitted_workstation_says_who_and_where(journal):
    journal.admit(LAB)
    journal.mark(LAB)
    (written,) = journal.shown().marks[SESSION + TRAINEE]
    assert (written.by, written.workstation, written.status) == ("陈志强", "机房PC", "present")
    assert written.at.isoformat() == "2020-11-10T09:20:00.003000+00:00"


def test_a_chain_of_admissions_is_followed(journal):
    journal.admit(LAB)
    journal.admit(STRANGER, by=LAB)
    journal.mark(STRANGER)
    assert journal.shown().marks[SESSION + TRAINEE][0].device == STRANGER


def test_a_workstation_that_nobody_admitted_proves_nothing(journal):
    journal.sign(OFFICE)
    journal.mark(STRANGER)
    assert journal.refused() == "CLAIM_PROOF_UNSIGNED"
    assert journal.refused(tips=journal.tips[:1]) == "CLAIM_PROOF_UNSIGNED"


def test_a_workstation_cannot_admit_itself(journal):
    journal.sign(OFFICE)
    journal.admit(STRANGER, by=STRANGER)
    journal.mark(STRANGER)
    assert journal.refused() == "CLAIM_PROOF_UNSIGNED"


def test_a_signature_of_another_key_or_over_another_s_entry_is_refused(journal):
    journal.admit(LAB)
    journal.mark(LAB, by=STRANGER)
    assert journal.refused() == "CLAIM_PROOF_SIGNATURE"
    journal.tips.pop()
    journal.sign(OFFICE)
    assert journal.refused() == "CLAIM_PROOF_SIGNATURE"


def test_two_keys_for_one_workstation_are_refused(journal):
    journal.admit(LAB)
    journal.admit(LAB, key=journal.public(STRANGER))
    journal.mark(LAB)
    assert journal.refused() == "CLAIM_PROOF_SIGNATURE"


def test_a_mark_that_was_accepted_must_have_been_written_as_it_stands(journal):
    journal.mark(OFFICE)
    shown = journal.shown()
    key = SESSION + TRAINEE
    assert check_marks(shown, {key: MarkFields(status="present")}, {TRAINEE}) == 1
    assert check_marks(shown, {key: MarkFields(status="present")}, {OFFICE}) == 0
    for other in (MarkFields(status="absent"), MarkFields(status="present", lost_hours=1)):
        with pytest.raises(AppError, match="CLAIM_PROOF_MARK_MISSING"):
            check_marks(shown, {key: other}, {TRAINEE})
    with pytest.raises(AppError, match="CLAIM_PROOF_MARK_MISSING"):
        check_marks(shown, {TRAINEE + TRAINEE: MarkFields(status="present")}, {TRAINEE})
