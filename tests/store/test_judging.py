"""What entries of others may do here: judged by the accounts among their own ancestors, alike on every workstation."""

from __future__ import annotations

import itertools

import pytest

from desktop_app.domain import records as m
from desktop_app.domain.entries import Change, GroupWrite, Header, SealedEntry, payload_hash
from desktop_app.domain.judging import Refusal
from desktop_app.domain.users import Role
from desktop_app.store import signatures
from desktop_app.store.journal import Note, make_leaf, make_leaves, seal
from tests.factories.workstations import CLERK, DEVICES, Machine, become_another, exchange
from tests.store.conftest import CLASS, TRAINEE
from tests.store.forged_entries import made, stamp

TEACHER, LEAVER = b"user who teaches", b"user who leaves."
STRANGER = b"device unknown 1"
NOBODY = b"user not there 1"


def entry(
    number: int,
    parents: list[bytes],
    changes: list[Change],
    *,
    command: str = "edit_class",
    user: bytes = CLERK,
    device: bytes = DEVICES[1],
) -> SealedEntry:
    """A hand-made entry."""
    leaves = make_leaves(Note(), changes)
    digest = payload_hash([leaf.digest for leaf in leaves])
    return seal(Header(tuple(parents), stamp(number), device, user, command, digest), leaves)


def code(text: str) -> Change:
    return made(m.TRAINING_CLASS.number, CLASS, g1=text)


def root(machine: Machine) -> bytes:
    return machine.entries()[0].id


def refused(machine: Machine) -> list[tuple[object, ...]]:
    return machine.rows("SELECT reason, whole FROM refused_entry ORDER BY seq")


def roles_of(machine: Machine, user: bytes, *roles: Role, command: str = "change_roles") -> bytes | None:
    return machine.write(m.USER, user, command, login=user.decode(), roles=list(roles), disabled=0)


def admin_roles(user: bytes, seen=()) -> Change:
    write = GroupWrite(tuple(seen), None, ["admin"])
    return Change(m.USER.number, user, {3: write})


REFUSED = [
    ({"user": NOBODY}, Refusal.USER_UNKNOWN),
    ({"user": TEACHER}, Refusal.ROLE_LACKING),
    ({"user": b""}, Refusal.ROLE_LACKING),
    ({"user": b"", "command": "init_institution"}, Refusal.ROLE_LACKING),
    ({"device": STRANGER}, Refusal.DEVICE_UNKNOWN),
    ({"device": STRANGER, "command": "admit_device"}, Refusal.DEVICE_UNKNOWN),
    ({"device": STRANGER, "command": "of a newer version"}, Refusal.DEVICE_UNKNOWN),
]


@pytest.mark.parametrize(("made_by", "reason"), REFUSED)
def test_what_its_author_was_not_permitted_is_stored_and_not_applied_and_its_descendants_go_on(
    machine, made_by, reason
):
    tip = roles_of(machine, TEACHER, Role.TEACHER, command="add_user")
    bad = entry(1, [tip], [code("A")], **made_by)
    good = entry(2, [bad.id], [made(m.TRAINEE.number, TRAINEE, g1="王小明")])
    applied = machine.workstation.receive([bad, good])
    assert (applied.entries, applied.refused) == (2, 1)
    assert refused(machine) == [(reason.value, 1)]
    assert machine.fields(m.TRAINING_CLASS, CLASS) is None
    assert machine.fields(m.TRAINEE, TRAINEE)["name"] == "王小明"
    assert machine.rows("SELECT state FROM journal_entry ORDER BY seq DESC LIMIT 2") == [(0,), (2,)]


