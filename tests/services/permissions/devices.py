"""Workstations: only 管理员."""

from __future__ import annotations

from desktop_app.store.sharing_keys import InstitutionKey

EXPECTED = dict.fromkeys(("invite_device", "withdraw_invitation", "admit_device", "revoke_device"), "admin")
NOT_UNDOABLE = set(EXPECTED)
NOTHING_THERE = {"withdraw_invitation": {"INVITATION_UNKNOWN"}, "revoke_device": {"WORKSTATION_UNKNOWN"}}
_KEY = InstitutionKey(b"name....", 2, bytes(32))
ATTEMPTS = {
    "invite_device": lambda s, _: s.devices.invite(bytes(32), 1),
    "admit_device": lambda s, _: s.devices.admit(bytes(16), bytes(64)),
    "withdraw_invitation": lambda s, _: s.devices.withdraw(bytes(16)),
    "revoke_device": lambda s, _: s.devices.revoke(bytes(16), _KEY, b"page"),
}
