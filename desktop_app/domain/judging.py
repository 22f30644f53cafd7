"""Whether an entry of another workstation was permitted, by what its author's workstation knew of accounts then.

An entry is judged by users, roles and devices among its own ancestors, never by clock or order of arrival, so every
replica judges alike. Which role may run which command says ``policy``; what only certain commands may write whatever
they call themselves says ``WRITERS``. A command that this version does not know (a newer one's) may write the rest:
refusing it would part the replicas.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from desktop_app.domain import policy
from desktop_app.domain.entries import Change, Header
from desktop_app.domain.merge import Head, merge_heads
from desktop_app.domain.policy_parameters import Owner
from desktop_app.domain.records import BY_NAME, BY_NUMBER
from desktop_app.domain.stamps import Stamp
from desktop_app.domain.users import SOLO_ROLES, Role


class Refusal(StrEnum):
    """Why an entry, or some of its changes, is not applied."""

    ROOT_FOREIGN = "ROOT_FOREIGN"
    DEVICE_UNKNOWN = "DEVICE_UNKNOWN"
    DEVICE_REVOKED = "DEVICE_REVOKED"
    USER_UNKNOWN = "ENTRY_USER_UNKNOWN"
    USER_DISABLED = "ENTRY_USER_DISABLED"
    ROLE_LACKING = "ROLE_LACKING"
    RECORD_RESERVED = "RECORD_RESERVED"
    PLATFORM_UNPROVED = "PLATFORM_UNPROVED"


INIT, PLATFORM, ANSWER = "init_institution", "platform", "answer_conflict"
ADMIT = "admit_device"
SETTLE = "settle_account"  # an answer to a conflict about accounts

WRITERS: dict[str, frozenset[str]] = {
    "institution": frozenset({"set_affiliation", "set_review", "join_platform", "confirm_platform", SETTLE}),
    "device": frozenset({ADMIT, "revoke_device", SETTLE}),
    "invitation": frozenset({"invite_device", "withdraw_invitation"}),
    "user": frozenset({"add_user", "change_roles", "disable_user", "rename_user", SETTLE}),
    "batch": frozenset({"seal_batch", "dissolve_batch", "confirm_platform"}),
    "batch_page": frozenset({"seal_batch", "confirm_platform"}),
    "platform_change": frozenset({"confirm_platform"}),
    "duplicate_training": frozenset({PLATFORM}),
    "erasure": frozenset({"confirm_deletion", "replay_erasures"}),
    "platform_page": frozenset({PLATFORM}),
    "project_answer": frozenset({PLATFORM}),
    "project_selection": frozenset({PLATFORM}),
    "supervision_event": frozenset({PLATFORM}),
    "claim_decision": frozenset({PLATFORM}),
    "claim_payment": frozenset({PLATFORM}),
}
"""By entity the only commands that may write it, whatever else a command or its author may do."""

ACCOUNTS = frozenset(BY_NAME[name].number for name in ("institution", "device", "invitation", "user"))
"""Entities that decide who may do what."""

ACCOUNT_COMMANDS = frozenset({INIT}).union(*(WRITERS[BY_NUMBER[number].name] for number in ACCOUNTS))
"""Commands whose entries may bear on the judging of others."""

WHOLE = ACCOUNT_COMMANDS | {PLATFORM}
"""Commands whose entries are judged by their leaves together: they wait until all of them are here."""

_RESERVED = {BY_NAME[name].number: commands for name, commands in WRITERS.items()}
_OWNED = {  # group and place of the field that says whose a value is, and what makes it the platform's
    BY_NAME["policy_value"].number: (1, 4, Owner.PLATFORM),
    BY_NAME["pilot"].number: (1, 4, Owner.PLATFORM),
    BY_NAME["flag_disposal"].number: (2, 2, "department"),
}

# An answer to a conflict is an edit of that record: who may not make the edit may not settle it.
EDITED_BY = {
    "institution": SETTLE,
    "device": SETTLE,
    "user": SETTLE,
    "teacher": "edit_teacher",
    "training_class": "edit_class",
    "session": "edit_session",
    "trainee": "edit_trainee",
    "enrolment": "enrol_trainee",
    "mark": "mark_one",
    "score": "enter_scores",
    "assessment": "create_assessment",
    "certificate": "edit_certificate",
}
EDITED_BY_ANY_OTHER = "edit_class"


@dataclass(frozen=True, slots=True)
class Account:
    """What an account was allowed at some point of the journal."""

    roles: frozenset[Role]
    disabled: bool


@dataclass(frozen=True, slots=True)
class Access:
    """Users, workstations, invitations, mode and the platform's keys, newest first, as of some ancestors.

    ``devices`` says by id whether one is revoked; ``invitations`` are public key and end (ms since 1970) by id.
    """

    users: Mapping[bytes, Account] = field(default_factory=dict)
    devices: Mapping[bytes, bool] = field(default_factory=dict)
    invitations: Mapping[bytes, tuple[bytes, int]] = field(default_factory=dict)
    solo: bool = False
    platform_keys: tuple[bytes, ...] = ()

    def roles(self, user: bytes) -> frozenset[Role]:
        """Return the roles of a user in force, none for one that is unknown or disabled."""
        account = self.users.get(user)
        if account is None or account.disabled:
            return frozenset()
        if self.solo and Role.ADMIN in account.roles:
            return account.roles | SOLO_ROLES
        return account.roles

    def judge(self, header: Header) -> Refusal | None:
        """Tell why an entry is refused as a whole, None where its author was permitted the command."""
        revoked = self.devices.get(header.device)
        if revoked is None:
            return Refusal.DEVICE_UNKNOWN
        return Refusal.DEVICE_REVOKED if revoked else self.judge_user(header)

    def judge_user(self, header: Header) -> Refusal | None:
        """Tell why an entry is refused whose workstation is admitted, None where its user was permitted the command."""
        command = header.command
        if not header.user:
            by_schedule = command in policy.DEVICE_COMMANDS and command != INIT
            return None if by_schedule or command not in _KNOWN else Refusal.ROLE_LACKING
        account = self.users.get(header.user)
        if account is None:
            return Refusal.USER_UNKNOWN
        if account.disabled:
            return Refusal.USER_DISABLED
        if command in _KNOWN and not policy.allows(self.roles(header.user), command):
            return Refusal.ROLE_LACKING
        return None

    def lost_in(self, later: Access) -> frozenset[bytes]:
        """Return the users and devices that have fewer rights later."""
        users = {user for user in self.users if not self.roles(user) <= later.roles(user)}
        devices = {
            device for device, revoked in self.devices.items() if not revoked and later.devices.get(device)
        }
        return frozenset(users | devices)


_KNOWN = frozenset(policy.COMMANDS) | policy.DEVICE_COMMANDS


def is_guarded(entity: int, command: str) -> bool:
    """Tell whether changes of an entity by a command must be looked at one by one; nearly none must."""
    return entity in _RESERVED or entity in _OWNED or command in {ANSWER, PLATFORM}


def change_refusal(change: Change, command: str, roles: Collection[Role]) -> Refusal | None:
    """Tell why a change of an entry that was permitted is refused nevertheless, None where it is not."""
    reserved = _RESERVED.get(change.entity)
    if reserved is not None and command not in reserved:
        return Refusal.RECORD_RESERVED
    if command == ANSWER:
        entity = BY_NUMBER.get(change.entity)
        code = EDITED_BY.get("" if entity is None else entity.name, EDITED_BY_ANY_OTHER)
        return None if policy.allows(roles, code) else Refusal.ROLE_LACKING
    owned = _OWNED.get(change.entity)
    if owned is not None and command != PLATFORM:
        number, place, platform = owned
        write = change.groups.get(number)
        if write is not None and isinstance(write.new, list) and write.new[place : place + 1] == [platform]:
            return Refusal.RECORD_RESERVED
    return None


@dataclass(frozen=True, slots=True)
class SelfAdmission:
    """What a workstation that joins says of itself in its first entry: its key, its invitation and the proof."""

    public_key: bytes
    invitation: bytes
    proof: bytes


def self_admissions(device: bytes, changes: Iterable[Change]) -> list[SelfAdmission]:
    """Return what the changes of an entry say of the admission of the device that wrote it."""
    entity = BY_NAME["device"]
    found = []
    for change in changes:
        if change.entity == entity.number and change.key == device:
            values: dict[str, object] = {}
            for number, write in change.groups.items():
                group = entity.by_number.get(number)
                if group is not None:
                    value = write.new if len(group.fields) > 1 else [write.new]
                    values |= dict(zip(group.fields, value if isinstance(value, list) else [], strict=False))
            match values.get("public_key"), values.get("admitted_by"), values.get("proof"):
                case bytes(key), bytes(invitation), bytes(proof):
                    found.append(SelfAdmission(key, invitation, proof))
    return found


@dataclass(frozen=True, slots=True)
class AccountFact:
    """A write of one group of a record that decides who may do what."""

    entity: int
    key: bytes
    group: int
    seen: tuple[Stamp, ...]
    stamp: Stamp
    value: object


def fold_access(facts: Iterable[AccountFact]) -> Access:
    """Return who may do what after some writes, parents first; of heads side by side the highest stamp counts."""
    heads: dict[tuple[int, bytes, int], tuple[Head, ...]] = {}
    pinned: list[object] = []
    for fact in facts:
        if (fact.entity, fact.group) == _PINNED:
            pinned.append(fact.value)
        slot = (fact.entity, fact.key, fact.group)
        heads[slot] = merge_heads(heads.get(slot, ()), fact.seen, Head(fact.stamp, fact.value))
    values: dict[tuple[str, str], dict[bytes, object]] = {}
    for (number, key, grp), found in heads.items():
        entity = BY_NUMBER[number]
        group = entity.by_number.get(grp)
        if group is not None:
            values.setdefault((entity.name, group.name), {})[key] = found[0].value
    disabled, revoked = values.get(("user", "disabled"), {}), values.get(("device", "revoked"), {})
    users = {
        key: Account(_roles(value), bool(disabled.get(key)))
        for key, value in values.get(("user", "roles"), {}).items()
    }
    devices = {key: bool(revoked.get(key)) for key in values.get(("device", "identity"), {})}
    invitations = {
        key: (value[0], value[1])
        for key, value in values.get(("invitation", "terms"), {}).items()
        if isinstance(value, list) and isinstance(value[0], bytes) and isinstance(value[1], int)
    }
    modes = values.get(("institution", "mode"), {}).values()
    solo = any(isinstance(mode, list) and bool(mode[0]) for mode in modes)
    return Access(users, devices, invitations, solo, _platform_keys(pinned))


def _platform_keys(pinned: Iterable[object]) -> tuple[bytes, ...]:
    """Return the keys that were ever pinned: what a former one signed stays proved."""
    keys = [value[0] for value in pinned if isinstance(value, list)]
    return tuple(key for key in reversed(keys) if isinstance(key, bytes))


def _roles(value: object) -> frozenset[Role]:
    """Read roles; one that this version does not know counts for nothing here."""
    listed = value if isinstance(value, list) else []
    return frozenset(Role(code) for code in listed if code in _ROLE_CODES)


_PINNED = (BY_NAME["institution"].number, BY_NAME["institution"].by_name["platform"].number)
_ROLE_CODES = frozenset(role.value for role in Role)