@pytest.mark.parametrize(
    ("entity", "key", "groups", "command"),
    [
        (m.USER, NOBODY, {"g3": ["admin"]}, "edit_trainee"),
        (m.USER, NOBODY, {"g3": ["admin"]}, "undo"),
        (m.USER, NOBODY, {"g3": ["admin"]}, "answer_conflict"),
        (m.USER, NOBODY, {"g3": ["admin"]}, "of a newer version"),
        (m.DEVICE, STRANGER, {"g1": ["PC9", b"k" * 32]}, "add_user"),
        (m.ERASURE, TRAINEE, {"g1": None}, "edit_trainee"),
        (m.CLAIM_PAYMENT, TRAINEE, {"g2": [100, "2020-11-09", "x"]}, "submit_claim"),
        (m.PLATFORM_PAGE, TRAINEE, {"g1": ["institution", 1, b"x"]}, "submit_claim"),
        (m.POLICY_VALUE, TRAINEE, {"g1": ["hours", None, None, "2020-01-01", 2]}, "set_policy_value"),
        (m.FLAG_DISPOSAL, TRAINEE, {"g2": ["cleared", "2020-11-09", "department"]}, "dispose_hint"),
    ],
)
def test_records_that_are_reserved_are_written_by_their_own_commands_alone(
    machine, entity, key, groups, command
):
    """A hand-made page marks a claim as paid, or gives its user a role, under the name of another command."""
    changes = [made(m.TRAINEE.number, TRAINEE, g1="x"), made(entity.number, key, **groups)]
    machine.workstation.receive([entry(1, [root(machine)], changes, command=command)])
    assert refused(machine) == [(Refusal.RECORD_RESERVED.value, 0)]
    assert machine.rows(f"SELECT count(*) FROM {entity.name} WHERE base > 1") == [(0,)]
    if command != "answer_conflict":
        assert machine.fields(m.TRAINEE, TRAINEE)["name"] == "x", "the rest of the entry goes on"


def test_a_role_that_was_given_and_not_refused_counts_from_then_on(machine):
    """Nobody gives himself a role: the entry that says so is refused, and what it would have permitted too."""
    tip = roles_of(machine, TEACHER, Role.TEACHER, command="add_user")
    raised = entry(1, [tip], [admin_roles(TEACHER)], command="change_roles", user=TEACHER)
    used = entry(2, [raised.id], [code("A")], user=TEACHER)
    machine.workstation.receive([raised, used])
    assert refused(machine) == [(Refusal.ROLE_LACKING.value, 1), (Refusal.ROLE_LACKING.value, 1)]
    assert machine.workstation.account_changes == 0
    given = entry(3, [used.id], [made(m.USER.number, NOBODY, g3=["office"])], command="add_user")
    office = entry(4, [given.id], [code("B")], user=NOBODY)
    machine.workstation.receive([given, office])
    assert machine.fields(m.TRAINING_CLASS, CLASS)["code"] == "B"
    assert machine.workstation.account_changes == 1


def test_a_second_beginning_of_the_journal_is_refused(machine):
    changes = [
        made(m.USER.number, NOBODY, g3=["admin"]),
        made(m.DEVICE.number, STRANGER, g1=["X", b"k" * 32]),
    ]
    other = entry(1, [], changes, command="init_institution", user=b"", device=STRANGER)
    machine.workstation.receive([other, entry(2, [other.id], [code("A")], user=NOBODY, device=STRANGER)])
    assert [reason for reason, _ in refused(machine)] == ["ROOT_FOREIGN", "DEVICE_UNKNOWN"]


def test_who_had_not_seen_a_demotion_is_heeded_and_listed_and_who_had_is_refused(machine_of):
    left, right, third = machine_of(0), machine_of(1), machine_of(2)
    left.write(m.USER, LEAVER, "add_user", login="who", roles=["office"], disabled=0)
    exchange([left, right, third])
    with right.workstation.unit_of_work("create_class", LEAVER) as work:
        work.put(m.TRAINING_CLASS, CLASS, {"code": "unseen"})
    left.clock.forward(days=1)
    demotion = left.write(m.USER, LEAVER, "change_roles", roles=["auditor"])
    seen = entry(
        9_999, [demotion], [made(m.TRAINEE.number, TRAINEE, g1="x")], command="create_trainee", user=LEAVER
    )
    unseen = right.entries()[-1].id.hex().upper()
    left.send(third)
    right.send(third)
    exchange([left, right])
    for machine in (left, right, third):
        machine.workstation.receive([seen])
        assert machine.fields(m.TRAINING_CLASS, CLASS)["code"] == "unseen"
        assert machine.fields(m.TRAINEE, TRAINEE) is None
        assert refused(machine) == [("ROLE_LACKING", 1)]
        overruled = "SELECT hex(id) FROM overruled_entry JOIN journal_entry USING (seq)"
        assert machine.rows(overruled) == [(unseen,)]
        assert {one.code for one in machine.verify().findings} <= {"ENTRY_UNSIGNED"}, "of the hand-made one"
    assert left.state() == right.state() == third.state()


