"""Pages that no workstation of this version would make: by hand, by strangers, by a newer version."""

from __future__ import annotations

import secrets

import pytest

from desktop_app.domain import records as m
from desktop_app.domain.entries import Change, GroupWrite, Header, SealedEntry, payload_hash
from desktop_app.domain.judging import Refusal
from desktop_app.store import signatures
from desktop_app.store.journal import Note, make_leaves, seal
from sync.contract.sharing import PageHead, key_id, seal_page
from sync.sharing.columns import Cargo, pack
from tests.factories.workstations import CLERK, DEVICES, PRIVATE_KEYS
from tests.fakes.shelf import MemoryShelf
from tests.store.forged_entries import made, stamp
from tests.sync.sharing.desks import KEY, Desk

TEACHER, STRANGER, STRANGER_KEY = b"user who teaches", b"device unknown 1", bytes([77]) * 32
CLAIM = b"claim 0000000001"


def entry(
    number: int,
    parent: bytes,
    *changes: Change,
    user: bytes = CLERK,
    device: bytes = DEVICES[1],
    command: str,
) -> SealedEntry:
    """A hand-made entry."""
    leaves = make_leaves(Note(), changes)
    digest = payload_hash([leaf.digest for leaf in leaves])
    return seal(Header((parent,), stamp(number), device, user, command, digest), leaves)


def put(shelf: MemoryShelf, desk: Desk, *entries: SealedEntry, device: bytes, private_key: bytes) -> None:
    """Lay a page of an office on its shelf, past every workstation."""
    packed = pack(Cargo(entries))
    head = PageHead(
        office=desk.sharing.office(),
        key=key_id(KEY),
        device=device,
        public_key=signatures.public_key(private_key),
        page=secrets.token_bytes(16),
        entries=len(entries),
        size=len(packed.plain),
        tips=packed.tips,
        after=packed.after,
    )
    shelf.graph[head.page] = (set(packed.tips), set(packed.after))
    shelf.pages.append((head.page, seal_page(head, packed.plain, KEY, private_key)))


def tip_of(desk: Desk) -> bytes:
    return desk.entries()[-1].id


@pytest.mark.parametrize(
    ("change", "command", "reason"),
    [
        (
            Change(m.USER.number, TEACHER, {3: GroupWrite((), None, ["admin"])}),
            "change_roles",
            Refusal.ROLE_LACKING,
        ),
        (
            made(m.CLAIM_PAYMENT.number, CLAIM, g2=[100, "2020-11-09", "x"]),
            "submit_claim",
            Refusal.ROLE_LACKING,
        ),
    ],
    ids=["gives its user a role", "marks a claim as paid"],
)
def test_a_hand_made_page_of_an_admitted_workstation_changes_nothing_its_user_may_not(
    two, shelf, change, command, reason
):
    left, right = two
    people = left.open_class()
    left.write(m.USER, TEACHER, "add_user", login="teacher", roles=["teacher"], disabled=0)
    left.share(shelf)
    right.share(shelf)
    before = right.state()
    bad = entry(1, tip_of(left), change, user=TEACHER, command=command)
    put(shelf, left, bad, device=DEVICES[1], private_key=PRIVATE_KEYS[1])
    assert left.share(shelf).problems == {}
    assert left.rows("SELECT reason, whole FROM refused_entry") == [(reason.value, 1)]
    assert left.state() == before
    left.mark(people[0])
    left.share(shelf)
    right.share(shelf)
    assert right.rows("SELECT reason FROM refused_entry") == [(reason.value,)]
    assert left.state() == right.state() != before


def test_a_page_of_a_workstation_that_was_never_admitted_is_not_taken(two, shelf):
    left, right = two
    left.open_class()
    left.share(shelf)
    right.share(shelf)
    before = right.state()
    write = made(m.TRAINEE.number, b"trainee by hand.", g1="学员")
    bad = entry(1, tip_of(left), write, device=STRANGER, command="edit_trainee")
    put(shelf, left, bad, device=STRANGER, private_key=STRANGER_KEY)
    assert right.share(shelf).problems == {"SHARE_DEVICE_UNKNOWN": 1}
    assert right.rows("SELECT count(*) FROM journal_entry WHERE id = ?", bad.id) == [(0,)]
    assert (right.state(), right.sharing.counts()) == (before, (0, 0))


def test_a_stranger_who_brings_the_record_of_his_own_admission_is_not_admitted(two, shelf):
    left, right = two
    left.open_class()
    left.share(shelf)
    right.share(shelf)
    before = right.state()
    record = made(m.DEVICE.number, STRANGER, g1=["PC9", signatures.public_key(STRANGER_KEY)])
    write = made(m.TRAINEE.number, b"trainee by hand.", g1="学员")
    himself = entry(1, tip_of(left), record, device=STRANGER, command="admit_device")
    bad = entry(2, himself.id, write, device=STRANGER, command="edit_trainee")
    put(shelf, left, himself, bad, device=STRANGER, private_key=STRANGER_KEY)
    right.share(shelf)
    assert STRANGER not in right.sharing.devices()
    assert {row[0] for row in right.rows("SELECT reason FROM refused_entry")} == {
        Refusal.DEVICE_UNKNOWN.value
    }
    assert right.state() == before
    more = entry(3, bad.id, made(m.TRAINEE.number, b"trainee by hand2", g1="x"), command="edit_trainee")
    put(shelf, left, more, device=STRANGER, private_key=STRANGER_KEY)
    assert right.share(shelf).problems == {"SHARE_DEVICE_UNKNOWN": 1}


def test_an_older_client_edits_a_record_and_passes_on_groups_that_it_does_not_know(
    open_desk, shelf, tmp_path
):
    older, newer = open_desk(0), open_desk(1)
    people = older.open_class()
    older.share(shelf)
    newer.share(shelf)
    group = Change(m.TRAINEE.number, people[0], {77: GroupWrite((), None, ["new", 1])})
    put(
        shelf,
        newer,
        entry(1, tip_of(older), group, command="of a newer version"),
        device=DEVICES[1],
        private_key=PRIVATE_KEYS[1],
    )
    older.share(shelf)
    older.write(m.TRAINEE, people[0], "edit_trainee", name="改名")
    older.share(older.by_folder(tmp_path))
    newer.share(newer.by_folder(tmp_path))
    kept = newer.rows("SELECT key, grp FROM head WHERE grp = 77")
    assert kept == [(people[0], 77)]
    assert newer.fields(m.TRAINEE, people[0])["name"] == "改名"
    assert older.state() == newer.state()
