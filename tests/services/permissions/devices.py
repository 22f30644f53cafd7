"""Workstations: only 管理员."""

from __future__ import annotations

from desktop_app.store.sharing_keys import InstitutionKey

EXPECTED = dict.fromkeys(("invite_device", "admit_device", "revoke_device"), "admin")
NOT_UNDOABLE = set(EXPECTED)
NOTHING_THERE = {"revoke_device": {"WORKSTATION_UNKNOWN"}}
_KEY = InstitutionKey(b"name....", 2, bytes(32))
ATTEMPTS = {
    "invite_device": lambda s, _: s.devices.invite(bytes(32), 1),
    "admit_device": lambda s, _: s.devices.admit(bytes(16), bytes(64)),
    "revoke_device": lambda s, _: s.devices.revoke(bytes(16), _KEY, b"page"),
}
