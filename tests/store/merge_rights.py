"""Rights in the merge scenarios: a colleague whose role comes and goes, a computer that is revoked and let in again.

Hand-made entries in their name are in force exactly where the past of the entry, by the oracle, gave the right.
"""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from desktop_app.domain import records as m
from desktop_app.domain.entries import TIP_CONTEXT, Change, GroupWrite, Header, SealedEntry, payload_hash
from desktop_app.domain.stamps import Stamp
from desktop_app.store import signatures
from desktop_app.store.journal import JournalStore, Note, make_leaves, seal
from desktop_app.store.signatures import TipSignature
from tests.store.merge_commands import Office
from tests.store.merge_oracle import Oracle, Slot

COLLEAGUE = b"user of some role"[:16]
LAPTOP, LAPTOP_KEY = b"device of laptop", bytes([99]) * 32
ROLES: Slot = (m.USER.name, COLLEAGUE, "roles")
REVOKED: Slot = (m.DEVICE.name, LAPTOP, "revoked")
RIGHTS: tuple[tuple[str, m.Entity, bytes, dict[str, object]], ...] = (
    ("add_user", m.USER, COLLEAGUE, {"login": "colleague", "roles": ["office"]}),
    ("admit_device", m.DEVICE, LAPTOP, {"identity": ["笔记本", signatures.public_key(LAPTOP_KEY)]}),
)


def change_of_rights(place: int, value: int) -> tuple[str, tuple[m.Entity, bytes, dict[str, object]]]:
    """A command that gives or takes the colleague's role, or shuts the laptop out or lets it in."""
    if place % 2:
        return "change_roles", (m.USER, COLLEAGUE, {"roles": [["office"], ["auditor"]][value % 2]})
    return "revoke_device", (m.DEVICE, LAPTOP, {"revoked": value % 2})


def hand_made(
    office: Office, oracle: Oracle, person: bytes, text: str, *, on_laptop: bool
) -> tuple[SealedEntry, dict[Slot, object], list[TipSignature]]:
    """An entry by the colleague that writes a phone number; return it, what it writes by right, and its signature."""
    slot: Slot = (m.TRAINEE.name, person, "phone")
    heads = oracle.heads(office.view, slot)
    seen = tuple(sorted(Stamp(*head.stamp) for head in heads))
    write = GroupWrite(seen, oracle.value(office.view, slot), text)
    group = m.TRAINEE.by_name["phone"].number
    leaves = make_leaves(Note(), [Change(m.TRAINEE.number, person, {group: write})])
    workstation = office.machine.workstation
    device = LAPTOP if on_laptop else workstation.device
    assert device is not None
    with workstation.read() as sql:
        parents = tuple(JournalStore(sql).frontier())
    digest = payload_hash([leaf.digest for leaf in leaves])
    stamp = workstation.stamps.tick()
    entry = seal(Header(parents, stamp, device, COLLEAGUE, "edit_trainee", digest), leaves)
    oracle.hand_made.add(entry.id.hex())
    permitted = oracle.value(office.view, ROLES) == ["office"]
    permitted &= not (on_laptop and oracle.value(office.view, REVOKED))
    signature = Ed25519PrivateKey.from_private_bytes(LAPTOP_KEY).sign(TIP_CONTEXT + entry.id)
    tips = [TipSignature(entry.id, LAPTOP, signature)] if on_laptop else []
    return entry, {slot: text} if permitted else {}, tips