def test_every_order_of_delivery_ends_in_the_same_judgement(machine_of):
    base = machine_of(0)
    tip = roles_of(base, TEACHER, Role.OFFICE, command="add_user")
    before = base.entries()
    demoted = entry(
        1,
        [tip],
        [Change(m.USER.number, TEACHER, {3: GroupWrite((), None, ["teacher"])})],
        command="change_roles",
    )
    revoked = entry(
        2, [tip], [Change(m.DEVICE.number, DEVICES[2], {3: GroupWrite((), None, 1)})], command="revoke_device"
    )
    free = entry(
        3,
        [tip],
        [made(m.TRAINEE.number, TRAINEE, g1="free")],
        user=TEACHER,
        command="create_trainee",
        device=DEVICES[2],
    )
    late = entry(4, [demoted.id, free.id], [code("late")], user=TEACHER)
    gone = entry(5, [revoked.id], [code("gone")], device=DEVICES[2])
    both = entry(6, [demoted.id, revoked.id, late.id, gone.id], [code("both")])
    page = [demoted, revoked, free, late, gone, both]
    states = set()
    for number, order in enumerate(itertools.islice(itertools.permutations(page), 0, 720, 97)):
        machine = Machine(base.path.parent, 1 + number % 3, template=None)
        machine.workstation.receive(before)
        for one in order:
            machine.workstation.receive([one])
        assert sorted(refused(machine)) == [("DEVICE_REVOKED", 1), ("ROLE_LACKING", 1)]
        assert machine.fields(m.TRAINING_CLASS, CLASS)["code"] == "both"
        assert machine.fields(m.TRAINEE, TRAINEE)["name"] == "free"
        states.add(machine.state().digest)
        machine.close()
    assert len(states) == 1


def test_a_workstation_that_was_invited_admits_itself_by_its_proof(machine_of):
    left, right = machine_of(0), machine_of(1)
    left.send(right)
    become_another(right.workstation, "新机")
    right.write(m.TRAINING_CLASS, CLASS, "create_class", code="A")
    left.workstation.receive(right.entries())
    assert refused(left) == []
    assert left.fields(m.TRAINING_CLASS, CLASS)["code"] == "A"


@pytest.mark.parametrize("flaw", ["proof", "invitation", "late", "user"])
def test_an_admission_without_a_good_proof_is_refused(machine, flaw):
    secret, key = signatures.new_private_key(), signatures.public_key(signatures.new_private_key())
    invitation = b"invitation 0001."
    end = stamp(1 if flaw == "late" else 9).ms
    asked = machine.write(
        m.INVITATION, invitation, "invite_device",
        public_key=signatures.public_key(secret), expires_ms=end, user_id=CLERK,
    )  # fmt: skip
    proof = signatures.sign_admission(secret, STRANGER, b"k" * 32 if flaw == "proof" else key)
    named = b"invitation 0002." if flaw == "invitation" else invitation
    change = made(m.DEVICE.number, STRANGER, g1=["PC9", key], g2=named, g4=proof)
    user = TEACHER if flaw == "user" else CLERK
    first = entry(2, [asked], [change], command="admit_device", user=user, device=STRANGER)
    machine.workstation.receive([first])
    wanted = Refusal.USER_UNKNOWN if flaw == "user" else Refusal.DEVICE_UNKNOWN
    assert refused(machine) == [(wanted.value, 1)]
    assert machine.rows("SELECT count(*) FROM device WHERE id = ?", STRANGER) == [(0,)]


def test_an_entry_on_accounts_waits_until_all_of_it_is_here(machine):
    changes = [made(m.USER.number, NOBODY, g3=["office"])]
    leaves = [*make_leaves(Note("新同事"), changes), make_leaf(b"\x92\x09\x90")]
    digest = payload_hash([leaf.digest for leaf in leaves])
    header = Header((root(machine),), stamp(1), DEVICES[1], CLERK, "add_user", digest)
    parts = [
        seal(
            header,
            [one if n == part else one.__class__(one.digest, None, None) for n, one in enumerate(leaves)],
        )
        for part in range(3)
    ]
    used = entry(2, [parts[0].id], [code("A")], user=NOBODY)
    for part in (parts[2], parts[0]):
        machine.workstation.receive([part, used])
        assert machine.rows("SELECT DISTINCT reason FROM waiting_entry ORDER BY 1") == [
            ("LEAVES_MISSING",), ("PARENTS_MISSING",)
        ]  # fmt: skip
    machine.workstation.receive([parts[1]])
    assert machine.rows("SELECT count(*) FROM waiting_entry") == [(0,)]
    assert machine.fields(m.TRAINING_CLASS, CLASS)["code"] == "A"
